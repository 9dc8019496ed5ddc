import { deepEqual, equal, match, ok } from "node:assert/strict";
import { existsSync } from "node:fs";
import { Home, Served } from "./program.ts";

const MEMORY = ["--database.directory", ":memory:"];

Deno.test("a script that is not there, and a command behind options, end the program", async () => {
  using home = new Home();
  const missing = await home.run(["--quiet", "none.js"], "print('piped')");
  deepEqual([missing.status, missing.output], [1, ""]);
  match(missing.errors, /FATAL .*cannot run none\.js: there is no such file/);
  const late = await home.run(["--quiet", "sync", "tcp://127.0.0.1:1", "c"]);
  equal(late.status, 1);
  match(late.errors, /FATAL .*commands come before options: denosh sync/);
  const misspelt = await home.run(["serv"], "\n");
  deepEqual([misspelt.status, misspelt.output], [1, ""]);
  match(misspelt.errors, /FATAL 'serv' is neither a command nor a script; did you mean 'serve'\?/);
  match((await home.run([home.path])).errors, /FATAL '.*' is neither a command nor a script\n/);
  const words = await home.run(["--quiet", "none", "sync"], "print(ARGUMENTS)");
  deepEqual([words.status, JSON.parse(words.output)], [0, ["none", "sync"]]);
});

Deno.test("scripts: order, arguments, exit codes, input, and nothing asked where there is no terminal", async () => {
  using home = new Home();
  const bad = home.file("bad.js", "\nthrow new Error('no');\n");
  const good = home.file("good.js", "#!/usr/bin/denosh\nprint('good', ARGUMENTS.join());\n");
  home.file(".arangosh.rc", "greeting = 'hi';");
  const execute = "--javascript.execute";
  const string = "--javascript.execute-string";
  const expected: readonly (readonly [args: string[], input: string, status: number, output: RegExp])[] = [
    [[execute, bad, execute, good, "a", "b"], "", 0, /bad\.js' at 2,1: Error: no[\s\S]*!throw[\s\S]*good a,b\n$/],
    [[execute, good, execute, bad], "", 1, /^good \n.*ERROR/],
    [[good, "--quiet", "x"], "", 0, /^good x\n$/],
    [[string, "print(greeting)", string, "throw 1", string, "print(2)"], "", 1, /^hi\n.*ERROR[\s\S]*\n2\n$/],
    [[string, "7"], "", 1, /^$/],
    [[string, "require('internal').exit(9)"], "", 9, /^$/],
    [["--javascript.check-syntax", bad], "", 0, /^$/],
    [[string, "''", execute, good], "", 0, /more than one type/],
    [[], "1 + 1\nvar x = [\n1]; x.length + 41\n", 0, /^2\n\n42\n\n$/],
    [[], "db._create('a/b')\n", 1, /illegal name/],
    [[], "require('@arangodb/replication').syncCollection('test')\n", 1, /endpoint/],
    [["--javascript.execution-deadline", "1", string, "for (;;);"], "", 1, /aborted|deadline/i],
    [["--version"], "", 0, /^3\.12\.5\n\ndenosh/],
  ];
  const outcomes = [];
  // two at a time: the machine has two processors
  for (let i = 0; i < expected.length; i += 2) {
    outcomes.push(
      ...await Promise.all(expected.slice(i, i + 2).map(([args, input]) => home.run([...MEMORY, ...args], input))),
    );
  }
  for (const [i, [args, , status, output]] of expected.entries()) {
    match(outcomes[i]!.output, output);
    equal(outcomes[i]!.status, status, args.join(" "));
  }
});

Deno.test("scripts begin with a line about a server of a later version", async () => {
  using home = new Home();
  let version: unknown = "4.1.0";
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    ({ url }) => url.includes("/_api/version") ? Response.json({ version }) : new Response("", { status: 404 }),
  );
  const place = ["--server.endpoint", `tcp://127.0.0.1:${server.addr.port}`, "--server.password", ""];
  const script = [...place, "--quiet", "--javascript.execute-string", "print('script')"];
  const mismatch = (found: string) =>
    `Client/server version mismatch detected. arangosh version: 3.12.5, server version: ${found}\n`;
  equal((await home.run(script)).output, `${mismatch("4.1.0")}script\n`);
  equal((await home.run(place, "1 + 1\n")).output, `${mismatch("4.1.0")}2\n\n`);
  for (version of ["3.11.14", 4, null]) equal((await home.run(script)).output, "script\n");
});

Deno.test("commands from a pipe are audited as typed ones are, without their secrets", async () => {
  using home = new Home();
  const audit = `${home.path}/audit`;
  const input = "1 +\n 1\nvar x\nconst password = 'geheim'\nfoo\n";
  const { output } = await home.run([...MEMORY, "--console.audit-file", audit], input);
  ok(output.startsWith(`Logging input and output to '${audit}'.\n2\n`));
  const noted = Deno.readTextFileSync(audit);
  match(noted, /^_system> 1 \+\n 1\n2\n\n_system> var x\n\n.*\n\n_system> foo\nJavaScript exception: ReferenceError/);
  ok(!noted.includes("geheim"));
});

Deno.test("runParallelArangoshTests runs shells beside each other, on a server and in a directory", async () => {
  using home = new Home();
  await using server = await Served.start(home);
  const login = await fetch(`${server.endpoint.replace("tcp:", "http:")}/_open/auth`, {
    method: "POST",
    body: JSON.stringify({ username: "root", password: "secret" }),
  });
  const { jwt } = await login.json();
  const script = `
    const { runParallelArangoshTests } = require("@arangodb/test-helper");
    db._createDatabase(ARGUMENTS[0]);
    db._useDatabase(ARGUMENTS[0]);
    db._create("clients");
    db._create("c");
    const rounds = runParallelArangoshTests([["a", "db.c.insert({ from: 'a' })"], ["b", "db.c.insert({ from: 'b' })"]], 0, "clients");
    print(rounds.a >= 3, rounds.b >= 3, db.c.count() === rounds.a + rounds.b, db.clients.document("b").done);
    try { runParallelArangoshTests([["x", "throw new Error('broken')"]], 0, "clients"); } catch (error) { print(error.message); }
    db.clients.remove("stop");
    try { runParallelArangoshTests([["x", "throw new Error('broken')"]], 0, "clients"); } catch (error) { print(error.message); }`;
  const file = home.file("parallel.js", script);
  for (
    const [database, ...place] of [
      ["byPassword", "--server.endpoint", server.endpoint, "--server.password", "secret"],
      ["byToken", "--server.endpoint", server.endpoint, "--server.jwt-token", jwt],
      ["inDirectory", "--database.directory", `${home.path}/data`],
    ]
  ) {
    const { status, output, errors } = await home.run([
      ...place,
      "--javascript.allow-external-process-control",
      "--javascript.execute",
      file,
      database,
    ]);
    equal(status, 0, output + errors);
    const [counts, taken, broken] = output.split("\n");
    equal(counts, "true true true true", output);
    match(taken!, /has a document 'stop'/);
    match(broken!, /the client 'x' ended with TERMINATED 1: .*broken/);
  }
});

Deno.test("options that exclude each other end the program; no secret is repeated", async () => {
  using home = new Home();
  const outcomes = await Promise.all([
    home.run(["--server.password", "geheim", "--server.jwt-token", "geheim", "--javascript.execute-string", "1"]),
    home.run(["--server.endpoint", "tcp://0.0.0.0:8529", "--server.password", "geheim"]),
  ]);
  for (const { status, output, errors } of outcomes) {
    equal(status, 1);
    match(errors, /FATAL/);
    ok(!`${output}${errors}`.includes("geheim"));
  }
});

Deno.test("a server that cannot start says why, and does not wait", async () => {
  using home = new Home();
  await using other = await Served.start(home);
  const start = (...args: string[]) => home.run(["serve", "--database.directory", ":memory:", ...args]);
  const missing = `${home.path}/missing`;
  const plain = home.file("plain", "no directory");
  const [taken, noKeyFile, noSecret, noDirectory] = await Promise.all([
    start("--server.endpoint", other.endpoint),
    start("--server.endpoint", "ssl://127.0.0.1:0", "--ssl.keyfile", missing),
    start("--server.endpoint", "tcp://127.0.0.1:0", "--server.jwt-secret-keyfile", missing),
    start("--server.endpoint", "tcp://127.0.0.1:0", "--database.directory", plain),
  ]);
  // ArangoDB's status for a port that is taken
  equal(taken.status, 21);
  match(taken.errors, /cannot listen on tcp:.*is another server there\?/);
  match(noKeyFile.errors, /cannot read --ssl\.keyfile '.*missing'/);
  match(noSecret.errors, /cannot read --server\.jwt-secret-keyfile '.*missing'/);
  match(noDirectory.errors, /cannot make the database directory .*plain/);
  for (const { status, output, errors } of [noKeyFile, noSecret, noDirectory]) {
    equal(status, 1);
    equal(output, "");
    // one line, and no stack
    match(errors, /^[^\n]+\n$/);
  }
});

Deno.test("denosh sync and denosh jobs: differences, a full and an incremental sync, failures", async () => {
  using home = new Home();
  await using leader = await Served.start(home);
  await home.run(
    ["--server.endpoint", leader.endpoint, "--server.password", "secret"],
    "db._create('t'); for (let i = 0; i < 50; i++) db.t.insert({ _key: String(i) });",
  );
  const follower = ["--database.directory", `${home.path}/follower`];
  const sync = (...args: string[]) =>
    home.run(["sync", ...follower, "--leader.username", "root", "--leader.password", "@PW@", ...args], "", {
      PW: "secret",
    });
  const before = await sync("--dry-run", "--json", leader.endpoint, "t");
  deepEqual(JSON.parse(before.output), { collection: "t", exists: false, missing: 50, changed: 0, surplus: 0 });
  const none = await home.run(["jobs", ...follower]);
  match(none.output, /^no sync has been run: there is no directory .*follower\n$/);
  equal(existsSync(`${home.path}/follower`), false, "looking at differences or jobs makes a database");
  match(
    (await home.run(["jobs", "--database.directory", ":memory:"])).output,
    /^no sync has been run in this database/,
  );
  equal((await home.run(["jobs", ...follower, "t"])).status, 1);
  const full = await sync(leader.endpoint, "t");
  // a busy machine has time for lines about the progress
  match(full.output, /(?:^|\n)t: done in .* 50 documents transferred\n$/);
  await home.run([...follower], "db.t.remove('1'); db.t.update('2', { x: 1 }); db.t.insert({ _key: 'own' });");
  match((await sync("--dry-run", leader.endpoint, "t")).output, /\nt +yes +1 +1 +1\n$/);
  const incremental = JSON.parse((await sync("--incremental", "--json", leader.endpoint, "t")).output);
  equal(incremental.state, "done");
  match((await sync("--dry-run", leader.endpoint, "t")).output, /\nt +yes +0 +0 +0\n$/);
  const failed = await sync("--leader.password", "wrong", leader.endpoint, "t");
  equal(failed.status, 1);
  match(failed.errors, /^t: failed: .*check username and password/);
  const listed = (await home.run(["jobs", "--json", ...follower])).output.trim().split("\n").map((line) =>
    JSON.parse(line)
  );
  deepEqual(listed.map(({ state }) => state), ["done", "done", "failed"]);
  ok(!JSON.stringify(listed).includes("secret"));
  const partial = await sync("--dry-run", leader.endpoint, "t", "nowhere");
  equal(partial.status, 1);
  match(partial.output, /\nt +yes +0 +0 +0\n$/);
  match(partial.errors, /^nowhere: failed: .* \(error 1203\)\n$/);
  const illegal = await sync(leader.endpoint, "no/name");
  equal(illegal.status, 1);
  match(illegal.errors, /'no\/name' is no name of a collection/);
});

import { deepEqual, doesNotMatch, equal, match, ok, throws } from "node:assert/strict";
import { existsSync } from "node:fs";
import { completionScript, manualPage, SHELLS } from "../src/cli/completion_scripts.ts";
import { helpText, sections } from "../src/cli/help.ts";
import { OPTIONS } from "../src/cli/option_table.ts";
import { OptionError } from "../src/cli/option_error.ts";
import { type Options, parseOptions } from "../src/cli/options.ts";
import { Home, Served } from "./program.ts";

const MEMORY = ["--database.directory", ":memory:"];

function parse(args: readonly string[], environment: Record<string, string> = {}): Options {
  return parseOptions(args, (name) => environment[name]);
}

function failure(...args: string[]): OptionError {
  try {
    parse(args);
  } catch (error) {
    if (error instanceof OptionError) return error;
    throw error;
  }
  throw new Error(`${args.join(" ")} was accepted`);
}

Deno.test("options: values come after a blank or '=', flags take only words that are flags", () => {
  const options = parse([
    "--quiet",
    "x",
    "--server.database=a=b",
    "--console.colors",
    "false",
    "-c",
    "none",
    "--",
    "--z",
  ]);
  deepEqual(options.positional, ["x", "--z"]);
  equal(options.flag("quiet", false), true);
  equal(options.flag("console.colors", true), false);
  equal(options.text("server.database"), "a=b");
  for (const [text, value] of [["yes", true], ["no", false], ["off", false], ["1", true], ["", true]] as const) {
    equal(parse([`--quiet=${text}`]).flag("quiet", !value), value, text);
  }
  // with a blank, `yes` is an argument
  deepEqual(parse(["--quiet", "yes"]).positional, ["yes"]);
});

Deno.test("options: the last value counts, lists collect, former names are known", () => {
  const options = parse(
    "--server.database a --server.database b --javascript.execute x --javascript.execute y --javascript.files-whitelist z"
      .split(" "),
  );
  equal(options.text("server.database"), "b");
  deepEqual(options.list("javascript.execute"), ["x", "y"]);
  deepEqual(options.list("javascript.files-allowlist"), ["z"]);
});

Deno.test("options: numbers may have the suffixes of ArangoDB's manual", () => {
  for (
    const [text, value] of [
      ["5", 5],
      ["2.5", 2.5],
      ["10b", 10],
      ["64MiB", 64 * 2 ** 20],
      ["3GIB", 3 * 2 ** 30],
      ["3tib", 3 * 2 ** 40],
      ["3k", 3000],
      ["4tb", 4e12],
      ["1e3", 1000],
      ["5%", 0.05],
    ] as const
  ) {
    equal(parse(["--server.request-timeout", text]).number("server.request-timeout", 0), value);
  }
});

Deno.test("options: values that an option cannot have are refused with status 4", () => {
  for (
    const [name, value] of [
      ["server.request-timeout", "5 apples"],
      ["javascript.gc-interval", "-1"],
      ["javascript.gc-interval", "1.5"],
      ["javascript.execution-deadline", "4294967296"],
      ["log.time-format", "sundial"],
      ["ssl.protocol", "7"],
      ["quiet", "maybe"],
    ] as const
  ) {
    const { status, message } = failure(`--${name}=${value}`);
    equal(status, 4, message);
    match(message, new RegExp(`error setting value for option '--${name}': .*'${value}'`));
  }
});

Deno.test("options: what is wrong is said, with names that are near and the right status", () => {
  const unknown = failure("--server.endpoit", "x");
  equal(unknown.status, 3);
  match(unknown.message, /unknown option '--server\.endpoit'[\s\S]*Did you mean[\s\S]*--server\.endpoint /);
  match(failure("--dry", "--endpoint").message, /'--dry'[\s\S]*Did you mean this\?\n +--dry-run /);
  match(failure("--endpoint", "x").message, /Did you mean one of these\?\n[\s\S]* --server\.endpoint /);
  doesNotMatch(unknown.message, /--$/);
  match(failure("script.js", "--mine").message, /arguments of the script that begin with a dash come after --$/);
  match(failure("--server.password").message, /no value specified/);
  equal(failure("--configuration", "/nowhere/at/all").status, 6);
});

Deno.test("options: @NAME@ stands for the environment, then for --define; @@ for itself", () => {
  const value = (text: string): string | undefined =>
    parse(["--define", "OWN=mine", "-D", "BOTH=mine", "--server.password", text], { BOTH: "theirs", P: "s" })
      .text("server.password");
  equal(value("@P@"), "s");
  equal(value("@BOTH@-@OWN@-@NONE@-"), "theirs-mine--");
  equal(value("a@@b@@c"), "a@b@c");
  equal(value("a@b"), "a@b");
  equal(value("@PID@"), String(Deno.pid));
});

Deno.test("configuration files: sections, lists, includes, .local, editions; the command line wins", () => {
  using home = new Home();
  home.file("more.conf", "[javascript]\nmodule-directory = /more\n");
  home.file("a.conf.local", "[server]\nusername = local\n");
  const path = home.file(
    "a.conf",
    "# no setting\n; nor this\nquiet = true\n[server:community]\nusername = main\ndatabase = d\nendpoint = tcp://a\n" +
      "console.prompt = @WHO@> \n[server:enterprise]\nunknown-there = 1\n[javascript]\nmodule-directory = /one\n" +
      "module-directory = /two\n@include more\n",
  );
  const options = parse(["-c", path, "--server.database", "mine", "--server.endpoint", "tcp://b"], { WHO: "me" });
  equal(options.text("server.username"), "local");
  equal(options.text("server.database"), "mine");
  deepEqual(options.list("server.endpoint"), ["tcp://b"]);
  deepEqual(options.list("javascript.module-directory"), ["/one", "/two", "/more"]);
  equal(options.text("console.prompt"), "me>");
  equal(options.flag("quiet", false), true);
});

Deno.test("configuration files: blanks around equals signs, files that include each other, no file, the user's own", () => {
  using home = new Home();
  const path = home.file("a.conf", "[log]\nlevel = v8 = trace\n");
  deepEqual(parse(["-c", path]).list("log.level"), ["v8=trace"]);
  const [one] = [home.file("one.conf", "@include two\n"), home.file("two.conf", "@include one.conf\n")];
  equal(failure("-c", one).status, 6);
  const parseHere = (...args: string[]): Options =>
    parseOptions(args, () => undefined, [`${home.path}/none.conf`, path]);
  deepEqual(parseHere().list("log.level"), ["v8=trace"]);
  deepEqual(parseHere("-c", "NONE").list("log.level"), []);
  deepEqual(parseHere("--configuration", home.file("b.conf", "quiet = true")).list("log.level"), []);
});

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

Deno.test("log records have the form, the topics and the outputs that the command line asks for", async () => {
  using home = new Home();
  const script = home.file("log.js", "console.warn('w\\x07é'); console.info('i');\nthrow new Error('no');\n");
  const run = (...args: string[]) => home.run([...args, script]);
  const json = await run("--log.use-json-format", "--log.prefix", ">", "--log.role", "--log.process", "false");
  const [first] = json.output.split("\n").map((line) => line && JSON.parse(line));
  const { time, ...rest } = first;
  match(time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
  deepEqual(rest, {
    prefix: ">",
    tid: 1,
    role: "U",
    level: "WARNING",
    topic: "general",
    id: "8a210",
    message: "w\x07é",
  });
  const plain = await run("--log.time-format", "timestamp", "--log.ids", "false", "--log.level", "warning");
  match(
    plain.output,
    /^\d+ \[\d+-1\] WARNING \{general\} w\\x07é\n\d+ \[\d+-1\] ERROR \{general\} JavaScript exception/,
  );
  const stacks = await run("--log.level", "all=fatal", "--log.level", "v8=debug", "--log.output", "v8=+");
  equal(stacks.output, "");
  match(stacks.errors, /^[^\n]* DEBUG \[\w+\] \{v8\} stacktrace: Error: no\n/);
  const strange = await run("--log.level", "loud");
  match(strange.output, /^[^\n]* ERROR [^\n]* unknown log level 'loud', known are fatal, [^\n]*\n[^\n]* WARNING /);
  const nowhere = await run("--log.file", `${home.path}/none/log`);
  match(nowhere.errors, /^denosh: FATAL cannot write the log file '[^']*\/none\/log': No such file [^\n]*\n$/);
  equal(nowhere.status, 1);
});

Deno.test("outputs of the log have topics and levels of their own; unknown ones end the program", async () => {
  using home = new Home();
  const file = `${home.path}/shell.log`;
  const run = (...outputs: string[]) =>
    home.run([
      ...outputs.flatMap((output) => ["--log.output", output]),
      ...["--log.ids", "false", "--log.time-format", "uptime", "--log.process", "false", "--log.thread", "false"],
      ...["--javascript.execute-string", "console.warn('one'); console.debug('two'); console.error('three')"],
    ]);
  const { output, errors } = await run(
    "-;all=error",
    "+;v8=trace,general=debug",
    "v8=-",
    `file://${file};general=fatal`,
  );
  match(output, /^\d+ ERROR \{general\} three\n$/);
  deepEqual(errors.match(/[A-Z]{5,} .*/g), ["WARNING {general} one", "DEBUG {general} two", "ERROR {general} three"]);
  equal(Deno.readTextFileSync(file), "");
  for (const target of ["ftp://log", "shell.log", "v8=udp://x"]) {
    const { status, errors } = await run(target);
    equal(status, 1);
    match(errors, /^denosh: FATAL unknown log output '[^=']+', known are -, \+, /);
  }
});

Deno.test("records go to syslog with their facility, severity and name, or are told on standard error", async () => {
  using home = new Home();
  Deno.mkdirSync(`${home.path}/bin`);
  const seen = `${home.path}/seen`;
  home.file("bin/logger", `#!/bin/sh\nfor word; do printf '%s|' "$word" >> ${seen}; done; echo >> ${seen}\n`);
  Deno.chmodSync(`${home.path}/bin/logger`, 0o755);
  const run = (target: string, path: string) =>
    home.run(["--log.output", target, "--javascript.execute-string", "console.warn('one\\n\\0two')"], "", {
      PATH: path,
    });
  const path = `${home.path}/bin:${Deno.env.get("PATH")}`;
  deepEqual(await run("syslog://local3/nightly", path), { status: 0, output: "", errors: "" });
  match(
    Deno.readTextFileSync(seen),
    /\|--tag\|nightly\|--priority\|local3\.warning\|--\|\{general\} one\n\\x00two\|\n$/,
  );
  match(
    (await run("syslog://nowhere", path)).errors,
    /^denosh: FATAL unknown facility of syslog 'nowhere', known are /,
  );
  home.file("bin/logger", "#!/bin/sh\necho 'no socket' >&2; exit 1\n");
  match(
    (await run("syslog://user", path)).errors,
    /^cannot write to syslog: no socket\n[^\n]* WARNING [^\n]* one\n\\x00two\n$/,
  );
});

Deno.test("a log record that its file does not take, as on a full disk, is told on standard error", async () => {
  using home = new Home();
  const { output, errors, status } = await home.run(
    ["--log.file", "/dev/full", "--javascript.execute-string", "console.warn('seen'); print('goes on');"],
  );
  equal(output, "goes on\n");
  match(errors, /^cannot write the log file '\/dev\/full': [^\n]+\n[^\n]+ WARNING [^\n]+ seen\n$/);
  equal(status, 0);
});

Deno.test("a server writes its log where the command line says, from the level that it says", async () => {
  using home = new Home();
  const file = `${home.path}/server.log`;
  const form = ["--log.ids", "false", "--log.process", "false", "--log.thread", "false", "--log.role"];
  await using server = await Served.start(home, "--log.file", file, "--log.level", "general=warning", ...form);
  const script = `db._executeTransaction({collections: {}, action: function () {
    console.info("quiet"); console.warn("loud"); }});`;
  const place = ["--server.endpoint", server.endpoint, "--server.password", "secret"];
  equal((await home.run([...place, "--javascript.execute-string", script])).status, 0);
  match(Deno.readTextFileSync(file), /^\S+Z S WARNING \{general\} loud\n$/);
});

Deno.test("every option of arangosh is known, its kind too; secrets are not told to scripts", () => {
  const names = [
    "check-configuration",
    "javascript.v8-max-heap",
    "log.time-format",
    "ssl.protocol",
    "use-splice-syscall",
  ];
  for (const name of names) ok(OPTIONS.has(name), name);
  const shown = parse(["--server.password", "p", "--leader.password", "p", "--server.jwt-token", "p", "--quiet"])
    .public();
  equal(shown.quiet, true);
  for (const name of ["server.password", "leader.password", "server.jwt-token"]) ok(!(name in shown), name);
  // defaults of arangosh-options.json, one of each type
  const { "javascript.v8-max-heap": heap, "log.level": level, "log.ids": ids, "server.database": database } = shown;
  deepEqual([heap, level, ids, database, shown["javascript.harden"]], [3072, ["info"], true, "_system", false]);
});

Deno.test("help, the manual page and completions have every option that does something, and mark denosh's own", () => {
  const [all, used, manual] = [helpText("all"), helpText("used"), manualPage()];
  const scripts = SHELLS.map(completionScript);
  for (const { name, meaning, own } of OPTIONS.values()) {
    ok(all.includes(`--${name}`), name);
    equal(used.includes(`--${name} `), meaning !== undefined, name);
    if (meaning === undefined) continue;
    ok(manual.includes(`--${name}`.replaceAll("-", "\\-")), name);
    for (const script of scripts) ok(script.includes(name), name);
    if (own) match(used, new RegExp(`--${name} <[a-z0-9.]+> .*\\(denosh's own`));
  }
  for (const section of sections()) {
    match(helpText(section), new RegExp(`Section '${section}'`));
    equal(parse([`--help-${section}`]).help, section);
  }
  throws(() => parse(["--help-nothing"]), OptionError);
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

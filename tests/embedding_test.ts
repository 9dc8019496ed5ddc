import { deepStrictEqual as deepEqual, match, ok, rejects, strictEqual as equal, throws } from "node:assert/strict";
import { join } from "node:path";
import { ArangoError, isArangoError, openShell, type OpenShellOptions, startServer } from "denosh";
import { TemporaryDirectory } from "../src/base/testing.ts";

Deno.test("a shell on memory runs texts, and what they define stays", () => {
  using shell = openShell({ directory: ":memory:" });
  equal(shell.run("var n = 20; n + 1"), 21);
  equal(shell.run("n"), 20);
  equal(shell.global.n, 20);
  shell.db._create("places").insert([{ _key: "a", n: 1 }, { _key: "b", n: 2 }]);
  equal(shell.db.places.count(), 2);
  deepEqual(Array.from(shell.db._query("FOR p IN places SORT p.n DESC RETURN p._key").toArray()), ["b", "a"]);
});

Deno.test("a shell on a directory finds what the shell before it has left", () => {
  using temporary = new TemporaryDirectory();
  const directory = temporary.path;
  {
    using shell = openShell({ directory });
    shell.db._create("kept").insert({ _key: "1" });
  }
  using shell = openShell({ directory, readOnly: true });
  equal(shell.db.kept.count(), 1);
  throws(() => shell.db.kept.insert({}), (error) => isArangoError(error) && error.errorNum === 1004);
});

Deno.test("script files run with their arguments, their own modules and their own directory", () => {
  using temporary = new TemporaryDirectory();
  const directory = temporary.path;
  const script = join(directory, "script.js");
  Deno.writeTextFileSync(join(directory, "own.js"), "exports.double = (n) => 2 * n;");
  Deno.writeTextFileSync(
    script,
    `#!/usr/bin/env denosh\nprint(require("own").double(+ARGUMENTS[0])); print(__dirname);`,
  );
  let printed = "";
  using shell = openShell({
    directory: ":memory:",
    arguments: ["21"],
    moduleDirectories: [directory],
    output: (text) => void (printed += text),
  });
  shell.runFile(script);
  deepEqual(printed.split("\n"), ["42", directory, ""]);
  throws(() => shell.runFile(join(directory, "missing.js")), /missing\.js/);
  Deno.writeTextFileSync(script, "throw new TypeError('of the script')");
  throws(() => shell.runFile(script), (error) => (error as Error).message === "of the script");
});

Deno.test("errors of ArangoDB are told by their numbers", () => {
  using shell = openShell({ directory: ":memory:" });
  throws(
    () => shell.db._document("missing/1"),
    (error) => isArangoError(error) && error.errorNum === 1203 && error.code === 404,
  );
  equal(isArangoError(new TypeError("x")), false);
  equal(isArangoError(null), false);
});

Deno.test("arango.reconnect leads to other users and servers", async () => {
  await using server = await startServer();
  using shell = openShell({ directory: ":memory:" });
  shell.run(`require("@arangodb/users").save("guest", "secret"); var log = [];
    arango.reconnect("embedded", "_system", "guest", "secret", false); log.push(arango.connectedUser());
    arango.reconnect(${JSON.stringify(server.url)}, "_system", "root", "", false); log.push(db._create("there").name());
    arango.reconnect("embedded", "_system", "root", "", false); log.push(db._collection("there"))`);
  deepEqual(JSON.parse(shell.run("JSON.stringify(log)") as string), ["guest", "there", null]);
});

Deno.test("a server in a thread answers shells that block this one, and asks for the password", async () => {
  await using server = await startServer({ rootPassword: "geheim" });
  using shell = openShell({ endpoint: server.url, password: "geheim" });
  equal(shell.db._name(), "_system");
  equal(shell.db._create("c").count(), 0);
  using stranger = openShell({ endpoint: server.url, password: "falsch" });
  throws(() => stranger.db._databases(), (error) => isArangoError(error) && error.code === 401);
});

Deno.test("documents with keys that are steps of a path are reached over every way to a server", async () => {
  const fixture = (name: string): string => new URL(`./fixtures/${name}`, import.meta.url).pathname;
  using temporary = new TemporaryDirectory();
  const endpoint = `unix://${temporary.path}/socket`;
  await using plain = await startServer({ rootPassword: "geheim" });
  await using _local = await startServer({ endpoint });
  await using secured = await startServer({
    endpoint: "ssl://127.0.0.1:0",
    certificateAndKey: Deno.readTextFileSync(fixture("leader.pem")),
  });
  const detour = (url: string): string[] => [`leader.domain.org:8529:127.0.0.1:${new URL(url).port}`];
  const ways: OpenShellOptions[] = [
    { endpoint: plain.url, password: "geheim" },
    { endpoint: "tcp://leader.domain.org:8529", connectTo: detour(plain.url), password: "geheim" },
    { endpoint },
    { endpoint: secured.url.replace("https:", "ssl:"), caFile: fixture("ca.pem") },
    { endpoint: "ssl://leader.domain.org:8529", connectTo: detour(secured.url), caFile: fixture("ca.pem") },
    { directory: ":memory:" },
  ];
  for (const way of ways) {
    using shell = openShell(way);
    const seen = shell.run(`
      const c = db._create("steps");
      c.insert([{ _key: ".", n: 1 }, { _key: "..", n: 2 }, { _key: "...", n: 3 }]);
      c.update("..", { s: "ü" });
      const seen = [c.document("."), c.document(".."), c.exists("..."), c.remove(".."), c.exists(".."), c.count()];
      db._drop("steps");
      JSON.stringify(seen.map((one) => one._key ? [one._key, one.n, one.s] : one));
    `);
    equal(seen, '[[".",1,null],["..",2,"ü"],["...",null,null],["..",null,null],false,2]');
  }
});

Deno.test("a collection is copied from a server to memory", async () => {
  await using leader = await startServer();
  using there = openShell({ endpoint: leader.url });
  there.db._create("test").insert([{ n: 1 }, { n: 2 }]);
  using here = openShell({ directory: ":memory:" });
  here.run(`require("@arangodb/replication").syncCollection("test", { endpoint: "${leader.url}" })`);
  equal(
    here.run(`JSON.stringify(db.test.toArray().sort((a, b) => a.n - b.n))`),
    there.run(`JSON.stringify(db.test.toArray().sort((a, b) => a.n - b.n))`),
  );
});

Deno.test("a remote server follows: the shell shows the progress of its job, and every shell can ask for the result", async () => {
  await using leader = await startServer({ rootPassword: "geheim" });
  using there = openShell({ endpoint: leader.url, password: "geheim" });
  there.db._create("test").insert([{ n: 1 }, { n: 2 }]);
  const port = new URL(leader.url).port;
  await using follower = await startServer({ connectTo: [`leader.domain.org:8529:127.0.0.1:${port}`] });
  let output = "";
  using here = openShell({ endpoint: follower.url, showProgress: true, output: (text) => void (output += text) });
  const config = `endpoint: "tcp://leader.domain.org:8529", username: "root", verbose: true`;
  const sync = (more: string): unknown =>
    here.run(`require("@arangodb/replication").syncCollection("test", { ${config}, ${more} })`);
  sync(`password: "geheim"`);
  match(output, /^[-\d]+T[\d:.]+Z: .+\n/);
  match(
    output,
    /test: 2 documents, .* in [\d.]+ s \(waiting for the leader .* s, decoding .* writing .* indexing .* s\)\n$/,
  );
  equal(here.db._collection("test")!.count(), 2);
  throws(() => sync(`password: "falsch"`), (error) => isArangoError(error) && error.errorNum === 1402);
  const id = sync(`password: "geheim", incremental: true, async: true`);
  equal(typeof id, "string");
  using other = openShell({ endpoint: follower.url });
  const ask = `JSON.stringify(require("@arangodb/replication").getSyncResult("${id}"))`;
  for (let asked = 0; asked < 1000 && other.run(ask) === "false"; asked++) other.run(`require("internal").sleep(0.02)`);
  for (let asked = 0; asked < 2; asked++) equal(JSON.parse(other.run(ask) as string).collections[0].name, "test");
});

Deno.test("a stopped server has closed its directory and its port; stopping again does nothing", async () => {
  using temporary = new TemporaryDirectory();
  const directory = temporary.path;
  const server = await startServer({ directory });
  await server.stop();
  await server.stop();
  await rejects(fetch(`${server.url}/_api/version`));
  await using again = await startServer({ directory });
  const response = await fetch(`${again.url}/_api/version`);
  equal(response.status, 200);
  await response.body?.cancel();
});

Deno.test("a server that answers has said so in its log, in the words that scripts wait for", async () => {
  await using server = await startServer();
  const log = await (await fetch(`${server.url}/_admin/log/entries`)).json();
  ok(log.messages.some(({ message }: { message: string }) => message.includes("is ready for business")));
});

Deno.test("options that cannot be are errors that say why", async () => {
  throws(
    () => openShell({ directory: ":memory:", endpoint: "tcp://127.0.0.1:1" }),
    (error) => error instanceof ArangoError && error.errorNum === 10 && /leave out one/.test(error.message),
  );
  throws(() => openShell({ endpoint: "nonsense" }), (error) => error instanceof ArangoError && error.errorNum === 10);
  await using server = await startServer();
  const { port } = new URL(server.url);
  await rejects(
    startServer({ endpoint: `tcp://127.0.0.1:${port}` }),
    (error) => error instanceof ArangoError && /another server/.test(error.message),
  );
  ok(port !== "0");
});

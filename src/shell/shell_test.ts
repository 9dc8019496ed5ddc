import assert from "node:assert/strict";
import { ExitRequest } from "./exit_request.ts";
import { FakeConnection, fakeShell } from "./fake_connection.ts";
import { TemporaryDirectory } from "../base/testing.ts";

Deno.test("the prompt prints values, keeps them in _last, and ends each command with an empty line", () => {
  const { shell, printed } = fakeShell();
  for (
    const [command, text] of [
      ["1 + 1", "2\n\n"],
      ["var x = 1", "\n"],
      ['"a\\nb"', "a\nb\n\n"],
      ["({})", "{ \n}\n\n"],
      ["_last", "{ \n}\n\n"],
      ["", ""],
    ] as const
  ) {
    shell.evaluate(command);
    assert.equal(printed(), text);
  }
});

Deno.test("the prompt shows an exception with its place, marker and stack", () => {
  const { shell, printed } = fakeShell();
  assert.deepEqual(shell.evaluate("foo"), { ok: false, value: undefined });
  assert.equal(
    printed(),
    [
      "JavaScript exception: ReferenceError: foo is not defined",
      "!foo",
      "!^",
      "stacktrace: ReferenceError: foo is not defined",
      "    at <shell command>:1:1",
      "",
      "",
      "",
    ].join("\n"),
  );
  shell.evaluate("var a;\n  foo bar");
  assert.match(printed(), /^JavaScript exception: SyntaxError: .*\n! {2}foo bar\n! {6}\^+\n/);
  shell.evaluate("var fs = require('fs');\nfs.read('/does/not/exist')");
  assert.match(
    printed(),
    /^JavaScript exception in file 'fs.js' at \d+,\d+: ArangoError 14: file not found: '.*'\nstack/,
  );
  shell.evaluate("1;\n  arango.POST('/x')");
  assert.match(printed(), /^JavaScript exception: ArangoError 10: usage: .*\n! {2}arango.POST\('\/x'\)\n! {9}\^\n/);
  shell.evaluate("throw 'No more results'");
  assert.equal(printed(), "JavaScript exception: No more results\n\n\n");
  shell.evaluate("_last");
  assert.equal(printed(), "\n");
});

Deno.test("a thrown object that is no error has a place and no stack", () => {
  const { shell, printed } = fakeShell();
  shell.evaluate("throw { a: 1 }");
  assert.equal(printed(), "JavaScript exception: [object Object]\n!throw { a: 1 }\n!^\n\n\n");
});

Deno.test("places in modules and loaded files are those of their texts", () => {
  using temporary = new TemporaryDirectory();
  const directory = temporary.path;
  const { shell, printed } = fakeShell();
  Deno.writeTextFileSync(`${directory}/module.js`, "exports.f = () => nothing();\nexports.g = () => nothing();");
  Deno.writeTextFileSync(`${directory}/loaded.js`, "nothing;");
  Deno.writeTextFileSync(`${directory}/wrong.js`, "var a; a b;");
  const head = (command: string) => {
    shell.evaluate(command);
    return printed().split("\n").slice(0, 3).map((line) => line.replace(/(?<=')\/.*\//, ""));
  };
  const error = "ReferenceError: nothing is not defined";
  assert.deepEqual(head(`require("${directory}/module").f()`), [
    `JavaScript exception in file 'module.js' at 1,19: ${error}`,
    "!exports.f = () => nothing();",
    "!                  ^",
  ]);
  assert.equal(
    head(`require("${directory}/module").g()`)[0],
    `JavaScript exception in file 'module.js' at 2,19: ${error}`,
  );
  assert.deepEqual(head(`require("internal").load("${directory}/loaded.js")`), [
    `JavaScript exception in file 'loaded.js' at 1,1: ${error}`,
    "!nothing;",
    "!^",
  ]);
  shell.run(`try { require("${directory}/wrong") } catch (e) { print(e.cause.stack) }`);
  assert.match(printed(), /^\S+\/wrong\.js:1\nvar a; a b;\n {9}\^\n\nSyntaxError: /);
});

Deno.test("a script file runs with __filename set, and its exception is logged record by record", () => {
  using temporary = new TemporaryDirectory();
  const directory = temporary.path;
  const { shell, printed, logged } = fakeShell();
  const path = `${directory}/script.js`;
  Deno.writeTextFileSync(path, "#!/usr/bin/arangosh --javascript.execute \nprint(__dirname); 42;\n  boom()");
  assert.equal(shell.executeFile(path), false);
  assert.equal(printed(), `${directory}\n`);
  assert.deepEqual(logged.slice(0, 3), [
    `ERROR JavaScript exception in file '${path}' at 3,3: ReferenceError: boom is not defined`,
    "ERROR !  boom()",
    "ERROR !  ^",
  ]);
  assert.equal(shell.global.__filename, undefined);
  assert.equal(shell.executeFile(`${directory}/nothing.js`), false);
  assert.equal(logged.at(-1), `ERROR error: JavaScript file not found: '${directory}/nothing.js'`);
  Deno.writeTextFileSync(path, "1 + 1");
  assert.equal(shell.executeFile(path), true);
  assert.equal(printed(), "");
  Deno.writeTextFileSync(path, "print('not run'); 1 +");
  assert.equal(shell.checkSyntax(path), false);
  assert.equal(printed(), "");
});

Deno.test("a text from the command line fails by an exception or by a number", () => {
  const { shell, logged } = fakeShell();
  assert.equal(shell.executeString("print(1)"), true);
  assert.equal(shell.executeString("0.5"), true);
  assert.equal(shell.executeString("3"), false);
  assert.equal(shell.executeString("nothing.here"), false);
  assert.equal(logged.length, 1);
  assert.match(logged[0]!, /^ERROR JavaScript exception: ReferenceError: nothing is not defined\n!nothing\.here\n/);
});

Deno.test("exit leaves, also as a bare name, and scripts cannot catch it for good", () => {
  const { shell, printed, connection } = fakeShell();
  const code = (command: string) => {
    try {
      shell.evaluate(command);
    } catch (error) {
      return error instanceof ExitRequest ? error.code : error;
    }
    return "stayed";
  };
  assert.equal(code("exit"), 0);
  assert.equal(code("2"), "stayed");
  assert.equal(code("quit()"), 0);
  assert.equal(code("process.exit(3)"), 3);
  assert.equal(code("require('internal').exit(4)"), 4);
  printed();
  assert.equal(code("try { exit(5); } catch (e) { print('on'); }"), 5);
  assert.equal(code("try { exit(6); } catch (e) { try { arango.GET('/x'); } catch (e) {} throw new Error('on'); }"), 6);
  assert.deepEqual([printed(), connection.lines], ["", []]);
  assert.equal(code("1"), "stayed");
});

Deno.test("completion proposes globals, methods and collections", () => {
  const { shell } = fakeShell(({ url }) =>
    url.endsWith("/_api/collection")
      ? { body: { error: false, code: 200, result: [{ id: "1", name: "things", status: 3, type: 2 }] } }
      : undefined
  );
  assert.deepEqual(shell.complete("db.thi"), ["db.things"]);
  assert.ok(shell.complete("db.things.ins").includes("db.things.insert()"));
  assert.ok(shell.complete("db._col").includes("db._collections()"));
  assert.ok(shell.complete("arang").includes("arango"));
  assert.deepEqual(shell.complete("nothing.x"), []);
});

Deno.test("the execution deadline stops loops and waits", () => {
  const { shell, printed } = fakeShell(undefined, { executionDeadline: 0.05 });
  shell.evaluate("while (true) {}");
  assert.equal(printed(), "command locally aborted\n\n");
  assert.throws(() => shell.run("require('internal').sleep(100)"), { errorNum: 36 });
  assert.equal(shell.run("1"), 1);
});

Deno.test("the start-up file has a scope of its own", () => {
  using temporary = new TemporaryDirectory();
  const directory = temporary.path;
  const { shell, logged } = fakeShell();
  Deno.writeTextFileSync(`${directory}/rc`, "var local = 1; shared = 2; // no line end");
  shell.runStartupFile(`${directory}/rc`);
  shell.runStartupFile(`${directory}/none`);
  assert.equal(shell.run("typeof local + shared"), "undefined2");
  Deno.writeTextFileSync(`${directory}/rc`, "nothing()");
  shell.runStartupFile(`${directory}/rc`);
  assert.match(logged[0]!, /^DEBUG .*nothing is not defined/);
});

Deno.test("disposing the shell closes its connection", () => {
  const { shell, connection } = fakeShell();
  shell[Symbol.dispose]();
  assert.equal(connection.isClosed, true);
});

Deno.test("unit tests: jsunity and mocha files run, and testresult.json tells their outcome", () => {
  using temporary = new TemporaryDirectory();
  const directory = temporary.path;
  const suite = (body: string) =>
    `const jsunity = require("jsunity"); function s() { return { testA: function () { ${body} } } }\n` +
    `jsunity.run(s); return jsunity.done();`;
  const files = { "good.js": suite("assertEqual(1, 1)"), "bad.js": suite("fail('x')"), "broken.js": "boom();" };
  for (const [name, text] of Object.entries(files)) Deno.writeTextFileSync(`${directory}/${name}`, text);
  Deno.writeTextFileSync(
    `${directory}/some-spec.js`,
    `describe("things", function () {
      var log = []; beforeEach(function () { log.push("b"); });
      it("works", function () { if (log.join() !== "b") { throw new Error("hooks: " + log); } });
      it.skip("later", function () { throw 1; });
      context("inside", function () { it("fails", function () { throw new Error("no"); }); });
    });`,
  );
  const options = { startupOptions: { "temp.path": directory } };
  const run = (...names: string[]) => {
    const { shell, printed } = fakeShell(undefined, options);
    const passed = shell.runUnitTests(names.map((name) => `${directory}/${name}`));
    return { passed, text: printed(), result: JSON.parse(Deno.readTextFileSync(`${directory}/testresult.json`)) };
  };
  const good = run("good.js");
  assert.equal(good.passed, true);
  assert.equal(good.result[`${directory}/good.js`].testA.status, true);
  const bad = run("bad.js", "good.js");
  assert.deepEqual([bad.passed, bad.result.total, bad.result.failed], [false, 1, 1]);
  assert.match(bad.text, /arangosh: Skipping JSUnity test from file '.*good\.js' due to previous errors/);
  const broken = run("broken.js");
  assert.equal(broken.passed, false);
  assert.match(broken.text, /arangosh: cannot run test file '.*broken\.js': ReferenceError: boom is not defined/);
  const mocha = run("some-spec.js");
  assert.equal(mocha.passed, false);
  assert.match(
    mocha.text,
    /things\n {4}\[PASS\] works\n {4}\[SKIP\] later\n {4}inside\n {8}\[FAIL\] fails\n {12}Error: no\n/,
  );
  assert.match(mocha.text, /\[FAIL\] Completed 2 tests in \d+ms \(1\|1\|1\)/);
  assert.equal(run("missing.js").passed, false);
});

Deno.test("an interruption stops waits, requests and output, and the next command runs", () => {
  let isWanted = false;
  const interrupt = () => {
    const was = isWanted;
    isWanted = false;
    return was;
  };
  const { shell, printed } = fakeShell(() => ({ body: {} }), { isInterrupted: interrupt });
  for (const command of ["require('internal').sleep(1000)", "for (;;) arango.GET('/x')", "for (;;) print(1)"]) {
    isWanted = true;
    assert.equal(shell.evaluate(command).ok, false);
    assert.equal(printed(), "command locally aborted\n\n");
  }
  assert.equal(shell.evaluate("1").ok, true);
});

Deno.test("reconnecting replaces the connection when the new server answers, and keeps the old one otherwise", () => {
  const servers: FakeConnection[] = [];
  const { shell, connection, logged } = fakeShell(undefined, {
    connect: ({ endpoint, username, password }) => {
      const accepts = password === "right";
      const answer = () => accepts ? { body: { version: "3.12.5", details: { role: "SINGLE" } } } : { status: 401 };
      servers.push(new FakeConnection(answer, `${endpoint}#${username}`));
      return servers.at(-1)!;
    },
  });
  assert.equal(
    shell.run("try { arango.reconnect('tcp://h:1', 'd', 'u', 'wrong') } catch (e) { String(e) }"),
    "ArangoError 10: Unauthorized",
  );
  assert.deepEqual([servers[0]?.isClosed, connection.isClosed, shell.connection === connection], [true, false, true]);
  assert.equal(shell.run("arango.getDatabaseName()"), "_system");
  assert.match(logged[0]!, /^ERROR Could not connect to endpoint 'tcp:\/\/h:1', database: 'd', username: 'u'/);
  assert.equal(shell.run("arango.reconnect('tcp://h:2', 'd', 'u', 'right')"), true);
  assert.equal(connection.isClosed, false);
  assert.equal(shell.run("arango.getEndpoint() + ' ' + arango.getDatabaseName()"), "tcp://h:2#u d");
  assert.match(logged[1]!, /^INFO Connected to ArangoDB 'tcp:\/\/h:2#u, version: 3\.12\.5 \[SINGLE, /);
  assert.equal(shell.run("arango.reconnect('tcp://h:2', 'e', 'u', 'right', false)"), true);
  assert.equal(servers.length, 2, "the connection is used again");
  shell[Symbol.dispose]();
  assert.deepEqual([connection.isClosed, servers[1]!.isClosed], [true, true]);
});

Deno.test("files named .ts are TypeScript, as scripts and as modules, and their errors name their lines", () => {
  using temporary = new TemporaryDirectory();
  const directory = temporary.path;
  Deno.writeTextFileSync(`${directory}/twice.ts`, "module.exports = (n: number): number => n * 2;\n");
  Deno.writeTextFileSync(
    `${directory}/main.ts`,
    `interface User { name: string }
    enum Level { Low, High }
    const twice = require("${directory}/twice") as (n: number) => number;
    const user: User = { name: "x" };
    print(twice(21), user.name, Level.High);`,
  );
  Deno.writeTextFileSync(`${directory}/wrong.ts`, "let x: number = 1;\nlet y: = 2;\n");
  Deno.writeTextFileSync(`${directory}/throws.ts`, "let z: number = 1;\nthrow new Error(`z is ${z as number}`);\n");
  const { shell, printed, logged } = fakeShell();
  assert.deepEqual(
    ["main", "wrong", "throws"].map((name) => shell.executeFile(`${directory}/${name}.ts`)),
    [true, false, false],
  );
  assert.equal(printed(), "42 x 1\n");
  assert.match(logged[0]!, /SyntaxError: Unexpected token .* \(line 2, column \d+\)$/);
  assert.match(logged.join("\n"), /throws\.ts' at 2,1: Error: z is 1/);
});

import assert from "node:assert/strict";
import { fakeShell } from "./fake_connection.ts";
import { TemporaryDirectory } from "../base/testing.ts";

Deno.test("declarations stay from script to script", () => {
  const { shell } = fakeShell();
  shell.run("let a = 1; const b = 2; class C {} var d = 3; function e() { return a + b + d; }");
  assert.equal(shell.run("a = 5; e() + (typeof C === 'function' ? 100 : 0)"), 110);
  assert.throws(() => shell.run("let a = 2"), /already been declared/);
});

Deno.test("what scripts get is of their own realm", () => {
  const { shell } = fakeShell(({ url }) =>
    url.endsWith("/fail")
      ? { status: 404, body: { error: true, code: 404, errorNum: 1202, errorMessage: "document not found" } }
      : { body: { list: [1], error: false, code: 200 } }
  );
  assert.equal(shell.run("ARGUMENTS instanceof Array"), true);
  assert.equal(shell.run("arango.GET('/x') instanceof Object && arango.GET('/x').list instanceof Array"), true);
  const fails = (code: string, type: string) =>
    assert.equal(
      shell.run(`try { ${code}; "no error" } catch (e) { e instanceof ${type} && e instanceof Error }`),
      true,
    );
  fails("null.x", "TypeError");
  fails("require('fs').join(1)", "TypeError");
  fails("require('fs').read('/does/not/exist')", "require('@arangodb').ArangoError");
  fails("db._document('c/fail')", "require('@arangodb').ArangoError");
  fails("require('./does-not-exist')", "require('@arangodb').ArangoError");
  fails("require('internal').parse('1 +')", "SyntaxError");
  assert.equal(shell.run("require('fs').readBuffer('deno.json') instanceof Buffer"), true);
  assert.equal(shell.run("require('fs').list('.') instanceof Array"), true);
});

Deno.test("printing a number evaluates neither the database nor the connection", () => {
  const { shell, connection, printed } = fakeShell();
  shell.run("print(1)");
  assert.equal(printed(), "1\n");
  const isLazy = (name: string) => Object.getOwnPropertyDescriptor(shell.global, name)?.get !== undefined;
  assert.deepEqual(["db", "arango", "console", "process", "Buffer", "help"].filter((name) => !isLazy(name)), []);
  assert.deepEqual(connection.lines, []);
});

Deno.test("globals can be replaced, and the echo uses the replaced print", () => {
  const { shell, printed } = fakeShell();
  shell.run("var db = 5; var shown = []; print = function (v) { shown.push(v); }");
  shell.evaluate("db + 1");
  assert.equal(printed(), "\n");
  assert.equal(shell.run("shown.join()"), "6");
});

Deno.test("jobs of promises run when the script ends", () => {
  const { shell } = fakeShell();
  shell.run("var done = 0; Promise.resolve().then(() => done = 1)");
  assert.equal(shell.run("done"), 1);
});

Deno.test("require finds files, directories, JSON, node_modules, and roots; each module once", () => {
  using temporary = new TemporaryDirectory();
  const directory = temporary.path;
  const write = (path: string, text: string) => {
    const full = `${directory}/${path}`;
    Deno.mkdirSync(full.slice(0, full.lastIndexOf("/")), { recursive: true });
    Deno.writeTextFileSync(full, text);
  };
  write(
    "main.js",
    "#!/usr/bin/env denosh\nexports.seen = [__filename, __dirname]; exports.half = require('./half');",
  );
  write("half.js", "counter = (globalThis.counter || 0) + 1; module.exports = 'half';");
  write("data.json", '{"x": [1]}');
  write("folder/index.js", "exports.name = 'index';");
  write("package/package.json", '{"main": "lib/start.js"}');
  write("package/lib/start.js", "exports.up = require('../../data');");
  write("node_modules/dep/index.js", "exports.dep = true;");
  write("roots/rooted.js", "exports.rooted = true;");
  write("broken.js", "\n  throw new Error('inside');");
  write("broken.json", "{");
  const { shell } = fakeShell(undefined, { moduleDirectories: [`${directory}/roots`] });
  const need = (name: string) => shell.run(`require(${JSON.stringify(name)})`) as Record<string, unknown>;
  assert.deepEqual([...need(`${directory}/main`).seen as string[]], [`${directory}/main.js`, directory]);
  need(`${directory}/half.js`);
  assert.equal(shell.global.counter, 1);
  assert.equal(shell.run(`require("${directory}/data").x instanceof Array`), true);
  assert.equal(need(`${directory}/folder`).name, "index");
  assert.equal(shell.run(`require("${directory}/package").up.x[0]`), 1);
  assert.equal(need("rooted").rooted, true);
  write("main2.js", "exports.dep = require('dep');");
  assert.equal(shell.run(`require("${directory}/main2").dep.dep`), true);
  assert.equal(shell.run(`require("${directory}/main").half === require("${directory}/main").half`), true);
  const error = (code: string) =>
    shell.run(
      `try { ${code} } catch (e) { [e.errorNum, e.message.split("\\n").slice(0, 2).join("|"), String(e.cause)].join() }`,
    );
  assert.equal(error("require('nowhere')"), "3100,cannot locate module|File: nowhere,undefined");
  assert.equal(
    error(`require("${directory}/broken")`),
    `3103,failed to invoke module|File: ${directory}/broken.js,Error: inside`,
  );
  assert.match(String(error(`require("${directory}/broken.json")`)), /^3103,.*SyntaxError/);
});

Deno.test("the current directory is a root of require unless that is switched off", () => {
  const name = `${crypto.randomUUID()}.json`;
  Deno.writeTextFileSync(name, "42");
  try {
    assert.equal(fakeShell().shell.run(`require("${name}")`), 42);
    const { shell } = fakeShell(undefined, { hasCurrentModules: false });
    assert.throws(() => shell.run(`require("${name}")`), /cannot locate module/);
    assert.equal(shell.run(`require("./${name}")`), 42);
  } finally {
    Deno.removeSync(name);
  }
});

Deno.test("require reaches the library under its old name, and Node's modules under node:", () => {
  const { shell } = fakeShell();
  assert.equal(shell.run("require('org/arangodb') === require('@arangodb')"), true);
  assert.equal(shell.run("require('@arangodb/simple-query') === require('@arangodb/arango-cursor')"), true);
  assert.equal(shell.run("typeof require('node:path').join"), "function");
  assert.throws(() => shell.run("require()"), /missing path/);
});

Deno.test("no stack shows the shell's own frames", () => {
  const { shell } = fakeShell();
  assert.equal(
    shell.run("function f() { return new Error('x').stack; }\nf()", "/my/script.js"),
    "Error: x\n    at f (/my/script.js:1:23)\n    at /my/script.js:2:1",
  );
});

Deno.test("a module that no file has is looked for in the collection _modules", () => {
  const { shell, connection } = fakeShell(({ url, body }) => {
    if (url.endsWith("/_api/collection/_modules")) return { body: { id: "1", name: "_modules", type: 2, status: 3 } };
    if (!url.endsWith("/_api/simple/first-example")) return undefined;
    const { path } = (body as { example: { path: string } }).example;
    return path === "/mine/stored"
      ? { body: { document: { path, content: "exports.answer = 42;" } } }
      : { status: 404, body: { error: true, code: 404, errorNum: 404, errorMessage: "no match" } };
  });
  assert.equal(shell.run("require('mine/stored').answer + require('db:mine/stored').answer"), 84);
  assert.throws(() => shell.run("require('mine/other')"), /cannot locate module/);
  assert.ok(connection.lines.length > 0);
});

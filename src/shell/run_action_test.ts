import assert from "node:assert/strict";
import { EmbeddedConnection } from "../connection/embedded.ts";
import { MEMORY } from "../engine/engine.ts";
import { runAction } from "./run_action.ts";
import { Shell } from "./shell.ts";

const ENDLESS = "for (;;) {}";

/** Runs a script that has collections `c` and `other`; gives its value as JSON. */
function run(script: string): unknown {
  using shell = new Shell({
    connection: new EmbeddedConnection({ directory: MEMORY, runAction }),
    output: () => {},
  });
  return JSON.parse(
    shell.run(`
      db._create("c"); db._create("other");
      function failure(transaction) {
        try { db._executeTransaction(transaction); } catch (e) { return [e.errorNum, e.code, e.errorMessage]; }
      }
      JSON.stringify((function () { ${script} })());
    `) as string,
  );
}

Deno.test("a JavaScript transaction sees what it writes, gets its parameters, and returns a value", () => {
  assert.deepEqual(
    run(`
      const result = db._executeTransaction({
        collections: { write: "c" },
        params: { keys: ["a", "b"] },
        action: function (params) {
          const db = require("@arangodb").db;
          for (const key of params.keys) db.c.insert({ _key: key });
          db._query("UPDATE 'a' WITH { seen: true } IN c");
          return { count: db.c.count(), seen: db.c.document("a").seen };
        }
      });
      return [result, db.c.count(), db._executeTransaction({ collections: {}, action: "() => {}" })];
    `),
    [{ count: 2, seen: true }, 2, null],
  );
});

Deno.test("vertices and edges of graphs are written within a JavaScript transaction, or not at all", () => {
  assert.deepEqual(
    run(`
      const graphs = require("@arangodb/general-graph");
      graphs._create("g", [graphs._relation("e", "v", "v")]);
      db.v.insert({ _key: "old" });
      db.e.insert({ _from: "v/old", _to: "v/old" });
      const change = (end) => db._executeTransaction({
        collections: { write: ["v", "e"] },
        params: [end],
        action: function ([end]) {
          const { db } = require("@arangodb");
          const graph = require("@arangodb/general-graph")._graph("g");
          graph.v.save({ _key: "a" });
          graph.e.save({ _from: "v/a", _to: "v/a" });
          graph.v.remove("old");
          if (end === "throw") throw new Error("not so");
          return [db.v.count(), db.e.count()];
        }
      });
      let message;
      try { change("throw"); } catch (error) { message = error.message; }
      const before = [db.v.toArray(), db.e.toArray()].map((all) => all.map((one) => one._from || one._key));
      const inside = change("return");
      const after = [db.v.toArray(), db.e.toArray()].map((all) => all.map((one) => one._from || one._key));
      return [/not so/.test(message), before, inside, after];
    `),
    [true, [["old"], ["v/old"]], [1, 1], [["a"], ["v/a"]]],
  );
});

Deno.test("what the function prints and logs is in the log of the server", () => {
  assert.deepEqual(
    run(`
      db._executeTransaction({
        collections: {},
        action: function () {
          print("one", { a: 1 });
          console.warn("two %d", 2);
        }
      });
      return arango.GET("/_admin/log/entries").messages.map(({ level, message }) => [level, message]);
    `),
    [["INFO", 'one { "a" : 1 }'], ["WARNING", "two 2"]],
  );
});

Deno.test("users may run code in the server, and get what it returns", () => {
  assert.deepEqual(
    run(`
      const code = "const { db } = require('@arangodb'); db.c.insert({}); return { count: db.c.count() };";
      const failed = arango.POST("/_admin/execute", "throw new Error('no')");
      return [
        arango.POST("/_admin/execute?returnAsJSON=true", code),
        arango.POST("/_admin/execute?returnAsJSON=true", "1 + 1"),
        [failed.code, failed.errorNum, failed.errorMessage],
      ];
    `),
    [{ count: 1 }, { error: false, code: 200 }, [500, 4, "Error: no"]],
  );
});

Deno.test("what the function throws undoes everything, and comes back as it is", () => {
  assert.deepEqual(
    run(`
      const write = { write: ["c"] };
      const failures = [
        failure({ collections: write, action: "function () { db.c.insert({}); throw 'doh!'; }" }),
        failure({ collections: write, action: "function () { db.c.insert({}); throw new TypeError('oops'); }" }),
        failure({ collections: write, action: "function () { db.c.insert({ _key: 'x' }); db.c.insert({ _key: 'x' }); }" }),
        failure({ collections: write, action: "function () { db.c.insert({}); db.other.insert({}); }" }),
        failure({ collections: { read: "none" }, action: "function () {}" }),
      ];
      failures[2].pop(); failures[3].pop();
      return [db.c.count(), failures];
    `),
    [0, [
      [1650, 500, "doh!"],
      [1650, 500, "TypeError: oops"],
      [1210, 409],
      [1652, 400],
      [1203, 404, "collection or view not found: none"],
    ]],
  );
});

Deno.test("a function can neither define collections, nor begin a transaction, nor leave the database", () => {
  assert.deepEqual(
    run(`
      const within = (text) => failure({ collections: { write: "c" }, action: "() => { " + text + " }" }).slice(0, 2);
      return [
        within("db._create('new')"),
        within("db._drop('c')"),
        within("db.c.ensureIndex({ type: 'persistent', fields: ['a'] })"),
        within("db._executeTransaction({ collections: {}, action: '() => 1' })"),
        within("require('fs').read('/etc/passwd')"),
        within("require('node:fs')"),
        within("require('@arangodb/request').get('http://127.0.0.1:9/')"),
        db._collections().filter((one) => !one.name().startsWith("_")).map((one) => one.name()),
      ];
    `),
    [[1653, 400], [1653, 400], [1653, 400], [1651, 400], [11, 403], [11, 403], [11, 403], ["c", "other"]],
  );
});

Deno.test("a function that loops, waits or catches everything ends when it is interrupted", () => {
  for (const text of [ENDLESS, `while (true) { try { ${ENDLESS} } catch {} }`, `require("internal").sleep(1e6)`]) {
    let asked = 0;
    const isInterrupted = (): boolean => ++asked > 3;
    const surroundings = { params: undefined, database: "_system", user: "root", log: () => {}, isInterrupted };
    const send = () => assert.fail("nothing is asked of the server");
    assert.throws(() => runAction({ ...surroundings, source: `function () { ${text} }`, send }), /aborted/);
  }
});

Deno.test("an interrupted JavaScript transaction has done nothing", () => {
  let asked = -Infinity;
  const isInterrupted = (): boolean => ++asked > 100;
  using connection = new EmbeddedConnection({ directory: MEMORY, runAction, isInterrupted });
  using shell = new Shell({ connection, output: () => {} });
  shell.run(`db._create("c")`);
  const action = `function () { require("@arangodb").db.c.insert({}); ${ENDLESS} }`;
  asked = 0;
  assert.throws(
    () => shell.run(`db._executeTransaction({ collections: { write: "c" }, action: ${action} })`),
    /aborted/,
  );
  asked = -Infinity;
  assert.equal(shell.run("db.c.count()"), 0);
});

Deno.test("functions that may be interrupted see themselves and their stacks as they were written", () => {
  const look = (more: { isInterrupted?: () => boolean }): string => {
    const text = "for (let i = 0; ; i++) { while (i > 1) { try { nothing(); } catch ({ stack }) { return stack; } } }";
    const source = `function () { const f = () => { ${text} }; return [f(), String(f), String(f.toString)]; }`;
    const send = () => assert.fail("nothing is asked of the server");
    return runAction({ source, params: undefined, database: "_system", user: "root", log: () => {}, send, ...more });
  };
  const plain = look({});
  assert.match(plain, /ReferenceError: nothing is not defined\\n {4}at f \(action:1:\d+\)/);
  assert.equal(look({ isInterrupted: () => false }), plain);
});

import assert from "node:assert/strict";
import { run } from "./testing.ts";

Deno.test("documents: what goes in comes out, with the return values of arangosh", () => {
  run(`
    var c = db._create("c");
    var made = c.insert({ _key: "a", n: 1 });
    assert.deepEqual(Object.keys(made), ["_id", "_key", "_rev"]);
    assert.deepEqual(Object.keys(c.document("a")), ["_key", "_id", "_rev", "n"]);
    assert.equal(c.document(made).n, 1);
    assert.deepEqual(c.exists("a"), made);
    assert.strictEqual(c.exists("b"), false);
    var replaced = c.replace("a", { n: 2 }, { returnOld: true, returnNew: true });
    assert.deepEqual(Object.keys(replaced), ["_id", "_key", "_rev", "_oldRev", "old", "new"]);
    assert.equal(errorOf(function () { c.update(made, { n: 3 }); }), 1200);
    c.update(made, { n: 3 }, true);
    assert.equal(c.document("a").n, 3);
    assert.equal(errorOf(function () { c.remove(made); }), 1200);
    c.remove(made, true);
    assert.equal(errorOf(function () { c.document("a"); }), 1202);
    assert.equal(errorOf(function () { c.document("x/a"); }), 1213);
    assert.equal(c.count(), 0);
  `);
});

Deno.test("documents: arrays give one result for each member, and errors inside", () => {
  run(`
    var c = db._create("c");
    var made = c.insert([{ _key: "a" }, { _key: "b" }, { _key: "a" }]);
    assert.ok(made instanceof Array);
    assert.equal(made[2].errorNum, 1210);
    var got = c.document(["a", { _key: "b" }, "nothing"]);
    assert.deepEqual([got[0]._key, got[1]._key, got[2].errorNum], ["a", "b", 1202]);
    var changed = c.update(["a", { _key: "b", _rev: "stale" }], [{ x: 1 }, { x: 2 }]);
    assert.equal(changed[0]._key, "a");
    assert.equal(changed[1].errorNum, 1200);
    assert.strictEqual(c.remove(["a", "b"], { silent: true }), true);
  `);
});

Deno.test("edges, byExample and toArray", () => {
  run(`
    db._create("v"); db._createEdgeCollection("e");
    var a = db.v.insert({ _key: "a" }), b = db.v.insert({ _key: "b" });
    db.e.insert(a, b, { w: 1 });
    assert.equal(db.e.toArray()[0]._from, "v/a");
    assert.equal(db.e.outEdges(a)[0].w, 1);
    assert.deepEqual(db.e.inEdges(a), []);
    assert.equal(db.v.byExample({ _key: "b" }).count(), 1);
    assert.equal(db.v.firstExample("_key", "nothing"), null);
    assert.equal(db.v.removeByExample({ _key: "b" }), 1);
    assert.equal(db.v.all().limit(5).toArray().length, 1);
  `);
});

Deno.test("databases: collections belong to the one they were made in", () => {
  run(`
    db._createDatabase("d");
    var c = db._create("c");
    db._useDatabase("d");
    assert.equal(db._collection("c"), null);
    assert.equal(c.count(), 0);
    assert.equal(errorOf(function () { db._useDatabase("none"); }), 1228);
    assert.equal(db._name(), "d");
    db._useDatabase("_system");
    db._dropDatabase("d");
    assert.deepEqual(db._databases(), ["_system"]);
  `);
});

Deno.test("an error of the server is an ArangoError of the script, with the server's number and text", () => {
  run(`
    try { db._create(""); assert.fail(); } catch (e) {
      assert.ok(e instanceof require("@arangodb").ArangoError && e instanceof Error);
      assert.equal(e.errorNum, 1208);
      assert.equal(e.code, 400);
      assert.ok(e.stack.indexOf("ArangoError: ") === 0);
    }
  `);
});

Deno.test("queries: batches, counts, extra information, streams and errors", () => {
  run(`
    var c = db._query("FOR i IN 1..10 RETURN i", {}, { count: true, batchSize: 3 });
    assert.equal(c.count(), 10);
    var seen = [];
    while (c.hasNext()) { seen.push(c.next()); }
    assert.deepEqual(seen, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    assert.deepEqual(db._query("FOR i IN 1..7 RETURN i", {}, { batchSize: 2, stream: true }).toArray().length, 7);
    db._create("c");
    db.c.insert([{ n: 1 }, { n: 2 }]);
    var written = db._query("FOR d IN @@c UPDATE d WITH {n: d.n + @by} IN @@c", { "@c": "c", by: 10 });
    assert.equal(written.getExtra().stats.writesExecuted, 2);
    var n = 11;
    assert.equal(db._query(aql\`FOR d IN \${db.c} FILTER d.n == \${n} RETURN d\`).toArray().length, 1);
    assert.equal(errorOf(function () { db._query("RETURN @missing"); }), 1551);
    assert.equal(errorOf(function () { db._query("FOR"); }), 1501);
    assert.equal(db._createStatement("RETURN 1").explain().plan.nodes[0].type, "SingletonNode");
    assert.deepEqual(db._createStatement("FOR d IN c FILTER d.n == @a RETURN d").parse().bindVars, ["a"]);
    var helper = require("@arangodb/aql-helper");
    assert.deepEqual(helper.getQueryResults("FOR d IN c SORT d.n RETURN d"), [{ n: 11 }, { n: 12 }]);
    helper.assertQueryError(1501, "FOR");
    var ran = helper.getQueryMultiplePlansAndExecutions("FOR d IN c SORT d.n DESC RETURN d.n");
    assert.equal(ran.plans.length, ran.results.length);
    assert.deepEqual(ran.results[0], [12, 11]);
  `);
});

Deno.test("aql-helper: rows and counts of modifications, shapes of plans, and what a sort refers to", () => {
  run(`
    var helper = require("@arangodb/aql-helper");
    db._create("c");
    var written = helper.getModifyQueryResultsRaw("FOR i IN 1..2 INSERT { i } INTO c RETURN NEW.i");
    assert.deepEqual(written.json.sort(), [1, 2]);
    assert.deepEqual(helper.sanitizeStats(written.stats), { writesExecuted: 2, writesIgnored: 0 });
    var explained = helper.getQueryExplanation("FOR d IN c LET x = NOOPT(d.i + 1) SORT x RETURN x");
    assert.deepEqual(
      helper.getCompactPlan(explained).filter(function (node) { return node.outVariable === "x"; })
        .map(function (node) { return node.type + " " + node.expression.split("(")[0]; }),
      ["CalculationNode function call[NOOPT]"]
    );
    var sort = helper.findExecutionNodes(explained, "SortNode");
    assert.equal(sort.length, 1);
    assert.deepEqual(
      helper.findReferencedNodes(explained, sort[0]).map(function (node) { return node.outVariable.name; }), ["x"]
    );
  `);
});

Deno.test("a printed plan begins with the query", () => {
  assert.match(
    run(`db._explain("FOR i IN 1..3 RETURN i * 2", {}, { colors: false })`),
    /^Query String \(26 chars, results cachable: true\):\n FOR i IN 1\.\.3 RETURN i \* 2\n\nExecution plan:\n Id {3}NodeType /,
  );
});

Deno.test("arango imports lines of JSON, an array of JSON, and CSV", () => {
  run(`
    var fs = require("fs"), c = db._create("c"), file = fs.getTempFile();
    fs.write(file, '{"a":1}\\n{"a":2}\\n');
    assert.equal(arango.importJson(file, "c").created, 2);
    fs.write(file, ' [{"a":3},\\n{"a":4}]');
    assert.equal(arango.importJson(file, "c").created, 2);
    fs.write(file, 'a;b\\n5;"x;y"\\n');
    assert.equal(arango.importCsv(file, "c", { separator: ";" }).created, 1);
    assert.deepEqual([c.count(), c.byExample({ b: "x;y" }).count()], [5, 1]);
  `);
});

Deno.test("download() and request() of a path ask the connected server, which answers in JSON", () => {
  run(`
    var reply = require("internal").download("/_api/version");
    assert.equal(JSON.parse(reply.body).server, "arango");
    assert.equal(require("@arangodb/request").get("/_api/version").json.server, "arango");
  `);
});

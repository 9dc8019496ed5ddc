/* Simple queries, cursors and statements: pages, batches, counts, and what ends them. */
"use strict";
const jsunity = require("jsunity");
const { aql, db, errors, query } = require("@arangodb");
const { assertFails, assertSays } = require("assertions");

function simpleQuerySuite() {
  const name = "SuiteSimple";
  let c;
  const length = (simple) => simple.toArray().length;
  return {
    setUpAll() {
      c = db._create(name);
      c.insert(Array.from({ length: 30 }, (_, v) => ({ v, w: v % 3 })));
    },
    tearDownAll() {
      db._drop(name);
    },

    testPages() {
      assertEqual([30, 5, 3, 2, 0, 0], [
        length(c.all()),
        length(c.all().limit(5)),
        length(c.all().skip(27)),
        length(c.all().skip(28).limit(5)),
        length(c.all().limit(0)),
        length(c.all().skip(100)),
      ]);
      assertEqual([5, 10], [length(c.all().limit(10).skip(5)), length(c.byExample({ w: 1 }).skip(0))]);
      assertFails(errors.ERROR_BAD_PARAMETER.code, () => c.all().limit(-1));
    },
    testCounts() {
      assertEqual([30, 30, 5, 2], [
        c.all().count(),
        c.all().limit(5).count(),
        c.all().limit(5).count(true),
        c.all().skip(28).count(true),
      ]);
    },
    testBatches() {
      const all = c.all();
      assertNull(all.getBatchSize());
      all.setBatchSize(7);
      assertEqual([7, 30], [all.getBatchSize(), length(all)]);
      const copy = c.all().limit(3).clone();
      let seen = 0;
      while (copy.hasNext()) {
        copy.next();
        seen++;
      }
      assertEqual(3, seen);
      assertSays("No more results", () => copy.next());
    },
    testNoChangesOnTheWay() {
      const started = c.all();
      started.next();
      assertSays("query is already executing", () => started.limit(1));
      assertSays("query is already executing", () => started.skip(1));
      assertUndefined(started.dispose());
    },
    testRanges() {
      c.ensureIndex({ type: "skiplist", fields: ["v"] });
      assertEqual([3, 4], [length(c.range("v", 5, 8)), length(c.closedRange("v", 5, 8))]);
    },
    testWhatNeedsAnIndex() {
      for (const run of [() => c.near(0, 0).toArray(), () => c.within(0, 0, 1).toArray(), () => c.geo("l")]) {
        assertFails(1570, run);
      }
      assertFails(1571, () => c.fulltext("t", "word").toArray());
    },
    testIterate() {
      const seen = [];
      c.iterate((doc, index) => seen.push([typeof doc.v, index]), { limit: 3 });
      assertEqual([["number", 0], ["number", 1], ["number", 2]], seen);
      for (const probability of [0, -1, 2, "x"]) assertFails(5, () => c.iterate(() => {}, { probability }));
    },
    testKeys() {
      const keys = c.all().limit(2).toArray().map((doc) => doc._key);
      assertEqual(keys.sort(), c.documents([...keys, "none"]).documents.map((doc) => doc._key).sort());
      assertEqual({ removed: 0, ignored: 1 }, c.removeByKeys(["none"]));
    },
  };
}

function cursorSuite() {
  const numbers = "FOR i IN 1..10 RETURN i";
  return {
    testBatchesOfCursors() {
      const cursor = db._query(numbers, null, { batchSize: 3, count: true });
      assertEqual([10, 1, 2], [cursor.count(), cursor.next(), cursor.next()]);
      assertEqual([3, 4, 5, 6, 7, 8, 9, 10], cursor.toArray());
      assertFalse(cursor.hasNext());
      assertSays("No more results", () => cursor.next());
      assertUndefined(db._query(numbers).count());
      assertEqual([1, 2], Array.from(db._query("FOR i IN 1..2 RETURN i")));
    },
    testDispose() {
      const cursor = db._query(numbers, null, { batchSize: 3 });
      cursor.dispose();
      assertFalse(cursor.hasNext());
      assertEqual([], cursor.toArray());
    },
    testExtra() {
      assertEqual(1562, db._query("RETURN 1 / 0").getExtra().warnings[0].code);
      assertEqual(
        10,
        db._query("FOR i IN 1..10 LIMIT 2 RETURN i", {}, {}, { fullCount: true }).getExtra().stats.fullCount,
      );
      assertTrue("plan" in db._query("RETURN 1", {}, {}, { profile: 2 }).getExtra());
      assertEqual([true, false], [
        db._query("RETURN 1", {}, {}, { stream: true }).stream(),
        db._query("RETURN 1").cached(),
      ]);
    },
    testForms() {
      assertEqual([1], db._query("RETURN @v", { v: 1 }).toArray());
      assertEqual([2], db._query({ query: "RETURN @v", bindVars: { v: 2 } }).toArray());
      assertEqual([3], db._query(aql`RETURN ${3}`).toArray());
      assertEqual([4], query`RETURN ${4}`.toArray());
      for (const nothing of [undefined, null, "", 1]) {
        assertSays("ArangoStatement needs a valid query attribute", () => db._query(nothing));
      }
      assertSays("invalid bind parameter declaration", () => db._query("RETURN 1", []));
      assertFails(errors.ERROR_QUERY_PARSE.code, () => db._query("RETURN"));
      assertFails(errors.ERROR_QUERY_BIND_PARAMETER_MISSING.code, () => db._query("RETURN @v"));
      assertFails(errors.ERROR_QUERY_BIND_PARAMETER_UNDECLARED.code, () => db._query("RETURN 1", { v: 1 }));
      assertFails(errors.ERROR_QUERY_BIND_PARAMETER_TYPE.code, () => db._query("FOR d IN @@c RETURN d", { "@c": 1 }));
    },
    testStatements() {
      const statement = db._createStatement({ query: "FOR i IN 1..@n RETURN i", count: true });
      statement.bind("n", 3);
      assertEqual({ n: 3 }, statement.getBindVariables());
      assertEqual([true, 3], [statement.getCount(), statement.execute().count()]);
      statement.setQuery("RETURN @0");
      statement.bind({ 0: 7 });
      statement.setBatchSize(5);
      statement.setBatchSize(0);
      assertEqual([5, [7]], [statement.getBatchSize(), statement.execute().toArray()]);
      assertSays("ArangoStatement needs initial data", () => db._createStatement());
      assertSays("ArangoStatement needs a valid query attribute", () => db._createStatement({}));
      assertSays("invalid bind parameter declaration", () => statement.bind(true, 1));
      const parsed = db._createStatement("FOR d IN @@c FILTER d.x == @v RETURN d").parse();
      assertEqual(["@c", "v"], parsed.bindVars.sort());
      assertEqual(
        "cacheable,plan,stats,warnings",
        Object.keys(db._createStatement("RETURN 1").explain()).sort().join(),
      );
      assertTrue(Array.isArray(db._createStatement("RETURN 1").explain({ allPlans: true }).plans));
      assertFails(
        errors.ERROR_ARANGO_DATA_SOURCE_NOT_FOUND.code,
        () => db._createStatement("FOR d IN SuiteNone RETURN d").explain(),
      );
    },
  };
}
jsunity.run(simpleQuerySuite);
jsunity.run(cursorSuite);
return jsunity.done();

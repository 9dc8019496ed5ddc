/* Simple queries that look for something: by example, by range, by place, by word; and what changes documents by example. */
"use strict";
const jsunity = require("jsunity");
const { db, errors } = require("@arangodb");
const { assertFails, assertSays } = require("assertions");

const BAD_PARAMETER = errors.ERROR_HTTP_BAD_PARAMETER.code;
const NO_GEO_INDEX = errors.ERROR_QUERY_GEO_INDEX_MISSING.code;
const NO_FULLTEXT_INDEX = errors.ERROR_QUERY_FULLTEXT_INDEX_MISSING.code;

const NAME = "SuiteSimpleQueries";

/** The values of what a simple query finds, sorted. */
const values = (query) => query.toArray().map(({ v }) => v).sort((left, right) => left - right);

/** A suite whose collection has ten documents before each test. */
function withDocuments(make) {
  return {
    setUp: function () {
      db._create(NAME).insert(
        Array.from({ length: 10 }, (_, v) => ({ _key: `k${v}`, v, parity: v % 2, n: { a: v % 3 }, loc: [v, v] })),
      );
    },
    tearDown: function () {
      db._drop(NAME);
    },
    ...make(() => db[NAME]),
  };
}

function exampleSuite() {
  return withDocuments((c) => ({
    testFormsOfExamples: function () {
      const found = [
        [{ parity: 1 }, [1, 3, 5, 7, 9]],
        [{ parity: 1, v: 3 }, [3]],
        [{ "n.a": 1 }, [1, 4, 7]],
        [{ n: { a: 1 } }, [1, 4, 7]],
        [{ _key: "k2" }, [2]],
        [{ _id: `${NAME}/k2` }, [2]],
        [{ none: null, v: 4 }, [4]],
        [{ v: "1" }, []],
        [{ n: {} }, []],
      ];
      for (const [example, wanted] of found) {
        const flat = Object.entries(example).flat();
        assertEqual(wanted, values(c().byExample(example)), JSON.stringify(example));
        assertEqual(wanted, values(c().byExample(...flat)), JSON.stringify(example));
        assertEqual(wanted.length, c().byExample(example).count());
        assertEqual(wanted.length > 0, wanted.includes(c().firstExample(example)?.v));
        assertEqual(wanted.length > 0, wanted.includes(c().firstExample(...flat)?.v));
      }
      assertEqual([10, 10], [c().byExample({}).toArray().length, c().byExample().toArray().length]);
      assertNull(c().firstExample({ v: 77 }));
    },

    testWhatIsNoExample: function () {
      for (const bad of [null, 1, "v", [], true]) {
        for (
          const run of [
            () => c().byExample(bad).toArray(),
            () => c().firstExample(bad),
            () => c().removeByExample(bad),
            () => c().replaceByExample(bad, {}),
            () => c().updateByExample(bad, {}),
          ]
        ) assertFails(BAD_PARAMETER, run);
      }
      assertEqual(10, c().count());
    },

    testPagesOfExamples: function () {
      assertEqual([2, 1, 1], [
        c().byExample({ parity: 1 }).limit(2).toArray().length,
        c().byExample({ parity: 1 }).limit(2).skip(1).toArray().length,
        c().byExample({ parity: 1 }).skip(4).limit(3).count(true),
      ]);
    },

    testCountsIgnorePagesUnlessAskedNotTo: function () {
      const odd = () => c().byExample({ parity: 1 });
      assertEqual([5, 5, 5, 5], [
        odd().count(),
        odd().limit(2).count(),
        odd().skip(4).count(false),
        odd().skip(1).limit(1).count(),
      ]);
      assertEqual([5, 2, 1, 0], [
        odd().count(true),
        odd().limit(2).count(true),
        odd().skip(4).count(true),
        odd().limit(0).count(true),
      ]);
      const begun = odd().limit(3);
      begun.next();
      assertEqual([5, 3, 2], [begun.count(), begun.count(true), begun.toArray().length]);
      const batches = c().all().skip(1);
      batches.execute(2);
      assertEqual([10, 9, 9], [batches.count(), batches.count(true), batches.toArray().length]);
    },

    testRemoving: function () {
      assertEqual(1, c().removeByExample({ v: 1 }));
      assertEqual(0, c().removeByExample({ v: 1 }));
      assertEqual(1, c().removeByExample({ parity: 1 }, false, 1));
      assertEqual(1, c().removeByExample({ parity: 1 }, { limit: 1, waitForSync: true }));
      assertSays("too many parameters", () => c().removeByExample({ parity: 1 }, { limit: 1 }, 1));
      assertEqual([2, 5], [c().removeByExample({ parity: 1 }), c().count()]);
      assertEqual(5, c().removeByExample({}));
    },

    testReplacing: function () {
      assertEqual(1, c().replaceByExample({ v: 0 }, { v: 100 }));
      assertEqual(["_id", "_key", "_rev", "v"], Object.keys(c().document("k0")).sort());
      assertEqual(100, c().document("k0").v);
      assertEqual(0, c().replaceByExample({ v: 0 }, { v: 100 }));
      assertEqual(2, c().replaceByExample({ parity: 1 }, { parity: 3 }, true, 2));
      assertEqual(1, c().replaceByExample({ parity: 1 }, { parity: 3 }, { limit: 1 }));
      assertSays("too many parameters", () => c().replaceByExample({}, {}, { limit: 1 }, 1));
      for (const bad of [undefined, null, "x", 1]) assertFails(BAD_PARAMETER, () => c().replaceByExample({}, bad));
    },

    testUpdating: function () {
      assertEqual(1, c().updateByExample({ v: 2 }, { n: { b: 1 }, w: 1 }));
      assertEqual([{ a: 2, b: 1 }, 1], [c().document("k2").n, c().document("k2").w]);
      assertEqual(1, c().updateByExample({ v: 2 }, { w: null }, false));
      assertFalse("w" in c().document("k2"));
      assertEqual(1, c().updateByExample({ v: 2 }, { w: null }, true, true, 1));
      assertNull(c().document("k2").w);
      assertEqual(1, c().updateByExample({ v: 2 }, { n: { c: 1 } }, { mergeObjects: false, limit: 1 }));
      assertEqual({ c: 1 }, c().document("k2").n);
      assertEqual(3, c().updateByExample({ parity: 1 }, { parity: 3 }, true, false, 3));
      assertSays("too many parameters", () => c().updateByExample({}, {}, { limit: 1 }, true));
      for (const bad of [undefined, null, "x", 1]) assertFails(BAD_PARAMETER, () => c().updateByExample({}, bad));
    },

    testAnyAndNothing: function () {
      assertTrue(c().any().v < 10);
      c().truncate();
      assertNull(c().any());
      assertEqual([], c().toArray());
      assertEqual([], c().byExample({}).toArray());
    },
  }));
}

function rangeSuite() {
  return withDocuments((c) => ({
    testRangesWithAndWithoutAnIndex: function () {
      for (let pass = 0; pass < 2; pass++) {
        assertEqual([[2, 3, 4], [2, 3, 4, 5]], [values(c().range("v", 2, 5)), values(c().closedRange("v", 2, 5))]);
        assertEqual([[], [5]], [values(c().range("v", 5, 5)), values(c().closedRange("v", 5, 5))]);
        assertEqual([1, 2, 3], [
          c().range("v", 2, 5).limit(1).toArray().length,
          c().range("v", 2, 5).skip(1).toArray().length,
          c().range("v", 2, 5).count(),
        ]);
        c().ensureIndex({ type: "persistent", fields: ["v"] });
      }
      assertFails(BAD_PARAMETER, () => c().range().toArray());
    },
  }));
}

function placeSuite() {
  return withDocuments((c) => ({
    testWithoutAnIndex: function () {
      for (
        const run of [
          () => c().near(1, 1),
          () => c().within(1, 1, 5),
          () => c().withinRectangle(0, 0, 1, 1),
          () => c().geo("loc"),
        ]
      ) assertFails(NO_GEO_INDEX, () => run().toArray());
    },

    testNear: function () {
      c().ensureIndex({ type: "geo", fields: ["loc"] });
      const found = c().near(1, 1).limit(3).toArray().map(({ v }) => v);
      assertEqual([1, [0, 2]], [found[0], found.slice(1).sort()]);
      assertEqual(10, c().near(1, 1).toArray().length);
      const [own, second] = c().near(1, 1).distance().limit(2).toArray();
      assertEqual(0, own.distance);
      // a degree of latitude and one of longitude beside the equator
      assertTrue(second.distance > 156e3 && second.distance < 158e3, second.distance);
      assertEqual(0, c().near(1, 1).distance("far").limit(1).next().far);
      assertEqual(1, c().geo("loc").near(1, 1).limit(1).next().v);
      assertEqual(1, c().near(1, 1).limit(3).skip(2).toArray().length);
    },

    testWithin: function () {
      c().ensureIndex({ type: "geo", fields: ["loc"] });
      assertEqual([0, 1, 2], values(c().within(1, 1, 200000)));
      assertEqual([1], values(c().within(1, 1, 1)));
      const far = c().within(1, 1, 200000).distance("d").toArray().map(({ d }) => d);
      assertEqual([...far].sort((left, right) => left - right), far);
      assertEqual([1], values(c().geo("loc").within(1, 1, 1)));
      assertEqual([0, 1, 2, 3], values(c().withinRectangle(0, 0, 3, 3)));
    },

    testWhatTheyPrint: function () {
      c().ensureIndex({ type: "geo", fields: ["loc"] });
      assertMatch(/^SimpleQueryNear\(SuiteSimpleQueries, 1, 2, \S+\)$/, String(c().near(1, 2)));
      assertMatch(/^SimpleQueryWithin\(SuiteSimpleQueries, 1, 2, 3, \S+\)$/, String(c().within(1, 2, 3)));
      assertMatch(
        /^SimpleQueryWithinRectangle\(SuiteSimpleQueries, 1, 2, 3, 4, \S+\)$/,
        String(c().withinRectangle(1, 2, 3, 4)),
      );
      assertEqual("SimpleQueryRange(SuiteSimpleQueries)", String(c().range("v", 1, 2)));
      assertEqual("SimpleQueryByExample(SuiteSimpleQueries).limit(2)", String(c().byExample({}).limit(2)));
    },
  }));
}

function wordSuite() {
  return withDocuments((c) => ({
    testWords: function () {
      for (const attribute of ["text", undefined]) {
        assertFails(NO_FULLTEXT_INDEX, () => c().fulltext(attribute, "a").toArray());
      }
      c().ensureFulltextIndex("text");
      c().insert([{ v: 20, text: "An apple, a pear" }, { v: 21, text: "Apples and pears" }, { v: 22, text: ["pear"] }]);
      assertEqual([20], values(c().fulltext("text", "apple")));
      assertEqual([20, 21], values(c().fulltext("text", "prefix:apple")));
      assertEqual([20], values(c().fulltext("text", "apple,pear")));
      assertEqual([20, 21], values(c().fulltext("text", "apple,|apples")));
      assertEqual([21], values(c().fulltext("text", "prefix:pear,-apple").limit(5)).filter((v) => v !== 22));
      assertEqual([], values(c().fulltext("text", "plum")));
      assertEqual([1, 2], [
        c().fulltext("text", "prefix:apple").limit(1).toArray().length,
        c().fulltext("text", "prefix:apple").count(),
      ]);
      assertEqual('SimpleQueryFulltext(SuiteSimpleQueries, text, "apple")', String(c().fulltext("text", "apple")));
    },
  }));
}

function keysSuite() {
  return withDocuments((c) => ({
    testLookups: function () {
      for (const lookup of ["documents", "lookupByKeys"]) {
        assertEqual([2, 4], c()[lookup](["k2", "nope", "k4"]).documents.map(({ v }) => v).sort());
        assertEqual({ documents: [] }, c()[lookup]([]));
        for (const bad of [undefined, "k2", {}]) assertFails(BAD_PARAMETER, () => c()[lookup](bad));
      }
      assertEqual({ removed: 2, ignored: 1 }, c().removeByKeys(["k2", "nope", "k4"]));
      assertEqual({ removed: 0, ignored: 0 }, c().removeByKeys([]));
      for (const bad of [undefined, "k1", {}]) assertFails(BAD_PARAMETER, () => c().removeByKeys(bad));
      assertEqual(8, c().count());
    },
  }));
}

jsunity.run(exampleSuite);
jsunity.run(rangeSuite);
jsunity.run(placeSuite);
jsunity.run(wordSuite);
jsunity.run(keysSuite);

return jsunity.done();

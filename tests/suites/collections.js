/* Collections: their names, properties and figures, and what is left of the object of one that is gone. */
"use strict";
const jsunity = require("jsunity");
const { db, errors, ArangoCollection } = require("@arangodb");
const { assertFails } = require("assertions");

const NOT_FOUND = errors.ERROR_ARANGO_DATA_SOURCE_NOT_FOUND.code;
const ILLEGAL_NAME = errors.ERROR_ARANGO_ILLEGAL_NAME.code;
const DUPLICATE_NAME = errors.ERROR_ARANGO_DUPLICATE_NAME.code;

function collectionSuite() {
  const name = "SuiteCollection";
  const other = "SuiteOther";
  let c;
  return {
    setUp() {
      c = db._create(name);
    },
    tearDown() {
      db._drop(name);
      db._drop(other);
    },

    testNames() {
      for (
        const bad of [
          undefined,
          null,
          1,
          true,
          [],
          {},
          "",
          " ",
          " a",
          "a ",
          "a/b",
          "1a",
          ".a",
          "_a",
          "a\u0000b",
          "x".repeat(257),
        ]
      ) {
        for (const create of ["_create", "_createDocumentCollection", "_createEdgeCollection"]) {
          assertFails(ILLEGAL_NAME, () => db[create](bad));
        }
        assertFails(ILLEGAL_NAME, () => c.rename(bad));
      }
      for (const good of ["a-b", "a.b", "a:b", "a b", "ä", "a%b", "x".repeat(256)]) {
        const made = db._create(good);
        assertEqual([good, good], [made.name(), db._collection(made._id).name()]);
        made.drop();
      }
      assertFails(DUPLICATE_NAME, () => db._create(name));
    },
    testTypesAndStatus() {
      assertEqual([ArangoCollection.TYPE_DOCUMENT, ArangoCollection.STATUS_LOADED], [c.type(), c.status()]);
      for (const type of ["edge", 3]) {
        assertEqual(ArangoCollection.TYPE_EDGE, db._create(other, {}, type).type());
        db._drop(other);
      }
      assertUndefined(c.unload());
      assertUndefined(c.load());
    },
    testProperties() {
      const properties = c.properties();
      assertEqual(
        [false, false, false, null, null],
        ["waitForSync", "isSystem", "cacheEnabled", "schema", "computedValues"].map((one) => properties[one]),
      );
      assertEqual({ type: "traditional", allowUserKeys: true, lastValue: 0 }, properties.keyOptions);
      const changed = c.properties({ waitForSync: true, isSystem: true, keyOptions: { type: "uuid" }, unknown: 1 });
      assertEqual({ ...properties, waitForSync: true }, changed);
      assertEqual(changed, c.properties());
      assertFails(10, () => c.properties({ waitForSync: "yes" }));
      assertFails(1621, () => c.properties({ schema: 1 }));
      assertFails(10, () => c.properties({ computedValues: [{ name: "x" }] }));
    },
    testKeyGenerators() {
      const generated = (keyOptions, count = 2) => {
        const made = db._create(other, { keyOptions });
        try {
          return [...Array.from({ length: count }, () => made.insert({})._key), made.properties().keyOptions.lastValue];
        } finally {
          db._drop(other);
        }
      };
      assertEqual(["7", "10", "13", 13], generated({ type: "autoincrement", offset: 7, increment: 3 }, 3));
      assertEqual(["51", "52", 52], generated({ type: "autoincrement", lastValue: 50 }));
      const [first, second] = generated({ type: "padded" });
      assertMatch(/^[0-9a-f]{16}$/, first);
      assertTrue(first < second);
      assertMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, generated({ type: "uuid" })[0]);
      for (const bad of [1, { type: "other" }, { type: "autoincrement", increment: -1 }, { allowUserKeys: "no" }]) {
        assertFails(1232, () => generated(bad));
      }
      const own = db._create(other, { keyOptions: { allowUserKeys: false } });
      assertFails(1222, () => own.insert({ _key: "a" }));
      assertEqual(1222, own.insert([{ _key: "a" }])[0].errorNum);
    },
    testRename() {
      c.insert({ _key: "a" });
      db._create(other);
      assertFails(DUPLICATE_NAME, () => c.rename(other));
      db._drop(other);
      c.rename(other);
      assertEqual([other, `${other}/a`, null], [c.name(), c.document("a")._id, db._collection(name)]);
      assertTrue(db[other] === c && db[name] === undefined);
      assertFails(1213, () => c.document(`${name}/a`));
    },
    testSystemCollections() {
      assertFails(ILLEGAL_NAME, () => db._create("_SuiteSystem"));
      const made = db._create("_SuiteSystem", { isSystem: true });
      assertTrue(made.properties().isSystem);
      assertFails(11, () => made.drop());
      made.drop({ isSystem: true });
      assertFails(11, () => db._drop("_users"));
      assertFails(11, () => db._users.rename(other));
    },
    testTheObjectOfACollectionThatIsGone() {
      assertUndefined(c.drop());
      assertUndefined(c.drop());
      assertEqual([name, ArangoCollection.STATUS_DELETED], [c.name(), c.status()]);
      assertTrue(db[name] === undefined && db._collection(name) === null);
      assertIdentical(false, c.exists("a"));
      for (
        const run of [
          () => c.count(),
          () => c.properties(),
          () => c.figures(),
          () => c.checksum(),
          () => c.revision(),
          () => c.indexes(),
          () => c.truncate(),
          () => c.rename(other),
          () => c.load(),
          () => c.insert({}),
          () => c.document("a"),
          () => c.any(),
          () => c.remove("a"),
          () => c.replace("a", {}),
          () => c.update("a", {}),
          () => c.toArray(),
          () => c.byExample({}).toArray(),
          () => c.firstExample({}),
          () => c.documents(["a"]),
          () => c.removeByKeys(["a"]),
          () => c.ensureIndex({ type: "geo", fields: ["l"] }),
        ]
      ) {
        assertFails(NOT_FOUND, run);
      }
      assertUndefined(db._drop(name));
    },
    testTruncateAndCount() {
      c.insert([{}, {}, {}]);
      assertEqual([3, 3, true], [c.count(), c.count(true), c.recalculateCount()]);
      for (const options of [undefined, true, { compact: false, waitForSync: true }]) {
        assertUndefined(c.truncate(options));
        assertEqual(0, c.count());
        c.insert({});
      }
      db._truncate(name);
      assertEqual([], c.toArray());
    },
    testRevisionTrees() {
      c.insert(Array.from({ length: 100 }, () => ({})));
      for (const rebuild of [false, true]) {
        if (rebuild) c._revisionTreeRebuild();
        assertEqual({ inserts: 0, removes: 0, truncates: 0 }, c._revisionTreePendingUpdates());
        const { computed, stored, equal } = c._revisionTreeVerification();
        assertEqual([true, 100, 100, stored.hash], [equal, computed.count, stored.count, computed.hash]);
      }
    },
    testChecksums() {
      const empty = c.checksum().checksum;
      c.insert([{ _key: "a", v: 1 }, { _key: "b", v: 2 }]);
      const twin = db._create(other);
      twin.insert([{ _key: "b", v: 2 }, { _key: "a", v: 3 }]);
      assertEqual(c.checksum().checksum, twin.checksum().checksum);
      assertNotEqual(c.checksum(true).checksum, twin.checksum(true).checksum);
      assertNotEqual(c.checksum(false, true).checksum, twin.checksum(false, true).checksum);
      twin.update("a", { v: 1 });
      assertEqual(c.checksum(false, true).checksum, twin.checksum(false, true).checksum);
      c.truncate();
      assertEqual(empty, c.checksum().checksum);
    },
    testFigures() {
      const e = db._createEdgeCollection(other, { cacheEnabled: true });
      e.ensureIndex({ type: "persistent", fields: ["v"] });
      e.insert([{ _from: "a/1", _to: "a/2", v: 1 }, { _from: "a/1", _to: "a/3", v: 1 }]);
      const figures = e.figures(true);
      assertEqual([3, true], [figures.indexes.count, figures.cacheInUse]);
      for (
        const number of ["documentsSize", "cacheSize", "cacheUsage", "cacheLifeTimeHitRate", "cacheWindowedHitRate"]
      ) {
        assertTypeOf("number", figures[number], number);
      }
      assertEqual(2, figures.engine.documents);
      assertEqual(
        ["primary 2", "edge 2", "edge 2", "rocksdb-persistent 2"],
        figures.engine.indexes.map(({ type, count }) => `${type} ${count}`),
      );
      assertEqual("cacheInUse,cacheSize,cacheUsage,documentsSize,indexes", Object.keys(c.figures()).sort().join());
    },
    testWhatOnlyClustersHave() {
      for (const run of [() => c.shards(), () => c.shards(true), () => c.getResponsibleShard("a")]) {
        assertFails(1471, run);
      }
    },
    testSchema() {
      const rule = { properties: { n: { type: "number" } }, required: ["n"] };
      const s = db._create(other, { schema: { rule, level: "moderate", message: "needs n" } });
      assertFails(1620, () => s.insert({}));
      assertEqual([1620, undefined], s.insert([{ n: "x" }, { _key: "a", n: 1 }]).map((result) => result.errorNum));
      assertFails(1620, () => s.update("a", { n: "x" }));
      s.insert({ _key: "b" }, { skipDocumentValidation: true });
      s.update("b", { v: 1 });
      s.properties({ schema: { rule, level: "strict" } });
      assertFails(1620, () => s.update("b", { v: 2 }));
      s.properties({ schema: null });
      assertNull(s.properties().schema);
      s.update("b", { v: 2 });
      for (const bad of [{ rule: 1 }, { rule, level: "other" }, { rule, message: 1 }, { rule: { properties: 1 } }]) {
        assertFails(1621, () => s.properties({ schema: bad }));
      }
    },
  };
}
jsunity.run(collectionSuite);
return jsunity.done();

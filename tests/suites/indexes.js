/* Indexes: descriptions, what is no description, identifiers, and what unique, sparse and array indexes let in. */
"use strict";
const jsunity = require("jsunity");
const { db, errors } = require("@arangodb");
const { assertFails, assertSays } = require("assertions");

const BAD_PARAMETER = errors.ERROR_BAD_PARAMETER.code;
const UNIQUE = errors.ERROR_ARANGO_UNIQUE_CONSTRAINT_VIOLATED.code;
const NO_INDEX = errors.ERROR_ARANGO_INDEX_NOT_FOUND.code;
const HANDLE_BAD = errors.ERROR_ARANGO_INDEX_HANDLE_BAD.code;

function indexSuite() {
  const name = "SuiteIndexes";
  let c;
  const keysOf = (filter) => db._query(`FOR d IN ${name} FILTER ${filter} SORT d._key RETURN d._key`).toArray();
  return {
    setUp() {
      c = db._create(name);
    },
    tearDown() {
      db._drop(name);
    },

    testDescriptions() {
      const wanted = {
        persistent: [{ fields: ["a", "b.c"] }, {
          unique: false,
          sparse: false,
          deduplicate: true,
          estimates: true,
          cacheEnabled: false,
          selectivityEstimate: 1,
        }],
        hash: [{ fields: ["a"], unique: true }, { unique: true, sparse: false }],
        skiplist: [{ fields: ["a"], sparse: true }, { unique: false, sparse: true }],
        ttl: [{ fields: ["t"], expireAfter: 60 }, { expireAfter: 60, sparse: true, unique: false, estimates: false }],
        geo: [{ fields: ["l"], geoJson: true }, {
          geoJson: true,
          sparse: true,
          unique: false,
          worstIndexedLevel: 4,
          bestIndexedLevel: 17,
          maxNumCoverCells: 8,
        }],
        fulltext: [{ fields: ["t"], minLength: 3 }, { minLength: 3, sparse: true, unique: false }],
        mdi: [{ fields: ["x", "y"], fieldValueTypes: "double" }, {
          sparse: false,
          unique: false,
          fieldValueTypes: "double",
        }],
        "mdi-prefixed": [{ fields: ["x"], prefixFields: ["p"], fieldValueTypes: "double" }, { prefixFields: ["p"] }],
      };
      for (const [type, [definition, attributes]] of Object.entries(wanted)) {
        const made = c.ensureIndex({ type, ...definition });
        assertEqual([true, 201, type], [made.isNewlyCreated, made.code, made.type]);
        assertMatch(new RegExp(`^${name}/\\d+$`), made.id);
        assertMatch(/^idx_\d+$/, made.name);
        assertEqual(definition.fields, made.fields);
        for (const key of Object.keys(attributes)) assertEqual(attributes[key], made[key], `${type} ${key}`);
        const again = c.ensureIndex({ type, ...definition });
        assertEqual([false, 200, made.id], [again.isNewlyCreated, again.code, again.id]);
        assertEqual(made.name, c.index(made.id).name);
        assertTrue(c.dropIndex(made));
      }
      assertEqual(["primary"], c.indexes().map((index) => index.type));
    },
    testWhatIsNoDescription() {
      for (const value of [undefined, null, 1, "a", []]) {
        assertSays("usage: ensureIndex(<description>)", () => c.ensureIndex(value));
      }
      for (
        const bad of [
          {},
          { fields: ["a"] },
          { type: "other", fields: ["a"] },
          { type: "persistent" },
          { type: "persistent", fields: [] },
          { type: "persistent", fields: "a" },
          { type: "persistent", fields: [1] },
          { type: "persistent", fields: ["a", "a"] },
          { type: "persistent", fields: ["_id"] },
          { type: "persistent", fields: ["a[*]", "b[*]"] },
          { type: "persistent", fields: ["a"], storedValues: ["a"] },
          { type: "persistent", fields: ["a"], storedValues: ["b[*]"] },
          { type: "ttl", fields: ["t"] },
          { type: "ttl", fields: ["t"], expireAfter: -1 },
          { type: "ttl", fields: ["t", "u"], expireAfter: 1 },
          { type: "geo", fields: ["a", "b", "c"] },
          { type: "fulltext", fields: ["a", "b"] },
          { type: "mdi", fields: ["x"] },
          { type: "mdi-prefixed", fields: ["x"], fieldValueTypes: "double" },
        ]
      ) {
        assertFails(BAD_PARAMETER, () => c.ensureIndex(bad));
      }
      for (const index of ["1", "a/b", "x".repeat(257)]) {
        assertFails(1208, () => c.ensureIndex({ type: "persistent", fields: ["a"], name: index }));
      }
      c.ensureIndex({ type: "persistent", fields: ["a"], name: "taken" });
      assertFails(1005, () => c.ensureIndex({ type: "persistent", fields: ["b"], name: "taken" }));
      assertEqual("taken", c.ensureIndex({ type: "persistent", fields: ["a"], name: "other" }).name);
    },
    testIdentifiers() {
      const { id } = c.ensureIndex({ type: "persistent", fields: ["a"], name: "own" });
      for (
        const one of [id, id.split("/")[1], Number(id.split("/")[1]), "own", `${name}/own`, { id }, { name: "own" }]
      ) {
        assertEqual(id, c.index(one).id, JSON.stringify(one));
      }
      assertEqual([id, id], [db._index(id).id, db._index(`${name}/own`).id]);
      for (const one of [undefined, null, "", {}, true, `${name}/`, "a/b/c"]) {
        for (
          const run of [() => c.index(one), () => c.dropIndex(one), () => db._index(one), () => db._dropIndex(one)]
        ) {
          assertFails(HANDLE_BAD, run);
        }
      }
      for (const run of [() => c.index("none"), () => c.dropIndex(1), () => db._index(`${name}/1`)]) {
        assertFails(NO_INDEX, run);
      }
      assertFails(1213, () => c.index("other/0"));
      assertFails(11, () => c.dropIndex("primary"));
      assertTrue(db._dropIndex(id));
      assertFails(NO_INDEX, () => c.dropIndex("own"));
    },
    testOldHelpers() {
      const edges = db._createEdgeCollection(`${name}Edges`);
      try {
        for (
          const [made, type, fields, unique] of [
            [c.ensureHashIndex("a", "b"), "hash", ["a", "b"], false],
            [c.ensureUniqueConstraint("a", { sparse: true }), "hash", ["a"], true],
            [c.ensureSkiplist("a"), "skiplist", ["a"], false],
            [c.ensureUniqueSkiplist("b"), "skiplist", ["b"], true],
            [c.ensureFulltextIndex("t", 4), "fulltext", ["t"], false],
            [c.ensureGeoIndex("lat", "lon"), "geo", ["lat", "lon"], false],
            [edges.ensureVertexCentricIndex("w", { type: "persistent", direction: "outbound" }), "persistent", [
              "_from",
              "w",
            ], false],
          ]
        ) {
          assertEqual([type, fields, unique, true], [made.type, made.fields, made.unique, made.isNewlyCreated]);
        }
      } finally {
        edges.drop();
      }
    },
    testUniqueValues() {
      c.ensureIndex({ type: "persistent", fields: ["v"], unique: true });
      const values = [0, "0", false, true, "", [], [0], {}, { a: 0 }, -1, 1.5];
      values.forEach((v) => c.insert({ v }));
      values.forEach((v) => assertFails(UNIQUE, () => c.insert({ v })));
      assertFails(UNIQUE, () => c.insert({ v: -0 }));
      c.insert({ _key: "none" });
      assertFails(UNIQUE, () => c.insert({ v: null }));
      for (const run of [() => c.update("none", { v: 0 }), () => c.replace("none", { v: "0" })]) {
        assertFails(UNIQUE, run);
      }
      assertFails(UNIQUE, () => db._query(`INSERT {v: 0} INTO ${name}`));
    },
    testUniqueValuesWithNulls() {
      c.ensureIndex({ type: "persistent", fields: ["v"], unique: true });
      c.insert([{ v: { y: 1 } }, { _key: "array", v: [1, [2]] }]);
      for (const v of [{ x: null, y: 1 }, { y: 1, z: null }, [1, [2], null], [1, [2, null], null, null]]) {
        assertFails(UNIQUE, () => c.insert({ v }));
      }
      c.update("array", { v: [1, [2, null]] });
      c.insert([{ v: [null, 1, [2]] }, { v: { x: {}, y: 1 } }, { v: { x: { z: null }, y: 2 } }]);
      assertFails(UNIQUE, () => c.insert({ v: { x: {}, y: 2 } }));
      c.remove("array");
      c.insert({ v: [1, [2], null] });
      assertEqual(5, c.count());
    },
    testUniqueIndexOverDocumentsThatShareAValue() {
      c.insert([{ v: 1 }, { v: 1 }]);
      assertFails(UNIQUE, () => c.ensureIndex({ type: "persistent", fields: ["v"], unique: true }));
      assertEqual(1, c.indexes().length);
    },
    testSparseUnique() {
      c.ensureIndex({ type: "persistent", fields: ["a", "b"], unique: true, sparse: true });
      c.insert([{}, {}, { a: 1 }, { a: 1 }, { a: 1, b: null }, { a: 1, b: 1 }]);
      assertEqual(6, c.count());
      assertFails(UNIQUE, () => c.insert({ a: 1, b: 1 }));
      assertEqual(2, db._query(`FOR d IN ${name} FILTER d.a == null RETURN 1`).toArray().length);
    },
    testArrays() {
      c.ensureIndex({ type: "persistent", fields: ["a[*]"], unique: true });
      c.insert([{ _key: "1", a: [1, 2, 2] }, { _key: "2", a: [3] }, { _key: "3", a: 1 }, { _key: "4", a: 1 }, {
        _key: "5",
      }]);
      assertFails(UNIQUE, () => c.insert({ a: [9, 2] }));
      assertEqual([["1"], ["2"]], [keysOf("2 IN d.a[*]"), keysOf("3 IN d.a")]);
      c.truncate();
      c.dropIndex(c.indexes()[1]);
      c.ensureIndex({ type: "persistent", fields: ["a[*].b"], unique: true, deduplicate: false });
      assertFails(UNIQUE, () => c.insert({ a: [{ b: 1 }, { b: 1 }] }));
    },
    testEstimates() {
      c.ensureIndex({ type: "persistent", fields: ["v"], name: "v" });
      c.ensureIndex({ type: "persistent", fields: ["w"], name: "w", estimates: false });
      c.insert(Array.from({ length: 200 }, (_, i) => ({ v: i % 2 })));
      assertTrue(Math.abs(c.index("v").selectivityEstimate - 0.01) < 0.005);
      assertFalse("selectivityEstimate" in c.index("w"));
      assertTypeOf("number", c.getIndexes(true)[1].figures.memory);
    },
    testQueriesUseThem() {
      c.insert(
        Array.from({ length: 100 }, (_, i) => ({ _key: `k${i}`, v: i % 10, p: [i % 10, i % 7], t: `word${i % 10}` })),
      );
      const typesOf = (rest) =>
        db._createStatement(`FOR d IN ${name} ${rest}`).explain().plan.nodes.map((node) => node.type);
      c.ensureIndex({ type: "persistent", fields: ["v"] });
      c.ensureIndex({ type: "geo", fields: ["p"] });
      c.ensureIndex({ type: "fulltext", fields: ["t"] });
      for (
        const rest of [
          "FILTER d.v == 1 RETURN d",
          "FILTER d['v'] > 5 RETURN d",
          "SORT d.v RETURN d",
          "FILTER d._key == 'k1' RETURN d",
          "SORT DISTANCE(d.p[0], d.p[1], 0, 0) LIMIT 1 RETURN d",
          "SORT DISTANCE(d.p[0], d.p[1], 0, 0) DESC LIMIT 1 RETURN d",
        ]
      ) {
        assertTrue(typesOf(rest).includes("IndexNode"), rest);
      }
      assertFalse(typesOf("FILTER d.w == 1 RETURN d").includes("IndexNode"));
      assertEqual(10, keysOf("d.v == 1").length);
      assertEqual(10, c.fulltext("t", "word3").toArray().length);
      assertEqual("k0", c.near(0, 0).limit(1).toArray()[0]._key);
    },
    testExpiry() {
      const internal = require("internal");
      c.ensureIndex({ type: "ttl", fields: ["t"], expireAfter: 0 });
      const past = Date.now() / 1000 - 10;
      c.insert([
        { _key: "past", t: past },
        { _key: "text", t: "2020-01-01T00:00:00Z" },
        { _key: "future", t: past + 1e6 },
        { _key: "word", t: "soon" },
        { _key: "none" },
        { _key: "bool", t: true },
      ]);
      const { frequency } = internal.ttlProperties();
      internal.ttlProperties({ frequency: 50 });
      try {
        for (let i = 0; i < 200 && c.count() > 4; i++) internal.wait(0.1);
        assertEqual(["bool", "future", "none", "word"], keysOf("true"));
      } finally {
        internal.ttlProperties({ frequency });
      }
      for (const bad of [{ frequency: "often" }, { active: 1 }, { maxTotalRemoves: -1 }]) {
        assertFails(BAD_PARAMETER, () => internal.ttlProperties(bad));
      }
    },
  };
}
jsunity.run(indexSuite);
return jsunity.done();

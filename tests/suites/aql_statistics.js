/* The counters of queries and of their plans' nodes. */
"use strict";
const jsunity = require("jsunity");
const { db, errors } = require("@arangodb");
const { assertFails } = require("assertions");
const NAME = "UnitTestsStatistics";
const EDGES = NAME + "Edges";

const extra = (query, options) => db._query(query, {}, options).getExtra();

/** Fails unless queries count what their rows say: query, counters, options. */
function assertCounted(rows) {
  for (const [query, expected, options] of rows) {
    const { stats } = extra(query, options);
    const counted = Object.fromEntries(Object.keys(expected).map((name) => [name, stats[name]]));
    assertEqual(expected, counted, query);
  }
}

/** The nodes of a profiled query in the order of its plan, each as `Type calls/items`. */
function profileOf(query, options = {}) {
  const { plan, stats } = extra(query, { profile: 2, ...options });
  const nodes = new Map(stats.nodes.map((node) => [node.id, node]));
  assertEqual(plan.nodes.map(({ id }) => id).sort(), [...nodes.keys()].sort(), query);
  return plan.nodes.map(({ id, type }) => `${type.slice(0, -4)} ${nodes.get(id).calls}/${nodes.get(id).items}`).join(
    " ",
  );
}

function CounterSuite() {
  return {
    setUpAll: function () {
      db._create(NAME).insert(
        Array.from({ length: 3000 }, (_, i) => ({ _key: "k" + i, v: i, w: i % 10, t: "t" + i % 3 })),
      );
      db[NAME].ensureIndex({ type: "persistent", fields: ["w"] });
      db[NAME].ensureIndex({ type: "persistent", fields: ["t"] });
      db._createEdgeCollection(EDGES);
      db[EDGES].insert(Array.from({ length: 5 }, (_, i) => ({ _from: `${NAME}/k${i}`, _to: `${NAME}/k${i + 1}` })));
    },
    tearDownAll: function () {
      db._drop(NAME);
      db._drop(EDGES);
    },

    testScans: function () {
      assertCounted([
        [`FOR d IN ${NAME} RETURN d`, { scannedFull: 3000, scannedIndex: 0, filtered: 0, cursorsCreated: 0 }],
        [`FOR d IN ${NAME} FILTER d.v < 10 RETURN d`, { scannedFull: 3000, filtered: 2990 }],
        [`FOR d IN ${NAME} LIMIT 10, 5 RETURN d`, { scannedFull: 15 }],
        [`FOR d IN ${NAME} LIMIT 10, 5 RETURN d`, { scannedFull: 3000, fullCount: 3000 }, { fullCount: true }],
        [`FOR a IN ${NAME} LIMIT 2 FOR b IN ${NAME} FILTER NOOPT(b.v) > 2998 RETURN b`, {
          scannedFull: 6002,
          filtered: 5998,
        }],
      ]);
    },

    testIndexes: function () {
      assertCounted([
        [`FOR d IN ${NAME} FILTER d.w == 3 RETURN d`, { scannedFull: 0, scannedIndex: 300, documentLookups: 300 }],
        [`FOR d IN ${NAME} FILTER d.w == 3 RETURN d.w`, { scannedIndex: 300, documentLookups: 0, cursorsCreated: 1 }],
        [`FOR d IN ${NAME} FILTER d.w == 3 AND d.v < 100 RETURN d`, { scannedIndex: 300, filtered: 290 }],
        [`FOR d IN ${NAME} FILTER d._key IN ["k1", "k2", "none"] RETURN d`, { scannedIndex: 2, documentLookups: 2 }],
        // as many entries as rows, however many have the same value
        [`FOR d IN ${NAME} SORT d.w LIMIT 3 RETURN d`, { scannedIndex: 3 }],
        [`FOR d IN ${NAME} SORT d.w DESC LIMIT 3 RETURN d.w`, { scannedIndex: 3 }],
        [`FOR d IN ${NAME} FILTER d.w > 8 SORT d.w LIMIT 300, 3 RETURN d`, { scannedIndex: 300 }],
      ]);
      assertEqual(["t0", "t0"], db._query(`FOR d IN ${NAME} SORT d.t LIMIT 2 RETURN d.t`).toArray());
    },

    testCursorsAreUsedAgainForFurtherRows: function () {
      assertCounted([
        [`FOR i IN 1..5 FOR d IN ${NAME} FILTER d.w == i RETURN 1`, { cursorsCreated: 1, cursorsRearmed: 4 }],
        [`FOR i IN 1..5 FOR d IN ${NAME} FILTER d._key == CONCAT("k", i) RETURN d`, {
          cursorsCreated: 1,
          cursorsRearmed: 4,
        }],
        [`FOR i IN [] FOR d IN ${NAME} FILTER d.w == i RETURN 1`, { cursorsCreated: 0, cursorsRearmed: 0 }],
      ]);
    },

    testMemoryIsToldInStepsOf32Kilobytes: function () {
      assertCounted([["RETURN 1", { peakMemoryUsage: 0 }]]);
      const { peakMemoryUsage } = extra("FOR i IN 1..100000 RETURN i").stats;
      assertTrue(peakMemoryUsage > 0);
      assertEqual(0, peakMemoryUsage % 32768);
    },

    testWrites: function () {
      const taken = '{_key: "k1"}';
      assertCounted([
        [`FOR i IN 1..3 INSERT ${taken} INTO ${NAME} OPTIONS {ignoreErrors: true}`, {
          writesExecuted: 0,
          writesIgnored: 3,
        }],
        [`FOR i IN 1..3 INSERT ${taken} INTO ${NAME} OPTIONS {overwriteMode: "update"}`, { writesExecuted: 3 }],
        [`FOR k IN ["k1", "new"] UPSERT {_key: k} INSERT {_key: k} UPDATE {} INTO ${NAME}`, { writesExecuted: 2 }],
        [`FOR k IN ["new", "none"] REMOVE k IN ${NAME} OPTIONS {ignoreErrors: true}`, {
          writesExecuted: 1,
          writesIgnored: 1,
        }],
        [`FOR d IN ${NAME} LIMIT 2 UPDATE d WITH {} IN ${NAME}`, { writesExecuted: 2, fullCount: 3000 }, {
          fullCount: true,
        }],
      ]);
    },

    testWhatIsCommittedOnTheWayStays: function () {
      const other = NAME + "Other";
      const collection = db._create(other);
      const insert = `FOR i IN 1..100 INSERT {_key: CONCAT("k", i), v: "0123456789"} INTO ${other}`;
      const update = `FOR d IN ${other} UPDATE d WITH {v: d.v + 1} IN ${other} RETURN NEW.v`;
      try {
        assertCounted([
          [insert, { writesExecuted: 100, intermediateCommits: 10 }, { intermediateCommitCount: 10 }],
          [update, { writesExecuted: 100, intermediateCommits: 14 }, { intermediateCommitCount: 7 }],
          [update, { intermediateCommits: 1 }, { intermediateCommitCount: 100 }],
          [update, { intermediateCommits: 0 }, { intermediateCommitCount: 101 }],
          [`FOR d IN ${other} REMOVE d IN ${other}`, { intermediateCommits: 2 }, { intermediateCommitCount: 50 }],
          [insert, { writesExecuted: 100, intermediateCommits: 100 }, { intermediateCommitSize: 1 }],
          [`FOR i IN 1..100 UPSERT {_key: CONCAT("k", i)} INSERT {} UPDATE {w: OLD.v} IN ${other}`, {
            writesExecuted: 100,
            intermediateCommits: 33,
          }, { intermediateCommitCount: 3 }],
        ]);
        assertEqual(100, db._query(`FOR d IN ${other} FILTER d.w == "0123456789" RETURN d`).toArray().length);
        // the 26th row finds its key taken, after two commits
        const twice = `FOR i IN 1..30 INSERT {_key: i == 26 ? "n1" : CONCAT("n", i)} INTO ${other}`;
        assertFails(errors.ERROR_ARANGO_UNIQUE_CONSTRAINT_VIOLATED.code, () => extra(twice));
        assertEqual(100, collection.count());
        const committed = { intermediateCommitCount: 10 };
        assertFails(errors.ERROR_ARANGO_UNIQUE_CONSTRAINT_VIOLATED.code, () => extra(twice, committed));
        assertEqual(120, collection.count());
        const tooLarge = () =>
          extra(`FOR d IN ${other} REPLACE d WITH {v: "0123456789"} IN ${other}`, {
            maxTransactionSize: 200,
          });
        assertFails(errors.ERROR_RESOURCE_LIMIT.code, tooLarge);
        assertEqual([], collection.byExample({ v: "0123456789", w: null }).toArray());
      } finally {
        db._drop(other);
      }
    },

    testFullCountsAreThoseOfTheLastLimit: function () {
      const options = { fullCount: true };
      assertCounted([
        ["FOR i IN 1..10 LIMIT 0 RETURN i", { fullCount: 10 }, options],
        ["FOR i IN 1..10 LIMIT 20, 5 SORT i DESC RETURN i", { fullCount: 10 }, options],
        ["FOR i IN 1..10 LIMIT 3 LIMIT 2 RETURN i", { fullCount: 3 }, options],
        ["FOR i IN 1..10 LIMIT 5 FILTER i > 2 RETURN i", { fullCount: 10 }, options],
        ["FOR i IN 1..10 FILTER i > 2 LIMIT 5 RETURN i", { fullCount: 8 }, options],
        ["FOR i IN 1..10 LET s = (FOR j IN 1..5 LIMIT 2 RETURN j) LIMIT 3 RETURN s", { fullCount: 10 }, options],
        ["FOR i IN 1..10 FOR j IN 1..1000 LIMIT 2500, 10 RETURN j", { fullCount: 10000 }, options],
        [`FOR d IN ${NAME} SORT d.v LIMIT 1000, 1000 RETURN d.v`, { fullCount: 3000 }, options],
      ]);
    },
  };
}

function ProfileSuite() {
  return {
    setUpAll: function () {
      db._create(NAME).insert(Array.from({ length: 10000 }, (_, value) => ({ value })));
    },
    tearDownAll: function () {
      db._drop(NAME);
    },

    testNodesAreCalledForEachThousandOfTheirRows: function () {
      for (const [rows, calls] of [[1, 1], [999, 1], [1000, 1], [1001, 2], [2000, 2], [2001, 3]]) {
        const own = `${calls}/${rows}`;
        const list = `Singleton 1/1 Calculation 1/1 EnumerateList ${own}`;
        assertEqual(`${list} Return ${own}`, profileOf(`FOR i IN 1..${rows} RETURN i`));
        assertEqual(`${list} Sort ${own} Return ${own}`, profileOf(`FOR i IN 1..${rows} SORT i DESC RETURN i`));
      }
      assertEqual("Singleton 1/1 Calculation 1/1 EnumerateList 1/0 Return 1/0", profileOf("FOR i IN [] RETURN i"));
    },
    testTheManualsExample: function () {
      const query = `FOR d IN ${NAME} FILTER d.value < 10 RETURN d`;
      assertEqual("Singleton 1/1 EnumerateCollection 1/10 Return 1/10", profileOf(query));
      assertEqual(
        "Singleton 1/1 EnumerateCollection 10/10000 Calculation 10/10000 Filter 1/10 Return 1/10",
        profileOf(query, { optimizer: { rules: ["-all"] } }),
      );
    },
    testSkippedRowsCountAsRowsOfTheSameCall: function () {
      assertEqual(
        "Singleton 1/1 Calculation 1/1 EnumerateList 1/15 Limit 1/5 Return 1/5",
        profileOf("FOR i IN 1..100 LIMIT 10, 5 RETURN i"),
      );
    },
    testSubqueriesHaveTheNodesOfThePlan: function () {
      const profile = profileOf("FOR i IN 1..3 LET s = (FOR j IN 1..2 RETURN NOOPT(j)) RETURN s");
      assertMatch(/SubqueryStart 1\/3 .* SubqueryEnd 1\/3 Return 1\/3$/, profile);
      assertMatch(/EnumerateList 3\/6/, profile);
    },
    testPlansOfProfilesTellLess: function () {
      // as recorded in `RestCursorProfileQuery`
      const query = "LET s = SLEEP(0.001) RETURN 1";
      const { nodes, variables } = extra(query, { profile: 2 }).plan;
      const [calculation] = nodes.filter(({ expression }) => expression?.name === "SLEEP");
      assertFalse("functions" in calculation);
      assertEqual([{ type: "array", typeID: 41, raw: [0.001] }], calculation.expression.subNodes);
      assertTrue(nodes.every(({ outVariable = {} }) => !("constantValue" in outVariable)));
      assertEqual([1], variables.flatMap(({ constantValue = [] }) => constantValue));
      const text = require("@arangodb/aql/explainer").profileQuery({ query, options: { colors: false } }, false);
      assertMatch(/LET s = SLEEP\(0\.001\) /, text);
      assertEqual(-1, text.indexOf("Functions used"));
    },
    testLevels: function () {
      const keys = (profile) => Object.keys(extra("RETURN 1", { profile })).sort().join();
      assertEqual(["stats,warnings", "profile,stats,warnings", "plan,profile,stats,warnings"], [0, 1, 2].map(keys));
    },
  };
}

jsunity.run(CounterSuite);
jsunity.run(ProfileSuite);
return jsunity.done();

/* Plans: which rules are named, what they leave of the nodes, and that results are the same without them. */
"use strict";
const jsunity = require("jsunity");
const { db } = require("@arangodb");
const { getCompactPlan } = require("@arangodb/aql-helper");

const PLAIN = { optimizer: { rules: ["-all"] } };

const explained = (query, options = {}) => db._createStatement({ query, options }).explain().plan;
const typesOf = (query, options) => getCompactPlan({ plan: explained(query, options) }).map(({ type }) => type);
const rulesOf = (query, options) => explained(query, options).rules;
const nodeOf = (query, type) => explained(query).nodes.find((node) => node.type === type);
const filtersOf = (query) => explained(query).nodes.map(({ filter }) => filter).filter(Boolean);
function assertSameResults(query) {
  const rowsWith = (options) => db._query(query, {}, options).toArray().map(JSON.stringify).sort();
  assertEqual(rowsWith(PLAIN), rowsWith({}), query);
}

function indexesSuite() {
  const name = "SuiteIndexed";
  const edges = "SuiteIndexedEdges";
  return {
    setUpAll() {
      const c = db._create(name);
      c.insert(Array.from({ length: 1000 }, (_, i) => ({
        a: i % 10,
        b: i % 7,
        c: i,
        s: i % 3 === 0 ? null : i,
        x: i,
        y: i % 5 === 0 ? null : i,
        g: { h: i % 10 },
        l: [i % 4],
        n: [i % 2],
        v: i % 4,
        w: i % 3,
        // of long documents only the attributes are read that a loop needs
        pad: "x".repeat(1000),
      })));
      c.ensureIndex({ type: "persistent", fields: ["a", "b"], name: "a_b" });
      c.ensureIndex({ type: "persistent", fields: ["b", "a"], name: "b_a" });
      c.ensureIndex({ type: "persistent", fields: ["v"], storedValues: ["w"], name: "stored" });
      c.ensureIndex({ type: "persistent", fields: ["n[*]", "a"] });
      db._createEdgeCollection(edges).insert(
        Array.from({ length: 9 }, (_, i) => ({ _from: `v/${i % 3}`, _to: `v/${(i * 2) % 5}`, w: i })),
      );
      c.ensureIndex({ type: "persistent", fields: ["s"], sparse: true });
      c.ensureIndex({ type: "persistent", fields: ["l", "s"], sparse: true });
      c.ensureIndex({ type: "persistent", fields: ["g.h"], name: "g_h" });
      c.ensureIndex({ type: "mdi", fields: ["x", "y"], fieldValueTypes: "double", sparse: true });
      c.ensureIndex({
        type: "mdi-prefixed",
        prefixFields: ["s"],
        fields: ["c"],
        fieldValueTypes: "double",
        sparse: true,
      });
    },
    tearDownAll() {
      db._drop(name);
      db._drop(edges);
    },

    testGroupsOfAnIndex() {
      const groups = `FOR d IN ${name} COLLECT a = d.a, b = d.b RETURN { a, b }`;
      assertEqual(["SingletonNode", "IndexCollectNode", "CalculationNode", "ReturnNode"], typesOf(groups));
      assertTrue(rulesOf(groups).includes("use-index-for-collect"));
      // as the release notes of 3.12 have it
      assertFalse(rulesOf(groups).includes("optimize-projections"));
      assertEqual([["a"], ["b"]], nodeOf(groups, "IndexCollectNode").groups.map(({ attribute }) => attribute));
      assertEqual([], nodeOf(groups, "IndexCollectNode").aggregates);
      assertSameResults(groups);
      const disabled = `FOR d IN ${name} COLLECT a = d.a, b = d.b OPTIONS { disableIndex: true } RETURN { a, b }`;
      assertFalse(rulesOf(disabled).includes("use-index-for-collect"));
      assertSameResults(disabled);
      assertSameResults(`FOR d IN ${name} COLLECT h = d.g.h RETURN h`);
      assertSameResults(`FOR d IN ${name} RETURN DISTINCT d.g.h`);
    },
    testAggregationsOfAnIndex() {
      const query = `FOR d IN ${name} COLLECT a = d.a AGGREGATE b = MAX(d.b), s = SUM(d.a + d.b) RETURN { a, b, s }`;
      assertEqual(["SingletonNode", "IndexCollectNode", "CalculationNode", "ReturnNode"], typesOf(query));
      const [max, sum] = nodeOf(query, "IndexCollectNode").aggregates;
      assertEqual(["MAX", "b", "attribute access", "b"], [
        max.type,
        max.outVariable.name,
        max.expression.type,
        max.expression.name,
      ]);
      assertEqual(["SUM", "plus"], [sum.type, sum.expression.type]);
      assertSameResults(query);
      const { stats } = db._query(query).getExtra();
      assertEqual([1000, 0, 0], [stats.scannedIndex, stats.scannedFull, stats.documentLookups]);
      for (const rest of ["AGGREGATE m = MAX(d.c)", "AGGREGATE n = SUM(1)", "WITH COUNT INTO n", "INTO g"]) {
        assertFalse(
          rulesOf(`FOR d IN ${name} COLLECT a = d.a ${rest} RETURN a`).includes("use-index-for-collect"),
          rest,
        );
      }
      assertFalse(
        rulesOf(`FOR d IN ${name} FILTER d.c > 1 COLLECT a = d.a AGGREGATE m = MAX(d.b) RETURN m`)
          .includes("use-index-for-collect"),
      );
    },
    testWholeIndexesInsteadOfDocuments() {
      const covered = {
        "RETURN d._key": "primary",
        "RETURN { k: d._key, i: d._id }": "primary",
        "RETURN d.b": "a_b",
        "COLLECT AGGREGATE m = MAX(d.b) RETURN m": "a_b",
        "FILTER d.b % 2 == 1 RETURN d.a": "a_b",
        "RETURN d.g.h": "g_h",
        "RETURN [d.v, d.w]": "stored",
      };
      for (const [rest, index] of Object.entries(covered)) {
        const query = `FOR d IN ${name} ${rest}`;
        const node = nodeOf(query, "IndexNode");
        assertEqual([index], node.indexes.map((one) => one.name), rest);
        assertEqual(["covering", true, {}], [node.strategy, node.indexCoversProjections, node.condition], rest);
        assertTrue(rulesOf(query).includes("reduce-extraction-to-projection"), rest);
        assertSameResults(query);
        const { scannedFull, scannedIndex, documentLookups } = db._query(query).getExtra().stats;
        assertEqual([0, 1000, 0], [scannedFull, scannedIndex, documentLookups], rest);
      }
      // as keys lie in their index
      const keys = db._query(`FOR d IN ${name} RETURN d._key`).toArray();
      assertEqual([...keys].sort(), keys);
      const whole = [
        "RETURN d",
        "RETURN d.pad",
        "RETURN d.s",
        "RETURN d.n",
        "FILTER d.c > 5 RETURN d.a",
        "OPTIONS { disableIndex: true } RETURN d.a",
        "OPTIONS { maxProjections: 1 } RETURN [d.a, d.b]",
        "UPDATE d WITH { a: d.a } IN SuiteIndexed",
      ];
      for (const rest of whole) {
        assertEqual("EnumerateCollectionNode", typesOf(`FOR d IN ${name} ${rest}`)[1], rest);
      }
      const hinted = `FOR d IN ${name} OPTIONS { indexHint: "b_a" } RETURN d.a`;
      assertEqual("b_a", nodeOf(hinted, "IndexNode").indexes[0].name);
    },
    // release notes of 3.5
    testEndsOfEdges() {
      for (
        const [rest, isCovered] of [["RETURN e._to", true], ["RETURN [e._from, e._to]", true], ["RETURN e.w", false]]
      ) {
        const query = `FOR e IN ${edges} FILTER e._from == "v/1" ${rest}`;
        const { strategy, indexCoversProjections, indexes } = nodeOf(query, "IndexNode");
        assertEqual(["edge", isCovered, isCovered], [
          indexes[0].type,
          strategy === "covering",
          indexCoversProjections,
        ]);
        assertSameResults(query);
        const { scannedIndex, documentLookups } = db._query(query).getExtra().stats;
        assertEqual([3, isCovered ? 0 : 3], [scannedIndex, documentLookups], rest);
      }
      assertSameResults(`FOR e IN ${edges} FILTER e._to IN ["v/0", "v/2", "v/9"] RETURN e._from`);
      assertSameResults(`FOR e IN ${edges} FILTER e._to == "v/0" || e._from == "v/0" RETURN [e._from, e._to]`);
      assertSameResults(`FOR e IN ${edges} FILTER e._from == "v/0" LIMIT 1, 1 RETURN e._from`);
      assertEqual("EnumerateCollectionNode", typesOf(`FOR e IN ${edges} RETURN e._to`)[1]);
    },
    testSparseIndexes() {
      const served = [
        "FILTER d.s < 10 FILTER d.s != null",
        "FILTER d.s == 4",
        "FILTER d.s > 990",
        "FILTER d.s >= 990 && null != d.s SORT d.s",
        "FILTER d.x < 10 && d.x != null && d.y != null",
      ];
      for (const rest of served) {
        const query = `FOR d IN ${name} ${rest} RETURN d.c`;
        assertTrue(typesOf(query).includes("IndexNode"), rest);
        assertFalse(typesOf(query).includes("FilterNode"), rest);
        assertSameResults(query);
      }
      const joins = [
        `FOR o IN ${name} FILTER o.c < 9 FOR d IN ${name} FILTER d.s == o.s && d.s != null RETURN [o.c, d.c]`,
        `FOR o IN [[1], [3]] FOR d IN ${name} FILTER d.l == o && d.l != null && d.s != null RETURN d.c`,
      ];
      for (const joined of joins) {
        assertTrue(typesOf(joined).includes("IndexNode"), joined);
        assertSameResults(joined);
      }
      const missing = [
        "d.s == null",
        "d.s < 10",
        "d.s != null",
        "d.s IN [null, 1]",
        "d.x < 10",
        "d.s == null && d.c > 7",
      ];
      for (const rest of missing) {
        const query = `FOR d IN ${name} FILTER ${rest} RETURN d.c`;
        assertFalse(typesOf(query).includes("IndexNode"), rest);
        assertSameResults(query);
      }
    },
  };
}

function conditionsSuite() {
  const name = "SuiteConditions";
  return {
    setUpAll() {
      db._create(name).insert([{ p: 1 }, { p: 5 }, { p: 9 }, { p: null }, { p: "5" }, { p: [] }, {}]);
    },
    tearDownAll() {
      db._drop(name);
    },

    testNormalForm() {
      const forms = {
        "5 == d.p": "compare ==",
        "5 < d.p": "compare >",
        "5 >= d.p": "compare <=",
        "NOT (d.p == 5)": "compare !=",
        "NOT (d.p != 5)": "compare ==",
        "NOT (d.p < 5)": "compare >=",
        "NOT (d.p >= 5)": "compare <",
        "NOT (d.p IN [1, 5])": "unary not",
        "IS_NULL(d.p)": "compare ==",
        "d.p IN [5]": "compare ==",
      };
      for (const [condition, type] of Object.entries(forms)) {
        const query = `FOR d IN ${name} FILTER ${condition} RETURN d.p`;
        const [filter] = filtersOf(query);
        assertEqual(type, filter.type, condition);
        if (type !== "unary not") assertEqual("attribute access", filter.subNodes[0].type, condition);
        assertSameResults(query);
      }
      const counts = { "5 < d.p": 3, "NOT (d.p == 5)": 6, "IS_NULL(d.p)": 2, "5 == d.p": 1, "NOT (d.p < 5)": 4 };
      for (const [condition, count] of Object.entries(counts)) {
        assertEqual(count, db._query(`FOR d IN ${name} FILTER ${condition} RETURN 1`).toArray().length, condition);
      }
    },
    testNothingToCompareWith() {
      const never = ["d.p IN []", "[] ANY == d.p", "[] ANY IN [d.p]"];
      const always = ["d.p NOT IN []", "[] ALL == d.p", "[] NONE > d.p"];
      for (const condition of [...never, ...always]) {
        const query = `FOR d IN ${name} FILTER ${condition} RETURN d.p`;
        assertEqual(never.includes(condition), typesOf(query).includes("NoResultsNode"), condition);
        assertEqual([], filtersOf(query), condition);
        assertEqual(never.includes(condition) ? 0 : 7, db._query(query).toArray().length, condition);
      }
      assertEqual([], db._query(`FOR d IN ${name} FILTER d.p IN @list RETURN d`, { list: [] }).toArray());
      // there are members only in arrays
      for (const quantifier of ["ALL", "NONE"]) {
        const query = `FOR d IN ${name} FILTER [] ${quantifier} IN d.p RETURN d.p`;
        assertEqual([[]], db._query(query).toArray(), query);
      }
    },
    testListsToSort() {
      const rules = (list) => rulesOf(`LET l = ${list} FOR d IN ${name} FILTER d.p IN l RETURN d`);
      assertTrue(rules(`(FOR o IN ${name} RETURN o.p)`).includes("sort-in-values"));
      assertTrue(rules(`(FOR o IN ${name} LIMIT 8 RETURN o.p)`).includes("sort-in-values"));
      // short ones are looked through as they are
      assertFalse(rules(`(FOR o IN ${name} LIMIT 7 RETURN o.p)`).includes("sort-in-values"));
      assertFalse(rules("[1, 2, 3]").includes("sort-in-values"));
    },
    testTimesOfRules() {
      const stats = (options) =>
        db._createStatement({ query: `FOR d IN ${name} FILTER d.p == 1 RETURN d` }).explain(options).stats;
      assertEqual({}, stats({}).rules);
      assertEqual({}, stats({ profile: 1 }).rules);
      const { rules, rulesExecuted } = stats({ profile: 2 });
      const names = Object.keys(rules);
      assertTrue(names.includes("use-indexes") && names.includes("move-filters-into-enumerate"));
      assertTrue(names.length <= rulesExecuted);
      for (const one of names) assertTypeOf("number", rules[one], one);
      const some = stats({ profile: 2, optimizer: { rules: ["-use-indexes"] } });
      assertFalse(Object.hasOwn(some.rules, "use-indexes"));
    },
    testQuantifierText() {
      const { explain } = require("@arangodb/aql/explainer");
      const query = `FOR d IN ${name} FILTER d.p AT LEAST (1 + 1) == 5 RETURN d`;
      assertTrue(explain({ query, options: { colors: false } }, {}, false).includes("(d.`p` AT LEAST (2) == 5)"));
    },
    testTextsOfExpansions() {
      const { explain } = require("@arangodb/aql/explainer");
      const texts = {
        "l[*].x": "l[*].`x`",
        "l[*].x[*].y": "l[*].`x`[*].`y`",
        "l[**].x[0]": "l[**].`x`[0]",
        "l[* FILTER CURRENT.x > 1 LIMIT 2 RETURN CURRENT.x].y":
          "l[* FILTER (CURRENT.`x` > 1) LIMIT 0, 2 RETURN CURRENT.`x`].`y`",
        "l[?]": "l[?]",
        "l[? FILTER CURRENT.x]": "l[? FILTER CURRENT.`x`]",
        "l[? 1..2 FILTER CURRENT.x]": "l[? 1..2 FILTER CURRENT.`x`]",
        "l[? NONE FILTER CURRENT.x]": "l[? NONE FILTER CURRENT.`x`]",
      };
      for (const [expression, expected] of Object.entries(texts)) {
        const query = `FOR l IN NOOPT([]) RETURN ${expression}`;
        const text = explain({ query, options: { colors: false } }, {}, false);
        assertTrue(text.includes(` = ${expected}   /* simple`), text);
      }
    },
  };
}

function groupsSuite() {
  const loops = "FOR a IN 1..4 FOR b IN [{ y: a, z: 2 }, { y: 3 }] COLLECT x = a % 2 INTO g";
  return {
    // release notes of 3.4
    testWhatIsReadOfGroupsIsKept() {
      for (
        const [result, ...kept] of [
          ["g[*].b.y", "b"],
          ["[g[*].a, g[0].b.z]", "a", "b"],
          ["[g[0].b.y, g[-1].b]", "b"],
          ["g[* FILTER CURRENT.a > 1].a", "a"],
          ["g[* FILTER CURRENT.a > 1].b.y", "a", "b"],
          ["g[* RETURN CURRENT.b.y + 1]", "b"],
          ["(FOR y IN g[*].b.y SORT y RETURN y)", "b"],
          ["g[*].nothing", "a", "b"],
          ["g[* RETURN CURRENT]", "a", "b"],
          ["LENGTH(g)", "a", "b"],
          ["(FOR one IN g RETURN one.a)", "a", "b"],
          ["g", "a", "b"],
        ]
      ) {
        const query = `${loops} RETURN { x, r: ${result} }`;
        const { keepVariables } = nodeOf(query, "CollectNode");
        assertEqual(kept, keepVariables.map(({ variable }) => variable.name).sort(), result);
        assertEqual(kept.length < 2, rulesOf(query).includes("remove-collect-variables"), result);
        assertSameResults(query);
      }
    },
  };
}

function joinsSuite() {
  return {
    setUpAll() {
      const orders = db._create("SuiteOrders");
      orders.insert(Array.from({ length: 2000 }, (_, i) => ({ user: `u${i % 50}`, total: i })));
      orders.ensureIndex({ type: "persistent", fields: ["user"], storedValues: ["total"] });
      db._create("SuiteUsers").insert(Array.from({ length: 60 }, (_, i) => ({ _key: `u${i}`, n: i })));
    },
    tearDownAll() {
      db._drop("SuiteOrders");
      db._drop("SuiteUsers");
    },

    testJoin() {
      // the example of the release notes of 3.12
      const query = `FOR o IN SuiteOrders FOR u IN SuiteUsers FILTER o.user == u._key
        RETURN { orderTotal: o.total, user: u }`;
      const infos = nodeOf(query, "JoinNode").indexInfos;
      assertEqual(["SuiteOrders", "SuiteUsers"], infos.map(({ collection }) => collection));
      assertEqual([[["total"]], "primary"], [infos[0].projections.map(({ path }) => path), infos[1].index.type]);
      assertTrue(rulesOf(query).includes("join-index-nodes"));
      assertSameResults(query);
      const separate = { optimizer: { rules: ["-join-index-nodes"] } };
      assertFalse(typesOf(query, separate).includes("JoinNode"));
    },
  };
}

function geoSuite() {
  const name = "SuiteGeo";
  return {
    setUpAll() {
      const c = db._create(name);
      for (let lat = -80; lat <= 80; lat += 20) {
        for (let lon = -170; lon <= 180; lon += 35) {
          c.insert({ lat, lon, pair: [lat, lon], shape: { type: "Point", coordinates: [lon, lat] } });
        }
      }
      c.ensureIndex({ type: "geo", fields: ["lat", "lon"] });
      c.ensureIndex({ type: "geo", fields: ["pair"] });
      c.ensureIndex({ type: "geo", fields: ["shape"], geoJson: true });
    },
    tearDownAll() {
      db._drop(name);
    },

    testOrders() {
      const distances = [
        "DISTANCE(d.lat, d.lon, 12, 34)",
        "DISTANCE(12, 134, d.pair[0], d.pair[1])",
        "GEO_DISTANCE([34, 12], d.shape)",
        "GEO_DISTANCE(d.shape, GEO_POINT(-34, -12))",
        "GEO_DISTANCE([34, 12], [d.lon, d.lat])",
      ];
      for (const distance of distances) {
        for (const rest of ["", "DESC", "LIMIT 5", "DESC LIMIT 5"]) {
          const query = `FOR d IN ${name} SORT ${distance} ${rest} RETURN ROUND(${distance})`;
          assertTrue(rulesOf(query).includes("geo-index-optimizer"), query);
          assertFalse(typesOf(query).includes("SortNode"), query);
          assertEqual(db._query(query, {}, PLAIN).toArray(), db._query(query).toArray(), query);
        }
        const near = `FOR d IN ${name} FILTER ${distance} < 3000000 RETURN d._key`;
        assertTrue(typesOf(near).includes("IndexNode"), near);
        assertSameResults(near);
      }
      const other = `FOR d IN ${name} SORT GEO_DISTANCE([34, 12], [d.lat, d.lon]) RETURN d`;
      assertFalse(rulesOf(other).includes("geo-index-optimizer"));
    },

    // the manual warns that results differ: such an index has the latitude first, the functions have the longitude first
    testPairsAreReadAsTheIndexReadsThem() {
      const box = "GEO_POLYGON([[[30, -30], [60, -30], [60, 50], [30, 50], [30, -30]]])";
      const point = "GEO_POINT(40, 20)";
      const swapped = [
        [`FILTER GEO_CONTAINS(${box}, d.pair) SORT d._key`, `FILTER GEO_CONTAINS(${box}, [d.lon, d.lat]) SORT d._key`],
        [
          `FILTER GEO_INTERSECTS(${box}, d.pair) SORT d._key`,
          `FILTER GEO_CONTAINS(${box}, [d.lon, d.lat]) SORT d._key`,
        ],
        [
          `FILTER GEO_DISTANCE(d.pair, ${point}) < 3000000 SORT d._key`,
          `FILTER GEO_DISTANCE([d.lon, d.lat], ${point}) < 3000000 SORT d._key`,
        ],
        [`SORT GEO_DISTANCE(${point}, d.pair)`, `SORT GEO_DISTANCE(${point}, [d.lon, d.lat])`],
        [`SORT GEO_DISTANCE(d.pair, ${point}) DESC`, `SORT GEO_DISTANCE(${point}, [d.lon, d.lat]) DESC`],
      ];
      for (const [byPair, byNumbers] of swapped) {
        const query = `FOR d IN ${name} ${byPair} LIMIT 9 RETURN d._key`;
        assertTrue(rulesOf(query).includes("geo-index-optimizer"), query);
        const expected = db._query(`FOR d IN ${name} ${byNumbers} LIMIT 9 RETURN d._key`, {}, PLAIN).toArray();
        assertTrue(expected.length > 0, byNumbers);
        assertEqual(expected, db._query(query).toArray(), query);
      }
    },
  };
}

function constantsSuite() {
  const idsOf = (query, options) => explained(query, options).nodes.map(({ id }) => id);
  const resultOf = (query) => db._query(query).toArray();
  return {
    // the ids are those of the plans in the release notes of 3.12 and 3.11
    testVariables() {
      const objects = `LET source = [{ a: 1, b: 2 }, { c: 3 }]
        FOR doc IN source FOR [key, value] IN ENTRIES(doc) RETURN CONCAT(key, value)`;
      assertEqual([1, 2, 4, 6, 9, 10], idsOf(objects));
      const plain = { optimizer: { rules: ["-replace-entries-with-object-iteration"] } };
      assertEqual([1, 2, 4, 5, 6, 9, 10], idsOf(objects, plain));
      assertSameResults(objects);

      const sums = "LET a = 1 LET b = a + 1, c = b + a RETURN [a, b, c]";
      assertEqual(["SingletonNode", "CalculationNode", "ReturnNode"], typesOf(sums));
      assertEqual([[1, 2, 3]], resultOf(sums));
      assertEqual([[3, 1]], resultOf("LET [a, { b }] = [3, { b: 1 }] RETURN [a, b]"));
      assertTrue(typesOf("LET a = 99 FOR i IN 1..3 FILTER a > 100 RETURN i").includes("NoResultsNode"));
      assertEqual([2, 3], resultOf("LET [from, count] = [1, 2] FOR i IN 1..5 LIMIT from, count RETURN i"));
      assertEqual([[1, 1], [2, 1]], resultOf("LET a = 1 FOR i IN 1..2 COLLECT x = i INTO g KEEP a RETURN [x, g[0].a]"));
      const start = "LET start = 'SuiteNowhere/1' FOR v IN ANY SHORTEST_PATH start TO start SuiteLinks RETURN v";
      db._createEdgeCollection("SuiteLinks");
      try {
        assertEqual("SuiteNowhere/1", nodeOf(start, "ShortestPathNode").startVertexId);
      } finally {
        db._drop("SuiteLinks");
      }
    },
    testVariablesThatAreNotConstant() {
      const query = "LET a = NOOPT(1) RETURN [a, a + 1]";
      assertEqual(["SingletonNode", "CalculationNode", "CalculationNode", "ReturnNode"], typesOf(query));
      assertEqual([[1, 2]], resultOf(query));
    },
    testSortNull() {
      const groups = "FOR i IN 1..10 COLLECT v = i % 2 INTO group SORT null RETURN { v, group }";
      assertEqual([1, 2, 3, 4, 5, 8, 9], idsOf(groups));
      assertTrue(rulesOf(groups).includes("remove-redundant-sorts"));
      assertEqual(
        ["SingletonNode", "CalculationNode", "EnumerateListNode", "CollectNode", "ReturnNode"],
        typesOf("FOR i IN 1..10 COLLECT v = i SORT null RETURN v"),
      );
      assertTrue(typesOf("FOR i IN 1..3 SORT null RETURN i", PLAIN).includes("SortNode"));
      assertFalse(typesOf("FOR i IN 1..3 SORT null RETURN i").includes("SortNode"));
      const node = nodeOf("FOR i IN [3, 1] SORT 1, i RETURN i", "SortNode");
      assertEqual(["i"], node.elements.map(({ inVariable }) => inVariable.name));
      assertEqual([1, 3], resultOf("FOR i IN [3, 1] SORT i SORT null RETURN i"));
      assertEqual([3, 1], resultOf("FOR i IN [3, 1] SORT null LIMIT 2 RETURN i"));
    },
  };
}

jsunity.run(indexesSuite);
jsunity.run(constantsSuite);
jsunity.run(conditionsSuite);
jsunity.run(joinsSuite);
jsunity.run(geoSuite);
jsunity.run(groupsSuite);
return jsunity.done();

/* Traversals and searches of paths: what they give, warn of and refuse. */
"use strict";
const jsunity = require("jsunity");
const { db, errors } = require("@arangodb");
const { assertFails } = require("assertions");
const graphs = require("@arangodb/general-graph");
const V = "SuitePlaces";
const E = "SuiteRoads";
const OTHER = "SuiteFerries";
const GRAPH = "SuiteMap";
const BAD_START = {
  code: errors.ERROR_BAD_PARAMETER.code,
  message: "Invalid input for traversal: Only id strings or objects with _id are allowed",
};
const BAD_END = {
  code: errors.ERROR_BAD_PARAMETER.code,
  message: "Invalid input for Shortest Path: Only id strings or objects with _id are allowed",
};
const missing = (id) => ({
  code: errors.ERROR_ARANGO_DOCUMENT_NOT_FOUND.code,
  message: `vertex '${id}' not found`,
});

const query = (text, bindVars = {}) => db._query(text, bindVars);
const rows = (text, bindVars) => query(text, bindVars).toArray();
const sorted = (text, bindVars) => rows(text, bindVars).sort();
const assertRefused = ({ code }, text, bindVars) => assertFails(code, () => query(text, bindVars));

/*
 * A -1-> B -2-> C -1-> D -1-> A, A -10-> C, a second road from A to B of length 3, a loop at E, D -(-1)-> E;
 * a ferry from A to X, of which nothing is stored, and from there to F.
 */
function createMap() {
  db._create(V).insert(["A", "B", "C", "D", "E", "F"].map((key, n) => ({ _key: key, n })));
  const edge = (from, to, w, suffix = "") => ({
    _key: from + to + suffix,
    _from: `${V}/${from}`,
    _to: `${V}/${to}`,
    w,
  });
  db._createEdgeCollection(E).insert([
    edge("A", "B", 1),
    edge("B", "C", 2),
    edge("A", "C", 10),
    edge("C", "D", 1),
    edge("D", "A", 1),
    edge("D", "E", -1),
    edge("E", "E", 1),
    edge("A", "B", 3, "2"),
  ]);
  db._createEdgeCollection(OTHER).insert([edge("A", "X"), edge("X", "F")]);
  graphs._create(GRAPH, [graphs._relation(E, [V], [V])]);
}
function dropMap() {
  graphs._drop(GRAPH);
  [V, E, OTHER].forEach((name) => db._drop(name));
}

function traversalsSuite() {
  const from = (depth, rest = "RETURN v._key") => `FOR v, e, p IN ${depth} OUTBOUND '${V}/A' ${E} ${rest}`;
  return {
    setUpAll: createMap,
    tearDownAll: dropMap,

    testDepths() {
      assertEqual(["A"], rows(from("0")));
      assertEqual(["A"], rows(from("0..0")));
      assertEqual(["B", "B", "C"], sorted(from("")));
      assertEqual(["C", "C", "D"], sorted(from("2")));
      assertEqual(["A", "B", "B", "C", "C", "C", "D"], sorted(from("0..2.0")));
      assertEqual(
        [[null, [0]], ["AB", [0, 1]]],
        rows(from("0..1", "FILTER e == null OR e._key == 'AB' RETURN [e._key, p.weights]")),
      );
      for (const depth of ["1.5", "-1", "2..1", "'x'", "null", "[1]", "1..1.5", "1..'2'", "true"]) {
        assertRefused(errors.ERROR_QUERY_PARSE, from(depth));
      }
      assertRefused(errors.ERROR_QUERY_PARSE, `FOR x IN 1..2 ${from("1..x")}`);
      assertEqual(["B", "B", "C"], sorted(from("@low..@high"), { low: 1, high: 1 }));
      // nothing but the end of the graph ends it
      assertEqual(["F", null], rows(`FOR v IN 1..1000000 OUTBOUND '${V}/A' ${OTHER} RETURN v._key`).sort());
    },
    testStarts() {
      const of = (start, bindVars) => query(`FOR v IN OUTBOUND ${start} ${E} RETURN v._key`, bindVars);
      for (const start of [`{_id: '${V}/A'}`, `CONCAT('${V}', '/A')`, `DOCUMENT('${V}/A')`, "@start"]) {
        const bindVars = start === "@start" ? { start: `${V}/A` } : {};
        assertEqual(["B", "B", "C"], of(start, bindVars).toArray().sort(), start);
      }
      for (const start of ["''", "'A'"]) {
        assertEqual([[], [BAD_START]], [of(start).toArray(), of(start).getExtra().warnings], start);
      }
      for (const start of ["null", "1", "true", "[]", "{}", "{_id: 1}", "{_key: 'A'}"]) {
        assertRefused(errors.ERROR_QUERY_PARSE, `FOR v IN OUTBOUND ${start} ${E} RETURN v`);
      }
      const each = query(`FOR s IN ['${V}/D', null, 'x', {_id: '${V}/A'}] FOR v IN OUTBOUND s ${E} RETURN v._key`);
      assertEqual(["A", "B", "B", "C", "E"], each.toArray().sort());
      assertEqual([BAD_START, BAD_START], each.getExtra().warnings);
    },
    testWhatIsMissing() {
      const ferries = query(
        `FOR v, e, p IN 1..2 OUTBOUND '${V}/A' ${OTHER} RETURN [v._key, e._key, p.vertices[*]._key]`,
      );
      assertEqual([[null, "AX", ["A", null]], ["F", "XF", ["A", null, "F"]]], ferries.toArray());
      assertEqual([missing(`${V}/X`)], ferries.getExtra().warnings);
      const nowhere = query(`FOR v IN 0..1 OUTBOUND '${V}/nowhere' ${E} RETURN v`);
      assertEqual([[null], [missing(`${V}/nowhere`)]], [nowhere.toArray(), nowhere.getExtra().warnings]);
      const unread = query(`FOR v, e IN OUTBOUND '${V}/A' ${OTHER} RETURN e._key`);
      assertEqual([["AX"], []], [unread.toArray(), unread.getExtra().warnings]);
    },
    testUniqueness() {
      const keys = (options) => sorted(from("1..3", `OPTIONS ${options} RETURN v._key`));
      assertEqual(["B", "C", "D", "E"], keys("{ order: 'bfs', uniqueVertices: 'global' }"));
      assertEqual(["B", "B", "C", "C", "C", "D", "D", "D", "E"], keys("{ uniqueVertices: 'path' }"));
      assertEqual(["A", "B", "B", "C", "C", "C", "D", "D", "D", "E"], keys("{ uniqueVertices: 'none' }"));
      const loops = (option) =>
        rows(`FOR v IN 1..3 OUTBOUND '${V}/E' ${E} OPTIONS { uniqueEdges: '${option}' } RETURN 1`);
      assertEqual([1, 3], [loops("path").length, loops("none").length]);
      for (
        const options of [
          "{ uniqueVertices: 'global' }",
          "{ uniqueVertices: 'global', order: 'dfs' }",
          "{ uniqueEdges: 'global' }",
          "{ order: 'up' }",
        ]
      ) assertRefused(errors.ERROR_BAD_PARAMETER, from("1..2", `OPTIONS ${options} RETURN v`));
    },
    testOrders() {
      const depths = (order) => rows(from("0..3", `OPTIONS { order: '${order}' } RETURN LENGTH(p.edges)`));
      assertEqual([0, 1, 1, 1, 2, 2, 2, 3, 3, 3, 3], depths("bfs"));
      depths("dfs").reduce((before, depth) => (assertTrue(depth <= before + 1), depth), -1);
      const costs = (rest) => rows(from("1..2", `OPTIONS { order: 'weighted', ${rest} } RETURN p.weights[-1]`));
      assertEqual([1, 3, 3, 5, 10, 11], costs("weightAttribute: 'w'"));
      assertEqual([2.5, 2.5, 2.5, 5, 5, 5], costs("weightAttribute: 'none', defaultWeight: 2.5"));
      assertEqual([1, 1, 1, 2, 2, 2], costs("uniqueVertices: 'none'"));
      const toE = from("1..3", "OPTIONS { order: 'weighted', weightAttribute: 'w' } RETURN v");
      assertFails(errors.ERROR_GRAPH_NEGATIVE_EDGE_WEIGHT.code, () => rows(toE));
      assertRefused(
        errors.ERROR_GRAPH_NEGATIVE_EDGE_WEIGHT,
        from("1", "OPTIONS { order: 'weighted', defaultWeight: -1 } RETURN v"),
      );
    },
    testCollections() {
      const both = (options) =>
        sorted(`FOR v IN 1..2 OUTBOUND '${V}/A' ${E}, ${OTHER} OPTIONS ${options} RETURN v._key`);
      assertEqual(["F", null], both(`{ edgeCollections: '${OTHER}' }`).sort());
      assertEqual(["B", "B", "C", "C", "C", "D"], both(`{ edgeCollections: ['${E}'], vertexCollections: ['${V}'] }`));
      assertRefused(
        errors.ERROR_ARANGO_DATA_SOURCE_NOT_FOUND,
        from("1", "OPTIONS { vertexCollections: 'nowhere' } RETURN v"),
      );
      assertRefused(errors.ERROR_ARANGO_COLLECTION_TYPE_INVALID, `FOR v IN OUTBOUND '${V}/A' ${V} RETURN v`);
      assertRefused(errors.ERROR_ARANGO_DATA_SOURCE_NOT_FOUND, `FOR v IN OUTBOUND '${V}/A' nowhere RETURN v`);
      assertRefused(errors.ERROR_GRAPH_NOT_FOUND, `FOR v IN OUTBOUND '${V}/A' GRAPH 'nowhere' RETURN v`);
      assertEqual(["B", "B", "C"], sorted(`FOR v IN OUTBOUND '${V}/A' GRAPH @graph RETURN v._key`, { graph: GRAPH }));
      const mixed = `FOR v, e IN OUTBOUND '${V}/F' ${E}, INBOUND ${OTHER} RETURN e._key`;
      assertEqual(["XF"], rows(mixed));
      assertEqual(["DE", "EE", "EE"], sorted(`FOR v, e IN ANY '${V}/E' ${E} RETURN e._key`));
    },
    testUnknownOptions() {
      const { warnings } = query(from("1", "OPTIONS { color: 'red' } RETURN v")).getExtra();
      assertEqual([errors.ERROR_QUERY_INVALID_OPTIONS_ATTRIBUTE.code], warnings.map(({ code }) => code));
    },
    testPruning() {
      const pruned = (depth, rest) => sorted(from(depth, rest));
      assertEqual(["A"], pruned("0..3", "PRUNE v._key == 'A' RETURN v._key"));
      assertEqual(["A", "B", "B", "C", "C", "C"], pruned("0..3", "PRUNE v._key == 'C' RETURN v._key"));
      assertEqual([], pruned("2..3", "PRUNE true RETURN v._key"));
      assertEqual(["C", "C", "C"], pruned("1..3", "PRUNE ends = v._key == 'C' FILTER ends RETURN v._key"));
      assertEqual(
        ["B", "B"],
        pruned("1..3", "PRUNE ends = v._key == 'C' OPTIONS { order: 'bfs' } FILTER NOT ends RETURN v._key"),
      );
      assertEqual(["B", "B", "C", "C", "C", "D"], pruned("1..3", "PRUNE LENGTH(p.edges) == 2 RETURN v._key"));
      assertRefused(errors.ERROR_QUERY_PARSE, from("1..3", "PRUNE (FOR x IN 1..2 RETURN x) RETURN v"));
      for (const call of ["DOCUMENT(v)", "call('LENGTH', p)", "VERSION()", "!COLLECTION_COUNT('x')", "a::b(v)"]) {
        assertRefused(errors.ERROR_QUERY_PARSE, from("1..3", `PRUNE ${call} RETURN v`));
      }
    },
    testConditionsOnPaths() {
      const conditions = {
        "p.vertices[1]._key == 'C'": ["A", "C", "D", "E"],
        "p.vertices[*]._key ALL != 'B'": ["A", "C", "D", "E"],
        "p.vertices[*]._key ANY == 'B'": ["B", "B", "C", "C", "D", "D"],
        "p.vertices[*]._key NONE IN ['B', 'D']": ["C"],
        "p.edges[*].w ALL > 1": ["B", "C", "C"],
        "p.edges[*].w AT LEAST (2) == 1": ["A", "D"],
        "p.edges[-1].w == 1": ["A", "B", "D", "D", "D"],
        "p.vertices[-1].n == 3": ["D", "D", "D"],
        "p.vertices[-2].n == 2": ["D", "D", "D"],
        "p.edges[1].w == null": ["B", "B", "C"],
        "p.edges[5].w == 1": [],
        "p.vertices[* FILTER CURRENT.n > 1] == []": ["B", "B"],
        "p.vertices[? 2 FILTER CURRENT.n > 1]": ["A", "D", "D", "D"],
        "'B' IN p.vertices[*]._key": ["B", "B", "C", "C", "D", "D"],
        "p.edges[0].w == 10 AND p.vertices[1]._key == 'C' OR p.vertices[1]._key == 'nowhere'": ["A", "C", "D", "E"],
        "LENGTH(p.edges) == 3 AND v._key != 'D'": ["A", "E"],
      };
      for (const [condition, expected] of Object.entries(conditions)) {
        const text = from("1..3", `FILTER ${condition} RETURN v._key`);
        assertEqual(expected, sorted(text), condition);
        const plain = db._query(text, {}, { optimizer: { rules: ["-all"] } }).toArray().sort();
        assertEqual(expected, plain, condition);
      }
    },
    testCountsAndLimits() {
      assertEqual([10], rows(`RETURN LENGTH(${from("1..3", "RETURN 1")})`));
      assertEqual([10], rows(from("1..3", "COLLECT WITH COUNT INTO n RETURN n")));
      assertEqual(3, rows(from("1..3", "LIMIT 2, 3 RETURN 1")).length);
      assertEqual([], rows(from("1..3", "LIMIT 0 RETURN 1")));
      const { stats } = db._query(from("1..3", "LIMIT 4 RETURN 1"), {}, { fullCount: true }).getExtra();
      assertEqual(10, stats.fullCount);
    },
    testWritesBeforeIt() {
      assertRefused(
        errors.ERROR_QUERY_ACCESS_AFTER_MODIFICATION,
        `INSERT {} INTO ${V} FOR v IN OUTBOUND '${V}/A' ${E} RETURN v`,
      );
    },
  };
}

function pathsSuite() {
  const path = (search, from, to, rest = "RETURN p.edges[*]._key") =>
    `FOR p IN OUTBOUND ${search} '${V}/${from}' TO '${V}/${to}' ${E} ${rest}`;
  const shortest = (from, to, rest = "RETURN [v._key, e._key]", direction = "OUTBOUND") =>
    `FOR v, e IN ${direction} SHORTEST_PATH '${V}/${from}' TO '${V}/${to}' ${E} ${rest}`;
  const SEARCHES = ["K_SHORTEST_PATHS", "ALL_SHORTEST_PATHS", "K_PATHS"];
  return {
    setUpAll: createMap,
    tearDownAll: dropMap,

    testShortestPath() {
      assertEqual([["A", null], ["C", "AC"], ["D", "CD"]], rows(shortest("A", "D")));
      const weighted = "OPTIONS { weightAttribute: 'w' } RETURN [v._key, e._key]";
      assertEqual([["A", null], ["B", "AB"], ["C", "BC"], ["D", "CD"]], rows(shortest("A", "D", weighted)));
      assertEqual([["D", null], ["C", "CD"], ["B", "BC"], ["A", "AB"]], rows(shortest("D", "A", weighted, "INBOUND")));
      assertEqual([["A", null]], rows(shortest("A", "A")));
      assertEqual([], rows(shortest("E", "A")));
      assertEqual(["E", "D", "C"], rows(shortest("E", "C", "RETURN v._key", "ANY")));
      assertEqual([[null]], rows(`FOR v, e IN OUTBOUND SHORTEST_PATH '${V}/x' TO '${V}/x' ${E} RETURN [e]`));
      assertFails(errors.ERROR_GRAPH_NEGATIVE_EDGE_WEIGHT.code, () => rows(shortest("A", "E", weighted)));
      const negative = shortest("A", "B", "OPTIONS { weightAttribute: 'w', defaultWeight: -1 } RETURN v");
      assertRefused(errors.ERROR_GRAPH_NEGATIVE_EDGE_WEIGHT, negative);
    },
    testKShortestPaths() {
      assertEqual(["AC", "CD"], rows(path("K_SHORTEST_PATHS", "A", "D"))[0]);
      assertEqual([2, 3, 3], rows(path("K_SHORTEST_PATHS", "A", "D", "RETURN LENGTH(p.edges)")));
      const weighted = path(
        "K_SHORTEST_PATHS",
        "A",
        "D",
        "OPTIONS { weightAttribute: 'w' } RETURN [p.weight, p.edges[0]._key]",
      );
      assertEqual([[4, "AB"], [6, "AB2"], [11, "AC"]], rows(weighted));
      assertEqual(1, rows(path("K_SHORTEST_PATHS", "A", "D", "LIMIT 1, 1 RETURN p")).length);
      const [self] = rows(path("K_SHORTEST_PATHS", "A", "A", "RETURN [p.edges, p.vertices[*]._key, p.weight]"));
      assertEqual([[], ["A"], 0], self);
      const toE = path("K_SHORTEST_PATHS", "A", "E", "OPTIONS { weightAttribute: 'w' } RETURN p");
      assertFails(errors.ERROR_GRAPH_NEGATIVE_EDGE_WEIGHT.code, () => rows(toE));
    },
    testAllShortestPaths() {
      assertEqual([["AC", "CD"]], rows(path("ALL_SHORTEST_PATHS", "A", "D")));
      assertEqual([["AB"], ["AB2"]], rows(path("ALL_SHORTEST_PATHS", "A", "B")).sort());
      assertEqual(
        [["edges", "vertices"]],
        rows(path("ALL_SHORTEST_PATHS", "A", "B", "LIMIT 1 RETURN SORTED(ATTRIBUTES(p))")),
      );
      // others would be the shortest ones without some edges
      assertEqual([], rows(path("ALL_SHORTEST_PATHS", "A", "D", "FILTER p.edges[*].w ALL < 5 RETURN p")));
    },
    // sections 11.3 to 11.5 of aql.md
    testAttributesOfPaths() {
      for (
        const [search, expected] of [
          ["K_SHORTEST_PATHS", ["edges", "vertices", "weight"]],
          ["ALL_SHORTEST_PATHS", ["vertices", "edges"]],
          ["K_PATHS", ["vertices", "edges"]],
        ]
      ) assertEqual(JSON.stringify(expected), JSON.stringify(Object.keys(rows(path(search, "A", "B", "RETURN p"))[0])));
    },
    testKPaths() {
      const paths = (depth, from, to, direction = "OUTBOUND") =>
        rows(`FOR p IN ${depth} ${direction} K_PATHS '${V}/${from}' TO '${V}/${to}' ${E} RETURN p.edges[*]._key`)
          .sort();
      assertEqual([["AB", "BC", "CD"], ["AB2", "BC", "CD"], ["AC", "CD"]], paths("1..4", "A", "D"));
      assertEqual([["AB"], ["AB2"]], paths("", "A", "B"));
      assertEqual([["AB", "BC"], ["AB2", "BC"]], paths("2", "A", "C"));
      assertEqual([["AC"], ["BC", "AB"], ["BC", "AB2"]], paths("1..3", "C", "A", "INBOUND"));
      assertEqual([["AB", "BC"], ["AB2", "BC"], ["AC"], ["DA", "CD"]], paths("1..2", "A", "C", "ANY"));
      assertEqual([[[]], []], [paths("0..2", "A", "A"), paths("1..2", "A", "A")]);
      for (const depth of ["1.5", "3..1", "-1..2"]) {
        assertRefused(
          errors.ERROR_QUERY_PARSE,
          `FOR p IN ${depth} OUTBOUND K_PATHS '${V}/A' TO '${V}/D' ${E} RETURN p`,
        );
      }
    },
    testEnds() {
      for (const search of SEARCHES) {
        assertEqual([], rows(path(search, "A", "nowhere")), search);
        const bad = query(`FOR p IN OUTBOUND ${search} 'A' TO '${V}/D' ${E} RETURN p`);
        assertEqual([[], [BAD_END]], [bad.toArray(), bad.getExtra().warnings], search);
        assertRefused(errors.ERROR_QUERY_PARSE, `FOR p IN OUTBOUND ${search} null TO '${V}/D' ${E} RETURN p`);
        assertRefused(errors.ERROR_QUERY_PARSE, `FOR v, p IN OUTBOUND ${search} '${V}/A' TO '${V}/D' ${E} RETURN p`);
      }
      const some = query(
        `FOR t IN [null, 1, '${V}/B'] FOR v IN OUTBOUND SHORTEST_PATH '${V}/A' TO t ${E} RETURN v._key`,
      );
      assertEqual([["A", "B"], [BAD_END, BAD_END]], [some.toArray(), some.getExtra().warnings]);
    },
    testMissingVertices() {
      for (const search of SEARCHES) {
        const found = query(`FOR p IN OUTBOUND ${search} '${V}/A' TO '${V}/X' ${OTHER} RETURN p.vertices[*]._key`);
        assertEqual([[["A", null]], [missing(`${V}/X`)]], [found.toArray(), found.getExtra().warnings], search);
      }
    },
    testMemory() {
      for (const order of ["dfs", "bfs", "weighted"]) {
        const text =
          `FOR v, e, p IN 1..30 ANY '${V}/A' ${E} OPTIONS { order: '${order}', uniqueEdges: 'none' } RETURN p`;
        assertFails(errors.ERROR_RESOURCE_LIMIT.code, () => db._query(text, {}, { memoryLimit: 1000000 }).toArray());
      }
    },
  };
}

jsunity.run(traversalsSuite);
jsunity.run(pathsSuite);
return jsunity.done();

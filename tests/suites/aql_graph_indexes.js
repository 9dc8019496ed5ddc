/* Which indexes traversals find edges by, what hints change about that, and what explain tells of it. */
"use strict";
const jsunity = require("jsunity");
const { db } = require("@arangodb");
const V = "SuiteStops";
const E = "SuiteLines";

/** Names of the indexes of a traversal: those of all levels, and those of single ones. */
function indexesOf(search, filter = "", options = {}) {
  const query = `FOR v, e, p IN ${search} ${E} OPTIONS ${JSON.stringify(options)} ${filter} RETURN p`;
  const { indexes } = db._createStatement({ query }).explain().plan.nodes.find(({ type }) => type === "TraversalNode");
  const names = (list) => list.map(({ name }) => name);
  const levels = Object.entries(indexes.levels).map(([level, list]) => [level, names(list)]);
  const rows = (rules) =>
    db._query(query, {}, { optimizer: { rules } }).toArray().map((one) => JSON.stringify(one)).sort();
  assertEqual(rows(["-all"]), rows([]), query);
  return [names(indexes.base), Object.fromEntries(levels)];
}
const START = `'${V}/0'`;
const hint = (outbound) => ({ indexHint: { [E]: { outbound } } });

function vertexCentricIndexesSuite() {
  return {
    setUpAll() {
      db._create(V).insert(Array.from({ length: 50 }, (_, n) => ({ _key: `${n}` })));
      const edges = [];
      for (let n = 0; n < 50; n++) {
        for (let k = 1; k <= 20; k++) {
          edges.push({ _from: `${V}/${n}`, _to: `${V}/${(n * 7 + k * 3) % 50}`, kind: `k${k % 10}`, x: k, y: -k });
        }
      }
      db._createEdgeCollection(E).insert(edges);
      db[E].ensureIndex({ type: "persistent", fields: ["_from", "kind"], name: "fromKind" });
      db[E].ensureIndex({ type: "persistent", fields: ["_to", "kind"], name: "toKind" });
      db[E].ensureIndex({ type: "persistent", fields: ["_from", "x"], name: "fromX" });
      db[E].ensureIndex({ type: "persistent", fields: ["kind"], name: "kind" });
      db[E].ensureIndex({
        type: "mdi-prefixed",
        prefixFields: ["_to", "kind"],
        fields: ["x", "y"],
        fieldValueTypes: "double",
        name: "box",
      });
    },
    tearDownAll() {
      db._drop(E);
      db._drop(V);
    },

    testConditionsOnAllEdges() {
      const filter = "FILTER p.edges[*].kind ALL == 'k3'";
      assertEqual([["fromKind"], {}], indexesOf(`1..3 OUTBOUND ${START}`, filter));
      assertEqual([["toKind"], {}], indexesOf(`1..3 INBOUND ${START}`, filter));
      assertEqual([["fromKind", "toKind"], {}], indexesOf(`1..2 ANY ${START}`, filter));
      assertEqual([["fromX"], {}], indexesOf(`1..3 OUTBOUND ${START}`, "FILTER p.edges[*].x ALL >= 19"));
      const inBox = `${filter} FILTER p.edges[*].x ALL > 2 FILTER p.edges[*].y ALL > -20`;
      assertEqual([["box"], {}], indexesOf(`1..3 INBOUND ${START}`, inBox));
    },
    testConditionsOnOneEdge() {
      const filter = "FILTER p.edges[1].kind == 'k3' FILTER p.edges[0].y == -3 FILTER p.edges[5].kind == null";
      assertEqual([["edge"], { 0: ["edge"], 1: ["fromKind"] }], indexesOf(`2..3 OUTBOUND ${START}`, filter));
      const both = "FILTER p.edges[*].kind ALL == 'k3' FILTER p.edges[0].x == 3";
      assertEqual([["fromKind"], { 0: ["fromX"] }], indexesOf(`2..2 OUTBOUND ${START}`, both));
    },
    testWhatNoIndexServes() {
      const none = [["edge"], {}];
      assertEqual(none, indexesOf(`1..2 OUTBOUND ${START}`));
      for (const condition of ["kind NONE == 'k3'", "kind ANY == 'k3'", "y ALL == -3", "kind ALL != 'k3'"]) {
        assertEqual(none, indexesOf(`1..2 OUTBOUND ${START}`, `FILTER p.edges[*].${condition}`), condition);
      }
      const either = "FILTER p.edges[0].kind == 'k3' OR p.edges[0].x == 4";
      assertEqual(none, indexesOf(`1..2 OUTBOUND ${START}`, either));
      const nodes = "FILTER p.vertices[*]._key ALL != '1'";
      assertEqual(none, indexesOf(`1..2 OUTBOUND ${START}`, nodes));
      // a vertex that is visited once may be found by an edge that the filter drops
      const once = { uniqueVertices: "global", order: "bfs" };
      const query = `FOR v, e, p IN 1..2 OUTBOUND ${START} ${E} OPTIONS ${JSON.stringify(once)}
        FILTER p.edges[*].kind ALL == 'k3' RETURN p`;
      const node = db._createStatement(query).explain().plan.nodes.find(({ type }) => type === "TraversalNode");
      assertEqual("edge", node.indexes.base[0].name);
    },
    testLastEdge() {
      assertEqual([["edge"], { 0: ["fromKind"] }], indexesOf(`OUTBOUND ${START}`, "FILTER e.kind == 'k3'"));
      assertEqual([["edge"], { 1: ["fromX"] }], indexesOf(`0..2 OUTBOUND ${START}`, "FILTER e.x > 19"));
      assertEqual([["edge"], {}], indexesOf(`0..2 OUTBOUND ${START}`, "FILTER v._key != '3'"));
      const { scannedIndex } = db._query(`FOR v, e IN OUTBOUND ${START} ${E} FILTER e.kind == 'k3' RETURN e`)
        .getExtra().stats;
      assertEqual(2, scannedIndex);
    },
    testHints() {
      const filter = "FILTER p.edges[1].kind == 'k3'";
      assertEqual([["fromX"], {}], indexesOf(`1..2 OUTBOUND ${START}`, "", hint({ base: "fromX" })));
      assertEqual([["edge"], {}], indexesOf(`1..2 OUTBOUND ${START}`, "", hint({ base: ["box", "kind", "none"] })));
      const edgeOnly = hint({ base: ["edge"] });
      assertEqual([["edge"], {}], indexesOf(`1..2 OUTBOUND ${START}`, "FILTER p.edges[*].kind ALL == 'k3'", edgeOnly));
      const levels = { base: ["edge"], 1: ["none", "fromX"], 0: "fromKind" };
      assertEqual([["edge"], { 1: ["fromX"] }], indexesOf(`2..2 OUTBOUND ${START}`, filter, hint(levels)));
      assertEqual(
        [["toKind"], {}],
        indexesOf(`1..1 INBOUND ${START}`, "", {
          indexHint: { [E]: { inbound: { base: "toKind" }, outbound: { base: "fromX" } }, [V]: {} },
        }),
      );
    },
    testWrongHints() {
      const warning = "usage of invalid value for OPTIONS attribute 'indexHint' in TRAVERSAL statement";
      for (const indexHint of ["fromKind", { [E]: { any: {} } }, { [E]: { inbound: { first: "toKind" } } }, hint(1)]) {
        const query = `FOR v IN OUTBOUND ${START} ${E} OPTIONS ${JSON.stringify({ indexHint })} RETURN 1`;
        assertEqual([{ code: 1539, message: warning }], db._query(query).getExtra().warnings);
      }
    },
    testText() {
      const query = `FOR v, e, p IN 2..2 ANY ${START} ${E} FILTER p.edges[1].kind == 'k3' RETURN v`;
      const text = require("@arangodb/aql/explainer").explain({ query, options: { colors: false } }, {}, false);
      const used = text.slice(text.indexOf("Indexes used:"), text.indexOf("Traversals on graphs:")).trim().split("\n");
      const cells = used.slice(2).map((line) => line.trim().split(/ {2,}/));
      assertEqual([
        ["edge", "base OUTBOUND"],
        ["edge", "base INBOUND"],
        ["fromKind", "level 1 OUTBOUND"],
        ["toKind", "level 1 INBOUND"],
      ], cells.map((line) => [line[1], line.at(-1)]));
    },
  };
}

jsunity.run(vertexCentricIndexesSuite);
return jsunity.done();

/* Named graphs: their definitions, their collections, edges that fit or do not, and what goes with a vertex. */
"use strict";
const jsunity = require("jsunity");
const { db, errors } = require("@arangodb");
const graphs = require("@arangodb/general-graph");
const examples = require("@arangodb/graph-examples/example-graph");
const { assertFails } = require("assertions");

const NO_GRAPH = errors.ERROR_GRAPH_NOT_FOUND.code;
const MALFORMED = errors.ERROR_GRAPH_CREATE_MALFORMED_EDGE_DEFINITION.code;
const names = (collections) => collections.map((collection) => collection.name());

function definitionSuite() {
  return {
    testRelations() {
      assertEqual({ collection: "e", from: ["a"], to: ["b"] }, graphs._relation("e", "a", "b"));
      assertEqual({ collection: "e", from: ["a"], to: ["b", "c"] }, graphs._relation("e", ["a"], ["b", "c"]));
      for (const bad of [[], ["e"], ["e", "a"]]) {
        const error = assertFails(errors.ERROR_GRAPH_INVALID_NUMBER_OF_ARGUMENTS.code, () => graphs._relation(...bad));
        assertEqual("Invalid number of arguments. Expected: 3", error.errorMessage);
      }
      for (const bad of [[1, "a", "b"], ["", "a", "b"], ["e", [], "b"], ["e", "a", 1], ["e", {}, {}]]) {
        assertFails(errors.ERROR_GRAPH_INVALID_PARAMETER.code, () => graphs._relation(...bad));
      }
    },
    testListsOfRelations() {
      const [e, f] = [graphs._relation("e", "a", "b"), graphs._relation("f", "a", "b")];
      assertEqual([], graphs._edgeDefinitions());
      const list = graphs._edgeDefinitions(e);
      assertUndefined(graphs._extendEdgeDefinitions(list, f));
      assertEqual([e, f], list);
    },
    testWhatIsNoGraph() {
      for (const bad of [undefined, "", 1]) {
        assertFails(errors.ERROR_GRAPH_CREATE_MISSING_NAME.code, () => graphs._create(bad));
      }
      for (const bad of ["x", [{}], [{ collection: "e" }]]) {
        assertFails(MALFORMED, () => graphs._create("SuiteGraph", bad));
      }
      assertFails(errors.ERROR_GRAPH_CREATE_MALFORMED_ORPHAN_LIST.code, () => graphs._create("SuiteGraph", [], "x"));
      assertFails(
        errors.ERROR_GRAPH_COLLECTION_MULTI_USE.code,
        () => graphs._create("SuiteGraph", [graphs._relation("e", "a", "b"), graphs._relation("e", "a", "b")]),
      );
      assertFails(errors.ERROR_ARANGO_DOCUMENT_KEY_BAD.code, () => graphs._create("Suite Graph/"));
      for (const unknown of ["SuiteNone", "", null, undefined, 7]) {
        assertFails(NO_GRAPH, () => graphs._graph(unknown));
        assertFails(NO_GRAPH, () => graphs._drop(unknown));
      }
      assertFalse(graphs._exists("SuiteNone"));
    },
  };
}

function graphSuite() {
  const name = "SuiteGraph";
  const [edges, starts, ends, orphan] = ["SuiteEdges", "SuiteStarts", "SuiteEnds", "SuiteOrphan"];
  let graph;
  return {
    setUp() {
      graph = graphs._create(name, [graphs._relation(edges, starts, ends)], [orphan]);
      graph[starts].insert({ _key: "a" });
      graph[ends].insert({ _key: "b" });
    },
    tearDown() {
      if (graphs._exists(name)) graphs._drop(name, true);
      for (const left of [orphan, "SuiteMore", "SuiteMoreEdges", "SuiteDocuments"]) db._drop(left);
    },

    testItsDescription() {
      const definition = [{ collection: edges, from: [starts], to: [ends] }];
      assertEqual([edges, starts, ends, orphan], Object.keys(graph));
      assertEqual([name, definition], [graph.__name, graph.__edgeDefinitions]);
      const { _id, _rev } = db._graphs.document(name);
      assertEqual([_id, _rev], [graph.__id, graph.__rev]);
      assertEqual([[edges], [starts, ends, orphan], [starts, ends], [orphan]], [
        names(graph._edgeCollections()),
        names(graph._vertexCollections()),
        names(graph._vertexCollections(true)),
        graph._orphanCollections(),
      ]);
      assertTrue(graphs._list().includes(name));
      const listed = graphs._listObjects().find((one) => one._key === name);
      assertEqual([definition, [orphan], `_graphs/${name}`], [
        listed.edgeDefinitions,
        listed.orphanCollections,
        listed._id,
      ]);
      assertEqual(["_id", "_key", "_rev"], Object.keys(graphs._exists(name)));
      assertEqual(Object.keys(graph), Object.keys(graphs._graph(name)));
      assertFails(errors.ERROR_GRAPH_DUPLICATE.code, () => graphs._create(name));
      assertEqual([2, 3], [db[starts].type(), db[edges].type()]);
    },
    testEdgesFitTheirDefinition() {
      for (
        const insert of [
          () => graph[edges].insert(`${starts}/a`, `${ends}/b`, { v: 1 }),
          () => graph[edges].save({ _from: `${starts}/a`, _to: `${ends}/b` }),
          () => graph[edges].save(graph[starts].document("a"), graph[ends].document("b"), {}),
        ]
      ) {
        assertEqual(["_id", "_key", "_rev"], Object.keys(insert()));
      }
      for (
        const [from, to] of [[`${ends}/b`, `${starts}/a`], [`${starts}/a`, `${orphan}/x`], [`${starts}/a`, "none/x"]]
      ) {
        const error = assertFails(
          errors.ERROR_GRAPH_INVALID_EDGE.code,
          () => graph[edges].insert(from, to, {}),
        );
        assertEqual(
          `invalid edge between ${from} and ${to}. Doesn't conform to any edge definition`,
          error.errorMessage,
        );
      }
      for (const bad of [[], [{}], [`${starts}/a`, "x", {}]]) assertFails(1205, () => graph[edges].save(...bad));
      assertEqual(3, graph[edges].count());
    },
    testEndsOfEdges() {
      const { _id } = graph[edges].insert(`${starts}/a`, `${ends}/b`, {});
      assertEqual(["a", "b"], [graph._fromVertex(_id)._key, graph._toVertex(_id)._key]);
      assertEqual([1, 1, 0], [
        graph._EDGES(`${starts}/a`).length,
        graph._OUTEDGES(`${starts}/a`).length,
        graph._INEDGES(`${starts}/a`).length,
      ]);
      assertFails(1202, () => graph._fromVertex(`${edges}/none`));
      assertFails(errors.ERROR_GRAPH_EDGE_COL_DOES_NOT_EXIST.code, () => graph._toVertex("none/x"));
      assertFails(errors.ERROR_GRAPH_VERTEX_COL_DOES_NOT_EXIST.code, () => graph._getVertexCollectionByName("none"));
      assertFails(errors.ERROR_GRAPH_EDGE_COL_DOES_NOT_EXIST.code, () => graph._getEdgeCollectionByName("none"));
    },
    testEdgesGoWithTheirVertex() {
      graph[edges].insert(`${starts}/a`, `${ends}/b`, { _key: "e" });
      assertTrue(graph[edges].remove("e"));
      graph[edges].insert(`${starts}/a`, `${ends}/b`, {});
      assertTrue(graph[ends].remove("b"));
      assertEqual([0, 1], [graph[edges].count(), graph[starts].count()]);
      assertFails(1202, () => graph[ends].remove("b"));
    },
    testEdgeDefinitionsChange() {
      graph._extendEdgeDefinitions(graphs._relation("SuiteMoreEdges", "SuiteMore", ends));
      assertEqual([edges, starts, ends, "SuiteMoreEdges", "SuiteMore", orphan], Object.keys(graph));
      assertFails(
        errors.ERROR_GRAPH_COLLECTION_MULTI_USE.code,
        () => graph._extendEdgeDefinitions(graphs._relation(edges, starts, starts)),
      );
      db._create("SuiteDocuments");
      assertFails(
        errors.ERROR_GRAPH_EDGE_DEFINITION_IS_DOCUMENT.code,
        () => graph._extendEdgeDefinitions(graphs._relation("SuiteDocuments", starts, ends)),
      );
      graph._editEdgeDefinitions(graphs._relation("SuiteMoreEdges", ends, ends));
      assertEqual(["SuiteMore", orphan], graph._orphanCollections().sort());
      graph._deleteEdgeDefinition("SuiteMoreEdges");
      assertEqual([edges], names(graph._edgeCollections()));
      assertTrue(db._collection("SuiteMoreEdges") !== null);
      for (
        const run of [
          () => graph._editEdgeDefinitions(graphs._relation("SuiteNone", starts, ends)),
          () => graph._deleteEdgeDefinition("SuiteNone"),
        ]
      ) {
        assertFails(errors.ERROR_GRAPH_EDGE_COLLECTION_NOT_USED.code, run);
      }
      for (const bad of [undefined, {}]) assertFails(MALFORMED, () => graph._extendEdgeDefinitions(bad));
    },
    testVertexCollectionsComeAndGo() {
      graph._addVertexCollection("SuiteMore");
      assertEqual(["SuiteMore", orphan], graph._orphanCollections().sort());
      for (
        const [number, collection] of [
          [errors.ERROR_GRAPH_COLLECTION_USED_IN_ORPHANS.code, "SuiteMore"],
          [errors.ERROR_GRAPH_COLLECTION_USED_IN_EDGE_DEF.code, starts],
          [errors.ERROR_GRAPH_WRONG_COLLECTION_TYPE_VERTEX.code, edges],
        ]
      ) {
        assertFails(number, () => graph._addVertexCollection(collection));
      }
      assertFails(
        errors.ERROR_GRAPH_VERTEX_COL_DOES_NOT_EXIST.code,
        () => graph._addVertexCollection("SuiteNone", false),
      );
      graph._removeVertexCollection("SuiteMore");
      assertTrue(db._collection("SuiteMore") !== null);
      graph._removeVertexCollection(orphan, true);
      assertEqual([null, []], [db._collection(orphan), graph._orphanCollections()]);
      assertFails(errors.ERROR_GRAPH_NOT_IN_ORPHAN_COLLECTION.code, () => graph._removeVertexCollection(starts));
    },
    testGraphsShareCollections() {
      const other = "SuiteGraph2";
      assertFails(
        errors.ERROR_GRAPH_COLLECTION_USE_IN_MULTI_GRAPHS.code,
        () => graphs._create(other, [graphs._relation(edges, ends, starts)]),
      );
      graphs._create(other, [graphs._relation(edges, starts, ends)]);
      assertFails(errors.ERROR_GRAPH_MUST_NOT_DROP_COLLECTION.code, () => db._drop(edges));
      graphs._drop(other, true);
      assertTrue(db._collection(edges) !== null);
      graphs._drop(name);
      assertTrue(db._collection(edges) !== null);
      [edges, starts, ends].forEach((one) => db._drop(one));
    },
    testDroppingWithCollections() {
      graphs._drop(name, true);
      assertEqual([null, null, null, null], [edges, starts, ends, orphan].map((one) => db._collection(one)));
      assertFalse(graphs._exists(name));
    },
  };
}

/** What is asked of the social graph: alice knows bob and charly, and diana both of them, who know her. */
function questionSuite() {
  let graph;
  const [alice, diana, bob, charly] = ["female/alice", "female/diana", "male/bob", "male/charly"];
  return {
    setUpAll() {
      graph = examples.loadGraph("social");
    },
    tearDownAll() {
      examples.dropGraph("social");
    },

    testExamplesAreLoadedOnce() {
      assertFalse(examples.loadGraph("SuiteNone"));
      assertMatch(/already exists/, assertFails(1207, () => examples.loadGraph("social")).errorMessage);
    },
    testVerticesAndEdges() {
      assertEqual([alice], graph._vertices(alice));
      assertEqual([alice], graph._vertices({ name: "Alice" }));
      assertEqual([alice, bob], graph._vertices([{ name: "Alice" }, bob]).sort());
      assertEqual([4, 4, 0], [
        graph._vertices().length,
        graph._edges({}).length,
        graph._vertices({ name: "X" }).length,
      ]);
      assertEqual(2, graph._edges(alice).length);
      assertEqual(2, graph._edges(alice, { direction: "outbound" }).length);
      assertEqual(0, graph._edges(alice, { direction: "inbound" }).length);
    },
    testNeighbours() {
      assertEqual([bob, charly], graph._neighbors(alice).sort());
      assertEqual([bob], graph._neighbors(alice, { neighborExamples: { name: "Bob" } }));
      assertEqual(["Bob", "Charly"], graph._neighbors(alice, { includeData: true }).map((one) => one.name).sort());
      assertEqual([], graph._neighbors(alice, { direction: "inbound" }));
      assertEqual([{ left: alice, right: diana, neighbors: [bob, charly] }], [
        graph._commonNeighbors(alice, diana).map((one) => ({ ...one, neighbors: one.neighbors.sort() }))[0],
      ]);
      assertEqual([{ [alice]: [{ [diana]: 2 }] }], graph._countCommonNeighbors(alice, diana));
    },
    testPaths() {
      const [path] = graph._shortestPath(alice, diana);
      assertEqual([alice, diana, 3, 2, 2], [
        path.vertices[0],
        path.vertices[2],
        path.vertices.length,
        path.edges.length,
        path.distance,
      ]);
      assertEqual([{ startVertex: alice, vertex: diana, distance: 2 }], graph._distanceTo(alice, diana));
      assertEqual([], graph._shortestPath(diana, alice, { direction: "outbound" }));
      assertEqual(4, graph._paths({ minLength: 1, maxLength: 1 }).length);
    },
    testMeasures() {
      // a square: every vertex is two steps from the one across
      assertEqual({ [alice]: 2, [diana]: 2, [bob]: 2, [charly]: 2 }, graph._absoluteEccentricity({}));
      assertEqual({ [alice]: 4, [diana]: 4, [bob]: 4, [charly]: 4 }, graph._absoluteCloseness({}));
      assertEqual({ [alice]: 1, [diana]: 1, [bob]: 1, [charly]: 1 }, graph._eccentricity());
      assertEqual({ [alice]: 1, [diana]: 1, [bob]: 1, [charly]: 1 }, graph._closeness());
      assertEqual([2, 2], [graph._radius(), graph._diameter()]);
    },
  };
}
jsunity.run(definitionSuite);
jsunity.run(graphSuite);
jsunity.run(questionSuite);
return jsunity.done();

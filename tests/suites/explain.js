/* What explain tells of each kind of node. */
"use strict";
const jsunity = require("jsunity");
const { db } = require("@arangodb");

const explained = (query, options = {}) => db._createStatement({ query, options }).explain();
const nameOf = (variable) => variable.name;
const nodeOf = (query, type) => explained(query).plan.nodes.find((node) => node.type === type);

function graphNodesSuite() {
  const vertices = "SuiteVertices";
  const edges = "SuiteEdges";
  return {
    setUpAll() {
      db._create(vertices).insert([{ _key: "a", n: 1 }, { _key: "b", n: 2 }]);
      db._createEdgeCollection(edges).insert({ _from: `${vertices}/a`, _to: `${vertices}/b` });
      require("@arangodb/general-graph")._create("SuiteGraph", [{
        collection: edges,
        from: [vertices],
        to: [vertices],
      }]);
    },
    tearDownAll() {
      require("@arangodb/general-graph")._drop("SuiteGraph", true);
    },

    testTraversal() {
      const query = `FOR v, e, p IN 1..2 ANY '${vertices}/a' GRAPH 'SuiteGraph' PRUNE v.n == 5
        OPTIONS { order: 'bfs' } FILTER p.vertices[*].n ALL > 0 FILTER v.n > 1 RETURN p.edges`;
      const node = nodeOf(query, "TraversalNode");
      assertEqual("SuiteGraph", node.graph);
      assertEqual({ vertexCollectionNames: [vertices], edgeCollectionNames: [edges] }, node.graphDefinition);
      assertEqual([0, [0], [edges], [vertices]], [
        node.defaultDirection,
        node.directions,
        node.edgeCollections,
        node.vertexCollections,
      ]);
      assertEqual([`${vertices}/a`, "v", "p"], [
        node.vertexId,
        nameOf(node.vertexOutVariable),
        nameOf(node.pathOutVariable),
      ]);
      assertFalse(Object.hasOwn(node, "edgeOutVariable"));
      assertEqual(["compare ==", "compare >", "n-ary or"], [
        node.expression.type,
        node.postFilter.type,
        node.condition.type,
      ]);
      assertEqual([0, 1], [node.globalEdgeConditions.length, node.globalVertexConditions.length]);
      assertEqual([["_from"], ["_to"]], node.indexes.base.map(({ fields }) => fields));
      assertEqual({}, node.indexes.levels);
      const { minDepth, maxDepth, order, uniqueVertices, uniqueEdges } = node.options;
      assertEqual([1, 2, "bfs", "none", "path"], [minDepth, maxDepth, order, uniqueVertices, uniqueEdges]);
      assertEqual([false, true], [node.options.producePathsVertices, node.options.producePathsEdges]);
    },
    testShortestPath() {
      const query = `FOR v, e IN OUTBOUND SHORTEST_PATH '${vertices}/a' TO '${vertices}/b' ${edges}
        OPTIONS { weightAttribute: 'w', defaultWeight: 3 } RETURN [v, e]`;
      const node = nodeOf(query, "ShortestPathNode");
      assertEqual([[edges], 2, [2]], [node.graph, node.defaultDirection, node.directions]);
      assertEqual([`${vertices}/a`, `${vertices}/b`], [node.startVertexId, node.targetVertexId]);
      assertEqual(["v", "e"], [nameOf(node.vertexOutVariable), nameOf(node.edgeOutVariable)]);
      assertEqual(["w", 3], [node.options.weightAttribute, node.options.defaultWeight]);
      assertFalse(Object.hasOwn(node, "graphDefinition"));
    },
    testPaths() {
      for (const search of ["K_SHORTEST_PATHS", "K_PATHS", "ALL_SHORTEST_PATHS"]) {
        const query = `FOR d IN ${vertices} FOR p IN INBOUND ${search} d TO '${vertices}/b' ${edges}
          FILTER p.edges[*].x ALL == null RETURN p.vertices`;
        const node = nodeOf(query, "EnumeratePathsNode");
        assertEqual([search, "p", "d"], [
          node.shortestPathType,
          nameOf(node.pathOutVariable),
          nameOf(node.startInVariable),
        ]);
        assertEqual([["_to"]], node.indexes.base.map(({ fields }) => fields));
        // other paths would be the shortest ones without some of the edges
        assertEqual(search === "ALL_SHORTEST_PATHS" ? 0 : 1, node.globalEdgeConditions.length);
      }
    },
    testText() {
      const { explain } = require("@arangodb/aql/explainer");
      const text = (query) => explain({ query, options: { colors: false } }, {}, false);
      const traversal = text(`FOR v IN 0..10 INBOUND '${vertices}/a' GRAPH 'SuiteGraph' FILTER v._key != 'b' RETURN v`);
      for (
        const line of [
          `IN 0..10  /* min..maxPathDepth */ INBOUND '${vertices}/a' /* startnode */  GRAPH 'SuiteGraph' /* order: dfs */`,
          "[ `_to` ]   [  ]            base INBOUND",
          "Traversals on graphs:\n Id  Depth  Vertex collections  Edge collections  Options  ",
          ` 2   0..10  ${vertices}       ${edges}        uniqueVertices: none, uniqueEdges: path, order: dfs  FILTER (v.`,
        ]
      ) assertTrue(traversal.includes(line), line);
      const path = (search) => text(`FOR p IN OUTBOUND ${search} '${vertices}/a' TO '${vertices}/b' ${edges} RETURN p`);
      assertTrue(
        path("SHORTEST_PATH").includes("\nShortest paths on graphs:\n Id  Vertex collections  Edge collections\n"),
      );
      assertTrue(path("K_SHORTEST_PATHS").includes("\nk shortest paths on graphs:\n"));
    },
  };
}

function modificationNodesSuite() {
  const name = "SuiteWritten";
  const flags = {
    waitForSync: false,
    skipDocumentValidation: false,
    keepNull: true,
    mergeObjects: true,
    ignoreRevs: true,
    ignoreErrors: false,
    exclusive: false,
  };
  return {
    setUpAll() {
      db._create(name);
    },
    tearDownAll() {
      db._drop(name);
    },

    testNodes() {
      const inputs = {
        InsertNode: [`INSERT {} INTO ${name}`, ["inVariable"]],
        RemoveNode: [`REMOVE 'x' IN ${name}`, ["inVariable"]],
        UpdateNode: [`UPDATE 'x' WITH {} IN ${name}`, ["inKeyVariable", "inDocVariable"]],
        ReplaceNode: [`REPLACE {_key: 'x'} IN ${name}`, ["inDocVariable"]],
        UpsertNode: [
          `UPSERT {a: 1} INSERT {} UPDATE {} IN ${name}`,
          ["inDocVariable", "insertVariable", "updateVariable", "isReplace"],
        ],
      };
      for (const [type, [query, names]] of Object.entries(inputs)) {
        const { plan, cacheable } = explained(query);
        const node = plan.nodes.find((one) => one.type === type);
        assertEqual([name, 1, "primary"], [node.collection, node.indexes.length, node.indexes[0].type]);
        for (const one of names) assertTrue(Object.hasOwn(node, one), `${type} ${one}`);
        for (const [flag, value] of Object.entries(flags)) assertEqual(value, node.modificationFlags[flag], flag);
        assertEqual([true, false, true], [node.countStats, node.producesResults, plan.isModificationQuery]);
        assertFalse(cacheable);
        assertEqual([{ name, type: "write" }], plan.collections);
      }
    },
    testLookahead() {
      const query = `FOR d IN ${name} OPTIONS { lookahead: 32 } FILTER d.n > 1 RETURN d`;
      assertEqual(32, nodeOf(query, "EnumerateCollectionNode").indexHint.lookahead);
      assertEqual(1, nodeOf(`FOR d IN ${name} RETURN d`, "EnumerateCollectionNode").indexHint.lookahead);
      assertEqual(
        8,
        nodeOf(`FOR d IN ${name} OPTIONS { lookahead: 8 } FILTER d._key == "a" RETURN d`, "IndexNode").lookahead,
      );
    },
    testOptionsAndResults() {
      const options = "OPTIONS { keepNull: false, mergeObjects: false, exclusive: true, ignoreErrors: true }";
      const node = nodeOf(`UPDATE 'x' WITH {} IN ${name} ${options} RETURN [OLD, NEW]`, "UpdateNode");
      const { keepNull, mergeObjects, exclusive, ignoreErrors, ignoreRevs } = node.modificationFlags;
      assertEqual([false, false, true, true, true], [keepNull, mergeObjects, exclusive, ignoreErrors, ignoreRevs]);
      assertTrue(node.producesResults);
      assertTrue(Object.hasOwn(node, "outVariableOld") && Object.hasOwn(node, "outVariableNew"));
    },
  };
}

function sortNodesSuite() {
  const name = "SuiteSorted";
  return {
    setUpAll() {
      db._create(name).insert(Array.from({ length: 200 }, (_, n) => ({ a: n % 4, b: n % 3, c: n })));
      db[name].ensureIndex({ type: "persistent", fields: ["a", "b"] });
    },
    tearDownAll() {
      db._drop(name);
    },

    testStrategies() {
      const strategies = {
        "SORT d.c, d.a RETURN d": ["standard", 0, 0],
        "SORT d.c LIMIT 2, 3 RETURN d": ["constrained-heap", 5, 0],
        "SORT d.a, d.c RETURN d": ["grouped", 0, 1],
        "SORT d.a DESC, d.b DESC, d.c LIMIT 3 RETURN d": ["grouped", 0, 2],
      };
      for (const [rest, [strategy, limit, grouped]] of Object.entries(strategies)) {
        const node = nodeOf(`FOR d IN ${name} ${rest}`, "SortNode");
        assertEqual([strategy, limit, grouped, false], [
          node.strategy,
          node.limit,
          node.numberOfTopGroupedElements,
          node.stable,
        ]);
      }
      assertUndefined(nodeOf(`FOR d IN ${name} SORT d.a, d.b RETURN d`, "SortNode"));
    },
    testGroupedText() {
      const query = `FOR d IN ${name} SORT d.a, d.c DESC RETURN [d.a, d.c]`;
      const text = require("@arangodb/aql/explainer").explain({ query, options: { colors: false } }, {}, false);
      assertTrue(/- SORT #\d+ DESC; GROUPED BY #\d+ {3}\/\* sorting strategy: grouped \*\//.test(text), text);
    },
    testVerbose() {
      const query = `FOR d IN ${name} FOR x IN d.list LET s = (FOR o IN ${name} FILTER o.c == x LIMIT 1 RETURN o.b)
        COLLECT k = d.a INTO g RETURN [k, g]`;
      const { plan } = explained(query, { verbosePlans: true });
      const names = (variables) => variables.map(nameOf).filter((one) => !/^\d/.test(one));
      plan.nodes.forEach((node, i) => {
        assertEqual(plan.nodes.slice(i + 1, i + 2).map(({ id }) => id), node.parents);
        assertEqual(plan.nodes.slice(Math.max(i - 1, 0), i).map(({ id }) => id), node.dependencies);
      });
      const of = (type) => plan.nodes.find((node) => node.type === type);
      assertEqual([["d"], []], [
        names(of("EnumerateCollectionNode").varsSetHere),
        of("EnumerateCollectionNode").varsUsedHere,
      ]);
      assertEqual([["x"], 2], [names(of("EnumerateListNode").varsSetHere), of("EnumerateListNode").depth]);
      assertEqual([["k", "g"], 2], [names(of("CollectNode").varsSetHere), of("CollectNode").depth]);
      assertUndefined(explained(query).plan.nodes[0].parents);
    },
    testWholeNumbers() {
      for (const { estimatedNrItems } of explained(`FOR d IN ${name} FILTER d.a == 1 RETURN DISTINCT d.c`).plan.nodes) {
        assertEqual(Math.floor(estimatedNrItems), estimatedNrItems);
      }
    },
  };
}

jsunity.run(graphNodesSuite);
jsunity.run(modificationNodesSuite);
jsunity.run(sortNodesSuite);
return jsunity.done();

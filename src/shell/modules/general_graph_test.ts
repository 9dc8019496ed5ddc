import assert from "node:assert/strict";
import { run } from "../testing.ts";

Deno.test("a sample graph prints its collections, checks its edges and can be measured", () => {
  const text = run(`
    var examples = require("@arangodb/graph-examples/example-graph");
    var g = examples.loadGraph("social");
    print(g);
    assert.equal(errorOf(function () { g.relation.save("relation/x", "female/alice", {}); }), 1906);
    assert.deepEqual(g._neighbors("female/alice").sort(), ["male/bob", "male/charly"]);
    assert.equal(g._shortestPath("female/alice", "female/diana")[0].distance, 2);
    // an edge that lies on two paths is two objects, or printing would show the second as a reference
    var ways = g._shortestPath("female/alice", {}).filter(function (way) { return way.edges.length > 0; });
    assert.ok(ways.length > 1);
    assert.equal(require("internal").inspect(ways).indexOf("~["), -1);
    assert.equal(g._radius(), 2);
    assert.strictEqual(g.male.remove("male/bob"), true);
    assert.equal(db.relation.count(), 2);
    assert.equal(errorOf(function () { examples.loadGraph("social"); }), 1207);
    examples.dropGraph("social");
    assert.equal(db._collection("female"), null);
  `);
  assert.match(
    text,
    /^\{\[GeneralGraph\] \n {2}"relation" : \[ArangoCollection \d+, "relation" \(type edge, status loaded\)\], \n/,
  );
});

Deno.test("searches of a graph stay in the edge collections that they are restricted to, and stop when told", () => {
  run(`
    var g = require("@arangodb/graph-examples/example-graph").loadGraph("routeplanner");
    var reached = function (options) {
      return g._distanceTo("germanCity/Berlin", {}, options).map(function (one) { return one.vertex; }).sort();
    };
    assert.deepEqual(reached({ edgeCollectionRestriction: "germanHighway" }), ["germanCity/Cologne", "germanCity/Hamburg"]);
    var weighted = { weight: "distance", defaultWeight: 1, stopAtFirstMatch: true };
    assert.deepEqual(reached(weighted), ["germanCity/Hamburg"]);
    assert.deepEqual(g._absoluteEccentricity("germanCity/Berlin", {
      edgeCollectionRestriction: ["germanHighway"], weight: "distance", defaultWeight: 1
    }), { "germanCity/Berlin": 850 });
  `);
});

Deno.test("the graph module renames collections in definitions, and names what is not there or missing", () => {
  run(`
    var module = require("@arangodb/general-graph");
    var g = module._create("g", [module._relation("e", ["v", "w"], "v")], ["o"]);
    module._renameCollection("v", "z");
    module._renameCollection("o", "p");
    assert.deepEqual(db._graphs.document("g").edgeDefinitions, [{ collection: "e", from: ["z", "w"], to: ["z"] }]);
    assert.deepEqual(db._graphs.document("g").orphanCollections, ["p"]);
    assert.equal(errorOf(function () { g._getEdgeCollectionByName("v"); }), 1939);
    assert.equal(errorOf(function () { g._getVertexCollectionByName("e"); }), 1926);
    // as the manuals up to 3.9 call it, without a list of definitions to extend
    assert.equal(module._extendEdgeDefinitions(module._relation("e", "v", "v")), undefined);
    assert.equal(errorOf(function () { module._relation("e", "v"); }), 1935);
    assert.equal(errorOf(function () { module._relation("e", "v", []); }), 1936);
  `);
});

Deno.test("graphs: what cannot be is refused with the number that ArangoDB has for it", () => {
  run(`
    var module = require("@arangodb/general-graph");
    var relation = module._relation;
    var refused = function (number, text, call) {
      try { call(); } catch (e) { return assert.deepEqual([e.errorNum, e.errorMessage], [number, text]); }
      assert.fail("not refused: " + call);
    };
    refused(1935, "Invalid number of arguments. Expected: 3", function () { relation("e", "v"); });
    refused(1936, "Invalid parameter type. arg1 must be non empty string", function () { relation("", "v", "v"); });
    refused(1936, "Invalid parameter type. arg2 must be non empty string or array", function () { relation("e", "", "v"); });
    refused(1936, "Invalid parameter type. arg3 must be non empty string or array", function () { relation("e", "v", []); });
    refused(1922, "missing graph name", function () { module._create("", []); });
    refused(1923, "malformed edge definition", function () { module._create("g", {}); });
    refused(1943, "malformed orphan list", function () { module._create("g", [], "v"); });
    refused(1924, "graph 'g' not found", function () { module._graph("g"); });
    var g = module._create("g", [relation("e", "v", "w")]);
    refused(1925, "graph already exists", function () { module._create("g", []); });
    refused(1923, "malformed edge definition", function () { g._extendEdgeDefinitions(); });
    refused(1923, "malformed edge definition", function () { g._editEdgeDefinitions(); });
    refused(1930, "edge collection not used in graph", function () { g._editEdgeDefinitions(relation("f", "v", "w")); });
    refused(1942, "must not drop collection while part of graph", function () { db.v.drop(); });
    refused(1936, "Invalid parameter type.", function () { g._neighbors("v/1", { direction: "up" }); });
    refused(1936, "Invalid parameter type.", function () { g._neighbors(1); });
  `);
});

Deno.test("a definition that is edited changes in all graphs that have it, and what it no longer names is an orphan", () => {
  run(`
    var module = require("@arangodb/general-graph");
    var g = module._create("g", [module._relation("e", "v", "w")]);
    module._create("h", [module._relation("e", "v", "w")]);
    g._editEdgeDefinitions(module._relation("e", "v", "x"));
    [g, module._graph("g"), module._graph("h")].forEach(function (graph) {
      assert.deepEqual(graph.__edgeDefinitions, [{ collection: "e", from: ["v"], to: ["x"] }]);
      assert.deepEqual(graph._orphanCollections(), ["w"]);
      assert.deepEqual(Object.keys(graph), ["e", "v", "x", "w"]);
      assert.deepEqual(Object.keys(graph.__edgeCollections), ["e"]);
      assert.deepEqual(Object.keys(graph.__vertexCollections), ["v", "x", "w"]);
    });
    g._deleteEdgeDefinition("e", true);
    assert.deepEqual(g._orphanCollections(), ["v", "w", "x"]);
    assert.ok(db._collection("e"), "h has it as well");
    module._drop("h", true);
    assert.equal(db._collection("e"), null);
    assert.ok(db._collection("v"), "g has it as well");
  `);
});

Deno.test("edges may be the ends of edges, and go with them", () => {
  run(`
    var module = require("@arangodb/general-graph");
    var g = module._create("g", [module._relation("e", "v", "v")]);
    var h = module._create("h", [module._relation("about", ["about", "e", "v"], ["about", "e", "v"])]);
    ["a", "b"].forEach(function (key) { g.v.save({ _key: key }); });
    var edge = g.e.save("v/a", "v/b", { n: 1 });
    var next = h.about.save(edge._id, "v/a");
    h.about.save(next._id, edge._id);
    h.about.save("v/b", "v/b", { _key: "loop" });
    assert.strictEqual(g.e.remove(edge), true);
    assert.deepEqual(db.about.toArray().map(function (one) { return one._key; }), ["loop"]);
    g.v.remove("b");
    assert.equal(db.about.count(), 0);
  `);
});

Deno.test("edges are written from two vertices or as one document, which stays as it is", () => {
  run(`
    var module = require("@arangodb/general-graph");
    var g = module._create("g", [module._relation("e", "v", "v")]);
    var a = g.v.save({ _key: "a" });
    var data = { _key: "first" };
    assert.equal(g.e.save(a, "v/b", data, { returnNew: true }).new._from, "v/a");
    assert.deepEqual(data, { _key: "first" });
    assert.equal(g.e.insert({ _from: "v/a", _to: "v/b" }, { returnNew: true }).new._to, "v/b");
    assert.equal(errorOf(function () { g.e.save("a", "v/b", {}); }), 1205);
    g.v.update("a", { n: 1 });
    assert.equal(errorOf(function () { g.v.remove(a); }), 1200);
    assert.strictEqual(g.v.remove(a, true), true);
    assert.equal(db.e.count(), 0);
  `);
});

Deno.test("neighbours that vertices have in common are counted with and without their data", () => {
  run(`
    var g = require("@arangodb/graph-examples/example-graph").loadGraph("routeplanner");
    var capitals = { isCapital: true };
    var ids = ["frenchCity/Lyon", "germanCity/Cologne", "germanCity/Hamburg"];
    [{}, { includeData: true }].forEach(function (options) {
      var common = g._commonNeighbors(capitals, "germanCity/Berlin", options, options);
      assert.equal(common.length, 1);
      assert.deepEqual([common[0].left, common[0].right], ["frenchCity/Paris", "germanCity/Berlin"]);
      assert.deepEqual(common[0].neighbors.map(function (one) { return one._id || one; }).sort(), ids);
      assert.deepEqual(g._countCommonNeighbors(capitals, capitals, options, options), [
        { "frenchCity/Paris": [{ "germanCity/Berlin": 3 }] },
        { "germanCity/Berlin": [{ "frenchCity/Paris": 3 }] }
      ]);
    });
    var outbound = { direction: "outbound", maxDepth: 2 };
    assert.deepEqual(g._countCommonNeighbors("germanCity/Hamburg", {}, outbound, outbound), [
      { "germanCity/Hamburg": [{ "frenchCity/Paris": 1 }, { "germanCity/Berlin": 3 }, { "germanCity/Cologne": 2 }] }
    ]);
  `);
});

Deno.test("examples of vertices are ids, attributes, paths of attributes, or several of these", () => {
  run(`
    var g = require("@arangodb/graph-examples/example-graph").loadGraph("routeplanner");
    assert.equal(g._vertices().length, 5);
    assert.equal(g._vertices({}, { vertexCollectionRestriction: "germanCity" }).length, 3);
    assert.deepEqual(g._vertices({ "geometry.type": "Point", population: 80000 }), ["frenchCity/Lyon"]);
    assert.deepEqual(g._vertices(["germanCity/Berlin", { _key: "Lyon" }]).sort(), ["frenchCity/Lyon", "germanCity/Berlin"]);
    assert.equal(g._vertices("germanCity/Berlin", { includeData: true })[0].isCapital, true);
    assert.deepEqual(g._vertices("elsewhere/Berlin"), []);
    assert.deepEqual(g._neighbors("germanCity/Hamburg", { direction: "outbound", maxDepth: 2 }), [
      "germanCity/Cologne", "frenchCity/Paris", "frenchCity/Lyon"
    ], "nearer ones first");
    assert.equal(g._edges("germanCity/Berlin", { edgeExamples: [{ distance: 850 }, { distance: 400 }] }).length, 2);
    assert.equal(g._paths({ minLength: 1, maxLength: 1 }).length, 10);
  `);
});

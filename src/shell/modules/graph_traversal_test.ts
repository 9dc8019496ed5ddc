import fc from "fast-check";
import assert from "node:assert/strict";
import { run } from "../testing.ts";

/** The sample graph of the manual's page on traversal objects; `walk` gives what a traversal visits, in order. */
const WORLD = `
  var traversal = require("@arangodb/graph/traversal");
  require("@arangodb/graph-examples/example-graph").loadGraph("worldCountry");
  var walk = function (settings, start) {
    var config = Object.assign({
      datasource: traversal.generalGraphDatasourceFactory("worldCountry"),
      strategy: "depthfirst", order: "preorder", filter: traversal.visitAllFilter, expander: traversal.inboundExpander,
      sort: function (l, r) { return l._from < r._from ? -1 : 1; }
    }, settings);
    var result = { visited: { vertices: [], paths: [] } };
    new traversal.Traverser(config).traverse(result, db._document("worldVertices/" + (start || "world")));
    return result.visited.vertices.map(function (vertex) { return vertex.name + " (" + vertex.type + ")"; });
  };
`;
const CONTINENTS =
  `"Africa (continent)", "Asia (continent)", "Australia (continent)", "Europe (continent)", "North America (continent)",
   "South America (continent)"`;

Deno.test("traversal objects visit the vertices that the manual shows, in its order", () => {
  run(`${WORLD}
    assert.deepEqual(walk({ maxDepth: 1 }), ["World (root)", ${CONTINENTS}]);
    assert.deepEqual(walk({ expander: traversal.outboundExpander }, "capital-algiers"),
      ["Algiers (capital)", "Algeria (country)", "Africa (continent)", "World (root)"]);
    assert.deepEqual(walk({}).slice(0, 6), ["World (root)", "Africa (continent)", "Algeria (country)", "Algiers (capital)",
      "Angola (country)", "Luanda (capital)"]);
    assert.deepEqual(walk({ order: "postorder" }).slice(0, 4),
      ["Algiers (capital)", "Algeria (country)", "Luanda (capital)", "Angola (country)"]);
    assert.deepEqual(walk({ strategy: "breadthfirst" }).slice(0, 8), ["World (root)", ${CONTINENTS}, "Algeria (country)"]);
    assert.deepEqual(walk({ strategy: "breadthfirst", order: "postorder", maxDepth: 1 }),
      [${CONTINENTS}].reverse().concat("World (root)"));
    assert.deepEqual(walk({ maxDepth: 1, itemOrder: "backward" }), ["World (root)"].concat([${CONTINENTS}].reverse()));
  `);
});

Deno.test("filters of traversal objects leave out vertices, stop at them, or refuse edges", () => {
  run(`${WORLD}
    var ofType = function (verdict, type) {
      return function (config, vertex) { if (vertex.type === type) { return verdict; } };
    };
    assert.deepEqual(walk({ filter: ofType("prune", "continent") }), ["World (root)", ${CONTINENTS}]);
    assert.deepEqual(walk({ maxDepth: 1, filter: ofType("exclude", "root") }), [${CONTINENTS}]);
    assert.deepEqual(walk({ filter: ofType(["exclude", "prune"], "continent") }), ["World (root)"]);
    assert.deepEqual(walk({ minDepth: 3 }), walk({
      filter: function (config, vertex, path) { if (path.edges.length < 3) { return "exclude"; } }
    }));
    assert.deepEqual(walk({
      expandFilter: function (config, vertex, edge, path) { return path.edges.length < 1 && vertex.name !== "Asia"; }
    }).length, 6);
    assert.equal(errorOf(function () { walk({ filter: function () { return "perhaps"; } }); }), 1910);
  `);
});

Deno.test("visitors and expanders of traversal objects can be the script's own", () => {
  run(`${WORLD}
    var count = function (visitor, order) {
      var result = {}, leaves = 0;
      var traverser = new traversal.Traverser({
        datasource: traversal.collectionDatasourceFactory(db.worldEdges), expander: traversal.inboundExpander,
        order: order || "preorder",
        visitor: visitor || function (config, result, vertex, path, connected) { leaves += connected.length === 0 ? 1 : 0; }
      });
      traverser.traverse(result, db._document("worldVertices/world"));
      return visitor ? result.count : leaves;
    };
    assert.equal(count(traversal.countingVisitor), db.worldVertices.count());
    assert.equal(count(traversal.doNothingVisitor), undefined);
    var capitals = db.worldVertices.byExample({ type: "capital" }).toArray().length;
    assert.equal(count(null, "preorder-expander"), capitals);
    // an expander may give ids of vertices instead of documents
    var toAfrica = function (config, vertex) {
      return config.datasource.getInEdges(vertex._id).filter(function (edge) { return /africa/.test(edge._from); })
        .map(function (edge) { return { edge: edge, vertex: edge._from }; });
    };
    assert.deepEqual(walk({ expander: toAfrica, maxDepth: 1 }), ["World (root)", "Africa (continent)"]);
  `);
});

Deno.test("what is below each vertex can be counted as in the cookbook, under the module's old name", () => {
  const text = run(`
    db._create("v"); db._createEdgeCollection("e");
    db.v.insert(["a", "b", "c", "d"].map(function (key) { return { _key: key }; }));
    db.e.insert([["a", "b"], ["b", "c"], ["c", "d"]].map(function (ends) {
      return { _from: "v/" + ends[0], _to: "v/" + ends[1] };
    }));
    var traversal = require("org/arangodb/graph/traversal");
    var config = {
      datasource: traversal.collectionDatasourceFactory(db.e),
      strategy: "depthfirst", order: "postorder", expander: traversal.outboundExpander,
      filter: function (config, vertex) { return config.known[vertex._key] !== undefined ? "prune" : ""; },
      visitor: function (config, result, vertex) {
        if (config.known[vertex._key] !== undefined) { result.sum += config.known[vertex._key]; }
        else { config.known[vertex._key] = result.sum; }
        result.sum += 1;
      },
      known: {}
    };
    new traversal.Traverser(config).traverse({ sum: 0 }, db.v.document("a"));
    print(JSON.stringify(config.known));
  `);
  assert.equal(text.trim(), '{"d":0,"c":1,"b":2,"a":3}');
});

Deno.test("traversal objects refuse settings that there are not, ids as a start, and graphs without an end", () => {
  run(`${WORLD}
    ["strategy", "order", "itemOrder", "expander"].forEach(function (name) {
      assert.equal(errorOf(function () { walk({ [name]: "sideways" }); }), 10, name);
    });
    assert.equal(errorOf(function () { walk({ uniqueness: { vertices: "mostly" } }); }), 10);
    var traverser = new traversal.Traverser({
      datasource: traversal.collectionDatasourceFactory("worldEdges"), expander: traversal.anyExpander, maxIterations: 20,
      uniqueness: { vertices: "none", edges: "none" }
    });
    assert.equal(errorOf(function () { traverser.traverse({}, "worldVertices/world"); }), 10);
    assert.equal(errorOf(function () { traverser.traverse({}, db._document("worldVertices/world")); }), 1909);
  `);
});

Deno.test("traversal objects find the paths that AQL finds, in graphs with cycles, loops and dangling edges", () => {
  const uniqueness = fc.constantFrom("path", "none");
  const ends = fc.tuple(fc.nat(4), fc.nat(4));
  const traversals = fc.record({
    edges: fc.array(ends, { maxLength: 8 }),
    direction: fc.constantFrom("outbound", "inbound"),
    strategy: fc.constantFrom("depthfirst", "breadthfirst"),
    uniqueness: fc.record({ vertices: uniqueness, edges: uniqueness }),
  });
  // vertex 4 is missing
  run(`
    var traversal = require("@arangodb/graph/traversal");
    db._create("v"); db._createEdgeCollection("e");
    db.v.insert(["0", "1", "2", "3"].map(function (key) { return { _key: key }; }));
    JSON.parse(${
    JSON.stringify(JSON.stringify(fc.sample(traversals, { seed: 7, numRuns: 30 })))
  }).forEach(function (one) {
      db.e.truncate();
      db.e.insert(one.edges.map(function (ends) { return { _from: "v/" + ends[0], _to: "v/" + ends[1] }; }));
      var result = {};
      new traversal.Traverser({
        datasource: traversal.collectionDatasourceFactory(db.e), expander: traversal[one.direction + "Expander"],
        strategy: one.strategy, uniqueness: one.uniqueness, maxDepth: 4
      }).traverse(result, db.v.document("0"));
      var expected = db._query("FOR v, e, p IN 0..4 " + one.direction + " 'v/0' e OPTIONS " + JSON.stringify({
        uniqueVertices: one.uniqueness.vertices, uniqueEdges: one.uniqueness.edges
      }) + " FILTER p.vertices ALL != null RETURN p.edges[*]._id").toArray();
      var found = result.visited.paths.map(function (path) { return path.edges.map(function (e) { return e._id; }); });
      assert.deepEqual(found.map(String).sort(), expected.map(String).sort(), JSON.stringify(one));
    });
  `);
});

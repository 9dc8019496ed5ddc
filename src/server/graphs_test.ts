import { deepStrictEqual as deepEqual, ok, strictEqual as equal } from "node:assert/strict";
import { TestServer } from "./testing.ts";

const KNOWS = { collection: "knows", from: ["people"], to: ["people"] };

function withGraph(): TestServer {
  const test = new TestServer();
  equal(test.send("POST", "/_api/gharial", { name: "g", edgeDefinitions: [KNOWS] }).status, 202);
  for (const _key of ["a", "b", "c"]) test.send("POST", "/_api/gharial/g/vertex/people", { _key });
  return test;
}

Deno.test("graphs: create, look at, list, remove with their collections", () => {
  using test = withGraph();
  const made = test.send("POST", "/_api/gharial", {
    name: "h",
    edgeDefinitions: [{ collection: "z", from: ["y", "x", "x"], to: ["w"] }, KNOWS],
    orphanCollections: ["o", "w"],
  });
  deepEqual(Object.keys(made.body.graph), ["_key", "edgeDefinitions", "orphanCollections", "_rev", "_id", "name"]);
  deepEqual(made.body.graph.edgeDefinitions, [KNOWS, { collection: "z", from: ["x", "y"], to: ["w"] }]);
  deepEqual(made.body.graph.orphanCollections, ["o"]);
  equal(made.headers.etag, made.body.graph._rev);
  equal(test.send("GET", "/_api/collection/z").body.type, 3);
  deepEqual(test.send("GET", "/_api/gharial/h/vertex").body.collections, ["o", "people", "w", "x", "y"]);
  deepEqual(test.send("GET", "/_api/gharial/h/edge/").body.collections, ["knows", "z"]);
  deepEqual(test.send("GET", "/_api/gharial").body.graphs.map((one: { name: string }) => one.name), ["g", "h"]);
  deepEqual(test.send("DELETE", "/_api/gharial/h?dropCollections=true").body, {
    error: false,
    code: 202,
    removed: true,
  });
  equal(test.send("GET", "/_api/collection/z").status, 404);
  equal(test.send("GET", "/_api/collection/knows").status, 200, "g still uses it");
  equal(test.send("DELETE", "/_api/gharial/g").status, 202);
  equal(test.send("GET", "/_api/collection/knows").status, 200);
});

Deno.test("graph definitions that cannot be are refused with their numbers", () => {
  using test = withGraph();
  const post = (body: object): unknown[] => {
    const answer = test.send("POST", "/_api/gharial", body);
    return [answer.status, answer.body.errorNum];
  };
  deepEqual(post({}), [400, 1922]);
  deepEqual(post({ name: "g" }), [409, 1925]);
  deepEqual(post({ name: "x", edgeDefinitions: [{ collection: "e" }] }), [400, 1923]);
  deepEqual(post({ name: "x", edgeDefinitions: {} }), [400, 1923]);
  deepEqual(post({ name: "x", orphanCollections: [1] }), [400, 1943]);
  deepEqual(post({ name: "x", edgeDefinitions: [KNOWS, KNOWS] }), [400, 1920]);
  deepEqual(post({ name: "x", edgeDefinitions: [{ ...KNOWS, to: ["other"] }] }), [400, 1921]);
  deepEqual(post({ name: "x", edgeDefinitions: [{ ...KNOWS, collection: "people" }] }), [400, 1944]);
  const missing = test.send("GET", "/_api/gharial/nope");
  deepEqual([missing.status, missing.body.errorNum, missing.body.errorMessage], [404, 1924, "graph 'nope' not found"]);
  equal(test.send("GET", "/_api/collection/other").status, 404, "nothing was made on the way");
});

Deno.test("edge definitions and orphans come and go", () => {
  using test = withGraph();
  const number = (method: string, path: string, body?: object): number =>
    test.send(method, `/_api/gharial/g/${path}`, body).body.errorNum ?? 0;
  const works = { collection: "works", from: ["people"], to: ["city"] };
  equal(number("POST", "edge", works), 0);
  equal(number("POST", "edge", works), 1920);
  equal(number("DELETE", "vertex/city"), 1928);
  equal(number("DELETE", "vertex/nope"), 1926);
  equal(number("POST", "vertex", { collection: "city" }), 1929);
  equal(number("POST", "vertex", { collection: "extra" }), 0);
  equal(number("POST", "vertex", { collection: "extra" }), 1938);
  equal(number("POST", "vertex", { collection: "knows" }), 1927);
  equal(number("POST", "vertex?createCollection=false", { collection: "absent" }), 1926);
  const changed = test.send("PUT", "/_api/gharial/g/edge/works", { ...works, to: ["town"] }).body.graph;
  deepEqual(changed.edgeDefinitions[1].to, ["town"]);
  deepEqual(changed.orphanCollections, ["city", "extra"]);
  equal(number("PUT", "edge/nope", works), 1930);
  deepEqual(test.send("DELETE", "/_api/gharial/g/edge/works").body.graph.orphanCollections, ["city", "extra", "town"]);
  equal(number("DELETE", "edge/works"), 1930);
  equal(number("DELETE", "vertex/extra?dropCollection=true"), 0);
  equal(test.send("GET", "/_api/collection/extra").status, 404);
});

Deno.test("vertices and edges: the edges of a removed vertex go with it", () => {
  using test = withGraph();
  const made = test.send("POST", "/_api/gharial/g/edge/knows?returnNew=true", {
    _from: "people/a",
    _to: "people/b",
    _key: "ab",
    n: 1,
  });
  equal(made.status, 202);
  deepEqual(Object.keys(made.body), ["error", "code", "edge", "new"]);
  equal(made.headers.etag, made.body.edge._rev);
  const post = (body: object): number => test.send("POST", "/_api/gharial/g/edge/knows", body).body.errorNum;
  equal(post({ _from: "people/a" }), 1233);
  equal(post({ _from: "people/a", _to: "people/zz" }), 1202);
  const foreign = (path: string, body: object): unknown[] => {
    const answer = test.send("POST", `/_api/gharial/g/${path}`, body);
    return [answer.status, answer.body.errorNum];
  };
  deepEqual(foreign("edge/knows", { _from: "people/a", _to: "other/1" }), [404, 1947]);
  deepEqual(foreign("edge/people", {}), [404, 1930]);
  deepEqual(foreign("vertex/knows", {}), [404, 1949]);
  const one = "/_api/gharial/g/edge/knows/ab";
  equal(test.send("GET", one).body.edge.n, 1);
  // reading is not particular about the kind
  equal(test.send("GET", "/_api/gharial/g/vertex/knows/ab").body.vertex.n, 1);
  equal(test.send("PATCH", "/_api/gharial/g/vertex/knows/ab", {}).body.errorNum, 1949);
  equal(test.send("GET", one, undefined, { "if-none-match": made.headers.etag! }).status, 304);
  equal(test.send("GET", one, undefined, { "if-match": "_abc" }).status, 412);
  equal(test.send("PATCH", `${one}?returnOld=true`, { n: 2 }).body.old.n, 1);
  equal(test.send("PUT", one, { n: 3 }).body.errorNum, 1233);
  for (const bad of [{ _from: null }, { _to: 1 }, { _to: "people" }]) {
    equal(test.send("PATCH", one, bad).body.errorNum, 1233, JSON.stringify(bad));
  }
  equal(test.send("PATCH", one, { _to: "other/1" }).body.errorNum, 1947);
  equal(test.send("PUT", `${one}?returnNew=true`, { _from: "people/b", _to: "people/c" }).body.new._from, "people/b");
  equal(test.send("PATCH", one, {}, { "if-match": "_abc" }).body.errorNum, 1200);
  deepEqual(test.send("DELETE", "/_api/gharial/g/vertex/people/c").body, { error: false, code: 202, removed: true });
  equal(test.send("GET", one).body.errorNum, 1202);
  ok(test.send("GET", "/_api/gharial/g/vertex/people/b").body.vertex._id);
});

Deno.test("vertices and edges belong to the transaction that a request names", () => {
  using test = withGraph();
  test.send("POST", "/_api/document/knows", { _key: "ab", _from: "people/a", _to: "people/b" });
  const begin = (collections: object) => {
    const { id } = test.send("POST", "/_api/transaction/begin", { collections }).body.result;
    const send = (method: string, path: string, body?: unknown) =>
      test.send(method, `/_api/gharial/g/${path}`, body, { "x-arango-trx-id": id });
    return { send, end: (method: string) => test.send(method, `/_api/transaction/${id}`).status };
  };
  const outside = (path: string): number => test.send("GET", `/_api/gharial/g/${path}`).status;
  for (const end of ["DELETE", "PUT"]) {
    const trx = begin({ write: ["people", "knows"] });
    equal(trx.send("POST", "vertex/people", { _key: "x" }).status, 202);
    equal(trx.send("POST", "edge/knows", { _key: "ax", _from: "people/a", _to: "people/x" }).status, 202);
    equal(trx.send("PATCH", "vertex/people/x", { n: 1 }).body.vertex._key, "x");
    equal(trx.send("PUT", "edge/knows/ax", { _from: "people/x", _to: "people/a" }).status, 202);
    equal(trx.send("DELETE", "vertex/people/b").body.removed, true);
    const seen = ["vertex/people/x", "edge/knows/ax", "vertex/people/b", "edge/knows/ab"];
    deepEqual(seen.map((path) => trx.send("GET", path).status), [200, 200, 404, 404]);
    deepEqual(seen.map(outside), [404, 404, 200, 200]);
    equal(test.send("POST", "/_api/gharial/g/edge/knows", { _from: "people/a", _to: "people/x" }).body.errorNum, 1202);
    equal(trx.end(end), 200);
    deepEqual(seen.map(outside), end === "PUT" ? [200, 200, 404, 404] : [404, 404, 200, 200]);
    deepEqual(trx.send("GET", "vertex/people/x").status, end === "PUT" ? 400 : 410);
  }
  const only = begin({ write: ["people"] });
  equal(only.send("POST", "vertex/people", {}).status, 202);
  equal(only.send("POST", "edge/knows", { _from: "people/a", _to: "people/x" }).body.errorNum, 1652);
  // its edges would have to go with it
  equal(only.send("DELETE", "vertex/people/x").body.errorNum, 1652);
  equal(test.send("GET", "/_api/gharial/g/vertex/people/x", undefined, { "x-arango-trx-id": "1" }).status, 404);
});

Deno.test("removing a vertex looks for edges only where there may be some", () => {
  using test = withGraph();
  const other = { name: "other", edgeDefinitions: [{ collection: "roads", from: ["city"], to: ["city"] }] };
  test.send("POST", "/_api/gharial", other);
  test.send("POST", "/_api/document/city", { _key: "c" });
  test.send("POST", "/_api/document/roads", { _from: "city/c", _to: "city/c" });
  const { id } =
    test.send("POST", "/_api/transaction/begin", { collections: { write: ["people", "knows"] } }).body.result;
  const headers = { "x-arango-trx-id": id };
  equal(test.send("DELETE", "/_api/gharial/g/vertex/people/a", undefined, headers).status, 202);
  equal(test.send("PUT", `/_api/transaction/${id}`).status, 200);
});

Deno.test("traversals go to the collections that they are restricted to, which have to be those of their graph", () => {
  using test = withGraph();
  for (const [name, type] of [["works", 3], ["firms", 2]]) test.send("POST", "/_api/collection", { name, type });
  test.send("POST", "/_api/document/knows", { _from: "people/a", _to: "people/b" });
  test.send("POST", "/_api/document/works", { _from: "people/a", _to: "firms/f" });
  const reached = (graph: string, options: string): unknown => {
    const query = `FOR v, e IN OUTBOUND 'people/a' ${graph} OPTIONS ${options} SORT e._to RETURN e._to`;
    const { status, body } = test.send("POST", "/_api/cursor", { query });
    return body.error ? [status, body.errorNum] : body.result;
  };
  const both = ["firms/f", "people/b"];
  deepEqual(reached("knows, works", "{ edgeCollections: [], vertexCollections: [] }"), both, "no restrictions");
  deepEqual(reached("knows, works", "{ edgeCollections: 'knows' }"), ["people/b"]);
  deepEqual(reached("knows, works", "{ vertexCollections: 'firms' }"), ["firms/f"]);
  deepEqual(reached("GRAPH 'g'", "{ edgeCollections: ['knows'], vertexCollections: ['people'] }"), ["people/b"]);
  for (const graph of ["knows", "GRAPH 'g'"]) {
    deepEqual(reached(graph, "{ edgeCollections: 'nope' }"), [404, 1203]);
    deepEqual(reached(graph, "{ vertexCollections: 'nope' }"), [404, 1203]);
    deepEqual(reached(graph, "{ edgeCollections: 'people' }"), [400, 1218]);
    deepEqual(reached(graph, "{ edgeCollections: 'works' }"), [400, 1939]);
  }
  deepEqual(reached("GRAPH 'g'", "{ vertexCollections: 'firms' }"), [404, 1926]);
  deepEqual(reached("knows, INBOUND knows", "{}"), [400, 1218], "two directions for one collection");
});

Deno.test("a collection that a graph has cannot be dropped before it is taken out, and is renamed in all graphs", () => {
  using test = withGraph();
  test.send("POST", "/_api/gharial", { name: "h", edgeDefinitions: [KNOWS], orphanCollections: ["extra", "other"] });
  for (const name of ["knows", "people", "extra"]) {
    equal(test.send("DELETE", `/_api/collection/${name}`).body.errorNum, 1942, name);
  }
  for (const [name, next] of [["knows", "met"], ["people", "humans"], ["extra", "spare"]]) {
    equal(test.send("PUT", `/_api/collection/${name}/rename`, { name: next }).status, 200);
  }
  const met = { collection: "met", from: ["humans"], to: ["humans"] };
  const { graphs } = test.send("GET", "/_api/gharial").body;
  deepEqual(
    graphs.map((graph: { edgeDefinitions: unknown; orphanCollections: unknown }) => [
      graph.edgeDefinitions,
      graph.orphanCollections,
    ]),
    [[[met], []], [[met], ["other", "spare"]]],
  );
  equal(test.send("DELETE", "/_api/gharial/h/vertex/spare").status, 202);
  equal(test.send("DELETE", "/_api/collection/spare").status, 200);
  equal(test.send("DELETE", "/_api/gharial/g").status, 202);
  equal(test.send("DELETE", "/_api/collection/humans").body.errorNum, 1942, "h has it as well");
});

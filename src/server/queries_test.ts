import { deepStrictEqual as deepEqual, ok, strictEqual as equal } from "node:assert/strict";
import { Cursors } from "./cursors.ts";
import { TestServer } from "./testing.ts";

/** A server with a collection `c` of documents `k0` to `k4` with `n` 0 to 4. */
function filled(): TestServer {
  const test = new TestServer();
  test.send("POST", "/_api/collection", { name: "c" });
  test.send("POST", "/_api/document/c", [0, 1, 2, 3, 4].map((n) => ({ _key: `k${n}`, n, o: { even: n % 2 === 0 } })));
  return test;
}

const keys = (rows: { _key: string }[]): string => rows.map(({ _key }) => _key).join(" ");

Deno.test("simple queries: all, with skip, limit and batches", () => {
  using test = filled();
  const all = test.send("PUT", "/_api/simple/all", { collection: "c" });
  equal(all.status, 201);
  deepEqual(Object.keys(all.body), ["result", "hasMore", "count", "cached", "error", "code"]);
  equal(all.body.count, 5);
  equal(keys(all.body.result), "k0 k1 k2 k3 k4");
  const some = test.send("PUT", "/_api/simple/all", { collection: "c", skip: 1, limit: 3, batchSize: 2 }).body;
  equal(keys(some.result), "k1 k2");
  deepEqual([some.hasMore, some.count, some.nextBatchId], [true, 3, "2"]);
  const rest = test.send("PUT", `/_api/cursor/${some.id}`).body;
  deepEqual([keys(rest.result), rest.hasMore, rest.code, rest.nextBatchId], ["k3", false, 200, undefined]);
  equal(test.send("PUT", `/_api/cursor/${some.id}`).body.errorNum, 1600);
  const big = test.send("PUT", "/_api/simple/all", { collection: "c", limit: 0 }).body;
  deepEqual([big.count, big.result], [0, []]);
  equal(test.send("PUT", "/_api/simple/all", { collection: "c", batchSize: 0 }).status, 400);
  equal(test.send("PUT", "/_api/simple/all", {}).status, 400);
  equal(test.send("PUT", "/_api/simple/all", { collection: "nope" }).status, 404);
});

Deno.test("simple queries: by example, ranges, keys", () => {
  using test = filled();
  const put = (name: string, body: object) => test.send("PUT", `/_api/simple/${name}`, { collection: "c", ...body });
  equal(keys(put("by-example", { example: { "o.even": true }, skip: 1 }).body.result), "k2 k4");
  equal(keys(put("by-example", { example: { o: { even: true }, n: 2 } }).body.result), "k2");
  equal(keys(put("by-example", { example: { missing: null }, limit: 2 }).body.result), "k0 k1");
  equal(keys(put("by-example", { example: { _id: "c/k3" } }).body.result), "k3");
  equal(keys(put("by-example", { example: { _id: "d/k3" } }).body.result), "");
  equal(put("first-example", { example: { n: 3 } }).body.document._key, "k3");
  equal(put("first-example", { example: { n: 9 } }).status, 404);
  equal(put("first-example", { example: 1 }).status, 400);
  equal(keys(put("range", { attribute: "n", left: 1, right: 3 }).body.result), "k1 k2");
  equal(keys(put("range", { attribute: "n", left: 1, right: 3, closed: true }).body.result), "k1 k2 k3");
  equal(keys(put("lookup-by-keys", { keys: ["k1", "x", "c/k0"] }).body.documents), "k1 k0");
  ok(put("any", {}).body.document._key);
  deepEqual(put("all-keys", { type: "id" }).body.result.slice(0, 2), ["c/k0", "c/k1"]);
  equal(put("near", { latitude: 0, longitude: 0 }).body.errorNum, 1570);
  equal(put("fulltext", { attribute: "x", query: "y" }).body.errorNum, 1571);
});

Deno.test("simple queries that change: all or nothing, at most `limit`", () => {
  using test = filled();
  const put = (name: string, body: object) =>
    test.send("PUT", `/_api/simple/${name}`, { collection: "c", ...body }).body;
  equal(
    put("update-by-example", { example: { "o.even": true }, newValue: { x: 1 }, options: { limit: 2 } }).updated,
    2,
  );
  equal(put("replace-by-example", { example: { x: 1 }, newValue: { y: 1 } }).replaced, 2);
  equal(keys(put("by-example", { example: { y: 1 } }).result), "k0 k2");
  equal(put("remove-by-example", { example: { y: 1 } }).deleted, 2);
  const { removed, ignored, old } = put("remove-by-keys", { keys: ["k1", "k0"], options: { returnOld: true } });
  deepEqual([removed, ignored, old[0].n], [1, 1, 1]);
  equal(test.send("GET", "/_api/collection/c/count").body.count, 2);
});

Deno.test("cursors belong to their user and database, repeat a batch if that was asked for, and expire", () => {
  const rows = (): Iterator<string> => ["1", "2", "3", "4", "5"][Symbol.iterator]();
  let id = 0;
  using cursors = new Cursors(() => `${++id}`);
  const options = { batchSize: 2, ttl: 60, user: "root", database: "d", retriable: true };
  const parse = (reply: { body: Uint8Array }) => JSON.parse(new TextDecoder().decode(reply.body));
  parse(cursors.first({ rows: rows(), extra: () => `{"stats":{}}` }, options));
  const failing = (user: string, database: string, batch?: string): number => {
    try {
      cursors.next("1", user, database, batch);
      return 0;
    } catch (error) {
      return (error as { errorNum: number }).errorNum;
    }
  };
  deepEqual([failing("bob", "d"), failing("root", "e"), failing("root", "d", "7")], [1600, 1600, 1600]);
  deepEqual(parse(cursors.next("1", "root", "d", "2")).result, [3, 4]);
  deepEqual(parse(cursors.next("1", "root", "d", "2")).result, [3, 4]);
  const last = parse(cursors.next("1", "root", "d", "3"));
  deepEqual([last.result, last.hasMore, last.extra], [[5], false, { stats: {} }]);
  deepEqual(parse(cursors.next("1", "root", "d", "3")).result, [5]);
  cursors.remove("1", "root", "d");
  equal(failing("root", "d"), 1600);
  let closed = false;
  const source = {
    next: () => ({ done: false as const, value: "0" }),
    return: () => {
      closed = true;
      return { done: true as const, value: "" };
    },
  };
  cursors.first({ rows: source }, { ...options, ttl: -1 });
  id = 1;
  equal(failing("root", "d"), 1600);
  ok(closed, "an expired cursor lets go of its result");
});

Deno.test("imports: lines, lists, rows, and what is wrong with them", () => {
  using test = new TestServer();
  test.send("POST", "/_api/collection", { name: "c" });
  test.send("POST", "/_api/collection", { name: "e", type: 3 });
  const post = (query: string, body: unknown) => test.send("POST", `/_api/import?${query}`, body);
  const counts = (query: string, body: unknown): unknown[] => {
    const { created, errors, empty, updated, ignored, details } = post(query, body).body;
    return [created, errors, empty, updated, ignored, ...(details ?? [])];
  };
  deepEqual(counts("collection=c&type=documents", `{ "_key": "abc" }\n{"_key":"foo"}\n\n{"n":1}\n`), [3, 0, 1, 0, 0]);
  deepEqual(counts("collection=c&type=list", [{ _key: "x" }, {}]), [2, 0, 0, 0, 0]);
  deepEqual(counts("collection=c&type=auto", [{}]), [1, 0, 0, 0, 0]);
  deepEqual(counts("collection=c&type=auto", "{}\n{}"), [2, 0, 0, 0, 0]);
  deepEqual(counts("collection=c", `["_key","v"]\n["r1",null]\n["r2",9007199254740993]\n\n["r3"]`), [
    2,
    1,
    1,
    0,
    0,
  ]);
  // as ArangoJS 9 writes it
  deepEqual(counts("collection=c&type=undefined", `["a"]\n[1]`), [1, 0, 0, 0, 0]);
  ok(test.send("GET", "/_api/document/c/r2").text.endsWith(`,"v":9007199254740993}`));
  ok(!("v" in test.send("GET", "/_api/document/c/r1").body));
  deepEqual(
    counts("collection=c&type=documents&details=true", `{"_key":"new"}\n{"_key":"abc","x":1}\n{"a`),
    [
      1,
      2,
      0,
      0,
      0,
      `at position 3: invalid JSON type (expecting object, probably parse error), offending context: {"a`,
      `at position 1: creating document failed with error 'unique constraint violated', offending document: {"_key":"abc","x":1}`,
    ],
  );
  deepEqual(counts("collection=c&type=list&onDuplicate=ignore", [{ _key: "abc", x: 2 }]), [0, 0, 0, 0, 1]);
  deepEqual(counts("collection=c&type=list&onDuplicate=update", [{ _key: "abc", x: 3 }]), [0, 0, 0, 1, 0]);
  deepEqual(counts("collection=c&type=list&onDuplicate=replace", [{ _key: "abc", y: 3 }]), [0, 0, 0, 1, 0]);
  const failed = post("collection=c&type=documents&complete=true", `{"_key":"n1"}\n{"_key":"abc"}`);
  deepEqual([failed.status, failed.body.errorNum, failed.body.errorMessage], [409, 1210, "unique constraint violated"]);
  equal(test.send("GET", "/_api/document/c/n1").status, 404);
  deepEqual(counts("collection=c&type=list&overwrite=true", [{ _key: "only" }]), [1, 0, 0, 0, 0]);
  equal(test.send("GET", "/_api/collection/c/count").body.count, 1);
  deepEqual(counts("collection=e&type=list&details=true", [{ name: "x" }]), [
    0,
    1,
    0,
    0,
    0,
    `at position 1: missing '_from' or '_to' attribute, offending document: {"name":"x"}`,
  ]);
  deepEqual(counts("collection=e&type=list&fromPrefix=a&toPrefix=b/", [{ _from: "1", _to: 2, _key: "p" }]), [
    1,
    0,
    0,
    0,
    0,
  ]);
  const edge = test.send("GET", "/_api/document/e/p").body;
  deepEqual([edge._from, edge._to], ["a/1", "b/2"]);
  const other = [{ _key: "q", _from: "x/1", _to: "y/2" }];
  deepEqual(counts("collection=e&type=list&fromPrefix=a&toPrefix=b&overwriteCollectionPrefix=true", other), [
    1,
    0,
    0,
    0,
    0,
  ]);
  const moved = test.send("GET", "/_api/document/e/q").body;
  deepEqual([moved._from, moved._to], ["a/1", "b/2"]);
  deepEqual(counts("collection=c&details=true&line=7", `["_key","v"]\n["s1",1]\n["s2"]\n[1,2,3]`), [
    1,
    2,
    0,
    0,
    0,
    "at position 9: wrong number of JSON values (got 1, expected 2)",
    "at position 10: wrong number of JSON values (got 3, expected 2)",
  ]);
  deepEqual(counts("collection=c&ignoreMissing=true", `["_key","v"]\n["s3"]\n["s4",4,5]`), [2, 0, 0, 0, 0]);
  deepEqual(["s3", "s4"].map((key) => test.send("GET", `/_api/document/c/${key}`).body.v), [undefined, 4]);
  const wrong: [string, unknown, number, number][] = [
    ["", [], 400, 1204],
    ["collection=c&type=list", {}, 400, 400],
    ["collection=c&type=list", "[", 400, 400],
    ["collection=c", `{"_key":"foo"}`, 400, 400],
    ["collection=c", `["_key",1]\n["foo",1]`, 400, 400],
    ["collection=c&type=documents&complete=true", `{"_key":"foo"}\n[]`, 500, 4],
    ["collection=c&complete=true", `["_key"]\n["foo","bar"]`, 500, 4],
    ["collection=e&type=list&complete=true", [{}], 400, 1233],
    ["collection=c&type=odd", "[]", 400, 400],
    ["collection=c&type=odd", "{}\n{}", 400, 400],
    ["collection=c&type=list&onDuplicate=odd", [], 400, 10],
    ["collection=nope&type=list", [], 404, 1203],
  ];
  for (const [query, body, status, errorNum] of wrong) {
    const answer = post(query, body);
    deepEqual([answer.status, answer.body.errorNum], [status, errorNum], query);
  }
});

Deno.test("a plan that was explained can be run, with other options too; another plan cannot", () => {
  using test = new TestServer();
  test.send("POST", "/_api/collection", { name: "c" });
  test.send("POST", "/_api/document/c", [{ v: 1 }, { v: 2.5 }, { v: 3 }]);
  const explain = (query: string, bindVars = {}) =>
    test.send("POST", "/_api/explain", { query, bindVars, options: { allPlans: true } }).body.plans[0];
  const run = (executionPlan: unknown, options = {}) =>
    test.send("POST", "/_api/cursor/json", { executionPlan, options }).body;
  const plan = explain("FOR d IN c FILTER d.v > @least SORT d.v RETURN d.v", { least: 1 });
  deepEqual(run(plan).result, [2.5, 3]);
  test.send("POST", "/_api/document/c", { v: 0.5 + 1 });
  const fully = run(plan, { fullCount: true, optimizer: { rules: ["-all"] } });
  deepEqual([fully.result, fully.hasMore], [[1.5, 2.5, 3], false]);
  equal(run(explain("FOR d IN c REMOVE d IN c")).extra.stats.writesExecuted, 4);
  equal(run({ ...plan, nodes: plan.nodes.slice(1) }).errorNum, 9);
  equal(run(undefined).errorNum, 10);
});

Deno.test("a full count is there whenever it was asked for: before the last LIMIT, else of all results", () => {
  using test = filled();
  const fullCount = (query: string, options = {}) =>
    test.send("POST", "/_api/cursor", { query, options: { fullCount: true, ...options } }).body.extra.stats.fullCount;
  equal(fullCount("FOR d IN c LIMIT 1, 2 RETURN d"), 5);
  equal(fullCount("FOR d IN c FILTER d.n > 1 RETURN d"), 3);
  // as in `06_workWithAQL_statementsExtra`
  equal(fullCount("FOR i IN 1..10 INSERT {} INTO c"), 0);
  equal(fullCount("FOR d IN c LIMIT 1 RETURN d", { fullCount: false }), undefined);
});

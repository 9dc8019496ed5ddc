import { deepStrictEqual as deepEqual, ok, strictEqual as equal } from "node:assert/strict";
import { type ApiReply, bodyText } from "../base/exchange.ts";
import { Cursors } from "./cursors.ts";
import { type QueryInfo, queryLogOf } from "./queries.ts";
import { runningQuery, TestServer } from "./testing.ts";

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
  const parse = (reply: ApiReply) => JSON.parse(bodyText(reply));
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

Deno.test("a query that was killed, itself or its job, is listed as such until its thread has seen it", () => {
  using test = new TestServer();
  let cancelled = 0;
  const run = { poll: () => undefined, took: () => undefined, cancel: () => void cancelled++ };
  const log = queryLogOf(test.server);
  log.follow(runningQuery("7", "RETURN SLEEP(9)"), run);
  const id = test.server.jobs.follow("root", true, log.follow(runningQuery("8", "RETURN SLEEP(9)"), run));
  const states = (): string[] => test.send("GET", "/_api/query/current").body.map(({ state }: QueryInfo) => state);
  deepEqual(states(), ["executing", "executing"]);
  equal(test.send("DELETE", "/_api/query/7").status, 200);
  deepEqual([states(), cancelled], [["killed", "executing"], 1]);
  equal(test.send("PUT", `/_api/job/${id}/cancel`).status, 200);
  deepEqual([states(), cancelled], [["killed", "killed"], 2]);
});

/**
 * Queries that run with the operators of an earlier run: they see what a query of their own would see, and no more.
 *
 * @module
 */
import { deepEqual, equal } from "node:assert/strict";
import { basic, TestServer } from "./testing.ts";

const ROOT = basic("root", "");
const BOB = basic("bob", "pw");
const TEXT = "FOR d IN c FILTER d.v == @v SORT d._key RETURN d";

/** Documents `d0` to `d3` with `v` 0, 1, "1" and null, and a user who may read them. */
function filled(): TestServer {
  const test = new TestServer({ authentication: true });
  test.headers = ROOT;
  test.send("POST", "/_api/collection", { name: "c" });
  test.send("POST", "/_api/document/c", [0, 1, "1", null].map((v, i) => ({ _key: `d${i}`, v })));
  test.send("POST", "/_api/user", { user: "bob", passwd: "pw" });
  test.send("PUT", "/_api/user/bob/database/_system", { grant: "ro" });
  return test;
}

/** The keys of what a query finds, or the number of its error. */
function found(test: TestServer, v: unknown, headers: Record<string, string> = ROOT, database = "_system"): unknown {
  const body = { query: TEXT, bindVars: { v } };
  const answer = test.send("POST", `/_db/${database}/_api/cursor`, body, headers).body;
  return answer.error ? answer.errorNum : answer.result.map(({ _key }: { _key: string }) => _key);
}

Deno.test("a query finds what its own parameters ask for, whatever types they have", () => {
  using test = filled();
  for (const [v, keys] of [[1, ["d1"]], ["1", ["d2"]], [null, ["d3"]], [[1], []], [{ a: 1 }, []], [0, ["d0"]]]) {
    deepEqual(found(test, v), keys, JSON.stringify(v));
  }
});

Deno.test("a query sees what was written since its last run, other definitions and other databases", () => {
  using test = filled();
  deepEqual(found(test, 1), ["d1"]);
  test.send("PUT", "/_api/document/c/d0", { v: 1 });
  deepEqual(found(test, 1), ["d0", "d1"]);
  test.send("POST", "/_api/index?collection=c", { type: "persistent", fields: ["v"] });
  deepEqual(found(test, 1), ["d0", "d1"]);
  test.send("PUT", "/_api/collection/c/truncate");
  deepEqual(found(test, 1), []);
  test.send("DELETE", "/_api/collection/c");
  equal(found(test, 1), 1203);
  test.send("POST", "/_api/collection", { name: "c" });
  test.send("POST", "/_api/document/c", { _key: "new", v: 1 });
  deepEqual(found(test, 1), ["new"]);
  test.send("POST", "/_api/database", { name: "other" });
  test.send("POST", "/_db/other/_api/collection", { name: "c" });
  deepEqual([found(test, 1, ROOT, "other"), found(test, 1)], [[], ["new"]]);
});

Deno.test("a query in a transaction sees what that has written, and nobody else does", () => {
  using test = filled();
  deepEqual(found(test, 7), []);
  const { id } = test.send("POST", "/_api/transaction/begin", { collections: { write: ["c"] } }).body.result;
  const inside = { ...ROOT, "x-arango-trx-id": id };
  test.send("POST", "/_api/document/c", { _key: "mine", v: 7 }, inside);
  for (let i = 0; i < 2; i++) deepEqual([found(test, 7, inside), found(test, 7)], [["mine"], []]);
  test.send("PUT", `/_api/transaction/${id}`, undefined, ROOT);
  deepEqual(found(test, 7), ["mine"]);
});

Deno.test("a query that others have run is refused who may not read", () => {
  using test = filled();
  deepEqual([found(test, 1), found(test, 1, BOB)], [["d1"], ["d1"]]);
  test.send("PUT", "/_api/user/bob/database/_system/c", { grant: "none" });
  equal(found(test, 1, BOB), 11);
  deepEqual(found(test, 1), ["d1"]);
  equal(found(test, 1, BOB), 11);
});

Deno.test("cursors of one query that are read by turns give each its own results", () => {
  using test = filled();
  const open = [0, 10].map((add) =>
    test.send("POST", "/_api/cursor", {
      query: "FOR i IN 1..4 RETURN i + @add",
      bindVars: { add },
      batchSize: 1,
      options: { stream: true },
    }).body
  );
  const rest = [1, 2, 3].map(() => open.map(({ id }) => test.send("POST", `/_api/cursor/${id}`).body.result[0]));
  deepEqual([open.map(({ result }) => result[0]), ...rest], [[1, 11], [2, 12], [3, 13], [4, 14]]);
});

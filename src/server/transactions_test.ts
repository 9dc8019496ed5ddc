import { deepStrictEqual as deepEqual, strictEqual as equal } from "node:assert/strict";
import { basic, TestServer } from "./testing.ts";
import { transactionsOf } from "./transactions.ts";

interface Trx {
  readonly id: string;
  send(method: string, url: string, body?: unknown): ReturnType<TestServer["send"]>;
}

function begin(test: TestServer, collections: object): Trx {
  const { id } = test.send("POST", "/_api/transaction/begin", { collections }).body.result;
  return { id, send: (method, url, body) => test.send(method, url, body, { "x-arango-trx-id": id }) };
}

function withCollections(): TestServer {
  const test = new TestServer();
  for (const name of ["a", "b"]) test.send("POST", "/_api/collection", { name });
  test.send("POST", "/_api/document/a", { _key: "old", n: 1 });
  return test;
}

Deno.test("what a transaction has announced for reading stays as it was when the transaction began", () => {
  using test = withCollections();
  const trx = begin(test, { read: ["a", "b"] });
  const count = (name: string, from: Pick<Trx, "send"> = trx): unknown =>
    from.send("GET", `/_api/collection/${name}/count`).body.count;
  test.send("POST", "/_api/document/a", { _key: "later" });
  test.send("POST", "/_api/document/b", { _key: "first" });
  deepEqual([count("a"), count("b"), count("a", test), count("b", test)], [1, 0, 2, 1]);
  test.send("PUT", "/_api/collection/a/truncate");
  const query = { query: "FOR d IN a RETURN d._key" };
  deepEqual(trx.send("POST", "/_api/cursor", query).body.result, ["old"]);
  equal(trx.send("GET", "/_api/document/a/old").status, 200);
  equal(test.send("GET", "/_api/document/a/old").status, 404);
  equal(trx.send("PUT", `/_api/transaction/${trx.id}`).body.result.status, "committed");
  const next = begin(test, { read: ["a", "b"] });
  deepEqual([count("a", next), count("b", next)], [0, 1]);
});

Deno.test("a transaction sees its own writes, nobody else does until it is committed", () => {
  using test = withCollections();
  const trx = begin(test, { write: ["a", "b"] });
  equal(trx.send("POST", "/_api/document/a", { _key: "new" }).status, 202);
  equal(trx.send("PATCH", "/_api/document/a/old", { n: 2 }).status, 202);
  equal(trx.send("POST", "/_api/document/b", [{}, {}, { _key: 1 }]).headers["x-arango-error-codes"], `{"1221":1}`);
  const inside = (): unknown[] => [
    trx.send("GET", "/_api/document/a/new").status,
    trx.send("GET", "/_api/document/a/old").body.n,
    trx.send("GET", "/_api/collection/a/count").body.count,
    trx.send("GET", "/_api/collection/b/count").body.count,
    trx.send("PUT", "/_api/simple/all", { collection: "a" }).body.result.length,
  ];
  const outside = (): unknown[] => [
    test.send("GET", "/_api/document/a/new").status,
    test.send("GET", "/_api/document/a/old").body.n,
    test.send("GET", "/_api/collection/a/count").body.count,
    test.send("GET", "/_api/collection/b/count").body.count,
    test.send("PUT", "/_api/simple/all", { collection: "a" }).body.result.length,
  ];
  deepEqual(inside(), [200, 2, 2, 2, 2]);
  deepEqual(outside(), [404, 1, 1, 0, 1]);
  const path = `/_api/transaction/${trx.id}`;
  deepEqual(test.send("GET", path).body, { code: 200, error: false, result: { id: trx.id, status: "running" } });
  deepEqual(test.send("GET", "/_api/transaction").body.transactions, [{ id: trx.id, state: "running" }]);
  equal(test.send("PUT", path).body.result.status, "committed");
  deepEqual(outside(), [200, 2, 2, 2, 2]);
  equal(test.send("PUT", path).body.result.status, "committed", "once more is fine");
  equal(test.send("DELETE", path).body.errorNum, 1653);
  equal(trx.send("GET", "/_api/document/a/new").body.errorNum, 1653);
  deepEqual(test.send("GET", "/_api/transaction").body.transactions, []);
});

Deno.test("an aborted transaction leaves nothing behind", () => {
  using test = withCollections();
  const trx = begin(test, { write: "a", exclusive: ["b"] });
  trx.send("POST", "/_api/import?collection=b&type=list", [{}, {}]);
  trx.send("PUT", "/_api/collection/a/truncate");
  equal(trx.send("GET", "/_api/collection/a/count").body.count, 0);
  equal(test.send("DELETE", `/_api/transaction/${trx.id}`).body.result.status, "aborted");
  equal(test.send("GET", "/_api/collection/a/count").body.count, 1);
  equal(test.send("GET", "/_api/collection/b/count").body.count, 0);
  const gone = trx.send("GET", "/_api/document/a/old");
  deepEqual([gone.status, gone.body.errorNum], [410, 1654]);
  equal(test.send("POST", "/_api/document/a", {}).status, 202, "the lock is gone");
});

Deno.test("writes to what a transaction has written conflict at once", () => {
  using test = withCollections();
  const first = begin(test, { write: ["a"] });
  const second = begin(test, { write: ["a", "b"] });
  equal(test.send("POST", "/_api/document/a", {}).status, 202, "nothing is locked before the first write");
  equal(first.send("POST", "/_api/document/a", {}).status, 202);
  const conflict = test.send("POST", "/_api/document/a", {});
  deepEqual([conflict.status, conflict.body.errorNum], [409, 1200]);
  equal(second.send("POST", "/_api/document/a", {}).body.errorNum, 1200);
  equal(second.send("POST", "/_api/document/b", {}).status, 202);
  for (
    const [method, url, body] of [
      ["DELETE", "/_api/collection/a"],
      ["PUT", "/_api/collection/a/truncate"],
      ["POST", "/_api/index?collection=a", { type: "persistent", fields: ["x"] }],
      ["PUT", "/_api/simple/remove-by-example", { collection: "a", example: {} }],
      ["POST", "/_api/import?collection=a&type=list", []],
    ] as const
  ) {
    equal(test.send(method, url, body).body.errorNum, 1200, `${method} ${url}`);
  }
  equal(test.send("POST", "/_api/transaction/begin", { collections: { exclusive: "a" } }).body.errorNum, 28);
  test.send("PUT", `/_api/transaction/${first.id}`);
  equal(second.send("POST", "/_api/document/a", {}).status, 202);
});

Deno.test("transactions touch only what they announced, and belong to their user and database", () => {
  using test = new TestServer({ authentication: true, rootPassword: "pw" });
  test.headers = basic("root", "pw");
  for (const name of ["a", "b"]) test.send("POST", "/_api/collection", { name });
  const strict = begin(test, { read: ["a"], allowImplicit: false });
  equal(strict.send("GET", "/_api/document/b/x").body.errorNum, 1652);
  equal(strict.send("GET", "/_api/document/a/x").body.errorNum, 1202);
  equal(strict.send("POST", "/_api/document/a", {}).body.errorNum, 1652);
  equal(test.send("POST", "/_api/transaction/begin", { collections: { read: "nope" } }).body.errorNum, 1203);
  equal(test.send("POST", "/_api/transaction/begin", {}).body.errorNum, 10);
  equal(test.send("POST", "/_api/transaction/begin", { collections: { read: 7 } }).body.errorNum, 10);
  test.send("POST", "/_api/user", { user: "bob", passwd: "b" });
  test.send("PUT", "/_api/user/bob/database/_system", { grant: "ro" });
  const bob = basic("bob", "b");
  equal(test.send("POST", "/_api/transaction/begin", { collections: { write: "a" } }, bob).status, 403);
  equal(test.send("GET", `/_api/transaction/${strict.id}`, undefined, bob).body.errorNum, 1655);
  equal(test.send("GET", "/_api/document/a/x", undefined, { "x-arango-trx-id": "999" }).body.errorNum, 1655);
});

Deno.test("a transaction that rests too long is aborted", () => {
  using test = withCollections();
  const trx = begin(test, { write: ["a"] });
  trx.send("POST", "/_api/document/a", {});
  const { now } = Date;
  try {
    Date.now = () => now() + 61_000;
    equal(trx.send("GET", "/_api/document/a/old").body.errorNum, 1654);
    deepEqual(transactionsOf(test.server).running("root", "_system"), []);
  } finally {
    Date.now = now;
  }
  equal(test.send("GET", "/_api/collection/a/count").body.count, 1);
});

Deno.test("a transaction writes no more than it may, and its id is a number", () => {
  using test = withCollections();
  const body = { collections: { write: "a" }, maxTransactionSize: 100 };
  const { id } = test.send("POST", "/_api/transaction/begin", body).body.result;
  const insert = (text: string) => test.send("POST", "/_api/document/a", { text }, { "x-arango-trx-id": id });
  equal(insert("short").status, 202);
  equal(insert("x".repeat(100)).body.errorNum, 32);
  equal(test.send("PUT", `/_api/transaction/${id}`).status, 200);
  equal(test.send("GET", "/_api/collection/a/count").body.count, 2);
  for (const wrong of [{ lockTimeout: -1 }, { maxTransactionSize: "large" }]) {
    equal(test.send("POST", "/_api/transaction/begin", { ...body, ...wrong }).body.errorNum, 10);
  }
  equal(test.send("PUT", "/_api/transaction/abc").body.errorNum, 10);
  equal(test.send("DELETE", "/_api/transaction").body.errorNum, 10);
  equal(test.send("GET", "/_api/document/a/old", undefined, { "x-arango-trx-id": "abc" }).body.errorNum, 10);
});

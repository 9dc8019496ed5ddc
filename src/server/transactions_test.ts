import { deepStrictEqual as deepEqual, strictEqual as equal } from "node:assert/strict";
import { type ApiReply, bodyText } from "../base/exchange.ts";
import { Engine } from "../engine/engine.ts";
import { isWaiting } from "./waiting.ts";
import { basic, TestServer } from "./testing.ts";
import { transactionsOf } from "./transactions.ts";

interface Trx {
  readonly id: string;
  send(method: string, url: string, body?: unknown): ReturnType<TestServer["send"]>;
}

function begin(test: TestServer, collections: object, options: object = {}): Trx {
  const { id } = test.send("POST", "/_api/transaction/begin", { collections, ...options }).body.result;
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

Deno.test("transactions write different documents of a collection beside each other, and the same one never", () => {
  using test = withCollections();
  const first = begin(test, { write: ["a"] });
  const second = begin(test, { write: ["a", "b"] });
  equal(test.send("POST", "/_api/document/a", { _key: "outside" }).status, 202);
  equal(first.send("POST", "/_api/document/a", { _key: "one" }).status, 202);
  equal(second.send("POST", "/_api/document/a", { _key: "two" }).status, 202);
  equal(first.send("PATCH", "/_api/document/a/old", { n: 2 }).status, 202);
  const text = (key: string): string =>
    `Timeout waiting to lock key - in index primary of type primary over '_key'; conflicting key: ${key}`;
  const { _rev } = test.send("GET", "/_api/document/a/old").body;
  for (const [who, method] of [[second, "PATCH"], [second, "DELETE"], [test, "PUT"], [test, "DELETE"]] as const) {
    const { status, body } = who.send(method, "/_api/document/a/old", { n: 3 });
    const { errorNum, errorMessage } = body;
    deepEqual([status, errorNum, errorMessage], [409, 1200, text("old")], method);
    deepEqual([body._id, body._key, body._rev], ["a/old", "old", _rev]);
  }
  const taken = test.send("POST", "/_api/document/a", [{ _key: "three" }, { _key: "one" }]);
  equal(taken.headers["x-arango-error-codes"], `{"1200":1}`);
  const query = (query: string, who: Pick<Trx, "send">): unknown => {
    const { body } = who.send("POST", "/_api/cursor", { query });
    return body.result ?? body.errorNum;
  };
  equal(query(`FOR d IN a UPDATE d WITH { n: 4 } IN a`, test), 1200);
  deepEqual(query(`FOR d IN a SORT d._key RETURN d._key`, first), ["old", "one"]);
  deepEqual(query(`FOR d IN a SORT d._key RETURN d._key`, second), ["old", "two"]);
  deepEqual(query(`FOR d IN a SORT d._key RETURN d._key`, test), ["old", "outside", "three"]);
  for (const { id } of [first, second]) equal(test.send("PUT", `/_api/transaction/${id}`).status, 200);
  deepEqual(query(`FOR d IN a SORT d._key RETURN [d._key, d.n]`, test), [
    ["old", 2],
    ["one", null],
    ["outside", null],
    ["three", null],
    ["two", null],
  ]);
});

Deno.test("arrays and imports wait for what a transaction has locked, as single documents do", () => {
  using test = withCollections();
  const now = Date.now;
  /** What a request is answered that waits until a transaction, which has written `old`, has come to its end. */
  const answerAfter = (method: string, url: string, sent: unknown, end: (trx: Trx) => void): ApiReply => {
    const trx = begin(test, { write: ["a"] });
    equal(trx.send("PATCH", "/_api/document/a/old", { n: 2 }).status, 202);
    const body = new TextEncoder().encode(JSON.stringify(sent));
    const answer = test.server.handle({ method, url, headers: {}, body }, { wait: "later" });
    if (!isWaiting(answer)) throw new Error(`${method} ${url} does not wait`);
    equal(answer.poll(), undefined);
    end(trx);
    const reply = answer.poll()!;
    test.send("DELETE", `/_api/transaction/${trx.id}`);
    return reply;
  };
  const requests: readonly (readonly [method: string, url: string, sent: unknown])[] = [
    ["POST", "/_api/document/a?overwrite=true", [{ _key: "x" }, { _key: "old" }]],
    ["PATCH", "/_api/document/a", [{ _key: "x" }, { _key: "old" }]],
    ["PUT", "/_api/document/a", [{ _key: "x" }, { _key: "old" }]],
    ["POST", "/_api/import?collection=a&type=list&onDuplicate=replace", [{ _key: "x" }, { _key: "old" }]],
    ["DELETE", "/_api/document/a", ["x", "old"]],
  ];
  for (const [method, url, sent] of requests) {
    for (const end of ["PUT", "DELETE"]) {
      if (method !== "POST") test.send("POST", "/_api/document/a?overwrite=true", [{ _key: "x" }, { _key: "old" }]);
      const reply = answerAfter(method, url, sent, (trx) => {
        trx.send(end, `/_api/transaction/${trx.id}`);
      });
      equal(reply.status < 300, true, `${method} ${url}`);
      equal(reply.headers["x-arango-error-codes"], undefined, `${method} ${url}`);
      if (url.includes("import")) equal(JSON.parse(bodyText(reply)).errors, 0);
    }
  }
  // who has waited too long is told about the one document
  test.send("POST", "/_api/document/a", { _key: "old" });
  const late = (): void => void (Date.now = () => now() + 2000);
  try {
    const { status, headers } = answerAfter("PATCH", "/_api/document/a", [{ _key: "old" }, { _key: "x" }], late);
    deepEqual([status, headers["x-arango-error-codes"]], [202, `{"1200":1,"1202":1}`]);
  } finally {
    Date.now = now;
  }
});

Deno.test("what others have changed since a transaction began cannot be written by it", () => {
  using test = withCollections();
  test.send("POST", "/_api/document/a", { _key: "gone" });
  const trx = begin(test, { write: ["a"] });
  test.send("PATCH", "/_api/document/a/old", { n: 2 });
  test.send("DELETE", "/_api/document/a/gone");
  test.send("POST", "/_api/document/a", { _key: "new" });
  for (
    const [method, key, body] of [["PATCH", "old", { n: 3 }], ["DELETE", "gone"], ["POST", "new", {
      _key: "new",
    }]] as const
  ) {
    const answer = trx.send(method, method === "POST" ? "/_api/document/a" : `/_api/document/a/${key}`, body);
    const text = `write-write conflict - in index primary of type primary over '_key'; conflicting key: ${key}`;
    deepEqual([answer.status, answer.body.errorNum, answer.body.errorMessage], [409, 1200, text]);
  }
  const twice = trx.send("PATCH", "/_api/document/a", [{ _key: "old", n: 3 }, { _key: "old", n: 4 }]);
  equal(twice.headers["x-arango-error-codes"], `{"1200":2}`, "a second try does not help");
  equal(trx.send("GET", "/_api/document/a/old").body.n, 1);
  equal(trx.send("GET", "/_api/document/a/new").status, 404);
  equal(trx.send("POST", "/_api/document/a", { _key: "other" }).status, 202, "the transaction goes on");
  equal(test.send("PUT", `/_api/transaction/${trx.id}`).status, 200);
  equal(test.send("GET", "/_api/collection/a/count").body.count, 3);
});

Deno.test("a unique value belongs to the transaction that has written it, or has taken it away", () => {
  using test = withCollections();
  test.send("POST", "/_api/index?collection=a", { type: "persistent", fields: ["n", "m"], unique: true, name: "nm" });
  const trx = begin(test, { write: ["a"] });
  equal(trx.send("POST", "/_api/document/a", { n: 7, m: "x" }).status, 202);
  equal(trx.send("PATCH", "/_api/document/a/old", { n: 2 }).status, 202);
  const answer = test.send("POST", "/_api/document/a", { _key: "k", n: 7, m: "x" });
  deepEqual([answer.status, answer.body.errorNum], [409, 1200]);
  equal(
    answer.body.errorMessage,
    `Timeout waiting to lock key - in index nm of type persistent over 'n, m'; document key: k; indexed values: [7,"x"]`,
  );
  equal(test.send("POST", "/_api/document/a", { _key: "k", n: 1 }).body.errorNum, 1200, "the value may come back");
  equal(trx.send("POST", "/_api/document/a", { n: 7, m: "x" }).body.errorNum, 1210, "its own values are taken");
  test.send("DELETE", `/_api/transaction/${trx.id}`);
  equal(test.send("POST", "/_api/document/a", { _key: "k", n: 7, m: "x" }).status, 202);
});

Deno.test("an operation of a transaction that fails is undone alone, with what it has locked", () => {
  using test = withCollections();
  const trx = begin(test, { write: ["a", "b"] });
  trx.send("POST", "/_api/document/a", { _key: "first" });
  const query = { query: "FOR i IN [3, 2, 1, 0] INSERT { _key: 1 / i > 0 ? CONCAT('k', i) : null } INTO a" };
  equal(trx.send("POST", "/_api/cursor", query).body.errorNum, 1221);
  deepEqual(trx.send("POST", "/_api/cursor", { query: "FOR d IN a SORT d._key RETURN d._key" }).body.result, [
    "first",
    "old",
  ]);
  equal(trx.send("GET", "/_api/collection/a/count").body.count, 2);
  equal(test.send("POST", "/_api/document/a", { _key: "k3" }).status, 202);
  equal(test.send("PUT", `/_api/transaction/${trx.id}`).status, 200);
  deepEqual(test.send("POST", "/_api/cursor", { query: "FOR d IN a SORT d._key RETURN d._key" }).body.result, [
    "first",
    "k3",
    "old",
  ]);
});

Deno.test("a collection that a transaction has for itself, or has written to, is locked as far as need be", () => {
  using test = withCollections();
  const lockTimeout = (who: Pick<Trx, "send">, method: string, url: string, body?: unknown): void =>
    equal(who.send(method, url, body).body.errorNum, 18, `${method} ${url}`);
  const shared = begin(test, { write: ["a"] });
  equal(shared.send("POST", "/_api/document/a", { _key: "x" }).status, 202);
  lockTimeout(test, "POST", "/_api/transaction/begin", { collections: { exclusive: "a" } });
  lockTimeout(test, "DELETE", "/_api/collection/a");
  lockTimeout(test, "PUT", "/_api/collection/a/truncate");
  lockTimeout(test, "POST", "/_api/index?collection=a", { type: "persistent", fields: ["x"] });
  const structure = { parameters: { name: "a" }, indexes: [] };
  lockTimeout(test, "PUT", "/_api/replication/restore-collection?overwrite=true", structure);
  test.send("PUT", `/_api/transaction/${shared.id}`);
  const before = begin(test, { write: ["a"] });
  const alone = begin(test, { exclusive: ["a"] });
  lockTimeout(before, "POST", "/_api/document/a", {});
  lockTimeout(test, "POST", "/_api/document/a", {});
  lockTimeout(test, "PUT", "/_api/simple/remove-by-example", { collection: "a", example: {} });
  lockTimeout(test, "POST", "/_api/transaction/begin", { collections: { write: "a" } });
  equal(test.send("GET", "/_api/document/a/x").status, 200, "reading is free");
  equal(test.send("POST", "/_api/document/b", {}).status, 202);
  equal(alone.send("POST", "/_api/document/a", {}).status, 202);
  test.send("DELETE", `/_api/transaction/${alone.id}`);
  equal(test.send("POST", "/_api/document/a", {}).status, 202);
});

Deno.test("keys that count up are different ones in transactions beside each other", () => {
  using test = new TestServer();
  test.send("POST", "/_api/collection", { name: "a", keyOptions: { type: "autoincrement" } });
  const [first, second] = [begin(test, { write: ["a"] }), begin(test, { write: ["a"] })];
  const key = (who: Pick<Trx, "send">): unknown => who.send("POST", "/_api/document/a", {}).body._key;
  deepEqual([first, second, first, test, second].map(key), ["1", "2", "3", "4", "5"]);
  for (const { id } of [first, second]) equal(test.send("PUT", `/_api/transaction/${id}`).status, 200);
  equal(key(test), "6");
});

Deno.test("an index that is made beside a transaction holds what the transaction commits, and edges are found in it", () => {
  using test = withCollections();
  test.send("POST", "/_api/collection", { name: "e", type: 3 });
  const edges = { query: "FOR v, e IN 1..2 ANY 'a/old' e SORT e._key RETURN e._key" };
  const trx = begin(test, { write: ["a", "e"] });
  test.send("POST", "/_api/index?collection=a", { type: "persistent", fields: ["n"], name: "later" });
  const byIndex = { query: "FOR d IN a OPTIONS { indexHint: 'later' } FILTER d.n == 5 RETURN d._key" };
  trx.send("POST", "/_api/document/a", { _key: "five", n: 5 });
  trx.send("POST", "/_api/document/e", [
    { _key: "x", _from: "a/old", _to: "a/five" },
    { _key: "y", _from: "a/six", _to: "a/five" },
  ]);
  deepEqual(trx.send("POST", "/_api/cursor", byIndex).body.result, ["five"]);
  deepEqual(trx.send("POST", "/_api/cursor", edges).body.result, ["x", "y"]);
  deepEqual(test.send("POST", "/_api/cursor", edges).body.result, []);
  trx.send("DELETE", "/_api/document/e/x");
  deepEqual(trx.send("POST", "/_api/cursor", edges).body.result, []);
  equal(test.send("PUT", `/_api/transaction/${trx.id}`).status, 200);
  deepEqual(test.send("POST", "/_api/cursor", byIndex).body.result, ["five"]);
});

Deno.test("a transaction cannot go on, nor be committed, when a collection is gone that it has written", () => {
  using test = withCollections();
  const trx = begin(test, { write: ["a", "b"] });
  trx.send("POST", "/_api/document/b", { _key: "x" });
  const other = begin(test, { write: ["a", "b"] });
  other.send("POST", "/_api/document/b", { _key: "y" });
  // another process knows nothing of the transactions
  using process = Engine.open({ directory: test.engine.directory });
  process.database("_system").dropCollection(process.database("_system").collection("b"));
  equal(other.send("POST", "/_api/document/a", {}).body.errorNum, 1203);
  const answer = test.send("PUT", `/_api/transaction/${trx.id}`);
  equal(answer.body.errorNum, 1203);
  equal(test.send("GET", `/_api/transaction/${trx.id}`).body.result.status, "aborted");
});

Deno.test("what another process has written meanwhile makes the commit fail as a whole", () => {
  using test = withCollections();
  const trx = begin(test, { write: ["a", "b"] });
  trx.send("PATCH", "/_api/document/a/old", { n: 2 });
  trx.send("POST", "/_api/document/b", { _key: "x" });
  using other = Engine.open({ directory: test.engine.directory });
  other.database("_system").collection("a").update("old", `{"n":3}`);
  const answer = test.send("PUT", `/_api/transaction/${trx.id}`);
  deepEqual([answer.status, answer.body.errorNum], [409, 1200]);
  deepEqual([test.send("GET", "/_api/document/a/old").body.n, test.send("GET", "/_api/document/b/x").status], [3, 404]);
});

Deno.test("transactions touch only what they announced, and belong to their user and database", () => {
  using test = new TestServer({ authentication: true, rootPassword: "pw" });
  test.headers = basic("root", "pw");
  for (const name of ["a", "b"]) test.send("POST", "/_api/collection", { name });
  const strict = begin(test, { read: ["a"] }, { allowImplicit: false });
  equal(strict.send("GET", "/_api/document/b/x").body.errorNum, 1652);
  // as the manual had it up to 3.10
  equal(begin(test, { allowImplicit: false }).send("GET", "/_api/document/b/x").body.errorNum, 1652);
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

Deno.test("streams of a transaction are closed with it, results that are complete are not", () => {
  using test = withCollections();
  for (const end of ["PUT", "DELETE"]) {
    const trx = begin(test, { read: ["a"] });
    const query = { query: "FOR i IN 1..3 RETURN i", batchSize: 1 };
    const stream = trx.send("POST", "/_api/cursor", { ...query, options: { stream: true } }).body.id;
    const complete = trx.send("POST", "/_api/cursor", query).body.id;
    deepEqual(trx.send("POST", `/_api/cursor/${stream}`).body.result, [2]);
    equal(test.send(end, `/_api/transaction/${trx.id}`).status, 200);
    equal(test.send("POST", `/_api/cursor/${stream}`).body.errorNum, 1600);
    deepEqual(test.send("POST", `/_api/cursor/${complete}`).body.result, [2]);
  }
});

Deno.test("a transaction that rests too long is aborted", () => {
  using test = withCollections();
  const trx = begin(test, { write: ["a"] });
  trx.send("POST", "/_api/document/a", {});
  const { now } = Date;
  try {
    Date.now = () => now() + 61_000;
    equal(trx.send("GET", "/_api/document/a/old").body.errorNum, 1654);
    deepEqual(transactionsOf(test.server).running, []);
  } finally {
    Date.now = now;
  }
  equal(test.send("GET", "/_api/collection/a/count").body.count, 1);
});

Deno.test("a transaction does not rest while a request of it waits", () => {
  using test = withCollections();
  const trx = begin(test, { write: ["a"] });
  const own = begin(test, { exclusive: ["a"] });
  const request = { method: "POST", url: "/_api/document/a", headers: { "x-arango-trx-id": trx.id } };
  const answer = test.server.handle({ ...request, body: new TextEncoder().encode("{}") }, { wait: "later" });
  if (!isWaiting(answer)) throw new Error("it does not wait");
  const { now } = Date;
  try {
    for (const seconds of [50, 100]) {
      Date.now = () => now() + seconds * 1000;
      equal(own.send("GET", "/_api/document/a/old").status, 200);
      equal(answer.poll(), undefined);
    }
    equal(test.send("PUT", `/_api/transaction/${own.id}`).status, 200);
    equal(answer.poll()!.status, 202);
  } finally {
    Date.now = now;
  }
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

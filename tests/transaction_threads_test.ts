/** Stream transactions of `denosh serve` live in threads of their own: what one does keeps nobody else waiting. */
import { deepStrictEqual as deepEqual, match, ok, strictEqual as equal } from "node:assert/strict";
import { Database } from "arangojs";
import { TemporaryDirectory } from "../src/base/testing.ts";
import { hostServer } from "../src/embedding/host_server.ts";
import { basic } from "../src/server/testing.ts";

/** A server with a thread for queries, the collection `c` with the document `c/old`, and a driver. */
async function start() {
  const cleaning = new AsyncDisposableStack();
  const directory = cleaning.use(new TemporaryDirectory()).path;
  const server = await hostServer({
    directory,
    endpoints: ["tcp://127.0.0.1:0"],
    authentication: true,
    rootPassword: "pw",
    queryThreads: 1,
    trustedOrigins: ["http://trusted.example"],
  });
  cleaning.use(server);
  const url = server.running.endpoints[0]!;
  const driverOf = (username: string, password: string): Database => {
    const db = new Database({ url, auth: { username, password } });
    cleaning.defer(() => db.close());
    return db;
  };
  const db = driverOf("root", "pw");
  const c = db.collection("c");
  await c.create();
  await c.save({ _key: "old", n: 1 });
  return { url, db, c, driverOf, [Symbol.asyncDispose]: () => cleaning.disposeAsync() };
}

/** The number of the error that a promise fails with; undefined if it does not. */
function failure(work: Promise<unknown>): Promise<number | undefined> {
  return work.then(() => undefined, (error: { errorNum?: number }) => error.errorNum ?? NaN);
}

/** Waits until a query is listed that begins with a text, and returns its id. */
async function untilRunning(db: Database, text: string): Promise<string> {
  for (;;) {
    const found = (await db.listRunningQueries()).find(({ query }) => query.startsWith(text));
    if (found) return found.id;
  }
}

/** How many transactions a server has had, by what has become of them. */
async function countsOf(url: string): Promise<{ started: number; committed: number; aborted: number }> {
  const metrics = await (await fetch(`${url}/_admin/metrics/v2`, { headers: basic("root", "pw") })).text();
  const count = (outcome: string): number =>
    Number(new RegExp(`arangodb_transactions_${outcome}_total\\{[^}]*\\} (\\d+)\n`).exec(metrics)![1]);
  return { started: count("started"), committed: count("committed"), aborted: count("aborted") };
}

const LONG = "FOR i IN 1..1000 LET slept = SLEEP(0.05) INSERT { slept } INTO c";

Deno.test("a long query of a transaction keeps nobody waiting, is listed, and can be killed", async () => {
  await using test = await start();
  const { db, c } = test;
  const long = await db.beginTransaction({ write: [c] });
  const running = failure(long.step(() => db.query(LONG)));
  const id = await untilRunning(db, "FOR i");
  equal((await c.save({ _key: "plain" }))._key, "plain");
  deepEqual((await long.get()).status, "running");
  // another transaction begins somewhere else as soon as that makes sense
  const other = await db.beginTransaction({ write: [c] });
  await other.step(() => c.save({ _key: "other" }));
  await other.commit();
  await db.killQuery(id);
  equal(await running, 1500);
  await long.commit();
  deepEqual(await (await db.query("FOR d IN c SORT d._key RETURN d._key")).all(), ["old", "other", "plain"]);
});

Deno.test("a transaction that is aborted ends its query", async () => {
  await using test = await start();
  const { db, c, driverOf } = test;
  await db.createUser("other", "secret");
  await db.setUserAccessLevel("other", { database: "_system" }, "rw");
  const trx = await db.beginTransaction({ write: [c] });
  const running = failure(trx.step(() => db.query(LONG)));
  await untilRunning(db, "FOR i");
  // somebody else's transaction is none
  equal(await failure(driverOf("other", "secret").transaction(trx.id).abort()), 1655);
  equal((await db.listRunningQueries()).length, 1);
  equal((await trx.abort()).status, "aborted");
  equal(await running, 1500);
  equal((await c.count()).count, 1);
  equal(await failure(trx.step(() => c.save({}))), 1654);
});

Deno.test("what a transaction has written or has for itself is locked for everybody", async () => {
  await using test = await start();
  const { db, c } = test;
  await c.save({ _key: "older" });
  const trx = await db.beginTransaction({ write: [c] });
  await trx.step(() => c.updateAll([{ _key: "old", n: 2 }, { _key: "older", n: 2 }]));
  // whatever thread they are in
  equal(await failure(c.update("old", { n: 3 })), 1200);
  equal(await failure(db.query("UPDATE 'old' WITH { n: 3 } IN c")), 1200);
  const second = await db.beginTransaction({ write: [c] });
  equal(await failure(second.step(() => c.update("old", { n: 3 }))), 1200);
  await second.abort();
  const later = c.update("old", { n: 4 });
  // one that has begun while the transaction commits is told of a conflict, as by ArangoDB
  const laterQuery = db.query("UPDATE 'older' WITH { n: 5 } IN c", {}, { retryOnConflict: 10 });
  equal((await c.document("old")).n, 1);
  await trx.commit();
  await Promise.all([later, laterQuery]);
  deepEqual((await c.documents(["old", "older"])).map(({ n }) => n), [4, 5]);

  const own = await db.beginTransaction({ exclusive: [c] });
  equal(await failure(db.beginTransaction({ exclusive: [c] }, { lockTimeout: 0.1 })), 18);
  let isOver = false;
  const waiting = [c.save({ _key: "waited" }), db.query("INSERT { _key: 'also' } INTO c")]
    .map((one) => one.then(() => ok(isOver)));
  await own.step(() => c.save({ _key: "own" }));
  isOver = true;
  await own.commit();
  await Promise.all(waiting);
  equal((await c.count()).count, 5);
});

Deno.test("transactions in threads are listed and counted, and known when they are over", async () => {
  await using test = await start();
  const { url, db, c } = test;
  const [first, second] = [await db.beginTransaction({ write: [c] }), await db.beginTransaction([c])];
  const listed = (await db.listTransactions()).map(({ id }) => id).sort();
  deepEqual(listed, [first.id, second.id].sort());
  const cursor = await first.step(() => db.query("FOR i IN 1..5 RETURN i", {}, { batchSize: 2 }));
  deepEqual(await cursor.all(), [1, 2, 3, 4, 5]);
  await first.commit();
  await second.abort();
  deepEqual([(await first.get()).status, (await second.get()).status], ["committed", "aborted"]);
  equal(await failure(second.commit()), 1653);
  deepEqual(await db.listTransactions(), []);
  deepEqual(await countsOf(url), { started: 2, committed: 1, aborted: 1 });
});

Deno.test("a transaction in JavaScript keeps nobody waiting by its queries", async () => {
  await using test = await start();
  const { db, c } = test;
  const action = `function () {
    const { db } = require("@arangodb");
    db.c.insert({ _key: "first" });
    db._query("RETURN SLEEP(1)");
    return db.c.count();
  }`;
  const counted = db.executeTransaction({ write: [c] }, action);
  await untilRunning(db, "RETURN SLEEP");
  equal((await c.count()).count, 1);
  deepEqual(await db.listTransactions(), []);
  equal(await counted, 2);
  equal((await c.count()).count, 2);
  equal(await failure(db.executeTransaction({ write: ["missing"] }, "function () {}")), 1203);
});

Deno.test("asynchronous and batched requests are part of a transaction too", async () => {
  await using test = await start();
  const { url, db, c } = test;
  const trx = await db.beginTransaction({ write: [c] });
  const headers = { "x-arango-trx-id": trx.id };
  const send = (method: string, path: string, more = {}, body?: string) =>
    fetch(url + path, {
      method,
      headers: { ...basic("root", "pw"), ...more },
      ...(body === undefined ? {} : { body }),
    });
  const begun = await send("POST", "/_api/document/c", { ...headers, "x-arango-async": "store" }, '{"_key":"later"}');
  await begun.bytes();
  const job = `/_api/job/${begun.headers.get("x-arango-async-id")}`;
  for (let status = 204; status === 204;) {
    const answer = await send("PUT", job);
    await answer.bytes();
    status = answer.status;
  }
  const part = `POST /_api/document/c HTTP/1.1\r\nx-arango-trx-id: ${trx.id}\r\n\r\n{"_key":"batched"}`;
  const body = `--X\r\nContent-Type: application/x-arango-batchpart\r\n\r\n${part}\r\n--X--`;
  const batch = await send("POST", "/_api/batch", { "content-type": "multipart/form-data; boundary=X" }, body);
  match(await batch.text(), /HTTP\/1.1 202 Accepted/);
  const explained = await send("POST", "/_api/explain", headers, '{"query":"FOR d IN c RETURN d._key"}');
  const { plan: executionPlan } = await explained.json();
  const found = await send("POST", "/_api/cursor/json", headers, JSON.stringify({ executionPlan }));
  deepEqual((await found.json()).result.sort(), ["batched", "later", "old"]);
  equal((await c.count()).count, 1);
  await trx.commit();
  equal((await c.count()).count, 3);
});

Deno.test("a browser that is trusted may send credentials to a transaction", async () => {
  await using test = await start();
  const { url, db, c } = test;
  const trx = await db.beginTransaction({ read: [c] });
  const headers = { ...basic("root", "pw"), origin: "http://trusted.example", "x-arango-trx-id": trx.id };
  const answer = await fetch(`${url}/_api/document/c/old`, { headers });
  await answer.bytes();
  equal(answer.headers.get("access-control-allow-credentials"), "true");
});

Deno.test("HEAD is answered with the length that GET has, in VelocyPack as well", async () => {
  await using test = await start();
  const { url, db, c } = test;
  const trx = await db.beginTransaction({ read: [c] });
  const headers = { ...basic("root", "pw"), "x-arango-trx-id": trx.id, accept: "application/x-velocypack" };
  const lengthOf = async (method: string): Promise<string | null> => {
    const answer = await fetch(`${url}/_api/document/c/old`, { method, headers });
    await answer.bytes();
    return answer.headers.get("content-length");
  };
  equal(await lengthOf("HEAD"), await lengthOf("GET"));
});

/** Runs `body` at a time that is so many milliseconds later for the server, though not for its threads. */
async function later(milliseconds: number, body: () => Promise<unknown>): Promise<void> {
  const now = Date.now;
  Date.now = () => now() + milliseconds;
  try {
    await body();
  } finally {
    Date.now = now;
  }
}

Deno.test("a transaction that rests too long is aborted, though somebody waits for it, and known to be", async () => {
  await using test = await start();
  const { db, c } = test;
  const resting = await db.beginTransaction({ exclusive: [c] });
  const waiting = db.beginTransaction({ exclusive: [c] }, { lockTimeout: 20 });
  await db.query("RETURN SLEEP(0.5)");
  await later(61_000, () => waiting);
  equal(await failure(resting.step(() => c.count())), 1654);
  equal((await resting.get()).status, "aborted");
});

Deno.test("a transaction in JavaScript ends though its database is dropped, or its user may not use it any more", async () => {
  await using test = await start();
  const { url, db, c, driverOf } = test;
  const own = await db.createDatabase("own");
  await own.collection("d").create();
  await db.createUser("other", "secret");
  await db.setUserAccessLevel("other", { database: "_system" }, "rw");
  const action = (name: string): string =>
    `function () {
      const { db } = require("@arangodb");
      db.${name}.insert({});
      db._query("RETURN SLEEP(1)");
    }`;
  const inDropped = failure(own.executeTransaction({ exclusive: ["d"] }, action("d")));
  await untilRunning(own, "RETURN SLEEP");
  await db.dropDatabase("own");
  // the collection or the database is missed, whichever it comes to first
  ok([1203, 1228].includes(await inDropped ?? 0));
  const byRemoved = failure(driverOf("other", "secret").executeTransaction({ exclusive: ["c"] }, action("c")));
  await untilRunning(db, "RETURN SLEEP");
  await db.removeUser("other");
  await byRemoved;
  const { committed, aborted } = await countsOf(url);
  equal(committed + aborted, 2);
  await c.save({ _key: "free" });
});

Deno.test("a transaction in JavaScript that is cancelled while it waits for a lock does not begin", async () => {
  await using test = await start();
  const { url, db, c } = test;
  const own = await db.beginTransaction({ exclusive: [c] });
  const send = async (method: string, path: string, body?: string): Promise<Headers> => {
    const headers = { ...basic("root", "pw"), ...(body === undefined ? {} : { "x-arango-async": "store" }) };
    const answer = await fetch(url + path, { method, headers, ...(body === undefined ? {} : { body }) });
    await answer.bytes();
    return answer.headers;
  };
  const body = JSON.stringify({ collections: { exclusive: ["c"] }, action: "function () {}" });
  const job = (await send("POST", "/_api/transaction", body)).get("x-arango-async-id");
  await db.query("RETURN SLEEP(0.3)");
  await send("PUT", `/_api/job/${job}/cancel`);
  await own.commit();
  await db.query("RETURN SLEEP(0.3)");
  deepEqual(await countsOf(url), { started: 1, committed: 1, aborted: 0 });
});

/** Many drivers at once: nothing is lost, nothing breaks. */
import { deepStrictEqual as deepEqual, strictEqual as equal } from "node:assert/strict";
import { hostServer } from "../src/embedding/host_server.ts";
import { TemporaryDirectory } from "../src/base/testing.ts";

// the driver brings declarations of an old Node, which hide node:sqlite's from the type checker: no static import
const DRIVER: string = "arangojs";
const { Database } = await import(DRIVER);

const CLIENTS = 50;
const ROUNDS = 4;
/** How long to go on at least: a minute is `MANY_CLIENTS_SECONDS=60`. */
const SECONDS = Number(Deno.env.get("MANY_CLIENTS_SECONDS") ?? 0);

interface Tally {
  readonly documents: Set<string>;
  added: number;
}

type Driver = InstanceType<typeof Database>;

/** What a client does in a round, by its number. */
const WORK: readonly ((db: Driver, name: string, tally: Tally) => Promise<void>)[] = [
  async function one(db, name, tally) {
    await db.collection("docs").save({ _key: name, n: 1 });
    equal((await db.collection("docs").document(name)).n, 1);
    tally.documents.add(name);
  },
  async function many(db, name, tally) {
    const keys = [0, 1, 2, 3, 4].map((i) => `${name}-${i}`);
    const saved = await db.collection("docs").saveAll(keys.map((_key) => ({ _key, n: 2 })));
    deepEqual(saved.map((each: { _key: string }) => each._key), keys);
    for (const key of keys) tally.documents.add(key);
  },
  async function query(db, name, tally) {
    const text = "FOR i IN 1..3 INSERT { _key: CONCAT(@name, '-', i), n: 3 } INTO docs RETURN NEW._key";
    for (const key of await (await db.query(text, { name })).all()) tally.documents.add(key);
    const cursor = await db.query("FOR d IN docs FILTER d._key >= @name SORT d._key LIMIT 5 RETURN d", { name }, {
      batchSize: 2,
    });
    equal((await cursor.all())[0]._key, `${name}-1`);
  },
  async function committed(db, name, tally) {
    const trx = await db.beginTransaction({ write: ["docs"] });
    for (const i of [1, 2]) await trx.step(() => db.collection("docs").save({ _key: `${name}-${i}`, n: 4 }));
    await trx.commit();
    for (const i of [1, 2]) tally.documents.add(`${name}-${i}`);
  },
  async function aborted(db, name) {
    const trx = await db.beginTransaction({ write: ["docs"] });
    await trx.step(() => db.collection("docs").save({ _key: `${name}-never`, n: 5 }));
    await trx.abort();
  },
  async function counter(db, _, tally) {
    const text = "UPDATE { _key: 'sum' } WITH { n: DOCUMENT('counters/sum').n + 1 } IN counters";
    await db.query(text, {}, { retryOnConflict: 100 });
    tally.added++;
  },
];

/** Does something that must wait for others, again and again until they let it. */
async function untilFree(work: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if ((error as { errorNum?: number }).errorNum !== 1200) throw error;
    }
  }
}

Deno.test("50 connections read, write, query and run transactions; nothing is lost", async () => {
  using temporary = new TemporaryDirectory();
  const directory = temporary.path;
  const endpoints = ["tcp://127.0.0.1:0"];
  await using server = await hostServer({ directory, endpoints, authentication: false, queryThreads: 2 });
  const url = server.running.endpoints[0]!;
  const clients = Array.from({ length: CLIENTS }, () => new Database({ url, maxRetries: 100 }));
  const first = clients[0]!;
  await first.createCollection("docs");
  await first.createCollection("counters");
  await first.collection("counters").save({ _key: "sum", n: 0 });
  const tally: Tally = { documents: new Set(), added: 0 };
  const end = Date.now() + SECONDS * 1000;
  await Promise.all(clients.map(async (db, client) => {
    for (let round = 0; round < ROUNDS || Date.now() < end; round++) {
      const work = WORK[(client + round) % WORK.length]!;
      await untilFree(() => work(db, `c${client}-r${round}`, tally));
    }
  }));
  const stored: string[] = await (await first.query("FOR d IN docs RETURN d._key")).all();
  deepEqual(stored.sort(), [...tally.documents].sort());
  equal((await first.collection("counters").document("sum")).n, tally.added);
  for (const db of clients) db.close();
});

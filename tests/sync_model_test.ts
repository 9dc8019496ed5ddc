/**
 * Random lives of a leader and its follower: both write, drop, rename and make their collections anew, with syncs of both kinds between,
 * some of which break off. Whatever happened before, a sync that goes well leaves the follower equal, one that fails leaves it as it was.
 *
 * @module
 */
import { deepStrictEqual as deepEqual, strictEqual as equal } from "node:assert/strict";
import fc from "fast-check";
import { ArangoError } from "../src/base/arango_error.ts";
import type { Collection } from "../src/engine/collection.ts";
import type { Database } from "../src/engine/database.ts";
import { assertConsistent } from "../src/engine/testing.ts";
import { LinkFailure } from "../src/replication/leader_link.ts";
import { contents, SyncPair } from "./in_process_leader.ts";

/** Seconds of lives; an hour's run is `SYNC_FUZZ_SECONDS=3600`. */
const SECONDS = Number(Deno.env.get("SYNC_FUZZ_SECONDS") ?? 4);
const DATABASES = ["_system", "plain", `Über %20+&?#"é`];
const COLLECTIONS = ["c", `日本 &?=#%:"'é`, "x".repeat(256)];
/** Attributes that are easily lost or changed on the way. */
const SHAPES = [
  `"n":1`,
  `"n":9007199254740993,"z":-0.0`,
  `"n":"ä \\u0000\\ud83d\\ude00 \\"","10":1,"2":2`,
  `"n":null,"_of":{"_key":"other","_rev":"_x"}`,
  `"n":[[],{},[1e308,5e-324]]`,
  `"n":"${"long ".repeat(3000)}"`,
];

const side = fc.constantFrom("leader" as const, "follower" as const);
const key = fc.integer({ min: 0, max: 15 }).map((n) => ["k", "K:", "%20", "a@b.c", "_-"][n % 5]! + n);
const step = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({ kind: fc.constant("put" as const), side, key, shape: fc.nat(SHAPES.length - 1) }),
  },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("remove" as const), side, key }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("many" as const), side, count: fc.nat(60) }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constantFrom("truncate" as const, "anew" as const, "rename" as const), side }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("index" as const), side, unique: fc.boolean() }) },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("sync" as const),
      incremental: fc.boolean(),
      /** The request that gets no answer, and none after it. */
      lastsFor: fc.option(fc.nat(7), { nil: Infinity }),
    }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

const life = fc.record({
  database: fc.constantFrom(...DATABASES),
  name: fc.constantFrom(...COLLECTIONS),
  type: fc.constantFrom(2 as const, 3 as const),
  steps: fc.array(step, { maxLength: 40 }),
});

/** One life. */
class Life implements Disposable {
  readonly #pair = new SyncPair();
  readonly #databases: Readonly<Record<"leader" | "follower", Database>>;
  readonly #name: string;
  readonly #type: 2 | 3;

  constructor({ database, name, type }: Omit<typeof life extends fc.Arbitrary<infer T> ? T : never, "steps">) {
    const { leader, follower } = this.#pair;
    if (database !== "_system") { for (const engine of [leader, follower]) engine.createDatabase(database); }
    this.#databases = { leader: leader.database(database), follower: follower.database(database) };
    this.#name = name;
    this.#type = type;
  }

  /** The collection of a side, made if there is none. */
  #collection(side: "leader" | "follower"): Collection {
    const database = this.#databases[side];
    return database.find(this.#name) ?? database.createCollection({ name: this.#name, type: this.#type });
  }

  take(step: Step): void {
    if (step.kind === "sync") return this.#sync(step);
    const collection = this.#collection(step.side);
    const database = this.#databases[step.side];
    const put = (key: string, shape: number): void => {
      const ends = this.#type === 3 ? `"_from":"v/${key}","_to":"v/1",` : "";
      collection.insert(`{"_key":"${key}",${ends}${SHAPES[shape]!}}`, { overwriteMode: "replace" });
    };
    switch (step.kind) {
      case "put":
        return allowing([1210], () => put(step.key, step.shape));
      case "many":
        return allowing([1210], () =>
          database.engine.write([collection], () => {
            for (let i = 0; i < step.count; i++) put(`m${i}`, i % SHAPES.length);
          }));
      case "remove":
        return allowing([1202], () => void collection.remove(step.key));
      case "truncate":
        return collection.truncate();
      case "anew":
        return void database.dropCollection(collection);
      case "rename": {
        const other = database.find("other");
        if (other) database.dropCollection(other);
        return database.renameCollection(collection, "other");
      }
      case "index":
        // a unique index that only the follower has may keep the two apart for good
        return allowing(
          [1210],
          () =>
            void collection.ensureIndex({
              type: "persistent",
              fields: ["n"],
              unique: step.unique && step.side === "leader",
            }),
        );
    }
  }

  #sync({ incremental, lastsFor }: Extract<Step, { kind: "sync" }>): void {
    const leader = this.#collection("leader");
    const { follower: database } = this.#databases;
    const before = database.find(this.#name);
    const held = before && contents(before);
    let requests = 0;
    try {
      this.#pair.sync(this.#name, { incremental, database: database.name }, {
        environment: { database },
        meddle: (_request, answer) => {
          if (requests++ >= lastsFor) throw new LinkFailure("Request timeout reached", "timeout");
          return answer();
        },
      });
    } catch (error) {
      if (!(error instanceof ArangoError) || error.errorNum !== 1400 || lastsFor === Infinity) throw error;
      const now = database.find(this.#name);
      deepEqual(now && contents(now), held);
      return;
    } finally {
      equal(this.#pair.open, 0);
    }
    const local = database.collection(this.#name);
    deepEqual(contents(local), contents(leader));
    equal(local.revisionTree().hash, leader.revisionTree().hash);
    equal(local.globallyUniqueId, leader.globallyUniqueId);
    assertConsistent(local);
  }

  [Symbol.dispose](): void {
    this.#pair[Symbol.dispose]();
  }
}

function allowing(errors: readonly number[], body: () => void): void {
  try {
    body();
  } catch (error) {
    if (!(error instanceof ArangoError) || !errors.includes(error.errorNum)) throw error;
  }
}

Deno.test("whatever leader and follower do, a sync that goes well leaves both equal, and one that fails changes nothing", () => {
  fc.assert(
    fc.property(life, ({ steps, ...set }) => {
      using one = new Life(set);
      for (const step of steps) one.take(step);
      one.take({ kind: "sync", incremental: true, lastsFor: Infinity });
      one.take({ kind: "sync", incremental: false, lastsFor: Infinity });
    }),
    { interruptAfterTimeLimit: SECONDS * 1000, numRuns: 1_000_000 },
  );
});

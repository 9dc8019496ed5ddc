import { deepStrictEqual as deepEqual, ok, strictEqual as equal, throws } from "node:assert/strict";
import type { Database } from "../engine/database.ts";
import { Engine, MEMORY } from "../engine/engine.ts";
import { LeaderLog, type LogChunk, type TailRequest } from "./leader_log.ts";

type Marker = Record<string, unknown> & { type: number; data?: Record<string, unknown> };

class Bench implements Disposable {
  readonly engine = Engine.open({ directory: MEMORY });
  readonly log = new LeaderLog(this.engine);

  get database(): Database {
    return this.engine.database("_system");
  }

  get now(): bigint {
    return this.log.range().tickMax;
  }

  tail(request: Partial<TailRequest>): LogChunk & { markers: Marker[] } {
    const chunk = this.log.tail({
      style: "tail",
      from: 0n,
      to: undefined,
      chunkSize: 1 << 20,
      lastScanned: 0n,
      global: false,
      includeSystem: false,
      collection: undefined,
      ...request,
    }, this.database);
    return { ...chunk, markers: chunk.lines.split("\n").slice(0, -1).map((line) => JSON.parse(line) as Marker) };
  }

  /** A collection's life, from a tick on. */
  live(): bigint {
    const from = this.now;
    const collection = this.database.createCollection({ name: "c" });
    collection.insert(`{"_key":"a","n":1}`);
    collection.update("a", `{"n":2}`);
    collection.remove("a");
    this.database.dropCollection(collection);
    return from;
  }

  [Symbol.dispose](): void {
    this.engine[Symbol.dispose]();
  }
}

Deno.test("the log tells a collection's life with its globally unique id, an update as a document", () => {
  using bench = new Bench();
  const from = bench.live();
  const { markers, lastIncluded, lastTick, checkMore, fromPresent } = bench.tail({ from });
  // of a collection that is gone only its end is told
  equal(markers.at(-1)!.type, 2001);
  equal(lastIncluded, lastTick);
  deepEqual([checkMore, fromPresent], [false, true]);
  const collection = bench.database.createCollection({ name: "d" });
  const start = bench.now;
  collection.insert(`{"_key":"a","n":1}`);
  collection.update("a", `{"n":2}`);
  collection.remove("a");
  const events = bench.tail({ from: start }).markers;
  deepEqual(events.map(({ type }) => type), [2300, 2300, 2302]);
  deepEqual(events.map(({ cuid }) => cuid), Array(3).fill(collection.globallyUniqueId));
  deepEqual(events.map(({ db }) => db), Array(3).fill("_system"));
  equal(events[1]!.data!.n, 2);
  deepEqual(Object.keys(events[2]!.data!), ["_key", "_rev"]);
});

Deno.test("logger-follow names databases and collections by their ids and says nothing of databases", () => {
  using bench = new Bench();
  const collection = bench.database.createCollection({ name: "d" });
  const from = bench.now;
  bench.engine.createDatabase("other", {});
  collection.insert(`{"_key":"a"}`);
  const [document, ...rest] = bench.tail({ from, style: "follow" }).markers;
  deepEqual(rest, []);
  deepEqual(Object.keys(document!), ["tick", "type", "database", "tid", "cid", "cname", "data"]);
  deepEqual([document!.database, document!.cid, document!.cname], ["1", `${collection.id}`, "d"]);
});

Deno.test("a log that has lost nothing begins with the first tick", () => {
  using bench = new Bench();
  bench.live();
  equal(bench.log.range().tickMin, 1n);
});

Deno.test("nothing comes behind the last tick, and a range that ends before it begins is refused", () => {
  using bench = new Bench();
  bench.live();
  const { lines, lastIncluded, checkMore } = bench.tail({ from: bench.now });
  deepEqual([lines, lastIncluded, checkMore], ["", 0n, false]);
  const future = bench.tail({ from: bench.now + 10_000_000n });
  deepEqual([future.lines, future.lastIncluded, future.checkMore], ["", 0n, false]);
  for (const to of [0n, 4n]) throws(() => bench.tail({ from: 5n, to }), { errorNum: 400 });
});

Deno.test("a transaction comes in brackets, and cut into answers every document comes once", () => {
  using bench = new Bench();
  const collection = bench.database.createCollection({ name: "d" });
  const start = bench.now;
  for (const size of [750, 750]) {
    bench.engine.write([collection], () => {
      for (let i = 0; i < size; i++) collection.insert(`{"text":"${"x".repeat(60)}"}`);
    });
  }
  const seen: Marker[] = [];
  let from = start;
  let lastScanned = from;
  for (let answers = 0;; answers++) {
    const chunk = bench.tail({ from, lastScanned, chunkSize: 16384 });
    ok(chunk.lines.length < 25 * 1024, `${chunk.lines.length} bytes`);
    seen.push(...chunk.markers);
    if (chunk.lastIncluded === 0n) {
      ok(answers > 5);
      break;
    }
    from = chunk.lastIncluded;
    lastScanned = chunk.lastScanned;
  }
  const keys = seen.filter(({ type }) => type === 2300).map(({ data }) => data!._key);
  equal(keys.length, 1500);
  equal(new Set(keys).size, 1500);
  equal(seen[0]!.type, 2200);
  const whole = bench.tail({ from: start, chunkSize: 16384 }).markers;
  deepEqual([whole.length, whole[0]!.type, whole.at(-1)!.type], [752, 2200, 2201]);
  ok(seen.filter(({ type }) => type === 2201).length >= 1);
});

Deno.test("who tails one collection hears of the end of all others of the database, as ArangoDB's followers do", () => {
  using bench = new Bench();
  const collection = bench.database.createCollection({ name: "d" });
  const other = bench.database.createCollection({ name: "other" });
  const elsewhere = bench.engine.createDatabase("elsewhere", {});
  const gone = elsewhere.createCollection({ name: "gone" });
  const from = bench.now;
  other.insert("{}");
  bench.database.dropCollection(other);
  elsewhere.dropCollection(gone);
  collection.insert("{}");
  const { markers } = bench.tail({ from, collection });
  deepEqual(markers.map(({ type, cuid }) => [type, cuid]), [
    [2001, other.globallyUniqueId],
    [2300, collection.globallyUniqueId],
  ]);
  deepEqual(bench.tail({ from, collection, style: "follow" }).markers.map(({ type }) => type), [2300]);
});

Deno.test("a truncate of fewer than 32,768 documents is a transaction of removals, another one a marker of its own", () => {
  using bench = new Bench();
  const collection = bench.database.createCollection({ name: "d" });
  const truncated = (count: number): Marker[] => {
    bench.engine.write([collection], () => {
      for (let i = 0; i < count; i++) collection.insert(`{"_key":"k${i}"}`);
    });
    const from = bench.now;
    collection.truncate();
    equal(collection.count(), 0);
    return bench.tail({ from, chunkSize: 1 << 26 }).markers;
  };
  deepEqual(truncated(32_768).map(({ type, cuid }) => [type, cuid]), [[2004, collection.globallyUniqueId]]);
  const removals = truncated(32_767);
  deepEqual([removals.length, removals[0]!.type, removals.at(-1)!.type], [32_769, 2200, 2201]);
  deepEqual(new Set(removals.slice(1, -1).map(({ type, data }) => `${type} ${data!._key}`)).size, 32_767);
  deepEqual(truncated(2).map(({ type, data }) => [type, data?._key]), [
    [2200, undefined],
    [2302, "k0"],
    [2302, "k1"],
    [2201, undefined],
  ]);
});

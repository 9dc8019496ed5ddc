import { deepStrictEqual as deepEqual, ok, strictEqual as equal, throws } from "node:assert/strict";
import { readdirSync } from "node:fs";
import fc from "fast-check";
import type { Collection } from "../src/engine/collection.ts";
import { contents, fakeReply, type Meddler, SyncPair } from "./in_process_leader.ts";

function assertEqualSides(pair: SyncPair, name: string): void {
  const leader = pair.leaderDatabase.collection(name);
  const follower = pair.followerDatabase.collection(name);
  deepEqual(contents(follower), contents(leader));
  equal(follower.count(), leader.count());
  equal(follower.revisionTree().hash, leader.revisionTree().hash);
  equal(follower.type, leader.type);
  for (const definition of leader.indexes()) {
    deepEqual(follower.indexes().find(({ id }) => id === definition.id), definition);
  }
  for (const { id } of follower.indexes()) {
    const { entries } = follower.reading()?.indexSizes(BigInt(id)) ?? { entries: 0 };
    const sparse = follower.indexes().find((one) => one.id === id)!.sparse;
    if (!sparse && !follower.indexes().find((one) => one.id === id)!.fields.some((field) => field.includes("[*]"))) {
      equal(entries, follower.count());
    }
  }
  equal(pair.open, 0, "every link is closed");
  assertNothingLeft(pair);
}

/** No file but those in use. */
function assertNothingLeft(pair: SyncPair): void {
  const used = new Set(pair.follower.catalog.collections().map(({ file }) => file));
  const files = readdirSync(pair.follower.files.path("")).filter((name) => name.endsWith(".sqlite"));
  deepEqual(files.filter((name) => !used.has(name)), []);
}

const VALUES = [
  `"i":9007199254740993`,
  `"i":-9223372036854775808,"z":-0.0`,
  `"big":1e308,"small":5e-324`,
  `"s":"\\u0000\\ud83d\\ude00 ä 𝄞 \\"q\\" \\\\"`,
  `"10":1,"2":2,"b":{"y":[1,{"x":null}],"x":{}}`,
  ``,
];

Deno.test("a full sync copies every value, property and index exactly", () => {
  using pair = new SyncPair();
  const leader = pair.leaderDatabase.createCollection({
    name: "things",
    properties: {
      waitForSync: true,
      schema: { rule: { type: "object" }, level: "none" },
      keyOptions: { type: "uuid" },
    },
  });
  leader.ensureIndex({ type: "hash", fields: ["i"], sparse: true, name: "by_i" });
  leader.ensureIndex({ type: "persistent", fields: ["s"], unique: true, sparse: true });
  for (const [i, value] of VALUES.entries()) leader.insert(`{"_key":"k${i}"${value && ","}${value}}`);
  const { result, statistics } = pair.sync("things");
  deepEqual(result.collections, [{ id: `${leader.id}`, name: "things" }]);
  ok(/^\d+$/.test(result.lastLogTick));
  equal(statistics.documentsFetched, VALUES.length);
  assertEqualSides(pair, "things");
  const follower = pair.followerDatabase.collection("things");
  deepEqual(follower.properties, leader.properties);
  equal(follower.globallyUniqueId, leader.globallyUniqueId);
  throws(() => follower.insert(`{"s":"\\u0000\\ud83d\\ude00 ä 𝄞 \\"q\\" \\\\"}`), { errorNum: 1210 });
});

Deno.test("edges arrive with their ends and can be found by them", () => {
  using pair = new SyncPair();
  const leader = pair.leaderDatabase.createCollection({ name: "knows", type: 3 });
  for (let i = 0; i < 20; i++) leader.insert(`{"_from":"v/${i}","_to":"v/${i % 3}","n":${i}}`);
  pair.sync("knows");
  assertEqualSides(pair, "knows");
  equal(pair.followerDatabase.collection("knows").reading()!.edges("to", "v/1", 0n, 100).length, 7);
});

Deno.test("a full sync replaces what the follower had: documents, indexes, properties", () => {
  using pair = new SyncPair();
  pair.leaderDatabase.createCollection({ name: "c" }).insert(`{"_key":"a"}`);
  const local = pair.followerDatabase.createCollection({ name: "c", properties: { waitForSync: true } });
  local.ensureIndex({ type: "persistent", fields: ["x"] });
  local.insert(`{"_key":"b"}`);
  pair.sync("c");
  assertEqualSides(pair, "c");
  deepEqual(local.indexes(), []);
  equal(local.properties.waitForSync, false);
  pair.leaderDatabase.collection("c").truncate();
  pair.sync("c");
  equal(local.count(), 0);
  assertEqualSides(pair, "c");
});

Deno.test("changes on the leader after the start are not captured", () => {
  using pair = new SyncPair();
  const leader = pair.leaderDatabase.createCollection({ name: "c" });
  for (let i = 0; i < 500; i++) leader.insert(`{"_key":"${i}","x":"${"x".repeat(200)}"}`);
  const before = contents(leader);
  pair.sync("c", { chunkSize: 16384 }, {
    meddle: (request, answer) => {
      if (request.url.includes("/dump?")) leader.insert("{}");
      return answer();
    },
  });
  ok(leader.count() > 500);
  deepEqual(contents(pair.followerDatabase.collection("c")), before);
});

Deno.test("readers see the old contents until the very end, also while they read", () => {
  using pair = new SyncPair();
  const leader = pair.leaderDatabase.createCollection({ name: "c" });
  for (let i = 0; i < 300; i++) leader.insert(`{"_key":"n${i}","x":"${"x".repeat(200)}"}`);
  const local = pair.followerDatabase.createCollection({ name: "c" });
  local.insert(`{"_key":"old"}`);
  const pages = local.pages();
  const seen = new Set<number>();
  const meddle: Meddler = (_request, answer) => {
    seen.add(local.count());
    ok(local.document("old"));
    return answer();
  };
  pair.sync("c", { chunkSize: 16384 }, {
    meddle: (request, answer) => (request.method === "DELETE" ? answer() : meddle(request, answer)),
  });
  deepEqual([...seen], [1]);
  equal(local.count(), 300);
  ok([...pages].flat().length > 0);
});

Deno.test("an unchanged collection costs four requests and no document", () => {
  using pair = new SyncPair();
  const leader = pair.leaderDatabase.createCollection({ name: "c" });
  for (let i = 0; i < 50; i++) leader.insert("{}");
  pair.sync("c");
  pair.requests.length = 0;
  const { statistics } = pair.sync("c", { incremental: true });
  equal(statistics.documentsFetched, 0);
  deepEqual(
    pair.requests.map(({ method, url }) => `${method} ${url.split("?")[0]!.replace(/batch\/\d+/, "batch/ID")}`),
    [
      "POST /_db/_system/_api/replication/batch",
      "GET /_db/_system/_api/replication/inventory",
      "GET /_db/_system/_api/replication/revisions/tree",
      "DELETE /_db/_system/_api/replication/batch/ID",
    ],
  );
});

Deno.test("after updates and inserts on the leader only these travel, without lists of what is old", () => {
  using pair = new SyncPair();
  const leader = pair.leaderDatabase.createCollection({ name: "c" });
  for (let i = 0; i < 2000; i++) leader.insert(`{"_key":"${i}"}`);
  pair.sync("c");
  for (let i = 0; i < 20; i++) leader.update(`${i * 100}`, `{"changed":${i}}`);
  const { statistics } = pair.sync("c", { incremental: true });
  equal(statistics.documentsFetched, 20);
  ok(statistics.received < 20 * 100 + 3000, `${statistics.received} bytes`);
  assertEqualSides(pair, "c");
});

Deno.test("an incremental sync takes over properties and indexes and keeps the follower's own indexes", () => {
  using pair = new SyncPair();
  const leader = pair.leaderDatabase.createCollection({ name: "c" });
  for (let i = 0; i < 10; i++) leader.insert(`{"_key":"${i}","x":${i},"y":${i}}`);
  pair.sync("c");
  const local = pair.followerDatabase.collection("c");
  const own = local.ensureIndex({ type: "persistent", fields: ["y"], name: "own" }).definition;
  pair.leaderDatabase.changeProperties(leader, { waitForSync: true });
  leader.ensureIndex({ type: "persistent", fields: ["x"], unique: true });
  leader.insert(`{"_key":"new","x":77}`);
  pair.sync("c", { incremental: true });
  assertEqualSides(pair, "c");
  equal(local.properties.waitForSync, true);
  deepEqual(local.indexes().find(({ name }) => name === "own"), own);
});

Deno.test("a collection that was made by hand is adopted by an incremental sync", () => {
  using pair = new SyncPair();
  const leader = pair.leaderDatabase.createCollection({ name: "c" });
  leader.insert(`{"_key":"a","v":1}`);
  const local = pair.followerDatabase.createCollection({ name: "c" });
  local.insert(`{"_key":"a","v":2}`);
  local.insert(`{"_key":"b"}`);
  pair.sync("c", { incremental: true });
  assertEqualSides(pair, "c");
  equal(local.globallyUniqueId, leader.globallyUniqueId);
});

/** Leaders that have less and less to offer. */
const LEADERS: Record<string, Meddler | undefined> = {
  "revision trees": undefined,
  "keys only (501)": (request, answer) =>
    request.url.includes("/revisions/") ? fakeReply(501, { error: true, code: 501, errorNum: 9 }) : answer(),
  "keys only (404)": (request, answer) =>
    request.url.includes("/revisions/") ? fakeReply(404, { error: true, code: 404, errorNum: 404 }) : answer(),
  "dumps only (404)": (request, answer) =>
    /\/revisions\/|\/keys/.test(request.url) ? fakeReply(404, { error: true, code: 404, errorNum: 404 }) : answer(),
  "dumps only (400)": (request, answer) => {
    const command = /\/(revisions|keys)\b/.exec(request.url)?.[1];
    if (command === undefined) return answer();
    return fakeReply(400, { error: true, code: 400, errorNum: 400, errorMessage: `invalid command '${command}'` });
  },
  "trees with all empty leaves, envelopes": (request, answer) => {
    const url = request.url.replace("onlyPopulated=true", "onlyPopulated=false").replace(
      "useEnvelope=false",
      "useEnvelope=true",
    );
    (request as { url: string }).url = url;
    return answer();
  },
};

const edit = fc.record({
  side: fc.constantFrom("leader", "follower"),
  kind: fc.constantFrom("put", "remove", "swap", "truncate"),
  key: fc.integer({ min: 0, max: 12 }).map((n) => `k${n}`),
  other: fc.integer({ min: 0, max: 12 }).map((n) => `k${n}`),
  a: fc.integer({ min: 0, max: 9 }),
  b: fc.constantFrom("x", "y", "z", "ä"),
});

/** Applies an edit where the unique indexes let it. */
function apply(
  collection: Collection,
  { kind, key, other, a, b }: typeof edit extends fc.Arbitrary<infer T> ? T : never,
): void {
  const attempt = (body: () => unknown): void => {
    try {
      body();
    } catch (error) {
      ok([1210, 1202].includes((error as { errorNum?: number }).errorNum ?? 0), String(error));
    }
  };
  if (kind === "truncate") {
    if (a === 0) collection.truncate();
  } else if (kind === "remove") attempt(() => collection.remove(key));
  else if (kind === "put") {
    attempt(() =>
      collection.insert(`{"_key":"${key}","a":${a},"b":"${b}${a}","t":["${b}","${a}"]}`, { overwriteMode: "replace" })
    );
  } else {
    const [one, two] = [collection.document(key), collection.document(other)].map((doc) => doc && JSON.parse(doc.text));
    if (!one || !two || key === other) return;
    attempt(() => collection.remove(key));
    attempt(() => collection.update(other, JSON.stringify({ a: one.a, b: one.b, t: one.t })));
    attempt(() => collection.insert(JSON.stringify({ _key: key, a: two.a, b: two.b, t: two.t })));
  }
}

for (const [name, meddle] of Object.entries(LEADERS)) {
  Deno.test(`random edits on both sides end equal after an incremental sync; leader with ${name}`, () => {
    fc.assert(
      fc.property(
        fc.array(edit, { maxLength: 25 }),
        fc.array(edit, { maxLength: 25 }),
        fc.boolean(),
        (before, after, unique) => {
          using pair = new SyncPair();
          const leader = pair.leaderDatabase.createCollection({ name: "c" });
          if (unique) {
            leader.ensureIndex({ type: "persistent", fields: ["a"], unique: true });
            leader.ensureIndex({ type: "persistent", fields: ["b", "a"], unique: true, sparse: true });
            leader.ensureIndex({ type: "persistent", fields: ["t[*]"] });
          }
          for (const one of before) apply(leader, one);
          pair.sync("c", {}, meddle && { meddle });
          assertEqualSides(pair, "c");
          const local = pair.followerDatabase.collection("c");
          for (const one of after) apply(one.side === "leader" ? leader : local, one);
          pair.sync("c", { incremental: true }, meddle && { meddle });
          assertEqualSides(pair, "c");
          pair.sync("c", { incremental: true }, meddle && { meddle });
          assertEqualSides(pair, "c");
        },
      ),
      // eight megabytes of empty leaves take their time
      { numRuns: name.includes("empty leaves") ? 2 : 40 },
    );
  });
}

Deno.test("unique values that were swapped or reversed on one side converge", () => {
  for (const meddle of [LEADERS["revision trees"], LEADERS["keys only (501)"]]) {
    using pair = new SyncPair();
    const leader = pair.leaderDatabase.createCollection({ name: "c" });
    leader.ensureIndex({ type: "persistent", fields: ["v"], unique: true });
    const count = 1500;
    pair.leader.write([leader], () => {
      for (let i = 0; i < count; i++) leader.insert(`{"_key":"${i}","v":${i}}`);
    });
    pair.sync("c", {}, meddle && { meddle });
    const local = pair.followerDatabase.collection("c");
    pair.follower.write([local], () => {
      for (let i = 0; i < count; i++) local.update(`${i}`, `{"v":${-1 - i}}`);
      for (let i = 0; i < count; i++) local.update(`${i}`, `{"v":${count - 1 - i}}`);
    });
    pair.sync("c", { incremental: true }, meddle && { meddle });
    assertEqualSides(pair, "c");
  }
});

Deno.test("more differing revisions than one answer holds are paged, in both directions", () => {
  using pair = new SyncPair();
  const leader = pair.leaderDatabase.createCollection({ name: "c" });
  const fill = (collection: Collection, from: number, to: number): void =>
    (collection === leader ? pair.leader : pair.follower).write([collection], () => {
      for (let i = from; i < to; i++) collection.insert(`{"_key":"${i}"}`);
    });
  fill(leader, 0, 100);
  pair.sync("c");
  const local = pair.followerDatabase.collection("c");
  fill(local, 1000, 3000);
  fill(leader, 100_000, 170_000);
  leader.remove("5");
  pair.sync("c", { incremental: true });
  equal(local.count(), 70_099);
  equal(local.revisionTree().hash, leader.revisionTree().hash);
});

Deno.test("large documents make the leader cut its answers: the rest is asked for again", () => {
  using pair = new SyncPair();
  const leader = pair.leaderDatabase.createCollection({ name: "c" });
  leader.insert("{}");
  pair.sync("c");
  for (let i = 0; i < 60; i++) leader.insert(`{"big":"${"b".repeat(40_000)}"}`);
  const { statistics } = pair.sync("c", { incremental: true, chunkSize: 100_000 });
  equal(statistics.documentsFetched, 60);
  ok(statistics.requests > 25, `${statistics.requests} requests`);
  assertEqualSides(pair, "c");
});

Deno.test("all collections of a database can be synced at once, with restrictions", () => {
  using pair = new SyncPair();
  for (const name of ["a", "b", "c"]) pair.leaderDatabase.createCollection({ name }).insert("{}");
  const all = (config: Record<string, unknown>) =>
    pair.sync("", { includeSystem: false, ...config }).result.collections.map(({ name }) => name);
  deepEqual(all({ restrictType: "exclude", restrictCollections: ["b"] }), ["a", "c"]);
  deepEqual(all({ restrictType: "", restrictCollections: [] }), ["a", "b", "c"]);
  for (const name of ["a", "b", "c"]) assertEqualSides(pair, name);
});

Deno.test("queues of the leader are synced when the configuration includes them, by their names too", () => {
  using pair = new SyncPair();
  for (const name of ["_jobs", "_queues"]) {
    pair.leaderDatabase.ensureCollections([{ name, properties: { isSystem: true } }]);
    pair.leaderDatabase.collection(name).insert("{}");
  }
  const synced = (config: Record<string, unknown>) =>
    pair.sync("_jobs", config).result.collections.map(({ name }) => name).filter((name) => /jobs|queues/.test(name));
  deepEqual(synced({ restrictType: "", restrictCollections: [] }), []);
  deepEqual(synced({ restrictType: "", restrictCollections: [], includeFoxxQueues: true }), ["_jobs", "_queues"]);
  deepEqual(synced({ incremental: true, includeFoxxQueues: true }), ["_jobs"]);
  for (const name of ["_jobs", "_queues"]) assertEqualSides(pair, name);
});

Deno.test("views of the leader are left out of a sync of the whole database, which says so", () => {
  using pair = new SyncPair();
  pair.leaderDatabase.createCollection({ name: "a" }).insert("{}");
  const { result, messages } = pair.sync("", { includeSystem: false, restrictType: "", restrictCollections: [] }, {
    meddle: (request, answer) => {
      const reply = answer();
      if (!request.url.includes("/inventory")) return reply;
      const inventory = JSON.parse(new TextDecoder().decode(reply.body));
      return fakeReply(200, { ...inventory, views: [{ name: "v", type: "arangosearch" }] });
    },
  });
  deepEqual(result.collections.map(({ name }) => name), ["a"]);
  ok(messages.some((message) => /left out: v$/.test(message)), messages.join("\n"));
});

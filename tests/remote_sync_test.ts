import { deepStrictEqual as deepEqual, ok, strictEqual as equal, throws } from "node:assert/strict";
import fc from "fast-check";
import { ArangoError } from "../src/base/arango_error.ts";
import type { ApiRequest } from "../src/base/exchange.ts";
import { TemporaryDirectory } from "../src/base/testing.ts";
import { Interrupted } from "../src/network/blocking_channel.ts";
import { LinkFailure } from "../src/replication/leader_link.ts";
import { type RemoteJob, RemoteJobTable } from "../src/replication/remote/remote_job_table.ts";
import { contents } from "./in_process_leader.ts";
import { answer, coordinator, type FollowerMeddler, RemotePair } from "./remote_pair.ts";

const VALUES = [
  `"i":9007199254740993,"z":-0.0`,
  `"big":1e308,"s":"\\u0000 ä 𝄞 \\"q\\" \\\\"`,
  `"10":1,"2":2,"b":{"y":[1,{"x":null}],"x":{}}`,
];

Deno.test("a remote follower gets every value, property and index of a collection that it does not have", () => {
  using test = new RemotePair();
  const leader = test.leader.createCollection({
    name: "things",
    properties: {
      waitForSync: true,
      schema: { rule: { properties: { never: { type: "string" } } }, level: "strict", message: "no" },
      computedValues: [{ name: "added", expression: "RETURN 1", overwrite: true, computeOn: ["insert"] }],
    },
  });
  leader.ensureIndex({ type: "persistent", fields: ["i"], sparse: true, unique: true, name: "by_i" });
  for (const [i, value] of VALUES.entries()) leader.insert(`{"_key":"k${i}",${value}}`);
  // a document from before the schema, and without what is computed now
  leader.insert(`{"_key":"old","_rev":"_jt3aNJe---","never":1}`, { isRestore: true });
  const job = test.equalize("things");
  deepEqual(job.result!.collections, [{ id: `${leader.id}`, name: "things" }]);
  equal(job.documents.done, 4);
  const follower = test.follower.collection("things");
  const { schema, computedValues, waitForSync } = follower.properties;
  deepEqual({ schema, computedValues, waitForSync }, {
    schema: leader.properties.schema,
    computedValues: leader.properties.computedValues,
    waitForSync: true,
  });
  deepEqual(follower.indexes().map(({ name, unique, sparse }) => [name, unique, sparse]), [["by_i", true, true]]);
});

Deno.test("a full sync of a remote follower replaces what it had in one step, edges included", () => {
  using test = new RemotePair();
  test.leader.createCollection({ name: "knows", type: 3 });
  for (let i = 0; i < 50; i++) test.leader.collection("knows").insert(`{"_from":"v/${i}","_to":"v/1","n":${i}}`);
  test.follower.createCollection({ name: "knows", type: 3 }).insert(`{"_key":"mine","_from":"v/1","_to":"v/2"}`);
  let seen: (string | number)[] = [];
  test.equalize("knows", {}, (_, otherwise) => {
    const reply = otherwise();
    seen = [...seen, test.follower.find("knows")?.count() ?? "gone"];
    return reply;
  });
  // it is away between two requests: the one that drops the old one and the one that renames the new one
  deepEqual([...new Set(seen)], [1, "gone", 50]);
});

Deno.test("a copy is filled by several requests at a time, and what one of them refuses is stored in the end", () => {
  using test = new RemotePair();
  const leader = test.leader.createCollection({ name: "c", type: 3 });
  test.pair.leader.write([leader], () => {
    for (let i = 0; i < 17_000; i++) leader.insert(`{"_key":"k${i}","_from":"v/1","_to":"v/2","name":"ä"}`);
  });
  const sizes: number[] = [];
  const job = test.equalize("c", { chunkSize: 16384 }, (request, otherwise) => {
    if (!request.url.includes("isRestore")) return otherwise();
    const documents = JSON.parse(new TextDecoder().decode(request.body)) as object[];
    sizes.push(documents.length);
    if (sizes.length !== 2) return otherwise();
    return answer(202, [{ error: true, errorNum: 1200, errorMessage: "write-write conflict" }]);
  });
  deepEqual(sizes, [5000, 5000, 5000, 2000, 5000]);
  equal(job.documents.done, 17_000);
});

Deno.test("a dump that is not UTF-8 is refused instead of being mended on the way to a remote follower", () => {
  using test = new RemotePair();
  test.leader.createCollection({ name: "c" }).insert(`{"_key":"k","name":"ä"}`);
  const { error } = test.sync("c", {}, undefined, ({ url }, answer) => {
    const reply = answer();
    if (!url.includes("/replication/dump")) return reply;
    // the first byte of two, and no second one
    return { ...reply, body: reply.body.map((byte) => (byte === 0xa4 ? 0x61 : byte)) };
  });
  equal(error!.errorNum, 1401);
  ok(/collection 'c' has a document that is not UTF-8/.test(error!.errorMessage), error!.errorMessage);
  equal(test.follower.find("c"), undefined);
});

Deno.test("an incremental sync of a remote follower changes what differs, in one transaction", () => {
  using test = new RemotePair();
  const leader = test.leader.createCollection({ name: "c" });
  for (let i = 0; i < 200; i++) leader.insert(`{"_key":"k${i}","n":${i}}`);
  test.equalize("c");
  leader.update("k7", `{"n":-7}`, {});
  leader.remove("k8", {});
  leader.insert(`{"_key":"new"}`);
  const follower = test.follower.collection("c");
  follower.insert(`{"_key":"surplus"}`);
  follower.update("k9", `{"n":-9}`, {});
  follower.remove("k10", {});
  test.equalize("c", { incremental: true });
  deepEqual(test.changes.map((change) => change.replace(/\?.*|\d+$/g, "")), [
    "POST /_db/_system/_api/transaction/begin",
    "DELETE /_db/_system/_api/document/c",
    "POST /_db/_system/_api/document/c",
    "PUT /_db/_system/_api/transaction/",
    "PUT /_db/_system/_api/collection/c/properties",
  ]);
  const job = test.equalize("c", { incremental: true });
  equal(job.documents.done, 0);
  ok(!test.changes.some((change) => change.includes("document")));
});

Deno.test("what the leader has removed since the last job is learnt from its log", () => {
  using test = new RemotePair();
  const leader = test.leader.createCollection({ name: "c" });
  test.pair.leader.write([leader], () => {
    for (let i = 0; i < 21_000; i++) leader.insert(`{"_key":"${i}"}`);
  });
  test.equalize("c");
  leader.remove("7");
  test.pair.requests.length = 0;
  test.equalize("c", { incremental: true });
  const paths = test.pair.requests.map(({ url }) => url.split("?")[0]!);
  ok(paths.some((path) => path.endsWith("/wal/tail")));
  ok(!paths.some((path) => path.endsWith("/revisions/documents")));
});

Deno.test("unique values that have changed hands, and those of documents that only the follower has, are no obstacle", () => {
  using test = new RemotePair();
  const leader = test.leader.createCollection({ name: "c" });
  leader.ensureIndex({ type: "persistent", fields: ["u"], unique: true });
  for (let i = 0; i < 100; i++) leader.insert(`{"_key":"k${i}","u":${i}}`);
  test.equalize("c");
  const follower = test.follower.collection("c");
  for (let i = 0; i < 100; i++) follower.remove(`k${i}`, {});
  for (let i = 0; i < 100; i++) follower.insert(`{"_key":"k${i}","u":${99 - i}}`);
  follower.insert(`{"_key":"mine","u":100}`);
  leader.insert(`{"_key":"theirs","u":100}`);
  test.equalize("c", { incremental: true });
  for (const like of [{ incremental: true }, {}, { skipCreateDrop: true }]) {
    const now = test.follower.collection("c");
    now.remove("theirs", {});
    now.insert(`{"_key":"other","u":100}`);
    test.equalize("c", like, coordinator);
  }
});

Deno.test("properties and indexes of a remote follower become the leader's, its own indexes stay", () => {
  using test = new RemotePair();
  const leader = test.leader.createCollection({ name: "c", properties: { waitForSync: true } });
  leader.insert(`{"a":1}`);
  leader.ensureIndex({ type: "persistent", fields: ["a"], name: "one" });
  leader.ensureIndex({ type: "hash", fields: ["a"], name: "two" });
  const follower = test.follower.createCollection({ name: "c" });
  follower.insert(`{"b":1}`);
  follower.ensureIndex({ type: "persistent", fields: ["a"], name: "two" });
  follower.ensureIndex({ type: "persistent", fields: ["b"], name: "one" });
  follower.ensureIndex({ type: "persistent", fields: ["c"], name: "own" });
  test.equalize("c", { incremental: true });
  const now = test.follower.collection("c");
  deepEqual(now.indexes().map(({ name, type, fields }) => [name, type, ...fields]).sort(), [
    ["one", "persistent", "a"],
    ["own", "persistent", "c"],
    ["two", "hash", "a"],
  ]);
  equal(now.properties.waitForSync, true);
});

Deno.test("a follower of version 4, which calls all these indexes persistent and has no fulltext index, keeps what it has", () => {
  using test = new RemotePair();
  const leader = test.leader.createCollection({ name: "c" });
  leader.ensureIndex({ type: "hash", fields: ["a"], name: "a" });
  leader.ensureIndex({ type: "skiplist", fields: ["b"], unique: true, sparse: true, name: "b" });
  leader.ensureIndex({ type: "fulltext", fields: ["t"], name: "t" });
  leader.insert(`{"_key":"k","a":1}`);
  const version4: FollowerMeddler = (request, otherwise) => {
    if (request.url.endsWith("/_api/version")) return answer(200, { server: "arango", version: "4.0.1" });
    const isNewIndex = request.method === "POST" && request.url.includes("/_api/index");
    if (isNewIndex && /"(?:hash|skiplist|fulltext)"/.test(new TextDecoder().decode(request.body))) {
      return answer(400, { error: true, code: 400, errorNum: 10, errorMessage: "invalid index type" });
    }
    return otherwise();
  };
  test.equalize("c", {}, version4);
  const types = () => test.follower.collection("c").indexes().map(({ id, type, name }) => [id, type, name]);
  const first = types();
  deepEqual(first.map(([, type, name]) => [type, name]), [["persistent", "a"], ["persistent", "b"]]);
  leader.insert(`{"_key":"l","a":2}`);
  test.equalize("c", { incremental: true }, version4);
  deepEqual(types(), first);
});

Deno.test("a collection whose name leaves no room for an ending is copied all the same", () => {
  using test = new RemotePair();
  const name = "n".repeat(256);
  test.leader.createCollection({ name }).insert(`{"_key":"k"}`);
  test.equalize(name);
  test.equalize(name);
});

Deno.test("a cluster, which has no revision trees and renames nothing, is synced all the same", () => {
  using test = new RemotePair();
  const leader = test.leader.createCollection({ name: "c" });
  for (let i = 0; i < 300; i++) leader.insert(`{"_key":"k${i}","n":${i}}`);
  test.equalize("c", {}, coordinator);
  leader.remove("k3", {});
  leader.update("k4", `{"n":-4}`, {});
  test.follower.collection("c").insert(`{"_key":"surplus"}`);
  test.equalize("c", { incremental: true }, coordinator);
  test.follower.collection("c").insert(`{"_key":"surplus"}`);
  test.equalize("c", {}, coordinator);
});

Deno.test("system collections of a remote follower stay the same ones", () => {
  using test = new RemotePair();
  const leader = test.leader.createCollection({ name: "_extras", properties: { isSystem: true } });
  leader.insert(`{"_key":"a"}`);
  const follower = test.follower.createCollection({ name: "_extras", properties: { isSystem: true } });
  follower.insert(`{"_key":"b"}`);
  test.equalize("_extras");
  equal(test.follower.collection("_extras").id, follower.id);
});

Deno.test("collections that graphs of a remote follower have stay the same ones", () => {
  using test = new RemotePair();
  const graph = { name: "g", edgeDefinitions: [{ collection: "knows", from: ["people"], to: ["people"] }] };
  const body = new TextEncoder().encode(JSON.stringify(graph));
  equal(test.direct.request({ method: "POST", url: "/_api/gharial", headers: {}, body }).status, 202);
  test.leader.createCollection({ name: "knows", type: 3 }).insert(`{"_from":"people/a","_to":"people/b"}`);
  test.leader.createCollection({ name: "people" }).insert(`{"_key":"a"}`);
  for (const name of ["knows", "people"]) {
    const { id } = test.follower.collection(name);
    test.equalize(name);
    equal(test.follower.collection(name).id, id);
  }
});

Deno.test("a complete copy that could not take its collection's place is named, and takes it at the next sync", () => {
  using test = new RemotePair();
  for (const name of ["c", "d"]) test.leader.createCollection({ name }).insert(`{"_key":"${name}"}`);
  const { error } = test.sync("c", {}, ({ url }, otherwise) => {
    if (!url.endsWith("/rename")) return otherwise();
    return answer(503, { error: true, code: 503, errorNum: 30, errorMessage: "shutdown in progress" });
  });
  ok(/^the complete copy of collection 'c' is there under the name 'c_sync-1', .*shutdown/.test(error!.errorMessage));
  test.equalize("d");
  deepEqual(Object.keys(contents(test.follower.collection("c"))), ["c"]);
});

Deno.test("a copy that still cannot take its place keeps no other collection from being synced", () => {
  using test = new RemotePair();
  for (const name of ["c", "d"]) test.leader.createCollection({ name }).insert(`{"_key":"${name}"}`);
  const refuse: FollowerMeddler = ({ url }, otherwise) =>
    url.endsWith("/c_sync-1/rename")
      ? answer(409, { error: true, code: 409, errorNum: 1207, errorMessage: "duplicate name" })
      : otherwise();
  equal(test.sync("c", {}, refuse).error!.errorNum, 1207);
  equal(test.sync("d", {}, refuse).state, "done");
  test.equalize("d");
  deepEqual(Object.keys(contents(test.follower.collection("c"))), ["c"]);
});

Deno.test("how a job ended is noted, even if the report before that was lost", () => {
  using test = new RemotePair();
  test.leader.createCollection({ name: "c" });
  const message = "fetching collection revision tree";
  throws(() =>
    test.sync("c", { verbose: true }, (request, otherwise) => {
      if (!new TextDecoder().decode(request.body).includes(message)) return otherwise();
      return answer(503, { error: true, code: 503, errorNum: 30, errorMessage: "shutdown in progress" });
    }, (request, otherwise) => {
      if (request.url.includes("/revisions/tree")) throw new LinkFailure("Request timeout reached", "timeout");
      return otherwise();
    }), { errorNum: 30 });
  const { state, error } = JSON.parse(test.follower.collection("_sync_jobs").document("sync-1")!.text);
  deepEqual([state, error.errorNum], ["failed", 1400]);
});

Deno.test("a job whose process ends properly between the looks at its document and at its lock was not interrupted", () => {
  using test = new RemotePair();
  using locks = new TemporaryDirectory();
  test.leader.createCollection({ name: "c" });
  const done = test.sync("c");
  const before = answer(201, { result: [{ job: { ...done, state: "running" }, now: Date.now() }], hasMore: false });
  let looks = 0;
  const exchange = { request: (request: ApiRequest) => (looks++ === 0 ? before : test.direct.request(request)) };
  deepEqual(new RemoteJobTable(exchange, "_system", locks.path).get(done._key), done);
  equal(done.state, "done");
});

Deno.test("what fails on the way leaves a remote follower as it was", () => {
  using test = new RemotePair();
  const leader = test.leader.createCollection({ name: "c" });
  for (let i = 0; i < 100; i++) leader.insert(`{"_key":"k${i}","u":1}`);
  test.follower.createCollection({ name: "c" }).insert(`{"_key":"mine"}`);
  const before = contents(test.follower.collection("c"));
  const fails = (job: RemoteJob, errorNum: number, message: RegExp): void => {
    equal(job.state, "failed");
    equal(job.error!.errorNum, errorNum);
    ok(message.test(job.error!.errorMessage), job.error!.errorMessage);
    deepEqual(contents(test.follower.collection("c")), before);
    test.assertNothingLeft();
  };
  const broken: FollowerMeddler = (request, otherwise) => {
    if (!/POST .*document\/c/.test(`${request.method} ${request.url}`)) return otherwise();
    return answer(503, { error: true, code: 503, errorNum: 30, errorMessage: "shutdown in progress" });
  };
  fails(test.sync("c", {}, broken), 30, /shutdown in progress/);
  fails(test.sync("c", { incremental: true }, broken), 30, /shutdown in progress/);
  const aborting: FollowerMeddler = (request, otherwise) => {
    if (request.headers["x-arango-trx-id"] !== undefined) {
      return answer(500, { error: true, code: 500, errorNum: 32, errorMessage: "resource limit exceeded" });
    }
    const reply = otherwise();
    if (!/DELETE .*transaction/.test(`${request.method} ${request.url}`)) return reply;
    return answer(404, { error: true, code: 404, errorNum: 1655, errorMessage: "transaction not found" });
  };
  fails(test.sync("c", { incremental: true }, aborting), 32, /resource limit exceeded/);
  const stalling: FollowerMeddler = (request, otherwise) => {
    if (/^PUT .*transaction/.test(`${request.method} ${request.url}`)) throw new ArangoError(408, "Request timeout");
    return otherwise();
  };
  fails(test.sync("c", { incremental: true }, stalling), 408, /Request timeout/);
  ok(/^DELETE .*transaction/.test(test.changes.at(-1)!), "the lock is given back");
  const ownRevisions: FollowerMeddler = (request, otherwise) =>
    request.url.includes("isRestore")
      ? test.direct.request({ ...request, url: request.url.replace("isRestore=true", "isRestore=false") })
      : otherwise();
  fails(test.sync("c", {}, ownRevisions), 1401, /revisions of its own/);
  fails(test.sync("c", { incremental: true }, ownRevisions), 1401, /revisions of its own/);
  let isGone = false;
  const gone: FollowerMeddler = (request, otherwise) => {
    isGone ||= request.url.includes("/replication/revisions/");
    // it is back when the job table is told
    if (!isGone || request.url.endsWith("/_api/cursor")) return otherwise();
    throw new ArangoError(2001, "nothing listens there");
  };
  fails(
    test.sync("c", { incremental: true }, gone),
    1400,
    /could not connect to follower at tcp:\/\/follower:8530 .*nothing/,
  );
  test.follower.collection("c").ensureIndex({ type: "persistent", fields: ["u"], unique: true, name: "only_here" });
  fails(test.sync("c", { incremental: true }), 1210, /only_here.*if only the follower has that index, drop it/);
  fails(test.sync("none"), 1203, /has no collection 'none'/);
});

Deno.test("why a copy could not be completed is told even if the follower does not let it be dropped, and the next sync drops it", () => {
  using test = new RemotePair();
  test.leader.createCollection({ name: "c" }).insert(`{"_key":"a"}`);
  test.follower.createCollection({ name: "c" }).insert(`{"_key":"mine"}`);
  const { error, unfinished } = test.sync("c", {}, (request, otherwise) => {
    const call = `${request.method} ${request.url}`;
    if (/^POST .*isRestore/.test(call)) {
      return answer(507, { error: true, code: 507, errorNum: 20, errorMessage: "disk is full" });
    }
    if (/^DELETE .*collection/.test(call)) throw new ArangoError(408, "Request timeout");
    return otherwise();
  });
  equal(error!.errorNum, 20);
  deepEqual(unfinished, { c: "c_sync-1" });
  deepEqual(Object.keys(contents(test.follower.collection("c"))), ["mine"]);
  test.equalize("c");
});

Deno.test("a remote sync that is stopped tells whether the collection is what it was", () => {
  using test = new RemotePair();
  test.leader.createCollection({ name: "c" }).insert(`{"_key":"a"}`);
  test.follower.createCollection({ name: "c" }).insert(`{"_key":"mine"}`);
  const stopped = (meddle: FollowerMeddler): string => {
    let isStopped = false;
    const { error } = test.sync("c", {}, (request, otherwise) =>
      meddle(request, () => {
        const reply = otherwise();
        if (isStopped || !request.url.includes("isRestore")) return reply;
        isStopped = true;
        throw new Interrupted("command locally aborted");
      }));
    test.assertNothingLeft();
    return error!.errorMessage;
  };
  equal(stopped((_, otherwise) => otherwise()), "the sync was stopped; the collection is as it was before");
  deepEqual(Object.keys(contents(test.follower.collection("c"))), ["mine"]);
  equal(stopped(coordinator), "the sync was stopped while collection 'c' was being changed");
});

Deno.test("a remote sync that is stopped before its copy has the collection's name says so, and the next one goes on", () => {
  using test = new RemotePair();
  test.leader.createCollection({ name: "c" }).insert(`{"_key":"a"}`);
  const { error } = test.sync("c", {}, (request, otherwise) => {
    if (request.url.endsWith("/rename")) throw new Interrupted("command locally aborted");
    return otherwise();
  });
  equal(error!.errorNum, 21);
  ok(/^the complete copy of collection 'c' is there under the name 'c_sync-\d+'/.test(error!.errorMessage));
  test.equalize("c");
});

Deno.test("a document that somebody writes to a remote follower meanwhile is found and compared again", () => {
  using test = new RemotePair();
  const leader = test.leader.createCollection({ name: "c" });
  leader.insert(`{"_key":"a","n":1}`);
  test.equalize("c");
  leader.update("a", `{"n":2}`, {});
  let isFirst = true;
  test.equalize("c", { incremental: true }, (request, otherwise) => {
    if (isFirst && request.url.endsWith("/transaction/begin")) {
      isFirst = false;
      test.follower.collection("c").update("a", `{"n":3}`, {});
      test.follower.collection("c").insert(`{"_key":"b"}`);
    }
    return otherwise();
  });
  equal(isFirst, false);
});

Deno.test("a follower that has lost the revision tree of its snapshot is looked at anew", () => {
  using test = new RemotePair();
  const leader = test.leader.createCollection({ name: "c" });
  for (let i = 0; i < 20; i++) leader.insert(`{"_key":"k${i}"}`);
  test.follower.createCollection({ name: "c" }).insert(`{"_key":"mine"}`);
  let lost = 0;
  test.equalize("c", { incremental: true }, (request, otherwise) => {
    if (!request.url.includes("/revisions/tree") || ++lost % 3 === 0) return otherwise();
    return answer(500, {
      error: true,
      code: 500,
      errorNum: 4,
      errorMessage: "could not generate revision tree: did not find tree for snapshot",
    });
  });
  ok(lost >= 3);
});

Deno.test("property: whatever both sides had, an incremental sync makes a remote follower equal to its leader", () => {
  const change = fc.record({
    side: fc.constantFrom("leader", "follower"),
    kind: fc.constantFrom("put", "remove"),
    key: fc.integer({ min: 0, max: 9 }),
    unique: fc.integer({ min: 0, max: 9 }),
  });
  fc.assert(
    fc.property(fc.array(change, { maxLength: 40 }), fc.boolean(), (changes, isCluster) => {
      using test = new RemotePair();
      for (const side of ["leader", "follower"] as const) {
        const collection = test[side].createCollection({ name: "c" });
        collection.ensureIndex({ type: "persistent", fields: ["u"], unique: true, name: "u" });
        collection.insert(`{"_key":"always-${side}"}`);
      }
      for (const { side, kind, key, unique } of changes) {
        const collection = test[side].collection("c");
        const old = collection.document(`k${key}`);
        if (kind === "remove") {
          if (old) collection.remove(`k${key}`, {});
        } else {
          try {
            collection.insert(`{"_key":"k${key}","u":${unique}}`, { overwriteMode: "replace" });
          } catch (error) {
            equal((error as { errorNum: number }).errorNum, 1210);
          }
        }
      }
      test.equalize("c", { incremental: true }, isCluster ? coordinator : undefined);
    }),
    { numRuns: 25 },
  );
});

Deno.test("a leader without revision trees is copied as a whole, and a system collection emptied first", () => {
  using test = new RemotePair();
  for (const name of ["c", "_extras"]) {
    const isSystem = name.startsWith("_");
    const leader = test.leader.createCollection({ name, properties: { isSystem, syncByRevision: false } });
    for (let i = 0; i < 20; i++) leader.insert(`{"_key":"k${i}"}`);
    test.follower.createCollection({ name, properties: { isSystem } }).insert(`{"_key":"mine"}`);
    test.equalize(name, { incremental: true });
  }
});

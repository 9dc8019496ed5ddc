/**
 * What an incremental sync learns from the leader's log, where lists of revisions would be long.
 *
 * @module
 */
import { deepStrictEqual as deepEqual, ok, strictEqual as equal } from "node:assert/strict";
import { fakeReply, type Meddler, SyncPair } from "./in_process_leader.ts";

/** So many documents that it is worthwhile to look at the log. */
const MANY = 21_000;

/** A follower that has what the leader had before `changes`; gives the requests of an incremental sync, which makes both equal. */
function requestsAfter(
  changes: (pair: SyncPair) => void,
  meddle: Meddler = (_request, answer) => answer(),
): { paths: string[]; removed: number } {
  using pair = new SyncPair();
  const leader = pair.leaderDatabase.createCollection({ name: "c" });
  pair.leader.write([leader], () => {
    for (let i = 0; i < MANY; i++) leader.insert(`{"_key":"${i}"}`);
  });
  const { lastLogTick } = pair.sync("c").result;
  changes(pair);
  pair.requests.length = 0;
  const environment = { formerTicks: new Map([[`${leader.id}`, lastLogTick]]) };
  const { statistics } = pair.sync("c", { incremental: true }, { meddle, environment });
  const local = pair.followerDatabase.collection("c");
  equal(local.count(), leader.count());
  deepEqual(local.revisionTree().leaves, leader.revisionTree().leaves);
  const paths = pair.requests.map(({ url }) => url.split("?")[0]!.replace("/_db/_system/_api/", ""));
  return { paths, removed: statistics.documentsRemoved };
}

function someChanges({ leaderDatabase }: SyncPair): void {
  const leader = leaderDatabase.collection("c");
  for (const key of ["5", "500", "5000", "77"]) leader.remove(key);
  leader.insert(`{"_key":"77","again":true}`);
  leader.update("6", `{"changed":true}`);
  leader.insert(`{"_key":"new"}`);
  leader.insert(`{"_key":"short-lived","v":{"type":2302}}`);
  leader.remove("short-lived");
}

Deno.test("what the leader has removed is learnt from its log, without a list of all revisions", () => {
  const { paths, removed } = requestsAfter(someChanges);
  deepEqual(paths.slice(2, -1), [
    "replication/revisions/tree",
    "replication/revisions/ranges",
    "replication/revisions/documents",
    "wal/tail",
  ]);
  equal(removed, 3);
});

Deno.test("a log that is not there, not for this user, or too short, is done without", () => {
  const logs: Meddler[] = [
    () => fakeReply(403, { error: true, code: 403, errorNum: 11 }),
    () => fakeReply(500, { error: true, code: 500, errorNum: 32 }),
    () => fakeReply(501, { error: true, code: 501, errorNum: 1470 }),
    (_request, answer) => {
      const reply = answer();
      return { ...reply, headers: { ...reply.headers, "x-arango-replication-frompresent": "false" } };
    },
  ];
  for (const log of logs) {
    const { paths } = requestsAfter(
      someChanges,
      (request, answer) => request.url.includes("/wal/tail") ? log(request, answer) : answer(),
    );
    equal(paths.filter((path) => path === "replication/revisions/ranges").length, 2);
  }
});

Deno.test("a log that tells more than a list would is read no further", () => {
  const { paths } = requestsAfter((pair) => {
    const leader = pair.leaderDatabase.collection("c");
    leader.remove("5");
    const text = "x".repeat(100_000);
    for (let i = 0; i < 100; i++) leader.update("6", JSON.stringify({ text, i }));
  });
  ok(paths.filter((path) => path === "wal/tail").length <= 2, paths.join("\n"));
  equal(paths.filter((path) => path === "replication/revisions/ranges").length, 2);
});

Deno.test("answers without an event of the collection are gone past, as long as the log goes on", () => {
  for (const [step, requests, lists] of [[2n, 2, 1], [0n, 1, 2]] as const) {
    let isFirst = true;
    const { paths } = requestsAfter((pair) => {
      const other = pair.leaderDatabase.createCollection({ name: "other" });
      for (let i = 0; i < 5; i++) other.insert("{}");
      someChanges(pair);
    }, ({ url }, answer) => {
      const reply = answer();
      if (!url.includes("/wal/tail") || !isFirst) return reply;
      isFirst = false;
      const from = BigInt(new URLSearchParams(url.split("?")[1]).get("from")!);
      return fakeReply(204, "", {
        "x-arango-replication-frompresent": "true",
        "x-arango-replication-lastincluded": "0",
        "x-arango-replication-lastscanned": `${from + step}`,
      });
    });
    equal(paths.filter((path) => path === "wal/tail").length, requests);
    equal(paths.filter((path) => path === "replication/revisions/ranges").length, lists);
  }
});

Deno.test("a log that gives the same answer again is left", () => {
  const { paths } = requestsAfter(someChanges, (request, answer) => {
    const reply = answer();
    if (!request.url.includes("/wal/tail")) return reply;
    const from = new URLSearchParams(request.url.split("?")[1]).get("from")!;
    const headers = {
      ...reply.headers,
      "x-arango-replication-lastincluded": from,
      "x-arango-replication-lastscanned": from,
    };
    return { ...fakeReply(200), headers };
  });
  equal(paths.filter((path) => path === "wal/tail").length, 1);
});

Deno.test("a log that is another one by now, and changes of the follower, make both equal all the same", () => {
  const lines = ["5", "6", "7", "not there"].map((_key) => JSON.stringify({ type: 2302, data: { _key, _rev: "" } }));
  const { paths } = requestsAfter((pair) => {
    someChanges(pair);
    const local = pair.followerDatabase.collection("c");
    local.remove("8");
    local.insert(`{"_key":"mine"}`);
    local.update("9", `{"v":1}`);
  }, (request, answer) => {
    const reply = answer();
    return request.url.includes("/wal/tail") ? { ...fakeReply(200, lines.join("\n")), headers: reply.headers } : reply;
  });
  ok(paths.includes("wal/tail"));
});

/**
 * What happens when things go wrong: the follower's data is as before, nothing stays behind, and the message says what happened.
 *
 * @module
 */
import { deepStrictEqual as deepEqual, ok, strictEqual as equal, throws } from "node:assert/strict";
import { readdirSync } from "node:fs";
import { ArangoError } from "../src/base/arango_error.ts";
import { TemporaryDirectory } from "../src/base/testing.ts";
import { Engine } from "../src/engine/engine.ts";
import type { Collection } from "../src/engine/collection.ts";
import { takeLock } from "../src/replication/sync_lock.ts";
import { type LeaderReply, LinkFailure } from "../src/replication/leader_link.ts";
import { syncConfig } from "../src/replication/sync_config.ts";
import { contents, fakeReply, type Meddler, SyncPair } from "./in_process_leader.ts";

/** A pair whose leader has 400 documents in `c`, and whose follower has three others. */
function preparedPair(): { pair: SyncPair; leader: Collection; local: Collection } {
  const pair = new SyncPair();
  const leader = pair.leaderDatabase.createCollection({ name: "c" });
  pair.leader.write([leader], () => {
    for (let i = 0; i < 400; i++) leader.insert(`{"_key":"${i}","x":"${"x".repeat(200)}"}`);
  });
  const local = pair.followerDatabase.createCollection({ name: "c" });
  for (const key of ["mine", "1", "2"]) local.insert(`{"_key":"${key}","local":true}`);
  return { pair, leader, local };
}

/** Runs a sync that must fail, both in full and incrementally, and checks that nothing has changed. */
function assertFails(
  meddle: Meddler,
  expected: { errorNum: number; message: RegExp },
  config: Record<string, unknown> = {},
): void {
  for (const incremental of [false, true]) {
    const { pair, local } = preparedPair();
    using _ = pair;
    const before = contents(local);
    const row = { ...local.row };
    throws(() => pair.sync("c", { incremental, ...config }, { meddle }), expected);
    deepEqual(contents(local), before);
    deepEqual({ ...local.row }, row);
    equal(pair.open, 0, "the link is closed");
    const files = readdirSync(pair.follower.files.path("")).filter((name) => name.endsWith(".sqlite"));
    equal(files.length, pair.follower.catalog.collections().filter(({ file }) => file !== null).length, files.join());
    deepEqual(pair.followerDatabase.collections().map(({ name }) => name), ["c"]);
    const last = pair.requests.at(-1);
    if (last && pair.requests.some(({ url }) => url.endsWith("/batch"))) equal(last.method, "DELETE");
  }
}

/** Changes the answers to requests for documents, in whatever protocol. */
function damaged(change: (text: string, request: { url: string }) => string): Meddler {
  return (request, answer) => {
    const reply = answer();
    if (!/\/dump\?|\/revisions\/documents|type=docs/.test(request.url)) return reply;
    return { ...reply, body: new TextEncoder().encode(change(new TextDecoder().decode(reply.body), request)) };
  };
}

Deno.test("a document without _key is refused", () => {
  assertFails(damaged((text) => text.replaceAll(/"_key":"3\d\d",/g, "")), { errorNum: 1401, message: /has no _key/ });
});

Deno.test("a key that comes twice is refused", () => {
  // the second of two neighbours takes the key of the first
  const change = (text: string): string => text.replaceAll(`"_key":"18","_id":"c/18"`, `"_key":"17","_id":"c/17"`);
  const { pair, local } = preparedPair();
  using _ = pair;
  const before = contents(local);
  throws(() => pair.sync("c", {}, { meddle: damaged(change) }), { errorNum: 1401, message: /has the key '17' twice/ });
  deepEqual(contents(local), before);
});

Deno.test("a truncated line is refused, with its number", () => {
  const { pair, local } = preparedPair();
  using _ = pair;
  const before = contents(local);
  for (const change of [(text: string) => text.slice(0, -30), (text: string) => text.slice(0, -30) + "\n"]) {
    throws(() => pair.sync("c", {}, { meddle: damaged(change) }), { errorNum: 1401, message: /line 400 of the dump/ });
  }
  throws(() => pair.sync("c", { incremental: true }, { meddle: damaged((text) => text.slice(0, -30)) }), {
    errorNum: 1401,
    message: /documents by revision/,
  });
  deepEqual(contents(local), before);
});

Deno.test("documents that the leader has announced and does not send are noticed", () => {
  assertFails(
    damaged((text, { url }) => url.includes("/dump?") ? text.split("\n").slice(5).join("\n") : "[]"),
    { errorNum: 1401, message: /395 documents instead of 400|are missing/ },
  );
});

Deno.test("documents with other revisions than the leader's tree tells are noticed", () => {
  const { pair, local } = preparedPair();
  using _ = pair;
  const before = contents(local);
  const change = (text: string): string =>
    text.replace(/"_rev":"_(.)/, (_all, first) => `"_rev":"_${first === "Z" ? "Y" : "Z"}`);
  throws(() => pair.sync("c", {}, { meddle: damaged(change) }), { errorNum: 1401, message: /revision trees differ/ });
  deepEqual(contents(local), before);
});

Deno.test("chunks larger than asked for are taken", () => {
  const { pair, leader, local } = preparedPair();
  using _ = pair;
  pair.sync("c", { chunkSize: 16384 }, {
    meddle: (request, answer) => {
      (request as { url: string }).url = request.url.replace(/chunkSize=\d+/, "chunkSize=10000000");
      return answer();
    },
  });
  deepEqual(contents(local), contents(leader));
});

Deno.test("a leader that answers 503 and recovers is asked again, and the user is told", () => {
  for (const incremental of [false, true]) {
    const { pair, leader, local } = preparedPair();
    using _ = pair;
    let refusals = 0;
    const { messages } = pair.sync("c", { incremental }, {
      meddle: (_request, answer) => (++refusals % 4 === 1 ? fakeReply(503, "busy") : answer()),
    });
    deepEqual(contents(local), contents(leader));
    ok(messages.some((message) => /leader is busy \(HTTP 503\): trying again in 0\.1 s/.test(message)));
  }
});

Deno.test("a leader that is busy is asked again when it says", () => {
  const { pair, leader, local } = preparedPair();
  using _ = pair;
  let refusals = 0;
  const { messages } = pair.sync("c", {}, {
    meddle: (_request, answer) => (refusals++ === 0 ? fakeReply(429, "later", { "retry-after": "1" }) : answer()),
  });
  deepEqual(contents(local), contents(leader));
  ok(messages.includes("leader is busy (HTTP 429): trying again in 1 s"), messages.join("\n"));
});

Deno.test("a leader that stays busy is given up after initialSyncMaxWaitTime", () => {
  assertFails((request, answer) => (request.method === "DELETE" ? answer() : fakeReply(503, "busy")), {
    errorNum: 1402,
    message: /HTTP 503/,
  }, { initialSyncMaxWaitTime: 0.4 });
});

Deno.test("a connection that breaks is tried again where that is safe", () => {
  const { pair, leader, local } = preparedPair();
  using _ = pair;
  let breaks = 0;
  pair.sync("c", { incremental: true }, {
    meddle: (request, answer) => {
      if (/tree/.test(request.url) && breaks++ === 0) throw new LinkFailure("Connection closed by remote", "broken");
      return answer();
    },
  });
  equal(breaks, 2);
  deepEqual(contents(local), contents(leader));
});

Deno.test("a dump whose connection breaks is not tried again, because the leader keeps the position", () => {
  const { pair, local } = preparedPair();
  using _ = pair;
  const before = contents(local);
  let dumps = 0;
  const meddle: Meddler = (request, answer) => {
    if (request.url.includes("/dump?") && ++dumps === 3) throw new LinkFailure("Connection closed by remote", "broken");
    return answer();
  };
  throws(() => pair.sync("c", { chunkSize: 16384 }, { meddle }), {
    errorNum: 1400,
    message: /could not connect to leader at tcp:\/\/leader:8529 for URL .*dump.*Connection closed by remote/,
  });
  deepEqual(contents(local), before);
});

Deno.test("a leader that restarts and has lost the batch ends the sync", () => {
  let requests = 0;
  const meddle: Meddler = (request, answer) => {
    // the third request is the first for data
    if (++requests % 4 === 3 && request.method !== "DELETE") {
      (request as { url: string }).url = request.url.replace(/batchId=\d+/, "batchId=999999");
    }
    return answer();
  };
  requests = 0;
  assertFails((request, answer) => {
    if (request.url.endsWith("state=true")) requests = 0;
    return meddle(request, answer);
  }, { errorNum: 1402, message: /did not find batch|context|cursor not found/ });
});

Deno.test("a leader that has lost the revision tree of its snapshot is asked for another snapshot, in the end for its keys", () => {
  for (const [answered, snapshots] of [[3, 3], [Infinity, 5]] as const) {
    const { pair, leader, local } = preparedPair();
    using _ = pair;
    let trees = 0;
    const { messages } = pair.sync("c", { incremental: true }, {
      meddle: (request, answer) => {
        if (!request.url.includes("/revisions/tree")) return answer();
        // it is written to all the time
        leader.insert("{}");
        if (++trees === answered) return answer();
        const errorMessage = "could not generate revision tree: did not find tree for snapshot";
        return fakeReply(500, { error: true, code: 500, errorNum: 4, errorMessage });
      },
    });
    ok(messages.some((message) => message.includes("taking another snapshot")));
    const batches = pair.requests.filter(({ url }) => /\/replication\/batch/.test(url)).map(({ method }) => method);
    deepEqual(batches, Array.from({ length: snapshots }, () => ["POST", "DELETE"]).flat());
    // the last document came after the last snapshot
    deepEqual(local.count(), leader.count() - 1);
  }
});

Deno.test("a leader whose collection is dropped meanwhile ends the sync", () => {
  for (const incremental of [false, true]) {
    const { pair, leader, local } = preparedPair();
    using _ = pair;
    const before = contents(local);
    const meddle: Meddler = (request, answer) => {
      if (request.url.includes("/tree?") && pair.leaderDatabase.find("c")) pair.leaderDatabase.dropCollection(leader);
      return answer();
    };
    throws(() => pair.sync("c", { incremental }, { meddle }), {
      errorNum: 1402,
      message: /collection or view not found/,
    });
    deepEqual(contents(local), before);
  }
});

Deno.test("a collection that the leader does not have is named", () => {
  const { pair } = preparedPair();
  using _ = pair;
  throws(() => pair.sync("nope"), {
    errorNum: 1203,
    message: /the leader at tcp:\/\/leader:8529 has no collection 'nope' in database '_system'/,
  });
  equal(pair.followerDatabase.find("nope"), undefined);
});

Deno.test("a database that the leader does not have is named", () => {
  assertFails((_request, answer) => answer(), { errorNum: 1402, message: /1228.*the leader has no database 'other'/ }, {
    database: "other",
  });
});

Deno.test("a wrong password is told, without the password", () => {
  const { pair } = preparedPair();
  using _ = pair;
  const refusal = { code: 401, error: true, errorMessage: "not authorized to execute this request", errorNum: 11 };
  throws(
    () => pair.sync("c", { username: "u", password: "geheim" }, { meddle: () => fakeReply(401, refusal) }),
    (error) => {
      ok(error instanceof ArangoError);
      equal(error.errorNum, 1402);
      ok(/HTTP 401.*check username and password/.test(error.message), error.message);
      ok(!error.message.includes("geheim"));
      return true;
    },
  );
});

Deno.test("a leader that is ourselves is noticed", () => {
  const { pair } = preparedPair();
  using _ = pair;
  const own = pair.follower.serverId;
  assertFailsWith(pair, (request, answer) => {
    const reply = answer();
    if (!request.url.includes("/batch?")) return reply;
    const text = new TextDecoder().decode(reply.body).replaceAll(pair.leader.serverId, own);
    return { ...reply, body: new TextEncoder().encode(text) };
  }, { errorNum: 1405, message: new RegExp(`got same server id \\(${own}\\) from endpoint 'tcp://leader:8529'`) });
});

const MORE = "x-arango-replication-checkmore";
const INCLUDED = "x-arango-replication-lastincluded";

function assertFailsWith(pair: SyncPair, meddle: Meddler, expected: { errorNum: number; message: RegExp }): void {
  throws(() => pair.sync("c", {}, { meddle }), expected);
  equal(pair.open, 0);
}

Deno.test("leaders that answer nonsense are refused in ArangoDB's words", () => {
  const state = { lastLogTick: "7" };
  const server = { version: "3.12.5", serverId: "7" };
  const states: [state: object, message: RegExp, errorNum?: number][] = [
    [{ server }, /state section is missing in response from endpoint/],
    [{ state: {}, server }, /lastLogTick is missing in response/],
    [{ state: { lastLogTick: "0" }, server }, /lastLogTick is 0 in response/],
    [{ state }, /server section is missing in response/],
    [{ state, server: { serverId: "7" } }, /server version is missing in response/],
    [{ state, server: { version: "3.12.5" } }, /server id is missing in response/],
    [{ state, server: { ...server, serverId: "x" } }, /invalid server id in response/],
    [{ state, server: { ...server, version: "2.8" } }, /incompatible.*'2\.8'/, 1403],
  ];
  const answers: [RegExp, LeaderReply, number, RegExp][] = [
    [/\/batch\?/, fakeReply(200, {}), 1401, /start batch id is missing in response from endpoint/],
    [/\/batch\?/, fakeReply(200, "<html>"), 1401, /when fetching the batch/],
    [/\/batch\?/, fakeReply(400, { errorMessage: `need "DBserver" parameter` }), 1470, /is a coordinator of a cluster/],
    [/\/batch\?/, fakeReply(400, "no"), 1402, /HTTP 400: status 400 - no/],
    ...states.map(([state, message, errorNum = 1401]): [RegExp, LeaderReply, number, RegExp] => [
      /\/batch\?/,
      fakeReply(200, { id: "1", lastTick: "1", state }),
      errorNum,
      message,
    ]),
    [
      /\/batch\?/,
      fakeReply(307, "", { location: "https://b:8529/" }),
      1402,
      /HTTP 307.*name the endpoint .*: https:\/\/b:8529\/$/,
    ],
    [/\/inventory\?/, fakeReply(200, {}), 1401, /collections section is missing/],
    [/\/inventory\?/, fakeReply(200, { collections: [{ parameters: {} }] }), 1401, /indexes declaration is invalid/],
    [
      /\/inventory\?/,
      fakeReply(200, { collections: [{ parameters: {}, indexes: [] }] }),
      1401,
      /collection name is missing/,
    ],
    [/\/tree\?/, fakeReply(200, { version: 9 }), 1401, /does not contain a valid revision tree/],
    [/\/dump\?/, fakeReply(200, "{}\n"), 1401, /x-arango-replication-checkmore/],
    [/\/dump\?/, fakeReply(200, "", { [MORE]: "true" }), 1401, /x-arango-replication-lastincluded/],
    [
      /\/dump\?/,
      fakeReply(204, "", { [MORE]: "true", [INCLUDED]: "0" }),
      1401,
      /dump of collection 'c' does not go on/,
    ],
  ];
  for (const [path, reply, errorNum, message] of answers) {
    const { pair, local } = preparedPair();
    using _ = pair;
    const before = contents(local);
    assertFailsWith(pair, (request, answer) => (path.test(request.url) ? reply : answer()), { errorNum, message });
    deepEqual(contents(local), before);
  }
});

Deno.test("a leader that counts keys and lists none costs no document", () => {
  const meddle: Meddler = ({ url }, answer) => {
    if (url.includes("/revisions/tree")) return fakeReply(501, { error: true, code: 501, errorNum: 9 });
    return /\/keys\/\d+-\d+\?chunkSize/.test(url) ? fakeReply(200, []) : answer();
  };
  assertFails(meddle, { errorNum: 1401, message: /response contains no keys chunks/ });
});

Deno.test("a leader whose state is refused need not keep its snapshot", () => {
  using pair = preparedPair().pair;
  let id = "";
  const withoutTick: Meddler = (request, answer) => {
    const reply = answer();
    if (!request.url.includes("/batch?")) return reply;
    const batch = JSON.parse(new TextDecoder().decode(reply.body));
    id = batch.id;
    return fakeReply(200, { ...batch, state: { ...batch.state, state: {} } });
  };
  assertFailsWith(pair, withoutTick, { errorNum: 1401, message: /lastLogTick is missing/ });
  const last = pair.requests.at(-1)!;
  deepEqual([last.method, last.url.replace(/\?.*/, "")], ["DELETE", `/_db/_system/_api/replication/batch/${id}`]);
});

Deno.test("a local collection of the other type is not touched", () => {
  const { pair } = preparedPair();
  using _ = pair;
  pair.leaderDatabase.createCollection({ name: "e", type: 3 });
  const local = pair.followerDatabase.createCollection({ name: "e" });
  local.insert("{}");
  for (const incremental of [false, true]) {
    throws(() => pair.sync("e", { incremental }), {
      errorNum: 1218,
      message: /'e' is a document collection here and an edge collection on the leader; rename or drop the local one/,
    });
  }
  equal(local.count(), 1);
});

Deno.test("a unique index that only the follower has, and that the leader's documents violate, stops an incremental sync", () => {
  const { pair, leader, local } = preparedPair();
  using _ = pair;
  pair.leader.write([leader], () => {
    for (let i = 0; i < 3; i++) leader.insert(`{"_key":"same${i}","u":1}`);
  });
  local.ensureIndex({ type: "persistent", fields: ["u"], unique: true, sparse: true });
  const before = contents(local);
  throws(() => pair.sync("c", { incremental: true }), {
    errorNum: 1210,
    message: /a unique index that only the follower has forbids documents of the leader; drop that index/,
  });
  deepEqual(contents(local), before);
  equal(readdirSync(pair.follower.files.path("")).filter((name) => name.endsWith(".sqlite")).length, 1);
});

Deno.test("two syncs of the same collection at once: the second gets error 28", () => {
  const { pair, local } = preparedPair();
  using _ = pair;
  const before = contents(local);
  {
    using _lock = takeLock(pair.follower.directory, `sync ${pair.followerDatabase.id} c`);
    throws(() => pair.sync("c"), { errorNum: 28, message: /another sync of collection 'c' is under way/ });
    deepEqual(contents(local), before);
  }
  pair.sync("c");
});

Deno.test("a directory that was opened read-only is not written to", () => {
  using temporary = new TemporaryDirectory();
  const directory = temporary.path;
  const { pair } = preparedPair();
  using _ = pair;
  Engine.open({ directory })[Symbol.dispose]();
  using engine = Engine.open({ directory, readOnly: true });
  throws(() => pair.sync("c", {}, { environment: { engine, database: engine.database("_system") } }), {
    errorNum: 1004,
  });
});

Deno.test("configurations that make no sense are refused before anything is sent", () => {
  const cases: [unknown, number, RegExp][] = [
    [undefined, 10, /must be an object/],
    [7, 10, /must be an object/],
    [{}, 400, /^<endpoint> must be a valid endpoint$/],
    [{ endpoint: 7 }, 400, /^<endpoint> must be a valid endpoint$/],
    [{ endpoint: "tcp://h", restrictType: "some" }, 1410, /^invalid value for <restrictType>$/],
    [{ endpoint: "tcp://h", restrictType: "include" }, 1410, /<restrictCollections> or <restrictType>/],
    [{ endpoint: "tcp://h", restrictCollections: ["c"] }, 1410, /<restrictCollections> or <restrictType>/],
    [{ endpoint: "nonsense", restrictType: "some" }, 1410, /^invalid value for <restrictType>$/],
    [{ endpoint: "nonsense" }, 4, /^invalid endpoint 'nonsense'/],
  ];
  for (const [config, errorNum, message] of cases) throws(() => syncConfig(config, "_system"), { errorNum, message });
  deepEqual(
    syncConfig({ endpoint: "tcp://h", chunkSize: 5, requestTimeout: "x", incremental: 1 }, "db").chunkSize,
    16384,
  );
});

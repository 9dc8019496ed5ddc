/**
 * What a leader answers its followers: parameters, edge cases and errors of `/_api/replication` and `/_api/wal`.
 *
 * Source: `replication-protocol.md` §2; the numbers in the names are those of its checklist, §6.
 */
import { deepStrictEqual as deepEqual, match, ok, strictEqual as equal } from "node:assert/strict";
import { RevisionTree } from "../base/revision_tree.ts";
import { type Answer, basic, TestServer } from "./testing.ts";

const REPLICATION = "/_api/replication";
const DUMP_TYPE = /^application\/x-arango-dump/;
const DIGITS = /^\d+$/;

// deno-lint-ignore no-explicit-any -- markers and documents of every shape
type Line = any;

/** A leader with a collection. */
class LeaderServer extends TestServer {
  constructor() {
    super();
    this.send("POST", "/_api/collection", { name: "c" });
  }

  /** Stores documents with the keys `000`, `001` … */
  fill(count: number, collection = "c"): void {
    const keys = Array.from({ length: count }, (_, i) => ({ _key: `${i}`.padStart(3, "0") }));
    this.send("POST", `/_api/document/${collection}`, keys);
  }

  batch(query = ""): string {
    return this.send("POST", `${REPLICATION}/batch${query}`, {}).body.id;
  }

  get(path: string): Answer {
    return this.send("GET", `${REPLICATION}/${path}`);
  }

  put(path: string, body?: unknown): Answer {
    return this.send("PUT", `${REPLICATION}/${path}`, body);
  }

  /** Checks that a request fails. */
  refused(answer: Answer, status: number, errorNum: number, message?: RegExp): void {
    deepEqual([answer.status, answer.body.errorNum], [status, errorNum], answer.text);
    if (message) match(answer.body.errorMessage, message);
  }
}

function linesOf({ text }: Answer): Line[] {
  return text.split("\n").slice(0, -1).map((line) => JSON.parse(line));
}

/** The headers of a dump or of a piece of the log, without their common prefix. */
function state({ headers }: Answer, ...names: string[]): (string | undefined)[] {
  return names.map((name) => headers[`x-arango-replication-${name}`]);
}

Deno.test("batches: their attributes, with and without the state, their end (37, 38)", () => {
  using test = new LeaderServer();
  const plain = test.send("POST", `${REPLICATION}/batch`, {}).body;
  deepEqual(Object.keys(plain).sort(), ["id", "lastTick"]);
  match(plain.id, DIGITS);
  match(plain.lastTick, DIGITS);
  const { id, lastTick, state: full } = test.send("POST", `${REPLICATION}/batch?state=true`, { ttl: 10 }).body;
  equal(full.state.lastLogTick, lastTick);
  deepEqual([full.server.engine, full.clients], ["rocksdb", []]);
  match(full.server.serverId, DIGITS);
  equal(test.put(`batch/${id}`, { ttl: 20.5 }).status, 204);
  const gone = test.send("DELETE", `${REPLICATION}/batch/${id}`);
  deepEqual([gone.status, gone.text], [204, ""]);
  for (const method of ["PUT", "DELETE"]) {
    test.refused(test.send(method, `${REPLICATION}/batch/${id}`, {}), 404, 1600, /^cursor not found$/);
    test.refused(test.send(method, `${REPLICATION}/batch`, {}), 405, 405);
  }
  test.refused(test.send("POST", `${REPLICATION}/batch`, "{"), 400, 600);
});

Deno.test("commands of replication that nobody knows are told from those that are asked in another way, or missing", () => {
  using test = new LeaderServer();
  for (const method of ["GET", "PUT", "POST", "DELETE"]) {
    test.refused(test.send(method, `${REPLICATION}/nope`, {}), 400, 400, /^invalid command 'nope'$/);
  }
  for (const wrong of ["PUT server-id", "POST dump", "DELETE inventory", "GET restore-data", "POST applier-stop"]) {
    const [method, command] = wrong.split(" ") as [string, string];
    test.refused(test.send(method, `${REPLICATION}/${command}`, {}), 405, 405);
  }
  for (const wrong of ["GET inventory/x", "PUT dump/x", "POST batch/1/2", "PUT revisions/tree/x"]) {
    const [method, path] = wrong.split(" ") as [string, string];
    const answer = test.send(method, `${REPLICATION}/${path}`, {});
    test.refused(answer, 400, 601, /^expecting URL \/_api\/replication\/<command>$/);
  }
  for (const wrong of ["GET nope", "POST range", "GET tail/x", "DELETE lastTick"]) {
    const [method, path] = wrong.split(" ") as [string, string];
    test.refused(test.send(method, `/_api/wal/${path}`), 400, 400);
  }
  test.refused(test.get("clusterInventory"), 501, 1471);
  test.refused(test.put("addFollower", {}), 501, 1477);
});

Deno.test("followers may say who they are, but only with numbers that can be (55)", () => {
  using test = new LeaderServer();
  const wrong: [string, RegExp][] = [
    ["", /must not be empty/],
    ["x", /must be an integer/],
    ["0", /must be non-zero/],
    ["01", /must not begin with zero/],
    [`${1n << 64n}`, /is too large/],
  ];
  for (const [syncerId, message] of wrong) {
    test.refused(test.send("POST", `${REPLICATION}/batch?syncerId=${syncerId}`, {}), 400, 10, message);
  }
  const { lastTick } = test.send("POST", `${REPLICATION}/batch?syncerId=7&clientInfo=me`, {}).body;
  test.send("GET", `/_api/wal/tail?from=3&syncerId=8`);
  test.send("GET", `/_api/wal/tail?from=4&serverId=9`);
  test.batch("?serverId=nobody");
  const known = (): string[][] =>
    test.get("logger-state").body.clients.map((one: Line) => [one.syncerId, one.serverId, one.lastServedTick]);
  deepEqual(known().sort(), [["0", "9", "4"], ["7", "0", lastTick], ["8", "0", "3"]]);
  test.send("GET", "/_api/wal/tail?from=5&syncerId=8");
  deepEqual(known().find(([syncerId]) => syncerId === "8"), ["8", "0", "5"]);
  deepEqual(test.send("DELETE", "/_api/wal/tail?syncerId=8").body, { error: false, code: 200, result: {} });
  equal(known().length, 2);
  const tracked = test.send("GET", "/_api/wal/tail?from=6&syncerId=5&trackOnly=true");
  deepEqual([tracked.status, tracked.body.result], [200, {}]);
  ok(known().some(([syncerId]) => syncerId === "5"));
});

Deno.test("a follower is known to the database that it asks, while its batch lives and 15 seconds longer (55)", () => {
  using test = new LeaderServer();
  test.send("POST", "/_api/database", { name: "other" });
  const known = (prefix = ""): { lives: number; lastServedTick: string }[] =>
    test.send("GET", `${prefix}${REPLICATION}/logger-state`).body.clients.map((
      { time, expires, lastServedTick }: Line,
    ) => ({ lives: (Date.parse(expires) - Date.parse(time)) / 1000, lastServedTick }));
  const { id, lastTick: lastServedTick } = test.send("POST", `${REPLICATION}/batch?syncerId=7`, { ttl: 60 }).body;
  deepEqual(known(), [{ lives: 60, lastServedTick }]);
  deepEqual(known("/_db/other"), []);
  test.put(`batch/${id}?syncerId=7`, { ttl: 90 });
  deepEqual(known(), [{ lives: 90, lastServedTick }]);
  test.put(`batch/${id}?syncerId=8`, {});
  test.send("DELETE", `${REPLICATION}/batch/${id}?syncerId=7`);
  deepEqual(known(), [{ lives: 15, lastServedTick }]);
});

Deno.test("an inventory has definitions as they are now, in order, with the indexes that users made (41 to 43)", () => {
  using test = new LeaderServer();
  test.send("POST", "/_api/collection", { name: "edges", type: 3, waitForSync: true });
  const indexes = [
    { type: "hash", fields: ["a"] },
    { type: "skiplist", fields: ["b"] },
    { type: "geo", fields: ["g"] },
    { type: "fulltext", fields: ["t"], minLength: 4 },
  ];
  for (const one of indexes) test.send("POST", "/_api/index?collection=c", one);
  const batchId = test.batch();
  test.send("POST", "/_api/collection", { name: "later" });
  const names = (query: string): string[] =>
    test.get(`inventory?batchId=${batchId}${query}`).body.collections.map((one: Line) => one.parameters.name);
  deepEqual(names("&includeSystem=false"), ["c", "later", "edges"]);
  ok(names("").some((name) => name.startsWith("_")));
  ok(!names("").includes("_queues") && names("&includeFoxxQueues=true").includes("_queues"));
  ok(!names("&includeSystem=false&includeFoxxQueues=true").includes("_queues"));
  const { collections, views, properties, tick } = test.get(`inventory?batchId=${batchId}&includeSystem=false`).body;
  deepEqual([views, properties.name, DIGITS.test(tick)], [[], "_system", true]);
  const [c, , edges] = collections;
  deepEqual(c.indexes.map((one: Line) => one.type), ["hash", "skiplist", "geo", "fulltext"]);
  deepEqual([c.indexes[3].minLength, DIGITS.test(c.indexes[0].id)], [4, true]);
  deepEqual(edges.indexes, []);
  for (const { parameters: one } of collections) {
    deepEqual([typeof one.cid, typeof one.version, one.deleted], ["string", "number", false]);
    match(one.globallyUniqueId, /^h[0-9A-F]+\/\d+$/);
    for (const hidden of ["objectId", "path", "statusString", "indexes"]) ok(!(hidden in one), hidden);
  }
  deepEqual([c.parameters.type, edges.parameters.type, edges.parameters.waitForSync], [2, 3, true]);

  const single = test.get(`inventory?batchId=${batchId}&collection=edges`).body;
  deepEqual([single.collections.length, single.properties], [1, undefined]);
  deepEqual(test.get(`inventory?batchId=${batchId}&collection=nope`).body.collections, []);
  test.send("POST", "/_api/database", { name: "other" });
  const { databases } = test.get(`inventory?batchId=${batchId}&global=true`).body;
  deepEqual(Object.keys(databases).sort(), ["_system", "other"]);
  for (const one of databases._system.collections) ok(one.parameters.globallyUniqueId);
  test.refused(test.send("GET", `/_db/other${REPLICATION}/inventory?batchId=${batchId}&global=true`), 403, 11);
  test.refused(test.get("inventory"), 404, 1600, /^batchId not specified$/);
  test.refused(test.get("inventory?batchId=1"), 404, 1600, /^context was not found$/);
});

Deno.test("a dump: envelopes, sizes, and what is empty (44 to 47, 49)", () => {
  using test = new LeaderServer();
  const dump = (batchId: string, query = ""): Answer => test.get(`dump?collection=c&batchId=${batchId}${query}`);
  const checkEmpty = (): void => {
    const answer = dump(test.batch());
    deepEqual([answer.status, answer.text, ...state(answer, "checkmore", "lastincluded")], [204, "", "false", "0"]);
    match(answer.headers["content-type"]!, DUMP_TYPE);
  };
  checkEmpty();
  const early = test.batch();
  test.fill(100);
  equal(dump(early).status, 204);
  const all = dump(test.batch());
  deepEqual([all.status, ...state(all, "checkmore", "lastincluded")], [200, "false", "1"]);
  match(all.headers["content-type"]!, DUMP_TYPE);
  const lines = linesOf(all);
  equal(lines.length, 100);
  for (const line of lines) {
    deepEqual(Object.keys(line), ["type", "data"]);
    equal(line.type, 2300);
    match(line.data._rev, /^[a-zA-Z0-9_-]+$/);
  }
  const bare = linesOf(dump(test.batch(), "&useEnvelope=false"));
  deepEqual(bare, lines.map(({ data }) => data));

  const cut = dump(test.batch(), "&chunkSize=1024");
  equal(state(cut, "checkmore")[0], "true");
  ok(linesOf(cut).length < 100);
  const { body: { id: byOne } } = test.send("POST", `${REPLICATION}/batch`, {});
  const keys: string[] = [];
  for (let n = 1; n <= 100; n++) {
    const one = dump(byOne, "&chunkSize=1");
    keys.push(...linesOf(one).map(({ data }) => data._key));
    deepEqual(state(one, "checkmore", "lastincluded"), [`${n < 100}`, `${n}`]);
  }
  deepEqual(keys, lines.map(({ data }) => data._key));
  equal(linesOf(dump(test.batch(), "&docsPerBatch=7")).length, 7);

  test.send("DELETE", "/_api/document/c", keys);
  checkEmpty();
  test.fill(3);
  test.send("PUT", "/_api/collection/c/truncate");
  checkEmpty();
  test.refused(test.get("dump?batchId=1"), 400, 400, /^invalid collection parameter$/);
  test.refused(test.get(`dump?collection=nope&batchId=${early}`), 400, 400, /^replication dump - /);
  test.refused(test.get("dump?collection=c"), 404, 400, /^replication dump - request misses batchId$/);
  test.refused(test.get("dump?collection=c&batchId=1"), 404, 400, /unable to find context \(it could be expired\)$/);
});

Deno.test("a dump of edges keeps their ends, and values that are easily lost (48); names may be ids", () => {
  using test = new LeaderServer();
  const { id } = test.send("POST", "/_api/collection", { name: "e", type: 3 }).body;
  const { globallyUniqueId } = test.send("GET", "/_api/collection/e").body;
  const edge = { _from: "c/1", _to: "c/2", no: false, list: [], object: {}, nothing: null, zero: 0, text: "" };
  test.send("POST", "/_api/document/e", edge);
  for (const name of ["e", id, encodeURIComponent(globallyUniqueId)]) {
    const [line] = linesOf(test.get(`dump?collection=${name}&batchId=${test.batch()}`));
    const { _id, _key, _rev, ...rest } = line.data;
    deepEqual([rest, _id], [edge, `e/${_key}`]);
  }
});

Deno.test("key lists: chunks, keys, documents, and parameters that cannot be (39, 40)", () => {
  using test = new LeaderServer();
  test.fill(250);
  const batchId = test.batch();
  const create = (query: string): Answer =>
    test.send("POST", `${REPLICATION}/keys?collection=c&batchId=${batchId}${query}`);
  deepEqual(create("&quick=true").body.count, 250);
  const { id, count } = create("").body;
  deepEqual([typeof id, count], ["string", 250]);
  const chunks = test.get(`keys/${id}?chunkSize=100`).body;
  deepEqual(chunks.map(({ low, high }: Line) => [low, high]), [["000", "099"], ["100", "199"], ["200", "249"]]);
  for (const { hash } of chunks) match(hash, DIGITS);
  // smaller chunks than 100 keys are none
  equal(test.get(`keys/${id}?chunkSize=5`).body.length, 1);
  const keys = test.put(`keys/${id}?type=keys&chunk=2&chunkSize=100&low=200`).body;
  deepEqual([keys.length, keys[0][0], keys[0].length], [50, "200", 2]);
  const docs = test.put(`keys/${id}?type=docs&chunk=1&chunkSize=100&low=100`, [0, 3, 17]).body;
  deepEqual(docs.map((one: Line) => one._key), ["100", "103", "117"]);
  const rest = test.put(`keys/${id}?type=docs&chunk=1&chunkSize=100&low=100&offset=2`, [0, 3, 17]).body;
  deepEqual([rest[0], rest[1], rest[2]._key], [null, null, "117"]);
  const huge = `${2n ** 60n}`;
  test.refused(test.put(`keys/${id}?type=keys&chunk=${huge}&chunkSize=${huge}`), 400, 10);
  test.refused(test.put(`keys/${id}?type=keys&chunk=9&chunkSize=100`), 400, 10, /invalid iterator offset\.$/);
  test.refused(test.put(`keys/${id}?type=docs&chunk=0&chunkSize=100`, ["x"]), 400, 10);
  test.refused(test.put(`keys/${id}?type=both`), 400, 400, /^invalid 'type' value$/);
  test.refused(create("&quick=maybe"), 400, 400, /must be boolean, got maybe$/);
  test.refused(test.get("keys/1-1"), 404, 1600);
  test.refused(test.send("POST", `${REPLICATION}/keys?collection=nope&batchId=${batchId}`), 404, 1203);
  test.refused(test.send("POST", `${REPLICATION}/keys?batchId=${batchId}`), 400, 400, /^invalid collection parameter$/);
  test.refused(test.send("POST", `${REPLICATION}/keys?collection=c&batchId=1`), 404, 1600);
  const gone = test.send("DELETE", `${REPLICATION}/keys/${id}`);
  deepEqual([gone.status, gone.body], [202, { id, error: false, code: 202 }]);
  equal(test.send("POST", "/_api/collection", { name: "empty" }).status, 200);
  const none = test.send("POST", `${REPLICATION}/keys?collection=empty&batchId=${batchId}`).body;
  deepEqual([none.count, test.get(`keys/${none.id}`).body], [0, []]);
});

Deno.test("a revision tree: only what is populated, compared with the documents, and made anew", () => {
  using test = new LeaderServer();
  test.fill(10);
  const tree = (query = ""): Line => test.get(`revisions/tree?collection=c&batchId=${test.batch()}${query}`).body;
  const whole = tree();
  deepEqual([whole.version, whole.maxDepth, whole.count, whole.nodes.length], [1, 6, 10, 8 ** 6]);
  const populated = tree("&onlyPopulated=true");
  deepEqual([populated.count, populated.hash, populated.nodes.length < 20], [10, whole.hash, true]);
  const isRight = (): boolean => tree("&onlyPopulated=true&verification=true").equal;
  ok(isRight());

  const collection = test.engine.database("_system").collection("c");
  const file = collection.lock();
  file.setLeaves([[0, { count: 3, hash: 9n }]]);
  file.file.exec("COMMIT");
  collection.unlocked();
  ok(!isRight());
  const rebuilt = test.send("POST", `${REPLICATION}/revisions/tree?collection=c`);
  deepEqual([rebuilt.status, rebuilt.text], [204, ""]);
  ok(isRight());
  deepEqual(tree("&onlyPopulated=true"), populated);
  test.send("DELETE", "/_api/document/c/000");
  ok(isRight());

  test.send("POST", "/_api/collection", { name: "old", syncByRevision: false });
  const untold = /^this collection doesn't support revision-based replication$/;
  test.refused(test.send("POST", `${REPLICATION}/revisions/tree?collection=old`), 501, 9, untold);
  test.refused(test.get(`revisions/tree?collection=old&batchId=${test.batch()}`), 501, 9, untold);
  for (const method of ["GET", "POST"]) {
    test.refused(test.send(method, `${REPLICATION}/revisions/tree`), 400, 400, /^invalid collection parameter$/);
    test.refused(test.send(method, `${REPLICATION}/revisions/tree?collection=nope&batchId=1`), 404, 1203);
  }
  test.refused(test.get("revisions/tree?collection=c"), 404, 400, /request misses batchId$/);
  test.refused(test.get("revisions/tree?collection=c&batchId=1"), 500, 4, /did not find batch$/);
});

Deno.test("a rebuilt revision tree covers what lies outside of the range that the file told", () => {
  using test = new LeaderServer();
  test.send("POST", "/_api/document/c?isRestore=true", { _key: "old", _rev: "_ZAAHwuy---" });
  test.fill(2);
  const collection = test.engine.database("_system").collection("c");
  const file = collection.lock();
  file.setState({ ...file.state(), range: new RevisionTree().range });
  file.file.exec("COMMIT");
  collection.unlocked();
  equal(test.send("POST", `${REPLICATION}/revisions/tree?collection=c`).status, 204);
  const { equal: isEqual, stored } =
    test.get(`revisions/tree?collection=c&batchId=${test.batch()}&verification=true&onlyPopulated=true`).body;
  deepEqual([isEqual, stored.count], [true, 3]);
});

Deno.test("revisions: ranges and documents, in order, and bodies that cannot be", () => {
  using test = new LeaderServer();
  test.fill(3);
  const batchId = test.batch();
  const revisions: string[] = ["000", "001", "002"].map((key) => test.send("GET", `/_api/document/c/${key}`).body._rev);
  const where = `collection=c&batchId=${batchId}&encodeAsHLC=true`;
  const ranges = (query: string, body: unknown): Answer => test.put(`revisions/ranges?${where}${query}`, body);
  const [first, second, third] = revisions as [string, string, string];
  deepEqual(ranges("", [[first, second], [second, third]]).body.ranges, [[first, second], [second, third]]);
  deepEqual(ranges("", [["_", "_a"], [first, third]]).body.ranges, [[], revisions]);
  deepEqual(ranges(`&resumeHLC=${second}`, [[first, third]]).body.ranges, [[second, third]]);
  const pairs = /^body needs to be an array of pairs of revisions$/;
  for (const body of [{}, [first], [[first]], [[second, first]], [[first, third], [second, third]], [["*", third]]]) {
    test.refused(ranges("", body), 400, 400, pairs);
  }
  const documents = (query: string, body: unknown): Answer => test.put(`revisions/documents?${where}${query}`, body);
  const keys = (answer: Answer): unknown[] => answer.body.map((one: Line) => one._key);
  deepEqual(keys(documents("", [first, "_abc", third])), ["000", undefined, "002"]);
  deepEqual(keys(documents("&chunkSize=1", revisions)), ["000"]);
  test.refused(documents("", {}), 400, 400, /^body needs to be an array of revisions$/);
  for (const what of ["ranges", "documents"]) {
    test.refused(test.put(`revisions/${what}`, []), 400, 400, /^invalid collection parameter$/);
    test.refused(test.put(`revisions/${what}?collection=c`, []), 404, 400, /request misses batchId$/);
  }
});

Deno.test("the log: its ends, a place after its end, and what cannot be asked (50, 51)", () => {
  using test = new LeaderServer();
  const range = test.send("GET", "/_api/wal/range").body;
  const last = test.send("GET", "/_api/wal/lastTick").body;
  for (const tick of [range.tickMin, range.tickMax, last.tick, range.server.serverId]) match(tick, DIGITS);
  match(range.time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  for (const from of [last.tick, `${BigInt(last.tick) + 10n ** 7n}`]) {
    const answer = test.send("GET", `/_api/wal/tail?from=${from}`);
    deepEqual([answer.status, answer.text, ...state(answer, "lastincluded", "checkmore")], [204, "", "0", "false"]);
    match(answer.headers["content-type"]!, DUMP_TYPE);
    deepEqual(state(answer, "lasttick", "lastscanned"), [last.tick, last.tick]);
    equal(answer.headers["x-arango-replication-active"], undefined);
  }
  for (const query of ["from=5&to=4", "to=0", "from=x"]) {
    test.refused(test.send("GET", `/_api/wal/tail?${query}`), 400, 400, /^invalid from\/to values$/);
  }
  test.refused(test.send("PUT", "/_api/wal/tail", {}), 400, 400, /^invalid body value\./);
  equal(test.send("PUT", "/_api/wal/tail?from=0", []).status, 200);
  test.refused(test.send("GET", "/_api/wal/tail?collection=nope"), 404, 1203);
  test.send("POST", "/_api/database", { name: "other" });
  test.refused(test.send("GET", "/_db/other/_api/wal/tail?global=true"), 403, 11, /from within _system database$/);
});

Deno.test("the log tells what happened to a collection, and logger-follow the same in its words (52, 56)", () => {
  using test = new LeaderServer();
  const from = test.send("GET", "/_api/wal/lastTick").body.tick;
  test.send("POST", "/_api/document/c", { _key: "a" });
  const { _rev } = test.send("PATCH", "/_api/document/c/a", { n: 1 }).body;
  test.send("DELETE", "/_api/document/c/a");
  const { globallyUniqueId, id } = test.send("GET", "/_api/collection/c").body;
  const markers = linesOf(test.send("GET", `/_api/wal/tail?from=${from}`));
  deepEqual(markers.map(({ type, cuid }) => [type, cuid]), [2300, 2300, 2302].map((type) => [type, globallyUniqueId]));
  equal(markers[1].data._rev, _rev);
  const followed = test.get(`logger-follow?from=${from}`);
  equal(followed.headers["x-arango-replication-active"], "true");
  deepEqual(linesOf(followed).map(({ type, cid, cname, database }) => [type, cid, cname, database]), [
    [2300, id, "c", "1"],
    [2300, id, "c", "1"],
    [2302, id, "c", "1"],
  ]);
  const before = test.send("GET", "/_api/wal/lastTick").body.tick;
  test.send("DELETE", "/_api/collection/c");
  deepEqual(linesOf(test.send("GET", `/_api/wal/tail?from=${before}`)).map(({ type, cuid }) => [type, cuid]), [
    [2001, globallyUniqueId],
  ]);
});

Deno.test("the log of all databases tells which were made and dropped, by name", () => {
  using test = new LeaderServer();
  const from = test.send("GET", "/_api/wal/lastTick").body.tick;
  test.send("POST", "/_api/database", { name: "short" });
  test.send("DELETE", "/_api/database/short");
  const markers = linesOf(test.send("GET", `/_api/wal/tail?global=true&from=${from}`));
  deepEqual(markers.map(({ type, db, data }) => [type, db, data?.name]), [
    [1100, "short", "short"],
    [1101, "short", undefined],
  ]);
});

Deno.test("a database's leader is asked by those who may read it, its log by administrators", () => {
  using test = new TestServer({ authentication: true });
  const root = basic("root", "");
  test.send("POST", "/_api/user", { user: "bob", passwd: "" }, root);
  test.send("PUT", "/_api/user/bob/database/_system", { grant: "ro" }, root);
  for (const name of ["open", "closed"]) test.send("POST", "/_api/collection", { name }, root);
  test.send("PUT", "/_api/user/bob/database/_system/closed", { grant: "none" }, root);
  const bob = basic("bob", "");
  const batchId = test.send("POST", `${REPLICATION}/batch`, {}, bob).body.id;
  const get = (path: string): Answer => test.send("GET", path, undefined, bob);
  const { collections } = get(`${REPLICATION}/inventory?includeSystem=false&batchId=${batchId}`).body;
  deepEqual(collections.map((one: Line) => one.parameters.name), ["open"]);
  for (const path of ["dump", "revisions/tree"]) {
    ok(get(`${REPLICATION}/${path}?collection=open&batchId=${batchId}`).status < 300);
    equal(get(`${REPLICATION}/${path}?collection=closed&batchId=${batchId}`).status, 403);
  }
  const global = get(`${REPLICATION}/inventory?global=true&includeSystem=false&batchId=${batchId}`).body.databases;
  deepEqual(global._system.collections.map((one: Line) => one.parameters.name), ["open"]);
  // to make a tree anew is to write
  equal(test.send("POST", `${REPLICATION}/revisions/tree?collection=open`, undefined, bob).status, 403);
  for (const path of ["range", "lastTick", "tail", "nothing"]) equal(get(`/_api/wal/${path}`).status, 403, path);
  const unnamed = get(`${REPLICATION}/dump?batchId=${batchId}`);
  deepEqual([unnamed.status, unnamed.body.errorNum], [404, 1203]);
});

Deno.test("a range of revisions may end with the largest revision that there can be", () => {
  using test = new TestServer();
  test.send("POST", "/_api/collection", { name: "c" });
  const { _rev } = test.send("POST", "/_api/document/c", {}).body;
  const { id } = test.send("POST", "/_api/replication/batch", {}).body;
  const { body } = test.send("PUT", `/_api/replication/revisions/ranges?collection=c&batchId=${id}`, [[
    "",
    "N9999999998",
  ]]);
  deepEqual(body, { ranges: [[_rev]] });
});

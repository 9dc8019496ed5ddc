import { deepStrictEqual as deepEqual, strictEqual as equal } from "node:assert/strict";
import { type ApiReply, type ApiRequest, bodyText } from "../base/exchange.ts";
import { isWaiting } from "./waiting.ts";
import { TestServer } from "./testing.ts";
import { RequestGroups } from "./request_groups.ts";

type Sent = readonly [method: string, path: string, body?: unknown];

function requestOf([method, url, body]: Sent): ApiRequest {
  const bytes = new TextEncoder().encode(body === undefined ? "" : JSON.stringify(body));
  return { method, url, headers: {}, body: bytes };
}

/** Sends requests at the same moment; status and error number of each. */
async function together(test: TestServer, sent: readonly Sent[]): Promise<[status: number, errorNum?: number][]> {
  const groups = new RequestGroups(test.server);
  const answers = await Promise.all(sent.map((one) => groups.handle(requestOf(one))));
  return answers.map((answer) => {
    let reply: ApiReply | undefined = isWaiting(answer) ? undefined : answer;
    for (; reply === undefined;) reply = (answer as { poll(): ApiReply | undefined }).poll();
    const text = bodyText(reply);
    const { errorNum } = text === "" ? {} : JSON.parse(text) as { errorNum?: number };
    return errorNum === undefined ? [reply.status] : [reply.status, errorNum];
  });
}

function withCollection(name = "c"): TestServer {
  const test = new TestServer();
  test.send("POST", "/_api/collection", { name });
  return test;
}

/** Stops a clock. */
function stopped(clock: { now(): number }): Disposable {
  const now = clock.now.bind(clock);
  const time = now();
  clock.now = () => time;
  return { [Symbol.dispose]: () => void (clock.now = now) };
}

/** The documents, as the primary index and the revision tree know them. */
function contents(test: TestServer): unknown {
  const collection = test.server.database("_system").collection("c");
  const keys = [...collection.pages()].flat().map(({ key }) => key).sort();
  equal(collection.count(), keys.length);
  equal(Number(collection.revisionTree().count), keys.length);
  return keys;
}

Deno.test("writes that come together share a commit; each is done or refused by itself", async () => {
  using test = withCollection();
  test.send("POST", "/_api/index?collection=c", { type: "persistent", fields: ["a"], unique: true, sparse: true });
  test.send("POST", "/_api/index?collection=c", { type: "persistent", fields: ["b"], unique: true, sparse: true });
  const { catalog } = test.server.engine;
  const append = catalog.append.bind(catalog);
  let commits = 0;
  catalog.append = (entries) => {
    commits++;
    return append(entries);
  };
  deepEqual(
    await together(test, [
      ["POST", "/_api/document/c", { _key: "x", a: 1, b: 1 }],
      ["POST", "/_api/document/c", { _key: "x" }],
      ["POST", "/_api/document/c", { _key: "y", a: 2, b: 1 }],
      ["PATCH", "/_api/document/c/nope", { a: 3 }],
      ["PATCH", "/_api/document/c/x", { a: 5 }],
      ["POST", "/_db/_system/_api/document/c", [{ _key: "z", a: 2 }, { _key: "z" }]],
      ["POST", "/_api/document/c", { _key: "gone" }],
      ["DELETE", "/_api/document/c/gone"],
      ["POST", "/_api/document/nope", {}],
      ["POST", "/_api/document/c", "no document"],
    ]),
    [[202], [409, 1210], [409, 1210], [404, 1202], [202], [202], [202], [202], [404, 1203], [400, 1227]],
  );
  deepEqual(contents(test), ["x", "z"]);
  const { result } = test.send("POST", "/_api/cursor", { query: "FOR d IN c SORT d.a RETURN [d.a, d.b]" }).body;
  deepEqual(result, [[2, null], [5, 1]]);
  equal(commits, 1);
});

Deno.test("when a shared commit fails, every write of it is answered with the error, and none is done", async () => {
  using test = withCollection();
  const { catalog } = test.server.engine;
  const append = catalog.append;
  catalog.append = () => {
    throw new Error("the disk is full");
  };
  const sent: Sent[] = [1, 2, 3].map((n) => ["POST", "/_api/document/c", { _key: `k${n}` }]);
  deepEqual(await together(test, sent), [[500, 4], [500, 4], [500, 4]]);
  catalog.append = append;
  deepEqual(contents(test), []);
  deepEqual(await together(test, sent), [[202], [202], [202]]);
  deepEqual(contents(test), ["k1", "k2", "k3"]);
});

Deno.test("an array that fails in the middle is undone, and what came together with it is done", async () => {
  using test = withCollection();
  const collection = test.server.database("_system").collection("c");
  const insert = collection.insert.bind(collection);
  collection.insert = (given, options) => {
    if (JSON.stringify(given).includes("bad")) throw new Error("no room");
    return insert(given, options);
  };
  deepEqual(
    await together(test, [
      ["POST", "/_api/document/c", { _key: "x" }],
      ["POST", "/_api/document/c", [{ _key: "a" }, { _key: "bad" }]],
      ["POST", "/_api/document/c", [{ _key: "y" }]],
    ]),
    [[202], [500, 4], [202]],
  );
  deepEqual(contents(test), ["x", "y"]);
});

Deno.test("reads that come together lock a file once, and see what one of them writes", async () => {
  using test = withCollection();
  test.send("POST", "/_api/document/c", [{ _key: "x", n: 1 }, { _key: "y", n: 2 }]);
  const { file } = test.server.database("_system").collection("c").reading()!;
  const exec = file.exec.bind(file);
  const executed: string[] = [];
  file.exec = (sql) => {
    executed.push(sql);
    exec(sql);
  };
  const query = (text: string): Sent => ["POST", "/_api/cursor", { query: text }];
  const sum = query("RETURN SUM(FOR d IN c RETURN d.n)");
  // after a while what others have committed would be looked for
  using _clock = stopped(performance);
  const reads: Sent[] = [["GET", "/_api/document/c/x"], sum, ["HEAD", "/_api/document/c/y"], [
    "GET",
    "/_api/document/c/z",
  ]];
  deepEqual(await together(test, reads), [[200], [201], [200], [404, 1202]]);
  deepEqual(executed, ["BEGIN", "COMMIT"]);
  deepEqual(
    await together(test, [reads[3]!, query("INSERT { _key: 'z', n: 3 } INTO c"), reads[3]!, reads[0]!]),
    [[404, 1202], [201], [200], [200]],
  );
  equal(file.inTransaction, false);
  deepEqual(contents(test), ["x", "y", "z"]);
});

Deno.test("writes of what a transaction has written wait for its end, others that come together with them do not", async () => {
  using test = withCollection();
  test.send("POST", "/_api/document/c", { _key: "old" });
  const { result } = test.send("POST", "/_api/transaction/begin", { collections: { write: ["c"] } }).body;
  test.send("POST", "/_api/document/c", { _key: "first" }, { "x-arango-trx-id": result.id });
  test.send("PATCH", "/_api/document/c/old", { n: 1 }, { "x-arango-trx-id": result.id });
  const { now } = Date;
  const begun = now();
  try {
    Date.now = () => begun;
    const groups = new RequestGroups(test.server);
    const answers = await Promise.all(([
      ["POST", "/_api/document/c", { _key: "first" }],
      ["POST", "/_api/document/c", { _key: "free" }],
      ["PATCH", "/_api/document/c/old", { m: 2 }],
    ] as const).map((one) => groups.handle(requestOf(one))));
    const statuses = (): unknown[] => answers.map((answer) => (isWaiting(answer) ? answer.poll() : answer)?.status);
    deepEqual(statuses(), [undefined, 202, undefined]);
    deepEqual(contents(test), ["free", "old"]);
    test.send("PUT", `/_api/transaction/${result.id}`);
    deepEqual(statuses(), [409, 202, 202]);
  } finally {
    Date.now = now;
  }
  deepEqual(contents(test), ["first", "free", "old"]);
  const { n, m } = test.send("GET", "/_api/document/c/old").body;
  deepEqual([n, m], [1, 2]);
});

Deno.test("who has waited for a document for a second is told of the conflict", async () => {
  using test = withCollection();
  const { result } = test.send("POST", "/_api/transaction/begin", { collections: { write: ["c"] } }).body;
  test.send("POST", "/_api/document/c", { _key: "a" }, { "x-arango-trx-id": result.id });
  const answer = await new RequestGroups(test.server).handle(requestOf(["POST", "/_api/document/c", { _key: "a" }]));
  const { now } = Date;
  try {
    Date.now = () => now() + 1001;
    const reply = isWaiting(answer) ? answer.poll() : undefined;
    equal(reply?.status, 409);
    equal(JSON.parse(bodyText(reply!)).errorNum, 1200);
  } finally {
    Date.now = now;
  }
});

Deno.test("names with commas keep collections apart", async () => {
  using test = new TestServer();
  for (const [database, collection] of [["a", "b,c"], ["a,b", "c"]] as const) {
    test.send("POST", "/_api/database", { name: database });
    test.send("POST", `/_db/${encodeURIComponent(database)}/_api/collection`, { name: collection });
  }
  const { engine } = test.server;
  const append = engine.catalog.append.bind(engine.catalog);
  const committed: number[] = [];
  engine.catalog.append = (entries) => {
    committed.push(new Set(entries.map(({ collection }) => collection)).size);
    return append(entries);
  };
  const answers = await together(test, [
    ["POST", "/_db/a/_api/document/b%2Cc", { n: 1 }],
    ["POST", "/_db/a/_api/document/b%2Cc", { n: 2 }],
    ["POST", "/_db/a%2Cb/_api/document/c", { n: 3 }],
    ["POST", "/_db/a%2Cb/_api/document/c", { n: 4 }],
  ]);
  deepEqual(answers.map(([status]) => status), [202, 202, 202, 202]);
  deepEqual(committed, [1, 1], "a commit for each collection");
  deepEqual(
    [["a", "b,c"], ["a,b", "c"]].map(([database, name]) => engine.database(database!).collection(name!).count()),
    [2, 2],
  );
});

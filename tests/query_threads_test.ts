import { deepStrictEqual as deepEqual, match, ok, strictEqual as equal } from "node:assert/strict";
import { Database } from "arangojs";
import type { Cursor } from "arangojs/cursors";
import { openShell } from "denosh";
import { TemporaryDirectory } from "../src/base/testing.ts";
import { hostServer } from "../src/embedding/host_server.ts";
import { Engine, MEMORY } from "../src/engine/engine.ts";
import { QueryThreads } from "../src/server/query_threads.ts";
import { Server } from "../src/server/server.ts";

/** Runs `body` against a server with two threads for queries, or as many as it is to have. */
async function withServer(
  body: (url: string, root: Database) => Promise<void>,
  options: { authentication?: boolean; queryThreads?: number } = {},
): Promise<void> {
  const { authentication = false, queryThreads = 2 } = options;
  await using cleaning = new AsyncDisposableStack();
  const directory = cleaning.use(new TemporaryDirectory()).path;
  const server = await hostServer({
    directory,
    endpoints: ["tcp://127.0.0.1:0"],
    authentication,
    rootPassword: "pw",
    queryThreads,
  });
  cleaning.use(server);
  const url = server.running.endpoints[0]!;
  const root = new Database({ url, auth: { username: "root", password: "pw" } });
  cleaning.defer(() => root.close());
  await body(url, root);
}

Deno.test("a long query keeps neither requests nor queries waiting, is listed, and can be killed", () =>
  withServer(async (_, root) => {
    const text = "FOR i IN 1..1000 RETURN SLEEP(0.1)";
    const long = root.query(text).then(() => "finished", (error) => error);
    await root.version();
    const { name } = await root.collection("c").create();
    deepEqual(await (await root.query("FOR i IN 1..3 RETURN i")).all(), [1, 2, 3]);
    const [running] = await root.listRunningQueries();
    equal(running!.query, text);
    equal(running!.state, "executing");
    ok(running!.runTime > 0);
    await root.killQuery(running!.id);
    const error = await long;
    equal(error.errorNum, 1500);
    deepEqual(await root.listRunningQueries(), []);
    equal(name, "c");
  }));

Deno.test("a short query does not wait for long ones that have all threads", () =>
  withServer(async (_, root) => {
    const texts = [1, 2].map((i) => `FOR i IN 1..1000 RETURN SLEEP(0.1 * ${i})`);
    const long = texts.map((text) => root.query(text).then(() => "finished", (error) => error.errorNum));
    while ((await root.listRunningQueries()).length < texts.length);
    deepEqual(await (await root.query("FOR i IN 1..3 RETURN i")).all(), [1, 2, 3]);
    const running = await root.listRunningQueries();
    equal(running.length, 2);
    for (const { id } of running) await root.killQuery(id);
    deepEqual(await Promise.all(long), [1500, 1500]);
  }, { queryThreads: 1 }));

Deno.test("a query gets its turn, however many clients read cursors of a thread that is never without an order", () =>
  withServer(async (_, root) => {
    const text = "FOR i IN 1..1000 LET slept = SLEEP(0.05) RETURN i";
    const cursors: Cursor[] = [];
    // one after the other, all of them in the one thread
    while (cursors.length < 8) cursors.push(await root.query(text, {}, { batchSize: 1, stream: true }));
    const isBusy = Promise.withResolvers<void>();
    let isAnswered = false;
    const readers = cursors.map(async (cursor) => {
      let batches = 0;
      for (; !isAnswered && batches < 25; batches++) {
        await cursor.batches.next();
        if (batches === 3) isBusy.resolve();
      }
      await cursor.kill();
      return batches;
    });
    await isBusy.promise;
    deepEqual(await (await root.query("RETURN 1")).all(), [1]);
    isAnswered = true;
    for (const batches of await Promise.all(readers)) ok(batches < 25);
  }, { queryThreads: 1 }));

Deno.test("queries that wait for the same thread can be killed in any order", () =>
  withServer(async (url, root) => {
    const answers = [1, 2, 3, 4].map((i) =>
      fetch(`${url}/_api/cursor`, {
        method: "POST",
        body: JSON.stringify({ query: `FOR i IN 1..1e6 RETURN SLEEP(0.1 * ${i})` }),
      })
    );
    let running = await root.listRunningQueries();
    while (running.length < answers.length) running = await root.listRunningQueries();
    for (const { id } of running.reverse()) await root.killQuery(id);
    for (const answer of await Promise.all(answers)) equal((await answer.json()).errorNum, 1500);
  }));

Deno.test("a server that stops does not wait for long queries, waiting ones included: they are killed", async () => {
  using temporary = new TemporaryDirectory();
  const directory = temporary.path;
  const endpoints = ["tcp://127.0.0.1:0"];
  await using server = await hostServer({ directory, endpoints, authentication: false, queryThreads: 1 });
  const url = server.running.endpoints[0]!;
  const answers = [1, 2, 3].map((i) =>
    fetch(`${url}/_api/cursor`, {
      method: "POST",
      body: JSON.stringify({ query: `FOR i IN 1..1e6 RETURN SLEEP(${i})` }),
    })
  );
  const running = async (): Promise<number> => (await (await fetch(`${url}/_api/query/current`)).json()).length;
  while (await running() < answers.length);
  await server.running.stop();
  for (const answer of await Promise.all(answers)) equal((await answer.json()).errorNum, 1500);
});

Deno.test("a server that has stopped has left all in its files, which can be copied", async () => {
  using temporary = new TemporaryDirectory();
  const directory = temporary.path;
  const post = (url: string, path: string, body: unknown) =>
    fetch(url + path, { method: "POST", body: JSON.stringify(body) }).then((answer) => answer.text());
  {
    const endpoints = ["tcp://127.0.0.1:0"];
    await using server = await hostServer({ directory, endpoints, authentication: false, queryThreads: 2 });
    const url = server.running.endpoints[0]!;
    await post(url, "/_api/collection", { name: "c" });
    const query = "FOR n IN 1..10 LET slept = SLEEP(0.01) INSERT { n } INTO c";
    await Promise.all([1, 2, 3].map(() => post(url, "/_api/cursor", { query })));
  }
  const names = [directory, `${directory}/collections`].flatMap((folder) =>
    [...Deno.readDirSync(folder)].map(({ name }) => name)
  );
  deepEqual(names.filter((name) => /-(wal|shm)$/.test(name)), []);
  using engine = Engine.open({ directory });
  equal(engine.database("_system").collection("c").count(), 30);
});

Deno.test("cursors stay where they are opened; queries see what was written before, and write themselves", () =>
  withServer(async (url, root) => {
    const collection = root.collection("c");
    await collection.create();
    await collection.import(Array.from({ length: 100 }, (_, i) => ({ _key: `k${i}`, i })));
    const cursors = await Promise.all(
      Array.from(
        { length: 6 },
        (_, n) => root.query("FOR d IN c SORT d.i FILTER d.i % 6 == @n RETURN d.i", { n }, { batchSize: 3 }),
      ),
    );
    const all = (await Promise.all(cursors.map((cursor) => cursor.all()))).flat();
    deepEqual(all.sort((a, b) => a - b), Array.from({ length: 100 }, (_, i) => i));
    await root.query("FOR d IN c UPDATE d WITH { seen: true } IN c");
    equal((await collection.document("k7")).seen, true);
    await collection.remove("k7");
    equal(await (await root.query("RETURN LENGTH(c)")).next(), 99);
    const left = await root.query("FOR d IN c RETURN d", {}, { batchSize: 10 });
    const gone = `${url}/_api/cursor/${left.id}`;
    const statuses = [];
    for (const method of ["POST", "DELETE", "DELETE", "POST"]) {
      const answer = await fetch(gone, { method });
      await answer.body?.cancel();
      statuses.push(answer.status);
    }
    deepEqual(statuses, [200, 202, 404, 404]);
  }));

Deno.test("a long query keeps no cursor waiting that was opened before it", () =>
  withServer(async (_, root) => {
    const cursor = await root.query("FOR i IN 1..3 RETURN i", {}, { batchSize: 1, stream: true });
    const long = root.query("RETURN SLEEP(600)").then(() => "finished", (error) => error.errorNum);
    let running = await root.listRunningQueries();
    while (running.length < 2) running = await root.listRunningQueries();
    deepEqual(await cursor.all(), [1, 2, 3]);
    await root.killQuery(running.find(({ query }) => query.includes("SLEEP"))!.id);
    equal(await long, 1500);
  }));

Deno.test("a cursor does not expire while its client waits for a long query", () =>
  withServer(async (url) => {
    const post = async (path: string, order: unknown, headers: Record<string, string> = {}) => {
      const reply = await fetch(url + path, { method: "POST", body: JSON.stringify(order), headers });
      return await reply.text();
    };
    const order = { query: "FOR i IN 1..3 RETURN i", batchSize: 1, ttl: 3, options: { stream: true } };
    const { id } = JSON.parse(await post("/_api/cursor", order));
    await post("/_api/cursor", { query: "RETURN SLEEP(4)" }, { "x-arango-async": "true" });
    deepEqual(JSON.parse(await post(`/_api/cursor/${id}`, {})).result, [2]);
  }, { queryThreads: 1 }));

Deno.test("a streaming query is listed, and can be killed, while its client reads it", () =>
  withServer(async (_, root) => {
    const text = "FOR i IN 1..3 RETURN i";
    const cursor = await root.query(text, {}, { batchSize: 1, stream: true });
    const [running, ...others] = await root.listRunningQueries();
    deepEqual([running!.query, running!.stream, others], [text, true, []]);
    await root.killQuery(running!.id);
    equal(await cursor.all().then(() => "finished", (error) => error.errorNum), 1500);
    deepEqual(await root.listRunningQueries(), []);
  }));

Deno.test("queries in threads have the rights of their user", () =>
  withServer(async (url, root) => {
    await root.collection("open").create();
    await root.collection("closed").create();
    await root.createUser("anna", "pw");
    await root.setUserAccessLevel("anna", { database: "_system" }, "ro");
    await root.setUserAccessLevel("anna", { database: "_system", collection: "closed" }, "none");
    const anna = new Database({ url, auth: { username: "anna", password: "pw" } });
    const outcome = (text: string): Promise<unknown> =>
      anna.query(text).then((cursor) => cursor.all(), (error) => error.errorNum);
    deepEqual(await outcome("FOR d IN open RETURN d"), []);
    equal(await outcome("FOR d IN closed RETURN d"), 11);
    equal(await outcome("INSERT {} INTO open"), 11);
    equal(await outcome("RETURN CURRENT_USER()").then(String), "anna");
    anna.close();
  }, { authentication: true }));

Deno.test("an asynchronous query begins at once, and its job can be cancelled", () =>
  withServer(async (url) => {
    const post = async (query: string): Promise<string> => {
      const answer = await fetch(`${url}/_api/cursor`, {
        method: "POST",
        headers: { "x-arango-async": "store" },
        body: JSON.stringify({ query }),
      });
      await answer.body?.cancel();
      return answer.headers.get("x-arango-async-id")!;
    };
    const job = async (id: string, method = "PUT", path = ""): Promise<Response> =>
      await fetch(`${url}/_api/job/${id}${path}`, { method });
    const quick = await post("RETURN 7");
    for (;;) {
      const answer = await job(quick);
      if (answer.status !== 204) {
        deepEqual((await answer.json()).result, [7]);
        break;
      }
    }
    const slow = await post("FOR i IN 1..1000 RETURN SLEEP(0.1)");
    const waiting = await job(slow);
    equal(waiting.status, 204);
    await (await job(slow, "PUT", "/cancel")).body?.cancel();
    for (;;) {
      const answer = await job(slow);
      if (answer.status === 204) continue;
      const { code, errorNum, errorMessage } = await answer.json();
      deepEqual([code, errorNum, errorMessage], [410, 21, "canceled request"]);
      break;
    }
  }));

Deno.test("an asynchronous query waits for what a transaction has for itself, though nobody asks for its answer", () =>
  withServer(async (url, root) => {
    const { name } = await root.collection("c").create();
    const transaction = await root.beginTransaction({ exclusive: [name] });
    const headers = { "x-arango-async": "true" };
    const body = JSON.stringify({ query: `INSERT { _key: "later" } INTO ${name}` });
    equal((await fetch(`${url}/_api/cursor`, { method: "POST", headers, body })).status, 202);
    await transaction.commit();
    while (!await root.collection(name).documentExists("later")) { /* it has not been tried again yet */ }
  }));

Deno.test("queries whose results are kept run in threads too, and what they give is kept until its data changes", () =>
  withServer(async (url, root) => {
    const collection = root.collection("c");
    await collection.create();
    await collection.save({ n: 3 });
    await fetch(`${url}/_api/query-cache/properties`, { method: "PUT", body: JSON.stringify({ mode: "on" }) })
      .then((answer) => answer.body?.cancel());
    const ask = async (query: string): Promise<[cached: boolean, result: unknown[]]> => {
      const answer = await fetch(`${url}/_api/cursor`, { method: "POST", body: JSON.stringify({ query }) });
      const { cached, result } = await answer.json();
      return [cached, result];
    };
    const long = root.query("FOR i IN 1..1000 RETURN SLEEP(0.1)").then(() => undefined, (error) => error);
    await root.version();
    const sum = "RETURN SUM(FOR d IN c RETURN d.n)";
    deepEqual([await ask(sum), await ask(sum)], [[false, [3]], [true, [3]]]);
    await collection.save({ n: 4 });
    deepEqual([await ask(sum), await ask(sum)], [[false, [7]], [true, [7]]]);
    deepEqual([await ask("RETURN RAND() < 1"), await ask("RETURN RAND() < 1")], [[false, [true]], [false, [true]]]);
    const [running] = await root.listRunningQueries();
    await root.killQuery(running!.id);
    equal((await long).errorNum, 1500);
  }));

Deno.test("a query in a thread uses a plan of the server's list, and none any more that was deleted from it", () =>
  withServer(async (url) => {
    // longer than queries that are answered at once
    const asked = JSON.stringify({ query: "RETURN SLEEP(0.15)", options: { usePlanCache: true } });
    const key = async (): Promise<string | undefined> => {
      const answer = await (await fetch(`${url}/_api/cursor`, { method: "POST", body: asked })).json();
      deepEqual(answer.result, [null]);
      return answer.planCacheKey;
    };
    equal(await key(), undefined);
    const [entry, ...others] = await (await fetch(`${url}/_api/query-plan-cache`)).json();
    deepEqual(others, []);
    equal(await key(), entry.hash);
    await (await fetch(`${url}/_api/query-plan-cache`, { method: "DELETE" })).body?.cancel();
    equal(await key(), undefined);
    equal(await key(), entry.hash);
  }));

Deno.test("a shell's asynchronous query runs beside the shell, which can look at it and kill it", () => {
  using shell = openShell({ directory: ":memory:" });
  const outcome = shell.run(`
    const queries = require("@arangodb/aql/queries");
    const store = { "x-arango-async": "store" };
    const job = (query) => arango.POST_RAW("/_api/cursor", query, store).headers["x-arango-async-id"];
    const answer = (id) => {
      for (;;) {
        const reply = arango.PUT_RAW("/_api/job/" + id, "");
        if (reply.code !== 204) return reply.parsedBody;
      }
    };
    const slow = job({ query: "FOR i IN 1..1000 RETURN SLEEP(0.1)" });
    const [running] = queries.current();
    queries.kill(running);
    const killed = answer(slow);
    const first = answer(job({ query: "FOR i IN 1..3 RETURN i", batchSize: 2 }));
    const second = arango.PUT("/_api/cursor/" + first.id, "");
    JSON.stringify([killed.errorNum, queries.current().length, first.result, second.result]);
  `);
  deepEqual(JSON.parse(String(outcome)), [1500, 0, [1, 2], [3]]);
});

Deno.test("a programming error in a thread stands in the log of the server", async () => {
  using engine = Engine.open({ directory: MEMORY });
  const { directory } = engine;
  using queryThreads = new QueryThreads(1, { directory, readOnly: false, authentication: false });
  const written: string[] = [];
  const write = ({ level, message }: { level: string; message: string }): void =>
    void written.push(`${level} ${message}`);
  using _server = new Server(engine, { authentication: false, queryThreads, log: { write } });
  // no text, as a header of a real request is
  const headers = { "x-arango-trx-id": 5 as unknown as string };
  const request = { method: "POST", url: "/_api/cursor", headers, body: new Uint8Array() };
  const run = queryThreads.run(request, { user: "root", readOnly: false })!;
  await run.ready;
  equal(run.poll()!.status, 500);
  equal(written.length, 1);
  match(written[0]!, /^ERROR internal error in POST \/_api\/cursor: TypeError[^\n]+\n +at /);
});

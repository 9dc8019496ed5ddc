import { deepEqual, equal, ok } from "node:assert/strict";
import { hostServer } from "../src/embedding/host_server.ts";
import { basic } from "../src/server/testing.ts";
import { Home } from "./program.ts";

/** A server, and a way to send it requests. */
async function start(rootPassword?: string) {
  const authentication = rootPassword !== undefined;
  const server = await hostServer({
    directory: ":memory:",
    endpoints: ["tcp://127.0.0.1:0"],
    allowAdminExecute: true,
    authentication,
    ...(authentication ? { rootPassword } : {}),
  });
  const [url] = server.running.endpoints;
  const user = authentication ? basic("root", rootPassword) : {};
  const send = async (method: string, path: string, body?: unknown, headers: Record<string, string> = user) => {
    const response = await fetch(url + path, {
      method,
      headers,
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text === "" ? undefined : JSON.parse(text) };
  };
  await send("POST", "/_api/collection", { name: "seen" });
  const register = async (id: string, command: string, more = {}) => {
    const { status } = await send("PUT", `/_api/tasks/${id}`, { name: id, command, offset: 0, ...more });
    equal(status, 200);
  };
  /** Asks again and again until there is what is expected. */
  const until = async <Found>(look: () => Promise<Found>, isIt: (found: Found) => boolean): Promise<Found> => {
    for (;;) {
      const found = await look();
      if (isIt(found)) return found;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const document = (key: string) => send("GET", `/_api/document/seen/${key}`);
  const transact = (collections: unknown, action: string, headers?: Record<string, string>) =>
    send("POST", "/_api/transaction", { collections, action: `function () { ${action} }` }, headers);
  return { send, register, until, document, transact, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

const DB = `const db = require("@arangodb").db;`;

Deno.test("a task keeps nobody waiting, however long it takes", async () => {
  await using test = await start();
  const { send, register, until, document } = test;
  await register("patient", `${DB} while (!db.seen.exists("go")) {} db.seen.insert({ _key: "done", x: params.x });`, {
    params: { x: 7 },
  });
  equal((await send("POST", "/_api/document/seen", { _key: "go" })).status, 202);
  const { body } = await until(() => document("done"), ({ status }) => status === 200);
  equal(body.x, 7);
});

Deno.test("more tasks than there are threads for them all come to their end", async () => {
  await using test = await start();
  const { send, register, until } = test;
  const names = Array.from({ length: 12 }, (_, i) => `t${String(i).padStart(2, "0")}`);
  for (const name of names) await register(name, `${DB} db.seen.insert({ _key: "${name}" });`);
  const query = { query: "FOR s IN seen SORT s._key RETURN s._key" };
  const { body } = await until(() => send("POST", "/_api/cursor", query), ({ body }) => body.result.length === 12);
  deepEqual(body.result, names);
});

Deno.test("a task whose function takes longer than its period does not overtake itself", async () => {
  await using test = await start();
  const { send, register, until, document } = test;
  const command = `${DB}
    const mine = db.seen.insert({ state: "runs" });
    const others = db._query("FOR s IN seen FILTER s.state == 'runs' AND s._key != @key RETURN 1", { key: mine._key });
    if (others.toArray().length > 0) db.seen.insert({ _key: "overtaken" });
    require("internal").sleep(0.05);
    db.seen.update(mine, { state: "over" });`;
  await register("slow", command, { period: 0.01 });
  const count = () => send("GET", "/_api/collection/seen/count");
  await until(count, ({ body }) => body.count >= 4);
  equal((await send("DELETE", "/_api/tasks/slow")).status, 200);
  equal((await document("overtaken")).status, 404);
});

Deno.test("what a task throws and prints stands in the server's log", async () => {
  await using test = await start();
  const { send, register, until } = test;
  await register("loud", `console.warn("so far"); throw new Error("no further");`);
  const messages = async (): Promise<string[]> =>
    (await send("GET", "/_admin/log/entries")).body.messages.map((one: { message: string }) => one.message);
  const found = await until(messages, (all) => all.some((one) => one.startsWith("task 'loud' failed")));
  ok(found.includes("so far"));
  ok(found.includes("task 'loud' failed: Error: no further"));
});

/** Waits inside of a function until a collection is there, which is no part of its transaction. */
const waitFor = (name: string): string => `while (!db._collection("${name}")) {}`;

Deno.test("a JavaScript transaction keeps nobody waiting, however long it takes, and is seen when it has ended", async () => {
  await using test = await start();
  const { send, transact, document } = test;
  const action = `${DB} db.seen.insert({ _key: "mine" }); ${waitFor("go")} return db.seen.count();`;
  const running = transact({ write: "seen" }, action);
  equal((await document("mine")).status, 404);
  equal((await send("GET", "/_api/transaction")).body.transactions.length, 0);
  await send("POST", "/_api/collection", { name: "go" });
  deepEqual((await running).body, { error: false, code: 200, result: 1 });
  equal((await document("mine")).status, 200);
});

Deno.test("more JavaScript transactions than there are threads for, on one collection that each has for itself", async () => {
  await using test = await start();
  const { send, transact, document } = test;
  await send("POST", "/_api/document/seen", { _key: "n", value: 0 });
  const action = `${DB} db.seen.update("n", { value: db.seen.document("n").value + 1 });`;
  const answers = await Promise.all(Array.from({ length: 12 }, () => transact({ exclusive: "seen" }, action)));
  deepEqual([...new Set(answers.map(({ status }) => status))], [200]);
  equal((await document("n")).body.value, 12);
});

Deno.test("more tasks than there are threads for may all run transactions", async () => {
  await using test = await start();
  const { send, register, until } = test;
  const names = Array.from({ length: 10 }, (_, i) => `t${i}`);
  for (const name of names) {
    const action = `function (params) { ${DB} db.seen.insert({ _key: params }); }`;
    const transaction = `{ collections: { write: "seen" }, action: ${JSON.stringify(action)}, params: "${name}" }`;
    await register(name, `${DB} db._executeTransaction(${transaction});`);
  }
  const query = { query: "FOR s IN seen SORT s._key RETURN s._key" };
  const { body } = await until(() => send("POST", "/_api/cursor", query), ({ body }) => body.result.length === 10);
  deepEqual(body.result, names);
});

Deno.test("an asynchronous JavaScript transaction begins at once, and waits for what others have for themselves", async () => {
  await using test = await start();
  const { send, transact, until, document } = test;
  const begin = await send("POST", "/_api/transaction/begin", { collections: { exclusive: ["seen"] } });
  const later = (mode: string, key: string) =>
    transact({ write: "seen" }, `${DB} return db.seen.insert({ _key: "${key}" })._key;`, { "x-arango-async": mode });
  const { status, headers } = await later("store", "stored");
  equal(status, 202);
  equal((await later("true", "forgotten")).status, 202);
  const job = `/_api/job/${headers.get("x-arango-async-id")}`;
  equal((await send("GET", job)).status, 204);
  await send("PUT", `/_api/transaction/${begin.body.result.id}`);
  const done = await until(() => send("PUT", job), ({ status }) => status !== 204);
  deepEqual(done.body, { error: false, code: 200, result: "stored" });
  await until(() => document("forgotten"), ({ status }) => status === 200);
});

Deno.test("an asynchronous JavaScript transaction can be cancelled while it runs, and has then done nothing", async () => {
  await using test = await start();
  const { send, transact, until, document } = test;
  const action = `${DB} db.seen.insert({ _key: "mine" }); console.warn("begun"); for (;;) {}`;
  const { headers } = await transact({ write: "seen" }, action, { "x-arango-async": "store" });
  const log = async () => (await send("GET", "/_admin/log/entries")).body.messages;
  await until(log, (messages) => messages.some((one: { message: string }) => one.message === "begun"));
  const job = `/_api/job/${headers.get("x-arango-async-id")}`;
  deepEqual((await send("PUT", `${job}/cancel`)).body, { result: true });
  const { status, body } = await until(() => send("PUT", job), ({ status }) => status !== 204);
  deepEqual([status, body.errorNum], [410, 21]);
  equal((await document("mine")).status, 404);
  // the collection is free again
  equal((await transact({ exclusive: "seen" }, "return 1;")).body.result, 1);
});

Deno.test("a JavaScript transaction may do what its user may", async () => {
  await using test = await start("secret");
  const { send, transact } = test;
  await send("POST", "/_api/user", { user: "reader", passwd: "r" });
  await send("PUT", "/_api/user/reader/database/_system", { grant: "rw" });
  await send("PUT", "/_api/user/reader/database/_system/seen", { grant: "none" });
  const action = `${DB} return db._query("FOR s IN seen RETURN s").toArray();`;
  const { status, body } = await transact({}, action, basic("reader", "r"));
  deepEqual([status, body.errorNum], [403, 11]);
  deepEqual((await transact({}, action)).body.result, []);
});

Deno.test("a JavaScript transaction is told of a conflict when another transaction keeps a document", async () => {
  await using test = await start();
  const { send, transact } = test;
  await send("POST", "/_api/document/seen", { _key: "n" });
  const { body } = await send("POST", "/_api/transaction/begin", { collections: { write: ["seen"] } });
  await send("PATCH", "/_api/document/seen/n", { x: 1 }, { "x-arango-trx-id": body.result.id });
  const { status, body: failure } = await transact({ write: "seen" }, `${DB} db.seen.update("n", { x: 2 });`);
  deepEqual([status, failure.errorNum], [409, 1200]);
});

const CODE = "/_admin/execute?returnAsJSON=true";

Deno.test("code keeps nobody waiting, however long it takes, and stops when its job is cancelled", async () => {
  await using test = await start();
  const { send, until } = test;
  const running = send("POST", CODE, `${waitFor("go")} return "over";`);
  const stored = await send("POST", CODE, `console.warn("begun"); for (;;) {}`, { "x-arango-async": "store" });
  const log = async () => (await send("GET", "/_admin/log/entries")).body.messages;
  await until(log, (messages) => messages.some((one: { message: string }) => one.message === "begun"));
  const job = `/_api/job/${stored.headers.get("x-arango-async-id")}`;
  await send("PUT", `${job}/cancel`);
  const { status, body } = await until(() => send("PUT", job), ({ status }) => status !== 204);
  deepEqual([status, body.errorNum], [410, 21]);
  await send("POST", "/_api/collection", { name: "go" });
  equal((await running).body, "over");
});

Deno.test("more code than there are threads for comes to its end; code that waits for code for ever does not begin", async () => {
  await using test = await start();
  const { send } = test;
  const answers = await Promise.all(Array.from({ length: 12 }, (_, i) => send("POST", CODE, `return ${i};`)));
  deepEqual(answers.map(({ body }) => body), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  const itself = "const again = () => arango.POST('/_admin/execute?returnAsJSON=true', `const again = ${again}; " +
    "const answer = again(); return answer.errorNum || answer;`); const answer = again(); return answer;";
  equal((await send("POST", CODE, itself)).body, 32);
  const action = `() => require("@arangodb").db.seen.insert({ _key: "mine" })._key`;
  const transaction = JSON.stringify({ collections: { write: "seen" }, action });
  equal((await send("POST", CODE, `return require("@arangodb").db._executeTransaction(${transaction});`)).body, "mine");
});

/** A program that stops a server while a task and a transaction of it do not come to their end, and ends when all threads have. */
const PROGRAM = `
  import { startServer } from "${new URL("../mod.ts", import.meta.url).href}";
  import { threadsHaveEnded } from "${new URL("program.ts", import.meta.url).href}";
  const server = await startServer();
  const send = async (method, path, body) =>
    (await fetch(server.url + path, { method, body: JSON.stringify(body) })).json();
  const endless = (name) => \`console.warn("\${name} begun"); for (;;) {}\`;
  await send("PUT", "/_api/tasks/endless", { name: "endless", command: endless("task"), offset: 0 });
  const running = send("POST", "/_api/transaction", { collections: {}, action: \`() => { \${endless("transaction")} }\` });
  for (let begun = 0; begun < 2;) {
    const { messages } = await send("GET", "/_admin/log/entries");
    begun = messages.filter(({ message }) => message.endsWith(" begun")).length;
  }
  await server.stop();
  const { code, errorNum } = await running;
  console.log(code, errorNum);
  await threadsHaveEnded();`;

Deno.test("a server stops although functions do not, and leaves no thread that is busy", async () => {
  using home = new Home();
  const { success, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", home.file("program.ts", PROGRAM)],
    signal: AbortSignal.timeout(120_000),
  }).output();
  ok(success);
  equal(new TextDecoder().decode(stdout), "503 30\n");
});

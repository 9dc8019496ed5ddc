import { deepEqual, equal, ok } from "node:assert/strict";
import { startServer } from "../mod.ts";

/** A server, and a way to send it requests. */
async function start() {
  const server = await startServer();
  const send = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(server.url + path, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === "" ? undefined : JSON.parse(text) };
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
  const stop = (): Promise<void> => server.stop();
  return { send, register, until, document, stop, [Symbol.asyncDispose]: stop };
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

Deno.test("a server stops although a task does not", async () => {
  await using test = await start();
  const { register, until, document } = test;
  await register("endless", `${DB} db.seen.insert({ _key: "begun" }); for (;;) {}`);
  await until(() => document("begun"), ({ status }) => status === 200);
  await test.stop();
});

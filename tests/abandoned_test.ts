import { ok, strictEqual as equal } from "node:assert/strict";
import { TemporaryDirectory } from "../src/base/testing.ts";
import { hostServer } from "../src/embedding/host_server.ts";

/** Seconds; what is asked right after the beginning comes in time on a busy machine, too. */
const TTL = 3;

/** A server on a directory of its own, and a way to send it requests. */
async function start() {
  const cleaning = new AsyncDisposableStack();
  const directory = cleaning.use(new TemporaryDirectory()).path;
  const { running } = cleaning.use(
    await hostServer({ directory, endpoints: ["tcp://127.0.0.1:0"], authentication: false, queryThreads: 1 }),
  );
  const send = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(running.endpoints[0]! + path, { method, body: body ? JSON.stringify(body) : null });
    return await response.json();
  };
  await send("POST", "/_api/collection", { name: "c" });
  await send("POST", "/_api/document/c", Array.from({ length: 100 }, (_, n) => ({ n })));
  /** How many files are open that have been deleted. */
  const deleted = (): number =>
    openFiles().filter((path) => path.startsWith(directory) && path.endsWith("(deleted)")).length;
  return { send, deleted, [Symbol.asyncDispose]: () => cleaning.disposeAsync() };
}

function openFiles(): string[] {
  return [...Deno.readDirSync("/proc/self/fd")].map(({ name }) => {
    try {
      return Deno.readLinkSync(`/proc/self/fd/${name}`);
    } catch {
      // it was closed since it was listed
      return "";
    }
  });
}

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + 30_000;
  while (!await isSo() && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 50));
  ok(await isSo());
}

Deno.test("a streaming query whose client is gone ends, though nobody sends queries any more", async () => {
  await using test = await start();
  const order = { query: "FOR d IN c RETURN d", batchSize: 1, ttl: TTL, options: { stream: true } };
  equal((await test.send("POST", "/_api/cursor", order)).hasMore, true);
  equal((await test.send("GET", "/_api/query/current")).length, 1);
  await until(async () => (await test.send("GET", "/_api/query/current")).length === 0);
});

const SNAPSHOTS = {
  "a batch of a follower": ["/_api/replication/batch", { ttl: TTL }],
  "a dump": ["/_api/dump/start", { shards: ["c"], ttl: TTL }],
} as const;

for (const [name, [path, order]] of Object.entries(SNAPSHOTS)) {
  Deno.test({
    name: `${name} whose client is gone gives old contents up, though nobody asks for anything`,
    // elsewhere open files cannot be listed
    ignore: Deno.build.os !== "linux",
    fn: async () => {
      await using test = await start();
      await test.send("POST", path, order);
      await test.send("PUT", "/_api/collection/c/truncate");
      ok(test.deleted() > 0);
      await until(() => test.deleted() === 0);
    },
  });
}

import { deepEqual, equal } from "node:assert/strict";
import fc from "fast-check";
import { LockTable } from "./lock_table.ts";

Deno.test("a lock table answers like a map, however large it grows, and so does another one on its memory", () => {
  const name = fc.integer({ min: 0, max: 3000 }).map((n) => `test/${n}`);
  const change = fc.record({ name, number: fc.oneof(fc.constant(0n), fc.bigInt({ min: 1n, max: 2n ** 64n - 1n })) });
  fc.assert(
    fc.property(fc.array(change, { maxLength: 4000, size: "max" }), (changes) => {
      const table = new LockTable();
      const expected = new Map<string, bigint>();
      for (const { name, number } of changes) {
        equal(table.update(name, () => number), expected.get(name) ?? 0n);
        if (number === 0n) expected.delete(name);
        else expected.set(name, number);
      }
      const other = new LockTable(table.memory);
      equal(other.size, expected.size);
      for (let n = 0; n <= 3000; n++) equal(other.get(`test/${n}`), expected.get(`test/${n}`) ?? 0n);
      other.clear();
      deepEqual([table.size, table.get(changes[0]?.name ?? "")], [0, 0n]);
      // the memory that it has had is used once more
      const { byteLength } = table.memory;
      for (const [name, number] of expected) table.update(name, () => number);
      for (const [name, number] of expected) equal(other.get(name), number);
      deepEqual([other.size, table.memory.byteLength], [expected.size, byteLength]);
    }),
    { numRuns: 10 },
  );
});

/**
 * Runs code in a thread, with `table` on the memory of another one, and `post` for a message.
 *
 * @returns the thread, and its first message
 */
function threadOn({ memory }: LockTable, body: string): { first: Promise<unknown>; end(): void } {
  const code = `
    import { LockTable } from ${JSON.stringify(new URL("./lock_table.ts", import.meta.url).href)};
    const post = (message) => self.postMessage(message);
    self.onmessage = ({ data }) => {
      const table = new LockTable(data);
      ${body}
    };`;
  const source = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
  const worker = new Worker(source, { type: "module" });
  const first = new Promise((resolve) => worker.onmessage = resolve);
  worker.postMessage(memory);
  return {
    first,
    end: () => {
      worker.terminate();
      URL.revokeObjectURL(source);
    },
  };
}

Deno.test("threads that change a lock table at the same time lose nothing", async () => {
  const table = new LockTable();
  const threads = ["a", "b"].map((name) =>
    threadOn(
      table,
      `for (let i = 0; i < 5_000; i++) {
        table.update("sum", (sum) => sum + 1n);
        table.update("${name}/" + i, () => 1n);
        if (i % 2 === 0) table.update("${name}/" + i / 2, () => 0n);
      }
      post("done");`,
    )
  );
  await Promise.all(threads.map(({ first }) => first));
  for (const thread of threads) thread.end();
  equal(table.get("sum"), 10_000n);
  equal(table.size, 1 + 2 * 2_500);
  deepEqual(["a/2499", "b/2500", "b/4999"].map((name) => table.get(name)), [0n, 1n, 1n]);
});

Deno.test("a thread that is at a lock table for long, but gets on, is not taken to have ended", async () => {
  const table = new LockTable();
  table.update("state", () => 1n);
  const thread = threadOn(
    table,
    `table.together(() => {
      post("begun");
      for (const since = performance.now(); performance.now() - since < 1500;) table.get("state");
      table.update("state", () => 2n);
    });`,
  );
  await thread.first;
  equal(table.get("state"), 2n);
  thread.end();
});

Deno.test("a thread that has ended at a lock table keeps nobody away from it", async () => {
  const table = new LockTable();
  table.update("state", () => 1n);
  const ended = threadOn(table, `table.together(() => { post("begun"); for (;;); });`);
  await ended.first;
  ended.end();
  const other = threadOn(table, `table.update("state", (state) => state + 1n); post("done");`);
  table.update("state", (state) => state + 1n);
  await other.first;
  other.end();
  equal(table.get("state"), 3n);
});

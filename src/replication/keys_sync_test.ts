import { deepStrictEqual as deepEqual } from "node:assert/strict";
import fc from "fast-check";
import { chunkHash } from "../base/hash.ts";
import { Engine, MEMORY } from "../engine/engine.ts";
import { differingChunks } from "./keys_sync.ts";

const document = fc.record({ key: fc.stringMatching(/^[ab_Z1-]{1,3}$/), rev: fc.integer({ min: 1, max: 3 }) });
const documents = fc.uniqueArray(document, { selector: ({ key }) => key, maxLength: 20 });

function ascending(one: { readonly key: string }, other: { readonly key: string }): number {
  return one.key < other.key ? -1 : 1;
}

Deno.test("property: chunks differ whose keys or revisions do, and what lies behind the last one is told", () => {
  using engine = Engine.open({ directory: MEMORY });
  const collection = engine.database("_system").createCollection({ name: "c" });
  fc.assert(
    fc.property(documents, documents, fc.boolean(), fc.integer({ min: 1, max: 5 }), (here, other, isLike, size) => {
      collection.truncate();
      // a revision of a document is its own
      const own = (all: typeof here) =>
        all.map(({ key, rev }) => ({
          key,
          rev: (1n << 60n) + [...key].reduce((n, c) => n * 256n + BigInt(c.charCodeAt(0)), 0n) * 4n + BigInt(rev),
        }))
          .sort(ascending);
      const local = own(here);
      const there = isLike ? local.filter((_, i) => i % 7 !== 3) : own(other);
      engine.write([collection], () => {
        for (const { key, rev } of local) collection.storeExact({ key, rev, text: "{}" });
      });
      const groups = Array.from(
        { length: Math.ceil(there.length / size) },
        (_, i) => there.slice(i * size, (i + 1) * size),
      );
      const chunks = groups.map((group) => ({
        low: group[0]!.key,
        high: group.at(-1)!.key,
        hash: `${chunkHash(group)}`,
      }));
      const differing = groups.flatMap((group, i) => {
        const after = i === 0 ? "" : chunks[i - 1]!.high;
        const mine = local.filter(({ key }) => key > after && key <= chunks[i]!.high);
        const text = (all: typeof local): string => all.map(({ key, rev }) => `${key} ${rev}`).join();
        return text(mine) === text(group) ? [] : [i];
      });
      const last = chunks.at(-1)?.high ?? "";
      deepEqual(differingChunks(collection.reading(), chunks), {
        chunks: differing,
        behind: local.filter(({ key }) => key > last),
      });
    }),
    { numRuns: 50 },
  );
});

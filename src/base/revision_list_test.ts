import { deepStrictEqual as deepEqual, strictEqual as equal } from "node:assert/strict";
import fc from "fast-check";
import { decodeHlc, encodeHlc } from "./revision.ts";
import { compareRevisions, RevisionList } from "./revision_list.ts";

const revisions = fc.uniqueArray(
  fc.oneof(fc.bigInt({ min: 0n, max: 60n }), fc.bigInt({ min: 0n, max: (1n << 64n) - 2n })),
  { maxLength: 40 },
).map((list) => list.sort((one, other) => (one < other ? -1 : 1)));

Deno.test("a list holds the revisions that its texts tell, in 64 bits", () => {
  fc.assert(fc.property(revisions, (list) => {
    deepEqual([...RevisionList.of(list)], list);
    deepEqual([...RevisionList.fromDecimals(list.join(","), list.length)], list);
    const texts = list.map(encodeHlc);
    const half = list.length >> 1;
    const read = RevisionList.fromTexts([texts.slice(0, half), [], texts.slice(half)])!;
    deepEqual([...read], list);
    deepEqual(list.map((_, position) => read.textAt(position)), texts);
    deepEqual(texts.map(decodeHlc), list);
    const parts = [RevisionList.of(list.slice(0, half)), RevisionList.of([]), RevisionList.of(list.slice(half))];
    deepEqual([...RevisionList.concat(parts)], list);
  }));
});

Deno.test("what is no clock text makes no list", () => {
  for (const wrong of ["a b", "ÄÄ", "_ZAAHwuy----", 5, null]) {
    equal(RevisionList.fromTexts([["_ZAAHwuy---"], [wrong]]), undefined);
  }
});

Deno.test("parts, mixtures and differences of lists are those of sets", () => {
  const sorted = (list: Iterable<bigint>): bigint[] => [...list].sort((one, other) => (one < other ? -1 : 1));
  fc.assert(fc.property(revisions, revisions, revisions, (one, other, range) => {
    const [first, last] = [range[0] ?? 5n, range.at(-1) ?? 50n];
    const list = RevisionList.of(one);
    deepEqual([...list.between(first, last)], one.filter((revision) => first <= revision && revision <= last));
    const part = list.between(first, last);
    deepEqual([...part].map((_, position) => part.at(position)), [...part]);
    const without = one.filter((_, index) => index % 3 === 0);
    const fresh = other.filter((revision) => !one.includes(revision) || without.includes(revision));
    deepEqual(
      [...list.merged(RevisionList.of(without), RevisionList.of(fresh))],
      sorted(new Set([...one.filter((revision) => !without.includes(revision)), ...fresh])),
    );
    const found: [bigint[], bigint[]] = [[], []];
    compareRevisions(list, RevisionList.of(other), (left) => found[0].push(left), (right) => found[1].push(right));
    deepEqual(found, [one.filter((revision) => !other.includes(revision)), other.filter((rev) => !one.includes(rev))]);
  }));
});

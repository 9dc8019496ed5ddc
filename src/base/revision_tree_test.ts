import { deepStrictEqual as deepEqual, ok, strictEqual as equal } from "node:assert/strict";
import fc from "fast-check";
import { encodeHlc } from "./revision.ts";
import { differingRanges, INITIAL_RANGE_MIN, LEAF_COUNT, leafWidth, RevisionTree } from "./revision_tree.ts";

const EXAMPLE =
  `{"version":1,"maxDepth":6,"rangeMax":"_rpq8a-----","rangeMin":"_bpq8a-----","initialRangeMin":"_bpq8a-----",` +
  `"count":1,"hash":10388382419879284828,"nodes":[{"skip":132145},{"count":1,"hash":10388382419879284828}]}`;

Deno.test("a tree with one revision has the shape that the protocol shows", () => {
  const tree = new RevisionTree();
  tree.insert(1832936202458628096n);
  tree.growTo((1n << 58n) + INITIAL_RANGE_MIN - 1n);
  equal(encodeHlc(tree.range.min), "_bpq8a-----");
  equal(encodeHlc(tree.range.max), "_rpq8a-----");
  equal(leafWidth(tree.range), 1n << 40n);
  equal(tree.toJson(true), EXAMPLE);
});

Deno.test("parse() reads trees with and without empty leaves and refuses what is none", () => {
  const tree = RevisionTree.parse(EXAMPLE)!;
  equal(tree.count, 1);
  equal(tree.toJson(true), EXAMPLE);
  equal(RevisionTree.parse(tree.toJson(false))!.toJson(true), EXAMPLE);
  for (
    const wrong of [
      "",
      "{}",
      "[]",
      EXAMPLE.replace(`"version":1`, `"version":2`),
      EXAMPLE.replace(`"count":1`, `"count":2`),
      EXAMPLE.replace(`,"nodes"`, `,"knots"`),
      EXAMPLE.replace(`{"skip":132145}`, `{"skip":${LEAF_COUNT}}`),
      EXAMPLE.replace(`{"count":1,"hash":10388382419879284828}]`, `{"count":1}]`),
    ]
  ) equal(RevisionTree.parse(wrong), undefined, wrong);
});

const revision = fc.oneof(
  fc.bigInt({ min: INITIAL_RANGE_MIN - (1n << 50n), max: INITIAL_RANGE_MIN + (1n << 59n) }),
  fc.bigInt({ min: INITIAL_RANGE_MIN, max: INITIAL_RANGE_MIN + 5000n }),
);

function treeOf(revisions: Iterable<bigint>): RevisionTree {
  const tree = new RevisionTree();
  for (const one of revisions) tree.insert(one);
  return tree;
}

Deno.test("differingRanges() finds every revision that only one of two collections has", () => {
  fc.assert(
    fc.property(fc.uniqueArray(revision), fc.uniqueArray(revision), fc.uniqueArray(revision), (both, left, right) => {
      const one = new Set([...both, ...left]);
      const other = new Set([...both, ...right]);
      const ranges = differingRanges(treeOf(one), treeOf(other));
      for (const only of [...one].filter((r) => !other.has(r)).concat([...other].filter((r) => !one.has(r)))) {
        ok(ranges.some(([first, last]) => first <= only && only <= last), `${only} is in no differing range`);
      }
      for (let i = 1; i < ranges.length; i++) {
        ok(ranges[i]![0] > ranges[i - 1]![1] + 1n, "ranges ascend and are merged");
      }
      deepEqual(differingRanges(treeOf(one), treeOf([...one].reverse())), []);
    }),
  );
});

Deno.test("removing what was inserted leaves an empty tree, whatever the order of growth", () => {
  fc.assert(fc.property(fc.uniqueArray(revision), (revisions) => {
    const tree = treeOf(revisions);
    for (const one of revisions) tree.remove(one);
    equal(tree.count, 0);
    equal(tree.leaves.size, 0);
  }));
});

Deno.test("countIn() counts what lies in the leaves that ranges touch", () => {
  fc.assert(
    fc.property(fc.uniqueArray(revision), fc.uniqueArray(revision), (revisions, borders) => {
      const tree = treeOf(revisions);
      const width = leafWidth(tree.range);
      const sorted = borders.sort((a, b) => (a < b ? -1 : 1));
      const ranges = sorted.flatMap((first, i): [bigint, bigint][] =>
        i % 2 === 0 && i + 1 < sorted.length ? [[first, sorted[i + 1]!]] : []
      );
      const touched = revisions.filter((one) => {
        const start = one - ((one - tree.range.min) % width);
        return ranges.some(([first, last]) => first < start + width && last >= start);
      });
      equal(tree.countIn(ranges), touched.length);
    }),
  );
});

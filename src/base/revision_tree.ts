/**
 * A collection's revision tree: which revisions exist, summed up in 8^6 equal ranges, so that two servers find the
 * ranges in which their collections differ without looking at documents.
 *
 * Source: `replication-protocol.md` §2.8 (shape, growth, comparison).
 *
 * @module
 */
import { ArangoError } from "./arango_error.ts";
import { revisionHash } from "./hash.ts";
import { decodeHlc, encodeHlc } from "./revision.ts";

const MAX_DEPTH = 6;
/** How many leaves a tree has. */
export const LEAF_COUNT: number = 8 ** MAX_DEPTH;
const LEAVES = BigInt(LEAF_COUNT);
/** Where the range of a new collection's tree starts: 2021-01-01. */
export const INITIAL_RANGE_MIN: bigint = 1609459200000n << 20n;
const U64_END = 1n << 64n;

/** How many revisions a leaf holds, and their hashes combined by exclusive or. */
export interface Leaf {
  count: number;
  hash: bigint;
}

/** The range of revisions that a tree covers: `min` inclusive, `max` exclusive. */
export interface TreeRange {
  readonly min: bigint;
  readonly max: bigint;
  /** Where the range started when the tree was new; growth keeps leaf borders aligned to it. */
  readonly initialMin: bigint;
}

/** The range of a new collection's tree. */
export const INITIAL_RANGE: TreeRange = {
  min: INITIAL_RANGE_MIN,
  max: INITIAL_RANGE_MIN + 64n * LEAVES,
  initialMin: INITIAL_RANGE_MIN,
};

/** An inclusive range of revisions. */
export type RevisionRange = readonly [first: bigint, last: bigint];

/** The revisions that one leaf of a tree with this range stands for. */
export function leafWidth(range: TreeRange): bigint {
  return (range.max - range.min) / LEAVES;
}

/** The leaf that a revision inside the range belongs to. */
export function leafOf(range: TreeRange, revision: bigint): number {
  return Number((revision - range.min) / leafWidth(range));
}

function doubled(range: TreeRange, right: boolean): { range: TreeRange; leaf: (index: number) => number } {
  const width = leafWidth(range);
  const all = range.max - range.min;
  const shift = (range.initialMin - range.min) % (2n * width) !== 0n;
  let { min, max } = range;
  if (right) {
    max += all;
    if (shift) {
      max -= width;
      min -= width;
    }
  } else {
    min -= all;
    if (shift) {
      min += width;
      max += width;
    }
  }
  if (min < 0n || max > U64_END) {
    throw new ArangoError(
      "ERROR_BAD_PARAMETER",
      "bad parameter: a document's _rev is too far from today for a revision tree",
    );
  }
  const leaf = right
    ? (index: number) => (index + (shift ? 1 : 0)) >> 1
    : (index: number) => (LEAF_COUNT + index - (shift ? 1 : 0)) >> 1;
  return { range: { min, max, initialMin: range.initialMin }, leaf };
}

/** The range after it has grown, by doubling, until it holds a revision. */
export function grownRange(range: TreeRange, revision: bigint): TreeRange {
  while (revision < range.min) range = doubled(range, false).range;
  while (revision >= range.max) range = doubled(range, true).range;
  return range;
}

/** A revision tree in memory; only leaves that hold something are kept. */
export class RevisionTree {
  #range: TreeRange;
  #leaves: Map<number, Leaf>;

  constructor(range: TreeRange = INITIAL_RANGE, leaves: Iterable<readonly [number, Leaf]> = []) {
    this.#range = range;
    this.#leaves = new Map(leaves);
  }

  /** The revisions that the tree can hold without growing. */
  get range(): TreeRange {
    return this.#range;
  }

  /** The leaves that hold something, in no particular order. */
  get leaves(): ReadonlyMap<number, Readonly<Leaf>> {
    return this.#leaves;
  }

  /** How many revisions the tree holds. */
  get count(): number {
    let count = 0;
    for (const leaf of this.#leaves.values()) count += leaf.count;
    return count;
  }

  /** The revisions of the last leaf that holds something. */
  lastRange(): RevisionRange | undefined {
    if (this.#leaves.size === 0) return undefined;
    let last = 0;
    for (const index of this.#leaves.keys()) last = Math.max(last, index);
    const width = leafWidth(this.#range);
    const first = this.#range.min + BigInt(last) * width;
    return [first, first + width - 1n];
  }

  /**
   * How many revisions the leaves hold that ranges touch.
   *
   * @param ranges ascending
   */
  countIn(ranges: readonly RevisionRange[]): number {
    const width = leafWidth(this.range);
    let count = 0;
    for (const [index, leaf] of this.#leaves) {
      const start = this.range.min + BigInt(index) * width;
      let from = 0;
      let to = ranges.length;
      while (from < to) {
        const middle = (from + to) >> 1;
        if (ranges[middle]![1] < start) from = middle + 1;
        else to = middle;
      }
      if (from < ranges.length && ranges[from]![0] < start + width) count += leaf.count;
    }
    return count;
  }

  /** The hashes of all revisions, combined by exclusive or. */
  get hash(): bigint {
    let hash = 0n;
    for (const leaf of this.#leaves.values()) hash ^= leaf.hash;
    return hash;
  }

  /** Doubles the range until it holds `revision`; leaves that meet are added up. */
  growTo(revision: bigint): void {
    while (revision < this.#range.min) this.#double(false);
    while (revision >= this.#range.max) this.#double(true);
  }

  #double(right: boolean): void {
    const { range, leaf } = doubled(this.#range, right);
    const merged = new Map<number, Leaf>();
    for (const [index, { count, hash }] of this.#leaves) addTo(merged, leaf(index), count, hash);
    this.#range = range;
    this.#leaves = merged;
  }

  /** Adds a revision. */
  insert(revision: bigint): void {
    this.growTo(revision);
    this.add(leafOf(this.#range, revision), 1, revisionHash(revision));
  }

  /** Takes a revision away. */
  remove(revision: bigint): void {
    this.growTo(revision);
    this.add(leafOf(this.#range, revision), -1, revisionHash(revision));
  }

  /** Changes a leaf by a count and a hash; a leaf that holds nothing any more vanishes. */
  add(index: number, count: number, hash: bigint): void {
    addTo(this.#leaves, index, count, hash);
  }

  /** A copy that changes on its own. */
  clone(): RevisionTree {
    return new RevisionTree(this.#range, [...this.#leaves].map(([index, leaf]) => [index, { ...leaf }]));
  }

  /**
   * The tree as leaders send it.
   *
   * @param onlyPopulated write runs of empty leaves as `{"skip":n}` and leave trailing ones out
   */
  toJson(onlyPopulated: boolean): string {
    const nodes: string[] = [];
    let next = 0;
    const fill = (upTo: number): void => {
      const empty = upTo - next;
      if (!onlyPopulated) { for (let i = 0; i < empty; i++) nodes.push(`{"count":0,"hash":0}`); }
      else if (empty === 1) nodes.push("{}");
      else if (empty > 1) nodes.push(`{"skip":${empty}}`);
      next = upTo;
    };
    for (const index of [...this.#leaves.keys()].sort((a, b) => a - b)) {
      fill(index);
      const { count, hash } = this.#leaves.get(index)!;
      nodes.push(`{"count":${count},"hash":${hash}}`);
      next = index + 1;
    }
    if (!onlyPopulated) fill(LEAF_COUNT);
    const { min, max, initialMin } = this.#range;
    return `{"version":1,"maxDepth":${MAX_DEPTH},"rangeMax":"${encodeHlc(max)}","rangeMin":"${encodeHlc(min)}",` +
      `"initialRangeMin":"${encodeHlc(initialMin)}","count":${this.count},"hash":${this.hash},"nodes":[${nodes}]}`;
  }

  /**
   * Reads a leader's tree.
   *
   * @returns the tree, or undefined if the text is none: wrong version, types, number of nodes or sums
   */
  static parse(text: string): RevisionTree | undefined {
    const tree = parseExactIntegers(text);
    if (!isRecord(tree) || tree.version !== 1n || tree.maxDepth !== BigInt(MAX_DEPTH)) return undefined;
    const { rangeMin, rangeMax, initialRangeMin, nodes } = tree;
    if (typeof rangeMin !== "string" || typeof rangeMax !== "string" || !Array.isArray(nodes)) return undefined;
    if (typeof tree.count !== "bigint" || typeof tree.hash !== "bigint") return undefined;
    const min = decodeHlc(rangeMin);
    const range: TreeRange = {
      min,
      max: decodeHlc(rangeMax),
      initialMin: typeof initialRangeMin === "string" ? decodeHlc(initialRangeMin) : min,
    };
    if (range.max - range.min < LEAVES || (range.max - range.min) % LEAVES !== 0n) return undefined;
    const result = new RevisionTree(range);
    let index = 0;
    for (const node of nodes) {
      if (!isRecord(node)) return undefined;
      if (typeof node.skip === "bigint") {
        index += Number(node.skip);
        continue;
      }
      const { count, hash } = node;
      if ((count === undefined) !== (hash === undefined)) return undefined;
      if (count !== undefined) {
        if (typeof count !== "bigint" || typeof hash !== "bigint") return undefined;
        result.add(index, Number(count), hash);
      }
      index++;
    }
    const fits = index <= LEAF_COUNT && BigInt(result.count) === tree.count && result.hash === tree.hash;
    return fits ? result : undefined;
  }
}

function addTo(leaves: Map<number, Leaf>, index: number, count: number, hash: bigint): void {
  const leaf = leaves.get(index);
  const sum = { count: (leaf?.count ?? 0) + count, hash: (leaf?.hash ?? 0n) ^ hash };
  if (sum.count === 0 && sum.hash === 0n) leaves.delete(index);
  else leaves.set(index, sum);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

/** Parses JSON with every integer as a BigInt, since tree hashes are beyond 2^53; undefined for what is no JSON. */
function parseExactIntegers(text: string): unknown {
  const reviver = (_key: string, value: unknown, context: { source?: string }): unknown =>
    typeof value === "number" && /^-?\d+$/.test(context.source ?? "") ? BigInt(context.source!) : value;
  try {
    return JSON.parse(text, reviver as (key: string, value: unknown) => unknown);
  } catch {
    return undefined;
  }
}

/**
 * The ranges of revisions in which two trees differ, ascending, adjacent ones merged.
 *
 * @throws RangeError if the borders of their leaves cannot be aligned
 */
export function differingRanges(one: RevisionTree, other: RevisionTree): RevisionRange[] {
  const a = one.clone();
  const b = other.clone();
  while (leafWidth(a.range) < leafWidth(b.range)) a.growTo(a.range.max);
  while (leafWidth(b.range) < leafWidth(a.range)) b.growTo(b.range.max);
  const width = leafWidth(a.range);
  if ((a.range.min - b.range.min) % width !== 0n) {
    throw new RangeError(`Cannot compare revision trees: ranges start at ${a.range.min} and ${b.range.min}`);
  }
  const starts = new Map<bigint, [Leaf | undefined, Leaf | undefined]>();
  for (const [index, leaf] of a.leaves) starts.set(a.range.min + BigInt(index) * width, [leaf, undefined]);
  for (const [index, leaf] of b.leaves) {
    const start = b.range.min + BigInt(index) * width;
    starts.set(start, [starts.get(start)?.[0], leaf]);
  }
  const ranges: [bigint, bigint][] = [];
  for (const start of [...starts.keys()].sort((x, y) => (x < y ? -1 : 1))) {
    const [left, right] = starts.get(start)!;
    if (left?.count === right?.count && left?.hash === right?.hash) continue;
    const last = ranges.at(-1);
    if (last && last[1] + 1n === start) last[1] = start + width - 1n;
    else ranges.push([start, start + width - 1n]);
  }
  return ranges;
}

/**
 * Changes of a revision tree that are not yet in a collection's file.
 *
 * @module
 */
import { type Halves, hashRevision } from "../base/hash.ts";
import { leafOf, leafWidth, type TreeRange } from "../base/revision_tree.ts";

/** What a leaf gains. */
interface LeafChange {
  count: number;
  /** The hashes of its revisions, combined by exclusive or. */
  readonly hash: Halves;
}

/** Revisions that come into a tree or leave it, summed up by leaves. */
export class LeafChanges {
  readonly #changes = new Map<number, LeafChange>();
  readonly #hash: Halves = { high: 0, low: 0 };
  /** The leaf of the last revision, which most have in common with the next one: its first revision, and the next leaf's. */
  #leaf: LeafChange = { count: 0, hash: { high: 0, low: 0 } };
  #first = 0n;
  #end = 0n;

  /**
   * Counts a revision in or out.
   *
   * @param range the tree's, which holds the revision; the same one until {@linkcode take}
   */
  count(range: TreeRange, revision: bigint, by: 1 | -1): void {
    if (revision < this.#first || revision >= this.#end) this.#enter(range, revision);
    hashRevision(Number(revision >> 32n), Number(revision & 0xffff_ffffn), this.#hash);
    const { hash } = this.#leaf;
    this.#leaf.count += by;
    hash.high ^= this.#hash.high;
    hash.low ^= this.#hash.low;
  }

  #enter(range: TreeRange, revision: bigint): void {
    const index = leafOf(range, revision);
    const width = leafWidth(range);
    this.#first = range.min + BigInt(index) * width;
    this.#end = this.#first + width;
    let leaf = this.#changes.get(index);
    if (!leaf) this.#changes.set(index, leaf = { count: 0, hash: { high: 0, low: 0 } });
    this.#leaf = leaf;
  }

  /** Gives the changes away. */
  take(): { index: number; count: number; hash: bigint }[] {
    const taken = [...this.#changes].map(([index, { count, hash: { high, low } }]) => {
      return { index, count, hash: (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0) };
    });
    this.#changes.clear();
    this.#end = this.#first;
    return taken;
  }
}

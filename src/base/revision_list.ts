/**
 * Long lists of revisions in little memory: a million `bigint`s in arrays take a hundred megabytes and most of a second to collect.
 *
 * @module
 */
import { decodeHlcHalves, encodeHlcHalves } from "./revision.ts";

/** Revisions in ascending order. */
export class RevisionList {
  /** The upper half of each revision. */
  readonly #high: Uint32Array;
  readonly #low: Uint32Array;
  readonly #start: number;
  /** How many there are. */
  readonly length: number;

  /** @param high the upper halves, ascending together with the lower halves `low`; `length` of them from `start` on count */
  constructor(high: Uint32Array, low: Uint32Array, start = 0, length: number = high.length - start) {
    this.#high = high;
    this.#low = low;
    this.#start = start;
    this.length = length;
  }

  /** @param revisions ascending */
  static of(revisions: readonly bigint[] | BigUint64Array): RevisionList {
    const builder = new RevisionListBuilder(revisions.length);
    for (const revision of revisions) builder.add(Number(revision >> 32n), Number(revision & 0xffff_ffffn));
    return builder.list();
  }

  /**
   * Reads decimal numbers below 2^64 that are separated by commas.
   *
   * @param text the numbers, ascending; the empty text for none
   * @param count how many there are
   */
  static fromDecimals(text: string, count: number): RevisionList {
    const builder = new RevisionListBuilder(count);
    for (let at = 0; at < text.length; at++) {
      // the digits before and from the 1,000,000,000s on, which halves of a double can hold
      let upper = 0;
      let lower = 0;
      const comma = text.indexOf(",", at);
      const end = comma < 0 ? text.length : comma;
      const split = Math.max(at, end - 9);
      while (at < split) upper = upper * 10 + text.charCodeAt(at++) - 0x30;
      while (at < end) lower = lower * 10 + text.charCodeAt(at++) - 0x30;
      // upper * 10^9 + lower, in steps that are exact: first the upper part in units of 2^16
      const units = Math.floor(upper / 0x1_0000) * 1e9;
      const rest = (units % 0x1_0000) * 0x1_0000 + (upper % 0x1_0000) * 1e9 + lower;
      builder.add(Math.floor(units / 0x1_0000) + Math.floor(rest / 0x1_0000_0000), rest % 0x1_0000_0000);
    }
    return builder.list();
  }

  /**
   * Reads clock texts.
   *
   * @param lists arrays of texts, ascending throughout
   * @returns undefined if one of them is no clock text
   */
  static fromTexts(lists: readonly (readonly unknown[])[]): RevisionList | undefined {
    const builder = new RevisionListBuilder(lists.reduce((sum, list) => sum + list.length, 0));
    const halves = { high: 0, low: 0 };
    for (const list of lists) {
      for (const text of list) {
        if (typeof text !== "string" || !decodeHlcHalves(text, halves)) return undefined;
        builder.add(halves.high, halves.low);
      }
    }
    return builder.list();
  }

  /** The revision at a position. */
  at(position: number): bigint {
    const at = this.#start + position;
    return (BigInt(this.#high[at]!) << 32n) | BigInt(this.#low[at]!);
  }

  /** The clock text of the revision at a position. */
  textAt(position: number): string {
    return encodeHlcHalves(this.#high[this.#start + position]!, this.#low[this.#start + position]!);
  }

  /** Below 0 if the revision at a position comes before one of another list, above 0 if after, 0 if they are the same. */
  compareAt(position: number, other: RevisionList, otherPosition: number): number {
    const [at, otherAt] = [this.#start + position, other.#start + otherPosition];
    return this.#high[at]! - other.#high[otherAt]! || this.#low[at]! - other.#low[otherAt]!;
  }

  /** The position of the first revision that is not below `revision`. */
  positionOf(revision: bigint): number {
    let from = 0;
    let to = this.length;
    while (from < to) {
      const middle = (from + to) >> 1;
      if (this.at(middle) < revision) from = middle + 1;
      else to = middle;
    }
    return from;
  }

  /** The revisions of an inclusive range; the memory is shared. */
  between(first: bigint, last: bigint): RevisionList {
    const from = this.positionOf(first);
    return this.slice(from, Math.max(from, this.positionOf(last + 1n)));
  }

  /** The revisions from one position up to another, exclusive; the memory is shared. */
  slice(from: number, to: number): RevisionList {
    return new RevisionList(this.#high, this.#low, this.#start + from, to - from);
  }

  /** All revisions. */
  *[Symbol.iterator](): Generator<bigint> {
    for (let position = 0; position < this.length; position++) yield this.at(position);
  }

  /** Lists one after the other. */
  static concat(lists: readonly RevisionList[]): RevisionList {
    if (lists.length === 1) return lists[0]!;
    const length = lists.reduce((sum, list) => sum + list.length, 0);
    const high = new Uint32Array(length);
    const low = new Uint32Array(length);
    let at = 0;
    for (const list of lists) {
      high.set(list.#high.subarray(list.#start, list.#start + list.length), at);
      low.set(list.#low.subarray(list.#start, list.#start + list.length), at);
      at += list.length;
    }
    return new RevisionList(high, low);
  }

  /** This list without some revisions and with others, which it does not have. */
  merged(without: RevisionList, others: RevisionList): RevisionList {
    if (without.length === 0 && others.length === 0) return this;
    const builder = new RevisionListBuilder(this.length + others.length);
    let gone = 0;
    let other = 0;
    for (let position = 0; position < this.length; position++) {
      while (gone < without.length && without.compareAt(gone, this, position) < 0) gone++;
      if (gone < without.length && without.compareAt(gone, this, position) === 0) continue;
      for (; other < others.length && others.compareAt(other, this, position) < 0; other++) {
        builder.add(others.#high[others.#start + other]!, others.#low[others.#start + other]!);
      }
      builder.add(this.#high[this.#start + position]!, this.#low[this.#start + position]!);
    }
    for (; other < others.length; other++) {
      builder.add(others.#high[others.#start + other]!, others.#low[others.#start + other]!);
    }
    return builder.list();
  }
}

/** Walks over two lists and tells what only one of them has. */
export function compareRevisions(
  here: RevisionList,
  there: RevisionList,
  onlyHere: (revision: bigint) => void,
  onlyThere: (revision: bigint) => void,
): void {
  let i = 0;
  let j = 0;
  while (i < here.length && j < there.length) {
    const order = here.compareAt(i, there, j);
    if (order < 0) onlyHere(here.at(i));
    else if (order > 0) onlyThere(there.at(j));
    if (order <= 0) i++;
    if (order >= 0) j++;
  }
  for (; i < here.length; i++) onlyHere(here.at(i));
  for (; j < there.length; j++) onlyThere(there.at(j));
}

class RevisionListBuilder {
  readonly #high: Uint32Array;
  readonly #low: Uint32Array;
  #length = 0;

  constructor(room: number) {
    this.#high = new Uint32Array(room);
    this.#low = new Uint32Array(room);
  }

  add(high: number, low: number): void {
    this.#high[this.#length] = high;
    this.#low[this.#length++] = low;
  }

  list(): RevisionList {
    return new RevisionList(this.#high, this.#low, 0, this.#length);
  }
}

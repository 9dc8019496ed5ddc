/**
 * The entries of one index that are going to change.
 *
 * @module
 */
import { compareBytes } from "./index_key.ts";

/** More entries than this are not put in order one by one: an array has many, and so has a document that changes again and again. */
const MOST_ENTRIES = 10_000;

/** Entries of documents that come and go, in the order of the index. */
export class PendingEntries {
  readonly #entries: Uint8Array[] = [];

  /** Adds the entries of a document. */
  add(entries: readonly Uint8Array[]): void {
    for (const entry of entries) {
      if (this.#isFull) return;
      this.#entries.splice(this.#placeOf(entry), 0, entry);
    }
  }

  /**
   * Whether an entry lies in a range, or may do so, where there are too many to tell.
   *
   * @param from inclusive
   * @param to exclusive
   */
  meets(from: Uint8Array, to: Uint8Array): boolean {
    if (this.#isFull) return true;
    const first = this.#entries[this.#placeOf(from)];
    return first !== undefined && compareBytes(first, to) < 0;
  }

  /** Forgets all entries. */
  clear(): void {
    this.#entries.length = 0;
  }

  get #isFull(): boolean {
    return this.#entries.length >= MOST_ENTRIES;
  }

  /** Where the first entry is that does not come before another one. */
  #placeOf(entry: Uint8Array): number {
    let from = 0;
    let to = this.#entries.length;
    while (from < to) {
      const middle = (from + to) >> 1;
      if (compareBytes(this.#entries[middle]!, entry) < 0) from = middle + 1;
      else to = middle;
    }
    return from;
  }
}

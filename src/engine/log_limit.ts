/**
 * How long the log remembers: it does not grow without end.
 *
 * @module
 */
import type { Catalog } from "../storage/catalog.ts";

/** How many entries are kept, unless they are large. */
const MOST_KEPT = 200_000n;
/** The bytes of the catalog file from which on half of the log is forgotten, unless somebody says otherwise. */
const MOST_BYTES = 2 ** 30;
/** How many entries it takes to make trimming worthwhile. */
const SLACK = 1000n;
/** After which part of the most bytes in new entries the log's size is looked at again. */
const STEP = 1 / 64;

/** Keeps the log of a catalog within its limits. */
export class LogLimit {
  readonly #catalog: Catalog;
  readonly #mostBytes: number;
  readonly #catchUp: (collection: bigint) => void;
  /** The value of {@linkcode Catalog.appendedBytes} at which the log's size is looked at. */
  #nextLook = 0;

  /**
   * @param mostBytes the bytes of the catalog file from which on half of the log is forgotten; 1 GiB when undefined
   * @param catchUp brings the file of a collection up to date, which may need what is going to be forgotten
   */
  constructor(catalog: Catalog, mostBytes: number | undefined, catchUp: (collection: bigint) => void) {
    this.#catalog = catalog;
    this.#mostBytes = mostBytes ?? MOST_BYTES;
    this.#catchUp = catchUp;
  }

  /** Forgets what is old in the log, as soon as enough has gathered. */
  trim(): void {
    const catalog = this.#catalog;
    if (catalog.appendedBytes < this.#nextLook) return;
    this.#nextLook = catalog.appendedBytes + this.#mostBytes * STEP;
    const last = catalog.lastTick();
    const kept = last - catalog.logStart();
    const upTo = catalog.file.bytes() > this.#mostBytes ? last - kept / 2n : last - MOST_KEPT;
    if (upTo - catalog.logStart() < SLACK) return;
    for (const row of catalog.collections()) if (row.file !== null && row.tick <= upTo) this.#catchUp(row.id);
    catalog.write(() => catalog.trim(upTo));
  }
}

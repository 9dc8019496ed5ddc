/**
 * An estimate of the memory that a query holds.
 *
 * @module
 */
import { ArangoError } from "../../base/arango_error.ts";
import type { AqlValue } from "../values.ts";

/** Bytes of a register, and of the header of an array or object. */
const SLOT = 16;
/** The steps in which what was in use is told. Source: query-logging.md of the manual; recorded answers, where little is 0. */
const STEP = 32768;
/** How many members are looked at before the rest is taken to be alike. */
const SAMPLE = 16;

/** About how many bytes a value takes. */
function sizeOf(value: AqlValue): number {
  if (typeof value === "string") return SLOT + value.length;
  if (typeof value !== "object" || value === null) return SLOT;
  if (Array.isArray(value)) {
    let size = SLOT;
    const sample = Math.min(value.length, SAMPLE);
    for (let i = 0; i < sample; i++) size += sizeOf(value[i] ?? null);
    return value.length > sample ? size * (value.length / sample) : size;
  }
  let size = SLOT;
  for (const name of Object.keys(value)) size += name.length + sizeOf(value[name] ?? null);
  return size;
}

/** Counts the memory of one query against its limit. */
export class MemoryUse {
  readonly #limit: number;
  #used = 0;
  #peak = 0;

  /** @param limit bytes; 0 for none */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Whether there is a limit, so that values have to be measured. */
  get limited(): boolean {
    return this.#limit > 0;
  }

  /** The most that was in use, in bytes: a multiple of 32768. */
  get peak(): number {
    return Math.floor(this.#peak / STEP) * STEP;
  }

  /**
   * Counts values that are kept.
   *
   * @throws ArangoError 32 over the limit
   */
  keep(values: readonly AqlValue[]): void {
    let size = 0;
    if (this.#limit > 0) { for (const value of values) size += sizeOf(value); }
    else size = values.length * SLOT;
    this.grow(size);
  }

  /**
   * Counts bytes.
   *
   * @throws ArangoError 32 over the limit
   */
  grow(bytes: number): void {
    this.#used += bytes;
    if (this.#used > this.#peak) this.#peak = this.#used;
    if (this.#limit > 0 && this.#used > this.#limit) {
      throw new ArangoError("ERROR_RESOURCE_LIMIT", "query would use more memory than allowed");
    }
  }

  /**
   * Counts bytes that are needed for a moment only; whoever keeps what they hold counts that.
   *
   * @throws ArangoError 32 over the limit
   */
  pass(bytes: number): void {
    this.grow(bytes);
    this.shrink(bytes);
  }

  /** Counts bytes that are free again. */
  shrink(bytes: number): void {
    this.#used = Math.max(0, this.#used - bytes);
  }

  /** What is in use, in bytes. */
  get used(): number {
    return this.#used;
  }
}

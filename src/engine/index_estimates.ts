/**
 * How selective the indexes of a collection are: different values by entries, from 0 to 1.
 *
 * @module
 */
import type { CollectionFile } from "../storage/collection_file.ts";

/** Larger indexes are looked at in part to tell how selective they are. */
const SAMPLE = 20_000;
/** Collections with more documents keep their estimates until their size has changed. */
const STABLE = 1000;

/** How selective an index was, and when. */
interface Estimate {
  readonly value: number;
  /** How many documents there were. */
  readonly count: number;
  /** The collection's last tick. */
  readonly tick: bigint | undefined;
}

/** The estimates of a collection. */
export class IndexEstimates {
  readonly #known = new Map<string, Estimate>();
  readonly #tick: () => bigint | undefined;

  /** @param tick tells the collection's last tick */
  constructor(tick: () => bigint | undefined) {
    this.#tick = tick;
  }

  /**
   * Computes an estimate, or gives a former one if nothing has changed, or little of much.
   *
   * @param name the index's
   * @param file undefined while the collection is empty
   * @param sizes counts entries and different ones, among no more than `most` of them
   */
  of(
    name: string,
    file: CollectionFile | undefined,
    sizes: (file: CollectionFile, most: number) => { entries: number; distinct: number },
  ): number {
    if (!file) return 1;
    const count = file.count();
    const known = this.#known.get(name);
    if (known && count > STABLE && Math.abs(count - known.count) < count / 10) return known.value;
    const tick = this.#tick();
    if (known && known.count === count && known.tick === tick) return known.value;
    const { entries, distinct } = sizes(file, SAMPLE);
    const value = entries > 0 ? distinct / entries : 1;
    this.#known.set(name, { count, tick, value });
    return value;
  }
}

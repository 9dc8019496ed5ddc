/**
 * A word of memory by which one thread stops the work of another: Deno ends no thread that is busy.
 *
 * @module
 */

const GO_ON = 0;
const STOP_JOB = 1;
const STOP_ALL = 2;

/** The word. Each thread makes one on the same memory. */
export class StopWord {
  readonly #word: Int32Array<SharedArrayBuffer>;

  /** @param memory of another thread's word; absent for the first */
  constructor(memory = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)) {
    this.#word = new Int32Array(memory);
  }

  /** What both threads share. */
  get memory(): SharedArrayBuffer {
    return this.#word.buffer;
  }

  /** Lets the next job begin. */
  clear(): void {
    Atomics.store(this.#word, 0, GO_ON);
  }

  /** Makes the job fail that is under way; what cleans up after it goes on. */
  stopJob(): void {
    Atomics.store(this.#word, 0, STOP_JOB);
  }

  /** Makes everything fail. */
  stopAll(): void {
    Atomics.store(this.#word, 0, STOP_ALL);
  }

  /** Whether to give up. That a job is to stop is said once. */
  take(): boolean {
    return Atomics.compareExchange(this.#word, 0, STOP_JOB, GO_ON) !== GO_ON;
  }
}

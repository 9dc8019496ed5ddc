/**
 * How far a sync has come: numbers a person can watch, and where the time went.
 *
 * @module
 */

/** The steps of a sync, in order. */
export type SyncPhase = "planned" | "comparing" | "fetching" | "applying" | "verifying" | "done";

/** Where the time of a sync went, in seconds, and what travelled. */
export interface SyncStatistics {
  requests: number;
  /** Bytes of the leader's answers. */
  received: number;
  documentsFetched: number;
  documentsRemoved: number;
  /** Seconds that the follower waited for the leader. */
  waiting: number;
  /** Seconds spent on cutting and checking what came. */
  decoding: number;
  /** Seconds spent on writing documents. */
  writing: number;
  /** Seconds spent on building indexes. */
  indexing: number;
  /** Seconds in all. */
  total: number;
}

/** What a watcher is told. */
export interface ProgressReport {
  readonly phase: SyncPhase;
  readonly message: string;
  readonly documents: { done: number; total: number };
  readonly bytes: { done: number; total: number };
}

/** Collects the progress of one sync and tells a watcher, not too often. */
export class SyncProgress {
  readonly #watcher: (report: ProgressReport) => void;
  readonly #interval: number;
  #last = -Infinity;
  #untold = false;
  #phase: SyncPhase = "planned";
  #message = "";
  readonly #documents = { done: 0, total: 0 };
  readonly #bytes = { done: 0, total: 0 };
  #removed = 0;

  /**
   * @param watcher is told at every change of phase, and about numbers at the most every `interval` milliseconds
   */
  constructor(watcher: (report: ProgressReport) => void, interval = 500) {
    this.#watcher = watcher;
    this.#interval = interval;
  }

  /** Notes the step that begins. */
  phase(phase: SyncPhase): void {
    if (phase === this.#phase) return;
    this.#phase = phase;
    this.#tell(true);
  }

  /** Notes what happens, in words. */
  message(text: string): void {
    this.#message = text;
    this.#tell(false);
  }

  /** Notes that so many more documents are to come. */
  expect(documents: number): void {
    this.#documents.total += documents;
  }

  /** Notes documents that have come. */
  fetched(documents: number, bytes: number): void {
    this.#documents.done += documents;
    this.#documents.total = Math.max(this.#documents.total, this.#documents.done);
    this.#bytes.done += bytes;
    const average = this.#documents.done === 0 ? 0 : this.#bytes.done / this.#documents.done;
    this.#bytes.total = Math.round(average * this.#documents.total);
    this.#tell(false);
  }

  /** Notes documents that were removed. */
  removed(documents: number): void {
    this.#removed += documents;
  }

  /** How many documents have come and gone. */
  get counts(): { fetched: number; removed: number; bytes: number } {
    return { fetched: this.#documents.done, removed: this.#removed, bytes: this.#bytes.done };
  }

  /** Tells what has not been told yet: before a wait that may be long. */
  flush(): void {
    if (this.#untold) this.#tell(true);
  }

  #tell(now: boolean): void {
    const time = performance.now();
    this.#untold = !now && time - this.#last < this.#interval;
    if (this.#untold) return;
    this.#last = time;
    this.#watcher(this.report());
  }

  /** The state as a watcher is told it. */
  report(): ProgressReport {
    return {
      phase: this.#phase,
      message: this.#message,
      documents: { ...this.#documents },
      bytes: { ...this.#bytes },
    };
  }
}

/**
 * Batches: snapshots that live on between the requests of a follower.
 *
 * Source: `replication-protocol.md` §2.
 *
 * @module
 */
import { ArangoError } from "../base/arango_error.ts";
import type { Engine } from "../engine/engine.ts";
import type { Snapshot } from "../engine/snapshot.ts";
import type { DumpPosition } from "./dump_chunk.ts";

/** Batches live this long, in seconds, after their last use. */
const DEFAULT_TTL = 3600;

/** How far the dump of a collection is. */
export interface DumpCursor extends DumpPosition {
  readonly chunks: number;
}

/** A state of all collections that a follower reads. */
export interface Batch {
  readonly id: string;
  readonly snapshot: Snapshot;
  readonly initialTtl: number;
  expires: number;
  /** Dumps that have begun, by the id of their collection. */
  readonly dumps: Map<bigint, DumpCursor>;
}

/** The batches of a leader. */
export class LeaderBatches implements Disposable {
  readonly #engine: Engine;
  readonly #now: () => number;
  readonly #batches = new Map<string, Batch>();

  /** @param now the wall clock in milliseconds */
  constructor(engine: Engine, now: () => number) {
    this.#engine = engine;
    this.#now = now;
  }

  /**
   * Fixes the state of all collections.
   *
   * @param ttl seconds until the batch ends unless it is used; absent or not positive: an hour
   * @returns `seconds`: how long the batch lives
   */
  create(ttl: number | undefined): { id: string; lastTick: bigint; seconds: number } {
    this.expire();
    const seconds = ttl !== undefined && ttl > 0 ? ttl : DEFAULT_TTL;
    const snapshot = this.#engine.snapshot();
    const id = this.#engine.nextId().toString();
    this.#batches.set(id, {
      id,
      snapshot,
      initialTtl: seconds,
      expires: this.#now() + seconds * 1000,
      dumps: new Map(),
    });
    return { id, lastTick: snapshot.tick, seconds };
  }

  /**
   * Lets a batch live at least `ttl` seconds from now.
   *
   * @returns the seconds that it lives
   */
  extend(id: string, ttl: number | undefined): number {
    const batch = this.get(id);
    const seconds = Math.max(batch.initialTtl, ttl ?? 0);
    batch.expires = this.#now() + seconds * 1000;
    return seconds;
  }

  /** Ends a batch. */
  delete(id: string): void {
    const batch = this.get(id);
    this.#batches.delete(id);
    batch.snapshot[Symbol.dispose]();
  }

  /**
   * A batch that somebody uses now.
   *
   * @throws ArangoError 1600
   */
  get(id: string): Batch {
    const batch = this.find(id);
    if (!batch) throw new ArangoError("ERROR_CURSOR_NOT_FOUND");
    return batch;
  }

  /** As {@linkcode get}, undefined where there is no such batch any more. */
  find(id: string): Batch | undefined {
    this.expire();
    const batch = this.#batches.get(id);
    if (batch) batch.expires = Math.max(batch.expires, this.#now() + batch.initialTtl * 1000);
    return batch;
  }

  /** Ends the batches that nobody has used for too long. */
  expire(): void {
    for (const [id, batch] of this.#batches) {
      if (batch.expires > this.#now()) continue;
      this.#batches.delete(id);
      batch.snapshot[Symbol.dispose]();
    }
  }

  [Symbol.dispose](): void {
    for (const batch of this.#batches.values()) batch.snapshot[Symbol.dispose]();
    this.#batches.clear();
  }
}

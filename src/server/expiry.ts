/**
 * The sweep that removes expired documents from time to time.
 *
 * Source: ArangoDB's documentation of TTL indexes and of `/_api/ttl`.
 *
 * @module
 */
import { ArangoError } from "../base/arango_error.ts";
import type { Collection } from "../engine/collection.ts";
import { removeExpired } from "../engine/expiry.ts";
import type { Server } from "./server.ts";

/** The settings that clients may change. */
export interface ExpirySettings {
  readonly active: boolean;
  /** Milliseconds between two sweeps. */
  readonly frequency: number;
  /** How many documents one sweep removes at most. */
  readonly maxTotalRemoves: number;
  /** How many documents one sweep removes from one collection at most. */
  readonly maxCollectionRemoves: number;
  readonly onlyLoadedCollections: boolean;
}

/** What the sweeps of a server have done. */
export interface ExpiryStatistics {
  /** Sweeps. */
  runs: number;
  documentsRemoved: number;
  /** Sweeps that ended at a limit. */
  limitReached: number;
}

/** Removes the expired documents of a server's databases. */
export class Expiry {
  /** What has been done. */
  readonly statistics: ExpiryStatistics = { runs: 0, documentsRemoved: 0, limitReached: 0 };
  #settings: ExpirySettings = {
    active: true,
    frequency: 30_000,
    maxTotalRemoves: 1_000_000,
    maxCollectionRemoves: 100_000,
    onlyLoadedCollections: true,
  };
  #next: number;
  readonly #server: Server;
  readonly #now: () => number;

  /** @param now milliseconds since 1970 */
  constructor(server: Server, now: () => number = Date.now) {
    this.#server = server;
    this.#now = now;
    this.#next = now() + this.#settings.frequency;
  }

  /** The settings. */
  get settings(): ExpirySettings {
    return this.#settings;
  }

  /**
   * Changes settings.
   *
   * @throws ArangoError 10 for values of other types
   */
  change(given: Readonly<Record<string, unknown>>): void {
    const names = Object.keys(this.#settings) as (keyof ExpirySettings)[];
    const changed = names.filter((name) => given[name] !== undefined).map((name) => {
      const value = given[name];
      const sound = typeof value === typeof this.#settings[name] && (typeof value !== "number" || value >= 0);
      if (!sound) throw new ArangoError("ERROR_BAD_PARAMETER", `bad parameter: invalid value for '${name}'`);
      return [name, value] as const;
    });
    this.#settings = { ...this.#settings, ...Object.fromEntries(changed) };
    this.#next = Math.min(this.#next, this.#now() + this.#settings.frequency);
  }

  /** Sweeps if the last sweep was long enough ago. */
  runIfDue(): void {
    if (this.#now() < this.#next) return;
    const { engine, readOnly } = this.#server;
    if (!this.#settings.active || readOnly || engine.readOnly || engine.inTransaction) return;
    this.#next = this.#now() + this.#settings.frequency;
    this.run();
  }

  /** Sweeps all databases. */
  run(): void {
    const { engine } = this.#server;
    const { maxTotalRemoves, maxCollectionRemoves } = this.#settings;
    let left = maxTotalRemoves;
    this.statistics.runs++;
    for (const collection of engine.databases().flatMap((database) => database.collections())) {
      const most = Math.min(left, maxCollectionRemoves);
      const removed = this.#sweep(collection, most);
      left -= removed;
      this.statistics.documentsRemoved += removed;
      if (removed > 0 && removed === most) this.statistics.limitReached++;
      if (left === 0) return;
    }
  }

  #sweep(collection: Collection, most: number): number {
    try {
      return removeExpired(this.#server.engine, collection, this.#now() / 1000, most);
    } catch (error) {
      // dropped meanwhile, in use by a transaction or damaged: whoever uses it will hear of it, and the others go on
      if (error instanceof ArangoError) return 0;
      throw error;
    }
  }
}

/** The sweep of a server. */
export function expiryOf(server: Server): Expiry {
  return server.part(newExpiry);
}

function newExpiry(server: Server): Expiry {
  return new Expiry(server);
}

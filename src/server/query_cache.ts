/**
 * Results of queries that are kept as long as the data they came from stays as it is.
 *
 * Source: HTTP API description of `/_api/query-cache`; `aql.md` §18.1.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { ArangoError } from "../base/arango_error.ts";
import type { Database } from "../engine/database.ts";
import type { Server } from "./server.ts";

/** When results are kept: never, unless a query refuses, or only where a query asks for it. */
export type QueryCacheMode = "off" | "on" | "demand";

const MODES: readonly unknown[] = ["off", "on", "demand"] satisfies readonly QueryCacheMode[];

/** The settings that clients may change. */
export interface QueryCacheSettings {
  readonly mode: QueryCacheMode;
  /** Results in one database. */
  readonly maxResults: number;
  /** Bytes of all results of one database. */
  readonly maxResultsSize: number;
  /** Bytes of one result. */
  readonly maxEntrySize: number;
  /** Whether results from system collections are kept. */
  readonly includeSystem: boolean;
}

/** What a result depends on besides the data. */
export interface QueryIdentity {
  readonly user: string;
  readonly query: string;
  readonly bindVars: unknown;
  readonly fullCount: boolean;
}

/** A result as it is kept. */
export interface CachedResult {
  /** The JSON texts of the rows. */
  readonly rows: readonly string[];
  /** The JSON text of the attribute `extra`. */
  readonly extra: string;
  /** The names of the collections that were read. */
  readonly dataSources: readonly string[];
  /** Seconds. */
  readonly runTime: number;
}

/** Takes all results of a query if they will be the same the next time. */
export interface ResultTaker {
  /** How many characters they may have. */
  readonly mostCharacters: number;
  /** @param states the states of the data sources that the query has read */
  take(result: CachedResult, states: readonly (string | undefined)[]): void;
}

interface Entry extends CachedResult {
  readonly identity: QueryIdentity;
  /** The state of each data source when the result was made. */
  readonly states: readonly string[];
  readonly size: number;
  readonly started: string;
  hits: number;
}

/** The results that a server keeps. */
export class QueryCache {
  #settings: QueryCacheSettings = {
    mode: "off",
    maxResults: 128,
    maxResultsSize: 268435456,
    maxEntrySize: 16777216,
    includeSystem: false,
  };
  /** Entries by database id and key, the least recently used first. */
  readonly #entries = new Map<bigint, Map<string, Entry>>();

  /** The settings. */
  get settings(): QueryCacheSettings {
    return this.#settings;
  }

  /**
   * Changes settings. A change of the mode forgets all results.
   *
   * @throws ArangoError 10 for values that cannot be
   */
  change(given: Readonly<Record<string, unknown>>): void {
    const settings: Record<string, unknown> = { ...this.#settings };
    for (const name of Object.keys(settings)) {
      const value = given[name];
      if (value === undefined) continue;
      const fits = name === "mode"
        ? MODES.includes(value)
        : name === "includeSystem"
        ? typeof value === "boolean"
        : Number.isSafeInteger(value) && value as number >= 0;
      if (!fits) {
        throw new ArangoError(
          "ERROR_BAD_PARAMETER",
          `bad parameter: ${JSON.stringify(value)} is no value for '${name}'`,
        );
      }
      settings[name] = value;
    }
    if (settings.mode !== this.#settings.mode) this.#entries.clear();
    this.#settings = settings as unknown as QueryCacheSettings;
    for (const entries of this.#entries.values()) this.#trim(entries);
  }

  /**
   * Whether the results of a query belong here.
   *
   * @param wanted the query's option `cache`
   */
  serves(wanted: boolean | undefined): boolean {
    const { mode } = this.#settings;
    return mode === "on" ? wanted !== false : mode === "demand" && wanted === true;
  }

  /** The result of a query, if it is kept and still what the query would give. */
  find(database: Database, identity: QueryIdentity): CachedResult | undefined {
    const entries = this.#entries.get(database.id);
    const key = keyOf(identity);
    const entry = entries?.get(key);
    if (!entries || !entry) return undefined;
    entries.delete(key);
    if (!sameData(database, entry)) return undefined;
    entry.hits++;
    entries.set(key, entry);
    return entry;
  }

  /** What keeps the results of a query. */
  taker(database: Database, identity: QueryIdentity): ResultTaker {
    return {
      mostCharacters: this.#settings.maxEntrySize,
      take: (result, states) => this.#keep(database, identity, result, states),
    };
  }

  #keep(
    database: Database,
    identity: QueryIdentity,
    result: CachedResult,
    states: readonly (string | undefined)[],
  ): void {
    const { dataSources, extra } = result;
    const isSystem = dataSources.some((name) => name.startsWith("_"));
    if ((isSystem && !this.#settings.includeSystem) || states.includes(undefined)) return;
    const size = rowsSize(result) + identity.query.length + extra.length;
    if (size > this.#settings.maxEntrySize) return;
    let entries = this.#entries.get(database.id);
    if (!entries) this.#entries.set(database.id, entries = new Map());
    const started = new Date().toISOString().replace(/\.\d+/, "");
    entries.set(keyOf(identity), { ...result, identity, states: states as string[], size, started, hits: 0 });
    this.#trim(entries);
  }

  #trim(entries: Map<string, Entry>): void {
    const { maxResults, maxResultsSize } = this.#settings;
    let size = [...entries.values()].reduce((sum, entry) => sum + entry.size, 0);
    for (const [key, entry] of entries) {
      if (entries.size <= maxResults && size <= maxResultsSize) return;
      entries.delete(key);
      size -= entry.size;
    }
  }

  /** The results that are kept for a database, as clients see them. */
  list(database: Database): Record<string, unknown>[] {
    const entries = this.#entries.get(database.id) ?? new Map<string, Entry>();
    for (const [key, entry] of entries) if (!sameData(database, entry)) entries.delete(key);
    return [...entries].map(([key, { identity, size, rows, started, hits, runTime, dataSources }]) => ({
      hash: hash64(key).toString(),
      query: identity.query,
      bindVars: identity.bindVars ?? {},
      size,
      results: rows.length,
      started,
      hits,
      runTime,
      dataSources,
    }));
  }

  /** Forgets the results of a database. */
  clear(database: Database): void {
    this.#entries.delete(database.id);
  }
}

/** How many characters the rows of a result have. */
export function rowsSize({ rows }: CachedResult): number {
  return rows.reduce((sum, row) => sum + row.length, 0);
}

/** A number of 64 bits that stands for a text. */
export function hash64(text: string): bigint {
  return createHash("sha256").update(text).digest().readBigUInt64LE();
}

function keyOf({ user, query, bindVars, fullCount }: QueryIdentity): string {
  return JSON.stringify([user, query, bindVars ?? {}, fullCount], (_name, value) => {
    return typeof value === "bigint" ? `bigint ${value}` : value;
  });
}

/** The state of collections: equal texts mean equal contents; undefined for one that is not there. */
export function dataStates(database: Database, names: readonly string[]): (string | undefined)[] {
  return names.map((name) => {
    const collection = database.find(name);
    return collection && `${collection.id} ${database.engine.catalog.collectionTick(collection.id)}`;
  });
}

function sameData(database: Database, { dataSources, states }: Entry): boolean {
  return dataStates(database, dataSources).every((state, i) => state === states[i]);
}

/** The results that a server keeps. */
export function queryCacheOf(server: Server): QueryCache {
  return server.part(newQueryCache);
}

function newQueryCache(): QueryCache {
  return new QueryCache();
}

/**
 * What a server remembers about queries: settings and the slow ones.
 *
 * Source: HTTP API description of `/_api/query`; recorded example `QUERY_01_propertyOfQueries`.
 *
 * @module
 */
import { ArangoError } from "../base/arango_error.ts";
import type { Server } from "./server.ts";

/** The settings that clients may change. */
export interface QuerySettings {
  readonly enabled: boolean;
  readonly trackSlowQueries: boolean;
  readonly trackBindVars: boolean;
  readonly maxSlowQueries: number;
  /** Seconds. */
  readonly slowQueryThreshold: number;
  /** Seconds. */
  readonly slowStreamingQueryThreshold: number;
  readonly maxQueryStringLength: number;
}

/** A query that took long. */
export interface SlowQuery {
  readonly id: string;
  readonly database: string;
  readonly user: string;
  readonly query: string;
  readonly bindVars: unknown;
  readonly started: string;
  /** Seconds. */
  readonly runTime: number;
  readonly peakMemoryUsage: number;
  readonly state: "finished";
  readonly stream: boolean;
}

/** What a server remembers about queries. */
export class QueryLog {
  #settings: QuerySettings = {
    enabled: true,
    trackSlowQueries: true,
    trackBindVars: true,
    maxSlowQueries: 64,
    slowQueryThreshold: 10,
    slowStreamingQueryThreshold: 10,
    maxQueryStringLength: 4096,
  };
  #slow: SlowQuery[] = [];

  /** The settings. */
  get settings(): QuerySettings {
    return this.#settings;
  }

  /**
   * Changes settings.
   *
   * @throws ArangoError 10 for values of other types
   */
  change(given: Readonly<Record<string, unknown>>): void {
    const settings: Record<string, unknown> = { ...this.#settings };
    for (const [name, value] of Object.entries(given)) {
      if (!(name in settings)) continue;
      if (typeof value !== typeof settings[name] || (typeof value === "number" && !(value >= 0))) {
        throw new ArangoError("ERROR_BAD_PARAMETER", `bad parameter: invalid value for ${name}`);
      }
      settings[name] = value;
    }
    this.#settings = settings as unknown as QuerySettings;
  }

  /** Notes a query that has ended, if it was slow. */
  note(query: SlowQuery): void {
    const { enabled, trackSlowQueries, slowQueryThreshold, slowStreamingQueryThreshold, maxSlowQueries } =
      this.#settings;
    const threshold = query.stream ? slowStreamingQueryThreshold : slowQueryThreshold;
    if (!enabled || !trackSlowQueries || query.runTime < threshold) return;
    const { maxQueryStringLength, trackBindVars } = this.#settings;
    const text = query.query.length > maxQueryStringLength
      ? `${query.query.slice(0, maxQueryStringLength)}...`
      : query.query;
    this.#slow = [...this.#slow, { ...query, query: text, bindVars: trackBindVars ? query.bindVars : {} }]
      .slice(-maxSlowQueries);
  }

  /** The slow queries of a database, or of all. */
  slow(database: string | undefined): SlowQuery[] {
    return this.#slow.filter((one) => database === undefined || one.database === database);
  }

  /** Forgets the slow queries of a database, or of all. */
  clear(database: string | undefined): void {
    this.#slow = this.#slow.filter((one) => database !== undefined && one.database !== database);
  }
}

/** What a server remembers about queries. */
export function queryLogOf(server: Server): QueryLog {
  return server.part(newLog);
}

function newLog(): QueryLog {
  return new QueryLog();
}

/**
 * What a database tracks of its queries: settings that clients may change, and the slow ones.
 *
 * Source: HTTP API description of `/_api/query/properties` and `/_api/query/slow`; recorded example `QUERY_01_propertyOfQueries`.
 *
 * @module
 */
import { ArangoError } from "../base/arango_error.ts";
import type { QueryInfo } from "./queries.ts";

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

const WHOLE_NUMBERS: ReadonlySet<string> = new Set<keyof QuerySettings>(["maxSlowQueries", "maxQueryStringLength"]);

/** What a database tracks of its queries. */
export class QueryTracking {
  #settings: QuerySettings = {
    enabled: true,
    trackSlowQueries: true,
    trackBindVars: true,
    maxSlowQueries: 64,
    slowQueryThreshold: 10,
    slowStreamingQueryThreshold: 10,
    maxQueryStringLength: 4096,
  };
  #slow: QueryInfo[] = [];

  /** The settings. */
  get settings(): QuerySettings {
    return this.#settings;
  }

  /** The slow queries, the latest one last. */
  get slow(): readonly QueryInfo[] {
    return this.#slow;
  }

  /**
   * Changes settings.
   *
   * @param given null leaves a setting as it is: the Go driver sends that
   * @throws ArangoError 10 for values of other types
   */
  change(given: Readonly<Record<string, unknown>>): void {
    const settings: Record<string, unknown> = { ...this.#settings };
    for (const [name, value] of Object.entries(given)) {
      if (!(name in settings) || value === null) continue;
      const isRight = typeof value === typeof settings[name] && (typeof value !== "number" || value >= 0) &&
        (!WHOLE_NUMBERS.has(name) || Number.isSafeInteger(value));
      if (!isRight) {
        throw new ArangoError("ERROR_BAD_PARAMETER", `bad parameter: invalid value for ${name}`);
      }
      settings[name] = value;
    }
    this.#settings = settings as unknown as QuerySettings;
  }

  /** A query with no more of it than the settings let people see. */
  shown(query: QueryInfo): QueryInfo {
    const { maxQueryStringLength, trackBindVars } = this.#settings;
    const text = query.query.length > maxQueryStringLength
      ? `${query.query.slice(0, maxQueryStringLength)}...`
      : query.query;
    return { ...query, query: text, bindVars: trackBindVars ? query.bindVars : {} };
  }

  /** Keeps a query that has ended if it was slow, and tells whether it was. */
  note(query: QueryInfo): boolean {
    const { enabled, trackSlowQueries, slowQueryThreshold, slowStreamingQueryThreshold, maxSlowQueries } =
      this.#settings;
    const threshold = query.stream ? slowStreamingQueryThreshold : slowQueryThreshold;
    if (!enabled || !trackSlowQueries || query.runTime < threshold) return false;
    const slow = [...this.#slow, this.shown(query)];
    this.#slow = slow.slice(Math.max(0, slow.length - maxSlowQueries));
    return true;
  }

  /** Forgets the slow queries. */
  clear(): void {
    this.#slow = [];
  }
}

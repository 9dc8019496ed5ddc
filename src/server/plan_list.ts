/**
 * The plans that clients have asked the server to keep, as `/_api/query-plan-cache` lists them.
 *
 * The server keeps plans of all queries (`src/aql/plan_cache.ts`); this list is about those that said `usePlanCache`.
 *
 * Source: ArangoDB's manual, "The execution plan cache for AQL queries"; HTTP API description of `/_api/query-plan-cache`.
 *
 * @module
 */
import { queryHash } from "../base/query_hash.ts";
import type { Database } from "../engine/database.ts";
import { hash64 } from "./query_cache.ts";
import type { Server } from "./server.ts";

/** What plans are told apart by. */
export interface PlanIdentity {
  readonly query: string;
  readonly fullCount: boolean;
  /** The values of the parameters that name collections. */
  readonly bindVars: Readonly<Record<string, unknown>>;
}

/** What there is to tell of a plan. */
export interface PlanSummary {
  readonly dataSources: readonly string[];
  /** Bytes. */
  readonly memoryUsage: number;
}

interface Entry extends PlanSummary {
  readonly identity: PlanIdentity;
  /** The state of the definitions that the plan was made for. */
  readonly definitions: number;
  readonly hash: string;
  readonly created: string;
  hits: number;
}

/** The most entries of a database. */
const MOST_ENTRIES = 128;

/** The plans of a server. */
export class PlanList {
  /** Entries by database id and identity, the oldest first. */
  readonly #databases = new Map<bigint, Map<string, Entry>>();

  /** The entries of a database that its definitions have not outlived. */
  #entries(database: Database): Map<string, Entry> {
    let entries = this.#databases.get(database.id);
    if (!entries) this.#databases.set(database.id, entries = new Map());
    for (const [key, { definitions }] of entries) if (definitions !== database.engine.definitions) entries.delete(key);
    return entries;
  }

  /**
   * Notes that a query uses its plan.
   *
   * @param summary called when the plan is new
   * @returns the key of the plan if it was there before
   */
  use(database: Database, identity: PlanIdentity, summary: () => PlanSummary): string | undefined {
    const entries = this.#entries(database);
    const { definitions } = database.engine;
    const key = JSON.stringify([identity.query, identity.fullCount, identity.bindVars]);
    const known = entries.get(key);
    if (known) {
      known.hits++;
      return known.hash;
    }
    const created = new Date().toISOString().replace(/\.\d+/, "");
    const hash = hash64(`${database.id} ${key}`).toString();
    entries.set(key, { identity, ...summary(), definitions, hash, created, hits: 0 });
    if (entries.size > MOST_ENTRIES) entries.delete(entries.keys().next().value!);
    return undefined;
  }

  /**
   * The entries of a database, as clients see them: the newest first, as the manual's recorded list has them.
   *
   * @param isReadable whether the client may see a collection
   */
  list(database: Database, isReadable: (collection: string) => boolean): Record<string, unknown>[] {
    return [...this.#entries(database).values()].reverse().filter(({ dataSources }) => dataSources.every(isReadable))
      .map(({ identity, hash, dataSources, created, hits, memoryUsage }) => ({
        hash,
        query: identity.query,
        queryHash: Number(queryHash(identity.query)),
        bindVars: identity.bindVars,
        fullCount: identity.fullCount,
        dataSources,
        created,
        hits,
        memoryUsage,
      }));
  }

  /** Forgets the plans of a database. */
  clear(database: Database): void {
    this.#databases.delete(database.id);
  }
}

/** The plans that clients have asked a server to keep. */
export function planListOf(server: Server): PlanList {
  return server.part(newPlanList);
}

function newPlanList(): PlanList {
  return new PlanList();
}

/**
 * The plans that a server has explained lately, so that clients can have one run that they were shown.
 *
 * ArangoDB builds a query from the JSON of a plan. Here the JSON only tells which query it was made for; it must be unchanged.
 *
 * Source: `arangosh.md` §7.4, `executeJson`.
 *
 * @module
 */
import { ArangoError } from "../base/arango_error.ts";
import { hash64 } from "./query_cache.ts";
import type { Server } from "./server.ts";

/** How many plans are kept. */
const MOST_PLANS = 500;

/** The plans that a server has explained lately; `T` is what is kept of the request. */
export class ExplainedPlans<T> {
  readonly #requests = new Map<string, T>();

  /**
   * Keeps what a plan was made for.
   *
   * @param planText the plan as JSON text
   */
  note(database: string, planText: string, request: T): void {
    const key = keyOf(database, JSON.parse(planText) as object);
    this.#requests.delete(key);
    this.#requests.set(key, request);
    if (this.#requests.size > MOST_PLANS) this.#requests.delete(this.#requests.keys().next().value!);
  }

  /**
   * What a plan was made for.
   *
   * @throws ArangoError 9 for a plan that was not explained here, or too long ago
   */
  find(database: string, plan: object): T {
    const found = this.#requests.get(keyOf(database, plan));
    if (found !== undefined) return found;
    throw new ArangoError(
      "ERROR_NOT_IMPLEMENTED",
      `not implemented: denosh runs plans as /_api/explain has shown them, the last ${MOST_PLANS} of them; explain the query again`,
    );
  }
}

/** Numbers may be written differently on their way through a client. */
function keyOf(database: string, plan: object): string {
  return `${database} ${hash64(JSON.stringify(plan))}`;
}

/** The plans that a server has explained. */
export function explainedPlansOf<T>(server: Server): ExplainedPlans<T> {
  return server.part(newExplainedPlans) as ExplainedPlans<T>;
}

function newExplainedPlans(): ExplainedPlans<unknown> {
  return new ExplainedPlans();
}

/**
 * Plans of queries that are kept for the next run, also with other values of the bind parameters.
 *
 * @module
 */
import type { CompiledPlan } from "./execution/compiled_plan.ts";
import type { AqlObject } from "./values.ts";

/** A plan that can be used again. */
export interface KeptPlan {
  readonly compiled: CompiledPlan;
  /** The names of the query's parameters. */
  readonly declared: readonly string[];
  /** How many documents the collections had when the query was planned. */
  readonly counts: ReadonlyMap<string, number>;
}

/** What a plan is good for besides the text of the query. */
export interface PlanScope {
  readonly cache: PlanCache;
  /** The database, and the state of all definitions. */
  readonly name: string;
}

/** How many queries are remembered, how long their texts may be, and how many plans one of them may have. */
const MOST_QUERIES = 256;
const LONGEST_TEXT = 16_384;
const MOST_VARIANTS = 4;
/** What a plan depends on may have this many characters. */
const LONGEST_DEPENDENCE = 1024;
/** Collections below this size are all the same to a plan; above it, a plan is good up to this many times the size. */
const SMALL = 1000;
const GROWTH = 4;

interface Variant {
  readonly dependence: string;
  readonly kept: KeptPlan;
}

/** The plans of the queries that ran last. A plan that is in use is not in the cache. */
export class PlanCache {
  /** Plans by scope, settings and text of the query, the least recently used query first. */
  readonly #queries = new Map<string, Variant[]>();

  /**
   * Takes a plan out.
   *
   * @param key of the query, with everything that its plan depends on but the values of its parameters
   * @param values of the parameters, as the client gave them
   * @param count how many documents a collection has now
   */
  take(key: string, values: AqlObject, count: (collection: string) => number): KeptPlan | undefined {
    const variants = this.#queries.get(key);
    if (!variants) return undefined;
    const at = variants.findIndex(({ kept, dependence }) => kept.compiled.binds.dependence(values) === dependence);
    if (at < 0) return undefined;
    const [{ kept }] = variants.splice(at, 1) as [Variant];
    for (const [name, before] of kept.counts) if (!isAlike(before, count(name))) return undefined;
    return kept;
  }

  /**
   * Keeps a plan, or puts it back, when it has run.
   *
   * @param values of the parameters that it was made or used with
   */
  keep(key: string, kept: KeptPlan, values: AqlObject): void {
    if (key.length > LONGEST_TEXT) return;
    const dependence = kept.compiled.binds.dependence(values);
    if (dependence.length > LONGEST_DEPENDENCE) return;
    const others = this.#queries.get(key)?.filter((one) => one.dependence !== dependence) ?? [];
    this.#queries.delete(key);
    this.#queries.set(key, [{ dependence, kept }, ...others.slice(0, MOST_VARIANTS - 1)]);
    if (this.#queries.size > MOST_QUERIES) this.#queries.delete(this.#queries.keys().next().value!);
  }
}

/** Whether a plan for a collection of one size is good for another. */
function isAlike(before: number, now: number): boolean {
  const [small, large] = before < now ? [before, now] : [now, before];
  return large <= SMALL || large <= small * GROWTH;
}

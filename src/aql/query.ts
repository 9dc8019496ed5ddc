/**
 * Running queries: from text to a cursor.
 *
 * @module
 */
import { ArangoError } from "../base/arango_error.ts";
import { statementsJson } from "./ast_json.ts";
import type { DataSource, ReadSession } from "./data_source.ts";
import type { CompiledPlan } from "./execution/compiled_plan.ts";
import type { QueryContext, QueryCounters, QueryEnvironment, QueryWarning } from "./execution/context.ts";
import { BATCH, type NodeProfile, type Profiles } from "./execution/operator.ts";
import type { Pipeline } from "./execution/pipeline.ts";
import { isCacheable, searchesGraph } from "./plan/cacheable.ts";
import { planJson } from "./plan/plan_json.ts";
import { parse } from "./parser.ts";
import { isEligible } from "./plan_eligibility.ts";
import { Preparation, type QueryOptions } from "./preparation.ts";
import { inQuery, type QueryState } from "./query_error.ts";
import { resolveQuery } from "./resolver.ts";
import { type AqlArray, type AqlObject, jsonText, parseJson } from "./values.ts";

export type { QueryOptions } from "./preparation.ts";

/** What a node of a profiled query has done. */
export interface NodeStatistics extends NodeProfile {
  readonly id: number;
  /** How many of its calls went on at the same time as others. */
  readonly parallel: number;
  /** Seconds of fetching what it works on. */
  readonly fetching: number;
}

/** The counters of a query; see section 18.3 of `aql.md`. */
export interface QueryStatistics extends Readonly<QueryCounters> {
  /** Seconds. */
  readonly executionTime: number;
  /** Bytes. */
  readonly peakMemoryUsage: number;
  /** Of queries that were profiled node by node. */
  readonly nodes?: readonly NodeStatistics[];
}

/** What a query has to tell beside its results. */
export interface QueryExtra {
  readonly warnings: readonly QueryWarning[];
  readonly stats: QueryStatistics;
  readonly profile?: Readonly<Record<string, number>>;
  readonly plan?: AqlObject;
}

/** The names of the timings, in the order of a profile. */
const PHASES: readonly QueryState[] = [
  "initializing",
  "parsing",
  "optimizing ast",
  "loading collections",
  "instantiating plan",
  "optimizing plan",
  "instantiating executors",
  "executing",
  "finalizing",
];

/** What a run has told. */
type Outcome = Pick<QueryContext, "warnings" | "hasWarned" | "counters" | "memory">;

/** The results of a query, in order, a batch at a time. */
export class Query implements Disposable {
  readonly #preparation: Preparation;
  readonly #compiled: CompiledPlan;
  readonly #text: string;
  /** The context as long as the query runs; others may be using it when it has ended. */
  #context: QueryContext | undefined;
  #outcome: Outcome;
  /** What {@linkcode extra} gives once the query has ended. */
  #extra: QueryExtra | undefined;
  /** Whether the results are JSON texts of what the query returns. */
  #areTexts = false;
  /** Results that are there already, the next one at `#at`; undefined while a stream goes on. */
  #results: AqlArray | undefined;
  #at = 0;
  #pipeline: Pipeline | undefined;
  #session: ReadSession | undefined;
  /** The batch after the ones that were given, for streams: to know whether there is more. */
  #ahead: AqlArray = [];
  #executionTime: number | undefined;
  readonly #profiles: Profiles | undefined;

  /** Queries are made by {@linkcode runQuery}. */
  constructor(preparation: Preparation, compiled: CompiledPlan, text: string) {
    this.#preparation = preparation;
    this.#compiled = compiled;
    this.#text = text;
    const { context } = compiled;
    this.#context = context;
    this.#outcome = context;
    if (Number(preparation.options.profile ?? 0) >= 2) this.#profiles = context.profileNodes();
    if (preparation.options.stream && !compiled.isModification) this.#stream(context);
    else this.#execute(context);
  }

  #open(): Pipeline {
    const preparation = this.#preparation;
    preparation.state = "instantiating executors";
    const pipeline = this.#compiled.start();
    this.#areTexts = pipeline.givesTexts;
    preparation.state = "executing";
    return pipeline;
  }

  #execute(context: QueryContext): void {
    const preparation = this.#preparation;
    const { source, options } = preparation;
    const { access, isModification } = this.#compiled;
    const run = (): AqlArray => {
      const pipeline = this.#open();
      const results: AqlArray = [];
      for (let batch = pipeline.next(BATCH); batch.length > 0; batch = pipeline.next(BATCH)) {
        if (options.silent) continue;
        context.memory.keep(batch);
        for (const one of batch) results.push(one);
      }
      context.check();
      return results;
    };
    this.#results = preparation.guard(() => {
      if (isModification) {
        return source.write(access, (session) => {
          context.session = session;
          return run();
        });
      }
      using session = source.read(access);
      context.session = session;
      return run();
    });
    this.#finish(true);
  }

  #stream(context: QueryContext): void {
    const preparation = this.#preparation;
    preparation.guard(() => {
      this.#session = preparation.source.read(this.#compiled.access);
      context.session = this.#session;
      this.#pipeline = this.#open();
    });
  }

  /** @param isSound whether nothing has gone wrong */
  #finish(isSound: boolean): void {
    const context = this.#context;
    if (!context) return;
    const preparation = this.#preparation;
    preparation.state = "finalizing";
    preparation.state = "finished";
    this.#executionTime = (performance.now() - preparation.startTime) / 1000;
    const { warnings, hasWarned, counters, memory } = context;
    this.#outcome = { warnings, hasWarned, counters, memory };
    this.#context = undefined;
    this.#compiled.end();
    preparation.done(isSound);
  }

  /** How many results there are; undefined for streams. */
  get count(): number | undefined {
    return this.#results?.length;
  }

  /** Whether all results were given. */
  get done(): boolean {
    if (this.#results) return this.#at >= this.#results.length;
    this.#fill(1);
    return this.#ahead.length === 0;
  }

  /**
   * The next results.
   *
   * @param max how many at most
   * @throws ArangoError whatever ends a streaming query
   */
  nextBatch(max: number): AqlArray {
    const batch = this.#next(max);
    return this.#areTexts ? parseJson(`[${batch.join(",")}]`) as AqlArray : batch;
  }

  /** The next results as JSON texts; see {@linkcode nextBatch}. */
  nextBatchText(max: number): string[] {
    const batch = this.#next(max);
    return this.#areTexts ? batch as string[] : batch.map(jsonText);
  }

  #next(max: number): AqlArray {
    if (this.#results) {
      const batch = this.#results.slice(this.#at, this.#at + max);
      this.#at += batch.length;
      return batch;
    }
    this.#fill(max);
    return this.#ahead.splice(0, max);
  }

  #fill(wanted: number): void {
    const pipeline = this.#pipeline;
    if (!pipeline || this.#ahead.length >= wanted) return;
    try {
      this.#preparation.guard(() => {
        while (this.#ahead.length < wanted) {
          const batch = pipeline.next(Math.min(BATCH, wanted - this.#ahead.length));
          if (batch.length === 0) {
            this[Symbol.dispose]();
            return;
          }
          if (this.#preparation.options.silent) continue;
          for (const one of batch) this.#ahead.push(one);
        }
      });
    } catch (error) {
      this.#end(false);
      throw error;
    }
  }

  /** Warnings, statistics and what else was asked for; complete once all results were computed. */
  extra(): QueryExtra {
    return this.#context ? this.#toldSoFar() : this.#extra ??= this.#toldSoFar();
  }

  #toldSoFar(): QueryExtra {
    const { options, times, startTime } = this.#preparation;
    const { warnings, memory } = this.#outcome;
    const { fullCount, intermediateCommits, ...counters } = this.#outcome.counters;
    const profile = Number(options.profile ?? 0);
    return {
      warnings,
      stats: {
        ...counters,
        // without a LIMIT it is what the query gives, as recorded in `06_workWithAQL_statementsExtra`
        ...(options.fullCount && !options.stream ? { fullCount: fullCount ?? this.count ?? 0 } : {}),
        executionTime: this.#executionTime ?? (performance.now() - startTime) / 1000,
        peakMemoryUsage: memory.peak,
        intermediateCommits,
        ...(this.#profiles ? { nodes: nodeStatistics(this.#profiles) } : {}),
      },
      ...(profile >= 1 ? { profile: Object.fromEntries(PHASES.map((phase) => [phase, times.get(phase) ?? 0])) } : {}),
      ...(profile >= 2 ? { plan: planJson(this.#compiled.plan, this.#preparation.source, { functions: false }) } : {}),
    };
  }

  /**
   * Whether the query gives the same, without warnings, as long as the collections that it reads stay as they are.
   *
   * Graph searches go to collections that the query does not name.
   */
  get isCacheable(): boolean {
    const { plan } = this.#compiled;
    return !this.#outcome.hasWarned && isCacheable(plan, this.#text) && !searchesGraph(plan);
  }

  /** The names of the collections that the query reads or writes. */
  get dataSources(): readonly string[] {
    return this.#compiled.access.read;
  }

  /** Whether the query writes. */
  get isModification(): boolean {
    return this.#compiled.isModification;
  }

  /** Makes a streaming query end with error 1500 at its next step. */
  kill(): void {
    this.#context?.kill();
  }

  /** Gives back what a streaming query holds. Further batches are empty. */
  [Symbol.dispose](): void {
    this.#end(true);
  }

  #end(isSound: boolean): void {
    this.#pipeline = undefined;
    this.#session?.[Symbol.dispose]();
    this.#session = undefined;
    this.#finish(isSound);
  }
}

function nodeStatistics(profiles: Profiles): NodeStatistics[] {
  return [...profiles].sort(([a], [b]) => a - b).map(([id, profile]) => ({ id, ...profile, parallel: 0, fetching: 0 }));
}

/**
 * Runs a query. Without `stream` it is complete when this returns; a query that writes is committed then.
 *
 * @param source the database
 * @param text the query
 * @param bindVars the values of the bind parameters by name, `@x` for data sources; null or undefined for none
 * @param options how to run it
 * @param environment the user, the clock, user-defined functions
 * @throws ArangoError whatever is wrong with the query, as `AQL: … (while …)`
 */
export function runQuery(
  source: DataSource,
  text: string,
  bindVars: unknown = {},
  options: QueryOptions = {},
  environment: QueryEnvironment = {},
): Query {
  const preparation = new Preparation(source, options, environment);
  return new Query(preparation, preparation.plan(text, bindVars), text);
}

/** What {@linkcode parseQuery} finds. */
export interface ParsedQuery {
  readonly bindVars: readonly string[];
  readonly collections: readonly string[];
  /** In ArangoDB's shape; see section 19.4 of `aql.md`. */
  readonly ast: AqlArray;
}

/**
 * Parses a query without running it: collections need not exist, bind parameters need no values.
 *
 * @throws ArangoError for the errors of syntax, scopes and function calls
 */
export function parseQuery(text: string): ParsedQuery {
  try {
    const query = parse(text);
    const bound = resolveQuery(query);
    return {
      bindVars: [...query.binds].sort((a, b) => (plainName(a) < plainName(b) ? -1 : 1)),
      collections: [...bound.collections.keys()].sort(),
      ast: [{ type: "root", subNodes: statementsJson(bound.statements) }],
    };
  } catch (error) {
    throw inQuery(error, "parsing");
  }
}

/** What {@linkcode sharedPlan} tells. */
export interface SharedPlan {
  /** The names of the collections that the query reads or writes. */
  readonly dataSources: readonly string[];
  /** Bytes, roughly. */
  readonly memoryUsage: number;
}

/**
 * Looks at the plan of a query that asks for the plan cache.
 *
 * @throws ArangoError 1584 if the plan cannot serve other values of the parameters, and as {@linkcode runQuery}
 */
export function sharedPlan(
  source: DataSource,
  text: string,
  bindVars: unknown,
  options: QueryOptions,
  environment: QueryEnvironment,
): SharedPlan {
  const { plans: _, ...rest } = environment;
  const preparation = new Preparation(source, options, rest);
  const { plan, context } = preparation.plan(text, bindVars);
  const isFixed = options.allPlans === true || (options.optimizer?.rules ?? []).length > 0;
  if (isFixed || context.hasWarned || !isEligible(parse(text))) {
    throw inQuery(new ArangoError("ERROR_QUERY_NOT_ELIGIBLE_FOR_PLAN_CACHING"), preparation.state);
  }
  return {
    dataSources: [...plan.collections.keys()],
    memoryUsage: text.length + jsonText(planJson(plan, source)).length,
  };
}

function plainName(bind: string): string {
  return bind.replace("@", "");
}

/** The answer of {@linkcode explainQuery}; see section 19.1 of `aql.md`. */
export interface ExplainedQuery {
  readonly plan?: AqlObject;
  readonly plans?: readonly AqlObject[];
  readonly cacheable?: boolean;
  readonly warnings: readonly QueryWarning[];
  readonly stats: AqlObject;
}

/**
 * The plan of a query, which is not run.
 *
 * @throws ArangoError as {@linkcode runQuery}, without `AQL: `
 */
export function explainQuery(
  source: DataSource,
  text: string,
  bindVars: unknown = {},
  options: QueryOptions = {},
  environment: QueryEnvironment = {},
): ExplainedQuery {
  // what is shown is planned for its own values
  const { plans: _, ...rest } = environment;
  const preparation = new Preparation(source, options, rest, "");
  const { plan, context } = preparation.plan(text, bindVars);
  const { statistics } = preparation;
  const details = { verbose: options.verbosePlans === true };
  return {
    ...(options.allPlans
      ? { plans: preparation.allPlans.map((one) => planJson(one, source, details)) }
      // results with warnings are not kept
      : { plan: planJson(plan, source, details), cacheable: isCacheable(plan, text) && !context.hasWarned }),
    warnings: context.warnings,
    stats: {
      rulesExecuted: statistics?.rulesExecuted ?? 0,
      rulesSkipped: statistics?.rulesSkipped ?? 0,
      plansCreated: statistics?.plansCreated ?? 1,
      // `profile: 2` asks for the seconds that each rule took
      rules: Number(options.profile ?? 0) >= 2 ? Object.fromEntries(statistics?.times ?? []) : {},
      peakMemoryUsage: 0,
      executionTime: (performance.now() - preparation.startTime) / 1000,
    },
  };
}

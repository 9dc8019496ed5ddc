/**
 * From the text of a query to the plan that runs it.
 *
 * @module
 */
import type { WriteLimits } from "../engine/transaction.ts";
import { BindParameters, checkedBinds } from "./bind_parameters.ts";
import type { DataSource } from "./data_source.ts";
import { CompiledPlan } from "./execution/compiled_plan.ts";
import { QueryContext, type QueryEnvironment, type Surroundings } from "./execution/context.ts";
import { parse } from "./parser.ts";
import type { Plan } from "./plan/nodes.ts";
import { optimize, type OptimizerStatistics } from "./plan/optimizer.ts";
import { makePlan } from "./plan/planner.ts";
import { checkRegisters } from "./plan/registers.ts";
import type { KeptPlan, PlanScope } from "./plan_cache.ts";
import { inQuery, type QueryState } from "./query_error.ts";
import { resolveQuery } from "./resolver.ts";
import { type AqlObject, type AqlValue, isObject } from "./values.ts";

/** How a query is to be run; unknown attributes are ignored. Source: section 18.1 of `aql.md`. */
export interface QueryOptions {
  /** Count what the last LIMIT of the main query leaves out. @default {false} */
  readonly fullCount?: boolean;
  /** Seconds until error 1500; 0 for no limit. @default {0} */
  readonly maxRuntime?: number;
  /** Bytes until error 32; 0 for no limit. @default {0} */
  readonly memoryLimit?: number;
  /** How many warnings are kept. @default {10} */
  readonly maxWarningCount?: number;
  /** Make the first warning an error. @default {false} */
  readonly failOnWarning?: boolean;
  /** Compute results when they are asked for; reading queries only. @default {false} */
  readonly stream?: boolean;
  /** Produce no results. @default {false} */
  readonly silent?: boolean;
  /** Collections that the user may not read look empty, where the {@linkcode DataSource} knows of users. @default {false} */
  readonly skipInaccessibleCollections?: boolean;
  /** 1 adds timings to the extra information, 2 the plan too. @default {0} */
  readonly profile?: number | boolean;
  /** Which rules of the optimizer to use: `-rule`, `+rule`, `-all`, `+all`. */
  readonly optimizer?: { readonly rules?: readonly string[] };
  /** Refuse queries whose plans cannot be shared; see {@linkcode sharedPlan}. @default {false} */
  readonly usePlanCache?: boolean;
  /** Writes after which what was written is committed: a failure later on does not undo it. @default {Infinity} */
  readonly intermediateCommitCount?: number;
  /** Bytes of documents after which what was written is committed. @default {Infinity} */
  readonly intermediateCommitSize?: number;
  /** Bytes of documents that may be written without a commit in between, until error 32. @default {Infinity} */
  readonly maxTransactionSize?: number;
  /** How many plans the optimizer makes at most. @default {128} */
  readonly maxNumberOfPlans?: number;
  /** How many branches a condition may have that indexes serve. @default {Infinity} */
  readonly maxDNFConditionMembers?: number;
  /** Explain: give an array of plans. @default {false} */
  readonly allPlans?: boolean;
  /** Explain: further attributes of nodes. @default {false} */
  readonly verbosePlans?: boolean;
}

function writeLimits(options: QueryOptions): WriteLimits | undefined {
  const { intermediateCommitCount, intermediateCommitSize, maxTransactionSize } = options;
  if ((intermediateCommitCount ?? intermediateCommitSize ?? maxTransactionSize) === undefined) return undefined;
  return {
    commitCount: intermediateCommitCount ?? Infinity,
    commitSize: intermediateCommitSize ?? Infinity,
    maxSize: maxTransactionSize ?? Infinity,
  };
}

/** A query on its way from text to results. */
export class Preparation {
  readonly source: DataSource;
  readonly options: QueryOptions;
  /** Seconds, of queries that are profiled. */
  readonly times = new Map<QueryState, number>();
  readonly startTime = performance.now();
  /** What the optimizer has done, once it has. */
  statistics: OptimizerStatistics | undefined;
  /** All plans that the optimizer has made, the cheapest first; empty where a plan was kept from an earlier run. */
  allPlans: readonly Plan[] = [];
  readonly #prefix: string;
  readonly #surroundings: Surroundings;
  readonly #plans: PlanScope | undefined;
  /** Gives the plan to the next run of the query. */
  #giveBack: (() => void) | undefined;
  #state: QueryState = "initializing";
  readonly #isTimed: boolean;
  #since = this.startTime;

  constructor(source: DataSource, options: QueryOptions, environment: QueryEnvironment, prefix = "AQL: ") {
    this.source = source;
    this.options = options;
    this.#prefix = prefix;
    this.#isTimed = Number(options.profile ?? 0) >= 1;
    // plans that are shown are made for their own values
    this.#plans = options.allPlans || Number(options.profile ?? 0) >= 2 ? undefined : environment.plans;
    const limits = {
      maxWarningCount: options.maxWarningCount ?? 10,
      failOnWarning: options.failOnWarning ?? false,
      maxRuntime: options.maxRuntime ?? 0,
      memoryLimit: options.memoryLimit ?? 0,
      writes: writeLimits(options),
    };
    this.#surroundings = { source, environment, limits };
  }

  get state(): QueryState {
    return this.#state;
  }

  set state(state: QueryState) {
    if (this.#isTimed) {
      const now = performance.now();
      this.times.set(this.#state, (this.times.get(this.#state) ?? 0) + (now - this.#since) / 1000);
      this.#since = now;
    }
    this.#state = state;
  }

  /** Runs a piece of the work; its errors say what the query was doing. */
  guard<T>(body: () => T): T {
    try {
      return body();
    } catch (error) {
      throw inQuery(error, this.#state, this.#prefix);
    }
  }

  /** The plan of a query, ready to run. */
  plan(text: string, bindVars: unknown): CompiledPlan {
    return this.guard(() => {
      const plans = this.#plans;
      if (!plans) return this.#newPlan(text, bindVars).compiled;
      const { fullCount = false, optimizer, maxNumberOfPlans, maxDNFConditionMembers } = this.options;
      const settings = optimizer || (maxNumberOfPlans ?? maxDNFConditionMembers) !== undefined
        ? JSON.stringify([optimizer?.rules, maxNumberOfPlans, maxDNFConditionMembers])
        : "";
      const key = `${plans.name} ${fullCount} ${settings}\n${text}`;
      const known = isObject(bindVars as AqlValue)
        ? plans.cache.take(key, bindVars as AqlObject, (name) => this.source.collection(name)?.count() ?? 0)
        : undefined;
      known?.compiled.context.begin(this.#surroundings);
      const kept = known ?? this.#newPlan(text, bindVars);
      const { compiled } = kept;
      const values = this.#valuesOf(kept, bindVars);
      compiled.binds.assign(values);
      const { planIsFleeting, hasWarned } = compiled.context;
      // what was warned of while planning, no later run would hear of
      if (!planIsFleeting && !hasWarned) this.#giveBack = () => plans.cache.keep(key, kept, values);
      return compiled;
    });
  }

  /** The values of a plan's parameters; those of a kept plan are refused as if it was parsed. */
  #valuesOf({ declared }: KeptPlan, bindVars: unknown): AqlObject {
    try {
      return checkedBinds(declared, bindVars);
    } catch (error) {
      this.state = "parsing";
      throw error;
    }
  }

  #newPlan(text: string, bindVars: unknown): KeptPlan {
    this.state = "parsing";
    const query = parse(text);
    const declared = query.binds;
    const binds = new BindParameters(checkedBinds(declared, bindVars), this.#plans !== undefined);
    const context = new QueryContext(this.#surroundings);
    const bound = resolveQuery(query, {
      source: this.source,
      binds,
      context,
      onState: (state) => {
        if (state !== this.#state) this.state = state;
      },
    });
    this.state = "instantiating plan";
    const first = makePlan(bound, this.options.fullCount ?? false);
    this.state = "optimizing plan";
    const { rules } = this.options.optimizer ?? {};
    const { maxNumberOfPlans, maxDNFConditionMembers, allPlans = false } = this.options;
    const { plans, statistics, isTooComplex } = optimize(first, this.source, {
      ...(rules ? { rules } : {}),
      ...(maxNumberOfPlans === undefined ? {} : { maxNumberOfPlans }),
      ...(maxDNFConditionMembers === undefined ? {} : { maxDNFConditionMembers }),
      allPlans,
    });
    if (isTooComplex) context.warn(1576, "FILTER/PRUNE condition complexity is too high");
    const [plan] = plans;
    this.allPlans = plans;
    checkRegisters(plan);
    this.statistics = statistics;
    const counts = new Map([...plan.collections.keys()].map((name) => [name, this.source.collection(name)!.count()]));
    return { compiled: new CompiledPlan(plan, context, binds), declared, counts };
  }

  /**
   * Lets go of the plan: the query does not need it any more.
   *
   * @param isSound whether others may use it; not after an error, which may have left operators in the middle of their work
   */
  done(isSound: boolean): void {
    if (isSound) this.#giveBack?.();
    this.#giveBack = undefined;
  }
}

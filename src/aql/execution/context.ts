/**
 * What a running query shares among its parts: warnings, counters, the clock, limits and the stored data.
 *
 * @module
 */
import type { Tokenizer } from "../../analyzers/analyzer.ts";
import { builtInTokenizer } from "../../analyzers/built_in.ts";
import { ArangoError, arangoError } from "../../base/arango_error.ts";
import type { WriteLimits } from "../../engine/transaction.ts";
import type { DataSource, SourceSession } from "../data_source.ts";
import type { FulltextLookup, FunctionContext, FunctionData, GeoLookup } from "../functions/mod.ts";
import { type AqlObject, type AqlValue, isObject } from "../values.ts";
import { MemoryUse } from "./memory.ts";
import type { PlanScope } from "../plan_cache.ts";
import type { ProfileClock, Profiles } from "./operator.ts";

/** A warning of a query. */
export interface QueryWarning {
  readonly code: number;
  readonly message: string;
}

/** What a query counts; see section 18.3 of `aql.md`. */
export interface QueryCounters {
  writesExecuted: number;
  writesIgnored: number;
  documentLookups: number;
  seeks: number;
  scannedFull: number;
  scannedIndex: number;
  cursorsCreated: number;
  cursorsRearmed: number;
  cacheHits: number;
  cacheMisses: number;
  filtered: number;
  httpRequests: number;
  intermediateCommits: number;
  fullCount?: number;
}

/** What the surroundings give a query. */
export interface QueryEnvironment {
  /** Milliseconds since 1970. @default {Date.now} */
  readonly now?: () => number;
  /** A random number in [0, 1). @default {Math.random} */
  readonly random?: () => number;
  /** The user's name. @default null */
  readonly user?: string | null;
  /** What `VERSION()` answers. */
  readonly version?: string;
  /** Asked between batches whether the query is to end. @default never */
  readonly isKilled?: () => boolean;
  /** Runs a user-defined function, whose warnings go to `warn`; undefined where there is none of this name. */
  readonly callUserFunction?: (
    name: string,
    args: readonly AqlValue[],
    warn: (errorNum: number, message: string) => void,
  ) => AqlValue | undefined;
  /** An analyzer of the database; undefined where there is none of this name. @default only those that are built in */
  readonly tokenizer?: (analyzer: string) => Tokenizer | undefined;
  /** Where plans are kept. @default nowhere */
  readonly plans?: PlanScope;
}

/** The limits of a query. */
export interface QueryLimits {
  readonly maxWarningCount: number;
  readonly failOnWarning: boolean;
  /** Seconds; 0 for none. */
  readonly maxRuntime: number;
  /** Bytes; 0 for none. */
  readonly memoryLimit: number;
  /** Of what the query writes; absent if it may write as much as it likes, all at once. */
  readonly writes?: WriteLimits | undefined;
}

/** What one run of a query has to do with. */
export interface Surroundings {
  /** The database. */
  readonly source: DataSource;
  readonly environment: QueryEnvironment;
  readonly limits: QueryLimits;
}

function noCounters(): QueryCounters {
  return {
    writesExecuted: 0,
    writesIgnored: 0,
    documentLookups: 0,
    seeks: 0,
    scannedFull: 0,
    scannedIndex: 0,
    cursorsCreated: 0,
    cursorsRearmed: 0,
    cacheHits: 0,
    cacheMisses: 0,
    filtered: 0,
    httpRequests: 0,
    intermediateCommits: 0,
  };
}

/**
 * The state of a run of a query; of a query whose operators are kept, of one run after another.
 *
 * Operators and compiled expressions hold the context, and nothing that it has for one run only.
 */
export class QueryContext implements FunctionContext {
  /** The warnings of the run so far, no more than the limit. */
  warnings: QueryWarning[] = [];
  /** The counters of the run so far. */
  counters: QueryCounters = noCounters();
  /** Whether the run has warned, be it of what is over the limit of warnings. */
  hasWarned = false;
  /** Where nodes note what they do; undefined unless the query is profiled node by node. */
  profile: ProfileClock | undefined;
  /** The memory that the run uses. */
  memory: MemoryUse;
  /** How many operators on the way up keep all rows: then those who make rows count them. */
  retaining = 0;
  /** Whether planning has looked at something that may be different the next time: the clock, the user, the definition of a graph or an analyzer. */
  planIsFleeting = false;
  readonly data: FunctionData;
  /** What forgets the state of a run. */
  readonly #forgets: (() => void)[] = [];
  /** Undefined between two runs. */
  #surroundings: Surroundings | undefined;
  #start: number;
  #deadline: number;
  #tokenizers: Map<string, Tokenizer> | undefined;
  #session: SourceSession | undefined;
  #killed = false;

  /** A context for a first run. */
  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
    this.memory = new MemoryUse(surroundings.limits.memoryLimit);
    this.#start = startOf(surroundings);
    this.#deadline = deadlineOf(surroundings);
    this.data = {
      document: (collection, key) => this.#document(collection, key),
      collectionNames: () => this.session.collectionNames(),
      collectionCount: (collection) => this.session.reader(collection)?.count(),
      collectionSchema: (collection) =>
        this.#source.collection(collection) ? this.#source.collectionSchema?.(collection) ?? null : undefined,
      collectionId: (collection) => this.#source.collectionId?.(collection),
      geoIndex: (collection) => this.#geoIndex(collection),
      fulltextIndex: (collection, attribute) => this.#fulltextIndex(collection, attribute),
    };
  }

  /**
   * Begins another run, when the one before has come to its {@linkcode end}. What that one has counted and warned of stays
   * as it was for whoever has it.
   */
  begin(surroundings: Surroundings): void {
    this.#surroundings = surroundings;
    this.memory = new MemoryUse(surroundings.limits.memoryLimit);
    this.#start = startOf(surroundings);
    this.#deadline = deadlineOf(surroundings);
    this.#killed = false;
    this.warnings = [];
    this.hasWarned = false;
    this.counters = noCounters();
  }

  /** Ends a run: nothing that belongs to it is held any more. */
  end(): void {
    for (const forget of this.#forgets) forget();
    this.#surroundings = undefined;
    this.#session = undefined;
    this.#tokenizers = undefined;
  }

  /** Calls a function at the end of each run: for what is kept for the time of a run, and longer than an operator's rows. */
  atEnd(forget: () => void): void {
    this.#forgets.push(forget);
  }

  get #run(): Surroundings {
    if (!this.#surroundings) throw new ArangoError("ERROR_INTERNAL", "internal error: the query does not run");
    return this.#surroundings;
  }

  get #source(): DataSource {
    return this.#run.source;
  }

  get #environment(): QueryEnvironment {
    return this.#run.environment;
  }

  #document(collection: string, key: string): AqlObject | null {
    return this.session.reader(collection)?.document(key) ?? null;
  }

  #geoIndex(collection: string): GeoLookup | undefined {
    const index = this.#source.collection(collection)?.indexes().find(({ type }) => type === "geo");
    return index && {
      fields: index.fields,
      geoJson: index.geoJson ?? false,
      around: (...place) => this.#looked(this.session.reader(collection)!.around(index.id, ...place)),
    };
  }

  #fulltextIndex(collection: string, attribute: string): FulltextLookup | undefined {
    const index = this.#source.collection(collection)?.indexes()
      .find(({ type, fields }) => type === "fulltext" && fields[0] === attribute);
    return index && {
      withWord: (...word) => this.#looked(this.session.reader(collection)!.withWord(index.id, ...word)),
    };
  }

  /** Counts what an index has given. */
  #looked(documents: AqlObject[]): AqlObject[] {
    this.counters.scannedIndex += documents.length;
    return documents;
  }

  /** Lets nodes note what they do. */
  profileNodes(): Profiles {
    const profiles: Profiles = new Map();
    this.profile = { profiles, filtered: () => this.counters.filtered, inner: { seconds: 0, filtered: 0 } };
    return profiles;
  }

  /** The stored data of the run. */
  get session(): SourceSession {
    if (!this.#session) {
      throw new ArangoError("ERROR_INTERNAL", "internal error: the query reads documents before it runs");
    }
    return this.#session;
  }

  /** Begins to run on the data of a session. */
  set session(session: SourceSession) {
    this.#session = session;
  }

  /** Whether the query runs already. */
  get running(): boolean {
    return this.#session !== undefined;
  }

  warn(errorNum: number, message: string): void {
    const { failOnWarning, maxWarningCount } = this.#run.limits;
    if (failOnWarning) throw new ArangoError(errorNum, message);
    this.hasWarned = true;
    if (this.warnings.length < maxWarningCount) this.warnings.push({ code: errorNum, message });
  }

  /** Counts a write. What was written so far may be committed then. */
  countWrite(): void {
    this.counters.writesExecuted++;
    const { writes } = this.#run.limits;
    if (writes && this.session.commitAt?.(writes)) this.counters.intermediateCommits++;
  }

  now(): number {
    if (!this.running) this.planIsFleeting = true;
    return this.#start;
  }

  random(): number {
    return (this.#environment.random ?? Math.random)();
  }

  database(): string {
    return this.#source.name;
  }

  user(): string | null {
    if (!this.running) this.planIsFleeting = true;
    return this.#environment.user ?? null;
  }

  version(): string {
    return this.#environment.version ?? "3.12.0";
  }

  sleep(seconds: number): void {
    const cell = new Int32Array(new SharedArrayBuffer(4));
    const until = performance.now() + seconds * 1000;
    for (let rest = until - performance.now(); rest > 0; rest = until - performance.now()) {
      Atomics.wait(cell, 0, 0, Math.min(rest, 100));
      this.check();
    }
  }

  callUserFunction(name: string, args: readonly AqlValue[]): AqlValue | undefined {
    try {
      return this.#environment.callUserFunction?.(name, args, (errorNum, message) => this.warn(errorNum, message));
    } catch (error) {
      // what a user's function throws is its own affair; the query goes on
      if (!(error instanceof ArangoError) || error.errorNum !== 1583) throw error;
      this.warn(1583, error.message);
      return null;
    }
  }

  tokenizer(analyzer: string): Tokenizer | undefined {
    const builtIn = builtInTokenizer(analyzer);
    if (builtIn) return builtIn;
    if (!this.running) this.planIsFleeting = true;
    const known = this.#tokenizers ??= new Map();
    let found = known.get(analyzer);
    if (!found && (found = this.#environment.tokenizer?.(analyzer))) known.set(analyzer, found);
    return found;
  }

  /** Makes the query end with error 1500 at its next step. */
  kill(): void {
    this.#killed = true;
  }

  /**
   * Called between batches.
   *
   * @throws ArangoError 1500 when the query was killed or has run too long
   */
  check(): void {
    const isLate = this.#deadline < Infinity && performance.now() > this.#deadline;
    if (isLate || this.#environment.isKilled?.()) this.#killed = true;
    if (this.#killed) throw arangoError("ERROR_QUERY_KILLED");
  }
}

/** When a run begins, in milliseconds since 1970. */
function startOf({ environment }: Surroundings): number {
  return (environment.now ?? Date.now)();
}

/** When a run has to be over, on the clock of `performance`. */
function deadlineOf({ limits }: Surroundings): number {
  return limits.maxRuntime > 0 ? performance.now() + limits.maxRuntime * 1000 : Infinity;
}

/** The `_id` that a value gives: the value itself, or that of a document; undefined for anything else. */
export function documentId(value: AqlValue): string | undefined {
  const id = isObject(value) ? value._id : value;
  return typeof id === "string" ? id : undefined;
}

/**
 * `POST` to `/_api/cursor`, `/_api/explain` and `/_api/query`: queries that are run, explained or parsed.
 *
 * Source: recorded examples `RestCursor*`, `RestExplain*`, `RestQuery*`; HTTP API description; `aql.md` §18, §19.
 *
 * @module
 */
import { EngineSource } from "../../aql/engine_source.ts";
import type { QueryEnvironment } from "../../aql/execution/context.ts";
import { PlanCache } from "../../aql/plan_cache.ts";
import { explainQuery, parseQuery, type Query, type QueryOptions, runQuery, sharedPlan } from "../../aql/query.ts";
import { type AqlObject, type AqlValue, jsonText as aqlText, parseJson } from "../../aql/values.ts";
import { ArangoError } from "../../base/arango_error.ts";
import { type ApiReply, type ApiRequest, bodyText } from "../../base/exchange.ts";
import { isHeldError } from "../../engine/document_locks.ts";
import { analyzersOf } from "../analyzers.ts";
import { cursorLimits, cursorsOf } from "../cursors.ts";
import { inTransaction, isPartElsewhere } from "../distant_transactions.ts";
import { explainedPlansOf } from "../explained_plans.ts";
import { planListOf } from "../plan_list.ts";
import { type QueryInfo, queryLogOf } from "../queries.ts";
import { bodyOf, mayChange, optionsOf, type QueryBody, queryOptions, queryText } from "../query_body.ts";
import {
  type CachedResult,
  dataStates,
  queryCacheOf,
  type QueryIdentity,
  type ResultTaker,
  rowsSize,
} from "../query_cache.ts";
import { endNoter, infoOf, recordQuery } from "../query_records.ts";
import type { ThreadTask } from "../query_thread_link.ts";
import { jsonText, type RequestContext, type Route } from "../route.ts";
import { transactionsOf } from "../transactions.ts";
import { UserFunctions } from "../user_functions.ts";
import { SERVER_VERSION } from "../version.ts";
import { followedBy, type Waiting } from "../waiting.ts";

const encoder = new TextEncoder();

function source(context: RequestContext, options: QueryOptions): EngineSource {
  const { databaseName, rights, transactionId, server } = context;
  const { stream = false, skipInaccessibleCollections = false } = options;
  return new EngineSource(context.database, {
    stream,
    isHidden: ({ name }) => skipInaccessibleCollections && rights.collection(databaseName, name) === "none",
    assertReadable: ({ name }) => {
      rights.assertCollection(databaseName, name, "ro");
      if (transactionId !== undefined) transactionsOf(server).checkRead(name, transactionId);
    },
    assertWritable: ({ name }) => {
      rights.assertCollection(databaseName, name, "rw");
      server.assertWritable();
    },
  });
}

function environment(context: RequestContext): QueryEnvironment {
  const functions = new UserFunctions(context.database);
  const { database, engine, transactionId, server } = context;
  return {
    // a transaction has an engine of its own, whose definitions nobody else sees
    ...(transactionId === undefined
      ? { plans: { cache: server.part(newPlanCache), name: `${database.id} ${engine.definitions}` } }
      : {}),
    user: context.user === "" ? null : context.user,
    version: SERVER_VERSION,
    ...(server.options.isInterrupted ? { isKilled: server.options.isInterrupted } : {}),
    tokenizer: (name) => analyzersOf(context).tokenizer(name),
    callUserFunction: (name, values, warn) => {
      const result = functions.call(name, aqlText([...values]), warn);
      return result === undefined ? undefined : parseJson(result);
    },
  };
}

function newPlanCache(): PlanCache {
  return new PlanCache();
}

/**
 * The rows of a query as texts, a batch ahead of the client at most.
 *
 * @param onEnd told that there are no more, and what ended them if that was an error
 */
function* rowsOf(query: Query, batch: number, onEnd: (error?: unknown) => void): Generator<string> {
  let failure: unknown;
  try {
    for (let rows = query.nextBatchText(batch); rows.length > 0; rows = query.nextBatchText(batch)) yield* rows;
  } catch (error) {
    failure = error;
    throw error;
  } finally {
    query[Symbol.dispose]();
    onEnd(failure);
  }
}

/** What a query tells besides its results; recorded answers have one more figure. */
function extraText(query: Query): string {
  const { stats, ...extra } = query.extra();
  const whole = { ...extra, stats: { ...stats, searchParallelism: 1 } };
  // only plans have values of queries in them
  return extra.plan ? aqlText(whole as unknown as AqlValue) : JSON.stringify(whole);
}

/**
 * Collections that are not there are told without saying what the query was doing (`RestCursorCreateCursorUnknownCollection`);
 * the server itself deals with those that a transaction holds.
 */
function plainly<T>(body: () => T): T {
  try {
    return body();
  } catch (error) {
    if (!(error instanceof ArangoError)) throw error;
    const { cause } = error;
    throw isHeldError(cause) || (cause instanceof ArangoError && error.errorNum === 1203) ? cause : error;
  }
}

/** Hands a query to a thread; undefined when it has to run here. */
function inThread(
  context: RequestContext,
  info: QueryInfo,
  wanted: Pick<ThreadTask, "taker" | "planKey">,
): Waiting | undefined {
  const { server, request, user } = context;
  const threads = server.options.queryThreads;
  if (!threads || !context.mayWait || context.transactionId !== undefined) return undefined;
  // the way to a thread and back would take longer
  if (queryLogOf(server).pace.isQuick(info.query)) return undefined;
  return queryLogOf(server).follow(info, threads.run(request, { user, readOnly: server.readOnly, ...wanted })!);
}

/**
 * Notes a query that asks for the plan cache.
 *
 * @returns the key of its plan, if that was there before
 * @throws ArangoError 1584, and whatever is wrong with the query
 */
function planKey(context: RequestContext, body: QueryBody, text: string, given: QueryOptions): string | undefined {
  if (!given.usePlanCache) return undefined;
  const { knownPlanKey } = context.server.options;
  if (knownPlanKey) return knownPlanKey();
  const values = (body.bindVars ?? {}) as AqlObject;
  const bindVars = Object.fromEntries(Object.entries(values).filter(([name]) => name.startsWith("@")));
  const identity = { query: text, fullCount: given.fullCount === true, bindVars };
  return planListOf(context.server).use(
    context.database,
    identity,
    () =>
      plainly(() =>
        sharedPlan(source(context, { ...given, stream: false }), text, values, given, environment(context))
      ),
  );
}

/** The attribute of an answer that names the plan; a comma in front. */
function planKeyText(key: string | undefined): string {
  return key === undefined ? "" : `,"planCacheKey":"${key}"`;
}

/** What the cache of results knows a query by; undefined where the query has nothing to do with it. */
function cacheIdentity(
  context: RequestContext,
  body: QueryBody,
  text: string,
  given: QueryOptions,
): QueryIdentity | undefined {
  const { cache = optionsOf(body).cache } = body;
  const wanted = typeof cache === "boolean" ? cache : undefined;
  if (given.stream === true || given.skipInaccessibleCollections === true) return undefined;
  if (context.transactionId !== undefined || mayChange(text)) return undefined;
  if (!queryCacheOf(context.server).serves(wanted)) return undefined;
  return { user: context.user, query: text, bindVars: body.bindVars, fullCount: given.fullCount === true };
}

/** The result that is kept for a query, if the user may still read what it came from. */
function cachedResult(context: RequestContext, identity: QueryIdentity): CachedResult | undefined {
  const found = queryCacheOf(context.server).find(context.database, identity);
  for (const name of found?.dataSources ?? []) context.rights.assertCollection(context.databaseName, name, "ro");
  return found;
}

/**
 * Gives all results of a query to somebody who keeps them, if they will be the same the next time.
 *
 * @param before the last tick before the query ran: another process may have written since
 * @returns the rows
 */
function keepResult(context: RequestContext, taker: ResultTaker, query: Query, before: bigint): Iterator<string> {
  const { stats } = query.extra();
  const rows = query.nextBatchText(Infinity);
  const { dataSources } = query;
  const states = dataStates(context.database, dataSources);
  const isCurrent = dataSources.every((name) => lastChange(context, name) <= before);
  const result = { rows, extra: extraText(query), dataSources, runTime: stats.executionTime ?? 0 };
  const isFit = query.isCacheable && rowsSize(result) <= taker.mostCharacters;
  if (isCurrent && isFit) taker.take(result, states);
  return rows[Symbol.iterator]();
}

/** The tick of a collection's last change, as far as it is committed. */
function lastChange({ database, engine }: RequestContext, name: string): bigint {
  const collection = database.find(name);
  return (collection && engine.catalog.collectionTick(collection.id)) ?? 0n;
}

function execute(context: RequestContext): ApiReply | Waiting {
  return run(context, bodyOf(context), true);
}

/** The last tick that is committed; whatever is read from now on, until something is committed, is of that state. */
function committedTick({ engine }: RequestContext): bigint {
  const tick = engine.catalog.lastTick();
  engine.refresh(true);
  return tick;
}

/** How many results of an explained plan are sent at once: all of them. */
const ALL_RESULTS = 2 ** 31;

/** Runs a plan that was explained before; the options may differ in all but what made the plan. */
function executePlan(context: RequestContext): ApiReply | Waiting {
  const { executionPlan, options } = context.object() as { executionPlan?: unknown; options?: AqlObject };
  if (typeof executionPlan !== "object" || executionPlan === null) {
    throw new ArangoError("ERROR_BAD_PARAMETER", "bad parameter: executionPlan must be an object");
  }
  const explained = explainedPlansOf<QueryBody>(context.server).find(context.databaseName, executionPlan);
  const { allPlans: _, ...made } = optionsOf(explained);
  const body = { ...explained, batchSize: ALL_RESULTS, options: { ...options, ...made } };
  return run(context, body, false);
}

/** A request for a query, where the one that came has asked for something else. */
function requestFor(context: RequestContext, body: QueryBody): ApiRequest {
  const text = aqlText(body as unknown as AqlValue);
  return { method: "POST", url: context.location("/_api/cursor"), headers: {}, body: encoder.encode(text) };
}

/** @param mayMove whether another thread would do the same with the request */
function run(context: RequestContext, body: QueryBody, mayMove: boolean): ApiReply | Waiting {
  const text = queryText(body);
  const { server, user, databaseName } = context;
  recordQuery(context, body, text);
  const limits = cursorLimits(body);
  const given = queryOptions(body);
  // arangojs asks for both by `options.stream`: then the count is left out
  if (body.stream === true && body.count === true) {
    throw new ArangoError("ERROR_BAD_PARAMETER", "bad parameter: a streaming query cannot count its results");
  }
  const isStream = given.stream === true;
  if (isPartElsewhere(context)) {
    const request = mayMove ? context.request : requestFor(context, body);
    const log = queryLogOf(server);
    const run = inTransaction(context, request, !log.pace.isQuick(text))!;
    return log.follow(infoOf(context, body, text, isStream), run);
  }
  const identity = cacheIdentity(context, body, text, given);
  const cached = identity && cachedResult(context, identity);
  if (cached) {
    const { rows, extra } = cached;
    const count = body.count === true ? rows.length : undefined;
    const found = { rows: rows[Symbol.iterator](), count, extra: () => extra, cached: true };
    return cursorsOf(server).first(found, { ...limits, user, database: databaseName });
  }
  const key = planKey(context, body, text, given);
  const info = infoOf(context, body, text, isStream);
  const taker = identity ? queryCacheOf(server).taker(context.database, identity) : server.options.resultTaker?.();
  const elsewhere = mayMove ? inThread(context, info, { taker, planKey: key }) : undefined;
  if (elsewhere) return elsewhere;
  // a transaction may end before its cursors do: they take their results at once, and streams are closed with it
  const { transactionId } = context;
  const stream = isStream && transactionId === undefined;
  const isAlive = isStream && transactionId !== undefined
    ? { isAlive: () => transactionsOf(server).isRunning(transactionId) }
    : {};
  const options = { ...given, stream };
  const before = taker && committedTick(context);
  const noteEnd = endNoter(context, info);
  let query: Query;
  try {
    query = plainly(() => runQuery(source(context, options), text, body.bindVars ?? {}, options, environment(context)));
  } catch (error) {
    noteEnd(undefined, error);
    throw error;
  }
  const streams = stream && !query.isModification;
  if (!streams) noteEnd(query);
  const first = cursorsOf(server).first({
    rows: taker && before !== undefined
      ? keepResult(context, taker, query, before)
      : rowsOf(query, Math.min(limits.batchSize, 1000), (error) => streams && noteEnd(query, error)),
    count: body.count === true && !stream ? query.count : undefined,
    // a stream knows its statistics at its end
    extra: (isLast) => streams && !isLast ? undefined : extraText(query),
    further: planKeyText(key),
  }, { ...limits, ...isAlive, user, database: databaseName });
  if (streams) queryLogOf(server).noteStream(info, first);
  return first;
}

/** The JSON texts of a query's results, computed at once. */
export function queryRows(context: RequestContext, text: string, bindVars: AqlObject): string[] {
  using query = plainly(() => runQuery(source(context, {}), text, bindVars, {}, environment(context)));
  const rows: string[] = [];
  for (let batch = query.nextBatchText(1000); batch.length > 0; batch = query.nextBatchText(1000)) rows.push(...batch);
  return rows;
}

function parse(context: RequestContext): ApiReply {
  const { bindVars, collections, ast } = parseQuery(queryText(bodyOf(context)));
  const rest = aqlText({ collections: [...collections], bindVars: [...bindVars], ast });
  return jsonText(200, `{"error":false,"code":200,"parsed":true,${rest.slice(1, -1)},"warnings":[]}`);
}

function explain(context: RequestContext): ApiReply | Waiting {
  const body = bodyOf(context);
  const note = (plan: string): void =>
    explainedPlansOf<QueryBody>(context.server).note(context.databaseName, plan, body);
  const distant = inTransaction(context);
  if (distant) {
    return followedBy(distant, (reply) => {
      const { plans, plan } = JSON.parse(bodyText(reply)) as { plans?: unknown[]; plan?: unknown };
      for (const one of plans ?? (plan === undefined ? [] : [plan])) note(JSON.stringify(one));
      return reply;
    });
  }
  const text = queryText(body);
  const options = queryOptions(body);
  const key = planKeyText(planKey(context, body, text, options));
  const explained = explainQuery(
    source(context, { ...options, stream: false }),
    text,
    body.bindVars ?? {},
    options,
    environment(context),
  );
  for (const plan of explained.plans ?? [explained.plan!]) note(aqlText(plan));
  return jsonText(200, `${aqlText(explained as unknown as AqlValue).slice(0, -1)}${key},"error":false,"code":200}`);
}

/** The routes. */
export const QUERIES: readonly Route[] = [
  { method: "POST", path: "/_api/cursor", access: "read", transactional: true, mayRunElsewhere: true, handle: execute },
  {
    method: "POST",
    path: "/_api/cursor/json",
    access: "read",
    transactional: true,
    mayRunElsewhere: true,
    handle: executePlan,
  },
  {
    method: "POST",
    path: "/_api/explain",
    access: "read",
    transactional: true,
    mayRunElsewhere: true,
    handle: explain,
  },
  { method: "POST", path: "/_api/query", access: "read", handle: parse },
];

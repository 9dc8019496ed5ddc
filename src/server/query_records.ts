/**
 * What the server notes of a query: that it has come, what others are told while it runs, and how it has ended.
 *
 * @module
 */
import type { Query } from "../aql/query.ts";
import type { AqlObject } from "../aql/values.ts";
import { ArangoError } from "../base/arango_error.ts";
import { ERRORS } from "../base/error_table.ts";
import { type QueryInfo, queryLogOf } from "./queries.ts";
import { mayChange, type QueryBody } from "./query_body.ts";
import { recordingsOf } from "./recordings.ts";
import type { RequestContext } from "./route.ts";

/** The bind parameters as lists of queries tell them: what is refused because it is no object is none. */
function shownBindVars({ bindVars }: QueryBody): AqlObject {
  return typeof bindVars === "object" && bindVars !== null && !Array.isArray(bindVars) ? bindVars : {};
}

/** What others are told of a query that begins. */
export function infoOf(context: RequestContext, body: QueryBody, text: string, stream: boolean): QueryInfo {
  return {
    id: context.server.engine.nextId().toString(),
    database: context.databaseName,
    user: context.user,
    query: text,
    bindVars: shownBindVars(body),
    started: new Date(),
    runTime: 0,
    peakMemoryUsage: 0,
    state: "executing",
    modificationQuery: mayChange(text),
    stream,
    warnings: 0,
  };
}

/** The longest request whose bind parameters are remembered, in bytes. */
const LONGEST_RECORD = 4096;

/** Notes a query among the latest ones, with its values if they are short and may be seen. */
export function recordQuery(
  { server, databaseName: database, request }: RequestContext,
  body: QueryBody,
  query: string,
): void {
  const shown = (request.body?.length ?? 0) <= LONGEST_RECORD &&
    queryLogOf(server).trackingOf(database).settings.trackBindVars;
  recordingsOf(server).queries.note({ query, bindVars: shown ? shownBindVars(body) : {}, database });
}

/** What a log says of how a query ended: 0, or the number of the error. */
function exitCodeOf(error: unknown): number {
  if (error === undefined) return 0;
  return error instanceof ArangoError ? error.errorNum : ERRORS.ERROR_INTERNAL[0];
}

/** What notes the end of a query in the log: of one that was run, or that an error kept from it. */
export function endNoter(
  { server }: RequestContext,
  info: QueryInfo,
): (query: Query | undefined, error?: unknown) => void {
  const started = performance.now();
  return (query, error) => {
    const extra = query?.extra();
    const exitCode = exitCodeOf(error);
    queryLogOf(server).note({
      ...info,
      runTime: extra?.stats.executionTime ?? (performance.now() - started) / 1000,
      peakMemoryUsage: extra?.stats.peakMemoryUsage ?? 0,
      state: exitCode === ERRORS.ERROR_QUERY_KILLED[0] ? "killed" : "finished",
      modificationQuery: query?.isModification ?? info.modificationQuery,
      stream: info.stream && query?.isModification !== true,
      warnings: extra?.warnings.length ?? 0,
      exitCode,
    });
  };
}

/**
 * `/_api/query` and `/_api/query-plan-cache`: what the server knows about queries that run or were slow, and plans that it keeps.
 *
 * Source: recorded examples `RestQuery*`; HTTP API description; `aql.md` §18.
 *
 * @module
 */
import { RULES } from "../../aql/plan/rules/mod.ts";
import { ArangoError } from "../../base/arango_error.ts";
import type { ApiReply } from "../../base/exchange.ts";
import { planListOf } from "../plan_list.ts";
import { queryLogOf } from "../queries.ts";
import type { QueryTracking } from "../query_tracking.ts";
import { json, ok, type RequestContext, type Route } from "../route.ts";

function rules(): ApiReply {
  return json(200, RULES.map(({ name, flags }) => ({ name, flags })));
}

/** The database that a request about queries is about; with `all`, every one. */
function scope(context: RequestContext): string | undefined {
  if (!context.flag("all", false)) return context.databaseName;
  if (context.databaseName !== "_system") throw new ArangoError("ERROR_FORBIDDEN");
  context.rights.assert("admin", context.databaseName);
  return undefined;
}

function tracking({ server, databaseName }: RequestContext): QueryTracking {
  return queryLogOf(server).trackingOf(databaseName);
}

function settings(context: RequestContext): ApiReply {
  return ok({ ...tracking(context).settings });
}

function changeSettings(context: RequestContext): ApiReply {
  tracking(context).change(context.object());
  return settings(context);
}

function kill(context: RequestContext): ApiReply {
  queryLogOf(context.server).kill(context.params.id!, scope(context));
  return ok();
}

function listPlans(context: RequestContext): ApiReply {
  const { rights, databaseName } = context;
  const isReadable = (name: string): boolean => rights.collection(databaseName, name) !== "none";
  return json(200, planListOf(context.server).list(context.database, isReadable));
}

function clearPlans(context: RequestContext): ApiReply {
  planListOf(context.server).clear(context.database);
  return ok();
}

/** What there is nothing of below `/_api/query`. */
function unknownPart(context: RequestContext): ApiReply {
  const { rest } = context.params;
  if (!rest || rest.includes("/")) context.refusePath("/_api/query/<what>", "missing");
  const known = context.request.method === "GET" ? "'current', 'properties', 'rules' or 'slow'" : "'properties'";
  throw new ArangoError("ERROR_HTTP_NOT_FOUND", `unknown '${rest}', expecting ${known}`);
}

/** The routes. */
export const QUERY_MANAGEMENT: readonly Route[] = [
  { method: "GET", path: "/_api/query/rules", access: "read", handle: rules },
  { method: "GET", path: "/_api/query/properties", access: "read", handle: settings },
  { method: "PUT", path: "/_api/query/properties", access: "write", handle: changeSettings },
  {
    method: "GET",
    path: "/_api/query/current",
    access: "read",
    handle: (context) => json(200, queryLogOf(context.server).running(scope(context))),
  },
  {
    method: "GET",
    path: "/_api/query/slow",
    access: "read",
    handle: (context) => json(200, queryLogOf(context.server).slow(scope(context))),
  },
  {
    method: "DELETE",
    path: "/_api/query/slow",
    access: "write",
    handle(context) {
      queryLogOf(context.server).clear(scope(context));
      return ok();
    },
  },
  { method: "DELETE", path: "/_api/query/:id", access: "read", handle: kill },
  ...["GET", "PUT", "DELETE"].map((method): Route => ({
    method,
    path: "/_api/query/*rest",
    access: "read",
    handle: unknownPart,
  })),
  { method: "DELETE", path: "/_api/query-plan-cache", access: "write", handle: clearPlans },
  { method: "GET", path: "/_api/query-plan-cache", access: "read", handle: listPlans },
  { method: "GET", path: "/_api/query-plan-cache/entries", access: "read", handle: listPlans },
];

/**
 * `/_api/aqlfunction`: user-defined AQL functions.
 *
 * Source: recorded example `RestAqlfunctionCreate`; HTTP API description; `arangosh.md` §3.9.
 *
 * @module
 */
import { ArangoError } from "../../base/arango_error.ts";
import type { ApiReply } from "../../base/exchange.ts";
import { ok, type RequestContext, type Route } from "../route.ts";
import { UserFunctions } from "../user_functions.ts";

function list(context: RequestContext): ApiReply {
  const namespace = context.params.name ?? context.query.get("namespace") ?? context.query.get("group") ?? "";
  return ok({ result: new UserFunctions(context.database).all(namespace) });
}

function register(context: RequestContext): ApiReply {
  const { name, code, isDeterministic: given } = context.object();
  // python-arango-async sends null where its user says nothing
  const isDeterministic = given ?? false;
  if (typeof isDeterministic !== "boolean") {
    throw new ArangoError("ERROR_HTTP_BAD_PARAMETER", "bad parameter: isDeterministic must be a boolean");
  }
  const isNewlyCreated = new UserFunctions(context.database).register(name, code, isDeterministic);
  return ok({ isNewlyCreated }, isNewlyCreated ? 201 : 200);
}

function remove(context: RequestContext): ApiReply {
  const functions = new UserFunctions(context.database);
  const name = context.params.name!;
  if (context.flag("group", false)) return ok({ deletedCount: functions.removeGroup(name) });
  functions.remove(name);
  return ok({ deletedCount: 1 });
}

function wrongPath(context: RequestContext): ApiReply {
  const rest = { GET: "/[namespace]", DELETE: "/<functionname>" }[context.request.method] ?? "";
  return context.refusePath(`/_api/aqlfunction${rest}`, "superfluous");
}

/** The routes. */
export const USER_FUNCTIONS: readonly Route[] = [
  { method: "GET", path: "/_api/aqlfunction", access: "read", handle: list },
  { method: "GET", path: "/_api/aqlfunction/:name", access: "read", handle: list },
  { method: "POST", path: "/_api/aqlfunction", access: "write", handle: register },
  { method: "DELETE", path: "/_api/aqlfunction/:name", access: "write", handle: remove },
  ...["GET", "POST", "DELETE"].map((method): Route => ({
    method,
    path: "/_api/aqlfunction/*rest",
    access: "read",
    handle: wrongPath,
  })),
];

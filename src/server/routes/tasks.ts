/**
 * `/_api/tasks`: functions that run later, or again and again.
 *
 * Source: recorded examples `RestTasks*`; HTTP API description.
 *
 * @module
 */
import { ArangoError } from "../../base/arango_error.ts";
import type { ApiReply } from "../../base/exchange.ts";
import { json, ok, type RequestContext, type Route } from "../route.ts";
import { tasksOf } from "../tasks.ts";

/** A number of seconds; undefined if it is absent. */
function seconds(body: Record<string, unknown>, name: "period" | "offset"): number | undefined {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "number" || !(value >= 0) || (name === "period" && value === 0)) {
    throw new ArangoError("ERROR_BAD_PARAMETER", `task ${name} must be specified and positive`);
  }
  return value;
}

function register(context: RequestContext): ApiReply {
  const body = context.object();
  const { command, params, name = "user-defined task" } = body;
  if (typeof command !== "string") throw new ArangoError("ERROR_BAD_PARAMETER", "command must be specified");
  const id = context.params.id ?? (typeof body.id === "string" ? body.id : context.engine.nextId().toString());
  return json(
    200,
    tasksOf(context.server).add({
      id,
      name: String(name),
      command,
      params: params === undefined ? undefined : JSON.stringify(params),
      period: seconds(body, "period"),
      offset: seconds(body, "offset") ?? 0,
      user: context.user,
      database: context.databaseName,
      authorization: context.headers.authorization,
    }),
  );
}

function remove(context: RequestContext): ApiReply {
  tasksOf(context.server).remove(context.params.id!, context.databaseName);
  return ok();
}

function wrongPath(context: RequestContext): ApiReply {
  return context.refusePath(`/_api/tasks${context.request.method === "GET" ? "[/id]" : "/id"}`, "superfluous");
}

/** The routes. */
export const TASKS: readonly Route[] = [
  {
    method: "GET",
    path: "/_api/tasks",
    access: "read",
    handle: (context) => json(200, tasksOf(context.server).all(context.databaseName)),
  },
  {
    method: "GET",
    path: "/_api/tasks/:id",
    access: "read",
    handle: (context) => json(200, tasksOf(context.server).get(context.params.id!, context.databaseName)),
  },
  { method: "POST", path: "/_api/tasks", access: "write", handle: register },
  // python-arango names the task in the path of a POST
  { method: "POST", path: "/_api/tasks/:id", access: "write", handle: register },
  { method: "PUT", path: "/_api/tasks/:id", access: "write", handle: register },
  { method: "DELETE", path: "/_api/tasks/:id", access: "write", handle: remove },
  ...["GET", "PUT", "DELETE"].map((method): Route => ({
    method,
    path: "/_api/tasks/*rest",
    access: "read",
    handle: wrongPath,
  })),
];

/**
 * `/_api/cursor`: queries and the batches of their results.
 *
 * Source: recorded examples `RestCursor*`; HTTP API description.
 *
 * @module
 */
import { ArangoError } from "../../base/arango_error.ts";
import type { ApiReply } from "../../base/exchange.ts";
import { cursorsOf } from "../cursors.ts";
import { queryLogOf } from "../queries.ts";
import { ok, type RequestContext, type Route } from "../route.ts";
import type { Waiting } from "../waiting.ts";

/** Hands a request to the thread that has the cursor; undefined when none has. */
function inThread(context: RequestContext): Waiting | undefined {
  const { server, request, user, params } = context;
  const threads = server.options.queryThreads;
  if (!context.mayWait && !threads?.isBlocking) return undefined;
  return threads?.run(request, { user, readOnly: server.readOnly, cursor: params.id! });
}

function next(context: RequestContext): ApiReply | Waiting {
  queryLogOf(context.server).streams.assertAlive(context.params.id!);
  const elsewhere = inThread(context);
  if (elsewhere) return elsewhere;
  const { user, databaseName, params } = context;
  return cursorsOf(context.server).next(params.id!, user, databaseName, params.batch);
}

function remove(context: RequestContext): ApiReply | Waiting {
  const elsewhere = inThread(context);
  if (elsewhere) return elsewhere;
  const id = context.params.id!;
  cursorsOf(context.server).remove(id, context.user, context.databaseName);
  return ok({ id }, 202);
}

function incomplete(context: RequestContext): ApiReply {
  throw new ArangoError(
    "ERROR_HTTP_BAD_PARAMETER",
    `expecting ${context.request.method === "DELETE" ? "DELETE" : "POST"} /_api/cursor/<cursor-id>`,
  );
}

/** The routes. */
export const CURSORS: readonly Route[] = [
  { method: "PUT", path: "/_api/cursor", access: "read", handle: incomplete },
  { method: "DELETE", path: "/_api/cursor", access: "read", handle: incomplete },
  { method: "POST", path: "/_api/cursor/:id", access: "read", mayRunElsewhere: true, handle: next },
  { method: "PUT", path: "/_api/cursor/:id", access: "read", mayRunElsewhere: true, handle: next },
  { method: "POST", path: "/_api/cursor/:id/:batch", access: "read", mayRunElsewhere: true, handle: next },
  { method: "DELETE", path: "/_api/cursor/:id", access: "read", mayRunElsewhere: true, handle: remove },
];

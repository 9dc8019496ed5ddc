/**
 * `/_api/transaction`: transactions over several requests.
 *
 * Source: recorded examples `RestTransaction*`; HTTP API description.
 *
 * @module
 */
import { ArangoError } from "../../base/arango_error.ts";
import type { ApiReply } from "../../base/exchange.ts";
import { json, type RequestContext, type Route } from "../route.ts";
import { type Announced, transactionsOf } from "../transactions.ts";

function names(given: unknown): Set<string> {
  const list = given === undefined || given === null ? [] : Array.isArray(given) ? given : [given];
  if (!list.every((one) => typeof one === "string" && one !== "")) {
    throw new ArangoError("ERROR_BAD_PARAMETER", "missing/invalid collections definition for transaction");
  }
  return new Set(list);
}

function announced(body: Record<string, unknown>): Announced {
  const { collections, waitForSync } = body;
  if (collections === null || typeof collections !== "object" || Array.isArray(collections)) {
    throw new ArangoError("ERROR_BAD_PARAMETER", "missing/invalid collections definition for transaction");
  }
  const { read, write, exclusive, allowImplicit } = collections as Record<string, unknown>;
  return {
    read: names(read),
    write: names(write),
    exclusive: names(exclusive),
    allowImplicit: allowImplicit !== false,
    waitForSync: waitForSync === true,
  };
}

function begin(context: RequestContext): ApiReply {
  const wanted = announced(context.object());
  const { user, databaseName } = context;
  context.server.assertWritable();
  for (const [set, level] of [[wanted.read, "ro"], [wanted.write, "rw"], [wanted.exclusive, "rw"]] as const) {
    for (const name of set) {
      context.database.collection(name);
      context.rights.assertCollection(databaseName, name, level);
    }
  }
  const id = transactionsOf(context.server).begin(user, databaseName, wanted);
  return json(201, { code: 201, error: false, result: { id, status: "running" } });
}

function status(context: RequestContext): ApiReply {
  const id = context.params.id!;
  const status = transactionsOf(context.server).status(id, context.user, context.databaseName);
  return json(200, { code: 200, error: false, result: { id, status } });
}

function end(context: RequestContext, status: "committed" | "aborted"): ApiReply {
  const id = context.params.id!;
  transactionsOf(context.server).end(id, context.user, context.databaseName, status);
  return json(200, { code: 200, error: false, result: { id, status } });
}

function list(context: RequestContext): ApiReply {
  const running = transactionsOf(context.server).running(context.user, context.databaseName);
  return json(200, { transactions: running.map((id) => ({ id, state: "running" })) });
}

function noScripts(): ApiReply {
  throw new ArangoError(
    "ERROR_NOT_IMPLEMENTED",
    "not implemented: denosh runs no transactions in JavaScript on the server",
  );
}

const ONE = "/_api/transaction/:id";

/** The routes. */
export const TRANSACTIONS: readonly Route[] = [
  { method: "GET", path: "/_api/transaction", access: "read", handle: list },
  { method: "POST", path: "/_api/transaction", access: "read", handle: noScripts },
  { method: "POST", path: "/_api/transaction/begin", access: "read", handle: begin },
  { method: "GET", path: ONE, access: "read", handle: status },
  { method: "PUT", path: ONE, access: "read", handle: (context) => end(context, "committed") },
  { method: "DELETE", path: ONE, access: "read", handle: (context) => end(context, "aborted") },
];

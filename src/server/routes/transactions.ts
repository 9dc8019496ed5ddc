/**
 * `/_api/transaction`: transactions over several requests.
 *
 * Source: recorded examples `RestTransaction*`; HTTP API description.
 *
 * @module
 */
import { ArangoError } from "../../base/arango_error.ts";
import type { ApiReply } from "../../base/exchange.ts";
import { answerByCall, assertRunsAtOnce } from "../actions.ts";
import { json, jsonText, ok, type RequestContext, type Route } from "../route.ts";
import { type Announced, LOCK_TIMEOUT, transactionsOf } from "../transactions.ts";
import type { Waiting } from "../waiting.ts";

/** How many bytes a transaction may write unless it asks for another limit. */
const DEFAULT_MAX_SIZE = 512 * 1024 * 1024;

function names(given: unknown): Set<string> {
  const list = given === undefined || given === null ? [] : Array.isArray(given) ? given : [given];
  if (!list.every((one) => typeof one === "string" && one !== "")) {
    throw new ArangoError("ERROR_BAD_PARAMETER", "missing/invalid collections definition for transaction");
  }
  return new Set(list);
}

/** A number of the body that cannot be negative; undefined if it is absent. */
function limit(body: Record<string, unknown>, name: "lockTimeout" | "maxTransactionSize"): number | undefined {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === "number" && value >= 0) return value;
  throw new ArangoError("ERROR_BAD_PARAMETER", `bad parameter: '${name}' must be a number that is not negative`);
}

function announced(body: Record<string, unknown>): Announced {
  const { collections, waitForSync } = body;
  const lockTimeout = limit(body, "lockTimeout");
  if (collections === null || typeof collections !== "object" || Array.isArray(collections)) {
    throw new ArangoError("ERROR_BAD_PARAMETER", "missing/invalid collections definition for transaction");
  }
  const { read, write, exclusive, allowImplicit } = collections as Record<string, unknown>;
  // the manual has it beside `collections` since 3.11, and had it in there before
  const mayReadOthers = allowImplicit !== false && body.allowImplicit !== false;
  return {
    read: names(read),
    write: names(write),
    exclusive: names(exclusive),
    allowImplicit: mayReadOthers,
    waitForSync: waitForSync === true,
    // 0 stands for no limit
    lockTimeout: lockTimeout === undefined ? LOCK_TIMEOUT : lockTimeout === 0 ? Infinity : lockTimeout * 1000,
    maxSize: limit(body, "maxTransactionSize") ?? DEFAULT_MAX_SIZE,
  };
}

function start(context: RequestContext, body: Record<string, unknown>, kind: "stream" | "function"): string {
  const wanted = announced(body);
  const { user, databaseName } = context;
  context.server.assertWritable();
  for (const [set, level] of [[wanted.read, "ro"], [wanted.write, "rw"], [wanted.exclusive, "rw"]] as const) {
    for (const name of set) {
      context.database.collection(name);
      context.rights.assertCollection(databaseName, name, level);
    }
  }
  return transactionsOf(context.server).begin(user, databaseName, wanted, kind);
}

function begin(context: RequestContext): ApiReply {
  return json(201, {
    code: 201,
    error: false,
    result: { id: start(context, context.object(), "stream"), status: "running" },
  });
}

/** Runs a function of the client's in a transaction that ends with it. */
function execute(context: RequestContext): ApiReply | Waiting {
  const { server, user, databaseName, headers } = context;
  assertRunsAtOnce(context);
  const body = context.object();
  const { action, params } = body;
  if (typeof action !== "string") {
    throw new ArangoError("ERROR_BAD_PARAMETER", "missing/invalid action definition for transaction");
  }
  const transactions = transactionsOf(server);
  const id = start(context, body, "function");
  const call = {
    source: action,
    params: params === undefined ? undefined : JSON.stringify(params),
    database: databaseName,
    user,
    authorization: headers["authorization"],
  };
  return answerByCall(context, call, id, (result) => {
    let value: string;
    try {
      value = result();
    } catch (error) {
      transactions.end(id, user, databaseName, "aborted");
      throw error;
    }
    transactions.end(id, user, databaseName, "committed");
    return jsonText(200, `{"error":false,"code":200,"result":${value}}`);
  });
}

/**
 * The id in the path.
 *
 * @throws ArangoError 10 for what cannot be one
 */
function idOf(context: RequestContext): string {
  const { id = "" } = context.params;
  if (!/^\d+$/.test(id)) throw new ArangoError("ERROR_BAD_PARAMETER", `bad parameter: '${id}' is no transaction id`);
  return id;
}

function status(context: RequestContext): ApiReply {
  const id = idOf(context);
  const status = transactionsOf(context.server).status(id, context.user, context.databaseName);
  return json(200, { code: 200, error: false, result: { id, status } });
}

function end(context: RequestContext, status: "committed" | "aborted"): ApiReply {
  const id = idOf(context);
  transactionsOf(context.server).end(id, context.user, context.databaseName, status);
  return json(200, { code: 200, error: false, result: { id, status } });
}

/** Aborts the user's transactions that write, in every database; the manual does not have it. */
function abortWriting(context: RequestContext): ApiReply {
  transactionsOf(context.server).abortWriting(context.user);
  return ok({ result: { id: "write", status: "aborted" } });
}

function list(context: RequestContext): ApiReply {
  const running = transactionsOf(context.server).running(context.user, context.databaseName);
  return json(200, { transactions: running.map((id) => ({ id, state: "running" })) });
}

const ONE = "/_api/transaction/:id";

/** The routes. */
export const TRANSACTIONS: readonly Route[] = [
  { method: "GET", path: "/_api/transaction", access: "read", handle: list },
  { method: "POST", path: "/_api/transaction", access: "read", runsActions: true, handle: execute },
  { method: "POST", path: "/_api/transaction/begin", access: "read", handle: begin },
  { method: "PUT", path: "/_api/transaction", access: "read", handle: (context) => end(context, "committed") },
  { method: "DELETE", path: "/_api/transaction", access: "read", handle: (context) => end(context, "aborted") },
  { method: "GET", path: ONE, access: "read", handle: status },
  { method: "PUT", path: ONE, access: "read", handle: (context) => end(context, "committed") },
  { method: "DELETE", path: "/_api/transaction/write", access: "read", handle: abortWriting },
  { method: "DELETE", path: ONE, access: "read", handle: (context) => end(context, "aborted") },
];

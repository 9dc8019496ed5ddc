/**
 * `/_api/transaction`: transactions over several requests.
 *
 * Source: recorded examples `RestTransaction*`; HTTP API description.
 *
 * @module
 */
import { ArangoError } from "../../base/arango_error.ts";
import { type ApiReply, bodyText } from "../../base/exchange.ts";
import { answerByCall, assertRunsAtOnce } from "../actions.ts";
import { begunElsewhere, homesOf, isOwnRunning, runningStreams, toTransaction } from "../distant_transactions.ts";
import { json, jsonText, ok, type RequestContext, type Route } from "../route.ts";
import type { Server } from "../server.ts";
import { logOf } from "../server_log.ts";
import {
  type Announced,
  type EndedTransaction,
  LOCK_TIMEOUT,
  type TransactionKind,
  transactionsOf,
  type TransactionStatus,
} from "../transactions.ts";
import { followedBy, isWaiting, settled, type Waiting } from "../waiting.ts";

const encoder = new TextEncoder();

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

/** Begins a transaction in this thread. */
function beginHere(context: RequestContext, body: Record<string, unknown>, kind: TransactionKind): ApiReply {
  const wanted = announced(body);
  const { user, databaseName } = context;
  context.server.assertWritable();
  for (const [set, level] of [[wanted.read, "ro"], [wanted.write, "rw"], [wanted.exclusive, "rw"]] as const) {
    for (const name of set) {
      context.database.collection(name);
      context.rights.assertCollection(databaseName, name, level);
    }
  }
  const id = transactionsOf(context.server).begin(user, databaseName, wanted, kind);
  return json(201, { code: 201, error: false, result: { id, status: "running" } });
}

function begin(context: RequestContext): ApiReply | Waiting {
  const distant = begunElsewhere(context, context.request, "stream");
  return distant ?? beginHere(context, context.object(), context.server.options.beginsAs?.() ?? "stream");
}

/**
 * The id of a transaction that has begun.
 *
 * @throws ArangoError what has kept it from beginning
 */
function begunId(reply: ApiReply): string {
  const body = JSON.parse(bodyText(reply));
  if (reply.status < 400) return body.result.id;
  throw new ArangoError(body.errorNum, body.errorMessage, { code: body.code });
}

/** Aborts a transaction that nobody waits for, should it begin nevertheless. */
function abortLate(context: RequestContext, begun: Promise<string>): void {
  begun.then((id) => settled(end(context, id, "aborted")), () => undefined).catch((error) =>
    logOf(context.server).note("WARNING", `cannot abort a transaction in vain: ${(error as Error).message}`, "trx")
  );
}

/** Runs a function of the client's in a transaction that ends with it. */
function execute(context: RequestContext): ApiReply | Waiting {
  assertRunsAtOnce(context);
  const { action, params, ...body } = context.object();
  if (typeof action !== "string") {
    throw new ArangoError("ERROR_BAD_PARAMETER", "missing/invalid action definition for transaction");
  }
  const announcement = { headers: {}, body: encoder.encode(JSON.stringify(body)) };
  const begun = begunElsewhere(context, announcement, "function") ?? beginHere(context, body, "function");
  const within = isWaiting(begun) ? settled(begun).then(begunId) : begunId(begun);
  let id: string | undefined;
  if (typeof within === "string") id = within;
  else within.then((known) => id = known, () => {});
  const call = {
    source: action,
    params: params === undefined ? undefined : JSON.stringify(params),
    database: context.databaseName,
    user: context.user,
    authorization: context.headers["authorization"],
  };
  return answerByCall(context, call, within, (result) => {
    let value: string;
    try {
      value = result();
    } catch (error) {
      if (id === undefined) {
        // where the function was cancelled before, it need not begin, and may have begun in vain
        if (isWaiting(begun)) begun.cancel?.();
        if (typeof within !== "string") abortLate(context, within);
        throw error;
      }
      return followedBy(end(context, id, "aborted"), () => {
        throw error;
      });
    }
    return followedBy(
      end(context, id!, "committed"),
      (reply) => reply.status < 400 ? jsonText(200, `{"error":false,"code":200,"result":${value}}`) : reply,
    );
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

function outcome(id: string, status: TransactionStatus): ApiReply {
  return json(200, { code: 200, error: false, result: { id, status } });
}

function status(context: RequestContext): ApiReply {
  const id = idOf(context);
  const { server, user, databaseName } = context;
  return outcome(id, isOwnRunning(context, id) ? "running" : transactionsOf(server).status(id, user, databaseName));
}

/** Ends a transaction, wherever it lives. */
function end(context: RequestContext, id: string, status: EndedTransaction["status"]): ApiReply | Waiting {
  const { server, user, databaseName } = context;
  // what it does at the moment would be in vain
  if (status === "aborted" && isOwnRunning(context, id)) homesOf(server)?.cancel(id);
  const request = {
    method: status === "committed" ? "PUT" : "DELETE",
    url: context.location(`/_api/transaction/${id}`),
    headers: {},
    body: new Uint8Array(),
  };
  const ends = { id, user, database: databaseName, status };
  return toTransaction(context, id, request, { ends }) ?? endHere(server, ends);
}

/** Ends a transaction that lives in this thread. */
export function endHere(server: Server, { id, user, database, status }: EndedTransaction): ApiReply {
  transactionsOf(server).end(id, user, database, status);
  return outcome(id, status);
}

/** Aborts the user's transactions that write, in every database; the manual does not have it. */
function abortWriting(context: RequestContext): ApiReply | Waiting {
  const { server, user, request } = context;
  transactionsOf(server).abortWriting(user);
  const runs = homesOf(server)?.runInAll(request, { user, readOnly: server.readOnly }) ?? [];
  return runs.reduce<ApiReply | Waiting>(
    (before, run) => followedBy(before, () => run),
    ok({ result: { id: "write", status: "aborted" } }),
  );
}

function list(context: RequestContext): ApiReply {
  return json(200, { transactions: runningStreams(context).map((id) => ({ id, state: "running" })) });
}

function commit(context: RequestContext): ApiReply | Waiting {
  return end(context, idOf(context), "committed");
}

function abort(context: RequestContext): ApiReply | Waiting {
  return end(context, idOf(context), "aborted");
}

const ALL = "/_api/transaction";
const ONE = "/_api/transaction/:id";
const BASICS = { access: "read", mayRunElsewhere: true } as const;

/** The routes. */
export const TRANSACTIONS: readonly Route[] = [
  { method: "GET", path: ALL, access: "read", handle: list },
  { method: "POST", path: ALL, access: "read", runsActions: true, handle: execute },
  { ...BASICS, method: "POST", path: "/_api/transaction/begin", handle: begin },
  { ...BASICS, method: "PUT", path: ALL, handle: commit },
  { ...BASICS, method: "DELETE", path: ALL, handle: abort },
  { method: "GET", path: ONE, access: "read", handle: status },
  { ...BASICS, method: "PUT", path: ONE, handle: commit },
  { ...BASICS, method: "DELETE", path: "/_api/transaction/write", handle: abortWriting },
  { ...BASICS, method: "DELETE", path: ONE, handle: abort },
];

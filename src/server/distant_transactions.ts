/**
 * Transactions that live in threads of their own, as the server sees them: which there are, and the way of a request to one.
 *
 * @module
 */
import type { ApiRequest } from "../base/exchange.ts";
import type { ThreadRun, ThreadTask } from "./query_thread_link.ts";
import type { RequestContext } from "./route.ts";
import type { Server } from "./server.ts";
import type { TransactionHomes } from "./transaction_homes.ts";
import {
  NO_COUNTS,
  type RunningTransaction,
  sumOfCounts,
  type TransactionCounts,
  type TransactionKind,
  transactionNotFound,
  transactionsOf,
} from "./transactions.ts";

/** Where transactions live, if not here. */
export function homesOf({ options }: Server): TransactionHomes | undefined {
  return options.queryThreads?.homes;
}

/**
 * Begins a transaction in another thread.
 *
 * @param announcement what its client announces
 * @returns the answer of `POST /_api/transaction/begin`; undefined where it has to live here
 */
export function begunElsewhere(
  context: RequestContext,
  announcement: Pick<ApiRequest, "headers" | "body">,
  kind: TransactionKind,
): ThreadRun | undefined {
  const { server, user, mayWait } = context;
  if (!mayWait) return undefined;
  const request = { ...announcement, method: "POST", url: context.location("/_api/transaction/begin") };
  return homesOf(server)?.begin(request, { user, readOnly: server.readOnly, begins: kind });
}

/** Whether a request is part of a transaction that lives elsewhere. */
export function isPartElsewhere({ server, transactionId }: RequestContext): boolean {
  return transactionId !== undefined && homesOf(server)?.has(transactionId) === true;
}

/**
 * Hands a request to the thread of the transaction that it is part of.
 *
 * @param request what its thread is to do instead
 * @param mayTakeLong whether transactions had better not begin there meanwhile
 * @returns undefined where that lives here, or nowhere
 */
export function inTransaction(
  context: RequestContext,
  request = context.request,
  mayTakeLong = false,
): ThreadRun | undefined {
  const { transactionId } = context;
  if (transactionId === undefined) return undefined;
  const headers = { ...request.headers, "x-arango-trx-id": transactionId };
  return toTransaction(context, transactionId, { ...request, headers }, { mayTakeLong });
}

/**
 * Hands a request about a transaction, or from it, to its thread.
 *
 * @param task what else the thread is to know
 * @returns undefined where it lives here, or nowhere
 * @throws ArangoError 1655 for the transaction of another user: its thread, which may be busy, need not be asked
 */
export function toTransaction(
  { server, user, databaseName }: RequestContext,
  id: string,
  request: ApiRequest,
  task: Pick<ThreadTask, "mayTakeLong" | "ends"> = {},
): ThreadRun | undefined {
  const homes = homesOf(server);
  const known = homes?.find(id);
  if (known && (known.user !== user || known.database !== databaseName)) throw transactionNotFound(id);
  return homes?.run(id, request, { user, readOnly: server.readOnly, ...task });
}

/** The transactions that are running, wherever they live. */
export function runningTransactions(server: Server): RunningTransaction[] {
  return [...transactionsOf(server).running, ...homesOf(server)?.running ?? []];
}

/** Whether a transaction is running that the user has begun. */
export function isOwnRunning({ server, user, databaseName }: RequestContext, id: string): boolean {
  return runningTransactions(server).some((one) => one.id === id && one.user === user && one.database === databaseName);
}

/** The ids of a user's running stream transactions in a database. */
export function runningStreams({ server, user, databaseName }: RequestContext): string[] {
  return runningTransactions(server)
    .filter((one) => one.kind === "stream" && one.user === user && one.database === databaseName)
    .map(({ id }) => id);
}

/** How many transactions were started, wherever they live, and how they ended. */
export function transactionCounts(server: Server): TransactionCounts {
  return sumOfCounts(transactionsOf(server).counts, homesOf(server)?.counts ?? NO_COUNTS);
}

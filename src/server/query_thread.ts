/**
 * A thread that answers queries, or the requests of transactions; see {@linkcode QueryThreads}.
 *
 * @module
 */
import { ArangoError } from "../base/arango_error.ts";
import { type ApiReply, type ApiRequest, bodyBytes } from "../base/exchange.ts";
import { Engine } from "../engine/engine.ts";
import { LockTable } from "../engine/lock_table.ts";
import { cursorsOf } from "./cursors.ts";
import type { CachedResult } from "./query_cache.ts";
import { errorReply } from "./reply.ts";
import { endHere } from "./routes/transactions.ts";
import { Server } from "./server.ts";
import type { LogEntry } from "./server_log.ts";
import {
  type EndedTransaction,
  type TransactionChange,
  type TransactionCounts,
  type TransactionKind,
  transactionsOf,
} from "./transactions.ts";
import { isWaiting, settled, type Waiting } from "./waiting.ts";

/** What a thread is told first. */
export interface ThreadPlan {
  readonly directory: string;
  readonly readOnly: boolean;
  readonly authentication: boolean;
  /** The table of locks; see {@linkcode LockTable}. */
  readonly locks: SharedArrayBuffer;
  /** What it is called there. */
  readonly thread: string;
}

/** What a {@linkcode ResultTaker} takes. */
interface KeptResult {
  readonly result: CachedResult;
  readonly states: readonly (string | undefined)[];
}

/** A request for a thread. */
export interface ThreadOrder {
  readonly number: number;
  readonly request: ApiRequest;
  /** Who sends it; the password was checked before. */
  readonly user: string;
  /** Whether the server refuses changes. */
  readonly readOnly: boolean;
  /** The key of the plan that the query uses, if the server has it in its list. */
  readonly planKey: string | undefined;
  /** How many characters all results may have that are wanted; negative where none are. */
  readonly mostCharacters: number;
  /** The transaction that is to end; the server has made sure that it may. */
  readonly ends: EndedTransaction | undefined;
  /** How a transaction is to be that the request begins. */
  readonly kind: TransactionKind;
  /** When it was given, in milliseconds since 1970: the thread may have had other things to do. */
  readonly given: number;
  /** One word: whether the order is to be given up. */
  readonly killed: SharedArrayBuffer;
}

/** What a thread has that lasts over several requests. */
export interface ThreadState {
  /** The ids of the cursors that are open. */
  readonly cursors: readonly string[];
  /** What has become of its transactions, if there is something new, and how many there were. */
  readonly transactions?: { readonly changes: readonly TransactionChange[]; readonly counts: TransactionCounts };
}

/** What a thread answers. */
export interface ThreadAnswer extends ThreadState {
  readonly number: number;
  readonly reply: ApiReply;
  /** How many milliseconds the thread has worked on it. */
  readonly took: number;
  /** What is to stand in the server's log. */
  readonly log: readonly LogEntry[];
  /** All results of the query, where they are wanted and will be the same the next time. */
  readonly kept?: KeptResult;
}

/** Makes a thread let go of cursors and transactions that have expired, and tell what is left. */
export interface ExpireOrder {
  /** When it was given, in milliseconds since 1970: what lived then is not over yet. */
  readonly expire: number;
}

/** Makes a thread close its files: it gets no more orders. */
export interface CloseOrder {
  /** One word: whether it has closed them. */
  readonly closed: SharedArrayBuffer;
}

interface AnswerTaker {
  postMessage(message: ThreadAnswer | ThreadState, transfer?: Transferable[]): void;
}

const scope = globalThis as unknown as AnswerTaker & {
  onmessage: (event: MessageEvent<ThreadPlan | ThreadOrder | ExpireOrder | CloseOrder>) => void;
};

/** Where answers go: a port if one came with the plan. */
let taker: AnswerTaker = scope;

/** An order under way. It may have to wait for the end of a transaction, while others go on. */
interface Work {
  readonly order: Pick<ThreadOrder, "given" | "planKey" | "kind" | "mostCharacters">;
  readonly killed: Int32Array;
  readonly log: LogEntry[];
  kept?: KeptResult;
}

let server: Server | undefined;
/** What the thread does at this moment. */
let current: Work = unasked(Date.now());

/** What has become of transactions since the last answer. */
let changes: TransactionChange[] = [];

/** What nobody has ordered. */
function unasked(given: number): Work {
  const order = { given, planKey: undefined, kind: "stream", mostCharacters: -1 } as const;
  return { order, killed: new Int32Array(1), log: [] };
}

function open({ directory, readOnly, authentication, locks, thread }: ThreadPlan): Server {
  const server = new Server(Engine.open({ directory, readOnly, conflicts: true }), {
    authentication,
    locks: new LockTable(locks),
    thread,
    resultTaker: () => {
      const work = current;
      const { mostCharacters } = work.order;
      if (mostCharacters < 0) return undefined;
      return { mostCharacters, take: (result, states) => work.kept = { result, states } };
    },
    knownPlanKey: () => current.order.planKey,
    beginsAs: () => current.order.kind,
    askedAt: () => current.order.given,
    isInterrupted: () => isKilled(current),
    // which levels are wanted is for the server to say
    log: { levelOf: () => "TRACE", write: (entry) => void current.log.push(entry) },
  });
  transactionsOf(server).noteChange = (change) => void changes.push(change);
  return server;
}

function isKilled({ killed }: Work): boolean {
  return Atomics.load(killed, 0) !== 0;
}

function close({ closed }: CloseOrder): void {
  server![Symbol.dispose]();
  server!.engine[Symbol.dispose]();
  const word = new Int32Array(closed);
  Atomics.store(word, 0, 1);
  Atomics.notify(word, 0);
}

function stateOf(server: Server): ThreadState {
  const transactions = transactionsOf(server);
  transactions.expire();
  const { ids: cursors } = cursorsOf(server);
  if (changes.length === 0) return { cursors };
  const known = { changes, counts: transactions.counts };
  changes = [];
  return { cursors, transactions: known };
}

function send(order: ThreadOrder, { log, kept }: Work, reply: ApiReply, took: number): void {
  const body = bodyBytes(reply);
  const { buffer, byteLength } = body;
  const owned = buffer.byteLength === byteLength && byteLength > 0 ? [buffer as ArrayBuffer] : [];
  taker.postMessage({
    ...stateOf(server!),
    number: order.number,
    reply: { ...reply, body },
    took,
    log,
    ...(kept ? { kept } : {}),
  }, owned);
}

function answerOf({ request, user, ends }: ThreadOrder): ApiReply | Waiting {
  // whether its user may do anything by now, or its database is still there
  if (ends) return server!.answer(request, () => endHere(server!, ends));
  return server!.handle(request, { wait: "later", as: user });
}

function carryOut(order: ThreadOrder): void {
  const work: Work = { order, killed: new Int32Array(order.killed), log: [] };
  let took = 0;
  const working = <T>(body: () => T): T => {
    current = work;
    const started = performance.now();
    try {
      return body();
    } finally {
      took += performance.now() - started;
    }
  };
  server!.readOnly = order.readOnly;
  const answer = working(() => answerOf(order));
  if (!isWaiting(answer)) return send(order, work, answer, took);
  const poll = (): ApiReply | undefined =>
    isKilled(work) ? errorReply(new ArangoError("ERROR_QUERY_KILLED")) : answer.poll();
  void settled({ ...answer, poll: () => working(poll) }).then((reply) => {
    current = work;
    send(order, work, reply, took);
  });
}

scope.onmessage = ({ data, ports: [port] }) => {
  if ("expire" in data) {
    current = unasked(data.expire);
    cursorsOf(server!).expire();
    taker.postMessage(stateOf(server!));
    return;
  }
  if ("closed" in data) return close(data);
  if ("number" in data) return carryOut(data);
  server = open(data);
  if (port) taker = port;
};

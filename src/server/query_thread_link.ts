/**
 * A thread for queries or transactions as the server sees it: orders go to it, answers come back, and what it has open.
 *
 * @module
 */
import { ArangoError } from "../base/arango_error.ts";
import type { ApiRequest } from "../base/exchange.ts";
import type { ResultTaker } from "./query_cache.ts";
import type { CloseOrder, ExpireOrder, ThreadAnswer, ThreadOrder, ThreadPlan, ThreadState } from "./query_thread.ts";
import type { ServerLog } from "./server_log.ts";
import {
  type EndedTransaction,
  NO_COUNTS,
  type RunningTransaction,
  sumOfCounts,
  type TransactionCounts,
  type TransactionKind,
} from "./transactions.ts";
import type { Waiting } from "./waiting.ts";

/** A request that a thread works on. */
export interface ThreadRun extends Waiting {
  /** Makes the query end with error 1500 at its next step. */
  cancel(): void;
  /** How many milliseconds the thread has worked on it, without what it had to do before; undefined while it is not done. */
  took(): number | undefined;
}

/** Gives the reply to whoever waits for it, or throws. */
type Outcome = () => Pick<ThreadAnswer, "reply" | "took">;

/** What a thread is to know of a request besides it. */
export interface ThreadTask {
  readonly user: string;
  /** Whether the server refuses changes. */
  readonly readOnly: boolean;
  /** The id of the cursor that the request is about; none for a new query. */
  readonly cursor?: string;
  /** The id of the transaction that the request is part of, or about. */
  readonly transaction?: string;
  /** The transaction that the request ends, if it does, whatever its user may do by now. */
  readonly ends?: EndedTransaction;
  /** What kind of a transaction the request begins, if it does. */
  readonly begins?: TransactionKind;
  /** Whether it may take long. */
  readonly mayTakeLong?: boolean;
  /** Wants the results of the query. */
  readonly taker?: ResultTaker | undefined;
  /** The key of the plan that the query uses, if the server has it in its list. */
  readonly planKey?: string | undefined;
}

/** How many milliseconds a thread that is to end has for closing its files. */
const CLOSING = 1000;

/** An order that is not answered yet. */
interface Pending {
  readonly transaction: string | undefined;
  readonly mayTakeLong: boolean;
  readonly taker: ResultTaker | undefined;
  readonly settle: (outcome: Outcome) => void;
  readonly cancel: () => void;
}

/** What a thread tells besides its answers. */
export interface ThreadEvents {
  /** Takes what is to stand in the server's log. */
  readonly note: ServerLog["note"];
  /** Called after each answer. */
  readonly settled: () => void;
  /** Called when one of its transactions has ended. */
  readonly ended: (transaction: EndedTransaction) => void;
  /** Called when it has broken. */
  readonly broken: () => void;
}

/** A thread, which starts with its first order. */
export class QueryThread {
  readonly #plan: () => ThreadPlan;
  readonly #isBlocking: boolean;
  readonly #events: ThreadEvents;
  readonly #pending = new Map<number, Pending>();
  #worker: Worker | undefined;
  #closed: Error | undefined;
  #orders = 0;
  /** Where answers come when nobody has time for events. */
  #port: MessagePort | undefined;
  #cursors: ReadonlySet<string> = new Set();
  readonly #transactions = new Map<string, RunningTransaction>();
  /** Whether it has not answered yet that it was to let go of what has expired. */
  #isExpiring = false;
  #counts = NO_COUNTS;
  /** Those of threads that have ended, each of which counts from the beginning. */
  #earlierCounts = NO_COUNTS;
  /** When it began what it does now, or ended what it did, in milliseconds. */
  #since = performance.now();

  /** @param plan what it is told first */
  constructor(plan: () => ThreadPlan, isBlocking: boolean, events: ThreadEvents) {
    this.#plan = plan;
    this.#isBlocking = isBlocking;
    this.#events = events;
  }

  /** How many requests it has to answer. */
  get load(): number {
    return this.#pending.size;
  }

  /** For how many milliseconds it has worked on a request, or had none. */
  get age(): number {
    return performance.now() - this.#since;
  }

  /** Whether something new may have to wait for long. */
  get mayTakeLong(): boolean {
    return [...this.#pending.values()].some(({ mayTakeLong }) => mayTakeLong);
  }

  /** How many cursors it has. */
  get cursors(): number {
    return this.#cursors.size;
  }

  /** Whether it has anything that lasts over several requests. */
  get isNeeded(): boolean {
    return this.cursors > 0 || this.#transactions.size > 0;
  }

  /** The transactions that are running in it, by their ids. */
  get transactions(): ReadonlyMap<string, RunningTransaction> {
    return this.#transactions;
  }

  /** How many transactions were started in it, and how they ended. */
  get transactionCounts(): TransactionCounts {
    return sumOfCounts(this.#counts, this.#earlierCounts);
  }

  /** Whether a cursor is open in it. */
  has(cursor: string): boolean {
    return this.#cursors.has(cursor);
  }

  /** Begins to load what the thread runs, before the first request comes. */
  start(): Worker {
    if (this.#worker) return this.#worker;
    const worker = new Worker(new URL("./query_thread.ts", import.meta.url), { type: "module" });
    // what it has said before it was stopped may come after that
    worker.onmessage = ({ data }: MessageEvent<ThreadAnswer | ThreadState>) => {
      if (this.#worker === worker) this.#take(data);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      if (this.#worker !== worker) return;
      const reason = new ArangoError("ERROR_INTERNAL", `internal error: a thread for queries ended: ${event.message}`);
      this.#events.note("ERROR", reason.message);
      const lost = [...this.#transactions.values()];
      this.#end(reason);
      for (const { id, user, database } of lost) this.#events.ended({ id, user, database, status: "aborted" });
      this.#events.broken();
      this.#events.settled();
    };
    if (this.#isBlocking) {
      const { port1, port2 } = new MessageChannel();
      this.#port = port1;
      worker.postMessage(this.#plan(), [port2]);
    } else {
      worker.postMessage(this.#plan());
    }
    return this.#worker = worker;
  }

  #take(answer: ThreadAnswer | ThreadState): void {
    this.#cursors = new Set(answer.cursors);
    const { transactions: news } = answer;
    if (news) {
      for (const change of news.changes) {
        if ("begun" in change) {
          this.#transactions.set(change.begun.id, change.begun);
        } else {
          this.#transactions.delete(change.ended.id);
          this.#events.ended(change.ended);
        }
      }
      this.#counts = news.counts;
    }
    if (!("number" in answer)) {
      this.#isExpiring = false;
      return;
    }
    const { number, reply, took, log, kept } = answer;
    for (const { level, message, topic } of log) this.#events.note(level, message, topic);
    const pending = this.#pending.get(number);
    if (kept) pending?.taker?.take(kept.result, kept.states);
    pending?.settle(() => ({ reply, took }));
    this.#pending.delete(number);
    this.#since = performance.now();
    this.#events.settled();
  }

  /** Takes the answers that have come so far, without events. */
  #drain(): void {
    const { receiveMessageOnPort } = globalThis.process.getBuiltinModule("node:worker_threads");
    for (;;) {
      const received = receiveMessageOnPort(this.#port as never) as { message: ThreadAnswer | ThreadState } | undefined;
      if (!received) return;
      this.#take(received.message);
    }
  }

  /** Gives it a request to answer; after it was closed it answers error 30. */
  run(request: ApiRequest, task: ThreadTask): ThreadRun {
    if (this.#closed) throw this.#closed;
    const number = ++this.#orders;
    const headers = headersForThread(request);
    const { user, readOnly, taker, planKey, transaction, ends, begins: kind = "stream", mayTakeLong = false } = task;
    const killed = new Int32Array(new SharedArrayBuffer(4));
    const cancel = (): void => void Atomics.store(killed, 0, 1);
    let outcome: Outcome | undefined;
    const ready = new Promise<void>((resolve) => {
      const settle = (known: Outcome): void => {
        outcome = known;
        resolve();
      };
      if (this.load === 0) this.#since = performance.now();
      this.#pending.set(number, { settle, cancel, taker, transaction, mayTakeLong });
    });
    const mostCharacters = taker?.mostCharacters ?? -1;
    const given = Date.now();
    const order: ThreadOrder = {
      number,
      request: { ...request, headers },
      user,
      readOnly,
      planKey,
      ends,
      mostCharacters,
      kind,
      given,
      killed: killed.buffer,
    };
    this.start().postMessage(order);
    return {
      poll: () => {
        if (!outcome && this.#port) this.#drain();
        return outcome?.().reply;
      },
      took: () => outcome?.().took,
      cancel,
      ...(this.#isBlocking ? {} : { ready }),
    };
  }

  /** Makes the thread let go of what has expired, once it has a moment for that: what it is to answer may wait for just this. */
  expire(): void {
    // where there are no events, nobody else takes what it says
    if (this.#port) this.#drain();
    if (!this.isNeeded || this.#isExpiring) return;
    this.#isExpiring = true;
    this.#worker?.postMessage({ expire: Date.now() } satisfies ExpireOrder);
  }

  /** Makes the orders end that are part of a transaction. */
  cancel(transaction: string): void {
    for (const one of this.#pending.values()) if (one.transaction === transaction) one.cancel();
  }

  /** Makes all orders end with error 1500. */
  cancelAll(): void {
    for (const { cancel } of this.#pending.values()) cancel();
  }

  /** Ends the thread for good. */
  close(reason: Error): void {
    this.#closed = reason;
    this.stop(reason);
  }

  /** Ends the thread; what it was to answer fails. A later request starts it again. */
  stop(reason: Error): void {
    // a thread that is busy ends no sooner than what it does
    this.cancelAll();
    if (this.#worker) closeFiles(this.#worker);
    this.#end(reason);
  }

  #end(reason: Error): void {
    this.#worker?.terminate();
    this.#port?.close();
    this.#worker = this.#port = undefined;
    this.#isExpiring = false;
    this.#cursors = new Set();
    this.#earlierCounts = this.transactionCounts;
    this.#counts = NO_COUNTS;
    this.#transactions.clear();
    const failed: Outcome = () => {
      throw reason;
    };
    for (const { settle } of this.#pending.values()) settle(failed);
    this.#pending.clear();
  }
}

/** What the client accepts, and whom a browser trusts, is for the server to see to: a thread answers in JSON what has a body. */
function headersForThread({ method, headers }: ApiRequest): ApiRequest["headers"] {
  const { accept, origin: _, "x-arango-async": __, ...others } = headers;
  return method === "HEAD" && accept !== undefined ? { ...others, accept } : others;
}

/**
 * Waits until a thread has closed its files: the last one to close a file brings the write-ahead log into it, which nobody does
 * while others are about to close it.
 */
function closeFiles(worker: Worker): void {
  const closed = new Int32Array(new SharedArrayBuffer(4));
  worker.postMessage({ closed: closed.buffer } satisfies CloseOrder);
  Atomics.wait(closed, 0, 0, CLOSING);
}

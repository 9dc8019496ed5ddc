/**
 * Threads that transactions live in, so that a long request of one keeps no other client waiting.
 *
 * All requests of a transaction go to the thread where it began. As long as nothing there may take long, further transactions
 * begin there too: threads have to take turns at SQLite's page caches, so that many of them are slower than one.
 *
 * @module
 */
import { ArangoError } from "../base/arango_error.ts";
import type { ApiRequest } from "../base/exchange.ts";
import type { QueryThread, ThreadRun, ThreadTask } from "./query_thread_link.ts";
import { NO_COUNTS, type RunningTransaction, sumOfCounts, type TransactionCounts } from "./transactions.ts";

/** How many threads there may be. */
const MOST_THREADS = 8;
/** After how many milliseconds a request is taken to be long. */
const LONG = 500;
/** Milliseconds after which a thread other than the first ends that has nothing to do. */
const IDLE = 60_000;

/** Threads that have the data directory open as another process would, each with transactions of its own. */
export class TransactionHomes implements Disposable {
  readonly #newThread: () => QueryThread;
  readonly #threads: QueryThread[];

  /** @param newThread makes one, which starts with its first request */
  constructor(newThread: () => QueryThread) {
    this.#newThread = newThread;
    this.#threads = [newThread()];
  }

  /** All threads. */
  get threads(): readonly QueryThread[] {
    return this.#threads;
  }

  /** Hands a request that begins a transaction to the first thread where it need not wait for long. */
  begin(request: ApiRequest, task: ThreadTask): ThreadRun {
    const free = this.#threads.find((one) => one.load === 0 || (one.age < LONG && !one.mayTakeLong));
    return (free ?? this.#another()).run(request, task);
  }

  #another(): QueryThread {
    if (this.#threads.length >= MOST_THREADS) {
      return this.#threads.reduce((best, one) => one.load < best.load ? one : best);
    }
    const thread = this.#newThread();
    this.#threads.push(thread);
    return thread;
  }

  /**
   * Hands a request to the thread of a transaction.
   *
   * @returns undefined if it is not running in any
   */
  run(transaction: string, request: ApiRequest, task: ThreadTask): ThreadRun | undefined {
    return this.#homeOf(transaction)?.run(request, { ...task, transaction });
  }

  #homeOf(transaction: string): QueryThread | undefined {
    return this.#threads.find((one) => one.transactions.has(transaction));
  }

  /** Hands a request to every thread that has transactions. */
  runInAll(request: ApiRequest, task: ThreadTask): ThreadRun[] {
    return this.#threads.filter((one) => one.transactions.size > 0).map((one) => one.run(request, task));
  }

  /** Makes the requests of a transaction end that are under way. */
  cancel(transaction: string): void {
    this.#homeOf(transaction)?.cancel(transaction);
  }

  /** Whether a transaction is running in one of the threads. */
  has(transaction: string): boolean {
    return this.#homeOf(transaction) !== undefined;
  }

  /** A transaction that is running. */
  find(id: string): RunningTransaction | undefined {
    return this.#homeOf(id)?.transactions.get(id);
  }

  /** The transactions that are running. */
  get running(): RunningTransaction[] {
    return this.#threads.flatMap((one) => [...one.transactions.values()]);
  }

  /** How many transactions were started, and how they ended. */
  get counts(): TransactionCounts {
    return this.#threads.map((one) => one.transactionCounts).reduce(sumOfCounts, NO_COUNTS);
  }

  /** Ends all threads but the first that have long had nothing to do; each starts again when it is needed. */
  shrink(): void {
    for (const thread of this.#threads.slice(1)) {
      if (thread.load === 0 && !thread.isNeeded && thread.age > IDLE) {
        thread.stop(new ArangoError("ERROR_SHUTTING_DOWN"));
      }
    }
  }

  /** Ends all threads; their transactions are aborted. */
  [Symbol.dispose](): void {
    for (const thread of this.#threads) thread.close(new ArangoError("ERROR_SHUTTING_DOWN"));
  }
}

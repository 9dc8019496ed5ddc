/**
 * Threads for queries and transactions, so that a long one keeps nobody else waiting.
 *
 * Each thread has the data directory open as another process would. A query runs in a thread that has nothing to do, among
 * those in the one with the fewest open cursors, whose clients may have to wait for it; its own cursor stays there. Where all
 * have been at the same for a while, there is one more thread until it has long had nothing to do.
 *
 * Transactions have other threads, their homes: all requests of a transaction go to the one where it began. There are as many
 * of those, and one more where a transaction begins while all have been at the same for a while.
 *
 * @module
 */
import { ArangoError } from "../base/arango_error.ts";
import type { ApiRequest } from "../base/exchange.ts";
import { LockTable } from "../engine/lock_table.ts";
import type { ThreadPlan } from "./query_thread.ts";
import { QueryThread, type ThreadRun, type ThreadTask } from "./query_thread_link.ts";
import type { ServerLog } from "./server_log.ts";
import { NO_COUNTS, type RunningTransaction, sumOfCounts, type TransactionCounts } from "./transactions.ts";

/** How many more threads of each kind there may be than there are from the start. */
const MOST_MORE = 8;
/** Of how many transactions that clients have ended it is known where they were. */
const MOST_ENDED = 1000;
/** After how many milliseconds a query is taken to be long, so that others need not wait for it. */
const LONG = 500;
/** Milliseconds after which one of the additional threads ends that has nothing to do. */
const IDLE = 60_000;
/** A new query that waits for a thread. */
interface Queued {
  readonly run: ThreadRun;
  begin(thread: QueryThread): void;
  fail(reason: Error): void;
}

/** @param order gives the query to a thread */
function queued(order: (thread: QueryThread) => ThreadRun): Queued {
  const { promise: ready, resolve } = Promise.withResolvers<void>();
  let run: ThreadRun | undefined;
  let failure: Error | undefined;
  let isCancelled = false;
  return {
    run: {
      ready,
      poll: () => {
        if (failure) throw failure;
        return run?.poll();
      },
      took: () => run?.took(),
      cancel: () => {
        isCancelled = true;
        run?.cancel();
      },
    },
    begin: (thread) => {
      run = order(thread);
      if (isCancelled) run.cancel();
      resolve(run.ready);
    },
    fail: (reason) => {
      failure = reason;
      resolve();
    },
  };
}

/** Threads that answer requests of `/_api/cursor`, and all requests of stream transactions. */
export class QueryThreads implements Disposable {
  readonly #count: number;
  readonly #plan: Omit<ThreadPlan, "locks">;
  readonly #threads: QueryThread[];
  readonly #homes: QueryThread[];
  /** Where transactions were that are over, or about to be. */
  readonly #former = new Map<string, QueryThread>();
  #orders = 0;
  /** New queries that wait for a thread, oldest first. */
  readonly #queued: Queued[] = [];
  #look: ReturnType<typeof setTimeout> | undefined;

  #locks: LockTable | undefined;

  /** Whether answers come though this thread never waits for events. */
  readonly isBlocking: boolean;
  /** Takes what the threads have to say in the log of the server, which sets it. */
  note: ServerLog["note"] = () => {};
  /** Is told how many transactions a thread had that has broken; the server sets it. */
  lost: (transactions: number) => void = () => {};

  /**
   * Plans threads on a directory; they start with the first request, or by {@linkcode start}.
   *
   * @param isBlocking whether the caller polls for answers in a thread without events, as a shell's is
   */
  constructor(count: number, plan: Omit<ThreadPlan, "locks">, isBlocking = false) {
    this.isBlocking = isBlocking;
    this.#count = count;
    this.#plan = plan;
    this.#threads = Array.from({ length: count }, () => this.#newThread());
    // a shell's transactions live where their requests come from
    this.#homes = isBlocking ? [] : [this.#newThread()];
  }

  /** The locks of all transactions. */
  get locks(): LockTable {
    return this.#locks ??= new LockTable();
  }

  #newThread(): QueryThread {
    const plan = () => ({ ...this.#plan, locks: this.locks.memory });
    return new QueryThread(plan, this.isBlocking, {
      note: (...message) => this.note(...message),
      settled: () => this.#next(),
      broken: (transactions) => this.lost(transactions),
    });
  }

  /** Begins to load the first thread of each kind; the others start when they have something to do. */
  start(): void {
    this.#threads[0]?.start();
    this.#homes[0]?.start();
  }

  /**
   * Hands a request to a thread.
   *
   * @returns undefined if no thread has the cursor, or the transaction
   */
  run(request: ApiRequest, task: ThreadTask): ThreadRun | undefined {
    const { cursor, transaction, begins } = task;
    // what the client accepts is for the server to see to; a thread always answers in JSON
    const { accept: _, "x-arango-async": __, ...headers } = request.headers;
    const order = (thread: QueryThread): ThreadRun => thread.run(++this.#orders, { ...request, headers }, task);
    if (cursor !== undefined) {
      const thread = this.#all.find((one) => one.has(cursor));
      return thread && order(thread);
    }
    if (transaction !== undefined) {
      const home = this.#homeOf(transaction);
      return home && order(home);
    }
    if (begins !== undefined) return order(this.#newHome());
    const best = this.#best();
    if (best.load === 0 || this.isBlocking) return order(best);
    const later = queued(order);
    this.#queued.push(later);
    this.#lookLater();
    return later.run;
  }

  /** The thread with the least to do, and then the fewest cursors. */
  #best(): QueryThread {
    return this.#threads.reduce((best, one) => (one.load - best.load || one.cursors - best.cursors) < 0 ? one : best);
  }

  get #all(): QueryThread[] {
    return [...this.#threads, ...this.#homes];
  }

  /** Where a transaction lives, or has lived lately. */
  #homeOf(transaction: string): QueryThread | undefined {
    const home = this.#homes.find((one) => one.transactions.has(transaction));
    if (!home) return this.#former.get(transaction);
    this.#former.set(transaction, home);
    if (this.#former.size > MOST_ENDED) this.#former.delete(this.#former.keys().next().value!);
    return home;
  }

  /** Where the next transaction lives: in the first thread where it need not wait for long. */
  #newHome(): QueryThread {
    const free = this.#homes.find((one) => one.load === 0 || (one.age < LONG && !one.mayTakeLong));
    if (free) return free;
    if (this.#homes.length > MOST_MORE) return this.#homes.reduce((best, one) => one.load < best.load ? one : best);
    const home = this.#newThread();
    this.#homes.push(home);
    return home;
  }

  /** Whether a transaction is running, or was lately. */
  knowsTransaction(id: string): boolean {
    return this.#homeOf(id) !== undefined;
  }

  /** A transaction that is running. */
  transaction(id: string): RunningTransaction | undefined {
    return this.#homes.find((one) => one.transactions.has(id))?.transactions.get(id);
  }

  /** The transactions that are running. */
  get transactions(): RunningTransaction[] {
    return this.#homes.flatMap((one) => [...one.transactions.values()]);
  }

  /** How many transactions were started, and how they ended. */
  get transactionCounts(): TransactionCounts {
    return this.#homes.map((one) => one.transactionCounts).reduce(sumOfCounts, NO_COUNTS);
  }

  /** Hands a request to every thread that has transactions. */
  runInHomes(request: ApiRequest, task: Pick<ThreadTask, "user" | "readOnly">): ThreadRun[] {
    const homes = this.#homes.filter((one) => one.transactions.size > 0);
    return homes.map((one) => one.run(++this.#orders, request, task));
  }

  /** Makes the requests of a transaction end that are under way. */
  cancel(transaction: string): void {
    this.#homeOf(transaction)?.cancel(transaction);
  }

  /** Gives queries that wait to threads that have nothing to do. */
  #next(): void {
    while (this.#queued.length > 0) {
      const best = this.#best();
      if (best.load > 0) return;
      this.#queued.shift()!.begin(best);
    }
  }

  /** Looks again and again, while queries wait, what keeps the oldest of them waiting. */
  #lookLater(): void {
    const [oldest] = this.#queued;
    if (this.#look !== undefined || oldest === undefined) return;
    this.#look = setTimeout(() => {
      this.#look = undefined;
      if (this.#queued[0] === oldest) this.#makeWay(oldest);
      this.#lookLater();
    }, LONG);
  }

  /** Finds a thread for the oldest query, which has waited for long. */
  #makeWay(oldest: Queued): void {
    const youngest = this.#threads.reduce((found, one) => one.age < found.age ? one : found);
    if (youngest.age < LONG) {
      // it gets on, but clients who read its cursors leave it no time without an order
      this.#queued.shift();
      oldest.begin(youngest);
    } else if (this.#threads.length < this.#count + MOST_MORE) {
      this.note("INFO", "all threads for queries are busy with long ones: one more begins", "threads");
      this.#threads.push(this.#newThread());
      this.#next();
    }
  }

  /** Ends additional threads that have nothing to do; those of transactions are known by what has become of these. */
  #shrink(): void {
    for (const thread of [...this.#threads.slice(this.#count), ...this.#homes.slice(1)]) {
      if (thread.load > 0 || thread.isHome || thread.age < IDLE) continue;
      thread.stop(new ArangoError("ERROR_SHUTTING_DOWN"));
      if (!this.#homes.includes(thread)) this.#threads.splice(this.#threads.indexOf(thread), 1);
    }
  }

  /** Whether a thread has a cursor. */
  has(cursor: string): boolean {
    return this.#all.some((one) => one.has(cursor));
  }

  /** How many cursors the threads have. */
  get cursors(): number {
    return this.#all.reduce((sum, one) => sum + one.cursors, 0);
  }

  /** Lets go of cursors and transactions that nobody has used for too long. */
  expire(): void {
    for (const thread of this.#all) thread.expire();
    this.#shrink();
  }

  /** Makes all queries end with error 1500 at their next step, those that wait for a thread when it is their turn. */
  cancelAll(): void {
    for (const thread of this.#all) thread.cancelAll();
    for (const { run } of this.#queued) run.cancel();
  }

  /** Ends all threads. */
  [Symbol.dispose](): void {
    clearTimeout(this.#look);
    const reason = new ArangoError("ERROR_SHUTTING_DOWN");
    for (const { fail } of this.#queued.splice(0)) fail(reason);
    // none is waited for while another has not heard of it
    this.cancelAll();
    for (const thread of this.#all) thread.stop(reason);
  }
}

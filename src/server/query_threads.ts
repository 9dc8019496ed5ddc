/**
 * Threads for queries, so that a long one keeps nobody else waiting.
 *
 * Each thread has the data directory open as another process would. A query runs in a thread that has nothing to do, among
 * those in the one with the fewest open cursors, whose clients may have to wait for it; its own cursor stays there. Where all
 * have been at the same for a while, there is one more thread until it has long had nothing to do.
 *
 * Queries of transactions run where those live ({@linkcode TransactionHomes}), and so their cursors stay there.
 *
 * @module
 */
import { ArangoError } from "../base/arango_error.ts";
import type { ApiRequest } from "../base/exchange.ts";
import { LockTable } from "../engine/lock_table.ts";
import type { ThreadPlan } from "./query_thread.ts";
import { QueryThread, type ThreadRun, type ThreadTask } from "./query_thread_link.ts";
import type { ServerLog } from "./server_log.ts";
import { TransactionHomes } from "./transaction_homes.ts";
import type { EndedTransaction } from "./transactions.ts";

/** How many more threads there may be. */
const MOST_MORE = 8;
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

/** Threads that answer requests of `/_api/cursor`. */
export class QueryThreads implements Disposable {
  readonly #count: number;
  readonly #plan: Omit<ThreadPlan, "locks" | "thread">;
  readonly #threads: QueryThread[];
  /** New queries that wait for a thread, oldest first. */
  readonly #queued: Queued[] = [];
  #look: ReturnType<typeof setTimeout> | undefined;

  #locks: LockTable | undefined;
  /** How many threads have been made. */
  #made = 0;

  /** Where transactions live; undefined for a shell, whose transactions live where its requests come from. */
  readonly homes: TransactionHomes | undefined;
  /** Whether answers come though this thread never waits for events. */
  readonly isBlocking: boolean;
  /** Takes what the threads have to say in the log of the server, which sets it. */
  note: ServerLog["note"] = () => {};
  /** Is told of each transaction that has ended in a thread; the server sets it. */
  ended: (transaction: EndedTransaction) => void = () => {};
  /** Is told which thread has broken; the server sets it. */
  lost: (thread: string) => void = () => {};

  /**
   * Plans threads on a directory; they start with the first request, or by {@linkcode start}.
   *
   * @param isBlocking whether the caller polls for answers in a thread without events, as a shell's is
   */
  constructor(count: number, plan: Omit<ThreadPlan, "locks" | "thread">, isBlocking = false) {
    this.isBlocking = isBlocking;
    this.#count = count;
    this.#plan = plan;
    this.#threads = Array.from({ length: count }, () => this.#newThread());
    this.homes = isBlocking ? undefined : new TransactionHomes(() => this.#newThread());
  }

  /** The locks of all transactions. */
  get locks(): LockTable {
    return this.#locks ??= new LockTable();
  }

  #newThread(): QueryThread {
    const thread = `${++this.#made}`;
    const plan = () => ({ ...this.#plan, locks: this.locks.memory, thread });
    return new QueryThread(plan, this.isBlocking, {
      note: (...message) => this.note(...message),
      settled: () => this.#next(),
      ended: (transaction) => this.ended(transaction),
      broken: () => this.lost(thread),
    });
  }

  /** Begins to load the first thread; the others start when they have something to do. */
  start(): void {
    this.#threads[0]?.start();
  }

  /**
   * Hands a request to a thread.
   *
   * @returns undefined if no thread has the cursor
   */
  run(request: ApiRequest, task: ThreadTask): ThreadRun | undefined {
    const { cursor } = task;
    if (cursor !== undefined) return this.#all.find((one) => one.has(cursor))?.run(request, task);
    const order = (thread: QueryThread): ThreadRun => thread.run(request, task);
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
    return [...this.#threads, ...this.homes?.threads ?? []];
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

  /** Ends additional threads that have nothing to do. */
  #shrink(): void {
    for (const thread of this.#threads.slice(this.#count)) {
      if (thread.load > 0 || thread.cursors > 0 || thread.age < IDLE) continue;
      thread.close(new ArangoError("ERROR_SHUTTING_DOWN"));
      this.#threads.splice(this.#threads.indexOf(thread), 1);
    }
    this.homes?.shrink();
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
    for (const thread of this.#threads) thread.close(reason);
    this.homes?.[Symbol.dispose]();
  }
}

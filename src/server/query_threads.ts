/**
 * Threads for queries, so that a long one keeps nobody else waiting.
 *
 * Each thread has the data directory open as another process would. A query runs in a thread that has nothing to do, among
 * those in the one with the fewest open cursors, whose clients may have to wait for it; its own cursor stays there. Where all
 * have been at the same for a while, there is one more thread until it has long had nothing to do.
 *
 * @module
 */
import { ArangoError } from "../base/arango_error.ts";
import type { ApiRequest } from "../base/exchange.ts";
import type { ResultTaker } from "./query_cache.ts";
import type { CloseOrder, CursorsLeft, ExpireOrder, ThreadAnswer, ThreadOrder, ThreadPlan } from "./query_thread.ts";
import type { ServerLog } from "./server_log.ts";
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
  /** Wants the results of the query. */
  readonly taker?: ResultTaker;
}

/** How many more threads there may be. */
const MOST_MORE = 8;
/** After how many milliseconds a query is taken to be long, so that others need not wait for it. */
const LONG = 500;
/** Milliseconds after which one of the additional threads ends that has nothing to do. */
const IDLE = 60_000;
/** How many milliseconds a thread that is to end has for closing its files. */
const CLOSING = 1000;

/** An order that is not answered yet. */
interface Pending {
  readonly taker: ResultTaker | undefined;
  readonly settle: (outcome: Outcome) => void;
  readonly cancel: () => void;
}

class Thread {
  readonly #plan: ThreadPlan;
  readonly #isBlocking: boolean;
  readonly #note: ServerLog["note"];
  readonly #settled: () => void;
  readonly #pending = new Map<number, Pending>();
  #worker: Worker | undefined;
  /** Where answers come when nobody has time for events. */
  #port: MessagePort | undefined;
  #cursors: ReadonlySet<string> = new Set();
  /** When it began what it does now, or ended what it did, in milliseconds. */
  #since = performance.now();

  /** @param settled called after each answer */
  constructor(plan: ThreadPlan, isBlocking: boolean, note: ServerLog["note"], settled: () => void) {
    this.#plan = plan;
    this.#isBlocking = isBlocking;
    this.#note = note;
    this.#settled = settled;
  }

  /** How many requests it has to answer. */
  get load(): number {
    return this.#pending.size;
  }

  /** For how many milliseconds it has worked on a request, or had none. */
  get age(): number {
    return performance.now() - this.#since;
  }

  /** How many cursors it has. */
  get cursors(): number {
    return this.#cursors.size;
  }

  has(cursor: string): boolean {
    return this.#cursors.has(cursor);
  }

  /** Begins to load what the thread runs, before the first request comes. */
  start(): Worker {
    if (this.#worker) return this.#worker;
    const worker = new Worker(new URL("./query_thread.ts", import.meta.url), { type: "module" });
    worker.onmessage = ({ data }: MessageEvent<ThreadAnswer | CursorsLeft>) => this.#take(data);
    worker.onerror = (event) => {
      event.preventDefault();
      const reason = new ArangoError("ERROR_INTERNAL", `internal error: a thread for queries ended: ${event.message}`);
      this.#note("ERROR", reason.message);
      this.#end(reason);
      this.#settled();
    };
    if (this.#isBlocking) {
      const { port1, port2 } = new MessageChannel();
      this.#port = port1;
      worker.postMessage(this.#plan, [port2]);
    } else {
      worker.postMessage(this.#plan);
    }
    return this.#worker = worker;
  }

  #take(answer: ThreadAnswer | CursorsLeft): void {
    this.#cursors = new Set(answer.cursors);
    if (!("number" in answer)) return;
    const { number, reply, took, log, kept } = answer;
    for (const { level, message, topic } of log) this.#note(level, message, topic);
    const pending = this.#pending.get(number);
    if (kept) pending?.taker?.take(kept.result, kept.states);
    pending?.settle(() => ({ reply, took }));
    this.#pending.delete(number);
    this.#since = performance.now();
    this.#settled();
  }

  /** Takes the answers that have come so far, without events. */
  #drain(): void {
    const { receiveMessageOnPort } = globalThis.process.getBuiltinModule("node:worker_threads");
    for (;;) {
      const received = receiveMessageOnPort(this.#port as never) as { message: ThreadAnswer | CursorsLeft } | undefined;
      if (!received) return;
      this.#take(received.message);
    }
  }

  run(number: number, request: ApiRequest, { user, readOnly, taker }: ThreadTask): ThreadRun {
    const killed = new Int32Array(new SharedArrayBuffer(4));
    const cancel = (): void => void Atomics.store(killed, 0, 1);
    let outcome: Outcome | undefined;
    const ready = new Promise<void>((resolve) => {
      const settle = (known: Outcome): void => {
        outcome = known;
        resolve();
      };
      if (this.load === 0) this.#since = performance.now();
      this.#pending.set(number, { settle, cancel, taker });
    });
    const mostCharacters = taker?.mostCharacters ?? -1;
    const given = Date.now();
    const order: ThreadOrder = { number, request, user, readOnly, mostCharacters, given, killed: killed.buffer };
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

  /** Makes the thread let go of cursors that have expired, unless somebody waits for it: its orders see to that. */
  expire(): void {
    // where there are no events, nobody else takes what it says
    if (this.#port) this.#drain();
    if (this.load === 0 && this.cursors > 0) this.#worker?.postMessage("expire" satisfies ExpireOrder);
  }

  /** Makes all orders end with error 1500. */
  cancelAll(): void {
    for (const { cancel } of this.#pending.values()) cancel();
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
    this.#cursors = new Set();
    const failed: Outcome = () => {
      throw reason;
    };
    for (const { settle } of this.#pending.values()) settle(failed);
    this.#pending.clear();
  }
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

/** A new query that waits for a thread. */
interface Queued {
  readonly run: ThreadRun;
  begin(thread: Thread): void;
  fail(reason: Error): void;
}

/** @param order gives the query to a thread */
function queued(order: (thread: Thread) => ThreadRun): Queued {
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
  readonly #plan: ThreadPlan;
  readonly #threads: Thread[];
  #orders = 0;
  /** New queries that wait for a thread, oldest first. */
  #queued: Queued[] = [];
  #look: ReturnType<typeof setTimeout> | undefined;

  /** Whether answers come though this thread never waits for events. */
  readonly isBlocking: boolean;
  /** Takes what the threads have to say in the log of the server, which sets it. */
  note: ServerLog["note"] = () => {};

  /**
   * Plans threads on a directory; they start with the first request, or by {@linkcode start}.
   *
   * @param isBlocking whether the caller polls for answers in a thread without events, as a shell's is
   */
  constructor(count: number, plan: ThreadPlan, isBlocking = false) {
    this.isBlocking = isBlocking;
    this.#count = count;
    this.#plan = plan;
    this.#threads = Array.from({ length: count }, () => this.#newThread());
  }

  #newThread(): Thread {
    return new Thread(this.#plan, this.isBlocking, (...message) => this.note(...message), () => this.#next());
  }

  /** Begins to load the first thread; the others start when it has something to do. */
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
    // what the client accepts is for the server to see to; a thread always answers in JSON
    const { accept: _, "x-arango-async": __, ...headers } = request.headers;
    const order = (thread: Thread): ThreadRun => thread.run(++this.#orders, { ...request, headers }, task);
    if (cursor !== undefined) {
      const thread = this.#threads.find((one) => one.has(cursor));
      return thread && order(thread);
    }
    const best = this.#best();
    if (best.load === 0 || this.isBlocking) return order(best);
    const later = queued(order);
    this.#queued.push(later);
    this.#lookLater();
    return later.run;
  }

  /** The thread with the least to do, and then the fewest cursors. */
  #best(): Thread {
    return this.#threads.reduce((best, one) => (one.load - best.load || one.cursors - best.cursors) < 0 ? one : best);
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
      thread.stop(new ArangoError("ERROR_SHUTTING_DOWN"));
      this.#threads.splice(this.#threads.indexOf(thread), 1);
    }
  }

  /** Whether a thread has a cursor. */
  has(cursor: string): boolean {
    return this.#threads.some((one) => one.has(cursor));
  }

  /** How many cursors the threads have. */
  get cursors(): number {
    return this.#threads.reduce((sum, one) => sum + one.cursors, 0);
  }

  /** Lets go of cursors that nobody has read for too long. */
  expire(): void {
    for (const thread of this.#threads) thread.expire();
    this.#shrink();
  }

  /** Makes all queries end with error 1500 at their next step, those that wait for a thread when it is their turn. */
  cancelAll(): void {
    for (const thread of this.#threads) thread.cancelAll();
    for (const { run } of this.#queued) run.cancel();
  }

  /** Ends all threads. */
  [Symbol.dispose](): void {
    clearTimeout(this.#look);
    const reason = new ArangoError("ERROR_SHUTTING_DOWN");
    for (const { fail } of this.#queued.splice(0)) fail(reason);
    // none is waited for while another has not heard of it
    this.cancelAll();
    for (const thread of this.#threads) thread.stop(reason);
  }
}

/**
 * Threads for queries, so that a long one keeps nobody else waiting.
 *
 * Each thread has the data directory open as another process would. A query runs in the thread with the least to do, among
 * equals in the one with the fewest open cursors, whose clients may have to wait for it; its own cursor stays there.
 *
 * @module
 */
import { ArangoError } from "../base/arango_error.ts";
import type { ApiRequest } from "../base/exchange.ts";
import type { ResultTaker } from "./query_cache.ts";
import type { CursorsLeft, ExpireOrder, ThreadAnswer, ThreadOrder, ThreadPlan } from "./query_thread.ts";
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
  readonly #pending = new Map<number, Pending>();
  #worker: Worker | undefined;
  /** Where answers come when nobody has time for events. */
  #port: MessagePort | undefined;
  #cursors: ReadonlySet<string> = new Set();

  constructor(plan: ThreadPlan, isBlocking: boolean, note: ServerLog["note"]) {
    this.#plan = plan;
    this.#isBlocking = isBlocking;
    this.#note = note;
  }

  /** How many requests it has to answer. */
  get load(): number {
    return this.#pending.size;
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
      this.stop(reason);
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

/** Threads that answer requests of `/_api/cursor`. */
export class QueryThreads implements Disposable {
  readonly #threads: readonly Thread[];
  #orders = 0;

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
    this.#threads = Array.from(
      { length: count },
      () => new Thread(plan, isBlocking, (...message) => this.note(...message)),
    );
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
    const thread = cursor === undefined
      ? this.#threads.reduce((best, one) => (one.load - best.load || one.cursors - best.cursors) < 0 ? one : best)
      : this.#threads.find((one) => one.has(cursor));
    // what the client accepts is for the server to see to; a thread always answers in JSON
    const { accept: _, "x-arango-async": __, ...headers } = request.headers;
    return thread?.run(++this.#orders, { ...request, headers }, task);
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
  }

  /** Makes all queries end with error 1500 at their next step, those that wait for a thread when it is their turn. */
  cancelAll(): void {
    for (const thread of this.#threads) thread.cancelAll();
  }

  /** Ends all threads. */
  [Symbol.dispose](): void {
    for (const thread of this.#threads) thread.stop(new ArangoError("ERROR_SHUTTING_DOWN"));
  }
}

/**
 * Threads for queries, so that a long one keeps nobody else waiting.
 *
 * Each thread has the data directory open as another process would. A query runs in the thread with the least to do, and
 * its cursor stays there.
 *
 * @module
 */
import { ArangoError } from "../base/arango_error.ts";
import type { ApiReply, ApiRequest } from "../base/exchange.ts";
import type { ThreadAnswer, ThreadOrder, ThreadPlan } from "./query_thread.ts";
import type { Waiting } from "./route.ts";

/** A request that a thread works on. */
export interface ThreadRun extends Waiting {
  readonly ready: Promise<void>;
  /** Makes the query end with error 1500 at its next step. */
  cancel(): void;
}

interface Pending {
  resolve(reply: ApiReply): void;
  reject(error: Error): void;
}

class Thread {
  readonly #plan: Omit<ThreadPlan, "control">;
  readonly #control = new SharedArrayBuffer(4);
  readonly #pending = new Map<number, Pending>();
  #worker: Worker | undefined;
  #cursors: ReadonlySet<string> = new Set();

  constructor(plan: Omit<ThreadPlan, "control">) {
    this.#plan = plan;
  }

  /** How many requests it has to answer. */
  get load(): number {
    return this.#pending.size;
  }

  has(cursor: string): boolean {
    return this.#cursors.has(cursor);
  }

  /** Begins to load what the thread runs, before the first request comes. */
  start(): Worker {
    if (this.#worker) return this.#worker;
    const worker = new Worker(new URL("./query_thread.ts", import.meta.url), { type: "module" });
    worker.onmessage = ({ data }: MessageEvent<ThreadAnswer>) => {
      this.#cursors = new Set(data.cursors);
      this.#pending.get(data.number)?.resolve(data.reply);
      this.#pending.delete(data.number);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      this.stop(new ArangoError("ERROR_INTERNAL", `internal error: a thread for queries ended: ${event.message}`));
    };
    worker.postMessage({ ...this.#plan, control: this.#control } satisfies ThreadPlan);
    return this.#worker = worker;
  }

  run(order: ThreadOrder): ThreadRun {
    let outcome: (() => ApiReply) | undefined;
    const ready = new Promise<ApiReply>((resolve, reject) => {
      this.#pending.set(order.number, { resolve, reject });
      this.start().postMessage(order);
    }).then((reply) => {
      outcome = () => reply;
    }, (error) => {
      outcome = () => {
        throw error;
      };
    });
    return {
      ready,
      poll: () => outcome?.(),
      cancel: () => void Atomics.store(new Int32Array(this.#control), 0, order.number),
    };
  }

  /** Ends the thread; what it was to answer fails. A later request starts it again. */
  stop(reason: Error): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#cursors = new Set();
    for (const { reject } of this.#pending.values()) reject(reason);
    this.#pending.clear();
  }
}

/** Threads that answer requests of `/_api/cursor`. */
export class QueryThreads implements Disposable {
  readonly #threads: readonly Thread[];
  #orders = 0;

  /** Plans `count` threads on a directory. */
  constructor(count: number, plan: Omit<ThreadPlan, "control">) {
    this.#threads = Array.from({ length: count }, () => new Thread(plan));
  }

  /** Begins to load the threads. */
  start(): void {
    for (const thread of this.#threads) thread.start();
  }

  /**
   * Hands a request to a thread.
   *
   * @param cursor the id of the cursor that the request is about; none for a new query
   * @returns undefined if no thread has the cursor
   */
  run(request: ApiRequest, user: string, readOnly: boolean, cursor?: string): ThreadRun | undefined {
    const thread = cursor === undefined
      ? this.#threads.reduce((best, one) => one.load < best.load ? one : best)
      : this.#threads.find((one) => one.has(cursor));
    // what the client accepts is for the server to see to; a thread always answers in JSON
    const { accept: _, "x-arango-async": __, ...headers } = request.headers;
    return thread?.run({ number: ++this.#orders, request: { ...request, headers }, user, readOnly });
  }

  /** Ends all threads. */
  [Symbol.dispose](): void {
    for (const thread of this.#threads) thread.stop(new ArangoError("ERROR_SHUTTING_DOWN"));
  }
}

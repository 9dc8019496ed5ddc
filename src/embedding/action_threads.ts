/**
 * Threads for functions that clients have sent, so that a long one keeps nobody else waiting.
 *
 * @module
 */
import type { DistantAction, DistantActions, RunningAction } from "../base/action.ts";
import { ArangoError } from "../base/arango_error.ts";
import { bodyBytes } from "../base/exchange.ts";
import { channelAnswers } from "../network/blocking_channel.ts";
import type { ActionMessage, ActionOrder, ReplyHead } from "./action_thread.ts";

/** How many functions run at the same time; others wait until one of them has ended. */
const MOST_THREADS = 8;
/** Milliseconds after which a thread that has nothing to do ends. */
const IDLE = 60_000;

/** A function that is to run, or runs. */
interface Job {
  readonly action: DistantAction;
  /** What it waits for in its thread. */
  readonly begun: unknown;
  readonly resolve: (result: string) => void;
  readonly reject: (reason: Error) => void;
}

class ActionThread {
  readonly #worker = new Worker(new URL("./action_thread.ts", import.meta.url), { type: "module" });
  readonly #stopped = new Int32Array(new SharedArrayBuffer(4));
  #job: Job | undefined;
  #idle: ReturnType<typeof setTimeout> | undefined;
  readonly #settled: (isOver: boolean) => void;

  /** @param settled is told when a function has ended, or the thread has, which it says by `isOver` */
  constructor(settled: (isOver: boolean) => void) {
    this.#settled = settled;
    const requests = channelAnswers<Parameters<DistantAction["send"]>[0], ReplyHead>(
      async (request) => {
        const reply = await this.#job!.action.send(request);
        const { body: _, ...head } = reply;
        return { head, body: [bodyBytes(reply)] };
      },
      (error) => ({ kind: "invalid", message: (error as Error).message }),
    );
    this.#worker.onmessage = ({ data }: MessageEvent<ActionMessage>) => {
      // what the thread has said before it was stopped may come after that
      if (!this.#job) return;
      if ("request" in data) return void requests.answer(data);
      const { action, resolve, reject } = this.#job;
      if ("log" in data) return action.log(...data.log);
      this.#end(() => {
        if ("result" in data) resolve(data.result);
        else reject(new ArangoError(data.failure.errorNum, data.failure.message, { code: data.failure.code }));
      });
    };
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.stop(new ArangoError("ERROR_INTERNAL", `internal error: a thread for functions ended: ${event.message}`));
      settled(true);
    };
  }

  /** What it runs. */
  get job(): Job | undefined {
    return this.#job;
  }

  run(job: Job): void {
    clearTimeout(this.#idle);
    this.#job = job;
    // it may have been cancelled meanwhile
    const ifStillWanted = (then: () => void): void => this.#job === job ? then() : undefined;
    Promise.resolve(job.begun).then(
      () => ifStillWanted(() => this.#start(job)),
      (error) => ifStillWanted(() => this.#end(() => job.reject(error))),
    );
  }

  #start(job: Job): void {
    const { source, params, database, user } = job.action;
    const stopped = this.#stopped.buffer;
    this.#worker.postMessage({ source, params, database, user, stopped } satisfies ActionOrder);
  }

  #end(tell: () => void): void {
    this.#job = undefined;
    this.#idle = setTimeout(() => {
      this.stop();
      this.#settled(true);
    }, IDLE);
    Deno.unrefTimer(this.#idle as unknown as number);
    tell();
    this.#settled(false);
  }

  /** Ends the thread; the function that it runs fails. */
  stop(reason: Error = new ArangoError("ERROR_SHUTTING_DOWN")): void {
    clearTimeout(this.#idle);
    Atomics.store(this.#stopped, 0, 1);
    this.#worker.terminate();
    this.#job?.reject(reason);
    this.#job = undefined;
  }
}

/** Threads that start when they are needed, and end when they have nothing to do. */
export class ActionThreads implements DistantActions {
  readonly #threads = new Set<ActionThread>();
  #waiting: Job[] = [];
  #isClosed = false;

  get isFree(): boolean {
    // what comes after the end is refused at once
    return this.#isClosed || this.#threads.size < MOST_THREADS || this.#idle() !== undefined;
  }

  run(action: DistantAction, begun?: unknown): RunningAction {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const job: Job = { action, begun, resolve, reject };
    if (this.#isClosed) reject(new ArangoError("ERROR_SHUTTING_DOWN"));
    else this.#waiting.push(job);
    this.#next();
    return { result: promise, cancel: () => this.#cancel(job) };
  }

  #cancel(job: Job): void {
    const reason = new ArangoError("ERROR_REQUEST_CANCELED");
    job.reject(reason);
    this.#waiting = this.#waiting.filter((one) => one !== job);
    const thread = [...this.#threads].find((one) => one.job === job);
    if (!thread) return;
    thread.stop(reason);
    this.#threads.delete(thread);
    this.#next();
  }

  #next(): void {
    if (this.#waiting.length === 0) return;
    const thread = this.#idle() ?? this.#another();
    thread?.run(this.#waiting.shift()!);
  }

  #idle(): ActionThread | undefined {
    return [...this.#threads].find(({ job }) => job === undefined);
  }

  #another(): ActionThread | undefined {
    if (this.#threads.size === MOST_THREADS) return undefined;
    const thread: ActionThread = new ActionThread((isOver) => {
      if (isOver) this.#threads.delete(thread);
      this.#next();
    });
    this.#threads.add(thread);
    return thread;
  }

  [Symbol.dispose](): void {
    this.#isClosed = true;
    const reason = new ArangoError("ERROR_SHUTTING_DOWN");
    for (const { reject } of this.#waiting.splice(0)) reject(reason);
    for (const thread of this.#threads) thread.stop(reason);
    this.#threads.clear();
  }
}

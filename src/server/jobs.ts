/**
 * Asynchronous requests: work that is put off, and answers that are fetched later.
 *
 * Source: `replication-protocol.md` §3.9; recorded examples `job_*`.
 *
 * @module
 */
import { ArangoError } from "../base/arango_error.ts";
import type { ApiReply } from "../base/exchange.ts";
import { errorReply } from "./reply.ts";
import type { Waiting } from "./waiting.ts";

interface Job {
  readonly user: string;
  /** When it was made, in seconds since 1970. */
  readonly stamp: number;
  /** A job of the background: its state is kept elsewhere. */
  readonly background: boolean;
  /** Whether the work may take long: whoever asks at once is told that it is pending. */
  readonly isLong?: boolean;
  /** The work; absent once it is done. */
  work: (() => ApiReply) | undefined;
  readonly reply: ApiReply | undefined;
  /** Ends work that has begun. */
  readonly cancel?: () => void;
}

/** The answer of a cancelled job, as the Go driver's tests have it. */
const CANCELED = errorReply(new ArangoError("ERROR_REQUEST_CANCELED"));

/** How long work that may take long is pending at least, and all work whose maker asks for nothing but lists: in seconds. */
export const LEAST_AGE = 0.1;

/** The asynchronous jobs of a server. Each is visible only to the user who made it. */
export class Jobs {
  readonly #newId: () => string;
  readonly #jobs = new Map<string, Job>();
  #queue: string[] = [];
  #forgotten: (() => ApiReply)[] = [];

  /** Starts without jobs; `newId` gives out ids, decimal digits. */
  constructor(newId: () => string) {
    this.#newId = newId;
  }

  /**
   * Puts work off until {@linkcode run}.
   *
   * @param stored whether the answer is kept
   * @param isLong whether it may take long
   * @returns the id of the job
   */
  enqueue(user: string, stored: boolean, isLong: boolean, work: () => ApiReply): string {
    if (!stored) {
      this.#forgotten.push(work);
      return "";
    }
    const id = this.#newId();
    this.#jobs.set(id, { user, stamp: Date.now() / 1000, background: false, isLong, work, reply: undefined });
    this.#queue.push(id);
    return id;
  }

  /**
   * Notes work that has begun elsewhere and whose answer comes later.
   *
   * @param stored whether the answer is kept
   * @returns the id of the job
   */
  follow(user: string, stored: boolean, waiting: Waiting): string {
    if (!stored) return "";
    const id = this.#newId();
    let isCancelled = false;
    this.#jobs.set(id, {
      user,
      stamp: Date.now() / 1000,
      background: false,
      work: undefined,
      cancel: () => {
        isCancelled = true;
        waiting.cancel?.();
      },
      get reply() {
        const reply = waiting.poll();
        // a query says that it was killed
        return isCancelled && reply?.status === CANCELED.status ? CANCELED : reply;
      },
    });
    return id;
  }

  /** Notes a job that runs elsewhere. */
  adopt(id: string, user: string): void {
    this.#jobs.set(id, { user, stamp: Date.now() / 1000, background: true, work: undefined, reply: undefined });
  }

  /** Does all work that was put off, or what was put off so many seconds ago at least; `longAge` is for what may take long. */
  run(age = 0, longAge = age): void {
    const due = this.#queue.filter((id) => this.#isDue(id, this.#jobs.get(id)?.isLong ? longAge : age));
    const forgotten = this.#forgotten;
    this.#queue = this.#queue.filter((id) => !due.includes(id));
    this.#forgotten = [];
    for (const work of forgotten) work();
    for (const id of due) this.#runOne(id);
  }

  /** Does the work of a job that somebody asks for, if it has not been done; what may take long stays pending at first. */
  runWanted(id: string): void {
    if (this.#isDue(id, this.#jobs.get(id)?.isLong ? LEAST_AGE : 0)) this.#runOne(id);
  }

  #isDue(id: string, age: number): boolean {
    return (this.#jobs.get(id)?.stamp ?? 0) <= Date.now() / 1000 - age;
  }

  #runOne(id: string): void {
    const job = this.#jobs.get(id);
    const work = job?.work;
    if (!job || !work) return;
    job.work = undefined;
    const reply = work();
    // unless the job was forgotten while it ran
    if (this.#jobs.get(id) === job) this.#jobs.set(id, { ...job, reply });
  }

  /** Makes a job end with an error, where it has not begun or can be stopped. */
  cancel(id: string): void {
    const job = this.#jobs.get(id);
    job?.cancel?.();
    if (job?.work) job.work = () => CANCELED;
  }

  /** Whether work waits for {@linkcode run}. */
  get hasWork(): boolean {
    return this.#queue.length > 0 || this.#forgotten.length > 0;
  }

  /** A user's job: whether it runs elsewhere, and its answer if it is done. */
  find(id: string, user: string): { readonly background: boolean; readonly reply: ApiReply | undefined } | undefined {
    const job = this.#jobs.get(id);
    return job?.user === user ? job : undefined;
  }

  /** Whether a job was made by another user. */
  isForeign(id: string, user: string): boolean {
    const job = this.#jobs.get(id);
    return job !== undefined && job.user !== user;
  }

  /** Forgets a job and its answer; its work is done nevertheless. */
  forget(id: string): void {
    const work = this.#jobs.get(id)?.work;
    if (work) this.#forgotten.push(work);
    this.#jobs.delete(id);
  }

  /** The ids of a user's jobs, newest first, with what {@linkcode find} tells. */
  of(user: string): { id: string; stamp: number; background: boolean; reply: ApiReply | undefined }[] {
    return [...this.#jobs].filter(([, job]) => job.user === user).map(([id, job]) => ({ ...job, id })).reverse();
  }
}

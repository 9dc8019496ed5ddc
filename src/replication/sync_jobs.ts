/**
 * Starts syncs in the background, tells how they stand, and takes up those whose process has died.
 *
 * @module
 */
import { ArangoError } from "../base/arango_error.ts";
import type { Database } from "../engine/database.ts";
import type { Engine } from "../engine/engine.ts";
import type { JobOrder } from "./job_runner.ts";
import type { ThreadSetUp } from "./job_thread.ts";
import { failure, JOB_TABLE, type JobDocument, type JobOutcome, jobOutcome, newJob } from "./job_document.ts";
import { type JobProcess, startJobProcess } from "./job_launch.ts";
import { JobTable } from "./job_table.ts";
import { startLinkWorker } from "./network_link.ts";
import { type LeaderCheck, type SyncConfig, syncConfig } from "./sync_config.ts";
import { StopWord } from "./stop_word.ts";
import { sweepLocks, takeLock } from "./sync_lock.ts";

/** How a sync of this engine is carried out. */
export interface SyncJobsOptions {
  /** Rules of `--connect-to`. */
  readonly connectTo?: readonly string[];
  /**
   * Where jobs run that are not asked to outlive this process: in a `thread` of it, which starts faster the second time,
   * or, like all others, in a `process` of their own.
   */
  readonly attached: "thread" | "process";
  /** @default all leaders are allowed */
  readonly checkLeader?: LeaderCheck;
}

/** A thread that carries out orders one after the other. */
interface JobThread extends Disposable {
  /** @returns tells whether it is done with the job, even if the job's document does not say so */
  carryOut(order: JobOrder): () => boolean;
  /** Makes the job that it works on fail. */
  stop(): void;
}

/** Both workers are started here: Deno takes half a second and more to start a worker from within a worker. */
function startThread(): JobThread {
  const thread = new Worker(new URL("./job_thread.ts", import.meta.url), { type: "module" });
  const link = startLinkWorker();
  const { port1, port2 } = new MessageChannel();
  const stop = new StopWord();
  const done = new Int32Array(new SharedArrayBuffer(4));
  let ordered = 0;
  link.postMessage(null, [port1]);
  thread.postMessage({ stop: stop.memory, done: done.buffer } satisfies ThreadSetUp, [port2]);
  return {
    carryOut: (order) => {
      stop.clear();
      thread.postMessage(order);
      const number = ++ordered;
      return () => Atomics.load(done, 0) >= number;
    },
    stop: () => stop.stopJob(),
    [Symbol.dispose]: () => {
      stop.stopAll();
      thread.terminate();
      link.terminate();
    },
  };
}

/** A job that ends with this process, until it is known that it has ended. */
interface StartedJob {
  readonly lock: Disposable;
  /** The id of its database. */
  readonly database: bigint;
  /** Whether its thread is done with it; undefined for a process. */
  isDone?: () => boolean;
}

/** The sync jobs of an engine. */
export class SyncJobs implements Disposable {
  readonly #engine: Engine;
  readonly #options: SyncJobsOptions;
  readonly #children = new Set<JobProcess>();
  readonly #started = new Map<string, StartedJob>();
  #thread: JobThread | undefined;

  constructor(engine: Engine, options: SyncJobsOptions) {
    this.#engine = engine;
    this.#options = options;
  }

  /**
   * Starts a sync.
   *
   * @param given the configuration as a script passes it
   * @returns the job's id: the key of its document in the job table
   * @throws ArangoError 4, 10, 400, 1410 as {@linkcode syncConfig} tells, 1004 when the directory is read-only
   */
  start(given: unknown, database: Database): string {
    const config = this.#config(given, database);
    this.#engine.assertWritable();
    const id = this.#engine.nextId().toString();
    const background = (given as { async?: unknown }).async === true;
    this.#releaseEnded();
    if (!background) {
      const lock = takeLock(this.#engine.directory, JobTable.starterLockName(id));
      if (lock) this.#started.set(id, { lock, database: database.id });
    }
    const table = new JobTable(this.#engine, database);
    table.create(newJob(id, config, background));
    this.#launch(this.#order(id, database.name, config), table, background);
    return id;
  }

  /** A job; one that this process is done with is held no longer, so that it does not seem to be about to begin. */
  #job(id: string, database: Database): JobDocument | undefined {
    if (this.#started.get(id)?.isDone?.()) this.#release(id);
    return new JobTable(this.#engine, database).get(id);
  }

  /** Lets go of jobs that have ended, about which nobody may have asked. */
  #releaseEnded(): void {
    const databases = new Map(this.#engine.databases().map((database) => [database.id, database]));
    for (const [id, started] of this.#started) {
      const database = databases.get(started.database);
      const job = database && this.#job(id, database);
      if (job?.state !== "running") this.#release(id);
    }
  }

  #release(id: string): void {
    this.#started.get(id)?.lock[Symbol.dispose]();
    this.#started.delete(id);
  }

  #config(given: unknown, database: Database): SyncConfig {
    const config = syncConfig(given, database.name);
    this.#options.checkLeader?.(config);
    return config;
  }

  /** What a job was asked to do; undefined if that makes no sense, since anybody may have changed the table. */
  #knownConfig(job: JobDocument, database: Database): SyncConfig | undefined {
    try {
      return this.#config(job.options, database);
    } catch (error) {
      if (error instanceof ArangoError) return undefined;
      throw error;
    }
  }

  #order(id: string, database: string, config: SyncConfig): JobOrder {
    const { directory, readOnly } = this.#engine;
    return { directory, database, id, config, connectTo: this.#options.connectTo ?? [], readOnly };
  }

  #launch(order: JobOrder, table: JobTable, background: boolean): void {
    if (!background && this.#options.attached === "thread") {
      this.#thread ??= startThread();
      const isDone = this.#thread.carryOut(order);
      const started = this.#started.get(order.id);
      if (started) started.isDone = isDone;
      return;
    }
    const entry = { command: "__job", module: new URL("./job_process.ts", import.meta.url) };
    try {
      const child = startJobProcess(order, entry);
      this.#children.add(child);
      void child.ended.then(() => {
        this.#children.delete(child);
        // whatever its document says, nobody is about to begin with it
        this.#release(order.id);
      });
    } catch (error) {
      table.update(order.id, failure(error, order.config));
      this.#release(order.id);
      throw error;
    }
  }

  /**
   * How a job stands.
   *
   * @returns undefined for an unknown id; `"pending"` while it runs; its result or error
   */
  outcome(id: string, database: Database): JobOutcome | "pending" | undefined {
    const job = this.#job(id, database);
    if (!job) return undefined;
    if (job.state !== "running") this.#release(id);
    return jobOutcome(job, true);
  }

  /** Makes the job fail that this process waits for: somebody has pressed Ctrl-C. */
  stopAttached(): void {
    this.#thread?.stop();
  }

  /**
   * Looks after jobs whose process has died: background jobs of leaders that ask for no credentials go on, all others are marked
   * as interrupted. Files that nobody knows of are deleted.
   */
  recover(): void {
    if (this.#engine.readOnly) return;
    const keep = new Set<string>();
    for (const database of this.#engine.databases()) {
      if (!database.find(JOB_TABLE)) continue;
      const table = new JobTable(this.#engine, database);
      for (const job of table.all()) {
        for (const file of Object.values(job.unfinished)) keep.add(file);
        if (job.state !== "running" || !table.isDead(job)) continue;
        const goesOn = job.background && job.leader.username === "" && job.options.token !== true;
        const config = goesOn ? this.#knownConfig(job, database) : undefined;
        if (!config) {
          table.get(job._key);
          continue;
        }
        // whoever looks meanwhile sees a job that is about to begin
        table.update(job._key, { process: null });
        this.#launch(this.#order(job._key, database.name, config), table, true);
      }
    }
    this.#engine.sweepFiles(keep);
    sweepLocks(this.#engine.directory);
  }

  [Symbol.dispose](): void {
    this.#thread?.[Symbol.dispose]();
    for (const { lock } of this.#started.values()) lock[Symbol.dispose]();
    // jobs of a throw-away directory have nothing left to write to
    if (this.#engine.isTemporary) { for (const child of this.#children) child.stop(); }
  }
}

/**
 * The job table: one document for each sync in the system collection `_sync_jobs` of the follower database.
 *
 * @module
 */
import type { Database } from "../engine/database.ts";
import type { Engine } from "../engine/engine.ts";
import { outdatedJobs } from "./former_syncs.ts";
import { JOB_TABLE, type JobDocument, jobDocument, jobOf, type NewJob, START_GRACE } from "./job_document.ts";
import { isLocked, jobLockName } from "./sync_lock.ts";
import type { ProgressReport } from "./sync_progress.ts";

/** The jobs of one database. */
export class JobTable {
  readonly #engine: Engine;
  readonly #database: Database;

  constructor(engine: Engine, database: Database) {
    this.#engine = engine;
    this.#database = database;
  }

  /** The name of the lock that the process holds which has started a job that is not to outlive it. */
  static starterLockName(id: string): string {
    return `starter of job ${id}`;
  }

  /** Writes down a new job. */
  create(job: NewJob): void {
    this.#database.ensureCollections([{ name: JOB_TABLE, properties: { isSystem: true } }]);
    this.#database.collection(JOB_TABLE).insert(JSON.stringify(jobDocument(job)));
  }

  /** Changes a job's document. */
  update(id: string, change: Partial<JobDocument>): void {
    const text = JSON.stringify({ ...change, updated: new Date().toISOString() });
    this.#database.collection(JOB_TABLE).update(id, text, { mergeObjects: false });
  }

  /** Notes how far a job has come. */
  report(id: string, { phase, message, documents, bytes }: ProgressReport): void {
    this.update(id, { phase, message, documents, bytes });
  }

  /** A job; one whose process has died is marked as interrupted first. */
  get(id: string): JobDocument | undefined {
    const stored = this.#database.find(JOB_TABLE)?.document(id);
    const job = stored && jobOf(stored.text);
    return job?.state === "running" && this.isDead(job) ? this.#interrupt(job) : job;
  }

  /** Whether nobody works on a job that is said to run. */
  isDead(job: JobDocument): boolean {
    const { directory } = this.#engine;
    if (isLocked(directory, jobLockName(job._key))) return false;
    if (job.process !== null) return true;
    // nobody works on it yet
    if (!job.background) return !isLocked(directory, JobTable.starterLockName(job._key));
    return Date.now() - Date.parse(job.updated) > START_GRACE;
  }

  #interrupt(job: JobDocument): JobDocument {
    // the process may have ended properly between the look at the document and the look at the lock
    const now = this.#database.collection(JOB_TABLE).document(job._key);
    const current = now && jobOf(now.text);
    if (!current) return job;
    if (current.state !== "running" || this.#engine.readOnly) return current;
    const change = { state: "interrupted", finished: new Date().toISOString() } as const;
    this.update(job._key, change);
    return { ...current, ...change };
  }

  /** All jobs, in the order of their last changes. */
  all(): JobDocument[] {
    const collection = this.#database.find(JOB_TABLE);
    return collection ? [...collection.pages()].flat().flatMap(({ text }) => jobOf(text) ?? []) : [];
  }

  /**
   * Forgets jobs as {@linkcode outdatedJobs} tells.
   *
   * @param jobs all of them
   */
  prune(jobs: readonly JobDocument[]): void {
    const outdated = outdatedJobs(jobs, ({ unfinished }) => Object.keys(unfinished).length > 0, Date.now());
    if (outdated.length === 0) return;
    const collection = this.#database.collection(JOB_TABLE);
    this.#engine.write([collection], () => {
      for (const key of outdated) if (collection.document(key)) collection.remove(key);
    });
  }
}

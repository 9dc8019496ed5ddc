/**
 * The job table of a follower that is another server.
 *
 * Times in it are the follower's own, so that shells on several machines agree about what is long ago.
 *
 * @module
 */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { ArangoError } from "../../base/arango_error.ts";
import { md5Hex } from "../../base/digest.ts";
import { ApiClient, type Exchange, type UnderWay } from "../../network/api_client.ts";
import { outdatedJobs } from "../former_syncs.ts";
import { JOB_TABLE, type JobDocument, jobDocument, jobOf, type NewJob, START_GRACE } from "../job_document.ts";
import { isLocked, jobLockName, sweepLocks } from "../sync_lock.ts";
import type { ProgressReport } from "../sync_progress.ts";

/** A job and where it runs. */
export interface RemoteJob extends JobDocument {
  /** The machine of the process that works on it. */
  readonly host: string;
  /** Complete copies that are to take the places of collections, by these. */
  readonly replacing: Readonly<Record<string, string>>;
}

/** Whether a job has left collections that do not have their right names. */
export function hasLeftovers({ unfinished, replacing }: Pick<RemoteJob, "unfinished" | "replacing">): boolean {
  return Object.keys({ ...unfinished, ...replacing }).length > 0;
}

const NOT_FOUND: readonly number[] = [1202, 1203];
const DUPLICATE_NAME = 1207;
/** A job on another machine that has said nothing for so many milliseconds is taken for dead. */
const SILENCE = 3_600_000;

/**
 * The file that somebody makes who wants a job to stop.
 *
 * @param locks the directory of this machine's locks
 * @param id the key of the job's document
 */
export function stopFile(locks: string, id: string): string {
  // a hash, since ids come from the follower's table
  return join(locks, `${md5Hex(id)}.stop`);
}

/** The jobs of one database. */
export class RemoteJobTable {
  readonly #api: ApiClient;
  readonly #locks: string;
  /** What was told last, as long as it may be under way. */
  #report: UnderWay<unknown> | undefined;

  /** @param locks the directory of this machine's locks */
  constructor(exchange: Exchange, database: string, locks: string) {
    this.#api = new ApiClient(exchange, database);
    this.#locks = locks;
  }

  /** Writes down a new job. */
  create(job: NewJob): void {
    try {
      this.#api.send("POST", "/_api/collection", { name: JOB_TABLE, isSystem: true });
    } catch (error) {
      if (!(error instanceof ArangoError && error.errorNum === DUPLICATE_NAME)) throw error;
    }
    const document: RemoteJob = { ...jobDocument(job), host: Deno.hostname(), replacing: {} };
    this.#startWrite("INSERT MERGE(@document, { started: @now, updated: @now }) INTO @@jobs", { document }).wait();
  }

  /** Changes a job's document. */
  update(id: string, change: Partial<RemoteJob>): void {
    try {
      this.#settleReport();
    } finally {
      // a report that was lost is no reason to lose how a job ended
      this.#startUpdate(id, change).wait();
    }
  }

  #startUpdate(id: string, change: Partial<RemoteJob>): UnderWay<unknown> {
    const query = "UPDATE @id WITH MERGE(@change, { updated: @now }) IN @@jobs OPTIONS { mergeObjects: false }";
    return this.#startWrite(query, { id, change });
  }

  #startWrite(
    query: string,
    bindVars: Readonly<Record<string, unknown>>,
  ): UnderWay<{ readonly result: readonly unknown[] }> {
    const text = query.replaceAll("@now", "DATE_ISO8601(DATE_NOW())");
    return this.#api.start("POST", "/_api/cursor", { query: text, bindVars: { ...bindVars, "@jobs": JOB_TABLE } });
  }

  /** Notes how far a job has come, while the job goes on. */
  report(id: string, { phase, message, documents, bytes }: ProgressReport): void {
    this.#settleReport();
    this.#report = this.#startUpdate(id, { phase, message, documents, bytes });
  }

  #settleReport(): void {
    const report = this.#report;
    this.#report = undefined;
    report?.wait();
  }

  /** A job; one whose process has died is marked as interrupted first. */
  get(id: string): RemoteJob | undefined {
    return this.#jobs("FOR job IN @@jobs FILTER job._key == @id RETURN { job, now: DATE_NOW() }", { id })[0];
  }

  /** All jobs. */
  all(): RemoteJob[] {
    return this.#jobs("FOR job IN @@jobs RETURN { job, now: DATE_NOW() }", {});
  }

  /**
   * Forgets jobs as {@linkcode outdatedJobs} tells.
   *
   * @param jobs all of them
   */
  prune(jobs: readonly RemoteJob[]): void {
    const outdated = outdatedJobs(jobs, hasLeftovers, Date.now());
    if (outdated.length === 0) return;
    const query = "FOR key IN @outdated REMOVE key IN @@jobs OPTIONS { ignoreErrors: true }";
    this.#startWrite(query, { outdated }).wait();
  }

  #jobs(query: string, bindVars: Readonly<Record<string, unknown>>): RemoteJob[] {
    try {
      const rows = [...this.#api.query<{ job: object; now: number }>(query, { ...bindVars, "@jobs": JOB_TABLE })];
      return rows.flatMap(({ job, now }) => {
        const known = jobOf(JSON.stringify(job)) as RemoteJob | undefined;
        return known ? [this.#checked({ ...known, replacing: known.replacing ?? {} }, now)] : [];
      });
    } catch (error) {
      if (error instanceof ArangoError && NOT_FOUND.includes(error.errorNum)) return [];
      throw error;
    }
  }

  #checked(job: RemoteJob, now: number): RemoteJob {
    if (job.state !== "running" || !this.#isDead(job, now)) return job;
    const change = { state: "interrupted", finished: new Date(now).toISOString() } as const;
    const query = `FOR job IN @@jobs FILTER job._key == @id AND job.state == "running"
      UPDATE job WITH MERGE(@change, { updated: @now }) IN @@jobs RETURN true`;
    const marked = this.#startWrite(query, { id: job._key, change }).wait().result;
    // it has left those of its collections, and has not seen that it was to stop
    sweepLocks(this.#locks);
    rmSync(stopFile(this.#locks, job._key), { force: true });
    // the process may have ended properly between the look at the document and the look at the lock
    return marked.length > 0 ? { ...job, ...change } : this.get(job._key) ?? job;
  }

  #isDead(job: RemoteJob, now: number): boolean {
    const silence = now - Date.parse(job.updated);
    if (job.host !== Deno.hostname()) return silence > SILENCE;
    if (isLocked(this.#locks, jobLockName(job._key))) return false;
    return job.process !== null || silence > START_GRACE;
  }
}

/**
 * Runs one sync as a job: from its order to its last line in the job table.
 *
 * @module
 */
import { ArangoError } from "../base/arango_error.ts";
import { Engine } from "../engine/engine.ts";
import { formerTicks } from "./former_syncs.ts";
import { failure, type JobDocument, success } from "./job_document.ts";
import { JobTable } from "./job_table.ts";
import type { LeaderLink } from "./leader_link.ts";
import { runSync } from "./sync.ts";
import { publicOptions, type SyncConfig } from "./sync_config.ts";
import { jobLockName, takeLock } from "./sync_lock.ts";
import { SyncProgress } from "./sync_progress.ts";

/** What a job's process or thread needs to know. It holds secrets: nobody else may find it. */
export interface JobOrder {
  /** The data directory. */
  readonly directory: string;
  /** The follower database. */
  readonly database: string;
  /** The key of the job's document. */
  readonly id: string;
  readonly config: SyncConfig;
  /** Rules of `--connect-to`. */
  readonly connectTo: readonly string[];
  /** Whether the directory is not to be written to. */
  readonly readOnly: boolean;
}

/**
 * Runs a job to its end and notes it in the job table.
 *
 * @param openLink makes the connection to the leader
 */
export function runJob(order: JobOrder, openLink: (order: JobOrder) => LeaderLink): void {
  using engine = Engine.open({ directory: order.directory, readOnly: order.readOnly });
  const database = engine.database(order.database);
  const table = new JobTable(engine, database);
  using lock = takeLock(engine.directory, jobLockName(order.id));
  if (!lock) throw new ArangoError("ERROR_LOCKED", `locked: job ${order.id} is under way already`);
  const { id, config } = order;
  const job = table.get(id);
  if (!job) throw new ArangoError("ERROR_HTTP_NOT_FOUND", `not found: there is no job ${id}`);
  const unfinished: Record<string, string> = {};
  try {
    table.update(id, { state: "running", process: Deno.pid, attempts: job.attempts + 1 });
    const jobs = table.all();
    table.prune(jobs);
    const outcome = runSync(config, {
      engine,
      database,
      link: openLink(order),
      progress: new SyncProgress((report) => table.report(id, report), config.verbose ? 0 : undefined),
      unfinished: (collection, file) => {
        if (file === null) delete unfinished[collection];
        else unfinished[collection] = file;
        table.update(id, { unfinished });
      },
      takeUp: takeUp(table, jobs, id, config),
      formerTicks: formerTicks(jobs, config),
    });
    table.update(id, success(outcome));
    for (const { name } of outcome.result.collections) database.find(name)?.reading()?.checkpoint();
  } catch (error) {
    table.update(id, failure(error, config));
  }
}

/** The unfinished files of jobs that have died, of the same leader; they are handed over to this job. */
function takeUp(
  table: JobTable,
  jobs: readonly JobDocument[],
  id: string,
  config: SyncConfig,
): Map<string, string> {
  const files = new Map<string, string>();
  const mine = publicOptions(config);
  for (const { _key } of jobs) {
    const job = table.get(_key);
    // some are forgotten by now, by this process or another one
    const dead = job?.state === "interrupted" || _key === id;
    if (!job || !dead || Object.keys(job.unfinished).length === 0) continue;
    if (job.leader.endpoint !== mine.endpoint || job.leader.database !== mine.database) continue;
    for (const [collection, file] of Object.entries(job.unfinished)) files.set(collection, file);
    if (_key !== id) table.update(_key, { unfinished: {} });
  }
  if (files.size > 0) table.update(id, { unfinished: Object.fromEntries(files) });
  return files;
}

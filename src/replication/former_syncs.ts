/**
 * What earlier syncs have brought collections to, and for how long they are remembered.
 *
 * @module
 */
import type { JobDocument } from "./job_document.ts";
import type { SyncConfig } from "./sync_config.ts";

const HOUR = 3_600_000;
/** Jobs that have ended are kept for so many milliseconds however many they are, and the last ones of them for so long. */
const KEPT_ALL = 24 * HOUR;
const KEPT_SOME = 30 * 24 * HOUR;
/** How many the last ones are. */
const MOST_KEPT = 1000;

/** A collection that a job has made equal to a leader's. */
interface Copy {
  readonly job: JobDocument;
  /** The leader's id of the collection. */
  readonly collection: string;
  /** The tick of the leader's snapshot. */
  readonly tick: string;
}

/** What jobs have copied, in the order in which they ended. */
function copies(jobs: readonly JobDocument[]): Copy[] {
  const done = jobs.filter(({ state }) => state === "done").sort(byEnd);
  return done.flatMap((job) => {
    const { collections, lastLogTick } = (job.result ?? {}) as Partial<NonNullable<JobDocument["result"]>>;
    if (!Array.isArray(collections) || !/^\d{1,20}$/.test(`${lastLogTick}`)) return [];
    return collections.map((one) => ({ job, collection: `${one?.id}`, tick: `${lastLogTick}` }));
  });
}

function byEnd(one: JobDocument, other: JobDocument): number {
  return `${one.finished}` < `${other.finished}` ? -1 : 1;
}

/**
 * The tick of the leader's snapshot that each collection was last made equal to, by the leader's ids of the collections.
 *
 * It says where in the leader's log to look for what has changed since, no more: the leader may be another one by now, and the collection
 * may have been changed here.
 *
 * @param jobs as the job table has them: anybody may have changed it
 */
export function formerTicks(
  jobs: readonly JobDocument[],
  { endpoint, database }: Pick<SyncConfig, "endpoint" | "database">,
): Map<string, string> {
  const here = jobs.filter(({ leader }) => leader.endpoint === endpoint && leader.database === database);
  return new Map(copies(here).map(({ collection, tick }) => [collection, tick]));
}

/**
 * The jobs that nobody needs any more: they ended more than 30 days ago, or more than a day ago with more than a thousand
 * that ended later. The last one that has copied a collection stays, since incremental syncs go on from there, and so does
 * one that has left something unfinished.
 *
 * @param jobs as the job table has them
 * @param hasLeft whether a job has left something that a later one takes up or clears away
 * @param now milliseconds since 1970
 * @returns their keys
 */
export function outdatedJobs<Job extends JobDocument>(
  jobs: readonly Job[],
  hasLeft: (job: Job) => boolean,
  now: number,
): string[] {
  const last = new Map(
    copies(jobs).map(({ job, collection }) => {
      const { endpoint, database } = job.leader;
      return [JSON.stringify([endpoint, database, collection]), job._key];
    }),
  );
  const needed = new Set(last.values());
  const ended = jobs.filter(({ state }) => state !== "running").sort(byEnd).reverse();
  return ended.filter((job, position) => {
    const age = now - Date.parse(`${job.finished}`);
    const isOld = age > KEPT_SOME || (age > KEPT_ALL && position >= MOST_KEPT);
    return isOld && !needed.has(job._key) && !hasLeft(job);
  }).map(({ _key }) => _key);
}

/**
 * What earlier syncs have brought collections to.
 *
 * @module
 */
import type { JobDocument } from "./job_document.ts";
import type { SyncConfig } from "./sync_config.ts";

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
  const ticks = new Map<string, string>();
  const done = jobs.filter(({ state, leader }) =>
    state === "done" && leader.endpoint === endpoint && leader.database === database
  ).sort((one, other) => (`${one.finished}` < `${other.finished}` ? -1 : 1));
  for (const { result } of done) {
    const { collections, lastLogTick } = (result ?? {}) as Partial<NonNullable<JobDocument["result"]>>;
    if (!Array.isArray(collections) || !/^\d{1,20}$/.test(`${lastLogTick}`)) continue;
    for (const one of collections) ticks.set(`${one?.id}`, `${lastLogTick}`);
  }
  return ticks;
}

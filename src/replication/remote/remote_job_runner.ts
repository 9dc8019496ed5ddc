/**
 * Runs one sync into another server as a job.
 *
 * @module
 */
import { ArangoError } from "../../base/arango_error.ts";
import type { Exchange } from "../../network/api_client.ts";
import { formerTicks } from "../former_syncs.ts";
import { failure, success } from "../job_document.ts";
import type { LeaderLink } from "../leader_link.ts";
import { type Follower, syncFollower, type SyncOutcome } from "../sync.ts";
import type { SyncConfig } from "../sync_config.ts";
import { jobLockName, takeLock } from "../sync_lock.ts";
import { SyncProgress } from "../sync_progress.ts";
import { FollowerClient } from "./follower_client.ts";
import { RemoteCollectionSync } from "./remote_collection_sync.ts";
import { hasLeftovers, type RemoteJob, RemoteJobTable } from "./remote_job_table.ts";

/** What the process of a job needs to know. */
export interface RemoteJobOrder {
  /** The follower's endpoint: two syncs of a collection of one server stand in each other's way. */
  readonly endpoint: string;
  /** The follower database. */
  readonly database: string;
  /** The key of the job's document. */
  readonly id: string;
  readonly config: SyncConfig;
  /** Rules of `--connect-to`. */
  readonly connectTo: readonly string[];
  /** The directory of this machine's locks. */
  readonly locks: string;
}

/**
 * Runs a job to its end and notes it in the job table.
 *
 * @param exchange leads to the follower
 * @param openLink makes the connection to the leader
 */
export function runRemoteJob(
  job: RemoteJobOrder,
  exchange: Exchange,
  openLink: (job: RemoteJobOrder) => LeaderLink,
): void {
  const { id, database, config, locks, endpoint } = job;
  using lock = takeLock(locks, jobLockName(id));
  if (!lock) throw new ArangoError("ERROR_LOCKED", `locked: job ${id} is under way already`);
  const client = new FollowerClient(exchange, database, endpoint);
  // reports on a slow leader are what keeps a snapshot of the follower alive meanwhile
  const table = new RemoteJobTable(client.exchange, database, locks);
  try {
    table.update(id, { process: Deno.pid, attempts: 1 });
    table.update(id, success(syncAsJob(job, table, client, openLink)));
  } catch (error) {
    table.update(id, failure(error, config));
  }
}

function syncAsJob(
  job: RemoteJobOrder,
  table: RemoteJobTable,
  client: FollowerClient,
  openLink: (job: RemoteJobOrder) => LeaderLink,
): SyncOutcome {
  const { id, database, config, locks, endpoint } = job;
  const progress = new SyncProgress((report) => table.report(id, report), config.verbose ? 0 : undefined);
  const jobs = table.all();
  table.prune(jobs);
  const left = jobs.filter((one) => one._key !== id && one.state !== "running" && hasLeftovers(one));
  for (const one of left) settleLeftovers(client, table, one, progress);
  const unfinished: Record<string, string> = {};
  const replacing: Record<string, string> = {};
  const note = (names: Record<string, string>, collection: string, name: string | null): void => {
    if (name === null) delete names[collection];
    else names[collection] = name;
    table.update(id, { unfinished, replacing });
  };
  const environment = {
    follower: client,
    progress,
    suffix: `_${id}`,
    unfinished: (collection: string, name: string | null): void => note(unfinished, collection, name),
    complete: (collection: string, name: string | null): void => {
      delete unfinished[collection];
      note(replacing, collection, name);
    },
    formerTicks: formerTicks(jobs, config),
  };
  const follower: Follower = {
    serverId: client.serverId(),
    sync: (leader, collection, times) => {
      const { name } = collection;
      using lock = takeLock(locks, `sync ${endpoint} ${database} ${name}`);
      if (!lock) {
        throw new ArangoError(
          "ERROR_LOCKED",
          `locked: another sync of collection '${name}' is under way; wait for it to end`,
        );
      }
      new RemoteCollectionSync(config, environment, leader, collection, times).run();
    },
  };
  return syncFollower(config, follower, openLink(job), progress);
}

/** Drops what a job that has died could not finish, and gives complete copies the place that they could not take. */
function settleLeftovers(
  client: FollowerClient,
  table: RemoteJobTable,
  { _key, unfinished, replacing }: RemoteJob,
  progress: SyncProgress,
): void {
  try {
    for (const name of Object.values(unfinished)) client.drop(name);
    for (const [collection, copy] of Object.entries(replacing)) {
      if (client.collection(collection)) client.drop(copy);
      else if (client.collection(copy)) client.rename(copy, collection);
    }
    table.update(_key, { unfinished: {}, replacing: {} });
  } catch (error) {
    if (!(error instanceof ArangoError)) throw error;
    // collections that have nothing to do with it can be synced all the same
    progress.message(`what sync job ${_key} has left stays as it is: ${error.message}`);
  }
}

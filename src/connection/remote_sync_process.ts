/**
 * The entry of a process that syncs a server: the order comes by standard input.
 *
 * @module
 */
import { existsSync, rmSync } from "node:fs";
import { takeOrder } from "../replication/job_launch.ts";
import { openLeaderLink } from "../replication/network_link.ts";
import { type RemoteJobOrder, runRemoteJob } from "../replication/remote/remote_job_runner.ts";
import { RemoteConnection, type RemoteOptions } from "./remote.ts";

/** What the process is told. */
export interface RemoteSyncOrder {
  readonly job: RemoteJobOrder;
  /** How to reach the follower. */
  readonly follower: RemoteOptions;
  /** The file that somebody makes who wants the job to stop. */
  readonly stopFile: string;
}

/**
 * Runs the job that standard input orders.
 *
 * @throws ArangoError 10 if it orders none
 */
export function runOrderedRemoteSync(): void {
  const { job, follower, stopFile } = takeOrder<RemoteSyncOrder>();
  // said once: the requests that clean up after a stopped job are not stopped again
  const isInterrupted = (): boolean => {
    if (!existsSync(stopFile)) return false;
    rmSync(stopFile, { force: true });
    return true;
  };
  using connection = new RemoteConnection({ ...follower, isInterrupted });
  try {
    runRemoteJob(job, connection, (order) => openLeaderLink(order, { isInterrupted }));
  } finally {
    // said too late
    rmSync(stopFile, { force: true });
  }
}

if (import.meta.main) {
  runOrderedRemoteSync();
  // the link's worker would keep the process alive
  Deno.exit(0);
}

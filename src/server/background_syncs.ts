/**
 * How a server carries out syncs: as jobs beside itself.
 *
 * @module
 */
import type { SyncJobs } from "../replication/sync_jobs.ts";
import { json } from "./reply.ts";
import type { ServerOptions } from "./server_options.ts";

/** The options that connect a server with its sync jobs. */
export function backgroundSyncs(jobs: SyncJobs): Required<Pick<ServerOptions, "startSync" | "backgroundJobs">> {
  return {
    startSync: (config, database) => jobs.start(config, database),
    backgroundJobs: (id, database) => {
      const outcome = jobs.outcome(id, database);
      if (outcome === undefined) return undefined;
      if (outcome === "pending") return { state: "pending" };
      return { state: "done", reply: json(outcome.status, outcome.body) };
    },
  };
}

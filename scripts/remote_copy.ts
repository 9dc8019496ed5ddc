/**
 * A full sync of a server that cannot follow by itself, as denosh's process for it does.
 *
 * `deno run -A scripts/remote_copy.ts LEADER FOLLOWER COLLECTION`, both endpoints, prints the milliseconds it took and the most memory it used.
 *
 * @module
 */
import { RemoteConnection } from "../src/connection/remote.ts";
import { newJob } from "../src/replication/job_document.ts";
import { openLeaderLink } from "../src/replication/network_link.ts";
import { runRemoteJob } from "../src/replication/remote/remote_job_runner.ts";
import { RemoteJobTable } from "../src/replication/remote/remote_job_table.ts";
import { syncConfig } from "../src/replication/sync_config.ts";
import { peakMemory } from "./peak_memory.ts";
import { say } from "./terminal.ts";

const [leader, follower, collection] = Deno.args as [string, string, string];
const config = syncConfig(
  { endpoint: leader, restrictType: "include", restrictCollections: [collection] },
  "_system",
);
const locks = Deno.makeTempDirSync({ prefix: "denosh-bench-" });
using connection = new RemoteConnection({ endpoint: follower });
const table = new RemoteJobTable(connection, "_system", locks);
const id = "sync-1";
const started = performance.now();
table.create(newJob(id, config, false));
runRemoteJob({ endpoint: follower, database: "_system", id, config, connectTo: [], locks }, connection, openLeaderLink);
const milliseconds = performance.now() - started;
const { state, error, documents, statistics } = table.get(id)!;
if (state !== "done") throw new Error(JSON.stringify(error));
say(
  JSON.stringify({
    milliseconds,
    memory: peakMemory(),
    documents: documents.done,
    bytes: statistics!.received,
    statistics,
  }),
);
Deno.removeSync(locks, { recursive: true });
// the link's worker would keep the process alive
Deno.exit(0);

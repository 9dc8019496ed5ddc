/**
 * Syncs of a server that cannot follow by itself: processes of this machine carry them out.
 *
 * @module
 */
import { lstatSync, mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ArangoError } from "../base/arango_error.ts";
import type { Exchange } from "../network/api_client.ts";
import { failure, type JobOutcome, jobOutcome, newJob } from "../replication/job_document.ts";
import { startJobProcess } from "../replication/job_launch.ts";
import { RemoteJobTable, stopFile } from "../replication/remote/remote_job_table.ts";
import { type LeaderCheck, syncConfig } from "../replication/sync_config.ts";
import { sweepLocks } from "../replication/sync_lock.ts";
import type { RemoteOptions } from "./remote.ts";
import type { RemoteSyncOrder } from "./remote_sync_process.ts";

/** How a server is reached, and which leaders it may have. */
export interface SyncingOptions extends RemoteOptions {
  /** @default all leaders are allowed */
  readonly checkLeader?: LeaderCheck | undefined;
}

/** What tells ids of these jobs from a server's own. */
const ID = /^sync-\d+$/;

/** The syncs of one server. */
export class RemoteSyncs {
  readonly #exchange: Exchange;
  readonly #options: RemoteOptions;
  readonly #checkLeader: LeaderCheck | undefined;
  /** Where locks and requests to stop lie, for all shells of this user. */
  readonly #directory = join(Deno.env.get("XDG_RUNTIME_DIR") ?? tmpdir(), `denosh-${Deno.uid() ?? "user"}`);
  /** Jobs that this process waits for. */
  readonly #attached = new Set<string>();

  /**
   * @param exchange leads to the follower
   * @param options how the processes reach it
   */
  constructor(exchange: Exchange, options: SyncingOptions) {
    const { isInterrupted: _own, checkLeader, ...rest } = options;
    this.#exchange = exchange;
    this.#options = rest;
    this.#checkLeader = checkLeader;
  }

  /** Whether an id may be that of one of these jobs. */
  static isId(id: string): boolean {
    return ID.test(id);
  }

  #table(database: string): RemoteJobTable {
    return new RemoteJobTable(this.#exchange, database, this.#directory);
  }

  /**
   * Starts a sync.
   *
   * @param given the configuration as a script passes it
   * @param database the follower database
   * @returns the job's id: the key of its document in the job table
   * @throws ArangoError 4, 10, 400, 1410 as {@linkcode syncConfig} tells, 11 if others can write to the directory of locks, and what the
   *   follower says
   */
  start(given: unknown, database: string): string {
    const config = syncConfig(given, database);
    this.#checkLeader?.(config);
    const background = (given as { async?: unknown }).async === true;
    const id = `sync-${Date.now()}${String(crypto.getRandomValues(new Uint16Array(1))[0]).padStart(5, "0")}`;
    makePrivateDirectory(this.#directory);
    sweepLocks(this.#directory);
    const table = this.#table(database);
    table.create(newJob(id, config, background));
    const { endpoint, connectTo = [] } = this.#options;
    const order: RemoteSyncOrder = {
      job: { endpoint, database, id, config, connectTo, locks: this.#directory },
      follower: this.#options,
      stopFile: stopFile(this.#directory, id),
    };
    try {
      const module = new URL("./remote_sync_process.ts", import.meta.url);
      const { ended } = startJobProcess(order, { command: "__remote_job", module });
      if (!background) {
        this.#attached.add(id);
        void ended.then(() => this.#attached.delete(id));
      }
    } catch (error) {
      table.update(id, failure(error, config));
      throw error;
    }
    return id;
  }

  /** How a job stands; undefined if there is none. */
  outcome(id: string, database: string): JobOutcome | "pending" | undefined {
    const job = this.#table(database).get(id);
    // a shell that only waits hears of no process's end
    if (job?.state !== "running") this.#attached.delete(id);
    return job && jobOutcome(job, false);
  }

  /** Makes the jobs fail that this process waits for: somebody has pressed Ctrl-C. */
  stopAttached(): void {
    for (const id of this.#attached) writeFileSync(stopFile(this.#directory, id), "");
    this.#attached.clear();
  }
}

/** Others may write where it lies (`/tmp`): what they have put in its place could lead our files anywhere. */
function makePrivateDirectory(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const found = lstatSync(path);
  const own = Deno.uid();
  if (own === null || (found.isDirectory() && found.uid === own && (found.mode & 0o022) === 0)) return;
  throw new ArangoError("ERROR_FORBIDDEN", `forbidden: ${path}, where locks of syncs belong, is not this user's alone`);
}

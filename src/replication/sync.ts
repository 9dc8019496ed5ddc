/**
 * Brings collections of a database to the state of a leader's.
 *
 * One snapshot of the leader serves the whole run; the collections come one after the other.
 *
 * Source: `replication-protocol.md` §3.3, §3.4; `syncing-collections.md`.
 *
 * @module
 */
import { arangoError } from "../base/arango_error.ts";
import { CollectionSync, type CollectionSyncEnvironment } from "./collection_sync.ts";
import type { CopyTimes } from "./full_sync.ts";
import { JOB_TABLE } from "./job_document.ts";
import { LeaderClient, type LeaderCollection } from "./leader_client.ts";
import type { LeaderLink } from "./leader_link.ts";
import { isListed } from "./listed_collections.ts";
import { isSelected, type SyncConfig } from "./sync_config.ts";
import type { SyncProgress, SyncStatistics } from "./sync_progress.ts";

/** What a sync gives. */
export interface SyncResult {
  readonly collections: readonly { readonly id: string; readonly name: string }[];
  readonly lastLogTick: string;
}

/** A sync's result, and where its time went. */
export interface SyncOutcome {
  readonly result: SyncResult;
  readonly statistics: SyncStatistics;
}

/** Who is brought to the leader's state. */
export interface Follower {
  /** The server's id, which leaders know their followers by. */
  readonly serverId: string;
  /**
   * Brings one collection to the state of the leader's.
   *
   * @param times are added to
   */
  sync(client: LeaderClient, collection: LeaderCollection, times: CopyTimes): void;
}

/** What surrounds a sync into the embedded database. */
export interface SyncEnvironment extends CollectionSyncEnvironment {
  readonly link: LeaderLink;
}

/**
 * Runs a sync into the embedded database.
 *
 * @throws ArangoError 28 another sync of the collection is under way, 1203 no such collection on the leader, 1218 local collection of the
 *   other type, 1400 to 1405 from the leader, 1210 unique indexes in the way, 20 disk full, 1004 read-only
 */
export function runSync(config: SyncConfig, environment: SyncEnvironment): SyncOutcome {
  const { engine, progress, link } = environment;
  const follower: Follower = {
    serverId: engine.serverId,
    sync: (client, collection, times) => {
      engine.assertWritable();
      new CollectionSync(config, environment, client, collection, times).run();
    },
  };
  return syncFollower(config, follower, link, progress);
}

/**
 * Runs a sync.
 *
 * @param link is closed at the end
 * @throws ArangoError 1203 no such collection on the leader, 1400 to 1405 from the leader, and what the follower says
 */
export function syncFollower(
  config: SyncConfig,
  follower: Follower,
  link: LeaderLink,
  progress: SyncProgress,
): SyncOutcome {
  const started = performance.now();
  const times: CopyTimes = { decoding: 0, writing: 0, indexing: 0 };
  let statistics: SyncStatistics | undefined;
  let result: SyncResult;
  {
    using client = new LeaderClient(link, config, follower.serverId, (text) => progress.message(text));
    const batch = client.startBatch();
    const single = config.restrictType === "include" && config.restrictCollections.length === 1;
    const inventory = client.inventory(config, single ? config.restrictCollections[0] : undefined);
    const collections = selected(config, inventory);
    for (const collection of collections) follower.sync(client, collection, times);
    result = {
      collections: collections.map(({ id, name }) => ({ id, name }))
        .sort((one, other) => (BigInt(one.id) < BigInt(other.id) ? -1 : 1)),
      lastLogTick: batch.lastTick,
    };
    const { requests, received, waiting } = client.statistics;
    const { fetched, removed } = progress.counts;
    const seconds = (milliseconds: number): number => Math.round(milliseconds) / 1000;
    statistics = {
      requests,
      received,
      documentsFetched: fetched,
      documentsRemoved: removed,
      waiting: seconds(waiting),
      decoding: seconds(times.decoding),
      writing: seconds(times.writing),
      indexing: seconds(times.indexing),
      total: seconds(performance.now() - started),
    };
  }
  progress.phase("done");
  return { result, statistics };
}

/** The collections that a configuration means. */
function selected(config: SyncConfig, inventory: readonly LeaderCollection[]): LeaderCollection[] {
  for (const name of config.restrictType === "include" ? config.restrictCollections : []) {
    if (!inventory.some((collection) => collection.name === name)) {
      throw arangoError(
        "ERROR_ARANGO_DATA_SOURCE_NOT_FOUND",
        `the leader at ${config.endpoint} has no collection '${name}' in database '${config.database}' that this user may read`,
      );
    }
  }
  return inventory.filter(({ name }) => isSelected(config, name) && name !== JOB_TABLE && isListed(name, config));
}

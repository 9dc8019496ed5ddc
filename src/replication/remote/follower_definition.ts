/**
 * What a collection of a follower that is another server is like apart from its documents: properties and indexes.
 *
 * Source: `replication-protocol.md` §3.5.
 *
 * @module
 */
import type { LeaderCollection } from "../leader_client.ts";
import type { SyncConfig } from "../sync_config.ts";
import type { SyncProgress } from "../sync_progress.ts";
import type { FollowerClient, FollowerIndex } from "./follower_client.ts";

/** Gives collections of the follower the properties and indexes of one of the leader's. */
export class FollowerDefinition {
  readonly #config: SyncConfig;
  readonly #follower: FollowerClient;
  readonly #collection: LeaderCollection;
  readonly #progress: SyncProgress;

  constructor(config: SyncConfig, follower: FollowerClient, collection: LeaderCollection, progress: SyncProgress) {
    this.#config = config;
    this.#follower = follower;
    this.#collection = collection;
    this.#progress = progress;
  }

  /** Makes an empty collection. What is checked or computed for documents, and indexes, come when those are there. */
  create(name: string): void {
    this.#follower.create({ ...picked(this.#collection.parameters, CREATED_WITH), name });
  }

  /** Gives a collection that was made by {@linkcode create} all that it lacks. */
  complete(name: string): void {
    this.#createIndexes(name);
    this.#follower.setProperties(name, picked(this.#collection.parameters, CHANGEABLE));
  }

  /** Gives a collection that was there before what it lacks, unless the sync is to change no definitions. */
  adopt(name: string): void {
    if (this.#config.skipCreateDrop) return;
    this.dropOutdatedIndexes(name);
    this.complete(name);
  }

  /** Drops indexes that have the name of one of the leader's, but are others, unless the sync is to change no definitions. */
  dropOutdatedIndexes(name: string): void {
    if (this.#config.skipCreateDrop) return;
    const wanted = new Map(secondaryIndexes(this.#collection).map((index) => [index.name, index]));
    for (const index of this.#follower.indexes(name)) {
      const leaders = wanted.get(index.name);
      if (leaders && !isSameIndex({ ...leaders, type: this.#knownType(leaders) }, index)) {
        this.#follower.dropIndex(index.id);
      }
    }
  }

  #createIndexes(name: string): void {
    const indexes = secondaryIndexes(this.#collection);
    if (indexes.length === 0) return;
    this.#progress.message(`creating ${indexes.length} index(es) for collection '${this.#collection.name}'`);
    for (const { id: _id, ...definition } of indexes) {
      if (definition.type === "fulltext" && !this.#isLegacyKnown) {
        this.#progress.message(`index ${definition.name} was left out: the follower has no fulltext indexes`);
      } else {
        this.#follower.createIndex(name, { ...definition, type: this.#knownType(definition) });
      }
    }
  }

  get #isLegacyKnown(): boolean {
    return this.#follower.majorVersion < 4;
  }

  /** What the follower calls an index: ArangoDB 4.0 does not know `hash` and `skiplist` any more, they are `persistent` there. */
  #knownType({ type }: Pick<FollowerIndex, "type">): string {
    return !this.#isLegacyKnown && (type === "hash" || type === "skiplist") ? "persistent" : type;
  }
}

/** Properties that a collection gets when it is created. */
const CREATED_WITH = [
  "name",
  "type",
  "isSystem",
  "waitForSync",
  "cacheEnabled",
  "keyOptions",
  "numberOfShards",
  "shardKeys",
  "replicationFactor",
  "writeConcern",
];
/** Properties that change later. */
const CHANGEABLE = ["waitForSync", "cacheEnabled", "schema", "computedValues"];

function picked(from: Readonly<Record<string, unknown>>, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(names.filter((name) => from[name] !== undefined).map((name) => [name, from[name]]));
}

function secondaryIndexes({ indexes }: LeaderCollection): FollowerIndex[] {
  return (indexes as readonly FollowerIndex[]).filter(({ type }) => type !== "primary" && type !== "edge");
}

/** Whether two descriptions, as far as both say something, are of the same index. */
function isSameIndex(one: FollowerIndex, other: FollowerIndex): boolean {
  if (one.type !== other.type) return false;
  const own = new Set(["id", "type", "selectivityEstimate", "figures", "isNewlyCreated", "code", "error"]);
  return Object.keys(one).every((name) =>
    own.has(name) || !(name in other) || JSON.stringify(one[name]) === JSON.stringify(other[name])
  );
}

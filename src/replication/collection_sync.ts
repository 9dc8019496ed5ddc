/**
 * Brings one collection to the state of a leader's: copied into a new file, which then takes the place of the old one, or compared and
 * patched. Both end with a comparison of the two sides' revision trees (or key hashes), and until that has succeeded no reader sees
 * any change.
 *
 * Source: `replication-protocol.md` §3.5, §3.6.
 *
 * @module
 */
import { ArangoError, arangoError } from "../base/arango_error.ts";
import { differingRanges, RevisionTree } from "../base/revision_tree.ts";
import type { Collection } from "../engine/collection.ts";
import { newProperties } from "../engine/collection_properties.ts";
import type { Database } from "../engine/database.ts";
import type { Engine } from "../engine/engine.ts";
import type { IndexDefinition } from "../engine/index_definition.ts";
import { OpenIndex } from "../engine/open_index.ts";
import { BulkFile, syncFile } from "../storage/bulk_file.ts";
import type { CollectionFile } from "../storage/collection_file.ts";
import { copyCollection, type CopyTimes } from "./full_sync.ts";
import { differingChunks, isSameKeys, type LeaderKeys, leaderKeys, syncByKeys } from "./keys_sync.ts";
import type { LeaderClient, LeaderCollection } from "./leader_client.ts";
import { mergedIndexes, sameIndexes } from "./leader_indexes.ts";
import { StagedLocalChanges, WorkingCopy } from "./local_target.ts";
import type { SyncConfig } from "./sync_config.ts";
import { isLeftSyncFile, newSyncFile, removeLeftovers } from "./sync_files.ts";
import { takeLock } from "./sync_lock.ts";
import type { SyncProgress } from "./sync_progress.ts";
import { assertSameType, neverEqual, StaleTarget, type SyncTarget, untilNobodyWrites } from "./sync_target.ts";
import { syncByTree } from "./tree_sync.ts";

/** What surrounds the sync of a collection. */
export interface CollectionSyncEnvironment {
  readonly engine: Engine;
  readonly database: Database;
  readonly progress: SyncProgress;
  /** Is told the name of an unfinished file before it is begun, and null when it is unfinished no more. */
  readonly unfinished?: (collection: string, file: string | null) => void;
  /** Unfinished files of earlier attempts, by collection name. */
  readonly takeUp?: ReadonlyMap<string, string>;
  /** As {@linkcode formerTicks} tells. */
  readonly formerTicks?: ReadonlyMap<string, string>;
}

/** The sync of one collection. */
export class CollectionSync {
  readonly #config: SyncConfig;
  readonly #environment: CollectionSyncEnvironment;
  readonly #client: LeaderClient;
  readonly #collection: LeaderCollection;
  readonly #times: CopyTimes;

  /** @param times are added to */
  constructor(
    config: SyncConfig,
    environment: CollectionSyncEnvironment,
    client: LeaderClient,
    collection: LeaderCollection,
    times: CopyTimes,
  ) {
    this.#config = config;
    this.#environment = environment;
    this.#client = client;
    this.#collection = collection;
    this.#times = times;
  }

  get #engine(): Engine {
    return this.#environment.engine;
  }

  /**
   * Runs it.
   *
   * @throws ArangoError 28 another sync of the collection is under way, 1218 local collection of the other type, 1203 no local
   *   collection and `skipCreateDrop`, 1400 to 1402 from the leader, 1210 unique indexes in the way, 20 disk full
   */
  run(): void {
    const { engine, database, unfinished } = this.#environment;
    const { name } = this.#collection;
    using lock = takeLock(engine.directory, `sync ${database.id} ${name}`);
    if (!lock) {
      throw new ArangoError(
        "ERROR_LOCKED",
        `locked: another sync of collection '${name}' is under way; wait for it to end`,
      );
    }
    const local = database.find(name);
    assertSameType(this.#collection, local);
    if (this.#config.skipCreateDrop && !local) {
      throw arangoError("ERROR_ARANGO_DATA_SOURCE_NOT_FOUND", `${name}, and skipCreateDrop forbids to create it`);
    }
    const isPatch = this.#config.incremental && local !== undefined && local.count() > 0;
    const known = this.#environment.takeUp?.get(name);
    const isUsable = !isPatch && known !== undefined && isLeftSyncFile(engine, database, name, known);
    const takeUp = isUsable ? known : undefined;
    removeLeftovers(engine, database, name, takeUp);
    if (known !== undefined && takeUp === undefined) unfinished?.(name, null);
    if (isPatch) this.#patch(local);
    else if (takeUp === undefined || !this.#resume(takeUp)) this.#copy();
  }

  #indexes(local: readonly IndexDefinition[]): readonly IndexDefinition[] {
    const { clock } = this.#engine;
    const { wanted, skipped } = mergedIndexes(this.#collection.indexes, local, {
      nextId: () => this.#engine.nextId(),
      nextRevision: () => clock.next(),
    });
    if (skipped.length > 0) {
      this.#environment.progress.message(
        `indexes of kinds that denosh does not have were left out: ${skipped.join(", ")}`,
      );
    }
    return wanted;
  }

  /** Puts a complete file in the place of the local collection. */
  #install(file: string, indexes: readonly IndexDefinition[]): void {
    const { name, type, parameters, globallyUniqueId } = this.#collection;
    const installed = this.#engine.installCollection(this.#environment.database, {
      name,
      type,
      globallyUniqueId: globallyUniqueId || `leader/${this.#collection.id}`,
      properties: parameters,
      indexes,
      file,
    });
    this.#engine.clock.observe(installed.revision());
  }

  /** Copies everything. */
  #copy(): void {
    const { progress, unfinished } = this.#environment;
    const { name } = this.#collection;
    const leader = this.#client.tree(this.#collection);
    if (leader) progress.expect(leader.count);
    const file = newSyncFile(this.#environment.database, name);
    const path = this.#engine.files.path(file);
    unfinished?.(name, file);
    let complete: CollectionFile;
    try {
      complete = copyCollection(this.#client, this.#collection, path, this.#config, progress, this.#times);
    } catch (error) {
      // what a living process could not finish is of no use: the leader's snapshot goes with it
      this.#engine.discardFile(file);
      unfinished?.(name, null);
      throw error;
    }
    this.#finish(complete, file, leader);
  }

  /** Takes up a file that a process has left behind; false if it is of no use. */
  #resume(file: string): boolean {
    const { progress, unfinished } = this.#environment;
    const { name } = this.#collection;
    const leader = this.#client.tree(this.#collection);
    const path = this.#engine.files.path(file);
    const bulk = leader && this.#unfinished(path);
    const finished = bulk?.finish(0n);
    if (!leader || !finished || "duplicate" in finished) {
      this.#engine.discardFile(file);
      unfinished?.(name, null);
      return false;
    }
    progress.message(
      `taking up ${finished.count()} documents of collection '${name}' that an earlier sync has fetched`,
    );
    progress.expect(finished.count());
    progress.fetched(finished.count(), bulk!.bytes);
    finished[Symbol.dispose]();
    const copy = this.#engine.detached({ row: this.#rowFor(file) }, file, []);
    try {
      syncByTree(
        this.#client,
        this.#collection,
        leader,
        {
          current: new WorkingCopy(this.#engine, copy),
          changed: () => {},
        },
        progress,
        this.#times,
      );
      const open = copy.reading()!;
      this.#finish(open, file, leader, copy);
    } catch (error) {
      copy.close();
      this.#engine.discardFile(file);
      unfinished?.(name, null);
      throw error;
    }
    return true;
  }

  /** Opens what a process has left behind, if it can be opened. */
  #unfinished(path: string): BulkFile | undefined {
    const { name, type } = this.#collection;
    try {
      return BulkFile.isUnfinished(path) ? BulkFile.resume(path, type === 3) : undefined;
    } catch (error) {
      if (!(error instanceof ArangoError)) throw error;
      this.#environment.progress.message(
        `what an earlier sync has left of collection '${name}' is not readable (${error.message}): starting anew`,
      );
      return undefined;
    }
  }

  #rowFor(file: string): Collection["row"] {
    const { id, name, type, globallyUniqueId, parameters } = this.#collection;
    return {
      id: BigInt(id),
      database: this.#environment.database.id,
      name,
      type,
      guid: globallyUniqueId,
      properties: JSON.stringify(newProperties(parameters)),
      file,
      tick: 0n,
      history: 0n,
    };
  }

  /** Verifies a complete file, builds its secondary indexes and installs it. */
  #finish(complete: CollectionFile, file: string, leader: RevisionTree | undefined, owner?: Collection): void {
    const { progress, unfinished } = this.#environment;
    const { name } = this.#collection;
    const close = (): void => (owner ? owner.close() : complete[Symbol.dispose]());
    try {
      progress.message(`comparing the copy of collection '${name}' with the leader's snapshot`);
      progress.phase("verifying");
      this.#verify(complete, leader);
      const started = performance.now();
      const indexes = this.#indexes([]);
      if (indexes.length > 0) {
        progress.message(`creating ${indexes.length} index(es) for collection '${name}'`);
        complete.file.transaction(() => {
          for (const definition of indexes) new OpenIndex(definition).build(complete);
        });
      }
      close();
      syncFile(this.#engine.files.path(file));
      this.#times.indexing += performance.now() - started;
      this.#install(file, indexes);
      unfinished?.(name, null);
    } catch (error) {
      close();
      if (this.#environment.database.find(name)?.row.file !== file) this.#engine.discardFile(file);
      unfinished?.(name, null);
      throw error;
    }
  }

  /**
   * Compares a copy with the leader's snapshot.
   *
   * @throws ArangoError 1401 if they differ
   */
  #verify(file: CollectionFile, leader: RevisionTree | undefined): void {
    const { name } = this.#collection;
    const differs = (detail: string): ArangoError =>
      new ArangoError(
        "ERROR_REPLICATION_INVALID_RESPONSE",
        `invalid response from leader: what it sent of collection '${name}' is not what it says it has: ${detail}`,
      );
    if (leader) {
      const mine = new RevisionTree(file.state().range, file.leaves());
      if (mine.count !== leader.count) throw differs(`${mine.count} documents instead of ${leader.count}`);
      if (differingRanges(mine, leader).length > 0) throw differs("the revision trees differ");
      return;
    }
    const keys = leaderKeys(this.#client, this.#collection);
    if (!keys) {
      this.#environment.progress.message(
        `the leader has neither revision trees nor key lists for collection '${name}': only the completeness of its answers was checked`,
      );
      return;
    }
    const { chunks, behind } = differingChunks(file, keys.chunks);
    if (chunks.length > 0 || behind.length > 0) throw differs("keys or revisions differ");
  }

  /** Transfers differences only. */
  #patch(local: Collection): void {
    const { progress } = this.#environment;
    progress.phase("comparing");
    const leader = local.properties.syncByRevision ? this.#client.tree(this.#collection) : undefined;
    const keys = leader ? undefined : leaderKeys(this.#client, this.#collection);
    if (!leader && !keys) return this.#copy();
    untilNobodyWrites(local.name, progress, () => this.#patchOnce(local, leader, keys));
  }

  #patchOnce(local: Collection, leader: RevisionTree | undefined, keys: LeaderKeys | undefined): void {
    const { progress } = this.#environment;
    const indexes = this.#config.skipCreateDrop ? local.indexes() : this.#indexes(local.indexes());
    const indexesChange = !sameIndexes(indexes, local.indexes());
    const constrained = [...indexes, ...local.indexes()].some(({ unique }) => unique);
    const staged = new StagedLocalChanges(local);
    const isEqual = (tree: RevisionTree): boolean => !leader || differingRanges(tree, leader).length === 0;
    const unchanged = leader ? isEqual(staged.tree()) : isSameKeys(local.reading(), keys!);
    if (unchanged && !indexesChange) {
      progress.message("no differences, ending");
      return this.#adoptDefinition(local);
    }
    let copy: WorkingCopy | undefined;
    const target: { current: SyncTarget; changed(): void } = {
      current: staged,
      changed: () => {
        if (copy || !staged.isFull) return;
        copy = this.#workingCopy(local);
        staged.moveTo(copy);
        target.current = copy;
      },
    };
    if (constrained || indexesChange) target.current = copy = this.#workingCopy(local);
    try {
      const since = this.#environment.formerTicks?.get(this.#collection.id);
      if (leader) syncByTree(this.#client, this.#collection, leader, target, progress, this.#times, since);
      else this.#syncByKeysUntilEqual(keys!, local, target, () => copy);
      progress.phase("applying");
      const started = performance.now();
      if (copy) {
        this.#replaceBy(copy.copy, local, indexes, leader, keys);
      } else {
        staged.commit(this.#engine, isEqual);
        if (keys && !isSameKeys(local.reading(), keys)) throw new StaleTarget();
        this.#adoptDefinition(local);
      }
      this.#times.writing += performance.now() - started;
    } catch (error) {
      if (copy) this.#drop(copy.copy);
      throw error;
    }
  }

  /** Key lists do not tell what a removed conflicting document leaves missing: compare again until nothing is. */
  #syncByKeysUntilEqual(
    keys: LeaderKeys,
    local: Collection,
    target: { current: SyncTarget; changed(): void },
    copy: () => WorkingCopy | undefined,
  ): void {
    const { progress } = this.#environment;
    for (let round = 0;; round++) {
      const file = (copy()?.copy ?? local).reading();
      syncByKeys(this.#client, this.#collection, keys, file, target, progress);
      const working = copy();
      if (!working || isSameKeys(working.copy.reading(), keys)) return;
      if (round > 10) throw neverEqual(local.name);
    }
  }

  #workingCopy(local: Collection): WorkingCopy {
    const copy = this.#engine.workingCopy(local);
    if (!copy) throw new StaleTarget();
    return new WorkingCopy(this.#engine, copy);
  }

  #drop(copy: Collection): void {
    const { file } = copy.row;
    copy.close();
    this.#engine.discardFile(file!);
  }

  #replaceBy(
    copy: Collection,
    local: Collection,
    indexes: readonly IndexDefinition[],
    leader: RevisionTree | undefined,
    keys: LeaderKeys | undefined,
  ): void {
    this.#environment.progress.phase("verifying");
    const file = copy.reading()!;
    if (leader) this.#verify(file, leader);
    else if (!isSameKeys(file, keys!)) throw new StaleTarget();
    const old = new Map(local.indexes().map((definition) => [definition.id, JSON.stringify(definition)]));
    file.file.transaction(() => {
      for (const definition of indexes) {
        const same = old.get(definition.id) === JSON.stringify(definition);
        old.delete(definition.id);
        if (same) continue;
        file.dropIndex(BigInt(definition.id));
        new OpenIndex(definition).build(file);
      }
      for (const id of old.keys()) file.dropIndex(BigInt(id));
    });
    file.file.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    copy.close();
    syncFile(this.#engine.files.path(copy.row.file!));
    this.#install(copy.row.file!, indexes);
  }

  /** Takes over the leader's properties. */
  #adoptDefinition(local: Collection): void {
    if (this.#config.skipCreateDrop) return;
    const { parameters, globallyUniqueId } = this.#collection;
    this.#environment.database.changeProperties(local, parameters, globallyUniqueId || local.globallyUniqueId);
  }
}

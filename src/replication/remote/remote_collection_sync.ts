/**
 * Brings a collection of a follower that is another server to the state of a leader's.
 *
 * A full sync fills a collection beside the old one, which takes its place once it has turned out to be equal to the leader's. Where a
 * collection cannot be renamed (clusters, system collections) or dropped (those of graphs, since 3.12), its documents are replaced as they
 * stand, and what the leader does not have is removed at the end. An incremental sync is one transaction, unless there is too much to
 * change.
 *
 * Source: `replication-protocol.md` §3.5 to §3.6, §5, §7.1; release notes of 3.12, "Dropping graph collections disallowed".
 *
 * @module
 */
import { ArangoError, arangoError } from "../../base/arango_error.ts";
import { differingRanges, type RevisionTree } from "../../base/revision_tree.ts";
import { isCollectionName } from "../../base/names.ts";
import { Interrupted } from "../../network/blocking_channel.ts";
import { type CopyTimes, fetchDump } from "../full_sync.ts";
import type { LeaderClient, LeaderCollection } from "../leader_client.ts";
import { StagedChanges } from "../staged_changes.ts";
import type { SyncConfig } from "../sync_config.ts";
import type { SyncProgress } from "../sync_progress.ts";
import { assertSameType, StaleTarget, type SyncTarget, untilNobodyWrites } from "../sync_target.ts";
import { syncByTree } from "../tree_sync.ts";
import type { FollowerClient, FollowerCollection } from "./follower_client.ts";
import { FollowerDefinition } from "./follower_definition.ts";
import { type RemoteContents, remoteContents } from "./remote_contents.ts";
import { applyChanges, DumpWriter, RemoteTarget, UNIQUE_VIOLATED } from "./remote_target.ts";

/** What surrounds the sync of a remote collection. */
export interface RemoteSyncEnvironment {
  readonly follower: FollowerClient;
  readonly progress: SyncProgress;
  /** What collections that are not complete yet end their names with. */
  readonly suffix: string;
  /** Is told the name of an unfinished collection before it is made, and null when there is none any more. */
  readonly unfinished: (collection: string, name: string | null) => void;
  /** Is told the name of a complete copy that is to take a collection's place, and null when it has. */
  readonly complete: (collection: string, name: string | null) => void;
  /** As {@linkcode formerTicks} tells. */
  readonly formerTicks: ReadonlyMap<string, string>;
}

/** The sync of one collection. */
export class RemoteCollectionSync {
  readonly #config: SyncConfig;
  readonly #follower: FollowerClient;
  readonly #environment: RemoteSyncEnvironment;
  readonly #client: LeaderClient;
  readonly #collection: LeaderCollection;
  readonly #times: CopyTimes;
  readonly #definition: FollowerDefinition;
  /** Whether the collection is not what it was before. */
  #isChanged = false;

  /** @param times are added to */
  constructor(
    config: SyncConfig,
    environment: RemoteSyncEnvironment,
    client: LeaderClient,
    collection: LeaderCollection,
    times: CopyTimes,
  ) {
    this.#config = config;
    this.#environment = environment;
    this.#follower = environment.follower;
    this.#client = client;
    this.#collection = collection;
    this.#times = times;
    this.#definition = new FollowerDefinition(config, this.#follower, collection, environment.progress);
  }

  get #name(): string {
    return this.#collection.name;
  }

  /**
   * Runs it.
   *
   * @throws ArangoError 1218 follower's collection of the other type, 1203 none and `skipCreateDrop`, 1400 to 1402 from the leader, 1210
   *   unique indexes in the way, 21 stopped while the collection was being changed, and what the follower answers
   * @throws Interrupted stopped before that
   */
  run(): void {
    try {
      this.#sync();
    } catch (error) {
      if (!(error instanceof Interrupted && this.#isChanged)) throw error;
      throw new ArangoError(
        "ERROR_REQUEST_CANCELED",
        `the sync was stopped while collection '${this.#name}' was being changed`,
        { cause: error },
      );
    }
  }

  #sync(): void {
    const { incremental, skipCreateDrop } = this.#config;
    const local = this.#follower.collection(this.#name);
    assertSameType(this.#collection, local);
    if (skipCreateDrop && !local) {
      throw arangoError("ERROR_ARANGO_DATA_SOURCE_NOT_FOUND", `${this.#name}, and skipCreateDrop forbids to create it`);
    }
    const leader = this.#client.tree(this.#collection);
    if (incremental && leader && local && this.#follower.count(this.#name) > 0) return this.#patch(leader);
    if (incremental && !leader) {
      this.#environment.progress.message(
        `the leader has no revision tree of collection '${this.#name}': everything is copied`,
      );
    }
    if (leader) this.#environment.progress.expect(leader.count);
    if (this.#mustStay(local)) this.#copyInPlace(leader, local);
    else this.#copyAside(leader, local !== undefined);
  }

  /** Whether no copy can take the collection's place: it could not get the name, or the old one may not be dropped. */
  #mustStay(local: FollowerCollection | undefined): boolean {
    return this.#config.skipCreateDrop || this.#follower.isCoordinator || this.#name.startsWith("_") ||
      (local !== undefined && this.#follower.isInGraph(this.#name));
  }

  /** What the collection is called as long as it is not complete; a long name leaves no room for an ending. */
  get #copyName(): string {
    const name = `${this.#name}${this.#environment.suffix}`;
    return isCollectionName(name, false) ? name : `copy_of_${this.#collection.id}${this.#environment.suffix}`;
  }

  /** Fills a new collection, which then takes the place of the old one. */
  #copyAside(leader: RevisionTree | undefined, replacesOld: boolean): void {
    const { unfinished, progress } = this.#environment;
    const name = this.#copyName;
    unfinished(this.#name, name);
    try {
      this.#definition.create(name);
      using target = new RemoteTarget(this.#follower, name, () => this.#look(name));
      const fetched = this.#fetchInto(target, name, leader !== undefined);
      progress.phase("verifying");
      if (leader) this.#verifyTree(name, leader);
      else this.#verifyCount(name, fetched);
      const started = performance.now();
      this.#definition.complete(name);
      this.#times.indexing += performance.now() - started;
    } catch (error) {
      this.#discard(name);
      throw error;
    }
    this.#takePlace(name, replacesOld);
  }

  /** Drops a copy that will never be complete. Where the follower does not let us, the next sync drops it. */
  #discard(copy: string): void {
    try {
      this.#follower.drop(copy);
      this.#environment.unfinished(this.#name, null);
    } catch (error) {
      // what made us give up tells more
      if (!(error instanceof ArangoError)) throw error;
    }
  }

  /** Gives a complete copy the collection's name. */
  #takePlace(copy: string, replacesOld: boolean): void {
    // as soon as the old one is gone this is all that there is: no later sync may take it for a leftover
    this.#environment.complete(this.#name, copy);
    try {
      if (replacesOld) this.#follower.drop(this.#name);
      this.#follower.rename(copy, this.#name);
    } catch (error) {
      const other = error instanceof Interrupted ? "ERROR_REQUEST_CANCELED" : "ERROR_INTERNAL";
      throw new ArangoError(
        error instanceof ArangoError ? error.errorNum : other,
        `the complete copy of collection '${this.#name}' is there under the name '${copy}', and could not take its place, which the next ` +
          `sync tries again: ${(error as Error).message}`,
        { cause: error },
      );
    }
    this.#environment.complete(this.#name, null);
  }

  /** Replaces the documents of a collection that must stay the same one. */
  #copyInPlace(leader: RevisionTree | undefined, local: FollowerCollection | undefined): void {
    const name = this.#name;
    this.#isChanged = true;
    if (!local) this.#definition.create(name);
    this.#definition.dropOutdatedIndexes(name);
    // without a tree nothing would tell later what the leader does not have
    if (local && !leader) this.#follower.truncate(name);
    using target = new RemoteTarget(this.#follower, name, () => this.#look(name));
    const fetched = this.#fetchInto(target, name, leader !== undefined);
    this.#environment.progress.phase("verifying");
    if (leader) this.#makeEqual(leader, { current: target, changed: () => {} });
    else this.#verifyCount(name, fetched);
    this.#adoptDefinition();
  }

  #look(name: string): RemoteContents {
    return remoteContents(this.#follower, name, this.#config);
  }

  /**
   * Fetches everything into a collection.
   *
   * @param isVerified whether the revisions of the documents are compared afterwards
   * @returns the number of documents
   */
  #fetchInto(target: RemoteTarget, name: string, isVerified: boolean): number {
    using writer = new DumpWriter(this.#follower, name, this.#collection, target, isVerified);
    const times = this.#times;
    let fetched = 0;
    fetchDump(this.#client, this.#collection, this.#config, this.#environment.progress, (lines) => {
      const [started, waited] = [performance.now(), writer.waiting];
      const taken = writer.take(lines);
      times.decoding += performance.now() - started - (writer.waiting - waited);
      fetched += taken;
      return taken;
    });
    writer.end();
    times.writing += writer.waiting;
    return fetched;
  }

  /** @throws ArangoError 1401 if a copy differs from the leader's snapshot */
  #verifyTree(name: string, leader: RevisionTree): void {
    this.#environment.progress.message(
      `comparing the copy of collection '${this.#name}' with the leader's snapshot`,
    );
    using contents = this.#look(name);
    if (differingRanges(contents.tree(), leader).length > 0) throw this.#differs("the revision trees differ");
  }

  /** @throws ArangoError 1401 if a copy has more or fewer documents than the leader has sent */
  #verifyCount(name: string, fetched: number): void {
    this.#environment.progress.message(
      `the leader has no revision tree of collection '${this.#name}': only the number of documents was checked`,
    );
    const count = this.#follower.count(name);
    if (count !== fetched) throw this.#differs(`${count} documents instead of ${fetched}`);
  }

  #differs(detail: string): ArangoError {
    return new ArangoError(
      "ERROR_REPLICATION_INVALID_RESPONSE",
      `the copy of collection '${this.#name}' on the follower is not what the leader has: ${detail}`,
    );
  }

  #makeEqual(leader: RevisionTree, target: { current: SyncTarget; changed(): void }): void {
    const { progress, formerTicks } = this.#environment;
    const since = formerTicks.get(this.#collection.id);
    syncByTree(this.#client, this.#collection, leader, target, progress, this.#times, since);
  }

  /** Transfers differences only. */
  #patch(leader: RevisionTree): void {
    const { progress } = this.#environment;
    progress.phase("comparing");
    try {
      untilNobodyWrites(this.#name, progress, () => {
        this.#patchOnce(leader);
        this.#adoptDefinition();
      });
    } catch (error) {
      throw error instanceof ArangoError && this.#isGone() ? this.#gone(error) : error;
    }
  }

  /** Whether the follower says that it has no such collection any more. */
  #isGone(): boolean {
    try {
      return this.#follower.collection(this.#name) === undefined;
    } catch (error) {
      // what made us ask tells more than that the answer has failed, too
      if (error instanceof ArangoError) return false;
      throw error;
    }
  }

  #gone(cause: ArangoError): ArangoError {
    return new ArangoError(
      "ERROR_ARANGO_DATA_SOURCE_NOT_FOUND",
      `collection or view not found: somebody has dropped or renamed the follower's collection '${this.#name}' while it was synced`,
      { cause },
    );
  }

  /** @throws StaleTarget if others have written meanwhile */
  #patchOnce(leader: RevisionTree): void {
    const { progress } = this.#environment;
    using contents = this.#look(this.#name);
    using inPlace = new RemoteTarget(this.#follower, this.#name, () => this.#look(this.#name));
    const staged = new StagedChanges(contents);
    if (differingRanges(staged.tree(), leader).length === 0) return progress.message("no differences, ending");
    const target = {
      current: staged as SyncTarget,
      changed: (): void => {
        if (target.current !== staged || !staged.isFull) return;
        this.#definition.dropOutdatedIndexes(this.#name);
        this.#isChanged = true;
        staged.moveTo(inPlace);
        target.current = inPlace;
      },
    };
    try {
      this.#makeEqual(leader, target);
    } catch (error) {
      // unique values are in nobody's way in memory: what is looked up now does not fit to what was seen before
      if (target.current === staged && isViolation(error)) throw new StaleTarget();
      throw error;
    }
    if (target.current !== staged) return;
    progress.phase("applying");
    const started = performance.now();
    this.#definition.dropOutdatedIndexes(this.#name);
    applyChanges(this.#follower, this.#name, staged.changes, this.#config.initialSyncMaxWaitTime);
    this.#isChanged = true;
    this.#times.writing += performance.now() - started;
    progress.phase("verifying");
    using now = this.#look(this.#name);
    if (differingRanges(now.tree(), leader).length > 0) throw new StaleTarget();
  }

  /** Takes over the leader's properties and indexes. */
  #adoptDefinition(): void {
    const started = performance.now();
    this.#definition.adopt(this.#name);
    this.#times.indexing += performance.now() - started;
  }
}

function isViolation(error: unknown): boolean {
  return error instanceof ArangoError && error.errorNum === UNIQUE_VIOLATED;
}

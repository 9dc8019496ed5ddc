/**
 * A write transaction over one or more collections.
 *
 * The order of steps keeps every crash repairable: all collection files are locked and changed, the log entries and ticks are
 * committed in the catalog, which is the commit point, and then the collection files commit. A file whose writer died between
 * the two commits is rolled forward from the log by the next one that opens it ({@linkcode Collection.open}).
 *
 * @module
 */
import { ArangoError } from "../base/arango_error.ts";
import { grownRange, RevisionTree } from "../base/revision_tree.ts";
import type { Catalog, LogEntry } from "../storage/catalog.ts";
import type { CollectionFile, FileState } from "../storage/collection_file.ts";
import type { Collection } from "./collection.ts";
import type { Claim, DocumentLocks } from "./document_locks.ts";
import { LeafChanges } from "./leaf_changes.ts";
import type { PendingWrites } from "./pending_writes.ts";

/** What a transaction knows about a collection that takes part. */
export interface Participant {
  readonly collection: Collection;
  readonly file: CollectionFile;
  /** The file's state, with the changes of the transaction. */
  state: FileState;
  /** Changes of revision-tree leaves that are not yet in the file. */
  readonly leaves: LeafChanges;
  /** Documents that are not yet in the file. */
  readonly pending: PendingWrites;
  /** The keys of what others have changed while the transaction waited for them, where that is a conflict. */
  readonly changedMeanwhile?: ReadonlySet<string> | undefined;
}

/** How much may be written at once. Sizes are characters, which are bytes as long as documents are ASCII. */
export interface WriteLimits {
  /** Writes, and the size of documents, after which what was written is committed. */
  readonly commitCount: number;
  readonly commitSize: number;
  /** The size of documents, since the last commit, that is too much. */
  readonly maxSize: number;
}

/** How many changes of others are looked through. */
const MOST_CHANGES = 10_000;

/** A transaction that is under way. */
export class Transaction {
  /** The locks of transactions that last longer; absent where there can be none. */
  protected readonly locks: DocumentLocks | undefined;
  /** The collections that take part, and what the log will say. */
  protected readonly participants = new Map<Collection, Participant>();
  protected readonly entries: LogEntry[] = [];
  readonly #catalog: Catalog;
  #begun: bigint | undefined;
  /** Characters of the documents that were written since the last commit. */
  #size = 0;
  /** Whether the changes have to be on the disk when {@linkcode commit} returns: whoever takes part may wish it. */
  isDurable = false;

  /**
   * @param locks the locks of transactions that last longer
   * @param begun the last tick when the transaction began, if what others have changed since then is a conflict
   */
  constructor(catalog: Catalog, locks: DocumentLocks | undefined, begun?: bigint) {
    this.#catalog = catalog;
    this.locks = locks;
    this.#begun = begun;
  }

  /** Locks a collection for writing, if it is not yet. */
  join(collection: Collection): Participant {
    let participant = this.participants.get(collection);
    if (!participant) {
      const file = collection.lock("documents");
      const { fileState: state, pending } = collection;
      participant = {
        collection,
        file,
        state,
        leaves: new LeafChanges(),
        pending,
        changedMeanwhile: this.#changedMeanwhile(collection.id, state),
      };
      this.participants.set(collection, participant);
    }
    return participant;
  }

  #changedMeanwhile(collection: bigint, { applied }: FileState): Set<string> | undefined {
    if (this.#begun === undefined || applied <= this.#begun) return undefined;
    return new Set(this.#catalog.entries(this.#begun, MOST_CHANGES, collection).flatMap(({ key }) => key ?? []));
  }

  /** Whether anybody has to know what is written before it is. */
  get claims(): boolean {
    return this.locks?.isEmpty === false;
  }

  /**
   * Makes sure that something may be written.
   *
   * @throws HeldDocumentError if a transaction that lasts has written it
   */
  claim({ collection }: Participant, claim: Claim): void {
    this.locks?.claim(collection, claim, undefined);
  }

  /**
   * Notes the number of a key that was made for a collection, so that nobody makes another one of it.
   *
   * @returns whether nobody has
   */
  noteKey(collection: bigint, number: bigint): boolean {
    return this.locks?.noteKey(collection, number) ?? true;
  }

  /** Notes what the log will say about the transaction. */
  log(entry: LogEntry): void {
    this.entries.push(entry);
    this.#size += entry.data?.length ?? 0;
  }

  /**
   * Whether enough was written for an intermediate commit.
   *
   * @throws ArangoError 32 if it is too much
   */
  reaches({ commitCount, commitSize, maxSize }: WriteLimits): boolean {
    if (this.#size > maxSize) {
      throw new ArangoError(
        "ERROR_RESOURCE_LIMIT",
        `aborting transaction because maximal transaction size limit of ${maxSize} bytes is reached`,
      );
    }
    return this.entries.length >= commitCount || this.#size >= commitSize;
  }

  /** Makes permanent what was done so far, and goes on with the same collections. */
  commitAndGoOn(): void {
    const collections = [...this.participants.keys()];
    this.commit();
    this.participants.clear();
    this.entries.length = 0;
    this.#size = 0;
    for (const collection of collections) this.join(collection);
  }

  /** Counts a revision in or out of a collection's tree. */
  countRevision(participant: Participant, revision: bigint, by: 1 | -1): void {
    const { state } = participant;
    const range = grownRange(state.range, revision);
    if (range !== state.range) this.#grow(participant, revision);
    participant.leaves.count(range, revision, by);
    const { applied, count, lastKey, lastRemoval } = state;
    participant.state = { applied, count: count + by, range, lastKey, lastRemoval };
  }

  #grow(participant: Participant, revision: bigint): void {
    this.settle(participant);
    const tree = new RevisionTree(participant.state.range, participant.file.leaves());
    tree.growTo(revision);
    participant.file.setLeaves(tree.leaves);
  }

  /** Brings the changes of a collection into its file: documents and the revision tree. */
  settle({ file, leaves, pending }: Participant): void {
    pending.flush();
    for (const { index, count, hash } of leaves.take()) {
      file.changeLeaf(index, count, hash);
      if (count <= 0) file.sweepLeaf(index);
    }
  }

  /** The revision tree of a collection with the changes so far. */
  tree(participant: Participant): RevisionTree {
    this.settle(participant);
    return new RevisionTree(participant.state.range, participant.file.leaves());
  }

  /** Writes counts into the files before the end, for those who read them inside of the transaction. */
  saveStates(): void {
    for (const [collection, { file, state }] of this.participants) {
      // what has not changed needs no writing
      if (state !== collection.fileState) file.setState(state);
    }
  }

  /** Makes the changes permanent, all or none. */
  commit(): void {
    const collections = [...this.participants];
    for (const [, participant] of collections) this.settle(participant);
    if (this.entries.length > 0) {
      if (this.isDurable) this.#catalog.file.setDurable(true);
      try {
        this.#catalog.write(() => {
          const applied = this.#catalog.append(this.entries);
          // what others write as soon as the files are free again comes after it
          if (this.#begun !== undefined) this.#begun = applied;
          for (const [collection, participant] of collections) {
            participant.state = { ...participant.state, applied };
            participant.file.setState(participant.state);
            this.#catalog.setCollectionTick(collection.id, applied);
          }
        });
      } finally {
        if (this.isDurable) this.#catalog.file.setDurable(false);
      }
    } else {
      this.saveStates();
    }
    for (const [collection, { file, state }] of collections) {
      try {
        file.file.commit();
        collection.unlocked(state);
      } catch (error) {
        if (this.entries.length === 0) throw error;
        // the log has it all: the next one who opens the file brings it up to date, or says why that is not possible
        if (file.file.inTransaction) file.file.exec("ROLLBACK");
        collection.unlocked();
      }
    }
  }

  /** Undoes everything. */
  rollback(): void {
    for (const [collection, { file }] of this.participants) {
      if (file.file.inTransaction) file.file.exec("ROLLBACK");
      collection.unlocked();
    }
  }
}

/**
 * Where an incremental sync puts its changes until all of them are known to be right.
 *
 * Small changes of collections without unique indexes are staged in memory and applied in one transaction. All others go into a
 * working copy of the collection's file, which then takes the file's place. Either way readers see the old contents or the new.
 *
 * @module
 */
import { ArangoError } from "../base/arango_error.ts";
import { RevisionList } from "../base/revision_list.ts";
import type { RevisionTree } from "../base/revision_tree.ts";
import type { Collection } from "../engine/collection.ts";
import type { Engine } from "../engine/engine.ts";
import type { KeyAndRevision, StoredDocument } from "../storage/document_table.ts";
import { storedRevisions } from "../storage/stored_revisions.ts";

/** How many documents, and bytes of them, are staged in memory at the most. */
const MOST_STAGED = 50_000;
const MOST_STAGED_BYTES = 32 * 1024 * 1024;
/** How many operations one transaction on a working copy takes. */
const PAGE = 5_000;

/** The local side of an incremental sync. */
export interface SyncTarget {
  /** What the collection holds, with the changes so far. */
  tree(): RevisionTree;
  /** The largest revision; undefined while there is no document. */
  lastRevision(): bigint | undefined;
  /** The revisions of an inclusive range. */
  revisions(first: bigint, last: bigint): RevisionList;
  /** Removes documents by revision. */
  removeRevisions(revisions: readonly bigint[]): void;
  /** Removes documents by key. */
  removeKeys(keys: readonly KeyAndRevision[]): void;
  /**
   * Stores documents in place of those with the same keys, and of those that have one of their unique values.
   *
   * @returns how many documents had to go because of a unique value
   */
  put(documents: readonly StoredDocument[]): number;
}

/** The changes turned out not to fit what is there now: another process has written meanwhile. */
export class StaleTarget extends Error {
  override readonly name = "StaleTarget";
}

/** Changes in memory. */
export class StagedChanges implements SyncTarget {
  readonly #collection: Collection;
  readonly #tree: RevisionTree;
  readonly #documents = new Map<string, StoredDocument>();
  /** Keys of documents that go, with their revisions. */
  readonly #removed = new Map<string, bigint>();
  readonly #gone = new Set<bigint>();
  /** What {@linkcode StagedChanges.revisions} needs of the changes so far, while they stay the same. */
  #overlay: { readonly gone: RevisionList; readonly staged: RevisionList } | undefined;
  /** The tick of the collection that the changes start from. */
  readonly #applied: bigint | undefined;
  #bytes = 0;

  constructor(collection: Collection) {
    this.#collection = collection;
    this.#applied = collection.reading()?.state().applied;
    this.#tree = collection.revisionTree();
  }

  /** Whether more than memory should hold has been staged. */
  get isFull(): boolean {
    return this.#documents.size + this.#removed.size > MOST_STAGED || this.#bytes > MOST_STAGED_BYTES;
  }

  tree(): RevisionTree {
    return this.#tree;
  }

  lastRevision(): bigint | undefined {
    return this.#collection.reading()?.lastRevision();
  }

  revisions(first: bigint, last: bigint): RevisionList {
    const stored = storedRevisions(this.#collection.reading(), first, last);
    this.#overlay ??= {
      gone: RevisionList.of([...this.#gone].sort(ascending)),
      staged: RevisionList.of([...this.#documents.values()].map(({ rev }) => rev).sort(ascending)),
    };
    const { gone, staged } = this.#overlay;
    return stored.merged(gone.between(first, last), staged.between(first, last));
  }

  removeRevisions(revisions: readonly bigint[]): void {
    const wanted = new Set(revisions);
    for (const document of this.#documents.values()) {
      if (wanted.delete(document.rev)) this.#unstage(document);
    }
    const file = this.#collection.reading();
    for (const { key, rev } of file?.byRevisions([...wanted]) ?? []) this.#drop(key, rev);
  }

  removeKeys(keys: readonly KeyAndRevision[]): void {
    for (const { key, rev } of keys) {
      const staged = this.#documents.get(key);
      if (staged) this.#unstage(staged);
      else if (!this.#gone.has(rev)) this.#drop(key, rev);
    }
  }

  #unstage(document: StoredDocument): void {
    this.#overlay = undefined;
    this.#documents.delete(document.key);
    this.#tree.remove(document.rev);
    this.#bytes -= document.text.length;
  }

  #drop(key: string, rev: bigint): void {
    this.#overlay = undefined;
    this.#removed.set(key, rev);
    this.#gone.add(rev);
    this.#tree.remove(rev);
  }

  put(documents: readonly StoredDocument[]): number {
    this.#overlay = undefined;
    const stored = this.#collection.reading()?.revisionsOf(documents.map(({ key }) => key));
    for (const document of documents) {
      const staged = this.#documents.get(document.key);
      if (staged) this.#unstage(staged);
      const old = stored?.get(document.key);
      if (old !== undefined && !this.#gone.has(old)) {
        this.#gone.add(old);
        this.#tree.remove(old);
      }
      this.#removed.delete(document.key);
      this.#documents.set(document.key, document);
      this.#tree.insert(document.rev);
      this.#bytes += document.text.length;
    }
    return 0;
  }

  /** Hands everything on. */
  moveTo(target: SyncTarget): void {
    target.removeKeys([...this.#removed].map(([key, rev]) => ({ key, rev })));
    target.put([...this.#documents.values()]);
  }

  /**
   * Applies everything in one transaction.
   *
   * @param expected what the collection must then hold
   * @throws StaleTarget if it does not, because somebody else has written meanwhile; nothing has changed
   */
  commit(engine: Engine, expected: (tree: RevisionTree) => boolean): void {
    const file = this.#collection.reading();
    // moving the log into the file takes as long as the changes themselves: readers need not wait for it
    file?.deferCheckpoints(true);
    try {
      this.#apply(engine, expected);
    } finally {
      file?.deferCheckpoints(false);
    }
  }

  #apply(engine: Engine, expected: (tree: RevisionTree) => boolean): void {
    engine.write([this.#collection], (transaction) => {
      const unchanged = transaction.join(this.#collection).state.applied === this.#applied;
      const change = {
        gone: [...this.#gone],
        removed: [...this.#removed.keys()],
        documents: [...this.#documents.values()],
      };
      if (unchanged && expected(this.#tree) && this.#collection.changeExact(change)) return;
      for (const key of this.#removed.keys()) this.#collection.removeExact(key);
      for (const document of this.#documents.values()) {
        if (this.#collection.storeExact(document) !== undefined) throw new StaleTarget();
      }
      if (!expected(transaction.tree(transaction.join(this.#collection)))) throw new StaleTarget();
    }, { durable: this.#collection.properties.waitForSync });
  }
}

/** A working copy of a collection. */
export class WorkingCopy implements SyncTarget {
  /** The copy. */
  readonly copy: Collection;
  readonly #engine: Engine;

  constructor(engine: Engine, copy: Collection) {
    this.#engine = engine;
    this.copy = copy;
  }

  tree(): RevisionTree {
    return this.copy.revisionTree();
  }

  lastRevision(): bigint | undefined {
    return this.copy.reading()?.lastRevision();
  }

  revisions(first: bigint, last: bigint): RevisionList {
    return storedRevisions(this.copy.reading(), first, last);
  }

  removeRevisions(revisions: readonly bigint[]): void {
    const file = this.copy.reading();
    for (const page of pages(revisions)) {
      this.removeKeys(file?.byRevisions(page) ?? []);
    }
  }

  removeKeys(keys: readonly KeyAndRevision[]): void {
    for (const page of pages(keys)) {
      this.#engine.write([this.copy], () => {
        for (const { key } of page) this.copy.removeExact(key);
      });
    }
  }

  put(documents: readonly StoredDocument[]): number {
    let conflicts = 0;
    for (const page of pages(documents)) {
      this.#engine.write([this.copy], () => {
        for (const document of page) {
          for (
            let other = this.copy.storeExact(document);
            other !== undefined;
            other = this.copy.storeExact(document)
          ) {
            if (other === document.key) {
              throw new ArangoError(
                "ERROR_ARANGO_UNIQUE_CONSTRAINT_VIOLATED",
                `unique constraint violated: document '${document.key}' of the leader has the same value twice`,
              );
            }
            this.copy.removeExact(other);
            conflicts++;
          }
        }
      });
    }
    return conflicts;
  }
}

function ascending(one: bigint, other: bigint): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

function* pages<T>(all: readonly T[]): Generator<T[]> {
  for (let from = 0; from < all.length; from += PAGE) yield all.slice(from, from + PAGE);
}

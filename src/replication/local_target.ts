/**
 * Where an incremental sync of the embedded database puts its changes.
 *
 * Small changes of collections without unique indexes are staged in memory and applied in one transaction. All others go into a
 * working copy of the collection's file, which then takes the file's place. Either way readers see the old contents or the new.
 *
 * @module
 */
import { ArangoError } from "../base/arango_error.ts";
import type { RevisionList } from "../base/revision_list.ts";
import type { RevisionTree } from "../base/revision_tree.ts";
import type { Collection } from "../engine/collection.ts";
import type { Engine } from "../engine/engine.ts";
import type { KeyAndRevision, StoredDocument } from "../storage/document_table.ts";
import { storedRevisions } from "../storage/stored_revisions.ts";
import { StagedChanges } from "./staged_changes.ts";
import { type CollectionContents, StaleTarget, type SyncTarget } from "./sync_target.ts";

/** How many documents one transaction on a working copy takes. */
const PAGE = 5_000;

/** A collection of the embedded database. */
class LocalContents implements CollectionContents {
  readonly #collection: Collection;

  constructor(collection: Collection) {
    this.#collection = collection;
  }

  tree(): RevisionTree {
    return this.#collection.revisionTree();
  }

  lastRevision(): bigint | undefined {
    return this.#collection.reading()?.lastRevision();
  }

  revisions(first: bigint, last: bigint): RevisionList {
    return storedRevisions(this.#collection.reading(), first, last);
  }

  byRevisions(revisions: readonly bigint[]): Iterable<KeyAndRevision> {
    return this.#collection.reading()?.byRevisions(revisions) ?? [];
  }

  revisionsOf(keys: readonly string[]): ReadonlyMap<string, bigint> {
    return this.#collection.reading()?.revisionsOf(keys) ?? new Map();
  }
}

/** Changes of a collection of the embedded database, in memory. */
export class StagedLocalChanges extends StagedChanges {
  readonly #collection: Collection;
  /** The tick of the collection that the changes start from. */
  readonly #applied: bigint | undefined;

  constructor(collection: Collection) {
    const applied = collection.reading()?.state().applied;
    super(new LocalContents(collection));
    this.#collection = collection;
    this.#applied = applied;
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
    const { changes } = this;
    engine.write([this.#collection], (transaction) => {
      const unchanged = transaction.join(this.#collection).state.applied === this.#applied;
      if (unchanged && expected(this.tree()) && this.#collection.changeExact(changes)) return;
      for (const { key } of changes.removed) this.#collection.removeExact(key);
      for (const document of changes.documents) {
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
  readonly #contents: LocalContents;
  readonly #engine: Engine;

  constructor(engine: Engine, copy: Collection) {
    this.#engine = engine;
    this.copy = copy;
    this.#contents = new LocalContents(copy);
  }

  tree(): RevisionTree {
    return this.#contents.tree();
  }

  lastRevision(): bigint | undefined {
    return this.#contents.lastRevision();
  }

  revisions(first: bigint, last: bigint): RevisionList {
    return this.#contents.revisions(first, last);
  }

  revisionsOf(keys: readonly string[]): ReadonlyMap<string, bigint> {
    return this.#contents.revisionsOf(keys);
  }

  removeRevisions(revisions: readonly bigint[]): void {
    for (const page of pages(revisions)) this.removeKeys([...this.#contents.byRevisions(page)]);
  }

  removeKeys(keys: readonly KeyAndRevision[]): void {
    for (const page of pages(keys)) {
      this.#engine.write([this.copy], () => {
        for (const { key } of page) this.copy.removeExact(key);
      });
    }
  }

  put(documents: readonly StoredDocument[]): void {
    for (const page of pages(documents)) {
      this.#engine.write([this.copy], () => page.forEach((document) => this.#put(document)));
    }
  }

  #put(document: StoredDocument): void {
    for (;;) {
      const obstacle = this.copy.storeExact(document);
      if (obstacle === undefined) return;
      if (obstacle === document.key) {
        throw new ArangoError(
          "ERROR_ARANGO_UNIQUE_CONSTRAINT_VIOLATED",
          `unique constraint violated: document '${document.key}' of the leader has the same value twice`,
        );
      }
      this.copy.removeExact(obstacle);
    }
  }
}

/** Cuts a list into pieces that fit into one transaction. */
function* pages<T>(all: readonly T[]): Generator<T[]> {
  for (let from = 0; from < all.length; from += PAGE) yield all.slice(from, from + PAGE);
}

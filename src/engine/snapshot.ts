/**
 * A fixed state of all collections, for leaders and long reads.
 *
 * @module
 */
import { RevisionTree } from "../base/revision_tree.ts";
import type { CollectionFile } from "../storage/collection_file.ts";
import type { Collection } from "./collection.ts";

/** A state of collections that later writes do not change. */
export class Snapshot implements Disposable {
  /** The tick of the last operation that the snapshot contains. */
  readonly tick: bigint;
  readonly #files: ReadonlyMap<bigint, CollectionFile>;

  /** Snapshots are made by {@linkcode Engine.snapshot}. */
  constructor(tick: bigint, files: ReadonlyMap<bigint, CollectionFile>) {
    this.tick = tick;
    this.#files = files;
  }

  /** The documents of a collection; undefined if it was empty or did not exist. */
  file(collection: Collection): CollectionFile | undefined {
    return this.#files.get(collection.id);
  }

  /** How many documents a collection had. */
  count(collection: Collection): number {
    return this.file(collection)?.count() ?? 0;
  }

  /** The revision tree of a collection. */
  revisionTree(collection: Collection): RevisionTree {
    const file = this.file(collection);
    return file ? new RevisionTree(file.state().range, file.leaves()) : new RevisionTree();
  }

  [Symbol.dispose](): void {
    for (const file of this.#files.values()) file[Symbol.dispose]();
  }
}

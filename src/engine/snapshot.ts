/**
 * A fixed state of all collections, for leaders and long reads.
 *
 * @module
 */
import { RevisionTree } from "../base/revision_tree.ts";
import { CollectionFile } from "../storage/collection_file.ts";
import type { Collection } from "./collection.ts";
import type { Engine } from "./engine.ts";

/** A state of collections that later writes do not change. */
export class Snapshot implements Disposable {
  /** The tick of the last operation that the snapshot contains. */
  readonly tick: bigint;
  readonly #files: ReadonlyMap<bigint, CollectionFile>;

  private constructor(tick: bigint, files: ReadonlyMap<bigint, CollectionFile>) {
    this.tick = tick;
    this.#files = files;
  }

  /**
   * Fixes the state of collections, while nothing is committed in the catalog; for {@linkcode Engine.snapshot}.
   *
   * @returns undefined if a file lags behind the catalog, or was replaced
   */
  static take(engine: Engine, collections: readonly Collection[]): Snapshot | undefined {
    const { catalog, readOnly } = engine;
    const files = new Map<bigint, CollectionFile>();
    let complete = false;
    try {
      for (const { id, isEdge } of collections) {
        const row = catalog.collection(id);
        if (!row || row.file === null) continue;
        let file: CollectionFile;
        try {
          file = CollectionFile.open(engine.files.path(row.file), isEdge, { readOnly, cacheMiB: 2, map: true });
        } catch (error) {
          // who may not lock the catalog may find a file that has just been replaced
          if (catalog.collection(id)?.file === row.file) throw error;
          return undefined;
        }
        files.set(id, file);
        file.file.exec("BEGIN");
        if (file.state().applied !== row.tick && !readOnly) return undefined;
      }
      complete = true;
      return new Snapshot(catalog.lastTick(), files);
    } finally {
      if (!complete) { for (const file of files.values()) file[Symbol.dispose](); }
    }
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

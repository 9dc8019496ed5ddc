/**
 * Revision trees that are made anew from the documents, for those who do not trust the one that is kept beside them.
 *
 * @module
 */
import { RevisionTree } from "../base/revision_tree.ts";
import type { CollectionFile } from "../storage/collection_file.ts";
import type { Collection } from "./collection.ts";

/** How many revisions are read at once. */
const PAGE = 10_000;
const LARGEST = (1n << 63n) - 1n;

/** The revision tree of a file's documents. */
export function countedTree(file: CollectionFile): RevisionTree {
  const tree = new RevisionTree(file.state().range);
  let first = 0n;
  for (;;) {
    const page = file.revisionsBetween(first, LARGEST, PAGE);
    for (const revision of page) tree.insert(revision);
    if (page.length < PAGE) return tree;
    first = page.at(-1)! + 1n;
  }
}

/**
 * Puts the revision tree of a collection's documents in place of the one that it has.
 *
 * @throws HeldCollectionError while a transaction writes to the collection
 */
export function rebuildTree(collection: Collection): void {
  const file = collection.lock();
  try {
    const tree = countedTree(file);
    file.setLeaves(tree.leaves);
    file.setState({ ...file.state(), range: tree.range });
    file.file.commit();
  } finally {
    if (file.file.inTransaction) file.file.exec("ROLLBACK");
    collection.unlocked();
  }
}

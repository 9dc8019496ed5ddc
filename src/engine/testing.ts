/**
 * What the tests of the engine share.
 *
 * @module
 */
import { deepStrictEqual as deepEqual, strictEqual as equal } from "node:assert/strict";
import { differingRanges, RevisionTree } from "../base/revision_tree.ts";
import type { Collection } from "./collection.ts";
import { OpenIndex } from "./open_index.ts";

/** Checks the promises that hold for a collection whatever happened to it. */
export function assertConsistent(collection: Collection): void {
  const documents = [...collection.pages(7)].flat();
  equal(collection.count(), documents.length);
  const tree = new RevisionTree();
  for (const { rev } of documents) tree.insert(rev);
  const stored = collection.revisionTree();
  deepEqual(differingRanges(stored, tree), []);
  equal(stored.hash, tree.hash);
  for (const document of documents) deepEqual(collection.document(document.key), document);
  for (const definition of collection.indexes()) {
    const file = collection.reading();
    if (!file) continue;
    equal(new OpenIndex(definition).isIn(file), true);
    if (new OpenIndex(definition).kind === "boxes") {
      equal(file.indexCount(BigInt(definition.id)) <= documents.length, true);
      continue;
    }
    const { entries, distinct } = file.indexSizes(BigInt(definition.id));
    if (definition.unique) equal(entries, distinct);
    // every entry leads to a document that has it, and no document is without
    const found = new Set<bigint>();
    for (const document of file.byIndex(BigInt(definition.id), new Uint8Array(), undefined, entries + 1)) {
      found.add(document.rev);
    }
    if (definition.type === "persistent" && !definition.sparse && !definition.fields.some((one) => one.includes("["))) {
      deepEqual([...found].sort(), documents.map(({ rev }) => rev).sort());
    }
  }
}

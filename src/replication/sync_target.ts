/**
 * The follower's side of an incremental sync, wherever its collection is: what it holds, and where changes go.
 *
 * @module
 */
import type { RevisionList } from "../base/revision_list.ts";
import type { RevisionTree } from "../base/revision_tree.ts";
import type { KeyAndRevision, StoredDocument } from "../storage/document_table.ts";

/** What a follower's collection holds. */
export interface CollectionContents {
  /** A tree of its own for the caller. */
  tree(): RevisionTree;
  /** The largest revision; undefined while there is no document. */
  lastRevision(): bigint | undefined;
  /** The revisions of an inclusive range. */
  revisions(first: bigint, last: bigint): RevisionList;
  /** The documents that have one of these revisions. */
  byRevisions(revisions: readonly bigint[]): Iterable<KeyAndRevision>;
  /** The revisions of those of these keys that there are. */
  revisionsOf(keys: readonly string[]): ReadonlyMap<string, bigint>;
}

/** A follower's collection that is made equal to a leader's. */
export interface SyncTarget {
  /** What the collection holds, with the changes so far. */
  tree(): RevisionTree;
  /** The largest revision; undefined while there is no document. */
  lastRevision(): bigint | undefined;
  /** The revisions of an inclusive range. */
  revisions(first: bigint, last: bigint): RevisionList;
  /** The revisions of those of these keys that there are, with the changes so far. */
  revisionsOf(keys: readonly string[]): ReadonlyMap<string, bigint>;
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

/** The changes turned out not to fit what is there now: somebody else has written meanwhile. */
export class StaleTarget extends Error {
  override readonly name = "StaleTarget";
}

/**
 * The follower's side of an incremental sync, wherever its collection is: what it holds, and where changes go.
 *
 * @module
 */
import { ArangoError } from "../base/arango_error.ts";
import type { RevisionList } from "../base/revision_list.ts";
import type { RevisionTree } from "../base/revision_tree.ts";
import type { KeyAndRevision, StoredDocument } from "../storage/document_table.ts";
import type { LeaderCollection } from "./leader_client.ts";
import type { SyncProgress } from "./sync_progress.ts";

/** How often changes are worked out anew when others write to the collection meanwhile. */
const MOST_ATTEMPTS = 8;

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
  /** Stores documents in place of those with the same keys, and of those that have one of their unique values. */
  put(documents: readonly StoredDocument[]): void;
}

/** The changes turned out not to fit what is there now: somebody else has written meanwhile. */
export class StaleTarget extends Error {
  override readonly name = "StaleTarget";
}

/**
 * Works changes out and makes them, anew as long as somebody else has written to the collection meanwhile.
 *
 * @param attempt throws {@linkcode StaleTarget} then
 * @throws ArangoError 18 if the others do not stop
 */
export function untilNobodyWrites(collection: string, progress: SyncProgress, attempt: () => void): void {
  for (let attempts = 1;; attempts++) {
    try {
      return attempt();
    } catch (error) {
      if (!(error instanceof StaleTarget)) throw error;
      if (attempts === MOST_ATTEMPTS) {
        throw new ArangoError(
          "ERROR_LOCK_TIMEOUT",
          `collection '${collection}' is written to faster than a sync can follow`,
        );
      }
      progress.message(`collection '${collection}' was changed meanwhile: comparing again`);
    }
  }
}

/** The error for collections that still differ after many rounds. */
export function neverEqual(collection: string): ArangoError {
  return new ArangoError(
    "ERROR_ARANGO_UNIQUE_CONSTRAINT_VIOLATED",
    `unique constraint violated: collection '${collection}' cannot become equal to the leader's, because a unique index ` +
      `that only the follower has forbids documents of the leader; drop that index, or sync without 'incremental'`,
  );
}

/**
 * A sync does not turn documents into edges.
 *
 * @param local the follower's collection
 * @throws ArangoError 1218
 */
export function assertSameType({ name, type }: LeaderCollection, local: { readonly type: number } | undefined): void {
  if (!local || local.type === type) return;
  const kind = (one: number): string => (one === 3 ? "an edge collection" : "a document collection");
  throw new ArangoError(
    "ERROR_ARANGO_COLLECTION_TYPE_INVALID",
    `collection type invalid: '${name}' is ${kind(local.type)} here and ${kind(type)} on the leader; ` +
      `rename or drop the local one`,
  );
}

/**
 * The changes of an incremental sync in memory, until all of them are known to be right.
 *
 * @module
 */
import { RevisionList } from "../base/revision_list.ts";
import type { RevisionTree } from "../base/revision_tree.ts";
import type { ExactChange } from "../engine/document_store.ts";
import type { KeyAndRevision, StoredDocument } from "../storage/document_table.ts";
import type { CollectionContents, SyncTarget } from "./sync_target.ts";

/** How many documents come, how many go, and how many bytes are staged in memory at the most. */
const MOST_STAGED = 50_000;
const MOST_STAGED_BYTES = 32 * 1024 * 1024;

/** Changes in memory. */
export class StagedChanges implements SyncTarget {
  readonly #contents: CollectionContents;
  readonly #tree: RevisionTree;
  readonly #documents = new Map<string, StoredDocument>();
  /** Documents of the collection that go, by key, whether others come in their place or not. */
  readonly #gone = new Map<string, bigint>();
  /** What {@linkcode StagedChanges.revisions} needs of the changes so far, while they stay the same. */
  #overlay: { readonly gone: RevisionList; readonly staged: RevisionList } | undefined;
  #bytes = 0;

  constructor(contents: CollectionContents) {
    this.#contents = contents;
    this.#tree = contents.tree();
  }

  /** Whether more than memory should hold has been staged. */
  get isFull(): boolean {
    return Math.max(this.#documents.size, this.#gone.size) > MOST_STAGED || this.#bytes > MOST_STAGED_BYTES;
  }

  /** What has been staged. */
  get changes(): ExactChange {
    const gone = [...this.#gone].map(([key, rev]) => ({ key, rev }));
    return {
      removed: gone.filter(({ key }) => !this.#documents.has(key)),
      replaced: gone.filter(({ key }) => this.#documents.has(key)),
      documents: [...this.#documents.values()],
    };
  }

  tree(): RevisionTree {
    return this.#tree;
  }

  lastRevision(): bigint | undefined {
    return this.#contents.lastRevision();
  }

  revisions(first: bigint, last: bigint): RevisionList {
    this.#overlay ??= {
      gone: RevisionList.of([...this.#gone.values()].sort(ascending)),
      staged: RevisionList.of([...this.#documents.values()].map(({ rev }) => rev).sort(ascending)),
    };
    const { gone, staged } = this.#overlay;
    return this.#contents.revisions(first, last).merged(gone.between(first, last), staged.between(first, last));
  }

  revisionsOf(keys: readonly string[]): ReadonlyMap<string, bigint> {
    const stored = [...this.#contents.revisionsOf(keys)].filter(([key]) => !this.#gone.has(key));
    const staged = keys.flatMap((key) => this.#documents.get(key) ?? []);
    return new Map([...stored, ...staged.map(({ key, rev }) => [key, rev] as const)]);
  }

  removeRevisions(revisions: readonly bigint[]): void {
    const wanted = new Set(revisions);
    for (const document of this.#documents.values()) {
      if (wanted.delete(document.rev)) this.#unstage(document);
    }
    for (const { key, rev } of this.#contents.byRevisions([...wanted])) this.#drop(key, rev);
  }

  removeKeys(keys: readonly KeyAndRevision[]): void {
    for (const { key, rev } of keys) {
      const staged = this.#documents.get(key);
      if (staged) this.#unstage(staged);
      else if (!this.#gone.has(key)) this.#drop(key, rev);
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
    this.#gone.set(key, rev);
    this.#tree.remove(rev);
  }

  put(documents: readonly StoredDocument[]): void {
    const stored = this.#contents.revisionsOf(documents.map(({ key }) => key));
    for (const document of documents) {
      const { key, rev, text } = document;
      const staged = this.#documents.get(key);
      if (staged) this.#unstage(staged);
      const old = stored.get(key);
      if (old !== undefined && !this.#gone.has(key)) this.#drop(key, old);
      this.#documents.set(key, document);
      this.#tree.insert(rev);
      this.#bytes += text.length;
    }
    this.#overlay = undefined;
  }

  /** Hands everything on. */
  moveTo(target: SyncTarget): void {
    const { removed, documents } = this.changes;
    target.removeKeys(removed);
    target.put(documents);
  }
}

function ascending(one: bigint, other: bigint): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

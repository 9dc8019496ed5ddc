/**
 * Changes of a collection of a follower that is another server.
 *
 * @module
 */
import { ArangoError } from "../../base/arango_error.ts";
import type { RevisionList } from "../../base/revision_list.ts";
import type { RevisionTree } from "../../base/revision_tree.ts";
import type { UnderWay } from "../../network/api_client.ts";
import type { KeyAndRevision, StoredDocument } from "../../storage/document_table.ts";
import type { Changes } from "../staged_changes.ts";
import { StaleTarget, type SyncTarget } from "../sync_target.ts";
import { type FollowerClient, type Refusal, requestGroups } from "./follower_client.ts";
import type { RemoteContents } from "./remote_contents.ts";

const UNIQUE_VIOLATED = 1210;
const CONFLICT = 1200;
/** Attempts to store documents that others of the follower, or its other writers, are in the way of. */
const MOST_ATTEMPTS = 20;

/** A collection that is changed as it stands, page by page: for changes that are too many for one transaction. */
export class RemoteTarget implements SyncTarget, Disposable {
  readonly #follower: FollowerClient;
  readonly #name: string;
  readonly #look: () => RemoteContents;
  #contents: RemoteContents | undefined;

  /**
   * @param name the collection
   * @param look shows what the collection holds now
   */
  constructor(follower: FollowerClient, name: string, look: () => RemoteContents) {
    this.#follower = follower;
    this.#name = name;
    this.#look = look;
  }

  /** Looks anew. */
  tree(): RevisionTree {
    this.#contents?.[Symbol.dispose]();
    this.#contents = this.#look();
    return this.#contents.tree();
  }

  lastRevision(): bigint | undefined {
    return this.#seen.lastRevision();
  }

  /** As {@linkcode RemoteTarget.tree} has last seen them. */
  revisions(first: bigint, last: bigint): RevisionList {
    return this.#seen.revisions(first, last);
  }

  revisionsOf(keys: readonly string[]): ReadonlyMap<string, bigint> {
    return this.#seen.revisionsOf(keys);
  }

  get #seen(): RemoteContents {
    return this.#contents ??= this.#look();
  }

  removeRevisions(revisions: readonly bigint[]): void {
    this.removeKeys([...this.#seen.byRevisions(revisions)]);
  }

  /** Documents that have another revision by now stay: it may be the leader's. */
  removeKeys(keys: readonly KeyAndRevision[]): void {
    this.#follower.remove(this.#name, keys);
  }

  put(documents: readonly StoredDocument[]): number {
    let conflicts = 0;
    let left = documents;
    for (let attempt = 1; left.length > 0; attempt++) {
      const refused = this.#follower.store(this.#name, left, "replace");
      if (refused.length === 0) return conflicts;
      if (attempt === MOST_ATTEMPTS) throw refusal(this.#name, refused[0]!);
      const obstacles = refused.flatMap((one) => this.#obstacle(one));
      this.#follower.remove(this.#name, obstacles.map((key) => ({ key })));
      conflicts += obstacles.length;
      const keys = new Set(refused.map(({ key }) => key));
      left = left.filter(({ key }) => keys.has(key));
    }
    return conflicts;
  }

  /** The document that has to go before another one can be stored; none if it is enough to try again. */
  #obstacle(refused: Refusal): string[] {
    if (refused.errorNum === CONFLICT) return [];
    const key = refused.errorNum === UNIQUE_VIOLATED
      ? /conflicting key: (.+)$/.exec(refused.errorMessage)?.[1]
      : undefined;
    if (key === undefined || key === refused.key) throw refusal(this.#name, refused);
    return [key];
  }

  [Symbol.dispose](): void {
    this.#contents?.[Symbol.dispose]();
  }
}

/** How many requests that fill a new collection are under way at the same time. */
const AT_ONCE = 3;

/** A new collection that is being filled: the follower stores documents while the next ones are fetched. */
export class NewCopy implements Disposable {
  readonly #follower: FollowerClient;
  readonly #name: string;
  readonly #target: RemoteTarget;
  readonly #underWay: { readonly documents: readonly StoredDocument[]; readonly pending: UnderWay<Refusal[]> }[] = [];

  /** @param target the collection, for documents that are refused at first */
  constructor(follower: FollowerClient, name: string, target: RemoteTarget) {
    this.#follower = follower;
    this.#name = name;
    this.#target = target;
  }

  /** Stores documents, sooner or later. */
  put(documents: readonly StoredDocument[]): void {
    for (const group of requestGroups(documents)) {
      if (this.#underWay.length === AT_ONCE) this.#settle();
      this.#underWay.push({ documents: group, pending: this.#follower.startToStore(this.#name, group, "replace") });
    }
  }

  /** Waits until all documents are stored. */
  end(): void {
    while (this.#underWay.length > 0) this.#settle();
  }

  #settle(): void {
    const { documents, pending } = this.#underWay.shift()!;
    const refused = new Set(pending.wait().map(({ key }) => key));
    if (refused.size > 0) this.#target.put(documents.filter(({ key }) => refused.has(key)));
  }

  [Symbol.dispose](): void {
    for (const { pending } of this.#underWay) pending.abandon?.();
  }
}

/**
 * Makes changes as one transaction. What goes goes first, so that unique values may change hands.
 *
 * @param patience seconds to wait for other transactions
 * @throws StaleTarget if the collection does not hold any more what the changes were made for; nothing has changed
 * @throws ArangoError 1210 if a unique index that only the follower has forbids documents of the leader
 */
export function applyChanges(follower: FollowerClient, name: string, changes: Changes, patience: number): void {
  const { removed, replaced, documents } = changes;
  follower.transaction(name, patience, (id) => {
    if (follower.remove(name, [...removed, ...replaced], id).length > 0) throw new StaleTarget();
    const [refused] = follower.store(name, documents, "conflict", id);
    if (!refused) return;
    throw / of type primary /.test(refused.errorMessage) ? new StaleTarget() : refusal(name, refused);
  });
}

function refusal(name: string, { key, errorNum, errorMessage }: Refusal): ArangoError {
  const advice = errorNum === UNIQUE_VIOLATED
    ? "; if only the follower has that index, drop it, or sync without 'incremental'"
    : "";
  return new ArangoError(
    errorNum,
    `the follower refused document '${key}' of collection '${name}': ${errorMessage}${advice}`,
  );
}

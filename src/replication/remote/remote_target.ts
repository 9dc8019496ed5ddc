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
import type { DumpLines } from "../dump_lines.ts";
import type { LeaderCollection } from "../leader_client.ts";
import type { ExactChange } from "../../engine/document_store.ts";
import { StaleTarget, type SyncTarget } from "../sync_target.ts";
import { DocumentArray } from "./document_array.ts";
import type { FollowerClient, Refusal } from "./follower_client.ts";
import type { RemoteContents } from "./remote_contents.ts";

/** The number of the error of whoever breaks a unique index. */
export const UNIQUE_VIOLATED = 1210;
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

  put(documents: readonly StoredDocument[]): void {
    let left = documents;
    for (let attempt = 1; left.length > 0; attempt++) {
      const refused = this.#follower.store(this.#name, left, "replace");
      if (refused.length === 0) return;
      if (attempt === MOST_ATTEMPTS) throw refusal(this.#name, refused[0]!);
      const obstacles = refused.flatMap((one) => this.#obstacle(one));
      this.#follower.remove(this.#name, obstacles.map((key) => ({ key })));
      const keys = new Set(refused.map(({ key }) => key));
      left = left.filter(({ key }) => keys.has(key));
    }
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

/** How many requests with documents are under way at the same time. */
const AT_ONCE = 3;

/** Stores a dump: the follower works on some documents while the next ones are fetched, and holds up what is too fast for it. */
export class DumpWriter implements Disposable {
  readonly #follower: FollowerClient;
  readonly #name: string;
  readonly #target: RemoteTarget;
  readonly #isVerified: boolean;
  readonly #underWay: { readonly documents: DocumentArray; readonly pending: UnderWay<boolean> }[] = [];
  readonly #idle: DocumentArray[];
  #documents: DocumentArray;
  #isFirst = true;
  #waiting = 0;

  /**
   * @param name the collection that is filled
   * @param target the same one, for documents that are refused at first
   * @param isVerified whether somebody looks afterwards which revisions the documents have; otherwise each answer is checked
   */
  constructor(
    follower: FollowerClient,
    name: string,
    { name: leaderName, type }: Pick<LeaderCollection, "name" | "type">,
    target: RemoteTarget,
    isVerified: boolean,
  ) {
    this.#follower = follower;
    this.#name = name;
    this.#target = target;
    this.#isVerified = isVerified;
    this.#idle = Array.from({ length: AT_ONCE }, () => new DocumentArray(leaderName, type === 3));
    this.#documents = new DocumentArray(leaderName, type === 3);
  }

  /** Milliseconds of waiting for the follower so far. */
  get waiting(): number {
    return this.#waiting;
  }

  /**
   * Stores the documents that `lines` still has to give, sooner or later.
   *
   * @returns how many they are
   */
  take(lines: DumpLines): number {
    let taken = 0;
    for (; lines.next(); taken++) {
      this.#documents.add(lines.document);
      if (this.#documents.isFull) this.#send();
    }
    return taken;
  }

  /** Waits until all documents are stored. */
  end(): void {
    if (this.#documents.count > 0) this.#send();
    while (this.#underWay.length > 0) this.#settle();
  }

  #send(): void {
    // a follower that gives revisions of its own is noticed before it has everything
    if (this.#isFirst || !this.#isVerified) {
      this.#isFirst = false;
      return this.#store(this.#documents);
    }
    if (this.#idle.length === 0) this.#settle();
    const documents = this.#documents;
    this.#underWay.push({ documents, pending: this.#follower.startToReplace(this.#name, documents.body()) });
    this.#documents = this.#idle.pop()!;
  }

  #settle(): void {
    const { documents, pending } = this.#underWay.shift()!;
    const started = performance.now();
    const isStored = pending.wait();
    this.#waiting += performance.now() - started;
    if (isStored) documents.clear();
    else this.#store(documents);
    this.#idle.push(documents);
  }

  /** Stores documents now, whatever is in their way. */
  #store(documents: DocumentArray): void {
    const started = performance.now();
    this.#target.put(documents.documents());
    documents.clear();
    this.#waiting += performance.now() - started;
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
export function applyChanges(follower: FollowerClient, name: string, changes: ExactChange, patience: number): void {
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

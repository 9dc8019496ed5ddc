/**
 * What a collection of a follower holds that is another server.
 *
 * @module
 */
import { decodeRevision, encodeRevision } from "../../base/revision.ts";
import { RevisionList } from "../../base/revision_list.ts";
import { RevisionTree } from "../../base/revision_tree.ts";
import type { KeyAndRevision } from "../../storage/document_table.ts";
import { exactDocument } from "../exact_document.ts";
import { LeaderClient, type LeaderCollection } from "../leader_client.ts";
import type { SyncConfig } from "../sync_config.ts";
import type { CollectionContents } from "../sync_target.ts";
import { fetchDocuments } from "../tree_sync.ts";
import { exchangeLink } from "./exchange_link.ts";
import type { FollowerClient } from "./follower_client.ts";

/** A revision after all others. */
const END = 2n ** 64n - 2n;
/** The follower must not take its reader for itself. */
const READER_ID = "1";

/** Contents of which the caller lets go. */
export type RemoteContents = CollectionContents & Disposable;

/**
 * Looks at a collection.
 *
 * @param collection its name
 * @param config how long to wait
 * @throws ArangoError 1203 if there is none
 */
export function remoteContents(
  follower: FollowerClient,
  collection: string,
  config: SyncConfig,
): RemoteContents {
  const snapshot = follower.isCoordinator ? undefined : openSnapshot(follower, collection, config);
  return snapshot ?? new ListedContents(follower, collection);
}

/** Reads the follower as a leader would be read; undefined for collections without revision trees. */
function openSnapshot(
  follower: FollowerClient,
  collection: string,
  config: SyncConfig,
): SnapshotContents | undefined {
  const { database, endpoint, exchange } = follower;
  const asked = { ...config, database, endpoint };
  const client = new LeaderClient(exchangeLink(exchange), asked, READER_ID, () => {}, "follower");
  try {
    client.startBatch();
    // the inventory makes the server keep the tree of this moment
    const all = { includeSystem: true, includeFoxxQueues: true };
    const described = client.inventory(all, collection).find(({ name }) => name === collection);
    const tree = described && client.tree(described);
    if (described && tree) return new SnapshotContents(follower, client, described, tree);
  } catch (error) {
    client[Symbol.dispose]();
    throw error;
  }
  client[Symbol.dispose]();
  return undefined;
}

/** The revisions of keys, as they are now. */
function revisionsOf(follower: FollowerClient, name: string, keys: readonly string[]): Map<string, bigint> {
  const query = "FOR d IN @@collection FILTER d._key IN @keys RETURN [d._key, d._rev]";
  const found = follower.query<[string, string]>(query, { "@collection": name, keys });
  return new Map([...found].map(([key, rev]) => [key, decodeRevision(rev)]));
}

/** Puts revisions into order, in eight bytes each: there are as many as the collection has documents. */
function sortedRevisions(texts: Iterable<string>): RevisionList {
  let all = new BigUint64Array(65_536);
  let length = 0;
  for (const text of texts) {
    if (length === all.length) {
      const larger = new BigUint64Array(2 * length);
      larger.set(all);
      all = larger;
    }
    all[length++] = decodeRevision(text);
  }
  return RevisionList.of(all.subarray(0, length).sort());
}

/** A snapshot of a server with revision trees. */
class SnapshotContents implements RemoteContents {
  readonly #follower: FollowerClient;
  readonly #client: LeaderClient;
  readonly #collection: LeaderCollection;
  readonly #tree: RevisionTree;
  /** A piece of the list of revisions, and what it covers: one request for many small ranges. */
  #page: { readonly from: bigint; readonly to: bigint; readonly revisions: RevisionList } | undefined;

  constructor(follower: FollowerClient, client: LeaderClient, collection: LeaderCollection, tree: RevisionTree) {
    this.#follower = follower;
    this.#client = client;
    this.#collection = collection;
    this.#tree = tree;
  }

  tree(): RevisionTree {
    return this.#tree.clone();
  }

  lastRevision(): bigint | undefined {
    const last = this.#tree.lastRange();
    const revisions = last && this.revisions(...last);
    return revisions && revisions.length > 0 ? revisions.at(revisions.length - 1) : undefined;
  }

  revisions(first: bigint, last: bigint): RevisionList {
    const lists: RevisionList[] = [];
    for (let from = first; from <= last;) {
      const { to, revisions } = this.#pageFrom(from);
      lists.push(revisions.between(from, last));
      from = to + 1n;
    }
    return RevisionList.concat(lists);
  }

  #pageFrom(revision: bigint): { readonly to: bigint; readonly revisions: RevisionList } {
    if (!this.#page || revision < this.#page.from || revision > this.#page.to) {
      const [first] = this.#client.revisions(this.#collection, [[revision, END]]);
      const { revisions, covered } = first!;
      this.#page = { from: revision, to: covered - 1n, revisions };
    }
    return this.#page;
  }

  *byRevisions(revisions: readonly bigint[]): Generator<KeyAndRevision> {
    const { name, type } = this.#collection;
    for (const texts of fetchDocuments(this.#client, this.#collection, revisions)) {
      for (const text of texts) yield exactDocument(name, type === 3, text);
    }
  }

  revisionsOf(keys: readonly string[]): ReadonlyMap<string, bigint> {
    return revisionsOf(this.#follower, this.#collection.name, keys);
  }

  [Symbol.dispose](): void {
    this.#client[Symbol.dispose]();
  }
}

/** A list of all revisions, for servers that have no trees: clusters, and collections that were made before ArangoDB 3.8. */
class ListedContents implements RemoteContents {
  readonly #follower: FollowerClient;
  readonly #name: string;
  readonly #revisions: RevisionList;

  constructor(follower: FollowerClient, name: string) {
    this.#follower = follower;
    this.#name = name;
    const listed = follower.query<string>("FOR d IN @@collection RETURN d._rev", { "@collection": name });
    this.#revisions = sortedRevisions(listed);
  }

  tree(): RevisionTree {
    const tree = new RevisionTree();
    for (const revision of this.#revisions) tree.insert(revision);
    return tree;
  }

  lastRevision(): bigint | undefined {
    const { length } = this.#revisions;
    return length === 0 ? undefined : this.#revisions.at(length - 1);
  }

  revisions(first: bigint, last: bigint): RevisionList {
    return this.#revisions.between(first, last);
  }

  *byRevisions(revisions: readonly bigint[]): Generator<KeyAndRevision> {
    if (revisions.length === 0) return;
    const query = "FOR d IN @@collection FILTER d._rev IN @revisions RETURN [d._key, d._rev]";
    const bindVars = { "@collection": this.#name, revisions: revisions.map(encodeRevision) };
    for (const [key, rev] of this.#follower.query<[string, string]>(query, bindVars)) {
      yield { key, rev: decodeRevision(rev) };
    }
  }

  revisionsOf(keys: readonly string[]): ReadonlyMap<string, bigint> {
    return revisionsOf(this.#follower, this.#name, keys);
  }

  [Symbol.dispose](): void {}
}

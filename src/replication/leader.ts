/**
 * What a leader does for its followers: inventories, dumps, revision trees and the log, read from batches. One method for
 * one endpoint; the routes turn them into HTTP.
 *
 * Source: `replication-protocol.md` §2.
 *
 * @module
 */
import { ArangoError } from "../base/arango_error.ts";
import { decodeHlc, decodeRevision, encodeHlc, encodeRevision, INVALID_REVISION } from "../base/revision.ts";
import { type RevisionRange, RevisionTree } from "../base/revision_tree.ts";
import type { Collection } from "../engine/collection.ts";
import { countedTree } from "../engine/counted_tree.ts";
import type { Database } from "../engine/database.ts";
import type { Engine } from "../engine/engine.ts";
import type { Snapshot } from "../engine/snapshot.ts";
import type { CollectionFile } from "../storage/collection_file.ts";
import { storedRevisions } from "../storage/stored_revisions.ts";
import { collectionParameters } from "./collection_parameters.ts";
import { documentsAfter } from "./dump_chunk.ts";
import { KeyLists } from "./key_lists.ts";
import { type FollowerInfo, KnownFollowers } from "./known_followers.ts";
import { LeaderBatches } from "./leader_batches.ts";
import { isListed, type SystemCollections } from "./listed_collections.ts";
import { LeaderLog, type LogChunk, type TailRequest } from "./leader_log.ts";
import { timestamp } from "./timestamp.ts";

const MAX_RANGE_REVISIONS = 65536;
const MAX_DOCUMENT_BYTES = 16 * 1024 * 1024;

/** Which collections an inventory has. */
export interface Listed extends SystemCollections {
  /** Whether who asks may read a collection. */
  readonly readable: (database: Database, collection: Collection) => boolean;
}

/** A chunk of a dump. */
export interface DumpChunk {
  readonly body: Uint8Array;
  readonly checkMore: boolean;
  readonly lastIncluded: number;
}

/**
 * Checks that followers may have the revision tree of a collection.
 *
 * @throws ArangoError 9
 */
export function assertHasTree(collection: Collection): void {
  if (collection.properties.syncByRevision) return;
  throw new ArangoError("ERROR_NOT_IMPLEMENTED", "this collection doesn't support revision-based replication");
}

/** The leader's side of replication, for all databases of an engine. */
export class Leader implements Disposable {
  /** The log of what happened. */
  readonly log: LeaderLog;
  /** The snapshots that followers read. */
  readonly batches: LeaderBatches;
  /** The sorted keys of collections. */
  readonly keys: KeyLists;
  readonly #engine: Engine;
  readonly #now: () => number;
  readonly #followers = new Map<bigint, KnownFollowers>();

  /** @param now the wall clock in milliseconds */
  constructor(engine: Engine, now: () => number = Date.now) {
    this.#engine = engine;
    this.#now = now;
    this.log = new LeaderLog(engine);
    this.batches = new LeaderBatches(engine, now);
    this.keys = new KeyLists(engine, this.batches);
  }

  /** Who has asked for something of a database lately. */
  followers({ id }: Database): KnownFollowers {
    let known = this.#followers.get(id);
    if (!known) this.#followers.set(id, known = new KnownFollowers(this.#now));
    return known;
  }

  /**
   * Fixes the state of all collections for a follower.
   *
   * @param ttl seconds until the batch ends unless it is used; absent or not positive: an hour
   * @param database the one that the follower asks
   */
  createBatch(ttl: number | undefined, database: Database, follower?: FollowerInfo): { id: string; lastTick: bigint } {
    const { id, lastTick, seconds } = this.batches.create(ttl);
    if (follower) this.followers(database).note(follower, lastTick, seconds);
    return { id, lastTick };
  }

  /** The `state` of the log at a tick, as several answers carry it. */
  logState(tick: bigint = this.#engine.catalog.lastTick()): object {
    return {
      running: true,
      lastLogTick: `${tick}`,
      lastUncommittedLogTick: `${tick}`,
      totalEvents: Number(tick),
      time: timestamp(this.#now()),
    };
  }

  /**
   * The definitions of a database's collections.
   *
   * @throws ArangoError 1600 for an unknown batch
   */
  inventory(
    batchId: string,
    database: Database,
    options: { collection?: string } & Listed,
  ): object {
    const batch = this.batches.find(batchId);
    if (!batch) throw new ArangoError("ERROR_CURSOR_NOT_FOUND", "context was not found");
    const only = options.collection === undefined ? undefined : database.find(options.collection);
    const single = options.collection !== undefined;
    const { id, name, isSystem } = database;
    return {
      ...(single ? {} : { properties: { id: `${id}`, name, isSystem } }),
      collections: this.#listed(database, options).filter((one) => !single || one === only)
        .map((one) => this.#definition(one)),
      views: [],
      state: this.logState(batch.snapshot.tick),
      tick: `${this.#engine.catalog.lastTick()}`,
    };
  }

  /** The definitions of all databases' collections. */
  globalInventory(batchId: string, listed: Listed): object {
    const batch = this.batches.find(batchId);
    if (!batch) throw new ArangoError("ERROR_CURSOR_NOT_FOUND", "context was not found");
    const databases = this.#engine.databases().map((database) => {
      const { name, isSystem } = database;
      const id = `${database.id}`;
      const collections = this.#listed(database, listed).map((one) => this.#definition(one));
      return [name, { id, name, properties: { id, name, isSystem }, collections, views: [] }] as const;
    });
    return {
      databases: Object.fromEntries(databases),
      state: this.logState(batch.snapshot.tick),
      tick: `${this.#engine.catalog.lastTick()}`,
    };
  }

  #listed(database: Database, listed: Listed): Collection[] {
    return database.collections().filter((one) => listed.readable(database, one) && isListed(one.name, listed))
      .sort((a, b) => a.type - b.type);
  }

  #definition(collection: Collection): object {
    return { indexes: collection.indexes(), parameters: collectionParameters(collection) };
  }

  /**
   * The next chunk of a collection's documents, one line each.
   *
   * @param options `chunkSize` bytes, `documents` the most, `envelope` whether lines are `{"type":2300,"data":…}`;
   *   `after`: start behind this revision (denosh's own; ArangoDB has no such thing)
   * @throws ArangoError 400 for an unknown batch
   */
  dump(
    batchId: string,
    collection: Collection,
    options: { chunkSize?: number; documents?: number; envelope: boolean; after?: bigint },
  ): DumpChunk {
    const batch = this.batches.find(batchId);
    if (!batch) {
      throw new ArangoError(
        "ERROR_HTTP_BAD_PARAMETER",
        "replication dump - unable to find context (it could be expired)",
        { code: 404 },
      );
    }
    const cursor = batch.dumps.get(collection.id) ?? { after: options.after, chunks: 0, average: undefined };
    const file = batch.snapshot.file(collection);
    const separator = options.envelope ? `}\n{"type":2300,"data":` : "\n";
    const found = file && documentsAfter(file, cursor, options, separator);
    if (found?.next) batch.dumps.set(collection.id, { ...found.next, chunks: cursor.chunks + 1 });
    else batch.dumps.delete(collection.id);
    if (!found) return { body: new Uint8Array(), checkMore: false, lastIncluded: 0 };
    return {
      body: wrapped(found.text, options.envelope ? `{"type":2300,"data":` : "", options.envelope ? "}\n" : "\n"),
      checkMore: found.next !== undefined,
      lastIncluded: cursor.chunks + 1,
    };
  }

  /**
   * The revision tree of a collection.
   *
   * @throws ArangoError 9 if the collection has none for followers, 4 for an unknown batch
   */
  tree(batchId: string, collection: Collection, onlyPopulated: boolean): string {
    return this.#treeSnapshot(batchId, collection).revisionTree(collection).toJson(onlyPopulated);
  }

  /** The revision tree of a collection, made anew from its documents. */
  recomputedTree(batchId: string, collection: Collection, onlyPopulated: boolean): string {
    const file = this.#treeSnapshot(batchId, collection).file(collection);
    return (file ? countedTree(file) : new RevisionTree()).toJson(onlyPopulated);
  }

  #treeSnapshot(batchId: string, collection: Collection): Snapshot {
    assertHasTree(collection);
    const batch = this.batches.find(batchId);
    if (!batch) throw new ArangoError("ERROR_INTERNAL", "could not generate revision tree: did not find batch");
    return batch.snapshot;
  }

  /** The file to read revisions from: the batch's, or the current one when there is no such batch. */
  #readable(batchId: string, collection: Collection): CollectionFile | undefined {
    const batch = this.batches.find(batchId);
    return batch ? batch.snapshot.file(collection) : collection.reading();
  }

  /**
   * The revisions in ranges.
   *
   * @param body the request's body: `[["first","last"],…]`, clock texts
   * @param options `resume`: where to go on; `hlc`: write clock texts only
   * @throws ArangoError 400 for another body
   */
  ranges(batchId: string, collection: Collection, body: unknown, options: { resume?: bigint; hlc: boolean }): object {
    const ranges = revisionPairs(body);
    const file = this.#readable(batchId, collection);
    const found: string[][] = [];
    let room = MAX_RANGE_REVISIONS;
    for (const [first, last] of ranges) {
      if (options.resume !== undefined && last < options.resume) continue;
      const start = options.resume !== undefined && options.resume > first ? options.resume : first;
      const revisions = storedRevisions(file, start, last, room + 1);
      const text = (position: number): string =>
        options.hlc ? revisions.textAt(position) : encodeRevision(revisions.at(position));
      found.push(Array.from({ length: Math.min(room, revisions.length) }, (_, position) => text(position)));
      if (revisions.length > room) {
        const resume = revisions.at(room);
        return { ranges: found, resume: encodeRevision(resume), resumeHLC: encodeHlc(resume) };
      }
      room -= revisions.length;
    }
    return { ranges: found };
  }

  /**
   * Documents by revision, as the text of an array; it may be shorter than the request.
   *
   * @param body the request's body: revisions
   * @param options `chunkSize`: bytes; `hlc`: the revisions are clock texts
   * @throws ArangoError 400 for another body
   */
  documents(
    batchId: string,
    collection: Collection,
    body: unknown,
    options: { chunkSize?: number; hlc: boolean },
  ): string {
    const malformed = (): ArangoError =>
      new ArangoError("ERROR_HTTP_BAD_PARAMETER", "body needs to be an array of revisions");
    if (!Array.isArray(body)) throw malformed();
    const revisions = body.map((text) => {
      const revision = typeof text === "string" ? (options.hlc ? decodeHlc : decodeRevision)(text) : INVALID_REVISION;
      if (revision === INVALID_REVISION) throw malformed();
      return revision;
    });
    const limit = Math.min(options.chunkSize || MAX_DOCUMENT_BYTES, MAX_DOCUMENT_BYTES);
    const file = this.#readable(batchId, collection);
    const texts: string[] = [];
    let size = 0;
    for (let from = 0; from < revisions.length; from += 1000) {
      const page = revisions.slice(from, from + 1000);
      const byRevision = new Map((file?.byRevisions(page) ?? []).map((document) => [document.rev, document.text]));
      for (const revision of page) {
        const text = byRevision.get(revision) ?? "{}";
        size += text.length;
        if (size > limit && texts.length > 0) return `[${texts.join(",")}]`;
        texts.push(text);
      }
    }
    return `[${texts.join(",")}]`;
  }

  /**
   * What happened after a tick.
   *
   * @param follower who asks
   * @param ttl seconds for which it is remembered
   * @throws ArangoError 400 for ticks that make no range
   */
  tail(request: TailRequest, database: Database, follower: FollowerInfo | undefined, ttl: number): LogChunk {
    const chunk = this.log.tail(request, database);
    if (follower) this.followers(database).note(follower, request.from, ttl);
    return chunk;
  }

  /** Lets go of what its followers have not used for too long. */
  expire(): void {
    this.batches.expire();
  }

  [Symbol.dispose](): void {
    this.batches[Symbol.dispose]();
  }
}

function wrapped(text: Uint8Array, before: string, after: string): Uint8Array {
  const [head, tail] = [before, after].map((part) => new TextEncoder().encode(part)) as [Uint8Array, Uint8Array];
  const body = new Uint8Array(head.length + text.length + tail.length);
  body.set(head);
  body.set(text, head.length);
  body.set(tail, head.length + text.length);
  return body;
}

function revisionPairs(body: unknown): RevisionRange[] {
  const malformed = (): ArangoError =>
    new ArangoError("ERROR_HTTP_BAD_PARAMETER", "body needs to be an array of pairs of revisions");
  if (!Array.isArray(body)) throw malformed();
  let previous = 0n;
  return body.map((pair) => {
    if (!Array.isArray(pair) || pair.length !== 2 || !pair.every((one) => typeof one === "string")) throw malformed();
    const [first, last] = pair.map((one) => decodeHlc(one)) as [bigint, bigint];
    if (first >= last || first < previous || last === INVALID_REVISION) throw malformed();
    previous = last;
    return [first, last];
  });
}

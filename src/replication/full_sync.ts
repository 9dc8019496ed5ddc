/**
 * Copies a whole collection from a leader into a new collection file.
 *
 * Source: `replication-protocol.md` §2.5, §3.6 (a).
 *
 * @module
 */
import { ArangoError } from "../base/arango_error.ts";
import { RevisionTree } from "../base/revision_tree.ts";
import { BulkFile } from "../storage/bulk_file.ts";
import type { CollectionFile } from "../storage/collection_file.ts";
import type { UnderWay } from "../network/api_client.ts";
import { DumpLines } from "./dump_lines.ts";
import type { LeaderClient, LeaderCollection, LeaderDumpChunk } from "./leader_client.ts";
import type { SyncConfig } from "./sync_config.ts";
import type { SyncProgress } from "./sync_progress.ts";

/** Bytes of the first chunk when the configuration names none, and how chunks grow. */
const FIRST_CHUNK = 2 * 1024 * 1024;
const CHUNK_GROWTH = 1.25;
const LARGEST_CHUNK = 4 * 1024 * 1024;

/** Of so many documents one is timed. */
const SAMPLE = 32;

/** Milliseconds of the parts of a copy. */
export interface CopyTimes {
  decoding: number;
  writing: number;
  indexing: number;
}

/** Takes documents in the order in which a leader sends them: page by page while their revisions ascend, else by SQL. */
class CopyWriter {
  readonly #bulk: BulkFile;
  readonly #collection: string;
  #file: CollectionFile | undefined;
  #tree = new RevisionTree();
  #count = 0;

  constructor(bulk: BulkFile, collection: string) {
    this.#bulk = bulk;
    this.#collection = collection;
  }

  /**
   * Adds the documents that `lines` still has to give.
   *
   * @param times are added to; the share of decoding is that of one document in so many
   * @returns how many it were
   */
  take(lines: DumpLines, times: CopyTimes): number {
    const started = performance.now();
    let decoding = 0;
    let taken = 0;
    for (;; taken++) {
      const isSample = taken % SAMPLE === 0;
      const before = isSample ? performance.now() : 0;
      const found = lines.next();
      if (isSample) decoding += (performance.now() - before) * SAMPLE;
      if (!found) break;
      if (!this.#file && this.#bulk.append(lines.document)) continue;
      this.#insert(lines);
    }
    if (this.#file) this.#file.file.exec("COMMIT; BEGIN");
    const all = performance.now() - started;
    times.decoding += Math.min(decoding, all);
    times.writing += Math.max(0, all - decoding);
    return taken;
  }

  #insert(lines: DumpLines): void {
    if (!this.#file) {
      this.#tree = this.#bulk.tree();
      this.#count = this.#bulk.count;
      this.#file = this.#finishBulk();
      this.#file.file.exec("BEGIN");
    }
    const document = lines.stored();
    if (this.#file.revisionOf(document.key) !== undefined) throw this.#twice(`the key '${document.key}'`);
    if (this.#file.byRevision(document.rev)) throw this.#twice(`the revision of '${document.key}'`);
    this.#file.insert(document);
    this.#tree.insert(document.rev);
    this.#count++;
  }

  #twice(what: string): ArangoError {
    return new ArangoError(
      "ERROR_REPLICATION_INVALID_RESPONSE",
      `invalid response from leader: the dump of collection '${this.#collection}' has ${what} twice`,
    );
  }

  #finishBulk(): CollectionFile {
    const finished = this.#bulk.finish(0n);
    if ("duplicate" in finished) throw this.#twice(`the key '${finished.duplicate}'`);
    return finished;
  }

  /** The complete file, open. */
  finish(): CollectionFile {
    if (!this.#file) return this.#finishBulk();
    const { range, leaves } = this.#tree;
    this.#file.setLeaves(leaves);
    this.#file.setState({ applied: 0n, count: this.#count, range, lastRemoval: 0n });
    this.#file.file.exec("COMMIT");
    return this.#file;
  }

  /** Lets go of a file that will not be finished; what was written stays. */
  abandon(): void {
    if (this.#file) this.#file[Symbol.dispose]();
    else this.#bulk.close();
  }
}

/**
 * Fetches all documents of a collection. The leader works on the next chunk while one is taken.
 *
 * @param take takes what `lines` has to give; returns how many documents it were
 * @throws ArangoError 1400 to 1402 from the leader, 1401 for lines that are no documents, and whatever `take` throws
 */
export function fetchDump(
  client: LeaderClient,
  collection: LeaderCollection,
  config: SyncConfig,
  progress: SyncProgress,
  take: (lines: DumpLines) => number,
): void {
  const lines = new DumpLines(collection.name, collection.type === 3);
  let chunkSize = config.chunkSize || FIRST_CHUNK;
  progress.message(`fetching leader collection dump for collection '${collection.name}'`);
  progress.phase("fetching");
  let pending: UnderWay<LeaderDumpChunk> | undefined = client.dump(collection, chunkSize);
  let included = 0;
  try {
    for (;;) {
      const { body, checkMore, lastIncluded, release }: LeaderDumpChunk = pending.wait();
      if (checkMore && !(lastIncluded > included)) {
        throw new ArangoError(
          "ERROR_REPLICATION_INVALID_RESPONSE",
          `invalid response from ${client.peer}: the dump of collection '${collection.name}' does not go on after ${included}`,
        );
      }
      included = lastIncluded;
      if (config.chunkSize === 0) chunkSize = Math.min(Math.floor(chunkSize * CHUNK_GROWTH), LARGEST_CHUNK);
      pending = checkMore ? client.dump(collection, chunkSize) : undefined;
      lines.feed(body);
      progress.fetched(take(lines), body.length);
      release();
      if (!pending) return;
      progress.flush();
    }
  } finally {
    pending?.abandon?.();
  }
}

/**
 * Copies a collection's documents.
 *
 * @param path where the new file is made
 * @param times are added to
 * @returns the complete file, open for this process alone, without secondary indexes
 * @throws ArangoError 1400 to 1402 from the leader, 1401 for lines that are no documents and for keys that come twice,
 *   20 when the disk is full; what was written stays for {@linkcode BulkFile.resume}
 */
export function copyCollection(
  client: LeaderClient,
  collection: LeaderCollection,
  path: string,
  config: SyncConfig,
  progress: SyncProgress,
  times: CopyTimes,
): CollectionFile {
  const writer = new CopyWriter(BulkFile.create(path, collection.type === 3), collection.name);
  try {
    fetchDump(client, collection, config, progress, (lines) => writer.take(lines, times));
    progress.message(`creating the key index of collection '${collection.name}'`);
    progress.phase("applying");
    const started = performance.now();
    const file = writer.finish();
    times.indexing += performance.now() - started;
    return file;
  } catch (error) {
    writer.abandon();
    throw error;
  }
}

/**
 * Sorted keys with hashes of chunks, for followers that compare collections without revision trees.
 *
 * Source: `replication-protocol.md` §2.
 *
 * @module
 */
import { ArangoError } from "../base/arango_error.ts";
import { chunkHash } from "../base/hash.ts";
import { encodeRevision } from "../base/revision.ts";
import type { Collection } from "../engine/collection.ts";
import type { Engine } from "../engine/engine.ts";
import type { CollectionFile } from "../storage/collection_file.ts";
import type { KeyAndRevision } from "../storage/document_table.ts";
import type { LeaderBatches } from "./leader_batches.ts";

const MAX_KEYS_BYTES = 8 * 1024 * 1024;
const QUICK_KEYS_LIMIT = 1_000_000;

/** The keys protocol of a leader. */
export class KeyLists {
  readonly #engine: Engine;
  readonly #batches: LeaderBatches;

  constructor(engine: Engine, batches: LeaderBatches) {
    this.#engine = engine;
    this.#batches = batches;
  }

  /**
   * Starts the keys protocol.
   *
   * @param quick answer only the count when there are many
   * @throws ArangoError 1600 for an unknown batch
   */
  create(batchId: string, collection: Collection, quick: boolean): object {
    const count = this.#batches.get(batchId).snapshot.count(collection);
    return quick && count > QUICK_KEYS_LIMIT ? { count } : { id: `${batchId}-${collection.id}`, count };
  }

  #file(id: string): CollectionFile | undefined {
    const [batchId = "", collectionId = ""] = id.split("-");
    const batch = this.#batches.get(batchId);
    const collection = /^\d+$/.test(collectionId) ? this.#engine.collectionById(BigInt(collectionId)) : undefined;
    if (!collection) throw new ArangoError("ERROR_CURSOR_NOT_FOUND");
    return batch.snapshot.file(collection);
  }

  /** All chunks of keys with their hashes. */
  chunks(id: string, chunkSize: number): object[] {
    const file = this.#file(id);
    const chunks: object[] = [];
    let from = "";
    for (;;) {
      // one more than the chunk takes, to know where the next one starts
      const page = file?.keysFrom(from, chunkSize + 1) ?? [];
      const chunk = page.slice(0, chunkSize);
      if (chunk.length > 0) {
        chunks.push({ low: chunk[0]!.key, high: chunk.at(-1)!.key, hash: `${chunkHash(chunk)}` });
      }
      if (page.length <= chunkSize) return chunks;
      from = page[chunkSize]!.key;
    }
  }

  #page(
    id: string,
    chunk: number,
    chunkSize: number,
    low: string | undefined,
  ): { file: CollectionFile | undefined; page: KeyAndRevision[] } {
    const file = this.#file(id);
    const offset = chunk * chunkSize;
    if (!Number.isSafeInteger(offset) || chunk < 0 || chunkSize < 0) {
      throw new ArangoError("ERROR_BAD_PARAMETER", "The values for 'chunk' and 'chunkSize' lead to an overflow.");
    }
    if (low !== undefined) return { file, page: file?.keysFrom(low, chunkSize) ?? [] };
    if (offset > 0 && offset > (file?.count() ?? 0)) {
      throw new ArangoError("ERROR_BAD_PARAMETER", "The parameters you provided lead to an invalid iterator offset.");
    }
    return { file, page: file?.keysFrom("", chunkSize, offset) ?? [] };
  }

  /** The keys and revisions of a chunk. */
  keys(id: string, chunk: number, chunkSize: number, low: string | undefined): [string, string][] {
    return this.#page(id, chunk, chunkSize, low).page.map(({ key, rev }) => [key, encodeRevision(rev)]);
  }

  /**
   * Documents of a chunk by their position in it, as the text of an array; cut at 8 MiB when `offset` is given.
   *
   * @param positions ascending
   * @param offset how many were received already: `null` stands for them
   */
  documents(
    id: string,
    chunk: number,
    chunkSize: number,
    low: string | undefined,
    positions: unknown,
    offset: number | undefined,
  ): string {
    if (!Array.isArray(positions) || !positions.every((one) => typeof one === "number")) {
      throw new ArangoError("ERROR_BAD_PARAMETER");
    }
    const { file, page } = this.#page(id, chunk, chunkSize, low);
    const texts: string[] = [];
    let size = 0;
    for (const [i, position] of positions.entries()) {
      const entry = page[position];
      if (i < (offset ?? 0)) {
        texts.push("null");
      } else if (entry) {
        const { text } = file!.byRevision(entry.rev)!;
        texts.push(text);
        size += text.length;
        if (offset !== undefined && size > MAX_KEYS_BYTES) break;
      }
    }
    return `[${texts.join(",")}]`;
  }
}

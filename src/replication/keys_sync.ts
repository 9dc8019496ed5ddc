/**
 * Finds and transfers the differences between two collections by their sorted keys, for leaders without revision trees.
 *
 * Source: `replication-protocol.md` §2.6, §3.6 (c).
 *
 * @module
 */
import { chunkHash } from "../base/hash.ts";
import { decodeRevision } from "../base/revision.ts";
import type { CollectionFile } from "../storage/collection_file.ts";
import type { KeyAndRevision } from "../storage/document_table.ts";
import { exactDocument } from "./exact_document.ts";
import type { LeaderClient, LeaderCollection } from "./leader_client.ts";
import type { KeyChunk } from "./leader_keys_client.ts";
import type { SyncProgress } from "./sync_progress.ts";
import type { SyncTarget } from "./sync_target.ts";

/** Keys in a chunk. */
export const KEYS_IN_CHUNK = 5000;

/** A leader's keys. */
export interface LeaderKeys {
  readonly id: string;
  readonly count: number;
  readonly chunks: readonly KeyChunk[];
}

/** Fetches a leader's chunks of keys; undefined if it has no such protocol. */
export function leaderKeys(client: LeaderClient, collection: LeaderCollection): LeaderKeys | undefined {
  const keys = client.keys.create(collection);
  return keys && { ...keys, chunks: client.keys.chunks(keys, KEYS_IN_CHUNK) };
}

/** Local keys, walked through once in ascending order. */
class LocalKeys {
  readonly #file: CollectionFile | undefined;
  #page: KeyAndRevision[] = [];
  #at = 0;
  #next: string | undefined = "";

  constructor(file: CollectionFile | undefined) {
    this.#file = file;
  }

  /** All keys up to and including one that have not been taken yet; all that are left without one. */
  upTo(high: string | undefined): KeyAndRevision[] {
    const taken: KeyAndRevision[] = [];
    for (;;) {
      if (this.#at === this.#page.length) {
        if (this.#next === undefined) return taken;
        this.#page = this.#file?.keysFrom(this.#next, 10_000) ?? [];
        this.#at = 0;
        // the smallest key after the last one of the page
        this.#next = this.#page.length < 10_000 ? undefined : `${this.#page.at(-1)!.key} `;
        if (this.#page.length === 0) return taken;
      }
      const entry = this.#page[this.#at]!;
      // keys are ASCII, so that the order of UTF-16 units is the order of bytes
      if (high !== undefined && entry.key > high) return taken;
      taken.push(entry);
      this.#at++;
    }
  }
}

/** The positions of chunks whose keys and revisions differ, and local keys behind the last one. */
export function differingChunks(
  file: CollectionFile | undefined,
  chunks: readonly KeyChunk[],
): { chunks: number[]; behind: KeyAndRevision[] } {
  const local = new LocalKeys(file);
  const differing: number[] = [];
  for (const [i, { low, high, hash }] of chunks.entries()) {
    const here = local.upTo(high);
    const same = here[0]?.key === low && here.at(-1)?.key === high && `${chunkHash(here)}` === hash;
    if (!same) differing.push(i);
  }
  return { chunks: differing, behind: local.upTo(undefined) };
}

/**
 * Makes a target equal to a leader's collection.
 *
 * @param file the local documents before the sync
 * @param target where changes go; `changed` is called after each page of them
 */
export function syncByKeys(
  client: LeaderClient,
  collection: LeaderCollection,
  keys: LeaderKeys,
  file: CollectionFile | undefined,
  target: { current: SyncTarget; changed(): void },
  progress: SyncProgress,
): void {
  const edge = collection.type === 3;
  const { chunks, behind } = differingChunks(file, keys.chunks);
  const differing = new Set(chunks);
  const remove: KeyAndRevision[] = [...behind];
  const wanted: { chunk: number; positions: number[] }[] = [];
  const local = new LocalKeys(file);
  progress.phase("comparing");
  for (const [i, { low, high }] of keys.chunks.entries()) {
    const here = new Map(local.upTo(high).map(({ key, rev }) => [key, rev]));
    if (!differing.has(i)) continue;
    const positions: number[] = [];
    for (const [position, [key, rev]] of client.keys.ofChunk(keys.id, i, KEYS_IN_CHUNK, low).entries()) {
      if (here.get(key) !== decodeRevision(rev)) positions.push(position);
      here.delete(key);
    }
    for (const [key, rev] of here) remove.push({ key, rev });
    if (positions.length > 0) wanted.push({ chunk: i, positions });
  }
  progress.phase("fetching");
  target.current.removeKeys(remove);
  progress.removed(remove.length);
  target.changed();
  progress.expect(wanted.reduce((sum, { positions }) => sum + positions.length, 0));
  for (const { chunk, positions } of wanted) {
    const texts = client.keys.documents(keys.id, chunk, KEYS_IN_CHUNK, keys.chunks[chunk]!.low, positions);
    const documents = texts.map((text) => exactDocument(collection.name, edge, text));
    target.current.put(documents);
    progress.fetched(documents.length, documents.reduce((sum, { text }) => sum + text.length, 0));
    target.changed();
  }
}

/** Whether a file has the documents that a leader's keys tell of, and no others. */
export function isSameKeys(file: CollectionFile | undefined, keys: LeaderKeys): boolean {
  const { chunks, behind } = differingChunks(file, keys.chunks);
  return chunks.length === 0 && behind.length === 0;
}

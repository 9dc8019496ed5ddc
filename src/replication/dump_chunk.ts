/**
 * Chunks of a collection's documents in the order of their revisions, for followers and dump tools.
 *
 * @module
 */
import type { CollectionFile } from "../storage/collection_file.ts";

const DEFAULT_BYTES = 131072;
const MAX_BYTES = 64 * 1024 * 1024;
const DEFAULT_DOCUMENTS = 10_000;
/** Chunks of at least this size may overshoot a little: sizes are estimated, not added up. */
const EXACT_BELOW = 65536;

/** Where a dump has come to. */
export interface DumpPosition {
  /** The revision of the last document that was sent. */
  readonly after: bigint | undefined;
  /** Bytes of an average document, from the chunk before. */
  readonly average: number | undefined;
}

/** How large a chunk may be: `chunkSize` in bytes, and `documents`. */
export interface ChunkLimits {
  readonly chunkSize?: number;
  readonly documents?: number;
}

/** Documents, and where the next ones begin; without `next` there are none. */
export interface Documents {
  readonly text: Uint8Array;
  readonly next: DumpPosition | undefined;
}

/**
 * The documents behind a position, with `separator` between them.
 *
 * @returns undefined if there are none
 */
export function documentsAfter(
  file: CollectionFile,
  position: DumpPosition,
  limits: ChunkLimits,
  separator: string,
): Documents | undefined {
  const limit = chunkLimit(file, position, limits);
  const { text, last, count } = file.textAfter(position.after, limit, separator);
  if (count === 0) return undefined;
  const isLast = count < limit || file.sizesAfter(last, 1).length === 0;
  return { text, next: isLast ? undefined : { after: last, average: text.length / count } };
}

/** How many documents the next chunk takes. */
function chunkLimit(file: CollectionFile, { after, average }: DumpPosition, limits: ChunkLimits): number {
  const bytes = Math.min(limits.chunkSize || DEFAULT_BYTES, MAX_BYTES);
  const most = Math.max(1, Math.floor(limits.documents ?? DEFAULT_DOCUMENTS));
  if (bytes >= EXACT_BELOW && average !== undefined) return Math.min(most, Math.ceil(bytes / average));
  const sizes = file.sizesAfter(after, Math.min(most, bytes < EXACT_BELOW ? 1 + Math.ceil(bytes / 2) : 200));
  let total = 0;
  let count = 0;
  while (count < sizes.length && total < bytes) total += sizes[count++]!;
  if (bytes < EXACT_BELOW || total >= bytes) return Math.max(1, count);
  return Math.min(most, Math.ceil(bytes / Math.max(1, total / Math.max(1, count))));
}

/**
 * Entries of indexes in the order of the index, and the SQL for ranges of them.
 *
 * The primary index is read as a secondary one is, although its entries are the keys of the documents themselves: they stand
 * for the entries of strings, a byte of 5, the key, and two bytes of 0 (see `src/engine/index_key.ts`).
 *
 * @module
 */
import type { SqlValue } from "./sqlite.ts";

/** The id of the primary index. */
export const PRIMARY_INDEX = 0n;

/** The SQL for the entry of the key of a document `d`. */
const KEY_ENTRY = "CAST(char(5) || d.key || char(0, 0) AS BLOB)";

/** The byte of an entry that begins a string. */
const TEXT = 5;
const decoder = new TextDecoder();

/** Where entries of an index lie: `from` inclusive, `to` exclusive. */
export interface IndexBytes {
  readonly from: Uint8Array;
  readonly to: Uint8Array;
  readonly descending: boolean;
}

/** A place in an index. */
export interface IndexPosition {
  readonly key: Uint8Array;
  /** The revision as it is stored: signed. */
  readonly rev: bigint;
}

/** Where the entries of an index stand. */
export interface EntryColumns {
  readonly table: string;
  /** What they are in the order of. */
  readonly key: string;
  readonly rev: string;
  /** The SQL for an entry, its revision, and what it is in the order of: see `TransactionFile.documentsOfEntries()`. */
  readonly columns: string;
}

const KEY_COLUMNS: EntryColumns = {
  table: "doc d",
  key: "d.key",
  rev: "d.rev",
  columns: `${KEY_ENTRY}, d.rev, d.key`,
};

/** Where the entries of an index stand, by its id. */
export function columnsOf(id: bigint): EntryColumns {
  return id === PRIMARY_INDEX
    ? KEY_COLUMNS
    : { table: `index_${id} i`, key: "i.k", rev: "i.rev", columns: "i.k, i.rev" };
}

/** What a border of entries is compared with. */
export function borderOf(id: bigint, border: Uint8Array): SqlValue {
  return id === PRIMARY_INDEX ? firstKey(border) : border;
}

/** The SQL for the entries of a range that come after a place. */
export function rangeSql(
  id: bigint,
  range: IndexBytes,
  after: IndexPosition | undefined,
): { where: string; order: string; values: SqlValue[] } {
  const order = range.descending ? "DESC" : "";
  const { key, rev } = columnsOf(id);
  const [from, to] = [borderOf(id, range.from), borderOf(id, range.to)];
  if (!after) return { where: `${key} >= ? AND ${key} < ?`, order, values: [from, to] };
  // with the border that lies behind as well, SQLite would go through the whole range again
  const place = [borderOf(id, after.key), after.rev];
  return range.descending
    ? { where: `${key} >= ? AND (${key}, ${rev}) < (?, ?)`, order, values: [from, ...place] }
    : { where: `(${key}, ${rev}) > (?, ?) AND ${key} < ?`, order, values: [...place, to] };
}

/**
 * Where the entries from a border on begin among the keys.
 *
 * @param border the beginning of an entry, or a place between entries
 * @returns what all keys whose entries do not come before the border are not less than, in the order of their bytes
 */
export function firstKey(border: Uint8Array): string {
  const type = border[0] ?? 0;
  if (type < TEXT) return "";
  if (type > TEXT) return "\u{10ffff}";
  const end = border.indexOf(0, 1);
  if (end < 0) return decoder.decode(border.subarray(1));
  const key = decoder.decode(border.subarray(1, end));
  // keys have no control characters: behind the entry of a key lie those that go on
  return (border[end + 1] ?? 0) === 0 ? key : `${key}\x01`;
}

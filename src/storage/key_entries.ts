/**
 * The keys of documents as entries of an index, so that they are read as those of a secondary one are.
 *
 * The entry of a key is that of a string: a byte of 5, the key, and two bytes of 0 (see `src/engine/index_key.ts`).
 *
 * @module
 */

/** The id of the primary index. */
export const PRIMARY_INDEX = 0n;

/** The SQL for the entry of a document `d`. */
export const KEY_ENTRY = "CAST(char(5) || d.key || char(0, 0) AS BLOB)";

const TEXT = 5;
const decoder = new TextDecoder();

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

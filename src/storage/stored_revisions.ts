/**
 * Reads long ranges of revisions out of a collection file.
 *
 * @module
 */
import { RevisionList } from "../base/revision_list.ts";
import type { CollectionFile } from "./collection_file.ts";

/** SQLite's largest number: it keeps the revisions above as negative ones. */
const LARGEST = 2n ** 63n - 1n;
/** How many revisions are put together as one text. */
const AT_ONCE = 65_536;

/**
 * The revisions of an inclusive range. They come as one text instead of as a row for each: half the time, and hardly anything for the
 * garbage collector.
 *
 * @param file undefined for a collection without documents
 * @param limit the most that are wanted
 */
export function storedRevisions(
  file: CollectionFile | undefined,
  first: bigint,
  last: bigint,
  limit: number = Number.MAX_SAFE_INTEGER,
): RevisionList {
  if (!file) return RevisionList.of([]);
  if (first <= LARGEST && last > LARGEST) {
    const low = storedRevisions(file, first, LARGEST, limit);
    return RevisionList.concat([low, storedRevisions(file, LARGEST + 1n, last, limit - low.length)]);
  }
  const statement = file.file.wide(
    `SELECT coalesce(group_concat(rev), ''), max(rev), count(*)
     FROM (SELECT rev FROM doc WHERE rev BETWEEN ? AND ? ORDER BY rev LIMIT ?)`,
  );
  const lists: RevisionList[] = [];
  let from = first;
  let left = limit;
  for (;;) {
    const page = Math.min(left, AT_ONCE);
    const row = statement.get(BigInt.asIntN(64, from), BigInt.asIntN(64, last), page)!;
    const [text, largest, count] = row as unknown as [string, bigint | null, bigint];
    lists.push(RevisionList.fromDecimals(text, Number(count)));
    left -= Number(count);
    if (count < BigInt(page) || left === 0 || largest === null) return RevisionList.concat(lists);
    from = largest + 1n;
  }
}

/**
 * Which indexes a collection has after a sync.
 *
 * Source: `replication-protocol.md` §3.5 (c).
 *
 * @module
 */
import {
  type IndexDefinition,
  indexDefinition,
  type IndexNames,
  isIndexType,
  sameIndex,
} from "../engine/index_definition.ts";

/** Index types of leaders that denosh does not have; their data arrives all the same. */
export interface LeaderIndexes {
  /** What the follower has, in order. */
  readonly wanted: readonly IndexDefinition[];
  /** Descriptions of indexes that were left out. */
  readonly skipped: readonly string[];
}

/**
 * Merges a leader's indexes with local ones: the leader's keep their ids and names and push out local ones that have the same id or name;
 * local ones that the leader does not know stay.
 *
 * @param given the leader's descriptions
 * @param local the local indexes to keep
 */
export function mergedIndexes(
  given: readonly unknown[],
  local: readonly IndexDefinition[],
  names: IndexNames,
): LeaderIndexes {
  const leaders: IndexDefinition[] = [];
  const skipped: string[] = [];
  for (const description of given) {
    const { type, name } = description as { type?: unknown; name?: unknown };
    if (isIndexType(type)) leaders.push(indexDefinition(description, names));
    else if (!["primary", "edge"].includes(type as string)) skipped.push(`${name} (${type})`);
  }
  const kept = local.filter((mine) =>
    !leaders.some((theirs) => theirs.id === mine.id || theirs.name === mine.name || sameIndex(theirs, mine))
  );
  return { wanted: [...kept, ...leaders], skipped };
}

/** Whether two lists of indexes are the same. */
export function sameIndexes(one: readonly IndexDefinition[], other: readonly IndexDefinition[]): boolean {
  const essence = (list: readonly IndexDefinition[]): string =>
    JSON.stringify(list.map((index) => JSON.stringify(index)).sort());
  return essence(one) === essence(other);
}

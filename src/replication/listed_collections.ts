/**
 * Which collections replication is about: what a leader lists, and what a follower takes of it.
 *
 * Source: `replication-protocol.md` §2.3, §3.2.
 *
 * @module
 */

/** Which system collections are wanted besides those of users. */
export interface SystemCollections {
  /** Those whose names begin with an underscore. */
  readonly includeSystem: boolean;
  /** Also `_jobs` and `_queues`, which these else leave out. */
  readonly includeFoxxQueues: boolean;
}

/** Whether a collection of this name is listed. */
export function isListed(name: string, { includeSystem, includeFoxxQueues }: SystemCollections): boolean {
  if (!name.startsWith("_")) return true;
  if (!includeSystem || name.startsWith("_statistics") || name === "_routing") return false;
  return includeFoxxQueues || !["_jobs", "_queues"].includes(name);
}

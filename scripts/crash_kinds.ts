/**
 * The kinds of syncs that `crash_runs.ts` kills.
 *
 * @module
 */

/** The collections of the leader: changes of the one are staged and applied, those of the other need a working copy. */
export const COLLECTIONS = ["plain", "unique"] as const;
/** One of {@linkcode COLLECTIONS}. */
export type CollectionName = typeof COLLECTIONS[number];

/** What is killed: how its sync was started. */
export interface CrashKind {
  readonly collection: CollectionName;
  readonly incremental: boolean;
  /** The process of a background job is killed; otherwise the shell that waits for its own sync. */
  readonly async: boolean;
  /** With a password a job that died is not resumed, since the password is written nowhere. */
  readonly password: boolean;
}

/** Every way to start a sync; a kill of a shell with a password differs in nothing from one without. */
export const CRASH_KINDS: readonly CrashKind[] = COLLECTIONS.flatMap((collection) =>
  [false, true].flatMap((incremental) => [
    { collection, incremental, async: false, password: true },
    { collection, incremental, async: true, password: true },
    { collection, incremental, async: true, password: false },
  ])
);

/** A person's name for a kind. */
export function kindName({ collection, incremental, async, password }: CrashKind): string {
  const leader = !async ? "" : password ? ", password" : ", no password";
  return `${collection}, ${incremental ? "incremental" : "full"}, ${async ? "async" : "blocking"}${leader}`;
}

/** A script's text that syncs a collection. */
export function syncText({ collection, incremental, async, password }: CrashKind): string {
  const config = {
    endpoint: "tcp://leader.domain.org:8529",
    // the leader asks for no password; the job does not know
    ...(password ? { username: "root", password: "nobody-knows" } : {}),
    incremental,
    async,
    chunkSize: 262_144,
  };
  return `require("@arangodb/replication").syncCollection("${collection}", ${JSON.stringify(config)});`;
}

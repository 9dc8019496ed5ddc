/**
 * Finds and transfers the differences between two collections by their revision trees.
 *
 * ArangoDB's followers list the revisions of every differing range on both sides. This does the same, but first asks for
 * what is newer than everything local: after updates and inserts on the leader that is all there is to transfer, since a new
 * document takes the place of the old one with its key, and the trees then agree without any list. What the leader has removed, its
 * log may tell, as far as it reaches back to the last sync. Neither has to be right: the trees tell what is left to do.
 *
 * Source: `replication-protocol.md` §3.6 (b), §7.1.
 *
 * @module
 */
import { ArangoError } from "../base/arango_error.ts";
import { compareRevisions } from "../base/revision_list.ts";
import { differingRanges, type RevisionRange, type RevisionTree } from "../base/revision_tree.ts";
import type { UnderWay } from "../network/api_client.ts";
import { exactDocument } from "./exact_document.ts";
import type { LeaderClient, LeaderCollection } from "./leader_client.ts";
import type { SyncProgress } from "./sync_progress.ts";
import { neverEqual, type SyncTarget } from "./sync_target.ts";

/** Revisions that one request for documents names. */
const GROUP = 5000;
/** Revisions that are removed or fetched at once. */
const FLUSH = 50_000;
/** Lists of fewer revisions are fetched without a look at the leader's log, and bytes of it that are worth one revision of a list. */
const SHORT_LIST = 20_000;
const LOG_BYTES = 16;
/** Rounds after which two collections that still differ never will agree. */
const MOST_ROUNDS = 12;

/**
 * Makes a target equal to a leader's collection.
 *
 * @param expected the leader's tree
 * @param target what is changed; `changed` is called after each page of changes, to replace the target when it is full
 * @param times the milliseconds of taking documents over are added
 * @param since the tick of the leader's snapshot that an earlier sync has copied
 * @throws ArangoError 1210 if unique indexes that only the follower has keep the collections apart; 1400 to 1402
 */
export function syncByTree(
  client: LeaderClient,
  collection: LeaderCollection,
  expected: RevisionTree,
  target: ChangingTarget,
  progress: SyncProgress,
  times: { decoding: number },
  since?: string,
): void {
  const sync = new TreeSync({ client, collection, expected, target, progress, times });
  const lastKnown = target.current.lastRevision();
  let logTick = since;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const ranges = differingRanges(target.current.tree(), expected);
    if (ranges.length === 0) return;
    progress.phase("comparing");
    if (round === 0 && sync.fetchNewer(ranges, lastKnown)) continue;
    const tick = logTick;
    logTick = undefined;
    if (tick !== undefined && sync.removeLogged(ranges, tick, lastKnown ?? 0n)) continue;
    sync.equalize(ranges);
  }
  throw neverEqual(collection.name);
}

/** A target that is replaced when it is full. */
interface ChangingTarget {
  readonly current: SyncTarget;
  changed(): void;
}

interface TreeSyncParts {
  readonly client: LeaderClient;
  readonly collection: LeaderCollection;
  readonly expected: RevisionTree;
  readonly target: ChangingTarget;
  readonly progress: SyncProgress;
  readonly times: { decoding: number };
}

/** The steps of {@linkcode syncByTree}: each does a part of what is left to do. */
class TreeSync {
  readonly #parts: TreeSyncParts;

  constructor(parts: TreeSyncParts) {
    this.#parts = parts;
  }

  /**
   * Fetches what is newer than everything local.
   *
   * @returns whether anything may be
   */
  fetchNewer(ranges: readonly RevisionRange[], lastKnown: bigint | undefined): boolean {
    const { client, collection, progress } = this.#parts;
    const newer = rangesAfter(ranges, lastKnown);
    if (newer.length === 0) return false;
    for (const { revisions } of client.revisions(collection, newer)) {
      progress.phase("fetching");
      this.#fetch([...revisions]);
    }
    return true;
  }

  /**
   * Removes what the leader's log says was removed, where that is less to read than lists.
   *
   * @param tick where the log is read from
   * @returns whether it told of anything
   */
  removeLogged(ranges: readonly RevisionRange[], tick: string, lastKnown: bigint): boolean {
    const { client, collection, expected, target: { current }, progress } = this.#parts;
    const listed = expected.countIn(ranges);
    const removed = listed < SHORT_LIST ? undefined : client.log.removedSince(collection, tick, listed * LOG_BYTES);
    if (!removed || removed.size === 0) return false;
    // what is newer was fetched from the snapshot: those are there again
    const gone = [...current.revisionsOf([...removed])].filter(([, rev]) => rev <= lastKnown);
    current.removeKeys(gone.map(([key, rev]) => ({ key, rev })));
    progress.removed(gone.length);
    this.#parts.target.changed();
    return true;
  }

  /** Lists the revisions of ranges on both sides, removes what only the target has, and fetches what it lacks. */
  equalize(ranges: readonly RevisionRange[]): void {
    const { client, collection, target } = this.#parts;
    let start = ranges[0]![0];
    let remove: bigint[] = [];
    let wanted: bigint[] = [];
    const flush = (): void => {
      this.#exchange(remove, wanted);
      remove = [];
      wanted = [];
    };
    for (const { revisions, covered } of client.revisions(collection, ranges)) {
      for (const [first, last] of clipped(ranges, start, covered - 1n)) {
        const here = target.current.revisions(first, last);
        const there = revisions.between(first, last);
        compareRevisions(here, there, (revision) => remove.push(revision), (revision) => wanted.push(revision));
      }
      start = covered;
      if (remove.length + wanted.length >= FLUSH) flush();
    }
    flush();
  }

  #exchange(remove: readonly bigint[], wanted: readonly bigint[]): void {
    const { target, progress } = this.#parts;
    progress.phase("fetching");
    target.current.removeRevisions(remove);
    progress.removed(remove.length);
    target.changed();
    this.#fetch(wanted);
  }

  #fetch(revisions: readonly bigint[]): void {
    const { client, collection, target, progress, times } = this.#parts;
    const isEdge = collection.type === 3;
    progress.expect(revisions.length);
    for (const documents of fetchDocuments(client, collection, revisions)) {
      const started = performance.now();
      const exact = documents.map((text) => exactDocument(collection.name, isEdge, text));
      times.decoding += performance.now() - started;
      target.current.put(exact);
      progress.fetched(exact.length, exact.reduce((sum, { text }) => sum + text.length, 0));
      target.changed();
    }
  }
}

/** The parts of ranges inside an inclusive range. */
function clipped(ranges: readonly RevisionRange[], from: bigint, to: bigint): RevisionRange[] {
  return ranges.map(([first, last]): RevisionRange => [first < from ? from : first, last > to ? to : last])
    .filter(([first, last]) => first <= last);
}

/** The parts of ranges after a revision; only where that leaves out something. */
function rangesAfter(ranges: readonly RevisionRange[], revision: bigint | undefined): RevisionRange[] {
  if (revision === undefined) return [];
  const end = ranges.at(-1)![1];
  return clipped(ranges, revision + 1n, end).filter(([first, last]) => first < last);
}

/**
 * Fetches documents by revision, in groups; the next group is under way while the one before is worked on.
 *
 * @throws ArangoError 1401 if there is none for one of the revisions
 */
export function* fetchDocuments(
  client: LeaderClient,
  collection: LeaderCollection,
  revisions: readonly bigint[],
): Generator<string[]> {
  let from = 0;
  const ask = (): { pending: UnderWay<string[]>; group: readonly bigint[] } | undefined => {
    const group = revisions.slice(from, from + GROUP);
    from += group.length;
    return group.length === 0 ? undefined : { pending: client.documents(collection, group), group };
  };
  let next = ask();
  while (next) {
    const { pending, group } = next;
    const texts = pending.wait();
    if (texts.length === 0 || texts.includes("{}")) {
      throw new ArangoError(
        "ERROR_REPLICATION_INVALID_RESPONSE",
        `invalid response from ${client.peer}: documents of collection '${collection.name}' that it has announced are missing`,
      );
    }
    // the leader cuts long answers: what is missing is asked for again before anything else
    from -= group.length - texts.length;
    next = ask();
    yield texts;
  }
}

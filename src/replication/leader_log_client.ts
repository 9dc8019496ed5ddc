/**
 * The leader's log, as far as an incremental sync wants to know it.
 *
 * Source: `replication-protocol.md` §2.12, §4.4.
 *
 * @module
 */
import type { LeaderCollection } from "./leader_client.ts";
import { decode, type LeaderRequests, REPLICATION } from "./leader_requests.ts";

/** Bytes of the log that one answer has, about; the type of removals. */
const LOG_CHUNK = 4 * 1024 * 1024;
const REMOVAL = 2302;
/** Answers without a log: 500 is that of leaders whose log too many read (error 32). */
const NO_LOG = [400, 401, 403, 404, 405, 500, 501];

/** The log of one leader. */
export class LeaderLogClient {
  readonly #requests: LeaderRequests;
  readonly #message: (text: string) => void;
  readonly #source: (collection: LeaderCollection) => { readonly collection: string };
  readonly #lastTick: () => string;

  /**
   * @param message is told what happens, in words
   * @param source what names a collection in queries
   * @param lastTick the tick of the snapshot
   */
  constructor(
    requests: LeaderRequests,
    message: (text: string) => void,
    source: (collection: LeaderCollection) => { readonly collection: string },
    lastTick: () => string,
  ) {
    this.#requests = requests;
    this.#message = message;
    this.#source = source;
    this.#lastTick = lastTick;
  }

  /**
   * The keys of documents that were removed since an earlier snapshot, as the log tells. Some may be there again.
   *
   * @param since the tick of that snapshot
   * @param mostBytes how much of the log is worth reading; bounds the keys as well
   * @returns undefined if the log does not reach back so far, tells more, or is not for this user
   */
  removedSince(collection: LeaderCollection, since: string, mostBytes: number): Set<string> | undefined {
    this.#message(`fetching what the leader's log tells about collection '${collection.name}'`);
    const to = this.#lastTick();
    const removed = new Set<string>();
    let bytes = 0;
    let from = BigInt(since);
    let scanned = since;
    while (from < BigInt(to)) {
      const query = {
        collection: this.#source(collection).collection,
        from: `${from}`,
        to,
        lastScanned: scanned,
        includeSystem: "true",
        chunkSize: `${Math.min(LOG_CHUNK, mostBytes)}`,
      };
      const request = { ...this.#requests.request("GET", "/_api/wal/tail", query), jsonLines: true };
      const { status, headers, body } = this.#requests.start(request, { accepted: NO_LOG }).wait();
      bytes += body.length;
      if (status >= 400 || headers[`${REPLICATION}frompresent`] !== "true" || bytes > mostBytes) return undefined;
      for (const line of decode(body).split("\n")) {
        const key = line.includes(`"type":${REMOVAL}`) ? removedKey(line) : undefined;
        if (key !== undefined) removed.add(key);
      }
      const included = headers[`${REPLICATION}lastincluded`];
      const last = headers[`${REPLICATION}lastscanned`];
      if (included === undefined || last === undefined) throw this.#requests.invalid("the log tells no ticks");
      // answers may have nothing of this collection, and more may follow
      const next = included === "0" ? BigInt(last) - 1n : BigInt(included);
      if (next <= from || BigInt(last) >= BigInt(to)) break;
      from = next;
      scanned = last;
    }
    return removed;
  }
}

/** The key that a line of the log says was removed; undefined for other lines. */
function removedKey(line: string): string | undefined {
  const { type, data } = JSON.parse(line) as { type: number; data?: { _key?: unknown } };
  return type === REMOVAL && typeof data?._key === "string" ? data._key : undefined;
}

/**
 * Streaming queries whose clients have not read them to their end: they run until then, and can be killed.
 *
 * @module
 */
import { ArangoError } from "../base/arango_error.ts";
import type { ApiReply } from "../base/exchange.ts";
import type { QueryInfo } from "./queries.ts";

interface Stream {
  readonly info: QueryInfo;
  /** When it began, by `performance.now()`. */
  readonly started: number;
}

const decoder = new TextDecoder();
/** What of an answer with a batch comes after the rows, at most. */
const LONGEST_END = 400;

/** The id of the cursor that an answer with a first batch tells of; undefined where the batch is the last one. */
function cursorOf({ status, body }: ApiReply): string | undefined {
  const end = decoder.decode(body.subarray(-LONGEST_END));
  return status === 201 ? /.*"hasMore":true,"id":"(\d+)"/s.exec(end)?.[1] : undefined;
}

/** The open streams of a server. */
export class OpenStreams {
  readonly #isOpen: (cursor: string) => boolean;
  /** By the ids of their cursors. */
  readonly #streams = new Map<string, Stream>();
  /** The cursors whose queries have been killed. */
  readonly #killed = new Set<string>();

  /** @param isOpen whether there is a cursor with an id */
  constructor(isOpen: (cursor: string) => boolean) {
    this.#isOpen = isOpen;
  }

  /**
   * Notes a streaming query, if its first batch is not all of it.
   *
   * @param started when it began, by `performance.now()`
   * @param first the answer with the first batch
   */
  note(info: QueryInfo, started: number, first: ApiReply): void {
    this.#forget();
    const cursor = cursorOf(first);
    if (cursor !== undefined) this.#streams.set(cursor, { info, started });
  }

  /** The queries of all databases. */
  list(): QueryInfo[] {
    this.#forget();
    return [...this.#streams.values()].map(({ info, started }) => ({
      ...info,
      runTime: (performance.now() - started) / 1000,
    }));
  }

  /** Kills a query of a database, or of any; false if it is not there. */
  kill(id: string, database: string | undefined): boolean {
    this.#forget();
    for (const [cursor, { info }] of this.#streams) {
      if (info.id !== id || (database !== undefined && info.database !== database)) continue;
      this.#streams.delete(cursor);
      this.#killed.add(cursor);
      return true;
    }
    return false;
  }

  /** Throws ArangoError 1500 if the query of a cursor has been killed. */
  assertAlive(cursor: string): void {
    if (this.#killed.has(cursor)) {
      throw new ArangoError("ERROR_QUERY_KILLED", "AQL: query killed (while executing)", { code: 410 });
    }
  }

  /** Forgets queries that have ended. */
  #forget(): void {
    for (const cursor of this.#streams.keys()) if (!this.#isOpen(cursor)) this.#streams.delete(cursor);
    for (const cursor of this.#killed) if (!this.#isOpen(cursor)) this.#killed.delete(cursor);
  }
}

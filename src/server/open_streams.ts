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
/** So many killed queries are remembered for clients that have not asked for more of them. */
const MOST_KILLED = 1000;

/** The id of the cursor that an answer with a first batch tells of; undefined where the batch is the last one. */
function cursorOf({ status, body }: ApiReply): string | undefined {
  const last = body.slice(-LONGEST_END);
  const end = typeof last === "string" ? last : decoder.decode(last);
  return status === 201 ? /.*"hasMore":true,"id":"(\d+)"/s.exec(end)?.[1] : undefined;
}

/** The open streams of a server. */
export class OpenStreams {
  readonly #isOpen: (cursor: string) => boolean;
  readonly #close: (cursor: string, info: QueryInfo) => void;
  /** By the ids of their cursors. */
  readonly #streams = new Map<string, Stream>();
  /** The cursors whose queries have been killed, until their clients are told; the oldest first. */
  readonly #killed = new Set<string>();

  /**
   * Starts without streams.
   *
   * @param isOpen whether there is a cursor with an id
   * @param close lets go of the cursor of a query
   */
  constructor(isOpen: (cursor: string) => boolean, close: (cursor: string, info: QueryInfo) => void) {
    this.#isOpen = isOpen;
    this.#close = close;
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

  /** Kills a query of a database, or of any, and closes its cursor; false if it is not there. */
  kill(id: string, database: string | undefined): boolean {
    this.#forget();
    for (const [cursor, { info }] of this.#streams) {
      if (info.id !== id || (database !== undefined && info.database !== database)) continue;
      this.#streams.delete(cursor);
      this.#killed.add(cursor);
      if (this.#killed.size > MOST_KILLED) this.#killed.delete(this.#killed.keys().next().value!);
      this.#close(cursor, info);
      return true;
    }
    return false;
  }

  /** Throws ArangoError 1500 if the query of a cursor has been killed; to whoever asks first. */
  assertAlive(cursor: string): void {
    if (this.#killed.delete(cursor)) {
      throw new ArangoError("ERROR_QUERY_KILLED", "AQL: query killed (while executing)", { code: 410 });
    }
  }

  /** Forgets queries that have ended. */
  #forget(): void {
    for (const cursor of this.#streams.keys()) if (!this.#isOpen(cursor)) this.#streams.delete(cursor);
  }
}

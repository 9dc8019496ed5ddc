/**
 * The latest requests and queries, for those who look for what a server has been doing.
 *
 * Source: HTTP API description of `/_admin/server/api-calls` and `/_admin/server/aql-queries`.
 *
 * @module
 */
import type { Server } from "./server.ts";

/** A request. */
export interface RecordedCall {
  readonly timeStamp: string;
  readonly requestType: string;
  /** Without the database. */
  readonly path: string;
  readonly database: string;
}

/** A query. */
export interface RecordedQuery {
  readonly timeStamp: string;
  readonly query: string;
  readonly bindVars: unknown;
  readonly database: string;
}

type Untimed<T> = Omit<T, "timeStamp">;

/** How many of each are kept, at least. */
const KEPT = 1000;

/** Things with their times. */
class Recent<T> {
  #items: (readonly [time: number, item: Untimed<T>])[] = [];

  note(item: Untimed<T>): void {
    this.#items.push([Date.now(), item]);
    // not with every one: requests are many
    if (this.#items.length >= 2 * KEPT) this.#items = this.#items.slice(-KEPT);
  }

  /** The latest first. */
  list(): T[] {
    return this.#items.slice(-KEPT).reverse().map(([time, item]) =>
      ({ timeStamp: new Date(time).toISOString(), ...item }) as T
    );
  }
}

/** What a server has been asked lately. */
export class Recordings {
  readonly calls: Recent<RecordedCall> = new Recent();
  readonly queries: Recent<RecordedQuery> = new Recent();
}

/** The recordings of a server. */
export function recordingsOf(server: Server): Recordings {
  return server.part(newRecordings);
}

function newRecordings(): Recordings {
  return new Recordings();
}

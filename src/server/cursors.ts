/**
 * Results that clients fetch in batches.
 *
 * Source: recorded examples `RestCursor*`; HTTP API description of `/_api/cursor`.
 *
 * @module
 */
import { ArangoError } from "../base/arango_error.ts";
import type { ApiReply } from "../base/exchange.ts";
import { jsonText } from "./reply.ts";
import type { Server } from "./server.ts";

/** A result that is handed out row by row. */
export interface CursorSource {
  /** The JSON texts of the rows. */
  readonly rows: Iterator<string>;
  /** How many rows there are, if the client wants to know. */
  readonly count?: number | undefined;
  /** JSON text of the attribute `extra`, statistics and warnings, asked for each batch; undefined while not known. */
  readonly extra?: (isLast: boolean) => string | undefined;
  /** Whether the result came from a cache. */
  readonly cached?: boolean;
  /** Further attributes, such as `,"planCacheKey":"…"`, as JSON text with a comma in front. */
  readonly further?: string;
}

/** How a result is handed out. */
export interface CursorOptions {
  /** Rows in a batch. */
  readonly batchSize: number;
  /** Seconds that a cursor lives after its last use. */
  readonly ttl: number;
  /** The user who may go on reading. */
  readonly user: string;
  /** The database that the cursor belongs to. */
  readonly database: string;
  /** Whether what the cursor reads is still there. @default always */
  readonly isAlive?: () => boolean;
  /** Whether the last batch may be asked for again, even when there are no more. @default {false} */
  readonly retriable?: boolean;
}

interface Cursor {
  readonly id: string;
  readonly source: CursorSource;
  readonly options: CursorOptions;
  /** The row that comes next; undefined when there is none. */
  ahead: string | undefined;
  expires: number;
  /** The number of the last batch, and its text, for clients that ask again. */
  batch: number;
  last: string;
}

/** Rows in a batch unless the client says otherwise. */
const DEFAULT_BATCH_SIZE = 1000;
/** Seconds that a cursor lives after its last use unless the client says otherwise. */
const DEFAULT_TTL = 30;

/** The open cursors of a server. */
export class Cursors {
  readonly #newId: () => string;
  readonly #askedAt: () => number;
  readonly #open = new Map<string, Cursor>();

  /**
   * Starts without cursors.
   *
   * @param newId gives out ids, decimal digits
   * @param askedAt tells the time by which cursors expire, in milliseconds since 1970
   */
  constructor(newId: () => string, askedAt: () => number = Date.now) {
    this.#newId = newId;
    this.#askedAt = askedAt;
  }

  /** How many cursors are open. */
  get size(): number {
    this.expire();
    return this.#open.size;
  }

  /** Answers with the first batch of a result, and keeps the rest. */
  first(source: CursorSource, options: CursorOptions): ApiReply {
    this.expire();
    const cursor: Cursor = { id: "", source, options, ahead: undefined, expires: 0, batch: 0, last: "" };
    cursor.ahead = advance(cursor);
    const rows = take(cursor);
    const more = cursor.ahead !== undefined;
    const id = more ? this.#newId() : "";
    const kept = { ...cursor, id };
    const text = batchText(kept, rows, 201);
    if (more) {
      touch(kept);
      this.#open.set(id, kept);
    }
    return jsonText(201, text);
  }

  /** Whether a cursor is open. */
  has(id: string): boolean {
    this.expire();
    return this.#open.has(id);
  }

  /** The ids of the open cursors. */
  get ids(): string[] {
    return [...this.#open.keys()];
  }

  #find(id: string, user: string, database: string): Cursor {
    this.expire();
    const cursor = this.#open.get(id);
    if (!cursor || cursor.options.user !== user || cursor.options.database !== database) {
      throw new ArangoError("ERROR_CURSOR_NOT_FOUND");
    }
    return cursor;
  }

  /**
   * Answers with the next batch.
   *
   * @param batch the number of the batch; of a retriable cursor also that of the last one, which is then sent again
   * @throws ArangoError 1600 for batches that are not there, too; 400 for the last one again if that may not be had
   */
  next(id: string, user: string, database: string, batch?: string): ApiReply {
    const cursor = this.#find(id, user, database);
    touch(cursor);
    const { retriable = false } = cursor.options;
    if (batch === String(cursor.batch)) {
      // the status is that of python-arango-async's test_cursor_retry
      if (!retriable) throw new ArangoError("ERROR_HTTP_BAD_PARAMETER", "bad parameter: the cursor has no allowRetry");
      return jsonText(200, cursor.last);
    }
    const isNext = batch === undefined || batch === String(cursor.batch + 1);
    if (!isNext || cursor.ahead === undefined) throw new ArangoError("ERROR_CURSOR_NOT_FOUND");
    let rows: string[];
    try {
      rows = take(cursor);
    } catch (error) {
      this.#open.delete(id);
      throw error;
    }
    const text = batchText(cursor, rows, 200);
    if (cursor.ahead === undefined && !retriable) this.#open.delete(id);
    return jsonText(200, text);
  }

  /**
   * Forgets a cursor.
   *
   * @throws ArangoError 1600
   */
  remove(id: string, user: string, database: string): void {
    close(this.#find(id, user, database));
    this.#open.delete(id);
  }

  /** Lets go of cursors that nobody has read for too long. */
  expire(): void {
    const now = this.#askedAt();
    for (const [id, cursor] of this.#open) {
      if (cursor.expires > now && cursor.options.isAlive?.() !== false) continue;
      this.#open.delete(id);
      close(cursor);
    }
  }

  /** Lets go of all results. */
  [Symbol.dispose](): void {
    for (const cursor of this.#open.values()) close(cursor);
    this.#open.clear();
  }
}

function close(cursor: Cursor): void {
  cursor.source.rows.return?.();
}

function touch(cursor: Cursor): void {
  cursor.expires = Date.now() + cursor.options.ttl * 1000;
}

function advance(cursor: Cursor): string | undefined {
  const { done, value } = cursor.source.rows.next();
  return done ? undefined : value;
}

function take(cursor: Cursor): string[] {
  const rows: string[] = [];
  while (cursor.ahead !== undefined && rows.length < cursor.options.batchSize) {
    rows.push(cursor.ahead);
    cursor.ahead = advance(cursor);
  }
  return rows;
}

function batchText(cursor: Cursor, rows: readonly string[], code: number): string {
  const { source, id } = cursor;
  const more = cursor.ahead !== undefined;
  let text = `{"result":[${rows.join(",")}],"hasMore":${more}`;
  if (more) text += `,"id":"${id}"`;
  if (source.count !== undefined) text += `,"count":${source.count}`;
  const extra = source.extra?.(!more);
  if (extra !== undefined) text += `,"extra":${extra}`;
  text += `,"cached":${source.cached ?? false}${source.further ?? ""}`;
  cursor.batch++;
  if (more) text += `,"nextBatchId":"${cursor.batch + 1}"`;
  return cursor.last = `${text},"error":false,"code":${code}}`;
}

/** The cursors of a server. */
export function cursorsOf(server: Server): Cursors {
  return server.part(newCursors);
}

function newCursors(server: Server): Cursors {
  return new Cursors(() => server.engine.nextId().toString(), server.options.askedAt);
}

/**
 * The batch size, the time to live and the kindness to lost answers that a request asks for.
 *
 * @throws ArangoError 17 for a batch size that cannot be
 */
export function cursorLimits(
  body: Readonly<Record<string, unknown>>,
): Pick<CursorOptions, "batchSize" | "ttl" | "retriable"> {
  const batchSize = body.batchSize ?? DEFAULT_BATCH_SIZE;
  if (typeof batchSize !== "number" || !(batchSize >= 1)) {
    throw new ArangoError("ERROR_TYPE_ERROR", "type error: batchSize must be a positive number", { code: 400 });
  }
  const retriable = (body.options as { allowRetry?: unknown } | null | undefined)?.allowRetry === true;
  // what is no time in the future stands for the default
  const ttl = typeof body.ttl === "number" && body.ttl > 0 ? body.ttl : DEFAULT_TTL;
  return { batchSize: Math.floor(batchSize), ttl, retriable };
}

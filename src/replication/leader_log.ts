/**
 * The log as a leader serves it to those who follow: a line of JSON for each event.
 *
 * Source: `replication-protocol.md` §2.12, §2.13.
 *
 * @module
 */
import { ArangoError } from "../base/arango_error.ts";
import { encodeRevision } from "../base/revision.ts";
import type { Collection } from "../engine/collection.ts";
import type { Database } from "../engine/database.ts";
import type { Engine } from "../engine/engine.ts";
import { MARKER } from "../engine/markers.ts";
import type { LoggedEntry } from "../storage/catalog.ts";
import { collectionParameters } from "./collection_parameters.ts";

const MIN_TAIL_BYTES = 16384;
const MAX_TAIL_BYTES = 128 * 1024 * 1024;
/** How many entries are read at once. */
const PAGE = 1000;
/** The tick that directories start from: nothing was ever logged up to it. */
const FIRST_TICK = 1000n;

/** How lines name databases and collections: as `wal/tail` does, or as the older `logger-follow`. */
export type LogStyle = "tail" | "follow";

/** What {@linkcode LeaderLog.tail} asks for. */
export interface TailRequest {
  readonly style: LogStyle;
  readonly from: bigint;
  readonly to: bigint | undefined;
  /** Bytes, about. */
  readonly chunkSize: number;
  readonly lastScanned: bigint;
  /** All databases. */
  readonly global: boolean;
  readonly includeSystem: boolean;
  readonly collection: Collection | undefined;
}

/** A piece of the log. */
export interface LogChunk {
  readonly lines: string;
  readonly checkMore: boolean;
  readonly lastIncluded: bigint;
  readonly lastScanned: bigint;
  readonly lastTick: bigint;
  readonly fromPresent: boolean;
}

/** The log of an engine. */
export class LeaderLog {
  readonly #engine: Engine;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** The ticks that the log spans. One that has lost nothing yet spans all. */
  range(): { tickMin: bigint; tickMax: bigint } {
    const { catalog } = this.#engine;
    const start = catalog.logStart();
    const tickMin = start <= FIRST_TICK ? 1n : catalog.entries(0n, 1)[0]?.tick ?? start;
    return { tickMin, tickMax: catalog.lastTick() };
  }

  /**
   * What happened after a tick.
   *
   * @throws ArangoError 400 for ticks that make no range
   */
  tail(request: TailRequest, database: Database): LogChunk {
    const { style } = request;
    const { catalog } = this.#engine;
    const lastTick = catalog.lastTick();
    // the end is open unless the request says otherwise: a tick of the future is answered with nothing
    if (request.to !== undefined && (request.from > request.to || request.to === 0n)) {
      throw new ArangoError("ERROR_HTTP_BAD_PARAMETER", "invalid from/to values");
    }
    const to = request.to ?? lastTick;
    const least = style === "tail" ? MIN_TAIL_BYTES : 1;
    const limit = Math.min(Math.max(request.chunkSize, least), MAX_TAIL_BYTES);
    // who tails one collection hears of the end of all
    const always = style === "tail" ? MARKER.dropCollection : undefined;
    let lines = "";
    let lastIncluded = 0n;
    let scanned = request.from;
    let open: LoggedEntry | undefined;
    const write = (line: string, tick: bigint): void => {
      lines += line + "\n";
      lastIncluded = tick;
    };
    const bracket = (type: number, tick: bigint, { database, tid }: LoggedEntry): void =>
      write(JSON.stringify({ ...this.#head(style, tick, type, database), tid: `${tid}` }), tick);
    const close = (): void => {
      if (open !== undefined) bracket(MARKER.commitTransaction, scanned, open);
      open = undefined;
    };
    scan: for (;;) {
      const entries = catalog.entries(scanned, PAGE, request.collection?.id, always);
      for (const entry of entries) {
        if (entry.tick > to) break scan;
        if (open !== undefined && entry.tid !== open.tid) close();
        const full = lines.length >= limit && (open === undefined || request.lastScanned > 0n);
        if (full) break scan;
        scanned = entry.tick;
        if (!request.global && entry.database !== database.id) continue;
        const line = this.#line(entry, request);
        if (line === undefined) continue;
        if (entry.tid !== 0n && open === undefined) {
          open = entry;
          // a transaction that goes on from the answer before has begun there
          if (request.from < entry.tid) bracket(MARKER.beginTransaction, entry.tick, entry);
        }
        write(line, entry.tick);
      }
      if (entries.length < PAGE) {
        close();
        if (scanned < to) scanned = to;
        break;
      }
    }
    const start = request.collection && request.collection.row.history > catalog.logStart()
      ? request.collection.row.history
      : catalog.logStart();
    return {
      lines,
      checkMore: lastIncluded > 0n && lastIncluded < lastTick,
      lastIncluded,
      // a request may begin behind the end
      lastScanned: scanned < lastTick ? scanned : lastTick,
      lastTick,
      fromPresent: request.from >= start || request.from === 0n && start <= FIRST_TICK,
    };
  }

  #head(style: LogStyle, tick: bigint, type: number, database: bigint): object {
    const name = this.#engine.databaseById(database)?.name ?? "";
    return { tick: `${tick}`, type, ...(style === "tail" ? { db: name } : { database: `${database}` }) };
  }

  /** The line of an entry; undefined for what the request does not want to see. */
  #line(entry: LoggedEntry, { style, includeSystem }: TailRequest): string | undefined {
    const { tick, type, data } = entry;
    const isFollow = style === "follow";
    const line = (attributes: object, text?: string): string => {
      const json = JSON.stringify({ ...this.#head(style, tick, type, entry.database), ...attributes });
      return text === undefined ? json : `${json.slice(0, -1)},"data":${text}}`;
    };
    if (type === MARKER.createDatabase || type === MARKER.dropDatabase) {
      if (isFollow) return undefined;
      // the database may be gone by now; logs of older versions do not name it then
      const { name } = JSON.parse(data ?? "{}") as { name?: string };
      const named = name === undefined ? {} : { db: name };
      return type === MARKER.createDatabase ? line(named, data!) : line(named);
    }
    if (type === MARKER.dropCollection) {
      const { cuid } = JSON.parse(data!) as { cuid: string };
      const cid = `${entry.collection}`;
      return line(isFollow ? { cid, cname: "", cuid, data: { id: cid, name: "" } } : { cuid });
    }
    const collection = this.#engine.collectionById(entry.collection);
    if (!collection || (collection.name.startsWith("_") && !includeSystem)) return undefined;
    const { name, globallyUniqueId: cuid } = collection;
    const tid = { tid: `${entry.tid}` };
    const identity = isFollow ? { cid: `${collection.id}`, cname: name } : { cuid };
    switch (type) {
      case MARKER.createCollection:
      case MARKER.changeCollection:
        return line({ ...identity, data: collectionParameters(collection) });
      case MARKER.renameCollection:
        return line({ ...identity, data: { name, ...(isFollow ? { id: `${collection.id}` } : {}) } });
      case MARKER.createIndex:
      case MARKER.dropIndex:
        return line({ ...identity, ...(type === MARKER.createIndex ? { cuid } : {}) }, data!);
      case MARKER.truncateCollection:
        return line({ ...identity, cuid });
      case MARKER.remove:
        return line({
          ...(isFollow ? { ...tid, ...identity } : { ...identity, ...tid }),
          data: { _key: entry.key, _rev: encodeRevision(entry.rev!) },
        });
      default:
        return line(isFollow ? { ...tid, ...identity } : { ...identity, ...tid }, data);
    }
  }
}

/**
 * Dumps that several connections fetch at the same time: each asks for batches by numbers of its own, and every document
 * comes in one of them.
 *
 * Source: `/_api/dump` in ArangoDB's manual while it was there, its release notes of 3.12, and what the public client
 * `arangors-graph-exporter` sends.
 *
 * @module
 */
import { ArangoError } from "../base/arango_error.ts";
import { members } from "../base/json_text.ts";
import type { Collection } from "../engine/collection.ts";
import type { Engine } from "../engine/engine.ts";
import type { Snapshot } from "../engine/snapshot.ts";
import { type ChunkLimits, documentsAfter, type DumpPosition } from "./dump_chunk.ts";

/** Seconds that a dump lives after its last use unless the client says otherwise. */
const DEFAULT_TTL = 600;
const START: DumpPosition = { after: undefined, average: undefined };

/** Attributes of the lines of a dump, and where each is in the document; without them lines are whole documents. */
export type Projections = Readonly<Record<string, readonly string[]>>;

/** What a client wants. */
export interface DumpOrder {
  readonly collections: readonly Collection[];
  readonly limits: ChunkLimits;
  readonly projections: Projections | undefined;
  /** Seconds that the dump lives after its last use. @default {600} */
  readonly ttl: number | undefined;
  /** Who may read and end it. */
  readonly user: string;
  /** The database that it belongs to. */
  readonly database: string;
}

/** Documents of one collection, a line each. */
export interface DumpBatch {
  readonly collection: string;
  readonly lines: Uint8Array;
}

/** A place among all documents of a dump. */
interface Place extends DumpPosition {
  /** Which of the order's collections. */
  readonly index: number;
}

interface Dump {
  readonly id: string;
  readonly order: DumpOrder;
  readonly snapshot: Snapshot;
  /** Where the next batch begins. */
  place: Place;
  /** Where those that clients may ask for again have begun, by their numbers. */
  readonly sent: Map<string, Place>;
  expires: number;
}

/** The dumps that go on. */
export class ParallelDumps implements Disposable {
  readonly #engine: Engine;
  readonly #now: () => number;
  readonly #dumps = new Map<string, Dump>();

  /** @param now the wall clock in milliseconds */
  constructor(engine: Engine, now: () => number = Date.now) {
    this.#engine = engine;
    this.#now = now;
  }

  /** How many dumps go on. */
  get size(): number {
    this.expire();
    return this.#dumps.size;
  }

  /**
   * Fixes the state of the collections.
   *
   * @returns the id of the dump
   */
  start(order: DumpOrder): string {
    this.expire();
    const id = `dump-${this.#engine.nextId()}`;
    const dump: Dump = {
      id,
      order,
      snapshot: this.#engine.snapshot(order.collections),
      place: { ...START, index: 0 },
      sent: new Map(),
      expires: 0,
    };
    this.#dumps.set(id, dump);
    this.#touch(dump);
    return id;
  }

  /**
   * A batch: the one that was sent under that number, or documents that were in none.
   *
   * @param received the number of a batch that nobody will ask for again
   * @returns undefined when there are no more
   * @throws ArangoError 404 no such dump, 11 if it is another user's
   */
  next(id: string, user: string, database: string, batch: string, received?: string): DumpBatch | undefined {
    const dump = this.#find(id, user, database);
    if (received !== undefined) dump.sent.delete(received);
    const again = dump.sent.get(batch);
    if (again) return batchAt(dump, again)?.batch;
    const found = batchAt(dump, dump.place);
    if (!found) return undefined;
    dump.sent.set(batch, found.place);
    dump.place = found.next;
    return found.batch;
  }

  /**
   * Ends a dump.
   *
   * @throws ArangoError as {@linkcode next} does
   */
  end(id: string, user: string, database: string): void {
    this.#close(this.#find(id, user, database));
  }

  #find(id: string, user: string, database: string): Dump {
    this.expire();
    const dump = this.#dumps.get(id);
    if (!dump || dump.order.database !== database) {
      throw new ArangoError("ERROR_HTTP_NOT_FOUND", `requested dump context not found: ${id}`);
    }
    if (dump.order.user !== user) throw new ArangoError("ERROR_FORBIDDEN");
    this.#touch(dump);
    return dump;
  }

  #touch(dump: Dump): void {
    dump.expires = this.#now() + (dump.order.ttl ?? DEFAULT_TTL) * 1000;
  }

  /** Ends the dumps that nobody has gone on with for too long. */
  expire(): void {
    for (const dump of this.#dumps.values()) if (dump.expires <= this.#now()) this.#close(dump);
  }

  #close(dump: Dump): void {
    this.#dumps.delete(dump.id);
    dump.snapshot[Symbol.dispose]();
  }

  [Symbol.dispose](): void {
    for (const dump of this.#dumps.values()) this.#close(dump);
  }
}

/** The documents from a place on, where that was in truth, and the place behind them. */
function batchAt({ order, snapshot }: Dump, from: Place): { batch: DumpBatch; place: Place; next: Place } | undefined {
  for (let place = from; place.index < order.collections.length; place = { ...START, index: place.index + 1 }) {
    const collection = order.collections[place.index]!;
    const file = snapshot.file(collection);
    const found = file && documentsAfter(file, place, order.limits, "\n");
    if (!found) continue;
    const { text, next } = found;
    return {
      batch: {
        collection: collection.name,
        lines: order.projections ? projected(text, order.projections) : lines(text),
      },
      place,
      next: next ? { ...next, index: place.index } : { ...START, index: place.index + 1 },
    };
  }
  return undefined;
}

function lines(text: Uint8Array): Uint8Array {
  const all = new Uint8Array(text.length + 1);
  all.set(text);
  all[text.length] = 0x0a;
  return all;
}

/** Lines with some attributes of the documents; null stands for those that are not there. */
function projected(text: Uint8Array, projections: Projections): Uint8Array {
  const wanted = Object.entries(projections).map(([name, path]) => [JSON.stringify(name), path] as const);
  const all = new TextDecoder().decode(text).split("\n").map((document) =>
    `{${wanted.map(([name, path]) => `${name}:${valueAt(document, path)}`).join(",")}}\n`
  );
  return new TextEncoder().encode(all.join(""));
}

function valueAt(text: string, path: readonly string[]): string {
  return path.reduce((value, name) => value.startsWith("{") ? members(value).get(name)?.raw ?? "null" : "null", text);
}

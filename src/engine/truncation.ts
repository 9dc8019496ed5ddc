/**
 * Removes all documents of a collection at once.
 *
 * Source: `replication-protocol.md` §2.12 (what the log says about it).
 *
 * @module
 */
import type { LogEntry } from "../storage/catalog.ts";
import type { Collection } from "./collection.ts";
import type { Engine } from "./engine.ts";
import type { Succession } from "./file_exchange.ts";
import { increments } from "./key_generator.ts";
import { MARKER } from "./markers.ts";

/** Of so many documents and more the log does not tell each removal. */
const MANY = 32_768;

/**
 * Puts an empty file in the place of a collection's; keys and revisions go on where they were.
 *
 * @param durable whether that is on the disk when this returns
 * @throws ArangoError 1200 if another process has replaced the file meanwhile
 */
export function truncate(engine: Engine, collection: Collection, durable: boolean): void {
  const file = engine.emptyFile(collection);
  engine.swapFile(collection, file, { succession: () => succession(engine, collection), durable });
}

/** What an empty file takes over, now that nobody can write to the one before it. */
function succession(engine: Engine, collection: Collection): Succession {
  const lastRemoval = engine.clock.next();
  const counts = increments(collection.properties.keyOptions);
  return {
    state: { lastRemoval, ...(counts ? { lastKey: collection.lastKey() } : {}) },
    log: entries(collection, lastRemoval),
  };
}

/** What the log says about the end of all documents: a removal of each, or that there are none any more. */
function entries(collection: Collection, rev: bigint): LogEntry[] {
  const subject = { database: collection.databaseId, collection: collection.id };
  const file = collection.reading();
  const count = file?.state().count ?? 0;
  if (!file || count === 0 || count >= MANY) return [{ ...subject, type: MARKER.truncateCollection }];
  return file.keysFrom("", count).map(({ key }) => ({ ...subject, type: MARKER.remove, key, rev }));
}

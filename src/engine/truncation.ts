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
  const rev = engine.clock.next();
  const file = engine.emptyFile(collection, {
    ...(increments(collection.properties.keyOptions) ? { lastKey: collection.lastKey() } : {}),
    lastRemoval: rev,
  });
  engine.swapFile(collection, file, { log: () => entries(collection, rev), durable });
}

/** What the log says about the end of all documents: a removal of each, or that there are none any more. */
function entries(collection: Collection, rev: bigint): LogEntry[] {
  const subject = { database: collection.databaseId, collection: collection.id };
  const keys = collection.reading()?.keysFrom("", MANY) ?? [];
  if (keys.length === 0 || keys.length === MANY) return [{ ...subject, type: MARKER.truncateCollection }];
  return keys.map(({ key }) => ({ ...subject, type: MARKER.remove, key, rev }));
}

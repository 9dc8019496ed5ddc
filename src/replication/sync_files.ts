/**
 * The files that syncs make, and those that syncs which were killed have left behind.
 *
 * @module
 */
import { readdirSync } from "node:fs";
import { md5Hex } from "../base/digest.ts";
import type { Database } from "../engine/database.ts";
import type { Engine } from "../engine/engine.ts";

/** What the names of a collection's sync files begin with: a collection that is not there yet has no id. */
function prefix(database: Database, collection: string): string {
  return `sync-${md5Hex(`${database.id} ${collection}`).slice(0, 12)}-`;
}

/** A name for the file of a full sync. */
export function newSyncFile(database: Database, collection: string): string {
  return `${prefix(database, collection)}${crypto.randomUUID().slice(0, 8)}.sqlite`;
}

/** Whether a name, which the job table tells and anybody may have written, is that of a file that a full sync has left unfinished. */
export function isLeftSyncFile(engine: Engine, database: Database, collection: string, file: string): boolean {
  return file.startsWith(prefix(database, collection)) && /^[\w-]+\.sqlite$/.test(file) &&
    !engine.catalog.collections().some((row) => row.file === file);
}

/**
 * Deletes the files of a collection that are not in use: unfinished copies, working copies, and contents that were replaced by a process
 * that died before it could delete them. The caller holds the lock of the collection's syncs: nobody else makes such files.
 *
 * @param keep a file that stays
 */
export function removeLeftovers(engine: Engine, database: Database, collection: string, keep?: string): void {
  const local = database.find(collection);
  // a collection without a file may get its first one at any moment, from any writer
  const id = local && local.row.file !== null ? `${local.id}-` : undefined;
  const used = new Set(engine.catalog.collections().map(({ file }) => file));
  const own = prefix(database, collection);
  for (const name of readdirSync(engine.files.path(""))) {
    if (!name.startsWith(own) && !(id !== undefined && name.startsWith(id))) continue;
    const file = name.replace(/-(?:wal|shm|journal)$/, "");
    if (!used.has(file) && file !== keep) engine.discardFile(file);
  }
}

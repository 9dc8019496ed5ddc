/**
 * Files take the places of others: what a collection holds changes in one step, for all readers.
 *
 * @module
 */
import { copyFileSync, existsSync } from "node:fs";
import { ArangoError, arangoError } from "../base/arango_error.ts";
import type { LogEntry } from "../storage/catalog.ts";
import { CollectionFile, type FileState } from "../storage/collection_file.ts";
import type { Collection } from "./collection.ts";
import { newProperties } from "./collection_properties.ts";
import type { Database } from "./database.ts";
import type { Engine } from "./engine.ts";
import type { IndexDefinition } from "./index_definition.ts";
import { MARKER } from "./markers.ts";
import { OpenIndex } from "./open_index.ts";

/** What {@linkcode installCollection} puts in place. */
export interface Installation {
  readonly name: string;
  readonly type: 2 | 3;
  readonly globallyUniqueId: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly indexes: readonly IndexDefinition[];
  /** The name of a complete file in the folder of collection files, with the tables of `indexes`; null = empty. */
  readonly file: string | null;
}

/** What a file takes over from the one before it. */
export interface Succession {
  /** What goes on where it was. */
  readonly state: Partial<FileState>;
  /** What the log says about the exchange. */
  readonly log: readonly LogEntry[];
}

/** How {@linkcode swapFile} puts a file in place. */
export interface SwapOptions {
  /** Asked while nobody can write; without it, the log has a gap and followers start anew. */
  readonly succession?: () => Succession;
  /** Whether it is on the disk when this returns. */
  readonly durable?: boolean;
}

/** The error for a collection that is no longer what it was when the exchange began. */
function replacedMeanwhile(name: string): ArangoError {
  return new ArangoError("ERROR_ARANGO_CONFLICT", `conflict: collection '${name}' was replaced meanwhile; try again`);
}

/** Notes in a complete file the tick that it stands for, and what else it is to say about itself. */
function seal(engine: Engine, name: string, edge: boolean, applied: bigint, state: Partial<FileState> = {}): void {
  using file = CollectionFile.open(engine.files.path(name), edge, { readOnly: false });
  file.setState({ ...file.state(), ...state, applied });
}

/**
 * Changes what the catalog says about a collection while nobody else can write to it, and deletes its old file.
 *
 * @param collection undefined if it is to be made
 * @param body gets the name of the old file
 */
function exchange(
  engine: Engine,
  collection: Collection | undefined,
  durable: boolean,
  body: (old: string | null) => void,
): void {
  const { catalog } = engine;
  const locked = collection && collection.row.file !== null ? collection.lock() : undefined;
  const old = collection?.row.file ?? null;
  try {
    if (durable) catalog.file.setDurable(true);
    engine.define(() => body(old));
  } finally {
    if (durable) catalog.file.setDurable(false);
    if (locked?.file.inTransaction) locked.file.exec("ROLLBACK");
    collection?.unlocked();
  }
  collection?.close();
  if (old !== null) engine.discardFile(old);
}

/**
 * Makes an empty file for a collection, which does not have it yet.
 *
 * @returns its name
 */
export function emptyFile(engine: Engine, collection: Collection): string {
  const name = engine.newFileName(collection);
  using file = CollectionFile.create(engine.files.path(name), collection.isEdge);
  for (const definition of collection.indexes()) new OpenIndex(definition).create(file);
  return name;
}

/** Makes the file of a collection that has none yet. */
export function createFile(engine: Engine, collection: Collection): void {
  const name = emptyFile(engine, collection);
  let used = false;
  engine.define(() => {
    const row = engine.catalog.collection(collection.id);
    if (!row || row.file !== null) return;
    seal(engine, name, collection.isEdge, row.tick);
    engine.catalog.putCollection({ ...row, file: name });
    used = true;
  });
  if (!used) engine.discardFile(name);
}

/**
 * Puts another file, or none, in the place of a collection's.
 *
 * @param file the name of a complete file in the folder of collection files; null = empty
 * @throws ArangoError 1200 if another process has replaced the file meanwhile
 */
export function swapFile(engine: Engine, collection: Collection, file: string | null, options: SwapOptions): void {
  const { catalog } = engine;
  exchange(engine, collection, options.durable ?? false, (old) => {
    const row = catalog.collection(collection.id);
    if (!row) throw arangoError("ERROR_ARANGO_DATA_SOURCE_NOT_FOUND", collection.name);
    if (row.file !== old) throw replacedMeanwhile(collection.name);
    const { log, state } = options.succession?.() ?? {};
    const tick = log ? catalog.append(log) : catalog.takeTicks(1);
    if (file !== null) seal(engine, file, collection.isEdge, tick, state);
    catalog.putCollection({ ...row, file, tick, history: log ? row.history : tick });
  });
}

/**
 * Makes a collection what another server has: properties, indexes and contents.
 *
 * @returns the collection, made if it was missing
 * @throws ArangoError 1200 if somebody else has replaced it meanwhile
 */
export function installCollection(engine: Engine, database: Database, request: Installation): Collection {
  const { name, type, indexes, file } = request;
  const { catalog } = engine;
  const properties = JSON.stringify(newProperties(request.properties));
  const known = database.find(name);
  exchange(engine, known, false, (old) => {
    const before = known && catalog.collection(known.id);
    if (database.find(name) !== known || (before?.file ?? null) !== old) throw replacedMeanwhile(name);
    const id = before?.id ?? catalog.takeTicks(1);
    const marker = before ? MARKER.changeCollection : MARKER.createCollection;
    const tick = catalog.append([{ type: marker, database: database.id, collection: id }]);
    if (file !== null) seal(engine, file, type === 3, tick);
    for (const { id: index } of known?.indexes() ?? []) catalog.removeIndex(id, BigInt(index));
    for (const definition of indexes) catalog.putIndex(id, BigInt(definition.id), JSON.stringify(definition));
    const { globallyUniqueId: guid } = request;
    catalog.putCollection({ id, database: database.id, name, type, guid, properties, file, tick, history: tick });
  });
  return database.collection(name);
}

/**
 * Copies the file of a collection as it stands.
 *
 * @returns the copy's name; undefined while the collection is empty
 */
export function copyOfFile(engine: Engine, collection: Collection): string | undefined {
  if (collection.reading() === undefined) return undefined;
  const name = engine.newFileName(collection);
  const file = collection.lock();
  try {
    const source = engine.files.path(collection.row.file!);
    copyFileSync(source, engine.files.path(name));
    // no writer can come in between, so that the log stays; a checkpoint changes no page that is not in it
    if (existsSync(`${source}-wal`)) copyFileSync(`${source}-wal`, engine.files.path(`${name}-wal`));
  } finally {
    file.file.exec("ROLLBACK");
    collection.unlocked();
  }
  return name;
}

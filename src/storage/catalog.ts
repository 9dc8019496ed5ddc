/**
 * The catalog file of a data directory: databases, collections, indexes, the tick counter and the log.
 *
 * @module
 */
import { formatOf, migrate, newerFormat } from "./file_format.ts";
import { type FileOptions, SqliteFile, type SqlValue } from "./sqlite.ts";

/** The file format that this version writes. Older ones are migrated, newer ones refused. */
const CATALOG_FORMAT = 1;

/** What each step up to a format does; index 0 makes a new file. */
const MIGRATIONS: readonly string[] = [
  `CREATE TABLE meta (name TEXT PRIMARY KEY, value) WITHOUT ROWID;
   CREATE TABLE database (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, options TEXT NOT NULL);
   CREATE TABLE collection (
     id INTEGER PRIMARY KEY, database INTEGER NOT NULL, name TEXT NOT NULL, type INTEGER NOT NULL, guid TEXT NOT NULL,
     properties TEXT NOT NULL, file TEXT, tick INTEGER NOT NULL, history INTEGER NOT NULL, UNIQUE (database, name));
   CREATE TABLE index_definition (
     collection INTEGER NOT NULL, id INTEGER NOT NULL, definition TEXT NOT NULL, PRIMARY KEY (collection, id)) WITHOUT ROWID;
   CREATE TABLE log (
     tick INTEGER PRIMARY KEY, type INTEGER NOT NULL, database INTEGER NOT NULL, collection INTEGER NOT NULL,
     tid INTEGER NOT NULL, key TEXT, rev INTEGER, data TEXT);
   INSERT INTO meta VALUES ('tick', 1000), ('version', 1), ('logStart', 1000);`,
];

/** A row of the collection table. */
export interface CollectionRow {
  readonly id: bigint;
  readonly database: bigint;
  readonly name: string;
  /** 2 documents, 3 edges. */
  readonly type: 2 | 3;
  readonly guid: string;
  /** JSON text of the remaining properties. */
  readonly properties: string;
  /** The file that holds the documents, in the folder `collections`; null while the collection is empty. */
  readonly file: string | null;
  /** The tick of the last committed operation. */
  readonly tick: bigint;
  /** The log tells everything about this collection that happened after this tick. */
  readonly history: bigint;
}

/** A row of the database table. */
export interface DatabaseRow {
  readonly id: bigint;
  readonly name: string;
  /** JSON text. */
  readonly options: string;
}

/** One entry of the log. `type` is a marker type of the replication protocol. */
export interface LogEntry {
  readonly type: number;
  readonly database: bigint;
  readonly collection: bigint;
  readonly key?: string | undefined;
  readonly rev?: bigint | undefined;
  /** Documents: JSON text of `{"from","to","body"}`-less body, see the engine; definitions: their JSON text. */
  readonly data?: string | undefined;
}

/** An entry of the log as it is read. */
export interface LoggedEntry extends LogEntry {
  readonly tick: bigint;
  /** The transaction's id; 0 for an operation on its own. */
  readonly tid: bigint;
}

const COLLECTION_COLUMNS = "id, database, name, type, guid, properties, file, tick, history";
/** What a log row takes beside its data, in bytes. */
const ROW_BYTES = 60;
/** The log rows that one INSERT carries. */
const ROWS_PER_INSERT = 64;

/** How {@linkcode Catalog} opens its file. */
export interface CatalogOptions extends Omit<FileOptions, "pageSize" | "journal"> {
  readonly readOnly: boolean;
  /** Makes the server's id for a new file. */
  readonly newServerId: () => string;
}

/** The catalog file. */
export class Catalog implements Disposable {
  /** The underlying file. */
  readonly file: SqliteFile;
  /** About how many bytes {@linkcode append} has added since the file was opened. */
  appendedBytes = 0;
  #dataVersion = -1;
  #version = -1;

  /**
   * Opens or creates a catalog.
   *
   * @throws ArangoError 4 when the file was written by a newer denosh
   */
  constructor(path: string, { newServerId, ...options }: CatalogOptions) {
    this.file = new SqliteFile(path, { ...options, journal: "wal", pageSize: 8192 });
    try {
      const format = formatOf(this.file);
      if (format > CATALOG_FORMAT) throw newerFormat(path, format, CATALOG_FORMAT);
      if (format < CATALOG_FORMAT && !options.readOnly) {
        migrate(this.file, CATALOG_FORMAT, MIGRATIONS, (from) => {
          if (from === 0) this.setMeta("serverId", newServerId());
        });
      }
    } catch (error) {
      this.file[Symbol.dispose]();
      throw error;
    }
  }

  /** Runs `body` in a write transaction that no other process's can overlap. */
  write<T>(body: () => T): T {
    return this.file.transaction(body);
  }

  /** Whether another process has committed anything since the last call. */
  changedElsewhere(): boolean {
    const now = Number(this.file.sql("PRAGMA data_version").get()![0]);
    if (now === this.#dataVersion) return false;
    this.#dataVersion = now;
    return true;
  }

  /** Whether definitions have changed, here or elsewhere, since the last call. */
  definitionsChanged(): boolean {
    const now = Number(this.meta("version"));
    if (now === this.#version) return false;
    this.#version = now;
    return true;
  }

  /** Tells every process, by its next look, that definitions have changed. */
  touchDefinitions(): void {
    this.file.sql("UPDATE meta SET value = value + 1 WHERE name = 'version'").run();
  }

  /** A named value. */
  meta(name: string): string | undefined {
    const row = this.file.wide("SELECT value FROM meta WHERE name = ?").get(name);
    return row === undefined ? undefined : String(row[0]);
  }

  /** Sets a named value. */
  setMeta(name: string, value: string | bigint): void {
    this.file.sql("INSERT INTO meta VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value").run(
      name,
      value,
    );
  }

  /** The last tick that was given out. */
  lastTick(): bigint {
    return this.file.wide("SELECT value FROM meta WHERE name = 'tick'").get()![0] as bigint;
  }

  /** Takes `count` ticks; returns the last of them. */
  takeTicks(count: number): bigint {
    return this.file.wide("UPDATE meta SET value = value + ? WHERE name = 'tick' RETURNING value").get(
      BigInt(count),
    )![0] as bigint;
  }

  /** All databases by name. */
  databases(): DatabaseRow[] {
    return this.file.wide("SELECT id, name, options FROM database ORDER BY name").all()
      .map(([id, name, options]) => ({ id: id as bigint, name: name as string, options: options as string }));
  }

  /** Adds a database. */
  addDatabase(row: DatabaseRow): void {
    this.file.sql("INSERT INTO database (id, name, options) VALUES (?, ?, ?)").run(row.id, row.name, row.options);
  }

  /** Removes a database and everything defined in it. */
  removeDatabase(id: bigint): void {
    this.file.sql("DELETE FROM index_definition WHERE collection IN (SELECT id FROM collection WHERE database = ?)")
      .run(id);
    this.file.sql("DELETE FROM collection WHERE database = ?").run(id);
    this.file.sql("DELETE FROM database WHERE id = ?").run(id);
  }

  /** All collections of all databases. */
  collections(): CollectionRow[] {
    return this.file.wide(`SELECT ${COLLECTION_COLUMNS} FROM collection`).all().map(collectionRow);
  }

  /** One collection as it stands now. */
  collection(id: bigint): CollectionRow | undefined {
    const row = this.file.wide(`SELECT ${COLLECTION_COLUMNS} FROM collection WHERE id = ?`).get(id);
    return row && collectionRow(row);
  }

  /** Adds or changes a collection. */
  putCollection(row: CollectionRow): void {
    this.file.sql(`INSERT OR REPLACE INTO collection (${COLLECTION_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`)
      .run(row.id, row.database, row.name, row.type, row.guid, row.properties, row.file, row.tick, row.history);
  }

  /** Removes a collection and its indexes. */
  removeCollection(id: bigint): void {
    this.file.sql("DELETE FROM index_definition WHERE collection = ?").run(id);
    this.file.sql("DELETE FROM collection WHERE id = ?").run(id);
  }

  /** The last committed tick of a collection. */
  collectionTick(id: bigint): bigint | undefined {
    return this.file.wide("SELECT tick FROM collection WHERE id = ?").get(id)?.[0] as bigint | undefined;
  }

  /** Notes the last committed tick of a collection. */
  setCollectionTick(id: bigint, tick: bigint): void {
    this.file.sql("UPDATE collection SET tick = ? WHERE id = ?").run(tick, id);
  }

  /** The definitions of the indexes of all collections that have some, oldest first. */
  indexes(): Map<bigint, string[]> {
    const found = new Map<bigint, string[]>();
    const rows = this.file.wide("SELECT collection, definition FROM index_definition ORDER BY collection, id").all();
    for (const [collection, definition] of rows) {
      const list = found.get(collection as bigint);
      if (list) list.push(definition as string);
      else found.set(collection as bigint, [definition as string]);
    }
    return found;
  }

  /** Adds or changes an index definition. */
  putIndex(collection: bigint, id: bigint, definition: string): void {
    this.file.sql("INSERT OR REPLACE INTO index_definition VALUES (?, ?, ?)").run(collection, id, definition);
  }

  /** Removes an index definition. */
  removeIndex(collection: bigint, id: bigint): void {
    this.file.sql("DELETE FROM index_definition WHERE collection = ? AND id = ?").run(collection, id);
  }

  /**
   * Writes entries to the log, in order; several form one transaction.
   *
   * @returns the tick of the last entry
   */
  append(entries: readonly LogEntry[]): bigint {
    const last = this.takeTicks(entries.length);
    const first = last - BigInt(entries.length) + 1n;
    const tid = entries.length > 1 ? first : 0n;
    for (let from = 0; from < entries.length;) {
      const { type, database, collection } = entries[from]!;
      const values: SqlValue[] = [first + BigInt(from), type, database, collection, tid];
      const start = from;
      for (; from < entries.length && from < start + ROWS_PER_INSERT; from++) {
        const entry = entries[from]!;
        if (entry.type !== type || entry.collection !== collection || entry.database !== database) break;
        const { key = null, rev, data = null } = entry;
        values.push(key, rev === undefined ? null : BigInt.asIntN(64, rev), data);
        this.appendedBytes += ROW_BYTES + (data?.length ?? 0);
      }
      this.file.sql(logInsertion(from - start)).run(...values);
    }
    return last;
  }

  /**
   * Log entries after a tick, oldest first.
   *
   * @param collection the only one whose entries are wanted
   * @param type entries of this type are wanted whatever their collection is
   */
  entries(after: bigint, limit: number, collection?: bigint, type = 0): LoggedEntry[] {
    const where = collection === undefined ? "" : "AND (collection = ? OR type = ?)";
    const values = collection === undefined ? [after, limit] : [after, collection, type, limit];
    return this.file.wide(
      `SELECT tick, type, database, collection, tid, key, rev, data FROM log WHERE tick > ? ${where} ORDER BY tick LIMIT ?`,
    ).all(...values).map(([tick, type, database, id, tid, key, rev, data]) => ({
      tick: tick as bigint,
      type: Number(type),
      database: database as bigint,
      collection: id as bigint,
      tid: tid as bigint,
      key: (key ?? undefined) as string | undefined,
      rev: rev === null ? undefined : BigInt.asUintN(64, rev as bigint),
      data: (data ?? undefined) as string | undefined,
    }));
  }

  /** The log tells everything that happened after this tick. */
  logStart(): bigint {
    return BigInt(this.meta("logStart")!);
  }

  /** Forgets log entries up to a tick. */
  trim(upTo: bigint): void {
    this.file.sql("DELETE FROM log WHERE tick <= ?").run(upTo);
    this.setMeta("logStart", upTo);
  }

  [Symbol.dispose](): void {
    this.file[Symbol.dispose]();
  }
}

/** Writes rows of the log that have all in common but key, revision and data; those follow on the values of the first row. */
function logInsertion(rows: number): string {
  return `INSERT INTO log VALUES ${Array.from({ length: rows }, (_, i) => `(?1 + ${i}, ?2, ?3, ?4, ?5, ?, ?, ?)`)}`;
}

function collectionRow(row: readonly unknown[]): CollectionRow {
  const [id, database, name, type, guid, properties, file, tick, history] = row;
  return {
    id: id as bigint,
    database: database as bigint,
    name: name as string,
    type: Number(type) as 2 | 3,
    guid: guid as string,
    properties: properties as string,
    file: file as string | null,
    tick: tick as bigint,
    history: history as bigint,
  };
}

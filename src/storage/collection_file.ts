/**
 * The file of one collection: documents, index entries and the leaves of the revision tree.
 *
 * @module
 */
import { existsSync } from "node:fs";
import { ArangoError } from "../base/arango_error.ts";
import type { Leaf, TreeRange } from "../base/revision_tree.ts";
import {
  COLLECTION_FORMAT,
  COLLECTION_MIGRATIONS,
  COLLECTION_PAGE_SIZE,
  collectionIndexes,
  collectionTables,
  indexTable,
  type IndexTableKind,
  withoutOldEntries,
} from "./collection_tables.ts";
import type { SqlPart } from "./document_sql.ts";
import { DocumentTable, signed, type StoredDocument, unsigned, WHOLE } from "./document_table.ts";
import { formatOf, migrate, newerFormat } from "./file_format.ts";
import { borderOf, columnsOf, type IndexBytes, type IndexPosition, PRIMARY_INDEX, rangeSql } from "./index_entries.ts";
import { repeated, rowsAtOnce } from "./many_rows.ts";
import { type FileOptions, SqliteFile, type SqlValue } from "./sqlite.ts";

/** What a collection file says about itself. */
export interface FileState {
  /** The last tick whose operation the file contains. */
  readonly applied: bigint;
  /** How many documents the file holds. */
  readonly count: number;
  /** The range of the revision tree. */
  readonly range: TreeRange;
  /** The largest number that a key ever stood for, below 2^64; absent where nobody has kept count. */
  readonly lastKey?: bigint | undefined;
  /** The revision of the last removal; 0 before there was one. */
  readonly lastRemoval: bigint;
}

/** A box in space: least and largest x, y and z. */
export type IndexBox = readonly [x0: number, x1: number, y0: number, y1: number, z0: number, z1: number];

/** An entry of a secondary index. */
export interface IndexRow {
  readonly entry: Uint8Array;
  /** The document's revision. */
  readonly rev: bigint;
}

/** So many rows of an index come one by one; more of them as one text. Measured: one row takes two thirds of the time. */
const FEW_ROWS = 50;
const decoder = new TextDecoder();

/** How {@linkcode CollectionFile.open} opens a file. */
export interface OpenOptions extends Omit<FileOptions, "pageSize" | "journal"> {
  readonly readOnly: boolean;
  /** Nobody else knows the file yet, so that it needs no write-ahead log. */
  readonly private?: boolean;
}

/** An open collection file. */
export class CollectionFile extends DocumentTable implements Disposable {
  /** Files of older formats are read as they are where they cannot be migrated. */
  readonly #format: number;

  protected constructor(file: SqliteFile, edge: boolean, format = COLLECTION_FORMAT) {
    super(file, edge);
    this.#format = format;
  }

  /** The table that new entries of a secondary index go to. */
  protected writtenIndex(id: bigint): string {
    return `index_${id}`;
  }

  /**
   * The statement for documents, `d`, in the order of their entries in an index; its last parameter is how many.
   *
   * @param columns what is made of a document: expressions, called c0, c1 and so on
   */
  protected documentsOfEntries(id: bigint, columns: readonly string[], where: string, order: string): string {
    const { key, rev } = columnsOf(id);
    const tables = id === PRIMARY_INDEX ? "doc d" : `index_${id} i JOIN doc d ON d.rev = i.rev`;
    return `SELECT ${columns.map((column, i) => `${column} AS c${i}`)} FROM ${tables}
      WHERE ${where} ORDER BY ${key} ${order}, ${rev} ${order} LIMIT ?`;
  }

  /** Makes a new, empty file. */
  static create(path: string, edge: boolean): CollectionFile {
    const file = new SqliteFile(path, { journal: "wal", pageSize: COLLECTION_PAGE_SIZE });
    file.exec(`BEGIN; ${collectionTables(edge)} ${collectionIndexes(edge)} UPDATE state SET last_key = 0; COMMIT`);
    return new CollectionFile(file, edge);
  }

  /**
   * Opens a file that is there.
   *
   * @throws ArangoError 2 when it is missing, 4 when a newer denosh wrote it
   */
  static open(
    path: string,
    edge: boolean,
    options: OpenOptions,
  ): CollectionFile {
    return CollectionFile.opened(path, options, (file, format) => new CollectionFile(file, edge, format));
  }

  /** Opens a file for {@linkcode open}; `make` makes the object. */
  protected static opened<T extends CollectionFile>(
    path: string,
    options: OpenOptions,
    make: (file: SqliteFile, format: number) => T,
  ): T {
    // SQLite would make the file
    if (!existsSync(path)) throw new ArangoError("ERROR_SYS_ERROR", `cannot use ${path}: the file is missing`);
    const file = new SqliteFile(path, { journal: options.private ? "truncate" : "wal", ...options });
    try {
      let format = formatOf(file);
      if (format > COLLECTION_FORMAT) throw newerFormat(path, format, COLLECTION_FORMAT);
      if (format < COLLECTION_FORMAT && !options.readOnly) {
        format = migrate(file, COLLECTION_FORMAT, COLLECTION_MIGRATIONS, () => withoutOldEntries(file));
      }
      return make(file, format);
    } catch (error) {
      file[Symbol.dispose]();
      throw error;
    }
  }

  /** The file's own account of itself. */
  state(): FileState {
    const since = (format: number, column: string, before: string): string => this.#format < format ? before : column;
    const [applied, count, min, max, initialMin, lastKey, lastRemoval] = this.file.wide(
      `SELECT applied, count, range_min, range_max, range_start, ${since(2, "last_key", "NULL")},
         ${since(3, "last_removal", "0")} FROM state`,
    ).get()!;
    return {
      applied: applied as bigint,
      count: Number(count),
      range: { min: unsigned(min), max: unsigned(max), initialMin: unsigned(initialMin) },
      lastKey: lastKey === null ? undefined : unsigned(lastKey),
      lastRemoval: unsigned(lastRemoval),
    };
  }

  /** The last tick that the file contains. */
  applied(): bigint {
    return this.file.wide("SELECT applied FROM state").get()![0] as bigint;
  }

  /** Writes the file's account of itself. */
  setState(state: FileState): void {
    this.file.sql(
      `UPDATE state SET applied = ?, count = ?, range_min = ?, range_max = ?, range_start = ?, last_key = ?,
         last_removal = ?`,
    ).run(
      state.applied,
      state.count,
      signed(state.range.min),
      signed(state.range.max),
      signed(state.range.initialMin),
      state.lastKey === undefined ? null : signed(state.lastKey),
      signed(state.lastRemoval),
    );
  }

  /** The leaves of the revision tree that hold something. */
  leaves(): [number, Leaf][] {
    return this.file.wide("SELECT leaf, count, hash FROM tree").all()
      .map(([leaf, count, hash]) => [Number(leaf), { count: Number(count), hash: unsigned(hash) }]);
  }

  /** Changes a leaf by a count and, by exclusive or, a hash. */
  changeLeaf(index: number, count: number, hash: bigint): void {
    this.file.sql(
      `INSERT INTO tree VALUES (?1, ?2, ?3) ON CONFLICT (leaf)
       DO UPDATE SET count = count + ?2, hash = (hash | ?3) & ~(hash & ?3)`,
    ).run(index, count, signed(hash));
  }

  /** Replaces all leaves. */
  setLeaves(leaves: Iterable<readonly [number, Readonly<Leaf>]>): void {
    this.file.exec("DELETE FROM tree");
    const insert = this.file.sql("INSERT INTO tree VALUES (?, ?, ?)");
    for (const [index, { count, hash }] of leaves) insert.run(index, count, signed(hash));
  }

  /** Drops a leaf if it has become empty. */
  sweepLeaf(index: number): void {
    this.file.sql("DELETE FROM tree WHERE leaf = ? AND count = 0 AND hash = 0").run(index);
  }

  /** Moves what the write-ahead log holds into the file itself, as far as no reader needs it. */
  checkpoint(): void {
    this.file.exec("PRAGMA wal_checkpoint(PASSIVE)");
  }

  /** Leaves the write-ahead log as it is until {@linkcode checkpoint}, or does not. */
  deferCheckpoints(defer: boolean): void {
    this.file.deferCheckpoints(defer);
  }

  /** Makes the table of a secondary index. */
  createIndex(id: bigint, kind: IndexTableKind): void {
    this.file.exec(indexTable(`index_${id}`, kind));
  }

  /** Whether the table of a secondary index is there. */
  hasIndex(id: bigint): boolean {
    return this.file.sql("SELECT 1 FROM sqlite_schema WHERE name = ?").get(`index_${id}`) !== undefined;
  }

  /** Drops the table of a secondary index. */
  dropIndex(id: bigint): void {
    this.file.exec(`DROP TABLE IF EXISTS index_${id}`);
  }

  /** The revision that a unique index holds for an entry. */
  indexHolder(id: bigint, entry: Uint8Array): bigint | undefined {
    const row = this.file.wide(`SELECT rev FROM index_${id} WHERE k = ?`).get(entry);
    return row && unsigned(row[0]);
  }

  /**
   * Adds many index entries, best in their order; those that are there already are left out.
   *
   * @returns how many were added
   */
  addEntries(id: bigint, rows: readonly IndexRow[]): number {
    let added = 0;
    for (const { count, values } of pagesOf(rows)) {
      added += this.file.sql(`INSERT OR IGNORE INTO ${this.writtenIndex(id)} VALUES ${repeated("(?,?)", count)}`)
        .run(...values);
    }
    return added;
  }

  /** Removes index entries, best in their order. */
  removeEntries(id: bigint, rows: readonly IndexRow[]): void {
    for (const { count, values } of pagesOf(rows)) {
      this.file.sql(`DELETE FROM ${this.writtenIndex(id)} WHERE (k, rev) IN (VALUES ${repeated("(?,?)", count)})`)
        .run(...values);
    }
  }

  /** Adds the box of a document to an index of boxes. */
  addBox(id: bigint, box: IndexBox, rev: bigint): void {
    this.file.sql(`INSERT INTO ${this.writtenIndex(id)} VALUES (?, ?, ?, ?, ?, ?, ?)`).run(signed(rev), ...box);
  }

  /** Removes the box of a document. */
  removeBox(id: bigint, rev: bigint): void {
    this.file.sql(`DELETE FROM ${this.writtenIndex(id)} WHERE rev = ?`).run(signed(rev));
  }

  /** The documents whose boxes touch a box, ascending by revision. */
  byBox(id: bigint, [x0, x1, y0, y1, z0, z1]: IndexBox): StoredDocument[] {
    const revs = this.file.wide(
      `SELECT rev FROM index_${id} WHERE x1 >= ? AND x0 <= ? AND y1 >= ? AND y0 <= ? AND z1 >= ? AND z0 <= ?`,
    ).all(x0, x1, y0, y1, z0, z1).map(([rev]) => unsigned(rev));
    return this.byRevisions(revs);
  }

  /** How many entries a secondary index has, of whatever kind. */
  indexCount(id: bigint): number {
    return this.file.sql(`SELECT count(*) FROM index_${id}`).get()![0] as number;
  }

  /**
   * How many entries a secondary index has, and how many different ones; not for boxes.
   *
   * @param sample look at no more than this many entries
   */
  indexSizes(id: bigint, sample = -1): { entries: number; distinct: number } {
    return this.#sizes(`SELECT k FROM index_${id} LIMIT ?`, sample);
  }

  /** How many edges there are, and how many different vertices they start from; see {@linkcode indexSizes}. */
  edgeSizes(sample = -1): { entries: number; distinct: number } {
    return this.#sizes(`SELECT "from" AS k FROM doc LIMIT ?`, sample);
  }

  #sizes(entries: string, sample: number): { entries: number; distinct: number } {
    const [count, distinct] = this.file.sql(`SELECT count(*), count(DISTINCT k) FROM (${entries})`).get(sample)!;
    return { entries: count as number, distinct: distinct as number };
  }

  /** The bytes of the file that hold something. */
  sizeInBytes(): number {
    return this.file.bytes();
  }

  /**
   * Documents whose entry in a secondary index lies in a range, in the order of the index.
   *
   * @param from inclusive lower border
   * @param to exclusive upper border; absent = to the end
   */
  byIndex(
    id: bigint,
    from: Uint8Array,
    to: Uint8Array | undefined,
    limit: number,
    descending = false,
  ): StoredDocument[] {
    const values: SqlValue[] = to === undefined ? [from, limit] : [from, to, limit];
    const where = to === undefined ? "i.k >= ?" : "i.k >= ? AND i.k < ?";
    const rows = this.file.wide(
      this.documentsOfEntries(id, this.columns.map((column) => `d.${column}`), where, descending ? "DESC" : ""),
    )
      .all(...values);
    return rows.map((row) => this.document(row));
  }

  /**
   * Goes past entries of {@linkcode indexPage}.
   *
   * @param count how many; `Infinity` to count what is left
   * @returns how many there were, and where that has led; undefined if it was to the end
   */
  passEntries(
    id: bigint,
    range: IndexBytes,
    after: IndexPosition | undefined,
    count: number,
  ): { passed: number; last: IndexPosition | undefined } {
    const { where, order, values } = rangeSql(id, range, after);
    const { table, key, rev, columns } = columnsOf(id);
    const row = count === Infinity ? undefined : this.file.wide(
      `SELECT ${columns} FROM ${table} WHERE ${where} ORDER BY ${key} ${order}, ${rev} ${order} LIMIT 1 OFFSET ?`,
    ).get(...values, count - 1);
    if (row) return { passed: count, last: { key: row[0] as Uint8Array, rev: row[1] as bigint } };
    const [left] = this.file.sql(`SELECT count(*) FROM ${table} WHERE ${where}`).get(...values)!;
    return { passed: left as number, last: undefined };
  }

  /** The first entry of an index from a place on, and the revision of its document. */
  firstEntry(id: bigint, from: Uint8Array): { key: Uint8Array; rev: bigint } | undefined {
    const { table, key, columns } = columnsOf(id);
    const row = this.file.wide(`SELECT ${columns} FROM ${table} WHERE ${key} >= ? ORDER BY ${key} LIMIT 1`)
      .get(borderOf(id, from));
    return row && { key: row[0] as Uint8Array, rev: unsigned(row[1]!) };
  }

  /** A page of the entries of {@linkcode indexPage}, without the documents. */
  indexEntries(id: bigint, range: IndexBytes, after: IndexPosition | undefined, limit: number): IndexPosition[] {
    const { where, order, values } = rangeSql(id, range, after);
    const { table, key, rev, columns } = columnsOf(id);
    return this.file.wide(
      `SELECT ${columns} FROM ${table} WHERE ${where} ORDER BY ${key} ${order}, ${rev} ${order} LIMIT ?`,
    ).all(...values, limit).map((row) => ({ key: row[0] as Uint8Array, rev: row[1] as bigint }));
  }

  /**
   * A page of documents whose index entries lie in a range, as one text with commas between.
   *
   * @param range where the entries lie: `from` inclusive, `to` exclusive
   * @param after where the page before ended; undefined for the first page
   * @param output what is made of a document; the document itself where it is absent
   */
  indexPage(
    id: bigint,
    range: IndexBytes,
    after: IndexPosition | undefined,
    limit: number,
    output: SqlPart = WHOLE,
  ): { text: string; count: number } {
    if (limit <= FEW_ROWS) {
      const texts = this.indexTexts(id, range, after, limit, output);
      return { text: texts.join(","), count: texts.length };
    }
    const { where, order, values } = rangeSql(id, range, after);
    const documents = this.documentsOfEntries(id, [output.sql], where, order);
    const [text, count] = this.file.sql(
      `SELECT CAST(group_concat(c0, ',') AS BLOB), count(*) FROM (${documents})`,
    ).get(...output.values, ...values, limit)!;
    return { text: text === null ? "" : decoder.decode(text as Uint8Array), count: count as number };
  }

  /** As {@linkcode indexPage}, a text for each document. */
  indexTexts(
    id: bigint,
    range: IndexBytes,
    after: IndexPosition | undefined,
    limit: number,
    output: SqlPart,
  ): string[] {
    const { where, order, values } = rangeSql(id, range, after);
    return this.file.sql(this.documentsOfEntries(id, [output.sql], where, order))
      .all(...output.values, ...values, limit).map(([text]) => text as string);
  }

  [Symbol.dispose](): void {
    this.file[Symbol.dispose]();
  }
}

/** The values of index entries, as many together as go into a statement. */
function* pagesOf(rows: readonly IndexRow[]): Generator<{ count: number; values: SqlValue[] }> {
  for (let next = 0; next < rows.length;) {
    const count = rowsAtOnce(rows.length - next);
    const values: SqlValue[] = [];
    for (const end = next + count; next < end; next++) values.push(rows[next]!.entry, signed(rows[next]!.rev));
    yield { count, values };
  }
}

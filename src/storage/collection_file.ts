/**
 * The file of one collection: documents, index entries and the leaves of the revision tree.
 *
 * Documents lie in the order of their revisions, which are their row ids, as complete JSON texts: a dump is a scan that
 * copies text, the newest documents are neighbours, and a range of revisions is a key range. Measured: a dump by
 * `group_concat` of ready texts gives 2,300,000 documents a second, one that puts texts together 500,000.
 *
 * @module
 */
import { existsSync } from "node:fs";
import { ArangoError } from "../base/arango_error.ts";
import { INITIAL_RANGE, type Leaf, type TreeRange } from "../base/revision_tree.ts";
import { formatOf, migrate, newerFormat } from "./file_format.ts";
import type { SqlPart } from "./document_sql.ts";
import { LOG_PAGES, SqliteFile, type SqlRow, type SqlValue } from "./sqlite.ts";

/** The file format that this version writes. Older ones are migrated, newer ones refused. */
export const COLLECTION_FORMAT = 4;
/** What each step up to a format does, from format 2 on. */
const MIGRATIONS: readonly string[] = [
  "ALTER TABLE state ADD COLUMN last_key INTEGER",
  "ALTER TABLE state ADD COLUMN last_removal INTEGER NOT NULL DEFAULT 0",
  // nulls are left out of the arrays and objects in entries: see withoutOldEntries()
  "",
];

/**
 * Drops the tables of secondary indexes in which arrays or objects may have nulls, as before format 4. Whoever opens the
 * collection makes them again.
 */
function withoutOldEntries(file: SqliteFile): void {
  const tables = file.sql(
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name GLOB 'index_[0-9]*' AND sql LIKE '%WITHOUT ROWID%'",
  ).all().map(([name]) => name as string);
  for (const table of tables) {
    // the types of arrays and objects; a number may have such bytes too
    const [found] = file.sql(`SELECT EXISTS (SELECT 1 FROM ${table} WHERE instr(k, x'06') OR instr(k, x'07'))`).get()!;
    if (found) file.exec(`DROP TABLE ${table}`);
  }
}
/**
 * Bytes of a page. Larger ones make bulk loads a little faster, but a page is what a change of one document writes, twice.
 */
export const COLLECTION_PAGE_SIZE = 8192;

/** A document as it is stored. */
export interface StoredDocument {
  readonly key: string;
  readonly rev: bigint;
  /** Edges: where the edge starts, `collection/key`. */
  readonly from?: string;
  /** Edges: where the edge ends. */
  readonly to?: string;
  /** The whole document as JSON text, `_key`, `_id`, (`_from`, `_to`,) `_rev` first. */
  readonly text: string;
}

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

/** Where entries of an index lie: `from` inclusive, `to` exclusive. */
export interface IndexBytes {
  readonly from: Uint8Array;
  readonly to: Uint8Array;
  readonly descending: boolean;
}

/** A place in a secondary index. */
export interface IndexPosition {
  readonly key: Uint8Array;
  /** The revision as it is stored: signed. */
  readonly rev: bigint;
}

/** The text of a document at a glance. */
export interface KeyAndRevision {
  readonly key: string;
  readonly rev: bigint;
}

/** Makes an empty table of documents. */
export function documentTable(name: string, edge: boolean): string {
  const ends = edge ? `"from" TEXT NOT NULL, "to" TEXT NOT NULL, ` : "";
  return `CREATE TABLE ${name} (rev INTEGER PRIMARY KEY, key TEXT NOT NULL, ${ends}text TEXT NOT NULL);`;
}

/** The tables of a collection file without its key index, which a bulk load builds last. */
export function collectionTables(edge: boolean): string {
  return `${documentTable("doc", edge)}
    CREATE TABLE tree (leaf INTEGER PRIMARY KEY, count INTEGER NOT NULL, hash INTEGER NOT NULL);
    CREATE TABLE state (one INTEGER PRIMARY KEY CHECK (one = 0), applied INTEGER NOT NULL, count INTEGER NOT NULL,
      range_min INTEGER NOT NULL, range_max INTEGER NOT NULL, range_start INTEGER NOT NULL, last_key INTEGER,
      last_removal INTEGER NOT NULL);
    INSERT INTO state
      VALUES (0, 0, 0, ${INITIAL_RANGE.min}, ${INITIAL_RANGE.max}, ${INITIAL_RANGE.initialMin}, NULL, 0);
    PRAGMA user_version = ${COLLECTION_FORMAT};`;
}

/**
 * The indexes that every collection file has. Those of edges cover what graph searches read: the other end, in the order
 * of revisions. Measured: 2,200,000 edges a second from the index alone, 300,000 where each edge's row is looked up.
 *
 * @param table the table of documents
 * @param schema where it is
 */
export function collectionIndexes(edge: boolean, table = "doc", schema: "main" | "temp" = "main"): string {
  const name = `${schema}.${table}`;
  const ends = edge
    ? `CREATE INDEX ${name}_from ON ${table} ("from", rev, "to"); CREATE INDEX ${name}_to ON ${table} ("to", rev, "from");`
    : "";
  return `CREATE UNIQUE INDEX ${name}_key ON ${table} (key); ${ends}`;
}

/** How the table of a secondary index lies: in the order of its entries, each entry once, or as an R*-tree of boxes. */
export type IndexTableKind = "ordered" | "unique" | "boxes";

/** Makes the empty table of a secondary index. */
export function indexTable(name: string, kind: IndexTableKind): string {
  switch (kind) {
    case "ordered":
      return `CREATE TABLE ${name} (k BLOB NOT NULL, rev INTEGER NOT NULL, PRIMARY KEY (k, rev)) WITHOUT ROWID;`;
    case "unique":
      return `CREATE TABLE ${name} (k BLOB PRIMARY KEY, rev INTEGER NOT NULL) WITHOUT ROWID;`;
    case "boxes":
      return `CREATE VIRTUAL TABLE ${name} USING rtree (rev, x0, x1, y0, y1, z0, z1);`;
  }
}

/** So many rows of an index come one by one; more of them as one text. Measured: one row takes two thirds of the time. */
const FEW_ROWS = 50;
/** Rows of one INSERT: fifty are nearly as good as more (`storage-measurements.md`). */
const ROWS_PER_INSERT = 50;
/** Rows of one INSERT where there are as many. Measured: a row takes a fifth less than with fifty. */
const MOST_ROWS_PER_INSERT = 200;

/** The SQL of a document itself. */
const WHOLE: SqlPart = { sql: "text", values: [] };

const decoder = new TextDecoder();

const signed = (value: bigint): bigint => BigInt.asIntN(64, value);
const unsigned = (value: SqlRow[number] | undefined): bigint => BigInt.asUintN(64, value as bigint);

/** How {@linkcode CollectionFile.open} opens a file. */
export interface OpenOptions {
  readonly readOnly: boolean;
  readonly cacheMiB?: number;
  readonly map?: boolean;
  /** Nobody else knows the file yet, so that it needs no write-ahead log. */
  readonly private?: boolean;
}

/** An open collection file. */
export class CollectionFile implements Disposable {
  /** The underlying file. */
  readonly file: SqliteFile;
  /** Whether the documents are edges. */
  readonly edge: boolean;
  /** The columns of a document, see {@linkcode StoredDocument}. */
  readonly #columns: readonly string[];
  /** What {@linkcode documentLength} has found. */
  #documentLength = 0;
  /** Files of older formats are read as they are where they cannot be migrated. */
  readonly #format: number;

  protected constructor(file: SqliteFile, edge: boolean, format = COLLECTION_FORMAT) {
    this.file = file;
    this.edge = edge;
    this.#format = format;
    this.#columns = edge ? ["rev", "key", "text", `"from"`, `"to"`] : ["rev", "key", "text"];
  }

  /** The table that new documents go to. */
  protected get written(): string {
    return "doc";
  }

  /** The table that new entries of a secondary index go to. */
  protected writtenIndex(id: bigint): string {
    return `index_${id}`;
  }

  /**
   * The statement for documents, `d`, in the order of their entries in a secondary index, `i`; its last parameter is how many.
   *
   * @param columns what is made of a document: expressions, called c0, c1 and so on
   */
  protected documentsOfEntries(id: bigint, columns: readonly string[], where: string, order: string): string {
    return `SELECT ${columns.map((column, i) => `${column} AS c${i}`)} FROM index_${id} i JOIN doc d ON d.rev = i.rev
      WHERE ${where} ORDER BY i.k ${order}, i.rev ${order} LIMIT ?`;
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
        format = migrate(file, COLLECTION_FORMAT, MIGRATIONS, () => withoutOldEntries(file));
      }
      return make(file, format);
    } catch (error) {
      file[Symbol.dispose]();
      throw error;
    }
  }

  #document(row: SqlRow): StoredDocument {
    const [rev, key, text, from, to] = row;
    const document = { rev: unsigned(rev), key: key as string, text: text as string };
    return this.edge ? { ...document, from: from as string, to: to as string } : document;
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

  /** How many documents there are. */
  count(): number {
    return this.file.sql("SELECT count FROM state").get()![0] as number;
  }

  /** About how long the texts of documents are; 0 while there are none. */
  documentLength(): number {
    if (this.#documentLength === 0) {
      const row = this.file.sql("SELECT avg(length(text)) FROM (SELECT text FROM doc LIMIT 50)").get()!;
      this.#documentLength = (row[0] ?? 0) as number;
    }
    return this.#documentLength;
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

  /** The document with a key. */
  byKey(key: string): StoredDocument | undefined {
    const row = this.file.wide(`SELECT ${this.#columns} FROM doc WHERE key = ?`).get(key);
    return row && this.#document(row);
  }

  /** The last key in the order of their bytes. */
  lastKey(): string | undefined {
    return this.file.sql("SELECT key FROM doc ORDER BY key DESC LIMIT 1").get()?.[0] as string | undefined;
  }

  /** Whether a document has a key. */
  hasKey(key: string): boolean {
    return this.file.sql("SELECT 1 FROM doc WHERE key = ?").get(key) !== undefined;
  }

  /** The revision of the document with a key. */
  revisionOf(key: string): bigint | undefined {
    const row = this.file.wide("SELECT rev FROM doc WHERE key = ?").get(key);
    return row && unsigned(row[0]);
  }

  /** The revisions of the documents with these keys; missing ones are left out. */
  revisionsOf(keys: readonly string[]): Map<string, bigint> {
    const rows = this.file.wide("SELECT key, rev FROM doc WHERE key IN (SELECT value FROM json_each(?))").all(
      JSON.stringify(keys),
    );
    return new Map(rows.map(([key, rev]) => [key as string, unsigned(rev)]));
  }

  /** The document with a revision. */
  byRevision(rev: bigint): StoredDocument | undefined {
    const row = this.file.wide(`SELECT ${this.#columns} FROM doc WHERE rev = ?`).get(signed(rev));
    return row && this.#document(row);
  }

  /** The documents with these revisions, ascending by revision; missing ones are left out. */
  byRevisions(revs: readonly bigint[]): StoredDocument[] {
    const rows = this.file.wide(
      `SELECT ${this.#columns} FROM doc WHERE rev IN (SELECT value FROM json_each(?)) ORDER BY rev`,
    ).all(`[${revs.map(signed)}]`);
    return rows.map((row) => this.#document(row));
  }

  /** At most `limit` documents after a revision, ascending by revision. */
  documentsAfter(rev: bigint | undefined, limit: number): StoredDocument[] {
    const rows = rev === undefined
      ? this.file.wide(`SELECT ${this.#columns} FROM doc ORDER BY rev LIMIT ?`).all(limit)
      : this.file.wide(`SELECT ${this.#columns} FROM doc WHERE rev > ? ORDER BY rev LIMIT ?`).all(signed(rev), limit);
    return rows.map((row) => this.#document(row));
  }

  /** What SQLite makes of at most `limit` documents after a revision, a text for each, and the last revision among them. */
  textsAfter(
    rev: bigint | undefined,
    limit: number,
    output: SqlPart = WHOLE,
  ): { texts: string[]; last: bigint | undefined } {
    const rows = this.file.wide(
      `SELECT ${output.sql}, rev FROM doc ${rev === undefined ? "" : "WHERE rev > ?"} ORDER BY rev LIMIT ?`,
    ).all(...output.values, ...(rev === undefined ? [] : [signed(rev)]), limit);
    const last = rows.at(-1)?.[1];
    return { texts: rows.map(([text]) => text as string), last: last === undefined ? undefined : unsigned(last) };
  }

  /**
   * The texts of at most `limit` documents after a revision as bytes, put together by SQLite.
   *
   * @param separator what stands between two documents
   */
  textAfter(
    rev: bigint | undefined,
    limit: number,
    separator: string,
  ): { text: Uint8Array; last: bigint; count: number } {
    const row = this.file.wide(
      `SELECT CAST(group_concat(text, ?) AS BLOB), max(rev), count(*)
       FROM (SELECT rev, text FROM doc ${
        rev === undefined ? "WHERE ?2 IS NULL" : "WHERE rev > ?2"
      } ORDER BY rev LIMIT ?3)`,
    ).get(separator, rev === undefined ? null : signed(rev), limit)!;
    return { text: (row[0] ?? new Uint8Array()) as Uint8Array, last: unsigned(row[1] ?? 0n), count: Number(row[2]) };
  }

  /**
   * Looks through at most `limit` documents after a revision: what SQLite makes of those that fulfil a condition, as one
   * text with commas between.
   *
   * @param output what is made of a document; the document itself where it is absent
   * @param condition which documents are wanted; all where it is absent
   */
  scanAfter(
    rev: bigint | undefined,
    limit: number,
    output: SqlPart | undefined,
    condition: SqlPart | undefined,
  ): { text: Uint8Array; last: bigint; count: number } {
    const row = this.file.wide(
      `SELECT CAST(group_concat(${output?.sql ?? "text"}, ',') ${
        condition ? `FILTER (WHERE ${condition.sql})` : ""
      } AS BLOB), max(rev), count(*)
       FROM (SELECT rev, key, text FROM doc ${rev === undefined ? "" : "WHERE rev > ?"} ORDER BY rev LIMIT ?)`,
    ).get(
      ...(output?.values ?? []),
      ...(condition?.values ?? []),
      ...(rev === undefined ? [limit] : [signed(rev), limit]),
    )!;
    return { text: (row[0] ?? new Uint8Array()) as Uint8Array, last: unsigned(row[1] ?? 0n), count: Number(row[2]) };
  }

  /**
   * Goes past documents in the order of {@linkcode scanAfter}.
   *
   * @param count how many; `Infinity` to count what is left
   * @returns how many there were, and the last one's revision; undefined if that was all
   */
  pass(rev: bigint | undefined, count: number): { passed: number; last: bigint | undefined } {
    const where = rev === undefined ? "" : "WHERE rev > ?";
    const values = rev === undefined ? [] : [signed(rev)];
    const row = count === Infinity
      ? undefined
      : this.file.wide(`SELECT rev FROM doc ${where} ORDER BY rev LIMIT 1 OFFSET ?`).get(...values, count - 1);
    if (row) return { passed: count, last: unsigned(row[0]!) };
    const left = rev === undefined
      ? this.count()
      : this.file.sql(`SELECT count(*) FROM doc ${where}`).get(...values)![0];
    return { passed: left as number, last: undefined };
  }

  /** What SQLite makes of the document with a key. */
  textOfKey(key: string, output: SqlPart): string | undefined {
    return this.file.sql(`SELECT ${output.sql} FROM doc WHERE key = ?`).get(...output.values, key)?.[0] as
      | string
      | undefined;
  }

  /** A document that is taken at random, as its text; undefined if there is none. */
  randomText(random: () => number): string | undefined {
    const place = Math.floor(random() * this.count());
    const row = this.file.sql("SELECT text FROM doc LIMIT 1 OFFSET ?").get(place);
    return row?.[0] as string | undefined;
  }

  /**
   * Parts of at most `limit` documents after a revision, ascending by revision.
   *
   * @param paths SQLite's JSON paths
   * @returns `values`: a JSON array with the value at each path, null where there is none, and one more
   */
  valuesAfter(rev: bigint | undefined, limit: number, paths: readonly string[]): { rev: bigint; values: string }[] {
    // with a single path SQLite would give the bare value
    const wanted = [...paths, "$._key"];
    const rows = this.file.wide(
      `SELECT rev, json_extract(text, ${wanted.map(() => "?").join(", ")}) FROM doc
       ${rev === undefined ? "" : "WHERE rev > ?"} ORDER BY rev LIMIT ?`,
    ).all(...wanted, ...(rev === undefined ? [] : [signed(rev)]), limit);
    return rows.map(([found, values]) => ({ rev: unsigned(found), values: values as string }));
  }

  /** The sizes in bytes of at most `limit` documents after a revision. */
  sizesAfter(rev: bigint | undefined, limit: number): number[] {
    const rows = rev === undefined
      ? this.file.sql("SELECT octet_length(text) FROM doc ORDER BY rev LIMIT ?").all(limit)
      : this.file.sql("SELECT octet_length(text) FROM doc WHERE rev > ? ORDER BY rev LIMIT ?").all(signed(rev), limit);
    return rows.map(([size]) => size as number);
  }

  /** At most `limit` revisions in an inclusive range, ascending. */
  revisionsBetween(first: bigint, last: bigint, limit: number): bigint[] {
    return this.file.wide("SELECT rev FROM doc WHERE rev BETWEEN ? AND ? ORDER BY rev LIMIT ?")
      .all(signed(first), signed(last), limit).map(([rev]) => unsigned(rev));
  }

  /** The largest revision. */
  lastRevision(): bigint | undefined {
    const rev = this.file.wide("SELECT max(rev) FROM doc").get()![0];
    return rev === null ? undefined : unsigned(rev);
  }

  /** The largest key that is a number below 2^63; 0 if there is none. It looks at all keys. */
  largestNumericKey(): bigint {
    return this.file.wide(
      `SELECT coalesce(max(CAST(key AS INTEGER)), 0) FROM doc
       WHERE key GLOB '[0-9]*' AND key NOT GLOB '*[^0-9]*' AND CAST(CAST(key AS INTEGER) AS TEXT) = key`,
    ).get()![0] as bigint;
  }

  /** The largest number that a key of 16 hexadecimal digits stands for; 0 if there is none. */
  largestPaddedKey(): bigint {
    const [key] = this.file.sql("SELECT max(key) FROM doc WHERE length(key) = 16 AND key NOT GLOB '*[^0-9a-f]*'")
      .get()!;
    return key === null ? 0n : BigInt(`0x${key}`);
  }

  /** At most `limit` keys with their revisions, in the byte order of the keys, from a key on. */
  keysFrom(key: string, limit: number, offset = 0): KeyAndRevision[] {
    return this.file.wide("SELECT key, rev FROM doc WHERE key >= ? ORDER BY key LIMIT ? OFFSET ?").all(
      key,
      limit,
      offset,
    )
      .map(([found, rev]) => ({ key: found as string, rev: unsigned(rev) }));
  }

  /** Keys with revisions outside of an inclusive range of keys. */
  keysOutside(low: string, high: string): KeyAndRevision[] {
    return this.file.wide("SELECT key, rev FROM doc WHERE key < ? OR key > ?").all(low, high)
      .map(([key, rev]) => ({ key: key as string, rev: unsigned(rev) }));
  }

  /** At most `limit` edges that start (`from`) or end (`to`) at a vertex, ascending by revision. */
  edges(end: "from" | "to", vertex: string, after: bigint, limit: number): StoredDocument[] {
    return this.file.wide(`SELECT ${this.#columns} FROM doc WHERE "${end}" = ? AND rev > ? ORDER BY rev LIMIT ?`)
      .all(vertex, signed(after), limit).map((row) => this.#document(row));
  }

  /**
   * The edges that start (`from`) or end (`to`) at each of some vertices, ascending by revision: a JSON text for each
   * vertex, put together by SQLite.
   *
   * @param what `ends`: `[other end, …]`, `identities`: `[[other end, …], "revision revision …"]`, both read from the index alone;
   *   `edges`: the whole edges, `[{…}, …]`
   * @param limit the most edges of one vertex; -1 for all
   */
  edgesOf(
    end: "from" | "to",
    vertices: readonly string[],
    what: "ends" | "identities" | "edges",
    limit: number,
  ): string[] {
    const text = {
      ends: "json_group_array(other)",
      identities: `'[' || json_group_array(other) || ',"' || coalesce(group_concat(rev, ' '), '') || '"]'`,
      edges: `'[' || coalesce(group_concat(text, ','), '') || ']'`,
    }[what];
    const columns = what === "edges" ? "text" : `"${end === "from" ? "to" : "from"}" AS other, rev`;
    return this.file.sql(
      `SELECT (SELECT ${text} FROM (SELECT ${columns} FROM doc WHERE "${end}" = vertex.value ORDER BY rev LIMIT ?2))
       FROM json_each(?1) AS vertex`,
    ).all(JSON.stringify(vertices), limit).map(([edges]) => edges as string);
  }

  /** The texts of the documents with these keys, in their order; null where there is none. */
  textsOf(keys: readonly string[]): (string | null)[] {
    return this.file.sql("SELECT (SELECT text FROM doc WHERE key = wanted.value) FROM json_each(?) AS wanted")
      .all(JSON.stringify(keys)).map(([text]) => text as string | null);
  }

  /**
   * What SQLite makes of the documents with these keys, in their order, as one text with commas between; `null` where there
   * is none.
   *
   * @param output what is made of a document; the document itself where it is absent
   */
  textOfKeys(keys: readonly string[], output?: SqlPart): Uint8Array {
    return this.#textOf("key", JSON.stringify(keys), output);
  }

  /** As {@linkcode textOfKeys}, by revisions. */
  textOfRevisions(revs: readonly bigint[], output?: SqlPart): Uint8Array {
    return this.#textOf("rev", `[${revs.map(signed)}]`, output);
  }

  #textOf(column: "key" | "rev", wanted: string, output: SqlPart | undefined): Uint8Array {
    const [text] = this.file.sql(
      `SELECT CAST(group_concat(coalesce((SELECT ${
        output?.sql ?? "text"
      } FROM doc WHERE ${column} = wanted.value), 'null'), ',') AS BLOB) FROM json_each(?) AS wanted`,
    ).get(...(output?.values ?? []), wanted)!;
    return (text ?? new Uint8Array()) as Uint8Array;
  }

  /** Which of these keys documents have, read from the index alone. */
  present(keys: readonly string[]): boolean[] {
    // a join: a subquery for each key takes SQLite half as long again
    return this.file.sql(
      "SELECT doc.key IS NOT NULL FROM json_each(?) AS wanted LEFT JOIN doc ON doc.key = wanted.value",
    )
      .all(JSON.stringify(keys)).map(([found]) => found === 1);
  }

  /** Adds a document; its key and revision are new. */
  insert(document: StoredDocument): void {
    const { rev, key, text } = document;
    if (this.edge) {
      this.file.sql("INSERT INTO doc VALUES (?, ?, ?, ?, ?)").run(signed(rev), key, document.from!, document.to!, text);
    } else {
      this.file.sql("INSERT INTO doc VALUES (?, ?, ?)").run(signed(rev), key, text);
    }
  }

  /** Adds many documents; their keys and revisions are new. */
  insertAll(documents: readonly StoredDocument[]): void {
    const row = this.edge ? "(?,?,?,?,?)" : "(?,?,?)";
    for (let next = 0; next < documents.length;) {
      const rows = rowsAtOnce(documents.length - next);
      const values: SqlValue[] = [];
      for (const end = next + rows; next < end; next++) {
        const { rev, key, from, to, text } = documents[next]!;
        values.push(signed(rev), key);
        if (this.edge) values.push(from!, to!);
        values.push(text);
      }
      this.file.sql(`INSERT INTO ${this.written} VALUES ${repeated(row, rows)}`).run(...values);
    }
  }

  /** Removes the documents with these revisions. */
  removeAll(revs: readonly bigint[]): void {
    if (revs.length === 1) return this.remove(revs[0]!);
    this.file.sql("DELETE FROM doc WHERE rev IN (SELECT value FROM json_each(?))").run(`[${revs.map(signed)}]`);
  }

  /** Moves what the write-ahead log holds into the file itself, as far as no reader needs it. */
  checkpoint(): void {
    this.file.exec("PRAGMA wal_checkpoint(PASSIVE)");
  }

  /** Leaves the write-ahead log as it is until {@linkcode checkpoint}, or does not. */
  deferCheckpoints(defer: boolean): void {
    this.file.exec(`PRAGMA wal_autocheckpoint = ${defer ? 0 : LOG_PAGES}`);
  }

  /** Removes the document with a revision. */
  remove(rev: bigint): void {
    this.file.sql("DELETE FROM doc WHERE rev = ?").run(signed(rev));
  }

  /** Rewrites the `_id` attributes after a rename. */
  rename(oldName: string, newName: string): void {
    const [before, after] = [oldName, newName].map((name) => JSON.stringify(name).slice(1, -1));
    this.file.sql(
      `UPDATE doc SET text = '{"_key":"' || key || '","_id":"' || ?1 || '/' || key || '"'
         || substr(text, length('{"_key":"' || key || '","_id":"' || ?2 || '/' || key || '"') + 1)`,
    ).run(after!, before!);
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
   * Documents whose index entry lies in a range, in the order of the index.
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
      this.documentsOfEntries(id, this.#columns.map((column) => `d.${column}`), where, descending ? "DESC" : ""),
    )
      .all(...values);
    return rows.map((row) => this.#document(row));
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
    const { where, order, values } = rangeSql(range, after);
    const row = count === Infinity ? undefined : this.file.wide(
      `SELECT k, rev FROM index_${id} i WHERE ${where} ORDER BY i.k ${order}, i.rev ${order} LIMIT 1 OFFSET ?`,
    ).get(...values, count - 1);
    if (row) return { passed: count, last: { key: row[0] as Uint8Array, rev: row[1] as bigint } };
    const [left] = this.file.sql(`SELECT count(*) FROM index_${id} i WHERE ${where}`).get(...values)!;
    return { passed: left as number, last: undefined };
  }

  /** The first entry of an index from a place on, and the revision of its document. */
  firstEntry(id: bigint, from: Uint8Array): { key: Uint8Array; rev: bigint } | undefined {
    const row = this.file.wide(`SELECT k, rev FROM index_${id} WHERE k >= ? ORDER BY k LIMIT 1`).get(from);
    return row && { key: row[0] as Uint8Array, rev: unsigned(row[1]!) };
  }

  /** A page of the entries of {@linkcode indexPage}, without the documents. */
  indexEntries(id: bigint, range: IndexBytes, after: IndexPosition | undefined, limit: number): IndexPosition[] {
    const { where, order, values } = rangeSql(range, after);
    return this.file.wide(
      `SELECT k, rev FROM index_${id} i WHERE ${where} ORDER BY i.k ${order}, i.rev ${order} LIMIT ?`,
    ).all(...values, limit).map(([key, rev]) => ({ key: key as Uint8Array, rev: rev as bigint }));
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
    const { where, order, values } = rangeSql(range, after);
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
    const { where, order, values } = rangeSql(range, after);
    return this.file.sql(this.documentsOfEntries(id, [output.sql], where, order))
      .all(...output.values, ...values, limit).map(([text]) => text as string);
  }

  [Symbol.dispose](): void {
    this.file[Symbol.dispose]();
  }
}

/** How many of the rows that are left go into the next statement: a few sizes, so that few statements are prepared. */
function rowsAtOnce(left: number): number {
  return left >= MOST_ROWS_PER_INSERT ? MOST_ROWS_PER_INSERT : Math.min(left, ROWS_PER_INSERT);
}

function repeated(row: string, count: number): string {
  return Array(count).fill(row).join(",");
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

/** The SQL for the entries of a range that come after a place. */
function rangeSql(
  { from, to, descending }: IndexBytes,
  after: IndexPosition | undefined,
): { where: string; order: string; values: SqlValue[] } {
  const order = descending ? "DESC" : "";
  if (!after) return { where: "i.k >= ? AND i.k < ?", order, values: [from, to] };
  // with the border that lies behind as well, SQLite would go through the whole range again
  const { key, rev } = after;
  return descending
    ? { where: "i.k >= ? AND (i.k, i.rev) < (?, ?)", order, values: [from, key, rev] }
    : { where: "(i.k, i.rev) > (?, ?) AND i.k < ?", order, values: [key, rev, to] };
}

/**
 * The documents of a collection file.
 *
 * They lie in the order of their revisions, which are their row ids, as complete JSON texts: a dump is a scan that copies text,
 * the newest documents are neighbours, and a range of revisions is a key range. Measured: a dump by `group_concat` of ready
 * texts gives 2,300,000 documents a second, one that puts texts together 500,000.
 *
 * @module
 */
import type { SqlPart } from "./document_sql.ts";
import { repeated, rowsAtOnce } from "./many_rows.ts";
import type { SqliteFile, SqlRow, SqlValue } from "./sqlite.ts";

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

/** The text of a document at a glance. */
export interface KeyAndRevision {
  readonly key: string;
  readonly rev: bigint;
}

/** The SQL of a document itself. */
export const WHOLE: SqlPart = { sql: "text", values: [] };

/** A revision as SQLite has it: its integers are signed. */
export function signed(revision: bigint): bigint {
  return BigInt.asIntN(64, revision);
}

/** A revision that was read from SQLite. */
export function unsigned(value: unknown): bigint {
  return BigInt.asUintN(64, value as bigint);
}

/** The documents in an open collection file. */
export abstract class DocumentTable {
  /** The underlying file. */
  readonly file: SqliteFile;
  /** Whether the documents are edges. */
  readonly edge: boolean;
  /** The columns of a document, see {@linkcode StoredDocument}. */
  protected readonly columns: readonly string[];
  /** What {@linkcode documentLength} has found. */
  #documentLength = 0;

  protected constructor(file: SqliteFile, edge: boolean) {
    this.file = file;
    this.edge = edge;
    this.columns = edge ? ["rev", "key", "text", `"from"`, `"to"`] : ["rev", "key", "text"];
  }

  /** The table that new documents go to. */
  protected get written(): string {
    return "doc";
  }

  /** The document that a row of {@linkcode columns} has. */
  protected document(row: SqlRow): StoredDocument {
    const [rev, key, text, from, to] = row;
    const document = { rev: unsigned(rev), key: key as string, text: text as string };
    return this.edge ? { ...document, from: from as string, to: to as string } : document;
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

  /** The document with a key. */
  byKey(key: string): StoredDocument | undefined {
    const row = this.file.wide(`SELECT ${this.columns} FROM doc WHERE key = ?`).get(key);
    return row && this.document(row);
  }

  /** The documents with these keys, in no order; missing ones are left out. */
  byKeys(keys: readonly string[]): StoredDocument[] {
    return this.file.wide(`SELECT ${this.columns} FROM doc WHERE key IN (SELECT value FROM json_each(?))`)
      .all(JSON.stringify(keys)).map((row) => this.document(row));
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
    const row = this.file.wide(`SELECT ${this.columns} FROM doc WHERE rev = ?`).get(signed(rev));
    return row && this.document(row);
  }

  /** The documents with these revisions, ascending by revision; missing ones are left out. */
  byRevisions(revs: readonly bigint[]): StoredDocument[] {
    const rows = this.file.wide(
      `SELECT ${this.columns} FROM doc WHERE rev IN (SELECT value FROM json_each(?)) ORDER BY rev`,
    ).all(`[${revs.map(signed)}]`);
    return rows.map((row) => this.document(row));
  }

  /** At most `limit` documents after a revision, ascending by revision. */
  documentsAfter(rev: bigint | undefined, limit: number): StoredDocument[] {
    const rows = rev === undefined
      ? this.file.wide(`SELECT ${this.columns} FROM doc ORDER BY rev LIMIT ?`).all(limit)
      : this.file.wide(`SELECT ${this.columns} FROM doc WHERE rev > ? ORDER BY rev LIMIT ?`).all(signed(rev), limit);
    return rows.map((row) => this.document(row));
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

  /** At most `limit` edges that start (`from`) or end (`to`) at a vertex, ascending by revision. */
  edges(end: "from" | "to", vertex: string, after: bigint, limit: number): StoredDocument[] {
    return this.file.wide(`SELECT ${this.columns} FROM doc WHERE "${end}" = ? AND rev > ? ORDER BY rev LIMIT ?`)
      .all(vertex, signed(after), limit).map((row) => this.document(row));
  }

  /** Where the edges of {@linkcode edges} lead, read from the index alone. */
  edgeEnds(end: "from" | "to", vertex: string, after: bigint, limit: number): { rev: bigint; other: string }[] {
    const other = end === "from" ? "to" : "from";
    return this.file.wide(`SELECT "${other}", rev FROM doc WHERE "${end}" = ? AND rev > ? ORDER BY rev LIMIT ?`)
      .all(vertex, signed(after), limit).map(([id, rev]) => ({ other: id as string, rev: unsigned(rev) }));
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

  /** What SQLite makes of the documents with these revisions, in their order, a text for each. */
  textsOfRevisions(revs: readonly bigint[], output: SqlPart): string[] {
    return this.file.sql(
      `SELECT (SELECT ${output.sql} FROM doc WHERE rev = wanted.value) FROM json_each(?) AS wanted`,
    ).all(...output.values, `[${revs.map(signed)}]`).map(([text]) => text as string);
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
}

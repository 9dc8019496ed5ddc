/**
 * The tables of a collection file.
 *
 * @module
 */
import { INITIAL_RANGE } from "../base/revision_tree.ts";
import type { SqliteFile } from "./sqlite.ts";

/** The file format that this version writes. Older ones are migrated, newer ones refused. */
export const COLLECTION_FORMAT = 4;
/** What each step up to a format does, from format 2 on. */
export const COLLECTION_MIGRATIONS: readonly string[] = [
  "ALTER TABLE state ADD COLUMN last_key INTEGER",
  "ALTER TABLE state ADD COLUMN last_removal INTEGER NOT NULL DEFAULT 0",
  // nulls are left out of the arrays and objects in entries: see withoutOldEntries()
  "",
];

/**
 * Drops the tables of secondary indexes in which arrays or objects may have nulls, as before format 4. Whoever opens the
 * collection makes them again.
 */
export function withoutOldEntries(file: SqliteFile): void {
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

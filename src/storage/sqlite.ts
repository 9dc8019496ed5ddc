/**
 * A database file: statements prepared once, transactions, errors in ArangoDB's numbers.
 *
 * @module
 */
import { DatabaseSync, type SQLInputValue, type SQLOutputValue, type StatementSync } from "node:sqlite";
import { ArangoError } from "../base/arango_error.ts";
import type { ErrorName } from "../base/error_table.ts";
import type { Checkpointer } from "./checkpointer.ts";

/**
 * How many pages the write-ahead log holds before they go into the file. A page that is changed again and again goes there
 * once, so that more of them make writing cheaper; up to this number SQLite finds a page in the log by one table.
 */
const LOG_PAGES = 4000;
/** How many it holds at most where a {@linkcode Checkpointer} sees to it: whoever writes then does what is left. */
const MOST_LOG_PAGES = 2 * LOG_PAGES;

/** A value that goes into a statement. */
export type SqlValue = SQLInputValue;
/** A row as an array, in the order of the columns; integers of statements from {@linkcode SqliteFile.wide} are BigInt. */
export type SqlRow = SQLOutputValue[];

/** Mebibytes of page cache, unless a file asks for others. */
const CACHE = 8;
/** Mebibytes of page cache while much is written. */
const LARGE_CACHE = 64;

/** How long a writer waits for another process, in milliseconds, before error 18. */
const BUSY_TIMEOUT = 60_000;

/** A statement whose rows come as arrays. */
export interface Statement {
  get(...values: SqlValue[]): SqlRow | undefined;
  all(...values: SqlValue[]): SqlRow[];
  run(...values: SqlValue[]): number;
}

/** `setReturnArrays` is missing in Deno's declarations of node:sqlite. */
interface ArrayStatement extends StatementSync {
  setReturnArrays(enabled: boolean): void;
}

/** Each call has a try of its own: a function around all of them takes as long as SQLite takes to find a key. */
class PreparedStatement implements Statement {
  readonly #statement: StatementSync;
  readonly #path: string;

  constructor(statement: StatementSync, path: string) {
    this.#statement = statement;
    this.#path = path;
  }

  get(...values: SqlValue[]): SqlRow | undefined {
    try {
      return this.#statement.get(...values) as unknown as SqlRow | undefined;
    } catch (cause) {
      throw storageError(cause, this.#path);
    }
  }

  all(...values: SqlValue[]): SqlRow[] {
    try {
      return this.#statement.all(...values) as unknown as SqlRow[];
    } catch (cause) {
      throw storageError(cause, this.#path);
    }
  }

  run(...values: SqlValue[]): number {
    try {
      return Number(this.#statement.run(...values).changes);
    } catch (cause) {
      throw storageError(cause, this.#path);
    }
  }
}

/** What is wrong with a file. */
interface Failure {
  /** SQLite's primary result codes. */
  readonly codes: readonly number[];
  /** SQLite's texts, for errors that come without a code. */
  readonly texts: RegExp;
  readonly error: ErrorName;
  readonly message: (path: string, text: string) => string;
}

const FAILURES: readonly Failure[] = [
  {
    codes: [5, 6],
    texts: /is locked/,
    error: "ERROR_LOCK_TIMEOUT",
    message: (path) => `timeout waiting for a lock: another process keeps writing to ${path}`,
  },
  {
    codes: [8],
    texts: /readonly database/,
    error: "ERROR_ARANGO_READ_ONLY",
    message: (path) => `read only: cannot write to ${path}`,
  },
  {
    codes: [11, 26],
    texts: /malformed|is not a database/,
    error: "ERROR_ARANGO_CORRUPTED_DATAFILE",
    message: (path, text) => `corrupted datafile: ${path} is no intact denosh file (${text}); restore it from a copy`,
  },
  {
    codes: [13],
    texts: /disk is full/,
    error: "ERROR_ARANGO_FILESYSTEM_FULL",
    message: (path) => `filesystem full: no space left to write ${path}; free some and try again`,
  },
];

/** Turns what SQLite throws into ArangoDB's errors: full disk 1104, read-only 1004, lock timeout 18, the rest 2. */
export function storageError(cause: unknown, path: string): ArangoError {
  if (cause instanceof ArangoError) return cause;
  const { errcode } = cause as { errcode?: number };
  const text = cause instanceof Error ? cause.message : String(cause);
  const failure = FAILURES.find(({ codes, texts }) =>
    errcode === undefined ? texts.test(text) : codes.includes(errcode & 0xff)
  );
  if (!failure) return new ArangoError("ERROR_SYS_ERROR", `cannot use ${path}: ${text}`, { cause });
  return new ArangoError(failure.error, failure.message(path, text), { cause });
}

/** Statements that are run so often that they are prepared. */
const TRANSACTIONAL = /^(?:BEGIN(?: IMMEDIATE)?|COMMIT|ROLLBACK|SAVEPOINT step|RELEASE step|ROLLBACK TO step)$/;

/**
 * A statement that SQLite plans once. Where a LIMIT is nothing but a parameter, it plans for the value of that, and so anew
 * whenever one is bound: 5 to 10 µs, where finding a row takes 3.
 */
function plannedOnce(sql: string): string {
  return sql.replaceAll(/\bLIMIT (\?\d*)/g, "LIMIT $1 + 0");
}

/** Options of {@linkcode SqliteFile}. */
export interface FileOptions {
  readonly readOnly?: boolean;
  /** Bytes of a page of a new file. */
  readonly pageSize?: number;
  /** `wal` for files that others read meanwhile, `off` for one that nobody knows yet. */
  readonly journal: "wal" | "truncate" | "keep";
  /** Mebibytes of page cache. */
  readonly cacheMiB?: number;
  /** Map the file into memory: faster scans, but what was read counts as the process's memory. */
  readonly map?: boolean;
  /** Brings the write-ahead log into the file; whoever writes does when absent. */
  readonly checkpointer?: Checkpointer | undefined;
  /** Nobody needs the file after a crash: nothing waits for the disk. */
  readonly isThrowAway?: boolean;
}

/** One open SQLite file. */
export class SqliteFile implements Disposable {
  /** Where the file lies. */
  readonly path: string;
  readonly #database: DatabaseSync;
  readonly #narrow = new Map<string, Statement>();
  readonly #wide = new Map<string, Statement>();
  readonly #cacheMiB: number;
  readonly #isThrowAway: boolean;
  readonly #checkpointer: Checkpointer | undefined;
  /** How many pages the write-ahead log had when a checkpoint was asked for. */
  #asked = 0;
  #hasLargeCache = false;

  /**
   * Opens or creates a file.
   *
   * @throws ArangoError 2, 18, 1004, 1100, 1104 as {@linkcode storageError} tells
   */
  constructor(path: string, options: FileOptions) {
    this.path = path;
    this.#cacheMiB = options.cacheMiB ?? CACHE;
    this.#isThrowAway = options.isThrowAway ?? false;
    this.#checkpointer = options.checkpointer;
    try {
      this.#database = new DatabaseSync(path, { readOnly: options.readOnly ?? false, timeout: BUSY_TIMEOUT });
      const setUp = [`PRAGMA cache_size = ${-1024 * this.#cacheMiB}`];
      if (options.map) setUp.push("PRAGMA mmap_size = 2147418112");
      if (options.pageSize) setUp.unshift(`PRAGMA page_size = ${options.pageSize}`);
      if (!options.readOnly && options.journal === "wal") {
        setUp.push(
          "PRAGMA journal_mode = WAL",
          `PRAGMA synchronous = ${this.#isThrowAway ? "OFF" : "NORMAL"}`,
          `PRAGMA wal_autocheckpoint = ${this.#logPages}`,
        );
      }
      if (options.journal === "truncate") setUp.push("PRAGMA journal_mode = TRUNCATE", "PRAGMA synchronous = OFF");
      this.#database.exec(setUp.join(";"));
    } catch (cause) {
      throw storageError(cause, path);
    }
  }

  get #logPages(): number {
    return this.#checkpointer ? MOST_LOG_PAGES : LOG_PAGES;
  }

  /** Runs statements that give no rows. */
  exec(sql: string): void {
    if (TRANSACTIONAL.test(sql)) {
      this.sql(sql).run();
      return;
    }
    try {
      this.#database.exec(sql);
    } catch (cause) {
      throw storageError(cause, this.path);
    }
  }

  #prepare(sql: string, wide: boolean): Statement {
    const cache = wide ? this.#wide : this.#narrow;
    let statement = cache.get(sql);
    if (!statement) {
      try {
        const prepared = this.#database.prepare(plannedOnce(sql));
        (prepared as ArrayStatement).setReturnArrays(true);
        if (wide) prepared.setReadBigInts(true);
        statement = new PreparedStatement(prepared, this.path);
      } catch (cause) {
        throw storageError(cause, this.path);
      }
      cache.set(sql, statement);
    }
    return statement;
  }

  /** A statement, prepared once, whose integers fit a number. */
  sql(text: string): Statement {
    return this.#prepare(text, false);
  }

  /** A statement, prepared once, whose integers come as BigInt. */
  wide(text: string): Statement {
    return this.#prepare(text, true);
  }

  /** Runs `body` in a write transaction that no other process's can overlap; inside of one, as a part of it. */
  transaction<T>(body: () => T): T {
    if (this.inTransaction) return body();
    this.exec("BEGIN IMMEDIATE");
    try {
      const result = body();
      this.commit();
      return result;
    } catch (error) {
      if (this.inTransaction) this.exec("ROLLBACK");
      throw error;
    }
  }

  /** Ends a transaction that has written. */
  commit(): void {
    this.exec("COMMIT");
    if (!this.#checkpointer) return;
    const pages = this.sql("PRAGMA wal_checkpoint(NOOP)").get()![1] as number;
    // the log has begun anew
    if (pages < this.#asked) this.#asked = 0;
    if (pages - this.#asked < LOG_PAGES) return;
    this.#asked = pages;
    this.#checkpointer.request(this.path);
  }

  /** Leaves the write-ahead log as it is for now, or does not. */
  deferCheckpoints(defer: boolean): void {
    this.exec(`PRAGMA wal_autocheckpoint = ${defer ? 0 : this.#logPages}`);
  }

  /** Whether a transaction is open. */
  get inTransaction(): boolean {
    return this.#database.isOpen && this.#database.isTransaction;
  }

  /**
   * Lets a transaction that writes much keep its pages in memory, or ends that. Pages that do not fit are written early, and
   * again when they change once more. Measured: an UPSERT of 100,000 documents into 300,000 takes two thirds of the time.
   */
  setLargeCache(isLarge: boolean): void {
    if (isLarge === this.#hasLargeCache) return;
    this.#hasLargeCache = isLarge;
    this.exec(`PRAGMA cache_size = ${-1024 * (isLarge ? LARGE_CACHE : this.#cacheMiB)}`);
  }

  /** The bytes of the file that hold something. */
  bytes(): number {
    const [pages, free, size] = ["page_count", "freelist_count", "page_size"].map((name) =>
      this.sql(`PRAGMA ${name}`).get()![0] as number
    );
    return (pages! - free!) * size!;
  }

  /** Lets committed transactions reach the disk before their commit returns, or not. */
  setDurable(durable: boolean): void {
    if (!this.#isThrowAway) this.exec(`PRAGMA synchronous = ${durable ? "FULL" : "NORMAL"}`);
  }

  [Symbol.dispose](): void {
    this.#narrow.clear();
    this.#wide.clear();
    if (this.#database.isOpen) this.#database.close();
  }
}

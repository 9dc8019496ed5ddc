/**
 * A data directory: databases, their collections, transactions and snapshots.
 *
 * Several processes may have the same directory open; each sees the others' committed changes with its next operation.
 *
 * @module
 */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { ArangoError, arangoError } from "../base/arango_error.ts";
import { illegalName, isDatabaseName } from "../base/names.ts";
import { HybridClock } from "../base/revision.ts";
import { Catalog } from "../storage/catalog.ts";
import type { Checkpointer } from "../storage/checkpointer.ts";
import { Collection, type LockPurpose } from "./collection.ts";
import type { ExpressionCompiler } from "./computed_values.ts";
import { abandonedFiles, deleteFile, makeDirectory, throwAwayDirectory } from "./data_directory.ts";
import { Database } from "./database.ts";
import type { DocumentLocks } from "./document_locks.ts";
import {
  copyOfFile,
  createFile,
  emptyFile,
  type Installation,
  installCollection,
  swapFile,
  type SwapOptions,
} from "./file_exchange.ts";
import { HeldFiles } from "./held_files.ts";
import type { IndexDefinition } from "./index_definition.ts";
import { LogLimit } from "./log_limit.ts";
import { MARKER } from "./markers.ts";
import { OpenFiles } from "./open_files.ts";
import { type BeginOptions, OpenTransaction } from "./open_transaction.ts";
import { Snapshot } from "./snapshot.ts";
import { Transaction } from "./transaction.ts";

/** The directory name that stands for a throw-away one. */
export const MEMORY = ":memory:";
/** How many ids are taken from the catalog at once. */
const ID_BLOCK = 512;
/** For how many milliseconds of a turn what is known of other processes is taken to be all. */
const FRESH = 2;

/** Options of {@linkcode Engine.open}. */
export interface EngineOptions {
  /** The data directory, made if missing; {@linkcode MEMORY} for one that vanishes when the engine closes. */
  readonly directory: string;
  /** Refuse every change with error 1004. */
  readonly readOnly?: boolean;
  /** The wall clock, in milliseconds since 1970. */
  readonly now?: () => number;
  /** Whether a document cannot be changed (1200) that somebody else has changed while it was waited for. @default false */
  readonly conflicts?: boolean;
  /** Gives out revisions for another engine on the directory too, so that both never give out the same one. */
  readonly clock?: HybridClock;
  /** Brings write-ahead logs into their files; whoever writes does when absent. */
  readonly checkpointer?: Checkpointer | undefined;
  /** The bytes of the catalog file from which on half of the log is forgotten; 1 GiB when absent. */
  readonly logBytes?: number;
}

/** An open data directory. */
export class Engine implements Disposable {
  /** The data directory. */
  readonly directory: string;
  /** Whether every change is refused. */
  readonly readOnly: boolean;
  /** Whether the directory vanishes when the engine closes. */
  readonly isTemporary: boolean;
  /** The catalog file. */
  readonly catalog: Catalog;
  /** The collection files that are open. */
  readonly files: OpenFiles;
  /** Gives out revisions. */
  readonly clock: HybridClock;
  /** Brings write-ahead logs into their files, if somebody does. */
  readonly checkpointer: Checkpointer | undefined;
  /** Identifies the data directory among servers: decimal digits. */
  readonly serverId: string;
  /** Asked before a collection is locked for writing; throws to refuse. */
  guard: ((collection: Collection, purpose: LockPurpose) => void) | undefined;
  /** What transactions that last have claimed; undefined where there can be none. */
  locks: DocumentLocks | undefined;
  /** Compiles the expressions of computed values; without it, collections that have some cannot be written. */
  expressions: ExpressionCompiler | undefined;
  /** Counts the changes that other processes have committed. */
  epoch = 0;
  /** Counts the changes of definitions: databases, collections, indexes. */
  definitions = 0;
  /** Files whose state several requests share. */
  readonly held: HeldFiles = new HeldFiles();
  readonly #databases = new Map<string, Database>();
  readonly #collections = new Map<bigint, Collection>();
  #transaction: Transaction | undefined;
  #open: OpenTransaction | undefined;
  #defining = false;
  readonly #logLimit: LogLimit;
  readonly #conflicts: boolean;
  #ids: { next: bigint; last: bigint } = { next: 1n, last: 0n };
  /** In a turn: until when what is known of other processes is taken to be all. */
  #freshUntil: number | undefined;

  private constructor(options: EngineOptions) {
    this.isTemporary = options.directory === MEMORY;
    this.directory = this.isTemporary ? throwAwayDirectory() : options.directory;
    this.readOnly = options.readOnly ?? false;
    this.#conflicts = options.conflicts ?? false;
    const collections = join(this.directory, "collections");
    if (!this.readOnly) makeDirectory(collections);
    this.checkpointer = options.checkpointer;
    const { readOnly, isTemporary: isThrowAway, checkpointer } = this;
    const files = { readOnly, isThrowAway, checkpointer };
    this.catalog = new Catalog(join(this.directory, "denosh.sqlite"), {
      ...files,
      newServerId: () => (BigInt(crypto.getRandomValues(new BigUint64Array(1))[0]!) >> 17n | 1n).toString(),
    });
    // opening a file that lags behind rolls it forward
    this.#logLimit = new LogLimit(this.catalog, options.logBytes, (id) => this.#collections.get(id)?.reading());
    this.serverId = this.catalog.meta("serverId")!;
    this.files = new OpenFiles(collections, files);
    // threads and processes that have the directory open at the same time shall not give out the same revisions
    const instance = BigInt(crypto.getRandomValues(new Uint32Array(1))[0]!);
    this.clock = options.clock ?? new HybridClock(options.now ?? Date.now, BigInt(this.serverId) + instance);
    this.refresh();
    if (this.#databases.size === 0 && !this.readOnly) this.#createSystemDatabase();
  }

  /**
   * Opens a data directory.
   *
   * @throws ArangoError 2 cannot be made or opened, 4 written by a newer denosh, 1100 damaged
   */
  static open(options: EngineOptions): Engine {
    return new Engine(options);
  }

  #createSystemDatabase(): void {
    this.define(() => {
      if (this.catalog.databases().length === 0) this.catalog.addDatabase({ id: 1n, name: "_system", options: "{}" });
    });
  }

  /**
   * Does the work of one request: what other processes have committed is looked for at its start and now and then, and
   * whenever something is locked, not with every look at a collection.
   */
  turn<T>(body: () => T): T {
    const isOutermost = this.#freshUntil === undefined;
    if (isOutermost) this.#freshUntil = 0;
    try {
      return body();
    } finally {
      if (isOutermost) this.#freshUntil = undefined;
    }
  }

  /**
   * Sees what other processes have committed since the last call.
   *
   * @param now also if that was a moment ago
   */
  refresh(now = false): void {
    if (this.#freshUntil !== undefined) {
      const time = performance.now();
      if (!now && time < this.#freshUntil) return;
      this.#freshUntil = time + FRESH;
    }
    this.held.release();
    if (!this.catalog.changedElsewhere()) return;
    this.epoch++;
    if (this.catalog.definitionsChanged()) this.#load();
  }

  #load(): void {
    this.definitions++;
    const databases = new Map(this.catalog.databases().map((row) => [row.id, row]));
    const ids = new Map<bigint, Database>();
    for (const [name, database] of this.#databases) if (!databases.has(database.id)) this.#databases.delete(name);
    for (const row of databases.values()) {
      if (this.#databases.get(row.name)?.id !== row.id) this.#databases.set(row.name, new Database(this, row));
      const database = this.#databases.get(row.name)!;
      database.byName.clear();
      ids.set(row.id, database);
    }
    const rows = new Map(this.catalog.collections().map((row) => [row.id, row]));
    for (const [id, collection] of this.#collections) {
      if (rows.has(id)) continue;
      collection.vanish();
      this.#collections.delete(id);
    }
    const indexes = this.catalog.indexes();
    for (const row of rows.values()) {
      const definitions = indexes.get(row.id) ?? [];
      const known = this.#collections.get(row.id);
      if (known) known.adopt(row, definitions);
      else this.#collections.set(row.id, new Collection(this, row, definitions.map((one) => JSON.parse(one))));
      ids.get(row.database)?.byName.set(row.name, this.#collections.get(row.id)!);
    }
  }

  /**
   * Changes definitions: `body` runs in one catalog transaction, and every process sees the result as a whole.
   *
   * @param body may call itself nothing that writes documents
   */
  define<T>(body: () => T): T {
    const outermost = !this.#defining;
    this.#defining = true;
    try {
      const result = this.catalog.write(() => {
        const value = body();
        this.catalog.touchDefinitions();
        return value;
      });
      if (outermost) {
        this.catalog.definitionsChanged();
        this.#load();
      }
      return result;
    } finally {
      if (outermost) this.#defining = false;
    }
  }

  /** Refuses changes of a directory that was opened read-only. */
  assertWritable(): void {
    if (this.readOnly) {
      throw new ArangoError(
        "ERROR_ARANGO_READ_ONLY",
        `read only: the database directory ${this.directory} was opened read-only`,
      );
    }
  }

  /** All databases, by name. */
  databases(): Database[] {
    this.refresh();
    return [...this.#databases.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /**
   * The database with a name.
   *
   * @throws ArangoError 1228
   */
  database(name: string): Database {
    this.refresh();
    const found = this.#databases.get(name);
    if (!found) throw new ArangoError("ERROR_ARANGO_DATABASE_NOT_FOUND");
    return found;
  }

  /** The collection with an id, whatever its database. */
  collectionById(id: bigint): Collection | undefined {
    return this.#collections.get(id);
  }

  /** The database with an id. */
  databaseById(id: bigint): Database | undefined {
    return this.databases().find((database) => database.id === id);
  }

  /**
   * Makes a database.
   *
   * @param options stored as they are
   * @throws ArangoError 1207 name taken, 1208 bad name
   */
  createDatabase(name: string, options: Readonly<Record<string, unknown>> = {}): Database {
    this.assertWritable();
    if (!isDatabaseName(name) || name.startsWith("_")) throw illegalName("database", name);
    this.define(() => {
      if (this.catalog.databases().some((row) => row.name === name)) {
        throw arangoError("ERROR_ARANGO_DUPLICATE_NAME", name);
      }
      const id = this.catalog.takeTicks(1);
      this.catalog.addDatabase({ id, name, options: JSON.stringify(options) });
      this.catalog.append([{
        type: MARKER.createDatabase,
        database: id,
        collection: 0n,
        data: JSON.stringify({ id: `${id}`, name }),
      }]);
    });
    return this.database(name);
  }

  /**
   * Drops a database with everything in it.
   *
   * @throws ArangoError 1228 no such database, 1230 for `_system`
   */
  dropDatabase(name: string): void {
    this.assertWritable();
    const database = this.database(name);
    if (database.isSystem) throw new ArangoError("ERROR_ARANGO_USE_SYSTEM_DATABASE");
    const files = database.collections().map((collection) => collection.row.file);
    this.define(() => {
      this.catalog.removeDatabase(database.id);
      const data = JSON.stringify({ name });
      this.catalog.append([{ type: MARKER.dropDatabase, database: database.id, collection: 0n, data }]);
    });
    for (const file of files) if (file !== null) this.discardFile(file);
  }

  /** A new id for keys and definitions, unique in the data directory and larger than those before in this process. */
  nextId(): bigint {
    if (this.#ids.next > this.#ids.last) {
      const last = this.catalog.takeTicks(ID_BLOCK);
      this.#ids = { next: last - BigInt(ID_BLOCK) + 1n, last };
    }
    return this.#ids.next++;
  }

  /** A transaction for work that {@linkcode write} does not cover. */
  newTransaction(): Transaction {
    return new Transaction(this.catalog, this.locks, this.#conflicts ? this.catalog.lastTick() : undefined);
  }

  /** Whether a write transaction is under way. */
  get inTransaction(): boolean {
    return this.#transaction !== undefined || this.#open !== undefined;
  }

  /**
   * Runs `body` in a write transaction over collections; inside another one, as a part of it.
   *
   * @param collections locked from the start, in an order that cannot dead-lock
   * @param options `durable`: the changes are on the disk when this returns; inside another transaction, when that one ends
   * @throws whatever `body` throws; then nothing has changed, unless the transaction is part of another one
   */
  write<T>(
    collections: readonly Collection[],
    body: (transaction: Transaction) => T,
    options: { durable?: boolean } = {},
  ): T {
    this.assertWritable();
    const { openTransaction } = this;
    const outer = openTransaction ?? this.#transaction;
    if (outer && options.durable) outer.isDurable = true;
    if (openTransaction) return openTransaction.step(collections, () => body(openTransaction));
    if (this.#transaction) {
      for (const collection of collections) this.#transaction.join(collection);
      return body(this.#transaction);
    }
    const transaction = this.newTransaction();
    transaction.isDurable = options.durable ?? false;
    this.#transaction = transaction;
    try {
      for (const one of [...collections].sort((a, b) => (a.id < b.id ? -1 : 1))) transaction.join(one);
      const result = body(transaction);
      transaction.commit();
      return result;
    } catch (error) {
      transaction.rollback();
      throw error;
    } finally {
      this.#transaction = undefined;
      this.#logLimit.trim();
    }
  }

  /**
   * Begins a transaction that stays open: until its end every write of this engine is a part of it. It is for an engine that
   * is used for nothing else.
   *
   * @throws ArangoError 1651 if one is under way
   */
  begin(options: BeginOptions): OpenTransaction {
    this.assertWritable();
    if (this.inTransaction) throw new ArangoError("ERROR_TRANSACTION_NESTED");
    // what is going to be written needs a file, whose state can be fixed
    for (const collection of options.write) if (collection.fileName === null) this.createFile(collection);
    const { definitions } = this;
    const transaction = new OpenTransaction(this, options, () => {
      this.#open = undefined;
      // collections whose state was fixed have not taken over new definitions
      if (this.definitions !== definitions) this.#load();
    });
    transaction.pinAll([...options.write, ...options.read].map(({ handle }) => handle));
    this.#open = transaction;
    return transaction;
  }

  /** The transaction that stays open, if there is one. */
  get openTransaction(): OpenTransaction | undefined {
    return this.#open;
  }

  /** The name of a new collection file. */
  newFileName(collection: { readonly id: bigint }): string {
    return `${collection.id}-${crypto.randomUUID().slice(0, 8)}.sqlite`;
  }

  /** Makes an empty file for a collection; see {@linkcode emptyFile}. */
  emptyFile(collection: Collection): string {
    return emptyFile(this, collection);
  }

  /** Makes the file of a collection that has none yet. */
  createFile(collection: Collection): void {
    createFile(this, collection);
  }

  /**
   * Puts another file, or none, in the place of a collection's: readers see the old contents until the very moment when
   * they see the new ones; see {@linkcode swapFile}.
   */
  swapFile(collection: Collection, file: string | null, options: SwapOptions = {}): void {
    swapFile(this, collection, file, options);
  }

  /** Makes a collection what another server has, in one step for all readers; see {@linkcode installCollection}. */
  installCollection(database: Database, request: Installation): Collection {
    return installCollection(this, database, request);
  }

  /**
   * Copies the file of a collection as it stands.
   *
   * @returns the copy, to be changed without anybody noticing; undefined while the collection is empty
   */
  workingCopy(collection: Collection): Collection | undefined {
    const name = copyOfFile(this, collection);
    return name === undefined ? undefined : this.detached(collection, name, collection.indexes());
  }

  /** A collection object over a file that the catalog does not know. */
  detached(collection: Pick<Collection, "row">, file: string, indexes: readonly IndexDefinition[]): Collection {
    return new Collection(this, { ...collection.row, id: -collection.row.id - 1n, file }, indexes, true);
  }

  /** Deletes a collection file that nothing refers to any more. */
  discardFile(name: string): void {
    deleteFile(this.files.path(name));
  }

  /** Deletes collection files that nothing refers to: left over from processes that died. */
  sweepFiles(keep: ReadonlySet<string> = new Set()): void {
    const used = new Set([...this.catalog.collections().map((row) => row.file), ...keep]);
    for (const name of abandonedFiles(this.files.path(""), used)) this.discardFile(name);
  }

  /**
   * Fixes the state of collections.
   *
   * @param collections all collections of all databases when absent
   */
  snapshot(collections?: readonly Collection[]): Snapshot {
    this.refresh();
    for (let attempt = 0;; attempt++) {
      const wanted = collections ?? [...this.#collections.values()];
      for (const collection of wanted) collection.reading();
      const pinned = this.readOnly
        ? Snapshot.take(this, wanted)
        : this.catalog.write(() => Snapshot.take(this, wanted));
      if (pinned) return pinned;
      // a writer was between its two commits: it needs no more than a moment
      if (attempt > 1000) throw new ArangoError("ERROR_LOCK_TIMEOUT");
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
    }
  }

  [Symbol.dispose](): void {
    for (const collection of this.#collections.values()) collection.close();
    this.catalog[Symbol.dispose]();
    if (this.isTemporary) rmSync(this.directory, { recursive: true, force: true });
  }
}

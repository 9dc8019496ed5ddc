/**
 * The engine's databases as a data source of queries.
 *
 * @module
 */
import { arangoError } from "../base/arango_error.ts";
import type { Collection } from "../engine/collection.ts";
import type { Database } from "../engine/database.ts";
import type { Snapshot } from "../engine/snapshot.ts";
import type { Transaction, WriteLimits } from "../engine/transaction.ts";
import type { CollectionFile } from "../storage/collection_file.ts";
import type {
  CollectionReader,
  CollectionWriter,
  DataSource,
  ReadSession,
  SourceAccess,
  SourceCollection,
  SourceSession,
} from "./data_source.ts";
import { EngineCollection, EngineWriter, FileReader } from "./engine_collection.ts";
import { GraphMemory } from "./graph_memory.ts";
import { type AqlValue, parseJson } from "./values.ts";

/** Who asks, and how; each member may be left out. */
export interface EngineAccess {
  /** Called before a collection is read; throws if the user may not. */
  readonly assertReadable?: (collection: Collection) => void;
  /** Whether a collection that the user may not read is to look empty instead. */
  readonly isHidden?: (collection: Collection) => boolean;
  /** Called before a collection is written; throws if the user may not. */
  readonly assertWritable?: (collection: Collection) => void;
  /** Whether reading sessions last while other work goes on: then they get files of their own. @default {false} */
  readonly stream?: boolean;
}

/** Fixes the state of a collection: its file from now on. Undefined where that cannot be done. */
type FixState = (collection: Collection) => (() => CollectionFile | undefined) | undefined;

/** The collections of a database while a query runs. */
class EngineSession implements ReadSession {
  readonly stable: boolean;
  readonly #source: EngineSource;
  readonly #fixed: ReadonlyMap<Collection, () => CollectionFile | undefined>;
  readonly #end: () => void;
  readonly #fix: FixState | undefined;
  readonly #commit: ((limits: WriteLimits) => boolean) | undefined;
  readonly #readers = new Map<string, CollectionReader>();
  readonly #writers = new Map<string, CollectionWriter>();

  /**
   * @param fixed the files of the collections whose state is fixed; others are read as they are
   * @param end called when the query is done
   * @param fix fixes the state of a collection that nobody has announced; absent where it may change while it is read
   * @param commit commits what was written, if that is enough; absent where somebody else does so
   */
  constructor(
    source: EngineSource,
    fixed: ReadonlyMap<Collection, () => CollectionFile | undefined>,
    stable: boolean,
    end: () => void,
    fix?: FixState,
    commit?: (limits: WriteLimits) => boolean,
  ) {
    this.#source = source;
    this.#fixed = fixed;
    this.stable = stable;
    this.#end = end;
    this.#fix = fix;
    this.#commit = commit;
  }

  get graphMemory(): GraphMemory {
    return this.#source.graphMemory;
  }

  reader(name: string): CollectionReader | undefined {
    const known = this.#readers.get(name);
    if (known) return known;
    const collection = this.#source.find(name);
    if (!collection) return undefined;
    const fixed = this.#source.isHidden(collection)
      ? (): undefined => undefined
      : this.#fixed.get(collection) ?? this.#fix?.(collection);
    const reader = new FileReader(fixed ?? (() => collection.reading()), name, fixed !== undefined);
    this.#readers.set(name, reader);
    return reader;
  }

  writer(name: string): CollectionWriter {
    let writer = this.#writers.get(name);
    if (!writer) this.#writers.set(name, writer = new EngineWriter(this.#source.existing([name])[0]!));
    return writer;
  }

  commitAt(limits: WriteLimits): boolean {
    return this.#commit?.(limits) ?? false;
  }

  collectionNames(): readonly string[] {
    return this.#source.names();
  }

  [Symbol.dispose](): void {
    this.#end();
    this.#source.trimGraphMemory();
  }
}

/** What graph searches remember of the databases of engines that are open. */
const GRAPH_MEMORIES = new WeakMap<Database, GraphMemory>();

/** A database of the engine. */
export class EngineSource implements DataSource {
  readonly #database: Database;
  readonly #access: EngineAccess;

  /**
   * @param database where the collections are
   * @param access who asks
   */
  constructor(database: Database, access: EngineAccess = {}) {
    this.#database = database;
    this.#access = access;
  }

  get name(): string {
    return this.#database.name;
  }

  /** What graph searches remember, for a query that begins. */
  get graphMemory(): GraphMemory {
    let memory = GRAPH_MEMORIES.get(this.#database);
    if (!memory) GRAPH_MEMORIES.set(this.#database, memory = new GraphMemory());
    return memory;
  }

  /** Lets go of what graph searches remember, at the end of a query that has added more than is kept. */
  trimGraphMemory(): void {
    if (GRAPH_MEMORIES.get(this.#database)?.isFull) GRAPH_MEMORIES.delete(this.#database);
  }

  /** The names of all collections. */
  names(): string[] {
    return this.#database.collections().map(({ name }) => name);
  }

  /**
   * The collection with a name, which may be read; ids and globally unique names are no names of AQL.
   *
   * @throws ArangoError what `assertReadable` throws
   */
  find(name: string): Collection | undefined {
    const found = this.#database.find(name);
    if (found?.name !== name) return undefined;
    if (!this.isHidden(found)) this.#access.assertReadable?.(found);
    return found;
  }

  /** Whether a collection looks empty to the user. */
  isHidden(collection: Collection): boolean {
    return this.#access.isHidden?.(collection) === true;
  }

  /** The collections with some names; throws ArangoError 1203 where one is missing. */
  existing(names: readonly string[]): Collection[] {
    return names.map((name) => {
      const found = this.find(name);
      if (!found) throw arangoError("ERROR_ARANGO_DATA_SOURCE_NOT_FOUND", name);
      return found;
    });
  }

  collection(name: string): SourceCollection | undefined {
    const found = this.find(name);
    return found && new EngineCollection(found, this.isHidden(found));
  }

  collectionId(name: string): string | undefined {
    return this.find(name)?.id.toString();
  }

  collectionSchema(name: string): AqlValue | undefined {
    const found = this.find(name);
    return found && parseJson(JSON.stringify(found.properties.schema ?? null));
  }

  read({ read }: SourceAccess): ReadSession {
    const { engine } = this.#database;
    const collections = this.existing(read);
    // inside of a transaction the state is fixed, and its own writes count
    if (engine.inTransaction || collections.length === 0) return new EngineSession(this, new Map(), true, () => {});
    const [only] = collections;
    if (collections.length === 1 && !this.#access.stream) return this.#pinned(only!);
    return this.#snapshot(collections, true);
  }

  /**
   * Fixes the state of one collection, and of others when they are read first, in the files that are open anyway: nothing
   * else uses them before the query ends.
   */
  #pinned(collection: Collection): EngineSession {
    const { held } = this.#database.engine;
    const pinned: CollectionFile[] = [];
    const fix: FixState = (one) => {
      const file = one.reading();
      if (!file) return undefined;
      if (!held.take(file.file)) {
        if (file.file.inTransaction) return undefined;
        file.file.exec("BEGIN");
      }
      pinned.push(file);
      return () => file;
    };
    const first = fix(collection);
    const end = (): void => {
      for (const { file } of pinned) held.giveBack(file);
    };
    return new EngineSession(this, new Map(first ? [[collection, first]] : []), true, end, fix);
  }

  /** Fixes the state of collections in files of their own. */
  #snapshot(collections: readonly Collection[], stable: boolean): EngineSession {
    const snapshot = this.#database.engine.snapshot(collections);
    const fixed = new Map(collections.map((collection) => [collection, () => snapshot.file(collection)]));
    return new EngineSession(this, fixed, stable, () => snapshot[Symbol.dispose]());
  }

  write<T>({ read, write, waitForSync }: SourceAccess, body: (session: SourceSession) => T): T {
    const { engine } = this.#database;
    const written = this.existing(write);
    for (const collection of written) this.#access.assertWritable?.(collection);
    const collections = this.existing(read);
    const durable = waitForSync || written.some(({ properties }) => properties.waitForSync);
    const nested = engine.inTransaction;
    return engine.write(written, (transaction) => {
      // what is written is read as it was before, from files of its own: updates of large collections need no memory
      using session = nested
        ? new EngineSession(this, new Map(), false, () => {})
        : this.#lazySnapshot(collections, transaction);
      return body(session);
    }, { durable });
  }

  /** A snapshot that is only taken when something is read; until the transaction commits nobody else can write. */
  #lazySnapshot(collections: readonly Collection[], transaction: Transaction): EngineSession {
    const { engine } = this.#database;
    let snapshot: Snapshot | undefined;
    const taken = (): Snapshot => snapshot ??= engine.snapshot(collections);
    const fixed = new Map(collections.map((collection) => [collection, () => taken().file(collection)]));
    const commit = (limits: WriteLimits): boolean => {
      if (!transaction.reaches(limits)) return false;
      taken();
      transaction.commitAndGoOn();
      return true;
    };
    return new EngineSession(this, fixed, true, () => snapshot?.[Symbol.dispose](), undefined, commit);
  }
}

/**
 * The engine's databases as a data source of queries.
 *
 * @module
 */
import type { Collection, InsertOptions, WriteResult } from "../engine/collection.ts";
import type { Database } from "../engine/database.ts";
import { afterPrefix, encodeIndexKey } from "../engine/index_key.ts";
import type { Snapshot } from "../engine/snapshot.ts";
import type {
  CollectionReader,
  CollectionWriter,
  DataSource,
  DocumentCursor,
  ReadSession,
  SourceAccess,
  SourceCollection,
  SourceIndex,
  SourceSession,
  SourceWriteOptions,
  SourceWriteResult,
} from "./data_source.ts";
import { type AqlObject, type AqlValue, jsonText, parseJson } from "./values.ts";

/** The open file of a collection. */
type File = NonNullable<ReturnType<Collection["reading"]>>;
/** A document of a collection file. */
type Stored = NonNullable<WriteResult["new"]>;

const decoder = new TextDecoder();

function parsed({ text }: Stored): AqlObject {
  return parseJson(text) as AqlObject;
}

/** All documents of a file, a page in one piece of text at a time. */
class ScanCursor implements DocumentCursor {
  readonly #file: File | undefined;
  #after: bigint | undefined;
  #done = false;

  constructor(file: File | undefined) {
    this.#file = file;
  }

  next(max: number): AqlObject[] {
    if (this.#done || !this.#file) return [];
    const { text, last, count } = this.#file.textAfter(this.#after, max, ",");
    this.#after = last;
    this.#done = count < max;
    return count === 0 ? [] : parseJson(`[${decoder.decode(text)}]`) as AqlObject[];
  }
}

/** The edges at a vertex. */
class EdgeCursor implements DocumentCursor {
  readonly #file: File;
  readonly #end: "from" | "to";
  readonly #vertex: string;
  #after = 0n;
  #done = false;

  constructor(file: File, end: "from" | "to", vertex: string) {
    this.#file = file;
    this.#end = end;
    this.#vertex = vertex;
  }

  next(max: number): AqlObject[] {
    if (this.#done) return [];
    const page = this.#file.edges(this.#end, this.#vertex, this.#after, max);
    this.#done = page.length < max;
    this.#after = page.at(-1)?.rev ?? this.#after;
    return page.map(parsed);
  }
}

/** Documents that are known already, parsed as they are asked for. */
class StoredCursor implements DocumentCursor {
  readonly #documents: readonly Stored[];
  #at = 0;

  constructor(documents: readonly Stored[]) {
    this.#documents = documents;
  }

  next(max: number): AqlObject[] {
    const page = this.#documents.slice(this.#at, this.#at + max).map(parsed);
    this.#at += page.length;
    return page;
  }
}

/** No limit, in SQL. */
const ALL = -1;

class FileReader implements CollectionReader {
  readonly #file: () => File | undefined;

  /** @param file the file at the time of each call; undefined while the collection is empty */
  constructor(file: () => File | undefined) {
    this.#file = file;
  }

  count(): number {
    return this.#file()?.count() ?? 0;
  }

  scan(): DocumentCursor {
    return new ScanCursor(this.#file());
  }

  document(key: string): AqlObject | undefined {
    const found = this.#file()?.byKey(key);
    return found && parsed(found);
  }

  edges(end: "_from" | "_to", vertex: string): DocumentCursor {
    const file = this.#file();
    // documents of other collections have no ends
    if (!file?.edge) return new StoredCursor([]);
    return new EdgeCursor(file, end === "_from" ? "from" : "to", vertex);
  }

  byIndex(index: string, values: readonly AqlValue[]): DocumentCursor {
    const from = encodeIndexKey(values);
    return new StoredCursor(this.#file()?.byIndex(BigInt(index), from, afterPrefix(from), ALL) ?? []);
  }
}

class EngineWriteResult implements SourceWriteResult {
  readonly ignored: boolean;
  readonly #result: WriteResult;

  constructor(result: WriteResult) {
    this.#result = result;
    this.ignored = !result.new && !result.old;
  }

  get old(): AqlObject {
    return (this.#result.old ? parsed(this.#result.old) : null) as AqlObject;
  }

  get new(): AqlObject {
    return (this.#result.new ? parsed(this.#result.new) : null) as AqlObject;
  }
}

class EngineWriter implements CollectionWriter {
  readonly current: CollectionReader;
  readonly #collection: Collection;

  constructor(collection: Collection) {
    this.#collection = collection;
    this.current = new FileReader(() => collection.reading());
  }

  insert(document: AqlObject, options: SourceWriteOptions): SourceWriteResult {
    return new EngineWriteResult(this.#collection.insert(jsonText(document), insertOptions(options)));
  }

  update(key: string, patch: AqlObject, options: SourceWriteOptions): SourceWriteResult {
    return new EngineWriteResult(this.#collection.update(key, jsonText(patch), insertOptions(options)));
  }

  replace(key: string, document: AqlObject, options: SourceWriteOptions): SourceWriteResult {
    return new EngineWriteResult(this.#collection.replace(key, jsonText(document), insertOptions(options)));
  }

  remove(key: string, options: SourceWriteOptions): SourceWriteResult {
    return new EngineWriteResult(this.#collection.remove(key, insertOptions(options)));
  }
}

function insertOptions({ skipDocumentValidation: _skip, ...options }: SourceWriteOptions): InsertOptions {
  return options;
}

class EngineCollection implements SourceCollection {
  readonly #collection: Collection;

  constructor(collection: Collection) {
    this.#collection = collection;
  }

  get name(): string {
    return this.#collection.name;
  }

  get type(): 2 | 3 {
    return this.#collection.type;
  }

  count(): number {
    return this.#collection.count();
  }

  indexes(): readonly SourceIndex[] {
    const primary = { id: "0", name: "primary", type: "primary", fields: ["_key"], unique: true, sparse: false };
    const edge = { id: "1", name: "edge", type: "edge", fields: ["_from", "_to"], unique: false, sparse: false };
    return [
      { ...primary, selectivityEstimate: 1 },
      ...(this.type === 3 ? [edge] : []),
      ...this.#collection.indexes().map((index) => ({ ...index, ...(index.unique ? { selectivityEstimate: 1 } : {}) })),
    ];
  }
}

/** Reads the collections of a database; `snapshot` holds the state of those that were announced. */
class EngineSession implements ReadSession {
  readonly stable: boolean;
  readonly #database: Database;
  readonly #snapshot: Snapshot | undefined;
  readonly #announced: ReadonlySet<string>;
  readonly #readers = new Map<string, CollectionReader>();
  readonly #writers = new Map<string, CollectionWriter>();

  constructor(database: Database, snapshot: Snapshot | undefined, announced: ReadonlySet<string>, stable: boolean) {
    this.#database = database;
    this.#snapshot = snapshot;
    this.#announced = announced;
    this.stable = stable;
  }

  reader(name: string): CollectionReader | undefined {
    const known = this.#readers.get(name);
    if (known) return known;
    const collection = this.#database.find(name);
    // ids and globally unique names are no names of AQL
    if (!collection || collection.name !== name) return undefined;
    const snapshot = this.#announced.has(name) ? this.#snapshot : undefined;
    const reader = new FileReader(snapshot ? () => snapshot.file(collection) : () => collection.reading());
    this.#readers.set(name, reader);
    return reader;
  }

  writer(name: string): CollectionWriter {
    let writer = this.#writers.get(name);
    if (!writer) this.#writers.set(name, writer = new EngineWriter(this.#database.collection(name)));
    return writer;
  }

  collectionNames(): readonly string[] {
    return this.#database.collections().map(({ name }) => name);
  }

  [Symbol.dispose](): void {
    this.#snapshot?.[Symbol.dispose]();
  }
}

/** A database of the engine. */
export class EngineSource implements DataSource {
  readonly #database: Database;

  /** @param database where the collections are */
  constructor(database: Database) {
    this.#database = database;
  }

  get name(): string {
    return this.#database.name;
  }

  collection(name: string): SourceCollection | undefined {
    const found = this.#database.find(name);
    return found?.name === name ? new EngineCollection(found) : undefined;
  }

  collectionId(name: string): string | undefined {
    return this.#database.find(name)?.id.toString();
  }

  collectionSchema(name: string): AqlValue | undefined {
    const { schema = null } = (this.#database.find(name)?.properties ?? {}) as { schema?: AqlValue };
    return schema;
  }

  #collections(names: readonly string[]): Collection[] {
    return names.map((name) => this.#database.collection(name));
  }

  read({ read }: SourceAccess): ReadSession {
    const { engine } = this.#database;
    // inside of a transaction its own writes count
    const fixed = engine.inTransaction || read.length === 0 ? undefined : engine.snapshot(this.#collections(read));
    return new EngineSession(this.#database, fixed, new Set(read), true);
  }

  write<T>({ read, write, waitForSync }: SourceAccess, body: (session: SourceSession) => T): T {
    const { engine } = this.#database;
    const nested = engine.inTransaction;
    return engine.write(this.#collections(write), () => {
      using session = new EngineSession(
        this.#database,
        nested ? undefined : engine.snapshot(this.#collections(read)),
        new Set(read),
        !nested,
      );
      return body(session);
    }, { durable: waitForSync });
  }
}

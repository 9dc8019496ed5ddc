/**
 * A database as AQL sees it: the engine's collections behind the port that queries use.
 *
 * @module
 */
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
} from "../aql/data_source.ts";
import { type AqlObject, type AqlValue, jsonText, parseJson } from "../aql/values.ts";
import { arangoError } from "../base/arango_error.ts";
import type { Collection, WriteResult } from "../engine/collection.ts";
import type { Database } from "../engine/database.ts";
import { encodeIndexKey } from "../engine/index_key.ts";
import { edgeSelectivity, selectivity } from "./index_json.ts";

/** The file of a collection, as the engine opens it. */
type File = NonNullable<ReturnType<Collection["reading"]>>;

/** Who asks, and how. */
export interface QueryAccess {
  /** Checks that the user may read a collection, and throws if not. */
  readonly assertReadable: (collection: Collection) => void;
  /** Checks that the user may write a collection, and throws if not. */
  readonly assertWritable: (collection: Collection) => void;
  /** Whether reading sessions outlive the request: then they get files of their own. */
  readonly stream: boolean;
}

function parsed(text: string): AqlObject {
  return parseJson(text) as AqlObject;
}

/** Pages of documents, as a cursor. */
class Pages implements DocumentCursor {
  readonly #page: (max: number) => readonly { readonly text: string }[];

  constructor(page: (max: number) => readonly { readonly text: string }[]) {
    this.#page = page;
  }

  next(max: number): AqlObject[] {
    return this.#page(max).map(({ text }) => parsed(text));
  }
}

const NOTHING: DocumentCursor = { next: () => [] };

/** Appends a byte: the first key after all that start with `key` and go on with a smaller byte. */
function followedBy(key: Uint8Array, byte: number): Uint8Array {
  const end = new Uint8Array(key.length + 1);
  end.set(key);
  end[key.length] = byte;
  return end;
}

/** After the values of an entry comes the next one's type, at most 7, or 8 with what a double leaves of an integer. */
const AFTER_VALUES = 8;

/** Reads a collection from a file that is given anew for each call. */
class Reader implements CollectionReader {
  readonly #file: () => File | undefined;
  readonly #collection: Collection;

  constructor(collection: Collection, file: () => File | undefined) {
    this.#collection = collection;
    this.#file = file;
  }

  count(): number {
    return this.#file()?.count() ?? 0;
  }

  scan(): DocumentCursor {
    let after: bigint | undefined;
    return new Pages((max) => {
      const page = this.#file()?.documentsAfter(after, max) ?? [];
      after = page.at(-1)?.rev ?? after;
      return page;
    });
  }

  document(key: string): AqlObject | undefined {
    const found = this.#file()?.byKey(key);
    return found && parsed(found.text);
  }

  edges(end: "_from" | "_to", vertex: string): DocumentCursor {
    if (!this.#collection.isEdge) return NOTHING;
    let after = 0n;
    return new Pages((max) => {
      const page = this.#file()?.edges(end === "_from" ? "from" : "to", vertex, after, max) ?? [];
      after = page.at(-1)?.rev ?? after;
      return page;
    });
  }

  byIndex(index: string, values: readonly AqlValue[]): DocumentCursor {
    const fields = this.#collection.indexes().find(({ id }) => id === index)?.fields.length ?? 0;
    const from = encodeIndexKey(values);
    const to = followedBy(from, values.length < fields ? AFTER_VALUES : 0);
    type Position = ReturnType<File["indexPage"]>["last"];
    let after: Position;
    return new Pages((max) => {
      const page = this.#file()?.indexPage(BigInt(index), from, to, after, max);
      after = page?.last ?? after;
      return page?.documents ?? [];
    });
  }
}

function sourceResult({ old, new: stored, oldRev }: WriteResult): SourceWriteResult {
  return {
    ...(old && (oldRev !== undefined || stored === undefined) ? { old: parsed(old.text) } : {}),
    ...(stored ? { new: parsed(stored.text) } : {}),
  };
}

class Writer implements CollectionWriter {
  readonly current: CollectionReader;
  readonly #collection: Collection;

  constructor(collection: Collection) {
    this.#collection = collection;
    this.current = new Reader(collection, () => collection.reading());
  }

  insert(document: AqlObject, options: SourceWriteOptions): SourceWriteResult {
    return sourceResult(this.#collection.insert(jsonText(document), options));
  }

  update(key: string, patch: AqlObject, options: SourceWriteOptions): SourceWriteResult {
    return sourceResult(this.#collection.update(key, jsonText(patch), options));
  }

  replace(key: string, document: AqlObject, options: SourceWriteOptions): SourceWriteResult {
    return sourceResult(this.#collection.replace(key, jsonText(document), options));
  }

  remove(key: string, options: SourceWriteOptions): SourceWriteResult {
    return sourceResult(this.#collection.remove(key, options));
  }
}

/** What reading and writing sessions have in common. */
class Session implements SourceSession {
  readonly stable = false;
  readonly #database: Database;
  readonly #access: QueryAccess;
  readonly #file: (collection: Collection) => File | undefined;
  readonly #readers = new Map<string, CollectionReader | undefined>();
  readonly #writers = new Map<string, CollectionWriter>();

  constructor(database: Database, access: QueryAccess, file: (collection: Collection) => File | undefined) {
    this.#database = database;
    this.#access = access;
    this.#file = file;
  }

  reader(name: string): CollectionReader | undefined {
    if (!this.#readers.has(name)) {
      const collection = this.#database.byName.get(name);
      if (collection) this.#access.assertReadable(collection);
      this.#readers.set(name, collection && new Reader(collection, () => this.#file(collection)));
    }
    return this.#readers.get(name);
  }

  writer(name: string): CollectionWriter {
    let writer = this.#writers.get(name);
    if (!writer) this.#writers.set(name, writer = new Writer(this.#database.collection(name)));
    return writer;
  }

  collectionNames(): readonly string[] {
    return this.#database.collections().map(({ name }) => name);
  }
}

/** A database for queries. */
export class QuerySource implements DataSource {
  readonly #database: Database;
  readonly #access: QueryAccess;

  /** The collections of `database`, as far as `access` allows. */
  constructor(database: Database, access: QueryAccess) {
    this.#database = database;
    this.#access = access;
  }

  /** The database's name. */
  get name(): string {
    return this.#database.name;
  }

  /** The collection with a name. */
  collection(name: string): SourceCollection | undefined {
    const collection = this.#database.byName.get(name);
    if (collection) this.#access.assertReadable(collection);
    return collection && {
      name,
      type: collection.type,
      count: () => collection.count(),
      indexes: () => sourceIndexes(collection),
    };
  }

  /** The id of a collection. */
  collectionId(name: string): string | undefined {
    return this.#database.byName.get(name)?.id.toString();
  }

  /** The schema of a collection, null without one. */
  collectionSchema(name: string): AqlValue | undefined {
    const collection = this.#database.byName.get(name);
    return collection && parseJson(JSON.stringify(collection.properties.schema));
  }

  #existing(names: readonly string[]): Collection[] {
    return names.map((name) => {
      const collection = this.#database.byName.get(name);
      if (!collection) throw arangoError("ERROR_ARANGO_DATA_SOURCE_NOT_FOUND", name);
      this.#access.assertReadable(collection);
      return collection;
    });
  }

  /** Fixes a state and reads from it. */
  read(access: SourceAccess): ReadSession {
    const collections = this.#existing(access.read);
    return this.#access.stream ? this.#snapshot(collections) : this.#pinned(collections);
  }

  /** A state in files of their own, for a session that lasts. */
  #snapshot(collections: readonly Collection[]): ReadSession {
    const snapshot = this.#database.engine.snapshot(collections);
    const pinned = new Set(collections);
    const session = new Session(
      this.#database,
      this.#access,
      (collection) => pinned.has(collection) ? snapshot.file(collection) : collection.reading(),
    );
    return Object.assign(session, { [Symbol.dispose]: () => snapshot[Symbol.dispose]() });
  }

  /** A state in the files that are open anyway: nothing else uses them before the session ends. */
  #pinned(collections: readonly Collection[]): ReadSession {
    const begun: File[] = [];
    for (const collection of collections) {
      const file = collection.reading();
      // inside of a transaction the state is fixed already
      if (!file || file.file.inTransaction) continue;
      file.file.exec("BEGIN");
      begun.push(file);
    }
    const files = new Map(collections.map((collection) => [collection, collection.reading()]));
    const file = (collection: Collection): File | undefined =>
      files.has(collection) ? files.get(collection) : collection.reading();
    const session = new Session(this.#database, this.#access, file);
    return Object.assign(session, {
      [Symbol.dispose]: () => {
        for (const one of begun) if (one.file.inTransaction) one.file.exec("COMMIT");
      },
    });
  }

  /** Runs `body` in a transaction. */
  write<T>(access: SourceAccess, body: (session: SourceSession) => T): T {
    this.#existing(access.read);
    const written = this.#existing(access.write);
    for (const collection of written) this.#access.assertWritable(collection);
    const session = new Session(this.#database, this.#access, (collection) => collection.reading());
    const durable = access.waitForSync || written.some(({ properties }) => properties.waitForSync);
    return this.#database.engine.write(written, () => body(session), { durable });
  }
}

/** The indexes of a collection as the optimizer looks at them; how selective they are is only counted when asked for. */
function sourceIndexes(collection: Collection): SourceIndex[] {
  const primary = { id: "0", name: "primary", type: "primary", fields: ["_key"], unique: true, sparse: false };
  const indexes: SourceIndex[] = [{ ...primary, selectivityEstimate: 1 }];
  if (collection.isEdge) {
    indexes.push({
      id: "2",
      name: "edge",
      type: "edge",
      fields: ["_from", "_to"],
      unique: false,
      sparse: false,
      get selectivityEstimate() {
        return edgeSelectivity(collection);
      },
    });
  }
  for (const index of collection.indexes()) {
    const { id, name, type, fields, unique, sparse, deduplicate } = index;
    indexes.push({
      id,
      name,
      type,
      fields,
      unique,
      sparse,
      deduplicate,
      get selectivityEstimate() {
        return selectivity(collection, index);
      },
    });
  }
  return indexes;
}

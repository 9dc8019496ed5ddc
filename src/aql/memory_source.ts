/**
 * A data source in memory, for tests of the language without an engine.
 *
 * @module
 */
import { ArangoError, arangoError } from "../base/arango_error.ts";
import { isDocumentKey } from "../base/names.ts";
import type {
  CollectionReader,
  CollectionWriter,
  DataSource,
  DocumentCursor,
  EdgeList,
  EdgeWish,
  IndexRange,
  ReadSession,
  SourceCollection,
  SourceIndex,
  SourceSession,
  SourceWriteOptions,
  SourceWriteResult,
} from "./data_source.ts";
import { compareValues, equalValues } from "./value_order.ts";
import { type AqlObject, type AqlValue, isObject } from "./values.ts";

/** Documents by key; copied before a change, so that readers keep theirs. */
type Documents = ReadonlyMap<string, AqlObject>;

class MemoryCollection implements SourceCollection {
  documents: Documents = new Map();
  readonly name: string;
  readonly type: 2 | 3;
  readonly #indexes: readonly SourceIndex[];

  constructor(name: string, type: 2 | 3, indexes: readonly SourceIndex[]) {
    this.name = name;
    this.type = type;
    this.#indexes = indexes;
  }

  count(): number {
    return this.documents.size;
  }

  indexes(): readonly SourceIndex[] {
    const common = { unique: false, sparse: false };
    const primary = { ...common, id: "0", name: "primary", type: "primary", fields: ["_key"], unique: true };
    const edge = { ...common, id: "1", name: "edge", type: "edge", fields: ["_from", "_to"] };
    return [primary, ...(this.type === 3 ? [edge] : []), ...this.#indexes];
  }
}

class ArrayCursor implements DocumentCursor {
  readonly #documents: AqlObject[];
  #at = 0;

  constructor(documents: AqlObject[]) {
    this.#documents = documents;
  }

  next(max: number): AqlObject[] {
    const page = this.#documents.slice(this.#at, this.#at + max);
    this.#at += page.length;
    return page;
  }
}

class MemoryReader implements CollectionReader {
  readonly #documents: () => Documents;
  readonly #collection: MemoryCollection;

  constructor(collection: MemoryCollection, documents: () => Documents) {
    this.#collection = collection;
    this.#documents = documents;
  }

  count(): number {
    return this.#documents().size;
  }

  scan(): DocumentCursor {
    return new ArrayCursor([...this.#documents().values()]);
  }

  randomDocument(random: () => number): AqlObject | undefined {
    const all = [...this.#documents().values()];
    return all[Math.floor(random() * all.length)];
  }

  document(key: string): AqlObject | undefined {
    return this.#documents().get(key);
  }

  edges(end: "_from" | "_to", vertex: string): DocumentCursor {
    return new ArrayCursor([...this.#documents().values()].filter((edge) => edge[end] === vertex));
  }

  documents(keys: readonly string[]): (AqlObject | null)[] {
    return keys.map((key) => this.document(key) ?? null);
  }

  revisions(revisions: readonly string[]): (AqlObject | null)[] {
    const found = new Map([...this.#documents().values()].map((document) => [document._rev, document]));
    return revisions.map((one) => found.get(one) ?? null);
  }

  present(keys: readonly string[]): boolean[] {
    return keys.map((key) => this.#documents().has(key));
  }

  edgesOf(end: "_from" | "_to", vertices: readonly string[], wish: EdgeWish): EdgeList[] {
    const other = end === "_from" ? "_to" : "_from";
    return vertices.map((vertex) => {
      const edges = [...this.#documents().values()].filter((edge) => edge[end] === vertex);
      const ends = edges.map((edge) => edge[other] as string);
      if (wish === "edges") return { ends, edges };
      return wish === "ends" ? { ends } : { ends, identities: edges.map((edge) => edge._key as string) };
    });
  }

  byIndex(index: string, { values, lower, upper, descending }: IndexRange): DocumentCursor {
    const { fields } = this.#collection.indexes().find(({ id }) => id === index)!;
    const found = [...this.#documents().values()].filter((document) => {
      if (!values.every((value, i) => equalValues(at(document, fields[i]!), value))) return false;
      if (!lower && !upper) return true;
      const next = at(document, fields[values.length]!);
      const above = lower ? compareValues(next, lower.value) : 1;
      const below = upper ? compareValues(next, upper.value) : -1;
      return (above > 0 || (above === 0 && lower!.inclusive)) && (below < 0 || (below === 0 && upper!.inclusive));
    });
    const sign = descending ? -1 : 1;
    found.sort((a, b) => {
      for (const field of fields) {
        const order = compareValues(at(a, field), at(b, field));
        if (order !== 0) return order * sign;
      }
      return 0;
    });
    return new ArrayCursor(found);
  }

  entriesOf(index: string, _fields: readonly string[], range: IndexRange): DocumentCursor {
    return this.byIndex(index, range);
  }

  distinct(): DocumentCursor {
    return this.scan();
  }

  around(): AqlObject[] {
    throw noIndex("geo");
  }

  meeting(): AqlObject[] {
    throw noIndex("geo");
  }

  withWord(): AqlObject[] {
    throw noIndex("fulltext");
  }
}

/** The error for what {@linkcode SourceCollection.indexes} never gives here. */
function noIndex(kind: string): Error {
  return new Error(`a collection in memory has no ${kind} index`);
}

function at(document: AqlObject, field: string): AqlValue {
  let value: AqlValue = document;
  for (const name of field.split(".")) value = isObject(value) ? value[name] ?? null : null;
  return value;
}

function merge(base: AqlObject, patch: AqlObject, options: SourceWriteOptions): AqlObject {
  const { keepNull = true, mergeObjects = true } = options;
  const merged: AqlObject = { ...base };
  for (const [name, value] of Object.entries(patch)) {
    const old = merged[name];
    if (value === null && !keepNull) delete merged[name];
    else if (isObject(value) && mergeObjects && old !== undefined && isObject(old)) {
      merged[name] = merge(old, value, options);
    } else merged[name] = isObject(value) && !keepNull ? merge({}, value, options) : value;
  }
  return merged;
}

class MemoryWriter implements CollectionWriter {
  readonly current: CollectionReader;
  readonly #collection: MemoryCollection;
  readonly #source: MemorySource;

  constructor(collection: MemoryCollection, source: MemorySource) {
    this.#collection = collection;
    this.#source = source;
    this.current = new MemoryReader(collection, () => collection.documents);
  }

  #put(key: string, own: AqlObject): AqlObject {
    const { _key, _id, _rev, ...all } = own;
    const { _from, _to, ...others } = all;
    const isEdge = this.#collection.type === 3;
    if (isEdge && (typeof _from !== "string" || typeof _to !== "string")) {
      throw arangoError("ERROR_ARANGO_INVALID_EDGE_ATTRIBUTE");
    }
    const ends: AqlObject = isEdge ? { _from: _from!, _to: _to! } : {};
    const rest = isEdge ? others : all;
    const document = {
      _key: key,
      _id: `${this.#collection.name}/${key}`,
      ...ends,
      _rev: this.#source.nextRevision(),
      ...rest,
    };
    this.#collection.documents = new Map(this.#collection.documents).set(key, document);
    return document;
  }

  #existing(key: string, options: SourceWriteOptions): AqlObject {
    const old = this.#collection.documents.get(key);
    if (!old) throw new ArangoError("ERROR_ARANGO_DOCUMENT_NOT_FOUND");
    if (options.ifMatch !== undefined && options.ifMatch !== old._rev) throw new ArangoError("ERROR_ARANGO_CONFLICT");
    return old;
  }

  insert(document: AqlObject, options: SourceWriteOptions): SourceWriteResult {
    const given = document._key;
    if (given !== undefined && (typeof given !== "string" || !isDocumentKey(given))) {
      throw new ArangoError("ERROR_ARANGO_DOCUMENT_KEY_BAD");
    }
    const key = given ?? this.#source.nextKey();
    const old = this.#collection.documents.get(key);
    if (!old) return { new: this.#put(key, document) };
    switch (options.overwriteMode) {
      case "ignore":
        return { ignored: true };
      case "replace":
        return this.replace(key, document, options);
      case "update":
        return this.update(key, document, options);
      default:
        throw new ArangoError(
          "ERROR_ARANGO_UNIQUE_CONSTRAINT_VIOLATED",
          `unique constraint violated - in index primary of type primary over '_key'; conflicting key: ${key}`,
        );
    }
  }

  update(key: string, patch: AqlObject, options: SourceWriteOptions): SourceWriteResult {
    const old = this.#existing(key, options);
    return { old, new: this.#put(key, merge(old, patch, options)) };
  }

  replace(key: string, document: AqlObject, options: SourceWriteOptions): SourceWriteResult {
    const old = this.#existing(key, options);
    return { old, new: this.#put(key, document) };
  }

  remove(key: string, options: SourceWriteOptions): SourceWriteResult {
    const old = this.#existing(key, options);
    const documents = new Map(this.#collection.documents);
    documents.delete(key);
    this.#collection.documents = documents;
    return { old };
  }
}

/** Collections in memory. */
export class MemorySource implements DataSource {
  readonly name: string = "_system";
  readonly #collections = new Map<string, MemoryCollection>();
  #ticks = 0;

  /** Makes a collection of documents, which may bring their keys and revisions. */
  create(
    name: string,
    documents: readonly AqlObject[] = [],
    type: 2 | 3 = 2,
    indexes: readonly SourceIndex[] = [],
  ): void {
    const collection = new MemoryCollection(name, type, indexes);
    this.#collections.set(name, collection);
    const writer = new MemoryWriter(collection, this);
    for (const document of documents) {
      const { new: stored } = writer.insert(document, {});
      if (stored && typeof document._rev === "string") stored._rev = document._rev;
    }
  }

  /** A new key. */
  nextKey(): string {
    return String(++this.#ticks);
  }

  /** A new revision. */
  nextRevision(): string {
    return `_${(++this.#ticks).toString(36).padStart(10, "0")}`;
  }

  collection(name: string): SourceCollection | undefined {
    return this.#collections.get(name);
  }

  #session(stable: boolean): SourceSession {
    const fixed = new Map([...this.#collections].map(([name, { documents }]) => [name, documents]));
    return {
      stable,
      reader: (name) => {
        const collection = this.#collections.get(name);
        return collection && new MemoryReader(collection, () => fixed.get(name)!);
      },
      writer: (name) => new MemoryWriter(this.#collections.get(name)!, this),
      collectionNames: () => [...this.#collections.keys()],
    };
  }

  read(): ReadSession {
    return { ...this.#session(true), [Symbol.dispose]() {} };
  }

  write<T>(_access: unknown, body: (session: SourceSession) => T): T {
    const before = new Map([...this.#collections].map(([name, { documents }]) => [name, documents]));
    try {
      return body(this.#session(true));
    } catch (error) {
      for (const [name, documents] of before) this.#collections.get(name)!.documents = documents;
      throw error;
    }
  }
}

/**
 * The types of what scripts know as `db`: the part that programs use most. Everything else of arangosh's objects is there as well,
 * without types.
 *
 * @module
 */

/** Attributes of a document. */
export type Attributes = Record<string, unknown>;

/** What identifies a stored document. */
export interface DocumentMeta extends Attributes {
  /** The key, unique in its collection. */
  readonly _key: string;
  /** Collection and key: `places/here`. */
  readonly _id: string;
  /** The revision, another one after each change. */
  readonly _rev: string;
}

/** Options of writes; `returnNew` and `returnOld` add `new` and `old` to the result. */
export interface WriteOptions {
  /** Add the document as it is afterwards. */
  readonly returnNew?: boolean;
  /** Add the document as it was before. */
  readonly returnOld?: boolean;
  /** What an insert does with a key that exists. */
  readonly overwriteMode?: "ignore" | "replace" | "update" | "conflict";
  /** Whether an attribute that is set to `null` stays. */
  readonly keepNull?: boolean;
  /** Whether objects are merged by an update. */
  readonly mergeObjects?: boolean;
  /** Return when the data is on the disk. */
  readonly waitForSync?: boolean;
  /** Further options as arangosh has them. */
  readonly [option: string]: unknown;
}

/** The result of a query. */
export interface ScriptCursor extends Iterable<unknown> {
  /** All remaining results. */
  toArray(): unknown[];
  /** Whether {@linkcode next} has another result. */
  hasNext(): boolean;
  /** The next result. */
  next(): unknown;
  /** The number of results, for queries with the option `count`. */
  count(): number | undefined;
  /** Statistics and warnings. */
  getExtra(): Record<string, unknown>;
  /** Forgets the remaining results. */
  dispose(): void;
}

/** A collection. */
export interface ScriptCollection {
  /** The name. */
  name(): string;
  /** The number of documents. */
  count(): number;
  /** Stores one document, or several in an array. */
  insert(document: Attributes | Attributes[], options?: WriteOptions): DocumentMeta;
  /** Reads a document by key, `_id` or selector; throws error 1202 when there is none. */
  document(selector: string | Attributes): DocumentMeta;
  /** Whether there is such a document: its identity, or `false`. */
  exists(selector: string | Attributes): DocumentMeta | false;
  /** Changes attributes. */
  update(selector: string | Attributes, patch: Attributes, options?: WriteOptions): DocumentMeta;
  /** Changes all attributes. */
  replace(selector: string | Attributes, document: Attributes, options?: WriteOptions): DocumentMeta;
  /** Removes a document. */
  remove(selector: string | Attributes, options?: WriteOptions): DocumentMeta;
  /** All documents. */
  toArray(): DocumentMeta[];
  /** Removes all documents. */
  truncate(): void;
  /** Removes the collection. */
  drop(): void;
  /** Reads the properties, or changes them. */
  properties(change?: Attributes): Attributes;
  /** Makes an index unless there is one. */
  ensureIndex(definition: Attributes): Attributes;
  /** All indexes. */
  indexes(): Attributes[];
  /** Everything else of arangosh's collections. */
  // deno-lint-ignore no-explicit-any -- arangosh has no types
  readonly [method: string]: any;
}

/** A database with its collections as properties: `db.places`. */
export interface ScriptDatabase {
  /** The name of the current database. */
  _name(): string;
  /** Changes the current database. */
  _useDatabase(name: string): true;
  /** The names of all databases. */
  _databases(): string[];
  /** Makes a database. */
  _createDatabase(name: string, options?: Attributes, users?: Attributes[]): true;
  /** Removes a database. */
  _dropDatabase(name: string): true;
  /** A collection by name; `null` when there is none. */
  _collection(name: string): ScriptCollection | null;
  /** All collections. */
  _collections(): ScriptCollection[];
  /** Makes a collection of documents. */
  _create(name: string, properties?: Attributes): ScriptCollection;
  /** Makes a collection of edges. */
  _createEdgeCollection(name: string, properties?: Attributes): ScriptCollection;
  /** Removes a collection. */
  _drop(name: string): void;
  /** Reads a document by its `_id`. */
  _document(id: string): DocumentMeta;
  /** Runs an AQL query. */
  _query(query: string | Attributes, bindVars?: Attributes, options?: Attributes): ScriptCursor;
  /** The server's version. */
  _version(): string;
  /** Collections by their names, and everything else of arangosh's `db`. */
  // deno-lint-ignore no-explicit-any -- arangosh has no types
  readonly [name: string]: any;
}

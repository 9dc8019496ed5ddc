/**
 * The port between queries and stored data: what AQL needs of an engine, and nothing more.
 *
 * @module
 */
import type { WriteLimits } from "../engine/transaction.ts";
import type { AttributeCondition, DocumentForm } from "../storage/document_sql.ts";
import type { GraphMemory } from "./graph_memory.ts";
import type { AqlObject, AqlValue } from "./values.ts";

/** An index of a collection, as far as queries use it. */
export interface SourceIndex {
  readonly id: string;
  readonly name: string;
  /** `primary`, `edge`, `persistent`, `hash`, `skiplist`, `geo`, `fulltext`, `mdi`, `mdi-prefixed`, `zkd`; others are never used. */
  readonly type: string;
  readonly fields: readonly string[];
  /** Of `mdi-prefixed`: what comes before the fields in the order of the index. */
  readonly prefixFields?: readonly string[];
  readonly unique: boolean;
  readonly sparse: boolean;
  readonly deduplicate?: boolean;
  readonly estimates?: boolean;
  readonly cacheEnabled?: boolean;
  readonly storedValues?: readonly string[];
  /** Geo: whether the field holds GeoJSON or `[longitude, latitude]`. */
  readonly geoJson?: boolean;
  /** Between 0 and 1: the number of distinct values by the number of entries. */
  readonly selectivityEstimate?: number;
}

/** A collection as queries see it while they are planned. */
export interface SourceCollection {
  readonly name: string;
  /** 2 for documents, 3 for edges. */
  readonly type: 2 | 3;
  /** How many documents there are now. */
  count(): number;
  /** All indexes, the primary and the edge index among them. */
  indexes(): readonly SourceIndex[];
}

/** Gives documents, or what is made of them, a batch at a time. */
export interface DocumentCursor<T = AqlObject> {
  /** At most `max` further documents; an empty array at the end. */
  next(max: number): T[];
  /**
   * Goes past documents without reading them, where the cursor can.
   *
   * @returns how many; fewer than `count` at the end
   */
  readonly skip?: ((count: number) => number) | undefined;
  /** How many documents were looked at and left out so far. */
  readonly skipped?: number;
  /** How many documents were looked at and left out because of {@linkcode ReadWish.bound}. */
  readonly beyond?: number;
}

/** What a reader may leave out. */
export interface ReadWish {
  /** The names of the attributes that are needed; absent for all. */
  readonly attributes?: readonly string[] | undefined;
  /** Documents that do not fulfil this are not needed. */
  readonly condition?: AttributeCondition | undefined;
  /** Asked before each page: documents that do not fulfil this are not needed any more. Not beside a condition. */
  readonly bound?: (() => AttributeCondition | undefined) | undefined;
  /** Called between the steps of long work; what it throws ends it. */
  readonly check?: () => void;
}

/** A bound of the values in an index. */
export interface IndexBound {
  readonly value: AqlValue;
  readonly inclusive: boolean;
}

/** Which entries of an index are wanted. */
export interface IndexRange {
  /** What the first fields equal; not necessarily all. */
  readonly values: readonly AqlValue[];
  /** Bounds of the next field. Where they are strings, others close to them may come; where arrays or objects, all of their type. */
  readonly lower?: IndexBound | undefined;
  readonly upper?: IndexBound | undefined;
  /** Whether the last entries come first. @default {false} */
  readonly descending?: boolean;
  /** The next field, if documents are to come in AQL's order of the strings that it holds. */
  readonly textOrder?: string | undefined;
}

/** The edges at a vertex, column by column, in the order in which they were written. */
export interface EdgeList {
  /** The vertices at the other ends, by id. */
  readonly ends: readonly string[];
  /** What tells each edge from all others of its collection, if that was asked for. */
  readonly identities?: readonly string[];
  /** The edges themselves, if they were asked for. */
  readonly edges?: readonly AqlObject[];
}

/** What is asked for beside the other ends of edges: the edges, what tells them apart, or nothing. */
export type EdgeWish = "edges" | "identities" | "ends";

/** Gives what is made of documents as JSON texts: the documents themselves are not parsed. */
export interface TextReader {
  /** All documents. */
  scan(): DocumentCursor<string>;
  /** The document with a key. */
  document(key: string): string | undefined;
  /** See {@linkcode CollectionReader.byIndex}. */
  byIndex(index: string, range: IndexRange): DocumentCursor<string>;
}

/** Reads a collection in the state that a session has fixed. */
export interface CollectionReader {
  /** Gives documents as texts, where they are stored as such; undefined for a form that takes more than that. */
  texts?(form: DocumentForm): TextReader | undefined;
  /** Names the state that is read: nothing is different under the same name. Undefined where the state may change. */
  readonly version?: string | undefined;
  count(): number;
  /** All documents, or at least those that are wished for. */
  scan(wish?: ReadWish): DocumentCursor;
  /** A document taken at random; undefined if there is none. */
  randomDocument(random: () => number): AqlObject | undefined;
  /** The document with a key. */
  document(key: string): AqlObject | undefined;
  /** The documents with some keys, in their order; null where there is none. */
  documents(keys: readonly string[], wish?: Pick<ReadWish, "attributes">): (AqlObject | null)[];
  /** As {@linkcode documents}, by revisions. */
  revisions(revisions: readonly string[], wish?: Pick<ReadWish, "attributes">): (AqlObject | null)[];
  /** Which of some keys documents have. */
  present(keys: readonly string[]): boolean[];
  /**
   * The edges that start (`_from`) or end (`_to`) at each of some vertices.
   *
   * @param wish what is needed of them beside where they lead
   */
  edgesOf(end: "_from" | "_to", vertices: readonly string[], wish: EdgeWish): EdgeList[];
  /**
   * The edges that start (`_from`) or end (`_to`) at a vertex.
   *
   * @param onlyEnds whether nothing but `_from` and `_to` is needed of them
   */
  edges(end: "_from" | "_to", vertex: string, onlyEnds?: boolean): DocumentCursor;
  /**
   * The documents whose entries lie in a range of an index, in the order of the index: that of AQL's types, numbers and
   * booleans; strings (but see {@linkcode IndexRange.textOrder}), arrays and objects by their bytes.
   *
   * @param index the id of a persistent index, or of the primary one, whose field is `_key`
   */
  byIndex(index: string, range: IndexRange, wish?: ReadWish): DocumentCursor;
  /**
   * As {@linkcode byIndex}, but of the documents only the attributes that the index has, for indexes whose fields are
   * attributes of documents.
   *
   * @param withRevision whether `_rev` is needed too
   */
  entriesOf(index: string, fields: readonly string[], range: IndexRange, withRevision?: boolean): DocumentCursor;
  /**
   * For each different combination of values of the first fields of an index, attributes of documents, at least one document
   * with no more than those attributes.
   */
  distinct(index: string, fields: readonly string[]): DocumentCursor;
  /** All documents that a geo index has within some metres of a place, and perhaps others nearby. */
  around(index: string, latitude: number, longitude: number, meters: number): AqlObject[];
  /** All documents that a geo index has where a shape is, and perhaps others nearby; undefined if it is no shape. */
  meeting(index: string, shape: AqlValue): AqlObject[] | undefined;
  /** The documents that a fulltext index has for a word, or for all words that begin with it. */
  withWord(index: string, word: string, isPrefix: boolean): AqlObject[];
}

/** How a document is written; see section 8.2 of `aql.md`. */
export interface SourceWriteOptions {
  readonly waitForSync?: boolean;
  readonly keepNull?: boolean;
  readonly mergeObjects?: boolean;
  readonly overwriteMode?: "conflict" | "ignore" | "replace" | "update";
  readonly versionAttribute?: string;
  readonly skipDocumentValidation?: boolean;
  /** The revision that the stored document must have. */
  readonly ifMatch?: string;
}

/** What a write did. */
export interface SourceWriteResult {
  /** Whether nothing was written, as `overwriteMode: "ignore"` asks for. */
  readonly ignored?: boolean;
  /** The document before, where there was one. */
  readonly old?: AqlObject;
  /** The document after, where there is one. */
  readonly new?: AqlObject;
}

/** Writes to a collection; every call is all or nothing. */
export interface CollectionWriter {
  /** Reads what the session itself has written too. */
  readonly current: CollectionReader;
  /** Tells which documents are going to be asked for and written next, so that they are looked up many at once. */
  expect?(keys: readonly string[]): void;
  /** @throws ArangoError 1210, 1221, 1227, 1233 */
  insert(document: AqlObject, options: SourceWriteOptions): SourceWriteResult;
  /** @throws ArangoError 1202, 1200, 1210, 1221 */
  update(key: string, patch: AqlObject, options: SourceWriteOptions): SourceWriteResult;
  /** @throws ArangoError 1202, 1200, 1210, 1221 */
  replace(key: string, document: AqlObject, options: SourceWriteOptions): SourceWriteResult;
  /** @throws ArangoError 1202, 1200, 1221 */
  remove(key: string, options: SourceWriteOptions): SourceWriteResult;
}

/** The collections of a query while it runs. */
export interface SourceSession {
  /** What graph searches of the database remember; absent where every query begins anew. */
  readonly graphMemory?: GraphMemory;
  /** Whether readers keep the state of the start while the session writes. */
  readonly stable: boolean;
  /**
   * A reader; also for collections that were not announced.
   *
   * @returns undefined if there is no such collection
   */
  reader(collection: string): CollectionReader | undefined;
  /** A writer of a collection that was announced as written. */
  writer(collection: string): CollectionWriter;
  /**
   * Commits what was written since the last commit, if that is as much as the limits say. Absent, and without effect inside of
   * somebody else's transaction, where everything is committed at the end.
   *
   * @returns whether it has committed
   * @throws ArangoError 32 if more was written than is allowed
   */
  commitAt?(limits: WriteLimits): boolean;
  /** The names of all collections. */
  collectionNames(): readonly string[];
}

/** A session that only reads, to be disposed of when the query is done. */
export interface ReadSession extends SourceSession, Disposable {}

/** What a query will touch. */
export interface SourceAccess {
  readonly read: readonly string[];
  readonly write: readonly string[];
  readonly waitForSync: boolean;
}

/** What is known of a database while queries are planned. */
export interface PlanningSource {
  /** The database's name. */
  readonly name: string;
  /** The collection with a name; undefined if there is none. */
  collection(name: string): SourceCollection | undefined;
}

/** A database that queries run on. */
export interface DataSource extends PlanningSource {
  /** The numeric id of a collection as text. */
  collectionId?(name: string): string | undefined;
  /** The schema of a collection, null without one. */
  collectionSchema?(name: string): AqlValue | undefined;
  /** Fixes a state and reads from it. */
  read(access: SourceAccess): ReadSession;
  /** Runs `body` in a transaction: what it wrote is there for everybody when it returns, and gone when it throws. */
  write<T>(access: SourceAccess, body: (session: SourceSession) => T): T;
}

/**
 * A collection: its definition, its documents and its indexes.
 *
 * @module
 */
import { arangoError } from "../base/arango_error.ts";
import { objectOf } from "../base/attributes_text.ts";
import { velocyPackStringHash } from "../base/hash.ts";
import { encodeRevision } from "../base/revision.ts";
import { RevisionTree } from "../base/revision_tree.ts";
import type { CollectionRow, LogEntry } from "../storage/catalog.ts";
import type { CollectionFile, FileState } from "../storage/collection_file.ts";
import type { IndexTableKind } from "../storage/collection_tables.ts";
import type { StoredDocument } from "../storage/document_table.ts";
import type { CollectionProperties } from "./collection_properties.ts";
import type { InsertOptions, WriteOptions, WriteResult } from "./document_operation.ts";
import { DocumentStore, type ExactChange } from "./document_store.ts";
import { type DocumentParts, documentParts } from "./document_text.ts";
import { DocumentWriter } from "./document_writer.ts";
import type { Engine } from "./engine.ts";
import { FileHandle, type FileOwner } from "./file_handle.ts";
import { dropIndex, ensureIndex } from "./index_changes.ts";
import type { IndexDefinition } from "./index_definition.ts";
import { IndexEstimates } from "./index_estimates.ts";
import { increments, largestKey } from "./key_generator.ts";
import { rollForward } from "./log_replay.ts";
import { OpenIndex } from "./open_index.ts";
import { PendingWrites } from "./pending_writes.ts";
import type { Participant, Transaction } from "./transaction.ts";
import { truncate } from "./truncation.ts";

export { ConflictError, type InsertOptions, type WriteOptions, type WriteResult } from "./document_operation.ts";

/** How many documents are read at once where all are needed. */
const PAGE = 1000;

/** What a collection is locked for: single documents of it, or anything. */
export type LockPurpose = "documents" | "all";

/** One collection of a database. */
export class Collection implements FileOwner {
  readonly #engine: Engine;
  readonly #file: FileHandle;
  #row: CollectionRow;
  #properties: CollectionProperties;
  #store: DocumentStore;
  #writer: DocumentWriter;
  /** The texts that the store's indexes were made from, if they are known. */
  #definitions: string | undefined;
  #dropped = false;
  /** Whether the file has the tables of all indexes, as far as is known. */
  #tablesKnown = false;
  readonly #estimates = new IndexEstimates(() => this.#engine.catalog.collectionTick(this.id));
  readonly #detached: boolean;
  /** While the file is locked. */
  #pending: PendingWrites | undefined;

  /**
   * Collections are made by {@linkcode Engine}.
   *
   * @param detached the file is a working copy that nobody else knows: its changes are not logged
   */
  constructor(engine: Engine, row: CollectionRow, indexes: readonly IndexDefinition[], detached = false) {
    this.#engine = engine;
    this.#detached = detached;
    this.#file = new FileHandle(engine, this);
    this.#row = row;
    this.#properties = JSON.parse(row.properties);
    this.#store = this.#newStore(indexes);
    this.#writer = this.#newWriter();
  }

  #newStore(indexes: readonly IndexDefinition[]): DocumentStore {
    const nextRevision = this.#detached ? undefined : (): bigint => this.#engine.clock.next();
    const generator = this.#properties.keyOptions.type;
    return new DocumentStore(this.#row, generator, indexes.map((one) => new OpenIndex(one)), nextRevision);
  }

  #newWriter(): DocumentWriter {
    return new DocumentWriter(this.#engine, this, this.#store);
  }

  /**
   * Takes over a definition that may have changed, here or in another process.
   *
   * @param definitions the JSON texts of the indexes
   */
  adopt(row: CollectionRow, definitions: readonly string[]): void {
    // who reads a former state needs the definition that belongs to it
    if (this.#file.isPinned) return;
    const before = this.#row;
    this.#row = row;
    if (row.file !== before.file) {
      if (!this.#file.isLocked) this.close();
      this.#tablesKnown = false;
    }
    if (row.properties !== before.properties) {
      this.#properties = JSON.parse(row.properties);
      this.#writer = this.#newWriter();
    }
    const text = definitions.join();
    if (text === this.#definitions && row.type === before.type) return;
    this.#definitions = text;
    this.#store = this.#newStore(definitions.map((one) => JSON.parse(one)));
    this.#writer = this.#newWriter();
    this.#tablesKnown = false;
  }

  /** Notes that the collection is gone. */
  vanish(): void {
    this.#dropped = true;
    this.close();
  }

  /** Closes the file; the next operation opens it again. */
  close(): void {
    this.#file.close();
  }

  /** The id, unique in the data directory. */
  get id(): bigint {
    return this.#row.id;
  }

  /** The id of the database that the collection belongs to. */
  get databaseId(): bigint {
    return this.#row.database;
  }

  /** The name. */
  get name(): string {
    return this.#row.name;
  }

  /** 2 for documents, 3 for edges. */
  get type(): 2 | 3 {
    return this.#row.type;
  }

  /** Whether this is an edge collection. */
  get isEdge(): boolean {
    return this.#row.type === 3;
  }

  /** What identifies the collection across servers. */
  get globallyUniqueId(): string {
    return this.#row.guid;
  }

  /** The properties. */
  get properties(): CollectionProperties {
    return this.#properties;
  }

  /** The definition as stored. */
  get row(): CollectionRow {
    return this.#row;
  }

  /** The secondary indexes, oldest first. */
  indexes(): IndexDefinition[] {
    return this.#store.indexes.map(({ definition }) => definition);
  }

  /**
   * How selective a secondary index is: different values by entries, from 0 to 1.
   *
   * @returns 1 for indexes that do not tell
   */
  selectivity({ id, unique, estimates }: IndexDefinition): number {
    if (unique || !estimates) return 1;
    return this.#estimates.of(id, this.reading(), (file, most) => file.indexSizes(BigInt(id), most));
  }

  /** How selective the edge index is; see {@linkcode selectivity}. */
  edgeSelectivity(): number {
    return this.#estimates.of("edge", this.reading(), (file, most) => file.edgeSizes(most));
  }

  /** The tables of secondary indexes. */
  get indexTables(): { id: bigint; kind: IndexTableKind }[] {
    return this.#store.indexes.map(({ id, kind }) => ({ id, kind }));
  }

  /** The name of the file as last seen; null while the collection is empty. */
  get fileName(): string | null {
    return this.#row.file;
  }

  /**
   * Sees what other processes have made of the collection.
   *
   * @param now also if that was done a moment ago
   * @throws ArangoError 1203 if it is gone
   */
  refresh(now?: boolean): void {
    this.#engine.refresh(now);
    if (this.#dropped) throw arangoError("ERROR_ARANGO_DATA_SOURCE_NOT_FOUND", this.name);
  }

  /**
   * The file to read from, rolled forward to the last committed operation, with what the transaction under way has written.
   *
   * @returns undefined while the collection is empty
   */
  reading(): CollectionFile | undefined {
    this.#pending?.flush();
    return this.#file.reading();
  }

  /**
   * As {@linkcode reading}, for a range of a secondary index: what was written that lies elsewhere may be missing.
   *
   * @param from inclusive
   * @param to exclusive
   */
  readingRange(index: bigint, from: Uint8Array, to: Uint8Array): CollectionFile | undefined {
    if (this.#pending?.concerns(index, from, to)) this.#pending.flush();
    return this.#file.reading();
  }

  /** The file at work. For {@linkcode OpenTransaction}. */
  get handle(): FileHandle {
    return this.#file;
  }

  /**
   * Locks the file for writing, making it first if need be. For {@linkcode Transaction}.
   *
   * @param purpose what is to be changed
   */
  lock(purpose: LockPurpose = "all"): CollectionFile {
    this.#engine.assertWritable();
    this.#engine.guard?.(this, purpose);
    const file = this.#file.lock();
    this.#pending = new PendingWrites(file);
    return file;
  }

  /** What is written and not yet in the file, which {@linkcode lock} has locked. */
  get pending(): PendingWrites {
    return this.#pending!;
  }

  /** What the file, which {@linkcode lock} has locked, says about itself. */
  get fileState(): FileState {
    return this.#file.state;
  }

  /**
   * Notes that the lock of {@linkcode lock} is gone.
   *
   * @param state what the file says about itself, if everything was committed
   */
  unlocked(state?: FileState): void {
    this.#pending = undefined;
    this.#file.unlocked(state);
  }

  /** Makes the file. For {@linkcode FileHandle}. */
  createFile(): void {
    this.#engine.createFile(this);
  }

  /** Whether a file contains everything that the catalog has committed. For {@linkcode FileHandle}. */
  isUpToDate(file: CollectionFile): boolean {
    if (this.#engine.readOnly) return true;
    const { applied } = file.state();
    return applied === (this.#engine.catalog.collectionTick(this.id) ?? applied) && this.#hasTables(file);
  }

  #hasTables(file: CollectionFile): boolean {
    return this.#tablesKnown ||= this.#store.indexes.every((index) => index.isIn(file));
  }

  /** Brings a file, whose last writer died, to the state that the catalog has committed. For {@linkcode FileHandle}. */
  recover(file: CollectionFile): void {
    const { catalog } = this.#engine;
    const state = file.state();
    const committed = catalog.collectionTick(this.id) ?? state.applied;
    if (state.applied > committed) {
      // a bulk change commits in the file first and leaves no log entries
      catalog.write(() => catalog.putCollection({ ...this.#row, tick: state.applied, history: state.applied }));
    }
    if (!this.#hasTables(file)) { for (const index of this.#store.indexes) if (!index.isIn(file)) index.build(file); }
    if (state.applied >= committed) return;
    rollForward(this.#engine, this, this.#store, file, committed);
  }

  /**
   * Does what a transaction has done that lasted.
   *
   * @throws ArangoError 1210 for unique values that are taken by now
   */
  apply(transaction: Transaction, entries: readonly LogEntry[]): void {
    this.#store.replay(transaction, transaction.join(this), entries, true);
  }

  /** How many documents there are. */
  count(): number {
    this.#pending?.flush();
    return this.#file.count();
  }

  /** The document with a key. */
  document(key: string): StoredDocument | undefined {
    if (this.#pending) return this.#pending.byKey(key);
    const file = this.reading();
    if (file) this.#engine.held.hold(file.file);
    return file?.byKey(key);
  }

  /** Tells which documents are going to be asked for and written in the transaction under way, so that they are found at once. */
  expect(keys: readonly string[]): void {
    this.#pending?.expect(keys);
  }

  /**
   * All documents in pages, ascending by revision.
   *
   * @param pageSize documents in a page
   */
  *pages(pageSize = PAGE): Generator<StoredDocument[]> {
    let after: bigint | undefined;
    for (;;) {
      const page = this.reading()?.documentsAfter(after, pageSize) ?? [];
      if (page.length > 0) yield page;
      if (page.length < pageSize) return;
      after = page.at(-1)!.rev;
    }
  }

  /** The revision tree as it stands. */
  revisionTree(): RevisionTree {
    const file = this.reading();
    return file ? new RevisionTree(file.state().range, file.leaves()) : new RevisionTree();
  }

  /** The number that new keys follow on: the largest that a key ever stood for; 0 if there was none, or if nobody has counted. */
  lastKey(): bigint {
    const { keyOptions } = this.#properties;
    const file = this.reading();
    const start = BigInt(keyOptions.lastValue ?? 0);
    if (!file) return start;
    const last = file.state().lastKey ?? (increments(keyOptions) ? largestKey(keyOptions, file) : 0n);
    return last > start ? last : start;
  }

  /** What grows with each change of a document: the last change's revision; 0 before the first one. */
  revision(): bigint {
    const file = this.reading();
    if (!file) return 0n;
    const { lastRemoval } = file.state();
    const last = file.lastRevision() ?? 0n;
    return last > lastRemoval ? last : lastRemoval;
  }

  /**
   * A number that two collections with the same documents share.
   *
   * @param withRevisions whether revisions count
   * @param withData whether the documents' own attributes count
   */
  checksum(withRevisions: boolean, withData: boolean): bigint {
    let sum = 0n;
    for (const page of this.pages()) {
      for (const { key, rev, text } of page) {
        let one = velocyPackStringHash(key);
        if (withRevisions) one ^= velocyPackStringHash(`r${encodeRevision(rev)}`);
        if (withData) one ^= velocyPackStringHash(`d${objectOf(documentParts(text, false).own)}`);
        sum = BigInt.asUintN(64, sum + one);
      }
    }
    return sum;
  }

  /**
   * Stores a new document.
   *
   * @param given a valid JSON value without white space between tokens, or its parts
   * @throws ArangoError 1210 key or unique value taken, 1221, 1222, 1227, 1233, 1620 schema
   */
  insert(given: string | DocumentParts, options: InsertOptions = {}): WriteResult {
    const parts = this.#parts(given);
    return this.#write(options, (...place) => this.#writer.insert(...place, parts, options));
  }

  /**
   * Changes a document attribute by attribute.
   *
   * @param given a JSON object, without white space between tokens, with the attributes to set, or its parts
   * @throws ArangoError 1202 no such document, 1200 other revision, 1210, 1227, 1233, 1620
   */
  update(key: string, given: string | DocumentParts, options: WriteOptions = {}): WriteResult {
    return this.#modify(key, given, true, options);
  }

  /** Replaces a document; throws as {@linkcode update} does. */
  replace(key: string, given: string | DocumentParts, options: WriteOptions = {}): WriteResult {
    return this.#modify(key, given, false, options);
  }

  #parts(given: string | DocumentParts, key?: string): DocumentParts {
    return typeof given === "string" ? documentParts(given, this.isEdge, key) : given;
  }

  #modify(key: string, given: string | DocumentParts, patch: boolean, options: WriteOptions): WriteResult {
    const parts = this.#parts(given, key);
    return this.#write(options, (...place) => this.#writer.change(...place, key, parts, patch, options));
  }

  /**
   * Removes a document.
   *
   * @throws ArangoError 1202 no such document, 1200 other revision
   */
  remove(key: string, options: WriteOptions = {}): WriteResult {
    return this.#write(options, (...place) => this.#writer.remove(...place, key, options));
  }

  /**
   * Stores a document exactly as a leader has it, in place of the one with its key.
   *
   * @returns the key of another document that has one of its unique values or its revision and stays; undefined if stored
   */
  storeExact(document: StoredDocument): string | undefined {
    return this.#engine.write([this], (transaction) => {
      const obstacle = this.#store.force(transaction, transaction.join(this), document);
      if (obstacle === undefined) this.#engine.clock.observe(document.rev);
      return obstacle;
    });
  }

  /**
   * Makes many changes at once, exactly as a leader has them, where no secondary index needs to be looked after.
   *
   * @returns false, and nothing happened, if there is a secondary index
   */
  changeExact(change: ExactChange): boolean {
    if (this.#store.indexes.length > 0) return false;
    this.#engine.write([this], (transaction) => {
      this.#store.change(transaction, transaction.join(this), change);
      for (const { rev } of change.documents) this.#engine.clock.observe(rev);
    });
    return true;
  }

  /** Removes the document with a key, if there is one, whatever its revision. */
  removeExact(key: string): boolean {
    return this.#engine.write([this], (transaction) => {
      const participant = transaction.join(this);
      const old = participant.pending.byKey(key);
      if (old) this.#store.remove(transaction, participant, old);
      return old !== undefined;
    });
  }

  #write<T>(options: WriteOptions, body: (transaction: Transaction, participant: Participant) => T): T {
    return this.#engine.write(
      [this],
      (transaction) => body(transaction, transaction.join(this)),
      this.#durable(options),
    );
  }

  #durable(options: WriteOptions): { durable: boolean } {
    return { durable: options.waitForSync || this.#properties.waitForSync };
  }

  /**
   * Makes an index unless there is one like it.
   *
   * @param given the description, as clients send it
   * @throws ArangoError 9, 10, 11, 1208, 1220 as {@linkcode indexDefinition} tells, 1005 name or id taken by another index, 1210 values
   *   not unique, 1561 no number in a dimension
   */
  ensureIndex(given: unknown): { definition: IndexDefinition; created: boolean } {
    this.refresh();
    return ensureIndex(this.#engine, this, given);
  }

  /**
   * Drops a secondary index.
   *
   * @param idOrName the bare id or the name
   * @returns false if there is none
   */
  dropIndex(idOrName: string): boolean {
    this.refresh();
    return dropIndex(this.#engine, this, idOrName);
  }

  /** Removes all documents at once; inside a transaction, one by one. */
  truncate(options: WriteOptions = {}): void {
    if (this.#engine.inTransaction) {
      this.#write(options, () => {
        for (const page of [...this.pages()]) for (const { key } of page) this.remove(key);
      });
    } else if (this.count() > 0) {
      truncate(this.#engine, this, this.#durable(options).durable);
    }
  }
}

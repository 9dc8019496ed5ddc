/**
 * A collection: its definition, its documents and its indexes.
 *
 * @module
 */
import { ArangoError, arangoError } from "../base/arango_error.ts";
import { velocyPackStringHash } from "../base/hash.ts";
import { type Members, mergePatch, objectText, stringValue } from "../base/json_text.ts";
import { decodeRevision, encodeRevision, INVALID_REVISION } from "../base/revision.ts";
import { RevisionTree } from "../base/revision_tree.ts";
import type { CollectionRow } from "../storage/catalog.ts";
import type { CollectionFile, StoredDocument } from "../storage/collection_file.ts";
import type { CollectionProperties } from "./collection_properties.ts";
import { ComputedValues, type WriteOperation } from "./computed_values.ts";
import { checkEdgeEnds, type DocumentParts, documentParts, storedDocument } from "./document_text.ts";
import type { Engine } from "./engine.ts";
import { type IndexDefinition, indexDefinition, sameIndex } from "./index_definition.ts";
import { badIndex } from "./index_types.ts";
import { parseForIndex } from "./index_key.ts";
import { generateKey } from "./key_generator.ts";
import { MARKER } from "./markers.ts";
import { OpenIndex, type ParsedDocument, valueTaken } from "./open_index.ts";
import { SchemaGuard } from "./schema.ts";
import type { Participant, Transaction } from "./transaction.ts";

/** How a document operation is to be done. */
export interface WriteOptions {
  /** Return when the change is on the disk. */
  readonly waitForSync?: boolean;
  /** The `_rev` that the stored document must have. */
  readonly ifMatch?: string;
  /** Update: keep attributes that are set to null (default true). */
  readonly keepNull?: boolean;
  /** Update: merge objects that both sides have (default true). */
  readonly mergeObjects?: boolean;
  /** An attribute with a number: an older or equal one than the stored document's changes nothing. */
  readonly versionAttribute?: string;
  /** Keep the `_rev` that the document brings, compute nothing and ask no schema. */
  readonly isRestore?: boolean;
  /** Write whatever the schema says. */
  readonly skipDocumentValidation?: boolean;
}

/** Options of {@linkcode Collection.insert}. */
export interface InsertOptions extends WriteOptions {
  /** What to do when the key is taken. */
  readonly overwriteMode?: "conflict" | "ignore" | "replace" | "update";
}

/** What a document operation did. */
export interface WriteResult {
  readonly key: string;
  readonly rev: bigint;
  /** The revision before, if there was a document. */
  readonly oldRev?: bigint;
  /** The document before. */
  readonly old?: StoredDocument;
  /** The document after. */
  readonly new?: StoredDocument;
}

/** How many documents are read at once where all are needed. */
const PAGE = 1000;
/** A key that is a number, as key generators make it. */
const NUMBER = /^[1-9]\d{0,18}$/;
/** Larger indexes are looked at in part to tell how selective they are. */
const SAMPLE = 20_000;

/** One collection of a database. */
export class Collection {
  readonly #engine: Engine;
  #row: CollectionRow;
  #properties: CollectionProperties;
  #indexes: OpenIndex[];
  #file: CollectionFile | undefined;
  #checkedEpoch = -1;
  #locked = false;
  #dropped = false;
  #computedValues: ComputedValues | undefined;
  #schema: SchemaGuard | undefined;
  readonly #detached: boolean;

  /**
   * Collections are made by {@linkcode Engine}.
   *
   * @param detached the file is a working copy that nobody else knows: its changes are not logged
   */
  constructor(engine: Engine, row: CollectionRow, indexes: readonly IndexDefinition[], detached = false) {
    this.#engine = engine;
    this.#detached = detached;
    this.#row = row;
    this.#properties = JSON.parse(row.properties);
    this.#indexes = indexes.map((definition) => new OpenIndex(definition));
  }

  /** Takes over a definition that has changed, here or in another process. */
  adopt(row: CollectionRow, indexes: readonly IndexDefinition[]): void {
    if (row.file !== this.#row.file && !this.#locked) this.close();
    if (row.properties !== this.#row.properties) {
      this.#computedValues = undefined;
      this.#schema = undefined;
      this.#properties = JSON.parse(row.properties);
    }
    this.#row = row;
    this.#indexes = indexes.map((definition) => new OpenIndex(definition));
  }

  /** Notes that the collection is gone. */
  vanish(): void {
    this.#dropped = true;
    this.close();
  }

  /** Closes the file; the next operation opens it again. */
  close(): void {
    this.#file?.[Symbol.dispose]();
    this.#file = undefined;
    this.#engine.files.forget(this);
  }

  /** Whether a transaction of this process holds the file. */
  get isLocked(): boolean {
    return this.#locked;
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
    return this.#indexes.map(({ definition }) => definition);
  }

  /**
   * How selective a secondary index is: different values by entries, from 0 to 1.
   *
   * @returns 1 for indexes that do not tell
   */
  selectivity({ id, unique, estimates }: IndexDefinition): number {
    if (unique || !estimates) return 1;
    return ratio(this.reading()?.indexSizes(BigInt(id), SAMPLE));
  }

  /** How selective the edge index is; see {@linkcode selectivity}. */
  edgeSelectivity(): number {
    return ratio(this.reading()?.edgeSizes(SAMPLE));
  }

  #alive(): void {
    this.#engine.refresh();
    if (this.#dropped) throw arangoError("ERROR_ARANGO_DATA_SOURCE_NOT_FOUND", this.name);
  }

  /**
   * The file to read from, rolled forward to the last committed operation.
   *
   * @returns undefined while the collection is empty
   */
  reading(): CollectionFile | undefined {
    this.#alive();
    if (this.#locked) return this.#file;
    const file = this.#open();
    if (file && this.#checkedEpoch !== this.#engine.epoch) {
      if (!this.#upToDate(file)) {
        this.lock();
        this.#file!.file.exec("COMMIT");
        this.unlocked();
      }
      this.#checkedEpoch = this.#engine.epoch;
    }
    return this.#file;
  }

  #open(): CollectionFile | undefined {
    if (!this.#file && this.#row.file !== null) {
      this.#file = this.#engine.files.open(this, this.#row.file);
      this.#checkedEpoch = -1;
    }
    if (this.#file) this.#engine.files.touch(this);
    return this.#file;
  }

  #upToDate(file: CollectionFile): boolean {
    if (this.#engine.readOnly) return true;
    const applied = file.state().applied;
    return applied === (this.#engine.catalog.collectionTick(this.id) ?? applied) &&
      this.#indexes.every((index) => index.isIn(file));
  }

  /** Locks the file for writing, making it first if need be. For {@linkcode Transaction}. */
  lock(): CollectionFile {
    this.#engine.assertWritable();
    this.#engine.guard?.(this);
    for (;;) {
      this.#alive();
      if (this.#row.file === null) this.#engine.createFile(this);
      const file = this.#open()!;
      file.file.exec("BEGIN IMMEDIATE");
      try {
        // the wait for the lock may have outlasted a replacement of the file
        this.#alive();
        if (this.#file === file) {
          this.#rollForward(file);
          this.#locked = true;
          return file;
        }
      } catch (error) {
        if (file.file.inTransaction) file.file.exec("ROLLBACK");
        throw error;
      }
    }
  }

  /** Makes new revisions larger than those that other processes have given out meanwhile. */
  observeRevisions(file: CollectionFile): void {
    const last = file.lastRevision();
    if (last !== undefined) this.#engine.clock.observe(last);
  }

  /** Notes that the lock of {@linkcode lock} is gone. */
  unlocked(): void {
    this.#locked = false;
  }

  /** Makes the next reader look whether the file lags behind the catalog. */
  recheck(): void {
    this.#checkedEpoch = -1;
  }

  /** Brings a file, whose last writer died, to the state that the catalog has committed. */
  #rollForward(file: CollectionFile): void {
    const { catalog } = this.#engine;
    const state = file.state();
    const committed = catalog.collectionTick(this.id) ?? state.applied;
    if (state.applied > committed) {
      // a bulk change commits in the file first and leaves no log entries
      catalog.write(() => catalog.putCollection({ ...this.#row, tick: state.applied, history: state.applied }));
    }
    for (const index of this.#indexes) if (!index.isIn(file)) index.build(file);
    if (state.applied >= committed) return;
    const replay = this.#engine.newTransaction();
    const participant = { file, state, leaves: new Map() };
    let after = state.applied;
    for (;;) {
      const entries = catalog.entries(after, PAGE, this.id);
      for (const { type, key, data, rev } of entries) {
        const old = key === undefined ? undefined : file.byKey(key);
        if (type === MARKER.document) {
          const { from, to } = documentParts(data!, this.isEdge);
          const document = { key: key!, rev: rev!, text: data!, ...(from === undefined ? {} : { from, to: to! }) };
          this.#write(replay, participant, document, this.#parsed(document), old);
        } else if (type === MARKER.remove && old) {
          this.#erase(replay, participant, old);
        }
      }
      if (entries.length < PAGE) break;
      after = entries.at(-1)!.tick;
    }
    replay.settle(participant);
    file.setState({ ...participant.state, applied: committed });
  }

  /** How many documents there are. */
  count(): number {
    return this.reading()?.count() ?? 0;
  }

  /** The document with a key. */
  document(key: string): StoredDocument | undefined {
    return this.reading()?.byKey(key);
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

  /** The largest key that is a number and was ever there; 0 if there was none, or nobody has kept count. */
  lastKey(): bigint {
    return this.reading()?.state().lastKey ?? 0n;
  }

  /** The largest revision; 0 while the collection is empty. */
  revision(): bigint {
    return this.reading()?.lastRevision() ?? 0n;
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
        if (withData) one ^= velocyPackStringHash(`d${objectText(documentParts(text, false).own.values())}`);
        sum = BigInt.asUintN(64, sum + one);
      }
    }
    return sum;
  }

  /**
   * Stores a new document.
   *
   * @param text a valid JSON value without white space between tokens
   * @throws ArangoError 1210 key or unique value taken, 1221, 1222, 1227, 1233, 1620 schema
   */
  insert(text: string, options: InsertOptions = {}): WriteResult {
    const parts = documentParts(text, this.isEdge);
    return this.#engine.write([this], (transaction) => {
      const participant = transaction.join(this);
      if (parts.key !== undefined && !this.#properties.keyOptions.allowUserKeys && !options.isRestore) {
        throw new ArangoError("ERROR_ARANGO_DOCUMENT_KEY_UNEXPECTED");
      }
      const old = parts.key === undefined ? undefined : participant.file.byKey(parts.key);
      if (old) {
        const mode = options.overwriteMode ?? "conflict";
        if (mode === "ignore") return { key: old.key, rev: old.rev };
        if (mode === "conflict") throw valueTaken("primary", "primary", "_key", old.key);
        return this.#change(transaction, participant, old, parts, mode === "update", options);
      }
      if (this.isEdge) checkEdgeEnds(parts.from, parts.to);
      const key = parts.key ?? this.#newKey(participant);
      const composed = { ...parts, key, rev: this.#revisionFor(parts, options) };
      const document = this.#composed("insert", composed, undefined, options);
      this.#put(transaction, participant, document, undefined);
      return { key, rev: document.rev, new: document };
    }, this.#durable(options));
  }

  /**
   * Changes a document attribute by attribute.
   *
   * @param text a JSON object with the attributes to set
   * @throws ArangoError 1202 no such document, 1200 other revision, 1210, 1227, 1233, 1620
   */
  update(key: string, text: string, options: WriteOptions = {}): WriteResult {
    return this.#modify(key, text, true, options);
  }

  /** Replaces a document; throws as {@linkcode update} does. */
  replace(key: string, text: string, options: WriteOptions = {}): WriteResult {
    return this.#modify(key, text, false, options);
  }

  #modify(key: string, text: string, patch: boolean, options: WriteOptions): WriteResult {
    const parts = documentParts(text, this.isEdge);
    return this.#engine.write([this], (transaction) => {
      const participant = transaction.join(this);
      const old = this.#existing(participant.file, key, options);
      return this.#change(transaction, participant, old, parts, patch, options);
    }, this.#durable(options));
  }

  #change(
    transaction: Transaction,
    participant: Participant,
    old: StoredDocument,
    parts: DocumentParts,
    patch: boolean,
    options: WriteOptions,
  ): WriteResult {
    const before = documentParts(old.text, this.isEdge);
    if (isStale(before, parts, options.versionAttribute)) {
      return { key: old.key, rev: old.rev, oldRev: old.rev, old, new: old };
    }
    let { own } = parts;
    if (patch) {
      const { keepNull = true, mergeObjects = true } = options;
      const merged = mergePatch(objectText(before.own.values()), objectText(own.values()), { keepNull, mergeObjects });
      own = documentParts(merged, false).own;
    }
    const from = parts.from ?? (patch ? old.from : undefined);
    const to = parts.to ?? (patch ? old.to : undefined);
    if (this.isEdge) checkEdgeEnds(from, to);
    const composed = { key: old.key, rev: this.#revisionFor(parts, options), from, to, own };
    const document = this.#composed(patch ? "update" : "replace", composed, old, options);
    this.#put(transaction, participant, document, old);
    return { key: old.key, rev: document.rev, oldRev: old.rev, old, new: document };
  }

  /**
   * Removes a document.
   *
   * @throws ArangoError 1202 no such document, 1200 other revision
   */
  remove(key: string, options: WriteOptions = {}): WriteResult {
    return this.#engine.write([this], (transaction) => {
      const participant = transaction.join(this);
      const old = this.#existing(participant.file, key, options);
      this.#erase(transaction, participant, old);
      return { key, rev: old.rev, old };
    }, this.#durable(options));
  }

  /**
   * Stores a document exactly as a leader has it, in place of the one with its key.
   *
   * @returns the key of another document that has one of its unique values or its revision and stays; undefined if stored
   */
  storeExact(document: StoredDocument): string | undefined {
    return this.#engine.write([this], (transaction) => {
      const participant = transaction.join(this);
      const { file } = participant;
      const old = file.byKey(document.key);
      const twin = file.byRevision(document.rev);
      if (twin && twin.key !== document.key) return twin.key;
      const parsed = this.#parsed(document);
      const conflict = this.#conflict(file, document, parsed, old);
      if (conflict) return conflict.key;
      this.#write(transaction, participant, document, parsed, old);
      this.#engine.clock.observe(document.rev);
      return undefined;
    });
  }

  /**
   * Makes many changes at once, exactly as a leader has them, where no secondary index needs to be looked after.
   *
   * @param change `gone`: the revisions of all documents that are removed or replaced; `removed`: the keys of those that are
   *   removed; `documents`: the new ones
   * @returns false, and nothing happened, if there is a secondary index
   */
  changeExact(
    change: { gone: readonly bigint[]; removed: readonly string[]; documents: readonly StoredDocument[] },
  ): boolean {
    if (this.#indexes.length > 0) return false;
    const { gone, removed, documents } = change;
    this.#engine.write([this], (transaction) => {
      const participant = transaction.join(this);
      participant.file.removeAll(gone);
      participant.file.insertAll(documents);
      for (const rev of gone) transaction.countRevision(participant, rev, -1);
      for (const document of documents) {
        transaction.countRevision(participant, document.rev, 1);
        countKey(participant, document.key);
        this.#engine.clock.observe(document.rev);
        this.#logDocument(transaction, document);
      }
      for (const key of removed) this.#logRemoval(transaction, key);
    });
    return true;
  }

  /** Removes the document with a key, if there is one, whatever its revision. */
  removeExact(key: string): boolean {
    return this.#engine.write([this], (transaction) => {
      const participant = transaction.join(this);
      const old = participant.file.byKey(key);
      if (old) this.#erase(transaction, participant, old);
      return old !== undefined;
    });
  }

  #durable(options: WriteOptions): { durable: boolean } {
    return { durable: options.waitForSync ?? this.#properties.waitForSync };
  }

  /** Puts a document together, computed values included, and asks the schema. */
  #composed(
    operation: WriteOperation,
    parts: { key: string; rev: bigint; from?: string | undefined; to?: string | undefined; own: Members },
    old: StoredDocument | undefined,
    options: WriteOptions,
  ): StoredDocument {
    const { computedValues, schema } = this.#properties;
    const stored = (): StoredDocument => storedDocument(this.name, { ...parts, own: parts.own.values() });
    let document = stored();
    if (options.isRestore) return document;
    if (computedValues) {
      this.#computedValues ??= new ComputedValues(computedValues, this.#engine.expressions);
      if (this.#computedValues.apply(operation, document.text, parts.own)) document = stored();
    }
    if (schema && !options.skipDocumentValidation) {
      this.#schema ??= new SchemaGuard(schema);
      this.#schema.check(document.text, old?.text);
    }
    return document;
  }

  #revisionFor(parts: DocumentParts, options: WriteOptions): bigint {
    const given = options.isRestore && parts.rev !== undefined ? decodeRevision(parts.rev) : INVALID_REVISION;
    if (given === INVALID_REVISION) return this.#engine.clock.next();
    this.#engine.clock.observe(given);
    return given;
  }

  #newKey(participant: Participant): string {
    const { file } = participant;
    return generateKey(this.#properties.keyOptions, {
      nextId: () => this.#engine.nextId(),
      nextRevision: () => this.#engine.clock.next(),
      largestNumber: () => {
        const lastKey = participant.state.lastKey ?? file.largestNumericKey();
        participant.state = { ...participant.state, lastKey };
        return lastKey;
      },
      isTaken: (key) => file.revisionOf(key) !== undefined,
    });
  }

  #existing(file: CollectionFile, key: string, options: WriteOptions): StoredDocument {
    const old = file.byKey(key);
    if (!old) throw new ArangoError("ERROR_ARANGO_DOCUMENT_NOT_FOUND");
    if (options.ifMatch !== undefined && decodeRevision(options.ifMatch) !== old.rev) {
      throw new ConflictError(this.name, old);
    }
    return old;
  }

  /** The document, parsed for its index entries; undefined where there is no index. */
  #parsed({ text }: StoredDocument): ParsedDocument | undefined {
    return this.#indexes.length === 0 ? undefined : parseForIndex(text);
  }

  /** The unique index that forbids a document, and the key of the one that is in the way. */
  #conflict(
    file: CollectionFile,
    document: StoredDocument,
    parsed: ParsedDocument | undefined,
    old: StoredDocument | undefined,
  ): { index: OpenIndex; key: string } | undefined {
    if (!parsed) return undefined;
    for (const index of this.#indexes) {
      const key = index.conflict(file, document, parsed, old);
      if (key !== undefined) return { index, key };
    }
    return undefined;
  }

  /** Writes a document unless a unique index forbids it. */
  #put(
    transaction: Transaction,
    participant: Participant,
    document: StoredDocument,
    old: StoredDocument | undefined,
  ): void {
    const parsed = this.#parsed(document);
    const conflict = this.#conflict(participant.file, document, parsed, old);
    if (conflict) throw conflict.index.taken(conflict.key);
    const twin = document.rev === old?.rev ? undefined : participant.file.byRevision(document.rev);
    if (twin) throw valueTaken("primary", "primary", "_rev", twin.key);
    this.#write(transaction, participant, document, parsed, old);
  }

  #write(
    transaction: Transaction,
    participant: Participant,
    document: StoredDocument,
    parsed: ParsedDocument | undefined,
    old: StoredDocument | undefined,
  ): void {
    const { file } = participant;
    if (old) {
      this.#unindex(file, old);
      file.remove(old.rev);
      transaction.countRevision(participant, old.rev, -1);
    }
    file.insert(document);
    countKey(participant, document.key);
    if (parsed) { for (const index of this.#indexes) index.add(file, parsed, document.rev); }
    transaction.countRevision(participant, document.rev, 1);
    this.#logDocument(transaction, document);
  }

  #logDocument(transaction: Transaction, { key, rev, text }: StoredDocument): void {
    if (this.#detached) return;
    const { databaseId: database, id: collection } = this;
    transaction.log({ type: MARKER.document, database, collection, key, rev, data: text });
  }

  #logRemoval(transaction: Transaction, key: string): void {
    if (this.#detached) return;
    const { databaseId: database, id: collection } = this;
    transaction.log({ type: MARKER.remove, database, collection, key, rev: this.#engine.clock.next() });
  }

  #unindex(file: CollectionFile, old: StoredDocument): void {
    const parsed = this.#parsed(old);
    if (parsed) { for (const index of this.#indexes) index.remove(file, parsed, old.rev); }
  }

  #erase(transaction: Transaction, participant: Participant, old: StoredDocument): void {
    this.#unindex(participant.file, old);
    participant.file.remove(old.rev);
    transaction.countRevision(participant, old.rev, -1);
    this.#logRemoval(transaction, old.key);
  }

  /**
   * Makes an index unless there is one like it.
   *
   * @param given the description, as clients send it
   * @throws ArangoError 10, 9 as {@linkcode indexDefinition} tells, 1207 name taken by another index, 1210 values not unique
   */
  ensureIndex(given: unknown): { definition: IndexDefinition; created: boolean } {
    this.#alive();
    const wanted = indexDefinition(given, {
      nextId: () => this.#engine.nextId(),
      nextRevision: () => this.#engine.clock.next(),
    });
    const same = this.indexes().find((one) => sameIndex(one, wanted));
    if (same) return { definition: same, created: false };
    if (wanted.type === "ttl" && this.indexes().some(({ type }) => type === "ttl")) {
      throw badIndex(`collection '${this.name}' has a ttl index already, and it can have one only`);
    }
    if (this.indexes().some((one) => one.name === wanted.name || one.id === wanted.id)) {
      throw new ArangoError(
        "ERROR_ARANGO_DUPLICATE_NAME",
        `duplicate name: an index named '${wanted.name}' is there already`,
      );
    }
    const file = this.lock();
    try {
      new OpenIndex(wanted).build(file);
      this.#engine.define(() => {
        this.#engine.catalog.putIndex(this.id, BigInt(wanted.id), JSON.stringify(wanted));
        this.#logDefinition(MARKER.createIndex, JSON.stringify(wanted), file);
      });
      file.file.exec("COMMIT");
    } finally {
      if (file.file.inTransaction) file.file.exec("ROLLBACK");
      this.unlocked();
    }
    return { definition: wanted, created: true };
  }

  /**
   * Drops a secondary index.
   *
   * @param idOrName the bare id or the name
   * @returns false if there is none
   */
  dropIndex(idOrName: string): boolean {
    this.#alive();
    const index = this.indexes().find((one) => one.id === idOrName || one.name === idOrName);
    if (!index) return false;
    const file = this.lock();
    try {
      file.dropIndex(BigInt(index.id));
      this.#engine.define(() => {
        this.#engine.catalog.removeIndex(this.id, BigInt(index.id));
        this.#logDefinition(MARKER.dropIndex, JSON.stringify({ id: index.id }), file);
      });
      file.file.exec("COMMIT");
    } finally {
      if (file.file.inTransaction) file.file.exec("ROLLBACK");
      this.unlocked();
    }
    return true;
  }

  #logDefinition(type: number, data: string, file: CollectionFile): void {
    const { catalog } = this.#engine;
    const applied = catalog.append([{ type, database: this.databaseId, collection: this.id, data }]);
    file.setState({ ...file.state(), applied });
    catalog.setCollectionTick(this.id, applied);
  }

  /** Removes all documents at once; inside a transaction, one by one. */
  truncate(options: WriteOptions = {}): void {
    if (this.#engine.inTransaction) {
      for (const page of [...this.pages()]) for (const { key } of page) this.remove(key);
    } else if (this.count() > 0) {
      const lastKey = this.lastKey();
      // key generators go on where they were
      const file = lastKey > 0n ? this.#engine.emptyFile(this, { lastKey }) : null;
      this.#engine.swapFile(this, file, {
        log: { type: MARKER.truncateCollection, database: this.databaseId, collection: this.id },
        durable: this.#durable(options).durable,
      });
    }
  }
}

/** The stored document has another revision than the client expects; carries what the stored one is. */
export class ConflictError extends ArangoError {
  /** `_id`, `_key` and `_rev` of the stored document. */
  readonly stored: { readonly _id: string; readonly _key: string; readonly _rev: string };

  constructor(collection: string, { key, rev }: StoredDocument) {
    super("ERROR_ARANGO_CONFLICT", "conflict, _rev values do not match");
    this.stored = { _id: `${collection}/${key}`, _key: key, _rev: encodeRevision(rev) };
  }
}

/** Remembers the largest key that is a number, for key generators. */
function countKey(participant: Participant, key: string): void {
  const { state } = participant;
  if (state.lastKey === undefined || !NUMBER.test(key)) return;
  const number = BigInt(key);
  if (number > state.lastKey && number < 1n << 63n) participant.state = { ...state, lastKey: number };
}

function ratio(sizes: { readonly entries: number; readonly distinct: number } | undefined): number {
  return sizes && sizes.entries > 0 ? sizes.distinct / sizes.entries : 1;
}

/** Whether the version attribute says that a change is older than what is stored. */
function isStale(before: DocumentParts, change: DocumentParts, attribute: string | undefined): boolean {
  if (attribute === undefined) return false;
  const [old, now] = [before, change].map((parts) => {
    const raw = parts.own.get(attribute)?.raw;
    return raw === undefined || stringValue(raw) !== undefined ? NaN : Number(raw);
  });
  return now! <= old!;
}

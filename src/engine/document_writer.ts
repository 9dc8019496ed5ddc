/**
 * The operations on single documents: from what a client sends, with its options, to what is stored.
 *
 * @module
 */
import { ArangoError } from "../base/arango_error.ts";
import { merged } from "../base/attributes_text.ts";
import { decodeRevision, INVALID_REVISION } from "../base/revision.ts";
import type { StoredDocument } from "../storage/document_table.ts";
import type { CollectionProperties } from "./collection_properties.ts";
import { ComputedValues, type WriteOperation } from "./computed_values.ts";
import {
  ConflictError,
  type InsertOptions,
  isStale,
  type WriteOptions,
  type WriteResult,
} from "./document_operation.ts";
import type { DocumentStore } from "./document_store.ts";
import { checkEdgeEnds, type DocumentParts, ownAttributes, storedDocument } from "./document_text.ts";
import type { Engine } from "./engine.ts";
import { generateKey, increments, keyNumber, type KeySource, largestKey } from "./key_generator.ts";
import { valueTaken } from "./open_index.ts";
import { SchemaGuard } from "./schema.ts";
import type { Participant, Transaction } from "./transaction.ts";

/** The collection that is written. */
interface Target {
  readonly id: bigint;
  readonly name: string;
  readonly isEdge: boolean;
  readonly properties: CollectionProperties;
}

/** Writes documents into one collection, as long as its properties and indexes stay as they are. */
export class DocumentWriter {
  readonly #engine: Engine;
  readonly #collection: Target;
  readonly #store: DocumentStore;
  #computedValues: ComputedValues | undefined;
  #schema: SchemaGuard | undefined;

  /** @param store takes the documents */
  constructor(engine: Engine, collection: Target, store: DocumentStore) {
    this.#engine = engine;
    this.#collection = collection;
    this.#store = store;
  }

  /** See {@linkcode Collection.insert}. */
  insert(
    transaction: Transaction,
    participant: Participant,
    parts: DocumentParts,
    options: InsertOptions,
  ): WriteResult {
    const { isEdge, properties } = this.#collection;
    if (parts.key !== undefined && !properties.keyOptions.allowUserKeys && !options.isRestore) {
      throw new ArangoError("ERROR_ARANGO_DOCUMENT_KEY_UNEXPECTED");
    }
    const { overwriteMode: mode = "conflict" } = options;
    // a conflict shows when the document is added
    const old = parts.key === undefined || mode === "conflict" ? undefined : participant.pending.byKey(parts.key);
    if (old) {
      if (mode === "ignore") return { key: old.key, rev: old.rev };
      return this.#replace(transaction, participant, old, parts, mode === "update", options);
    }
    if (isEdge) checkEdgeEnds(parts.from, parts.to);
    const key = parts.key ?? this.#newKey(transaction, participant);
    const composed = { ...parts, key, rev: this.#revisionFor(parts, options) };
    const document = this.#composed("insert", composed, undefined, options);
    // a key that is made is never one that is there
    const known = { key: parts.key === undefined, rev: !options.isRestore };
    this.#store.add(transaction, participant, document, known);
    return { key, rev: document.rev, new: document };
  }

  /**
   * See {@linkcode Collection.update} and {@linkcode Collection.replace}.
   *
   * @param patch whether attributes that are not given stay
   */
  change(
    transaction: Transaction,
    participant: Participant,
    key: string,
    parts: DocumentParts,
    patch: boolean,
    options: WriteOptions,
  ): WriteResult {
    const old = this.#existing(participant, key, options);
    return this.#replace(transaction, participant, old, parts, patch, options);
  }

  /** See {@linkcode Collection.remove}. */
  remove(transaction: Transaction, participant: Participant, key: string, options: WriteOptions): WriteResult {
    const old = this.#existing(participant, key, options);
    this.#store.remove(transaction, participant, old);
    return { key, rev: old.rev, old };
  }

  #replace(
    transaction: Transaction,
    participant: Participant,
    old: StoredDocument,
    parts: DocumentParts,
    patch: boolean,
    options: WriteOptions,
  ): WriteResult {
    const before = ownAttributes(old);
    const unchanged = patch && this.#givesNothing(parts, options);
    if (unchanged || isStale(before, parts.own, options.versionAttribute)) {
      this.#store.touch(transaction, participant, old);
      return { key: old.key, rev: old.rev, oldRev: old.rev, old, new: old };
    }
    const { keepNull = true, mergeObjects = true } = options;
    const own = patch ? merged(before, parts.own, { keepNull, mergeObjects }) : parts.own;
    const from = parts.from ?? (patch ? old.from : undefined);
    const to = parts.to ?? (patch ? old.to : undefined);
    if (this.#collection.isEdge) checkEdgeEnds(from, to);
    const composed = { key: old.key, rev: this.#revisionFor(parts, options), from, to, own };
    const document = this.#composed(patch ? "update" : "replace", composed, old, options);
    if (options.isRestore) {
      const twin = participant.pending.byRevision(document.rev);
      if (twin && twin.key !== old.key) throw valueTaken("primary", "primary", "_rev", twin.key);
    }
    this.#store.replace(transaction, participant, document, old);
    return { key: old.key, rev: document.rev, oldRev: old.rev, old, new: document };
  }

  /**
   * Whether a patch has no attribute to set: the document stays as it is, its revision too.
   *
   * Source: incompatible changes in 3.10, empty document updates.
   */
  #givesNothing({ own, from, to }: DocumentParts, { isRestore }: WriteOptions): boolean {
    const computes = this.#collection.properties.computedValues?.some((one) => one.computeOn.includes("update"));
    return own === "" && from === undefined && to === undefined && !isRestore && !computes;
  }

  /** Puts a document together, computed values included, and asks the schema. */
  #composed(
    operation: WriteOperation,
    parts: { key: string; rev: bigint; from?: string | undefined; to?: string | undefined; own: string },
    old: StoredDocument | undefined,
    options: WriteOptions,
  ): StoredDocument {
    const { computedValues, schema } = this.#collection.properties;
    let document = storedDocument(this.#collection.name, parts);
    if (options.isRestore) return document;
    if (computedValues) {
      this.#computedValues ??= new ComputedValues(computedValues, this.#engine.expressions);
      const own = this.#computedValues.apply(operation, document.text, parts.own);
      if (own !== parts.own) document = storedDocument(this.#collection.name, { ...parts, own });
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

  #newKey(transaction: Transaction, participant: Participant): string {
    const { file, pending } = participant;
    const { id, properties: { keyOptions } } = this.#collection;
    const source: KeySource = {
      nextId: () => this.#engine.nextId(),
      counted: () => participant.state.lastKey,
      largestNumber: () => {
        if (participant.state.lastKey === undefined) pending.flush();
        const lastKey = participant.state.lastKey ?? largestKey(keyOptions, file);
        participant.state = { ...participant.state, lastKey };
        const others = this.#engine.locks?.lastKey(id) ?? 0n;
        return others > lastKey ? others : lastKey;
      },
      isTaken: (key) => pending.hasKey(key),
    };
    for (;;) {
      const key = generateKey(keyOptions, source);
      if (!increments(keyOptions) || transaction.noteKey(id, keyNumber(keyOptions.type, key)!)) return key;
    }
  }

  #existing({ pending }: Participant, key: string, options: WriteOptions): StoredDocument {
    const old = pending.byKey(key);
    if (!old) throw new ArangoError("ERROR_ARANGO_DOCUMENT_NOT_FOUND");
    if (options.ifMatch !== undefined && decodeRevision(options.ifMatch) !== old.rev) {
      throw new ConflictError(this.#collection.name, old);
    }
    return old;
  }
}

/**
 * Documents on their way into a collection's file: with their index entries, the revision tree and the log.
 *
 * @module
 */
import type { CollectionRow, LoggedEntry } from "../storage/catalog.ts";
import type { CollectionFile, StoredDocument } from "../storage/collection_file.ts";
import { documentParts } from "./document_text.ts";
import { parseForIndex } from "./index_key.ts";
import { MARKER } from "./markers.ts";
import { type OpenIndex, type ParsedDocument, valueTaken } from "./open_index.ts";
import type { Participant, Transaction } from "./transaction.ts";

/** A key that is a number, as key generators make it. */
const NUMBER = /^[1-9]\d{0,18}$/;

/** Remembers the largest key that is a number, for key generators. */
function countKey(participant: Participant, key: string): void {
  const { state } = participant;
  if (state.lastKey === undefined || !NUMBER.test(key)) return;
  const number = BigInt(key);
  if (number > state.lastKey && number < 1n << 63n) participant.state = { ...state, lastKey: number };
}

/** Writes the documents of one collection. */
export class DocumentStore {
  /** The secondary indexes, oldest first. */
  readonly indexes: readonly OpenIndex[];
  readonly #row: Pick<CollectionRow, "id" | "database" | "type">;
  readonly #nextRevision: (() => bigint) | undefined;

  /**
   * @param row the collection
   * @param indexes its secondary indexes
   * @param nextRevision gives the log's revisions of removals; absent for files that are not logged
   */
  constructor(
    row: Pick<CollectionRow, "id" | "database" | "type">,
    indexes: readonly OpenIndex[],
    nextRevision: (() => bigint) | undefined,
  ) {
    this.#row = row;
    this.indexes = indexes;
    this.#nextRevision = nextRevision;
  }

  /** The document, parsed for its index entries; undefined where there is no index. */
  #parsed({ text }: StoredDocument): ParsedDocument | undefined {
    return this.indexes.length === 0 ? undefined : parseForIndex(text);
  }

  /** The secondary index that forbids a document, and the key of the one that is in the way. */
  #conflict(
    file: CollectionFile,
    document: StoredDocument,
    parsed: ParsedDocument | undefined,
    old: StoredDocument | undefined,
  ): { index: OpenIndex; key: string } | undefined {
    if (!parsed) return undefined;
    for (const index of this.indexes) {
      const key = index.conflict(file, document, parsed, old);
      if (key !== undefined) return { index, key };
    }
    return undefined;
  }

  /**
   * Adds a document with a key and a revision of its own.
   *
   * @throws ArangoError 1210 if it has a unique value of another one; then nothing has changed
   */
  add(transaction: Transaction, participant: Participant, document: StoredDocument): void {
    const { file } = participant;
    const parsed = this.#parsed(document);
    const conflict = this.#conflict(file, document, parsed, undefined);
    // the key comes first among the unique values
    if ((conflict && file.revisionOf(document.key) !== undefined) || (!conflict && !file.insertNew(document))) {
      const twin = file.revisionOf(document.key) === undefined ? file.byRevision(document.rev) : undefined;
      throw twin
        ? valueTaken("primary", "primary", "_rev", twin.key)
        : valueTaken("primary", "primary", "_key", document.key);
    }
    if (conflict) throw conflict.index.taken(conflict.key);
    this.#added(transaction, participant, document, parsed);
  }

  /**
   * Puts a document in the place of another one with its key.
   *
   * @throws as {@linkcode add}
   */
  replace(transaction: Transaction, participant: Participant, document: StoredDocument, old: StoredDocument): void {
    const { file } = participant;
    const parsed = this.#parsed(document);
    const conflict = this.#conflict(file, document, parsed, old);
    if (conflict) throw conflict.index.taken(conflict.key);
    this.#unindex(file, old);
    file.replace(old.rev, document);
    transaction.countRevision(participant, old.rev, -1);
    this.#added(transaction, participant, document, parsed);
  }

  /**
   * Writes a document whatever is there: in the place of the one with its key, if there is one.
   *
   * @returns the key of another document that has one of its unique values or its revision and stays; undefined if written
   */
  force(transaction: Transaction, participant: Participant, document: StoredDocument): string | undefined {
    const { file } = participant;
    const old = file.byKey(document.key);
    const twin = file.byRevision(document.rev);
    if (twin && twin.key !== document.key) return twin.key;
    const conflict = this.#conflict(file, document, this.#parsed(document), old);
    if (conflict) return conflict.key;
    this.#write(transaction, participant, document, old);
    return undefined;
  }

  #write(
    transaction: Transaction,
    participant: Participant,
    document: StoredDocument,
    old: StoredDocument | undefined,
  ): void {
    if (old) this.#removed(transaction, participant, old);
    participant.file.insert(document);
    this.#added(transaction, participant, document, this.#parsed(document));
  }

  #added(
    transaction: Transaction,
    participant: Participant,
    document: StoredDocument,
    parsed: ParsedDocument | undefined,
  ): void {
    if (parsed) { for (const index of this.indexes) index.add(participant.file, parsed, document.rev); }
    this.#count(transaction, participant, document);
  }

  #count(transaction: Transaction, participant: Participant, { key, rev, text }: StoredDocument): void {
    transaction.countRevision(participant, rev, 1);
    countKey(participant, key);
    if (!this.#nextRevision) return;
    const { id: collection, database } = this.#row;
    transaction.log({ type: MARKER.document, database, collection, key, rev, data: text });
  }

  #unindex(file: CollectionFile, old: StoredDocument): void {
    const parsed = this.#parsed(old);
    if (parsed) { for (const index of this.indexes) index.remove(file, parsed, old.rev); }
  }

  #removed(transaction: Transaction, participant: Participant, old: StoredDocument): void {
    this.#unindex(participant.file, old);
    participant.file.remove(old.rev);
    transaction.countRevision(participant, old.rev, -1);
  }

  /** Removes a document. */
  remove(transaction: Transaction, participant: Participant, old: StoredDocument): void {
    this.#removed(transaction, participant, old);
    this.#logRemoval(transaction, old.key);
  }

  #logRemoval(transaction: Transaction, key: string): void {
    if (!this.#nextRevision) return;
    const { id: collection, database } = this.#row;
    transaction.log({ type: MARKER.remove, database, collection, key, rev: this.#nextRevision() });
  }

  /**
   * Makes many changes at once, where no secondary index needs to be looked after.
   *
   * @param change `gone`: the revisions of all documents that are removed or replaced; `removed`: the keys of those that are
   *   removed; `documents`: the new ones
   */
  change(
    transaction: Transaction,
    participant: Participant,
    change: { gone: readonly bigint[]; removed: readonly string[]; documents: readonly StoredDocument[] },
  ): void {
    participant.file.removeAll(change.gone);
    participant.file.insertAll(change.documents);
    for (const rev of change.gone) transaction.countRevision(participant, rev, -1);
    for (const document of change.documents) this.#count(transaction, participant, document);
    for (const key of change.removed) this.#logRemoval(transaction, key);
  }

  /** Does again what the log says. */
  replay(transaction: Transaction, participant: Participant, entries: readonly LoggedEntry[]): void {
    for (const { type, key, data, rev } of entries) {
      const old = key === undefined ? undefined : participant.file.byKey(key);
      if (type === MARKER.document) {
        const { from, to } = documentParts(data!, this.#row.type === 3);
        const document = { key: key!, rev: rev!, text: data!, ...(from === undefined ? {} : { from, to: to! }) };
        this.#write(transaction, participant, document, old);
      } else if (type === MARKER.remove && old) {
        this.#removed(transaction, participant, old);
      } else if (type === MARKER.renameCollection) {
        const { oldName, name } = JSON.parse(data!) as { oldName: string; name: string };
        participant.file.rename(oldName, name);
      }
    }
  }
}

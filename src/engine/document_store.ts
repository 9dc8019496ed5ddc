/**
 * Documents on their way into a collection's file: with their index entries, the revision tree and the log.
 *
 * @module
 */
import { valuePicker } from "../base/attributes_text.ts";
import type { CollectionRow, LogEntry } from "../storage/catalog.ts";
import type { KeyAndRevision, StoredDocument } from "../storage/document_table.ts";
import { writeConflict } from "./document_locks.ts";
import { documentParts, ownAttributes, systemAttributes } from "./document_text.ts";
import { parseForIndex } from "./index_key.ts";
import { keyNumber, type KeyOptions } from "./key_generator.ts";
import { MARKER } from "./markers.ts";
import { type OpenIndex, type ParsedDocument, valueTaken } from "./open_index.ts";
import type { EntriesOfAll } from "./pending_writes.ts";
import type { Participant, Transaction } from "./transaction.ts";

const NO_ENTRIES: EntriesOfAll = [];

/** Documents that {@linkcode DocumentStore.change} replaces at once. */
const CHANGE_PAGE = 1000;

/** Many changes of a collection, exactly as a leader has made them. */
export interface ExactChange {
  /** Documents that go. */
  readonly removed: readonly KeyAndRevision[];
  /** What documents replace. */
  readonly replaced: readonly KeyAndRevision[];
  /** Documents that come. */
  readonly documents: readonly StoredDocument[];
}

/**
 * Checks that nobody has changed a document while the transaction waited for its turn.
 *
 * @throws ArangoError 1200
 */
function assertUnchanged({ collection, changedMeanwhile }: Participant, { key, rev }: StoredDocument): void {
  if (changedMeanwhile?.has(key)) throw writeConflict(collection.name, rev, { key });
}

/** Writes the documents of one collection. */
export class DocumentStore {
  /** The secondary indexes, oldest first. */
  readonly indexes: readonly OpenIndex[];
  readonly #row: Pick<CollectionRow, "id" | "database" | "type">;
  readonly #nextRevision: (() => bigint) | undefined;
  /** The attributes that indexes look at, and what finds their values; whether some among them are not the user's. */
  readonly #attributes: readonly string[];
  readonly #valuesOf: (attributes: string) => string[];
  readonly #readsSystem: boolean;
  readonly #hasUnique: boolean;
  readonly #generator: KeyOptions["type"];

  /**
   * @param row the collection
   * @param generator what makes its keys
   * @param indexes its secondary indexes
   * @param nextRevision gives the log's revisions of removals; absent for files that are not logged
   */
  constructor(
    row: Pick<CollectionRow, "id" | "database" | "type">,
    generator: KeyOptions["type"],
    indexes: readonly OpenIndex[],
    nextRevision: (() => bigint) | undefined,
  ) {
    this.#row = row;
    this.#generator = generator;
    this.indexes = indexes;
    this.#nextRevision = nextRevision;
    this.#hasUnique = indexes.some(({ isUnique }) => isUnique);
    this.#attributes = [...new Set(indexes.flatMap(({ attributes }) => attributes))];
    this.#valuesOf = valuePicker(this.#attributes);
    const system = systemAttributes(row.type === 3);
    this.#readsSystem = this.#attributes.some((name) => system.has(name));
  }

  /**
   * What a document has in the indexes.
   *
   * @throws ArangoError 1561 if an index cannot take the document
   */
  #entriesOf(document: StoredDocument): EntriesOfAll {
    if (this.indexes.length === 0) return NO_ENTRIES;
    if (this.#readsSystem) return this.#entries(parseForIndex(document.text));
    return this.#entries(this.#parsed(this.#indexed(document)));
  }

  /**
   * What a document and the one that it replaces have in the indexes: the same where they agree in what indexes look at.
   *
   * @throws as {@linkcode #entriesOf}
   */
  #entriesOfBoth(document: StoredDocument, old: StoredDocument): { entries: EntriesOfAll; before: EntriesOfAll } {
    if (this.indexes.length === 0 || this.#readsSystem) {
      return { entries: this.#entriesOf(document), before: this.#entriesOf(old) };
    }
    const values = this.#indexed(document);
    const former = this.#indexed(old);
    const entries = this.#entries(this.#parsed(values));
    const isSame = values.every((raw, i) => former[i] === raw);
    return { entries, before: isSame ? entries : this.#entries(this.#parsed(former)) };
  }

  #entries(parsed: ParsedDocument): EntriesOfAll {
    return this.indexes.map((index) => index.entriesOf(parsed));
  }

  /** The texts of the values that indexes look at. */
  #indexed(document: StoredDocument): string[] {
    return this.#valuesOf(ownAttributes(document));
  }

  #parsed(values: readonly string[]): ParsedDocument {
    // names such as __proto__ are ordinary ones
    const parsed: ParsedDocument = Object.create(null);
    for (let i = 0; i < values.length; i++) parsed[this.#attributes[i]!] = parseForIndex(values[i]!);
    return parsed;
  }

  /** The secondary index that forbids a document, and the key of the one that is in the way. */
  #conflict(
    { pending }: Participant,
    { key }: StoredDocument,
    entries: EntriesOfAll,
    old: StoredDocument | undefined,
  ): { index: OpenIndex; key: string } | undefined {
    for (const [i, index] of this.indexes.entries()) {
      const other = index.isUnique ? pending.conflict(index, entries[i]!, key, old) : undefined;
      if (other !== undefined) return { index, key: other };
    }
    return undefined;
  }

  /**
   * Adds a document.
   *
   * @param known whether its key, and its revision, are known to be new
   * @throws ArangoError 1210 if it has the key, the revision or a unique value of another one; then nothing has changed
   */
  add(
    transaction: Transaction,
    participant: Participant,
    document: StoredDocument,
    known: { readonly key: boolean; readonly rev: boolean },
  ): void {
    const { pending } = participant;
    const entries = this.#entriesOf(document);
    this.#claim(transaction, participant, document.key, [entries]);
    // the key comes first among the unique values
    if (!known.key && pending.hasKey(document.key)) throw valueTaken("primary", "primary", "_key", document.key);
    const conflict = this.#conflict(participant, document, entries, undefined);
    if (conflict) throw conflict.index.taken(conflict.key);
    const twin = known.rev ? undefined : pending.byRevision(document.rev);
    if (twin) throw valueTaken("primary", "primary", "_rev", twin.key);
    this.#added(transaction, participant, document, entries);
  }

  /**
   * Puts a document in the place of another one with its key.
   *
   * @throws as {@linkcode add}
   */
  replace(transaction: Transaction, participant: Participant, document: StoredDocument, old: StoredDocument): void {
    const { entries, before } = this.#entriesOfBoth(document, old);
    assertUnchanged(participant, old);
    this.#claim(transaction, participant, document.key, this.#hasUnique ? [before, entries] : []);
    const conflict = this.#conflict(participant, document, entries, old);
    if (conflict) throw conflict.index.taken(conflict.key);
    this.#removed(transaction, participant, old, () => before);
    this.#added(transaction, participant, document, entries);
  }

  /** Waits for, or conflicts with, others as a write does that leaves a document as it is. */
  touch(transaction: Transaction, participant: Participant, document: StoredDocument): void {
    assertUnchanged(participant, document);
    this.#claim(transaction, participant, document.key, []);
  }

  /**
   * Writes a document whatever is there: in the place of the one with its key, if there is one.
   *
   * @returns the key of another document that has one of its unique values or its revision and stays; undefined if written
   */
  force(transaction: Transaction, participant: Participant, document: StoredDocument): string | undefined {
    const { file, pending } = participant;
    pending.flush();
    const old = file.byKey(document.key);
    const twin = file.byRevision(document.rev);
    if (twin && twin.key !== document.key) return twin.key;
    const entries = this.#entriesOf(document);
    this.#claim(transaction, participant, document.key, [entries]);
    const conflict = this.#conflict(participant, document, entries, old);
    if (conflict) return conflict.key;
    if (old) this.#removed(transaction, participant, old);
    this.#added(transaction, participant, document, entries);
    return undefined;
  }

  #added(
    transaction: Transaction,
    participant: Participant,
    document: StoredDocument,
    entries: EntriesOfAll,
  ): void {
    participant.pending.add(document, entries, this.indexes);
    this.#count(transaction, participant, document);
  }

  #count(transaction: Transaction, participant: Participant, { key, rev, text }: StoredDocument): void {
    transaction.countRevision(participant, rev, 1);
    this.#countKey(participant, key);
    if (!this.#nextRevision) return;
    const { id: collection, database } = this.#row;
    transaction.log({ type: MARKER.document, database, collection, key, rev, data: text });
  }

  /** Remembers the largest number of a key, for key generators. */
  #countKey(participant: Participant, key: string): void {
    const { state } = participant;
    if (state.lastKey === undefined) return;
    const number = keyNumber(this.#generator, key);
    if (number !== undefined && number > state.lastKey) participant.state = { ...state, lastKey: number };
  }

  #removed(
    transaction: Transaction,
    participant: Participant,
    old: StoredDocument,
    entriesOf: () => EntriesOfAll = () => this.#entriesOf(old),
  ): void {
    participant.pending.remove(old, entriesOf, this.indexes);
    transaction.countRevision(participant, old.rev, -1);
  }

  /** Removes a document. */
  remove(transaction: Transaction, participant: Participant, old: StoredDocument): void {
    const claimed = this.#hasUnique && transaction.claims ? [this.#entriesOf(old)] : [];
    assertUnchanged(participant, old);
    this.#claim(transaction, participant, old.key, claimed);
    this.#removed(transaction, participant, old);
    this.#logRemoval(transaction, participant, old.key, this.#nextRevision?.());
  }

  #logRemoval(transaction: Transaction, participant: Participant, key: string, rev: bigint | undefined): void {
    if (rev === undefined) return;
    const { id: collection, database } = this.#row;
    participant.state = { ...participant.state, lastRemoval: rev };
    transaction.log({ type: MARKER.remove, database, collection, key, rev });
  }

  /** Claims a document and its unique values, for transactions that last and those beside them. */
  #claim(transaction: Transaction, participant: Participant, key: string, entries: readonly EntriesOfAll[]): void {
    if (!transaction.claims) return;
    transaction.claim(participant, { key });
    for (const [i, index] of this.indexes.entries()) {
      if (!index.isUnique) continue;
      for (const one of entries) {
        for (const entry of one[i]!.keys) transaction.claim(participant, { key, index, entry });
      }
    }
  }

  /**
   * Makes many changes at once, where no secondary index needs to be looked after.
   *
   * A page of documents is removed and comes back at a time: what both change of the key index is then still at hand.
   * Measured with 1 % of 400,000 documents: a sync takes 0.93 of the time. A larger cache wins nothing on top.
   */
  change(transaction: Transaction, participant: Participant, { removed, replaced, documents }: ExactChange): void {
    const { file, pending } = participant;
    for (const { key } of removed) this.#claim(transaction, participant, key, []);
    for (const { key } of documents) this.#claim(transaction, participant, key, []);
    pending.flush();
    // a document may come with the revision that another one has given up
    const taken = new Set(documents.map(({ rev }) => rev));
    const early = replaced.filter(({ rev }) => taken.has(rev));
    file.removeAll([...removed, ...early].map(({ rev }) => rev));
    const before = new Map(replaced.filter(({ rev }) => !taken.has(rev)).map(({ key, rev }) => [key, rev]));
    for (let from = 0; from < documents.length; from += CHANGE_PAGE) {
      const page = documents.slice(from, from + CHANGE_PAGE);
      file.removeAll(page.flatMap(({ key }) => before.get(key) ?? []));
      file.insertAll(page);
    }
    for (const { rev } of [...removed, ...replaced]) transaction.countRevision(participant, rev, -1);
    for (const document of documents) this.#count(transaction, participant, document);
    for (const { key } of removed) this.#logRemoval(transaction, participant, key, this.#nextRevision?.());
  }

  /**
   * Does what the log says, or will say.
   *
   * @param isNew whether nobody has done it before, so that others may have taken unique values
   * @throws ArangoError 1210 for unique values that are taken
   */
  replay(transaction: Transaction, participant: Participant, entries: readonly LogEntry[], isNew: boolean): void {
    for (const { type, key, data, rev } of entries) {
      const old = key === undefined ? undefined : participant.pending.byKey(key);
      if (type === MARKER.document) {
        const { from, to } = this.#row.type === 3 ? documentParts(data!, true) : {};
        const document = { key: key!, rev: rev!, text: data!, ...(from === undefined ? {} : { from, to: to! }) };
        const entries = this.#entriesOf(document);
        const conflict = isNew ? this.#conflict(participant, document, entries, old) : undefined;
        if (conflict) throw conflict.index.taken(conflict.key);
        if (old) this.#removed(transaction, participant, old);
        this.#added(transaction, participant, document, entries);
      } else if (type === MARKER.remove && old) {
        this.#removed(transaction, participant, old);
        this.#logRemoval(transaction, participant, key!, rev);
      } else if (type === MARKER.renameCollection) {
        const { oldName, name } = JSON.parse(data!) as { oldName: string; name: string };
        participant.pending.flush();
        participant.file.rename(oldName, name);
      }
    }
  }
}

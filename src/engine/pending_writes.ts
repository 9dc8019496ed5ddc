/**
 * What a transaction has written to a collection and what is not yet in its file: many rows go in by one statement.
 *
 * Measured: a thousand documents go into a file in 1.5 ms by fifty rows a statement, in 4.6 ms one by one; entries of an index
 * in their order take two thirds of the time of entries as they come.
 *
 * @module
 */
import type { CollectionFile } from "../storage/collection_file.ts";
import type { StoredDocument } from "../storage/document_table.ts";
import type { IndexEntries, OpenIndex } from "./open_index.ts";
import { PendingEntries } from "./pending_entries.ts";

/** How many documents are held back, and how many characters of them. */
const MOST_DOCUMENTS = 1000;
const MOST_CHARACTERS = 4 * 1024 * 1024;

/** With more look-ups it is worthwhile to know the last key. */
const FEW_LOOK_UPS = 3;

/** The entries of a document in the indexes of its collection, in their order. */
export type EntriesOfAll = readonly IndexEntries[];

/** A document that is not yet in the file. */
interface PendingDocument {
  readonly document: StoredDocument;
  readonly entries: EntriesOfAll;
}

/** The documents of a collection file as a transaction sees them. */
export class PendingWrites {
  readonly #file: CollectionFile;
  /** By key. */
  readonly #added = new Map<string, PendingDocument>();
  /** Documents of the file that go, by key; those that are replaced are among the added ones too. */
  readonly #gone = new Map<string, { readonly rev: bigint; readonly entries: EntriesOfAll }>();
  /** The keys of added documents by their entries in unique indexes. */
  readonly #unique = new Map<OpenIndex, Map<string, string>>();
  /** The entries of what comes and goes, in indexes that somebody reads meanwhile. */
  readonly #watched = new Map<bigint, PendingEntries>();
  #characters = 0;
  /** The document of the file that was found last: who looks for one often changes it next. */
  #found: StoredDocument | undefined;
  /** What the file has for keys that somebody is going to ask for, see {@linkcode expect}. */
  #expected = new Map<string, StoredDocument | undefined>();
  /** No key in the file comes after this one, once it is known. */
  #lastKey: string | undefined;
  #lookUps = 0;
  /** No document in the file or among the added ones has a revision after this one, once it is known. */
  #lastRevision: bigint | undefined;
  #indexes: readonly OpenIndex[] = [];
  /** How many documents have gone into the file or out of it. */
  #written = 0;
  #failure: { readonly error: unknown } | undefined;

  /** @param file the file, locked for writing */
  constructor(file: CollectionFile) {
    this.#file = file;
  }

  /**
   * Looks up what the file has for keys that are going to be asked for: many at once take half of the time. Documents that
   * would need much memory together are left to be found one by one.
   */
  expect(keys: readonly string[]): void {
    this.#expected = new Map();
    if (keys.length <= FEW_LOOK_UPS) return;
    const last = this.#lastKey ??= this.#file.lastKey() ?? "";
    const wanted = keys.filter((key) => key <= last && !this.#added.has(key) && !this.#gone.has(key));
    if (wanted.length === 0 || wanted.length * this.#file.documentLength() > MOST_CHARACTERS) return;
    for (const key of wanted) this.#expected.set(key, undefined);
    for (const document of this.#file.byKeys(wanted)) this.#expected.set(document.key, document);
  }

  /** The document with a key. */
  byKey(key: string): StoredDocument | undefined {
    const added = this.#added.get(key);
    if (added) return added.document;
    if (this.#gone.has(key)) return undefined;
    const expected = this.#expected.get(key);
    if (expected || this.#expected.has(key)) return expected;
    if (this.#isBeyond(key)) return undefined;
    if (this.#found?.key === key) return this.#found;
    return this.#found = this.#file.byKey(key);
  }

  /** Whether a document has a key. */
  hasKey(key: string): boolean {
    if (this.#added.has(key)) return true;
    if (this.#gone.has(key)) return false;
    if (this.#expected.has(key)) return this.#expected.get(key) !== undefined;
    return !this.#isBeyond(key) && this.#file.hasKey(key);
  }

  /** The document with a revision. Those that come after all others, as in dumps, need not be looked for. */
  byRevision(rev: bigint): StoredDocument | undefined {
    if (this.#lastRevision !== undefined && rev > this.#lastRevision) return undefined;
    this.flush();
    this.#lastRevision ??= this.#file.lastRevision() ?? 0n;
    return this.#file.byRevision(rev);
  }

  /** Whether a key comes after all that are in the file: keys that are made, or loaded in their order, need not be looked for. */
  #isBeyond(key: string): boolean {
    if (this.#lookUps < FEW_LOOK_UPS) {
      this.#lookUps++;
      return false;
    }
    this.#lastKey ??= this.#file.lastKey() ?? "";
    return key > this.#lastKey;
  }

  /**
   * The document that keeps another one out of a unique index.
   *
   * @param entries those of the other one
   * @param old the document that the other one replaces
   * @returns its key
   */
  conflict(index: OpenIndex, entries: IndexEntries, key: string, old: StoredDocument | undefined): string | undefined {
    const added = this.#unique.get(index);
    const own = new Set<string>();
    for (const entry of entries.keys) {
      const text = entry.join();
      if (own.has(text)) return key;
      own.add(text);
      const pending = added?.get(text);
      if (pending !== undefined && pending !== old?.key) return pending;
      const holder = this.#file.indexHolder(index.id, entry);
      if (holder === undefined || holder === old?.rev) continue;
      const stored = this.#file.byRevision(holder)!.key;
      if (this.#gone.get(stored)?.rev !== holder) return stored;
    }
    return undefined;
  }

  /** Notes, or forgets, the entries of an added document in unique indexes. */
  #noteUnique(key: string, entries: EntriesOfAll, isThere: boolean): void {
    this.#indexes.forEach((index, i) => {
      if (!index.isUnique) return;
      let known = this.#unique.get(index);
      if (!known) this.#unique.set(index, known = new Map());
      for (const entry of entries[i]!.keys) {
        if (isThere) known.set(entry.join(), key);
        else known.delete(entry.join());
      }
    });
  }

  /**
   * Whether what is not in the file changes what is found in a range of an index: who reads an index between writes need not
   * bring each of them into the file. Measured: UPSERT by a persistent index takes 0.77 to 0.94 of the time otherwise.
   *
   * @param from inclusive
   * @param to exclusive
   */
  concerns(index: bigint, from: Uint8Array, to: Uint8Array): boolean {
    if (this.#added.size === 0 && this.#gone.size === 0) return false;
    let watched = this.#watched.get(index);
    if (!watched) {
      this.#watched.set(index, watched = new PendingEntries());
      const place = this.#placeOf(index);
      for (const changed of [this.#added, this.#gone]) {
        for (const { entries } of changed.values()) watched.add(entries[place]!.keys);
      }
    }
    return watched.meets(from, to);
  }

  #placeOf(index: bigint): number {
    return this.#indexes.findIndex(({ id }) => id === index);
  }

  #watch(entries: EntriesOfAll): void {
    for (const [index, watched] of this.#watched) watched.add(entries[this.#placeOf(index)]!.keys);
  }

  /**
   * Adds a document whose key and revision no other one has.
   *
   * @param indexes the indexes of the collection, the same ones until the end of the transaction
   */
  add(document: StoredDocument, entries: EntriesOfAll, indexes: readonly OpenIndex[]): void {
    this.#indexes = indexes;
    this.#added.set(document.key, { document, entries });
    this.#noteUnique(document.key, entries, true);
    this.#watch(entries);
    if (this.#lastRevision !== undefined && document.rev > this.#lastRevision) this.#lastRevision = document.rev;
    this.#characters += document.text.length;
    if (this.#added.size >= MOST_DOCUMENTS || this.#characters >= MOST_CHARACTERS) this.flush();
  }

  /**
   * Removes a document that is there.
   *
   * @param entriesOf finds its entries in the indexes
   */
  remove({ key, rev, text }: StoredDocument, entriesOf: () => EntriesOfAll, indexes: readonly OpenIndex[]): void {
    this.#indexes = indexes;
    // what never came into the file need not go
    const added = this.#added.get(key);
    if (added) {
      this.#added.delete(key);
      this.#noteUnique(key, added.entries, false);
      this.#characters -= text.length;
      return;
    }
    const entries = entriesOf();
    this.#gone.set(key, { rev, entries });
    this.#watch(entries);
    // a document that is replaced is added next, and goes into the file together with the others
    if (this.#gone.size > MOST_DOCUMENTS) this.flush();
  }

  /**
   * Brings everything into the file.
   *
   * @throws ArangoError what keeps the file from taking it; then again at every call, for the transaction cannot be completed
   */
  flush(): void {
    if (this.#failure) throw this.#failure.error;
    if (this.#added.size === 0 && this.#gone.size === 0) return;
    try {
      this.#write();
    } catch (error) {
      this.#failure = { error };
      throw error;
    }
    this.#clear();
  }

  /** Forgets what is not in the file, and what kept it from taking it. */
  discard(): void {
    this.#failure = undefined;
    this.#expected.clear();
    this.#clear();
  }

  #clear(): void {
    this.#added.clear();
    this.#gone.clear();
    this.#unique.clear();
    for (const watched of this.#watched.values()) watched.clear();
    this.#found = undefined;
    this.#characters = 0;
  }

  #write(): void {
    const file = this.#file;
    const gone = [...this.#gone.values()];
    const added = [...this.#added.values()];
    this.#written += gone.length + added.length;
    if (this.#written > MOST_DOCUMENTS) file.file.setLargeCache(true);
    for (const key of this.#gone.keys()) this.#expected.delete(key);
    for (const { document: { key } } of added) {
      this.#expected.delete(key);
      if (this.#lastKey !== undefined && key > this.#lastKey) this.#lastKey = key;
    }
    // first what makes room
    if (gone.length > 0) file.removeAll(gone.map(({ rev }) => rev));
    file.insertAll(added.map(({ document }) => document));
    this.#indexes.forEach((index, i) => {
      index.remove(file, gone.map(({ rev, entries }) => ({ rev, entries: entries[i]! })));
      index.add(file, added.map(({ document, entries }) => ({ rev: document.rev, entries: entries[i]! })));
    });
  }
}

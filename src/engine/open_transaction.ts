/**
 * A transaction that lasts over several requests, beside others and beside writers outside of transactions.
 *
 * It reads the state that its collections had when it began, and its own writes, which lie in temporary tables
 * ({@linkcode TransactionFile}); no file is locked. What it writes it claims first, so that nobody else does. At its end, what
 * it has done is done again, in one ordinary transaction over all its collections.
 *
 * @module
 */
import { ArangoError } from "../base/arango_error.ts";
import type { LogEntry } from "../storage/catalog.ts";
import type { CollectionFile } from "../storage/collection_file.ts";
import type { TransactionFile } from "../storage/transaction_file.ts";
import type { Collection } from "./collection.ts";
import { type Claim, type DocumentLocks, writeConflict } from "./document_locks.ts";
import type { Engine } from "./engine.ts";
import type { FileHandle } from "./file_handle.ts";
import { MARKER } from "./markers.ts";
import { type Participant, Transaction } from "./transaction.ts";

/** How a transaction begins; see {@linkcode Engine.begin}. */
export interface BeginOptions {
  /** Identifies it among the holders of locks. */
  readonly id: string;
  readonly locks: DocumentLocks;
  /** Collections whose state is fixed from the start; that of others is when they are used first. */
  readonly read: readonly Collection[];
  /** The same, of collections that are going to be written. */
  readonly write: readonly Collection[];
}

/** Documents whose revisions are looked up at once. */
const PAGE = 500;
/** How often a state is looked for that all collections have in common. */
const MOST_ATTEMPTS = 1000;

/** What a transaction has claimed. */
interface Claimed {
  readonly place: string;
  readonly collection: Collection;
  /** A document, and its revision before; undefined for entries of unique indexes. */
  readonly document: { readonly key: string; readonly rev: bigint | undefined } | undefined;
}

/** A transaction that is under way until it is committed or rolled back. */
export class OpenTransaction extends Transaction {
  readonly #engine: Engine;
  readonly #id: string;
  readonly #locks: DocumentLocks;
  readonly #ended: () => void;
  readonly #pinned = new Set<FileHandle>();
  readonly #claimed: Claimed[] = [];
  #isInStep = false;

  /** @param ended called when the engine is free again */
  constructor(engine: Engine, { id, locks }: Pick<BeginOptions, "id" | "locks">, ended: () => void) {
    super(engine.catalog, locks);
    this.#engine = engine;
    this.#id = id;
    this.#locks = locks;
    this.#ended = ended;
  }

  /** Fixes the state of a collection, if it is not yet. */
  pin(file: FileHandle): void {
    if (!this.#pinned.has(file)) this.pinAll([file]);
  }

  /**
   * Fixes the states of collections at one moment.
   *
   * @throws ArangoError 18 if they never stand still
   */
  pinAll(files: readonly FileHandle[]): void {
    for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
      try {
        for (const file of files) {
          file.pin();
          this.#pinned.add(file);
        }
        if (files.every((file) => file.isPinnedUpToDate)) return;
      } catch (error) {
        this.#unpin(files);
        throw error;
      }
      // somebody was between the commits of the catalog and of a file
      this.#unpin(files);
    }
    throw new ArangoError("ERROR_LOCK_TIMEOUT");
  }

  #unpin(files: Iterable<FileHandle>): void {
    for (const file of files) {
      file.unpin();
      this.#pinned.delete(file);
    }
  }

  override join(collection: Collection): Participant {
    const isNew = !this.participants.has(collection);
    const participant = super.join(collection);
    if (isNew) fileOf(participant).beginStep();
    return participant;
  }

  override get claims(): boolean {
    return true;
  }

  /**
   * Claims something that is going to be written, until the end of the transaction.
   *
   * @throws HeldDocumentError if another transaction has claimed it; ArangoError 1200 if it has changed since this one began
   */
  override claim(participant: Participant, claim: Claim): void {
    const { collection } = participant;
    const place = this.#locks.claim(collection, claim, this.#id);
    if (place === undefined) return;
    try {
      this.#claimed.push({ place, collection, document: this.#unchanged(participant, claim) });
    } catch (error) {
      // who tries it once more in the same operation has to hear of it again
      this.#locks.release(place, this.#id);
      throw error;
    }
  }

  /**
   * Checks that what is claimed is still as it was when the transaction began.
   *
   * @returns the document, unless an entry of an index is claimed
   * @throws ArangoError 1200
   */
  #unchanged(participant: Participant, claim: Claim): Claimed["document"] {
    const { id, name } = participant.collection;
    const committed = this.#locks.committed.collectionById(id);
    const now = committed?.reading();
    const file = fileOf(participant);
    if ("index" in claim) {
      const { index, entry } = claim;
      const isThere = now !== undefined && index.isIn(now);
      if (!isThere || now.indexHolder(index.id, entry) === file.fixedHolder(index.id, entry)) return undefined;
    } else {
      const { key } = claim;
      const rev = file.fixedRevision(key);
      if (now?.revisionOf(key) === rev) return { key, rev };
    }
    throw writeConflict(name, committed?.document(claim.key)?.rev, claim);
  }

  override countRevision(participant: Participant, _revision: bigint, by: 1 | -1): void {
    // the revision tree is for those who see what is committed
    participant.state = { ...participant.state, count: participant.state.count + by };
  }

  /**
   * Runs a part of the transaction that is done as a whole or not at all; inside of another one, as a part of it.
   *
   * @param collections those that it writes
   * @throws ArangoError 1203 if another process has dropped a collection that was written; whatever `body` throws
   */
  step<T>(collections: readonly Collection[], body: () => T): T {
    const joinAll = (): void => collections.forEach((collection) => this.join(collection));
    if (this.#isInStep) {
      joinAll();
      return body();
    }
    for (const collection of this.participants.keys()) collection.reading();
    const before = [...this.participants.values()].map((participant) => {
      this.settle(participant);
      fileOf(participant).beginStep();
      return { participant, state: participant.state };
    });
    const entries = this.entries.length;
    const claims = this.#claimed.length;
    this.#isInStep = true;
    try {
      joinAll();
      const result = body();
      for (const participant of this.participants.values()) this.settle(participant);
      this.saveStates();
      for (const participant of this.participants.values()) fileOf(participant).endStep();
      return result;
    } catch (error) {
      this.entries.length = entries;
      this.#release(this.#claimed.splice(claims));
      for (const participant of this.participants.values()) {
        participant.pending.discard();
        fileOf(participant).undoStep();
      }
      this.#restore(before);
      throw error;
    } finally {
      this.#isInStep = false;
    }
  }

  /** Gives participants the states that they had. */
  #restore(before: readonly { readonly participant: Participant; readonly state: Participant["state"] }[]): void {
    const known = new Map(before.map(({ participant, state }) => [participant, state]));
    for (const participant of this.participants.values()) {
      participant.state = known.get(participant) ?? participant.collection.fileState;
    }
  }

  #release(claimed: readonly Claimed[]): void {
    for (const { place } of claimed) this.#locks.release(place, this.#id);
  }

  /**
   * Does for everybody what the transaction has done for itself, all or nothing.
   *
   * @throws ArangoError 1200 if another process has written the same documents, 1210 if one has taken unique values, 1203 if
   *   a collection is gone; then the transaction is over as well
   */
  override commit(): void {
    const collections = [...this.participants.keys()];
    try {
      this.#letGo();
      if (this.entries.length === 0) return;
      this.#engine.write(collections, (transaction) => {
        for (const collection of collections) {
          const { file } = transaction.join(collection);
          const entries = this.entries.filter((entry) => entry.collection === collection.id);
          this.#assertUnchanged(collection, file);
          assertUnused(collection, file, entries);
          collection.apply(transaction, entries);
        }
      }, { durable: this.isDurable });
    } finally {
      this.#release(this.#claimed);
    }
  }

  override rollback(): void {
    this.#letGo();
    this.#release(this.#claimed);
  }

  #letGo(): void {
    for (const collection of this.participants.keys()) collection.unlocked();
    this.#unpin([...this.#pinned]);
    this.#ended();
  }

  /** Checks that the documents that were claimed are in a file as they were. */
  #assertUnchanged(collection: Collection, file: CollectionFile): void {
    const documents = this.#claimed.filter((one) => one.collection === collection).flatMap(({ document }) =>
      document ?? []
    );
    for (let from = 0; from < documents.length; from += PAGE) {
      const page = documents.slice(from, from + PAGE);
      const revisions = file.revisionsOf(page.map(({ key }) => key));
      for (const { key, rev } of page) {
        const now = revisions.get(key);
        if (now !== rev) throw writeConflict(collection.name, now, { key });
      }
    }
  }
}

/**
 * Checks that nobody has committed a document with a revision of these entries: other threads and processes have clocks of
 * their own, and what a transaction has written shows in the file no sooner than now.
 */
function assertUnused(collection: Collection, file: CollectionFile, entries: readonly LogEntry[]): void {
  const documents = entries.filter(({ type }) => type === MARKER.document);
  for (let from = 0; from < documents.length; from += PAGE) {
    const page = documents.slice(from, from + PAGE);
    const holders = new Map(file.byRevisions(page.flatMap(({ rev }) => rev ?? [])).map(({ rev, key }) => [rev, key]));
    for (const { key, rev } of holders.size === 0 ? [] : page) {
      const holder = holders.get(rev!);
      if (holder !== undefined && holder !== key) throw writeConflict(collection.name, undefined, { key: key! });
    }
  }
}

/** A file that was opened by an engine. */
function fileOf({ file }: Participant): TransactionFile {
  return file as TransactionFile;
}

/**
 * Which documents, unique values and collections transactions that are still running have written, so that nobody else writes
 * them.
 *
 * Source: `Locking and isolation of transactions` and `Incompatible changes in ArangoDB 3.11` (Write-write conflict
 * improvements) of ArangoDB's manual, for the texts of the errors as well.
 *
 * @module
 */
import { ArangoError } from "../base/arango_error.ts";
import type { Collection } from "./collection.ts";
import { ConflictError } from "./document_operation.ts";
import type { Engine } from "./engine.ts";
import { decodeIndexKey } from "./index_key.ts";
import type { LockTable } from "./lock_table.ts";
import type { OpenIndex } from "./open_index.ts";

/** What a write of a document touches: the document itself, or an entry that it has or gets in a unique index. */
export type Claim =
  | { readonly key: string }
  | { readonly key: string; readonly index: OpenIndex; readonly entry: Uint8Array };

/** How long it makes sense to wait for a document, in milliseconds. */
const PATIENCE = 1000;

/** What an error also is that tells of something somebody else still has: it will be free. */
export interface Held {
  /** Whether it still is. */
  readonly isHeld: () => boolean;
  /** How long it makes sense to wait for its end, in milliseconds. */
  readonly patience: number;
}

/** A document that a running transaction has written. */
export class HeldDocumentError extends ConflictError implements Held {
  readonly isHeld: () => boolean;
  readonly patience = PATIENCE;

  /** Tells that `claim` has to wait. */
  constructor(collection: string, rev: bigint | undefined, claim: Claim, isHeld: () => boolean) {
    super(collection, { key: claim.key, rev }, `Timeout waiting to lock key${placeText(claim)}`);
    this.isHeld = isHeld;
  }
}

/** A collection that a running transaction has for itself, or has written to. */
export class HeldCollectionError extends ArangoError implements Held {
  readonly isHeld: () => boolean;
  readonly patience: number;

  /** Tells that the collection with the name `collection` has to be waited for. */
  constructor(collection: string, patience: number, isHeld: () => boolean) {
    super("ERROR_LOCK_TIMEOUT", `lock timeout: a transaction that is still running uses collection '${collection}'`);
    this.patience = patience;
    this.isHeld = isHeld;
  }
}

/** Whether an error tells of something that somebody else still has. */
export function isHeldError(error: unknown): error is ArangoError & Held {
  return error instanceof ArangoError && "isHeld" in error;
}

/** A document that somebody else has changed since a transaction began. */
export function writeConflict(collection: string, rev: bigint | undefined, claim: Claim): ConflictError {
  return new ConflictError(collection, { key: claim.key, rev }, `write-write conflict${placeText(claim)}`);
}

function placeText(claim: Claim): string {
  if (!("index" in claim)) return ` - in index primary of type primary over '_key'; conflicting key: ${claim.key}`;
  const { name, type, fields } = claim.index.definition;
  const values = decodeIndexKey(claim.entry, fields.length);
  const shown = values ? `; indexed values: ${JSON.stringify(values)}` : "";
  return ` - in index ${name} of type ${type} over '${fields.join(", ")}'; document key: ${claim.key}${shown}`;
}

/** What identifies a claim in a data directory. */
function placeOf(collection: bigint, claim: Claim): string {
  return "index" in claim ? `${claim.index.id} ${claim.entry}` : `${collection}/${claim.key}`;
}

type Named = Pick<Collection, "id" | "name">;

/** The locks of all transactions over a data directory, as far as this process knows. */
export class DocumentLocks {
  /** What everybody else sees. */
  readonly committed: Engine;
  /**
   * What is locked, by name: ids of transactions for what they have claimed and for collections that they have for themselves,
   * how many transactions write to a collection, and the largest number that they have made a key of; and how many transactions
   * there are, in all threads and in each.
   */
  readonly #table: LockTable;
  readonly #thread: string;
  /** The collections that transactions of this thread write to, by the transactions' ids. */
  readonly #entered = new Map<string, Set<bigint>>();

  /**
   * @param committed an engine that transactions do not write with
   * @param table shared by all threads that have transactions over the directory
   * @param thread the name of the one whose transactions begin and end here
   */
  constructor(committed: Engine, table: LockTable, thread: string) {
    this.committed = committed;
    this.#table = table;
    this.#thread = thread;
  }

  /** Whether no transaction is running. */
  get isEmpty(): boolean {
    return this.#table.size === 0;
  }

  /**
   * Claims what a write touches; for writers outside of transactions, which are through at once, it only checks.
   *
   * @param transaction whose claim it is; undefined outside of transactions
   * @returns the place, if it was not claimed before
   * @throws HeldDocumentError; ArangoError 32 for more claims than there is room for
   */
  claim(collection: Named, claim: Claim, transaction: string | undefined): string | undefined {
    const place = placeOf(collection.id, claim);
    const own = BigInt(transaction ?? 0);
    const holder = this.#table.update(place, (holder) => holder === 0n ? own : holder);
    if (holder === 0n) return place;
    if (holder === own) return undefined;
    const rev = this.committed.collectionById(collection.id)?.document(claim.key)?.rev;
    throw new HeldDocumentError(collection.name, rev, claim, () => this.#table.get(place) === holder);
  }

  /** Lets go of a place that a transaction has claimed. */
  release(place: string, transaction: string): void {
    const own = BigInt(transaction);
    this.#table.update(place, (holder) => holder === own ? 0n : holder);
  }

  /**
   * Notes that a transaction writes to a collection, if it may.
   *
   * @param isExclusive whether nobody else may write to it meanwhile
   * @param patience how long a client would wait, in milliseconds
   * @throws HeldCollectionError
   */
  enter(collection: Named, transaction: string, isExclusive: boolean, patience: number): void {
    const entered = this.#entered.get(transaction) ?? new Set();
    if (entered.has(collection.id)) return;
    this.#table.together(() => {
      this.assertShared(collection, patience);
      if (isExclusive) this.assertUnwritten(collection, patience);
      this.#table.update(writersOf(collection.id), (count) => count + 1n);
      if (isExclusive) this.#table.update(holderOf(collection.id), () => BigInt(transaction));
    });
    this.#entered.set(transaction, entered.add(collection.id));
  }

  /** Notes that a transaction runs. */
  begin(): void {
    this.#table.together(() => {
      // where there is no room for another name, nothing has changed
      this.#table.update(runningIn(this.#thread), (count) => count + 1n);
      this.#table.update(RUNNING, (count) => count + 1n);
    });
  }

  /** Forgets a transaction that has begun here, and that it writes to collections. */
  end(transaction: string): void {
    this.#table.together(() => {
      for (const id of this.#entered.get(transaction) ?? []) {
        this.#table.update(writersOf(id), (count) => count - 1n);
        this.#table.update(holderOf(id), (holder) => holder === BigInt(transaction) ? 0n : holder);
      }
      this.#table.update(runningIn(this.#thread), (count) => count - 1n);
      this.#ended(1n);
    });
    this.#entered.delete(transaction);
  }

  /** Forgets the transactions of a thread that has broken. What they have claimed stays so while others are running. */
  forget(thread: string): void {
    this.#table.together(() => this.#ended(this.#table.update(runningIn(thread), () => 0n)));
  }

  /** Counts transactions that have ended; the last one takes with it whatever was left behind. */
  #ended(transactions: bigint): void {
    const before = this.#table.update(RUNNING, (count) => count - transactions);
    if (before === transactions) this.#table.clear();
  }

  /**
   * Checks that nobody has a collection for himself.
   *
   * @param patience how long a client would wait, in milliseconds
   * @throws HeldCollectionError
   */
  assertShared(collection: Named, patience: number): void {
    const name = holderOf(collection.id);
    const holder = this.#table.get(name);
    if (holder === 0n) return;
    throw new HeldCollectionError(collection.name, patience, () => this.#table.get(name) === holder);
  }

  /**
   * Checks that no transaction writes to a collection.
   *
   * @param patience how long a client would wait, in milliseconds
   * @throws HeldCollectionError
   */
  assertUnwritten(collection: Named, patience: number): void {
    const name = writersOf(collection.id);
    if (this.#table.get(name) === 0n) return;
    throw new HeldCollectionError(collection.name, patience, () => this.#table.get(name) !== 0n);
  }

  /**
   * Notes the number that somebody is to make a key of: a transaction that is running does not see it.
   *
   * @returns whether no other thread has noted one meanwhile that is as large
   */
  noteKey(collection: bigint, number: bigint): boolean {
    return this.isEmpty || this.#table.update(lastKeyOf(collection), (last) => number > last ? number : last) < number;
  }

  /** The largest number that became a key while transactions are running; 0 if there is none. */
  lastKey(collection: bigint): bigint {
    return this.#table.get(lastKeyOf(collection));
  }
}

/** The name of how many transactions are running. */
const RUNNING = "running";

/** The name of how many transactions are running in a thread. */
function runningIn(thread: string): string {
  return `running in ${thread}`;
}

/** The name of how many transactions write to a collection. */
function writersOf(collection: bigint): string {
  return `writers of ${collection}`;
}

/** The name of who has a collection for himself. */
function holderOf(collection: bigint): string {
  return `holder of ${collection}`;
}

/** The name of the largest number that became a key of a collection. */
function lastKeyOf(collection: bigint): string {
  return `last key of ${collection}`;
}

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
  /** Ids of transactions, by what they have claimed. */
  readonly #claims = new Map<string, string>();
  /** Ids of transactions that have written to a collection, by its id. */
  readonly #writers = new Map<bigint, Set<string>>();
  /** Ids of transactions that have a collection for themselves. */
  readonly #exclusive = new Map<bigint, string>();
  /** The largest numbers that transactions have made keys of. */
  readonly #lastKeys = new Map<bigint, bigint>();

  /** @param committed an engine that transactions do not write with */
  constructor(committed: Engine) {
    this.committed = committed;
  }

  /** Whether nothing is claimed. */
  get isEmpty(): boolean {
    return this.#claims.size === 0;
  }

  /**
   * Claims what a write touches; for writers outside of transactions, which are through at once, it only checks.
   *
   * @param transaction whose claim it is; undefined outside of transactions
   * @returns the place, if it was not claimed before
   * @throws HeldDocumentError
   */
  claim(collection: Named, claim: Claim, transaction: string | undefined): string | undefined {
    const place = placeOf(collection.id, claim);
    const holder = this.#claims.get(place);
    if (holder === undefined) {
      if (transaction !== undefined) this.#claims.set(place, transaction);
      return place;
    }
    if (holder === transaction) return undefined;
    const rev = this.committed.collectionById(collection.id)?.document(claim.key)?.rev;
    throw new HeldDocumentError(collection.name, rev, claim, () => this.#claims.get(place) === holder);
  }

  /** Lets go of a place. */
  release(place: string): void {
    this.#claims.delete(place);
  }

  /**
   * Notes that a transaction writes to a collection.
   *
   * @param isExclusive whether nobody else may write to it meanwhile
   */
  enter(collection: Named, transaction: string, isExclusive: boolean): void {
    if (isExclusive) this.#exclusive.set(collection.id, transaction);
    const writers = this.#writers.get(collection.id);
    if (writers) writers.add(transaction);
    else this.#writers.set(collection.id, new Set([transaction]));
  }

  /** Forgets that a transaction writes to collections. */
  leave(transaction: string): void {
    for (const [id, writers] of this.#writers) {
      if (writers.delete(transaction) && writers.size === 0) this.#writers.delete(id);
    }
    for (const [id, holder] of this.#exclusive) if (holder === transaction) this.#exclusive.delete(id);
  }

  /**
   * Checks that nobody has a collection for himself.
   *
   * @param patience how long a client would wait, in milliseconds
   * @throws HeldCollectionError
   */
  assertShared(collection: Named, patience: number): void {
    const holder = this.#exclusive.get(collection.id);
    if (holder === undefined) return;
    throw new HeldCollectionError(collection.name, patience, () => this.#exclusive.get(collection.id) === holder);
  }

  /**
   * Checks that no transaction writes to a collection.
   *
   * @param patience how long a client would wait, in milliseconds
   * @throws HeldCollectionError
   */
  assertUnwritten(collection: Named, patience: number): void {
    if (!this.#writers.has(collection.id)) return;
    throw new HeldCollectionError(collection.name, patience, () => this.#writers.has(collection.id));
  }

  /** Notes the number that a transaction has made a key of. */
  noteKey(collection: bigint, number: bigint): void {
    if (number > this.lastKey(collection)) this.#lastKeys.set(collection, number);
  }

  /** The largest number that a transaction has made a key of; 0 if there is none. */
  lastKey(collection: bigint): bigint {
    return this.#lastKeys.get(collection) ?? 0n;
  }
}

/**
 * Transactions that last over several requests.
 *
 * Each has an engine of its own on the data directory, which shares with the server's the clock and the table of locks: what
 * it writes is invisible to everybody else until it is committed ({@linkcode OpenTransaction}). What others write beside it
 * waits for it where waiting is possible, and else fails: documents that it has written with a conflict (1200), collections
 * that it has for itself with a lock timeout (18).
 *
 * Source: recorded examples `RestTransaction*`; HTTP API description of `/_api/transaction`; `Locking and isolation of
 * transactions` in ArangoDB's manual; `arangosh.md` §5.9.
 *
 * @module
 */
import { ArangoError, arangoError } from "../base/arango_error.ts";
import type { Collection, LockPurpose } from "../engine/collection.ts";
import { DocumentLocks } from "../engine/document_locks.ts";
import { Engine } from "../engine/engine.ts";
import { LockTable } from "../engine/lock_table.ts";
import type { OpenTransaction } from "../engine/open_transaction.ts";
import type { Server } from "./server.ts";

/** How long a transaction may rest, in milliseconds. */
const IDLE_TIMEOUT = 60_000;
/** How long writers outside of transactions wait for a collection that one has for itself, in milliseconds. */
export const LOCK_TIMEOUT = 900_000;
/** How many ended transactions are remembered. */
const MOST_ENDED = 1000;

/** Where a transaction stands. */
export type TransactionStatus = "running" | "committed" | "aborted";

/** The collections that a client announces, by name. */
export interface Announced {
  readonly read: ReadonlySet<string>;
  readonly write: ReadonlySet<string>;
  readonly exclusive: ReadonlySet<string>;
  /** Whether collections may be read that were not announced. */
  readonly allowImplicit: boolean;
  readonly waitForSync: boolean;
  /** How long to wait for collections that others have for themselves, in milliseconds. */
  readonly lockTimeout: number;
  /** How many bytes may be written. */
  readonly maxSize: number;
}

/** Whether clients begin and end it, or it lasts as long as a function runs: of those nobody else knows. */
export type TransactionKind = "stream" | "function";

/** A transaction that is running, as others know it. */
export interface RunningTransaction {
  readonly id: string;
  readonly user: string;
  readonly database: string;
  readonly kind: TransactionKind;
}

interface Running extends RunningTransaction {
  readonly engine: Engine;
  readonly open: OpenTransaction;
  readonly announced: Announced;
  /** Bytes that were sent to be written. */
  size: number;
  expires: number;
}

/** How many transactions were started, and how they ended. */
export type TransactionCounts = Readonly<Record<"started" | "committed" | "aborted" | "expired", number>>;

/** Counts of a thread that has had none. */
export const NO_COUNTS: TransactionCounts = { started: 0, committed: 0, aborted: 0, expired: 0 };

/** Adds counts of two threads. */
export function sumOfCounts(a: TransactionCounts, b: TransactionCounts): TransactionCounts {
  return {
    started: a.started + b.started,
    committed: a.committed + b.committed,
    aborted: a.aborted + b.aborted,
    expired: a.expired + b.expired,
  };
}

/** A transaction that is over, as others know it. */
export interface EndedTransaction extends Omit<RunningTransaction, "kind"> {
  readonly status: "committed" | "aborted";
}

/** A transaction begins, or ends. */
export type TransactionChange = { readonly begun: RunningTransaction } | { readonly ended: EndedTransaction };

/** The collections that are announced for reading alone. */
function onlyRead({ read, write, exclusive }: Announced): string[] {
  return [...read].filter((name) => !write.has(name) && !exclusive.has(name));
}

/** How many engines are kept for further transactions: of those that begin soon, and later. */
const MOST_IDLE = 64;
const FEWEST_IDLE = 4;
/** How many milliseconds after the last one has begun there is no other soon. */
const SOON = 5000;

/** The transactions of a thread. */
export class Transactions {
  readonly #engine: Engine;
  readonly #running = new Map<string, Running>();
  readonly #ended = new Map<string, EndedTransaction>();
  readonly #idle: Engine[] = [];
  #lastBegun = 0;
  readonly #locks: DocumentLocks;
  readonly #now: () => number;
  readonly #counts = { ...NO_COUNTS };
  /** Takes every change of the transactions here; a thread sets it whose server has to know. */
  noteChange: (change: TransactionChange) => void = () => {};

  /**
   * The transactions over the directory of `engine`.
   *
   * @param table the locks of all threads that have the directory open
   * @param thread the name of this one
   * @param now when the request came that is answered, in milliseconds since 1970: what lived then is not over yet
   */
  constructor(engine: Engine, table: LockTable, thread: string, now: () => number) {
    this.#engine = engine;
    this.#now = now;
    this.#locks = new DocumentLocks(engine, table, thread);
    engine.locks = this.#locks;
    engine.guard = (collection, purpose) => this.#guard(collection, purpose);
  }

  /**
   * Begins a transaction.
   *
   * @returns its id
   * @throws ArangoError 1203 no such collection; HeldCollectionError
   */
  begin(user: string, database: string, announced: Announced, kind: TransactionKind): string {
    this.expire();
    const { read, write, exclusive, lockTimeout } = announced;
    const found = this.#engine.database(database);
    for (const name of [...read, ...write, ...exclusive]) found.collection(name);
    for (const name of write) this.#locks.assertShared(found.collection(name), lockTimeout);
    this.#lastBegun = performance.now();
    const id = this.#engine.nextId().toString();
    let engine: Engine | undefined;
    this.#locks.begin();
    try {
      for (const name of exclusive) this.#locks.enter(found.collection(name), id, true, lockTimeout);
      engine = this.#idle.pop() ?? this.#another();
      const open = this.#open(engine, id, database, announced);
      const running = { id, user, database, engine, open, announced, kind, size: 0, expires: this.#expiryOf(kind) };
      this.#running.set(id, running);
      this.noteChange({ begun: { id, user, database, kind } });
    } catch (error) {
      this.#locks.end(id);
      if (engine) this.#letGo(engine);
      throw error;
    }
    this.#counts.started++;
    return id;
  }

  #another(): Engine {
    const { directory, clock, checkpointer } = this.#engine;
    return Engine.open({ directory, clock, checkpointer });
  }

  /** Begins a transaction of an engine. */
  #open(engine: Engine, id: string, database: string, announced: Announced): OpenTransaction {
    engine.refresh();
    engine.expressions = this.#engine.expressions;
    engine.guard = (collection) => this.#enter(collection, id);
    engine.locks = this.#locks;
    const own = (names: Iterable<string>) => [...names].map((name) => engine.database(database).collection(name));
    return engine.begin({
      id,
      locks: this.#locks,
      read: own(onlyRead(announced)),
      write: own(new Set([...announced.write, ...announced.exclusive])),
    });
  }

  /** Keeps an engine for a further transaction, or closes it. */
  #letGo(engine: Engine): void {
    engine.guard = undefined;
    engine.locks = undefined;
    if (this.#idle.length < MOST_IDLE) this.#idle.push(engine);
    else engine[Symbol.dispose]();
  }

  /**
   * The engine of a running transaction.
   *
   * @throws ArangoError 1655 no such transaction, 1654 it was aborted, 1653 it was committed
   */
  engine(id: string, user: string, database: string): Engine {
    this.expire();
    const running = this.#running.get(id);
    if (running?.user === user && running.database === database) {
      this.touch(id);
      return running.engine;
    }
    const status = this.#endedStatus(id, user, database);
    if (status === "aborted") throw new ArangoError("ERROR_TRANSACTION_ABORTED", undefined, { code: 410 });
    if (status === "committed") throw new ArangoError("ERROR_TRANSACTION_DISALLOWED_OPERATION");
    throw transactionNotFound(id);
  }

  #endedStatus(id: string, user: string, database: string): TransactionStatus | undefined {
    const ended = this.#ended.get(id);
    return ended?.user === user && ended.database === database ? ended.status : undefined;
  }

  /**
   * Checks that no transaction writes to a collection.
   *
   * @throws HeldCollectionError
   */
  assertFree(collection: Collection): void {
    this.#guard(collection, "all");
  }

  /** Checks that a collection may be written outside of transactions. */
  #guard(collection: Collection, purpose: LockPurpose): void {
    if (this.#locks.isEmpty) return;
    this.expire();
    if (purpose === "documents") this.#locks.assertShared(collection, LOCK_TIMEOUT);
    else this.#locks.assertUnwritten(collection, LOCK_TIMEOUT);
  }

  /** Notes that a transaction writes to a collection, if it may. */
  #enter(collection: Collection, id: string): void {
    const { write, exclusive, lockTimeout } = this.#running.get(id)!.announced;
    const isExclusive = exclusive.has(collection.name);
    if (!isExclusive && !write.has(collection.name)) {
      throw arangoError("ERROR_TRANSACTION_UNREGISTERED_COLLECTION", `${collection.name} [write]`);
    }
    this.#locks.enter(collection, id, isExclusive, lockTimeout);
  }

  /**
   * Counts what a transaction is to write, going by what clients send.
   *
   * @throws ArangoError 32 when that is more than it may write
   */
  charge(id: string, bytes: number): void {
    const running = this.#running.get(id);
    if (!running) return;
    running.size += bytes;
    if (running.size <= running.announced.maxSize) return;
    throw new ArangoError(
      "ERROR_RESOURCE_LIMIT",
      `resource limit exceeded: transaction ${id} is larger than ${running.announced.maxSize} bytes`,
    );
  }

  /**
   * Checks that a transaction may read a collection.
   *
   * @throws ArangoError 1652
   */
  checkRead(collection: string, id: string): void {
    const { read, write, exclusive, allowImplicit } = this.#running.get(id)!.announced;
    if (allowImplicit || [read, write, exclusive].some((names) => names.has(collection))) return;
    throw arangoError("ERROR_TRANSACTION_UNREGISTERED_COLLECTION", `${collection} [read]`);
  }

  /**
   * Where a transaction stands.
   *
   * @throws ArangoError 1655
   */
  status(id: string, user: string, database: string): TransactionStatus {
    this.expire();
    const running = this.#running.get(id);
    if (running?.user === user && running.database === database) return "running";
    const status = this.#endedStatus(id, user, database);
    if (!status) throw transactionNotFound(id);
    return status;
  }

  /**
   * Ends a transaction; ending it once more in the same way changes nothing.
   *
   * @throws ArangoError 1655, 1653 if it has ended otherwise
   */
  end(id: string, user: string, database: string, status: EndedTransaction["status"]): void {
    const now = this.status(id, user, database);
    if (now === "running") this.#end(this.#running.get(id)!, status);
    else if (now !== status) throw new ArangoError("ERROR_TRANSACTION_DISALLOWED_OPERATION");
  }

  #end(running: Running, status: EndedTransaction["status"]): void {
    const { id, user, database, engine, open, announced } = running;
    let outcome: EndedTransaction["status"] = "aborted";
    try {
      if (status === "committed") {
        open.isDurable ||= announced.waitForSync;
        open.commit();
        outcome = status;
      } else {
        open.rollback();
      }
    } finally {
      this.#running.delete(id);
      this.#counts[outcome]++;
      this.#locks.end(id);
      const ended = { id, user, database, status: outcome };
      this.noteEnded(ended);
      this.noteChange({ ended });
      this.#letGo(engine);
    }
  }

  /** Remembers how a transaction has ended, here or in another thread. */
  noteEnded(ended: EndedTransaction): void {
    this.#ended.set(ended.id, ended);
    if (this.#ended.size > MOST_ENDED) this.#ended.delete(this.#ended.keys().next().value!);
  }

  /** Whether a transaction runs. */
  isRunning(id: string): boolean {
    this.expire();
    return this.#running.has(id);
  }

  /** Those that are running here. */
  get running(): RunningTransaction[] {
    this.expire();
    return [...this.#running.values()].map(({ id, user, database, kind }) => ({ id, user, database, kind }));
  }

  /** How many have been started here, and how they ended. */
  get counts(): TransactionCounts {
    return this.#counts;
  }

  /** Aborts a user's stream transactions that have announced to write. */
  abortWriting(user: string): void {
    for (const one of [...this.#running.values()]) {
      const { write, exclusive } = one.announced;
      if (one.kind === "stream" && one.user === user && write.size + exclusive.size > 0) this.#end(one, "aborted");
    }
  }

  /** Forgets the transactions of another thread, which broke before it could end them. */
  forget(thread: string): void {
    this.#locks.forget(thread);
  }

  /** Lets a transaction rest from now on, at the end of a request. */
  touch(id: string): void {
    const running = this.#running.get(id);
    if (running) running.expires = this.#expiryOf(running.kind);
  }

  /** Aborts what has rested for too long. */
  expire(): void {
    if (this.#idle.length > FEWEST_IDLE && performance.now() - this.#lastBegun > SOON) this.#closeIdle(FEWEST_IDLE);
    const now = this.#now();
    for (const running of this.#running.values()) {
      if (running.expires > now) continue;
      this.#counts.expired++;
      this.#end(running, "aborted");
    }
  }

  #expiryOf(kind: TransactionKind): number {
    return kind === "stream" ? Date.now() + IDLE_TIMEOUT : Infinity;
  }

  #closeIdle(left: number): void {
    for (const engine of this.#idle.splice(left)) engine[Symbol.dispose]();
  }

  /** Aborts what is running. */
  [Symbol.dispose](): void {
    for (const running of [...this.#running.values()]) this.#end(running, "aborted");
    this.#closeIdle(0);
    this.#engine.guard = undefined;
    this.#engine.locks = undefined;
  }
}

/** What whoever asks for a transaction is told that is not there, or not his. */
export function transactionNotFound(id: string): ArangoError {
  return new ArangoError("ERROR_TRANSACTION_NOT_FOUND", `transaction '${id}' not found`);
}

/** The transactions of a server that live in its own thread. */
export function transactionsOf(server: Server): Transactions {
  return server.part(newTransactions);
}

function newTransactions({ engine, options }: Server): Transactions {
  const { queryThreads, locks = queryThreads?.locks ?? new LockTable(), askedAt = () => Date.now() } = options;
  return new Transactions(engine, locks, options.thread ?? "main", askedAt);
}

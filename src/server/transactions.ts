/**
 * Transactions that last over several requests.
 *
 * Each has an engine of its own on the data directory, which shares nothing with the server's but the files: what it writes
 * is invisible to everybody else until it is committed. Collections that it has announced for reading alone are read as they
 * were when it began; of others everybody else's commits are visible to it until it writes itself. A collection is locked by the first write to it; until the transaction ends, other writes to that
 * collection wait where waiting is possible ({@linkcode HeldError}), and else fail with a conflict (1200).
 *
 * Source: recorded examples `RestTransaction*`; HTTP API description of `/_api/transaction`; `arangosh.md` §5.9.
 *
 * @module
 */
import { ArangoError, arangoError } from "../base/arango_error.ts";
import { Engine, type OpenTransaction } from "../engine/engine.ts";
import type { Server } from "./server.ts";

/** How long a transaction may rest, in milliseconds. */
const IDLE_TIMEOUT = 60_000;
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
  /** How many bytes may be written. */
  readonly maxSize: number;
}

interface Running {
  readonly id: string;
  readonly user: string;
  readonly database: string;
  readonly engine: Engine;
  readonly open: OpenTransaction;
  readonly announced: Announced;
  /** Bytes that were sent to be written. */
  size: number;
  expires: number;
}

/** A collection cannot be written because a transaction of this server has written to it and is still running. */
export class HeldError extends ArangoError {
  /** Whether the collection is still held. */
  readonly isHeld: () => boolean;

  /** `transaction` holds the collection with the name `collection`. */
  constructor(collection: string, transaction: string, isHeld: () => boolean) {
    super(
      "ERROR_ARANGO_CONFLICT",
      `write-write conflict: transaction ${transaction} has written to collection '${collection}' and is still running`,
      { code: 409 },
    );
    this.isHeld = isHeld;
  }
}

/** The collections that are announced for reading alone. */
function onlyRead({ read, write, exclusive }: Announced): string[] {
  return [...read].filter((name) => !write.has(name) && !exclusive.has(name));
}

/** How many engines are kept for further transactions. */
const MOST_IDLE = 4;

/** The transactions of a server. */
export class Transactions {
  readonly #engine: Engine;
  readonly #running = new Map<string, Running>();
  readonly #ended = new Map<
    string,
    { readonly status: TransactionStatus; readonly user: string; readonly database: string }
  >();
  readonly #idle: Engine[] = [];
  /** How many have been started, and how they ended. */
  readonly counts: Record<"started" | "committed" | "aborted", number> = { started: 0, committed: 0, aborted: 0 };
  /** Which transaction holds a collection, by the collection's id. */
  readonly #locks = new Map<bigint, string>();

  /** The transactions over the directory of `engine`. */
  constructor(engine: Engine) {
    this.#engine = engine;
    engine.guard = (collection) => this.#lock(collection, undefined);
  }

  /**
   * Begins a transaction.
   *
   * @returns its id
   * @throws ArangoError 1203 no such collection, 28 an exclusive collection is in use
   */
  begin(user: string, database: string, announced: Announced): string {
    this.expire();
    const found = this.#engine.database(database);
    const names = new Set([...announced.read, ...announced.write, ...announced.exclusive]);
    for (const name of names) found.collection(name);
    for (const name of announced.exclusive) {
      if (!this.#locks.has(found.collection(name).id)) continue;
      throw new ArangoError("ERROR_LOCKED", `locked: another transaction uses collection '${name}'`, { code: 409 });
    }
    const id = this.#engine.nextId().toString();
    const engine = this.#idle.pop() ?? Engine.open({ directory: this.#engine.directory });
    engine.refresh();
    engine.expressions = this.#engine.expressions;
    engine.guard = (collection) => this.#lock(collection, id);
    const open = engine.begin(onlyRead(announced).map((name) => engine.database(database).collection(name)));
    const running: Running = {
      id,
      user,
      database,
      engine,
      open,
      announced,
      size: 0,
      expires: Date.now() + IDLE_TIMEOUT,
    };
    this.#running.set(id, running);
    this.counts.started++;
    for (const name of announced.exclusive) this.#locks.set(found.collection(name).id, id);
    return id;
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
      running.expires = Date.now() + IDLE_TIMEOUT;
      return running.engine;
    }
    const status = this.#endedStatus(id, user, database);
    if (status === "aborted") throw new ArangoError("ERROR_TRANSACTION_ABORTED", undefined, { code: 410 });
    if (status === "committed") throw new ArangoError("ERROR_TRANSACTION_DISALLOWED_OPERATION");
    throw notFound(id);
  }

  #endedStatus(id: string, user: string, database: string): TransactionStatus | undefined {
    const ended = this.#ended.get(id);
    return ended?.user === user && ended.database === database ? ended.status : undefined;
  }

  /**
   * Checks that no transaction holds a collection.
   *
   * @throws HeldError
   */
  assertFree(collection: { readonly id: bigint; readonly name: string }): void {
    this.#lock(collection, undefined);
  }

  /** Locks a collection for a transaction, or checks that a write of its own may go on. */
  #lock(collection: { readonly id: bigint; readonly name: string }, id: string | undefined): void {
    const holder = this.#locks.get(collection.id);
    if (holder !== undefined && holder !== id) {
      throw new HeldError(collection.name, holder, () => {
        this.expire();
        return this.#locks.get(collection.id) === holder;
      });
    }
    if (id === undefined) return;
    const { write, exclusive } = this.#running.get(id)!.announced;
    if (!write.has(collection.name) && !exclusive.has(collection.name)) {
      throw arangoError("ERROR_TRANSACTION_UNREGISTERED_COLLECTION", `${collection.name} [write]`);
    }
    this.#locks.set(collection.id, id);
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
    if (!status) throw notFound(id);
    return status;
  }

  /**
   * Ends a transaction; ending it once more in the same way changes nothing.
   *
   * @throws ArangoError 1655, 1653 if it has ended otherwise
   */
  end(id: string, user: string, database: string, status: "committed" | "aborted"): void {
    const now = this.status(id, user, database);
    if (now === "running") this.#end(this.#running.get(id)!, status);
    else if (now !== status) throw new ArangoError("ERROR_TRANSACTION_DISALLOWED_OPERATION");
  }

  #end(running: Running, status: "committed" | "aborted"): void {
    const { id, user, database, engine, open, announced } = running;
    let outcome: "committed" | "aborted" = "aborted";
    try {
      if (status === "committed") {
        open.commit(announced.waitForSync);
        outcome = status;
      } else {
        open.rollback();
      }
    } finally {
      engine.guard = undefined;
      if (this.#idle.length < MOST_IDLE) this.#idle.push(engine);
      else engine[Symbol.dispose]();
      this.#running.delete(id);
      this.counts[outcome]++;
      for (const [collection, holder] of this.#locks) if (holder === id) this.#locks.delete(collection);
      this.#ended.set(id, { status: outcome, user, database });
      if (this.#ended.size > MOST_ENDED) this.#ended.delete(this.#ended.keys().next().value!);
    }
  }

  /** Whether there are any that run. */
  get isAnyRunning(): boolean {
    this.expire();
    return this.#running.size > 0;
  }

  /** The ids of a user's running transactions in a database. */
  running(user: string, database: string): string[] {
    this.expire();
    return [...this.#running.values()].filter((one) => one.user === user && one.database === database)
      .map(({ id }) => id);
  }

  /** How many transactions are running. */
  get size(): number {
    this.expire();
    return this.#running.size;
  }

  /** Aborts what has rested for too long. */
  expire(): void {
    const now = Date.now();
    for (const running of this.#running.values()) if (running.expires <= now) this.#end(running, "aborted");
  }

  /** Aborts what is running. */
  [Symbol.dispose](): void {
    for (const running of [...this.#running.values()]) this.#end(running, "aborted");
    for (const engine of this.#idle) engine[Symbol.dispose]();
    this.#idle.length = 0;
    this.#engine.guard = undefined;
  }
}

function notFound(id: string): ArangoError {
  return new ArangoError("ERROR_TRANSACTION_NOT_FOUND", `transaction '${id}' not found`);
}

/** The transactions of a server. */
export function transactionsOf(server: Server): Transactions {
  return server.part(newTransactions);
}

function newTransactions(server: Server): Transactions {
  return new Transactions(server.engine);
}

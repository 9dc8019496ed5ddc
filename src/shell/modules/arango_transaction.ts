/**
 * Stream transactions.
 *
 * @module
 */

import type { Loose, ModuleScope } from "./scope.ts";

/** The module `@arangodb/arango-transaction`. Source: arangosh.md 5.9. */
export function arangoTransaction({ exports, require }: ModuleScope): void {
  const { make, usage, enumerable } = require("denosh/errors");
  const { checkRequestResult } = require("@arangodb/arangosh");
  const { isObject } = require("denosh/api-requests");

  class ArangoTransactionCollection {
    [name: string]: Loose;

    constructor(transaction: Loose, collection: Loose) {
      Object.defineProperty(this, "_transaction", { value: transaction });
      Object.defineProperty(this, "_collection", { value: collection });
    }
    name(): string {
      return this._collection.name();
    }
    count(): number {
      this.#check();
      const collection = this._collection;
      const base = `/_db/${encodeURIComponent(collection._dbName)}/_api/collection/`;
      const url = `${base}${encodeURIComponent(collection.name())}/count`;
      const headers = { "x-arango-trx-id": this._transaction.id() };
      return checkRequestResult(collection._database._connection.GET(url, headers)).count;
    }
    #check(): void {
      if (!this._transaction.running()) throw make(1650);
    }
    #options(options: Loose): Loose {
      this.#check();
      return { ...options, transactionId: this._transaction.id() };
    }
    document(id: Loose, options?: Loose): Loose {
      return this._collection.document(id, this.#options(options));
    }
    exists(id: Loose, options?: Loose): Loose {
      return this._collection.exists(id, this.#options(options));
    }
    insert(...args: Loose[]): Loose {
      const edge = this._collection.type() === 3 && args.length >= 3;
      const count = edge ? 3 : 1;
      return this._collection.insert(...args.slice(0, count), this.#options(args[count]));
    }
    save(...args: Loose[]): Loose {
      return this.insert(...args);
    }
    replace(id: Loose, data: Loose, options?: Loose): Loose {
      return this._collection.replace(id, data, this.#options(options));
    }
    update(id: Loose, data: Loose, options?: Loose): Loose {
      return this._collection.update(id, data, this.#options(options));
    }
    remove(id: Loose, options?: Loose): Loose {
      return this._collection.remove(id, this.#options(options));
    }
    truncate(options?: Loose): void {
      this._collection.truncate(this.#options(options));
    }
  }
  enumerable(ArangoTransactionCollection);

  class ArangoTransaction {
    [name: string]: Loose;

    constructor(database: Loose, data: Loose) {
      const values: Loose = { _id: "", _database: database, _dbName: database._name(), _done: false };
      for (const name of Object.keys(values)) {
        Object.defineProperty(this, name, { value: values[name], writable: true, configurable: true });
      }
      if (typeof data === "string" || typeof data === "number") {
        this._id = String(data);
        return;
      }
      if (!isObject(data) || Array.isArray(data)) throw usage("ArangoTransaction(<object>)");
      if (data._id !== undefined) {
        this._id = String(data._id);
        return;
      }
      if (data.action !== undefined) throw make(10, "action definition is not supported");
      if (!isObject(data.collections)) throw make(10, "missing/invalid collections definition for transaction");
      const { allowDirtyReads, ...body } = data;
      const name = (value: Loose) => value?.isArangoCollection ? value.name() : value;
      body.collections = { ...data.collections };
      for (const mode of ["read", "write", "exclusive"]) {
        const given = body.collections[mode];
        if (given !== undefined) body.collections[mode] = (Array.isArray(given) ? given : [given]).map(name);
      }
      const headers = allowDirtyReads ? { "x-arango-allow-dirty-read": "true" } : {};
      const reply = database._connection.POST("/_api/transaction/begin", body, headers);
      this._id = checkRequestResult(reply).result.id;
    }
    id(): string {
      return this._id;
    }
    running(): boolean {
      return !this._done;
    }
    status(): Loose {
      const { result } = checkRequestResult(this._database._connection.GET(urlOf(this)));
      if (result.status !== "running") this._done = true;
      return result;
    }
    commit(): Loose {
      const { result } = checkRequestResult(this._database._connection.PUT(urlOf(this), ""));
      this._done = true;
      return result;
    }
    abort(): Loose {
      const { result } = checkRequestResult(this._database._connection.DELETE(urlOf(this), ""));
      this._done = true;
      return result;
    }
    collection(which: Loose): Loose {
      const collection = which?.isArangoCollection ? which : this._database._collection(which);
      if (collection === null) throw make(1203);
      return new ArangoTransactionCollection(this, collection);
    }
    query(...args: Loose[]): Loose {
      if (this._done) throw make(1650);
      const [query] = args;
      const text = isObject(query) ? query.query ?? query.toAQL?.() : query;
      if (typeof text !== "string" || text === "") throw "need a valid query string";
      const { ArangoStatement, queryPayload } = require("@arangodb/arango-statement");
      return new ArangoStatement(this._database, queryPayload(args)).execute({ "x-arango-trx-id": this._id });
    }
    toString(): string {
      return `[ArangoTransaction ${this._id}]`;
    }
    _PRINT(context: Loose): void {
      context.output += this.toString();
    }
  }
  enumerable(ArangoTransaction);

  function urlOf(transaction: Loose): string {
    const database = encodeURIComponent(transaction._dbName);
    return `/_db/${database}/_api/transaction/${encodeURIComponent(transaction._id)}`;
  }

  exports.ArangoTransaction = ArangoTransaction;
}

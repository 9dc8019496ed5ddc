/**
 * The `db` object.
 *
 * @module
 */

import type { Loose, ModuleScope } from "./scope.ts";

/** The module `@arangodb/arango-database`. Source: arangosh.md 5.2, 5.3. */
export function arangoDatabase({ exports, require }: ModuleScope): void {
  const { make, usage, enumerable } = require("denosh/errors");
  const { checkRequestResult, checkDocumentResult, helpBlock } = require("@arangodb/arangosh");
  const { isValidDocumentKey } = require("denosh/names");
  const { changeOptions, isObject, parameters } = require("denosh/api-requests");
  const { ArangoCollection } = require("@arangodb/arango-collection");

  function newView(database: Loose, data: Loose): Loose {
    return new (require("@arangodb/arango-view").ArangoView)(database, data);
  }

  /** Properties of the database object that are no collections. */
  const OWN = new Set(["_connection", "_cached", "_current"]);
  /** Names that the shell itself asks every object for; no reason to ask the server. */
  const PROBES = new Set(["_PRINT", "_COMPLETIONS", "toJSON", "toAQL"]);

  class ArangoDatabase {
    [name: string]: Loose;

    constructor(connection: Loose) {
      for (const [name, value] of [["_connection", connection], ["_cached", new Set()], ["_current", null]]) {
        Object.defineProperty(this, name as string, { value, writable: true, configurable: true });
      }
      return new Proxy(this, {
        get(target: Loose, name, receiver) {
          const value = Reflect.get(target, name, receiver);
          if (value !== undefined || typeof name !== "string" || name in target || PROBES.has(name)) return value;
          try {
            receiver._collections();
          } catch {
            // without an answer there is no collection of that name
            return undefined;
          }
          return Reflect.get(target, name, receiver);
        },
      });
    }

    /** Puts a collection or view in the cache. */
    _remember(source: Loose): Loose {
      const name = source._name;
      if (typeof name !== "string" || OWN.has(name)) return source;
      this._cached.add(name);
      Object.defineProperty(this, name, { value: source, configurable: true, enumerable: true, writable: true });
      return source;
    }
    _forget(name: string): void {
      if (this._cached.delete(name)) delete this[name];
    }

    _collections(): Loose[] {
      const reply = this._connection.GET("/_api/collection", { "x-arango-frontend": "true" });
      const { result } = checkRequestResult(reply);
      return result.map((data: Loose) => {
        const known = this._cached.has(data.name) ? this[data.name] : undefined;
        if (known?.isArangoCollection && known._id === data.id) {
          known._status = data.status;
          known._type = data.type;
          return known;
        }
        return this._remember(new ArangoCollection(this, data));
      }).sort((left: Loose, right: Loose) => {
        const [one, two] = [left._name.toLowerCase(), right._name.toLowerCase()];
        return one < two ? -1 : one > two ? 1 : 0;
      });
    }

    _collection(id: Loose): Loose {
      const name = String(id);
      const digits = /^\d+$/.test(name);
      if (!digits && this._cached.has(name)) {
        const known = this[name];
        if (known?.isArangoCollection) return known;
      }
      const reply = this._connection.GET(this._collectionurl(name));
      if (reply?.error === true && reply.errorNum === 1203) return null;
      checkRequestResult(reply);
      // without a name, all collections are listed
      return reply.name === undefined ? null : this._remember(new ArangoCollection(this, reply));
    }

    _create(name: Loose, properties?: Loose, type?: Loose, options?: Loose): Loose {
      if (isObject(type) && options === undefined) {
        options = type;
        type = undefined;
      }
      const body = properties ?? {};
      body.name = name;
      body.type = type === "edge" || type === 3 ? 3 : 2;
      const pairs = ["waitForSyncReplication", "enforceReplicationFactor"]
        .filter((option) => options?.[option] !== undefined)
        .map((option) => `${option}=${options[option] ? "1" : "0"}`);
      const url = `/_api/collection${pairs.length > 0 ? `?${pairs.join("&")}` : ""}`;
      const reply = checkRequestResult(this._connection.POST(url, body));
      return this._remember(new ArangoCollection(this, reply));
    }
    _createDocumentCollection(name: Loose, properties?: Loose): Loose {
      return this._create(name, properties, 2);
    }
    _createEdgeCollection(name: Loose, properties?: Loose): Loose {
      return this._create(name, properties, 3);
    }
    _drop(id: Loose, options?: Loose): void {
      const collection = id?.isArangoCollection ? id : this._collection(id);
      if (collection !== null) collection.drop(options);
    }
    _truncate(id: Loose): void {
      const collection = id?.isArangoCollection ? id : this._cached.has(String(id)) ? this[String(id)] : undefined;
      if (collection?.isArangoCollection) collection.truncate();
    }

    _collectionurl(id: Loose): string {
      return `/_api/collection/${encodeURIComponent(String(id))}`;
    }
    _viewurl(id: Loose): string {
      return `/_api/view/${encodeURIComponent(String(id))}`;
    }
    _documenturl(id: Loose, expected?: string): string {
      const parts = typeof id === "string" ? id.split("/") : [];
      if (parts.length !== 2 || parts[0] === "" || !isValidDocumentKey(parts[1])) throw make(1205);
      if (expected !== undefined && expected !== "" && parts[0] !== expected) throw make(1213);
      return `/_api/document/${encodeURIComponent(parts[0]!)}/${encodeURIComponent(parts[1]!)}`;
    }
    _indexurl(id: Loose, expected?: string): string {
      let text = typeof id === "number" ? String(id) : id;
      if (typeof text === "string" && !text.includes("/") && expected !== undefined) text = `${expected}/${text}`;
      const parts = typeof text === "string" ? text.split("/") : [];
      if (parts.length !== 2 || parts[0] === "" || parts[1] === "") throw make(1214);
      if (expected !== undefined && expected !== "" && parts[0] !== expected) throw make(1213);
      return `/_api/index/${encodeURIComponent(parts[0]!)}/${encodeURIComponent(parts[1]!)}`;
    }

    _document(id: Loose): Loose {
      return checkDocumentResult(this._connection.GET(this._documenturl(idOf(id)), matchHeader(id)));
    }
    _exists(id: Loose): boolean {
      const reply = this._connection.HEAD(this._documenturl(idOf(id)), matchHeader(id));
      if (reply?.error === true && (reply.code === 404 || reply.errorNum === 404)) return false;
      checkDocumentResult(reply);
      return true;
    }
    _replace(id: Loose, data: Loose, overwrite?: Loose, waitForSync?: Loose): Loose {
      const options = changeOptions([overwrite, waitForSync], ["overwrite", "waitForSync"]);
      return change(this, "PUT", id, data, options, []);
    }
    _update(id: Loose, data: Loose, overwrite?: Loose, keepNull?: Loose, waitForSync?: Loose): Loose {
      const options = changeOptions([overwrite, keepNull, waitForSync], ["overwrite", "keepNull", "waitForSync"]);
      options.keepNull ??= true;
      options.mergeObjects ??= true;
      return change(this, "PATCH", id, data, options, ["keepNull", "mergeObjects"]);
    }
    _remove(id: Loose, overwrite?: Loose, waitForSync?: Loose): Loose {
      if (Array.isArray(id)) throw make(1205);
      const options = changeOptions([overwrite, waitForSync], ["overwrite", "waitForSync"]);
      const pairs = ["ignoreRevs=true", `returnOld=${options.returnOld ? "true" : "false"}`];
      pairs.push(...parameters(options, ["waitForSync", "refillIndexCaches", "silent"]));
      const headers = options.overwrite ? {} : matchHeader(id);
      const url = `${this._documenturl(idOf(id))}?${pairs.join("&")}`;
      const reply = checkDocumentResult(this._connection.DELETE(url, null, headers));
      return options.silent === true ? true : reply;
    }

    _index(id: Loose): Loose {
      return checkRequestResult(this._connection.GET(this._indexurl(isObject(id) ? id.id : id)));
    }
    _dropIndex(id: Loose): boolean {
      checkRequestResult(this._connection.DELETE(this._indexurl(isObject(id) ? id.id : id)));
      return true;
    }

    _createDatabase(name: Loose, options?: Loose, users?: Loose): boolean {
      // manuals before 3.2 write `[]` where there are no options
      const given = Array.isArray(options) && options.length === 0 ? {} : options ?? {};
      checkRequestResult(this._connection.POST("/_api/database", { name, options: given, users: users ?? [] }));
      return true;
    }
    _dropDatabase(name: Loose): boolean {
      checkRequestResult(this._connection.DELETE(`/_api/database/${encodeURIComponent(String(name))}`));
      return true;
    }
    _databases(): string[] {
      return checkRequestResult(this._connection.GET("/_api/database")).result;
    }
    _useDatabase(name: Loose): boolean {
      const former = this._connection.getDatabaseName();
      if (name === former) return true;
      this._connection.setDatabaseName(name);
      try {
        checkRequestResult(this._connection.GET("/_api/database/current"));
      } catch (error) {
        this._connection.setDatabaseName(former);
        throw error;
      }
      this._flushCache();
      return true;
    }
    _properties(): Loose {
      const { result } = checkRequestResult(this._connection.GET("/_api/database/current"));
      this._current = result;
      return result;
    }
    _name(): string {
      return this._connection.getDatabaseName();
    }
    _id(): string {
      return (this._current ?? this._properties()).id;
    }
    _isSystem(): boolean {
      return (this._current ?? this._properties()).isSystem;
    }
    _path(): string {
      return (this._current ?? this._properties()).path;
    }
    _engine(): Loose {
      return checkRequestResult(this._connection.GET("/_api/engine"));
    }
    _engineStats(): Loose {
      return checkRequestResult(this._connection.GET("/_api/engine/stats"));
    }
    _version(details?: Loose): Loose {
      const reply = checkRequestResult(this._connection.GET(`/_api/version${details ? "?details=true" : ""}`));
      return details ? reply : reply.version;
    }
    _endpoints(): Loose {
      const reply = checkRequestResult(this._connection.GET("/_api/endpoint"));
      return Array.isArray(reply) ? reply : reply.result ?? reply;
    }
    _compact(options?: Loose): Loose {
      const pairs = [`changeLevel=${options?.changeLevel ? "true" : "false"}`];
      pairs.push(`compactBottomMostLevel=${options?.bottomMost ? "true" : "false"}`);
      return checkRequestResult(this._connection.PUT(`/_admin/compact?${pairs.join("&")}`, null));
    }
    _getLicense(): Loose {
      return checkRequestResult(this._connection.GET("/_admin/license"));
    }
    _setLicense(license: Loose, options?: Loose): Loose {
      if (typeof license !== "string") {
        throw make(9006, `License body must be a string. It is however ${typeof license}.`);
      }
      const url = `/_admin/license${options?.force ? "?force=true" : ""}`;
      return checkRequestResult(this._connection.PUT(url, JSON.stringify(license)));
    }

    _query(...args: Loose[]): Loose {
      const { ArangoStatement, queryPayload } = require("@arangodb/arango-statement");
      return new ArangoStatement(this, queryPayload(args)).execute();
    }
    _createStatement(data: Loose): Loose {
      return new (require("@arangodb/arango-statement").ArangoStatement)(this, data);
    }
    _parse(query: Loose): Loose {
      return checkRequestResult(this._connection.POST("/_api/query", { query: query?.query ?? query }));
    }
    _explain(...args: Loose[]): void {
      require("@arangodb/aql/explainer").explain(explainPayload(args));
    }
    _profileQuery(...args: Loose[]): void {
      const data = explainPayload(args);
      data.options = { ...data.options };
      require("@arangodb/aql/explainer").profileQuery(data);
    }

    _executeTransaction(data: Loose): Loose {
      if (!isObject(data) || Array.isArray(data)) throw usage("_executeTransaction(<object>)");
      if (!isObject(data.collections)) throw make(10, "missing/invalid collections definition for transaction");
      const body = { ...data, collections: { ...data.collections } };
      if (typeof data.action === "function") body.action = String(data.action);
      if (typeof body.action !== "string" || body.action === "") {
        throw make(10, "missing/invalid action definition for transaction");
      }
      const name = (value: Loose) => value?.isArangoCollection ? value.name() : value;
      for (const mode of ["read", "write"]) {
        const given = body.collections[mode];
        if (given !== undefined) body.collections[mode] = (Array.isArray(given) ? given : [given]).map(name);
      }
      return checkRequestResult(this._connection.POST("/_api/transaction", body)).result;
    }
    _createTransaction(data: Loose): Loose {
      return new (require("@arangodb/arango-transaction").ArangoTransaction)(this, data);
    }
    _transactions(): Loose {
      return checkRequestResult(this._connection.GET("/_api/transaction")).transactions;
    }

    _views(): Loose[] {
      const { result } = checkRequestResult(this._connection.GET("/_api/view"));
      return result.map((data: Loose) => this._remember(newView(this, data)))
        .sort((left: Loose, right: Loose) => left._name < right._name ? -1 : left._name > right._name ? 1 : 0);
    }
    _view(id: Loose): Loose {
      const name = String(id);
      if (!/^\d+$/.test(name) && this._cached.has(name) && this[name]?.isArangoView) return this[name];
      const reply = this._connection.GET(this._viewurl(name));
      if (reply?.error === true && reply.errorNum === 1203) return null;
      return this._remember(newView(this, checkRequestResult(reply)));
    }
    _createView(name: Loose, type: Loose, properties?: Loose): Loose {
      const body = properties ?? {};
      body.name = name;
      body.type = type;
      return this._remember(newView(this, checkRequestResult(this._connection.POST("/_api/view", body))));
    }
    _dropView(name: Loose, options?: Loose): void {
      const view = this._view(name);
      if (view !== null) view.drop(options);
    }

    _createReplicatedLog(): never {
      throw make(9, "replicated logs are not supported");
    }
    _replicatedLog(): never {
      throw make(9, "replicated logs are not supported");
    }

    _flushCache(): void {
      for (const name of this._cached) delete this[name];
      this._cached.clear();
      this._current = null;
      try {
        this._collections();
      } catch {
        // the next access asks again
      }
    }
    toString(): string {
      return `[object ArangoDatabase "${this._name()}"]`;
    }
    _PRINT(context: Loose): void {
      context.output += this.toString();
    }
    _help(): void {
      require("internal").print(HELP);
    }
  }
  for (const name of ["_remember", "_forget"]) {
    const value = (ArangoDatabase.prototype as Loose)[name];
    Object.defineProperty(ArangoDatabase.prototype, name, { value, configurable: false, enumerable: false });
  }
  enumerable(ArangoDatabase);

  function idOf(id: Loose): Loose {
    if (Array.isArray(id)) throw make(1227);
    return isObject(id) ? id._id : id;
  }
  function matchHeader(id: Loose): Record<string, string> {
    return isObject(id) && id._rev !== undefined ? { "if-match": JSON.stringify(id._rev) } : {};
  }

  function change(db: Loose, method: string, id: Loose, data: Loose, options: Loose, more: string[]): Loose {
    if (Array.isArray(id) || !isObject(data) || Array.isArray(data)) throw make(1227);
    const pairs = parameters(options, ["waitForSync", "skipDocumentValidation", ...more]);
    pairs.push("ignoreRevs=true");
    for (const name of ["returnOld", "returnNew"]) pairs.push(`${name}=${options[name] ? "true" : "false"}`);
    pairs.push(...parameters(options, ["silent", "refillIndexCaches", "versionAttribute"]));
    const headers = options.overwrite ? {} : matchHeader(id);
    const url = `${db._documenturl(idOf(id))}?${pairs.join("&")}`;
    const reply = checkDocumentResult(db._connection[method](url, data, headers));
    return options.silent === true ? true : reply;
  }

  /** `{query, bindVars, options}` of the arguments of `_explain`. */
  function explainPayload(args: Loose[]): Loose {
    const [query, bindVars, options] = args;
    if (isObject(query) && typeof query.toAQL !== "function") {
      return { query: query.query, bindVars: query.bindVars, options: { ...query.options, ...(bindVars ?? {}) } };
    }
    return { query: query?.toAQL ? query.toAQL() : query, bindVars, options: { ...options } };
  }

  const HELP = helpBlock("ArangoDatabase (db) help", [
    ["Administration:", ""],
    ["_help()", "this page"],
    ["_flushCache()", "reads the list of collections again"],
    ["Collections:", ""],
    ["_collections()", "all collections"],
    ["_collection(NAME)", "a collection by its name or id"],
    ["_create(NAME, PROPERTIES)", "creates a collection"],
    ["_createEdgeCollection(NAME)", "creates an edge collection"],
    ["_drop(NAME)", "drops a collection"],
    ["Documents:", ""],
    ["_document(ID)", "gets a document by its id"],
    ["_exists(ID)", "whether there is such a document"],
    ["_replace(ID, DATA)", "overwrites a document"],
    ["_update(ID, DATA)", "changes parts of a document"],
    ["_remove(ID)", "deletes a document"],
    ["Databases:", ""],
    ["_createDatabase(NAME)", "creates a database"],
    ["_dropDatabase(NAME)", "drops a database"],
    ["_useDatabase(NAME)", "switches to a database"],
    ["_databases()", "the names of all databases"],
    ["Queries:", ""],
    ["_query(TEXT)", "runs an AQL query"],
    ["_createStatement(DATA)", "prepares an AQL query"],
    ["_explain(TEXT)", "shows how a query would run"],
    ["Views:", ""],
    ["_views()", "all views"],
    ["_view(NAME)", "a view by its name"],
    ["_createView(NAME, TYPE, PROPERTIES)", "creates a view"],
    ["_dropView(NAME)", "drops a view"],
  ]);

  exports.ArangoDatabase = ArangoDatabase;
}

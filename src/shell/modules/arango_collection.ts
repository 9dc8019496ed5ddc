/**
 * The collection object: what it is, its properties, and the methods that other modules give it.
 *
 * @module
 */

import type { Loose, ModuleScope } from "./scope.ts";

/** The module `@arangodb/arango-collection`. Source: arangosh.md 5.4. */
export function arangoCollection({ exports, require, host }: ModuleScope): void {
  const { make, enumerable } = require("denosh/errors");
  const { checkRequestResult, helpBlock } = require("@arangodb/arangosh");
  const { isValidDocumentKey } = require("denosh/names");
  const { apiUrl, collectionUrl, connectionOf, isObject, requestHeaders, withQuery } = require("denosh/api-requests");

  const STATUS: Record<string, number> = {
    STATUS_CORRUPTED: 0,
    STATUS_NEW_BORN: 1,
    STATUS_UNLOADED: 2,
    STATUS_LOADED: 3,
    STATUS_UNLOADING: 4,
    STATUS_DELETED: 5,
    STATUS_LOADING: 6,
  };
  /** What `properties()` shows, in this order. */
  const SHOWN_PROPERTIES = [
    "globallyUniqueId",
    "isSmart",
    "isSystem",
    "waitForSync",
    "shardKeys",
    "smartGraphAttribute",
    "smartJoinAttribute",
    "numberOfShards",
    "keyOptions",
    "replicationFactor",
    "minReplicationFactor",
    "writeConcern",
    "distributeShardsLike",
    "shardingStrategy",
    "cacheEnabled",
    "computedValues",
    "syncByRevision",
    "schema",
    "isDisjoint",
    "groupId",
    "supportsRBAC",
  ];
  const WRITABLE_PROPERTIES = [
    "waitForSync",
    "replicationFactor",
    "minReplicationFactor",
    "writeConcern",
    "cacheEnabled",
    "computedValues",
    "schema",
  ];
  /** Seconds that the snapshot for the verification of a revision tree is kept if nobody lets go of it. */
  const TREE_BATCH_SECONDS = 600;

  class ArangoCollection {
    [name: string]: Loose;

    constructor(database: Loose, data: Loose) {
      // not enumerable, so that showing a collection does not show its database
      Object.defineProperty(this, "_database", { value: database, writable: true, configurable: true });
      this._dbName = database._name();
      if (typeof data === "string") {
        this._id = null;
        this._name = data;
        this._status = null;
        this._type = null;
      } else if (data !== null && typeof data === "object") {
        this._id = data.id;
        this._name = data.name;
        this._status = data.status ?? null;
        this._type = data.type ?? null;
      }
    }

    name(): string {
      if (this._name === null || this._name === undefined) this.refresh();
      return this._name;
    }
    status(): number {
      if (this._status === null) this.refresh();
      const status = this._status;
      // a load that goes on may have ended meanwhile
      if (status === STATUS.STATUS_UNLOADING) this._status = null;
      return status;
    }
    type(): number {
      if (this._type === null) this.refresh();
      return this._type;
    }
    refresh(): void {
      const which = encodeURIComponent(this._id ?? this._name);
      const reply = checkRequestResult(connectionOf(this).GET(apiUrl(this, `collection/${which}`)));
      this._id = reply.id;
      this._name = reply.name;
      this._status = reply.status;
      this._type = reply.type;
    }

    properties(values?: Loose): Loose {
      let reply;
      if (values === undefined) reply = connectionOf(this).GET(collectionUrl(this, "/properties"));
      else {
        const body: Loose = {};
        for (const name of WRITABLE_PROPERTIES) {
          if (Object.hasOwn(values, name)) body[name] = values[name];
        }
        reply = connectionOf(this).PUT(collectionUrl(this, "/properties"), body);
      }
      checkRequestResult(reply);
      const result: Loose = {};
      for (const name of SHOWN_PROPERTIES) {
        if (reply[name] !== undefined) result[name] = reply[name];
      }
      return result;
    }
    count(details?: Loose): Loose {
      const url = collectionUrl(this, details === true ? "/count?details=true" : "/count");
      return checkRequestResult(connectionOf(this).GET(url)).count;
    }
    figures(details?: Loose): Loose {
      return checkRequestResult(
        connectionOf(this).GET(collectionUrl(this, `/figures?details=${details ? "true" : "false"}`)),
      )
        .figures;
    }
    checksum(withRevisions?: Loose, withData?: Loose): Loose {
      const pairs = [];
      if (withRevisions) pairs.push("withRevisions=true");
      if (withData) pairs.push("withData=true");
      const reply = checkRequestResult(connectionOf(this).GET(withQuery(collectionUrl(this, "/checksum"), pairs)));
      return { checksum: reply.checksum, revision: reply.revision };
    }
    revision(): string {
      return checkRequestResult(connectionOf(this).GET(collectionUrl(this, "/revision"))).revision;
    }
    recalculateCount(): Loose {
      return checkRequestResult(connectionOf(this).PUT(collectionUrl(this, "/recalculateCount"), null)).result;
    }
    compact(): void {
      checkRequestResult(connectionOf(this).PUT(collectionUrl(this, "/compact"), null));
    }
    load(count?: Loose): void {
      const reply = checkRequestResult(connectionOf(this).PUT(collectionUrl(this, "/load"), { count: count ?? true }));
      this._status = reply.status ?? null;
    }
    unload(): void {
      const reply = checkRequestResult(connectionOf(this).PUT(collectionUrl(this, "/unload"), null));
      this._status = reply.status ?? null;
    }
    loadIndexesIntoMemory(): Loose {
      const reply = checkRequestResult(connectionOf(this).PUT(collectionUrl(this, "/loadIndexesIntoMemory"), null));
      return { result: reply.result };
    }
    truncate(options?: Loose): void {
      const given = typeof options === "boolean" ? { waitForSync: options } : options ?? {};
      const pairs = [];
      if (given.waitForSync) pairs.push("waitForSync=true");
      pairs.push(`compact=${given.compact === false ? "false" : "true"}`);
      const url = withQuery(collectionUrl(this, "/truncate"), pairs);
      checkRequestResult(connectionOf(this).PUT(url, null, requestHeaders(given)));
      this._status = null;
    }
    drop(options?: Loose): void {
      const pairs = options?.isSystem ? ["isSystem=true"] : [];
      const name = this._name;
      const reply = connectionOf(this).DELETE(withQuery(collectionUrl(this), pairs));
      // somebody else may have dropped it
      if (reply?.error !== true || reply.errorNum !== 1203) checkRequestResult(reply);
      this._status = STATUS.STATUS_DELETED;
      this._database._forget(name);
    }
    rename(name: Loose): void {
      const former = this._name;
      checkRequestResult(connectionOf(this).PUT(collectionUrl(this, "/rename"), { name }));
      this._database._forget(former);
      this._name = name;
      this._database._remember(this);
      this._status = null;
    }
    shards(details?: Loose): Loose {
      return checkRequestResult(
        connectionOf(this).GET(collectionUrl(this, `/shards?details=${details ? "true" : "false"}`)),
      )
        .shards;
    }
    getResponsibleShard(document: Loose): Loose {
      const body = isObject(document) ? document : { _key: String(document) };
      return checkRequestResult(connectionOf(this).PUT(collectionUrl(this, "/responsibleShard"), body)).shardId;
    }
    documentId(key: Loose): string {
      if (!isValidDocumentKey(key)) throw make(1221);
      return `${this.name()}/${key}`;
    }
    toArray(): Loose[] {
      return this.all().toArray();
    }
    _revisionTreeVerification(): Loose {
      const batch = checkRequestResult(
        connectionOf(this).POST(apiUrl(this, "replication/batch"), { ttl: TREE_BATCH_SECONDS }),
      );
      try {
        return checkRequestResult(connectionOf(this).GET(this.#treeUrl(`verification=true&batchId=${batch.id}&`)));
      } finally {
        connectionOf(this).DELETE(apiUrl(this, `replication/batch/${batch.id}`));
      }
    }
    _revisionTreeRebuild(): Loose {
      return checkRequestResult(connectionOf(this).POST(this.#treeUrl(""), null));
    }
    _revisionTreePendingUpdates(): Loose {
      const name = encodeURIComponent(this.name());
      return checkRequestResult(
        connectionOf(this).GET(apiUrl(this, `replication/revisions/pending?collection=${name}`)),
      );
    }
    _CollectionRevisionTreeCorrupt(_count: Loose, _hash: Loose): never {
      throw make(9, "damaging a revision tree on purpose is not supported");
    }
    #treeUrl(query: string): string {
      return apiUrl(this, `replication/revisions/tree?${query}collection=${encodeURIComponent(this.name())}`);
    }

    toString(): string {
      return `[ArangoCollection: ${this._id}]`;
    }
    _PRINT(context: Loose): void {
      let status = "unknown";
      let type = "unknown";
      let name = this._name;
      try {
        const code = this.status();
        if (code === STATUS.STATUS_LOADED) status = "loaded";
        else if (code === STATUS.STATUS_CORRUPTED) status = "corrupted";
        else if (code === STATUS.STATUS_DELETED) status = "deleted";
        const kind = this.type();
        type = kind === 2 ? "document" : kind === 3 ? "edge" : "unknown";
        name = this.name();
      } catch (error) {
        // the collection may be gone; that it prints at all matters more
        host.log("DEBUG", `cannot refresh collection ${this._id}: ${error}`);
      }
      context.output += `[ArangoCollection ${this._id}, "${name ?? "unknown"}" (type ${type}, status ${status})]`;
    }
    _help(): void {
      require("internal").print(HELP);
    }
  }
  const prototype: Loose = ArangoCollection.prototype;
  for (const part of ["documents", "queries", "indexes"]) {
    Object.assign(prototype, require(`denosh/collection/${part}`));
  }
  prototype.save = prototype.insert;
  prototype.isArangoCollection = true;
  Object.assign(ArangoCollection, STATUS, { TYPE_DOCUMENT: 2, TYPE_EDGE: 3 });
  enumerable(ArangoCollection);

  const HELP = helpBlock("ArangoCollection help", [
    ["Administration:", ""],
    ["name()", "the collection's name"],
    ["properties([DATA])", "shows or changes properties"],
    ["drop()", "drops the collection and its data"],
    ["truncate()", "removes all documents"],
    ["rename(NAME)", "renames the collection"],
    ["ensureIndex(DATA)", "creates an index"],
    ["indexes()", "describes all indexes"],
    ["dropIndex(ID)", "drops an index"],
    ["Documents:", ""],
    ["count()", "the number of documents"],
    ["insert(DATA)", "creates a document and returns its id"],
    ["document(ID)", "gets a document"],
    ["exists(ID)", "whether there is such a document"],
    ["replace(ID, DATA)", "overwrites a document"],
    ["update(ID, DATA)", "changes parts of a document"],
    ["remove(ID)", "deletes a document"],
    ["toArray()", "all documents as an array"],
    ["any()", "some document"],
    ["byExample(EXAMPLE)", "documents that look like an example"],
  ]);

  exports.ArangoCollection = ArangoCollection;
}

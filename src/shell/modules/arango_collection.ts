/**
 * The collection object.
 *
 * @module
 */

import type { Loose, ModuleScope } from "./scope.ts";

/** The module `@arangodb/arango-collection`. Source: arangosh.md 5.4 to 5.6, 5.8. */
export function arangoCollection({ exports, require, host }: ModuleScope): void {
  const { make, enumerable } = require("denosh/errors");
  const { checkRequestResult, checkDocumentResult, helpBlock } = require("@arangodb/arangosh");
  const { isValidDocumentKey, splitId } = require("denosh/names");

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
  const INSERT_PARAMETERS = [
    "waitForSync",
    "skipDocumentValidation",
    "returnNew",
    "returnOld",
    "silent",
    "overwrite",
    "isRestore",
    "overwriteMode",
  ];
  /** Seconds that the snapshot for the verification of a revision tree is kept if nobody lets go of it. */
  const TREE_BATCH_SECONDS = 600;
  const LATE_PARAMETERS = ["refillIndexCaches", "versionAttribute"];

  /** `name=value` pairs of the options that are set. */
  function parameters(options: Loose, names: string[]): string[] {
    return names.filter((name) => options[name] !== undefined && options[name] !== null)
      .map((name) => `${name}=${encodeURIComponent(String(options[name]))}`);
  }

  function withQuery(url: string, pairs: string[]): string {
    return pairs.length === 0 ? url : `${url}?${pairs.join("&")}`;
  }

  function requestHeaders(options: Loose, revision?: string): Record<string, string> {
    const headers: Record<string, string> = {};
    if (revision !== undefined) headers["if-match"] = JSON.stringify(revision);
    if (options?.transactionId) headers["x-arango-trx-id"] = String(options.transactionId);
    if (options?.allowDirtyReads) headers["x-arango-allow-dirty-read"] = "true";
    return headers;
  }

  function isObject(value: Loose): boolean {
    return typeof value === "object" && value !== null;
  }

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

    /** The path of this collection, in the database that it was made for. */
    #url(suffix = ""): string {
      return `/_db/${encodeURIComponent(this._dbName)}/_api/collection/${encodeURIComponent(this.name())}${suffix}`;
    }
    #documentUrl(key?: string): string {
      const base = `/_db/${encodeURIComponent(this._dbName)}/_api/document/${encodeURIComponent(this.name())}`;
      return key === undefined ? base : `${base}/${encodeURIComponent(key)}`;
    }
    #api(path: string): string {
      return `/_db/${encodeURIComponent(this._dbName)}/_api/${path}`;
    }
    get #connection(): Loose {
      return this._database._connection;
    }

    /** Key and revision of what identifies a document. */
    #handle(id: Loose): { key: string; rev: string | undefined } {
      let text = id;
      let rev: string | undefined;
      if (isObject(id) && !Array.isArray(id)) {
        text = id._id ?? id._key;
        rev = id._rev;
      }
      if (typeof text === "number") text = String(text);
      if (typeof text !== "string") throw make(1205);
      if (!text.includes("/") && isValidDocumentKey(text)) return { key: text, rev };
      const [collection, key] = splitId(text);
      if (collection !== this.name() && collection !== this._id) throw make(1213);
      return { key, rev };
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
      const reply = checkRequestResult(this.#connection.GET(this.#api(`collection/${which}`)));
      this._id = reply.id;
      this._name = reply.name;
      this._status = reply.status;
      this._type = reply.type;
    }

    properties(values?: Loose): Loose {
      let reply;
      if (values === undefined) reply = this.#connection.GET(this.#url("/properties"));
      else {
        const body: Loose = {};
        for (const name of WRITABLE_PROPERTIES) {
          if (Object.hasOwn(values, name)) body[name] = values[name];
        }
        reply = this.#connection.PUT(this.#url("/properties"), body);
      }
      checkRequestResult(reply);
      const result: Loose = {};
      for (const name of SHOWN_PROPERTIES) {
        if (reply[name] !== undefined) result[name] = reply[name];
      }
      return result;
    }
    count(details?: Loose): Loose {
      const url = this.#url(details === true ? "/count?details=true" : "/count");
      return checkRequestResult(this.#connection.GET(url)).count;
    }
    figures(details?: Loose): Loose {
      return checkRequestResult(this.#connection.GET(this.#url(`/figures?details=${details ? "true" : "false"}`)))
        .figures;
    }
    checksum(withRevisions?: Loose, withData?: Loose): Loose {
      const pairs = [];
      if (withRevisions) pairs.push("withRevisions=true");
      if (withData) pairs.push("withData=true");
      const reply = checkRequestResult(this.#connection.GET(withQuery(this.#url("/checksum"), pairs)));
      return { checksum: reply.checksum, revision: reply.revision };
    }
    revision(): string {
      return checkRequestResult(this.#connection.GET(this.#url("/revision"))).revision;
    }
    recalculateCount(): Loose {
      return checkRequestResult(this.#connection.PUT(this.#url("/recalculateCount"), null)).result;
    }
    compact(): void {
      checkRequestResult(this.#connection.PUT(this.#url("/compact"), null));
    }
    load(count?: Loose): void {
      const reply = checkRequestResult(this.#connection.PUT(this.#url("/load"), { count: count ?? true }));
      this._status = reply.status ?? null;
    }
    unload(): void {
      const reply = checkRequestResult(this.#connection.PUT(this.#url("/unload"), null));
      this._status = reply.status ?? null;
    }
    loadIndexesIntoMemory(): Loose {
      const reply = checkRequestResult(this.#connection.PUT(this.#url("/loadIndexesIntoMemory"), null));
      return { result: reply.result };
    }
    truncate(options?: Loose): void {
      const given = typeof options === "boolean" ? { waitForSync: options } : options ?? {};
      const pairs = [];
      if (given.waitForSync) pairs.push("waitForSync=true");
      pairs.push(`compact=${given.compact === false ? "false" : "true"}`);
      const url = withQuery(this.#url("/truncate"), pairs);
      checkRequestResult(this.#connection.PUT(url, null, requestHeaders(given)));
      this._status = null;
    }
    drop(options?: Loose): void {
      const pairs = options?.isSystem ? ["isSystem=true"] : [];
      const name = this._name;
      const reply = this.#connection.DELETE(withQuery(this.#url(), pairs));
      // somebody else may have dropped it
      if (reply?.error !== true || reply.errorNum !== 1203) checkRequestResult(reply);
      this._status = STATUS.STATUS_DELETED;
      this._database._forget(name);
    }
    rename(name: Loose): void {
      const former = this._name;
      checkRequestResult(this.#connection.PUT(this.#url("/rename"), { name }));
      this._database._forget(former);
      this._name = name;
      this._database._remember(this);
      this._status = null;
    }
    shards(details?: Loose): Loose {
      return checkRequestResult(this.#connection.GET(this.#url(`/shards?details=${details ? "true" : "false"}`)))
        .shards;
    }
    getResponsibleShard(document: Loose): Loose {
      const body = isObject(document) ? document : { _key: String(document) };
      return checkRequestResult(this.#connection.PUT(this.#url("/responsibleShard"), body)).shardId;
    }
    documentId(key: Loose): string {
      if (!isValidDocumentKey(key)) throw make(1221);
      return `${this.name()}/${key}`;
    }
    toArray(): Loose[] {
      return this.all().toArray();
    }

    document(id: Loose, options?: Loose): Loose {
      if (Array.isArray(id)) {
        const url = `${this.#documentUrl()}?onlyget=true&ignoreRevs=false`;
        return checkRequestResult(this.#connection.PUT(url, id, requestHeaders(options)));
      }
      const { key, rev } = this.#handle(id);
      return checkDocumentResult(this.#connection.GET(this.#documentUrl(key), requestHeaders(options, rev)));
    }
    exists(id: Loose, options?: Loose): Loose {
      const { key, rev } = this.#handle(id);
      const reply = this.#connection.GET(this.#documentUrl(key), requestHeaders(options, rev));
      if (reply?.error === true && (reply.code === 404 || reply.errorNum === 1202)) return false;
      const document = checkDocumentResult(reply);
      return { _id: document._id, _key: document._key, _rev: document._rev };
    }

    insert(...args: Loose[]): Loose {
      let [data, options] = args;
      if (this.type() === 3 && args.length >= 3) {
        const [from, to, edge, edgeOptions] = args;
        if (!isObject(edge) || Array.isArray(edge)) throw make(1227);
        edge._from = isObject(from) && from._id !== undefined ? from._id : from;
        edge._to = isObject(to) && to._id !== undefined ? to._id : to;
        data = edge;
        options = edgeOptions;
      }
      if (!isObject(data)) throw make(1227);
      if (typeof options === "boolean") options = { waitForSync: options };
      options ??= {};
      const pairs = parameters(options, INSERT_PARAMETERS);
      if (options.overwriteMode) pairs.push(...parameters(options, ["keepNull", "mergeObjects"]));
      pairs.push(...parameters(options, LATE_PARAMETERS));
      const reply = this.#connection.POST(
        withQuery(this.#documentUrl(), pairs),
        data,
        requestHeaders(options),
      );
      checkDocumentResult(reply);
      return options.silent === true ? true : reply;
    }

    /** Writes what identifies documents into the documents that replace or update them. */
    #pair(ids: Loose[], documents: Loose): Loose[] {
      if (!Array.isArray(documents) || documents.length !== ids.length) throw make(1227);
      ids.forEach((id, index) => {
        const document = documents[index];
        if (!isObject(document)) throw make(1227);
        if (isObject(id)) {
          for (const name of ["_id", "_key", "_rev"]) {
            if (id[name] !== undefined) document[name] = id[name];
          }
        } else document._key = this.#handle(id).key;
      });
      return documents;
    }

    #change(method: string, id: Loose, data: Loose, options: Loose, pairs: string[]): Loose {
      const many = Array.isArray(id);
      const ignore = options.ignoreRevs ?? (many ? options.overwrite === true : true);
      pairs.push(`ignoreRevs=${ignore ? "true" : "false"}`);
      const early = method === "PUT" ? ["waitForSync", "skipDocumentValidation"] : ["waitForSync"];
      pairs.push(...parameters(options, [...early, "returnOld", "returnNew", "silent", ...LATE_PARAMETERS]));
      let url;
      let body = data;
      let revision: string | undefined;
      if (many) {
        body = this.#pair(id, data);
        url = this.#documentUrl();
      } else {
        const { key, rev } = this.#handle(id);
        if (!isObject(data) || Array.isArray(data)) throw make(1227);
        if (!options.overwrite) revision = rev;
        url = this.#documentUrl(key);
      }
      const reply = this.#connection[method](withQuery(url, pairs), body, requestHeaders(options, revision));
      checkDocumentResult(reply);
      return options.silent === true ? true : reply;
    }

    replace(id: Loose, data: Loose, overwrite?: Loose, waitForSync?: Loose): Loose {
      let options: Loose;
      if (isObject(overwrite)) {
        if (waitForSync !== undefined) throw "too many arguments";
        options = overwrite;
      } else {
        options = {};
        if (overwrite) options.overwrite = true;
        if (waitForSync !== undefined) options.waitForSync = waitForSync;
      }
      return this.#change("PUT", id, data, options, []);
    }

    update(id: Loose, data: Loose, overwrite?: Loose, keepNull?: Loose, waitForSync?: Loose): Loose {
      let options: Loose;
      const pairs: string[] = [];
      if (isObject(overwrite)) {
        if (keepNull !== undefined) throw "too many arguments";
        options = overwrite;
        options.keepNull ??= true;
        options.mergeObjects ??= true;
        pairs.push(`skipDocumentValidation=${options.skipDocumentValidation ? "true" : "false"}`);
        pairs.push(`keepNull=${options.keepNull ? "true" : "false"}`);
        pairs.push(`mergeObjects=${options.mergeObjects ? "true" : "false"}`);
      } else {
        options = {};
        if (overwrite) options.overwrite = true;
        pairs.push(`keepNull=${keepNull === undefined || keepNull ? "true" : "false"}`);
        if (waitForSync !== undefined) options.waitForSync = waitForSync;
      }
      return this.#change("PATCH", id, data, options, pairs);
    }

    remove(id: Loose, overwrite?: Loose, waitForSync?: Loose): Loose {
      let options: Loose;
      if (isObject(overwrite)) {
        if (waitForSync !== undefined) throw "too many arguments";
        options = overwrite;
      } else {
        options = {};
        if (overwrite) options.overwrite = true;
        if (waitForSync !== undefined) options.waitForSync = waitForSync;
      }
      const many = Array.isArray(id);
      const ignore = options.ignoreRevs ?? (many ? options.overwrite === true : true);
      const pairs = [`ignoreRevs=${ignore ? "true" : "false"}`];
      pairs.push(...parameters(options, ["returnOld", "silent", "refillIndexCaches"]));
      let reply;
      if (many) {
        const url = withQuery(this.#documentUrl(), pairs);
        reply = this.#connection.DELETE(url, id, requestHeaders(options));
      } else {
        const { key, rev } = this.#handle(id);
        const headers = requestHeaders(options, options.overwrite ? undefined : rev);
        reply = this.#connection.DELETE(withQuery(this.#documentUrl(key), pairs), null, headers);
      }
      checkDocumentResult(reply);
      return options.silent === true ? true : reply;
    }

    all(): Loose {
      return new (require("@arangodb/simple-query").SimpleQueryAll)(this);
    }
    any(): Loose {
      return this.#simple("any", {}, () => this.#first("SORT RAND() LIMIT 1 RETURN d", {}), "document");
    }
    byExample(...args: Loose[]): Loose {
      return new (require("@arangodb/simple-query").SimpleQueryByExample)(this, exampleOf(args));
    }
    firstExample(...args: Loose[]): Loose {
      const example = exampleOf(args);
      return this.#simple("first-example", { example }, () => {
        const bindVars = {};
        return this.#first(`${this.#filter(example, bindVars)} LIMIT 1 RETURN d`, bindVars);
      }, "document");
    }
    removeByExample(example: Loose, waitForSync?: Loose, limit?: Loose): Loose {
      const options = byExampleOptions(waitForSync, limit, ["waitForSync", "limit"]);
      return this.#simple(
        "remove-by-example",
        { example, ...options },
        () => this.#changed(example, options, "REMOVE d IN @@c"),
        "deleted",
      );
    }
    replaceByExample(example: Loose, newValue: Loose, waitForSync?: Loose, limit?: Loose): Loose {
      const options = byExampleOptions(waitForSync, limit, ["waitForSync", "limit"]);
      return this.#simple(
        "replace-by-example",
        { example, newValue, ...options },
        () => this.#changed(example, options, "REPLACE d WITH @newValue IN @@c", { newValue }),
        "replaced",
      );
    }
    updateByExample(example: Loose, newValue: Loose, keepNull?: Loose, waitForSync?: Loose, limit?: Loose): Loose {
      let options: Loose;
      if (isObject(keepNull)) {
        if (waitForSync !== undefined) throw "too many parameters";
        options = { ...keepNull };
      } else {
        options = byExampleOptions(waitForSync, limit, ["waitForSync", "limit"]);
        if (keepNull !== undefined) options.keepNull = keepNull;
      }
      return this.#simple("update-by-example", { example, newValue, ...options }, () => {
        const { keepNull: keep = true, mergeObjects = true } = options;
        const text = "UPDATE d WITH @newValue IN @@c OPTIONS {keepNull: @keep, mergeObjects: @mergeObjects}";
        return this.#changed(example, options, text, { newValue, keep, mergeObjects });
      }, "updated");
    }

    /** One simple query, or on a server that has none the same in AQL. `null` when nothing is found. */
    #simple(path: string, body: Loose, instead: () => Loose, member: string): Loose {
      const reply = this.#connection.PUT(this.#api(`simple/${path}`), { collection: this.name(), ...body });
      if (reply?.error === true && reply.errorNum === 404) {
        // "no match" and "no such endpoint" have the same number
        return /^unknown path|^not found$/.test(reply.errorMessage) ? instead() : null;
      }
      return checkRequestResult(reply)[member];
    }
    #first(text: string, bindVars: Loose): Loose {
      const rows = this._database._query(`FOR d IN @@c ${text}`, { "@c": this.name(), ...bindVars }).toArray();
      return rows.length > 0 ? rows[0] : null;
    }
    #changed(example: Loose, options: Loose, text: string, more: Loose = {}): Loose {
      const bindVars: Loose = { "@c": this.name(), ...more };
      const filter = this.#filter(example, bindVars);
      const limit = options.limit > 0 ? `LIMIT ${Number(options.limit)}` : "";
      const cursor = this._database._query(`FOR d IN @@c ${filter} ${limit} ${text}`, bindVars);
      return cursor.getExtra().stats.writesExecuted;
    }
    #filter(example: Loose, bindVars: Loose): string {
      return require("@arangodb/simple-query").filterOf(example, bindVars);
    }

    lookupByKeys(keys: Loose): Loose {
      const reply = this.#connection.PUT(this.#api("simple/lookup-by-keys"), { collection: this.name(), keys });
      return { documents: checkRequestResult(reply).documents };
    }
    documents(keys: Loose): Loose {
      return this.lookupByKeys(keys);
    }
    removeByKeys(keys: Loose): Loose {
      const reply = this.#connection.PUT(this.#api("simple/remove-by-keys"), { collection: this.name(), keys });
      checkRequestResult(reply);
      return { removed: reply.removed, ignored: reply.ignored };
    }
    range(attribute: Loose, left: Loose, right: Loose): Loose {
      return new (require("@arangodb/simple-query").SimpleQueryRange)(this, attribute, left, right, 0);
    }
    closedRange(attribute: Loose, left: Loose, right: Loose): Loose {
      return new (require("@arangodb/simple-query").SimpleQueryRange)(this, attribute, left, right, 1);
    }
    geo(location: Loose, order?: Loose): Loose {
      let index: Loose;
      if (isObject(location)) index = this.index(location);
      else {
        const geoJson = typeof order === "boolean" ? order : false;
        const fields = typeof order === "string" ? [location, order] : [location];
        index = this.indexes().find((candidate: Loose) =>
          candidate.type === "geo" && JSON.stringify(candidate.fields) === JSON.stringify(fields) &&
          (fields.length === 2 || candidate.geoJson === geoJson)
        );
      }
      if (index === undefined) {
        throw make(1570, `no suitable geo index found for geo restriction on '${this.name()}'`);
      }
      return new (require("@arangodb/simple-query").SimpleQueryGeo)(this, index.id);
    }
    near(latitude: Loose, longitude: Loose): Loose {
      return new (require("@arangodb/simple-query").SimpleQueryNear)(this, latitude, longitude);
    }
    within(latitude: Loose, longitude: Loose, radius: Loose): Loose {
      return new (require("@arangodb/simple-query").SimpleQueryWithin)(this, latitude, longitude, radius);
    }
    withinRectangle(latitude1: Loose, longitude1: Loose, latitude2: Loose, longitude2: Loose): Loose {
      const { SimpleQueryWithinRectangle } = require("@arangodb/simple-query");
      return new SimpleQueryWithinRectangle(this, latitude1, longitude1, latitude2, longitude2);
    }
    fulltext(attribute: Loose, query: Loose, index?: Loose): Loose {
      return new (require("@arangodb/simple-query").SimpleQueryFulltext)(this, attribute, query, index);
    }
    iterate(visit: Loose, options?: Loose): void {
      const probability = options?.probability ?? 1;
      const limit = options?.limit ?? null;
      if (typeof probability !== "number" || probability <= 0 || probability > 1) {
        throw make(5, "expecting a number between 0 and 1 for <probability>");
      }
      let documents;
      if (probability === 1) {
        documents = this.all();
        if (limit !== null) documents = documents.limit(limit);
      } else {
        const tail = limit === null ? "" : "LIMIT @limit ";
        documents = this._database._query(`FOR d IN @@c FILTER rand() <= @probability ${tail}RETURN d`, {
          "@c": this.name(),
          probability,
          ...(limit === null ? {} : { limit }),
        });
      }
      for (let index = 0; documents.hasNext(); index++) visit(documents.next(), index);
    }

    #edges(vertex: Loose, direction?: string): Loose {
      const one = (each: Loose) => isObject(each) ? each._id : each;
      const ids = Array.isArray(vertex) ? vertex.map(one) : [one(vertex)];
      const query = direction === undefined ? "" : `?direction=${direction}`;
      const url = this.#api(`edges/${encodeURIComponent(this.name())}${query}`);
      return checkRequestResult(this.#connection.POST(url, ids)).edges;
    }
    edges(vertex: Loose): Loose {
      return this.#edges(vertex);
    }
    inEdges(vertex: Loose): Loose {
      return this.#edges(vertex, "in");
    }
    outEdges(vertex: Loose): Loose {
      return this.#edges(vertex, "out");
    }

    indexes(withStats?: Loose, withHidden?: Loose): Loose {
      const pairs = [`collection=${encodeURIComponent(this.name())}`, `withStats=${withStats ? "true" : "false"}`];
      if (withHidden) pairs.push("withHidden=true");
      return checkRequestResult(this.#connection.GET(withQuery(this.#api("index"), pairs))).indexes;
    }
    getIndexes(withStats?: Loose, withHidden?: Loose): Loose {
      return this.indexes(withStats, withHidden);
    }
    #indexUrl(id: Loose): string {
      let text = isObject(id) ? id.id ?? id.name : id;
      if (typeof text === "number") text = String(text);
      if (typeof text !== "string" || text === "") throw make(1214);
      if (!text.includes("/")) text = `${this.name()}/${text}`;
      return `/_db/${encodeURIComponent(this._dbName)}${this._database._indexurl(text, this.name())}`;
    }
    index(id: Loose): Loose {
      return checkRequestResult(this.#connection.GET(this.#indexUrl(id)));
    }
    ensureIndex(definition: Loose): Loose {
      if (!isObject(definition) || Array.isArray(definition)) throw "usage: ensureIndex(<description>)";
      const url = this.#api(`index?collection=${encodeURIComponent(this.name())}`);
      return checkRequestResult(this.#connection.POST(url, definition));
    }
    dropIndex(id: Loose): boolean {
      const reply = this.#connection.DELETE(this.#indexUrl(id));
      checkRequestResult(reply);
      return true;
    }
    #oldIndex(type: string, unique: boolean, args: Loose[], extra: Loose = {}): Loose {
      const fields = args.filter((arg) => typeof arg === "string");
      const options = args.find((arg) => isObject(arg)) ?? {};
      return this.ensureIndex({ type, unique, fields, ...extra, ...options });
    }
    ensureHashIndex(...args: Loose[]): Loose {
      return this.#oldIndex("hash", false, args);
    }
    ensureUniqueConstraint(...args: Loose[]): Loose {
      return this.#oldIndex("hash", true, args);
    }
    ensureSkiplist(...args: Loose[]): Loose {
      return this.#oldIndex("skiplist", false, args);
    }
    ensureUniqueSkiplist(...args: Loose[]): Loose {
      return this.#oldIndex("skiplist", true, args);
    }
    ensureFulltextIndex(field: Loose, minLength?: Loose): Loose {
      return this.ensureIndex({
        type: "fulltext",
        fields: Array.isArray(field) ? field : [field],
        ...(minLength === undefined ? {} : { minLength }),
      });
    }
    ensureGeoIndex(latitude: Loose, longitude?: Loose): Loose {
      if (typeof longitude === "string") return this.ensureIndex({ type: "geo", fields: [latitude, longitude] });
      return this.ensureIndex({ type: "geo", fields: [latitude], geoJson: longitude === true });
    }
    ensureGeoConstraint(latitude: Loose, longitude?: Loose): Loose {
      return this.ensureGeoIndex(latitude, longitude);
    }
    ensureVertexCentricIndex(...args: Loose[]): Loose {
      const fields = args.filter((arg) => typeof arg === "string");
      const { direction, ...options } = args.find((arg) => isObject(arg)) ?? {};
      const first: Record<string, string> = { inbound: "_to", outbound: "_from" };
      if (first[direction] === undefined) throw make(10, "direction must be 'inbound' or 'outbound'");
      return this.ensureIndex({ type: "persistent", ...options, fields: [first[direction], ...fields] });
    }

    _revisionTreeVerification(): Loose {
      const batch = checkRequestResult(
        this.#connection.POST(this.#api("replication/batch"), { ttl: TREE_BATCH_SECONDS }),
      );
      try {
        return checkRequestResult(this.#connection.GET(this.#treeUrl(`verification=true&batchId=${batch.id}&`)));
      } finally {
        this.#connection.DELETE(this.#api(`replication/batch/${batch.id}`));
      }
    }
    _revisionTreeRebuild(): Loose {
      return checkRequestResult(this.#connection.POST(this.#treeUrl(""), null));
    }
    _revisionTreePendingUpdates(): Loose {
      const name = encodeURIComponent(this.name());
      return checkRequestResult(this.#connection.GET(this.#api(`replication/revisions/pending?collection=${name}`)));
    }
    _CollectionRevisionTreeCorrupt(_count: Loose, _hash: Loose): never {
      throw make(9, "damaging a revision tree on purpose is not supported");
    }
    #treeUrl(query: string): string {
      return this.#api(`replication/revisions/tree?${query}collection=${encodeURIComponent(this.name())}`);
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
  prototype.save = prototype.insert;
  prototype.isArangoCollection = true;
  Object.assign(ArangoCollection, STATUS, { TYPE_DOCUMENT: 2, TYPE_EDGE: 3 });
  enumerable(ArangoCollection);

  function exampleOf(args: Loose[]): Loose {
    if (args.length === 0) return {};
    if (args.length === 1) return args[0];
    const example: Loose = {};
    for (let index = 0; index < args.length; index += 2) example[args[index]] = args[index + 1];
    return example;
  }

  function byExampleOptions(first: Loose, second: Loose, names: string[]): Loose {
    if (isObject(first)) {
      if (second !== undefined) throw "too many parameters";
      return { ...first };
    }
    const options: Loose = {};
    if (first !== undefined) options[names[0]!] = first;
    if (second !== undefined && second !== null) options[names[1]!] = second;
    return options;
  }

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

/**
 * Documents of a collection: reading, writing, edges.
 *
 * @module
 */

import type { Loose, ModuleScope } from "./scope.ts";

/** The module `denosh/collection/documents`: methods of collections. Source: arangosh.md 5.5. */
export function collectionDocuments({ exports, require }: ModuleScope): void {
  const { make } = require("denosh/errors");
  const { checkRequestResult, checkDocumentResult } = require("@arangodb/arangosh");
  const { isValidDocumentKey, splitId } = require("denosh/names");
  const { apiUrl, changeOptions, connectionOf, documentUrl, isObject, parameters, requestHeaders, withQuery } = require(
    "denosh/api-requests",
  );

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
  const LATE_PARAMETERS = ["refillIndexCaches", "versionAttribute"];

  /** Key and revision of what identifies a document. */
  function handle(collection: Loose, id: Loose): { key: string; rev: string | undefined } {
    let text = id;
    let rev: string | undefined;
    if (isObject(id) && !Array.isArray(id)) {
      text = id._id ?? id._key;
      rev = id._rev;
    }
    if (typeof text === "number") text = String(text);
    if (typeof text !== "string") throw make(1205);
    if (!text.includes("/") && isValidDocumentKey(text)) return { key: text, rev };
    const [name, key] = splitId(text);
    if (name !== collection.name() && name !== collection._id) throw make(1213);
    return { key, rev };
  }

  /** Whether revisions are ignored: arrays of documents are checked unless told otherwise. */
  function ignoresRevisions(id: Loose, options: Loose): boolean {
    return Boolean(options.ignoreRevs ?? (!Array.isArray(id) || options.overwrite));
  }

  /** Writes what identifies documents into the documents that replace or update them. */
  function identified(collection: Loose, ids: Loose[], documents: Loose): Loose[] {
    if (!Array.isArray(documents) || documents.length !== ids.length) throw make(1227);
    ids.forEach((id, index) => {
      const document = documents[index];
      if (!isObject(document)) throw make(1227);
      if (isObject(id)) {
        for (const name of ["_id", "_key", "_rev"]) {
          if (id[name] !== undefined) document[name] = id[name];
        }
      } else document._key = handle(collection, id).key;
    });
    return documents;
  }

  /** Replaces or updates one document or many. */
  function change(collection: Loose, method: string, id: Loose, data: Loose, options: Loose, pairs: string[]): Loose {
    pairs.push(`ignoreRevs=${ignoresRevisions(id, options)}`);
    const early = method === "PUT" ? ["waitForSync", "skipDocumentValidation"] : ["waitForSync"];
    pairs.push(...parameters(options, [...early, "returnOld", "returnNew", "silent", ...LATE_PARAMETERS]));
    let url;
    let body = data;
    let revision: string | undefined;
    if (Array.isArray(id)) {
      body = identified(collection, id, data);
      url = documentUrl(collection);
    } else {
      const { key, rev } = handle(collection, id);
      if (!isObject(data) || Array.isArray(data)) throw make(1227);
      if (!options.overwrite) revision = rev;
      url = documentUrl(collection, key);
    }
    const reply = connectionOf(collection)[method](withQuery(url, pairs), body, requestHeaders(options, revision));
    checkDocumentResult(reply);
    return options.silent === true ? true : reply;
  }

  function edgesOf(collection: Loose, vertex: Loose, direction?: string): Loose {
    const one = (each: Loose) => isObject(each) ? each._id : each;
    const ids = Array.isArray(vertex) ? vertex.map(one) : [one(vertex)];
    const query = direction === undefined ? "" : `?direction=${direction}`;
    const url = apiUrl(collection, `edges/${encodeURIComponent(collection.name())}${query}`);
    return checkRequestResult(connectionOf(collection).POST(url, ids)).edges;
  }

  Object.assign(exports, {
    document(this: Loose, id: Loose, options?: Loose): Loose {
      if (Array.isArray(id)) {
        const url = `${documentUrl(this)}?onlyget=true&ignoreRevs=false`;
        return checkRequestResult(connectionOf(this).PUT(url, id, requestHeaders(options)));
      }
      const { key, rev } = handle(this, id);
      return checkDocumentResult(connectionOf(this).GET(documentUrl(this, key), requestHeaders(options, rev)));
    },
    exists(this: Loose, id: Loose, options?: Loose): Loose {
      const { key, rev } = handle(this, id);
      const reply = connectionOf(this).GET(documentUrl(this, key), requestHeaders(options, rev));
      if (reply?.error === true && (reply.code === 404 || reply.errorNum === 1202)) return false;
      const document = checkDocumentResult(reply);
      return { _id: document._id, _key: document._key, _rev: document._rev };
    },
    insert(this: Loose, ...args: Loose[]): Loose {
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
      const reply = connectionOf(this).POST(withQuery(documentUrl(this), pairs), data, requestHeaders(options));
      checkDocumentResult(reply);
      return options.silent === true ? true : reply;
    },
    replace(this: Loose, id: Loose, data: Loose, overwrite?: Loose, waitForSync?: Loose): Loose {
      const options = changeOptions([overwrite, waitForSync], ["overwrite", "waitForSync"]);
      return change(this, "PUT", id, data, options, []);
    },
    update(this: Loose, id: Loose, data: Loose, overwrite?: Loose, keepNull?: Loose, waitForSync?: Loose): Loose {
      const names = ["overwrite", "keepNull", "waitForSync"];
      const options = changeOptions([overwrite, keepNull, waitForSync], names);
      if (keepNull === undefined) options.keepNull ??= true;
      if (isObject(overwrite)) options.mergeObjects ??= true;
      // arangosh tells the two others only with named options
      const flags = isObject(overwrite) ? ["skipDocumentValidation", "keepNull", "mergeObjects"] : ["keepNull"];
      const pairs = flags.map((name) => `${name}=${Boolean(options[name])}`);
      return change(this, "PATCH", id, data, options, pairs);
    },
    remove(this: Loose, id: Loose, overwrite?: Loose, waitForSync?: Loose): Loose {
      const options = changeOptions([overwrite, waitForSync], ["overwrite", "waitForSync"]);
      const pairs = [`ignoreRevs=${ignoresRevisions(id, options)}`];
      pairs.push(...parameters(options, ["returnOld", "silent", "refillIndexCaches"]));
      let reply;
      if (Array.isArray(id)) {
        const url = withQuery(documentUrl(this), pairs);
        reply = connectionOf(this).DELETE(url, id, requestHeaders(options));
      } else {
        const { key, rev } = handle(this, id);
        const headers = requestHeaders(options, options.overwrite ? undefined : rev);
        reply = connectionOf(this).DELETE(withQuery(documentUrl(this, key), pairs), null, headers);
      }
      checkDocumentResult(reply);
      return options.silent === true ? true : reply;
    },
    edges(this: Loose, vertex: Loose): Loose {
      return edgesOf(this, vertex);
    },
    inEdges(this: Loose, vertex: Loose): Loose {
      return edgesOf(this, vertex, "in");
    },
    outEdges(this: Loose, vertex: Loose): Loose {
      return edgesOf(this, vertex, "out");
    },
  });
}

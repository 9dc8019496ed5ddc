/**
 * `/_api/replication/restore-*`: what arangorestore sends.
 *
 * No manual describes them: their bodies are the files that arangodump writes (`.structure.json`, `.data.json`).
 *
 * @module
 */
import { ArangoError, arangoError } from "../../base/arango_error.ts";
import type { ApiReply } from "../../base/exchange.ts";
import { checkedJson, isObjectText, members, stringValue } from "../../base/json_text.ts";
import type { Collection, InsertOptions } from "../../engine/collection.ts";
import type { Attributes } from "../collection_json.ts";
import { ok, type RequestContext, type Route } from "../route.ts";
import { transactionsOf } from "../transactions.ts";

/** Types of lines of older dumps. */
const DOCUMENT_TYPES: ReadonlySet<string | undefined> = new Set(["2300", "2301"]);
const REMOVE_TYPE = "2302";

/** Documents keep their revisions, and take the place of those that are there. */
const RESTORING: InsertOptions = { isRestore: true, overwriteMode: "replace" };

interface Structure {
  readonly name: string;
  readonly parameters: Attributes;
  readonly indexes: readonly Attributes[];
}

function isObject(value: unknown): value is Attributes {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

/** A collection as a dump describes it. */
function structure(context: RequestContext): Structure {
  const { parameters, indexes } = context.object();
  if (!isObject(parameters)) {
    throw new ArangoError("ERROR_HTTP_BAD_PARAMETER", "collection parameters declaration is invalid");
  }
  if (!Array.isArray(indexes) || !indexes.every(isObject)) {
    throw new ArangoError("ERROR_HTTP_BAD_PARAMETER", "collection indexes declaration is invalid");
  }
  const { name } = parameters;
  if (typeof name !== "string" || name === "") {
    throw new ArangoError("ERROR_HTTP_BAD_PARAMETER", "collection name is missing");
  }
  return { name, parameters, indexes };
}

/** The properties of a dumped collection without what belongs to the server that it comes from. */
function propertiesOf({ parameters }: Structure): Record<string, unknown> {
  const { id: _id, cid: _cid, planId: _planId, globallyUniqueId: _guid, status: _status, ...properties } = parameters;
  return properties;
}

function restoreCollection(context: RequestContext): ApiReply {
  const found = structure(context);
  const { name, parameters } = found;
  if (parameters.deleted === true) return ok({ result: true });
  const { database } = context;
  const existing = database.find(name);
  if (existing) {
    context.writable(name);
    if (!context.flag("overwrite", false)) throw arangoError("ERROR_ARANGO_DUPLICATE_NAME", name);
    // system collections are in use
    if (existing.properties.isSystem) {
      existing.truncate({});
      return ok({ result: true });
    }
    transactionsOf(context.server).assertFree(existing);
    database.dropCollection(existing);
  }
  database.createCollection({ name, type: parameters.type === 3 ? 3 : 2, properties: propertiesOf(found) });
  return ok({ result: true });
}

function restoreIndexes(context: RequestContext): ApiReply {
  const { name, indexes } = structure(context);
  const collection = context.writable(name);
  const force = context.flag("force", false);
  for (const description of indexes) {
    const { type, id: _id, ...definition } = description;
    if (type === "primary" || type === "edge") continue;
    try {
      collection.ensureIndex({ type, ...definition });
    } catch (error) {
      // arangorestore --force goes on without what cannot be made
      if (!force || !(error instanceof ArangoError)) throw error;
    }
  }
  return ok({ result: true });
}

/** Stores or removes what a line of a dump stands for. */
function restoreLine(collection: Collection, line: string): void {
  const text = checkedJson(line);
  if (!isObjectText(text)) {
    throw new ArangoError(
      "ERROR_HTTP_CORRUPTED_JSON",
      "received invalid JSON data for collection: a line is no object",
    );
  }
  const parts = members(text);
  const type = parts.get("type")?.raw;
  const data = parts.get("data")?.raw;
  const isEnvelope = data !== undefined && DOCUMENT_TYPES.has(type);
  if (type !== REMOVE_TYPE || parts.has("_key")) {
    collection.insert(isEnvelope ? data : text, RESTORING);
    return;
  }
  const key = stringValue(parts.get("key")?.raw) ?? (data && stringValue(members(data).get("_key")?.raw));
  if (!key) throw new ArangoError("ERROR_HTTP_BAD_PARAMETER", "a removal of the dump has no key");
  if (collection.document(key)) collection.remove(key, {});
}

function restoreData(context: RequestContext): ApiReply {
  const name = context.query.get("collection");
  if (!name) throw new ArangoError("ERROR_HTTP_BAD_PARAMETER", "invalid collection parameter, not given");
  const collection = context.writable(name);
  const lines = context.text().split("\n").filter((line) => line.trim() !== "");
  context.engine.write([collection], () => {
    for (const line of lines) restoreLine(collection, line);
  });
  return ok({ result: true });
}

function restoreView(): ApiReply {
  throw new ArangoError("ERROR_NOT_IMPLEMENTED", "not implemented: denosh has no views");
}

/** The routes. */
export const RESTORES: readonly Route[] = [
  { method: "PUT", path: "/_api/replication/restore-collection", access: "write", handle: restoreCollection },
  { method: "PUT", path: "/_api/replication/restore-indexes", access: "write", handle: restoreIndexes },
  { method: "PUT", path: "/_api/replication/restore-data", access: "read", handle: restoreData },
  { method: "PUT", path: "/_api/replication/restore-view", access: "write", handle: restoreView },
];

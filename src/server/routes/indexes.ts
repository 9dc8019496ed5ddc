/**
 * `/_api/index`.
 *
 * Source: recorded examples `RestIndex*`, `IndexIdentifier`; `arangosh.md` §5.6; the manual's pages about index types for
 * the statuses.
 *
 * @module
 */
import { ArangoError, arangoError } from "../../base/arango_error.ts";
import type { ApiReply } from "../../base/exchange.ts";
import type { Collection } from "../../engine/collection.ts";
import type { Attributes } from "../collection_json.ts";
import { indexDescriptions as descriptions, secondaryDescription as secondary } from "../index_json.ts";
import { json, ok, type RequestContext, type Route, withoutNames } from "../route.ts";

/** The collection that a parameter names. Without one it is a collection that is not there. */
function named(context: RequestContext): string {
  const name = context.query.get("collection");
  if (name === null || name === "") throw new ArangoError("ERROR_ARANGO_DATA_SOURCE_NOT_FOUND");
  return name;
}

/** SQLite keeps no cache or memory for single indexes. Source: recorded example `collectionGetIndexesStats`. */
const FIGURES = { cacheInUse: false, cacheSize: 0, cacheUsage: 0, memory: 0 };

function list(context: RequestContext): ApiReply {
  const collection = context.readable(named(context));
  const indexes = descriptions(collection).map((one) =>
    context.flag("withStats", false) ? { ...one, figures: FIGURES } : one
  );
  return ok({
    indexes,
    identifiers: Object.fromEntries(indexes.map((one) => [(one as Attributes).id as string, one])),
  });
}

function one(context: RequestContext): ApiReply {
  const collection = context.readable();
  const { index } = context.params;
  const found = descriptions(collection).find(({ id, name }) => id === `${collection.name}/${index}` || name === index);
  if (!found) throw new ArangoError("ERROR_ARANGO_INDEX_NOT_FOUND");
  return json(200, { ...found, code: 200, error: false });
}

/** Makes an index; what is a conflict elsewhere is a bad request here: values that are not unique, a name in use. */
function ensured(collection: Collection, given: unknown): ReturnType<Collection["ensureIndex"]> {
  try {
    return collection.ensureIndex(given);
  } catch (error) {
    if (!(error instanceof ArangoError) || error.code !== 409) throw error;
    throw new ArangoError(error.errorNum, error.message, { code: 400, cause: error });
  }
}

function create(context: RequestContext): ApiReply {
  const collection = context.writable(named(context));
  const { definition, created } = ensured(collection, context.json());
  const code = created ? 201 : 200;
  const described = { ...secondary(collection, definition), isNewlyCreated: created };
  const sorted = Object.fromEntries(Object.entries(described).sort(([a], [b]) => (a < b ? -1 : 1)));
  return json(code, { ...sorted, code, error: false });
}

function drop(context: RequestContext): ApiReply {
  const collection = context.writable();
  const { index } = context.params;
  const found = descriptions(collection).find(({ id, name }) => id === `${collection.name}/${index}` || name === index);
  if (!found) throw arangoError("ERROR_ARANGO_INDEX_NOT_FOUND");
  if (found.type === "primary" || found.type === "edge") throw new ArangoError("ERROR_FORBIDDEN");
  collection.dropIndex(index!);
  return json(200, { id: found.id, error: false, code: 200 });
}

function wrongPath(context: RequestContext): ApiReply {
  const isCreation = context.request.method === "POST";
  const expected = isCreation ? "?collection=<collection-name>" : "/<collection>/<index-identifier>";
  return context.refusePath(`/_api/index${expected}`, "missing");
}

/** The routes. */
export const INDEXES: readonly Route[] = withoutNames([
  { method: "GET", path: "/_api/index", access: "read", handle: list },
  { method: "POST", path: "/_api/index", access: "write", handle: create },
  { method: "DELETE", path: "/_api/index", access: "read", handle: wrongPath },
  ...["GET", "POST", "DELETE"].flatMap((method): Route[] => [
    { method, path: "/_api/index/:index", access: "read", handle: wrongPath },
    { method, path: "/_api/index/:collection/:index/*rest", access: "read", handle: wrongPath },
  ]),
  { method: "GET", path: "/_api/index/:collection/:index", access: "read", handle: one },
  { method: "DELETE", path: "/_api/index/:collection/:index", access: "write", handle: drop },
]);

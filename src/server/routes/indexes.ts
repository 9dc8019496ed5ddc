/**
 * `/_api/index`.
 *
 * Source: recorded examples `RestIndex*`, `IndexIdentifier`; `arangosh.md` §5.6.
 *
 * @module
 */
import { ArangoError, arangoError } from "../../base/arango_error.ts";
import type { ApiReply } from "../../base/exchange.ts";
import type { Collection } from "../../engine/collection.ts";
import type { IndexDefinition } from "../../engine/index_definition.ts";
import type { Attributes } from "../collection_json.ts";
import { json, ok, type RequestContext, type Route } from "../route.ts";

/** Larger indexes are looked at in part to tell how selective they are. */
const SAMPLE = 20_000;

function selectivity(collection: Collection, index: IndexDefinition): number {
  if (index.unique) return 1;
  const sizes = collection.reading()?.indexSizes(BigInt(index.id), SAMPLE);
  return sizes && sizes.entries > 0 ? sizes.distinct / sizes.entries : 1;
}

function edgeSelectivity(collection: Collection): number {
  const sizes = collection.reading()?.edgeSizes(SAMPLE);
  return sizes && sizes.entries > 0 ? sizes.distinct / sizes.entries : 1;
}

/** The description of a secondary index, attributes in alphabetical order. */
function secondary(collection: Collection, index: IndexDefinition): Attributes {
  const { cacheEnabled, deduplicate, estimates, fields, id, name, sparse, storedValues, type, unique } = index;
  return {
    cacheEnabled,
    deduplicate,
    estimates,
    fields,
    id: `${collection.name}/${id}`,
    name,
    ...(estimates ? { selectivityEstimate: selectivity(collection, index) } : {}),
    sparse,
    ...(storedValues ? { storedValues } : {}),
    type,
    unique,
  };
}

/** The descriptions of all indexes of a collection. */
function descriptions(collection: Collection): Attributes[] {
  const { name } = collection;
  const all: Attributes[] = [{
    fields: ["_key"],
    id: `${name}/0`,
    name: "primary",
    selectivityEstimate: 1,
    sparse: false,
    type: "primary",
    unique: true,
  }];
  if (collection.isEdge) {
    all.push({
      fields: ["_from", "_to"],
      id: `${name}/2`,
      name: "edge",
      selectivityEstimate: edgeSelectivity(collection),
      sparse: false,
      type: "edge",
      unique: false,
    });
  }
  for (const index of collection.indexes()) all.push(secondary(collection, index));
  return all;
}

function named(context: RequestContext): string {
  const name = context.query.get("collection");
  if (name === null || name === "") {
    throw new ArangoError("ERROR_HTTP_BAD_PARAMETER", "expecting a collection name in the parameter 'collection'");
  }
  return name;
}

function list(context: RequestContext): ApiReply {
  const collection = context.readable(named(context));
  const indexes = descriptions(collection).map((one) =>
    context.flag("withStats", false) ? { ...one, figures: { memory: 0 } } : one
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
  return json(200, { ...found, error: false, code: 200 });
}

function create(context: RequestContext): ApiReply {
  const collection = context.writable(named(context));
  const { definition, created } = collection.ensureIndex(context.json());
  const code = created ? 201 : 200;
  const described = { ...secondary(collection, definition), isNewlyCreated: created };
  const sorted = Object.fromEntries(Object.entries(described).sort(([a], [b]) => (a < b ? -1 : 1)));
  return json(code, { ...sorted, error: false, code });
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

/** The routes. */
export const INDEXES: readonly Route[] = [
  { method: "GET", path: "/_api/index", access: "read", handle: list },
  { method: "POST", path: "/_api/index", access: "write", handle: create },
  { method: "GET", path: "/_api/index/:collection/:index", access: "read", handle: one },
  { method: "DELETE", path: "/_api/index/:collection/:index", access: "write", handle: drop },
];

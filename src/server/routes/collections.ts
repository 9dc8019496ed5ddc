/**
 * `/_api/collection`.
 *
 * Source: recorded examples `RestCollection*`; HTTP API description; `arangosh.md` §5.4.
 *
 * @module
 */
import { ArangoError, arangoError } from "../../base/arango_error.ts";
import type { ApiReply } from "../../base/exchange.ts";
import { encodeRevision } from "../../base/revision.ts";
import type { Collection } from "../../engine/collection.ts";
import { type Attributes, collectionProperties, collectionSummary } from "../collection_json.ts";
import { Graphs } from "../graphs.ts";
import { ok, type RequestContext, type Route, withoutNames } from "../route.ts";
import { transactionsOf } from "../transactions.ts";

/** About as large is a file with next to nothing in it. */
const EMPTY_BYTES = 2 ** 19;

function list(context: RequestContext): ApiReply {
  const withSystem = !context.flag("excludeSystem", false);
  const result = context.database.collections()
    .filter(({ name, properties }) =>
      (withSystem || !properties.isSystem) && context.rights.collection(context.databaseName, name) !== "none"
    )
    .map((collection) => {
      const { id, name, type, properties, globallyUniqueId } = collection;
      return { id: `${id}`, name, status: 3, type, isSystem: properties.isSystem, globallyUniqueId };
    });
  return ok({ result });
}

/** Types of collections as clients write them. */
const TYPES: ReadonlyMap<unknown, 2 | 3> = new Map<unknown, 2 | 3>([
  [undefined, 2],
  [null, 2],
  ...[2, "2", "document"].map((one) => [one, 2] as const),
  ...[3, "3", "edge"].map((one) => [one, 3] as const),
]);

/** Options of key generators, and the generators that take them. Source: "API Changes in ArangoDB 3.12". */
const GENERATOR_OPTIONS: Readonly<Record<string, readonly string[]>> = {
  increment: ["autoincrement"],
  offset: ["autoincrement"],
  lastValue: ["traditional", "autoincrement", "padded"],
};

/**
 * Checks that a key generator is given no options of others. Servers that are followed may be older, and not so strict.
 *
 * @throws ArangoError 1232
 */
function checkKeyOptions(given: unknown): void {
  const { type = "traditional", ...options } = (given ?? {}) as { type?: string };
  for (const [name, takers] of Object.entries(GENERATOR_OPTIONS)) {
    if (!(name in options) || takers.includes(type)) continue;
    throw arangoError("ERROR_ARANGO_INVALID_KEY_GENERATOR", `'${name}' is no option of generator '${type}'`);
  }
}

function create(context: RequestContext): ApiReply {
  const body = context.json();
  // what is no object has no name
  const { name, type: givenType, ...properties } = (body ?? {}) as Record<string, unknown>;
  if (typeof name !== "string" || name === "") throw new ArangoError("ERROR_ARANGO_ILLEGAL_NAME");
  const type = TYPES.get(givenType);
  if (type === undefined) throw new ArangoError("ERROR_ARANGO_COLLECTION_TYPE_INVALID");
  checkKeyOptions(properties.keyOptions);
  const collection = context.database.createCollection({
    name,
    type,
    properties,
  });
  if (context.rights.collection(context.databaseName, name) !== "rw" && context.server.users.find(context.user)) {
    context.server.users.grantCollection(context.user, context.databaseName, name, "rw");
  }
  return ok(collectionProperties(collection));
}

function show(context: RequestContext): ApiReply {
  return ok(collectionSummary(context.readable()));
}

function drop(context: RequestContext): ApiReply {
  const collection = context.writable();
  if (collection.properties.isSystem && !context.flag("isSystem", false)) throw new ArangoError("ERROR_FORBIDDEN");
  new Graphs(context.database).assertDroppable(collection.name);
  transactionsOf(context.server).assertFree(collection);
  context.database.dropCollection(collection);
  return ok({ id: `${collection.id}` });
}

function changeProperties(context: RequestContext): Collection {
  const collection = context.writable();
  context.database.changeProperties(collection, context.object());
  return collection;
}

function rename(context: RequestContext): ApiReply {
  const collection = context.writable();
  const { name } = (context.json() ?? {}) as { name?: unknown };
  if (typeof name !== "string" || name === "") {
    throw new ArangoError("ERROR_ARANGO_ILLEGAL_NAME", "name is empty");
  }
  const oldName = collection.name;
  context.database.renameCollection(collection, name);
  if (name !== oldName) new Graphs(context.database).rename(oldName, name);
  return located(context, collectionSummary(collection));
}

/** The types of indexes that figures name after the storage engine. */
const ENGINE_INDEXES: ReadonlySet<string> = new Set(["persistent", "hash", "skiplist", "ttl"]);

/**
 * Source: the manual's page on the collection object. What documents are cached is SQLite's page cache, which knows no
 * collections: of a collection's own cache only whether it is wanted can be told.
 */
function figures(collection: Collection, details: boolean): Attributes {
  const file = collection.reading();
  const own = collection.indexes();
  const count = collection.count();
  const cacheInUse = collection.properties.cacheEnabled;
  const base = {
    indexes: { count: own.length + (collection.isEdge ? 2 : 1), size: 0 },
    documentsSize: Math.max(0, (file?.sizeInBytes() ?? 0) - EMPTY_BYTES),
    cacheInUse,
    cacheSize: 0,
    cacheUsage: 0,
    ...(cacheInUse ? { cacheLifeTimeHitRate: 0, cacheWindowedHitRate: 0 } : {}),
  };
  if (!details) return base;
  const indexes = [
    { type: "primary", id: 0, count },
    ...(collection.isEdge ? [{ type: "edge", id: 1, count }, { type: "edge", id: 2, count }] : []),
    ...own.map(({ type, id }) => ({
      type: ENGINE_INDEXES.has(type) ? `rocksdb-${type}` : type,
      id: Number(id),
      count: file?.indexCount(BigInt(id)) ?? 0,
    })),
  ];
  return { ...base, engine: { documents: count, indexes } };
}

/** What ArangoDB tells of collections that nothing was written to. Source: recorded example `RestCollectionGetCollectionRevision`. */
const FIRST_REVISION = "54";

function revision(collection: Collection): string {
  const value = collection.revision();
  return value === 0n ? FIRST_REVISION : encodeRevision(value);
}

/** The single server's answer to questions about shards. */
function noShards(context: RequestContext): ApiReply {
  context.readable();
  throw new ArangoError("ERROR_CLUSTER_ONLY_ON_COORDINATOR");
}

/** Parts of a collection that are read: what each answers with. */
const READS: Readonly<Record<string, (context: RequestContext, collection: Collection) => Attributes>> = {
  properties: (_, collection) => collectionProperties(collection),
  count: (_, collection) => collectionProperties(collection, { count: collection.count() }),
  figures: (context, collection) =>
    collectionProperties(collection, {
      figures: figures(collection, context.flag("details", false)),
      count: collection.count(),
    }),
  revision: (_, collection) => collectionProperties(collection, { revision: revision(collection) }),
  checksum: (context, collection) => ({
    ...collectionSummary(collection),
    revision: revision(collection),
    checksum: collection.checksum(context.flag("withRevisions", false), context.flag("withData", false)).toString(),
  }),
};

/** Things that are done to a collection. */
const CHANGES: Readonly<Record<string, (context: RequestContext) => Attributes>> = {
  properties: (context) => collectionProperties(changeProperties(context)),
  load: (context) => {
    const collection = context.readable();
    const { count = true } = context.body.length > 0 ? context.object() : {};
    return { ...(count === false ? {} : { count: collection.count() }), ...collectionSummary(collection) };
  },
  unload: (context) => collectionSummary(context.readable()),
  compact: (context) => collectionSummary(context.writable()),
  truncate: (context) => {
    const collection = context.writable();
    collection.truncate({ waitForSync: context.flag("waitForSync", false) });
    return collectionSummary(collection);
  },
  recalculateCount: (context) => ({ result: true, count: context.writable().count() }),
  loadIndexesIntoMemory: (context) => {
    context.readable();
    return { result: true };
  },
};

/** Adds where the thing is found. */
function located(context: RequestContext, attributes: Attributes): ApiReply {
  const rest = context.path.replace(/^.*\//, "");
  return ok(attributes, 200, {
    location: context.location(`/_api/collection/${encodeURIComponent(context.params.collection!)}/${rest}`),
  });
}

const ONE = "/_api/collection/:collection";

function incomplete(context: RequestContext): ApiReply {
  if (context.request.method === "PUT") {
    throw new ArangoError("ERROR_HTTP_BAD_PARAMETER", "expected PUT /_api/collection/<collection-name>/<action>");
  }
  return context.refusePath("/_api/collection/<collection-name>", "missing");
}

/** What there is nothing of: a part of a collection, or something to be done to it. */
function unknownPart(context: RequestContext): ApiReply {
  const isChange = context.request.method === "PUT";
  if (context.params.rest) {
    return context.refusePath(`/_api/collection/<collection-name>/<${isChange ? "action" : "method"}>`, "missing");
  }
  const known = isChange ? ["rename", ...Object.keys(CHANGES)] : ["shards", ...Object.keys(READS)];
  const names = known.sort().map((one) => `'${one}'`).join(", ");
  const kind = isChange ? "actions" : "resources";
  throw new ArangoError("ERROR_HTTP_NOT_FOUND", `expecting one of the ${kind} ${names}`);
}

/** The routes. */
export const COLLECTIONS: readonly Route[] = withoutNames([
  { method: "GET", path: "/_api/collection", access: "read", handle: list },
  // whatever follows is ignored: `RestBatchMultipartHeader`
  { method: "POST", path: "/_api/collection/*rest", access: "write", handle: create },
  { method: "GET", path: ONE, access: "read", handle: show },
  { method: "DELETE", path: ONE, access: "write", handle: drop },
  { method: "PUT", path: `${ONE}/rename`, access: "write", handle: rename },
  { method: "PUT", path: "/_api/collection", access: "read", handle: incomplete },
  { method: "PUT", path: ONE, access: "read", handle: incomplete },
  { method: "DELETE", path: "/_api/collection", access: "read", handle: incomplete },
  { method: "DELETE", path: `${ONE}/:part/*rest`, access: "read", handle: incomplete },
  { method: "GET", path: `${ONE}/:part/*rest`, access: "read", handle: unknownPart },
  { method: "PUT", path: `${ONE}/:part/*rest`, access: "read", handle: unknownPart },
  { method: "GET", path: `${ONE}/shards`, access: "read", handle: noShards },
  { method: "PUT", path: `${ONE}/responsibleShard`, access: "read", handle: noShards },
  ...Object.entries(READS).map(([name, read]): Route => ({
    method: "GET",
    path: `${ONE}/${name}`,
    access: "read",
    transactional: name === "count",
    handle: (context) => located(context, read(context, context.readable())),
  })),
  ...Object.entries(CHANGES).map(([name, change]): Route => ({
    method: "PUT",
    path: `${ONE}/${name}`,
    access: name === "properties" ? "write" : "read",
    transactional: name === "truncate",
    handle: (context) => located(context, change(context)),
  })),
]);

/**
 * `/_api/replication` and `/_api/wal`: what a leader offers its followers, and the order to follow.
 *
 * Source: `replication-protocol.md` §2, §3.1.
 *
 * @module
 */
import { ArangoError } from "../../base/arango_error.ts";
import type { ApiReply } from "../../base/exchange.ts";
import { decodeHlc, decodeRevision, INVALID_REVISION } from "../../base/revision.ts";
import type { Collection } from "../../engine/collection.ts";
import { rebuildTree } from "../../engine/counted_tree.ts";
import type { Database } from "../../engine/database.ts";
import type { FollowerInfo, KnownFollowers } from "../../replication/known_followers.ts";
import { assertHasTree, Leader } from "../../replication/leader.ts";
import { timestamp } from "../../replication/timestamp.ts";
import type { TailRequest } from "../../replication/leader_log.ts";
import { bytes, empty, json, jsonText, type RequestContext, type Route } from "../route.ts";
import type { Server } from "../server.ts";
import { SERVER_VERSION } from "../version.ts";

const KEYS_IN_CHUNK = 5000;
/** For so many seconds a follower is known whose batch has ended. */
const REMEMBERED = 15;
const DUMP_TYPE = "application/x-arango-dump; charset=utf-8";

/** The leader's side of replication on this server. */
function leaderOf(server: Server): Leader {
  return new Leader(server.engine);
}

function leader(context: RequestContext): Leader {
  // the first look at a database makes its system collections, which would else come after the tick that the answer tells
  context.server.database(context.databaseName);
  return context.server.part(leaderOf);
}

/** Who has asked this database's leader for something lately. */
function followers(context: RequestContext): KnownFollowers {
  return leader(context).followers(context.database);
}

/** Who asks, if the request says so. */
function follower(context: RequestContext): FollowerInfo | undefined {
  const syncerId = context.query.get("syncerId");
  const invalid = (message: string): ArangoError => new ArangoError("ERROR_BAD_PARAMETER", message);
  if (syncerId !== null) {
    if (syncerId === "") throw invalid("syncerId, if set, must not be empty");
    if (!/^\d+$/.test(syncerId)) throw invalid("syncerId must be an integer");
    if (/^0+$/.test(syncerId)) throw invalid("syncerId must be non-zero");
    if (syncerId.startsWith("0")) throw invalid("syncerId must not begin with zero");
    if (BigInt(syncerId) >= 1n << 64n) throw invalid(`syncerId is too large: ${syncerId}`);
  }
  const serverId = context.query.get("serverId") ?? "";
  const known = /^[1-9]\d*$/.test(serverId);
  if (syncerId === null && !known) return undefined;
  return {
    syncerId: syncerId ?? "0",
    serverId: known ? serverId : "0",
    clientInfo: context.query.get("clientInfo") ?? "",
  };
}

/** The collection that the parameter names: by name, id or globally unique id. */
function collection(context: RequestContext): Collection {
  const name = context.query.get("collection");
  if (!name) throw new ArangoError("ERROR_HTTP_BAD_PARAMETER", "invalid collection parameter");
  return context.readable(name);
}

function batchId(context: RequestContext, what: string): string {
  const id = context.query.get("batchId");
  if (id === null) {
    throw new ArangoError("ERROR_HTTP_BAD_PARAMETER", `replication ${what} - request misses batchId`, { code: 404 });
  }
  return id;
}

function serverInfo(context: RequestContext): object {
  return { version: SERVER_VERSION, serverId: context.engine.serverId, engine: "rocksdb" };
}

function ttl(context: RequestContext): number | undefined {
  const { ttl } = context.object();
  return typeof ttl === "number" ? ttl : undefined;
}

function createBatch(context: RequestContext): ApiReply {
  const { id, lastTick } = leader(context).createBatch(ttl(context), context.database, follower(context));
  const state = context.flag("state", false)
    ? { state: { state: leader(context).logState(lastTick), server: serverInfo(context), clients: [] } }
    : {};
  return json(200, { id, lastTick: `${lastTick}`, ...state });
}

function extendBatch(context: RequestContext): ApiReply {
  const seconds = leader(context).batches.extend(context.params.id!, ttl(context));
  const known = follower(context);
  if (known) followers(context).extend(known, seconds);
  return empty(204);
}

function deleteBatch(context: RequestContext): ApiReply {
  leader(context).batches.delete(context.params.id!);
  const known = follower(context);
  if (known) followers(context).extend(known, REMEMBERED);
  return empty(204);
}

function inventory(context: RequestContext): ApiReply {
  const id = context.query.get("batchId");
  if (id === null) throw new ArangoError("ERROR_CURSOR_NOT_FOUND", "batchId not specified");
  const readable = (database: Database, { name }: Collection): boolean =>
    context.rights.collection(database.name, name) !== "none";
  const listed = {
    includeSystem: context.flag("includeSystem", true),
    includeFoxxQueues: context.flag("includeFoxxQueues", false),
  };
  if (context.flag("global", false)) {
    if (!context.database.isSystem) {
      throw new ArangoError("ERROR_FORBIDDEN", "global inventory can only be created from within _system database");
    }
    return json(200, leader(context).globalInventory(id, { ...listed, readable }));
  }
  const name = context.query.get("collection");
  return json(
    200,
    leader(context).inventory(id, context.database, { ...listed, readable, ...(name ? { collection: name } : {}) }),
  );
}

function loggerState(context: RequestContext): ApiReply {
  return json(200, {
    state: leader(context).logState(),
    server: serverInfo(context),
    clients: followers(context).list(),
  });
}

function dump(context: RequestContext): ApiReply {
  const { query } = context;
  if (!query.get("collection") && context.server.options.authentication) {
    throw new ArangoError("ERROR_ARANGO_DATA_SOURCE_NOT_FOUND");
  }
  let source: Collection;
  try {
    source = collection(context);
  } catch (error) {
    if (error instanceof ArangoError && error.errorNum === 1203) {
      throw new ArangoError("ERROR_HTTP_BAD_PARAMETER", `replication dump - ${error.message}`);
    }
    throw error;
  }
  const chunkSize = context.number("chunkSize");
  const documents = context.number("docsPerBatch");
  const { body, checkMore, lastIncluded } = leader(context).dump(batchId(context, "dump"), source, {
    ...(chunkSize === undefined ? {} : { chunkSize }),
    ...(documents === undefined ? {} : { documents }),
    envelope: (query.get("useEnvelope") ?? "true") !== "false",
  });
  return bytes(body.length === 0 ? 204 : 200, DUMP_TYPE, body, {
    "x-arango-replication-checkmore": `${checkMore}`,
    "x-arango-replication-lastincluded": `${lastIncluded}`,
  });
}

function tree(context: RequestContext): ApiReply {
  const source = collection(context);
  const id = batchId(context, "revision tree");
  const stored = leader(context).tree(id, source, context.flag("onlyPopulated", false));
  if (!context.flag("verification", false)) return jsonText(200, stored);
  const computed = leader(context).recomputedTree(id, source, context.flag("onlyPopulated", false));
  return jsonText(200, `{"computed":${computed},"stored":${stored},"equal":${computed === stored}}`);
}

/** The changes that a tree does not have yet: none, for documents and their tree are written together. */
function pendingUpdates(context: RequestContext): ApiReply {
  collection(context);
  return json(200, { inserts: 0, removes: 0, truncates: 0 });
}

function rebuildRevisionTree(context: RequestContext): ApiReply {
  const { name } = collection(context);
  const source = context.writable(name);
  assertHasTree(source);
  rebuildTree(source);
  return empty(204);
}

function resume(context: RequestContext): { resume?: bigint } {
  const hlc = context.query.get("resumeHLC");
  const plain = context.query.get("resume");
  const revision = hlc !== null ? decodeHlc(hlc) : plain !== null ? decodeRevision(plain) : undefined;
  if (revision === INVALID_REVISION) throw new ArangoError("ERROR_HTTP_BAD_PARAMETER", "invalid resume parameter");
  return revision === undefined ? {} : { resume: revision };
}

function ranges(context: RequestContext): ApiReply {
  const source = collection(context);
  const options = { ...resume(context), hlc: context.flag("encodeAsHLC", false) };
  return json(200, leader(context).ranges(batchId(context, "revisions"), source, context.json(), options));
}

function documents(context: RequestContext): ApiReply {
  const chunkSize = context.number("chunkSize");
  const source = collection(context);
  const options = { hlc: context.flag("encodeAsHLC", false), ...(chunkSize === undefined ? {} : { chunkSize }) };
  return jsonText(200, leader(context).documents(batchId(context, "revisions"), source, context.json(), options));
}

function createKeys(context: RequestContext): ApiReply {
  const quick = context.query.get("quick") ?? "false";
  if (!["true", "false", "1", "0"].includes(quick)) {
    throw new ArangoError("ERROR_HTTP_BAD_PARAMETER", `invalid quick parameter: must be boolean, got ${quick}`);
  }
  const id = context.query.get("batchId");
  if (id === null) throw new ArangoError("ERROR_CURSOR_NOT_FOUND");
  return json(200, leader(context).keys.create(id, collection(context), context.flag("quick", false)));
}

function keyChunks(context: RequestContext): ApiReply {
  const asked = context.number("chunkSize") ?? KEYS_IN_CHUNK;
  const size = asked < 100 ? KEYS_IN_CHUNK : Math.min(Math.floor(asked), 20_000);
  return json(200, leader(context).keys.chunks(context.params.id!, size));
}

function chunkContent(context: RequestContext): ApiReply {
  const type = context.query.get("type");
  const chunk = context.number("chunk") ?? 0;
  const size = context.number("chunkSize") ?? KEYS_IN_CHUNK;
  const low = context.query.get("low") ?? undefined;
  const id = context.params.id!;
  if (type === "keys") return json(200, leader(context).keys.keys(id, chunk, size, low));
  if (type !== "docs") throw new ArangoError("ERROR_HTTP_BAD_PARAMETER", "invalid 'type' value");
  const offset = context.number("offset");
  return jsonText(200, leader(context).keys.documents(id, chunk, size, low, context.json(), offset));
}

function deleteKeys(context: RequestContext): ApiReply {
  return json(202, { id: context.params.id, error: false, code: 202 });
}

function range(context: RequestContext): ApiReply {
  const { tickMin, tickMax } = leader(context).log.range();
  return json(200, {
    time: timestamp(Date.now()),
    tickMin: `${tickMin}`,
    tickMax: `${tickMax}`,
    server: { version: SERVER_VERSION, serverId: context.engine.serverId },
  });
}

function lastTick(context: RequestContext): ApiReply {
  return json(200, {
    time: timestamp(Date.now()),
    tick: `${leader(context).log.range().tickMax}`,
    server: { version: SERVER_VERSION, serverId: context.engine.serverId },
  });
}

function tick(context: RequestContext, name: string): bigint | undefined {
  const value = context.query.get(name);
  if (value === null) return undefined;
  if (!/^\d{1,20}$/.test(value)) throw new ArangoError("ERROR_HTTP_BAD_PARAMETER", "invalid from/to values");
  return BigInt(value);
}

function tail(context: RequestContext): ApiReply {
  const global = context.flag("global", false);
  if (global && !context.database.isSystem) {
    throw new ArangoError("ERROR_FORBIDDEN", "global tailing is only possible from within _system database");
  }
  if (context.request.method === "PUT") {
    const body = context.json();
    if (!Array.isArray(body) || !body.every((one) => typeof one === "string")) {
      throw new ArangoError("ERROR_HTTP_BAD_PARAMETER", "invalid body value. expecting array of transaction ids");
    }
  }
  return logChunk(context, { style: "tail", global, includeSystem: context.flag("includeSystem", false) }, 1800);
}

/** The older way to tail, which real servers before 3.12.10 have. */
function follow(context: RequestContext): ApiReply {
  const options = { style: "follow", global: false, includeSystem: context.flag("includeSystem", true) } as const;
  return logChunk(context, options, context.number("ttl") ?? 3600);
}

/** @param ttl seconds for which a follower that says who it is remains known */
function logChunk(
  context: RequestContext,
  options: Pick<TailRequest, "style" | "global" | "includeSystem">,
  ttl: number,
): ApiReply {
  const known = follower(context);
  const name = context.query.get("collection");
  const request = {
    ...options,
    from: tick(context, "from") ?? 0n,
    to: tick(context, "to"),
    chunkSize: context.number("chunkSize") ?? 1024 * 1024,
    lastScanned: tick(context, "lastScanned") ?? 0n,
    collection: name && !options.global ? context.readable(name) : undefined,
  };
  const chunk = leader(context).tail(request, context.database, known, ttl);
  if (context.flag("trackOnly", false)) return json(200, { error: false, code: 200, result: {} });
  return bytes(chunk.lines === "" ? 204 : 200, DUMP_TYPE, new TextEncoder().encode(chunk.lines), {
    ...(options.style === "follow" ? { "x-arango-replication-active": "true" } : {}),
    "x-arango-replication-checkmore": `${chunk.checkMore}`,
    "x-arango-replication-lastincluded": `${chunk.lastIncluded}`,
    "x-arango-replication-lastscanned": `${chunk.lastScanned}`,
    "x-arango-replication-lasttick": `${chunk.lastTick}`,
    "x-arango-replication-frompresent": `${chunk.fromPresent}`,
  });
}

/** The log as if it were one file: denosh keeps it in a table. */
function tickRanges(context: RequestContext): ApiReply {
  const { tickMin, tickMax } = leader(context).log.range();
  return json(200, [{ datafile: "/000001.log", status: "open", tickMin: `${tickMin}`, tickMax: `${tickMax}` }]);
}

function untail(context: RequestContext): ApiReply {
  const known = follower(context);
  if (known) followers(context).forget(known);
  return json(200, { error: false, code: 200, result: {} });
}

function startSync(context: RequestContext): string {
  if (context.flag("global", false)) {
    if (!context.database.isSystem) throw new ArangoError("ERROR_FORBIDDEN");
    throw new ArangoError(
      "ERROR_NOT_IMPLEMENTED",
      "not implemented: denosh syncs one database at a time, not all (global=true)",
    );
  }
  const { startSync } = context.server.options;
  if (!startSync) throw new ArangoError("ERROR_NOT_IMPLEMENTED", "not implemented: this server starts no syncs");
  return startSync(context.json(), context.database);
}

/** The routes of replication. */
export const REPLICATION: readonly Route[] = [
  { method: "POST", path: "/_api/replication/batch", access: "read", handle: createBatch },
  { method: "PUT", path: "/_api/replication/batch/:id", access: "read", handle: extendBatch },
  { method: "DELETE", path: "/_api/replication/batch/:id", access: "read", handle: deleteBatch },
  { method: "GET", path: "/_api/replication/inventory", access: "read", handle: inventory },
  { method: "GET", path: "/_api/replication/logger-state", access: "read", handle: loggerState },
  {
    method: "GET",
    path: "/_api/replication/logger-first-tick",
    access: "read",
    handle: (context) => json(200, { firstTick: `${leader(context).log.range().tickMin}` }),
  },
  { method: "GET", path: "/_api/replication/logger-tick-ranges", access: "read", handle: tickRanges },
  { method: "GET", path: "/_api/replication/logger-follow", access: "admin", handle: follow },
  { method: "PUT", path: "/_api/replication/logger-follow", access: "admin", handle: follow },
  {
    method: "GET",
    path: "/_api/replication/server-id",
    access: "read",
    handle: (context) => json(200, { serverId: context.engine.serverId }),
  },
  { method: "GET", path: "/_api/replication/dump", access: "read", handle: dump },
  { method: "GET", path: "/_api/replication/revisions/tree", access: "read", handle: tree },
  { method: "POST", path: "/_api/replication/revisions/tree", access: "read", handle: rebuildRevisionTree },
  { method: "GET", path: "/_api/replication/revisions/pending", access: "read", handle: pendingUpdates },
  { method: "PUT", path: "/_api/replication/revisions/ranges", access: "read", handle: ranges },
  { method: "PUT", path: "/_api/replication/revisions/documents", access: "read", handle: documents },
  { method: "POST", path: "/_api/replication/keys", access: "read", handle: createKeys },
  { method: "GET", path: "/_api/replication/keys/:id", access: "read", handle: keyChunks },
  { method: "PUT", path: "/_api/replication/keys/:id", access: "read", handle: chunkContent },
  { method: "DELETE", path: "/_api/replication/keys/:id", access: "read", handle: deleteKeys },
  { method: "PUT", path: "/_api/replication/sync", access: "write", start: startSync },
  { method: "GET", path: "/_api/wal/range", access: "admin", handle: range },
  { method: "GET", path: "/_api/wal/lastTick", access: "admin", handle: lastTick },
  { method: "GET", path: "/_api/wal/tail", access: "admin", handle: tail },
  { method: "PUT", path: "/_api/wal/tail", access: "admin", handle: tail },
  { method: "DELETE", path: "/_api/wal/tail", access: "admin", handle: untail },
  {
    method: "GET",
    path: "/_api/wal/open-transactions",
    access: "admin",
    handle: () => json(200, []),
  },
  ...["/_api/wal", "/_api/wal/*rest"].map((path): Route => ({
    method: "*",
    path,
    access: "admin",
    handle() {
      throw new ArangoError("ERROR_HTTP_BAD_PARAMETER");
    },
  })),
];

/**
 * `/_api/dump`: what dump tools fetch over several connections.
 *
 * @module
 */
import { ArangoError } from "../../base/arango_error.ts";
import type { ApiReply } from "../../base/exchange.ts";
import type { Projections } from "../../replication/parallel_dumps.ts";
import { dumpsOf } from "../dumps.ts";
import { bytes, empty, ok, type RequestContext, type Route } from "../route.ts";

const DUMP_TYPE = "application/x-arango-dump; charset=utf-8";
/** The most documents of a batch. Source: `--dump.max-docs-per-batch`. */
const MAX_DOCUMENTS = 1_000_000;

function invalid(name: string, expected: string): ArangoError {
  return new ArangoError("ERROR_BAD_PARAMETER", `bad parameter: '${name}' should be ${expected}`);
}

function isStrings(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === "string");
}

/** A number of the body. */
function size(body: Readonly<Record<string, unknown>>, name: string): number | undefined {
  const value = body[name];
  if (value === undefined) return undefined;
  if (typeof value !== "number" || value <= 0) throw invalid(name, "a positive number");
  return value;
}

function projectionsOf({ projections }: Readonly<Record<string, unknown>>): Projections | undefined {
  if (projections === undefined || projections === null) return undefined;
  const isObject = typeof projections === "object" && !Array.isArray(projections);
  if (!isObject || !Object.values(projections).every(isStrings)) {
    throw invalid("projections", "an object of paths, arrays of attribute names");
  }
  return projections as Projections;
}

function start(context: RequestContext): ApiReply {
  const body = context.object();
  // a single server's collections are its shards
  if (!isStrings(body.shards)) throw invalid("shards", "an array of names");
  if (body.useVPack === true) {
    throw new ArangoError("ERROR_NOT_IMPLEMENTED", "not implemented: denosh dumps JSON only, no VelocyPack (useVPack)");
  }
  const chunkSize = size(body, "batchSize");
  const order = {
    collections: [...new Set(body.shards.map((name) => context.readable(name)))],
    limits: {
      documents: Math.min(size(body, "docsPerBatch") ?? MAX_DOCUMENTS, MAX_DOCUMENTS),
      ...(chunkSize === undefined ? {} : { chunkSize }),
    },
    projections: projectionsOf(body),
    ttl: size(body, "ttl"),
    user: context.user,
    database: context.databaseName,
  };
  return ok({}, 201, { "x-arango-dump-id": dumpsOf(context.server).start(order) });
}

function next({ server, params, query, user, databaseName }: RequestContext): ApiReply {
  const batchId = query.get("batchId");
  const lastBatch = query.get("lastBatch") ?? undefined;
  for (const [name, value] of [["batchId", batchId], ["lastBatch", lastBatch]] as const) {
    if (value !== undefined && !/^\d+$/.test(value ?? "")) throw invalid(name, "a number");
  }
  const batch = dumpsOf(server).next(params.id!, user, databaseName, batchId!, lastBatch);
  if (!batch) return empty(204);
  return bytes(200, DUMP_TYPE, batch.lines, { "x-arango-dump-shard-id": batch.collection });
}

function end({ server, params, user, databaseName }: RequestContext): ApiReply {
  dumpsOf(server).end(params.id!, user, databaseName);
  return ok();
}

function wrongPath(context: RequestContext): ApiReply {
  const { method } = context.request;
  const expected = method === "DELETE" ? "/_api/dump/<id>" : "/_api/dump/start or /_api/dump/next/<id>";
  throw new ArangoError("ERROR_BAD_PARAMETER", `expecting ${method} ${expected}`);
}

/** The routes. */
export const DUMPS: readonly Route[] = [
  { method: "POST", path: "/_api/dump/start", access: "read", handle: start },
  { method: "POST", path: "/_api/dump/next/:id", access: "read", handle: next },
  { method: "DELETE", path: "/_api/dump/:id", access: "read", handle: end },
  ...["POST", "DELETE"].map((method): Route => ({
    method,
    path: "/_api/dump/*rest",
    access: "read",
    handle: wrongPath,
  })),
];

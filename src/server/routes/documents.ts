/**
 * `/_api/document` and `/_api/edges`: single documents and arrays of them.
 *
 * Documents pass through as JSON text; only the metadata around them is made here.
 *
 * Source: recorded examples `RestDocumentHandler*`, `RestEdges*`; HTTP API description; `arangosh.md` §5.5.
 *
 * @module
 */
import { ArangoError } from "../../base/arango_error.ts";
import type { ApiReply } from "../../base/exchange.ts";
import { checkedJson, elements, isObjectText, members, stringValue } from "../../base/json_text.ts";
import { keysOf, type PlannedChange, plannedChange } from "../../base/planned_change.ts";
import { decodeRevision, encodeRevision } from "../../base/revision.ts";
import { type Collection, ConflictError, type InsertOptions, type WriteResult } from "../../engine/collection.ts";
import { documentParts } from "../../engine/document_text.ts";
import { empty, errorReply, jsonText, type RequestContext, type Route } from "../route.ts";

/** A document as the engine gives it. */
type Stored = NonNullable<WriteResult["old"]>;

/** How many elements of an array are taken apart before the first of them is written. */
const PAGE = 1000;

/** What the parameters of a request say about a write. */
interface WriteRequest {
  readonly options: InsertOptions;
  readonly returnOld: boolean;
  readonly returnNew: boolean;
  readonly silent: boolean;
  /** Whether a `_rev` in the body counts. */
  readonly checksRevisions: boolean;
}

const OVERWRITE_MODES: readonly string[] = ["conflict", "ignore", "replace", "update"];

function writeRequest(context: RequestContext): WriteRequest {
  const versionAttribute = context.query.get("versionAttribute");
  const mode = context.query.get("overwriteMode") ?? (context.flag("overwrite", false) ? "replace" : "conflict");
  if (!OVERWRITE_MODES.includes(mode)) {
    throw new ArangoError("ERROR_BAD_PARAMETER", `bad parameter: overwriteMode cannot be '${mode}'`);
  }
  return {
    options: {
      overwriteMode: mode as NonNullable<InsertOptions["overwriteMode"]>,
      keepNull: context.flag("keepNull", true),
      mergeObjects: context.flag("mergeObjects", true),
      isRestore: context.flag("isRestore", false),
      skipDocumentValidation: context.flag("skipDocumentValidation", false),
      waitForSync: context.flag("waitForSync", false),
      ...(versionAttribute === null || versionAttribute === "" ? {} : { versionAttribute }),
    },
    returnOld: context.flag("returnOld", false),
    returnNew: context.flag("returnNew", false),
    silent: context.flag("silent", false),
    checksRevisions: !context.flag("ignoreRevs", true),
  };
}

/** `_id`, `_key` and `_rev` of a document, without the closing brace. */
function metadata(collection: Collection, key: string, rev: bigint): string {
  return `{"_id":${JSON.stringify(`${collection.name}/${key}`)},"_key":"${key}","_rev":"${encodeRevision(rev)}"`;
}

function resultText(collection: Collection, result: WriteResult, { returnOld, returnNew }: WriteRequest): string {
  let text = metadata(collection, result.key, result.rev);
  // a removal has no revision after
  if (result.oldRev !== undefined) text += `,"_oldRev":"${encodeRevision(result.oldRev)}"`;
  if (returnOld && result.old) text += `,"old":${result.old.text}`;
  if (returnNew && result.new) text += `,"new":${result.new.text}`;
  return text + "}";
}

/** What failed for one of many documents: unlike for a single one, without the document that was found. */
function errorText({ errorNum, message }: ArangoError): string {
  return JSON.stringify({ error: true, errorNum, errorMessage: message });
}

/** The collection of a path, or of the parameter of older clients. */
function named(context: RequestContext): string {
  const name = context.params.collection ?? context.query.get("collection") ?? "";
  if (name === "") {
    throw new ArangoError(
      "ERROR_ARANGO_COLLECTION_PARAMETER_MISSING",
      "'collection' is missing, expecting /_api/document/<collectionname> or query parameter 'collection'",
    );
  }
  return name;
}

function successCode(collection: Collection, { options }: WriteRequest, synced: number): number {
  return options.waitForSync || collection.properties.waitForSync ? synced : 202;
}

/** The answer to a change of one document. */
function single(
  context: RequestContext,
  collection: Collection,
  request: WriteRequest,
  result: WriteResult,
  synced: number,
): ApiReply {
  const status = successCode(collection, request, synced);
  if (request.silent) return jsonText(status, "{}");
  const headers = {
    etag: `"${encodeRevision(result.rev)}"`,
    location: context.location(
      `/_api/document/${encodeURIComponent(collection.name)}/${encodeURIComponent(result.key)}`,
    ),
  };
  return jsonText(status, resultText(collection, result, request), headers);
}

/** Does something to each element of the body; failures of single ones are part of the answer. */
function each(
  context: RequestContext,
  collection: Collection,
  request: WriteRequest,
  synced: number,
  body: string,
  change: (element: string) => PlannedChange<WriteResult>,
): ApiReply {
  const results: string[] = [];
  const failures = new Map<number, number>();
  const silentFailures: string[] = [];
  const all = elements(body);
  context.engine.write(all.length > 0 ? [collection] : [], () => {
    for (let from = 0; from < all.length; from += PAGE) {
      const changes = all.slice(from, from + PAGE).map((element) => plannedChange(() => change(element)));
      collection.expect(keysOf(changes));
      for (const { make } of changes) {
        try {
          const result = make();
          if (!request.silent) results.push(resultText(collection, result, request));
        } catch (error) {
          if (!context.isDocumentError(error)) throw error;
          failures.set(error.errorNum, (failures.get(error.errorNum) ?? 0) + 1);
          (request.silent ? silentFailures : results).push(errorText(error));
        }
      }
    }
  });
  const headers: Record<string, string> = failures.size === 0
    ? {}
    : { "x-arango-error-codes": JSON.stringify(Object.fromEntries(failures)) };
  // nothing done is nothing synchronised
  const failed = [...failures.values()].reduce((sum, count) => sum + count, 0);
  const status = failed > 0 && failed === all.length ? 202 : successCode(collection, request, synced);
  if (request.silent) return jsonText(status, failures.size === 0 ? "{}" : `[${silentFailures}]`, headers);
  return jsonText(status, `[${results}]`, headers);
}

function bodyText(context: RequestContext): string {
  return checkedJson(context.text());
}

function isArray(text: string): boolean {
  return text.charCodeAt(0) === 0x5b;
}

function insert(context: RequestContext): ApiReply {
  const name = named(context);
  const request = writeRequest(context);
  const body = bodyText(context);
  const collection = context.writable(name);
  if (!isArray(body)) return single(context, collection, request, collection.insert(body, request.options), 201);
  return each(context, collection, request, 201, body, (element) => {
    const parts = documentParts(element, collection.isEdge);
    return { key: parts.key, make: () => collection.insert(parts, request.options) };
  });
}

/** The key in an element that names a document: a key, an id, or an object with one of them. */
function selectedKey(collection: Collection, element: string): { key: string; rev: string | undefined } {
  const text = stringValue(element);
  if (text !== undefined) return { key: ownKey(collection, text), rev: undefined };
  if (element.charCodeAt(0) !== 0x7b) throw new ArangoError("ERROR_ARANGO_DOCUMENT_HANDLE_BAD");
  const parts = members(element);
  const key = stringValue(parts.get("_key")?.raw) ?? stringValue(parts.get("_id")?.raw);
  if (key === undefined) throw new ArangoError("ERROR_ARANGO_DOCUMENT_HANDLE_BAD");
  return { key: ownKey(collection, key), rev: stringValue(parts.get("_rev")?.raw) };
}

/** The key of a handle; documents of other collections are not found here. */
function ownKey(collection: Collection, handle: string): string {
  const slash = handle.indexOf("/");
  if (slash < 0) return handle;
  if (handle.slice(0, slash) !== collection.name) throw new ArangoError("ERROR_ARANGO_DOCUMENT_NOT_FOUND");
  return handle.slice(slash + 1);
}

/** Options with the revision that must be stored. */
function expecting(options: InsertOptions, rev: string | undefined): InsertOptions {
  return rev === undefined ? options : { ...options, ifMatch: rev };
}

/** Replaces or updates: the two differ in one call. */
function modify(context: RequestContext, method: "replace" | "update"): ApiReply {
  const request = writeRequest(context);
  const body = bodyText(context);
  const { key } = context.params;
  const isRightType = key === undefined ? isArray(body) : isObjectText(body);
  if (!isRightType) throw new ArangoError("ERROR_ARANGO_DOCUMENT_TYPE_INVALID");
  const collection = context.writable(named(context));
  if (key !== undefined) {
    // the path names the document, whatever the body says
    const rev = context.headerRevision("if-match") ??
      (request.checksRevisions ? stringValue(members(body).get("_rev")?.raw) : undefined);
    return single(context, collection, request, collection[method](key, body, expecting(request.options, rev)), 201);
  }
  return each(context, collection, request, 201, body, (element) => {
    if (element.charCodeAt(0) !== 0x7b) throw new ArangoError("ERROR_ARANGO_DOCUMENT_TYPE_INVALID");
    const { key, rev } = selectedKey(collection, element);
    const options = expecting(request.options, request.checksRevisions ? rev : undefined);
    return { key, make: () => collection[method](key, element, options) };
  });
}

function remove(context: RequestContext): ApiReply {
  const request = writeRequest(context);
  const { key } = context.params;
  const body = key === undefined ? bodyText(context) : "";
  const collection = context.writable(named(context));
  if (key !== undefined) {
    const result = collection.remove(key, expecting(request.options, context.headerRevision("if-match")));
    return single(context, collection, request, result, 200);
  }
  const removal = (element: string): PlannedChange<WriteResult> => {
    const { key, rev } = selectedKey(collection, element);
    const options = expecting(request.options, request.checksRevisions ? rev : undefined);
    return { key, make: () => collection.remove(key, options) };
  };
  if (isArray(body)) return each(context, collection, request, 200, body, removal);
  if (isObjectText(body)) return single(context, collection, request, removal(body).make(), 200);
  throw new ArangoError("ERROR_HTTP_BAD_PARAMETER", "Request body not parseable");
}

function conflict(collection: Collection, document: Stored): ConflictError {
  return new ConflictError(collection.name, document);
}

function read(context: RequestContext): ApiReply {
  const collection = context.readable(named(context));
  const document = collection.document(context.params.key!);
  if (!document) throw new ArangoError("ERROR_ARANGO_DOCUMENT_NOT_FOUND");
  const etag = `"${encodeRevision(document.rev)}"`;
  const wanted = context.headerRevision("if-match");
  if (wanted !== undefined && decodeRevision(wanted) !== document.rev) {
    return errorReply(conflict(collection, document));
  }
  const other = context.headerRevision("if-none-match");
  if (other !== undefined && decodeRevision(other) === document.rev) return empty(304, { etag });
  return jsonText(200, document.text, { etag });
}

function readMany(context: RequestContext): ApiReply {
  const body = bodyText(context);
  if (!isArray(body)) throw new ArangoError("ERROR_ARANGO_DOCUMENT_TYPE_INVALID");
  const collection = context.readable(named(context));
  const checksRevisions = !context.flag("ignoreRevs", true);
  const failures = new Map<number, number>();
  const results = elements(body).map((element) => {
    try {
      const { key, rev } = selectedKey(collection, element);
      const document = collection.document(key);
      if (!document) throw new ArangoError("ERROR_ARANGO_DOCUMENT_NOT_FOUND");
      if (checksRevisions && rev !== undefined && decodeRevision(rev) !== document.rev) {
        throw conflict(collection, document);
      }
      return document.text;
    } catch (error) {
      if (!context.isDocumentError(error)) throw error;
      failures.set(error.errorNum, (failures.get(error.errorNum) ?? 0) + 1);
      return errorText(error);
    }
  });
  const headers: Record<string, string> = failures.size === 0
    ? {}
    : { "x-arango-error-codes": JSON.stringify(Object.fromEntries(failures)) };
  return jsonText(200, `[${results}]`, headers);
}

function replaceMany(context: RequestContext): ApiReply {
  return context.flag("onlyget", false) ? readMany(context) : modify(context, "replace");
}

/** Edges of a vertex in the order of their revisions, each once. */
function edgesOf(collection: Collection, vertex: string, direction: string): Stored[] {
  const file = collection.reading();
  if (!file) return [];
  const found = new Map<bigint, Stored>();
  for (const end of direction === "out" ? ["from"] : direction === "in" ? ["to"] : ["from", "to"]) {
    for (const edge of file.edges(end as "from" | "to", vertex, 0n, Number.MAX_SAFE_INTEGER)) found.set(edge.rev, edge);
  }
  return [...found.values()].sort((a, b) => (a.rev < b.rev ? -1 : 1));
}

function edgeCollection(context: RequestContext): { collection: Collection; direction: string } {
  const collection = context.readable();
  if (!collection.isEdge) throw new ArangoError("ERROR_ARANGO_COLLECTION_TYPE_INVALID");
  const direction = context.query.get("direction") ?? "any";
  if (!["any", "in", "out"].includes(direction)) {
    throw new ArangoError("ERROR_HTTP_BAD_PARAMETER", "<direction> must be any, in, or out, not: " + direction);
  }
  return { collection, direction };
}

function edgesReply(edges: readonly Stored[], cursors: number): ApiReply {
  const stats = {
    writesExecuted: 0,
    writesIgnored: 0,
    documentLookups: edges.length,
    seeks: 0,
    scannedFull: 0,
    scannedIndex: edges.length,
    searchParallelism: 1,
    cursorsCreated: cursors,
    cursorsRearmed: 0,
    cacheHits: 0,
    cacheMisses: cursors,
    filtered: 0,
    httpRequests: 0,
    executionTime: 0,
    peakMemoryUsage: 0,
    intermediateCommits: 0,
  };
  const texts = edges.map(({ text }) => text);
  return jsonText(200, `{"edges":[${texts}],"error":false,"code":200,"stats":${JSON.stringify(stats)}}`);
}

function readEdges(context: RequestContext): ApiReply {
  const { collection, direction } = edgeCollection(context);
  const vertex = context.query.get("vertex");
  if (vertex === null || vertex === "") throw new ArangoError("ERROR_ARANGO_DOCUMENT_HANDLE_BAD");
  return edgesReply(edgesOf(collection, vertex, direction), direction === "any" ? 2 : 1);
}

function readManyEdges(context: RequestContext): ApiReply {
  const { collection, direction } = edgeCollection(context);
  const given = context.json();
  if (!Array.isArray(given)) {
    throw new ArangoError("ERROR_HTTP_BAD_PARAMETER", "Expected an array of vertex _id's in body parameter");
  }
  const vertices = given.filter((one) => typeof one === "string");
  const found = new Map<bigint, Stored>();
  for (const vertex of vertices) for (const edge of edgesOf(collection, vertex, direction)) found.set(edge.rev, edge);
  return edgesReply([...found.values()], vertices.length);
}

/** What a path with a document looks like, by method. */
const EXPECTED: Readonly<Record<string, string>> = {
  POST: "/_api/document?collection=<identifier>",
  DELETE: "/_api/document/<collection>/<key> or /_api/document/<collection> with a body",
  PUT: "/_api/document/<collectionname> or /_api/document/<document-handle>",
  PATCH: "/_api/document/<collectionname> or /_api/document/<document-handle>",
};

function wrongPath(context: RequestContext): ApiReply {
  const { method } = context.request;
  const expected = EXPECTED[method] ?? "/_api/document/<collection>/<key>";
  if (method === "GET" && context.params.rest !== undefined) {
    throw new ArangoError("ERROR_HTTP_SUPERFLUOUS_SUFFICES", `expecting GET ${expected}`, { code: 404 });
  }
  return context.refusePath(expected, method === "POST" ? "superfluous" : "missing");
}

/** Updates documents of the collection that a parameter names, as older clients do: pyArango tests that. */
function updateNamed(context: RequestContext): ApiReply {
  return context.query.has("collection") ? modify(context, "update") : wrongPath(context);
}

function wrongEdgesPath(context: RequestContext): ApiReply {
  const vertex = context.request.method === "GET" ? "vertex=<vertex-handle>&" : "";
  return context.refusePath(`/_api/edges/<collection-identifier>?${vertex}direction=<direction>`, "missing");
}

const MANY = "/_api/document/:collection";
const ONE = "/_api/document/:collection/:key";

/** The routes. */
export const DOCUMENTS: readonly Route[] = [
  { method: "POST", path: "/_api/document", access: "read", transactional: true, handle: insert },
  { method: "POST", path: MANY, access: "read", transactional: true, handle: insert },
  { method: "PUT", path: MANY, access: "read", transactional: true, handle: replaceMany },
  { method: "PATCH", path: MANY, access: "read", transactional: true, handle: (context) => modify(context, "update") },
  { method: "DELETE", path: MANY, access: "read", transactional: true, handle: remove },
  { method: "GET", path: MANY, access: "read", transactional: true, handle: wrongPath },
  { method: "PATCH", path: "/_api/document", access: "read", transactional: true, handle: updateNamed },
  ...["GET", "PUT", "DELETE"].map((method): Route => ({
    method,
    path: "/_api/document",
    access: "read",
    handle: wrongPath,
  })),
  { method: "POST", path: ONE, access: "read", handle: wrongPath },
  ...["GET", "POST", "PUT", "PATCH", "DELETE"].map((method): Route => ({
    method,
    path: `${ONE}/*rest`,
    access: "read",
    handle: wrongPath,
  })),
  { method: "GET", path: ONE, access: "read", transactional: true, handle: read },
  { method: "PUT", path: ONE, access: "read", transactional: true, handle: (context) => modify(context, "replace") },
  { method: "PATCH", path: ONE, access: "read", transactional: true, handle: (context) => modify(context, "update") },
  { method: "DELETE", path: ONE, access: "read", transactional: true, handle: remove },
  { method: "GET", path: "/_api/edges/:collection", access: "read", transactional: true, handle: readEdges },
  { method: "POST", path: "/_api/edges/:collection", access: "read", transactional: true, handle: readManyEdges },
  ...["GET", "POST"].flatMap((method): Route[] => [
    { method, path: "/_api/edges", access: "read", handle: wrongEdgesPath },
    { method, path: "/_api/edges/:collection/*rest", access: "read", handle: wrongEdgesPath },
  ]),
];

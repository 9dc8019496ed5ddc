/**
 * `/_api/gharial`: named graphs, their vertices and their edges.
 *
 * Source: recorded examples `HttpGharial*`; HTTP API description.
 *
 * @module
 */
import { ArangoError } from "../../base/arango_error.ts";
import type { ApiReply } from "../../base/exchange.ts";
import { checkedJson, isObjectText, members, stringValue } from "../../base/json_text.ts";
import { decodeRevision, encodeRevision } from "../../base/revision.ts";
import { type Collection, ConflictError, type WriteOptions, type WriteResult } from "../../engine/collection.ts";
import { assertEdges, assertVertices, hasEdges, type StoredGraph, vertexCollections } from "../graph_document.ts";
import { type EdgeEnd, Graphs } from "../graphs.ts";
import { empty, jsonText, ok, type RequestContext, type Route } from "../route.ts";

function graphs(context: RequestContext): Graphs {
  return new Graphs(context.database);
}

/** A graph as answers show it: the name at the end. */
function shown({ _key, _id, _rev, ...rest }: StoredGraph): Record<string, unknown> {
  return { _key, ...rest, _rev, _id, name: _key };
}

function graphReply(context: RequestContext, graph: StoredGraph, status?: number): ApiReply {
  const code = status ?? (context.flag("waitForSync", false) ? 201 : 202);
  return ok({ graph: shown(graph) }, code, { etag: graph._rev });
}

function removeGraph(context: RequestContext): ApiReply {
  graphs(context).remove(context.params.graph!, context.flag("dropCollections", false));
  return ok({ removed: true }, 202);
}

/** What is in a graph: vertices or edges. */
type Kind = "vertex" | "edge";

interface Target {
  readonly store: Graphs;
  readonly graph: StoredGraph;
  readonly collection: Collection;
}

function target(context: RequestContext, kind: Kind, needed: "ro" | "rw"): Target {
  const store = graphs(context);
  const graph = store.get(context.params.graph!);
  const name = context.params.collection!;
  // edges can be read as vertices. Source: tests of arangodb-php
  const isEdge = kind === "edge" || (needed === "ro" && hasEdges(graph, name));
  if (isEdge) assertEdges(graph, name);
  else assertVertices(graph, name);
  return { store, graph, collection: needed === "ro" ? context.readable(name) : context.writable(name) };
}

function bodyObject(context: RequestContext): string {
  const text = checkedJson(context.text());
  if (!isObjectText(text)) throw new ArangoError("ERROR_ARANGO_DOCUMENT_TYPE_INVALID");
  return text;
}

/** The revision that has to be stored; it may be a parameter too. */
function expectedRevision(context: RequestContext): string | undefined {
  return context.headerRevision("if-match") ?? (context.query.get("rev") || undefined);
}

function writeOptions(context: RequestContext): WriteOptions {
  const ifMatch = expectedRevision(context);
  return {
    keepNull: context.flag("keepNull", true),
    waitForSync: context.flag("waitForSync", false),
    ...(ifMatch === undefined ? {} : { ifMatch }),
  };
}

function synced(context: RequestContext, collection: Collection): boolean {
  return context.flag("waitForSync", false) || collection.properties.waitForSync;
}

/** `_id`, `_key` and `_rev` of what was written, as JSON text. */
function writtenText(collection: Collection, result: WriteResult): string {
  const old = result.oldRev === undefined ? "" : `,"_oldRev":"${encodeRevision(result.oldRev)}"`;
  const id = JSON.stringify(`${collection.name}/${result.key}`);
  return `{"_id":${id},"_key":"${result.key}","_rev":"${encodeRevision(result.rev)}"${old}}`;
}

/** The answer to a change of a vertex or edge. */
function written(
  context: RequestContext,
  kind: Kind,
  collection: Collection,
  result: WriteResult,
  status: number,
): ApiReply {
  const code = synced(context, collection) ? status : 202;
  let text = `{"error":false,"code":${code},"${kind}":${writtenText(collection, result)}`;
  if (result.old && context.flag("returnOld", false)) text += `,"old":${result.old.text}`;
  if (result.new && context.flag("returnNew", false)) text += `,"new":${result.new.text}`;
  return jsonText(code, text + "}", { etag: encodeRevision(result.rev) });
}

/**
 * The ends of an edge as a body gives them.
 *
 * @param isPartial whether those that the body does not name stay as they are
 */
function endsOf(text: string, isPartial = false): EdgeEnd[] {
  const parts = members(text);
  const names = (["_from", "_to"] as const).filter((name) => !isPartial || parts.has(name));
  return names.map((name) => ({ name, id: stringValue(parts.get(name)?.raw) }));
}

function insert(context: RequestContext, kind: Kind): ApiReply {
  const { store, graph, collection } = target(context, kind, "rw");
  const text = bodyObject(context);
  if (kind === "edge") store.checkEnds(graph, endsOf(text));
  return written(context, kind, collection, collection.insert(text, writeOptions(context)), 201);
}

function read(context: RequestContext, kind: Kind): ApiReply {
  const { collection } = target(context, kind, "ro");
  const document = collection.document(context.params.key!);
  if (!document) throw new ArangoError("ERROR_ARANGO_DOCUMENT_NOT_FOUND");
  const etag = encodeRevision(document.rev);
  const wanted = expectedRevision(context);
  if (wanted !== undefined && decodeRevision(wanted) !== document.rev) {
    throw new ConflictError(collection.name, document);
  }
  const other = context.headerRevision("if-none-match");
  if (other !== undefined && decodeRevision(other) === document.rev) return empty(304, { etag });
  return jsonText(200, `{"error":false,"code":200,"${kind}":${document.text}}`, { etag });
}

function change(context: RequestContext, kind: Kind, method: "replace" | "update"): ApiReply {
  const { store, graph, collection } = target(context, kind, "rw");
  const text = bodyObject(context);
  if (kind === "edge") store.checkEnds(graph, endsOf(text, method === "update"));
  const result = collection[method](context.params.key!, text, writeOptions(context));
  return written(context, kind, collection, result, 200);
}

function remove(context: RequestContext, kind: Kind): ApiReply {
  const { store, collection } = target(context, kind, "rw");
  const edges = store.edgeCollections(collection.name);
  const result = context.engine.write([...new Set([collection, ...edges])], () => {
    const removed = collection.remove(context.params.key!, writeOptions(context));
    store.removeEdgesOf(`${collection.name}/${removed.key}`, edges);
    return removed;
  });
  const code = synced(context, collection) ? 200 : 202;
  const old = context.flag("returnOld", false) ? `,"old":${result.old!.text}` : "";
  return jsonText(code, `{"error":false,"code":${code},"removed":true${old}}`);
}

const GRAPH = "/_api/gharial/:graph";

/** The routes of vertices or edges. */
function contentRoutes(kind: Kind): Route[] {
  const all = `${GRAPH}/${kind}/:collection`;
  const one = `${all}/:key`;
  const row = (method: string, path: string, handle: (context: RequestContext) => ApiReply): Route => ({
    method,
    path,
    access: "read",
    transactional: true,
    handle,
  });
  return [
    row("POST", all, (context) => insert(context, kind)),
    row("GET", one, (context) => read(context, kind)),
    row("PUT", one, (context) => change(context, kind, "replace")),
    row("PATCH", one, (context) => change(context, kind, "update")),
    row("DELETE", one, (context) => remove(context, kind)),
  ];
}

/** The routes. */
export const GRAPHS: readonly Route[] = [
  {
    method: "GET",
    path: "/_api/gharial",
    access: "read",
    handle(context) {
      const all = graphs(context).all().map(({ _key, _id, _rev, ...rest }) => ({
        _id,
        _key,
        _rev,
        ...rest,
        name: _key,
      }));
      return ok({ graphs: all });
    },
  },
  {
    method: "POST",
    path: "/_api/gharial",
    access: "write",
    handle: (context) => graphReply(context, graphs(context).create(context.object())),
  },
  {
    method: "GET",
    path: GRAPH,
    access: "read",
    handle: (context) => ok({ graph: shown(graphs(context).get(context.params.graph!)) }),
  },
  { method: "DELETE", path: GRAPH, access: "write", handle: removeGraph },
  ...(["vertex", "edge"] as const).map((kind): Route => ({
    method: "GET",
    path: `${GRAPH}/${kind}`,
    access: "read",
    handle: (context) => {
      const graph = graphs(context).get(context.params.graph!);
      const collections = kind === "vertex"
        ? vertexCollections(graph)
        : graph.edgeDefinitions.map(({ collection }) => collection);
      return ok({ collections });
    },
  })),
  {
    method: "POST",
    path: `${GRAPH}/vertex`,
    access: "write",
    handle(context) {
      const create = context.flag("createCollection", true);
      const { collection } = context.object();
      return graphReply(context, graphs(context).addOrphan(context.params.graph!, collection, create));
    },
  },
  {
    method: "DELETE",
    path: `${GRAPH}/vertex/:collection`,
    access: "write",
    handle(context) {
      const { graph, collection } = context.params;
      const changed = graphs(context).removeOrphan(graph!, collection!, context.flag("dropCollection", false));
      return graphReply(context, changed, context.flag("waitForSync", false) ? 200 : 202);
    },
  },
  {
    method: "POST",
    path: `${GRAPH}/edge`,
    access: "write",
    handle: (context) => graphReply(context, graphs(context).addDefinition(context.params.graph!, context.object())),
  },
  {
    method: "PUT",
    path: `${GRAPH}/edge/:collection`,
    access: "write",
    handle(context) {
      const { graph, collection } = context.params;
      return graphReply(context, graphs(context).changeDefinition(graph!, collection!, context.object()));
    },
  },
  {
    method: "DELETE",
    path: `${GRAPH}/edge/:collection`,
    access: "write",
    handle(context) {
      const { graph, collection } = context.params;
      const drop = context.flag("dropCollections", false);
      return graphReply(context, graphs(context).removeDefinition(graph!, collection!, drop));
    },
  },
  ...contentRoutes("vertex"),
  ...contentRoutes("edge"),
];

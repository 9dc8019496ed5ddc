/**
 * Resolves the graphs that traversals and path searches walk.
 *
 * @module
 */
import type { DataSourceName, Direction, GraphSubject } from "../ast.ts";
import { invalidBind } from "../bind_parameters.ts";
import type { BoundGraph, BoundOptions } from "../bound.ts";
import { constant } from "../plan/expression.ts";
import { namesOf, restrictionOf } from "../plan/graph_settings.ts";
import { type AqlValue, isObject } from "../values.ts";
import type { Resolution } from "./resolution.ts";

/**
 * What a graph statement walks.
 *
 * @throws ArangoError 1924, 1203 for what is missing, 1218 for collections without edges, 1926 and 1939 for restrictions to what
 *   is not in the graph
 */
export function boundGraph(
  resolution: Resolution,
  graph: GraphSubject,
  direction: Direction,
  options: BoundOptions | undefined,
): BoundGraph {
  const bound = graph.kind === "graph"
    ? namedGraph(resolution, graph.name, direction)
    : edgeList(resolution, graph, direction);
  if (!resolution.input) return bound;
  const only = restrictionOf(options?.value.edgeCollections);
  if (only) checkEdgeRestriction(resolution, only, bound);
  const vertices = restrictionOf(options?.value.vertexCollections);
  if (vertices) checkVertexRestriction(resolution, vertices, bound);
  for (const { collection } of bound.edges) checkIsEdges(resolution, collection.name);
  const edges = withoutDuplicates(resolution, bound.edges);
  return { ...bound, edges: only ? edges.filter(({ collection }) => only.includes(collection.name)) : edges };
}

function checkIsEdges(resolution: Resolution, name: string): void {
  if (resolution.input!.source.collection(name)?.type === 3) return;
  throw resolution.lateError(
    "ERROR_ARANGO_COLLECTION_TYPE_INVALID",
    `collection type invalid: '${name}' is no edge collection`,
    "instantiating plan",
  );
}

/** Refuses names in the option `edgeCollections` that are no edge collections of the graph. */
function checkEdgeRestriction(resolution: Resolution, names: readonly string[], graph: BoundGraph): void {
  for (const name of names) {
    resolution.known(name);
    checkIsEdges(resolution, name);
    const isThere = graph.edges.some(({ collection }) => collection.name === name);
    if (!isThere) throw resolution.lateError("ERROR_GRAPH_EDGE_COL_DOES_NOT_EXIST", undefined, "instantiating plan");
  }
}

/** Refuses names in the option `vertexCollections` that do not exist, or do not belong to a named graph. */
function checkVertexRestriction(resolution: Resolution, names: readonly string[], graph: BoundGraph): void {
  for (const name of names) {
    resolution.known(name);
    const isThere = graph.name === undefined || graph.vertexCollections.includes(name);
    if (!isThere) throw resolution.lateError("ERROR_GRAPH_VERTEX_COL_DOES_NOT_EXIST", undefined, "instantiating plan");
  }
}

/** Each edge collection once; one that is to be followed in different directions is refused. */
function withoutDuplicates(resolution: Resolution, edges: BoundGraph["edges"]): BoundGraph["edges"] {
  const byName = new Map<string, BoundGraph["edges"][number]>();
  for (const edge of edges) {
    const { name } = edge.collection;
    const known = byName.get(name);
    if (known && known.direction !== edge.direction) {
      throw resolution.lateError(
        "ERROR_ARANGO_COLLECTION_TYPE_INVALID",
        `conflicting directions specified for collection '${name}'`,
        "instantiating plan",
      );
    }
    byName.set(name, known ?? edge);
  }
  return [...byName.values()];
}

function namedGraph(resolution: Resolution, name: DataSourceName, direction: Direction): BoundGraph {
  const parameter = name.kind === "bind" ? name.name : `@${name.name}`;
  const bound = name.kind === "name" ? constant(name.name) : resolution.bind(parameter);
  if (!resolution.input) return { name: bound, edges: [], vertexCollections: [] };
  const { value } = bound as { value: AqlValue };
  if (typeof value !== "string" || value === "") throw invalidBind(parameter);
  const definition = graphDefinition(resolution, value);
  if (!definition) throw resolution.lateError("ERROR_GRAPH_NOT_FOUND", `graph '${value}' not found`, "parsing");
  for (const one of definition.vertexCollections) {
    if (resolution.input.source.collection(one)) resolution.touch(one, "read");
  }
  const edges = definition.edgeCollections.map((one) => ({
    direction,
    collection: resolution.boundCollection({ kind: "name", at: 0, name: one }, "read"),
  }));
  return { name: bound, edges, vertexCollections: definition.vertexCollections };
}

/** The collections of a named graph, as `_graphs` has them. */
function graphDefinition(
  resolution: Resolution,
  name: string,
): { edgeCollections: string[]; vertexCollections: string[] } | undefined {
  const { source, context } = resolution.input!;
  context.planIsFleeting = true;
  if (!source.collection("_graphs")) return undefined;
  using session = source.read({ read: ["_graphs"], write: [], waitForSync: false });
  const document = session.reader("_graphs")?.document(name);
  if (!document) return undefined;
  const definitions = Array.isArray(document.edgeDefinitions) ? document.edgeDefinitions.filter(isObject) : [];
  const vertices = definitions.flatMap(({ from, to }) => [...namesOf(from) ?? [], ...namesOf(to) ?? []]);
  return {
    edgeCollections: definitions.flatMap(({ collection }) => namesOf(collection) ?? []),
    vertexCollections: [...new Set([...vertices, ...namesOf(document.orphanCollections) ?? []])],
  };
}

function edgeList(
  resolution: Resolution,
  graph: Extract<GraphSubject, { kind: "edges" }>,
  direction: Direction,
): BoundGraph {
  const edges = graph.collections.flatMap(({ direction: own = direction, name }) => {
    if (name.kind !== "bind") return [{ direction: own, collection: resolution.boundCollection(name, "read") }];
    if (!resolution.input) return [{ direction: own, collection: { name: name.name, parameter: true } }];
    const value = resolution.input.binds.value(name.name);
    const names = Array.isArray(value) ? value : [value];
    return names.map((one) => {
      if (typeof one !== "string") throw invalidBind(name.name);
      return {
        direction: own,
        collection: resolution.boundCollection({ kind: "name", at: graph.at, name: one }, "read"),
      };
    });
  });
  return { edges, vertexCollections: [] };
}

/**
 * Documents of named graphs, and what is in them.
 *
 * Source: recorded examples `HttpGharial*`; HTTP API description of `/_api/gharial`; errors 1901 to 1949.
 *
 * @module
 */
import { ArangoError } from "../base/arango_error.ts";
import type { ErrorName } from "../base/error_table.ts";

/** Which vertex collections the edges of a collection connect. */
export interface EdgeDefinition {
  /** The edge collection. */
  readonly collection: string;
  /** Where edges may start, by name. */
  readonly from: readonly string[];
  /** Where edges may end, by name. */
  readonly to: readonly string[];
}

/** A graph's document. */
export interface GraphDocument {
  /** The name of the graph. */
  readonly _key: string;
  /** By edge collection. */
  readonly edgeDefinitions: readonly EdgeDefinition[];
  /** Vertex collections that no edge definition names. */
  readonly orphanCollections: readonly string[];
  /** What special kinds of graphs have besides. */
  readonly [further: string]: unknown;
}

/** A graph with what its answer shows besides. */
export interface StoredGraph extends GraphDocument {
  /** `_graphs/NAME`. */
  readonly _id: string;
  /** The revision of the definition. */
  readonly _rev: string;
}

/** HTTP statuses of graph errors that are not 400. */
const STATUSES: Readonly<Partial<Record<ErrorName, number>>> = {
  ERROR_GRAPH_DUPLICATE: 409,
  ERROR_GRAPH_NOT_FOUND: 404,
  ERROR_GRAPH_VERTEX_COL_DOES_NOT_EXIST: 404,
  ERROR_GRAPH_EDGE_COL_DOES_NOT_EXIST: 404,
  ERROR_GRAPH_EDGE_COLLECTION_NOT_USED: 404,
  ERROR_GRAPH_REFERENCED_VERTEX_COLLECTION_NOT_PART_OF_THE_GRAPH: 404,
  ERROR_GRAPH_COLLECTION_NOT_PART_OF_THE_GRAPH: 404,
};

/**
 * An error about a graph, with the HTTP status that goes with it.
 *
 * @param message ArangoDB's text for the error if absent
 */
export function graphError(name: ErrorName, message?: string): ArangoError {
  return new ArangoError(name, message, { code: STATUSES[name] ?? 400 });
}

/** Whether a value is a list of names. */
export function isNames(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === "string" && one !== "");
}

const sorted = (names: Iterable<string>): string[] => [...new Set(names)].sort();

/**
 * Checks an edge definition of a client.
 *
 * @throws ArangoError 1923
 */
export function edgeDefinition(given: unknown): EdgeDefinition {
  const { collection, from, to } = (given ?? {}) as Record<string, unknown>;
  if (typeof collection !== "string" || collection === "" || !isNames(from) || !isNames(to)) {
    throw graphError("ERROR_GRAPH_CREATE_MALFORMED_EDGE_DEFINITION");
  }
  if (from.length === 0 || to.length === 0) throw graphError("ERROR_GRAPH_CREATE_MALFORMED_EDGE_DEFINITION");
  return { collection, from: sorted(from), to: sorted(to) };
}

/** The vertex collections of edge definitions. */
export function connected(definitions: readonly EdgeDefinition[]): Set<string> {
  return new Set(definitions.flatMap(({ from, to }) => [...from, ...to]));
}

/** All vertex collections of a graph, by name. */
export function vertexCollections(graph: GraphDocument): string[] {
  return sorted([...connected(graph.edgeDefinitions), ...graph.orphanCollections]);
}

/** A graph with other edge definitions: vertex collections that none of them names any more become orphans. */
export function withDefinitions(graph: GraphDocument, edgeDefinitions: readonly EdgeDefinition[]): GraphDocument {
  const named = connected(edgeDefinitions);
  return { ...graph, edgeDefinitions, orphanCollections: vertexCollections(graph).filter((one) => !named.has(one)) };
}

/** Definitions in the order of their collections. */
export function normalized(graph: GraphDocument): GraphDocument {
  return {
    ...graph,
    edgeDefinitions: [...graph.edgeDefinitions].sort((a, b) => (a.collection < b.collection ? -1 : 1)),
    orphanCollections: sorted(graph.orphanCollections),
  };
}

/** What a smart graph says about its shards; on a single server it is a graph like all others. */
export function smartAttributes(
  given: unknown,
  isDisjoint: unknown,
  definitions: readonly EdgeDefinition[],
): Record<string, unknown> {
  const options = (given ?? {}) as Record<string, unknown>;
  const whole = (name: string): number => typeof options[name] === "number" ? options[name] : 1;
  return {
    numberOfShards: whole("numberOfShards"),
    replicationFactor: whole("replicationFactor"),
    minReplicationFactor: whole("writeConcern"),
    writeConcern: whole("writeConcern"),
    isSmart: true,
    isSatellite: false,
    initial: definitions[0]?.from[0] ?? null,
    smartGraphAttribute: String(options.smartGraphAttribute ?? ""),
    isDisjoint: isDisjoint === true,
  };
}

/**
 * Checks that a graph has a vertex collection.
 *
 * @throws ArangoError 1949
 */
export function assertVertices(graph: GraphDocument, name: string): void {
  if (!vertexCollections(graph).includes(name)) throw graphError("ERROR_GRAPH_COLLECTION_NOT_PART_OF_THE_GRAPH");
}

/**
 * Checks that a graph has an edge collection.
 *
 * @throws ArangoError 1930
 */
export function assertEdges(graph: GraphDocument, name: string): void {
  if (!hasEdges(graph, name)) throw graphError("ERROR_GRAPH_EDGE_COLLECTION_NOT_USED");
}

/** Whether a graph has an edge collection. */
export function hasEdges(graph: GraphDocument, name: string): boolean {
  return graph.edgeDefinitions.some(({ collection }) => collection === name);
}

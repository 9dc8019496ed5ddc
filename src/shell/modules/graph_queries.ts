/**
 * What the methods of a graph find by walking along its edges, as AQL queries.
 *
 * @module
 */

import type { Loose, ModuleScope } from "./scope.ts";

/**
 * The module `denosh/graph-queries`. Each function takes the graph's name and the names of its vertex collections.
 *
 * Source: arangosh.md 5.11; the manual's "Graph Functions".
 */
export function graphQueries({ exports, require }: ModuleScope): void {
  const { make } = require("denosh/errors");
  const { collectionOf } = require("denosh/names");
  const { db } = require("@arangodb");

  /** The graph that is searched. */
  interface Graph {
    readonly name: string;
    readonly vertexCollections: readonly string[];
  }

  /** More edges than any shortest path has. */
  const LONGEST = 1_000_000;

  const listOf = (value: Loose): Loose[] => [].concat(value ?? []);

  /** Bind parameters of one query. */
  class Bound {
    readonly values: Loose = {};

    /** The text for a value; `@` before it makes it the name of a collection. */
    add(value: Loose, sign = ""): string {
      const name = `${sign}p${Object.keys(this.values).length}`;
      this.values[name] = value;
      return `@${name}`;
    }
  }

  /** A condition that holds for the documents that an example describes: an id, attributes, or several of these. */
  function condition(variable: string, example: Loose, bound: Bound): string {
    if (example === undefined || example === null) return "true";
    if (typeof example === "string") return `${variable}._id == ${bound.add(example)}`;
    if (typeof example !== "object") throw make(1936);
    const parts = Array.isArray(example)
      ? example.map((one) => condition(variable, one, bound))
      : Object.entries(example).map(([path, value]) =>
        `${variable}.${bound.add(path.split("."))} == ${bound.add(value)}`
      );
    return parts.length === 0 ? "true" : `(${parts.join(Array.isArray(example) ? " || " : " && ")})`;
  }

  /** An expression for the vertices of a graph that an example describes, or for their ids. */
  function vertexList(graph: Graph, example: Loose, bound: Bound, result = "vertex._id"): string {
    const names = typeof example === "string"
      ? graph.vertexCollections.filter((name) => name === collectionOf(example))
      : [...graph.vertexCollections].sort();
    const lists = names.map((name) => {
      const wanted = condition("vertex", example, bound);
      return `(FOR vertex IN ${bound.add(name, "@")} FILTER ${wanted} RETURN ${result})`;
    });
    return lists.length === 1 ? lists[0]! : lists.length === 0 ? "[]" : `UNION(${lists.join(", ")})`;
  }

  function direction(given: Loose, normal: string): string {
    const name = String(given ?? normal).toUpperCase();
    if (!["ANY", "INBOUND", "OUTBOUND"].includes(name)) throw make(1936);
    return name;
  }

  /** Which neighbours are wanted. */
  function neighbours(graph: Graph, options: Loose, bound: Bound): string {
    const { minDepth = 1, maxDepth = Math.max(minDepth, 1) } = options;
    const restriction = listOf(options.vertexCollectionRestriction);
    const isWanted = [
      "vertex != null",
      condition("vertex", options.neighborExamples, bound),
      condition("edge", options.edgeExamples, bound),
      restriction.length === 0 ? "true" : `PARSE_IDENTIFIER(vertex._id).collection IN ${bound.add(restriction)}`,
    ];
    return `FOR vertex, edge IN ${bound.add(minDepth)}..${bound.add(maxDepth)} ${direction(options.direction, "any")}
        start GRAPH ${bound.add(graph.name)}
        OPTIONS { order: "bfs", edgeCollections: ${bound.add(listOf(options.edgeCollectionRestriction))} }
        FILTER ${isWanted.join(" && ")}`;
  }

  /** The shortest ways from a start to all other vertices. */
  function shortestWays(graph: Graph, options: Loose, bound: Bound): string {
    const attribute = options.weight ?? options.weightAttribute;
    const weights = attribute !== undefined && options.defaultWeight !== undefined
      ? `order: "weighted", weightAttribute: ${bound.add(attribute)}, defaultWeight: ${
        bound.add(options.defaultWeight)
      }`
      : `order: "bfs"`;
    return `FOR vertex, edge, path IN 1..${LONGEST} ${direction(options.direction, "any")}
        start GRAPH ${bound.add(graph.name)}
        OPTIONS { ${weights}, uniqueVertices: "global", edgeCollections: ${
      bound.add(listOf(options.edgeCollectionRestriction))
    } }
        FILTER vertex != null`;
  }

  function rows(text: string, bound: Bound): Loose[] {
    return db._query(text, bound.values).toArray();
  }

  Object.assign(exports, {
    /** The vertices that an example describes, collection by collection. */
    vertices(graph: Graph, example: Loose): Loose[] {
      const bound = new Bound();
      return rows(`FOR vertex IN ${vertexList(graph, example, bound, "vertex")} RETURN vertex`, bound);
    },

    /** What lies some steps away from the vertices of an example: `"vertex"` or `"edge"`, each once. */
    around(graph: Graph, example: Loose, options: Loose, what: "vertex" | "edge"): Loose[] {
      const bound = new Bound();
      return rows(
        `FOR start IN ${vertexList(graph, example, bound)}
          ${neighbours(graph, options, bound)}
          RETURN DISTINCT ${options.includeData ? what : `${what}._id`}`,
        bound,
      );
    },

    /** The neighbours of each vertex of an example: `{ id, neighbours }`. */
    neighboursOfEach(graph: Graph, example: Loose, options: Loose): Loose[] {
      const bound = new Bound();
      return rows(
        `FOR start IN ${vertexList(graph, example, bound)}
          RETURN { id: start, neighbours: (${neighbours(graph, options, bound)} RETURN DISTINCT vertex) }`,
        bound,
      );
    },

    /** All paths of a graph. */
    paths(graph: Graph, options: Loose): Loose[] {
      const bound = new Bound();
      const { minLength = 0, maxLength = 10, followCycles = false } = options;
      return rows(
        `FOR source IN ${vertexList(graph, {}, bound, "vertex")}
          FOR destination, edge, path IN ${bound.add(minLength)}..${bound.add(maxLength)}
            ${direction(options.direction, "outbound")} source GRAPH ${bound.add(graph.name)}
            OPTIONS { uniqueVertices: ${bound.add(followCycles ? "none" : "path")} }
          RETURN { source, destination, edges: path.edges, vertice: path.vertices }`,
        bound,
      );
    },

    /** A shortest path from each vertex of an example to each of another: `{ vertices, edges, distance }`. */
    shortestPaths(graph: Graph, from: Loose, to: Loose, options: Loose): Loose[] {
      const bound = new Bound();
      return rows(
        `LET ends = ${vertexList(graph, to, bound)}
        FOR start IN ${vertexList(graph, from, bound)}
          LET found = MERGE((
            ${shortestWays(graph, options, bound)} && vertex._id IN ends
            RETURN {
              [vertex._id]: {
                vertices: path.vertices[*]._id,
                edges: path.edges,
                distance: LAST(path.weights),
              },
            }
          ))
          FOR one IN (
            FOR end IN ends
              FILTER found[end] != null
              ${options.stopAtFirstMatch ? "SORT found[end].distance LIMIT 1" : ""}
              RETURN found[end]
          )
          RETURN one`,
        bound,
      );
    },

    /** The distances from each vertex of an example to all that can be reached from it: `{ id, distances }`. */
    distancesFromEach(graph: Graph, example: Loose, options: Loose): Loose[] {
      const bound = new Bound();
      return rows(
        `FOR start IN ${vertexList(graph, example, bound)}
          RETURN { id: start, distances: (${shortestWays(graph, options, bound)} RETURN LAST(path.weights)) }`,
        bound,
      );
    },
  });
}

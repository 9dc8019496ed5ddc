/**
 * Graph nodes in the shape that explain shows them in.
 *
 * Source: section 19.3 of `aql.md`; the recorded example `02_debugDumpInspect`.
 *
 * @module
 */
import { expressionJson } from "../ast_json.ts";
import type { PlanningSource } from "../data_source.ts";
import type { AqlObject } from "../values.ts";
import { type EdgeLookup, endsOf } from "./edge_lookups.ts";
import type { Expr, Variable } from "./expression.ts";
import { indexJson } from "./index_json.ts";
import type { PathCondition, PathNode, TraversalNode } from "./nodes.ts";

/** Writes a variable. */
export type WriteVariable = (variable: Variable) => AqlObject;

/** A traversal, besides what all nodes have. */
export function traversalJson(node: TraversalNode, source: PlanningSource, write: WriteVariable): AqlObject {
  const { depth, order, uniqueVertices, uniqueEdges, ...weights } = node.settings;
  return {
    ...graphJson(node, source),
    ...endJson("", node.start, write),
    ...variablesJson(
      {
        vertexOutVariable: node.vertexOutVariable,
        edgeOutVariable: node.edgeOutVariable,
        pathOutVariable: node.pathOutVariable,
      },
      write,
    ),
    ...(node.prune ? { expression: expressionJson(node.prune.condition) } : {}),
    ...(node.postFilter ? { postFilter: expressionJson(node.postFilter) } : {}),
    options: {
      type: "traversal",
      minDepth: depth.min,
      maxDepth: depth.max,
      uniqueVertices,
      uniqueEdges,
      order,
      ...weightsJson(weights),
      ...partsJson(node, node.pathOutVariable !== undefined),
      ...(node.indexHint ? { indexHint: { forced: false, lookahead: 1, type: "nested", hint: node.indexHint } } : {}),
    },
  };
}

/** A search of paths, besides what all nodes have. */
export function pathJson(node: PathNode, source: PlanningSource, write: WriteVariable): AqlObject {
  const [first, second] = node.outVariables;
  const single = node.type === "ShortestPathNode";
  return {
    ...graphJson(node, source),
    ...endJson("start", node.start, write),
    ...endJson("target", node.target, write),
    ...(single ? {} : { shortestPathType: node.search }),
    ...variablesJson(
      single ? { vertexOutVariable: first, edgeOutVariable: second } : { pathOutVariable: first },
      write,
    ),
    options: {
      type: "shortestPath",
      minDepth: node.depth.min,
      maxDepth: node.depth.max,
      ...weightsJson(node.settings),
      ...(single ? {} : partsJson(node, true)),
    },
  };
}

/** Those of some variables that there are. */
export function variablesJson(
  named: Readonly<Record<string, Variable | undefined>>,
  write: WriteVariable,
): AqlObject {
  const json: AqlObject = {};
  for (const [name, variable] of Object.entries(named)) if (variable) json[name] = write(variable);
  return json;
}

const DIRECTIONS = { ANY: 0, INBOUND: 1, OUTBOUND: 2 } as const;

function graphJson(node: TraversalNode | PathNode, source: PlanningSource): AqlObject {
  const edgeCollections = node.edges.map(({ collection }) => collection);
  const vertexCollections = [...node.vertexCollections];
  return {
    database: source.name,
    graph: node.graph ?? edgeCollections,
    ...(node.graph === undefined
      ? {}
      : { graphDefinition: { vertexCollectionNames: vertexCollections, edgeCollectionNames: edgeCollections } }),
    defaultDirection: DIRECTIONS[node.direction],
    directions: node.edges.map(({ direction }) => DIRECTIONS[direction]),
    edgeCollections,
    vertexCollections,
    ...conditionsJson(node.conditions ?? []),
    indexes: "lookups" in node && node.lookups
      ? lookupsJson(node.lookups)
      : { base: edgeIndexes(node, source), levels: {} },
  };
}

/** The index that finds the edges of each collection; of those that are followed both ways two. */
function edgeIndexes({ edges }: TraversalNode | PathNode, source: PlanningSource): AqlObject[] {
  return edges.flatMap(({ collection, direction }) => {
    const index = source.collection(collection)?.indexes().find(({ type }) => type === "edge");
    return index ? endsOf(direction).map((end) => lookupJson({ index, end })) : [];
  });
}

/** The indexes of a traversal: those of all levels, and those of levels with conditions of their own. */
function lookupsJson(lookups: readonly EdgeLookup[]): AqlObject {
  const base: AqlObject[] = [];
  const levels: Record<string, AqlObject[]> = {};
  for (const lookup of lookups) {
    (lookup.level === undefined ? base : levels[lookup.level] ??= []).push(lookupJson(lookup));
  }
  return { base, levels };
}

/** An index that finds edges; of the edge index the half that is used. */
function lookupJson({ index, end }: Pick<EdgeLookup, "index" | "end">): AqlObject {
  return index.type === "edge" ? { ...indexJson(index), fields: [end] } : indexJson(index);
}

/** What a search tests on its way: all terms together, and those on each edge and each vertex. */
function conditionsJson(conditions: readonly PathCondition[]): AqlObject {
  const global = (wanted: PathCondition["part"]): AqlObject[] =>
    conditions.filter(({ part, depth }) => part === wanted && depth === undefined)
      .map(({ condition }) => expressionJson(condition));
  const together = { type: "n-ary and", typeID: 62, subNodes: conditions.map(({ term }) => expressionJson(term)) };
  return {
    ...(conditions.length > 0 ? { condition: { type: "n-ary or", typeID: 63, subNodes: [together] } } : {}),
    globalEdgeConditions: global("edge"),
    globalVertexConditions: global("vertex"),
  };
}

function weightsJson({ weightAttribute, defaultWeight }: PathNode["settings"]): AqlObject {
  return { ...(weightAttribute ? { weightAttribute: weightAttribute.join(".") } : {}), defaultWeight };
}

/** Which parts of its paths a search makes. */
function partsJson({ pathParts }: TraversalNode | PathNode, hasPath: boolean): AqlObject {
  const produces = (part: string): boolean => hasPath && (pathParts?.includes(part) ?? true);
  return { producePathsVertices: produces("vertices"), producePathsEdges: produces("edges") };
}

/** Where a graph search starts or ends: a constant id, or a variable. */
function endJson(end: "" | "start" | "target", vertex: Expr, write: WriteVariable): AqlObject {
  if (vertex.kind === "variable") return { [end === "" ? "inVariable" : `${end}InVariable`]: write(vertex.variable) };
  if (vertex.kind !== "constant") return { [end === "" ? "start" : end]: expressionJson(vertex) };
  const id = typeof vertex.value === "string" ? vertex.value : (vertex.value as AqlObject)._id ?? null;
  return { [end === "" ? "vertexId" : `${end}VertexId`]: id };
}

/**
 * What graph statements ask for: depths, orders, uniqueness, weights.
 *
 * Source: section 11 of `aql.md`.
 *
 * @module
 */
import { ArangoError } from "../../base/arango_error.ts";
import type { Direction } from "../ast.ts";
import { type AqlObject, type AqlValue, isObject, toNumber } from "../values.ts";
import { type Expr, shapeOf } from "./expression.ts";

/** The edge collections of a graph with the way that each is followed. */
export type EdgeSources = readonly { readonly collection: string; readonly direction: Direction }[];

/** How many edges paths have. */
export interface Depth {
  readonly min: number;
  readonly max: number;
}

/** How edges are weighed. */
export interface WeightSettings {
  /** The path of the attribute; absent: every edge weighs 1. */
  readonly weightAttribute?: readonly string[];
  /** The weight of edges without that attribute. */
  readonly defaultWeight: number;
}

/** How a traversal goes. */
export interface TraversalSettings extends WeightSettings {
  readonly depth: Depth;
  readonly order: "dfs" | "bfs" | "weighted";
  readonly uniqueVertices: "none" | "path" | "global";
  readonly uniqueEdges: "none" | "path";
  /** Only vertices of these collections are visited, the start excepted; absent: all. */
  readonly vertexCollections?: ReadonlySet<string>;
}

/**
 * The depth of a traversal: a number or a range, 1 when absent.
 *
 * @throws ArangoError 1501 unless it is constant and makes sense
 */
export function depthOf(expr: Expr | undefined): Depth {
  if (!expr) return { min: 1, max: 1 };
  const ends = expr.kind === "range" ? [expr.low, expr.high] : [expr];
  const [min, max = min] = ends.map((end) => end.kind === "constant" ? end.value : null);
  const valid = [min, max].every((end) => typeof end === "number" && Number.isInteger(end) && end >= 0);
  if (!valid || (max as number) < (min as number)) {
    throw new ArangoError("ERROR_QUERY_PARSE", "invalid traversal depth");
  }
  return { min: min as number, max: max as number };
}

/** The names that an option gives: one, or an array of them; undefined if it is absent. */
export function namesOf(value: AqlValue | undefined): string[] | undefined {
  if (value === undefined || value === null) return undefined;
  const names = Array.isArray(value) ? value : [value];
  return names.filter((one) => typeof one === "string");
}

/** The collections that an option restricts a traversal to; undefined where it restricts nothing. */
export function restrictionOf(value: AqlValue | undefined): string[] | undefined {
  const names = namesOf(value);
  return names && names.length > 0 ? names : undefined;
}

function weights(options: AqlObject): WeightSettings {
  const { weightAttribute, defaultWeight } = options;
  const path = typeof weightAttribute === "string" && weightAttribute !== ""
    ? [weightAttribute]
    : namesOf(weightAttribute);
  const weight = defaultWeight === undefined ? 1 : toNumber(defaultWeight);
  if (weight < 0) throw new ArangoError("ERROR_GRAPH_NEGATIVE_EDGE_WEIGHT", "negative edge weight found");
  return { ...(path && path.length > 0 ? { weightAttribute: path } : {}), defaultWeight: weight };
}

/** The weights of a path search. */
export function pathSettings(options: AqlObject): WeightSettings {
  return weights(options);
}

function oneOf<T extends string>(name: string, value: AqlValue | undefined, values: readonly T[], missing: T): T {
  if (value === undefined) return missing;
  if (values.includes(value as T)) return value as T;
  const list = values.map((one) => `'${one}'`).join(", ");
  throw new ArangoError("ERROR_BAD_PARAMETER", `bad parameter: traversal option '${name}' must be one of ${list}`);
}

/**
 * The settings of a traversal.
 *
 * @param depth how deep, see {@linkcode depthOf}
 * @param options the OPTIONS of the statement
 * @throws ArangoError 1501 for the depth, 10 for options, 1948 for a negative weight
 */
export function traversalSettings(depth: Expr | undefined, options: AqlObject): TraversalSettings {
  const order = oneOf("order", options.order, ["bfs", "dfs", "weighted"], options.bfs === true ? "bfs" : "dfs");
  const uniqueVertices = oneOf("uniqueVertices", options.uniqueVertices, ["none", "path", "global"], "none");
  if (uniqueVertices === "global" && order === "dfs") {
    throw new ArangoError(
      "ERROR_BAD_PARAMETER",
      "uniqueVertices: 'global' is only supported, with mode bfs or weighted due to otherwise unpredictable results.",
    );
  }
  const vertexCollections = restrictionOf(options.vertexCollections);
  return {
    depth: depthOf(depth),
    order,
    uniqueVertices,
    uniqueEdges: oneOf("uniqueEdges", options.uniqueEdges, ["path", "none"], "path"),
    ...(vertexCollections ? { vertexCollections: new Set(vertexCollections) } : {}),
    ...weights(options),
  };
}

/**
 * Refuses constants that can never be a start vertex; anything else is looked at when the query runs.
 *
 * @throws ArangoError 1501
 */
export function checkStart(start: Expr): void {
  if (start.kind !== "constant" || shapeOf(start).type === "string") return;
  if (isObject(start.value) && typeof start.value._id === "string") return;
  throw new ArangoError(
    "ERROR_QUERY_PARSE",
    "invalid start vertex. Must either be an _id string or an object with _id",
  );
}

/**
 * Which index finds the edges of each step of a traversal.
 *
 * Source: the manual's page "Vertex-Centric Indexes" and the option `indexHint` of its page on traversals.
 *
 * @module
 */
import type { PlanningSource, SourceIndex } from "../data_source.ts";
import { type AqlObject, attributeOf as memberOf } from "../values.ts";
import { attributeOf, constant, type Expr, type Variable, variablesOf } from "./expression.ts";
import type { EdgeSources } from "./graph_settings.ts";
import { entryFields, type IndexMatch, matchIndex, ORDERED_INDEXES } from "./index_match.ts";
import type { PlanNode, TraversalNode } from "./nodes.ts";

/** How the edges of one collection are found at vertices, in one direction. */
export interface EdgeLookup {
  readonly collection: string;
  /** Where the edges are attached to the vertices that they are looked up for. */
  readonly end: "_from" | "_to";
  /** The number of the path's edges, from 0; absent: all that have no look-up of their own. */
  readonly level?: number;
  readonly index: SourceIndex;
  /** What the edges fulfil, besides being attached to a vertex. */
  readonly terms: readonly Expr[];
}

/** Gives all traversals of a plan their look-ups, those of its subqueries too. */
export function withEdgeLookups(nodes: readonly PlanNode[], source: PlanningSource): readonly PlanNode[] {
  if (!nodes.some(({ type }) => type === "TraversalNode" || type === "SubqueryNode")) return nodes;
  return nodes.map((node): PlanNode => {
    if (node.type === "SubqueryNode") return { ...node, nodes: withEdgeLookups(node.nodes, source) };
    return node.type === "TraversalNode" ? { ...node, lookups: edgeLookups(node, source) } : node;
  });
}

/** The ends at which edges of a direction are attached to the vertices that a search comes from. */
export function endsOf(direction: EdgeSources[number]["direction"]): readonly ("_from" | "_to")[] {
  if (direction === "ANY") return ["_from", "_to"];
  return [direction === "OUTBOUND" ? "_from" : "_to"];
}

/** The look-ups of all levels, then those of single ones. */
function edgeLookups(node: TraversalNode, source: PlanningSource): EdgeLookup[] {
  const conditions = (node.conditions ?? []).filter(({ part }) => part === "edge");
  const everywhere = conditions.filter(({ depth }) => depth === undefined).map(({ condition }) => condition);
  const base = lookupsAt(undefined, everywhere, node, source);
  const { max } = node.settings.depth;
  const levels = new Map<number, Expr[]>();
  for (const { depth, condition } of conditions) {
    if (depth !== undefined && depth < max) levels.set(depth, [...levels.get(depth) ?? [], condition]);
  }
  const found = [...levels].sort(([a], [b]) => a - b)
    .flatMap(([level, terms]) => lookupsAt(level, [...everywhere, ...terms], node, source));
  const last = max - 1;
  const leaves = leafTerms(node);
  if (leaves.length === 0) return [...base, ...found];
  const ofLast = lookupsAt(last, [...everywhere, ...levels.get(last) ?? [], ...leaves], node, source);
  const others = found.filter(({ level }) => level !== last);
  const isBetter = ofLast.some(({ index, terms }) =>
    index.type !== "edge" && terms.some((one) => leaves.includes(one))
  );
  return [...base, ...(isBetter ? [...others, ...ofLast] : found)];
}

/** What the rows' edges have to fulfil: the last edges of the longest paths lead nowhere else. */
function leafTerms({ postFilter, edgeOutVariable: edge, settings, prune }: TraversalNode): Expr[] {
  if (!postFilter || !edge || prune || settings.uniqueVertices === "global" || settings.depth.max === 0) return [];
  return conjuncts(postFilter).filter((term) => variablesOf(term).has(edge));
}

function conjuncts(expr: Expr): Expr[] {
  return expr.kind === "binary" && expr.operator === "&&"
    ? [...conjuncts(expr.left), ...conjuncts(expr.right)]
    : [expr];
}

function lookupsAt(
  level: number | undefined,
  terms: readonly Expr[],
  node: TraversalNode,
  source: PlanningSource,
): EdgeLookup[] {
  return node.edges.flatMap(({ collection, direction }) => {
    const known = source.collection(collection);
    if (!known) return [];
    const indexes = known.indexes();
    return endsOf(direction).flatMap((end): EdgeLookup[] => {
      const hints = hintsFor(node.indexHint, collection, end, level);
      const found = bestMatch(indexes, known.count(), end, terms, hints, node);
      if (!found) return [];
      const { index, terms: [, ...own] } = found;
      return [{
        collection,
        end,
        ...(level === undefined ? {} : { level }),
        index,
        terms: own.map(({ term }) => term),
      }];
    });
  });
}

/** The names of the indexes to prefer, the best first: those of a level, then those of all. */
function hintsFor(
  hint: AqlObject | undefined,
  collection: string,
  end: EdgeLookup["end"],
  level: number | undefined,
): readonly string[] {
  const own = memberOf(memberOf(hint ?? null, collection), end === "_from" ? "outbound" : "inbound");
  const names = [...(level === undefined ? [] : [memberOf(own, `${level}`)]), memberOf(own, "base")];
  return names.flat().filter((one) => typeof one === "string");
}

/** The part of the edges at a vertex that a condition is taken to leave, where nothing better is known. */
const BY_CONDITION = 0.3;

/** The index that a hint names, else the one that finds the fewest edges, the edge index among equals. */
function bestMatch(
  indexes: readonly SourceIndex[],
  count: number,
  end: EdgeLookup["end"],
  terms: readonly Expr[],
  hints: readonly string[],
  { vertexOutVariable, edgeOutVariable, pathOutVariable }: TraversalNode,
): IndexMatch | undefined {
  const edge = edgeOutVariable ?? vertexOutVariable;
  const later = new Set<Variable>([vertexOutVariable, edge, ...(pathOutVariable ? [pathOutVariable] : [])]);
  // the vertex is known when edges are looked up, and never null
  const attached: Expr = { kind: "binary", operator: "==", left: attributeOf(edge, [end]), right: constant("") };
  const branch = edgeOutVariable ? [attached, ...terms] : [attached];
  const matches = indexes.filter((index) => index.type === "edge" || isVertexCentric(index, end))
    .map((index) => matchIndex(index, branch, edge, later, count))
    .filter((match) => match !== undefined);
  for (const hint of hints) {
    const found = matches.find(({ index }) => index.name === hint);
    if (found) return found;
  }
  const plain = matches.find(({ index }) => index.type === "edge");
  let best = plain;
  let least = plain?.items ?? Infinity;
  for (const match of matches) {
    if (match.index.type === "edge" || match.terms.length === 1) continue;
    const items = edgesFound(match, plain?.items ?? count);
    if (items < least) [best, least] = [match, items];
  }
  return best;
}

/** Whether the entries of an index for the edges at a vertex stand together. */
function isVertexCentric(index: SourceIndex, end: EdgeLookup["end"]): boolean {
  if (!ORDERED_INDEXES.has(index.type) && index.type !== "mdi-prefixed") return false;
  const fields = entryFields(index);
  // an edge has several entries in the index of an array
  return fields[0] === end && !fields.some((field) => field.includes("["));
}

/** About how many of the `attached` edges at a vertex an index finds. */
function edgesFound({ index, terms, items }: IndexMatch, attached: number): number {
  const equal = terms.filter(({ operator }) => operator === "==" || operator === "IN").length;
  const isTold = ORDERED_INDEXES.has(index.type) && equal > 1;
  const rest = new Set(terms.slice(isTold ? equal : 1).map(({ field }) => field)).size;
  return (isTold ? Math.min(items, attached) : attached) * BY_CONDITION ** rest;
}

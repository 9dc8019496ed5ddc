/**
 * `geo-index-optimizer`: filters on distances and shapes, and sorts by distance, are answered by geo indexes.
 *
 * As in ArangoDB, documents without a valid place, which have no distance, drop out.
 *
 * @module
 */
import type { SourceIndex } from "../../data_source.ts";
import { isObject } from "../../values.ts";
import { conditionBehind, type LoopCondition } from "../conditions.ts";
import { definitionsOf } from "../definitions.ts";
import type { CallExpr, Expr } from "../expression.ts";
import { distanceFrom, geoTerm, type Place } from "../geo_match.ts";
import { isLoop, testsOfBranch } from "../node_effects.ts";
import type { EnumerateCollectionNode, PlanNode } from "../nodes.ts";
import type { Rule } from "../rule.ts";
import { removeCovered } from "./remove_filter_covered_by_index.ts";
import { indexNode } from "./use_indexes.ts";

/** Leaves out what geo indexes have tested; a test of its own might take pairs of coordinates for GeoJSON. */
const removeTested = removeCovered((node) =>
  node.type === "IndexNode" && node.indexes[0]!.type === "geo" && node.condition.length > 0
    ? [testsOfBranch(node, 0)]
    : undefined
);

/**
 * Replaces loops over collections by look-ups in a geo index.
 *
 * @returns the changed nodes, or undefined if there is nothing to change
 */
export const geoIndexOptimizer: Rule = (nodes, source, context) => {
  let changed = false;
  const sorts = new Set<PlanNode>();
  const result = nodes.map((node, i): PlanNode => {
    if (node.type !== "EnumerateCollectionNode" || node.options.disableIndex === true || node.random) return node;
    const indexes = source.collection(node.collection)?.indexes().filter(({ type }) => type === "geo") ?? [];
    const demanded = indexes.length > 0 ? conditionBehind(nodes, i) : undefined;
    for (const index of indexes) {
      const condition = demanded?.branches.length === 1 ? served(node, index, demanded) : [];
      const sort = sortBehind(nodes, i, index);
      if (condition.length === 0 && !sort) continue;
      changed = true;
      if (sort) sorts.add(sort.node);
      return indexNode(node, context.newId(), {
        indexes: [index],
        condition: condition.length === 0 ? [] : [condition],
        ...(sort ? { nearest: sort.distance, ascending: sort.ascending } : {}),
      });
    }
    return node;
  });
  if (!changed) return undefined;
  const left = result.filter((node) => !sorts.has(node));
  return removeTested(left, source, context) ?? left;
};

/** The terms that an index serves; none unless it narrows the search. */
function served(node: EnumerateCollectionNode, index: SourceIndex, { branches, later }: LoopCondition): Expr[] {
  const terms = branches[0]!.map((term) => ({ term, kind: geoTerm(term, index, node.outVariable, later)?.kind }))
    .filter(({ kind }) => kind !== undefined);
  return terms.some(({ kind }) => kind !== "far") ? terms.map(({ term }) => term) : [];
}

/** The SORT behind a loop, if it sorts the loop's rows, and no others, by the distance that an index knows. */
function sortBehind(
  nodes: readonly PlanNode[],
  at: number,
  index: SourceIndex,
): { node: PlanNode; distance: CallExpr; ascending: boolean } | undefined {
  const { outVariable } = nodes[at] as EnumerateCollectionNode;
  let end = at + 1;
  while (nodes[end]?.type === "CalculationNode" || nodes[end]?.type === "FilterNode") end++;
  const node = nodes[end];
  const isOnlyLoop = !nodes.slice(0, at).some(isLoop);
  const [element, ...others] = node?.type === "SortNode" ? node.elements : [];
  if (!node || !element || others.length > 0 || !isOnlyLoop) return undefined;
  const distance = definitionsOf(nodes).get(element.inVariable);
  if (distance?.kind !== "call") return undefined;
  const place = distanceFrom(distance, index, outVariable, new Set([outVariable]));
  return place && isPoint(place) ? { node, distance, ascending: element.ascending } : undefined;
}

/** Whether a place is a point, or nothing that has distances: the index knows no order around other shapes. */
function isPoint(place: Place): boolean {
  if (!("kind" in place)) return true;
  if (place.kind === "call") return place.spec.name === "GEO_POINT";
  if (place.kind === "constant") return !isObject(place.value) || place.value.type === "Point";
  return place.kind === "array";
}

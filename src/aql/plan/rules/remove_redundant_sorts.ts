/**
 * `remove-redundant-sorts`: rows that are sorted anew anyway need no order before.
 *
 * @module
 */
import { definitionsOf, expressionText } from "../definitions.ts";
import { isDeterministic, reference, type Variable } from "../expression.ts";
import type { PlanNode, SortNode } from "../nodes.ts";

/**
 * Leaves out SORTs whose order a later SORT replaces, SORTs by what an earlier one has ordered already, and SORTs by
 * constants.
 *
 * AQL promises no order among equals, so that an earlier SORT is not needed to decide it.
 *
 * @returns the nodes that remain, or undefined if all do
 */
export function removeRedundantSorts(nodes: readonly PlanNode[]): PlanNode[] | undefined {
  const definitions = definitionsOf(nodes);
  const removed = new Set<PlanNode>();
  const keys = (node: SortNode): string[] =>
    node.elements.map(({ inVariable, ascending }) => `${ascending}${keyOf(inVariable)}`);
  const keyOf = (variable: Variable): string => expressionText(definitions.get(variable) ?? reference(variable));
  const steady = (node: SortNode): boolean =>
    node.elements.every(({ inVariable }) => isDeterministic(definitions.get(inVariable) ?? reference(inVariable)));
  nodes.forEach((node, i) => {
    if (node.type !== "SortNode" || node.limit !== undefined) return;
    if (node.elements.every(({ inVariable }) => definitions.get(inVariable)?.kind === "constant")) removed.add(node);
    const earlier = sortBefore(nodes, i);
    if (!earlier || removed.has(earlier) || !steady(node) || !steady(earlier)) return;
    const [mine, theirs] = [keys(node), keys(earlier)];
    if (mine.every((key, k) => key === theirs[k])) removed.add(node);
    else removed.add(earlier);
  });
  return removed.size > 0 ? nodes.filter((node) => !removed.has(node)) : undefined;
}

/** The SORT before a place, if nothing in between cares for the order or makes rows of its own. */
function sortBefore(nodes: readonly PlanNode[], at: number): SortNode | undefined {
  for (let i = at - 1; i >= 0; i--) {
    const node = nodes[i]!;
    if (node.type === "SortNode") return node;
    if (node.type === "CalculationNode" && isDeterministic(node.expression)) continue;
    if (node.type !== "FilterNode") return undefined;
  }
  return undefined;
}

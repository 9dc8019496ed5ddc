/**
 * `remove-redundant-sorts`: rows that are sorted anew anyway need no order before.
 *
 * @module
 */
import { definitionsOf, expressionText } from "../definitions.ts";
import { type Expr, isDeterministic, reference, type Variable } from "../expression.ts";
import type { PlanNode, SortNode } from "../nodes.ts";

/**
 * Leaves out SORTs whose order a later SORT replaces, SORTs by what an earlier one has ordered already, and SORTs by
 * constants.
 *
 * AQL promises no order among equals, so that an earlier SORT is not needed to decide it.
 *
 * @returns the nodes that remain, or undefined if all do
 */
export function removeRedundantSorts(given: readonly PlanNode[]): PlanNode[] | undefined {
  const definitions = definitionsOf(given);
  const nodes = withoutConstants(given, definitions);
  const removed = new Set<PlanNode>();
  const keys = (node: SortNode): string[] =>
    node.elements.map(({ inVariable, ascending }) => `${ascending}${keyOf(inVariable)}`);
  const keyOf = (variable: Variable): string => expressionText(definitions.get(variable) ?? reference(variable));
  const steady = (node: SortNode): boolean =>
    node.elements.every(({ inVariable }) => isDeterministic(definitions.get(inVariable) ?? reference(inVariable)));
  nodes.forEach((node, i) => {
    if (node.type !== "SortNode" || node.limit !== undefined) return;
    if (isByConstants(node, definitions)) {
      removed.add(node);
      return;
    }
    const earlier = sortBefore(nodes, i, removed);
    if (!earlier || !steady(node) || !steady(earlier)) return;
    const [mine, theirs] = [keys(node), keys(earlier)];
    if (mine.every((key, k) => key === theirs[k])) removed.add(node);
    else removed.add(earlier);
  });
  if (removed.size > 0) return nodes.filter((node) => !removed.has(node));
  return nodes === given ? undefined : [...nodes];
}

/** Leaves out the constants among what SORTs go by. */
function withoutConstants(
  nodes: readonly PlanNode[],
  definitions: ReadonlyMap<Variable, Expr>,
): readonly PlanNode[] {
  let changed = false;
  const result = nodes.map((node): PlanNode => {
    if (node.type !== "SortNode" || isByConstants(node, definitions)) return node;
    const elements = node.elements.filter(({ inVariable }) => definitions.get(inVariable)?.kind !== "constant");
    if (elements.length === node.elements.length) return node;
    changed = true;
    return { ...node, elements };
  });
  return changed ? result : nodes;
}

/** Whether a SORT leaves the order of its rows as it is. */
export function isByConstants({ elements }: SortNode, definitions: ReadonlyMap<Variable, Expr>): boolean {
  return elements.every(({ inVariable }) => definitions.get(inVariable)?.kind === "constant");
}

/** The SORT before a place, if nothing in between cares for the order or makes rows of its own. */
function sortBefore(nodes: readonly PlanNode[], at: number, removed: ReadonlySet<PlanNode>): SortNode | undefined {
  for (let i = at - 1; i >= 0; i--) {
    const node = nodes[i]!;
    if (removed.has(node)) continue;
    if (node.type === "SortNode") return node;
    if (node.type === "CalculationNode" && isDeterministic(node.expression)) continue;
    if (node.type !== "FilterNode") return undefined;
  }
  return undefined;
}

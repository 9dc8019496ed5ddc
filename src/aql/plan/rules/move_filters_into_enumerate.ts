/**
 * `move-filters-into-enumerate`: loops drop documents before rows are made of them.
 *
 * @module
 */
import { definitionsOf } from "../definitions.ts";
import { allOf, type Expr, isDeterministic, type Variable, variablesOf } from "../expression.ts";
import { setBy, usesSeveral } from "../node_effects.ts";
import type { PlanNode } from "../nodes.ts";
import { removeUnnecessaryCalculations } from "./remove_unnecessary_calculations.ts";

/**
 * Gives loops the conditions that follow them; the calculations of the conditions stay where somebody else reads them.
 *
 * @returns the changed nodes, or undefined if there is nothing to change
 */
export function moveFiltersIntoEnumerate(nodes: readonly PlanNode[]): PlanNode[] | undefined {
  const definitions = definitionsOf(nodes);
  const removed = new Set<PlanNode>();
  const result = nodes.map((node, i) => {
    if (
      node.type !== "EnumerateCollectionNode" && node.type !== "IndexNode" && node.type !== "EnumerateListNode"
    ) return node;
    if (node.type === "IndexNode" && usesSeveral(node)) return node;
    const later = setBy(node);
    later.delete(node.outVariable);
    let filter: Expr | undefined = node.filter;
    for (const next of nodes.slice(i + 1)) {
      if (next.type === "CalculationNode") {
        if (!isDeterministic(next.expression)) break;
        later.add(next.outVariable);
        continue;
      }
      if (next.type !== "FilterNode") break;
      const condition = definitions.get(next.inVariable);
      if (!condition) continue;
      const used = variablesOf(condition);
      if (!used.has(node.outVariable) || [...used].some((one: Variable) => later.has(one))) continue;
      filter = filter ? allOf([filter, condition]) : condition;
      removed.add(next);
    }
    return filter === node.filter || !filter ? node : { ...node, filter };
  });
  if (removed.size === 0) return undefined;
  const left = result.filter((node) => !removed.has(node));
  // what only those filters have read is gone before loops are told which attributes to take out
  return removeUnnecessaryCalculations(left) ?? left;
}

/**
 * `move-calculations-down`: for rows that are dropped nothing need be computed.
 *
 * Source: section "move-calculations-down optimizer rule" of the manual's release notes of 3.7; its list of rules.
 *
 * @module
 */
import { isPure, usedBy } from "../node_effects.ts";
import type { PlanNode } from "../nodes.ts";

const CROSSED: ReadonlySet<PlanNode["type"]> = new Set<PlanNode["type"]>(["FilterNode", "LimitNode", "SortNode"]);

/**
 * Moves calculations and subqueries that only read below the FILTER, LIMIT and SORT nodes that follow and do not read them,
 * calculations below subqueries too.
 *
 * @returns the nodes in their new order, or undefined if nothing moved
 */
export function moveCalculationsDown(nodes: readonly PlanNode[]): PlanNode[] | undefined {
  const order = [...nodes];
  let moved = false;
  for (const node of nodes.toReversed()) {
    if ((node.type !== "CalculationNode" && node.type !== "SubqueryNode") || !isPure(node)) continue;
    const from = order.indexOf(node);
    let to = from;
    for (let i = from + 1; i < order.length; i++) {
      const next = order[i]!;
      if (usedBy(next).has(node.outVariable)) break;
      const isPassed = CROSSED.has(next.type) ||
        (next.type === "SubqueryNode" && node.type === "CalculationNode" && isPure(next));
      if (isPassed) to = i;
      else if ((next.type !== "CalculationNode" && next.type !== "SubqueryNode") || !isPure(next)) break;
    }
    if (to === from) continue;
    order.splice(from, 1);
    order.splice(to, 0, node);
    moved = true;
  }
  return moved ? order : undefined;
}

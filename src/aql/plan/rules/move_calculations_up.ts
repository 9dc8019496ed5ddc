/**
 * `move-calculations-up`: what does not depend on a loop is computed before it.
 *
 * @module
 */
import { isLoop, isPure, setBy, usedBy } from "../node_effects.ts";
import type { PlanNode } from "../nodes.ts";

/**
 * Moves calculations up to the node that sets what they read, and subqueries out of the loops that they do not depend on.
 *
 * @returns the nodes in their new order, or undefined if nothing moved
 */
export function moveCalculationsUp(nodes: readonly PlanNode[]): PlanNode[] | undefined {
  const order = [...nodes];
  let moved = false;
  for (const node of nodes.toReversed()) {
    if ((node.type !== "CalculationNode" && node.type !== "SubqueryNode") || !isPure(node)) continue;
    const from = order.indexOf(node);
    const to = node.type === "CalculationNode" ? highest(order, from) : outermost(order, from);
    if (to === from) continue;
    order.splice(from, 1);
    order.splice(to, 0, node);
    moved = true;
  }
  return moved ? order : undefined;
}

/** The first place that comes after everything that a node reads. */
function highest(order: readonly PlanNode[], from: number): number {
  const needed = usedBy(order[from]!);
  let to = from;
  while (to > 1 && !cuts(order[to - 1]!) && ![...setBy(order[to - 1]!)].some((one) => needed.has(one))) to--;
  return to;
}

/** The place before the outermost loop that can be left. */
function outermost(order: readonly PlanNode[], from: number): number {
  const limit = highest(order, from);
  for (let i = limit; i < from; i++) if (isLoop(order[i]!)) return i;
  return from;
}

/** Whether nothing behind a node can be computed before it: only groups are left there. */
function cuts(node: PlanNode): boolean {
  return node.type === "CollectNode";
}

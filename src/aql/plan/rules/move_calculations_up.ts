/**
 * `move-calculations-up`: what does not depend on a loop is computed before it.
 *
 * Source: section "AQL optimizer improvements" of the manual's release notes of 3.8; the plans in section "Short-circuiting
 * subquery evaluation" of those of 3.12, where what a subquery computes of variables stays in it.
 *
 * @module
 */
import { isLoop, isPure, setBy, usedBy } from "../node_effects.ts";
import type { PlanNode, SubqueryNode } from "../nodes.ts";

/**
 * Moves calculations up to the node that sets what they read, subqueries out of the loops that they do not depend on, and what
 * subqueries begin with out of them if it depends on nothing.
 *
 * @returns the nodes in their new order, or undefined if nothing moved
 */
export function moveCalculationsUp(nodes: readonly PlanNode[]): PlanNode[] | undefined {
  const given = nodes.flatMap((node) => node.type === "SubqueryNode" ? outside(node) : node);
  const order = [...given];
  let moved = given.length > nodes.length;
  for (const node of given.toReversed()) {
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

/** A subquery behind the calculations at its start that read nothing. */
function outside(subquery: SubqueryNode): PlanNode[] {
  const [start, ...nodes] = subquery.nodes;
  const end = nodes.findIndex((node) => node.type !== "CalculationNode" || !isPure(node) || usedBy(node).size > 0);
  return end === 0 ? [subquery] : [...nodes.slice(0, end), { ...subquery, nodes: [start!, ...nodes.slice(end)] }];
}

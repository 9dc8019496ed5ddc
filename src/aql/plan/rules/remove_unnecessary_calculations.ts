/**
 * `remove-unnecessary-calculations`: what nobody reads is not computed.
 *
 * @module
 */
import { addUsed, isPure, type PlanNode } from "../nodes.ts";
import type { Variable } from "../expression.ts";

/**
 * Leaves out deterministic calculations and read-only subqueries whose results are not used.
 *
 * @returns the nodes that remain, or undefined if all do
 */
export function removeUnnecessaryCalculations(nodes: readonly PlanNode[]): PlanNode[] | undefined {
  const used = new Set<Variable>();
  const kept: PlanNode[] = [];
  for (const node of nodes.toReversed()) {
    const computes = node.type === "CalculationNode" || node.type === "SubqueryNode";
    if (computes && !used.has(node.outVariable) && isPure(node)) continue;
    addUsed(node, used);
    kept.push(node);
  }
  return kept.length < nodes.length ? kept.reverse() : undefined;
}

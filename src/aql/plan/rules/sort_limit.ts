/**
 * `sort-limit`: a SORT before a LIMIT keeps only as many rows as the LIMIT lets through.
 *
 * @module
 */
import type { LimitNode, PlanNode } from "../nodes.ts";

/**
 * Gives SORT nodes the bound of the LIMIT that follows them.
 *
 * @returns the changed nodes, or undefined if there is nothing to change
 */
export function sortLimit(nodes: readonly PlanNode[]): PlanNode[] | undefined {
  let changed = false;
  const result = nodes.map((node, i) => {
    if (node.type !== "SortNode" || node.limit !== undefined) return node;
    let next = i + 1;
    while (nodes[next]?.type === "CalculationNode") next++;
    const limit = nodes[next];
    if (limit?.type !== "LimitNode" || limit.fullCount) return node;
    changed = true;
    return { ...node, limit: bound(limit) };
  });
  return changed ? result : undefined;
}

function bound({ offset, limit }: LimitNode): number {
  return offset + limit;
}

/**
 * `move-filters-up`: rows are dropped as early as possible.
 *
 * @module
 */
import { isPure, setBy } from "../node_effects.ts";
import type { PlanNode } from "../nodes.ts";

/**
 * Moves every filter up to the node that sets its condition, or to the last one that it may not cross.
 *
 * @returns the nodes in their new order, or undefined if nothing moved
 */
export function moveFiltersUp(nodes: readonly PlanNode[]): PlanNode[] | undefined {
  const order = [...nodes];
  let moved = false;
  for (const filter of nodes) {
    if (filter.type !== "FilterNode") continue;
    const from = order.indexOf(filter);
    let to = from;
    while (to > 1 && crossable(order[to - 1]!) && !setBy(order[to - 1]!).has(filter.inVariable)) to--;
    // several filters stay in their order
    while (order[to]!.type === "FilterNode" && to < from) to++;
    if (to === from) continue;
    order.splice(from, 1);
    order.splice(to, 0, filter);
    moved = true;
  }
  return moved ? order : undefined;
}

/** Whether a filter may be tested before a node just as well as after it. */
function crossable(node: PlanNode): boolean {
  switch (node.type) {
    case "EnumerateCollectionNode":
    case "EnumerateListNode":
    case "IndexNode":
    case "TraversalNode":
    case "ShortestPathNode":
    case "EnumeratePathsNode":
    case "FilterNode":
    case "SortNode":
      return true;
    case "CalculationNode":
    case "SubqueryNode":
      return isPure(node);
    default:
      return false;
  }
}

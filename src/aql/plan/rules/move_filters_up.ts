/**
 * `move-filters-up`: conditions leave the loops that they do not depend on.
 *
 * @module
 */
import type { Variable } from "../expression.ts";
import { isLoop, isPure, type PlanNode, setBy, usedBy } from "../nodes.ts";

/**
 * Moves every filter, with the calculations before it, in front of the loops whose variables it does not use.
 *
 * @returns the nodes in their new order, or undefined if nothing moved
 */
export function moveFiltersUp(nodes: readonly PlanNode[]): PlanNode[] | undefined {
  let order = [...nodes];
  let moved = false;
  for (const filter of nodes) {
    if (filter.type !== "FilterNode") continue;
    const end = order.indexOf(filter);
    let start = end;
    const needed = new Set<Variable>([filter.inVariable]);
    while (order[start - 1]?.type === "CalculationNode" && isPure(order[start - 1]!)) {
      const node = order[start - 1]!;
      if (![...setBy(node)].some((variable) => needed.has(variable))) break;
      for (const variable of usedBy(node)) needed.add(variable);
      start--;
    }
    const block = order.slice(start, end + 1);
    const own = new Set(block.flatMap((node) => [...setBy(node)]));
    const outside = [...needed].filter((variable) => !own.has(variable));
    let target = start;
    for (let i = start - 1; i > 0; i--) {
      const node = order[i]!;
      if (!crossable(node)) break;
      const sets = setBy(node);
      if (outside.some((variable) => sets.has(variable))) break;
      if (isLoop(node)) target = i;
    }
    if (target === start) continue;
    order = [...order.slice(0, target), ...block, ...order.slice(target, start), ...order.slice(end + 1)];
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

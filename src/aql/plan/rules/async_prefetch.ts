/**
 * `async-prefetch`: marks the nodes that may work ahead of those that read them. Loops always read a page ahead.
 *
 * Source: the column `Par` of the plans in the manual of 3.12.
 *
 * @module
 */
import { isDeterministic } from "../expression.ts";
import { isModification } from "../node_effects.ts";
import type { PlanNode } from "../nodes.ts";
import type { Rule } from "../rule.ts";

/**
 * Marks most nodes of plans that read to their end: with a LIMIT, a subquery or a write no node works ahead.
 *
 * @returns the changed nodes, or undefined if there is nothing to change
 */
export const asyncPrefetch: Rule = (nodes, _source, context) => {
  if (!context.isMain || nodes.some((node) => STOPS.has(node.type) || isModification(node))) return undefined;
  let changed = false;
  const result = nodes.map((node) => {
    if (!worksAhead(node)) return node;
    changed = true;
    return { ...node, prefetch: true };
  });
  return changed ? result : undefined;
};

const STOPS: ReadonlySet<PlanNode["type"]> = new Set<PlanNode["type"]>(["LimitNode", "SubqueryNode"]);

function worksAhead(node: PlanNode): boolean {
  switch (node.type) {
    case "EnumerateCollectionNode":
    case "IndexNode":
    case "EnumerateListNode":
    case "TraversalNode":
    case "FilterNode":
    case "SortNode":
    case "CollectNode":
      return true;
    case "CalculationNode":
      return isDeterministic(node.expression);
    default:
      return false;
  }
}

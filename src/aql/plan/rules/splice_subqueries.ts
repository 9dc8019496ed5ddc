/**
 * `splice-subqueries`: subqueries are shown as a part of the plan around them.
 *
 * Running them needs no change; {@linkcode SubqueryNode}s that are spliced are printed as a start, their nodes, and an end.
 *
 * @module
 */
import type { PlanNode } from "../nodes.ts";
import type { Rule } from "../rule.ts";

/**
 * Marks all subqueries as spliced.
 *
 * @returns the changed nodes, or undefined if there are none
 */
export const spliceSubqueries: Rule = (nodes, _source, context) => {
  let changed = false;
  const result = nodes.map((node): PlanNode => {
    if (node.type !== "SubqueryNode") return node;
    changed = true;
    return { ...node, endId: context.newId() };
  });
  return changed ? result : undefined;
};

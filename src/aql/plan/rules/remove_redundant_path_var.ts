/**
 * `remove-redundant-path-var`: traversals do not make variables, and parts of paths, that nobody reads any more.
 *
 * @module
 */
import { readPathParts } from "../attribute_uses.ts";
import { testsOf } from "../node_effects.ts";
import type { PlanNode } from "../nodes.ts";
import type { Rule } from "../rule.ts";
import { withoutUnread } from "./optimize_traversals.ts";

/**
 * Leaves out the edge and path variables of traversals, and the parts of paths, that neither the nodes behind nor the
 * traversal itself read.
 *
 * @returns the changed nodes, or undefined if there is nothing to change
 */
export const removeRedundantPathVar: Rule = (nodes) => {
  let changed = false;
  const result = nodes.map((node, i): PlanNode => {
    if (node.type !== "TraversalNode") return node;
    const later = nodes.slice(i + 1);
    const left = withoutUnread(node, later);
    const { pathOutVariable, pathParts } = left;
    const parts = pathOutVariable && !pathParts ? readPathParts(pathOutVariable, later, testsOf(node)) : undefined;
    if (left === node && !parts) return node;
    changed = true;
    return parts ? { ...left, pathParts: parts } : left;
  });
  return changed ? result : undefined;
};

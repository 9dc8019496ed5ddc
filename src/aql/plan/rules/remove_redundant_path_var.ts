/**
 * `remove-redundant-path-var`: traversals do not make variables, and parts of paths, that nobody reads.
 *
 * @module
 */
import { readPathParts } from "../attribute_uses.ts";
import { addVariables } from "../expression.ts";
import { testsOf, usedByAny } from "../node_effects.ts";
import type { PlanNode } from "../nodes.ts";
import type { Rule } from "../rule.ts";

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
    const used = usedByAny(later);
    for (const one of testsOf(node)) addVariables(one, used);
    const { edgeOutVariable, pathOutVariable, ...rest } = node;
    const edge = edgeOutVariable && used.has(edgeOutVariable);
    const path = pathOutVariable && used.has(pathOutVariable);
    const pathParts = path && !node.pathParts ? readPathParts(pathOutVariable, later, testsOf(node)) : undefined;
    if ((edge || !edgeOutVariable) && (path || !pathOutVariable) && !pathParts) return node;
    changed = true;
    return {
      ...rest,
      ...(edge ? { edgeOutVariable } : {}),
      ...(path ? { pathOutVariable } : {}),
      ...(pathParts ? { pathParts } : {}),
    };
  });
  return changed ? result : undefined;
};

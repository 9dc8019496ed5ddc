/**
 * `remove-redundant-path-var`: traversals do not make variables, and parts of paths, that nobody reads.
 *
 * @module
 */
import { attributesIn, attributeUse } from "../attribute_uses.ts";
import { addVariables, type Variable } from "../expression.ts";
import { addUsed, type PlanNode, testsOf, type TraversalNode } from "../nodes.ts";
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
    const used = new Set<Variable>();
    for (const one of nodes.slice(i + 1)) addUsed(one, used);
    for (const one of testsOf(node)) addVariables(one, used);
    const { edgeOutVariable, pathOutVariable, ...rest } = node;
    const edge = edgeOutVariable && used.has(edgeOutVariable);
    const path = pathOutVariable && used.has(pathOutVariable);
    const pathParts = path && !node.pathParts ? partsOf(pathOutVariable, nodes.slice(i + 1), node) : undefined;
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

/** The attributes of a path that are read; undefined for all. */
function partsOf(path: Variable, later: readonly PlanNode[], node: TraversalNode): string[] | undefined {
  const behind = attributeUse(path, later);
  const own = attributesIn(path, testsOf(node));
  if (behind === "whole" || own === "whole") return undefined;
  const read = PARTS.filter((name) => behind.has(name) || own.has(name));
  return read.length < PARTS.length ? read : undefined;
}

const PARTS = ["vertices", "edges"];

/**
 * `optimize-traversal-last-element-access`: the last vertex and edge of a path are the vertex and edge of the traversal.
 *
 * @module
 */
import { type Expr, reference, type Variable } from "../expression.ts";
import type { PlanNode } from "../nodes.ts";
import { replaceParts, rewriteExpressions } from "../rewrite.ts";
import type { Rule } from "../rule.ts";

/**
 * Rewrites `p.vertices[-1]` to `v` and `p.edges[-1]` to `e`.
 *
 * @returns the changed nodes, or undefined if there is nothing to change
 */
export const optimizeTraversalLastElementAccess: Rule = (nodes) => {
  /** The variables of traversals, by path and attribute. */
  const lasts = new Map<Variable, Readonly<Record<string, Variable | undefined>>>();
  let changed = false;
  const result = nodes.map((node): PlanNode => {
    const rewritten = lasts.size === 0 ? node : rewriteExpressions(node, (expr) =>
      replaceParts(expr, (part) => {
        const variable = lastOf(part, lasts);
        return variable && reference(variable);
      }));
    changed ||= rewritten !== node;
    if (node.type === "TraversalNode" && node.pathOutVariable) {
      lasts.set(node.pathOutVariable, { vertices: node.vertexOutVariable, edges: node.edgeOutVariable });
    }
    return rewritten;
  });
  return changed ? result : undefined;
};

function lastOf(
  part: Expr,
  lasts: ReadonlyMap<Variable, Readonly<Record<string, Variable | undefined>>>,
): Variable | undefined {
  if (part.kind !== "index" || part.index.kind !== "constant" || part.index.value !== -1) return undefined;
  const { target } = part;
  if (target.kind !== "attribute" || target.target.kind !== "variable") return undefined;
  const own = lasts.get(target.target.variable);
  return own && Object.hasOwn(own, target.name) ? own[target.name] : undefined;
}

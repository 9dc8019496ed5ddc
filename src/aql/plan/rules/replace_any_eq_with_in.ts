/**
 * `replace-any-eq-with-in`: `list ANY == x` becomes `x IN list`.
 *
 * @module
 */
import type { PlanNode } from "../nodes.ts";
import { replaceParts } from "../rewrite.ts";

/**
 * Rewrites such comparisons in the conditions of filters.
 *
 * @returns the changed nodes, or undefined if there is nothing to change
 */
export function replaceAnyEqWithIn(nodes: readonly PlanNode[]): PlanNode[] | undefined {
  const conditions = new Set(nodes.flatMap((node) => node.type === "FilterNode" ? [node.inVariable] : []));
  let changed = false;
  const result = nodes.map((node) => {
    if (node.type !== "CalculationNode" || !conditions.has(node.outVariable)) return node;
    const expression = replaceParts(
      node.expression,
      (part) =>
        part.kind === "quantified" && part.quantifier.kind === "ANY" && part.operator === "=="
          ? { kind: "binary", operator: "IN", left: part.right, right: part.left }
          : undefined,
    );
    if (expression === node.expression) return node;
    changed = true;
    return { ...node, expression };
  });
  return changed ? result : undefined;
}

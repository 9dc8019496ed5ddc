/**
 * `replace-any-eq-with-in`: `list ANY == x` becomes `x IN list`.
 *
 * @module
 */
import type { PlanNode } from "../nodes.ts";
import { replaceInFilters } from "../rewrite.ts";

/**
 * Rewrites such comparisons in the conditions of filters.
 *
 * @returns the changed nodes, or undefined if there is nothing to change
 */
export function replaceAnyEqWithIn(nodes: readonly PlanNode[]): PlanNode[] | undefined {
  return replaceInFilters(
    nodes,
    (part) =>
      part.kind === "quantified" && part.quantifier.kind === "ANY" && part.operator === "=="
        ? { kind: "binary", operator: "IN", left: part.right, right: part.left }
        : undefined,
  );
}

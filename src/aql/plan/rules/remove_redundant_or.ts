/**
 * `remove-redundant-or`: of two bounds of the same value that OR connects the wider one is enough.
 *
 * @module
 */
import { compareValues } from "../../value_order.ts";
import { expressionText } from "../definitions.ts";
import type { BinaryExpr, Expr } from "../expression.ts";
import type { PlanNode } from "../nodes.ts";
import { replaceInFilters } from "../rewrite.ts";

/**
 * Leaves out alternatives that another one includes, in the conditions of filters.
 *
 * @returns the changed nodes, or undefined if there is nothing to change
 */
export function removeRedundantOr(nodes: readonly PlanNode[]): PlanNode[] | undefined {
  return replaceInFilters(nodes, (part) => {
    if (part.kind !== "binary" || part.operator !== "||") return undefined;
    return wider(part.left, part.right);
  });
}

/** Of two comparisons the one that holds whenever the other does; undefined if neither. */
function wider(a: Expr, b: Expr): Expr | undefined {
  if (a.kind !== "binary" || b.kind !== "binary") return undefined;
  if (includes(a, b)) return a;
  return includes(b, a) ? b : undefined;
}

/** Whether `a` holds whenever `b` does. */
function includes(a: BinaryExpr, b: BinaryExpr): boolean {
  if (a.right.kind !== "constant" || b.right.kind !== "constant") return false;
  if (expressionText(a.left) !== expressionText(b.left)) return false;
  const order = compareValues(b.right.value, a.right.value);
  switch (a.operator) {
    case ">":
      return (b.operator === ">" && order >= 0) || ((b.operator === ">=" || b.operator === "==") && order > 0);
    case ">=":
      return (b.operator === ">" || b.operator === ">=" || b.operator === "==") && order >= 0;
    case "<":
      return (b.operator === "<" && order <= 0) || ((b.operator === "<=" || b.operator === "==") && order < 0);
    case "<=":
      return (b.operator === "<" || b.operator === "<=" || b.operator === "==") && order <= 0;
    default:
      return false;
  }
}

/**
 * `remove-redundant-or`: of two bounds of the same value that OR connects the wider one is enough.
 *
 * @module
 */
import { compareValues } from "../../value_order.ts";
import { expressionText } from "../definitions.ts";
import type { BinaryExpr, Expr } from "../expression.ts";
import type { PlanNode } from "../nodes.ts";
import { replaceParts } from "../rewrite.ts";

/**
 * Leaves out alternatives that another one includes, in the conditions of filters.
 *
 * @returns the changed nodes, or undefined if there is nothing to change
 */
export function removeRedundantOr(nodes: readonly PlanNode[]): PlanNode[] | undefined {
  const conditions = new Set(nodes.flatMap((node) => node.type === "FilterNode" ? [node.inVariable] : []));
  let changed = false;
  const result = nodes.map((node) => {
    if (node.type !== "CalculationNode" || !conditions.has(node.outVariable)) return node;
    const expression = replaceParts(node.expression, (part) => {
      if (part.kind !== "binary" || part.operator !== "||") return undefined;
      return wider(part.left, part.right);
    });
    if (expression === node.expression) return node;
    changed = true;
    return { ...node, expression };
  });
  return changed ? result : undefined;
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

/**
 * Ranges in variables of which no more than the ends matter: `LET r = 1..1e9 RETURN [FIRST(r), LAST(r), 7 IN r]`.
 *
 * @module
 */
import {
  constant,
  type Expr,
  isDeterministic,
  type RangeExpr,
  type Variable,
  variablesOf,
} from "../plan/expression.ts";
import { addUsed } from "../plan/node_effects.ts";
import type { PlanNode } from "../plan/nodes.ts";
import { replaceParts, rewriteExpressions } from "../plan/rewrite.ts";
import { isToldByEnds } from "./compile.ts";

/**
 * Puts ranges that depend on nothing where their ends tell what is asked of them; those that nobody reads otherwise are not
 * made into arrays then, which is refused for large ones.
 *
 * @returns the same nodes if there are no such ranges
 */
export function rangesInPlace(nodes: readonly PlanNode[]): readonly PlanNode[] {
  const ranges = new Map<Variable, RangeExpr>();
  for (const node of nodes) {
    if (node.type !== "CalculationNode" || node.expression.kind !== "range") continue;
    const { outVariable, expression } = node;
    if (variablesOf(expression).size === 0 && isDeterministic(expression)) ranges.set(outVariable, expression);
  }
  if (ranges.size === 0) return nodes;
  const rewritten = nodes.map((node) => rewriteExpressions(node, (expr) => inPlace(expr, ranges)));
  const used = new Set<Variable>();
  for (const node of rewritten) addUsed(node, used);
  return rewritten.map((node) =>
    node.type === "CalculationNode" && ranges.has(node.outVariable) && !used.has(node.outVariable)
      ? { ...node, expression: constant(null) }
      : node
  );
}

function inPlace(expr: Expr, ranges: ReadonlyMap<Variable, RangeExpr>): Expr {
  const rangeIn = (one: Expr | undefined): RangeExpr | undefined =>
    one?.kind === "variable" ? ranges.get(one.variable) : undefined;
  return replaceParts(expr, (part) => {
    if (part.kind === "index") {
      const target = rangeIn(part.target);
      return target && { ...part, target, index: inPlace(part.index, ranges) };
    }
    if (part.kind === "binary" && (part.operator === "IN" || part.operator === "NOT IN")) {
      const right = rangeIn(part.right);
      return right && { ...part, right, left: inPlace(part.left, ranges) };
    }
    if (part.kind !== "call" || !isToldByEnds(part.spec.name)) return undefined;
    const range = rangeIn(part.args[0]);
    return range && { ...part, args: [range] };
  });
}

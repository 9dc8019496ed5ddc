/**
 * `replace-equal-attribute-accesses`: where a filter says that attributes of two loops are equal, that of the outer loop
 * stands for both behind it, so that the inner loop has less to read. Off by default.
 *
 * @module
 */
import { branchesOf } from "../conditions.ts";
import { definitionsOf, expressionText } from "../definitions.ts";
import { attributePath, type Expr, type Variable } from "../expression.ts";
import { isLoop, setBy } from "../node_effects.ts";
import type { PlanNode } from "../nodes.ts";
import { filterVariables, replaceParts, rewriteExpressions } from "../rewrite.ts";
import type { Rule } from "../rule.ts";

/**
 * Rewrites what follows `FILTER a.x == b.y` to read `a.x` in the place of `b.y`.
 *
 * @returns the changed nodes, or undefined if there is nothing to change
 */
export const replaceEqualAttributeAccesses: Rule = (nodes) => {
  const definitions = definitionsOf(nodes);
  const order = loopOrder(nodes);
  /** What stands for an access, by its text. */
  const substitutes = new Map<string, Expr>();
  const rewrite = (expr: Expr): Expr => replaceParts(expr, (part) => substitutes.get(expressionText(part)));
  // the conditions of filters stay as they are: indexes of the inner loop are found by them
  const tests = filterVariables(nodes);
  let changed = false;
  const result = nodes.map((node): PlanNode => {
    const condition = node.type === "FilterNode" ? definitions.get(node.inVariable) : undefined;
    const branches = condition && branchesOf(condition);
    if (branches?.length === 1) { for (const term of branches[0]!) addSubstitute(term, order, substitutes); }
    if (substitutes.size === 0 || (node.type === "CalculationNode" && tests.has(node.outVariable))) return node;
    const better = rewriteExpressions(node, rewrite);
    changed ||= better !== node;
    return better;
  });
  return changed ? result : undefined;
};

/** The numbers of the loops that set variables, the outermost first. */
function loopOrder(nodes: readonly PlanNode[]): ReadonlyMap<Variable, number> {
  const order = new Map<Variable, number>();
  nodes.forEach((node, i) => {
    if (isLoop(node)) { for (const variable of setBy(node)) order.set(variable, i); }
  });
  return order;
}

/** Notes what `a.x == b.y` says: the attribute of the outer loop stands for that of the inner one. */
function addSubstitute(term: Expr, order: ReadonlyMap<Variable, number>, to: Map<string, Expr>): void {
  if (term.kind !== "binary" || term.operator !== "==") return;
  const place = (expr: Expr): number | undefined => {
    const access = expr.kind === "attribute" ? attributePath(expr) : undefined;
    return access && order.get(access.variable);
  };
  const [left, right] = [place(term.left), place(term.right)];
  if (left === undefined || right === undefined || left === right) return;
  const [outer, inner] = left < right ? [term.left, term.right] : [term.right, term.left];
  to.set(expressionText(inner), to.get(expressionText(outer)) ?? outer);
}

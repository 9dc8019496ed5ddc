/**
 * `propagate-constant-attributes`: where a filter says what an attribute is, others that compare with it compare with that.
 *
 * @module
 */
import { branchesOf } from "../conditions.ts";
import { definitionsOf, expressionText } from "../definitions.ts";
import { attributePath, type ConstantExpr, type Expr, type Variable } from "../expression.ts";
import type { PlanNode } from "../nodes.ts";
import { replaceInFilters } from "../rewrite.ts";
import type { Rule } from "../rule.ts";

/**
 * Rewrites `a.x == 1 && b.y == a.x` to `a.x == 1 && b.y == 1`.
 *
 * @returns the changed nodes, or undefined if there is nothing to change
 */
export const propagateConstantAttributes: Rule = (nodes) => {
  const definitions = definitionsOf(nodes);
  const filtered = new Set<Variable>();
  const known = new Map<string, ConstantExpr>();
  for (const node of nodes) {
    // behind these, rows are others, or it matters which ones have come so far
    if (!PLAIN.has(node.type)) break;
    const condition = node.type === "FilterNode" ? definitions.get(node.inVariable) : undefined;
    if (node.type === "FilterNode") filtered.add(node.inVariable);
    const [terms, ...others] = (condition && branchesOf(condition)) ?? [];
    if (!terms || others.length > 0) continue;
    for (const term of terms) {
      const pair = attributeAndConstant(term);
      if (pair) known.set(expressionText(pair.attribute), pair.constant);
    }
  }
  return known.size === 0 ? undefined : replaceInFilters(nodes, (part) => substituted(part, known), filtered);
};

const PLAIN: ReadonlySet<PlanNode["type"]> = new Set<PlanNode["type"]>([
  "SingletonNode",
  "EnumerateCollectionNode",
  "EnumerateListNode",
  "CalculationNode",
  "FilterNode",
]);

/** `d.a == 1`, either way round. */
function attributeAndConstant(term: Expr): { attribute: Expr; constant: ConstantExpr } | undefined {
  if (term.kind !== "binary" || term.operator !== "==") return undefined;
  const { left, right } = term;
  if (isAttribute(left) && right.kind === "constant") return { attribute: left, constant: right };
  return isAttribute(right) && left.kind === "constant" ? { attribute: right, constant: left } : undefined;
}

function isAttribute(expr: Expr): boolean {
  return expr.kind === "attribute" && attributePath(expr) !== undefined;
}

/** A comparison of two attributes with the constant in the place of the one that is known. */
function substituted(part: Expr, known: ReadonlyMap<string, ConstantExpr>): Expr | undefined {
  if (part.kind !== "binary" || part.operator !== "==") return undefined;
  const { left, right } = part;
  if (!isAttribute(left) || !isAttribute(right)) return undefined;
  const value = known.get(expressionText(right));
  if (value) return { ...part, right: value };
  const other = known.get(expressionText(left));
  return other && { ...part, left: other };
}

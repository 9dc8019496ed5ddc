/**
 * `replace-or-with-in`: `x == 1 OR x == 2` becomes `x IN [1, 2]`.
 *
 * @module
 */
import { expressionText } from "../definitions.ts";
import { constant, type Expr, isDeterministic, variablesOf } from "../expression.ts";
import type { PlanNode } from "../nodes.ts";
import { replaceInFilters } from "../rewrite.ts";

/** `operand` is one of `values`. */
interface Membership {
  readonly operand: Expr;
  readonly values: readonly Expr[];
}

/**
 * Joins comparisons of the same operand that OR connects, in the conditions of filters.
 *
 * @returns the changed nodes, or undefined if there is nothing to change
 */
export function replaceOrWithIn(nodes: readonly PlanNode[]): PlanNode[] | undefined {
  return replaceInFilters(nodes, joined);
}

function alternatives(expr: Expr): Expr[] {
  return expr.kind === "binary" && expr.operator === "||"
    ? [...alternatives(expr.left), ...alternatives(expr.right)]
    : [expr];
}

/** What an OR becomes; undefined if nothing in it can be joined. */
function joined(expr: Expr): Expr | undefined {
  if (expr.kind !== "binary" || expr.operator !== "||") return undefined;
  const parts = alternatives(expr);
  const groups = new Map<string, { readonly first: number; readonly values: Expr[]; readonly operand: Expr }>();
  const rest: (Expr | undefined)[] = [...parts];
  let merged = false;
  for (const [i, part] of parts.entries()) {
    const options = memberships(part);
    const known = options.find(({ operand }) => groups.has(expressionText(operand)));
    const chosen = known ?? options[0];
    if (!chosen) continue;
    const text = expressionText(chosen.operand);
    const group = groups.get(text);
    if (!group) {
      groups.set(text, { first: i, values: [...chosen.values], operand: chosen.operand });
      continue;
    }
    group.values.push(...chosen.values);
    rest[i] = undefined;
    rest[group.first] = inList(group);
    merged = true;
  }
  if (!merged) return undefined;
  return rest.filter((part) => part !== undefined).reduce((left, right) => ({ ...expr, left, right }));
}

/** The ways to read a comparison as a membership. */
function memberships(expr: Expr): Membership[] {
  if (expr.kind !== "binary") return [];
  const { operator, left, right } = expr;
  if (operator === "IN" && isOperand(left) && right.kind === "constant" && Array.isArray(right.value)) {
    return [{ operand: left, values: right.value.map(constant) }];
  }
  if (operator !== "==") return [];
  const found: Membership[] = [];
  if (isOperand(left) && isDeterministic(right)) found.push({ operand: left, values: [right] });
  if (isOperand(right) && isDeterministic(left)) found.push({ operand: right, values: [left] });
  return found;
}

function isOperand(expr: Expr): boolean {
  return (expr.kind === "attribute" || expr.kind === "variable" || expr.kind === "index") &&
    variablesOf(expr).size > 0 && isDeterministic(expr);
}

function inList({ operand, values }: { readonly operand: Expr; readonly values: readonly Expr[] }): Expr {
  const unique = [...new Map(values.map((value) => [expressionText(value), value])).values()];
  const [only, ...others] = unique as [Expr];
  if (others.length === 0) return { kind: "binary", operator: "==", left: operand, right: only };
  const right: Expr = unique.every((value) => value.kind === "constant")
    ? constant(unique.map((value) => value.kind === "constant" ? value.value : null))
    : { kind: "array", items: unique.map((value) => ({ value, spread: false })) };
  return { kind: "binary", operator: "IN", left: operand, right };
}

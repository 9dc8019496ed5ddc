/**
 * `simplify-conditions`: members that are taken out of object and array literals are read where they come from.
 *
 * @module
 */
import { constant, type Expr, isDeterministic } from "../expression.ts";
import type { PlanNode } from "../nodes.ts";
import { replaceParts, rewriteExpressions } from "../rewrite.ts";
import type { Rule } from "../rule.ts";

/**
 * Rewrites `{a: x, b: y}.a` and `[x, y][0]` to `x`.
 *
 * @returns the changed nodes, or undefined if there is nothing to change
 */
export const simplifyConditions: Rule = (nodes) => {
  let changed = false;
  const result = nodes.map((node): PlanNode => {
    // a subquery has its turn of its own
    if (node.type === "SubqueryNode") return node;
    const simpler = rewriteExpressions(node, simplified);
    changed ||= simpler !== node;
    return simpler;
  });
  return changed ? result : undefined;
};

function simplified(expr: Expr): Expr {
  return replaceParts(expr, (part) => {
    const member = memberOf(part);
    return member && simplified(member);
  });
}

/** What an access on a literal gives; undefined for anything else. What is left out must not be missed. */
function memberOf(part: Expr): Expr | undefined {
  if (part.kind === "attribute" && part.target.kind === "object") {
    const { members } = part.target;
    if (!members.every((one) => one.kind === "fixed" && isDeterministic(one.value))) return undefined;
    const found = members.find((one) => one.kind === "fixed" && one.name === part.name);
    return found?.value ?? constant(null);
  }
  if (part.kind !== "index" || part.target.kind !== "array" || part.index.kind !== "constant") return undefined;
  const { items } = part.target;
  const { value } = part.index;
  if (typeof value !== "number" || !Number.isInteger(value)) return undefined;
  if (!items.every((one) => !one.spread && isDeterministic(one.value))) return undefined;
  return items.at(value)?.value ?? constant(null);
}

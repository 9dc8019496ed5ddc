/**
 * `replace-like-with-range`: what is LIKE a pattern lies in the range of what begins as the pattern does, where an index can
 * look for it.
 *
 * LIKE makes texts of all values, and ranges do not: only beginnings that no text of another value has are taken.
 *
 * @module
 */
import type { PlanningSource } from "../../data_source.ts";
import { asciiWeight } from "../../value_order.ts";
import { allOf, attributePath, type CallExpr, constant, type Expr } from "../expression.ts";
import { fieldOf, ORDERED_INDEXES } from "../index_match.ts";
import type { PlanNode } from "../nodes.ts";
import { replaceInFilters } from "../rewrite.ts";
import type { Rule } from "../rule.ts";

/**
 * Adds ranges to LIKEs in the conditions of filters.
 *
 * @returns the changed nodes, or undefined if there is nothing to change
 */
export const replaceLikeWithRange: Rule = (nodes, source) =>
  replaceInFilters(nodes, (part) => narrowed(part, nodes, source));

/** A LIKE with what is known of its texts; undefined for anything else. */
function narrowed(part: Expr, nodes: readonly PlanNode[], source: PlanningSource): Expr | undefined {
  if (part.kind !== "call" || part.spec.name !== "LIKE" || part.args.length !== 2) return undefined;
  const [text, pattern] = part.args as [Expr, Expr];
  // the value last: a plan that has looked at the value of a parameter serves no others
  if (pattern.kind !== "constant" || !isIndexed(text, nodes, source) || typeof pattern.value !== "string") {
    return undefined;
  }
  const [plain] = /^[^%_\\]*/.exec(pattern.value)!;
  if (plain === pattern.value) {
    return isOfTexts(plain) ? { kind: "binary", operator: "==", left: text, right: constant(plain) } : undefined;
  }
  const [start] = /^[ -~]*/.exec(plain)!;
  return isOfTexts(start) ? between(text, start, part) : undefined;
}

/** Whether an expression is a key, or an attribute in another index that has an order, and that its loop may use. */
function isIndexed(expr: Expr, nodes: readonly PlanNode[], source: PlanningSource): boolean {
  const variable = attributePath(expr)?.variable;
  const field = variable && fieldOf(expr, variable);
  const loop = nodes.find((node) => node.type === "EnumerateCollectionNode" && node.outVariable === variable);
  if (field === undefined || loop?.type !== "EnumerateCollectionNode" || loop.options.disableIndex === true) {
    return false;
  }
  const indexes = source.collection(loop.collection)?.indexes() ?? [];
  return indexes.some(({ type, fields }) =>
    (type === "primary" || ORDERED_INDEXES.has(type)) && fields.includes(field)
  );
}

/** Whether a beginning is one of texts alone, not of what LIKE makes of null, booleans, numbers, arrays or objects. */
function isOfTexts(start: string): boolean {
  return !/^(?:[-\d[{]|$)/.test(start) && !"true".startsWith(start) && !"false".startsWith(start);
}

function between(text: Expr, start: string, like: CallExpr): Expr {
  const lower: Expr = { kind: "binary", operator: ">=", left: text, right: constant(start) };
  const end = behind(start);
  const upper: Expr[] = end === undefined ? [] : [{ kind: "binary", operator: "<", left: text, right: constant(end) }];
  return allOf([lower, ...upper, like]);
}

/**
 * A string behind all that begin with another one of printable ASCII characters; undefined if there is none of such
 * characters. What follows the beginning, whatever it is, counts less than the last character of the beginning.
 */
function behind(start: string): string | undefined {
  for (let length = start.length - 1; length >= 0; length--) {
    const next = following(start.charCodeAt(length));
    if (next !== undefined) return start.slice(0, length) + next;
  }
  return undefined;
}

/** The next printable ASCII character in the order of strings; undefined behind the last one. */
function following(code: number): string | undefined {
  const weight = asciiWeight(code) + 1;
  for (let next = 126; next >= 32; next--) if (asciiWeight(next) === weight) return String.fromCharCode(next);
  return undefined;
}

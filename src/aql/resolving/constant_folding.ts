/**
 * Computes the constant parts of expressions while a query is resolved.
 *
 * @module
 */
import { compile } from "../execution/compile.ts";
import {
  attributePath,
  type BinaryExpr,
  constant,
  type Expr,
  isDeterministic,
  partsOf,
  some,
  variablesOf,
} from "../plan/expression.ts";
import { MIRRORED, NEGATED } from "../plan/conditions.ts";
import { asConstant } from "../query_error.ts";
import { foldIntegers, negate } from "../arithmetic.ts";
import { type AqlArray, type AqlValue, isNumber, isTruthy } from "../values.ts";
import type { ResolverInput } from "./resolution.ts";

/** Expressions that have no parts and are not computed. */
const SIMPLE: ReadonlySet<Expr["kind"]> = new Set<Expr["kind"]>(["constant", "parameter", "collection", "variable"]);

/** Computes an expression whose parts are constant, unless it only puts values of parameters together. */
export function folded(expr: Expr, input: ResolverInput | undefined): Expr {
  const isCollection = expr.kind === "array" || expr.kind === "object";
  return isCollection && some(expr, isParameter) ? expr : computed(expr, input);
}

/** Computes an expression whose parts are constant. */
export function computed(expr: Expr, input: ResolverInput | undefined): Expr {
  const { kind } = expr;
  if (!input) {
    const sign = kind === "unary" && expr.operator !== "!" && expr.operand.kind === "constant";
    if (!sign || !isNumber((expr.operand as { value: AqlValue }).value)) return expr;
    const { value } = expr.operand as { value: number | bigint };
    return constant(expr.operator === "-" ? negate(value) : value);
  }
  if (kind === "binary" && expr.left.kind === "constant") {
    if (expr.operator === "&&") return isTruthy(expr.left.value) ? expr.right : expr.left;
    if (expr.operator === "||") return isTruthy(expr.left.value) ? expr.left : expr.right;
    if (expr.right.kind === "constant" && (expr.operator === "+" || expr.operator === "-" || expr.operator === "*")) {
      const exact = foldIntegers(expr.operator, expr.left.value, expr.right.value);
      if (exact !== undefined) return constant(exact);
    }
  }
  const simpler = comparedWithNothing(expr) ?? simplified(expr);
  if (simpler) return simpler;
  if (kind === "expansion" || kind === "question") {
    if (expr.target.kind !== "constant" || variablesOf(expr).size > 0) return expr;
    if (!isDeterministic(expr) || some(expr, ({ kind }) => kind === "collection")) return expr;
  } else if (SIMPLE.has(kind) || !partsOf(expr).every(isFixed)) {
    return expr;
  } else if (kind === "userCall" || (kind === "call" && (!expr.spec.deterministic || expr.spec.readsData))) {
    return expr;
  }
  const { context, onState } = input;
  onState("optimizing ast");
  const evaluate = compile(expr, context);
  const value = asConstant(() => evaluate([]));
  onState("parsing");
  if (value === null && kind === "binary" && "+-*/%".includes(expr.operator) && !isZeroDivision(expr)) {
    context.warn(1504, "number out of range");
  }
  return constant(value);
}

/** What a comparison with an empty array is, whatever the other side is; undefined for all others. */
function comparedWithNothing(expr: Expr): Expr | undefined {
  if (expr.kind === "binary" && (expr.operator === "IN" || expr.operator === "NOT IN")) {
    const isDecided = literalArray(expr.right)?.length === 0 && isDeterministic(expr.left);
    return isDecided ? constant(expr.operator === "NOT IN") : undefined;
  }
  if (expr.kind !== "quantified" || "count" in expr.quantifier || literalArray(expr.left)?.length !== 0) {
    return undefined;
  }
  // without an array to look in, the comparison is false
  const looksIn = expr.operator === "IN" || expr.operator === "NOT IN";
  if (looksIn && expr.right.kind !== "array" && !literalArray(expr.right)) return undefined;
  return isDeterministic(expr.right) ? constant(expr.quantifier.kind !== "ANY") : undefined;
}

/** The members of an array that the query has as a literal. */
function literalArray(expr: Expr): AqlArray | undefined {
  return expr.kind === "constant" && !isParameter(expr) && Array.isArray(expr.value) ? expr.value : undefined;
}

/**
 * The form that ArangoDB gives to comparisons: without NOT, the attribute first, `==` instead of IN with a single value and of
 * IS_NULL.
 *
 * Source: section 5.11 of `aql.md`.
 */
function simplified(expr: Expr): Expr | undefined {
  if (expr.kind === "call") {
    const [value] = expr.args;
    if (expr.spec.name !== "IS_NULL" || !value || isFixed(value)) return undefined;
    return { kind: "binary", operator: "==", left: value, right: constant(null) };
  }
  if (expr.kind === "unary") {
    const { operator, operand } = expr;
    const opposite = operator === "!" && operand.kind === "binary" ? NEGATED[operand.operator] : undefined;
    return opposite && { ...operand as BinaryExpr, operator: opposite };
  }
  if (expr.kind !== "binary") return undefined;
  const { operator, left, right } = expr;
  if (operator === "IN") {
    const list = isFixed(left) ? undefined : literalArray(right);
    return list?.length === 1 ? { kind: "binary", operator: "==", left, right: constant(list[0]!) } : undefined;
  }
  const isAttribute = right.kind === "attribute" && attributePath(right) !== undefined;
  const mirrored = left.kind === "constant" && isAttribute ? MIRRORED[operator] : undefined;
  return mirrored && { kind: "binary", operator: mirrored, left: right, right: left };
}

/** Whether null is what a division by zero gave, which has its own warning. */
function isZeroDivision(expr: Extract<Expr, { kind: "binary" }>): boolean {
  return expr.operator === "/" || expr.operator === "%";
}

/** Whether a part of an expression is a parameter whose value the plan need not know. */
function isParameter(part: Expr): boolean {
  return part.kind === "constant" && part.parameter !== undefined;
}

/** Whether an expression is a constant, or puts constants together. */
function isFixed(expr: Expr): boolean {
  return expr.kind === "constant" ||
    ((expr.kind === "array" || expr.kind === "object") && partsOf(expr).every(isFixed));
}

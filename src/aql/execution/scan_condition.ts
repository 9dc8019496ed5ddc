/**
 * What of a loop's condition the storage can test while it reads.
 *
 * The storage may leave documents in that do not fulfil the condition, so that the loop tests them once more; but it never
 * leaves one out that does.
 *
 * @module
 */
import type { AttributeComparison, AttributeCondition } from "../../storage/document_sql.ts";
import { MIRRORED } from "../plan/conditions.ts";
import { attributePath, type Expr, some, type Variable, variablesOf } from "../plan/expression.ts";
import type { AqlValue } from "../values.ts";
import { compile, type Row } from "./compile.ts";
import type { QueryContext } from "./context.ts";

/** Gives the storage's part of a condition, with the variables of a row put in; undefined for none. */
export type ScanCondition = (row: Row) => AttributeCondition | undefined;

type Operator = AttributeComparison["operator"];

/** Longer lists are left to the loop. */
const MAX_LIST = 100;
/** What lies deeper is left to the loop: SQLite takes expressions of up to 1000 levels. */
const MAX_DEPTH = 400;

/**
 * The storage's part of a condition on documents.
 *
 * @param variable stands for the document
 * @param depth how many AND and OR the expression stands in
 * @returns undefined if the storage cannot help
 */
export function scanCondition(
  expr: Expr,
  variable: Variable,
  context: QueryContext,
  depth = 0,
): ScanCondition | undefined {
  if (expr.kind !== "binary" || depth > MAX_DEPTH) return undefined;
  const { operator, left, right } = expr;
  if (operator === "&&" || operator === "||") {
    const parts = [left, right].map((part) => scanCondition(part, variable, context, depth + 1));
    const [a, b] = parts;
    if (operator === "&&") {
      if (!a || !b) return a ?? b;
    } else if (!a || !b) {
      return undefined;
    }
    const kind = operator === "&&" ? "and" : "or";
    return (row) => {
      const known = [a(row), b(row)].filter((part) => part !== undefined);
      if (known.length === 2) return { kind, parts: known };
      return kind === "and" ? known[0] : undefined;
    };
  }
  if (operator === "IN") return membership(left, right, variable, context);
  if (!MIRRORED[operator]) return undefined;
  return comparison(left, operator as Operator, right, variable, context) ??
    comparison(right, MIRRORED[operator], left, variable, context);
}

function comparison(
  access: Expr,
  operator: Operator,
  other: Expr,
  variable: Variable,
  context: QueryContext,
): ScanCondition | undefined {
  const target = attributePath(access);
  if (target?.variable !== variable || target.path.length === 0 || !isKnown(other, variable)) return undefined;
  const { path } = target;
  const evaluate = compile(other, context);
  return (row) => ({ kind: "compare", path, operator, value: evaluate(row) });
}

function membership(
  access: Expr,
  list: Expr,
  variable: Variable,
  context: QueryContext,
): ScanCondition | undefined {
  const target = attributePath(access);
  if (target?.variable !== variable || target.path.length === 0 || !isKnown(list, variable)) return undefined;
  const { path } = target;
  const evaluate = compile(list, context);
  return (row) => {
    const members: AqlValue = evaluate(row);
    if (!Array.isArray(members) || members.length === 0 || members.length > MAX_LIST) return undefined;
    return { kind: "or", parts: members.map((value) => ({ kind: "compare", path, operator: "==", value })) };
  };
}

/** Whether an expression can be computed before the loop starts, and once more without anybody noticing. */
function isKnown(expr: Expr, variable: Variable): boolean {
  return !some(expr, ({ kind }) => !QUIET.has(kind)) && !variablesOf(expr).has(variable);
}

/** What never warns. */
const QUIET: ReadonlySet<Expr["kind"]> = new Set<Expr["kind"]>(["constant", "variable", "attribute", "index", "array"]);

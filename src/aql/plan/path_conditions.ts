/**
 * What filters say about the vertices and edges of paths.
 *
 * Source: section 11.1 of `aql.md`, "FILTER on paths".
 *
 * @module
 */
import { type Expr, reference, shapeOf, some, type Variable } from "./expression.ts";
import type { PathCondition } from "./nodes.ts";
import { replaceParts } from "./rewrite.ts";

/** What stands for a single vertex or edge in conditions on each of them. */
export type PartVariables = Readonly<Record<PathCondition["part"], () => Variable>>;

const PARTS: Readonly<Record<string, PathCondition["part"]>> = { edges: "edge", vertices: "vertex" };

/** `p.edges` or `p.vertices`. */
function listOf(expr: Expr, path: Variable): PathCondition["part"] | undefined {
  if (expr.kind !== "attribute" || expr.target.kind !== "variable" || expr.target.variable !== path) return undefined;
  return PARTS[expr.name];
}

function reads(expr: Expr, path: Variable): boolean {
  return some(expr, (part) => part.kind === "variable" && part.variable === path);
}

/** Whether a term calls a function: what that warns of must not depend on paths that are never asked for. */
function calls(term: Expr): boolean {
  return some(term, ({ kind }) => kind === "call");
}

/** What a term says about each vertex or edge of a path: `p.edges[*].x ALL == y`, `NONE` alike. */
export function partsOfPath(term: Expr, path: Variable, variables: PartVariables): PathCondition | undefined {
  if (term.kind !== "quantified" || typeof term.operator !== "string" || calls(term) || reads(term.right, path)) {
    return undefined;
  }
  const { kind } = term.quantifier;
  const { left: list, operator, right } = term;
  if ((kind !== "ALL" && kind !== "NONE") || list.kind !== "expansion" || list.levels !== 1) return undefined;
  if (list.filter || list.offset || list.count || list.projection) return undefined;
  const part = listOf(list.target, path);
  if (!part) return undefined;
  const variable = variables[part]();
  const left = replaceParts(
    list.each,
    (one) => one.kind === "variable" && one.variable === list.result ? reference(variable) : undefined,
  );
  const holds: Expr = { kind: "binary", operator, left, right };
  return { part, variable, term, condition: kind === "ALL" ? holds : { kind: "unary", operator: "!", operand: holds } };
}

/** Whether a term says no more than what it says about each part: IN and NOT IN are false where they have no array to look in. */
export function isAllOfTerm({ term }: PathCondition): boolean {
  if (term.kind !== "quantified" || (term.operator !== "IN" && term.operator !== "NOT IN")) return true;
  const { right } = term;
  return right.kind === "array" || (right.kind === "constant" && shapeOf(right).type === "array");
}

/** What a term says about `p.edges[n]` or `p.vertices[n]` alone. */
export function onePartOf(term: Expr, path: Variable, variables: PartVariables): PathCondition | undefined {
  if (calls(term)) return undefined;
  let found: Pick<PathCondition, "part" | "depth" | "variable"> | undefined;
  let isOne = true;
  const condition = replaceParts(term, (one) => {
    if (one.kind !== "index" || one.index.kind !== "constant") return undefined;
    const part = listOf(one.target, path);
    const { value: depth } = one.index;
    if (!part || typeof depth !== "number" || !Number.isInteger(depth) || depth < 0) return undefined;
    if (found && (found.part !== part || found.depth !== depth)) isOne = false;
    found ??= { part, depth, variable: variables[part]() };
    return reference(found.variable);
  });
  return found && isOne && !reads(condition, path) ? { ...found, term, condition } : undefined;
}

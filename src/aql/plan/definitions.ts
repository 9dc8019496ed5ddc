/**
 * What is known about the variables of a plan: how they are computed, how often they are read.
 *
 * @module
 */
import { type Expr, type Variable, walk } from "./expression.ts";
import { usedBy } from "./node_effects.ts";
import type { PlanNode } from "./nodes.ts";
import { replaceParts } from "./rewrite.ts";

/** How variables are computed, by the calculations of one (sub)plan. */
export function definitionsOf(nodes: readonly PlanNode[]): Map<Variable, Expr> {
  const found = new Map<Variable, Expr>();
  for (const node of nodes) if (node.type === "CalculationNode") found.set(node.outVariable, node.expression);
  return found;
}

/** How many nodes read each variable. */
export function readersOf(nodes: readonly PlanNode[]): Map<Variable, number> {
  const found = new Map<Variable, number>();
  for (const node of nodes) for (const one of usedBy(node)) found.set(one, (found.get(one) ?? 0) + 1);
  return found;
}

/** How often an expression mentions a variable. */
export function mentions(expr: Expr, variable: Variable): number {
  let count = 0;
  walk(expr, (part) => {
    if (part.kind === "variable" && part.variable === variable) count++;
  });
  return count;
}

/**
 * An expression with the variables that `definitions` knows replaced by how they are computed.
 *
 * @param definitions of deterministic calculations
 */
export function resolved(expr: Expr, definitions: ReadonlyMap<Variable, Expr>): Expr {
  return replaceParts(expr, (part) => {
    const definition = part.kind === "variable" ? definitions.get(part.variable) : undefined;
    return definition && resolved(definition, definitions);
  });
}

const UNNAMED = (_key: string, value: unknown): unknown =>
  typeof value === "bigint" ? `${value}n` : Object.is(value, -0) ? "-0" : typeof value === "function" ? 0 : value;

/** Rules compare the same expressions again and again. */
const TEXTS = new WeakMap<Expr, string>();

/** A text that is the same for equal expressions. */
export function expressionText(expr: Expr): string {
  let text = TEXTS.get(expr);
  if (text === undefined) TEXTS.set(expr, text = textOf(expr));
  return text;
}

function textOf(expr: Expr): string {
  return JSON.stringify(expr, (key, value: unknown) => {
    if (value !== null && typeof value === "object" && "temporary" in value) return (value as Variable).id;
    if (key === "spec" && value !== null && typeof value === "object") return (value as { name: string }).name;
    return UNNAMED(key, value);
  });
}

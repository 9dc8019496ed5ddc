/**
 * `optimize-subqueries`: subqueries of which only the first results or their number matter do no more than that.
 *
 * @module
 */
import { definitionsOf, mentions } from "../definitions.ts";
import { type CallExpr, constant, type Expr, type Variable } from "../expression.ts";
import { isModification, usedBy } from "../node_effects.ts";
import type { LimitNode, PlanNode, ReturnNode, SubqueryNode } from "../nodes.ts";
import { replaceParts } from "../rewrite.ts";
import type { Rule, RuleContext } from "../rule.ts";

/** What is used of a subquery's result: so many first members, or how many there are. */
type Use = { readonly first: number } | "count";

const COUNTING = new Set(["LENGTH", "COUNT"]);

/**
 * Adds LIMITs to subqueries, or lets them return constants.
 *
 * @returns the changed nodes, or undefined if there is nothing to change
 */
export const optimizeSubqueries: Rule = (nodes, _source, context) => {
  let changed = false;
  const result = nodes.map((node) => {
    if (node.type !== "SubqueryNode" || isModification(node)) return node;
    const use = useOf(node.outVariable, nodes);
    const better = use && (use === "count" ? counting(node, context) : limited(node, use.first, context));
    if (!better) return node;
    changed = true;
    return better;
  });
  return changed ? result : undefined;
};

/** What is used of a subquery's result; undefined if that is neither its first members nor their number, or both. */
export function useOf(variable: Variable, nodes: readonly PlanNode[]): Use | undefined {
  const uses: Use[] = [];
  for (const node of nodes) {
    if (!usedBy(node).has(variable)) continue;
    if (node.type !== "CalculationNode") return undefined;
    const known = uses.length;
    replaceParts(node.expression, (part) => {
      const use = useIn(part, variable);
      if (use) uses.push(use);
      return undefined;
    });
    if (uses.length - known !== mentions(node.expression, variable)) return undefined;
  }
  const [first, ...others] = uses;
  return others.reduce<Use | undefined>((all, one) => all && both(all, one), first);
}

function both(a: Use, b: Use): Use | undefined {
  if (a === "count" || b === "count") return a === b ? a : undefined;
  return { first: Math.max(a.first, b.first) };
}

function useIn(part: Expr, variable: Variable): Use | undefined {
  if (part.kind === "index") {
    const { target, index } = part;
    if (!isVariable(target, variable) || index.kind !== "constant" || typeof index.value !== "number") return undefined;
    return Number.isInteger(index.value) && index.value >= 0 ? { first: index.value + 1 } : undefined;
  }
  if (part.kind !== "call" || !isCallOn(part, variable)) return undefined;
  if (isCountOf(part, variable)) return "count";
  return part.spec.name === "FIRST" ? { first: 1 } : undefined;
}

/** Whether a call asks how many members a variable has. */
export function isCountOf(call: CallExpr, variable: Variable): boolean {
  return isCallOn(call, variable) && COUNTING.has(call.spec.name);
}

function isCallOn({ args }: CallExpr, variable: Variable): boolean {
  return args[0] !== undefined && isVariable(args[0], variable);
}

function isVariable(expr: Expr, variable: Variable): boolean {
  return expr.kind === "variable" && expr.variable === variable;
}

function limited(node: SubqueryNode, limit: number, context: RuleContext): SubqueryNode | undefined {
  const result = node.nodes.at(-1);
  if (result?.type !== "ReturnNode" || !node.nodes.some(makesRows)) return undefined;
  if (node.nodes.some((one) => one.type === "LimitNode")) return undefined;
  const added: LimitNode = { id: context.newId(), type: "LimitNode", offset: 0, limit, fullCount: false };
  return { ...node, nodes: [...node.nodes.slice(0, -1), added, result] };
}

function makesRows({ type }: PlanNode): boolean {
  return type !== "SingletonNode" && type !== "CalculationNode" && type !== "ReturnNode";
}

function counting(node: SubqueryNode, context: RuleContext): SubqueryNode | undefined {
  const result = node.nodes.at(-1);
  if (result?.type !== "ReturnNode") return undefined;
  if (definitionsOf(node.nodes).get(result.inVariable)?.kind === "constant") return undefined;
  const outVariable = context.newVariable();
  const returned: ReturnNode = { ...result, inVariable: outVariable };
  const value: PlanNode = { id: context.newId(), type: "CalculationNode", outVariable, expression: constant(true) };
  return { ...node, nodes: [...node.nodes.slice(0, -1), value, returned] };
}

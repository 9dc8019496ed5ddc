/**
 * `sort-in-values`: lists that a filter looks through again and again are sorted once, in front of the loop.
 *
 * @module
 */
import type { FunctionSpec } from "../../functions/function_spec.ts";
import { AQL_FUNCTIONS } from "../../functions/mod.ts";
import { type Expr, isDeterministic, reference, shapeOf, type Variable } from "../expression.ts";
import { isLoop, setBy } from "../node_effects.ts";
import type { PlanNode } from "../nodes.ts";
import { filterVariables, replaceParts } from "../rewrite.ts";
import type { Rule } from "../rule.ts";

/** Shorter lists are looked through as they are. */
const SHORTEST = 8;

/**
 * What the list goes through by name. Members of long lists are looked up in sets, for which nothing has to be sorted;
 * and other values than arrays stay what they are, without a warning.
 */
const SORTED: FunctionSpec = { ...AQL_FUNCTIONS.get("SORTED_UNIQUE")!, run: (_context, [list]) => list ?? null };

/**
 * Lets `x IN list` and `x NOT IN list` in filters read `SORTED_UNIQUE(list)`.
 *
 * @returns the changed nodes, or undefined if there is nothing to change
 */
export const sortInValues: Rule = (nodes, _source, context) => {
  const filtered = filterVariables(nodes);
  /** Sorted copies by the variables of the lists. */
  const sorted = new Map<Variable, Variable>();
  const result: PlanNode[] = [];
  /** The variables that have a value in front of the last loop so far, and where that loop is in `result`. */
  let before = new Set<Variable>();
  let loopAt = -1;
  const seen = new Set<Variable>();
  for (const node of nodes) {
    if (isLoop(node)) {
      before = new Set(seen);
      loopAt = result.length;
    }
    for (const variable of setBy(node)) seen.add(variable);
    if (node.type !== "CalculationNode" || !filtered.has(node.outVariable) || loopAt < 0) {
      result.push(node);
      continue;
    }
    const expression = replaceParts(node.expression, (part) => {
      const list = listOf(part);
      if (!list || !before.has(list) || !isLong(list, nodes)) return undefined;
      let copy = sorted.get(list);
      if (!copy) {
        sorted.set(list, copy = context.newVariable());
        const call: Expr = { kind: "call", spec: SORTED, args: [reference(list)] };
        const id = context.newId();
        result.splice(loopAt, 0, { id, type: "CalculationNode", outVariable: copy, expression: call });
        loopAt++;
      }
      return { ...part, right: reference(copy) } as Expr;
    });
    result.push(expression === node.expression ? node : { ...node, expression });
  }
  return sorted.size > 0 ? result : undefined;
};

/** The list of `x IN list`, where it is a variable. */
function listOf(part: Expr): Variable | undefined {
  if (part.kind !== "binary" || (part.operator !== "IN" && part.operator !== "NOT IN")) return undefined;
  return part.right.kind === "variable" ? part.right.variable : undefined;
}

/** Whether a variable may hold a long array. */
function isLong(list: Variable, nodes: readonly PlanNode[]): boolean {
  const node = nodes.find((one) => setBy(one).has(list));
  if (node?.type === "SubqueryNode") {
    return node.nodes.every((one) => one.type !== "LimitNode" || one.limit >= SHORTEST);
  }
  return node?.type === "CalculationNode" && mayBeLong(node.expression);
}

function mayBeLong(expr: Expr): boolean {
  switch (expr.kind) {
    case "constant":
      return (shapeOf(expr).length ?? 0) >= SHORTEST;
    case "array":
      return expr.items.length >= SHORTEST;
    case "object":
    case "range":
      return false;
    case "call":
      if (expr.spec.name === "NOOPT") return mayBeLong(expr.args[0]!);
  }
  return isDeterministic(expr);
}

/**
 * `remove-filter-covered-by-index`: what an index has decided is not tested again.
 *
 * @module
 */
import { type Branch, branchesOf } from "../conditions.ts";
import { definitionsOf, expressionText, resolved } from "../definitions.ts";
import { type Expr, isDeterministic, type Variable } from "../expression.ts";
import type { IndexNode, PlanNode } from "../nodes.ts";
import type { Rule } from "../rule.ts";

/**
 * Leaves out filters whose terms index loops before them fulfil, or those of their terms.
 *
 * @returns the changed nodes, or undefined if there is nothing to change
 */
export const removeFilterCoveredByIndex: Rule = (nodes, _source, context) => {
  const loops: IndexNode[] = [];
  const definitions = new Map<Variable, Expr>();
  for (const [variable, expression] of definitionsOf(nodes)) {
    if (isDeterministic(expression)) definitions.set(variable, expression);
  }
  let changed = false;
  const result: PlanNode[] = [];
  for (const node of nodes) {
    if (node.type === "IndexNode") loops.push(node);
    const definition = node.type === "FilterNode" ? definitions.get(node.inVariable) : undefined;
    const left = definition && loops.length > 0 ? remaining(resolved(definition, definitions), loops) : undefined;
    if (!left) {
      result.push(node);
      continue;
    }
    changed = true;
    if (left.length === 0) continue;
    const outVariable = context.newVariable();
    const expression = left.reduce((a, b): Expr => ({ kind: "binary", operator: "&&", left: a, right: b }));
    result.push(
      { id: context.newId(), type: "CalculationNode", outVariable, expression },
      { id: context.newId(), type: "FilterNode", inVariable: outVariable },
    );
  }
  return changed ? result : undefined;
};

/** The terms of a condition that no loop fulfils; undefined if that is the condition as it is. */
function remaining(condition: Expr, loops: readonly IndexNode[]): readonly Expr[] | undefined {
  const branches = branchesOf(condition);
  if (!branches) return undefined;
  if (branches.length > 1) return loops.some((loop) => sameBranches(branches, loop.condition)) ? [] : undefined;
  const fulfilled = new Set(
    loops.flatMap(({ condition }) => condition.length === 1 ? condition[0]!.map(expressionText) : []),
  );
  const [terms] = branches as [Branch];
  const left = terms.filter((term) => !fulfilled.has(expressionText(term)));
  return left.length < terms.length ? left : undefined;
}

function sameBranches(a: readonly Branch[], b: readonly Branch[]): boolean {
  return a.length === b.length && texts(a) === texts(b);
}

function texts(branches: readonly Branch[]): string {
  return branches.map((branch) => branch.map(expressionText).sort().join()).sort().join("|");
}

/**
 * `fuse-filters`: adjacent filters become one.
 *
 * @module
 */
import { definitionsOf, readersOf } from "../definitions.ts";
import { allOf, type Expr, isDeterministic, type Variable } from "../expression.ts";
import type { PlanNode } from "../nodes.ts";
import type { Rule } from "../rule.ts";

/**
 * Joins filters with nothing but their own calculations between them by AND.
 *
 * @returns the changed nodes, or undefined if there is nothing to change
 */
export const fuseFilters: Rule = (nodes, _source, context) => {
  const definitions = definitionsOf(nodes);
  const readers = readersOf(nodes);
  const own = (variable: Variable): Expr | undefined => {
    const definition = readers.get(variable) === 1 ? definitions.get(variable) : undefined;
    return definition && isDeterministic(definition) ? definition : undefined;
  };
  const result: PlanNode[] = [];
  let run: { start: number; conditions: Expr[]; variables: Set<Variable> } | undefined;
  let changed = false;
  const close = (): void => {
    if (run && run.conditions.length > 1) {
      const { conditions, variables } = run;
      const tail = result.splice(run.start).filter((node) =>
        node.type !== "FilterNode" && !(node.type === "CalculationNode" && variables.has(node.outVariable))
      );
      const outVariable = context.newVariable();
      result.push(
        { id: context.newId(), type: "CalculationNode", outVariable, expression: allOf(conditions) },
        { id: context.newId(), type: "FilterNode", inVariable: outVariable },
        ...tail,
      );
      changed = true;
    }
    run = undefined;
  };
  for (const node of nodes) {
    const condition = node.type === "FilterNode" ? own(node.inVariable) : undefined;
    if (node.type === "FilterNode" && condition) {
      const at = result.findLastIndex((one) => one.type === "CalculationNode" && one.outVariable === node.inVariable);
      if (!run && at >= 0) run = { start: at, conditions: [], variables: new Set() };
      run?.conditions.push(condition);
      run?.variables.add(node.inVariable);
    } else if (
      node.type !== "CalculationNode" || !own(node.outVariable) || !isFilterCondition(nodes, node.outVariable)
    ) {
      close();
    }
    result.push(node);
  }
  close();
  return changed ? result : undefined;
};

function isFilterCondition(nodes: readonly PlanNode[], variable: Variable): boolean {
  return nodes.some((node) => node.type === "FilterNode" && node.inVariable === variable);
}

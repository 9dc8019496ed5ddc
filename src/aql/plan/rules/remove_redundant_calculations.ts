/**
 * `remove-redundant-calculations`: equal expressions are computed once.
 *
 * @module
 */
import { expressionText } from "../definitions.ts";
import { isDeterministic, type Variable } from "../expression.ts";
import { usedBy } from "../node_effects.ts";
import type { PlanNode } from "../nodes.ts";
import { namedVariables, replaceUses } from "../rewrite.ts";

/**
 * Lets the nodes behind a calculation read the variable of an equal one before it; the calculation itself stays.
 *
 * @returns the changed nodes, or undefined if there is nothing to change
 */
export function removeRedundantCalculations(nodes: readonly PlanNode[]): PlanNode[] | undefined {
  const named = namedVariables(nodes);
  const known = new Map<string, Variable>();
  const by = new Map<Variable, Variable>();
  let changed = false;
  const result = nodes.map((node) => {
    if (by.size > 0 && [...usedBy(node)].some((one) => by.has(one))) {
      node = replaceUses(node, by);
      changed = true;
    }
    if (node.type === "CollectNode") {
      known.clear();
      by.clear();
    } else if (node.type === "CalculationNode" && isDeterministic(node.expression)) {
      const text = expressionText(node.expression);
      const first = known.get(text);
      if (!first) known.set(text, node.outVariable);
      else if (!named.has(node.outVariable)) by.set(node.outVariable, first);
    }
    return node;
  });
  return changed ? result : undefined;
}

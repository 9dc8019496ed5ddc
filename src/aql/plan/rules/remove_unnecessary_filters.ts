/**
 * `remove-unnecessary-filters`: conditions that are known before the query runs are not tested.
 *
 * @module
 */
import { isTruthy } from "../../values.ts";
import { definitionsOf } from "../definitions.ts";
import { isModification } from "../node_effects.ts";
import type { PlanNode } from "../nodes.ts";
import type { Rule } from "../rule.ts";

/**
 * Leaves out filters on constants that are true; a constant that is false lets nothing through.
 *
 * @returns the changed nodes, or undefined if there is nothing to change
 */
export const removeUnnecessaryFilters: Rule = (nodes, _source, context) => {
  const definitions = definitionsOf(nodes);
  let changed = false;
  const result: PlanNode[] = [];
  nodes.forEach((node, i) => {
    const condition = node.type === "FilterNode" ? definitions.get(node.inVariable) : undefined;
    if (condition?.kind !== "constant") {
      result.push(node);
      return;
    }
    changed = true;
    if (isTruthy(condition.value)) return;
    if (nodes.slice(0, i).some(isModification)) result.push(node);
    else result.push({ id: context.newId(), type: "NoResultsNode" });
  });
  return changed && result.some((node, i) => node !== nodes[i]) ? result : undefined;
};

/**
 * `remove-collect-variables`: what a COLLECT gathers and nothing reads is not gathered.
 *
 * @module
 */
import type { Variable } from "../expression.ts";
import { addUsed } from "../node_effects.ts";
import type { CollectNode, PlanNode } from "../nodes.ts";

/**
 * Takes unread INTO and AGGREGATE variables from COLLECTs.
 *
 * @returns the changed nodes, or undefined if there is nothing to change
 */
export function removeCollectVariables(nodes: readonly PlanNode[]): PlanNode[] | undefined {
  const used = new Set<Variable>();
  for (const node of nodes) addUsed(node, used);
  let changed = false;
  const result = nodes.map((node) => {
    if (node.type !== "CollectNode" || node.method === "distinct") return node;
    const { into, ...rest } = node;
    const keepsInto = into !== undefined && used.has(into.outVariable);
    const aggregates = node.aggregates.filter(({ outVariable }) => used.has(outVariable));
    // without groups something has to be left to do
    const removable = node.groups.length > 0 || aggregates.length > 0 || keepsInto;
    if ((keepsInto || !into) && (aggregates.length === node.aggregates.length || !removable)) return node;
    changed = true;
    const changedNode: CollectNode = {
      ...rest,
      aggregates: removable ? aggregates : node.aggregates,
      ...(keepsInto ? { into } : {}),
    };
    return changedNode;
  });
  return changed ? result : undefined;
}

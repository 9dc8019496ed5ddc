/**
 * `remove-data-modification-out-variables`: OLD and NEW are not made if nothing reads them.
 *
 * @module
 */
import { usedByAny } from "../node_effects.ts";
import type { PlanNode } from "../nodes.ts";

/**
 * Takes the output variables that nothing reads from the nodes that write.
 *
 * @returns the changed nodes, or undefined if there is nothing to change
 */
export function removeDataModificationOutVariables(nodes: readonly PlanNode[]): PlanNode[] | undefined {
  let changed = false;
  const result = nodes.map((node, i) => {
    if (!("outVariableOld" in node) && !("outVariableNew" in node)) return node;
    const used = usedByAny(nodes.slice(i + 1));
    const { outVariableOld, outVariableNew, ...rest } = node;
    const kept = {
      ...(outVariableOld && used.has(outVariableOld) ? { outVariableOld } : {}),
      ...(outVariableNew && used.has(outVariableNew) ? { outVariableNew } : {}),
    };
    if (Object.keys(kept).length === Number(Boolean(outVariableOld)) + Number(Boolean(outVariableNew))) return node;
    changed = true;
    return { ...rest, ...kept } as PlanNode;
  });
  return changed ? result : undefined;
}

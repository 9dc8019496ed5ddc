/**
 * `inline-subqueries`: a subquery that only a loop goes through becomes a part of the query around it.
 *
 * @module
 */
import { readersOf } from "../definitions.ts";
import { isLoop, isModification, usedBy } from "../node_effects.ts";
import type { PlanNode } from "../nodes.ts";
import { namedVariables, replaceUses } from "../rewrite.ts";
import { reference } from "../expression.ts";
import type { Variable } from "../expression.ts";

/**
 * Puts the nodes of a subquery in the place of the loop over its results.
 *
 * @returns the changed nodes, or undefined if there is nothing to change
 */
export function inlineSubqueries(nodes: readonly PlanNode[]): PlanNode[] | undefined {
  let current = [...nodes];
  let changed = false;
  for (;;) {
    const next = inlineOne(current);
    if (!next) return changed ? current : undefined;
    current = next;
    changed = true;
  }
}

function inlineOne(nodes: readonly PlanNode[]): PlanNode[] | undefined {
  const readers = readersOf(nodes);
  const named = namedVariables(nodes);
  for (const [at, loop] of nodes.entries()) {
    if (loop.type !== "EnumerateListNode" || loop.filter) continue;
    const from = nodes.findIndex((node) => node.type === "SubqueryNode" && node.outVariable === loop.inVariable);
    const subquery = nodes[from];
    if (subquery?.type !== "SubqueryNode" || readers.get(loop.inVariable) !== 1) continue;
    if (!canInline(subquery.nodes, nodes.slice(0, at).some(isLoop)) || named.has(loop.inVariable)) continue;
    // what the subquery reads must still be there, and nothing may have been written in between
    if (nodes.slice(from, at).some(isModification)) continue;
    const last = subquery.nodes.at(-1)!;
    if (last.type !== "ReturnNode") continue;
    const rest = nodes.slice(at + 1);
    return [
      ...nodes.slice(0, from),
      ...nodes.slice(from + 1, at),
      ...subquery.nodes.slice(1, -1),
      ...bind(loop.id, loop.outVariable, last.inVariable, rest, named),
    ];
  }
  return undefined;
}

/** The nodes behind the loop, reading what the subquery returned. */
function bind(
  id: number,
  variable: Variable,
  result: Variable,
  rest: readonly PlanNode[],
  named: ReadonlySet<Variable>,
): PlanNode[] {
  const isSeen = named.has(variable) || rest.some((node) => node.type === "CollectNode" && node.into);
  if (!isSeen) {
    return rest.map((node) => usedBy(node).has(variable) ? replaceUses(node, new Map([[variable, result]])) : node);
  }
  return [{ id, type: "CalculationNode", outVariable: variable, expression: reference(result) }, ...rest];
}

function canInline(nodes: readonly PlanNode[], insideLoop: boolean): boolean {
  return nodes.every((node) => {
    switch (node.type) {
      case "CollectNode":
      case "LimitNode":
      case "WindowNode":
        return false;
      case "SortNode":
        return !insideLoop;
      default:
        return !isModification(node);
    }
  });
}

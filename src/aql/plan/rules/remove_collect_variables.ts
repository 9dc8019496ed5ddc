/**
 * `remove-collect-variables`: what a COLLECT gathers and nothing reads is not gathered.
 *
 * Source: section "COLLECT INTO ... KEEP optimization" of the manual's release notes of 3.4.
 *
 * @module
 */
import { attributesIn } from "../attribute_uses.ts";
import { type Expr, partsOf, type Variable } from "../expression.ts";
import { addUsed, usedBy } from "../node_effects.ts";
import type { CollectNode, PlanNode } from "../nodes.ts";

/**
 * Takes unread INTO and AGGREGATE variables from COLLECTs, and from those of INTO what nothing reads of them.
 *
 * @returns the changed nodes, or undefined if there is nothing to change
 */
export function removeCollectVariables(nodes: readonly PlanNode[]): PlanNode[] | undefined {
  const used = new Set<Variable>();
  for (const node of nodes) addUsed(node, used);
  let changed = false;
  const result = nodes.map((node, i) => {
    if (node.type !== "CollectNode" || node.method === "distinct") return node;
    const { into: given, ...rest } = node;
    const into = given && used.has(given.outVariable) ? withoutUnread(given, nodes.slice(i + 1)) : undefined;
    const aggregates = node.aggregates.filter(({ outVariable }) => used.has(outVariable));
    // without groups something has to be left to do
    const removable = node.groups.length > 0 || aggregates.length > 0 || into !== undefined;
    if (into === given && (aggregates.length === node.aggregates.length || !removable)) return node;
    changed = true;
    const changedNode: CollectNode = {
      ...rest,
      aggregates: removable ? aggregates : node.aggregates,
      ...(into ? { into } : {}),
    };
    return changedNode;
  });
  return changed ? result : undefined;
}

type Into = NonNullable<CollectNode["into"]>;

/** Keeps those variables alone that are read of the members of the groups; all, where members are used as they are. */
function withoutUnread(into: Into, later: readonly PlanNode[]): Into {
  const { outVariable, expressionVariable, keepVariables } = into;
  const read = new Set<string>();
  if (expressionVariable || !later.every((node) => addReads(node, outVariable, read))) return into;
  const kept = keepVariables.filter(({ name }) => read.has(name));
  return kept.length === 0 || kept.length === keepVariables.length ? into : { ...into, keepVariables: kept };
}

/**
 * Adds the names of what a node reads of the members of an array of groups.
 *
 * @returns false if it uses the array or a member in any other way
 */
function addReads(node: PlanNode, groups: Variable, to: Set<string>): boolean {
  if (node.type === "CalculationNode") return addReadsIn(node.expression, groups, to);
  if (node.type === "SubqueryNode") return node.nodes.every((one) => addReads(one, groups, to));
  return !usedBy(node).has(groups);
}

function addReadsIn(expr: Expr, groups: Variable, to: Set<string>): boolean {
  if (expr.kind === "variable") return expr.variable !== groups;
  const isGroups = (one: Expr): boolean => one.kind === "variable" && one.variable === groups;
  if (expr.kind === "attribute" && expr.target.kind === "index" && isGroups(expr.target.target)) {
    to.add(expr.name);
    return addReadsIn(expr.target.index, groups, to);
  }
  if (expr.kind !== "expansion" || expr.levels !== 1 || !isGroups(expr.target)) {
    return partsOf(expr).every((part) => addReadsIn(part, groups, to));
  }
  const { filter, offset, count, projection, each, item, result } = expr;
  const tests = [filter, projection].filter((one) => one !== undefined);
  const others = [...tests, each, ...[offset, count].filter((one) => one !== undefined)];
  const reads = [attributesIn(item, tests), projection ? new Set<string>() : attributesIn(result, [each])];
  return reads.every((names) => {
    if (names === "whole") return false;
    for (const name of names) to.add(name);
    return true;
  }) && others.every((part) => addReadsIn(part, groups, to));
}

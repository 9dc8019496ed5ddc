/**
 * `optimize-traversals`: what filters demand of the paths of a traversal is tested while it walks, and what nobody reads of it
 * is not made.
 *
 * Source: section 11.1 of `aql.md`, "FILTER on paths"; recorded example `02_debugDumpInspect`; sections "Traversal filtering
 * optimizations" and "Traversal partial path buildup" of the manual's release notes of 3.9.
 *
 * @module
 */
import { conditionBehind } from "../conditions.ts";
import { addVariables, allOf, type Expr, isDeterministic, type Variable, variablesOf } from "../expression.ts";
import { testsOf, usedByAny } from "../node_effects.ts";
import type { PathCondition, PlanNode, TraversalNode } from "../nodes.ts";
import { isAllOfTerm, onePartOf, partsOfPath, type PartVariables } from "../path_conditions.ts";
import type { Rule } from "../rule.ts";

/**
 * Gives traversals the terms of the filters behind them, and takes edge and path variables that nobody reads. The filters
 * stay; `remove-filter-covered-by-traversal` takes away what the traversal has decided.
 *
 * @returns the changed nodes, or undefined if there is nothing to change
 */
export const optimizeTraversals: Rule = (nodes) => {
  let changed = false;
  const result = nodes.map((node, i): PlanNode => {
    if (node.type !== "TraversalNode") return node;
    const demanded = node.conditions || node.postFilter ? undefined : conditionBehind(nodes, i);
    const tested = demanded?.branches.length === 1 ? withTerms(node, demanded.branches[0]!, demanded.later) : node;
    const better = withoutUnread(tested, nodes.slice(i + 1));
    changed ||= better !== node;
    return better;
  });
  return changed ? result : undefined;
};

/** A traversal without the edge and path variables that neither it nor the nodes behind it read. */
export function withoutUnread(node: TraversalNode, later: readonly PlanNode[]): TraversalNode {
  const used = usedByAny(later);
  for (const one of testsOf(node)) addVariables(one, used);
  const { edgeOutVariable: edge, pathOutVariable: path, ...rest } = node;
  const isRead = (variable: Variable | undefined): boolean => variable !== undefined && used.has(variable);
  if ((!edge || isRead(edge)) && (!path || isRead(path))) return node;
  return {
    ...rest,
    ...(isRead(edge) ? { edgeOutVariable: edge! } : {}),
    ...(isRead(path) ? { pathOutVariable: path! } : {}),
  };
}

function withTerms(node: TraversalNode, terms: readonly Expr[], later: ReadonlySet<Variable>): TraversalNode {
  const { vertexOutVariable: vertex, edgeOutVariable: edge, pathOutVariable: path } = node;
  const conditions: PathCondition[] = [];
  const after: Expr[] = [];
  for (const term of terms) {
    if (!isDeterministic(term)) continue;
    const used = [...variablesOf(term)].filter((one) => later.has(one));
    if (used.length > 0 && used.every((one) => one === vertex || one === edge)) after.push(term);
    else if (path && edge && used.length === 1 && used[0] === path) {
      const variables: PartVariables = { vertex: () => vertex, edge: () => edge };
      const condition = prunable(node)
        ? partsOfPath(term, path, variables) ?? onePartOf(term, path, variables)
        : undefined;
      if (condition) conditions.push(condition);
    }
  }
  if (conditions.length === 0 && after.length === 0) return node;
  return {
    ...node,
    ...(conditions.length > 0 ? { conditions } : {}),
    ...(after.length > 0 ? { postFilter: allOf(after) } : {}),
    covered: [...after, ...conditions.filter((one) => decides(one, node)).map(({ term }) => term)],
  };
}

/** Whether leaving out a path changes nothing about others: a vertex that is visited once is found by the first path to it. */
function prunable({ settings }: TraversalNode): boolean {
  return settings.uniqueVertices !== "global";
}

/** Whether the filter need not be tested again: paths that are too short for the condition would not come out. */
function decides(condition: PathCondition, { settings }: TraversalNode): boolean {
  const { part, depth } = condition;
  if (depth === undefined) return isAllOfTerm(condition);
  return settings.depth.min >= (part === "edge" ? depth + 1 : depth);
}

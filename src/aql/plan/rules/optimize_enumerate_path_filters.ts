/**
 * `optimize-enumerate-path-filters`: what filters demand of each vertex or edge of the paths between two vertices narrows
 * the graph that is searched.
 *
 * @module
 */
import { conditionBehind } from "../conditions.ts";
import { isDeterministic, type Variable, variablesOf } from "../expression.ts";
import type { PathCondition, PathNode, PlanNode } from "../nodes.ts";
import { isAllOfTerm, partsOfPath, type PartVariables } from "../path_conditions.ts";
import type { Rule, RuleContext } from "../rule.ts";

/**
 * Gives K_PATHS and K_SHORTEST_PATHS the terms of the filters behind them. The filters stay;
 * `remove-filter-covered-by-traversal` takes them away.
 *
 * @returns the changed nodes, or undefined if there is nothing to change
 */
export const optimizeEnumeratePathFilters: Rule = (nodes, _source, context) => {
  let changed = false;
  const result = nodes.map((node, i): PlanNode => {
    if (node.type !== "EnumeratePathsNode" || node.conditions || !NARROWABLE.has(node.search)) return node;
    const demanded = conditionBehind(nodes, i);
    const [path] = node.outVariables as [Variable];
    if (demanded?.branches.length !== 1) return node;
    const conditions: PathCondition[] = [];
    for (const term of demanded.branches[0]!) {
      const used = [...variablesOf(term)].filter((one) => demanded.later.has(one));
      if (!isDeterministic(term) || used.length !== 1 || used[0] !== path) continue;
      const condition = partsOfPath(term, path, newVariables(context));
      if (condition) conditions.push(condition);
    }
    if (conditions.length === 0) return node;
    changed = true;
    return { ...node, conditions, covered: conditions.filter(isAllOfTerm).map(({ term }) => term) };
  });
  return changed ? result : undefined;
};

/** Without some vertices other paths would be the shortest ones: only searches that give all paths can do without. */
const NARROWABLE: ReadonlySet<PathNode["search"]> = new Set<PathNode["search"]>(["K_PATHS", "K_SHORTEST_PATHS"]);

function newVariables({ newVariable }: RuleContext): PartVariables {
  return { vertex: newVariable, edge: newVariable };
}

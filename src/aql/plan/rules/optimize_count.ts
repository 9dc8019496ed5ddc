/**
 * `optimize-count`: subqueries of which only the number of results matters count documents, and do not read them.
 *
 * @module
 */
import { constant } from "../expression.ts";
import { isModification, usedBy } from "../node_effects.ts";
import type { EnumerateCollectionNode, IndexNode, PlanNode } from "../nodes.ts";
import { replaceParts } from "../rewrite.ts";
import type { Rule } from "../rule.ts";
import { isCountOf, useOf } from "./optimize_subqueries.ts";

/**
 * Lets the single loop of such a subquery give the number of its documents, and the calculation around it read that.
 *
 * @returns the changed nodes, or undefined if there is nothing to change
 */
export const optimizeCount: Rule = (nodes) => {
  let result: readonly PlanNode[] = nodes;
  for (const node of nodes) {
    if (node.type !== "SubqueryNode" || isModification(node) || useOf(node.outVariable, nodes) !== "count") continue;
    const counting = countingNodes(node.nodes);
    if (!counting) continue;
    const { outVariable } = node;
    result = result.map((one): PlanNode => {
      if (one === node) return { ...node, nodes: counting };
      if (one.type !== "CalculationNode" || !usedBy(one).has(outVariable)) return one;
      const expression = replaceParts(
        one.expression,
        (part) =>
          part.kind === "call" && isCountOf(part, outVariable)
            ? { kind: "index", target: part.args[0]!, index: constant(0) }
            : undefined,
      );
      return { ...one, expression };
    });
  }
  return result === nodes ? undefined : result;
};

/** The nodes of a subquery that gives one result, the number of those that it gave; undefined if it is not that simple. */
function countingNodes(nodes: readonly PlanNode[]): PlanNode[] | undefined {
  const [start, loop, end, ...others] = nodes.filter((one) =>
    one.type !== "CalculationNode" || one.expression.kind !== "constant"
  );
  if (start?.type !== "SingletonNode" || !loop || !isSimple(loop) || end?.type !== "ReturnNode" || others.length > 0) {
    return undefined;
  }
  const { projections: _, ...counted } = loop;
  return [start, { ...counted, count: true }, { ...end, inVariable: loop.outVariable }];
}

function isSimple(node: PlanNode): node is EnumerateCollectionNode | IndexNode {
  if (node.type === "EnumerateCollectionNode") return !node.filter && !node.random && !node.current;
  return node.type === "IndexNode" && !node.filter && !node.current && !node.nearest && node.condition.length <= 1;
}

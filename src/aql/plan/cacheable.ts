/**
 * Which results of queries may be kept.
 *
 * @module
 */
import { isDeterministic } from "./expression.ts";
import { isModification } from "./node_effects.ts";
import type { Plan, PlanNode } from "./nodes.ts";

const GRAPH_NODES: ReadonlySet<PlanNode["type"]> = new Set(["TraversalNode", "ShortestPathNode", "EnumeratePathsNode"]);

/** A function that is a constant in the plan of one run. Its name may stand in backticks, or before a comment. */
const NOW = /\bDATE_NOW\b/i;

/**
 * Whether the results of a query may be kept: it reads only, and its functions give the same again.
 *
 * Source: section "Query eligibility" of the manual's page on the query results cache.
 *
 * @param text the query
 */
export function isCacheable(plan: Plan, text: string): boolean {
  return areCacheable(plan.nodes) && !NOW.test(text);
}

function areCacheable(nodes: readonly PlanNode[]): boolean {
  return nodes.every((node) => {
    if (isModification(node)) return false;
    if (node.type === "SubqueryNode") return areCacheable(node.nodes);
    if (node.type === "EnumerateCollectionNode" && node.random) return false;
    return node.type !== "CalculationNode" || isDeterministic(node.expression);
  });
}

/** Whether a query goes to collections of graphs, which it need not name. */
export function searchesGraph(plan: Plan): boolean {
  return haveSearch(plan.nodes);
}

function haveSearch(nodes: readonly PlanNode[]): boolean {
  return nodes.some((node) => node.type === "SubqueryNode" ? haveSearch(node.nodes) : GRAPH_NODES.has(node.type));
}

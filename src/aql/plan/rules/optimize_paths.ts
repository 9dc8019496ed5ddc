/**
 * `optimize-paths`: path searches do not load vertices and edges that nobody reads.
 *
 * @module
 */
import { readPathParts } from "../attribute_uses.ts";
import { usedByAny } from "../node_effects.ts";
import type { PathNode, PlanNode } from "../nodes.ts";
import type { Variable } from "../expression.ts";
import type { Rule } from "../rule.ts";

/**
 * Leaves out the edge variables of shortest paths, and the parts of other paths, that the nodes behind do not read.
 *
 * @returns the changed nodes, or undefined if there is nothing to change
 */
export const optimizePaths: Rule = (nodes) => {
  let changed = false;
  const result = nodes.map((node, i): PlanNode => {
    const later = nodes.slice(i + 1);
    const better = node.type === "ShortestPathNode"
      ? withoutEdge(node, later)
      : node.type === "EnumeratePathsNode"
      ? withParts(node, later)
      : undefined;
    changed ||= better !== undefined;
    return better ?? node;
  });
  return changed ? result : undefined;
};

/** A search without its edge variable; undefined if it has none, or somebody reads it. */
function withoutEdge(node: PathNode, later: readonly PlanNode[]): PathNode | undefined {
  const [vertex, edge] = node.outVariables as [Variable, Variable?];
  return edge && !usedByAny(later).has(edge) ? { ...node, outVariables: [vertex] } : undefined;
}

/** A search that makes parts of its paths; undefined if all are read. */
function withParts(node: PathNode, later: readonly PlanNode[]): PathNode | undefined {
  const pathParts = node.pathParts ? undefined : readPathParts(node.outVariables[0]!, later);
  return pathParts && { ...node, pathParts };
}

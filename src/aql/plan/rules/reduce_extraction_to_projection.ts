/**
 * `reduce-extraction-to-projection`: loops take only those attributes out of documents that are read.
 *
 * @module
 */
import { outermostPaths, pathsRead } from "../attribute_uses.ts";
import type { EnumerateCollectionNode, IndexNode, PlanNode } from "../nodes.ts";

/** How many attributes are taken out at most, where the loop does not say. */
const MAX_PROJECTIONS = 5;

/**
 * Notes at loops over collections which attributes the nodes behind them read, if these are few, and whether anything
 * reads the documents at all.
 *
 * @returns the changed nodes, or undefined if there is nothing to change
 */
export function reduceExtractionToProjection(nodes: readonly PlanNode[]): PlanNode[] | undefined {
  let changed = false;
  const result = nodes.map((node, i) => {
    if (node.type !== "EnumerateCollectionNode" && node.type !== "IndexNode") return node;
    if (node.projections || node.current || node.producesResult === false) return node;
    const read = pathsRead(node.outVariable, nodes.slice(i + 1));
    if (!read) return node;
    const paths = outermostPaths(read);
    if (paths.length === 0) {
      changed = true;
      return { ...node, producesResult: false };
    }
    if (paths.length > maxProjections(node)) return node;
    changed = true;
    return { ...node, projections: paths.map((path) => ({ path })) };
  });
  return changed ? result : undefined;
}

function maxProjections({ options }: EnumerateCollectionNode | IndexNode): number {
  return typeof options.maxProjections === "number" ? options.maxProjections : MAX_PROJECTIONS;
}

/**
 * `sort-limit`: a SORT before a LIMIT keeps only as many rows as the LIMIT lets through.
 *
 * @module
 */
import { Estimator } from "../estimates.ts";
import type { Rule } from "../rule.ts";

/** Fewer rows than this are sorted as they are. */
const MIN_ROWS = 100;

/**
 * Gives SORT nodes the bound of the LIMIT that follows them, where a heap is expected to pay.
 *
 * @returns the changed nodes, or undefined if there is nothing to change
 */
export const sortLimit: Rule = (nodes, source) => {
  let changed = false;
  const result = nodes.map((node, i) => {
    if (node.type !== "SortNode" || node.limit !== undefined || node.grouped !== undefined) return node;
    let next = i + 1;
    while (nodes[next]?.type === "CalculationNode") next++;
    const limit = nodes[next];
    if (limit?.type !== "LimitNode" || limit.fullCount) return node;
    const kept = limit.offset + limit.limit;
    if (!pays(new Estimator(nodes, source).behind(nodes.slice(0, i)).items, kept)) return node;
    changed = true;
    return { ...node, limit: kept };
  });
  return changed ? result : undefined;
};

/** Source: section 20.1 of `aql.md`. */
function pays(rows: number, kept: number): boolean {
  if (rows < MIN_ROWS || kept === 0) return false;
  return 0.25 * rows * Math.log2(kept) + kept * Math.log2(kept) < rows * Math.log2(rows);
}

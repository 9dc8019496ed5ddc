/**
 * `use-index-for-sort`: rows that an index gives in the right order are not sorted; where it gives them in the order of the
 * first elements of a SORT, only those that are equal there are.
 *
 * Source: section "Improved index utilization for SORT" of the manual's release notes of 3.12.
 *
 * @module
 */
import { indexTerms } from "../index_match.ts";
import type { IndexNode, PlanNode } from "../nodes.ts";
import type { Rule } from "../rule.ts";
import { matchSort, sortBehind, type SortMatch } from "../sort_match.ts";

/**
 * Takes SORTs away whose order the index loop before them has, or leaves them less to do.
 *
 * @returns the changed nodes, or undefined if there is nothing to change
 */
export const useIndexForSort: Rule = (nodes) => {
  for (const [at, loop] of nodes.entries()) {
    const match = loop.type === "IndexNode" && !loop.ordered ? matchOf(loop, nodes, at) : undefined;
    if (!match) continue;
    const { sort, fields, ascending } = match;
    const isWhole = fields.length === sort.elements.length;
    return nodes.flatMap((node): PlanNode | PlanNode[] => {
      if (node === loop) return { ...loop, ordered: true, sortedBy: fields, ascending } as IndexNode;
      if (node === sort) return isWhole ? [] : { ...sort, grouped: fields.length };
      return node;
    });
  }
  return undefined;
};

function matchOf(loop: IndexNode, nodes: readonly PlanNode[], at: number): SortMatch | undefined {
  const { indexes: [index], condition, outVariable, options } = loop;
  if (loop.indexes.length !== 1 || condition.length > 1 || loop.nearest || options.disableIndex === true) {
    return undefined;
  }
  const terms = (condition[0] ?? []).flatMap((term) => indexTerms(term, outVariable, new Set()));
  if (terms.some(({ operator }) => operator === "IN")) return undefined;
  const sort = sortBehind(nodes, at);
  const fixed = new Set(terms.filter(({ operator }) => operator === "==").map(({ field }) => field));
  return sort && matchSort(nodes, sort, index!, outVariable, fixed);
}

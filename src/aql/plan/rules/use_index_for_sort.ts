/**
 * `use-index-for-sort`: rows that an index gives in the right order are not sorted; where it gives them in the order of the
 * first elements of a SORT, only those that are equal there are.
 *
 * Source: section "Improved index utilization for SORT" of the manual's release notes of 3.12.
 *
 * @module
 */
import { indexTerms } from "../index_match.ts";
import type { PlanNode } from "../nodes.ts";
import type { Rule } from "../rule.ts";
import { servedFields, sortedLoop } from "../sort_match.ts";

/**
 * Takes SORTs away whose order the index loop before them has, or leaves them less to do.
 *
 * @returns the changed nodes, or undefined if there is nothing to change
 */
export const useIndexForSort: Rule = (nodes) => {
  const sorted = sortedLoop(nodes);
  if (sorted?.loop.type !== "IndexNode") return undefined;
  const { loop, sort } = sorted;
  const { indexes: [index], condition, outVariable } = loop;
  if (loop.ordered || loop.indexes.length !== 1 || condition.length > 1) return undefined;
  const terms = (condition[0] ?? []).flatMap((term) => indexTerms(term, outVariable, new Set()));
  if (terms.some(({ operator }) => operator === "IN")) return undefined;
  const fixed = new Set(terms.filter(({ operator }) => operator === "==").map(({ field }) => field));
  const sortedBy = servedFields(sorted, index!, fixed);
  if (sortedBy.length === 0) return undefined;
  const { ascending } = sort.elements[0]!;
  return nodes.flatMap((node): PlanNode | PlanNode[] => {
    if (node === loop) return { ...loop, ordered: true, sortedBy, ascending };
    if (node !== sort) return node;
    return sortedBy.length === sort.elements.length ? [] : { ...sort, grouped: sortedBy.length };
  });
};

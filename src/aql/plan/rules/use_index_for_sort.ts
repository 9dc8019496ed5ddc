/**
 * `use-index-for-sort`: rows that an index gives in the right order are not sorted; where it gives them in the order of the
 * first elements of a SORT, only those that are equal there are.
 *
 * Source: section "Improved index utilization for SORT" of the manual's release notes of 3.12.
 *
 * @module
 */
import type { PlanningSource } from "../../data_source.ts";
import { indexTerms } from "../index_match.ts";
import type { IndexNode, PlanNode } from "../nodes.ts";
import type { Rule, RuleContext } from "../rule.ts";
import { servedFields, type SortedLoop, sortedLoop } from "../sort_match.ts";
import { indexNode, sortingIndex } from "./use_indexes.ts";

/**
 * Takes SORTs away whose order the index loop before them has, or leaves them less to do.
 *
 * @returns the changed nodes, or undefined if there is nothing to change
 */
export const useIndexForSort: Rule = (nodes, source, context) => {
  const sorted = sortedLoop(nodes);
  const loop = sorted && indexLoop(sorted, source, context);
  if (!loop) return undefined;
  const { sort } = sorted;
  const { indexes: [index], condition, outVariable } = loop;
  if (loop.ordered || loop.indexes.length !== 1 || condition.length > 1) return undefined;
  const terms = (condition[0] ?? []).flatMap((term) => indexTerms(term, outVariable, new Set()));
  if (terms.some(({ operator }) => operator === "IN")) return undefined;
  const fixed = new Set(terms.filter(({ operator }) => operator === "==").map(({ field }) => field));
  const sortedBy = servedFields(sorted, index!, fixed);
  if (sortedBy.length === 0) return undefined;
  const { ascending } = sort.elements[0]!;
  return nodes.flatMap((node): PlanNode | PlanNode[] => {
    if (node === sorted.loop) return { ...loop, ordered: true, sortedBy, ascending };
    if (node !== sort) return node;
    return sortedBy.length === sort.elements.length ? [] : { ...sort, grouped: sortedBy.length };
  });
};

/** The loop as one that goes by an index; `use-indexes` has made it one, unless that rule is switched off. */
function indexLoop(sorted: SortedLoop, source: PlanningSource, { newId }: RuleContext): IndexNode | undefined {
  const { loop } = sorted;
  if (loop.type === "IndexNode") return loop;
  const parts = sortingIndex(sorted, loop, source);
  return parts && indexNode(loop, newId(), parts);
}

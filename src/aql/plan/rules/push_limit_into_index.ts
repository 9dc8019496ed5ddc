/**
 * `push-limit-into-index`: of documents that an index finds for each member of a list, in the order of the SORT behind, only
 * the first ones are read.
 *
 * Source: section "Push limit into index optimization" of the manual's release notes of 3.12.
 *
 * @module
 */
import { definitionsOf } from "../definitions.ts";
import { fieldOf, indexTerms, ORDERED_INDEXES } from "../index_match.ts";
import { isLoop } from "../node_effects.ts";
import type { IndexNode, PlanNode, SortNode } from "../nodes.ts";
import type { Rule } from "../rule.ts";

/**
 * Gives index loops the bound of the SORT and LIMIT behind them.
 *
 * @returns the changed nodes, or undefined if there is nothing to change
 */
export const pushLimitIntoIndex: Rule = (nodes) => {
  const at = nodes.findIndex(isLoop);
  const loop = nodes[at];
  if (loop?.type !== "IndexNode" || !isPlain(loop)) return undefined;
  const [sort, ...behind] = nodes.slice(at + 1).filter(({ type }) => type !== "CalculationNode");
  const limit = behind[0];
  if (sort?.type !== "SortNode" || limit?.type !== "LimitNode" || limit.fullCount) return undefined;
  if (!continuesList(loop, sort, nodes)) return undefined;
  const { ascending } = sort.elements[0]!;
  return nodes.map((node) => node === loop ? { ...loop, ascending, limit: limit.offset + limit.limit } : node);
};

function isPlain({ indexes, condition, filter, current, ordered, collect, count, limit }: IndexNode): boolean {
  return indexes.length === 1 && ORDERED_INDEXES.has(indexes[0]!.type) && condition.length === 1 && !filter &&
    !current &&
    !ordered && !collect && !count && limit === undefined;
}

/** Whether a condition fixes the first fields of an index, one of them by a list, and a SORT goes by those that follow. */
function continuesList(
  { indexes, condition, outVariable }: IndexNode,
  sort: SortNode,
  nodes: readonly PlanNode[],
): boolean {
  const fields = indexes[0]!.fields;
  const terms = condition[0]!.flatMap((term) => indexTerms(term, outVariable, new Set([outVariable])));
  const fixed = fields.findIndex((field) =>
    !terms.some((term) => term.field === field && (term.operator === "==" || term.operator === "IN"))
  );
  if (fixed <= 0 || terms.length !== fixed || !terms.some(({ operator }) => operator === "IN")) return false;
  if (fields.some((field) => field.includes("[*]"))) return false;
  const definitions = definitionsOf(nodes);
  return sort.elements.every(({ inVariable, ascending }, i) => {
    const definition = definitions.get(inVariable);
    const field = definition && fieldOf(definition, outVariable);
    return field !== undefined && field === fields[fixed + i] && ascending === sort.elements[0]!.ascending;
  });
}

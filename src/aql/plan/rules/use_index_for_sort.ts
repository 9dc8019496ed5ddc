/**
 * `use-index-for-sort`: rows that an index gives in the right order are not sorted.
 *
 * @module
 */
import type { PlanningSource, SourceIndex } from "../../data_source.ts";
import { definitionsOf, resolved } from "../definitions.ts";
import { type Expr, isDeterministic, type Variable } from "../expression.ts";
import { fieldOf, indexTerms, ORDERED_INDEXES } from "../index_match.ts";
import { type EnumerateCollectionNode, type IndexNode, isLoop, type PlanNode, type SortNode } from "../nodes.ts";
import type { Rule } from "../rule.ts";
import { hintsOf, indexNode } from "./use_indexes.ts";

/**
 * Takes SORTs away whose order an index has: that of the index loop before them, or of an index that a full loop then reads.
 *
 * @returns the changed nodes, or undefined if there is nothing to change
 */
export const useIndexForSort: Rule = (nodes, source, context) => {
  const result = [...nodes];
  let changed = false;
  for (const sort of nodes) {
    if (sort.type !== "SortNode") continue;
    const at = result.indexOf(sort);
    const loopAt = loopBefore(result, at);
    const loop = loopAt === undefined ? undefined : result[loopAt]!;
    if (loop?.type !== "EnumerateCollectionNode" && loop?.type !== "IndexNode") continue;
    const fields = sortedFields(result, sort, loop.outVariable);
    if (!fields || loop.options.disableIndex === true) continue;
    const { ascending } = sort.elements[0]!;
    const served = loop.type === "IndexNode"
      ? isServed(loop, fields) ? { ...loop, ordered: true, sortedBy: fields, ascending } : undefined
      : readIndex(loop, fields, ascending, source, () => context.newId());
    if (!served) continue;
    result[loopAt!] = served;
    result.splice(at, 1);
    changed = true;
  }
  return changed ? result : undefined;
};

/** The loop that makes the rows of a SORT, if it is the only one and its order is still there. */
function loopBefore(nodes: readonly PlanNode[], at: number): number | undefined {
  let found: number | undefined;
  for (let i = at - 1; i > 0; i--) {
    const node = nodes[i]!;
    if (isLoop(node)) {
      if (found !== undefined) return undefined;
      found = i;
    } else if (
      found === undefined && node.type !== "CalculationNode" && node.type !== "FilterNode" &&
      node.type !== "SubqueryNode"
    ) {
      return undefined;
    }
  }
  return found;
}

/** The fields that a SORT sorts by, all in the same direction. */
function sortedFields(nodes: readonly PlanNode[], sort: SortNode, variable: Variable): string[] | undefined {
  const definitions = definitionsOf(nodes);
  const steady = new Map<Variable, Expr>([...definitions].filter(([, expression]) => isDeterministic(expression)));
  const fields: string[] = [];
  for (const { inVariable, ascending } of sort.elements) {
    if (ascending !== sort.elements[0]!.ascending) return undefined;
    const definition = steady.get(inVariable);
    const field = definition && fieldOf(resolved(definition, steady), variable);
    if (field === undefined) return undefined;
    fields.push(field);
  }
  return fields;
}

function isServed(loop: IndexNode, fields: readonly string[]): boolean {
  const [index] = loop.indexes;
  if (loop.indexes.length !== 1 || loop.condition.length > 1 || !ORDERED_INDEXES.has(index!.type)) return false;
  if (index!.fields.some((field) => field.includes("[*]"))) return false;
  const terms = (loop.condition[0] ?? []).flatMap((term) => indexTerms(term, loop.outVariable, new Set()));
  const fixed = new Set<string>();
  for (const { field, operator } of terms) {
    if (operator === "==") fixed.add(field);
    else if (operator === "IN") return false;
  }
  const wanted = fields.filter((field) => !fixed.has(field));
  const given = index!.fields.filter((field) => !fixed.has(field));
  return wanted.every((field, i) => field === given[i]);
}

function readIndex(
  loop: EnumerateCollectionNode,
  fields: readonly string[],
  ascending: boolean,
  source: PlanningSource,
  newId: () => number,
): IndexNode | undefined {
  if (loop.random || loop.current) return undefined;
  const fits = (index: SourceIndex): boolean =>
    ORDERED_INDEXES.has(index.type) && !index.sparse && !index.fields.some((field) => field.includes("[*]")) &&
    fields.every((field, i) => index.fields[i] === field);
  const fitting = (source.collection(loop.collection)?.indexes() ?? []).filter(fits);
  const hints = hintsOf(loop);
  const index = fitting.find(({ name }) => hints.includes(name)) ?? fitting[0];
  return index &&
    indexNode(loop, newId(), { indexes: [index], condition: [], ordered: true, sortedBy: fields, ascending });
}

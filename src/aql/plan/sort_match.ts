/**
 * Which SORTs the order of an index serves, and how far.
 *
 * @module
 */
import type { SourceIndex } from "../data_source.ts";
import { definitionsOf, resolved } from "./definitions.ts";
import { type Expr, isDeterministic, type Variable } from "./expression.ts";
import { fieldOf, ORDERED_INDEXES } from "./index_match.ts";
import { isLoop } from "./node_effects.ts";
import type { EnumerateCollectionNode, IndexNode, PlanNode, SortNode } from "./nodes.ts";

/** A loop over documents, and the SORT of its rows. */
export interface SortedLoop {
  readonly loop: EnumerateCollectionNode | IndexNode;
  readonly sort: SortNode;
  /** The fields of the documents that the first elements of the SORT sort by, all in the same direction. */
  readonly fields: readonly string[];
}

/** The first loop, if a SORT behind it sorts its rows, and no others, in the order in which it gives them. */
export function sortedLoop(nodes: readonly PlanNode[]): SortedLoop | undefined {
  const at = nodes.findIndex(isLoop);
  const loop = nodes[at];
  if (loop?.type !== "EnumerateCollectionNode" && loop?.type !== "IndexNode") return undefined;
  const sort = nodes.slice(at + 1).find(({ type }) => !KEEPING_ORDER.has(type));
  if (sort?.type !== "SortNode") return undefined;
  return { loop, sort, fields: sortedFields(nodes, sort, loop.outVariable) };
}

const KEEPING_ORDER: ReadonlySet<PlanNode["type"]> = new Set<PlanNode["type"]>([
  "CalculationNode",
  "FilterNode",
  "SubqueryNode",
]);

function sortedFields(nodes: readonly PlanNode[], sort: SortNode, variable: Variable): string[] {
  const definitions = definitionsOf(nodes);
  const steady = new Map<Variable, Expr>([...definitions].filter(([, expression]) => isDeterministic(expression)));
  const fields: string[] = [];
  for (const { inVariable, ascending } of sort.elements) {
    const definition = steady.get(inVariable);
    const field = definition && fieldOf(resolved(definition, steady), variable);
    if (field === undefined || ascending !== sort.elements[0]!.ascending) break;
    fields.push(field);
  }
  return fields;
}

/**
 * The fields of the first elements of a SORT that come in the order of an index; where all elements have one, nothing is
 * left to sort.
 *
 * @param fixed fields that have the same value in all rows
 * @returns none where the index is no help
 */
export function servedFields(
  { sort, fields }: SortedLoop,
  index: SourceIndex,
  fixed: ReadonlySet<string> = new Set(),
): readonly string[] {
  const isPrimary = index.type === "primary";
  if (!isPrimary && !ORDERED_INDEXES.has(index.type) || index.fields.some((field) => field.includes("[*]"))) return [];
  const given = index.fields.filter((field) => !fixed.has(field));
  const served: string[] = [];
  for (const field of fields) {
    // ids begin with the same name and go on with the key
    const told = isPrimary && field === "_id" ? "_key" : field;
    if (!fixed.has(field) && told !== given.shift()) break;
    served.push(field);
  }
  // groups by what is the same in all rows are no help
  return served.length < sort.elements.length && served.every((field) => fixed.has(field)) ? [] : served;
}

/**
 * Which SORTs the order of an index serves, and how far.
 *
 * @module
 */
import type { SourceIndex } from "../data_source.ts";
import { definitionsOf, resolved } from "./definitions.ts";
import { type Expr, isDeterministic, type Variable } from "./expression.ts";
import { fieldOf, ORDERED_INDEXES } from "./index_match.ts";
import { isLoop, type PlanNode, type SortNode } from "./nodes.ts";

/** What the order of an index does for a SORT. */
export interface SortMatch {
  readonly sort: SortNode;
  /** The fields of the first elements that come in order; all elements have one where nothing is left to sort. */
  readonly fields: readonly string[];
  readonly ascending: boolean;
}

/** The SORT behind a loop, if it sorts the loop's rows, and no others, in the order in which the loop gives them. */
export function sortBehind(nodes: readonly PlanNode[], at: number): SortNode | undefined {
  if (nodes.slice(0, at).some(isLoop)) return undefined;
  const next = nodes.slice(at + 1).find(({ type }) => !KEEPING_ORDER.has(type));
  return next?.type === "SortNode" ? next : undefined;
}

const KEEPING_ORDER: ReadonlySet<PlanNode["type"]> = new Set<PlanNode["type"]>([
  "CalculationNode",
  "FilterNode",
  "SubqueryNode",
]);

/**
 * What an index does for a SORT of a loop's rows.
 *
 * @param variable the loop's
 * @param fixed fields that have the same value in all rows
 * @returns undefined if that is nothing
 */
export function matchSort(
  nodes: readonly PlanNode[],
  sort: SortNode,
  index: SourceIndex,
  variable: Variable,
  fixed: ReadonlySet<string> = new Set(),
): SortMatch | undefined {
  if (!ORDERED_INDEXES.has(index.type) || index.fields.some((field) => field.includes("[*]"))) return undefined;
  const wanted = sortedFields(nodes, sort, variable);
  const given = index.fields.filter((field) => !fixed.has(field));
  const fields: string[] = [];
  for (const field of wanted) {
    if (!fixed.has(field) && field !== given.shift()) break;
    fields.push(field);
  }
  const isWhole = fields.length === sort.elements.length;
  // groups by what is the same in all rows are no help
  if (!isWhole && fields.every((field) => fixed.has(field))) return undefined;
  return { sort, fields, ascending: sort.elements[0]!.ascending };
}

/** The fields that the first elements of a SORT sort by, all in the same direction. */
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

/**
 * `use-index-for-collect`: the different values of attributes are read from an index, which is gone through in leaps, and
 * aggregations of attributes that an index has from all of its entries.
 *
 * Source: "Improved index utilization for COLLECT" in the manual's release notes of 3.12.
 *
 * @module
 */
import type { PlanningSource, SourceIndex } from "../../data_source.ts";
import { pathsIn } from "../attribute_uses.ts";
import { definitionsOf, resolved } from "../definitions.ts";
import {
  attributeOf,
  attributePath,
  type Expr,
  isDeterministic,
  reference,
  type Variable,
  variablesOf,
} from "../expression.ts";
import { fieldOf, ORDERED_INDEXES, sameStart, tellsPath } from "../index_match.ts";
import type {
  CalculationNode,
  CollectNode,
  EnumerateCollectionNode,
  IndexCollect,
  IndexNode,
  PlanNode,
  Projection,
} from "../nodes.ts";
import { replaceParts } from "../rewrite.ts";
import type { Rule, RuleContext } from "../rule.ts";
import { indexNode } from "./use_indexes.ts";

/**
 * Lets a loop give what a COLLECT, or DISTINCT, behind it needs and an index has.
 *
 * @returns the changed nodes, or undefined if there is nothing to change
 */
export const useIndexForCollect: Rule = (nodes, source, context) => {
  const result: PlanNode[] = [];
  let changed = false;
  for (let i = 0; i < nodes.length; i++) {
    const grouped = groupedLoop(nodes, i);
    const served = grouped && serve(grouped, source);
    if (!served) {
      result.push(nodes[i]!);
      continue;
    }
    changed = true;
    result.push(...rewritten(grouped, served.index, served.collect, context));
    i = grouped.end;
  }
  return changed ? result : undefined;
};

type DocumentLoop = EnumerateCollectionNode | IndexNode;

/** A loop, and the COLLECT of its rows. */
interface GroupedLoop {
  readonly loop: DocumentLoop;
  readonly collect: CollectNode;
  /** Where the COLLECT stands. */
  readonly end: number;
  /** The attributes of the loop's documents that are grouped by. */
  readonly fields: readonly string[];
  /** What is aggregated, in terms of the loop's documents. */
  readonly aggregated: readonly Expr[];
}

/** The loop at a place, if a COLLECT right behind it reads attributes of its documents, and nobody else does. */
function groupedLoop(nodes: readonly PlanNode[], at: number): GroupedLoop | undefined {
  const loop = nodes[at]!;
  if (!readsAll(loop)) return undefined;
  let end = at + 1;
  while (nodes[end]?.type === "CalculationNode") end++;
  const collect = nodes[end];
  if (collect?.type !== "CollectNode" || !isPlain(collect)) return undefined;
  const definitions = definitionsOf(nodes.slice(at + 1, end));
  if (![...definitions.values()].every(isDeterministic)) return undefined;
  for (const { path, variable } of loop.projections ?? []) {
    if (variable) definitions.set(variable, attributeOf(loop.outVariable, path));
  }
  const valueOf = (variable: Variable): Expr => resolved(reference(variable), definitions);
  const fields = collect.groups.map(({ inVariable }) => fieldOf(valueOf(inVariable), loop.outVariable));
  const aggregated = collect.aggregates.map(({ inVariable }) => inVariable && valueOf(inVariable));
  if (fields.includes(undefined) || !aggregated.every((one) => one && readsOnly(one, loop))) return undefined;
  return { loop, collect, end, fields: fields as string[], aggregated: aggregated as Expr[] };
}

/** Whether a node goes through all documents of a collection, in any order or in that of an index. */
function readsAll(node: PlanNode): node is DocumentLoop {
  if (node.type !== "EnumerateCollectionNode" && node.type !== "IndexNode") return false;
  if (node.filter || node.current || node.options.disableIndex === true || node.producesResult === false) return false;
  return node.type === "IndexNode" ? node.condition.length === 0 && !node.nearest && !node.collect : !node.random;
}

function isPlain({ groups, into, options }: CollectNode): boolean {
  return groups.length > 0 && !into && options.disableIndex !== true;
}

/** Whether an expression reads attributes of a loop's documents, and nothing else. */
function readsOnly(expr: Expr, { outVariable }: DocumentLoop): boolean {
  const variables = variablesOf(expr);
  return isDeterministic(expr) && variables.size === 1 && variables.has(outVariable) &&
    pathsIn(expr, outVariable) !== undefined;
}

/** The index that serves a COLLECT, and how. */
function serve(
  { loop, collect, fields, aggregated }: GroupedLoop,
  source: PlanningSource,
): { index: SourceIndex; collect: IndexCollect } | undefined {
  const collection = source.collection(loop.collection);
  if (!collection) return undefined;
  const indexes = loop.type === "IndexNode" ? loop.indexes : collection.indexes();
  const fitting = indexes.filter((index) => beginsWith(index, fields));
  if (aggregated.length === 0) {
    const isAscending = loop.type !== "IndexNode" || loop.ascending;
    // documents that a leap finds have attributes of the first level only
    if (!isAscending || fields.some((field) => field.includes("."))) return undefined;
    const count = collection.count();
    // a leap costs what it takes to find a place in the index
    const index = fitting.find((one) => sameStart(one, fields.length, count) > Math.log2(Math.max(count, 2)));
    return index && { index, collect: { fields: fields.length, leaps: true } };
  }
  if (loop.type !== "IndexNode" || collect.method !== "sorted") return undefined;
  const paths = aggregated.flatMap((one) => [...pathsIn(one, loop.outVariable)!]);
  const index = fitting.find((one) => paths.every((path) => tellsPath(one, path)));
  return index && { index, collect: { fields: fields.length, leaps: false } };
}

/** Whether an index has every document, in the order of some fields. */
function beginsWith(index: SourceIndex, fields: readonly string[]): boolean {
  return ORDERED_INDEXES.has(index.type) && !index.sparse && fields.every((field, i) => index.fields[i] === field) &&
    !index.fields.some((one) => one.includes("["));
}

/** The loop with a variable for each attribute, what is computed of them, and the COLLECT. */
function rewritten(
  { loop, collect, fields, aggregated }: GroupedLoop,
  index: SourceIndex,
  collected: IndexCollect,
  context: RuleContext,
): PlanNode[] {
  const projections = new Map<string, Required<Projection>>();
  const variableOf = (path: readonly string[]): Variable => {
    const name = path.join("\0");
    const known = projections.get(name) ?? { path, variable: context.newVariable() };
    projections.set(name, known);
    return known.variable;
  };
  const groups = collect.groups.map(({ outVariable }, i) => ({
    outVariable,
    inVariable: variableOf(fields[i]!.split(".")),
  }));
  const calculations: CalculationNode[] = [];
  const aggregates = collect.aggregates.map((aggregate, i) => {
    const value = replaceParts(aggregated[i]!, (part) => {
      const attribute = attributePath(part);
      return attribute?.variable === loop.outVariable ? reference(variableOf(attribute.path)) : undefined;
    });
    if (value.kind === "variable") return { ...aggregate, inVariable: value.variable };
    const outVariable = context.newVariable();
    calculations.push({ id: context.newId(), type: "CalculationNode", outVariable, expression: value });
    return { ...aggregate, inVariable: outVariable };
  });
  const reads = { collect: collected, projections: [...projections.values()] };
  return [
    loop.type === "IndexNode"
      ? { ...loop, ...reads }
      : indexNode(loop, context.newId(), { indexes: [index], condition: [], ...reads }),
    ...calculations,
    { ...collect, groups, aggregates },
  ];
}

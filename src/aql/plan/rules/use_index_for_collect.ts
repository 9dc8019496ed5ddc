/**
 * `use-index-for-collect`: the different values of attributes are read from an index, which is gone through in leaps.
 *
 * @module
 */
import type { SourceIndex } from "../../data_source.ts";
import { attributeUse } from "../attribute_uses.ts";
import { definitionsOf } from "../definitions.ts";
import { attributePath, type Variable } from "../expression.ts";
import { ORDERED_INDEXES, sameStart } from "../index_match.ts";
import type { CollectNode, EnumerateCollectionNode, IndexNode, PlanNode } from "../nodes.ts";
import type { Rule } from "../rule.ts";
import { indexNode } from "./use_indexes.ts";

/** A leap costs as much as so many entries one after the other. */
const LEAP = 20;

/**
 * Lets a loop give one document for each combination of values that a COLLECT, or DISTINCT, behind it groups by.
 *
 * @returns the changed nodes, or undefined if there is nothing to change
 */
export const useIndexForCollect: Rule = (nodes, source, context) => {
  let changed = false;
  const result = nodes.map((node, i): PlanNode => {
    if (!readsAll(node)) return node;
    const fields = groupedFields(nodes, i, node);
    const collection = fields && source.collection(node.collection);
    if (!collection) return node;
    const count = collection.count();
    const indexes = node.type === "IndexNode" ? node.indexes : collection.indexes();
    const index = indexes.find((one) => serves(one, fields, count));
    if (!index) return node;
    changed = true;
    const distinct = fields.length;
    if (node.type === "IndexNode") return { ...node, distinct };
    return indexNode(node, context.newId(), { indexes: [index], condition: [], distinct });
  });
  return changed ? result : undefined;
};

type DocumentLoop = EnumerateCollectionNode | IndexNode;

/** Whether a node goes through all documents of a collection, in any order or in that of an index. */
function readsAll(node: PlanNode): node is DocumentLoop {
  if (node.type !== "EnumerateCollectionNode" && node.type !== "IndexNode") return false;
  if (node.filter || node.current || node.options.disableIndex === true || node.producesResult === false) return false;
  return node.type === "IndexNode"
    ? node.condition.length === 0 && node.ascending && !node.nearest && !node.distinct
    : !node.random;
}

/** The attributes that are all a COLLECT without aggregation wants of a loop right before it. */
function groupedFields(nodes: readonly PlanNode[], at: number, loop: DocumentLoop): readonly string[] | undefined {
  let end = at + 1;
  while (nodes[end]?.type === "CalculationNode") end++;
  const collect = nodes[end];
  if (collect?.type !== "CollectNode" || !isPlain(collect)) return undefined;
  const names: string[] = [];
  for (const { inVariable } of collect.groups) {
    const path = loop.projections?.find(({ variable }) => variable === inVariable)?.path ??
      attributeOfLoop(nodes.slice(at + 1, end), inVariable, loop);
    if (path?.length !== 1 || /[.[\]]/.test(path[0]!)) return undefined;
    names.push(path[0]!);
  }
  const use = attributeUse(loop.outVariable, nodes.slice(at + 1));
  return use !== "whole" && [...use].every((name) => names.includes(name)) ? names : undefined;
}

function attributeOfLoop(
  nodes: readonly PlanNode[],
  variable: Variable,
  loop: DocumentLoop,
): readonly string[] | undefined {
  const definition = definitionsOf(nodes).get(variable);
  const access = definition && attributePath(definition);
  return access?.variable === loop.outVariable ? access.path : undefined;
}

function isPlain({ groups, aggregates, into, options }: CollectNode): boolean {
  return groups.length > 0 && aggregates.length === 0 && !into && options.disableIndex !== true;
}

/** Whether an index has every document, and few combinations of values of the fields that it begins with. */
function serves(index: SourceIndex, fields: readonly string[], count: number): boolean {
  return ORDERED_INDEXES.has(index.type) && !index.sparse && fields.every((field, i) => index.fields[i] === field) &&
    sameStart(index, fields.length, count) > LEAP &&
    !index.fields.some((one) => one.includes("["));
}

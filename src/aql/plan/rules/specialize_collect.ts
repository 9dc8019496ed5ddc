/**
 * `specialize-collect`: decides how each COLLECT finds its groups, and sorts where that needs it.
 *
 * Source: section 9.4 of `aql.md`; the manual's page on COLLECT, options.
 *
 * @module
 */
import { definitionsOf, expressionText } from "../definitions.ts";
import { reference, type Variable } from "../expression.ts";
import { isLoop } from "../node_effects.ts";
import type { CollectNode, PlanNode, SortNode } from "../nodes.ts";
import type { BranchingRule, Rule } from "../rule.ts";
import { isByConstants } from "./remove_redundant_sorts.ts";

/**
 * Makes a plan with each COLLECT by hashing, whose groups are sorted behind it, and one with each by going through sorted
 * rows, as far as the query and its options leave the choice.
 */
export const specializeCollect: BranchingRule = (nodes) => {
  let ways: readonly (readonly Specialized[])[] = [[]];
  for (const node of nodes) {
    if (node.type !== "CollectNode" || node.specialized) continue;
    const choices = choicesFor(node, nodes);
    ways = ways.flatMap((way) => choices.map((choice) => [...way, choice]));
  }
  return ways.map((way): Rule => (given, _source, context) => {
    if (way.length === 0) return undefined;
    return given.flatMap((node) => {
      const choice = way.find(({ collect }) => collect.id === node.id);
      if (!choice) return [node];
      const { collect, sort, sorted } = choice;
      const added: SortNode[] = sort.length === 0 ? [] : [{ id: context.newId(), type: "SortNode", elements: sort }];
      return sorted === "before" ? [...added, collect] : [collect, ...added];
    });
  });
};

/** A COLLECT with its method, and by what its rows, or its groups, are sorted. */
interface Specialized {
  readonly collect: CollectNode;
  readonly sort: SortNode["elements"];
  readonly sorted: "before" | "behind";
}

function choicesFor(node: CollectNode, nodes: readonly PlanNode[]): readonly Specialized[] {
  const { groups, options } = node;
  if (groups.length === 0) {
    const isCount = !node.into && node.aggregates.every(({ type, inVariable }) => !inVariable && type === "LENGTH");
    return [{
      collect: { ...node, specialized: true, method: isCount ? "count" : "sorted" },
      sort: [],
      sorted: "before",
    }];
  }
  const at = nodes.indexOf(node);
  const by = (variables: readonly Variable[]): SortNode["elements"] =>
    variables.map((inVariable) => ({ inVariable, ascending: true }));
  const hash: Specialized = {
    collect: { ...node, specialized: true, method: "hash" },
    sort: needsNoOrder(nodes, at) ? [] : by(groups.map(({ outVariable }) => outVariable)),
    sorted: "behind",
  };
  const sorted: Specialized = {
    collect: { ...node, specialized: true, method: "sorted" },
    sort: isSortedFor(node, nodes.slice(0, at)) ? [] : by(groups.map(({ inVariable }) => inVariable)),
    sorted: "before",
  };
  if (options.method === "hash") return [hash];
  if (options.method === "sorted") return [sorted];
  return canBeSortedByIndex(nodes.slice(0, at)) ? [hash, sorted] : [hash];
}

/** Whether a SORT by constants behind a COLLECT says that the order of its groups is of no interest. */
function needsNoOrder(nodes: readonly PlanNode[], at: number): boolean {
  const next = nodes.slice(at + 1).find(({ type }) => type !== "CalculationNode");
  return next?.type === "SortNode" && isByConstants(next, definitionsOf(nodes));
}

/** Whether an index may give the rows in order: not if their only loop goes through something else than documents. */
function canBeSortedByIndex(nodes: readonly PlanNode[]): boolean {
  const loops = nodes.filter(isLoop);
  return loops.length !== 1 || loops[0]!.type === "EnumerateCollectionNode" || loops[0]!.type === "IndexNode";
}

/** Whether a SORT has brought equal groups together already, in whatever direction. */
function isSortedFor({ groups }: CollectNode, nodes: readonly PlanNode[]): boolean {
  const definitions = definitionsOf(nodes);
  const textOf = (variable: Variable): string => expressionText(definitions.get(variable) ?? reference(variable));
  const wanted = new Set(groups.map(({ inVariable }) => textOf(inVariable)));
  for (const node of nodes.toReversed()) {
    if (node.type === "SortNode") {
      const first = node.elements.slice(0, wanted.size).map(({ inVariable }) => textOf(inVariable));
      return new Set(first).size === wanted.size && first.every((one) => wanted.has(one));
    }
    if (node.type !== "CalculationNode" && node.type !== "FilterNode" && node.type !== "LimitNode") return false;
  }
  return false;
}

/**
 * `use-indexes`: loops over collections whose filters compare indexed attributes, or that a SORT by indexed attributes
 * follows, read the index instead.
 *
 * The filters stay; `remove-filter-covered-by-index` takes away what the index has decided.
 *
 * @module
 */
import type { PlanningSource, SourceIndex } from "../../data_source.ts";
import { conditionBehind, type LoopCondition } from "../conditions.ts";
import { type IndexMatch, matchIndex } from "../index_match.ts";
import type { EnumerateCollectionNode, IndexNode, PlanNode } from "../nodes.ts";
import type { Rule } from "../rule.ts";
import { matchSort, sortBehind } from "../sort_match.ts";

/** A way to serve a loop: what serves each of its branches. */
type Choice = readonly IndexMatch[];

/**
 * Replaces loops over collections by index look-ups where filters allow it.
 *
 * @returns the changed nodes, or undefined if there is nothing to change
 */
export const useIndexes: Rule = (nodes, source, context) => {
  let changed = false;
  const result = nodes.map((node, i) => {
    if (node.type !== "EnumerateCollectionNode" || node.options.disableIndex === true || node.random) return node;
    const condition = conditionBehind(nodes, i);
    const choice = condition && choose(node, condition, source);
    const sorting = choice ? undefined : sortingIndex(nodes, i, node, source);
    if (!choice && !sorting) return node;
    changed = true;
    return indexNode(
      node,
      context.newId(),
      choice
        ? {
          indexes: choice.map(({ index }) => index),
          condition: choice.map(({ terms }) => terms.map(({ term }) => term)),
        }
        : { indexes: [sorting!], condition: [] },
    );
  });
  return changed ? result : undefined;
};

/** The index that has all documents in the order of the SORT behind a loop, or of most of its elements. */
function sortingIndex(
  nodes: readonly PlanNode[],
  at: number,
  node: EnumerateCollectionNode,
  source: PlanningSource,
): SourceIndex | undefined {
  const sort = node.current ? undefined : sortBehind(nodes, at);
  if (!sort) return undefined;
  const hints = hintsOf(node);
  const fitting = (source.collection(node.collection)?.indexes() ?? []).filter(({ sparse }) => !sparse)
    .map((index) => ({ index, served: matchSort(nodes, sort, index, node.outVariable)?.fields.length ?? 0 }))
    .filter(({ served }) => served > 0)
    .sort((a, b) => b.served - a.served);
  return (fitting.find(({ index }) => hints.includes(index.name)) ?? fitting[0])?.index;
}

/** An index loop in the place of a full one. */
export function indexNode(
  node: EnumerateCollectionNode,
  id: number,
  parts: Partial<IndexNode> & Pick<IndexNode, "indexes" | "condition">,
): IndexNode {
  const { collection, outVariable, options, current, projections, filter } = node;
  return {
    id,
    type: "IndexNode",
    collection,
    outVariable,
    options,
    current,
    ...(projections ? { projections } : {}),
    ...(filter ? { filter } : {}),
    ordered: false,
    ascending: true,
    ...parts,
  };
}

/** The names of the indexes that a loop is to use, the best first. */
export function hintsOf({ options }: EnumerateCollectionNode | IndexNode): readonly string[] {
  const { indexHint } = options;
  if (typeof indexHint === "string") return [indexHint];
  return Array.isArray(indexHint) ? indexHint.filter((one) => typeof one === "string") : [];
}

/** A loop of a plan that does not use the index that it insists on by `forceIndexHint`, if there is one. */
export function unmetHint(nodes: readonly PlanNode[]): EnumerateCollectionNode | IndexNode | undefined {
  for (const node of nodes) {
    const inner = node.type === "SubqueryNode" ? unmetHint(node.nodes) : undefined;
    if (inner) return inner;
    if (node.type !== "EnumerateCollectionNode" && node.type !== "IndexNode") continue;
    if (node.options.forceIndexHint !== true) continue;
    const hints = hintsOf(node);
    if (hints.length === 0) continue;
    if (node.type === "IndexNode" && node.indexes.every(({ name }) => hints.includes(name))) continue;
    return node;
  }
  return undefined;
}

function choose(
  node: EnumerateCollectionNode,
  { branches, later }: LoopCondition,
  source: PlanningSource,
): Choice | undefined {
  const collection = source.collection(node.collection);
  if (!collection) return undefined;
  const count = collection.count();
  const indexes = collection.indexes();
  const hints = hintsOf(node);
  const choice: IndexMatch[] = [];
  for (const branch of branches) {
    const matches = indexes.map((index) => matchIndex(index, branch, node.outVariable, later, count))
      .filter((match) => match !== undefined);
    const best = hinted(matches, hints) ??
      (node.options.forceIndexHint === true && hints.length > 0 ? undefined : cheapest(matches));
    if (!best) return undefined;
    choice.push(best);
  }
  return choice;
}

function hinted(matches: readonly IndexMatch[], hints: readonly string[]): IndexMatch | undefined {
  for (const hint of hints) {
    const found = matches.find(({ index }) => index.name === hint);
    if (found) return found;
  }
  return undefined;
}

/**
 * The index that finds the fewest documents; among equals the one that is sure to find a single one, then the one that
 * decides more, then the first.
 */
function cheapest(matches: readonly IndexMatch[]): IndexMatch | undefined {
  return [...matches].sort((a, b) =>
    a.items - b.items || Number(isSingle(b)) - Number(isSingle(a)) || b.terms.length - a.terms.length ||
    rank(a.index) - rank(b.index)
  )[0];
}

/** Whether an index finds one document at most. */
function isSingle({ index, terms }: IndexMatch): boolean {
  return index.unique && terms.length === index.fields.length && terms.every(({ operator }) => operator === "==");
}

function rank({ type }: SourceIndex): number {
  return type === "primary" ? 0 : type === "edge" ? 1 : 2;
}

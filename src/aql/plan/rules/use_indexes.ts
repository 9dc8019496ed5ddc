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
import { servedFields, type SortedLoop, sortedLoop } from "../sort_match.ts";

/** A way to serve a loop: what serves each of its branches. */
type Choice = readonly IndexMatch[];

/**
 * Replaces loops over collections by index look-ups where filters allow it.
 *
 * @returns the changed nodes, or undefined if there is nothing to change
 */
export const useIndexes: Rule = (nodes, source, context) => {
  const sorted = sortedLoop(nodes);
  let changed = false;
  const result = nodes.map((node, i) => {
    if (node.type !== "EnumerateCollectionNode" || !mayUseIndex(node)) return node;
    const condition = conditionBehind(nodes, i, context.maxBranches, context.onTooManyBranches);
    const parts = (condition && filteringIndexes(node, condition, source)) ??
      (sorted?.loop === node ? sortingIndex(sorted, node, source) : undefined);
    if (!parts) return node;
    changed = true;
    return indexNode(node, context.newId(), parts);
  });
  return changed ? result : undefined;
};

function mayUseIndex({ options, random }: EnumerateCollectionNode): boolean {
  return options.disableIndex !== true && !random;
}

/** What an index loop goes by. */
type IndexParts = Pick<IndexNode, "indexes" | "condition">;

/** The indexes that find the documents that filters let pass. */
function filteringIndexes(
  node: EnumerateCollectionNode,
  condition: LoopCondition,
  source: PlanningSource,
): IndexParts | undefined {
  const choice = choose(node, condition, source);
  return choice && {
    indexes: choice.map(({ index }) => index),
    condition: choice.map(({ terms }) => terms.map(({ term }) => term)),
  };
}

/** The index that has all documents in the order of the SORT behind a loop, or of most of its elements. */
export function sortingIndex(
  sorted: SortedLoop,
  node: EnumerateCollectionNode,
  source: PlanningSource,
): IndexParts | undefined {
  if (node.current || !mayUseIndex(node)) return undefined;
  const fitting = (source.collection(node.collection)?.indexes() ?? []).filter(({ sparse }) => !sparse)
    .map((index) => ({ index, served: servedFields(sorted, index).length }))
    .filter(({ served }) => served > 0)
    .sort((a, b) => b.served - a.served);
  const best = hinted(fitting, hintsOf(node)) ?? fitting[0];
  return best && { indexes: [best.index], condition: [] };
}

/** An index loop in the place of a full one. */
export function indexNode(
  node: EnumerateCollectionNode,
  id: number,
  parts: Partial<IndexNode> & IndexParts,
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

/** What has the index that comes first in some hints. */
export function hinted<T extends { readonly index: SourceIndex }>(
  matches: readonly T[],
  hints: readonly string[],
): T | undefined {
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

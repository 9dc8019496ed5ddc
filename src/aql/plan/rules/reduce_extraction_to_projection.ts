/**
 * `reduce-extraction-to-projection`: loops take only those attributes out of documents that are read; where an index has all
 * of these, a full scan becomes one of the index.
 *
 * Source: sections "Projections Optimizations" and "Index-Only Optimization" of the manual's page on query optimization; the
 * plan of `RETURN doc._key` in its release notes of 3.9.
 *
 * @module
 */
import type { PlanningSource, SourceIndex } from "../../data_source.ts";
import { outermostPaths, pathsIn, pathsRead } from "../attribute_uses.ts";
import { tellsPaths } from "../index_match.ts";
import type { EnumerateCollectionNode, IndexNode } from "../nodes.ts";
import type { Rule } from "../rule.ts";
import { hinted, hintsOf, indexNode } from "./use_indexes.ts";

/** How many attributes are taken out at most, where the loop does not say. */
const MAX_PROJECTIONS = 5;

/**
 * Notes at loops over collections which attributes the nodes behind them read, if these are few, and whether anything
 * reads the documents at all.
 *
 * @returns the changed nodes, or undefined if there is nothing to change
 */
export const reduceExtractionToProjection: Rule = (nodes, source, context) => {
  let changed = false;
  const result = nodes.map((node, i) => {
    if (node.type !== "EnumerateCollectionNode" && node.type !== "IndexNode") return node;
    if (node.projections || node.current || node.producesResult === false) return node;
    const read = pathsRead(node.outVariable, nodes.slice(i + 1));
    if (!read) return node;
    const paths = outermostPaths(read);
    if (paths.length === 0) {
      changed = true;
      return { ...node, producesResult: false };
    }
    if (paths.length > maxProjections(node)) return node;
    changed = true;
    const loop = { ...node, projections: paths.map((path) => ({ path })) };
    const index = loop.type === "EnumerateCollectionNode" ? coveringIndex(loop, source) : undefined;
    return index
      ? indexNode(loop as EnumerateCollectionNode, context.newId(), { indexes: [index], condition: [] })
      : loop;
  });
  return changed ? result : undefined;
};

/** The index that a full scan can go through instead: its entries tell all that is read of the documents. */
function coveringIndex(node: EnumerateCollectionNode, source: PlanningSource): SourceIndex | undefined {
  const { collection, outVariable, projections = [], filter, options, random } = node;
  if (random || options.disableIndex === true) return undefined;
  const tested = filter ? pathsIn(filter, outVariable) : [];
  if (!tested) return undefined;
  const read = [...projections.map(({ path }) => path), ...tested];
  const fitting = (source.collection(collection)?.indexes() ?? []).filter((index) =>
    hasAllOnce(index) && tellsPaths(index, read)
  );
  const hints = hintsOf(node);
  const found = hinted(fitting.map((index) => ({ index })), hints)?.index;
  return found ?? (options.forceIndexHint === true && hints.length > 0 ? undefined : fitting[0]);
}

/** Whether an index has each document, and none twice; an edge index is looked into by vertices only. */
function hasAllOnce({ type, sparse, fields }: SourceIndex): boolean {
  return type !== "edge" && !sparse && !fields.some((field) => field.includes("["));
}

function maxProjections({ options }: EnumerateCollectionNode | IndexNode): number {
  return typeof options.maxProjections === "number" ? options.maxProjections : MAX_PROJECTIONS;
}

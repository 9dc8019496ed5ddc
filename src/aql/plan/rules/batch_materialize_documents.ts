/**
 * `batch-materialize-documents`: an index loop over many documents tells where they are, and a node of its own reads them.
 *
 * Source: section "Improved late document materialization" of the manual's release notes of 3.12, and the plans there: loops
 * that are expected to find fewer than 100 documents stay as they are.
 *
 * @module
 */
import { type Paths, pathsIn } from "../attribute_uses.ts";
import { Estimator } from "../estimates.ts";
import { ORDERED_INDEXES, tellsPaths } from "../index_match.ts";
import type { IndexNode, MaterializeNode, PlanNode } from "../nodes.ts";
import type { Rule } from "../rule.ts";

/** Fewer documents than this are read one by one. */
const MIN_DOCUMENTS = 100;

/**
 * Puts a node that reads the documents behind each index loop that would read many.
 *
 * @returns the changed nodes, or undefined if there is nothing to change
 */
export const batchMaterializeDocuments: Rule = (nodes, source, context) => {
  const result = nodes.flatMap((node, i): PlanNode | PlanNode[] => {
    if (node.type !== "IndexNode" || !readsDocuments(node)) return node;
    if (new Estimator(nodes, source).behind(nodes.slice(0, i + 1)).items < MIN_DOCUMENTS) return node;
    const { projections, ...loop } = node;
    const placeVariable = context.newVariable();
    const reads: MaterializeNode = {
      id: context.newId(),
      type: "MaterializeNode",
      collection: node.collection,
      inVariable: placeVariable,
      loopVariable: node.outVariable,
      outVariable: node.outVariable,
      ...(projections ? { projections } : {}),
    };
    return [{ ...loop, placeVariable }, reads];
  });
  return result.length > nodes.length ? result : undefined;
};

/** Whether a loop reads documents that its only index finds, and needs none of them before. */
function readsDocuments(node: IndexNode): boolean {
  const [index] = node.indexes;
  if (node.indexes.length !== 1 || !(ORDERED_INDEXES.has(index!.type) || OWN_TYPES.has(index!.type))) return false;
  if (node.current || node.collect || node.count || node.producesResult === false) return false;
  const tellsAll = (paths: Paths | undefined): boolean => paths !== undefined && tellsPaths(index!, paths);
  if (node.filter && !tellsAll(pathsIn(node.filter, node.outVariable))) return false;
  return !tellsAll(node.projections?.map(({ path }) => path));
}

const OWN_TYPES: ReadonlySet<string> = new Set(["primary", "edge"]);

/**
 * `push-down-late-materialization`: documents are read behind the filters, SORTs and LIMITs that an index tells enough for.
 *
 * Source: section "Improved late document materialization" of the manual's release notes of 3.12, and the plans there.
 *
 * @module
 */
import { outermostPaths, type Paths, pathsIn } from "../attribute_uses.ts";
import { tellsPath } from "../index_match.ts";
import { isModification } from "../node_effects.ts";
import type { IndexNode, MaterializeNode, PlanNode, Projection } from "../nodes.ts";
import type { Rule } from "../rule.ts";

/**
 * Lets index loops give the attributes that their indexes have, and moves the nodes that read the documents down past
 * everything that needs no other attributes.
 *
 * @returns the changed nodes, or undefined if there is nothing to change
 */
export const pushDownLateMaterialization: Rule = (nodes) => {
  const result = [...nodes];
  let changed = false;
  nodes.forEach((loop, i) => {
    const reads = nodes[i + 1];
    if (loop.type !== "IndexNode" || reads?.type !== "MaterializeNode" || loop.placeVariable !== reads.inVariable) {
      return;
    }
    changed = true;
    const at = result.indexOf(reads);
    const passed = passable(loop, result, at + 1);
    const { told, others } = shares(loop, reads, passed.paths);
    result[at - 1] = { ...loop, ...(told.length > 0 ? { projections: told } : {}) };
    result.splice(at, 1);
    result.splice(at + passed.count, 0, { ...reads, ...(others ? { projections: others } : {}) });
  });
  return changed ? result : undefined;
};

/** How many nodes from a place on read no more of a loop's documents than its index tells, and what they read. */
function passable(loop: IndexNode, nodes: readonly PlanNode[], from: number): { count: number; paths: Paths } {
  const [index] = loop.indexes;
  const paths: (readonly string[])[] = [];
  let at = from;
  // documents that a later node of the query changes are read at once
  if (nodes.some(isModification)) return { count: 0, paths };
  for (; at < nodes.length; at++) {
    const node = nodes[at]!;
    if (node.type === "CalculationNode") {
      const read = pathsIn(node.expression, loop.outVariable);
      if (!read?.every((path) => tellsPath(index!, path))) break;
      paths.push(...read);
    } else if (node.type === "SortNode") {
      if (node.elements.some(({ inVariable }) => inVariable === loop.outVariable)) break;
    } else if (node.type === "FilterNode" ? node.inVariable === loop.outVariable : node.type !== "LimitNode") {
      break;
    }
  }
  // without a SORT, filter or LIMIT there is nothing to gain
  while (at > from && nodes[at - 1]!.type === "CalculationNode") at--;
  return { count: at - from, paths: at > from ? paths : [] };
}

/** Which attributes the index tells, and which are left to the node that reads the documents; undefined for all of them. */
function shares(
  { indexes }: IndexNode,
  { projections }: MaterializeNode,
  passed: Paths,
): { told: readonly Projection[]; others: readonly Projection[] | undefined } {
  const isTold = ({ path }: Projection): boolean => tellsPath(indexes[0]!, path);
  if (projections) return { told: projections.filter(isTold), others: projections.filter((one) => !isTold(one)) };
  return { told: outermostPaths(passed).map((path) => ({ path })), others: undefined };
}

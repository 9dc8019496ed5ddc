/**
 * `join-index-nodes`: loops one inside the other whose indexes begin with equal attributes are gone through together.
 *
 * Source: the manual's page on joins; section "Improved joins" of its release notes of 3.12.
 *
 * @module
 */
import type { PlanningSource, SourceIndex } from "../../data_source.ts";
import { pathsIn, pathsRead } from "../attribute_uses.ts";
import { attributePath, type Variable } from "../expression.ts";
import { indexTerms, ORDERED_INDEXES, tellsPath } from "../index_match.ts";
import { usedBy } from "../node_effects.ts";
import type { EnumerateCollectionNode, IndexNode, PlanNode } from "../nodes.ts";
import type { Rule } from "../rule.ts";
import { indexNode } from "./use_indexes.ts";

/**
 * Marks adjacent loops as joined, the first of which then reads an index in its order.
 *
 * @returns the changed nodes, or undefined if there is nothing to change
 */
export const joinIndexNodes: Rule = (nodes, source, context) => {
  const result: PlanNode[] = [];
  let changed = false;
  for (let i = 0; i < nodes.length; i++) {
    const first = nodes[i]!;
    result.push(first);
    if (first.type !== "EnumerateCollectionNode" && first.type !== "IndexNode") continue;
    const start = i;
    let next = nextLoop(nodes, start, i);
    const path = joinedPath(nodes[next], first.outVariable);
    const outer = path && outerLoop(first, path, source, () => context.newId());
    if (!outer) continue;
    changed = true;
    const join = context.newId();
    const equal = new Map([[first.outVariable, path]]);
    const place = result.length - 1;
    const between: PlanNode[] = [];
    for (;; next = nextLoop(nodes, start, i)) {
      const own = innerPath(nodes[next], equal);
      if (!own) break;
      const inner = nodes[next] as IndexNode;
      equal.set(inner.outVariable, own);
      result.push({ ...inner, join });
      between.push(...nodes.slice(i + 1, next));
      i = next;
    }
    result[place] = { ...withoutJoined(outer, path, [...between, ...nodes.slice(i + 1)]), join };
    // the node that reads documents stays behind the loop that finds them
    if (nodes[i + 1]?.type === "MaterializeNode") result.push(nodes[++i]!);
    result.push(...between);
  }
  return changed ? result : undefined;
};

/** The first loop of a join without the attribute that it is joined by, where nobody else reads it. */
function withoutJoined(loop: IndexNode, path: readonly string[], behind: readonly PlanNode[]): IndexNode {
  const read = pathsRead(loop.outVariable, behind) ?? [];
  const isJoined = (one: readonly string[]): boolean => one.join("\0") === path.join("\0");
  if (!loop.projections || read.some(isJoined)) return loop;
  return { ...loop, projections: loop.projections.filter((one) => !isJoined(one.path)) };
}

/**
 * Where the next node is, past those that take single attributes out of documents; -1 if it reads what such nodes give behind
 * the first loop of the join, for they are to come behind the last one.
 */
function nextLoop(nodes: readonly PlanNode[], start: number, at: number): number {
  const next = nodes.findIndex((node, i) =>
    i > at && (node.type !== "CalculationNode" || !attributePath(node.expression))
  );
  if (next < 0) return next;
  const used = usedBy(nodes[next]!);
  const readsThem = nodes.slice(start, next).some((node) =>
    node.type === "CalculationNode" && used.has(node.outVariable)
  );
  return readsThem ? -1 : next;
}

/** The attribute of a loop's documents that the next loop looks up in its index; undefined if that is not what it does. */
function joinedPath(inner: PlanNode | undefined, variable: Variable): string[] | undefined {
  const value = inner && soughtValue(inner);
  const access = value && attributePath(value);
  return access?.variable === variable ? access.path : undefined;
}

/** The attribute by which a loop is joined to loops of which some attributes are equal. */
function innerPath(
  inner: PlanNode | undefined,
  equal: ReadonlyMap<Variable, readonly string[]>,
): string[] | undefined {
  const value = inner && soughtValue(inner);
  const access = value && attributePath(value);
  if (!access || equal.get(access.variable)?.join("\0") !== access.path.join("\0")) return undefined;
  return (inner as IndexNode).indexes[0]!.fields[0]!.split(".");
}

/** What an index loop with a single condition looks for in the first field of its only index. */
function soughtValue(node: PlanNode): ReturnType<typeof indexTerms>[number]["value"] | undefined {
  if (node.type !== "IndexNode" || node.indexes.length !== 1 || node.condition.length !== 1) return undefined;
  const [index] = node.indexes;
  if (!isSorted(index!) || node.current || node.ordered || node.count || node.collect) return undefined;
  const terms = node.condition[0]!.flatMap((term) => indexTerms(term, node.outVariable, new Set([node.outVariable])));
  const [only, ...others] = terms;
  return others.length === 0 && only?.operator === "==" && only.field === index!.fields[0] ? only.value : undefined;
}

/** Whether an index has all documents, in the order of its fields. */
function isSorted({ type, sparse, fields }: SourceIndex): boolean {
  return (type === "primary" || ORDERED_INDEXES.has(type)) && !sparse && !fields.some((field) => field.includes("[*]"));
}

/** The first loop of a join: it reads an index that begins with an attribute, and that tells all that is needed. */
function outerLoop(
  loop: EnumerateCollectionNode | IndexNode,
  path: readonly string[],
  source: PlanningSource,
  newId: () => number,
): IndexNode | undefined {
  if (loop.current || loop.count || loop.options.disableIndex === true) return undefined;
  const fits = (index: SourceIndex): boolean =>
    isSorted(index) && index.fields[0] === path.join(".") && tells(loop, index);
  if (loop.type === "IndexNode") {
    const isWhole = loop.condition.length === 0 && !loop.nearest && !loop.collect && !loop.placeVariable;
    return isWhole && fits(loop.indexes[0]!) ? loop : undefined;
  }
  const index = loop.random ? undefined : source.collection(loop.collection)?.indexes().find(fits);
  return index && indexNode(loop, newId(), { indexes: [index], condition: [] });
}

/** Whether an index tells all that a loop takes out of its documents, and tests. */
function tells({ projections, filter, outVariable }: EnumerateCollectionNode | IndexNode, index: SourceIndex): boolean {
  if (!projections?.every(({ path }) => tellsPath(index, path))) return false;
  return !filter || (pathsIn(filter, outVariable)?.every((path) => tellsPath(index, path)) ?? false);
}

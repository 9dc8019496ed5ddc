/**
 * What explain tells of the nodes of a plan when it is asked to be verbose (`verbosePlans`).
 *
 * Source: section 19.2 of `aql.md`.
 *
 * @module
 */
import type { AqlObject } from "../values.ts";
import type { Variable } from "./expression.ts";
import type { WriteVariable } from "./graph_json.ts";
import { isLoop, setBy, usedBy } from "./node_effects.ts";
import type { PlanNode } from "./nodes.ts";

/** The variables of a node that is shown. */
interface Touched {
  readonly used: Set<Variable>;
  readonly set: Set<Variable>;
}

/**
 * Nodes as they are shown, with those that read them, how many loops they are in, and their variables.
 *
 * @param shown the nodes, one behind the other
 * @param nodes what they show
 */
export function verboseNodes(
  shown: readonly AqlObject[],
  nodes: readonly PlanNode[],
  write: WriteVariable,
): AqlObject[] {
  const touched = new Map<number, Touched>();
  note(nodes, touched);
  const loops = loopIds(nodes);
  let depth = 0;
  /** The depths around subqueries. */
  const outer: number[] = [];
  return shown.map((node, i) => {
    const id = node.id as number;
    if (loops.has(id)) depth++;
    if (node.type === "SubqueryStartNode") outer.push(depth);
    else if (node.type === "SubqueryEndNode") depth = outer.pop() ?? 0;
    const { used, set } = touched.get(id) ?? { used: new Set(), set: new Set() };
    return {
      ...node,
      parents: shown.slice(i + 1, i + 2).map((next) => next.id!),
      depth,
      varsUsedHere: [...used].map(write),
      varsSetHere: [...set].map(write),
    };
  });
}

/** Notes the variables of nodes by the ids that they are shown with. */
function note(nodes: readonly PlanNode[], to: Map<number, Touched>): void {
  const add = (id: number, used: Iterable<Variable>, set: Iterable<Variable>): void => {
    const known = to.get(id);
    to.set(id, { used: new Set([...known?.used ?? [], ...used]), set: new Set([...known?.set ?? [], ...set]) });
  };
  nodes.forEach((node, i) => {
    if (node.type === "SubqueryNode" && node.endId !== undefined) {
      const end = node.nodes.at(-1);
      add(node.endId, end?.type === "ReturnNode" ? [end.inVariable] : [], [node.outVariable]);
      note(node.nodes, to);
    } else if (node.type === "IndexNode" && node.collect) {
      const collect = nodes.slice(i).find(({ type }) => type === "CollectNode");
      add(node.id, [], collect ? setBy(collect) : []);
    } else add(idOf(node), usedBy(node), setBy(node));
  });
}

/** The ids of the loops of a plan, and of its subqueries. */
function loopIds(nodes: readonly PlanNode[], to: Set<number> = new Set()): Set<number> {
  for (const node of nodes) {
    if (isLoop(node)) to.add(idOf(node));
    else if (node.type === "SubqueryNode") loopIds(node.nodes, to);
  }
  return to;
}

/** The id that a node is shown with. */
function idOf(node: PlanNode): number {
  return (node.type === "IndexNode" ? node.join : undefined) ?? node.id;
}

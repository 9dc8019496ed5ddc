/**
 * `interchange-adjacent-enumerations`: loops over collections that do not depend on each other run in the best order.
 *
 * Loops over arrays stay where they are: unlike a collection, an array has an order, which shows in the results.
 *
 * @module
 */
import { setBy, usedBy } from "../node_effects.ts";
import type { EnumerateCollectionNode, PlanNode } from "../nodes.ts";
import type { BranchingRule, Rule } from "../rule.ts";

/** More neighbouring loops than this stay as they are: each further one multiplies the number of plans. */
const MOST_LOOPS = 5;

/** Makes a plan for each order of neighbouring loops, the given one first. */
export const interchangeAdjacentEnumerations: BranchingRule = (nodes) => {
  let ways: readonly (readonly (readonly PlanNode[])[])[] = [[]];
  for (const run of runsOf(nodes)) {
    const orders = permutations(run);
    ways = ways.flatMap((way) => orders.map((order) => [...way, order]));
  }
  const [, ...others] = ways;
  return [unchanged, ...others.map(reordered)];
};

const unchanged: Rule = () => undefined;

/** Puts loops into the places that they have among themselves, in other orders. */
function reordered(orders: readonly (readonly PlanNode[])[]): Rule {
  return (given) => {
    const nodes = [...given];
    for (const order of orders) {
      const ids = new Set(order.map(({ id }) => id));
      const start = nodes.findIndex(({ id }) => ids.has(id));
      nodes.splice(start, order.length, ...order);
    }
    return nodes;
  };
}

/** The runs of neighbouring loops that can change places. */
function runsOf(nodes: readonly PlanNode[]): readonly (readonly PlanNode[])[] {
  const runs: PlanNode[][] = [];
  let run: EnumerateCollectionNode[] = [];
  const close = (): void => {
    if (run.length > 1 && run.length <= MOST_LOOPS) runs.push(run);
    run = [];
  };
  for (const node of nodes) {
    if (!isMovable(node)) {
      close();
      continue;
    }
    // a loop over something that a loop before it gives has to stay behind it
    const used = usedBy(node);
    if (run.some((one) => [...setBy(one)].some((variable) => used.has(variable)))) close();
    run.push(node);
  }
  close();
  return runs;
}

function isMovable(node: PlanNode): node is EnumerateCollectionNode {
  return node.type === "EnumerateCollectionNode" && !node.random && !node.current;
}

/** All orders, the given one first. */
function permutations<T>(items: readonly T[]): T[][] {
  if (items.length < 2) return [[...items]];
  return items.flatMap((item, i) =>
    permutations([...items.slice(0, i), ...items.slice(i + 1)]).map((rest) => [item, ...rest])
  );
}

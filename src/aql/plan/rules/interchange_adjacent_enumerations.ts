/**
 * `interchange-adjacent-enumerations`: loops over collections that do not depend on each other run in the best order.
 *
 * @module
 */
import type { DataSource } from "../../data_source.ts";
import { Estimator } from "../estimates.ts";
import type { EnumerateCollectionNode, PlanNode } from "../nodes.ts";
import type { Rule, RuleContext } from "../rule.ts";
import { moveCalculationsUp } from "./move_calculations_up.ts";
import { moveFiltersUp } from "./move_filters_up.ts";
import { useIndexes } from "./use_indexes.ts";

/** More loops than this stay as they are. */
const MOST_LOOPS = 4;
/** Another order has to be so many times as cheap: estimates are rough, and people expect rows in the order they wrote. */
const WORTHWHILE = 1.5;
/** What the later rules make of an order. */
const LATER: readonly Rule[] = [moveCalculationsUp, moveFiltersUp, useIndexes];

/**
 * Reorders neighbouring loops where indexes then serve the filters behind them far better.
 *
 * @returns the changed nodes, or undefined if there is nothing to change
 */
export const interchangeAdjacentEnumerations: Rule = (nodes, source, context) => {
  for (let start = 0; start < nodes.length; start++) {
    let end = start;
    while (isMovable(nodes[end])) end++;
    if (end - start < 2) continue;
    if (end - start > MOST_LOOPS) return undefined;
    const loops = nodes.slice(start, end) as EnumerateCollectionNode[];
    const [first, ...others] = permutations(loops).map((order) => {
      const candidate = [...nodes.slice(0, start), ...order, ...nodes.slice(end)];
      return { candidate, cost: costOf(candidate, source, context) };
    });
    const best = others.reduce((a, b) => b.cost < a.cost ? b : a);
    return best.cost * WORTHWHILE < first!.cost ? best.candidate : undefined;
  }
  return undefined;
};

function isMovable(node: PlanNode | undefined): boolean {
  return node?.type === "EnumerateCollectionNode" && !node.random && !node.current;
}

/** All orders, the given one first. */
function permutations<T>(items: readonly T[]): T[][] {
  if (items.length < 2) return [[...items]];
  return items.flatMap((item, i) =>
    permutations([...items.slice(0, i), ...items.slice(i + 1)]).map((rest) => [item, ...rest])
  );
}

function costOf(nodes: readonly PlanNode[], source: DataSource, context: RuleContext): number {
  const planned = LATER.reduce((before, rule) => rule(before, source, context) ?? before, nodes);
  return new Estimator(planned, source).behind(planned).cost;
}

/**
 * `remove-sort-rand-limit-1`: one random document is taken, instead of all in random order.
 *
 * @module
 */
import { definitionsOf } from "../definitions.ts";
import type { PlanNode } from "../nodes.ts";

/**
 * Lets `FOR d IN c SORT RAND() LIMIT 1` read one document.
 *
 * @returns the changed nodes, or undefined if there is nothing to change
 */
export function removeSortRandLimit1(nodes: readonly PlanNode[]): PlanNode[] | undefined {
  const definitions = definitionsOf(nodes);
  for (const [i, sort] of nodes.entries()) {
    if (sort.type !== "SortNode" || sort.elements.length !== 1) continue;
    const { inVariable } = sort.elements[0]!;
    const key = definitions.get(inVariable);
    const limit = nodes[i + 1];
    if (key?.kind !== "call" || key.spec.name !== "RAND" || limit?.type !== "LimitNode") continue;
    if (limit.offset !== 0 || limit.limit !== 1 || limit.fullCount) continue;
    const [first, loop, random] = nodes.slice(i - 3, i);
    if (i !== 3 || first?.type !== "SingletonNode" || loop?.type !== "EnumerateCollectionNode") continue;
    if (random?.type !== "CalculationNode" || random.outVariable !== inVariable || loop.current) continue;
    return [first, { ...loop, random: true }, limit, ...nodes.slice(i + 2)];
  }
  return undefined;
}

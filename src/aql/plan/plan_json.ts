/**
 * Plans in the shape that explain shows them in.
 *
 * Source: section 19 of `aql.md`.
 *
 * @module
 */
import type { DataSource } from "../data_source.ts";
import type { AqlObject } from "../values.ts";
import { type Estimate, Estimator, NOTHING_YET } from "./estimates.ts";
import { isModification } from "./node_effects.ts";
import { NodeWriter } from "./node_json.ts";
import type { CollectNode, IndexNode, Plan, PlanNode } from "./nodes.ts";
import { verboseNodes } from "./verbose_plan.ts";

/** How much plans tell. */
export interface PlanDetails {
  /** Whether the nodes tell about their surroundings too. @default {false} */
  readonly verbose?: boolean;
  /** Whether calculations tell about their functions, which those of profiles do not. @default {true} */
  readonly functions?: boolean;
}

/** A plan with estimates. */
export function planJson(plan: Plan, source: DataSource, { verbose, functions = true }: PlanDetails = {}): AqlObject {
  const nodeWriter = new NodeWriter(plan.nodes, source, functions);
  const writer = new PlanWriter(plan, source, nodeWriter);
  const shown = writer.nodes(plan.nodes, NOTHING_YET);
  const nodes = verbose ? verboseNodes(shown, plan.nodes, nodeWriter.variable) : shown;
  const { cost, items } = writer.last;
  return {
    nodes,
    rules: [...plan.rules],
    asyncPrefetchNodes: plan.nodes.filter(({ prefetch }) => prefetch).length,
    estimatedCost: cost,
    estimatedNrItems: Math.floor(items),
    collections: [...plan.collections].map(([name, type]) => ({ name, type })),
    variables: plan.variables.toReversed().map(nodeWriter.declared),
    isModificationQuery: plan.nodes.some(isModification),
  };
}

/** Several nodes that are shown as one. */
interface ShownTogether {
  readonly count: number;
  readonly type: string;
  readonly id: number;
  readonly attributes: AqlObject;
}

class PlanWriter {
  last: Estimate = NOTHING_YET;
  readonly #writer: NodeWriter;
  readonly #estimator: Estimator;

  constructor(plan: Plan, source: DataSource, writer: NodeWriter) {
    this.#writer = writer;
    this.#estimator = new Estimator(plan.nodes, source);
  }

  /**
   * Nodes one behind the other, those of spliced subqueries among them.
   *
   * @param before the id of the node before the first one
   */
  nodes(nodes: readonly PlanNode[], start: Estimate, before?: number): AqlObject[] {
    let estimate = start;
    let previous = before;
    const found: AqlObject[] = [];
    const push = (type: string, id: number, { cost, items }: Estimate, attributes: AqlObject): void => {
      found.push({
        type,
        dependencies: previous === undefined ? [] : [previous],
        id,
        estimatedCost: cost,
        estimatedNrItems: Math.floor(items),
        ...attributes,
      });
      previous = id;
    };
    for (let at = 0; at < nodes.length; at++) {
      const node = nodes[at]!;
      const together = this.#together(nodes, at);
      if (together) {
        const { count, type, id, attributes } = together;
        // the index knows better than a COLLECT how many groups there are
        const estimated = type === "IndexCollectNode" ? 1 : count;
        estimate = this.#estimator.behind(nodes.slice(at, at + estimated), estimate);
        this.last = estimate;
        push(type, id, estimate, attributes);
        at += count - 1;
        continue;
      }
      if (node.type === "SubqueryNode" && node.endId !== undefined) {
        const begin = { cost: estimate.cost + estimate.items, items: estimate.items };
        push("SubqueryStartNode", node.id, begin, { subqueryOutVariable: this.#writer.variable(node.outVariable) });
        const result = node.nodes.at(-1)!;
        const returns = result.type === "ReturnNode";
        const inner = this.nodes(returns ? node.nodes.slice(1, -1) : node.nodes.slice(1), begin, node.id);
        found.push(...inner);
        previous = (inner.at(-1)?.id as number | undefined) ?? node.id;
        estimate = { cost: this.last.cost + estimate.items, items: estimate.items };
        push("SubqueryEndNode", node.endId, estimate, {
          ...(returns ? { inVariable: this.#writer.variable(result.inVariable) } : {}),
          outVariable: this.#writer.variable(node.outVariable),
        });
        this.last = estimate;
        continue;
      }
      const attributes = this.#attributes(node);
      estimate = this.#estimator.next(node, estimate);
      this.last = estimate;
      push(node.type, node.id, estimate, { ...(node.prefetch ? { isAsyncPrefetchEnabled: true } : {}), ...attributes });
    }
    if (nodes.length === 0) this.last = start;
    return found;
  }

  /** What several nodes from a place on are shown as; undefined for nodes that stand for themselves. */
  #together(nodes: readonly PlanNode[], at: number): ShownTogether | undefined {
    const node = nodes[at]!;
    if (node.type !== "IndexNode") return undefined;
    const { join } = node;
    if (join !== undefined) {
      const loops = nodes.slice(at).filter((one): one is IndexNode => one.type === "IndexNode" && one.join === join);
      const attributes = {
        ...(loops.every(({ prefetch }) => prefetch) ? { isAsyncPrefetchEnabled: true } : {}),
        indexInfos: loops.map((loop) => this.#indexInfo(loop)),
      };
      return { count: loops.length, type: "JoinNode", id: join, attributes };
    }
    if (!node.collect) return undefined;
    const end = nodes.findIndex((one, i) => i > at && one.type === "CollectNode");
    const attributes = this.#writer.indexCollect(node, nodes[end] as CollectNode);
    return { count: end - at + 1, type: "IndexCollectNode", id: node.id, attributes };
  }

  /** A loop of a join. */
  #indexInfo(loop: IndexNode): AqlObject {
    const { indexes, ...info } = this.#writer.index(loop);
    const { items } = this.#estimator.next(loop, NOTHING_YET);
    return { ...info, index: (indexes as AqlObject[])[0]!, estimatedNrItems: Math.floor(items) };
  }

  #attributes(node: PlanNode): AqlObject {
    if (node.type !== "SubqueryNode") return this.#writer.attributes(node);
    const nodes = this.nodes(node.nodes, NOTHING_YET);
    return { subquery: { nodes }, outVariable: this.#writer.variable(node.outVariable), isConst: false };
  }
}

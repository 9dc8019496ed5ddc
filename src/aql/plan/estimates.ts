/**
 * About how many rows a plan makes, and what that costs.
 *
 * Source: section 19.5 of `aql.md`.
 *
 * @module
 */
import type { PlanningSource } from "../data_source.ts";
import { definitionsOf } from "./definitions.ts";
import { type Expr, shapeOf, type Variable } from "./expression.ts";
import { matchIndex, sameStart } from "./index_match.ts";
import type { IndexNode, PlanNode } from "./nodes.ts";

/** How many members a list is taken to have. */
const UNKNOWN_LENGTH = 100;
/** What an index costs for each document beyond finding the first. */
const INDEX_ENTRY_COST = 0.05;

/** What rows have cost up to a node, and how many come out of it. */
export interface Estimate {
  readonly cost: number;
  readonly items: number;
}

/** What comes before the first node. */
export const NOTHING_YET: Estimate = { cost: 0, items: 1 };

/** Estimates the nodes of one plan. */
export class Estimator {
  readonly #source: PlanningSource;
  readonly #definitions: Map<Variable, Expr>;

  constructor(nodes: readonly PlanNode[], source: PlanningSource) {
    this.#source = source;
    this.#definitions = new Map();
    this.#note(nodes);
  }

  #note(nodes: readonly PlanNode[]): void {
    for (const [variable, expression] of definitionsOf(nodes)) this.#definitions.set(variable, expression);
    for (const node of nodes) if (node.type === "SubqueryNode") this.#note(node.nodes);
  }

  /** The estimate behind a list of nodes. */
  behind(nodes: readonly PlanNode[], start: Estimate = NOTHING_YET): Estimate {
    return nodes.reduce((before, node) => this.next(node, before), start);
  }

  /** The estimate behind a node. */
  next(node: PlanNode, { cost, items }: Estimate): Estimate {
    switch (node.type) {
      case "SingletonNode":
        return { cost: cost + 1, items };
      case "EnumerateCollectionNode": {
        if (node.random) return { cost: cost + items + 1, items };
        const total = items * this.#count(node.collection);
        return { cost: cost + total + 1, items: total };
      }
      case "IndexNode": {
        const count = this.#count(node.collection);
        if (node.collect) {
          const groups = count / Math.max(1, sameStart(node.indexes[0]!, node.collect.fields, count));
          return { cost: cost + items * (node.collect.leaps ? groups : count), items: items * groups };
        }
        const found = Math.min(count, this.#found(node, count));
        if (node.join !== undefined) {
          // both indexes are gone through side by side, once
          return { cost: cost + count * INDEX_ENTRY_COST, items: items * found };
        }
        const seek = node.condition.length === 0 ? 0 : Math.log2(Math.max(count, 2)) * node.condition.length;
        return { cost: cost + items * (seek + found * (seek > 0 ? INDEX_ENTRY_COST : 1)), items: items * found };
      }
      // an index loop would read the documents itself
      case "MaterializeNode":
        return { cost, items };
      case "EnumerateListNode": {
        const total = items * this.#listLength(node.inVariable);
        return { cost: cost + total, items: total };
      }
      case "SortNode": {
        const work = items <= 3 ? items : items * Math.log2(items);
        return { cost: cost + work, items };
      }
      case "LimitNode": {
        const left = Math.min(node.limit, Math.max(0, items - node.offset));
        return { cost: cost + left, items: left };
      }
      case "CollectNode": {
        const groups = node.groups.length === 0 ? 1 : items >= 10 ? items * 0.8 : items;
        return { cost: cost + items, items: groups };
      }
      case "NoResultsNode":
        return { cost: 0.5, items: 0 };
      case "SubqueryNode":
        return { cost: cost + items * this.behind(node.nodes).cost, items };
      default:
        return { cost: cost + items, items };
    }
  }

  #count(collection: string): number {
    return this.#source.collection(collection)?.count() ?? 0;
  }

  #found(node: IndexNode, count: number): number {
    if (node.condition.length === 0) return count;
    let found = 0;
    node.condition.forEach((branch, i) => {
      const index = node.indexes[i] ?? node.indexes[0]!;
      found += matchIndex(index, branch, node.outVariable, new Set([node.outVariable]), count)?.items ?? count;
    });
    return found;
  }

  #listLength(variable: Variable): number {
    const list = this.#definitions.get(variable);
    const length = list?.kind === "constant" ? shapeOf(list).length : undefined;
    if (length !== undefined) return length;
    if (list?.kind === "range" && list.low.kind === "constant" && list.high.kind === "constant") {
      return Math.abs(Number(list.high.value) - Number(list.low.value)) + 1;
    }
    return UNKNOWN_LENGTH;
  }
}

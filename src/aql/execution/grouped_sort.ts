/**
 * SORT of rows that come in the order of its first elements already.
 *
 * @module
 */
import type { SortNode } from "../plan/nodes.ts";
import { equalValues } from "../value_order.ts";
import type { Evaluator, Row } from "./compile.ts";
import type { QueryContext } from "./context.ts";
import { BATCH, type Operator } from "./operator.ts";
import { traceNode } from "../query_error.ts";
import { comparatorOf, type Keyed } from "./rows.ts";

/** Sorts the rows that are equal in the first elements, group after group: a LIMIT behind it may need few groups. */
export class GroupedSort implements Operator {
  readonly #upstream: Operator;
  readonly #node: SortNode;
  readonly #grouped: number;
  readonly #keys: readonly Evaluator[];
  readonly #compare: (a: Keyed, b: Keyed) => number;
  readonly #context: QueryContext;
  /** Rows in order that nobody has taken yet. */
  #ready: Row[] = [];
  /** The rows of the last group, of which more may come. */
  #group: Keyed[] = [];
  #ended = false;

  constructor(upstream: Operator, node: SortNode, keys: readonly Evaluator[], context: QueryContext) {
    this.#upstream = upstream;
    this.#node = node;
    this.#grouped = node.grouped ?? 0;
    this.#keys = keys;
    this.#compare = comparatorOf(node.elements);
    this.#context = context;
  }

  pull(max: number): Row[] {
    while (this.#ready.length === 0 && !this.#ended) {
      // a group has to be read to its end, however few of it somebody asks for
      const rows = this.#read(Math.max(max, Math.min(this.#group.length, BATCH)));
      for (const row of rows) this.#add(row);
      if (rows.length > 0) continue;
      this.#ended = true;
      this.#close();
    }
    return this.#ready.splice(0, max);
  }

  /** Further rows with what they are sorted by. */
  #read(max: number): Keyed[] {
    this.#context.retaining++;
    try {
      return this.#upstream.pull(max).map((row) => ({ keys: this.#keys.map((key) => key(row)), row }));
    } catch (error) {
      throw traceNode(error, this.#node);
    } finally {
      this.#context.retaining--;
    }
  }

  #add(keyed: Keyed): void {
    const last = this.#group.at(-1);
    for (let i = 0; last && i < this.#grouped; i++) {
      if (equalValues(last.keys[i]!, keyed.keys[i]!)) continue;
      this.#close();
      break;
    }
    this.#group.push(keyed);
  }

  #close(): void {
    for (const { row } of this.#group.sort(this.#compare)) this.#ready.push(row);
    this.#group = [];
  }

  reset(): void {
    this.#upstream.reset();
    this.#ready = [];
    this.#group = [];
    this.#ended = false;
  }
}

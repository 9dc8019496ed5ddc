/**
 * Operators that work on rows as they come: computing, filtering, cutting, sorting, subqueries.
 *
 * @module
 */
import type { LimitNode, SortNode } from "../plan/nodes.ts";
import { traceNode } from "../query_error.ts";
import { compareValues } from "../value_order.ts";
import { type AqlArray, type AqlValue, isTruthy } from "../values.ts";
import type { Evaluator, Row } from "./compile.ts";
import type { QueryContext } from "./context.ts";
import { BATCH, type Operator, pullAll, skipRows } from "./operator.ts";
import type { TopBound } from "./top_bound.ts";

/** LET: computes a variable. */
export class Calculation implements Operator {
  readonly #upstream: Operator;
  readonly #register: number;
  readonly #compute: Evaluator;

  constructor(upstream: Operator, register: number, compute: Evaluator) {
    this.#upstream = upstream;
    this.#register = register;
    this.#compute = compute;
  }

  pull(max: number): Row[] {
    const rows = this.#upstream.pull(max);
    const register = this.#register;
    const compute = this.#compute;
    for (const row of rows) row[register] = compute(row);
    return rows;
  }

  reset(): void {
    this.#upstream.reset();
  }
}

/** FILTER: drops rows. */
export class Filter implements Operator {
  readonly #upstream: Operator;
  readonly #condition: Evaluator;
  readonly #context: QueryContext;
  /** Rows that passed and that nobody has asked for yet. */
  #ready: Row[] = [];

  constructor(upstream: Operator, condition: Evaluator, context: QueryContext) {
    this.#upstream = upstream;
    this.#condition = condition;
    this.#context = context;
  }

  pull(max: number): Row[] {
    let wanted = max;
    while (this.#ready.length === 0) {
      const rows = this.#upstream.pull(wanted);
      if (rows.length === 0) return rows;
      this.#ready = rows.filter((row) => isTruthy(this.#condition(row)));
      this.#context.counters.filtered += rows.length - this.#ready.length;
      wanted = Math.min(BATCH, wanted * 2);
    }
    if (this.#ready.length <= max) {
      const rows = this.#ready;
      this.#ready = [];
      return rows;
    }
    return this.#ready.splice(0, max);
  }

  reset(): void {
    this.#upstream.reset();
    this.#ready = [];
  }
}

/** LIMIT: skips rows and ends. */
export class Limit implements Operator {
  readonly #upstream: Operator;
  readonly #node: LimitNode;
  readonly #drains: boolean;
  readonly #context: QueryContext;
  #skip: number;
  #left: number;
  #done = false;

  /** @param drains whether the rows after the end have to be made all the same, because they write */
  constructor(upstream: Operator, node: LimitNode, drains: boolean, context: QueryContext) {
    this.#upstream = upstream;
    this.#node = node;
    this.#drains = drains;
    this.#context = context;
    this.#skip = node.offset;
    this.#left = node.limit;
  }

  pull(max: number): Row[] {
    const { counters } = this.#context;
    if (this.#skip > 0 && this.#left > 0) {
      const skipped = skipRows(this.#upstream, this.#skip);
      if (skipped < this.#skip) this.#left = 0;
      this.#skip = 0;
      this.#count(skipped);
    }
    if (this.#left > 0) {
      const rows = this.#upstream.pull(Math.min(max, this.#left));
      this.#left -= rows.length;
      this.#count(rows.length);
      if (rows.length > 0) {
        if (this.#left === 0) this.#finish();
        return rows;
      }
      this.#left = 0;
      this.#done = true;
    }
    this.#finish();
    if (this.#node.fullCount) counters.fullCount ??= 0;
    return [];
  }

  #count(rows: number): void {
    if (this.#node.fullCount) this.#context.counters.fullCount = (this.#context.counters.fullCount ?? 0) + rows;
  }

  #finish(): void {
    if (this.#done) return;
    this.#done = true;
    if (this.#drains || this.#node.fullCount) this.#count(skipRows(this.#upstream, Infinity));
  }

  reset(): void {
    this.#upstream.reset();
    this.#skip = this.#node.offset;
    this.#left = this.#node.limit;
    this.#done = false;
  }
}

/** A row with the values that it is sorted by. */
export interface Keyed {
  readonly keys: readonly AqlValue[];
  readonly row: Row;
}

/** Compares rows by what they are sorted by. */
export function comparatorOf(elements: SortNode["elements"]): (a: Keyed, b: Keyed) => number {
  const signs = elements.map(({ ascending }) => ascending ? 1 : -1);
  if (signs.length === 1) {
    const [sign] = signs as [number];
    return (a, b) => compareValues(a.keys[0]!, b.keys[0]!) * sign;
  }
  return (a, b) => {
    for (let i = 0; i < signs.length; i++) {
      const order = compareValues(a.keys[i]!, b.keys[i]!);
      if (order !== 0) return order * signs[i]!;
    }
    return 0;
  };
}

/** SORT: stable; with a limit it never holds many more rows than that. */
export class Sort implements Operator {
  readonly #upstream: Operator;
  readonly #node: SortNode;
  readonly #keys: readonly Evaluator[];
  readonly #context: QueryContext;
  readonly #bound: TopBound | undefined;
  #sorted: Keyed[] | undefined;
  #next = 0;

  /** @param bound told what the rows are like that cannot be dropped any more */
  constructor(
    upstream: Operator,
    node: SortNode,
    keys: readonly Evaluator[],
    context: QueryContext,
    bound: TopBound | undefined,
  ) {
    this.#upstream = upstream;
    this.#node = node;
    this.#keys = keys;
    this.#context = context;
    this.#bound = bound;
  }

  pull(max: number): Row[] {
    this.#sorted ??= this.#sort();
    const rows: Row[] = [];
    const end = Math.min(this.#sorted.length, this.#next + max);
    for (; this.#next < end; this.#next++) rows.push(this.#sorted[this.#next]!.row);
    return rows;
  }

  #sort(): Keyed[] {
    const { limit = Infinity } = this.#node;
    const bound = Math.max(2 * limit, 2 * BATCH);
    const context = this.#context;
    const compare = comparatorOf(this.#node.elements);
    const keys = this.#keys;
    let found: Keyed[] = [];
    /** The last of the rows that are sure to be among the first ones. */
    let worst: Keyed | undefined;
    const { memory, retaining } = context;
    // all rows are kept, or those that are counted here
    context.retaining = limit === Infinity ? retaining + 1 : 0;
    let held = 0;
    const count = (): void => {
      memory.shrink(held);
      const before = memory.used;
      memory.keep(found.slice(0, limit).map(({ row }) => row));
      held = memory.used - before;
    };
    try {
      pullAll(this.#upstream, (rows) => {
        for (const row of rows) {
          const keyed = { keys: keys.map((key) => key(row)), row };
          // of equal rows the first ones stay
          if (!worst || compare(keyed, worst) < 0) found.push(keyed);
        }
        if (found.length > bound) {
          found = found.sort(compare).slice(0, limit);
          worst = found.at(-1);
          if (this.#bound) this.#bound.worst = worst?.keys[0];
        }
        if (limit < Infinity && memory.limited) count();
      });
      if (limit < Infinity) count();
    } catch (error) {
      throw traceNode(error, this.#node);
    } finally {
      context.retaining = retaining;
    }
    context.check();
    found.sort(compare);
    return limit < found.length ? found.slice(0, limit) : found;
  }

  reset(): void {
    this.#upstream.reset();
    this.#sorted = undefined;
    this.#next = 0;
    if (this.#bound) this.#bound.worst = undefined;
  }
}

/** A pipeline that can be run for a row. */
export interface Runnable {
  /** All results for a row, which the run may change. */
  run(row: Row): AqlArray;
  /** Forgets what earlier runs have kept. */
  forget(): void;
}

/** A subquery: the results of a pipeline of its own, for each row or, where it does not depend on the rows, once. */
export class Subquery implements Operator {
  readonly #upstream: Operator;
  readonly #register: number;
  readonly #inner: Runnable;
  readonly #keep: "never" | "run" | "always";
  #result: AqlArray | undefined;

  /** @param keep how long a result stays valid: for no other row, until the pipeline is run anew, or as long as the query runs */
  constructor(
    upstream: Operator,
    register: number,
    inner: Runnable,
    keep: "never" | "run" | "always",
    context: QueryContext,
  ) {
    context.atEnd(() => {
      inner.forget();
      this.#result = undefined;
    });
    this.#upstream = upstream;
    this.#register = register;
    this.#inner = inner;
    this.#keep = keep;
  }

  pull(max: number): Row[] {
    const rows = this.#upstream.pull(max);
    for (const row of rows) {
      if (this.#keep === "never") row[this.#register] = this.#inner.run(row.slice());
      else row[this.#register] = this.#result ??= this.#inner.run(row.slice());
    }
    return rows;
  }

  reset(): void {
    this.#upstream.reset();
    if (this.#keep !== "always") this.#result = undefined;
  }
}

/** No rows, whatever comes in. */
export class NoResults implements Operator {
  pull(): Row[] {
    return [];
  }

  reset(): void {}
}

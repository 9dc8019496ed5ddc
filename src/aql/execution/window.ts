/**
 * WINDOW: aggregations over the rows around each row.
 *
 * Source: section 9.5 of `aql.md`.
 *
 * @module
 */
import { isDateInRange } from "../functions/date_text.ts";
import type { WindowBound, WindowNode } from "../plan/nodes.ts";
import { type AqlValue, isNumber, toNumber } from "../values.ts";
import { prepareAggregates, type Reader, type RunningAggregate } from "./collect.ts";
import type { Evaluator, Row } from "./compile.ts";
import type { QueryContext } from "./context.ts";
import { type Operator, pullAll } from "./operator.ts";

/** Which rows take part, by their places; and the window of each of them: the first and the last place in `order`. */
interface Windows {
  readonly order: readonly number[];
  readonly bounds: readonly (readonly [number, number])[];
}

/** Keeps all rows, then adds the aggregations. */
export class Window implements Operator {
  readonly #upstream: Operator;
  readonly #node: WindowNode;
  readonly #context: QueryContext;
  readonly #aggregates: readonly RunningAggregate[];
  readonly #range: Evaluator | undefined;
  #rows: Row[] | undefined;
  #next = 0;

  constructor(upstream: Operator, node: WindowNode, read: Reader, context: QueryContext) {
    this.#upstream = upstream;
    this.#node = node;
    this.#context = context;
    this.#aggregates = prepareAggregates(node.aggregates, read);
    this.#range = node.rangeVariable && read(node.rangeVariable);
  }

  pull(max: number): Row[] {
    this.#rows ??= this.#compute();
    const rows = this.#rows.slice(this.#next, this.#next + max);
    this.#next += rows.length;
    return rows;
  }

  #compute(): Row[] {
    const rows: Row[] = [];
    this.#context.retaining++;
    try {
      pullAll(this.#upstream, (batch) => {
        for (const row of batch) rows.push(row);
      });
    } finally {
      this.#context.retaining--;
    }
    const values = this.#aggregates.map(({ argument }) => rows.map((row) => argument ? argument(row) : null));
    this.#aggregate(rows, values, this.#range ? this.#byRange(rows, this.#range) : this.#byRow(rows.length));
    return rows;
  }

  #byRow(count: number): Windows {
    const { preceding, following } = this.#node as { preceding: number; following: number };
    const order = Array.from({ length: count }, (_, i) => i);
    return { order, bounds: order.map((i) => [Math.max(0, i - preceding), Math.min(count - 1, i + following)]) };
  }

  #byRange(rows: readonly Row[], range: Evaluator): Windows {
    const positions = rows.map((row) => this.#position(range(row)));
    // rows without a position take part in no window; texts of numbers are sorted as texts before, and as numbers here
    const order = positions.flatMap((position, i) => position === undefined ? [] : [i]);
    order.sort((a, b) => positions[a]! - positions[b]!);
    const sorted = order.map((i) => positions[i]!);
    const bounds = sorted.map((position) => {
      const low = shifted(position, this.#node.preceding, -1);
      const high = shifted(position, this.#node.following, 1);
      return [lowerBound(sorted, low), lowerBound(sorted, high, true) - 1] as const;
    });
    return { order, bounds };
  }

  #position(value: AqlValue): number | undefined {
    if (typeof this.#node.preceding !== "number") {
      if (typeof value === "number" && isDateInRange(value)) return value;
      this.#context.warn(1572, "invalid date value");
      return undefined;
    }
    const number = toNumber(value);
    const failed = !Number.isFinite(number) ||
      (!isNumber(value) && number === 0 && value !== null && typeof value !== "boolean" && !isZeroText(value));
    if (!failed) return number;
    this.#context.warn(1561, "invalid arithmetic value");
    return undefined;
  }

  #aggregate(
    rows: readonly Row[],
    values: readonly (readonly AqlValue[])[],
    { order, bounds }: Windows,
  ): void {
    this.#aggregates.forEach(({ register, start }, which) => {
      const arguments_ = values[which]!;
      for (const row of rows) row[register] = null;
      let first = -1;
      let last = -1;
      let aggregator = start();
      bounds.forEach(([from, to], i) => {
        if (i % 1000 === 0) this.#context.check();
        // a window that only grows at its end goes on where the one before stopped
        if (from !== first || to < last) {
          aggregator = start();
          first = from;
          last = first - 1;
        }
        while (last < to) {
          last++;
          aggregator.add(arguments_[order[last]!]!);
        }
        rows[order[i]!]![register] = aggregator.result();
      });
    });
  }

  reset(): void {
    this.#upstream.reset();
    this.#rows = undefined;
    this.#next = 0;
  }
}

function isZeroText(value: AqlValue): boolean {
  return typeof value === "string"
    ? /^\s*[+-]?0*\.?0*(?:e[+-]?\d+)?\s*$/i.test(value)
    : Array.isArray(value) && value.length === 0;
}

function shifted(position: number, by: WindowBound, sign: 1 | -1): number {
  if (typeof by === "number") return position + sign * by;
  const { months, milliseconds } = by;
  if (months === 0) return position + sign * milliseconds;
  const date = new Date(position);
  date.setUTCMonth(date.getUTCMonth() + sign * months);
  return date.getTime() + sign * milliseconds;
}

/** The first place of a sorted list whose value is at least (`after`: above) `value`. */
function lowerBound(sorted: readonly number[], value: number, after = false): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const below = after ? sorted[middle]! <= value : sorted[middle]! < value;
    if (below) low = middle + 1;
    else high = middle;
  }
  return low;
}

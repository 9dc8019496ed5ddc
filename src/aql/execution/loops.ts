/**
 * Operators that make several rows of one: what they have in common, and FOR over arrays and ranges.
 *
 * @module
 */
import { ArangoError } from "../../base/arango_error.ts";
import type { Expr } from "../plan/expression.ts";
import { warnArgumentType } from "../functions/function_spec.ts";
import type { EnumerateListNode } from "../plan/nodes.ts";
import { type AqlArray, type AqlValue, isObject, isTruthy, toInteger, typeName } from "../values.ts";
import { compile, type Evaluator, type Row } from "./compile.ts";
import type { QueryContext } from "./context.ts";
import { BATCH, type Operator, skipPulling } from "./operator.ts";

/** What gives the values of a loop for one row, a batch at a time; an empty array at the end. */
export interface Values<T = AqlValue> {
  /** At most `max` further values. */
  next(max: number): readonly T[];
  /**
   * Leaves out values without looking at them, where that is possible; see {@linkcode skipValues}.
   *
   * @returns how many; fewer than `count` at the end
   */
  skip?(count: number): number;
}

/** A loop: for each row of the input, the values that belong to it. */
export abstract class Loop<T> implements Operator {
  protected readonly context: QueryContext;
  readonly #upstream: Operator;
  readonly #filter: Evaluator | undefined;
  #input: readonly Row[] = [];
  #nextInput = 0;
  #row: Row | undefined;
  #values: Values<T> | undefined;
  #page: readonly T[] = [];
  #nextValue = 0;

  /** @param filter a condition that follows the loop, tested before rows are made */
  constructor(upstream: Operator, filter: Evaluator | undefined, context: QueryContext) {
    this.#upstream = upstream;
    this.#filter = filter;
    this.context = context;
  }

  /** The values for a row; undefined for none. */
  protected abstract valuesFor(row: Row): Values<T> | undefined;

  /** Puts a value into a row. */
  protected abstract assign(row: Row, value: T): void;

  skip(count: number): number {
    if (this.#filter) return skipPulling(this, count);
    let skipped = 0;
    while (skipped < count) {
      const waiting = Math.min(count - skipped, this.#page.length - this.#nextValue);
      if (waiting > 0) {
        this.#nextValue += waiting;
        skipped += waiting;
        continue;
      }
      if (!this.#values && !this.#nextRow(BATCH)) break;
      if (!this.#values) continue;
      const wanted = count - skipped;
      const done = skipValues(this.#values, wanted, this.context);
      if (done < wanted) this.#values = undefined;
      skipped += done;
    }
    return skipped;
  }

  pull(max: number): Row[] {
    const { context } = this;
    const filter = this.#filter;
    const rows: Row[] = [];
    let wanted = max;
    while (rows.length < max) {
      if (this.#nextValue >= this.#page.length && !this.#turn(wanted)) break;
      // a filter may let little through: read ahead in growing pages
      if (filter) wanted = Math.min(BATCH, wanted * 2);
      const page = this.#page;
      const base = this.#row!;
      let i = this.#nextValue;
      let row = base.slice();
      for (; i < page.length && rows.length < max; i++) {
        this.assign(row, page[i]!);
        if (filter && !isTruthy(filter(row))) {
          context.counters.filtered++;
          continue;
        }
        rows.push(row);
        row = base.slice();
      }
      this.#nextValue = i;
    }
    if (context.retaining > 0) context.memory.keep(rows);
    return rows;
  }

  /** Turns to the next page of values; false at the end. */
  #turn(max: number): boolean {
    for (;;) {
      this.context.check();
      if (this.#values) {
        this.#page = this.#values.next(Math.min(max, BATCH));
        this.#nextValue = 0;
        if (this.#page.length > 0) return true;
        this.#values = undefined;
      }
      if (!this.#nextRow(max)) return false;
    }
  }

  /** Turns to the next row of the input; false at the end. */
  #nextRow(max: number): boolean {
    if (this.#nextInput >= this.#input.length) {
      this.#input = this.#upstream.pull(Math.min(max, BATCH));
      this.#nextInput = 0;
      if (this.#input.length === 0) return false;
    }
    this.#row = this.#input[this.#nextInput++]!;
    this.#values = this.valuesFor(this.#row);
    return true;
  }

  reset(): void {
    this.#upstream.reset();
    this.#input = [];
    this.#nextInput = 0;
    this.#row = undefined;
    this.#values = undefined;
    this.#page = [];
    this.#nextValue = 0;
  }
}

/**
 * Leaves out values.
 *
 * @param context asked now and then whether the query is to go on
 * @returns how many; fewer than `count` at the end
 */
export function skipValues(values: Values<unknown>, count: number, context?: QueryContext): number {
  if (values.skip) return values.skip(count);
  let skipped = 0;
  while (skipped < count) {
    const { length } = values.next(Math.min(BATCH, count - skipped));
    if (length === 0) break;
    skipped += length;
    context?.check();
  }
  return skipped;
}

/** A loop that sets one variable. */
export abstract class SimpleLoop extends Loop<AqlValue> {
  readonly #register: number;

  constructor(upstream: Operator, register: number, filter: Evaluator | undefined, context: QueryContext) {
    super(upstream, filter, context);
    this.#register = register;
  }

  protected assign(row: Row, value: AqlValue): void {
    row[this.#register] = value;
  }
}

/** The members of an array. */
export class ArrayValues implements Values {
  readonly #array: AqlArray;
  #at = 0;

  constructor(array: AqlArray) {
    this.#array = array;
  }

  next(max: number): readonly AqlValue[] {
    const start = this.#at;
    if (start === 0 && this.#array.length <= max) {
      this.#at = this.#array.length;
      return this.#array;
    }
    this.#at = Math.min(this.#array.length, start + max);
    return this.#array.slice(start, this.#at);
  }
}

class RangeValues implements Values {
  readonly #step: 1 | -1;
  #next: number;
  #left: number;

  constructor(low: number, high: number) {
    this.#next = low;
    this.#step = low <= high ? 1 : -1;
    this.#left = Math.abs(high - low) + 1;
  }

  next(max: number): readonly AqlValue[] {
    const values: AqlValue[] = [];
    for (let i = Math.min(max, this.#left); i > 0; i--) {
      values.push(this.#next);
      this.#next += this.#step;
    }
    this.#left -= values.length;
    return values;
  }
}

/** FOR over an array or a range. */
export class EnumerateList extends SimpleLoop {
  readonly #list: Evaluator;
  readonly #range: readonly [Evaluator, Evaluator] | undefined;

  /** @param definition how the list is computed, where nothing else needs it: ranges are then never made whole */
  constructor(
    node: EnumerateListNode,
    upstream: Operator,
    filter: Evaluator | undefined,
    context: QueryContext,
    list: Evaluator,
    definition: Expr | undefined,
  ) {
    super(upstream, node.outVariable.id, filter, context);
    this.#list = list;
    this.#range = definition?.kind === "range"
      ? [compile(definition.low, context), compile(definition.high, context)]
      : undefined;
  }

  protected valuesFor(row: Row): Values {
    if (this.#range) return new RangeValues(toInteger(this.#range[0](row)), toInteger(this.#range[1](row)));
    const list = this.#list(row);
    if (!Array.isArray(list)) throw noList(list);
    return new ArrayValues(list);
  }
}

function noList(value: AqlValue): ArangoError {
  return new ArangoError(
    "ERROR_QUERY_ARRAY_EXPECTED",
    `collection or array expected as operand to FOR loop; you provided a value of type '${typeName(value)}'`,
  );
}

/** FOR over the attributes of objects. */
export class EnumerateEntries extends Loop<[string, AqlValue]> {
  readonly #object: Evaluator;
  readonly #key: number;
  readonly #value: number;

  constructor(
    { key, value }: NonNullable<EnumerateListNode["entries"]>,
    upstream: Operator,
    filter: Evaluator | undefined,
    context: QueryContext,
    object: Evaluator,
  ) {
    super(upstream, filter, context);
    this.#object = object;
    this.#key = key.id;
    this.#value = value.id;
  }

  protected assign(row: Row, [key, value]: [string, AqlValue]): void {
    row[this.#key] = key;
    row[this.#value] = value;
  }

  protected valuesFor(row: Row): Values<[string, AqlValue]> {
    const object = this.#object(row);
    // the function warns, and a loop has nothing to go through
    if (!isObject(object)) throw noList(warnArgumentType(this.context, "ENTRIES"));
    return new ArrayValues(Object.entries(object)) as unknown as Values<[string, AqlValue]>;
  }
}

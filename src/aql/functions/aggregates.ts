/**
 * The functions of `COLLECT … AGGREGATE` and `WINDOW`. Unlike the array functions of the same names they take one value
 * after another and never warn: a value of the wrong type makes the whole result null.
 *
 * Source: section 9.3 of `aql.md`.
 *
 * @module
 */
import { compareValues, distinctKey } from "../value_order.ts";
import { type AqlArray, type AqlValue, finite, isNumber } from "../values.ts";

/** One aggregation in progress. */
export interface Aggregator {
  /** Takes the next value; null for the rows of a `LENGTH()` without argument. */
  add(value: AqlValue): void;
  /** The result over the values so far. */
  result(): AqlValue;
  /** How many values it keeps; undefined for aggregations that keep none. */
  readonly held?: number;
}

/** Aggregates numbers: ignores null, and is null for good once something else comes. */
abstract class NumericAggregator implements Aggregator {
  #broken = false;

  add(value: AqlValue): void {
    if (isNumber(value)) this.take(Number(value));
    else if (value === null) this.skip();
    else this.#broken = true;
  }

  result(): AqlValue {
    if (this.#broken) return null;
    const result = this.compute();
    return result === null ? null : finite(result);
  }

  /** Gives up: the result is null. */
  protected fail(): void {
    this.#broken = true;
  }

  protected skip(): void {}
  protected abstract take(value: number): void;
  protected abstract compute(): number | null;
}

class Sum extends NumericAggregator {
  #sum: number | null = null;

  protected override skip(): void {
    this.#sum ??= 0;
  }

  protected take(value: number): void {
    this.#sum = (this.#sum ?? 0) + value;
  }

  protected compute(): number | null {
    return this.#sum;
  }
}

class Average extends NumericAggregator {
  #sum = 0;
  #count = 0;

  protected take(value: number): void {
    this.#sum += value;
    this.#count++;
  }

  protected compute(): number | null {
    return this.#count === 0 ? null : this.#sum / this.#count;
  }
}

/** Variance and standard deviation by Welford's recurrence. */
class Spread extends NumericAggregator {
  readonly #sample: boolean;
  readonly #root: boolean;
  #count = 0;
  #mean = 0;
  #squares = 0;

  constructor(sample: boolean, root: boolean) {
    super();
    this.#sample = sample;
    this.#root = root;
  }

  protected take(value: number): void {
    const delta = value - this.#mean;
    this.#count++;
    this.#mean += delta / this.#count;
    this.#squares += delta * (value - this.#mean);
  }

  protected compute(): number | null {
    const freedom = this.#sample ? this.#count - 1 : this.#count;
    if (freedom <= 0) return null;
    const variance = this.#squares / freedom;
    return this.#root ? Math.sqrt(variance) : variance;
  }
}

class Bits extends NumericAggregator {
  readonly #combine: (a: number, b: number) => number;
  #bits: number | null = null;

  constructor(combine: (a: number, b: number) => number) {
    super();
    this.#combine = combine;
  }

  protected take(value: number): void {
    if (value < 0 || value > 0xffffffff) return this.fail();
    this.#bits = this.#bits === null ? Math.trunc(value) : this.#combine(this.#bits, value) >>> 0;
  }

  protected compute(): number | null {
    return this.#bits;
  }
}

/** The smallest (`sign` -1) or the largest (1) value; the smallest ignores null. */
class Extreme implements Aggregator {
  readonly #sign: 1 | -1;
  #best: AqlValue = null;

  constructor(sign: 1 | -1) {
    this.#sign = sign;
  }

  add(value: AqlValue): void {
    if (value === null) return;
    // Null is below everything, and so is the start of both.
    if (this.#best === null || compareValues(value, this.#best) * this.#sign > 0) this.#best = value;
  }

  result(): AqlValue {
    return this.#best;
  }
}

class Count implements Aggregator {
  #count = 0;

  add(): void {
    this.#count++;
  }

  result(): AqlValue {
    return this.#count;
  }
}

class Push implements Aggregator {
  readonly #values: AqlArray = [];

  get held(): number {
    return this.#values.length;
  }

  add(value: AqlValue): void {
    this.#values.push(value);
  }

  result(): AqlValue {
    return this.#values.slice();
  }
}

/** The distinct values; `finish` makes the result of them. */
class Distinct implements Aggregator {
  readonly #finish: (values: AqlArray) => AqlValue;
  readonly #values = new Map<ReturnType<typeof distinctKey>, AqlValue>();

  constructor(finish: (values: AqlArray) => AqlValue) {
    this.#finish = finish;
  }

  get held(): number {
    return this.#values.size;
  }

  add(value: AqlValue): void {
    const key = distinctKey(value);
    if (!this.#values.has(key)) this.#values.set(key, value);
  }

  result(): AqlValue {
    return this.#finish([...this.#values.values()]);
  }
}

function countDistinct(): Aggregator {
  return new Distinct((values) => values.length);
}

/** What starts each aggregation, by the function's name in upper case. */
export const AQL_AGGREGATES: ReadonlyMap<string, () => Aggregator> = new Map<string, () => Aggregator>([
  ["AVERAGE", () => new Average()],
  ["AVG", () => new Average()],
  ["BIT_AND", () => new Bits((a, b) => a & b)],
  ["BIT_OR", () => new Bits((a, b) => a | b)],
  ["BIT_XOR", () => new Bits((a, b) => a ^ b)],
  ["COUNT", () => new Count()],
  ["COUNT_DISTINCT", countDistinct],
  ["COUNT_UNIQUE", countDistinct],
  ["LENGTH", () => new Count()],
  ["MAX", () => new Extreme(1)],
  ["MIN", () => new Extreme(-1)],
  ["PUSH", () => new Push()],
  ["SORTED_UNIQUE", () => new Distinct((values) => values.sort(compareValues))],
  ["STDDEV", () => new Spread(false, true)],
  ["STDDEV_POPULATION", () => new Spread(false, true)],
  ["STDDEV_SAMPLE", () => new Spread(true, true)],
  ["SUM", () => new Sum()],
  ["UNIQUE", () => new Distinct((values) => values)],
  ["VARIANCE", () => new Spread(false, false)],
  ["VARIANCE_POPULATION", () => new Spread(false, false)],
  ["VARIANCE_SAMPLE", () => new Spread(true, false)],
]);

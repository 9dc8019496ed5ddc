/**
 * Statistics over the numbers of an array.
 *
 * @module
 */
import { type AqlValue, finite, isNumber } from "../values.ts";
import {
  alias,
  type FunctionContext,
  type FunctionSpec,
  ofArray,
  pure,
  warnArgumentType,
  warnIn,
} from "./function_spec.ts";

/**
 * The numbers of an array without its nulls.
 *
 * @returns undefined if a member is neither number nor null
 */
function numbersOf(array: readonly AqlValue[]): number[] | undefined {
  const numbers: number[] = [];
  for (const member of array) {
    if (isNumber(member)) numbers.push(Number(member));
    else if (member !== null) return undefined;
  }
  return numbers;
}

/** A statistic over the numbers of an array; `errorNum` is the warning about members that are no numbers, if there is one. */
function statistic(
  name: string,
  errorNum: 1561 | 1563 | undefined,
  compute: (numbers: number[]) => number | null,
): FunctionSpec {
  return ofArray(name, (array, context) => {
    const numbers = numbersOf(array);
    if (numbers !== undefined) {
      const result = compute(numbers);
      return result === null ? null : finite(result);
    }
    return errorNum === undefined ? null : warnIn(context, name, errorNum);
  });
}

/** The mean and the sum of squared differences from it, by Welford's recurrence. */
function spread(numbers: readonly number[]): number {
  let mean = 0;
  let squares = 0;
  for (const [index, value] of numbers.entries()) {
    const delta = value - mean;
    mean += delta / (index + 1);
    squares += delta * (value - mean);
  }
  return squares;
}

function variance(numbers: readonly number[], sample: boolean): number | null {
  const freedom = sample ? numbers.length - 1 : numbers.length;
  return freedom <= 0 ? null : spread(numbers) / freedom;
}

function deviation(numbers: readonly number[], sample: boolean): number | null {
  const result = variance(numbers, sample);
  return result === null ? null : Math.sqrt(result);
}

function ascending(numbers: number[]): number[] {
  return numbers.sort((a, b) => a - b);
}

function median(numbers: number[]): number | null {
  if (numbers.length === 0) return null;
  const sorted = ascending(numbers);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}

function percentileByRank(sorted: readonly number[], n: number): number {
  const rank = Math.ceil(n * sorted.length / 100);
  return sorted[Math.min(Math.max(rank, 1), sorted.length) - 1] ?? 0;
}

function percentileByInterpolation(sorted: readonly number[], n: number): number {
  const position = n * (sorted.length + 1) / 100;
  const below = Math.floor(position);
  if (below < 1) return sorted[0] ?? 0;
  if (below >= sorted.length) return sorted[sorted.length - 1] ?? 0;
  const lower = sorted[below - 1] ?? 0;
  return lower + (position - below) * ((sorted[below] ?? 0) - lower);
}

const PERCENTILE_METHODS: ReadonlyMap<AqlValue, (sorted: readonly number[], n: number) => number> = new Map([
  ["rank", percentileByRank],
  ["interpolation", percentileByInterpolation],
]);

function percentile(context: FunctionContext, args: readonly AqlValue[]): AqlValue {
  const [array = null, n = null, method = "rank"] = args;
  if (!Array.isArray(array)) return warnIn(context, "PERCENTILE", 1563);
  if (!isNumber(n) || n < 0 || n > 100) return warnArgumentType(context, "PERCENTILE");
  const compute = PERCENTILE_METHODS.get(method);
  if (compute === undefined) return warnArgumentType(context, "PERCENTILE");
  const numbers = numbersOf(array);
  if (numbers === undefined) return warnIn(context, "PERCENTILE", 1561);
  return numbers.length === 0 ? null : finite(compute(ascending(numbers), Number(n)));
}

const AVERAGE = statistic(
  "AVERAGE",
  1563,
  (numbers) => numbers.length === 0 ? null : numbers.reduce((sum, n) => sum + n, 0) / numbers.length,
);
const STDDEV_POPULATION = statistic("STDDEV_POPULATION", 1561, (numbers) => deviation(numbers, false));
const VARIANCE_POPULATION = statistic("VARIANCE_POPULATION", 1561, (numbers) => variance(numbers, false));

/** Statistics. */
export const STATISTICS_FUNCTIONS: readonly FunctionSpec[] = [
  AVERAGE,
  alias("AVG", AVERAGE),
  statistic("MEDIAN", 1561, median),
  pure("PERCENTILE", [2, 3], percentile),
  statistic("PRODUCT", undefined, (numbers) => numbers.reduce((product, n) => product * n, 1)),
  STDDEV_POPULATION,
  alias("STDDEV", STDDEV_POPULATION),
  statistic("STDDEV_SAMPLE", 1561, (numbers) => deviation(numbers, true)),
  statistic("SUM", undefined, (numbers) => numbers.reduce((sum, n) => sum + n, 0)),
  VARIANCE_POPULATION,
  alias("VARIANCE", VARIANCE_POPULATION),
  statistic("VARIANCE_SAMPLE", 1561, (numbers) => variance(numbers, true)),
];

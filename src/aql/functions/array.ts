/**
 * Array functions, except statistics (`statistics.ts`).
 *
 * @module
 */
import { assertRangeSize, rangeArray } from "../range.ts";
import { compareValues, distinctKey, equalValues } from "../value_order.ts";
import {
  type AqlArray,
  type AqlValue,
  isNumber,
  isObject,
  isTruthy,
  numberText,
  toInteger,
  toNumber,
} from "../values.ts";
import {
  alias,
  argument,
  argumentTypeError,
  type FunctionContext,
  type FunctionSpec,
  ofArray,
  pure,
  warnArgumentType,
  warnIn,
} from "./function_spec.ts";
import { codePointCount } from "./text.ts";

/** A function of two or more arrays; `errorNum` is what it warns with about anything else. */
function ofArrays(
  name: string,
  errorNum: 1542 | 1563,
  compute: (arrays: readonly AqlArray[]) => AqlValue,
  args: FunctionSpec["args"] = [2, Infinity],
): FunctionSpec {
  return pure(name, args, (context, values) => {
    const arrays: AqlArray[] = [];
    for (const value of values) {
      if (!Array.isArray(value)) {
        return errorNum === 1542 ? warnArgumentType(context, name) : warnIn(context, name, errorNum);
      }
      arrays.push(value);
    }
    return compute(arrays);
  });
}

/** The distinct values of an array in the order of their first occurrence. */
function distinctValues(array: readonly AqlValue[]): AqlArray {
  const seen = new Set<ReturnType<typeof distinctKey>>();
  return array.filter((value) => {
    const key = distinctKey(value);
    return !seen.has(key) && seen.add(key);
  });
}

function keysOf(array: readonly AqlValue[]): Set<ReturnType<typeof distinctKey>> {
  return new Set(array.map(distinctKey));
}

function indexOfValue(array: readonly AqlValue[], value: AqlValue): number {
  return array.findIndex((member) => equalValues(member, value));
}

/** The length of any value, as `LENGTH()` and `COUNT()` answer it. */
export function lengthOf(value: AqlValue): number {
  if (Array.isArray(value)) return value.length;
  if (isObject(value)) return Object.keys(value).length;
  if (typeof value === "string") return codePointCount(value);
  if (isNumber(value)) return numberText(value).length;
  return value === true ? 1 : 0;
}

function flatten(array: AqlArray, depth: number): AqlArray {
  return array.flatMap((member) =>
    Array.isArray(member) ? (depth > 1 ? flatten(member, depth - 1) : member) : [member]
  );
}

function interleave(arrays: readonly AqlArray[]): AqlArray {
  const result: AqlArray = [];
  const longest = Math.max(...arrays.map((array) => array.length));
  for (let i = 0; i < longest; i++) {
    for (const array of arrays) {
      if (i < array.length) result.push(array[i] ?? null);
    }
  }
  return result;
}

/** The extreme member in the total order; `sign` is 1 for the largest. */
function extreme(array: readonly AqlValue[], sign: 1 | -1): AqlValue {
  let result = array[0] ?? null;
  for (const member of array) {
    if (compareValues(member, result) * sign > 0) result = member;
  }
  return result;
}

function position(context: FunctionContext, args: readonly AqlValue[]): AqlValue {
  const array = argument(args, 0);
  if (!Array.isArray(array)) return warnIn(context, "POSITION", 1563);
  const index = indexOfValue(array, argument(args, 1));
  return isTruthy(argument(args, 2)) ? index : index >= 0;
}

function range(context: FunctionContext, args: readonly AqlValue[]): AqlValue {
  const [start = null, stop = null, step = null] = args;
  if (step === null) return rangeArray(toInteger(start), toInteger(stop));
  const from = toNumber(start);
  const to = toNumber(stop);
  const by = toNumber(step);
  if (by === 0 || (from < to && by < 0) || (from > to && by > 0)) return warnArgumentType(context, "RANGE");
  if (![from, to, by].every(Number.isFinite)) return warnArgumentType(context, "RANGE");
  const steps = Math.floor((to - from) / by);
  // Rounding can take the last step past the end.
  const past = by > 0 ? from + steps * by > to : from + steps * by < to;
  const length = past ? steps : steps + 1;
  assertRangeSize(length);
  return Array.from({ length }, (_, i) => from + i * by + 0);
}

function slice(context: FunctionContext, args: readonly AqlValue[]): AqlValue {
  const [array = null, start = null, count = null] = args;
  if (!Array.isArray(array)) return warnArgumentType(context, "SLICE");
  const from = toInteger(start);
  const begin = from < 0 ? Math.max(array.length + from, 0) : from;
  if (count === null) return array.slice(begin);
  const length = toInteger(count);
  return array.slice(begin, length >= 0 ? begin + length : Math.max(array.length + length, 0));
}

function append(context: FunctionContext, args: readonly AqlValue[]): AqlValue {
  const [array = null, values = null, unique = null] = args;
  if (values === null || (Array.isArray(values) && values.length === 0)) return array;
  if (array === null) return values;
  if (!Array.isArray(array)) return warnArgumentType(context, "APPEND");
  const all = Array.isArray(values) ? [...array, ...values] : [...array, values];
  return isTruthy(unique) ? distinctValues(all) : all;
}

/** `PUSH` and `UNSHIFT`: the array with one more member at an end. */
function extend(name: string, join: (array: AqlArray, value: AqlValue) => AqlArray): FunctionSpec {
  return pure(name, [2, 3], (context, args) => {
    const [array = null, value = null, unique = null] = args;
    if (array === null) return [value];
    if (!Array.isArray(array)) return warnArgumentType(context, name);
    return isTruthy(unique) && indexOfValue(array, value) >= 0 ? array : join(array, value);
  });
}

/** `POP` and `SHIFT`: the array without the member at an end; null stays null. */
function shorten(name: string, cut: (array: AqlArray) => AqlArray): FunctionSpec {
  return pure(name, [1, 1], (context, args) => {
    const array = argument(args, 0);
    if (array === null) return null;
    return Array.isArray(array) ? cut(array) : warnArgumentType(context, name);
  });
}

/** The `REMOVE_…` functions: null counts as an empty array. */
function removal(
  name: string,
  args: FunctionSpec["args"],
  remove: (array: AqlArray, args: readonly AqlValue[], context: FunctionContext) => AqlValue,
): FunctionSpec {
  return pure(name, args, (context, values) => {
    const array = argument(values, 0);
    if (array === null) return [];
    return Array.isArray(array) ? remove(array, values, context) : warnArgumentType(context, name);
  });
}

function replaceNth(context: FunctionContext, args: readonly AqlValue[]): AqlValue {
  const [array = null, place = null, value = null] = args;
  if (!Array.isArray(array)) return warnArgumentType(context, "REPLACE_NTH");
  if (place === null) throw argumentTypeError("REPLACE_NTH");
  const wanted = toInteger(place);
  const index = wanted < 0 ? Math.max(array.length + wanted, 0) : wanted;
  const gap = index - array.length;
  if (gap > 0 && args.length < 4) throw argumentTypeError("REPLACE_NTH");
  if (gap > 0) {
    assertRangeSize(index);
    return [...array, ...new Array<AqlValue>(gap).fill(argument(args, 3)), value];
  }
  return gap === 0 ? [...array, value] : array.with(index, value);
}

function unionDistinct(arrays: readonly AqlArray[]): AqlArray {
  return distinctValues(arrays.flat());
}

// ArangoDB leaves the order of these open; its hash tables usually give the last value first, and so do these.
function intersection(arrays: readonly AqlArray[]): AqlArray {
  const others = arrays.slice(1).map(keysOf);
  return distinctValues(arrays[0] ?? []).filter((value) => others.every((keys) => keys.has(distinctKey(value))))
    .reverse();
}

function minus(arrays: readonly AqlArray[]): AqlArray {
  const others = keysOf(arrays.slice(1).flat());
  return distinctValues(arrays[0] ?? []).filter((value) => !others.has(distinctKey(value))).reverse();
}

function outersection(arrays: readonly AqlArray[]): AqlArray {
  const counts = new Map<ReturnType<typeof distinctKey>, number>();
  for (const array of arrays) {
    for (const key of keysOf(array)) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return unionDistinct(arrays).filter((value) => counts.get(distinctKey(value)) === 1).reverse();
}

function jaccard([a = [], b = []]: readonly AqlArray[]): number {
  const left = keysOf(a);
  const right = keysOf(b);
  const shared = [...left].filter((key) => right.has(key)).length;
  const all = left.size + right.size - shared;
  return all === 0 ? 1 : shared / all;
}

const COUNT_DISTINCT = ofArray("COUNT_DISTINCT", (array) => keysOf(array).size);
const LENGTH = pure("LENGTH", [1, 1], (_context, args) => lengthOf(argument(args, 0)));
const POSITION = pure("POSITION", [2, 3], position);

/** Array functions. */
export const ARRAY_FUNCTIONS: readonly FunctionSpec[] = [
  pure("APPEND", [2, 3], append),
  POSITION,
  alias("CONTAINS_ARRAY", POSITION),
  LENGTH,
  alias("COUNT", LENGTH),
  COUNT_DISTINCT,
  alias("COUNT_UNIQUE", COUNT_DISTINCT),
  ofArray("FIRST", (array) => array[0] ?? null),
  pure("FLATTEN", [1, 2], (context, args) => {
    const array = argument(args, 0);
    return Array.isArray(array) ? flatten(array, toInteger(argument(args, 1))) : warnIn(context, "FLATTEN", 1563);
  }),
  ofArrays("INTERLEAVE", 1563, interleave),
  ofArrays("INTERSECTION", 1563, intersection),
  ofArrays("JACCARD", 1563, jaccard, [2, 2]),
  ofArray("LAST", (array) => array.at(-1) ?? null),
  ofArray("MAX", (array) => extreme(array, 1)),
  ofArray("MIN", (array) => extreme(array.filter((member) => member !== null), -1)),
  ofArrays("MINUS", 1542, minus),
  pure("NTH", [2, 2], (context, args) => {
    const array = argument(args, 0);
    return Array.isArray(array) ? array[toInteger(argument(args, 1))] ?? null : warnIn(context, "NTH", 1563);
  }),
  ofArrays("OUTERSECTION", 1563, outersection),
  shorten("POP", (array) => array.slice(0, -1)),
  extend("PUSH", (array, value) => [...array, value]),
  pure("RANGE", [2, 3], range),
  removal("REMOVE_NTH", [2, 2], (array, args) => {
    const wanted = toInteger(argument(args, 1));
    const index = wanted < 0 ? array.length + wanted : wanted;
    return index >= 0 && index < array.length ? array.toSpliced(index, 1) : array;
  }),
  removal("REMOVE_VALUE", [2, 3], (array, args) => {
    const value = argument(args, 1);
    const limit = argument(args, 2);
    let left = limit === null ? Infinity : toInteger(limit);
    return array.filter((member) => !(left > 0 && equalValues(member, value) && left-- > 0));
  }),
  removal("REMOVE_VALUES", [2, 2], (array, args, context) => {
    const values = argument(args, 1);
    if (values === null) return array;
    if (!Array.isArray(values)) return warnArgumentType(context, "REMOVE_VALUES");
    const keys = keysOf(values);
    return array.filter((member) => !keys.has(distinctKey(member)));
  }),
  pure("REPLACE_NTH", [3, 4], replaceNth),
  pure("REVERSE", [1, 1], (context, args) => {
    const value = argument(args, 0);
    // Unit by unit, so that characters of two units fall apart, as in ArangoDB.
    if (typeof value === "string") return value.split("").reverse().join("").toWellFormed();
    return Array.isArray(value) ? value.toReversed() : warnIn(context, "REVERSE", 1563);
  }),
  shorten("SHIFT", (array) => array.slice(1)),
  pure("SLICE", [2, 3], slice),
  ofArray("SORTED", (array) => array.toSorted(compareValues)),
  ofArray("SORTED_UNIQUE", (array) => distinctValues(array).sort(compareValues)),
  ofArrays("UNION", 1542, (arrays) => arrays.flat()),
  ofArrays("UNION_DISTINCT", 1542, unionDistinct),
  ofArrays("UNION_DISTINCT_STABLE", 1542, unionDistinct),
  ofArray("UNIQUE", distinctValues),
  extend("UNSHIFT", (array, value) => [value, ...array]),
];

/**
 * Numeric functions: arithmetic, trigonometry, vectors, decay.
 *
 * @module
 */
import { type AqlArray, type AqlValue, finite, isNumber, toNumber } from "../values.ts";
import {
  alias,
  argument,
  type FunctionContext,
  type FunctionSpec,
  pure,
  warnArgumentType,
  warnIn,
} from "./function_spec.ts";

/** A function of one number that converts its argument and answers null for what is not finite. */
function ofNumber(name: string, compute: (x: number) => number): FunctionSpec {
  return pure(name, [1, 1], (_context, args) => finite(compute(toNumber(argument(args, 0)))));
}

/** A function of two numbers, as {@linkcode ofNumber}. */
function ofTwoNumbers(name: string, compute: (x: number, y: number) => number): FunctionSpec {
  return pure(
    name,
    [2, 2],
    (_context, args) => finite(compute(toNumber(argument(args, 0)), toNumber(argument(args, 1)))),
  );
}

/** Numbers of a vector, or undefined if a member is no number or there is none. */
function vector(value: AqlValue): number[] | undefined {
  if (!Array.isArray(value) || value.length === 0 || !value.every(isNumber)) return undefined;
  return value.map(Number);
}

function dot(x: readonly number[], y: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += (x[i] ?? 0) * (y[i] ?? 0);
  return sum;
}

/** A measure of two vectors of equal length; where one argument is a matrix, of each of its rows. */
function ofVectors(
  name: string,
  measure: (context: FunctionContext, x: readonly number[], y: readonly number[]) => number | null,
): FunctionSpec {
  function pair(context: FunctionContext, a: AqlValue, b: AqlValue): number | null | undefined {
    const x = vector(a);
    const y = vector(b);
    if (x === undefined || y === undefined || x.length !== y.length) return undefined;
    return measure(context, x, y);
  }
  return pure(name, [2, 2], (context, args) => {
    const a = argument(args, 0);
    const b = argument(args, 1);
    const [rows, other] = isMatrix(a) ? [a, b] : isMatrix(b) ? [b, a] : [undefined, b];
    if (rows === undefined) {
      const result = pair(context, a, b);
      return result === undefined ? warnArgumentType(context, name) : result;
    }
    const results: AqlArray = [];
    for (const row of rows) {
      const result = pair(context, row, other);
      if (result === undefined) return warnArgumentType(context, name);
      results.push(result);
    }
    return results;
  });
}

function isMatrix(value: AqlValue): value is AqlArray[] {
  return Array.isArray(value) && value.length > 0 && value.every((row) => Array.isArray(row));
}

/** A decay function: `curve` gets the distance beyond the offset, the scale and the decay. */
function decay(name: string, curve: (distance: number, scale: number, decay: number) => number): FunctionSpec {
  return pure(name, [5, 5], (context, args) => {
    const [value = null, ...rest] = args;
    if (!rest.every(isNumber)) return warnArgumentType(context, name);
    const [origin = 0, scale = 0, offset = 0, at = 0] = rest.map(Number);
    const single = isNumber(value);
    const values: AqlValue = single ? [value] : value;
    if (!Array.isArray(values) || !values.every(isNumber)) return warnArgumentType(context, name);
    if (!(scale > 0) || offset < 0 || !(at > 0 && at < 1)) return warnIn(context, name, 1504);
    const results = values.map((x) => finite(curve(Math.max(0, Math.abs(Number(x) - origin) - offset), scale, at)));
    return single ? results[0] ?? null : results;
  });
}

const RANDOM: FunctionSpec = {
  name: "RAND",
  args: [0, 0],
  deterministic: false,
  run: (context) => context.random(),
};

/** The numeric functions. */
export const NUMERIC_FUNCTIONS: readonly FunctionSpec[] = [
  ofNumber("ABS", Math.abs),
  ofNumber("ACOS", Math.acos),
  ofNumber("ASIN", Math.asin),
  ofNumber("ATAN", Math.atan),
  ofTwoNumbers("ATAN2", Math.atan2),
  ofNumber("CEIL", Math.ceil),
  ofNumber("COS", Math.cos),
  ofNumber("DEGREES", (x) => x * 180 / Math.PI),
  ofNumber("EXP", Math.exp),
  ofNumber("EXP2", (x) => 2 ** x),
  ofNumber("FLOOR", Math.floor),
  ofNumber("LOG", (x) => x > 0 ? Math.log(x) : NaN),
  ofNumber("LOG2", (x) => x > 0 ? Math.log2(x) : NaN),
  ofNumber("LOG10", (x) => x > 0 ? Math.log10(x) : NaN),
  pure("PI", [0, 0], () => Math.PI),
  ofTwoNumbers("POW", (x, y) => x ** y),
  ofNumber("RADIANS", (x) => x * Math.PI / 180),
  RANDOM,
  alias("RANDOM", RANDOM),
  // Half goes up, also for negative numbers: -2.5 gives -2.
  ofNumber("ROUND", (x) => Math.floor(x + 0.5)),
  ofNumber("SIN", Math.sin),
  ofNumber("SQRT", Math.sqrt),
  ofNumber("TAN", Math.tan),
  ofVectors("COSINE_SIMILARITY", (context, x, y) => {
    const lengths = Math.sqrt(dot(x, x)) * Math.sqrt(dot(y, y));
    if (lengths === 0) return warnIn(context, "COSINE_SIMILARITY", 1561);
    return finite(Math.min(1, Math.max(-1, dot(x, y) / lengths)));
  }),
  ofVectors("L1_DISTANCE", (_context, x, y) => finite(x.reduce((sum, v, i) => sum + Math.abs(v - (y[i] ?? 0)), 0))),
  ofVectors(
    "L2_DISTANCE",
    (_context, x, y) => finite(Math.sqrt(x.reduce((sum, v, i) => sum + (v - (y[i] ?? 0)) ** 2, 0))),
  ),
  decay("DECAY_EXP", (distance, scale, at) => Math.exp(Math.log(at) / scale * distance)),
  decay("DECAY_GAUSS", (distance, scale, at) => {
    const variance = -(scale ** 2) / (2 * Math.log(at));
    return Math.exp(-(distance ** 2) / (2 * variance));
  }),
  decay("DECAY_LINEAR", (distance, scale, at) => {
    const reach = scale / (1 - at);
    return Math.max(0, (reach - distance) / reach);
  }),
  pure("MINHASH_COUNT", [1, 1], (context, args) => {
    const error = argument(args, 0);
    return isNumber(error) ? finite(Math.ceil(1 / Number(error) ** 2)) : warnArgumentType(context, "MINHASH_COUNT");
  }),
  pure("MINHASH_ERROR", [1, 1], (context, args) => {
    const count = argument(args, 0);
    return isNumber(count) ? finite(1 / Math.sqrt(Number(count))) : warnArgumentType(context, "MINHASH_ERROR");
  }),
];

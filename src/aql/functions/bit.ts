/**
 * Bit operations on unsigned 32 bit numbers.
 *
 * @module
 */
import { type AqlValue, isNumber } from "../values.ts";
import { argument, type FunctionSpec, pure, warnArgumentType } from "./function_spec.ts";

const MAX = 0xffffffff;

/** A number of 0 to `max`, fractions cut; undefined for everything else. */
function bits(value: AqlValue, max = MAX): number | undefined {
  if (!isNumber(value) || value < 0 || value > max) return undefined;
  return Math.trunc(Number(value));
}

/** The number that has the lowest `count` bits set. */
function mask(count: number): number {
  return count === 32 ? MAX : 2 ** count - 1;
}

/** A function whose arguments are numbers up to the given limits. */
function ofNumbers(name: string, limits: readonly number[], compute: (...values: number[]) => AqlValue): FunctionSpec {
  return pure(name, [limits.length, limits.length], (context, args) => {
    const values: number[] = [];
    for (const [index, limit] of limits.entries()) {
      const value = bits(argument(args, index), limit);
      if (value === undefined) return warnArgumentType(context, name);
      values.push(value);
    }
    return compute(...values);
  });
}

/** `BIT_AND` and the like: of two numbers, or of all numbers of an array. */
function fold(name: string, compute: (a: number, b: number) => number): FunctionSpec {
  return pure(name, [1, 2], (context, args) => {
    const [first = null] = args;
    let members: readonly AqlValue[] = args;
    if (args.length === 1) {
      if (!Array.isArray(first)) return warnArgumentType(context, name);
      members = first.filter((member) => member !== null);
    }
    let result: number | null = null;
    for (const member of members) {
      const value = bits(member);
      if (value === undefined) return warnArgumentType(context, name);
      result = result === null ? value : compute(result, value) >>> 0;
    }
    return result;
  });
}

/** Bit functions. */
export const BIT_FUNCTIONS: readonly FunctionSpec[] = [
  fold("BIT_AND", (a, b) => a & b),
  fold("BIT_OR", (a, b) => a | b),
  fold("BIT_XOR", (a, b) => a ^ b),
  pure("BIT_CONSTRUCT", [1, 1], (context, args) => {
    const positions = argument(args, 0);
    if (!Array.isArray(positions)) return warnArgumentType(context, "BIT_CONSTRUCT");
    let result = 0;
    for (const member of positions) {
      const position = bits(member, 31);
      if (position === undefined) return warnArgumentType(context, "BIT_CONSTRUCT");
      result = (result | (1 << position)) >>> 0;
    }
    return result;
  }),
  ofNumbers("BIT_DECONSTRUCT", [MAX], (value) => {
    const positions: number[] = [];
    for (let position = 0; position < 32; position++) {
      if ((value >>> position) & 1) positions.push(position);
    }
    return positions;
  }),
  pure("BIT_FROM_STRING", [1, 1], (context, args) => {
    const text = argument(args, 0);
    if (typeof text !== "string" || !/^[01]{0,32}$/.test(text)) return warnArgumentType(context, "BIT_FROM_STRING");
    return text === "" ? 0 : parseInt(text, 2);
  }),
  ofNumbers("BIT_NEGATE", [MAX, 32], (value, count) => (~value & mask(count)) >>> 0),
  ofNumbers("BIT_POPCOUNT", [MAX], (value) => {
    let count = 0;
    for (let rest = value; rest !== 0; rest = (rest & (rest - 1)) >>> 0) count++;
    return count;
  }),
  // Shifts by 32 are zero here, but no shift at all in JavaScript.
  ofNumbers(
    "BIT_SHIFT_LEFT",
    [MAX, 32, 32],
    (value, shift, count) => shift === 32 ? 0 : ((value << shift) & mask(count)) >>> 0,
  ),
  ofNumbers(
    "BIT_SHIFT_RIGHT",
    [MAX, 32, 32],
    (value, shift, count) => shift === 32 ? 0 : ((value >>> shift) & mask(count)) >>> 0,
  ),
  ofNumbers("BIT_TEST", [MAX, 31], (value, index) => ((value >>> index) & 1) === 1),
  ofNumbers(
    "BIT_TO_STRING",
    [MAX, 32],
    (value, count) => count === 0 ? "" : ((value & mask(count)) >>> 0).toString(2).padStart(count, "0"),
  ),
];

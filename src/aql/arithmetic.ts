/**
 * Arithmetic of AQL values: in doubles at run time, in 64 bits while constants are folded.
 *
 * Source: section 5 of `aql.md`.
 *
 * @module
 */
import { type AqlValue, finite, fromBigInt, isIntegerValue, toNumber } from "./values.ts";

const INT64_MIN = -(1n << 63n);
const INT64_MAX = (1n << 63n) - 1n;

/** `a + b` as numbers; null where the result is not finite. */
export function add(a: AqlValue, b: AqlValue): number | null {
  return finite(toNumber(a) + toNumber(b));
}

/** `a - b` as numbers; null where the result is not finite. */
export function subtract(a: AqlValue, b: AqlValue): number | null {
  return finite(toNumber(a) - toNumber(b));
}

/** `a * b` as numbers; null where the result is not finite. */
export function multiply(a: AqlValue, b: AqlValue): number | null {
  return finite(toNumber(a) * toNumber(b));
}

/**
 * `a / b` as numbers; null where the result is not finite.
 *
 * @returns undefined for a divisor of 0: the caller warns with 1562 and goes on with null
 */
export function divide(a: AqlValue, b: AqlValue): number | null | undefined {
  const divisor = toNumber(b);
  return divisor === 0 ? undefined : finite(toNumber(a) / divisor);
}

/**
 * `a % b` as numbers, with the sign of `a`; null where the result is not finite.
 *
 * @returns undefined for a divisor of 0: the caller warns with 1562 and goes on with null
 */
export function modulo(a: AqlValue, b: AqlValue): number | null | undefined {
  const divisor = toNumber(b);
  return divisor === 0 ? undefined : finite(toNumber(a) % divisor);
}

/** `-a` as a number; an integer stays one, null where the result is not finite. */
export function negate(value: AqlValue): number | bigint | null {
  if (typeof value === "bigint") return -value <= INT64_MAX && -value >= INT64_MIN ? -value : -Number(value);
  return finite(-toNumber(value));
}

/** `+a` as a number; an integer stays one, null where the result is not finite. */
export function plus(value: AqlValue): number | bigint | null {
  return typeof value === "bigint" ? value : finite(toNumber(value));
}

const INTEGER_OPERATIONS = {
  "+": (a: bigint, b: bigint) => a + b,
  "-": (a: bigint, b: bigint) => a - b,
  "*": (a: bigint, b: bigint) => a * b,
};

/**
 * `a operator b` for two integer literals, which ArangoDB computes in 64 bits while it folds constants.
 *
 * @returns undefined where an operand is no integer or the result overflows: then the doubles decide
 */
export function foldIntegers(operator: "+" | "-" | "*", a: AqlValue, b: AqlValue): number | bigint | undefined {
  if (!isIntegerValue(a) || !isIntegerValue(b)) return undefined;
  const result = INTEGER_OPERATIONS[operator](BigInt(a), BigInt(b));
  return result < INT64_MIN || result > INT64_MAX ? undefined : fromBigInt(result);
}

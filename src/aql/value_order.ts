/**
 * The order and the equality of AQL values.
 *
 * Source: sections 4 and 5 of `aql.md`.
 *
 * @module
 */
import { type AqlArray, type AqlObject, type AqlValue, attributeOf, isNumber } from "./values.ts";

/** The server's collation, made when two strings are first compared. */
interface Collation {
  /** Compares any strings; 0 also for some that differ. */
  readonly compare: (a: string, b: string) => number;
  /** The places of printable ASCII characters in the order, equal for both cases of a letter; 0 for all others. */
  readonly weights: Uint8Array;
}

let collation: Collation | undefined;

function makeCollation(): Collation {
  const { compare } = new Intl.Collator("en-US", { caseFirst: "upper", sensitivity: "variant", usage: "sort" });
  const weights = new Uint8Array(128);
  const printable = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)).sort(compare);
  let weight = 0;
  let last = "";
  for (const character of printable) {
    if (character.toLowerCase() !== last.toLowerCase()) weight++;
    weights[character.charCodeAt(0)] = weight;
    last = character;
  }
  return { compare, weights };
}

/**
 * Compares strings by the server's collation (`en_US`, upper case first), then by code points, then by length.
 *
 * @returns a negative number, 0 for identical strings, or a positive number
 */
export function compareStrings(a: string, b: string): number {
  if (a === b) return 0;
  collation ??= makeCollation();
  return compareAscii(a, b, collation.weights) || collation.compare(a, b) || compareCodePoints(a, b);
}

/**
 * The place of a character in the order of strings, equal for both cases of a letter; 0 for all but printable ASCII.
 *
 * What follows such a character never changes its place: strings that differ in these places first are in their order.
 */
export function asciiWeight(code: number): number {
  collation ??= makeCollation();
  return collation.weights[code] ?? 0;
}

/** The order of two different strings where printable ASCII decides it, in half the time of ICU; else 0. */
function compareAscii(a: string, b: string, weights: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  let byCase = 0;
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x === y) continue;
    if (x > 127 || y > 127) return 0;
    const weight = weights[x] ?? 0;
    const other = weights[y] ?? 0;
    if (weight === 0 || other === 0) return 0;
    if (weight !== other) {
      // A character from outside might belong to the one before it.
      return a.charCodeAt(i + 1) > 127 || b.charCodeAt(i + 1) > 127 ? 0 : weight - other;
    }
    byCase ||= x - y;
  }
  if (a.length === b.length) return byCase;
  const rest = (a.length > length ? a : b).charCodeAt(length);
  return rest > 127 || weights[rest] === 0 ? 0 : a.length - b.length;
}

/**
 * Compares strings by code points, which is the order of their UTF-8 bytes.
 *
 * @returns a negative number, 0 for identical strings, or a positive number
 */
export function compareCodePoints(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) {
      // Surrogates stand for code points above U+FFFF, but their units are below U+E000.
      const highX = x >= 0xd800 && x < 0xe000;
      const highY = y >= 0xd800 && y < 0xe000;
      return highX === highY ? x - y : highX ? 1 : -1;
    }
  }
  return a.length - b.length;
}

function typeWeight(value: AqlValue): number {
  switch (typeof value) {
    case "boolean":
      return value ? 2 : 1;
    case "number":
    case "bigint":
      return 3;
    case "string":
      return 4;
    default:
      return value === null ? 0 : Array.isArray(value) ? 5 : 6;
  }
}

/**
 * ArangoDB's total order: null < false < true < numbers < strings < arrays < objects.
 *
 * Missing array members and attributes count as null, so `[]` and `[null]` compare equal.
 *
 * @returns a negative number, 0, or a positive number
 */
export function compareValues(a: AqlValue, b: AqlValue): number {
  if (a === b) return 0;
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (typeof a === "string" && typeof b === "string") return compareStrings(a, b);
  const weight = typeWeight(a);
  const difference = weight - typeWeight(b);
  if (difference !== 0) return difference;
  if (weight === 3) return (a as number) < (b as number) ? -1 : (a as number) > (b as number) ? 1 : 0;
  if (weight === 5) return compareArrays(a as AqlArray, b as AqlArray);
  if (weight === 6) return compareObjects(a as AqlObject, b as AqlObject);
  return 0;
}

function compareArrays(a: AqlArray, b: AqlArray): number {
  const length = Math.max(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const order = compareValues(a[i] ?? null, b[i] ?? null);
    if (order !== 0) return order;
  }
  return 0;
}

function compareObjects(a: AqlObject, b: AqlObject): number {
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])].sort(compareStrings);
  for (const name of names) {
    const order = compareValues(attributeOf(a, name), attributeOf(b, name));
    if (order !== 0) return order;
  }
  return 0;
}

/** Whether `a == b` holds in AQL: no coercion, strings by their bytes, missing members and attributes as null. */
export function equalValues(a: AqlValue, b: AqlValue): boolean {
  if (a === b) return true;
  if (a === null || b === null) return false;
  if (typeof a !== "object" || typeof b !== "object") {
    // An integer beyond 2^53 and a double can be the same number.
    return typeof a !== typeof b && isNumber(a) && isNumber(b) && a == b;
  }
  if (Array.isArray(a)) {
    if (!Array.isArray(b)) return false;
    const length = Math.max(a.length, b.length);
    for (let i = 0; i < length; i++) {
      if (!equalValues(a[i] ?? null, b[i] ?? null)) return false;
    }
    return true;
  }
  if (Array.isArray(b)) return false;
  for (const name of Object.keys(a)) {
    if (!equalValues(a[name] ?? null, attributeOf(b, name))) return false;
  }
  for (const name of Object.keys(b)) {
    if (b[name] !== null && !Object.hasOwn(a, name)) return false;
  }
  return true;
}

/**
 * A primitive that is the same for two values exactly if {@linkcode equalValues} holds: the key of a `Map` or `Set` for
 * grouping and distinct values.
 */
export function distinctKey(value: AqlValue): null | boolean | number | bigint | string {
  if (typeof value === "string") return value.charCodeAt(0) === 0 ? `\0${value}` : value;
  if (typeof value === "bigint") return canonicalBigInt(value);
  if (typeof value !== "object" || value === null) return value;
  // A string key that starts with NUL NUL is text, one that starts with NUL and a bracket a composite.
  return `\0${compositeKey(value)}`;
}

function canonicalBigInt(value: bigint): number | bigint {
  const double = Number(value);
  return BigInt(double) === value ? double : value;
}

function compositeKey(value: AqlValue): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "bigint") return String(canonicalBigInt(value));
  if (typeof value !== "object" || value === null) return String(value);
  if (Array.isArray(value)) {
    let length = value.length;
    while (length > 0 && (value[length - 1] ?? null) === null) length--;
    let text = "[";
    for (let i = 0; i < length; i++) text += `${compositeKey(value[i] ?? null)},`;
    return `${text}]`;
  }
  let text = "{";
  for (const name of Object.keys(value).sort()) {
    const member = value[name] ?? null;
    if (member !== null) text += `${JSON.stringify(name)}:${compositeKey(member)},`;
  }
  return `${text}}`;
}

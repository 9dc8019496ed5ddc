/**
 * The values that AQL computes with: their order, equality, conversions, arithmetic and text.
 *
 * How numbers are held: a JavaScript number is a double, and also every integer within ±(2^53 - 1). An integer outside
 * that range is a bigint, and a bigint is always outside that range, so that both kinds print as ArangoDB prints them
 * (`9007199254740993` is an integer, `9007199254740994.0` a double). Arithmetic turns a bigint into a double, as
 * ArangoDB does at run time. What this cannot tell apart is a double that is a safe integer from the integer itself:
 * ArangoDB writes the double 1e8 as `1e+8`, denosh as `100000000`.
 *
 * Objects are plain JavaScript objects. Read them with {@linkcode attributeOf} and write them with
 * {@linkcode setAttribute}, so that names such as `constructor` and `__proto__` are ordinary names.
 *
 * Source: sections 4, 5, 13.1 and 15 of `aql.md`.
 *
 * @module
 */

/** Any value of AQL. Missing attributes are null; undefined never occurs. */
export type AqlValue = null | boolean | number | bigint | string | AqlArray | AqlObject;

/** An array of AQL values. Values are shared freely, so nobody may change an array it did not create. */
export type AqlArray = AqlValue[];

/** An object of AQL values, under the same rule as {@linkcode AqlArray}. */
export interface AqlObject {
  [name: string]: AqlValue;
}

/** The names of types that `TYPENAME()` answers and messages use. */
export type AqlTypeName = "null" | "bool" | "number" | "string" | "array" | "object";

const TWO_TO_64 = 18446744073709551616;
const INT64_MIN = -(1n << 63n);
const INT64_MAX = (1n << 63n) - 1n;

/** The type of a value, as `TYPENAME()` names it. */
export function typeName(value: AqlValue): AqlTypeName {
  if (value === null) return "null";
  switch (typeof value) {
    case "boolean":
      return "bool";
    case "number":
    case "bigint":
      return "number";
    case "string":
      return "string";
    default:
      return Array.isArray(value) ? "array" : "object";
  }
}

/** Whether a value is a number of either kind. */
export function isNumber(value: AqlValue): value is number | bigint {
  return typeof value === "number" || typeof value === "bigint";
}

/** Whether a value is an object, arrays and null excluded. */
export function isObject(value: AqlValue): value is AqlObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * The attribute `name` of a value: null where the value is no object or has no such attribute.
 *
 * @param value any value
 * @param name one attribute name, not a path
 */
export function attributeOf(value: AqlValue, name: string): AqlValue {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] ?? null : null;
}

/** Sets an attribute of an object under construction, whatever its name is. */
export function setAttribute(target: AqlObject, name: string, value: AqlValue): void {
  if (name === "__proto__") {
    Object.defineProperty(target, name, { value, writable: true, enumerable: true, configurable: true });
  } else {
    target[name] = value;
  }
}

/** The integer as AQL holds it: a number where that is exact, else a bigint. */
export function fromBigInt(value: bigint): number | bigint {
  return value >= -9007199254740991n && value <= 9007199254740991n ? Number(value) : value;
}

/** A computed number as AQL shows it: null instead of NaN and infinities, 0 instead of -0. */
export function finite(value: number): number | null {
  return Number.isFinite(value) ? value + 0 : null;
}

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

/** Whether a value counts as true: everything but null, false, 0 and the empty string. */
export function isTruthy(value: AqlValue): boolean {
  return !!value;
}

/** The value as `TO_BOOL()` converts it, which is {@linkcode isTruthy}. */
export function toBoolean(value: AqlValue): boolean {
  return !!value;
}

const DECIMAL =
  /^[ \t\n\v\f\r]*([+-]?)(?:(\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)|(0[xX][0-9a-fA-F]+))[ \t\n\v\f\r]*$/;
const NON_FINITE = /^[ \t\n\v\f\r]*[+-]?(?:inf|infinity|nan)[ \t\n\v\f\r]*$/i;

function parseNumber(text: string): number {
  const match = DECIMAL.exec(text);
  if (match === null) return NON_FINITE.test(text) ? NaN : 0;
  const magnitude = Number(match[2] ?? match[3]);
  return match[1] === "-" ? -magnitude : magnitude;
}

/**
 * The value as the operand of arithmetic: unparsable texts, objects and longer arrays are 0, one member arrays their
 * member.
 *
 * @returns a double; NaN or an infinity only for texts such as `"nan"` and `"1e999"`, see {@linkcode finite}
 */
export function toNumber(value: AqlValue): number {
  switch (typeof value) {
    case "number":
      return value;
    case "boolean":
      return value ? 1 : 0;
    case "bigint":
      return Number(value);
    case "string":
      return parseNumber(value);
    default:
      return Array.isArray(value) && value.length === 1 ? toNumber(value[0] ?? null) : 0;
  }
}

/**
 * The value as an index, a range bound or a count: numbers are truncated toward zero, strings give their leading
 * integer, one member arrays their member, everything else 0.
 *
 * @returns an integer; a number outside ±2^63 is clamped to that range
 */
export function toInteger(value: AqlValue): number {
  switch (typeof value) {
    case "number":
      return clampInteger(value);
    case "bigint":
      return clampInteger(Number(value));
    case "boolean":
      return value ? 1 : 0;
    case "string": {
      const match = /^[ \t\n\v\f\r]*[+-]?\d+/.exec(value);
      return match === null ? 0 : clampInteger(Number(match[0]));
    }
    default:
      return Array.isArray(value) && value.length === 1 ? toInteger(value[0] ?? null) : 0;
  }
}

function clampInteger(value: number): number {
  if (Number.isNaN(value)) return 0;
  return Math.trunc(Math.min(Math.max(value, -9223372036854775808), 9223372036854775807)) + 0;
}

/** The value as `TO_STRING()` converts it: null is empty, arrays and objects are compact JSON. */
export function toStringValue(value: AqlValue): string {
  switch (typeof value) {
    case "string":
      return value;
    case "number":
    case "bigint":
      return numberText(value);
    case "boolean":
      return value ? "true" : "false";
    default:
      return value === null ? "" : jsonText(value);
  }
}

/** The value as `TO_ARRAY()` converts it: null is empty, an object gives its values, a scalar an array of itself. */
export function toArray(value: AqlValue): AqlArray {
  if (value === null) return [];
  if (typeof value !== "object") return [value];
  return Array.isArray(value) ? value : Object.values(value);
}

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

/** Whether a value is held as an integer: see the note on numbers of this module. */
export function isIntegerValue(value: AqlValue): value is number | bigint {
  return typeof value === "bigint" || Number.isSafeInteger(value);
}

/** A number as ArangoDB writes it into JSON and strings: see section 15.2 of `aql.md`. */
export function numberText(value: number | bigint): string {
  if (typeof value === "bigint") return value.toString();
  if (Number.isSafeInteger(value)) return value === 0 ? "0" : String(value);
  if (!Number.isFinite(value)) return "null";
  if (Number.isInteger(value) && Math.abs(value) < TWO_TO_64) return `${BigInt(value)}.0`;
  return doubleText(value);
}

function doubleText(value: number): string {
  // here JavaScript writes the same
  if (Math.abs(value) >= 1e-3 && Math.abs(value) < 1e4) return String(value);
  // value = digits * 10^exponent, from the shortest digits that read back as the same double
  const [mantissa = "", power = "0"] = Math.abs(value).toExponential().split("e");
  const digits = mantissa.replace(".", "");
  const exponent = Number(power) - (digits.length - 1);
  const sign = value < 0 ? "-" : "";
  if (exponent >= 0 && exponent < 8) return sign + digits + "0".repeat(exponent);
  const point = digits.length + exponent;
  if (exponent < 0 && (exponent > -7 || Math.abs(point - 1) < 4)) {
    return point > 0
      ? `${sign}${digits.slice(0, point)}.${digits.slice(point)}`
      : `${sign}0.${"0".repeat(-point)}${digits}`;
  }
  const fraction = digits.length > 1 ? `.${digits.slice(1)}` : "";
  return `${sign}${digits[0]}${fraction}e${point > 0 ? "+" : "-"}${Math.abs(point - 1)}`;
}

/** The value as compact JSON, with numbers as ArangoDB writes them. */
export function jsonText(value: AqlValue): string {
  switch (typeof value) {
    case "string":
      return JSON.stringify(value);
    case "number":
    case "bigint":
      return numberText(value);
    case "boolean":
      return value ? "true" : "false";
  }
  if (value === null) return "null";
  if (Array.isArray(value)) {
    let text = "[";
    for (let i = 0; i < value.length; i++) text += (i === 0 ? "" : ",") + jsonText(value[i] ?? null);
    return `${text}]`;
  }
  let text = "{";
  for (const name of Object.keys(value)) {
    text += `${text === "{" ? "" : ","}${JSON.stringify(name)}:${jsonText(value[name] ?? null)}`;
  }
  return `${text}}`;
}

const LONG_DIGITS = /\d{16}/;
const LONG_INTEGER = /(?:^|[[,:\s])-?\d{16,}(?:[\s,\]}]|$)/;

/**
 * Reads JSON text; integers beyond 2^53 that fit 64 bits stay exact.
 *
 * @throws SyntaxError if the text is not JSON
 */
export function parseJson(text: string): AqlValue {
  // Only an integer of 16 digits or more can be one that a double does not hold; looking for it costs a tenth of a reviver.
  return LONG_DIGITS.test(text) && LONG_INTEGER.test(text)
    ? JSON.parse(text, reviveInteger as (key: string, value: unknown) => unknown)
    : JSON.parse(text);
}

function reviveInteger(_key: string, value: AqlValue, context?: { readonly source?: string }): AqlValue {
  const source = context?.source;
  if (typeof value !== "number" || Number.isSafeInteger(value) || source === undefined) return value;
  return /^-?\d+$/.test(source) ? integerFromText(source) : value;
}

/** The integer that decimal digits (with an optional sign) stand for: exact within 64 bits, else a double. */
export function integerFromText(digits: string): number | bigint {
  const double = Number(digits);
  if (Number.isSafeInteger(double)) return double;
  const exact = BigInt(digits);
  return exact >= INT64_MIN && exact < 1n << 64n ? exact : double;
}

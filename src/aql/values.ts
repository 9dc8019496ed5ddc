/**
 * The values that AQL computes with: their types, conversions and text.
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
 * Source: sections 4, 13.1 and 15 of `aql.md`.
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

/** Whether a value counts as true: everything but null, false, 0 and the empty string. */
export function isTruthy(value: AqlValue): boolean {
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

/**
 * The values of AQL once more, as simply as the manual tells them: what tests of the real ones compare with.
 *
 * Numbers are small, texts are of ASCII characters: exact integers and other collations have tests of their own.
 *
 * Source: sections 4 and 5 of `aql.md`; nothing of `../values.ts` is used here.
 *
 * @module
 */

/** A value. */
export type Value = null | boolean | number | string | Value[] | { [name: string]: Value };

/** The name that `TYPENAME()` gives. */
export function typeOf(value: Value): "null" | "bool" | "number" | "string" | "array" | "object" {
  if (value === null) return "null";
  if (typeof value === "boolean") return "bool";
  if (typeof value !== "object") return typeof value as "number" | "string";
  return Array.isArray(value) ? "array" : "object";
}

const TYPES = ["null", "bool", "number", "string", "array", "object"];

const COLLATOR = new Intl.Collator("en-US", { caseFirst: "upper" });

function compareTexts(a: string, b: string): number {
  return COLLATOR.compare(a, b);
}

function attribute(value: Value, name: string): Value {
  return typeOf(value) === "object" ? (value as { [name: string]: Value })[name] ?? null : null;
}

/** The total order: below, above or 0. */
export function compare(a: Value, b: Value): number {
  const types = TYPES.indexOf(typeOf(a)) - TYPES.indexOf(typeOf(b));
  if (types !== 0) return types;
  if (typeof a === "string") return compareTexts(a, b as string);
  if (Array.isArray(a)) {
    for (let i = 0; i < Math.max(a.length, (b as Value[]).length); i++) {
      const order = compare(a[i] ?? null, (b as Value[])[i] ?? null);
      if (order !== 0) return order;
    }
    return 0;
  }
  if (a === null || typeof a !== "object") return Number(a) - Number(b);
  const names = [...new Set([...Object.keys(a), ...Object.keys(b as object)])].sort(compareTexts);
  for (const name of names) {
    const order = compare(attribute(a, name), attribute(b, name));
    if (order !== 0) return order;
  }
  return 0;
}

/** Whether two values are equal. */
export function same(a: Value, b: Value): boolean {
  return compare(a, b) === 0;
}

/** Whether a condition with this value holds. */
export function holds(value: Value): boolean {
  return value !== null && value !== false && value !== 0 && value !== "";
}

/** The value as a number. */
export function toNumber(value: Value): number {
  if (Array.isArray(value)) return value.length === 1 ? toNumber(value[0]!) : 0;
  if (typeof value === "string") return /^\s*[-+]?\d+(\.\d+)?\s*$/.test(value) ? Number(value) : 0;
  return typeof value === "object" ? 0 : Number(value);
}

/** The value as text. */
export function toText(value: Value): string {
  if (value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** The value as an array. */
export function toArray(value: Value): Value[] {
  if (Array.isArray(value)) return value;
  if (value === null) return [];
  return typeof value === "object" ? Object.values(value) : [value];
}

/** The attribute of an object, null of anything else. */
export function attributeOf(value: Value, name: string): Value {
  return attribute(value, name);
}

/** The member of an array, counted from the end where the index is negative; null of anything else. */
export function memberOf(value: Value, index: number): Value {
  return Array.isArray(value) ? value[index < 0 ? value.length + index : index] ?? null : null;
}

/** Each value once, the first of equal ones. */
export function distinct(values: readonly Value[]): Value[] {
  return values.filter((value, i) => values.findIndex((other) => same(other, value)) === i);
}

/** What arithmetic gives: null for what is no number, never a negative zero. */
export function finite(value: number): number | null {
  return Number.isFinite(value) ? value + 0 : null;
}

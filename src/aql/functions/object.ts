/**
 * Object and JSON functions.
 *
 * @module
 */
import { compareCodePoints, compareStrings, equalValues } from "../value_order.ts";
import {
  type AqlArray,
  type AqlObject,
  type AqlValue,
  attributeOf,
  isNumber,
  isObject,
  isTruthy,
  jsonText,
  numberText,
  parseJson,
  setAttribute,
  toInteger,
  toStringValue,
} from "../values.ts";
import { alias, argument, type FunctionContext, type FunctionSpec, pure, warnArgumentType } from "./function_spec.ts";

/** A function whose first argument is an object; it warns with 1542 about everything else. */
function ofObject(
  name: string,
  args: FunctionSpec["args"],
  compute: (object: AqlObject, args: readonly AqlValue[], context: FunctionContext) => AqlValue,
): FunctionSpec {
  return pure(name, args, (context, values) => {
    const object = argument(values, 0);
    return isObject(object) ? compute(object, values, context) : warnArgumentType(context, name);
  });
}

/** The attribute names, without those that start with an underscore where `removeSystem` is truthy. */
function namesOf(object: AqlObject, removeSystem: AqlValue): string[] {
  const names = Object.keys(object);
  return isTruthy(removeSystem) ? names.filter((name) => !name.startsWith("_")) : names;
}

/** The names that `KEEP` and the like get: one by one, or in arrays. */
function namesFrom(values: readonly AqlValue[], name: string, context: FunctionContext): Set<string> {
  const names = new Set<string>();
  for (const value of values) {
    if (isNumber(value)) names.add(numberText(value));
    else if (typeof value === "string") names.add(value);
    else if (Array.isArray(value)) {
      for (const member of value) {
        if (typeof member === "string") names.add(member);
        else warnArgumentType(context, name);
      }
    } else warnArgumentType(context, name);
  }
  return names;
}

/** The object with the attributes that `keeps` says, in the order of their bytes; nested objects likewise. */
function picked(object: AqlObject, keeps: (name: string) => boolean, recursive: boolean): AqlObject {
  const result: AqlObject = {};
  for (const name of Object.keys(object).filter(keeps).sort(compareCodePoints)) {
    const value = object[name] ?? null;
    setAttribute(result, name, recursive && isObject(value) ? picked(value, keeps, recursive) : value);
  }
  return result;
}

/** `KEEP`, `UNSET` and their recursive forms. */
function picking(name: string, keep: boolean, recursive: boolean): FunctionSpec {
  return ofObject(name, [2, Infinity], (object, [, ...values], context) => {
    const names = namesFrom(values, name, context);
    return picked(object, (attribute) => names.has(attribute) === keep, recursive);
  });
}

/**
 * Adds the attributes of one object to another.
 *
 * @param copies objects that may be changed, where nested objects are to be merged too; undefined where they are not
 */
function addAttributes(into: AqlObject, from: AqlObject, copies: Set<AqlObject> | undefined): void {
  for (const name of Object.keys(from)) {
    const value = from[name] ?? null;
    const old = attributeOf(into, name);
    if (!copies || !isObject(value) || !isObject(old)) {
      setAttribute(into, name, value);
      continue;
    }
    const copy = copies.has(old) ? old : { ...old };
    copies.add(copy);
    addAttributes(copy, value, copies);
    setAttribute(into, name, copy);
  }
}

/** `MERGE` and `MERGE_RECURSIVE`: of the arguments, or of the members of the only one. */
function merging(name: string, recursive: boolean): FunctionSpec {
  return pure(name, [1, Infinity], (context, args) => {
    const [first = null] = args;
    const members = args.length === 1 && Array.isArray(first) ? first : args;
    const result: AqlObject = {};
    const copies = recursive ? new Set<AqlObject>() : undefined;
    for (const member of members) {
      if (!isObject(member)) return warnArgumentType(context, name);
      addAttributes(result, member, copies);
    }
    return result;
  });
}

function matches(context: FunctionContext, args: readonly AqlValue[]): AqlValue {
  const [document = null, examples = null, returnIndex = null] = args;
  if (!isObject(document)) return false;
  let index = -1;
  for (const [at, example] of (Array.isArray(examples) ? examples : [examples]).entries()) {
    if (!isObject(example)) warnArgumentType(context, "MATCHES");
    else if (Object.keys(example).every((name) => equalValues(attributeOf(document, name), example[name] ?? null))) {
      index = at;
      break;
    }
  }
  return isTruthy(returnIndex) ? index : index >= 0;
}

function valueAt(object: AqlObject, args: readonly AqlValue[], context: FunctionContext): AqlValue {
  const path = argument(args, 1);
  if (!Array.isArray(path)) return warnArgumentType(context, "VALUE");
  if (path.length === 0) return null;
  let value: AqlValue = object;
  for (const step of path) {
    if (typeof step !== "string" && !isNumber(step)) return warnArgumentType(context, "VALUE");
    if (!Array.isArray(value)) value = attributeOf(value, toStringValue(step));
    else value = isNumber(step) ? value[toInteger(step)] ?? null : null;
  }
  return value;
}

function zip(context: FunctionContext, args: readonly AqlValue[]): AqlValue {
  const [keys = null, values = null] = args;
  if (!Array.isArray(keys) || !Array.isArray(values) || keys.length !== values.length) {
    return warnArgumentType(context, "ZIP");
  }
  const result: AqlObject = {};
  for (const [index, key] of keys.entries()) {
    const name = toStringValue(key);
    if (!Object.hasOwn(result, name)) setAttribute(result, name, values[index] ?? null);
  }
  return result;
}

function translate(context: FunctionContext, args: readonly AqlValue[]): AqlValue {
  const [value = null, lookup = null] = args;
  if (!isObject(lookup)) return warnArgumentType(context, "TRANSLATE");
  const name = toStringValue(value);
  if (Object.hasOwn(lookup, name)) return attributeOf(lookup, name);
  return args.length > 2 ? argument(args, 2) : value;
}

/** How deep arrays and objects may lie in one another. */
const MAX_NESTING = 200;

/** How deep the arrays and objects of a JSON text lie in one another. */
function nestingOf(text: string): number {
  if (text.length <= MAX_NESTING) return 0;
  let deepest = 0;
  let depth = 0;
  for (const token of text.replace(/"(?:[^"\\]|\\.)*"/g, "").match(/[[\]{}]/g) ?? []) {
    depth += token === "[" || token === "{" ? 1 : -1;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}

function jsonParse(context: FunctionContext, args: readonly AqlValue[]): AqlValue {
  const text = argument(args, 0);
  if (typeof text !== "string") return warnArgumentType(context, "JSON_PARSE");
  try {
    if (nestingOf(text) > MAX_NESTING) return warnArgumentType(context, "JSON_PARSE");
    return parseJson(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return warnArgumentType(context, "JSON_PARSE");
  }
}

const ATTRIBUTES = ofObject("ATTRIBUTES", [1, 3], (object, [, removeSystem = null, sort = null]) => {
  const names = namesOf(object, removeSystem);
  return isTruthy(sort) ? names.sort(compareStrings) : names;
});

/** Object functions. */
export const OBJECT_FUNCTIONS: readonly FunctionSpec[] = [
  ATTRIBUTES,
  alias("KEYS", ATTRIBUTES),
  ofObject("ENTRIES", [1, 1], (object) => Object.entries(object)),
  pure(
    "HAS",
    [2, 2],
    (_context, [object = null, name = null]) => isObject(object) && Object.hasOwn(object, toStringValue(name)),
  ),
  pure("JSON_PARSE", [1, 1], jsonParse),
  pure("JSON_STRINGIFY", [1, 1], (_context, args) => jsonText(argument(args, 0))),
  picking("KEEP", true, false),
  picking("KEEP_RECURSIVE", true, true),
  pure("MATCHES", [2, 3], matches),
  merging("MERGE", false),
  merging("MERGE_RECURSIVE", true),
  pure("TRANSLATE", [2, 3], translate),
  picking("UNSET", false, false),
  picking("UNSET_RECURSIVE", false, true),
  ofObject("VALUE", [2, 2], valueAt),
  ofObject(
    "VALUES",
    [1, 2],
    (object, [, removeSystem = null]): AqlArray => namesOf(object, removeSystem).map((name) => object[name] ?? null),
  ),
  pure("ZIP", [2, 2], zip),
];

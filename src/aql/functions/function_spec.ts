/**
 * What an AQL function is, and what it may ask of the query that calls it.
 *
 * @module
 */
import { ArangoError } from "../../base/arango_error.ts";
import type { AqlArray, AqlObject, AqlValue } from "../values.ts";

/** One AQL function. */
export interface FunctionSpec {
  /** The name in upper case. */
  readonly name: string;
  /** The least and the largest number of arguments; the caller checks it and raises 1541. */
  readonly args: readonly [min: number, max: number];
  /** Whether equal arguments give equal results within one query, so that calls may be folded and moved. */
  readonly deterministic: boolean;
  /** Why the function cannot be called yet; `run` raises error 9 with this text. Absent for functions that work. */
  readonly unsupported?: string;
  /** Whether `CALL()` and `APPLY()` refuse the function with error 1578. */
  readonly noDynamicCall?: boolean;
  /** Whether the function reads documents or collections, so that it is refused after a write (error 1579). */
  readonly readsData?: boolean;
  /**
   * Computes the result. Never changes an argument; what it returns may share parts with them.
   *
   * @throws ArangoError where the query has to end
   */
  readonly run: (context: FunctionContext, args: readonly AqlValue[]) => AqlValue;
}

/** The stored data that functions such as `DOCUMENT()` read. */
export interface FunctionData {
  /** The document with this id (`collection/key`) and its system attributes, or null if there is none. */
  document(collection: string, key: string): AqlObject | null;
  /** The names of all collections that the user may read, in any order. */
  collectionNames(): readonly string[];
  /** The number of documents; undefined if there is no such collection. */
  collectionCount(collection: string): number | undefined;
  /** The collection's schema, null if it has none; undefined if there is no such collection. */
  collectionSchema(collection: string): AqlValue | undefined;
  /** The `_id` of a collection in the form that `COLLECTIONS()` shows: its numeric id as text. */
  collectionId(collection: string): string | undefined;
  /** The first geo index of a collection; undefined if it has none. */
  geoIndex(collection: string): GeoLookup | undefined;
  /** The fulltext index of an attribute; undefined if there is none. */
  fulltextIndex(collection: string, attribute: string): FulltextLookup | undefined;
}

/** Looks documents up in a geo index. */
export interface GeoLookup {
  /** One attribute path, or two for latitude and longitude. */
  readonly fields: readonly string[];
  /** Whether the attribute holds GeoJSON or `[longitude, latitude]`, not `[latitude, longitude]`. */
  readonly geoJson: boolean;
  /** All documents within some metres of a place, and perhaps others nearby. */
  around(latitude: number, longitude: number, meters: number): AqlObject[];
}

/** Looks documents up in a fulltext index. */
export interface FulltextLookup {
  /** The documents with a word, or with one that begins with it. */
  withWord(word: string, isPrefix: boolean): AqlObject[];
}

/** What a function may ask of the query that calls it. Optional members are ports: without one, its functions refuse. */
export interface FunctionContext {
  /**
   * Adds a warning to the query.
   *
   * @param errorNum ArangoDB's error number
   * @param message the whole text
   * @throws ArangoError where the query runs with `failOnWarning`
   */
  warn(errorNum: number, message: string): void;
  /** Milliseconds since 1970, the same for the whole query. */
  now(): number;
  /** A random number in [0, 1). */
  random(): number;
  /** The database's name. */
  database?(): string;
  /** The user's name, null without authentication. */
  user?(): string | null;
  /** The version that `VERSION()` answers. */
  version?(): string;
  /** Waits; ends early with error 1500 when the query is killed. */
  sleep?(seconds: number): void;
  /** Runs a user-defined function (`ns::name`). Undefined where there is none of this name. */
  callUserFunction?(name: string, args: readonly AqlValue[]): AqlValue | undefined;
  /** An analyzer at work. Undefined where there is none of this name. */
  tokenizer?(analyzer: string): ((text: string) => readonly AqlValue[]) | undefined;
  /** The stored data. */
  readonly data?: FunctionData;
}

/**
 * Warns that an argument has the wrong type (1542).
 *
 * @param name the function as written in messages
 * @returns null, which is what the function then answers
 */
export function warnArgumentType(context: FunctionContext, name: string): null {
  context.warn(1542, `invalid argument type in call to function '${name}()'`);
  return null;
}

/** The texts of the warnings that functions raise, by number. */
const WARNING_TEXTS: Readonly<Record<number, string>> = {
  10: "bad parameter",
  32: "resource limit exceeded",
  1504: "number out of range",
  1541: "invalid number of arguments",
  1543: "invalid regex value",
  1561: "invalid arithmetic value",
  1562: "division by zero",
  1563: "array expected",
  1572: "invalid date value",
};

/**
 * Warns about a value that a function cannot work with.
 *
 * @param name the function as written in messages
 * @param errorNum ArangoDB's error number; 1542 has {@linkcode warnArgumentType}
 * @param text what is wrong; the number's own text when absent
 * @returns null, which is what the function then answers
 */
export function warnIn(context: FunctionContext, name: string, errorNum: number, text?: string): null {
  context.warn(errorNum, `in function '${name}()': ${text ?? WARNING_TEXTS[errorNum] ?? "bad parameter"}`);
  return null;
}

/** The error (1542) of functions that end the query over an argument of the wrong type. */
export function argumentTypeError(name: string): ArangoError {
  return new ArangoError(
    "ERROR_QUERY_FUNCTION_ARGUMENT_TYPE_MISMATCH",
    `invalid argument type in call to function '${name}()'`,
  );
}

/**
 * A port of the context that a function cannot do without.
 *
 * @param name the function's
 * @throws ArangoError 9 if the port is missing
 */
export function required<T>(port: T | undefined, name: string): T {
  if (port === undefined) throw new ArangoError("ERROR_NOT_IMPLEMENTED", `function '${name}()' is not available here`);
  return port;
}

/**
 * The same function under another name. Messages keep the first name, as ArangoDB's do.
 *
 * @param name the other name
 * @param spec the function
 */
export function alias(name: string, spec: FunctionSpec): FunctionSpec {
  return { ...spec, name };
}

/**
 * A deterministic function.
 *
 * @param name the name in upper case
 * @param args the least and the largest number of arguments
 * @param run computes the result
 */
export function pure(name: string, args: FunctionSpec["args"], run: FunctionSpec["run"]): FunctionSpec {
  return { name, args, deterministic: true, run };
}

/**
 * A deterministic function of one array, which warns with 1563 about everything else.
 *
 * @param name the name in upper case
 * @param compute computes the result
 */
export function ofArray(
  name: string,
  compute: (array: AqlArray, context: FunctionContext) => AqlValue,
): FunctionSpec {
  return pure(name, [1, 1], (context, args) => {
    const array = argument(args, 0);
    return Array.isArray(array) ? compute(array, context) : warnIn(context, name, 1563);
  });
}

/** The argument at `index`, null where the caller gave fewer. */
export function argument(args: readonly AqlValue[], index: number): AqlValue {
  return args[index] ?? null;
}

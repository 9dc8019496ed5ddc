/**
 * Control of the query, dynamic calls and what fits nowhere else.
 *
 * @module
 */
import { ArangoError } from "../../base/arango_error.ts";
import { compareValues } from "../value_order.ts";
import { type AqlValue, isNumber, isObject, isTruthy } from "../values.ts";
import {
  argument,
  argumentTypeError,
  type FunctionContext,
  type FunctionSpec,
  pure,
  required,
  warnArgumentType,
} from "./function_spec.ts";

/** The first argument for which `holds` is true, else null. */
function firstThat(name: string, holds: (value: AqlValue) => boolean): FunctionSpec {
  return pure(name, [1, Infinity], (_context, args) => args.find(holds) ?? null);
}

/** A function that gives its first argument back: what it means is for the optimizer or for searches. */
function passing(name: string, args: FunctionSpec["args"], deterministic: boolean): FunctionSpec {
  return { name, args, deterministic, run: (_context, values) => argument(values, 0) };
}

/** A function with effects, which no plan may move or fold. */
function effect(name: string, args: FunctionSpec["args"], run: FunctionSpec["run"]): FunctionSpec {
  return { name, args, deterministic: false, run };
}

function inRange(context: FunctionContext, args: readonly AqlValue[]): AqlValue {
  const [value = null, low = null, high = null, includeLow = null, includeHigh = null] = args;
  if (typeof includeLow !== "boolean" || typeof includeHigh !== "boolean") return warnArgumentType(context, "IN_RANGE");
  const above = compareValues(value, low);
  const below = compareValues(value, high);
  return (includeLow ? above >= 0 : above > 0) && (includeHigh ? below <= 0 : below < 0);
}

function minMatch(context: FunctionContext, args: readonly AqlValue[]): AqlValue {
  const least = args.at(-1) ?? null;
  if (!isNumber(least)) return warnArgumentType(context, "MIN_MATCH");
  return least >= 0 && args.slice(0, -1).filter(isTruthy).length >= Math.trunc(Number(least));
}

function assertTrue(context: FunctionContext, args: readonly AqlValue[]): AqlValue {
  const [value = null, message = null] = args;
  if (typeof message !== "string") return warnArgumentType(context, "ASSERT");
  if (!isTruthy(value)) throw new ArangoError("ERROR_QUERY_USER_ASSERT", message);
  return true;
}

function warnFalse(context: FunctionContext, args: readonly AqlValue[]): AqlValue {
  const [value = null, message = null] = args;
  if (typeof message !== "string") return warnArgumentType(context, "WARN");
  if (!isTruthy(value)) context.warn(1594, message);
  return isTruthy(value);
}

function fail(_context: FunctionContext, args: readonly AqlValue[]): never {
  const reason = argument(args, 0);
  throw new ArangoError("ERROR_QUERY_FAIL_CALLED", `FAIL(${typeof reason === "string" ? reason : ""}) called`);
}

function sleep(context: FunctionContext, args: readonly AqlValue[]): AqlValue {
  const seconds = argument(args, 0);
  if (!isNumber(seconds) || seconds < 0) return warnArgumentType(context, "SLEEP");
  required(context.sleep, "SLEEP").call(context, Number(seconds));
  return null;
}

/**
 * `CALL()` and `APPLY()`, which find functions by name while the query runs.
 *
 * @param find looks a function up by its name in upper case
 */
export function dynamicCalls(find: (name: string) => FunctionSpec | undefined): readonly FunctionSpec[] {
  function call(context: FunctionContext, caller: string, name: AqlValue, args: readonly AqlValue[]): AqlValue {
    if (typeof name !== "string") throw argumentTypeError(caller);
    const upper = qualifiedName(name);
    if (upper.includes("::")) {
      const result = context.callUserFunction?.(name, args);
      if (result === undefined) {
        throw new ArangoError("ERROR_QUERY_FUNCTION_NOT_FOUND", `user function '${upper}()' not found`);
      }
      return result;
    }
    const spec = find(upper);
    if (spec === undefined) {
      throw new ArangoError("ERROR_QUERY_FUNCTION_NAME_UNKNOWN", `usage of unknown function '${upper}()'`);
    }
    if (spec.noDynamicCall) {
      throw new ArangoError("ERROR_QUERY_DISALLOWED_DYNAMIC_CALL", `disallowed dynamic call to '${upper}'`);
    }
    checkArgumentCount(spec, args.length);
    return spec.run(context, args);
  }
  return [
    effect("APPLY", [1, 2], (context, [name = null, args = []]) => {
      if (!Array.isArray(args)) return warnArgumentType(context, "APPLY");
      return call(context, "APPLY", name, args);
    }),
    effect("CALL", [1, Infinity], (context, [name = null, ...args]) => call(context, "CALL", name, args)),
  ];
}

/**
 * A function's name in upper case; one without `::` is built in.
 *
 * @param name as it was written; `_aql` is the default namespace (user-defined-functions.md), which need not be named
 */
export function qualifiedName(name: string): string {
  return name.toUpperCase().replace(/^_AQL::/, "");
}

/**
 * Checks a call's number of arguments.
 *
 * @throws ArangoError 1541 if the function does not take as many
 */
export function checkArgumentCount(spec: FunctionSpec, count: number): void {
  const [min, max] = spec.args;
  if (count >= min && count <= max) return;
  throw new ArangoError(
    "ERROR_QUERY_FUNCTION_ARGUMENT_NUMBER_MISMATCH",
    `invalid number of arguments for function '${spec.name}()', expected number of arguments: minimum: ${min}, ` +
      `maximum: ${max === Infinity ? UNLIMITED_ARGUMENTS : max}`,
  );
}

/** What messages show as the maximum of functions that take any number of arguments. */
const UNLIMITED_ARGUMENTS = 65536;

/** Miscellaneous functions, without {@linkcode dynamicCalls}. */
export const MISCELLANEOUS_FUNCTIONS: readonly FunctionSpec[] = [
  passing("ANALYZER", [2, 2], true),
  effect("ASSERT", [2, 2], assertTrue),
  passing("BOOST", [2, 2], true),
  effect("FAIL", [0, 1], fail),
  firstThat("FIRST_DOCUMENT", isObject),
  firstThat("FIRST_LIST", Array.isArray),
  pure("IN_RANGE", [5, 5], inRange),
  pure("MIN_MATCH", [2, Infinity], minMatch),
  passing("NOEVAL", [1, 1], true),
  passing("NOOPT", [1, 1], false),
  firstThat("NOT_NULL", (value) => value !== null),
  passing("PASSTHRU", [1, 1], true),
  effect("SLEEP", [1, 1], sleep),
  passing("V8", [1, 1], true),
  pure("VERSION", [0, 0], (context) => required(context.version, "VERSION").call(context)),
  effect("WARN", [2, 2], warnFalse),
];

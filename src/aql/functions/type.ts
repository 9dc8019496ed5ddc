/**
 * Type checks and casts.
 *
 * @module
 */
import {
  type AqlValue,
  finite,
  isNumber,
  isObject,
  isTruthy,
  toArray,
  toNumber,
  toStringValue,
  typeName,
} from "../values.ts";
import { parseDate } from "./date_text.ts";
import { alias, argument, type FunctionSpec, pure } from "./function_spec.ts";
import { parseIpv4 } from "./ip.ts";

function check(name: string, holds: (value: AqlValue) => boolean): FunctionSpec {
  return pure(name, [1, 1], (_context, args) => holds(argument(args, 0)));
}

function cast(name: string, convert: (value: AqlValue) => AqlValue): FunctionSpec {
  return pure(name, [1, 1], (_context, args) => convert(argument(args, 0)));
}

const IS_ARRAY = check("IS_ARRAY", Array.isArray);
const IS_OBJECT = check("IS_OBJECT", isObject);
const TO_ARRAY = cast("TO_ARRAY", toArray);

/** Type checks and casts. */
export const TYPE_FUNCTIONS: readonly FunctionSpec[] = [
  IS_ARRAY,
  alias("IS_LIST", IS_ARRAY),
  check("IS_BOOL", (value) => typeof value === "boolean"),
  check("IS_DATESTRING", (value) => typeof value === "string" && parseDate(value) !== undefined),
  IS_OBJECT,
  alias("IS_DOCUMENT", IS_OBJECT),
  check("IS_IPV4", (value) => typeof value === "string" && parseIpv4(value) !== undefined),
  check("IS_KEY", (value) => typeof value === "string" && /^[A-Za-z0-9_\-:.@()+,=;$!*'%]{1,254}$/.test(value)),
  check("IS_NULL", (value) => value === null),
  check("IS_NUMBER", isNumber),
  check("IS_STRING", (value) => typeof value === "string"),
  TO_ARRAY,
  alias("TO_LIST", TO_ARRAY),
  cast("TO_BOOL", isTruthy),
  cast("TO_NUMBER", (value) => typeof value === "bigint" ? value : finite(toNumber(value))),
  cast("TO_STRING", toStringValue),
  cast("TYPENAME", typeName),
];

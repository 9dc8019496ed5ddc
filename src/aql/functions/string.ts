/**
 * String functions, except patterns (`regex.ts`), hashes (`hash.ts`) and similarity (`similarity.ts`).
 *
 * @module
 */
import { type AqlValue, isNumber, isObject, isTruthy, toInteger, toStringValue } from "../values.ts";
import {
  argument,
  argumentTypeError,
  type FunctionContext,
  type FunctionSpec,
  pure,
  warnArgumentType,
  warnIn,
} from "./function_spec.ts";
import { codePointCount, finderOf, isAscii, occurrences, utf8 } from "./text.ts";

const MAX_TOKEN = 65536;
const TOKEN_CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const MAX_REPEATED_BYTES = 16 * 1024 * 1024;
const WHITESPACE = " \t\r\n";

/** A function of one value that it takes as text. */
function ofText(name: string, compute: (text: string) => AqlValue): FunctionSpec {
  return pure(name, [1, 1], (_context, args) => compute(toStringValue(argument(args, 0))));
}

/** The values that `CONCAT` joins: the arguments, or the members of the only one. */
function concatenated(args: readonly AqlValue[]): readonly AqlValue[] {
  const [first = null] = args;
  return (args.length === 1 && Array.isArray(first) ? first : args).filter((value) => value !== null);
}

function contains(_context: FunctionContext, args: readonly AqlValue[]): AqlValue {
  const text = toStringValue(argument(args, 0));
  const search = toStringValue(argument(args, 1));
  const index = search === "" ? -1 : text.indexOf(search);
  if (!isTruthy(argument(args, 2))) return index >= 0;
  // Positions count bytes.
  return index <= 0 || isAscii(text) ? index : utf8(text.slice(0, index)).length;
}

/** The window of `FIND_FIRST` and `FIND_LAST`: first unit, and the last that a match may cover; undefined if invalid. */
function findWindow(text: string, args: readonly AqlValue[]): [start: number, end: number] | undefined {
  const start = toInteger(argument(args, 2));
  const last = argument(args, 3);
  if (last === null) return start < 0 ? undefined : [start, text.length];
  const end = toInteger(last);
  return start < 0 || end < start ? undefined : [start, Math.min(end + 1, text.length)];
}

function findFirst(_context: FunctionContext, args: readonly AqlValue[]): AqlValue {
  const text = toStringValue(argument(args, 0));
  const search = toStringValue(argument(args, 1));
  const window = findWindow(text, args);
  if (window === undefined) return -1;
  if (search === "") return window[0];
  for (const { index } of occurrences(text, search, ...window)) return index;
  return -1;
}

function findLast(_context: FunctionContext, args: readonly AqlValue[]): AqlValue {
  const text = toStringValue(argument(args, 0));
  const search = toStringValue(argument(args, 1));
  const window = findWindow(text, args);
  if (window === undefined) return -1;
  if (search === "") return argument(args, 3) === null ? text.length : toInteger(argument(args, 3)) + 1;
  let last = -1;
  for (const { index } of occurrences(text, search, ...window)) last = index;
  return last;
}

function left(text: string, count: number): string {
  if (count <= 0) return "";
  return isAscii(text) ? text.slice(0, count) : [...text].slice(0, count).join("");
}

function right(text: string, count: number): string {
  if (count <= 0) return "";
  return isAscii(text) ? text.slice(-count) : [...text].slice(-count).join("");
}

function substring(_context: FunctionContext, args: readonly AqlValue[]): AqlValue {
  const text = toStringValue(argument(args, 0));
  const length = args.length > 2 ? toInteger(argument(args, 2)) : Infinity;
  const offset = toInteger(argument(args, 1));
  const characters = isAscii(text) ? text : [...text];
  const start = offset < 0 ? Math.max(characters.length + offset, 0) : offset;
  const part = characters.slice(start, start + Math.max(length, 0));
  return typeof part === "string" ? part : part.join("");
}

function substringBytes(context: FunctionContext, args: readonly AqlValue[]): AqlValue {
  const [value = null, offset = null, length = null, before = null, after = before] = args;
  if (typeof value !== "string") return warnIn(context, "SUBSTRING_BYTES", 10);
  const bytes = utf8(value);
  const from = toInteger(offset);
  let start = Math.min(from < 0 ? Math.max(bytes.length + from, 0) : from, bytes.length);
  let end = length === null ? bytes.length : Math.min(start + Math.max(toInteger(length), 0), bytes.length);
  const inside = (at: number): boolean => at < bytes.length && ((bytes[at] ?? 0) & 0xc0) === 0x80;
  if (inside(start) || inside(end)) return warnIn(context, "SUBSTRING_BYTES", 10);
  for (let count = toInteger(before); count > 0 && start > 0; count--) while (inside(--start));
  for (let count = toInteger(after); count > 0 && end < bytes.length; count--) while (inside(++end));
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes.subarray(start, end));
}

/** Removes characters of a set at the ends of a text. */
function trimmed(text: string, characters: string, atStart: boolean, atEnd: boolean): string {
  const set = new Set(characters);
  const all = [...text];
  let start = 0;
  let end = all.length;
  while (atStart && start < end && set.has(all[start] ?? "")) start++;
  while (atEnd && end > start && set.has(all[end - 1] ?? "")) end--;
  return all.slice(start, end).join("");
}

function trim(_context: FunctionContext, args: readonly AqlValue[]): AqlValue {
  const text = toStringValue(argument(args, 0));
  const how = argument(args, 1);
  if (typeof how === "string") return trimmed(text, how, true, true);
  const type = toInteger(how);
  return trimmed(text, WHITESPACE, type !== 2, type !== 1);
}

function trimAt(name: string, atStart: boolean): FunctionSpec {
  return pure(name, [1, 2], (_context, args) => {
    const characters = argument(args, 1);
    const set = characters === null ? WHITESPACE : toStringValue(characters);
    return trimmed(toStringValue(argument(args, 0)), set, atStart, !atStart);
  });
}

function split(context: FunctionContext, args: readonly AqlValue[]): AqlValue {
  const [value = null, separator = null, limit = null] = args;
  const text = toStringValue(value);
  if (args.length === 1) return [value];
  if (isObject(separator)) return warnArgumentType(context, "SPLIT");
  if (args.length > 2 && !isNumber(limit)) return warnArgumentType(context, "SPLIT");
  const most = args.length > 2 ? toInteger(limit) : Infinity;
  if (most < 0) return null;
  if (most === 0) return [];
  if (text === "") return [""];
  const separators = Array.isArray(separator)
    ? separator.map((member) => typeof member === "string" ? member : "")
    : [toStringValue(separator)];
  if (separators.includes("")) return [...text].slice(0, most);
  const [only = ""] = separators;
  if (separators.length === 0) return [text];
  const parts = separators.length === 1
    ? text.split(only)
    : text.split(new RegExp(separators.map((part) => part.replace(/[\^$\\.*+?()[\]{}|/]/g, "\\$&")).join("|"), "u"));
  return parts.slice(0, most);
}

/** What `SUBSTITUTE` looks for and writes instead, pair by pair. */
type Substitutions = readonly (readonly [search: string, replacement: string])[];

/** The texts of an array; null counts as empty where `nulls` says so. Undefined if another type is among them. */
function textsOf(values: readonly AqlValue[], nulls: boolean): string[] | undefined {
  const texts: string[] = [];
  for (const value of values) {
    if (typeof value === "string") texts.push(value);
    else if (value === null && nulls) texts.push("");
    else return undefined;
  }
  return texts;
}

function substitutions(search: AqlValue, replacement: AqlValue): Substitutions | undefined {
  const searches = typeof search === "string" ? [search] : Array.isArray(search) ? textsOf(search, false) : undefined;
  if (searches === undefined) return undefined;
  if (replacement === null) return searches.map((text) => [text, ""]);
  if (typeof replacement === "string") return searches.map((text) => [text, replacement]);
  const replacements = Array.isArray(replacement) ? textsOf(replacement, true) : undefined;
  return replacements && searches.map((text, index) => [text, replacements[index] ?? ""]);
}

function substitute(context: FunctionContext, args: readonly AqlValue[]): AqlValue {
  const text = toStringValue(argument(args, 0));
  const search = argument(args, 1);
  let pairs: Substitutions | undefined;
  let limit: AqlValue;
  if (isObject(search)) {
    if (args.length > 3) return warnIn(context, "SUBSTITUTE", 1541);
    const names = Object.keys(search);
    const replacements = textsOf(Object.values(search), true);
    pairs = replacements && names.map((name, index) => [name, replacements[index] ?? ""]);
    limit = argument(args, 2);
  } else {
    pairs = substitutions(search, argument(args, 2));
    limit = argument(args, 3);
  }
  if (pairs === undefined) return warnArgumentType(context, "SUBSTITUTE");
  const most = limit === null ? Infinity : toInteger(limit);
  if (most < 0) return warnArgumentType(context, "SUBSTITUTE");
  return substituted(text, pairs.filter(([name]) => name !== ""), most);
}

/** Replaces in one pass from left to right; where several texts match, the one listed first. */
function substituted(text: string, pairs: Substitutions, limit: number): string {
  const finders = pairs.map(([search]) => finderOf(text, search));
  const next = finders.map((find) => find(0));
  let result = "";
  let end = 0;
  for (let count = 0; count < limit; count++) {
    let best = -1;
    for (const [index, find] of finders.entries()) {
      const found = next[index];
      if (found !== undefined && found.index < end) next[index] = find(end);
      const at = next[index]?.index;
      if (at !== undefined && at < (next[best]?.index ?? Infinity)) best = index;
    }
    const match = next[best];
    if (match === undefined) break;
    result += text.slice(end, match.index) + (pairs[best]?.[1] ?? "");
    end = match.index + match.length;
  }
  return result + text.slice(end);
}

function partition(context: FunctionContext, args: readonly AqlValue[]): AqlValue {
  const [value = null, separator = null, nth = 1] = args;
  if (typeof value !== "string" || typeof separator !== "string" || separator === "") {
    return warnArgumentType(context, "PARTITION");
  }
  if (typeof nth !== "number" || !Number.isInteger(nth) || nth === 0) return warnArgumentType(context, "PARTITION");
  let index = nth > 0 ? -separator.length : value.length;
  for (let left = Math.abs(nth); left > 0; left--) {
    if (nth > 0) index = value.indexOf(separator, index + separator.length);
    else index = index < separator.length ? -1 : value.lastIndexOf(separator, index - separator.length);
    if (index < 0) return nth > 0 ? [value, "", ""] : ["", "", value];
  }
  return [value.slice(0, index), separator, value.slice(index + separator.length)];
}

function repeat(context: FunctionContext, args: readonly AqlValue[]): AqlValue {
  const text = toStringValue(argument(args, 0));
  const count = toInteger(argument(args, 1));
  const separator = toStringValue(argument(args, 2));
  if (count < 0) return warnArgumentType(context, "REPEAT");
  if (count === 0) return "";
  const bytes = utf8(text).length * count + utf8(separator).length * (count - 1);
  if (bytes > MAX_REPEATED_BYTES) return warnIn(context, "REPEAT", 32);
  return (text + separator).repeat(count - 1) + text;
}

function startsWith(context: FunctionContext, args: readonly AqlValue[]): AqlValue {
  const [text = null, prefix = null, least = 1] = args;
  if (typeof text !== "string") return warnArgumentType(context, "STARTS_WITH");
  const prefixes = Array.isArray(prefix) ? prefix : [prefix];
  if (!isNumber(least) || least < 0) return warnArgumentType(context, "STARTS_WITH");
  let matches = 0;
  for (const candidate of prefixes) {
    if (typeof candidate !== "string") return warnArgumentType(context, "STARTS_WITH");
    if (text.startsWith(candidate)) matches++;
  }
  return matches >= Math.trunc(Number(least));
}

const SOUNDEX_CODES: ReadonlyMap<string, string> = new Map(
  ["BFPV", "CGJKQSXZ", "DT", "L", "MN", "R"].flatMap((letters, index) =>
    [...letters].map((letter) => [letter, String(index + 1)] as const)
  ),
);

function soundex(text: string): string {
  const letters = text.toUpperCase().replace(/[^A-Z]/g, "");
  if (letters === "") return "";
  let code = letters.charAt(0);
  let last = SOUNDEX_CODES.get(code);
  for (const letter of letters.slice(1)) {
    // H and W do not separate letters of one sound, vowels do.
    if (letter === "H" || letter === "W") continue;
    const digit = SOUNDEX_CODES.get(letter);
    if (digit !== undefined && digit !== last) code += digit;
    last = digit;
  }
  return code.padEnd(4, "0").slice(0, 4);
}

function randomToken(args: readonly AqlValue[]): string {
  const length = toInteger(argument(args, 0));
  if (length < 0 || length > MAX_TOKEN) throw argumentTypeError("RANDOM_TOKEN");
  let token = "";
  while (token.length < length) {
    for (const byte of crypto.getRandomValues(new Uint8Array(Math.min(length - token.length, 4096)))) {
      // 248 is the largest multiple of 62 in a byte: what is above would make some characters likelier.
      if (byte < 248) token += TOKEN_CHARACTERS.charAt(byte % 62);
    }
  }
  return token;
}

/** String functions. */
export const STRING_FUNCTIONS: readonly FunctionSpec[] = [
  ofText("CHAR_LENGTH", codePointCount),
  pure("CONCAT", [1, Infinity], (_context, args) => concatenated(args).map(toStringValue).join("")),
  pure(
    "CONCAT_SEPARATOR",
    [2, Infinity],
    (_context, [separator = null, ...values]) => concatenated(values).map(toStringValue).join(toStringValue(separator)),
  ),
  pure("CONTAINS", [2, 3], contains),
  ofText("ENCODE_URI_COMPONENT", (text) => encodeURIComponent(text.toWellFormed())),
  pure("FIND_FIRST", [2, 4], findFirst),
  pure("FIND_LAST", [2, 4], findLast),
  pure("LEFT", [2, 2], (_context, args) => left(toStringValue(argument(args, 0)), toInteger(argument(args, 1)))),
  ofText("LOWER", (text) => text.toLowerCase()),
  trimAt("LTRIM", true),
  pure("PARTITION", [2, 3], partition),
  {
    name: "RANDOM_TOKEN",
    args: [1, 1],
    deterministic: false,
    run: (_context, args) => randomToken(args),
  },
  pure("REPEAT", [2, 3], repeat),
  pure("RIGHT", [2, 2], (_context, args) => right(toStringValue(argument(args, 0)), toInteger(argument(args, 1)))),
  trimAt("RTRIM", false),
  ofText("SOUNDEX", soundex),
  pure("SPLIT", [1, 3], split),
  pure("STARTS_WITH", [2, 4], startsWith),
  pure("SUBSTITUTE", [2, 4], substitute),
  pure("SUBSTRING", [2, 3], substring),
  pure("SUBSTRING_BYTES", [2, 5], substringBytes),
  ofText("TO_BASE64", (text) => utf8(text).toBase64()),
  pure("TO_CHAR", [1, 1], (context, args) => {
    const point = argument(args, 0);
    if (!isNumber(point) || point < 0 || point > 0x10ffff) return warnArgumentType(context, "TO_CHAR");
    return String.fromCodePoint(Math.trunc(Number(point)));
  }),
  ofText("TO_HEX", (text) => [...utf8(text)].map((byte) => byte.toString(16).padStart(2, "0")).join("")),
  pure("TRIM", [1, 2], trim),
  ofText("UPPER", (text) => text.toUpperCase()),
  { name: "UUID", args: [0, 0], deterministic: false, run: () => crypto.randomUUID() },
];

/**
 * Functions on patterns: regular expressions and `LIKE`.
 *
 * @module
 */

import { type AqlValue, isNumber, isTruthy, toInteger, toStringValue } from "../values.ts";
import { argument, type FunctionContext, type FunctionSpec, pure, warnArgumentType, warnIn } from "./function_spec.ts";
import type { CompiledPattern } from "./icu_pattern.ts";
import { compileRegex, likeMatch, regexTest } from "./patterns.ts";

/** A replacement in pieces: texts and numbers of groups. */
function parseReplacement(replacement: string, { groupCount, names }: CompiledPattern): (string | number)[] {
  const pieces: (string | number)[] = [];
  for (const part of replacement.match(/\\[\s\S]|\$\{[A-Za-z][A-Za-z0-9]*\}|\$\d+|[\s\S]/gu) ?? []) {
    if (part.startsWith("${")) {
      const group = names.get(part.slice(2, -1));
      if (group === undefined) throw new SyntaxError("unknown group");
      pieces.push(group);
    } else if (part.startsWith("$")) {
      let digits = part.slice(1);
      // As many digits as still name a group; the rest is text.
      while (digits.length > 1 && Number(digits) > groupCount) digits = digits.slice(0, -1);
      if (digits === "" || Number(digits) > groupCount) throw new SyntaxError("unknown group");
      pieces.push(Number(digits), part.slice(1 + digits.length));
    } else {
      pieces.push(part.length > 1 && part.startsWith("\\") ? part.slice(1) : part);
    }
  }
  return pieces;
}

/** The whole match and the pattern's groups; a group that took no part is an empty text. */
function groupsOf(match: RegExpExecArray | RegExpMatchArray, compiled: CompiledPattern): string[] {
  const groups = compiled.renamed === undefined ? match.slice(1) : compiled.renamed.map((name) => match.groups?.[name]);
  return [match[0] ?? "", ...groups.map((group) => group ?? "")];
}

function regexMatches(context: FunctionContext, args: readonly AqlValue[]): AqlValue {
  const text = toStringValue(argument(args, 0));
  const pattern = toStringValue(argument(args, 1));
  const compiled = compileRegex(pattern, isTruthy(argument(args, 2)));
  if (compiled === null) return warnIn(context, "REGEX_MATCHES", 1543);
  if (text === "" && pattern !== "") return [""];
  const match = compiled.regex.exec(text);
  return match === null ? null : groupsOf(match, compiled);
}

function regexReplace(context: FunctionContext, args: readonly AqlValue[]): AqlValue {
  const text = toStringValue(argument(args, 0));
  const pattern = toStringValue(argument(args, 1));
  const compiled = compileRegex(pattern, isTruthy(argument(args, 3)));
  if (compiled === null) return warnIn(context, "REGEX_REPLACE", 1543);
  let pieces: (string | number)[];
  try {
    pieces = parseReplacement(toStringValue(argument(args, 2)), compiled);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return warnIn(context, "REGEX_REPLACE", 1543);
  }
  let result = "";
  let end = 0;
  for (const match of text.matchAll(compiled.regex)) {
    const groups = groupsOf(match, compiled);
    result += text.slice(end, match.index);
    for (const piece of pieces) result += typeof piece === "number" ? groups[piece] ?? "" : piece;
    end = match.index + match[0].length;
  }
  return result + text.slice(end);
}

function regexSplit(context: FunctionContext, args: readonly AqlValue[]): AqlValue {
  const [value = null, expression = null, ignoreCase = null, limit = null] = args;
  if (args.length > 3 && !isNumber(limit)) return warnArgumentType(context, "REGEX_SPLIT");
  const most = args.length > 3 ? toInteger(limit) : Infinity;
  if (most < 0) return null;
  const text = toStringValue(value);
  const pattern = toStringValue(expression);
  const compiled = compileRegex(pattern, isTruthy(ignoreCase));
  if (compiled === null) return warnIn(context, "REGEX_SPLIT", 1543);
  if (most === 0) return [];
  if (pattern === "") return [...text].slice(0, most);
  if (text === "") return [""];
  return splitBy(text, compiled).slice(0, most);
}

/** The parts between the matches, and what the groups of each match took. */
function splitBy(text: string, compiled: CompiledPattern): string[] {
  const parts: string[] = [];
  let end = 0;
  for (const match of text.matchAll(compiled.regex)) {
    const next = match.index + match[0].length;
    if (match[0] === "" && (match.index === 0 || match.index === text.length)) continue;
    parts.push(text.slice(end, match.index), ...groupsOf(match, compiled).slice(1));
    end = next;
  }
  return [...parts, text.slice(end)];
}

/** Functions on patterns. */
export const REGEX_FUNCTIONS: readonly FunctionSpec[] = [
  pure(
    "LIKE",
    [2, 3],
    (_context, args) =>
      likeMatch(toStringValue(argument(args, 0)), toStringValue(argument(args, 1)), isTruthy(argument(args, 2))),
  ),
  pure("REGEX_MATCHES", [2, 3], regexMatches),
  pure("REGEX_REPLACE", [3, 4], regexReplace),
  pure("REGEX_SPLIT", [2, 4], regexSplit),
  pure("REGEX_TEST", [2, 3], (context, args) => {
    const found = regexTest(
      toStringValue(argument(args, 0)),
      toStringValue(argument(args, 1)),
      isTruthy(argument(args, 2)),
    );
    return found ?? warnIn(context, "REGEX_TEST", 1543);
  }),
];

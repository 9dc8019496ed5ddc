/**
 * Patterns of regular expressions and of `LIKE`, compiled once: queries use few of them, over and over.
 *
 * @module
 */

import { type CompiledPattern, compileIcu, literal } from "./icu_pattern.ts";

const CACHE_SIZE = 256;
const cache = new Map<string, CompiledPattern | null>();

function remembered(key: string, compile: () => CompiledPattern): CompiledPattern | null {
  const known = cache.get(key);
  if (known !== undefined) return known;
  let compiled: CompiledPattern | null = null;
  try {
    compiled = compile();
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  // the oldest entry goes first
  if (cache.size >= CACHE_SIZE) cache.delete(cache.keys().next().value ?? "");
  cache.set(key, compiled);
  return compiled;
}

/** The compiled pattern, null if it is invalid. */
export function compileRegex(pattern: string, ignoreCase: boolean): CompiledPattern | null {
  const compiled = remembered(
    `${ignoreCase ? "i" : "c"}${pattern}`,
    () => compileIcu(pattern, ignoreCase),
  );
  if (compiled !== null) compiled.regex.lastIndex = 0;
  return compiled;
}

/**
 * Whether a text matches an ICU pattern anywhere.
 *
 * @returns undefined if the pattern is invalid
 */
export function regexTest(text: string, pattern: string, ignoreCase: boolean): boolean | undefined {
  const compiled = compileRegex(pattern, ignoreCase);
  if (compiled === null) return undefined;
  return compiled.regex.test(text);
}

/** Whether a whole text matches a `LIKE` pattern: `%` is any text, `_` any character, `\` escapes both and itself. */
export function likeMatch(text: string, pattern: string, ignoreCase: boolean): boolean {
  if (!ignoreCase) {
    const plain = /^(%?)([^%_\\]*)(%?)$/.exec(pattern);
    if (plain !== null) {
      const [, before, content = "", after] = plain;
      if (before === "" && after === "") return text === content;
      if (before === "") return text.startsWith(content);
      return after === "" ? text.endsWith(content) && (content !== "" || before === "%") : text.includes(content);
    }
  }
  const compiled = remembered(`${ignoreCase ? "L" : "l"}${pattern}`, () => ({
    regex: new RegExp(likeSource(pattern), ignoreCase ? "sui" : "su"),
    renamed: undefined,
    groupCount: 0,
    names: new Map(),
  }));
  return compiled?.regex.test(text) ?? false;
}

function likeSource(pattern: string): string {
  const parts = pattern.match(/\\[%_\\]|[\s\S]/gu) ?? [];
  const body = parts.map((part) => {
    if (part === "%") return ".*";
    if (part === "_") return ".";
    return literal(part.length > 1 && part.startsWith("\\") ? part.slice(1) : part);
  });
  return `^${body.join("")}$`;
}

/**
 * JSON documents as text. Documents are stored, logged and replicated without ever becoming JavaScript values, so that
 * 64-bit integers, `1e308`, `-0.0`, attribute order and every code point stay exactly what a client sent.
 *
 * @module
 */
import { ArangoError } from "./arango_error.ts";
import { endOfString, isTaken, jsonComplaint } from "./json_complaint.ts";

/** One attribute of an object, as it stands in the text. */
export interface Member {
  /** The attribute name, unescaped. */
  readonly name: string;
  /** The name as it stands in the text, quotes included. */
  readonly quoted: string;
  /** The value's text. */
  readonly raw: string;
}

/** The attributes of an object by name, first occurrence order; a later duplicate replaces an earlier one. */
export type Members = Map<string, Member>;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}

/** Up to this length the end of a string is found sooner character by character. */
const SHORT_STRING = 24;

/** The position after the text literal that starts at `at`. */
export function skipString(text: string, at: number): number {
  const soon = Math.min(text.length, at + SHORT_STRING);
  for (let i = at + 1; i < soon; i++) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) return i + 1;
    if (code === BACKSLASH) i++;
  }
  const end = endOfString(text, at);
  return end < 0 ? text.length : end + 1;
}

/** The position after the value that starts at `at`; `text` is known to be valid JSON. */
export function skipValue(text: string, at: number): number {
  const first = text.charCodeAt(at);
  if (first === QUOTE) return skipString(text, at);
  if (first === 0x7b || first === 0x5b) {
    let depth = 0;
    for (let i = at;; i++) {
      const code = text.charCodeAt(i);
      if (code === QUOTE) i = skipString(text, i) - 1;
      else if (code === 0x7b || code === 0x5b) depth++;
      else if ((code === 0x7d || code === 0x5d) && --depth === 0) return i + 1;
    }
  }
  let i = at;
  for (; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === COMMA || code === 0x7d || code === 0x5d || isSpace(code)) break;
  }
  return i;
}

function skipSpace(text: string, at: number): number {
  while (isSpace(text.charCodeAt(at))) at++;
  return at;
}

/**
 * Checks that a text is JSON as ArangoDB takes it.
 *
 * @returns the text without white space around and inside its structure
 * @throws ArangoError 600 with what is wrong
 */
export function checkedJson(text: string): string {
  parsedJson(text);
  return compact(text);
}

/**
 * The value of a JSON text.
 *
 * @throws ArangoError 600 with what is wrong; for what ArangoDB does not take, too: a name twice in an object, numbers beyond
 *   all values, more than 200 levels
 */
export function parsedJson(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw corrupted(jsonComplaint(text) ?? (cause as Error).message, cause);
  }
  if (!isTaken(text, value)) throw corrupted(jsonComplaint(text)!);
  return value;
}

/** The error for a body that is not JSON, or damaged VelocyPack. */
export function corrupted(reason: string, cause?: unknown): ArangoError {
  return new ArangoError("ERROR_HTTP_CORRUPTED_JSON", `VPackError error: ${reason}`, { cause });
}

/** A valid JSON text without the white space between its tokens. */
export function compact(text: string): string {
  if (!/\s/.test(text)) return text;
  let out = "";
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) {
      i = skipString(text, i) - 1;
    } else if (isSpace(code)) {
      out += text.slice(from, i);
      i = skipSpace(text, i) - 1;
      from = i + 1;
    }
  }
  return from === 0 ? text : out + text.slice(from);
}

/** Cuts a valid JSON object into its attributes. */
export function members(object: string): Members {
  const found: Members = new Map();
  let at = skipSpace(object, skipSpace(object, 0) + 1);
  while (object.charCodeAt(at) === QUOTE) {
    const nameEnd = skipString(object, at);
    const quoted = object.slice(at, nameEnd);
    const name = quoted.includes("\\") ? JSON.parse(quoted) as string : quoted.slice(1, -1);
    const start = skipSpace(object, skipSpace(object, nameEnd) + 1);
    const end = skipValue(object, start);
    found.set(name, { name, quoted, raw: object.slice(start, end) });
    at = skipSpace(object, end);
    if (object.charCodeAt(at) === COMMA) at = skipSpace(object, at + 1);
  }
  return found;
}

/** Cuts a valid JSON array into the texts of its elements. */
export function elements(array: string): string[] {
  const found: string[] = [];
  let at = skipSpace(array, skipSpace(array, 0) + 1);
  while (at < array.length && array.charCodeAt(at) !== 0x5d) {
    const end = skipValue(array, at);
    found.push(array.slice(at, end));
    at = skipSpace(array, end);
    if (array.charCodeAt(at) === COMMA) at = skipSpace(array, at + 1);
  }
  return found;
}

/** Puts attributes together to the text of an object. */
export function objectText(parts: Iterable<Member>): string {
  let out = "";
  for (const { quoted, raw } of parts) out += `${out === "" ? "{" : ","}${quoted}:${raw}`;
  return out === "" ? "{}" : out + "}";
}

/** Whether a value's text is an object's. */
export function isObjectText(raw: string): boolean {
  return raw.charCodeAt(0) === 0x7b;
}

/** The string that a value's text stands for, or undefined if the text is no string literal. */
export function stringValue(raw: string | undefined): string | undefined {
  if (raw === undefined || raw.charCodeAt(0) !== QUOTE) return undefined;
  return raw.includes("\\") ? JSON.parse(raw) as string : raw.slice(1, -1);
}

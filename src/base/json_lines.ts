/**
 * Checks lines of JSON without making values of them, at the speed of a scan.
 *
 * @module
 */
import { isUtf8 } from "node:buffer";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const NEWLINE = 0x0a;
const MINUS = 0x2d;
const PLUS = 0x2b;
const POINT = 0x2e;
/** How deep values may nest. */
const DEEPEST = 1000;

/** Which characters may follow a backslash. */
const ESCAPES = new Uint8Array(256);
for (const char of `"\\/bfnrtu`) ESCAPES[char.charCodeAt(0)] = 1;
const SPACES = new Uint8Array(256);
for (const char of " \t\r") SPACES[char.charCodeAt(0)] = 1;
const HEX = /^[0-9a-fA-F]{4}$/;

/** The kinds of brackets that are open, one byte each. */
const stack = new Uint8Array(DEEPEST);

/** The position after the string whose opening quote is at `at`; -1 if it is none. */
function endOfString(bytes: Uint8Array, at: number, end: number): number {
  for (at++; at < end; at++) {
    const byte = bytes[at]!;
    if (byte === QUOTE) return at + 1;
    if (byte < 0x20) return -1;
    if (byte !== BACKSLASH) continue;
    const escape = bytes[++at]!;
    if (at >= end || ESCAPES[escape] === 0) return -1;
    if (escape !== 0x75) continue;
    if (at + 4 >= end || !HEX.test(String.fromCharCode(...bytes.subarray(at + 1, at + 5)))) return -1;
    at += 4;
  }
  return -1;
}

/** The literals by their first byte. */
const LITERALS = new Map(["true", "false", "null"].map((text) => [text.charCodeAt(0), new TextEncoder().encode(text)]));

/** The position after a number or literal; -1 if it is none. */
function endOfScalar(bytes: Uint8Array, at: number, end: number): number {
  const byte = bytes[at]!;
  if (byte === MINUS || isDigit(byte)) return endOfNumber(bytes, at, end);
  const literal = LITERALS.get(byte);
  if (!literal || at + literal.length > end) return -1;
  for (let i = 1; i < literal.length; i++) if (bytes[at + i] !== literal[i]) return -1;
  return at + literal.length;
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

/** The position after digits, of which there must be one; -1 if there is none. */
function endOfDigits(bytes: Uint8Array, at: number, end: number): number {
  const start = at;
  while (at < end && isDigit(bytes[at]!)) at++;
  return at === start ? -1 : at;
}

function endOfNumber(bytes: Uint8Array, at: number, end: number): number {
  if (bytes[at] === MINUS) at++;
  // nothing may follow a leading zero but a fraction or an exponent
  at = at < end && bytes[at] === 0x30 ? at + 1 : endOfDigits(bytes, at, end);
  if (at >= 0 && at < end && bytes[at] === POINT) at = endOfDigits(bytes, at + 1, end);
  if (at >= 0 && at < end && (bytes[at]! | 0x20) === 0x65) {
    at++;
    if (at < end && (bytes[at] === MINUS || bytes[at] === PLUS)) at++;
    at = endOfDigits(bytes, at, end);
  }
  return at;
}

/**
 * Whether a part of a byte array is one JSON object, white space around it included.
 *
 * @param start where the part begins
 * @param end where it ends, exclusive
 */
export function isJsonObject(bytes: Uint8Array, start: number, end: number): boolean {
  let depth = 0;
  let at = start;
  // 0: a value must come, 1: a name or the end of an object, 2: a name, 3: a value or the end of an array, 4: after a value
  let expected = 0;
  while (SPACES[bytes[at]!] === 1 && at < end) at++;
  if (bytes[at] !== 0x7b) return false;
  for (;;) {
    while (at < end && SPACES[bytes[at]!] === 1) at++;
    if (at >= end) return expected === 4 && depth === 0;
    const byte = bytes[at]!;
    if (expected === 4) {
      if (depth === 0) return false;
      const object = stack[depth - 1] === 0x7b;
      if (byte === COMMA) expected = object ? 2 : 0;
      else if (byte === (object ? 0x7d : 0x5d)) depth--;
      else return false;
      at++;
    } else if (expected === 1 || expected === 2) {
      if (byte === 0x7d && expected === 1) {
        depth--;
        expected = 4;
        at++;
        continue;
      }
      if (byte !== QUOTE) return false;
      at = endOfString(bytes, at, end);
      if (at < 0) return false;
      while (at < end && SPACES[bytes[at]!] === 1) at++;
      if (at >= end || bytes[at] !== COLON) return false;
      at++;
      expected = 0;
    } else if (byte === 0x7b || byte === 0x5b) {
      if (depth === DEEPEST) return false;
      stack[depth++] = byte;
      expected = byte === 0x7b ? 1 : 3;
      at++;
    } else if (byte === 0x5d && expected === 3) {
      depth--;
      expected = 4;
      at++;
    } else {
      at = byte === QUOTE ? endOfString(bytes, at, end) : endOfScalar(bytes, at, end);
      if (at < 0) return false;
      expected = 4;
    }
  }
}

/** Checks lines that come in parts: each must be a JSON object in UTF-8, or blank, and the last one must end. */
export class JsonLineChecker {
  #rest: Uint8Array = new Uint8Array();
  #line = 0;

  /**
   * Checks the lines that `part` completes.
   *
   * @returns what is wrong, or undefined
   */
  check(part: Uint8Array): string | undefined {
    let start = 0;
    if (this.#rest.length > 0) {
      const end = part.indexOf(NEWLINE);
      const head = end < 0 ? part : part.subarray(0, end);
      const line = new Uint8Array(this.#rest.length + head.length);
      line.set(this.#rest);
      line.set(head, this.#rest.length);
      this.#rest = line;
      if (end < 0) return undefined;
      const wrong = this.#checkLine(line, 0, line.length);
      this.#rest = new Uint8Array();
      if (wrong) return wrong;
      start = end + 1;
    }
    // all lines at once: a call for each would take longer than the look at its bytes
    const areUtf8 = isUtf8(part.subarray(start, part.lastIndexOf(NEWLINE) + 1));
    for (;;) {
      const end = part.indexOf(NEWLINE, start);
      if (end < 0) break;
      const wrong = this.#checkLine(part, start, end, areUtf8);
      if (wrong) return wrong;
      start = end + 1;
    }
    this.#rest = part.slice(start);
    return undefined;
  }

  #checkLine(bytes: Uint8Array, start: number, end: number, isText = false): string | undefined {
    this.#line++;
    if (!isText && !isUtf8(bytes.subarray(start, end))) return `line ${this.#line} of the answer is not UTF-8`;
    if (end === start || isJsonObject(bytes, start, end)) return undefined;
    return `line ${this.#line} of the answer is no JSON object`;
  }

  /** What is wrong with the end, or undefined. */
  end(): string | undefined {
    return this.#rest.length === 0 ? undefined : `line ${this.#line + 1} of the answer is cut off`;
  }
}

/**
 * Cuts a leader's dump into documents without parsing them.
 *
 * The fast path expects what ArangoDB and denosh write, `{"_key":"k","_id":"c/k",("_from":…,"_to":…,)"_rev":"r"…}`, and takes the line as it
 * is. Every other form of the same document, and the form with an envelope, goes through the JSON text.
 *
 * Source: `replication-protocol.md` §2.5.
 *
 * @module
 */
import { ArangoError } from "../base/arango_error.ts";
import { checkedJson, type Member, members } from "../base/json_text.ts";
import type { DocumentBytes } from "../storage/bulk_file.ts";
import type { StoredDocument } from "../storage/document_table.ts";
import { exactDocument } from "./exact_document.ts";

const NEWLINE = 0x0a;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const CLOSE = 0x7d;
/** Digits of a clock text of our times. */
const REVISION_LENGTH = 11;
const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });

const DIGITS = new Int8Array(256).fill(-1);
for (const [value, char] of [..."-_ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"].entries()) {
  DIGITS[char.charCodeAt(0)] = value;
}

/** Walks over the lines of dump chunks; one instance serves a whole collection. */
export class DumpLines {
  /** The document that {@linkcode DumpLines.next} has found. */
  readonly document: DocumentBytes = {
    bytes: new Uint8Array(),
    revHigh: 0,
    revLow: 0,
    keyStart: 0,
    keyEnd: 0,
    textStart: 0,
    textEnd: 0,
    fromStart: 0,
    fromEnd: 0,
    toStart: 0,
    toEnd: 0,
  };
  readonly #collection: string;
  readonly #edge: boolean;
  readonly #key = encoder.encode(`{"_key":"`);
  readonly #id: Uint8Array;
  readonly #from = encoder.encode(`,"_from":"`);
  readonly #to = encoder.encode(`,"_to":"`);
  readonly #rev = encoder.encode(`,"_rev":"`);
  #chunk: Uint8Array = new Uint8Array();
  #at = 0;
  #line = 0;

  /**
   * @param collection the collection's local name, which `_id` must have
   * @param edge whether documents have `_from` and `_to`
   */
  constructor(collection: string, edge: boolean) {
    this.#collection = collection;
    this.#edge = edge;
    this.#id = encoder.encode(`","_id":${JSON.stringify(`${collection}/`).slice(0, -1)}`);
  }

  /** Starts with another chunk. */
  feed(chunk: Uint8Array): void {
    this.#chunk = chunk;
    this.#at = 0;
  }

  /**
   * Finds the next document of the chunk.
   *
   * @returns false at the end of the chunk
   * @throws ArangoError 1401 for a line that is no document, with the place
   */
  next(): boolean {
    const chunk = this.#chunk;
    const start = this.#at;
    if (start >= chunk.length) return false;
    const found = chunk.indexOf(NEWLINE, start);
    const end = found < 0 ? chunk.length : found;
    this.#at = end + 1;
    // a blank line ends a chunk
    if (end === start) return this.next();
    this.#line++;
    if (found < 0) throw this.#invalid("the last line is cut off");
    if (!this.#cut(start, end)) this.#parse(start, end);
    return true;
  }

  /** The document that was found, as it would be stored. */
  stored(): StoredDocument {
    const { bytes, revHigh, revLow, keyStart, keyEnd, textStart, textEnd, fromStart, fromEnd, toStart, toEnd } =
      this.document;
    const text = (start: number, end: number): string => this.#decode(bytes.subarray(start, end));
    const document = {
      key: text(keyStart, keyEnd),
      rev: (BigInt(revHigh) << 32n) | BigInt(revLow),
      text: text(textStart, textEnd),
    };
    return this.#edge ? { ...document, from: text(fromStart, fromEnd), to: text(toStart, toEnd) } : document;
  }

  #startsWith(prefix: Uint8Array, at: number): boolean {
    const chunk = this.#chunk;
    for (let i = 0; i < prefix.length; i++) if (chunk[at + i] !== prefix[i]) return false;
    return true;
  }

  /** The end of the string that goes on at `at`, or -1 if it needs a parser. */
  #endOfString(at: number, end: number): number {
    const chunk = this.#chunk;
    for (; at < end; at++) {
      const byte = chunk[at]!;
      if (byte === QUOTE) return at;
      if (byte === BACKSLASH) return -1;
    }
    return -1;
  }

  #cut(start: number, end: number): boolean {
    const chunk = this.#chunk;
    const document = this.document;
    if (chunk[end - 1] !== CLOSE || !this.#startsWith(this.#key, start)) return false;
    const keyStart = start + this.#key.length;
    const keyEnd = this.#endOfString(keyStart, end);
    if (keyEnd <= keyStart || !this.#startsWith(this.#id, keyEnd)) return false;
    let at = keyEnd + this.#id.length;
    for (let i = keyStart; i < keyEnd; i++, at++) if (chunk[at] !== chunk[i]) return false;
    if (chunk[at++] !== QUOTE) return false;
    if (this.#edge) {
      if (!this.#startsWith(this.#from, at)) return false;
      document.fromStart = at + this.#from.length;
      document.fromEnd = this.#endOfString(document.fromStart, end);
      if (document.fromEnd < 0 || !this.#startsWith(this.#to, document.fromEnd + 1)) return false;
      document.toStart = document.fromEnd + 1 + this.#to.length;
      document.toEnd = this.#endOfString(document.toStart, end);
      if (document.toEnd < 0) return false;
      at = document.toEnd + 1;
    }
    if (!this.#startsWith(this.#rev, at)) return false;
    const revStart = at + this.#rev.length;
    if (!this.#decodeRevision(revStart, end)) return false;
    // whoever writes white space between tokens does so here: such texts have to be compacted
    const next = chunk[revStart + REVISION_LENGTH + 1];
    if (next === COMMA ? chunk[revStart + REVISION_LENGTH + 2] !== QUOTE : next !== CLOSE) return false;
    document.bytes = chunk;
    document.keyStart = keyStart;
    document.keyEnd = keyEnd;
    document.textStart = start;
    document.textEnd = end;
    return true;
  }

  /** Reads a clock text of eleven digits into halves; other forms need the parser. */
  #decodeRevision(start: number, end: number): boolean {
    const chunk = this.#chunk;
    if (start + REVISION_LENGTH >= end || chunk[start + REVISION_LENGTH] !== QUOTE) return false;
    // digits above "9" of the first place would be a decimal number or beyond 64 bits
    const first = DIGITS[chunk[start]!]!;
    if (first < 0 || first > 15) return false;
    let high = first;
    let low = 0;
    for (let i = 1; i < 6; i++) {
      const digit = DIGITS[chunk[start + i]!]!;
      if (digit < 0) return false;
      high = high * 64 + digit;
    }
    for (let i = 6; i < REVISION_LENGTH; i++) {
      const digit = DIGITS[chunk[start + i]!]!;
      if (digit < 0) return false;
      low = low * 64 + digit;
    }
    // 36 + 30 bits: the lowest two of the first part belong to the lower half
    this.document.revLow = ((high & 3) * 0x4000_0000 + low) >>> 0;
    this.document.revHigh = Math.floor(high / 4);
    return true;
  }

  #decode(bytes: Uint8Array): string {
    try {
      // shared memory is not decoded
      return decoder.decode(bytes.buffer instanceof SharedArrayBuffer ? bytes.slice() : bytes);
    } catch {
      throw this.#invalid("it is not UTF-8");
    }
  }

  #parse(start: number, end: number): void {
    let text: string;
    try {
      text = checkedJson(this.#decode(this.#chunk.subarray(start, end)));
    } catch (cause) {
      throw this.#invalid(cause instanceof Error ? cause.message : String(cause), cause);
    }
    const attributes = text.startsWith("{") ? members(text) : new Map<string, Member>();
    const data = attributes.get("data");
    if (attributes.get("type")?.raw === "2300" && data?.raw.startsWith("{") && !attributes.has("_key")) text = data.raw;
    const document = this.#exact(text);
    const parts = [document.key, document.text, document.from ?? "", document.to ?? ""].map((part) =>
      encoder.encode(part)
    );
    const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    const ends: number[] = [0];
    for (const part of parts) {
      bytes.set(part, ends.at(-1)!);
      ends.push(ends.at(-1)! + part.length);
    }
    const [keyStart, keyEnd, textEnd, fromEnd, toEnd] = ends as [number, number, number, number, number];
    Object.assign(this.document, {
      bytes,
      revHigh: Number(document.rev >> 32n),
      revLow: Number(document.rev & 0xffffffffn),
      keyStart,
      keyEnd,
      textStart: keyEnd,
      textEnd,
      fromStart: textEnd,
      fromEnd,
      toStart: fromEnd,
      toEnd,
    });
  }

  #exact(text: string): StoredDocument {
    try {
      return exactDocument(this.#collection, this.#edge, text);
    } catch (cause) {
      throw this.#invalid(cause instanceof Error ? cause.message : String(cause), cause);
    }
  }

  #invalid(detail: string, cause?: unknown): ArangoError {
    return new ArangoError(
      "ERROR_REPLICATION_INVALID_RESPONSE",
      `invalid response from leader: line ${this.#line} of the dump of collection '${this.#collection}' cannot be taken over: ${detail}`,
      { cause },
    );
  }
}

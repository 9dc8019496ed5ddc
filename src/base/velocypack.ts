/**
 * VelocyPack, the binary form of JSON that some drivers speak, from and to JSON text.
 *
 * Text, not values, because numbers must survive: 64-bit integers stay integers, `-0.0` keeps its sign.
 *
 * Source: the description of the format, version 1 (`VelocyPack.md` of the project velocypack).
 *
 * @module
 */

/** The media type of VelocyPack. */
export const VELOCYPACK_TYPE = "application/x-velocypack";

/** How deep values may nest. */
const DEEPEST = 1000;

const COMPACT_ARRAY = 0x13;
const COMPACT_OBJECT = 0x14;
const NULL = 0x18;
const FALSE = 0x19;
const TRUE = 0x1a;
const DOUBLE = 0x1b;
const UTC_DATE = 0x1c;
const SIGNED = 0x20;
const UNSIGNED = 0x28;
const SMALL = 0x30;
const SMALL_NEGATIVE = 0x3a;
const SHORT_STRING = 0x40;
const LONG_STRING = 0xbf;
const LONGEST_SHORT_STRING = 126;

/** Bytes of the longest length or count: what fits into a number exactly. */
const LONGEST_VARIABLE = 7;

/** Attribute names that servers write as numbers. */
const KNOWN_NAMES = ["", "_key", "_rev", "_id", "_from", "_to"];

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

/** Bytes that are no VelocyPack, or text that is no JSON. */
export class VelocyPackError extends Error {
  override readonly name = "VelocyPackError";
}

/** Reads values one after the other. */
class Reader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** A number of `width` bytes, the lowest first. */
  #unsigned(at: number, width: number): bigint {
    if (at + width > this.#bytes.length) throw this.#damaged(at);
    let value = 0n;
    for (let i = width - 1; i >= 0; i--) value = value << 8n | BigInt(this.#bytes[at + i]!);
    return value;
  }

  #length(at: number, width: number): number {
    const length = this.#unsigned(at, width);
    if (length > BigInt(this.#bytes.length)) throw this.#damaged(at);
    return Number(length);
  }

  #damaged(at: number): VelocyPackError {
    return new VelocyPackError(`the body is no valid VelocyPack (at byte ${at})`);
  }

  #string(from: number, length: number): string {
    if (from + length > this.#bytes.length) throw this.#damaged(from);
    try {
      return JSON.stringify(decoder.decode(this.#bytes.subarray(from, from + length)));
    } catch (cause) {
      throw new VelocyPackError(`a string of the VelocyPack body is not UTF-8 (at byte ${from})`, { cause });
    }
  }

  /** The JSON text of the value at `at`, and where the next one begins. */
  read(at: number, depth = 0): { text: string; end: number } {
    if (at >= this.#bytes.length) throw this.#damaged(at);
    if (depth > DEEPEST) throw new VelocyPackError(`the values of the VelocyPack body nest deeper than ${DEEPEST}`);
    const type = this.#bytes[at]!;
    if (type >= SHORT_STRING && type < LONG_STRING) {
      const end = at + 1 + type - SHORT_STRING;
      return { text: this.#string(at + 1, type - SHORT_STRING), end };
    }
    if (type >= SMALL && type < SHORT_STRING) {
      return { text: String(type < SMALL_NEGATIVE ? type - SMALL : type - SHORT_STRING), end: at + 1 };
    }
    if (type >= UNSIGNED && type < SMALL) {
      const width = type - UNSIGNED + 1;
      return { text: this.#unsigned(at + 1, width).toString(), end: at + 1 + width };
    }
    if (type >= SIGNED && type < UNSIGNED) {
      const width = type - SIGNED + 1;
      return { text: BigInt.asIntN(8 * width, this.#unsigned(at + 1, width)).toString(), end: at + 1 + width };
    }
    if (type >= 0x02 && type <= COMPACT_OBJECT && type !== 0x0a) return this.#compound(type, at, depth);
    switch (type) {
      case 0x01:
        return { text: "[]", end: at + 1 };
      case 0x0a:
        return { text: "{}", end: at + 1 };
      case NULL:
        return { text: "null", end: at + 1 };
      case FALSE:
        return { text: "false", end: at + 1 };
      case TRUE:
        return { text: "true", end: at + 1 };
      case DOUBLE:
        this.#unsigned(at + 1, 8);
        return { text: doubleText(this.#view.getFloat64(at + 1, true)), end: at + 9 };
      case UTC_DATE:
        return { text: BigInt.asIntN(64, this.#unsigned(at + 1, 8)).toString(), end: at + 9 };
      case LONG_STRING: {
        const length = this.#length(at + 1, 8);
        return { text: this.#string(at + 9, length), end: at + 9 + length };
      }
      default:
        throw new VelocyPackError(
          `the VelocyPack body has a value of type 0x${type.toString(16).padStart(2, "0")}, which is no JSON`,
        );
    }
  }

  /** An array or object; its index table, if it has one, tells nothing that the order of its members does not. */
  #compound(type: number, at: number, depth: number): { text: string; end: number } {
    const isObject = type >= 0x0b && type !== COMPACT_ARRAY;
    const layout = type >= COMPACT_ARRAY ? this.#compactLayout(at) : this.#layout(type, at);
    const members: string[] = [];
    let from = layout.from;
    while (layout.count === undefined ? from < layout.to : members.length < layout.count) {
      let name = "";
      if (isObject) {
        const key = this.#name(from, depth);
        name = `${key.text}:`;
        from = key.end;
      }
      const value = this.read(from, depth + 1);
      members.push(name + value.text);
      from = value.end;
      if (from > layout.to) throw this.#damaged(from);
    }
    return { text: isObject ? `{${members.join()}}` : `[${members.join()}]`, end: layout.end };
  }

  #name(at: number, depth: number): { text: string; end: number } {
    const { text, end } = this.read(at, depth + 1);
    if (text.startsWith('"')) return { text, end };
    const known = KNOWN_NAMES[Number(text)];
    if (!known) throw this.#damaged(at);
    return { text: `"${known}"`, end };
  }

  /** Where the members of a value with a length of fixed width lie, and how many they are if that is written down. */
  #layout(type: number, at: number): { from: number; to: number; end: number; count: number | undefined } {
    const width = 1 << ((type - (type < 0x0b ? 0x02 : 0x0b)) & 3);
    const end = at + this.#length(at + 1, width);
    if (end > this.#bytes.length || end <= at) throw this.#damaged(at);
    if (type < 0x06) return { from: this.#unpadded(at + 1 + width, end), to: end, end, count: undefined };
    // the widest form has the number of its members at its end
    const count = width === 8 ? this.#length(end - 8, 8) : this.#length(at + 1 + width, width);
    const table = end - count * width - (width === 8 ? 8 : 0);
    const header = width === 8 ? 9 : 1 + 2 * width;
    return { from: this.#unpadded(at + header, table), to: table, end, count };
  }

  /** Builders that did not know a value's length in advance leave zeros before its members. */
  #unpadded(from: number, to: number): number {
    while (from < to && this.#bytes[from] === 0) from++;
    return from;
  }

  #compactLayout(at: number): { from: number; to: number; end: number; count: number } {
    const length = this.#variable(at + 1, 1);
    const end = at + length.value;
    if (end > this.#bytes.length || end <= length.next) throw this.#damaged(at);
    const count = this.#variable(end - 1, -1);
    return { from: length.next, to: count.next + 1, end, count: count.value };
  }

  /** A number in groups of seven bits, the lowest first, read forwards or backwards. */
  #variable(at: number, step: 1 | -1): { value: number; next: number } {
    let value = 0;
    for (let group = 0; group < LONGEST_VARIABLE; group++) {
      const byte = this.#bytes[at + group * step];
      if (byte === undefined) break;
      value += (byte & 0x7f) * 128 ** group;
      if (byte < 0x80) return { value, next: at + (group + 1) * step };
    }
    throw this.#damaged(at);
  }
}

function doubleText(value: number): string {
  return Object.is(value, -0) ? "-0.0" : Number.isFinite(value) ? String(value) : "null";
}

/**
 * The JSON text of a VelocyPack value.
 *
 * @throws VelocyPackError if the bytes are no VelocyPack, or have a value that JSON cannot express
 */
export function velocyPackToJson(bytes: Uint8Array): string {
  const { text, end } = new Reader(bytes).read(0);
  if (end !== bytes.length) throw new VelocyPackError(`the VelocyPack body goes on after its value (at byte ${end})`);
  return text;
}

/** Parts of JSON text: a string, a number, or a single character or literal. */
const TOKEN = /\s*(?:("[^"\\]*(?:\\.[^"\\]*)*")|(-?\d[\d.eE+-]*)|(null|true|false|[[\]{},:]))/gy;
const INTEGER = /^-?\d+$/;

/** Writes values of JSON text one after the other. */
class Writer {
  #bytes = new Uint8Array(1024);
  #view = new DataView(this.#bytes.buffer);
  #at = 0;
  readonly #text: string;
  readonly #tokens: RegExp;
  #token: RegExpExecArray | null = null;
  /** Where the current token begins. */
  #read = 0;

  constructor(text: string) {
    this.#text = text;
    this.#tokens = new RegExp(TOKEN);
    this.#next();
  }

  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#at);
  }

  #next(): void {
    this.#read = this.#tokens.lastIndex;
    this.#token = this.#tokens.exec(this.#text);
  }

  get #mark(): string | undefined {
    return this.#token?.[3];
  }

  #room(bytes: number): void {
    if (this.#at + bytes <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#at + bytes));
    larger.set(this.bytes);
    this.#bytes = larger;
    this.#view = new DataView(larger.buffer);
  }

  #byte(value: number): void {
    this.#room(1);
    this.#bytes[this.#at++] = value;
  }

  /** Writes the value that begins with the current token. */
  write(depth = 0): void {
    if (depth > DEEPEST) throw new VelocyPackError(`values nest deeper than ${DEEPEST}`);
    const [, string, number, mark] = this.#token ?? [];
    if (mark === "[" || mark === "{") return this.#compound(mark === "{", depth);
    if (string !== undefined) this.#string(string);
    else if (number !== undefined) this.#number(number);
    else if (mark === "null") this.#byte(NULL);
    else if (mark === "true") this.#byte(TRUE);
    else if (mark === "false") this.#byte(FALSE);
    else throw new VelocyPackError("no JSON text");
    this.#next();
  }

  #string(quoted: string): void {
    const text = quoted.includes("\\") ? JSON.parse(quoted) as string : quoted.slice(1, -1);
    const bytes = encoder.encode(text);
    this.#room(9 + bytes.length);
    if (bytes.length <= LONGEST_SHORT_STRING) {
      this.#bytes[this.#at++] = SHORT_STRING + bytes.length;
    } else {
      this.#bytes[this.#at] = LONG_STRING;
      this.#view.setBigUint64(this.#at + 1, BigInt(bytes.length), true);
      this.#at += 9;
    }
    this.#bytes.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  #number(text: string): void {
    const value = Number(text);
    if (Number.isNaN(value)) throw new VelocyPackError(`'${text}' is no number`);
    if (!INTEGER.test(text) || Object.is(value, -0)) return this.#double(value);
    if (value >= 0 && value < 10) return this.#byte(SMALL + value);
    if (value < 0 && value >= -6) return this.#byte(SHORT_STRING + value);
    const exact = BigInt(text);
    if (exact >= 1n << 64n || exact < -(1n << 63n)) return this.#double(value);
    let width = 1;
    while (exact >= 0n ? exact >> BigInt(8 * width) !== 0n : BigInt.asIntN(8 * width, exact) !== exact) width++;
    this.#byte((exact >= 0n ? UNSIGNED : SIGNED) + width - 1);
    for (let i = 0; i < width; i++) this.#byte(Number(exact >> BigInt(8 * i) & 0xffn));
  }

  #double(value: number): void {
    this.#byte(DOUBLE);
    this.#room(8);
    this.#view.setFloat64(this.#at, value, true);
    this.#at += 8;
  }

  /** An array or object in its compact form: length, members, count. */
  #compound(isObject: boolean, depth: number): void {
    const start = this.#at;
    const close = isObject ? "}" : "]";
    this.#byte(isObject ? COMPACT_OBJECT : COMPACT_ARRAY);
    let count = 0;
    for (this.#next(); this.#mark !== close; count++) {
      if (count > 0) this.#skip(",");
      if (isObject) {
        if (this.#token?.[1] === undefined) throw new VelocyPackError("no JSON text");
        this.#string(this.#token[1]);
        this.#next();
        this.#skip(":");
      }
      this.write(depth + 1);
    }
    this.#next();
    if (count === 0) {
      this.#bytes[start] = isObject ? 0x0a : 0x01;
      return;
    }
    const tail = variable(count).reverse();
    const rest = this.#at - start + tail.length;
    // the length counts the bytes that it takes itself
    let head = variable(rest + 1);
    while (variable(rest + head.length).length > head.length) head = variable(rest + head.length);
    head = variable(rest + head.length);
    this.#room(head.length + tail.length);
    this.#bytes.copyWithin(start + 1 + head.length, start + 1, this.#at);
    this.#bytes.set(head, start + 1);
    this.#at += head.length;
    this.#bytes.set(tail, this.#at);
    this.#at += tail.length;
  }

  #skip(mark: string): void {
    if (this.#mark !== mark) throw new VelocyPackError("no JSON text");
    this.#next();
  }

  /** Whether all text has been read. */
  get isDone(): boolean {
    return this.#token === null && this.#text.slice(this.#read).trim() === "";
  }
}

/** A number in groups of seven bits, the lowest first. */
function variable(value: number): number[] {
  const groups: number[] = [];
  for (; value >= 0x80; value = Math.floor(value / 128)) groups.push(value & 0x7f | 0x80);
  groups.push(value);
  return groups;
}

/**
 * The VelocyPack form of JSON text, arrays and objects without index tables.
 *
 * @throws VelocyPackError if it is no JSON text
 */
export function jsonToVelocyPack(text: string): Uint8Array {
  const writer = new Writer(text);
  writer.write();
  if (!writer.isDone) throw new VelocyPackError("no JSON text");
  return writer.bytes;
}

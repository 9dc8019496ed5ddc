/**
 * Node's old Buffer: bytes that know encodings.
 *
 * @module
 */

import type { Loose, ModuleScope } from "./scope.ts";

/** The module `buffer`. Source: arangosh.md 3.3. */
export function buffer({ exports, host }: ModuleScope): void {
  const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const MOST_SHOWN = 50;

  function binary(bytes: Uint8Array): string {
    let text = "";
    for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
    return text;
  }

  function toBase64(bytes: Uint8Array): string {
    let text = "";
    for (let at = 0; at < bytes.length; at += 3) {
      const three = (bytes[at]! << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
      text += ALPHABET[three >> 18]! + ALPHABET[(three >> 12) & 63] +
        (at + 1 < bytes.length ? ALPHABET[(three >> 6) & 63] : "=") +
        (at + 2 < bytes.length ? ALPHABET[three & 63] : "=");
    }
    return text;
  }

  function fromBase64(text: string): number[] {
    const bytes: number[] = [];
    let bits = 0;
    let count = 0;
    for (const character of text.replace(/-/g, "+").replace(/_/g, "/")) {
      const value = ALPHABET.indexOf(character);
      if (value < 0) continue;
      bits = (bits << 6) | value;
      count += 6;
      if (count >= 8) {
        count -= 8;
        bytes.push((bits >> count) & 255);
        bits &= (1 << count) - 1;
      }
    }
    return bytes;
  }

  function codeUnits(text: string): number[] {
    return Array.from({ length: text.length }, (_, at) => text.charCodeAt(at));
  }

  function encode(text: string, encoding = "utf8"): ArrayLike<number> {
    switch (String(encoding).toLowerCase()) {
      case "utf8":
      case "utf-8":
        return host.encodeUtf8(text);
      case "ascii":
      case "binary":
      case "latin1":
        return codeUnits(text).map((unit) => unit & 255);
      case "hex": {
        if (!/^([\da-f]{2})*$/i.test(text)) throw new TypeError("Invalid hex string");
        return (text.match(/../g) ?? []).map((pair) => parseInt(pair, 16));
      }
      case "base64":
      case "base64url":
        return fromBase64(text);
      case "ucs2":
      case "ucs-2":
      case "utf16le":
      case "utf-16le":
        return codeUnits(text).flatMap((unit) => [unit & 255, unit >> 8]);
      default:
        throw new TypeError(`Unknown encoding: ${encoding}`);
    }
  }

  class BufferClass extends Uint8Array {
    override toString(encoding = "utf8", start = 0, end = this.length): string {
      const bytes = this.subarray(Math.max(0, start), Math.max(0, end));
      switch (String(encoding).toLowerCase()) {
        case "utf8":
        case "utf-8":
          return host.decodeUtf8(bytes);
        case "ascii":
          return binary(bytes.map((byte) => byte & 127));
        case "binary":
        case "latin1":
          return binary(bytes);
        case "hex":
          return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
        case "base64":
          return toBase64(bytes);
        case "base64url":
          return toBase64(bytes).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
        case "ucs2":
        case "ucs-2":
        case "utf16le":
        case "utf-16le": {
          let text = "";
          for (let at = 0; at + 1 < bytes.length; at += 2) {
            text += String.fromCharCode(bytes[at]! | (bytes[at + 1]! << 8));
          }
          return text;
        }
        default:
          throw new TypeError(`Unknown encoding: ${encoding}`);
      }
    }
    // as in Node: a slice shares the bytes
    override slice(start?: number, end?: number): Loose {
      return this.subarray(start, end);
    }
    write(text: string, offset: Loose = 0, length?: Loose, encoding?: string): number {
      const named = typeof offset === "string" ? offset : typeof length === "string" ? length : encoding;
      const from = typeof offset === "number" ? offset : 0;
      const bytes = Array.from(encode(text, named));
      let end = Math.min(bytes.length, Math.max(0, this.length - from), typeof length === "number" ? length : Infinity);
      // a character is written whole or not at all
      if (/^(ucs-?2|utf-?16le)$/i.test(named ?? "")) end -= end % 2;
      else if (/^utf-?8$/i.test(named ?? "utf8")) { while (end > 0 && (bytes[end]! & 0xc0) === 0x80) end--; }
      this.set(bytes.slice(0, end), from);
      return end;
    }
    copy(target: Uint8Array, targetStart = 0, start = 0, end = this.length): number {
      if (targetStart >= target.length) return 0;
      const part = this.subarray(start, Math.max(start, Math.min(end, start + target.length - targetStart)));
      target.set(part, targetStart);
      return part.length;
    }
    equals(other: Uint8Array): boolean {
      return this.length === other.length && this.every((byte, at) => byte === other[at]);
    }
    toJSON(): Loose {
      return { type: "Buffer", data: Array.from(this) };
    }
    override fill(value: Loose, start: Loose = 0, end: Loose = this.length, encoding?: string): this {
      if (typeof start === "string") return this.fill(value, 0, this.length, start);
      if (typeof end === "string") return this.fill(value, start, this.length, end);
      if (typeof value !== "string") return super.fill(value, start, end);
      const bytes = encode(value, encoding);
      if (value !== "" && bytes.length === 0) throw new TypeError(`nothing to fill with: ${value}`);
      for (let at = start; at < Math.min(end, this.length); at++) this[at] = bytes[(at - start) % bytes.length] ?? 0;
      return this;
    }
    override indexOf(value: Loose, start: Loose = 0, encoding?: string): number {
      if (typeof start === "string") return this.indexOf(value, 0, start);
      if (typeof value === "number") return super.indexOf(value & 255, start);
      const wanted: number[] = Array.from(typeof value === "string" ? encode(value, encoding) : value);
      for (let at = start < 0 ? Math.max(0, this.length + start) : start; at + wanted.length <= this.length; at++) {
        if (wanted.every((byte, offset) => byte === this[at + offset])) return at;
      }
      return -1;
    }
    override includes(value: Loose, start?: Loose, encoding?: string): boolean {
      return this.indexOf(value, start, encoding) >= 0;
    }
    inspect(): string {
      const shown = Array.from(this.subarray(0, MOST_SHOWN), (byte) => byte.toString(16).padStart(2, "0"));
      return `<Buffer ${shown.join(" ")}${this.length > MOST_SHOWN ? " ... " : ""}>`;
    }
    _PRINT(context: Loose): void {
      context.output += this.inspect();
    }
    hexSlice(start?: number, end?: number): string {
      return this.toString("hex", start, end);
    }
    utf8Slice(start?: number, end?: number): string {
      return this.toString("utf8", start, end);
    }
    asciiSlice(start?: number, end?: number): string {
      return this.toString("ascii", start, end);
    }
    binarySlice(start?: number, end?: number): string {
      return this.toString("binary", start, end);
    }
    base64Slice(start?: number, end?: number): string {
      return this.toString("base64", start, end);
    }
  }

  /** What the numbered accessors are made of: their name, that of the view's method, bytes, least and largest value. */
  const NUMBERS: [string, string, number, number, number][] = [
    ["UInt8", "Uint8", 1, 0, 0xff],
    ["Int8", "Int8", 1, -0x80, 0x7f],
    ["UInt16", "Uint16", 2, 0, 0xffff],
    ["Int16", "Int16", 2, -0x8000, 0x7fff],
    ["UInt32", "Uint32", 4, 0, 0xffffffff],
    ["Int32", "Int32", 4, -0x80000000, 0x7fffffff],
    ["Float", "Float32", 4, -Infinity, Infinity],
    ["Double", "Float64", 8, -Infinity, Infinity],
  ];
  const prototype: Loose = BufferClass.prototype;
  for (const [name, view, length, least, largest] of NUMBERS) {
    for (const order of length === 1 ? [""] : ["LE", "BE"]) {
      prototype[`read${name}${order}`] = function (this: Uint8Array, offset = 0) {
        const data = new DataView(this.buffer, this.byteOffset, this.byteLength) as Loose;
        return data[`get${view}`](offset, order === "LE");
      };
      prototype[`write${name}${order}`] = function (this: Uint8Array, value: number, offset = 0, isUnchecked = false) {
        if (!isUnchecked && (value < least || value > largest)) throw new RangeError("value is out of bounds");
        const data = new DataView(this.buffer, this.byteOffset, this.byteLength) as Loose;
        data[`set${view}`](offset, value, order === "LE");
        return offset + length;
      };
    }
  }

  function from(value: Loose, encoding?: string): Loose {
    if (typeof value === "string") return new BufferClass(encode(value, encoding));
    if (typeof value === "number") return new BufferClass(value);
    if (value?.type === "Buffer" && Array.isArray(value.data)) return new BufferClass(value.data);
    if (value instanceof ArrayBuffer) return new BufferClass(value);
    // bytes of the host are of another class, but array-like all the same
    return new BufferClass(value as ArrayLike<number>);
  }

  /** Callable with and without `new`, as the old API has it. */
  const Buffer: Loose = new Proxy(BufferClass, {
    apply: (_target, _self, [value, encoding]) => from(value, encoding),
    construct: (target, args, newTarget) =>
      newTarget !== Buffer || typeof args[1] === "number"
        ? Reflect.construct(target, args, newTarget === Buffer ? target : newTarget)
        : from(args[0], args[1]),
  });
  Object.defineProperty(BufferClass, "name", { value: "Buffer" });
  Object.defineProperty(BufferClass, Symbol.species, { get: () => BufferClass });
  Object.defineProperty(prototype, "constructor", { value: Buffer, writable: true, configurable: true });
  Object.assign(BufferClass, {
    from,
    alloc(size: number, fill?: Loose) {
      const made = new BufferClass(size);
      return fill === undefined ? made : made.fill(fill);
    },
    isBuffer: (value: Loose) => value instanceof BufferClass,
    isEncoding: (name: Loose) => /^(utf-?8|ascii|binary|latin1|hex|base64(url)?|ucs-?2|utf-?16le)$/i.test(String(name)),
    byteLength: (text: Loose, encoding?: string) =>
      typeof text === "string" ? encode(text, encoding).length : text.length,
    concat(list: Uint8Array[], total = list.reduce((sum, each) => sum + each.length, 0)) {
      const made = new BufferClass(list.length === 0 ? 0 : total);
      let at = 0;
      for (const each of list) {
        const part = each.subarray(0, Math.max(0, made.length - at));
        made.set(part, at);
        at += part.length;
      }
      return made;
    },
    compare: (left: Uint8Array, right: Uint8Array) => {
      for (let at = 0; at < Math.min(left.length, right.length); at++) {
        if (left[at] !== right[at]) return left[at]! < right[at]! ? -1 : 1;
      }
      return Math.sign(left.length - right.length);
    },
  });
  Object.assign(exports, { Buffer, SlowBuffer: Buffer, INSPECT_MAX_BYTES: MOST_SHOWN });
}

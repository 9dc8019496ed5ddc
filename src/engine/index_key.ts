/**
 * Index entries as bytes whose order and equality are those of AQL values.
 *
 * A value is a type byte and a payload: null 1, false 2, true 3, number 4, string 5, array 6, object 7, in ArangoDB's total
 * order of types. 0 ends a compound value, which has no null at its end (arrays) or at all (objects): AQL has `{x: null}` and
 * `{}` equal, `[1, null]` and `[1]` too. Strings are UTF-8 with 0x00 written as 0x00 0xff, ended by 0x00 0x00.
 *
 * @module
 */

/** Bytes that entries have in common. */
const POOL = 4096;
/** Longer entries have bytes of their own: what is kept of them then keeps nothing else. */
const LONG_ENTRY = POOL / 8;

/**
 * Writes entries one behind the other. Measured: an entry of a number takes 300 ns with bytes of its own, 40 as a view of those
 * that others have too.
 */
class ByteWriter {
  #bytes = new Uint8Array(POOL);
  #view = new DataView(this.#bytes.buffer);
  /** Where the entry begins, and ends so far. */
  #start = 0;
  #end = 0;

  #reserve(count: number): void {
    if (this.#end + count <= this.#bytes.length) return;
    const written = this.#bytes.subarray(this.#start, this.#end);
    this.#begin(Math.max(POOL, (written.length + count) * 2));
    this.#bytes.set(written);
    this.#end = written.length;
  }

  #begin(size: number): void {
    this.#bytes = new Uint8Array(size);
    this.#view = new DataView(this.#bytes.buffer);
    this.#start = this.#end = 0;
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#end++] = value;
  }

  double(value: number): void {
    this.#reserve(8);
    const view = this.#view;
    const at = this.#end;
    // -0 equals 0; negative numbers sort by their complement, positive ones with the sign bit set
    view.setFloat64(at, value === 0 ? 0 : value);
    if (value < 0) {
      view.setUint32(at, ~view.getUint32(at));
      view.setUint32(at + 4, ~view.getUint32(at + 4));
    } else {
      view.setUint8(at, view.getUint8(at) | 0x80);
    }
    this.#end += 8;
  }

  text(value: string): void {
    this.#reserve(value.length * 3 + 2);
    const { written } = encoder.encodeInto(value, this.#bytes.subarray(this.#end));
    if (value.includes("\0")) {
      const plain = this.#bytes.slice(this.#end, this.#end + written);
      for (const one of plain) {
        this.byte(one);
        if (one === 0) this.byte(0xff);
      }
    } else {
      this.#end += written;
    }
    this.byte(0);
    this.byte(0);
  }

  /** Begins an entry. */
  start(): void {
    if (this.#bytes.length > POOL) this.#begin(POOL);
    this.#start = this.#end;
  }

  /** The entry. */
  take(): Uint8Array {
    if (this.#end - this.#start <= LONG_ENTRY) return this.#bytes.subarray(this.#start, this.#end);
    const entry = this.#bytes.slice(this.#start, this.#end);
    this.#end = this.#start;
    return entry;
  }
}

const encoder = new TextEncoder();
const writer = new ByteWriter();

function write(value: unknown, to: ByteWriter): void {
  if (value === null || value === undefined) {
    to.byte(1);
  } else if (typeof value === "boolean") {
    to.byte(value ? 3 : 2);
  } else if (typeof value === "number") {
    to.byte(4);
    to.double(value);
  } else if (typeof value === "bigint") {
    writeInteger(value, to);
  } else if (typeof value === "string") {
    to.byte(5);
    to.text(value);
  } else if (Array.isArray(value)) {
    to.byte(6);
    const end = value.findLastIndex((one) => one !== null) + 1;
    for (let i = 0; i < end; i++) write(value[i], to);
    to.byte(0);
  } else {
    to.byte(7);
    const object = value as Record<string, unknown>;
    for (const name of Object.keys(object).sort()) {
      if (object[name] === null) continue;
      to.byte(5);
      to.text(name);
      write(object[name], to);
    }
    to.byte(0);
  }
}

/** Integers that share a double are told apart by what the double leaves over. */
function writeInteger(value: bigint, to: ByteWriter): void {
  const nearest = Number(value);
  write(nearest, to);
  const rest = value - BigInt(nearest);
  if (rest === 0n) return;
  to.byte(8);
  to.double(Number(rest));
}

/**
 * Parses a document for its index entries: integers that a double cannot hold become BigInt.
 *
 * @param text the document's JSON text
 */
export function parseForIndex(text: string): Record<string, unknown> {
  if (!/\d{16}/.test(text)) return JSON.parse(text);
  const reviver = (_name: string, value: unknown, context: { source?: string }): unknown =>
    typeof value === "number" && !Number.isSafeInteger(value) && /^-?\d+$/.test(context.source ?? "")
      ? BigInt(context.source!)
      : value;
  return JSON.parse(text, reviver as (name: string, value: unknown) => unknown);
}

/**
 * Encodes the values of an index entry, in the order of the index's fields.
 *
 * @param values JSON values; a missing attribute counts as null
 */
export function encodeIndexKey(values: readonly unknown[]): Uint8Array {
  writer.start();
  for (const value of values) write(value, writer);
  return writer.take();
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
/** Stands for what UTF-8 cannot hold. */
const REPLACEMENT = "\ufffd";

/** Reads an entry from its start; throws {@linkcode NotExact} where it does not tell the value. */
class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  value(): IndexedValue {
    switch (this.#bytes[this.#at++]) {
      case 1:
        return null;
      case 2:
        return false;
      case 3:
        return true;
      case 4:
        return this.#number();
      case 5:
        return this.#text();
      default:
        throw new NotExact();
    }
  }

  #number(): number {
    const view = this.#view;
    const at = this.#at;
    this.#at += 8;
    // what follows a number is left over from an integer that a double cannot hold
    if (this.#bytes[this.#at] === 8) throw new NotExact();
    const isNegative = view.getUint8(at) < 0x80;
    const high = isNegative ? ~view.getUint32(at) : view.getUint32(at) & 0x7fffffff;
    const low = isNegative ? ~view.getUint32(at + 4) : view.getUint32(at + 4);
    scratch.setUint32(0, high);
    scratch.setUint32(4, low);
    return scratch.getFloat64(0);
  }

  #text(): string {
    const end = this.#bytes.indexOf(0, this.#at);
    if (this.#bytes[end + 1] !== 0) throw new NotExact();
    const text = decoder.decode(this.#bytes.subarray(this.#at, end));
    if (text.includes(REPLACEMENT)) throw new NotExact();
    this.#at = end + 2;
    return text;
  }
}

const scratch = new DataView(new ArrayBuffer(8));

/** An entry does not tell which value it came from. */
class NotExact extends Error {}

/** A value that {@linkcode decodeIndexKey} can tell. */
export type IndexedValue = null | boolean | number | string;

/**
 * The first values of an index entry. Zero has lost its sign.
 *
 * @param count how many values
 * @returns undefined where the entry does not tell them: arrays, objects, integers beyond 2^53, strings with zero bytes
 */
export function decodeIndexKey(entry: Uint8Array, count: number): IndexedValue[] | undefined {
  const reader = new ByteReader(entry);
  const values: IndexedValue[] = [];
  try {
    while (values.length < count) values.push(reader.value());
  } catch (error) {
    if (error instanceof NotExact) return undefined;
    throw error;
  }
  return values;
}

/** The first bytes after every entry that starts with `prefix`: the exclusive end of a prefix's range. */
export function afterPrefix(prefix: Uint8Array): Uint8Array {
  const end = new Uint8Array(prefix.length + 1);
  end.set(prefix);
  end[prefix.length] = 0xff;
  return end;
}

/** The order of two entries: negative where the first one comes first, 0 where they are equal. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const difference = a[i]! - b[i]!;
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** A field of an index: the attribute path, and where `[*]` expands an array. */
export interface IndexField {
  readonly path: readonly string[];
  /** The path inside the array's members, when the field has a `[*]`. */
  readonly expanded?: readonly string[];
}

/** Parses `a.b`, `tags[*]`, `parts[*].name`; undefined if the text is no field. */
export function parseIndexField(text: string): IndexField | undefined {
  const parts = text.split("[*]");
  const split = (path: string): string[] => path.split(".");
  if (text === "" || parts.length > 2 || /[[\]]/.test(parts.join(""))) return undefined;
  const path = split(parts[0]!);
  const rest = parts[1];
  if (path.some((name) => name === "")) return undefined;
  if (rest === undefined) return { path };
  if (rest === "") return { path, expanded: [] };
  if (!rest.startsWith(".") || split(rest.slice(1)).some((name) => name === "")) return undefined;
  return { path, expanded: split(rest.slice(1)) };
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  for (const name of path) {
    if (value === null || typeof value !== "object" || Array.isArray(value)) return null;
    value = Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : null;
  }
  return value ?? null;
}

/** The value of a field without `[*]`; null if it is missing. */
export function fieldValue(document: Record<string, unknown>, field: IndexField): unknown {
  return valueAt(document, field.path);
}

/** How an index takes entries out of documents. */
export interface EntryRules {
  readonly fields: readonly IndexField[];
  /** Leave out documents in which a field without `[*]` is missing or null. */
  readonly sparse: boolean;
  /** Take each different member of an expanded array once. */
  readonly deduplicate: boolean;
}

/**
 * The entries of a document in an index: one, or with an expanded array one for each member.
 *
 * @param document the parsed document
 * @returns no entry if the index is sparse and a value is missing
 */
export function indexEntries(document: Record<string, unknown>, rules: EntryRules): Uint8Array[] {
  const { fields, sparse } = rules;
  const expanding = fields.find((field) => field.expanded);
  if (!expanding) {
    const values = fields.map((field) => valueAt(document, field.path));
    return sparse && values.includes(null) ? [] : [encodeIndexKey(values)];
  }
  const array = valueAt(document, expanding.path);
  const members = Array.isArray(array) ? array : [];
  const entries: Uint8Array[] = [];
  const seen = new Set<string>();
  // nulls in the array count, whether the index is sparse or not
  if (sparse && fields.some((field) => field !== expanding && valueAt(document, field.path) === null)) return [];
  for (const member of members) {
    const values = fields.map((field) =>
      field === expanding ? valueAt(member, field.expanded!) : valueAt(document, field.path)
    );
    const entry = encodeIndexKey(values);
    const text = entry.join(",");
    if (rules.deduplicate && seen.has(text)) continue;
    seen.add(text);
    entries.push(entry);
  }
  return entries;
}

/**
 * How keys are made for documents that come without one.
 *
 * Source: ArangoDB's `keyOptions` (HTTP API description of `POST /_api/collection`).
 *
 * @module
 */
import { ArangoError } from "../base/arango_error.ts";
import type { CollectionFile } from "../storage/collection_file.ts";

/** The `keyOptions` of a collection. */
export interface KeyOptions {
  readonly type: "traditional" | "autoincrement" | "uuid" | "padded";
  /** Whether documents may bring keys of their own. */
  readonly allowUserKeys: boolean;
  /** Autoincrement: distance of two keys. */
  readonly increment?: number;
  /** Autoincrement: the first key. */
  readonly offset?: number;
  /** The number that the first key follows on; 0 if it is absent. */
  readonly lastValue?: number;
}

/** No key stands for this number or a larger one. */
const END = (1n << 64n) - 1n;

const TYPES: readonly string[] = ["traditional", "autoincrement", "uuid", "padded"];

/**
 * Checks `keyOptions` and fills in the defaults.
 *
 * @throws ArangoError 1232 for an unknown generator or options that it cannot take
 */
export function keyOptions(given: unknown): KeyOptions {
  if (given === undefined || given === null) return { type: "traditional", allowUserKeys: true };
  if (typeof given !== "object" || Array.isArray(given)) throw invalid("keyOptions must be an object");
  const { type = "traditional", allowUserKeys = true, increment, offset, lastValue } = given as Record<string, unknown>;
  if (typeof type !== "string" || !TYPES.includes(type)) throw invalid(`unknown key generator '${type}'`);
  if (typeof allowUserKeys !== "boolean") throw invalid("allowUserKeys must be a boolean");
  if (!isWhole(lastValue ?? 0, 0, Number(END))) throw invalid("lastValue must be zero or a positive number");
  const options = {
    type: type as KeyOptions["type"],
    allowUserKeys,
    ...(lastValue ? { lastValue: Number(lastValue) } : {}),
  };
  if (type !== "autoincrement") return options;
  if (!isWhole(increment ?? 1, 1, 65535)) throw invalid("increment must be a number from 1 to 65535");
  if (!isWhole(offset ?? 0, 0, Number.MAX_SAFE_INTEGER)) throw invalid("offset must be zero or a positive number");
  return { ...options, increment: Number(increment ?? 1), offset: Number(offset ?? 0) };
}

function isWhole(value: unknown, min: number, max: number): boolean {
  return typeof value === "number" && Number.isInteger(value) && value >= min && value <= max;
}

function invalid(detail: string): ArangoError {
  return new ArangoError("ERROR_ARANGO_INVALID_KEY_GENERATOR", `invalid key generator: ${detail}`);
}

/**
 * The number that a key stands for, which the keys of a generator follow on.
 *
 * @returns undefined if the generator does not look at the key
 */
export function keyNumber(type: KeyOptions["type"], key: string): bigint | undefined {
  if (type === "padded") return /^[0-9a-f]{16}$/.test(key) ? BigInt(`0x${key}`) : undefined;
  if (type === "uuid" || !/^[1-9]\d{0,19}$/.test(key)) return undefined;
  const number = BigInt(key);
  return number <= END ? number : undefined;
}

/** Whether new keys follow on the largest one only. */
export function increments({ type }: KeyOptions): boolean {
  return type === "autoincrement" || type === "padded";
}

/** The largest number of the keys that are in a file, see {@linkcode keyNumber}; 0 if there are none. It looks at all keys. */
export function largestKey({ type }: KeyOptions, file: CollectionFile): bigint {
  return type === "padded" ? file.largestPaddedKey() : file.largestNumericKey();
}

/** What a generator draws from. */
export interface KeySource {
  /** A new server-wide id. */
  nextId(): bigint;
  /** The largest number of a key that was ever there, see {@linkcode keyNumber}; undefined if nobody has kept count. */
  counted(): bigint | undefined;
  /** As `counted()`, or else the largest number of the keys that are there; 0 if there are none. */
  largestNumber(): bigint;
  /** Whether a document has a key. */
  isTaken(key: string): boolean;
}

/**
 * Makes a key.
 *
 * @throws ArangoError 1225 when the numbers are used up
 */
export function generateKey(options: KeyOptions, source: KeySource): string {
  const start = BigInt(options.lastValue ?? 0);
  switch (options.type) {
    case "traditional": {
      const counted = source.counted();
      const next = following(source.nextId(), larger(start, counted ?? 0n));
      // looking for the largest key takes long, and few have taken a number that is still to come
      const taken = counted === undefined && source.isTaken(next.toString());
      return (taken ? following(next, source.largestNumber()) : next).toString();
    }
    case "uuid":
      return crypto.randomUUID();
    case "padded":
      return following(source.nextId(), larger(start, source.largestNumber())).toString(16).padStart(16, "0");
    case "autoincrement": {
      const increment = BigInt(options.increment ?? 1);
      const offset = BigInt(options.offset ?? 0);
      const largest = larger(start, source.largestNumber());
      const next = largest < offset
        ? (offset === 0n ? increment : offset)
        : offset + ((largest - offset) / increment + 1n) * increment;
      return checked(next).toString();
    }
  }
}

/** An id, or the number behind the last one if that is larger. */
function following(id: bigint, last: bigint): bigint {
  return checked(larger(id, last + 1n));
}

function checked(next: bigint): bigint {
  if (next >= END) throw new ArangoError("ERROR_ARANGO_OUT_OF_KEYS");
  return next;
}

function larger(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

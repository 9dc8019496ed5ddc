/**
 * How keys are made for documents that come without one.
 *
 * Source: ArangoDB's `keyOptions` (HTTP API description of `POST /_api/collection`).
 *
 * @module
 */
import { ArangoError } from "../base/arango_error.ts";

/** The `keyOptions` of a collection. */
export interface KeyOptions {
  readonly type: "traditional" | "autoincrement" | "uuid" | "padded";
  /** Whether documents may bring keys of their own. */
  readonly allowUserKeys: boolean;
  /** Autoincrement: distance of two keys. */
  readonly increment?: number;
  /** Autoincrement: the first key. */
  readonly offset?: number;
}

const TYPES: readonly string[] = ["traditional", "autoincrement", "uuid", "padded"];

/**
 * Checks `keyOptions` and fills in the defaults.
 *
 * @throws ArangoError 1232 for an unknown generator or options that it cannot take
 */
export function keyOptions(given: unknown): KeyOptions {
  if (given === undefined || given === null) return { type: "traditional", allowUserKeys: true };
  if (typeof given !== "object") throw invalid("keyOptions must be an object");
  const { type = "traditional", allowUserKeys = true, increment, offset } = given as Record<string, unknown>;
  if (typeof type !== "string" || !TYPES.includes(type)) throw invalid(`unknown key generator '${type}'`);
  if (typeof allowUserKeys !== "boolean") throw invalid("allowUserKeys must be a boolean");
  const options = { type: type as KeyOptions["type"], allowUserKeys };
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

/** What a generator draws from. */
export interface KeySource {
  /** A new server-wide id. */
  nextId(): bigint;
  /** A new revision. */
  nextRevision(): bigint;
  /** The largest key of the collection that is a number and was ever there; 0 if there was none. */
  largestNumber(): bigint;
  /** Whether a document has a key. */
  isTaken(key: string): boolean;
}

/**
 * Makes a key.
 *
 * @throws ArangoError 1225 when an autoincrement collection has used up its numbers
 */
export function generateKey(options: KeyOptions, source: KeySource): string {
  switch (options.type) {
    case "traditional": {
      const key = source.nextId().toString();
      // users may have taken the number
      return source.isTaken(key) ? (source.largestNumber() + 1n).toString() : key;
    }
    case "uuid":
      return crypto.randomUUID();
    case "padded":
      return source.nextRevision().toString(16).padStart(16, "0");
    case "autoincrement": {
      const increment = BigInt(options.increment ?? 1);
      const offset = BigInt(options.offset ?? 0);
      const largest = source.largestNumber();
      const next = largest < offset
        ? (offset === 0n ? increment : offset)
        : offset + ((largest - offset) / increment + 1n) * increment;
      if (next >= 1n << 63n) throw new ArangoError("ERROR_ARANGO_OUT_OF_KEYS");
      return next.toString();
    }
  }
}

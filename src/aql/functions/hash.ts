/**
 * Hashes.
 *
 * @module
 */
import { distinctKey } from "../value_order.ts";
import { type AqlValue, toStringValue } from "../values.ts";
import { argument, type FunctionSpec, pure } from "./function_spec.ts";
import { utf8 } from "./text.ts";

const FNV_PRIME = 0x100000001b3n;
const FNV_START = 0xcbf29ce484222325n;
const MASK_64 = (1n << 64n) - 1n;

let crcTable: Uint32Array | undefined;

/** CRC-32C (Castagnoli). */
function crc32c(bytes: Uint8Array): number {
  crcTable ??= Uint32Array.from({ length: 256 }, (_, byte) => {
    let value = byte;
    for (let bit = 0; bit < 8; bit++) value = (value >>> 1) ^ (value & 1 ? 0x82f63b78 : 0);
    return value;
  });
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crc >>> 8) ^ (crcTable[(crc ^ byte) & 255] ?? 0);
  return ~crc >>> 0;
}

function fnv64(bytes: Uint8Array): bigint {
  let hash = FNV_START;
  for (const byte of bytes) hash = ((hash ^ BigInt(byte)) * FNV_PRIME) & MASK_64;
  return hash;
}

/** A number below 2^51 that is the same for equal values. */
function valueHash(value: AqlValue): number {
  const key = distinctKey(value);
  const text = typeof key === "string" ? `s${key}` : String(key);
  let low = 0x811c9dc5;
  let high = 0x1b873593;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    low = Math.imul(low ^ unit, 0x01000193);
    high = Math.imul(high ^ unit, 0x85ebca6b) ^ (low >>> 13);
  }
  return (high & 0x7ffff) * 2 ** 32 + (low >>> 0);
}

/** Importing `node:crypto` would start Node's compatibility layer with every program, so it is fetched when needed. */
function hexDigest(algorithm: string, text: string): string {
  return globalThis.process.getBuiltinModule("node:crypto").createHash(algorithm).update(text, "utf8").digest("hex");
}

function digest(name: string, algorithm: string): FunctionSpec {
  return pure(
    name,
    [1, 1],
    (_context, args) => hexDigest(algorithm, toStringValue(argument(args, 0))),
  );
}

/** Hash functions. */
export const HASH_FUNCTIONS: readonly FunctionSpec[] = [
  pure(
    "CRC32",
    [1, 1],
    (_context, args) => crc32c(utf8(toStringValue(argument(args, 0)))).toString(16).toUpperCase(),
  ),
  pure("FNV64", [1, 1], (_context, args) => fnv64(utf8(toStringValue(argument(args, 0)))).toString(16).toUpperCase()),
  pure("HASH", [1, 1], (_context, args) => valueHash(argument(args, 0))),
  digest("MD5", "md5"),
  digest("SHA1", "sha1"),
  digest("SHA256", "sha256"),
  digest("SHA512", "sha512"),
];

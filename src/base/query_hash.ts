/**
 * The number by which ArangoDB tells the texts of queries apart.
 *
 * @module
 */
import { Buffer } from "node:buffer";

const SEED = 0x3123456789abcdefn;
const STEP = 0x880355f21e6d1965n;
const MIX = 0x2127599bf4325c37n;

function times(a: bigint, b: bigint): bigint {
  return BigInt.asUintN(64, a * b);
}

function mix(value: bigint): bigint {
  const mixed = times(value ^ (value >> 23n), MIX);
  return mixed ^ (mixed >> 47n);
}

/**
 * The hash of a query's text: fasthash64, as Zilong Tan has published it.
 *
 * Source: the recorded example `arangosh_list_cached_query_plans` of ArangoDB's manual has two of its values, which
 * tell function and seed.
 *
 * @returns an unsigned 64-bit value
 */
export function queryHash(query: string): bigint {
  const bytes = Buffer.from(query);
  let hash = SEED ^ times(BigInt(bytes.length), STEP);
  for (let at = 0; at < bytes.length; at += 8) {
    const word = at + 8 <= bytes.length ? bytes.readBigUInt64LE(at) : lastWord(bytes.subarray(at));
    hash = times(hash ^ mix(word), STEP);
  }
  return mix(hash);
}

/** Up to seven bytes as a number, the first one the lowest. */
function lastWord(bytes: Uint8Array): bigint {
  return bytes.reduceRight((word, byte) => (word << 8n) | BigInt(byte), 0n);
}

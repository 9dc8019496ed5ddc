/**
 * The two 64-bit hashes of the replication protocol, computed on 32-bit halves because `BigInt` arithmetic is ten
 * times slower.
 *
 * @module
 */

/** A 64-bit value as two unsigned halves. */
export interface Halves {
  high: number;
  low: number;
}

/**
 * FNV-1a (64 bits) over the eight little-endian bytes of a revision: what a revision tree adds up by exclusive or.
 *
 * Source: `replication-protocol.md` §2.8.
 *
 * @param high the upper 32 bits of the revision
 * @param low the lower 32 bits
 * @param into receives the hash, so that a loop over a million revisions allocates nothing
 */
export function hashRevision(high: number, low: number, into: Halves): void {
  let h = 0xcbf29ce4;
  let l = 0x84222325;
  for (let byte = 0; byte < 8; byte++) {
    l = (l ^ ((byte < 4 ? low >>> (byte << 3) : high >>> ((byte - 4) << 3)) & 0xff)) >>> 0;
    // times 2^40 + 0x1b3
    const product = l * 0x1b3;
    h = (h * 0x1b3 + Math.floor(product / 0x1_0000_0000) + (l << 8 >>> 0)) % 0x1_0000_0000;
    l = product % 0x1_0000_0000;
  }
  into.high = h;
  into.low = l;
}

const scratch: Halves = { high: 0, low: 0 };

/** {@linkcode hashRevision} for a single revision. */
export function revisionHash(revision: bigint): bigint {
  hashRevision(Number(revision >> 32n), Number(revision & 0xffffffffn), scratch);
  return (BigInt(scratch.high) << 32n) | BigInt(scratch.low);
}

const U64 = 0xffff_ffff_ffff_ffffn;
const P1 = 0x9e3779b185ebca87n;
const P2 = 0xc2b2ae3d27d4eb4fn;
const P3 = 0x165667b19e3779f9n;
const P4 = 0x85ebca77c2b2ae63n;
const P5 = 0x27d4eb2f165667c5n;

function rotate(value: bigint, bits: bigint): bigint {
  return ((value << bits) | (value >> (64n - bits))) & U64;
}

function round(accumulator: bigint, lane: bigint): bigint {
  return (rotate((accumulator + lane * P2) & U64, 31n) * P1) & U64;
}

/**
 * XXH64 of a byte sequence.
 *
 * Source: the published xxHash specification; checked against the values of `replication-protocol.md` §2.6.
 *
 * @param bytes what to hash
 * @param seed an unsigned 64-bit value
 */
export function xxh64(bytes: Uint8Array, seed: bigint): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = bytes.length;
  let at = 0;
  let h: bigint;
  if (length >= 32) {
    let a = (seed + P1 + P2) & U64;
    let b = (seed + P2) & U64;
    let c = seed;
    let d = (seed - P1) & U64;
    for (; at + 32 <= length; at += 32) {
      a = round(a, view.getBigUint64(at, true));
      b = round(b, view.getBigUint64(at + 8, true));
      c = round(c, view.getBigUint64(at + 16, true));
      d = round(d, view.getBigUint64(at + 24, true));
    }
    h = (rotate(a, 1n) + rotate(b, 7n) + rotate(c, 12n) + rotate(d, 18n)) & U64;
    for (const lane of [a, b, c, d]) h = ((h ^ round(0n, lane)) * P1 + P4) & U64;
  } else {
    h = (seed + P5) & U64;
  }
  h = (h + BigInt(length)) & U64;
  for (; at + 8 <= length; at += 8) h = (rotate(h ^ round(0n, view.getBigUint64(at, true)), 27n) * P1 + P4) & U64;
  if (at + 4 <= length) {
    h = (rotate(h ^ ((BigInt(view.getUint32(at, true)) * P1) & U64), 23n) * P2 + P3) & U64;
    at += 4;
  }
  for (; at < length; at++) h = (rotate(h ^ ((BigInt(bytes[at]!) * P5) & U64), 11n) * P1) & U64;
  h = ((h ^ (h >> 33n)) * P2) & U64;
  h = ((h ^ (h >> 29n)) * P3) & U64;
  return h ^ (h >> 32n);
}

const encoder = new TextEncoder();

/**
 * The hash of a text in the `keys` protocol: XXH64, seed 0xdeadbeef, of the text's VelocyPack form.
 *
 * Source: `replication-protocol.md` §2.6.
 */
export function velocyPackStringHash(text: string): bigint {
  const utf8 = encoder.encode(text);
  const header = utf8.length <= 126 ? 1 : 9;
  const value = new Uint8Array(header + utf8.length);
  if (header === 1) {
    value[0] = 0x40 + utf8.length;
  } else {
    value[0] = 0xbf;
    new DataView(value.buffer).setBigUint64(1, BigInt(utf8.length), true);
  }
  value.set(utf8, header);
  return xxh64(value, 0xdeadbeefn);
}

/** What the hash of a chunk of keys starts from. */
export const EMPTY_CHUNK_HASH = 0x012345678n;

/**
 * The two 64-bit hashes of the replication protocol, without allocating where a sync calls them a million times.
 *
 * @module
 */
import { encodeRevision } from "./revision.ts";

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
  let h = 0xcbf29ce4 | 0;
  let l = 0x84222325 | 0;
  for (let byte = 0; byte < 8; byte++) {
    l ^= (byte < 4 ? low >>> (byte << 3) : high >>> ((byte - 4) << 3)) & 0xff;
    // times 2^40 + 0x1b3, by 16-bit parts: 32-bit integers stay in registers, doubles would be ten times slower
    const p0 = (l & 0xffff) * 0x1b3;
    const p1 = (l >>> 16) * 0x1b3 + (p0 >>> 16);
    h = (Math.imul(h, 0x1b3) + (p1 >>> 16) + (l << 8)) | 0;
    l = (p1 << 16) | (p0 & 0xffff);
  }
  into.high = h >>> 0;
  into.low = l >>> 0;
}

const scratch: Halves = { high: 0, low: 0 };

/** {@linkcode hashRevision} for a single revision. */
export function revisionHash(revision: bigint): bigint {
  hashRevision(Number(revision >> 32n), Number(revision & 0xffffffffn), scratch);
  return (BigInt(scratch.high) << 32n) | BigInt(scratch.low);
}

const P1 = 0x9e3779b185ebca87n;
const P2 = 0xc2b2ae3d27d4eb4fn;
const P3 = 0x165667b19e3779f9n;
const P4 = 0x85ebca77c2b2ae63n;
const P5 = 0x27d4eb2f165667c5n;

// V8 compiles BigInt.asUintN(64, …) around one operation to a machine instruction: every step is wrapped on its own

function times(a: bigint, b: bigint): bigint {
  return BigInt.asUintN(64, a * b);
}

function plus(a: bigint, b: bigint): bigint {
  return BigInt.asUintN(64, a + b);
}

function rotate(value: bigint, bits: bigint): bigint {
  return BigInt.asUintN(64, value << bits) | BigInt.asUintN(64, value >> (64n - bits));
}

function round(accumulator: bigint, lane: bigint): bigint {
  return times(rotate(plus(accumulator, times(lane, P2)), 31n), P1);
}

/**
 * XXH64 of a byte sequence.
 *
 * Source: the published xxHash specification; checked against the values of `replication-protocol.md` §2.6.
 *
 * @param view what to hash, from its start
 * @param length how many bytes
 * @param seed an unsigned 64-bit value
 */
export function xxh64(view: DataView, length: number, seed: bigint): bigint {
  let at = 0;
  let h: bigint;
  if (length >= 32) {
    let a = plus(plus(seed, P1), P2);
    let b = plus(seed, P2);
    let c = seed;
    let d = plus(seed, -P1);
    for (; at + 32 <= length; at += 32) {
      a = round(a, view.getBigUint64(at, true));
      b = round(b, view.getBigUint64(at + 8, true));
      c = round(c, view.getBigUint64(at + 16, true));
      d = round(d, view.getBigUint64(at + 24, true));
    }
    h = plus(plus(rotate(a, 1n), rotate(b, 7n)), plus(rotate(c, 12n), rotate(d, 18n)));
    for (const lane of [a, b, c, d]) h = plus(times(h ^ round(0n, lane), P1), P4);
  } else {
    h = plus(seed, P5);
  }
  h = plus(h, BigInt(length));
  for (; at + 8 <= length; at += 8) {
    h = plus(times(rotate(h ^ round(0n, view.getBigUint64(at, true)), 27n), P1), P4);
  }
  if (at + 4 <= length) {
    h = plus(times(rotate(h ^ times(BigInt(view.getUint32(at, true)), P1), 23n), P2), P3);
    at += 4;
  }
  for (; at < length; at++) h = times(rotate(h ^ times(BigInt(view.getUint8(at)), P5), 11n), P1);
  h = times(h ^ (h >> 33n), P2);
  h = times(h ^ (h >> 29n), P3);
  return h ^ (h >> 32n);
}

const encoder = new TextEncoder();
let buffer = new Uint8Array(1024);
let bufferView = new DataView(buffer.buffer);

/**
 * The hash of a text in the `keys` protocol: XXH64, seed 0xdeadbeef, of the text's VelocyPack form.
 *
 * Source: `replication-protocol.md` §2.6.
 */
export function velocyPackStringHash(text: string): bigint {
  if (text.length * 3 + 9 > buffer.length) {
    buffer = new Uint8Array(text.length * 3 + 9);
    bufferView = new DataView(buffer.buffer);
  }
  if (text.length <= 42) {
    // at most 126 bytes: the header is a single byte
    const { written } = encoder.encodeInto(text, buffer.subarray(1));
    buffer[0] = 0x40 + written;
    return xxh64(bufferView, written + 1, 0xdeadbeefn);
  }
  const utf8 = encoder.encode(text);
  const header = utf8.length <= 126 ? 1 : 9;
  if (header === 1) {
    buffer[0] = 0x40 + utf8.length;
  } else {
    buffer[0] = 0xbf;
    bufferView.setBigUint64(1, BigInt(utf8.length), true);
  }
  buffer.set(utf8, header);
  return xxh64(bufferView, header + utf8.length, 0xdeadbeefn);
}

/** What the hash of a chunk of keys starts from. */
const EMPTY_CHUNK_HASH = 0x012345678n;

/**
 * The hash of a chunk of keys: those of its keys and revision texts, by exclusive or.
 *
 * @param chunk keys with their revisions, in any order
 */
export function chunkHash(chunk: Iterable<{ readonly key: string; readonly rev: bigint }>): bigint {
  let hash = EMPTY_CHUNK_HASH;
  for (const { key, rev } of chunk) hash ^= velocyPackStringHash(key) ^ velocyPackStringHash(encodeRevision(rev));
  return hash;
}

/**
 * Revision ids: 64-bit hybrid logical clock values and their texts.
 *
 * Source: ArangoDB's replication protocol, `replication-protocol.md` §2.7.
 *
 * @module
 */

const DIGITS = "-_ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const VALUES = new Int8Array(128).fill(-1);
for (let value = 0; value < DIGITS.length; value++) VALUES[DIGITS.charCodeAt(value)] = value;

/** What an undecodable text stands for. */
export const INVALID_REVISION = 0xffff_ffff_ffff_ffffn;

/** Revisions up to this one (46 years in milliseconds) are written as decimal numbers in `_rev`. */
const LAST_DECIMAL = 1450656000000n;

/**
 * Writes a revision as hybrid-logical-clock text: base 64, most significant digit first, no leading zero digits.
 *
 * @param revision an unsigned 64-bit value
 * @returns at most 11 characters; the empty text for 0
 */
export function encodeHlc(revision: bigint): string {
  return encodeHlcHalves(Number(revision >> 32n), Number(revision & 0xffff_ffffn));
}

/** Writes a revision of two 32-bit halves as {@linkcode encodeHlc} does. */
export function encodeHlcHalves(upper: number, lower: number): string {
  const start = upper * 0x10_0000 + (lower >>> 12);
  if (start === 0) return digitsOf(lower);
  if (start !== lastStart.value) lastStart = { value: start, text: digitsOf(start) };
  return lastStart.text + DIGITS[(lower >>> 6) & 63] + DIGITS[lower & 63];
}

/** All but the last two digits of the revision that was written last: most are followed by their neighbours. */
let lastStart = { value: 0, text: "" };

/** The digits of a number without zeros at its start. */
function digitsOf(value: number): string {
  let text = "";
  for (let left = value; left > 0; left = Math.floor(left / 64)) text = DIGITS[left % 64] + text;
  return text;
}

/**
 * Reads hybrid-logical-clock text.
 *
 * @returns the value, or {@linkcode INVALID_REVISION} for a foreign character or more than 11 characters
 */
export function decodeHlc(text: string): bigint {
  const halves = { high: 0, low: 0 };
  return decodeHlcHalves(text, halves) ? (BigInt(halves.high) << 32n) | BigInt(halves.low) : INVALID_REVISION;
}

/**
 * Reads hybrid-logical-clock text.
 *
 * @param into takes the 32-bit halves of the value
 * @returns false for a foreign character or more than 11 characters
 */
export function decodeHlcHalves(text: string, into: { high: number; low: number }): boolean {
  if (text.length > 11) return false;
  let high = 0;
  let low = 0;
  const split = Math.max(0, text.length - 5);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const value = code < 128 ? VALUES[code]! : -1;
    if (value < 0) return false;
    if (i < split) high = high * 64 + value;
    else low = low * 64 + value;
  }
  // 36 bits and 30 bits; what does not fit into 64 is dropped
  into.high = Math.floor(high / 4) % 0x1_0000_0000;
  into.low = (high % 4) * 0x4000_0000 + low;
  return true;
}

/** Writes a revision the way documents show it in `_rev`: decimal when small, clock text otherwise. */
export function encodeRevision(revision: bigint): string {
  return revision <= LAST_DECIMAL ? revision.toString() : encodeHlc(revision);
}

/** Reads a `_rev` text: decimal if it starts with 1 to 9, clock text otherwise. */
export function decodeRevision(text: string): bigint {
  const first = text.charCodeAt(0);
  if (first >= 0x31 && first <= 0x39) {
    if (!/^\d{1,20}$/.test(text)) return decodeHlc(text);
    const value = BigInt(text);
    return value > INVALID_REVISION ? INVALID_REVISION : value;
  }
  return decodeHlc(text);
}

/** How many revisions of each millisecond a clock leaves to others before its own. */
const MOST_OFFSET = 1n << 19n;

/** A clock that never gives the same revision twice and never goes back, even when the machine's clock does. */
export class HybridClock {
  readonly #now: () => number;
  readonly #offset: bigint;
  #last = 0n;
  /** The wall clock when it was last looked at. */
  #millisecond = -1;

  /**
   * @param now the wall clock in milliseconds since 1970
   * @param owner a number that other clocks do not share: each starts a millisecond at its own place, so that two servers that
   *   write at the same time do not give the same revision to different documents, which no revision tree would notice
   */
  constructor(now: () => number = Date.now, owner = 0n) {
    this.#now = now;
    this.#offset = owner % MOST_OFFSET;
  }

  /** The next revision: the wall clock if it has moved on, else the last one plus one. */
  next(): bigint {
    const millisecond = Math.floor(this.#now());
    if (millisecond === this.#millisecond) return ++this.#last;
    this.#millisecond = millisecond;
    const now = (BigInt(millisecond) << 20n) + this.#offset;
    this.#last = now > this.#last ? now : this.#last + 1n;
    return this.#last;
  }

  /** Makes every later revision larger than `seen`, which another process or server has given out. */
  observe(seen: bigint): void {
    if (seen > this.#last && seen < INVALID_REVISION) this.#last = seen;
  }
}

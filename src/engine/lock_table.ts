/**
 * What all threads of a process know of the locks of transactions: numbers by names, in memory that they share.
 *
 * An open hash table with linear probing. Instead of a name it has 64 bits that are computed from it: two names that are taken
 * for one are less likely than a damaged memory, and would only make somebody wait who need not.
 *
 * @module
 */
import { ArangoError } from "../base/arango_error.ts";

/** The first bytes: whether a thread is at it, how many names there are, and how many places as a power of two. */
const HEAD_BYTES = 64;
const STATE = 0;
const SIZE = 1;
const BITS = 2;
/** States: nobody is at the table, somebody is, and somebody is whom others wait for. */
const FREE = 0;
const TAKEN = 1;
const AWAITED = 2;
/** How often to look whether the table is free before falling asleep. */
const LOOKS = 100;
const PLACE_BYTES = 16;
const FEWEST_BITS = 10;
/** 512 MiB, of which the operating system gives no more than is used. */
const MOST_BITS = 25;

/** After how many milliseconds a thread is taken to have ended that was at the table. */
const ABANDONED = 1000;

/** Numbers from 1 by name, in memory that threads share; what has no number has 0. */
export class LockTable {
  /** What another thread makes its table from. */
  readonly memory: SharedArrayBuffer;
  readonly #head: Int32Array;
  /** Four of them are a place: the name's bits, and half of the number in the other two. */
  readonly #words: Uint32Array;
  /** Two of them are a place, of which the second is the number. */
  readonly #numbers: BigUint64Array;
  #isAlone = false;

  /** @param memory that of another thread's table; a new one when absent */
  constructor(memory?: SharedArrayBuffer) {
    this.memory = memory ?? newMemory();
    this.#head = new Int32Array(this.memory, 0, HEAD_BYTES / Int32Array.BYTES_PER_ELEMENT);
    // these grow with the memory
    this.#words = new Uint32Array(this.memory, HEAD_BYTES);
    this.#numbers = new BigUint64Array(this.memory, HEAD_BYTES);
    if (!memory) this.#head[BITS] = FEWEST_BITS;
  }

  /** How many names have a number. */
  get size(): number {
    return Atomics.load(this.#head, SIZE);
  }

  /** The number of a name. */
  get(name: string): bigint {
    return this.size === 0 ? 0n : this.update(name, (number) => number);
  }

  /**
   * Gives a name another number.
   *
   * @param change makes it from the one that it has
   * @returns the one that it had
   * @throws ArangoError 32 when there are more names than fit
   */
  update(name: string, change: (number: bigint) => bigint): bigint {
    return this.together(() => {
      const bits = bitsOf(name);
      const place = this.#find(bits);
      const before = this.#numbers[2 * place + 1]!;
      const after = change(before);
      if (after === before) return before;
      if (after === 0n) this.#clear(place);
      else if (before === 0n) this.#add(place, bits, after);
      else this.#numbers[2 * place + 1] = after;
      return before;
    });
  }

  /** Runs `body` while no other thread sees or changes anything. */
  together<T>(body: () => T): T {
    if (this.#isAlone) return body();
    this.#enter();
    this.#isAlone = true;
    try {
      return body();
    } finally {
      this.#isAlone = false;
      if (Atomics.exchange(this.#head, STATE, FREE) === AWAITED) Atomics.notify(this.#head, STATE, 1);
    }
  }

  /** Waits until no other thread is at the table. A look takes less time than falling asleep does. */
  #enter(): void {
    for (let i = 0; i < LOOKS; i++) if (Atomics.compareExchange(this.#head, STATE, FREE, TAKEN) === FREE) return;
    const since = performance.now();
    while (Atomics.exchange(this.#head, STATE, AWAITED) !== FREE) {
      // a thread that is ended by force does not tidy up
      if (performance.now() - since > ABANDONED) return;
      Atomics.wait(this.#head, STATE, AWAITED, 1);
    }
  }

  /** Takes all numbers away. */
  clear(): void {
    this.together(() => {
      this.#words.fill(0);
      this.#head[SIZE] = 0;
    });
  }

  get #mask(): number {
    return 2 ** this.#head[BITS]! - 1;
  }

  /** The place of a name, or the one where it can be put. */
  #find([high, low]: Bits): number {
    const mask = this.#mask;
    let place = low & mask;
    while (
      this.#numbers[2 * place + 1] !== 0n && !(this.#words[4 * place] === high && this.#words[4 * place + 1] === low)
    ) {
      place = (place + 1) & mask;
    }
    return place;
  }

  #add(place: number, bits: Bits, number: bigint): void {
    if (2 * (this.#head[SIZE]! + 1) > this.#mask + 1) {
      this.#grow();
      place = this.#find(bits);
    }
    [this.#words[4 * place], this.#words[4 * place + 1]] = bits;
    this.#numbers[2 * place + 1] = number;
    this.#head[SIZE]!++;
  }

  #grow(): void {
    const bits = this.#head[BITS]! + 1;
    if (bits > MOST_BITS) {
      throw new ArangoError(
        "ERROR_RESOURCE_LIMIT",
        `resource limit exceeded: running transactions have written more than ${2 ** (MOST_BITS - 1)} documents`,
      );
    }
    const places = this.#mask + 1;
    const words = this.#words.slice(0, 4 * places);
    const numbers = this.#numbers.slice(0, 2 * places);
    this.memory.grow(memoryBytes(bits));
    this.#words.fill(0);
    this.#head[BITS] = bits;
    for (let old = 0; old < places; old++) {
      if (numbers[2 * old + 1] === 0n) continue;
      const place = this.#find([words[4 * old]!, words[4 * old + 1]!]);
      this.#words.set(words.subarray(4 * old, 4 * old + 4), 4 * place);
    }
  }

  /** Empties a place, and moves those to it that had to make way. */
  #clear(place: number): void {
    const mask = this.#mask;
    let gap = place;
    for (let next = (gap + 1) & mask; this.#numbers[2 * next + 1] !== 0n; next = (next + 1) & mask) {
      const wanted = this.#words[4 * next + 1]! & mask;
      if (((next - wanted) & mask) < ((next - gap) & mask)) continue;
      this.#words.copyWithin(4 * gap, 4 * next, 4 * next + 4);
      gap = next;
    }
    this.#words.fill(0, 4 * gap, 4 * gap + 4);
    this.#head[SIZE]!--;
  }
}

function memoryBytes(bits: number): number {
  return HEAD_BYTES + 2 ** bits * PLACE_BYTES;
}

function newMemory(): SharedArrayBuffer {
  return new SharedArrayBuffer(memoryBytes(FEWEST_BITS), { maxByteLength: memoryBytes(MOST_BITS) });
}

/** The upper and the lower 32 bits that stand for a name. */
type Bits = readonly [high: number, low: number];

/** Two multiplicative hashes that are mixed with each other at the end, by the finalizer of MurmurHash3. */
function bitsOf(name: string): Bits {
  let high = 0x9e3779b9;
  let low = 0x7f4a7c15;
  for (let i = 0; i < name.length; i++) {
    const unit = name.charCodeAt(i);
    high = Math.imul(high ^ unit, 0x85ebca77);
    low = Math.imul(low ^ unit, 0xc2b2ae3d);
  }
  high = mixed(high ^ (low >>> 15));
  low = mixed(low ^ (high >>> 13));
  return [high, low];
}

function mixed(bits: number): number {
  let result = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  result = Math.imul(result ^ (result >>> 13), 0xc2b2ae35);
  return (result ^ (result >>> 16)) >>> 0;
}

/**
 * What all threads of a process know of the locks of transactions: numbers by names, in memory that they share.
 *
 * An open hash table with linear probing. Instead of a name it has 64 bits that are computed from it: two names that are taken
 * for one are less likely than a damaged memory, and would only make somebody wait who need not.
 *
 * @module
 */
import { ArangoError } from "../base/arango_error.ts";

/**
 * The first bytes: whether a thread is at it, how many names there are, how many places as a power of two, and what changes as
 * long as whoever is at it gets on.
 */
const HEAD_BYTES = 64;
const STATE = 0;
const SIZE = 1;
const BITS = 2;
const PULSE = 3;
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

/** After how many milliseconds without a {@linkcode PULSE} a thread is taken to have ended that was at the table. */
const ABANDONED = 1000;
/** After how many words a table that grows gives one. */
const PULSE_WORDS = 2 ** 18;

/** Numbers from 1 by name, in memory that threads share; what has no number has 0. */
export class LockTable {
  /** What another thread makes its table from. */
  readonly memory: SharedArrayBuffer;
  readonly #head: Int32Array;
  /** How many places are in view, as a power of two. Views that grow with the memory are slow: some 40 times, measured. */
  #bits!: number;
  /** Four of them are a place: the name's bits, and half of the number in the other two. */
  #words!: Uint32Array;
  /** Two of them are a place, of which the second is the number. */
  #numbers!: BigUint64Array;
  #isAlone = false;

  /** @param memory that of another thread's table; a new one when absent */
  constructor(memory?: SharedArrayBuffer) {
    this.memory = memory ?? newMemory();
    this.#head = new Int32Array(this.memory, 0, HEAD_BYTES / Int32Array.BYTES_PER_ELEMENT);
    if (!memory) this.#head[BITS] = FEWEST_BITS;
    this.#view(FEWEST_BITS);
  }

  #view(bits: number): void {
    this.#bits = bits;
    this.#words = new Uint32Array(this.memory, HEAD_BYTES, 4 * 2 ** bits);
    this.#numbers = new BigUint64Array(this.memory, HEAD_BYTES, 2 * 2 ** bits);
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
    const bits = bitsOf(name);
    return this.together(() => {
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
    if (this.#isAlone) {
      this.#pulse();
      return body();
    }
    this.#enter();
    this.#isAlone = true;
    try {
      this.#pulse();
      const bits = this.#head[BITS]!;
      if (bits !== this.#bits) this.#view(bits);
      return body();
    } finally {
      this.#isAlone = false;
      if (Atomics.exchange(this.#head, STATE, FREE) === AWAITED) Atomics.notify(this.#head, STATE, 1);
    }
  }

  /** Waits until no other thread is at the table. A look takes less time than falling asleep does. */
  #enter(): void {
    for (let i = 0; i < LOOKS; i++) if (Atomics.compareExchange(this.#head, STATE, FREE, TAKEN) === FREE) return;
    let pulse: number | undefined;
    let since = 0;
    while (Atomics.exchange(this.#head, STATE, AWAITED) !== FREE) {
      const now = Atomics.load(this.#head, PULSE);
      if (now !== pulse) {
        pulse = now;
        since = performance.now();
      } else if (performance.now() - since > ABANDONED) {
        // a thread that is ended by force does not tidy up; of those who wait one takes its turn
        if (Atomics.compareExchange(this.#head, PULSE, pulse, pulse + 1) === pulse) return;
      }
      Atomics.wait(this.#head, STATE, AWAITED, 1);
    }
  }

  /** Takes all numbers away. The table is small again; the memory that it had is there for when it grows. */
  clear(): void {
    this.together(() => {
      this.#words.fill(0);
      this.#head[SIZE] = 0;
      this.#head[BITS] = FEWEST_BITS;
      this.#view(FEWEST_BITS);
    });
  }

  get #mask(): number {
    return 2 ** this.#bits - 1;
  }

  /** The place of a name, or the one where it can be put. */
  #find([high, low]: Bits): number {
    const mask = this.#mask;
    const words = this.#words;
    let place = low & mask;
    while (!isFree(words, place) && !(words[4 * place] === high && words[4 * place + 1] === low)) {
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
    const bits = this.#bits + 1;
    if (bits > MOST_BITS) {
      throw new ArangoError(
        "ERROR_RESOURCE_LIMIT",
        `resource limit exceeded: running transactions have written more than ${2 ** (MOST_BITS - 1)} documents`,
      );
    }
    const words = this.#copy();
    if (this.memory.byteLength < memoryBytes(bits)) this.memory.grow(memoryBytes(bits));
    this.#words.fill(0);
    this.#head[BITS] = bits;
    this.#view(bits);
    for (let old = 0; old < words.length; old += 4) {
      if (old % PULSE_WORDS === 0) this.#pulse();
      if (isFree(words, old / 4)) continue;
      const place = 4 * this.#find([words[old]!, words[old + 1]!]);
      for (let i = 0; i < 4; i++) this.#words[place + i] = words[old + i]!;
    }
  }

  /** The words, each by itself: what copies shared memory at once takes 20 times as long. */
  #copy(): Uint32Array {
    const shared = this.#words;
    const copy = new Uint32Array(shared.length);
    for (let i = 0; i < copy.length; i++) copy[i] = shared[i]!;
    return copy;
  }

  #pulse(): void {
    Atomics.add(this.#head, PULSE, 1);
  }

  /** Empties a place, and moves those to it that had to make way. */
  #clear(place: number): void {
    const mask = this.#mask;
    let gap = place;
    for (let next = (gap + 1) & mask; !isFree(this.#words, next); next = (next + 1) & mask) {
      const wanted = this.#words[4 * next + 1]! & mask;
      if (((next - wanted) & mask) < ((next - gap) & mask)) continue;
      this.#words.copyWithin(4 * gap, 4 * next, 4 * next + 4);
      gap = next;
    }
    this.#words.fill(0, 4 * gap, 4 * gap + 4);
    this.#head[SIZE]!--;
  }
}

/** Whether a place has no number: to make a BigInt of it takes longer. */
function isFree(words: Uint32Array, place: number): boolean {
  return words[4 * place + 2] === 0 && words[4 * place + 3] === 0;
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

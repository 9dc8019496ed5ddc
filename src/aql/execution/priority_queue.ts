/**
 * A queue by weight, for searches of light paths.
 *
 * @module
 */

interface Waiting<T> {
  readonly item: T;
  readonly weight: number;
  /** Breaks ties. */
  readonly depth: number;
  /** Breaks ties among equals: the oldest first. */
  readonly number: number;
}

/** A queue that gives the lightest member first, among equals the least deep one, then the oldest. */
export class PriorityQueue<T> {
  readonly #heap: Waiting<T>[] = [];
  #count = 0;

  /** How many members there are. */
  get size(): number {
    return this.#heap.length;
  }

  /** The least weight; Infinity when there is no member. */
  get least(): number {
    return this.#heap[0]?.weight ?? Infinity;
  }

  /** All members, the lightest ones roughly first. */
  *members(): Generator<T> {
    for (const { item } of this.#heap) yield item;
  }

  /** Adds a member. */
  push(item: T, weight: number, depth = 0): void {
    const heap = this.#heap;
    const entry = { item, weight, depth, number: this.#count++ };
    let at = heap.length;
    heap.push(entry);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!comesBefore(entry, heap[parent]!)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = entry;
  }

  /** Takes the lightest member; undefined when there is none. */
  pop(): T | undefined {
    const heap = this.#heap;
    const top = heap[0];
    const last = heap.pop();
    if (!top || heap.length === 0) return top?.item;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && comesBefore(heap[child + 1]!, heap[child]!)) child++;
      if (!comesBefore(heap[child]!, last!)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last!;
    return top.item;
  }
}

function comesBefore(a: Waiting<unknown>, b: Waiting<unknown>): boolean {
  if (a.weight !== b.weight) return a.weight < b.weight;
  return a.depth === b.depth ? a.number < b.number : a.depth < b.depth;
}

/**
 * Sources of documents for loops: counted, chained, sifted, cut off.
 *
 * @module
 */
import type { DocumentCursor } from "../data_source.ts";
import { equalValues } from "../value_order.ts";
import type { AqlArray, AqlObject, AqlValue } from "../values.ts";
import type { Evaluator, Row } from "./compile.ts";
import type { QueryContext } from "./context.ts";
import { ArrayValues, skipValues, type Values } from "./loops.ts";
import { BATCH } from "./operator.ts";

/** Counts the documents that a cursor gives and leaves out. */
export class CountedCursor<T = AqlObject> implements Values<T> {
  readonly #cursor: DocumentCursor<T>;
  readonly #context: QueryContext;
  readonly #counter: "scannedFull" | "scannedIndex";
  readonly #looksUp: boolean;
  #skipped = 0;
  #beyond = 0;

  /** @param looksUp whether the documents that it gives are fetched after an index was searched */
  constructor(
    cursor: DocumentCursor<T>,
    context: QueryContext,
    counter: "scannedFull" | "scannedIndex",
    looksUp = false,
  ) {
    this.#cursor = cursor;
    this.#context = context;
    this.#counter = counter;
    this.#looksUp = looksUp;
  }

  next(max: number): readonly T[] {
    const page = this.#cursor.next(max);
    const { skipped = 0, beyond = 0 } = this.#cursor;
    const { counters } = this.#context;
    counters[this.#counter] += page.length + skipped - this.#skipped + beyond - this.#beyond;
    counters.filtered += skipped - this.#skipped;
    if (this.#looksUp) counters.documentLookups += page.length;
    this.#skipped = skipped;
    this.#beyond = beyond;
    return page;
  }

  skip(count: number): number {
    if (!this.#cursor.skip) return skipValues({ next: (max) => this.next(max) }, count, this.#context);
    const passed = this.#cursor.skip(count);
    this.#context.counters[this.#counter] += passed;
    return passed;
  }
}

/** Gives the values of several cursors, one after another. */
export class Chain<T = AqlObject> implements Values<T> {
  readonly #parts: Iterator<Values<T>>;
  #part: Values<T> | undefined;

  constructor(parts: Iterable<Values<T>>) {
    this.#parts = parts[Symbol.iterator]();
  }

  next(max: number): readonly T[] {
    for (;;) {
      if (!this.#part) {
        const { done, value } = this.#parts.next();
        if (done) return [];
        this.#part = value;
      }
      const page = this.#part.next(max);
      if (page.length > 0) return page;
      this.#part = undefined;
    }
  }

  skip(count: number): number {
    let skipped = 0;
    while (skipped < count) {
      this.#part ??= this.#parts.next().value ?? undefined;
      if (!this.#part) break;
      const wanted = count - skipped;
      const done = skipValues(this.#part, wanted);
      if (done < wanted) this.#part = undefined;
      skipped += done;
    }
    return skipped;
  }
}

/** Gives only some documents of another source. */
export class Sieve implements Values<AqlObject> {
  readonly #source: Values<AqlObject>;
  readonly #keep: (document: AqlObject) => boolean;

  constructor(source: Values<AqlObject>, keep: (document: AqlObject) => boolean) {
    this.#source = source;
    this.#keep = keep;
  }

  next(max: number): readonly AqlObject[] {
    for (;;) {
      const page = this.#source.next(max);
      if (page.length === 0) return page;
      const kept = page.filter(this.#keep);
      if (kept.length > 0) return kept;
    }
  }
}

/** Gives only the first documents of another source. */
export class First implements Values<AqlObject> {
  readonly #source: Values<AqlObject>;
  #left: number;

  constructor(source: Values<AqlObject>, count: number) {
    this.#source = source;
    this.#left = count;
  }

  next(max: number): readonly AqlObject[] {
    if (this.#left === 0) return [];
    const page = this.#source.next(Math.min(max, this.#left));
    this.#left -= page.length;
    return page;
  }
}

/**
 * Documents that belong to rows whose order is that of what is looked for: the same is not looked up twice in a row.
 */
export class JoinedValues {
  readonly #sought: Evaluator;
  #last: { readonly sought: AqlValue; readonly documents: readonly AqlObject[] } | undefined;

  /** @param sought what a row looks for */
  constructor(sought: Evaluator, context: QueryContext) {
    this.#sought = sought;
    context.atEnd(() => this.#last = undefined);
  }

  /** The documents for a row, looked up by `find` if need be. */
  valuesFor(row: Row, find: () => Values<AqlObject>): Values<AqlObject> {
    const sought = this.#sought(row);
    if (!this.#last || !equalValues(this.#last.sought, sought)) {
      const found = find();
      const documents = found.next(BATCH);
      const more = documents.length === 0 ? documents : found.next(BATCH);
      if (more.length > 0) return new Chain([arrayOf(documents), arrayOf(more), found]);
      this.#last = { sought, documents };
    }
    return arrayOf(this.#last.documents);
  }
}

function arrayOf(documents: readonly AqlObject[]): Values<AqlObject> {
  return new ArrayValues(documents as AqlArray) as unknown as Values<AqlObject>;
}

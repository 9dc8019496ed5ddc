/**
 * The order of an index made AQL's.
 *
 * Index entries compare strings by their bytes, AQL by the rules of a language. Both agree on the order of types, and on
 * nulls, booleans and numbers. So documents are taken as they come as long as only those are compared, or strings that come in
 * AQL's order (`engine_text_order.ts`); runs that hold others, arrays or objects are sorted.
 *
 * @module
 */
import { compareValues, equalValues } from "../value_order.ts";
import { type AqlObject, type AqlValue, attributeOf } from "../values.ts";
import type { Values } from "./loops.ts";
import { BATCH } from "./operator.ts";

/**
 * The documents of a source in AQL's order of some fields; the source gives them in the order of an index.
 *
 * @param texts how many of the fields, the first ones, have their strings in AQL's order already
 */
export function inOrder(
  source: Values<AqlObject>,
  fields: readonly string[],
  ascending: boolean,
  texts: number,
): Values<AqlObject> {
  return new OrderedRuns(source, fields.map((field) => field.split(".")), ascending, texts);
}

class OrderedRuns implements Values<AqlObject> {
  readonly #source: Values<AqlObject>;
  readonly #paths: readonly (readonly string[])[];
  readonly #sign: 1 | -1;
  readonly #texts: number;
  /** Documents in order that nobody has taken yet. */
  #ready: AqlObject[] = [];
  /** Documents whose order is not known yet: equal in simple fields up to one that has strings and the like. */
  #run: AqlObject[] = [];
  #ended = false;

  constructor(source: Values<AqlObject>, paths: readonly (readonly string[])[], ascending: boolean, texts: number) {
    this.#source = source;
    this.#paths = paths;
    this.#sign = ascending ? 1 : -1;
    this.#texts = texts;
  }

  next(max: number): readonly AqlObject[] {
    while (this.#ready.length === 0 && !this.#ended) {
      // a run has to be read to its end, however few of it somebody asks for
      const page = this.#source.next(Math.max(max, Math.min(this.#run.length, BATCH)));
      if (page.length === 0) {
        this.#ended = true;
        this.#close();
      }
      for (const document of page) this.#add(document);
    }
    return this.#ready.splice(0, max);
  }

  #add(document: AqlObject): void {
    const last = this.#run.at(-1);
    if (last && !this.#isSameRun(last, document)) this.#close();
    this.#run.push(document);
    if (this.#paths.every((_path, i) => this.#isOrdered(this.#value(document, i), i))) this.#close();
  }

  /** Whether the index does not tell which of two documents that follow each other comes first. */
  #isSameRun(before: AqlObject, after: AqlObject): boolean {
    for (let i = 0; i < this.#paths.length; i++) {
      const [a, b] = [this.#value(before, i), this.#value(after, i)];
      if (!this.#isOrdered(a, i)) return !this.#isOrdered(b, i);
      if (!equalValues(a, b)) return false;
    }
    return false;
  }

  /** Whether documents come in the order of a value that one of their fields has. */
  #isOrdered(value: AqlValue, field: number): boolean {
    return value === null || typeof value !== "object" && (typeof value !== "string" || field < this.#texts);
  }

  #close(): void {
    const run = this.#run;
    this.#run = [];
    if (run.length > 1) run.sort((a, b) => this.#compare(a, b));
    for (const one of run) this.#ready.push(one);
  }

  #compare(a: AqlObject, b: AqlObject): number {
    for (let i = 0; i < this.#paths.length; i++) {
      const order = compareValues(this.#value(a, i), this.#value(b, i));
      if (order !== 0) return order * this.#sign;
    }
    return 0;
  }

  #value(document: AqlObject, field: number): AqlValue {
    let value: AqlValue = document;
    for (const name of this.#paths[field]!) value = attributeOf(value, name);
    return value;
  }
}

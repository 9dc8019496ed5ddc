/**
 * Operators that make several rows of one: FOR over arrays, ranges and collections.
 *
 * @module
 */
import { ArangoError, arangoError } from "../../base/arango_error.ts";
import type { CollectionReader, DocumentCursor } from "../data_source.ts";
import type { Expr } from "../plan/expression.ts";
import type { EnumerateCollectionNode, EnumerateListNode, IndexNode } from "../plan/nodes.ts";
import { type AqlArray, type AqlObject, type AqlValue, distinctKey, isTruthy, toInteger, typeName } from "../values.ts";
import { compile, type Evaluator, type Row } from "./compile.ts";
import type { QueryContext } from "./context.ts";
import { BATCH, type Operator } from "./operator.ts";

/** What gives the values of a loop for one row, a batch at a time; an empty array at the end. */
export interface Values<T = AqlValue> {
  /** At most `max` further values. */
  next(max: number): readonly T[];
}

/** A loop: for each row of the input, the values that belong to it. */
export abstract class Loop<T> implements Operator {
  protected readonly context: QueryContext;
  readonly #upstream: Operator;
  readonly #filter: Evaluator | undefined;
  #input: readonly Row[] = [];
  #nextInput = 0;
  #row: Row | undefined;
  #values: Values<T> | undefined;
  #page: readonly T[] = [];
  #nextValue = 0;

  /** @param filter a condition that follows the loop, tested before rows are made */
  constructor(upstream: Operator, filter: Evaluator | undefined, context: QueryContext) {
    this.#upstream = upstream;
    this.#filter = filter;
    this.context = context;
  }

  /** The values for a row; undefined for none. */
  protected abstract valuesFor(row: Row): Values<T> | undefined;

  /** Puts a value into a row. */
  protected abstract assign(row: Row, value: T): void;

  pull(max: number): Row[] {
    const { context } = this;
    const filter = this.#filter;
    const rows: Row[] = [];
    let wanted = max;
    while (rows.length < max) {
      if (this.#nextValue >= this.#page.length && !this.#turn(wanted)) break;
      // a filter may let little through: read ahead in growing pages
      if (filter) wanted = Math.min(BATCH, wanted * 2);
      const page = this.#page;
      const base = this.#row!;
      let i = this.#nextValue;
      let row = base.slice();
      for (; i < page.length && rows.length < max; i++) {
        this.assign(row, page[i]!);
        if (filter && !isTruthy(filter(row))) {
          context.counters.filtered++;
          continue;
        }
        rows.push(row);
        row = base.slice();
      }
      this.#nextValue = i;
    }
    if (context.retaining > 0) context.memory.keep(rows);
    return rows;
  }

  /** Turns to the next page of values; false at the end. */
  #turn(max: number): boolean {
    for (;;) {
      this.context.check();
      if (this.#values) {
        this.#page = this.#values.next(Math.min(max, BATCH));
        this.#nextValue = 0;
        if (this.#page.length > 0) return true;
        this.#values = undefined;
      }
      if (this.#nextInput >= this.#input.length) {
        this.#input = this.#upstream.pull(Math.min(max, BATCH));
        this.#nextInput = 0;
        if (this.#input.length === 0) return false;
      }
      this.#row = this.#input[this.#nextInput++]!;
      this.#values = this.valuesFor(this.#row);
    }
  }

  reset(): void {
    this.#upstream.reset();
    this.#input = [];
    this.#nextInput = 0;
    this.#values = undefined;
    this.#page = [];
    this.#nextValue = 0;
  }
}

/** A loop that sets one variable. */
abstract class SimpleLoop extends Loop<AqlValue> {
  readonly #register: number;

  constructor(upstream: Operator, register: number, filter: Evaluator | undefined, context: QueryContext) {
    super(upstream, filter, context);
    this.#register = register;
  }

  protected assign(row: Row, value: AqlValue): void {
    row[this.#register] = value;
  }
}

class ArrayValues implements Values {
  readonly #array: AqlArray;
  #at = 0;

  constructor(array: AqlArray) {
    this.#array = array;
  }

  next(max: number): readonly AqlValue[] {
    const start = this.#at;
    if (start === 0 && this.#array.length <= max) {
      this.#at = this.#array.length;
      return this.#array;
    }
    this.#at = Math.min(this.#array.length, start + max);
    return this.#array.slice(start, this.#at);
  }
}

class RangeValues implements Values {
  readonly #step: 1 | -1;
  #next: number;
  #left: number;

  constructor(low: number, high: number) {
    this.#next = low;
    this.#step = low <= high ? 1 : -1;
    this.#left = Math.abs(high - low) + 1;
  }

  next(max: number): readonly AqlValue[] {
    const values: AqlValue[] = [];
    for (let i = Math.min(max, this.#left); i > 0; i--) {
      values.push(this.#next);
      this.#next += this.#step;
    }
    this.#left -= values.length;
    return values;
  }
}

/** FOR over an array or a range. */
export class EnumerateList extends SimpleLoop {
  readonly #list: Evaluator;
  readonly #range: readonly [Evaluator, Evaluator] | undefined;

  /** @param definition how the list is computed, where nothing else needs it: ranges are then never made whole */
  constructor(
    node: EnumerateListNode,
    upstream: Operator,
    filter: Evaluator | undefined,
    context: QueryContext,
    list: Evaluator,
    definition: Expr | undefined,
  ) {
    super(upstream, node.outVariable.id, filter, context);
    this.#list = list;
    this.#range = definition?.kind === "range"
      ? [compile(definition.low, context), compile(definition.high, context)]
      : undefined;
  }

  protected valuesFor(row: Row): Values {
    if (this.#range) return new RangeValues(toInteger(this.#range[0](row)), toInteger(this.#range[1](row)));
    const list = this.#list(row);
    if (!Array.isArray(list)) {
      throw new ArangoError(
        1563,
        `collection or array expected as operand to FOR loop; you provided a value of type '${typeName(list)}'`,
      );
    }
    return new ArrayValues(list);
  }
}

/** Counts the documents that a cursor gives. */
class CountedCursor implements Values {
  readonly #cursor: DocumentCursor;
  readonly #context: QueryContext;
  readonly #counter: "scannedFull" | "scannedIndex";

  constructor(cursor: DocumentCursor, context: QueryContext, counter: "scannedFull" | "scannedIndex") {
    this.#cursor = cursor;
    this.#context = context;
    this.#counter = counter;
  }

  next(max: number): readonly AqlValue[] {
    const page = this.#cursor.next(max);
    this.#context.counters[this.#counter] += page.length;
    return page;
  }
}

/** Reads a collection; the query's own writes are seen if the node says so. */
function readerOf(node: EnumerateCollectionNode | IndexNode, context: QueryContext): CollectionReader {
  if (node.current) return context.session.writer(node.collection).current;
  const reader = context.session.reader(node.collection);
  if (!reader) throw arangoError("ERROR_ARANGO_DATA_SOURCE_NOT_FOUND", node.collection);
  return reader;
}

/** FOR over all documents of a collection. */
export class EnumerateCollection extends SimpleLoop {
  readonly #node: EnumerateCollectionNode;

  constructor(node: EnumerateCollectionNode, upstream: Operator, filter: Evaluator | undefined, context: QueryContext) {
    super(upstream, node.outVariable.id, filter, context);
    this.#node = node;
  }

  protected valuesFor(): Values {
    return new CountedCursor(readerOf(this.#node, this.context).scan(), this.context, "scannedFull");
  }
}

const NONE: Values = { next: () => [] };

/** Gives the values of several cursors, one after another. */
class Chain implements Values {
  readonly #parts: Iterator<Values>;
  #part: Values | undefined;

  constructor(parts: Iterable<Values>) {
    this.#parts = parts[Symbol.iterator]();
  }

  next(max: number): readonly AqlValue[] {
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
}

/** FOR over the documents that an index finds. Conditions that the index cannot decide alone stay behind it as filters. */
export class IndexLookup extends SimpleLoop {
  readonly #node: IndexNode;
  readonly #conditions: readonly { readonly several: boolean; readonly value: Evaluator }[];

  constructor(node: IndexNode, upstream: Operator, filter: Evaluator | undefined, context: QueryContext) {
    super(upstream, node.outVariable.id, filter, context);
    this.#node = node;
    this.#conditions = node.conditions.map(({ operator, value }) => ({
      several: operator === "IN",
      value: compile(value, context),
    }));
    context.counters.cursorsCreated++;
  }

  protected valuesFor(row: Row): Values {
    const { context } = this;
    const node = this.#node;
    const reader = readerOf(node, context);
    const choices: AqlValue[][] = [];
    for (const { several, value } of this.#conditions) {
      const wanted = value(row);
      if (!several) choices.push([wanted]);
      else if (!Array.isArray(wanted)) return NONE;
      else choices.push([...new Map(wanted.map((one) => [distinctKey(one), one])).values()]);
    }
    context.counters.seeks++;
    if (node.index.type === "primary") return this.#byKey(reader, choices[0]!);
    if (node.index.type === "edge") return this.#edges(reader, choices[0]!);
    // what is equal to such values need not look the same in the index
    const unsure = choices.some((values) =>
      values.some((one) => (typeof one === "object" && one !== null) || (one === null && node.index.sparse))
    );
    if (unsure) return new CountedCursor(reader.scan(), context, "scannedFull");
    return new Chain(
      combinations(choices).map((values) =>
        new CountedCursor(reader.byIndex(node.index.id, values), context, "scannedIndex")
      ),
    );
  }

  #byKey(reader: CollectionReader, wanted: readonly AqlValue[]): Values {
    const prefix = `${this.#node.collection}/`;
    const found: AqlObject[] = [];
    for (const one of wanted) {
      if (typeof one !== "string") continue;
      const byId = this.#node.conditions[0]!.field === "_id";
      if (byId && !one.startsWith(prefix)) continue;
      const document = reader.document(byId ? one.slice(prefix.length) : one);
      if (document) found.push(document);
    }
    this.context.counters.scannedIndex += found.length;
    return new ArrayValues(found);
  }

  #edges(reader: CollectionReader, wanted: readonly AqlValue[]): Values {
    const end = this.#node.conditions[0]!.field as "_from" | "_to";
    const { context } = this;
    return new Chain(
      wanted.filter((one) => typeof one === "string").map((vertex) =>
        new CountedCursor(reader.edges(end, vertex), context, "scannedIndex")
      ),
    );
  }
}

/** All ways to take one value of each list. */
function combinations(choices: readonly (readonly AqlValue[])[]): AqlValue[][] {
  let found: AqlValue[][] = [[]];
  for (const values of choices) found = found.flatMap((start) => values.map((value) => [...start, value]));
  return found;
}

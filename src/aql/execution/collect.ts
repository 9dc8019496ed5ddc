/**
 * COLLECT and RETURN DISTINCT.
 *
 * Source: section 9 of `aql.md`.
 *
 * @module
 */
import { type Aggregator, AQL_AGGREGATES } from "../functions/aggregates.ts";
import type { CollectNode, PlanAggregate } from "../plan/nodes.ts";
import { distinctKey, equalValues } from "../value_order.ts";
import { type AqlArray, type AqlObject, type AqlValue, setAttribute } from "../values.ts";
import type { Evaluator, Row } from "./compile.ts";
import type { QueryContext } from "./context.ts";
import { BATCH, type Operator, pullAll, skipRows, type Source } from "./operator.ts";

/** What reads a variable of a row. */
export type Reader = (variable: { readonly id: number }) => Evaluator;

/** An aggregation over the rows of one group or window. */
export interface RunningAggregate {
  readonly register: number;
  readonly start: () => Aggregator;
  readonly argument: Evaluator | undefined;
}

/** Prepares aggregations. */
export function prepareAggregates(aggregates: readonly PlanAggregate[], read: Reader): RunningAggregate[] {
  return aggregates.map(({ outVariable, inVariable, type }) => ({
    register: outVariable.id,
    start: AQL_AGGREGATES.get(type)!,
    argument: inVariable && read(inVariable),
  }));
}

/** A group that is being filled. */
interface Group {
  /** The first row, which the result is made of. */
  readonly row: Row;
  readonly values: readonly AqlValue[];
  readonly aggregators: readonly Aggregator[];
  readonly members: AqlArray;
}

/** The aggregations that count rows. */
const COUNTING = new Set(["COUNT", "LENGTH"]);

/** COLLECT: by a hash table, or row after row where equal groups come together. */
export class Collect implements Operator {
  readonly #upstream: Operator;
  readonly #node: CollectNode;
  readonly #source: Source;
  readonly #context: QueryContext;
  readonly #groups: readonly Evaluator[];
  readonly #registers: readonly number[];
  readonly #aggregates: readonly RunningAggregate[];
  readonly #member: Evaluator | undefined;
  #results: Row[] | undefined;
  #next = 0;

  constructor(upstream: Operator, node: CollectNode, source: Source, read: Reader, context: QueryContext) {
    this.#upstream = upstream;
    this.#node = node;
    this.#source = source;
    this.#context = context;
    this.#groups = node.groups.map(({ inVariable }) => read(inVariable));
    this.#registers = node.groups.map(({ outVariable }) => outVariable.id);
    this.#aggregates = prepareAggregates(node.aggregates, read);
    const { into } = node;
    if (into?.expressionVariable) {
      this.#member = read(into.expressionVariable);
    } else if (into) {
      const variables = into.keepVariables.map((variable) => ({ name: variable.name, value: read(variable) }));
      this.#member = (row) => {
        const member: AqlObject = {};
        for (const { name, value } of variables) setAttribute(member, name, value(row));
        return member;
      };
    }
  }

  pull(max: number): Row[] {
    this.#results ??= this.#collect();
    const rows = this.#results.slice(this.#next, this.#next + max);
    this.#next += rows.length;
    return rows;
  }

  #collect(): Row[] {
    // whoever keeps the groups keeps none of the rows that they are of
    const { retaining } = this.#context;
    this.#context.retaining = 0;
    const groups = this.#groups.length === 0
      ? [this.#all()]
      : this.#node.method === "sorted"
      ? this.#runs()
      : this.#hash();
    this.#context.retaining = retaining;
    return groups.map((group) => this.#finish(group));
  }

  /** Whether nothing but the number of rows matters. */
  #isCount(): boolean {
    const isCounting = this.#node.aggregates.every(({ type, inVariable }) => COUNTING.has(type) && !inVariable);
    return !this.#member && this.#aggregates.length > 0 && isCounting;
  }

  #begin(row: Row, values: readonly AqlValue[]): Group {
    this.#context.memory.keep(values);
    return { row, values, aggregators: this.#aggregates.map(({ start }) => start()), members: [] };
  }

  #add(group: Group, row: Row): void {
    const aggregates = this.#aggregates;
    const { memory } = this.#context;
    for (let i = 0; i < aggregates.length; i++) {
      const { argument } = aggregates[i]!;
      const aggregator = group.aggregators[i]!;
      const value = argument ? argument(row) : null;
      const held = memory.limited ? aggregator.held : undefined;
      aggregator.add(value);
      if (held !== undefined && aggregator.held !== held) memory.keep([value]);
    }
    if (this.#member) {
      const member = this.#member(row);
      group.members.push(member);
      if (memory.limited) memory.keep([member]);
    }
  }

  #finish({ row, values, aggregators, members }: Group): Row {
    const result = row.slice();
    values.forEach((value, i) => result[this.#registers[i]!] = value);
    aggregators.forEach((aggregator, i) => result[this.#aggregates[i]!.register] = aggregator.result());
    const { into } = this.#node;
    if (into) result[into.outVariable.id] = members;
    return result;
  }

  /** All rows as one group, which is there without any row too. */
  #all(): Group {
    if (this.#isCount()) {
      const group = this.#begin(this.#source.row, []);
      const count = skipRows(this.#upstream, Infinity);
      return { ...group, aggregators: group.aggregators.map(() => ({ add: () => {}, result: () => count })) };
    }
    let group: Group | undefined;
    pullAll(this.#upstream, (rows) => {
      group ??= this.#begin(rows[0]!, []);
      for (const row of rows) this.#add(group, row);
    });
    return group ?? this.#begin(this.#source.row, []);
  }

  #hash(): Group[] {
    const evaluators = this.#groups;
    const groups = new Map<ReturnType<typeof distinctKey>, Group>();
    const [only] = evaluators.length === 1 ? evaluators as [Evaluator] : [];
    pullAll(this.#upstream, (rows) => {
      for (const row of rows) {
        const values = only ? [only(row)] : evaluators.map((evaluate) => evaluate(row));
        const key = distinctKey(only ? values[0]! : values);
        let group = groups.get(key);
        if (!group) groups.set(key, group = this.#begin(row, values));
        this.#add(group, row);
      }
    });
    return [...groups.values()];
  }

  #runs(): Group[] {
    const groups: Group[] = [];
    pullAll(this.#upstream, (rows) => {
      for (const row of rows) {
        const values = this.#groups.map((evaluate) => evaluate(row));
        let group = groups.at(-1);
        if (!group || !values.every((value, i) => equalValues(value, group!.values[i]!))) {
          groups.push(group = this.#begin(row, values));
        }
        this.#add(group, row);
      }
    });
    return groups;
  }

  reset(): void {
    this.#upstream.reset();
    this.#results = undefined;
    this.#next = 0;
  }
}

/** RETURN DISTINCT: gives each value once, as it comes. */
export class Distinct implements Operator {
  readonly #upstream: Operator;
  readonly #value: Evaluator;
  readonly #register: number;
  readonly #context: QueryContext;
  readonly #seen = new Set<ReturnType<typeof distinctKey>>();

  constructor(upstream: Operator, node: CollectNode, read: Reader, context: QueryContext) {
    const [{ inVariable, outVariable }] = node.groups as [CollectNode["groups"][number]];
    this.#upstream = upstream;
    this.#value = read(inVariable);
    this.#register = outVariable.id;
    this.#context = context;
  }

  pull(max: number): Row[] {
    const found: Row[] = [];
    while (found.length === 0) {
      const rows = this.#upstream.pull(Math.min(max, BATCH));
      if (rows.length === 0) return rows;
      for (const row of rows) {
        const value = this.#value(row);
        const key = distinctKey(value);
        if (this.#seen.has(key)) continue;
        this.#seen.add(key);
        this.#context.memory.keep([value]);
        row[this.#register] = value;
        found.push(row);
      }
    }
    return found;
  }

  reset(): void {
    this.#upstream.reset();
    this.#seen.clear();
  }
}

/**
 * Random COLLECT and WINDOW statements, each with its meaning.
 *
 * @module
 */
import fc from "fast-check";
import { madePlain, type Row, type Term, term, type TermMaker, type Visible } from "./random_term.ts";
import { declare, inOrder, newVariable, nothing, place, type Scope, type StepMaker } from "./scope.ts";
import { compare, distinct, finite, type Value } from "./values.ts";

/** What aggregations make of the values of a group, where their order does not matter. */
const AGGREGATES: Readonly<Record<string, (values: readonly Value[]) => Value>> = {
  COUNT: (values) => values.length,
  MIN: (values) => values.filter((one) => one !== null).sort(compare)[0] ?? null,
  MAX: (values) => [...values].sort(compare).at(-1) ?? null,
  SUM: (values) => values.length === 0 ? null : numbers(values, (list) => list.reduce((a, b) => a + b, 0)),
  AVERAGE: (values) => numbers(values, (list) => list.reduce((a, b) => a + b, 0) / list.length),
  COUNT_DISTINCT: (values) => distinct(values).length,
  SORTED_UNIQUE: (values) => distinct(values).sort(compare),
};

/** What is made of the values that are not null: null if one of them is no number. */
function numbers(values: readonly Value[], make: (list: number[]) => number): Value {
  const list = values.filter((one) => one !== null);
  return list.every((one) => typeof one === "number") ? finite(make(list)) : null;
}

interface Aggregation {
  readonly name: string;
  readonly variable: Visible;
  readonly term: Term;
}

function aggregationsOf(scope: Scope, makers: readonly (readonly [string, TermMaker])[]): Aggregation[] {
  return makers.map(([name, make]) => ({
    name,
    variable: newVariable(scope, true),
    term: madePlain(place(make, scope)),
  }));
}

function aggregateText(aggregations: readonly Aggregation[]): string {
  if (aggregations.length === 0) return "";
  return ` AGGREGATE ${
    aggregations.map(({ name, variable, term }) => `${variable.name} = ${name}(${term.text})`).join(", ")
  }`;
}

function aggregated(aggregations: readonly Aggregation[], rows: readonly Row[]): Row {
  return Object.fromEntries(
    aggregations.map(({ name, variable, term: { of } }) => [variable.name, AGGREGATES[name]!(rows.map(of))]),
  );
}

const aggregationMakers = fc.array(fc.tuple(fc.constantFrom(...Object.keys(AGGREGATES)), term), { maxLength: 2 });

interface GroupSettings {
  readonly groups: readonly TermMaker[];
  readonly aggregates: readonly (readonly [string, TermMaker])[];
  readonly into: "none" | "count" | "all" | "keep" | "projection";
  readonly projection: TermMaker;
  readonly method: string;
}

/** COLLECT, and after it the members of INTO in an order that is certain. */
function collect({ groups, aggregates, into, projection, method }: GroupSettings): StepMaker {
  return (scope) => {
    const keys = groups.map((make) => ({ variable: newVariable(scope, true), term: madePlain(place(make, scope)) }));
    const hasAggregates = aggregates.length > 0 && into !== "count";
    if (keys.length === 0 && !hasAggregates && into !== "count") return nothing(scope);
    const aggregations = hasAggregates ? aggregationsOf(scope, aggregates) : [];
    const intoPart = into === "none" ? undefined : intoOf(scope, into, place(projection, scope));
    const run = (rows: readonly Row[]): readonly Row[] => {
      const groupsOfRows = keys.length === 0 ? [rows] : grouped(rows, keys.map(({ term }) => term));
      return groupsOfRows.map((members) => ({
        ...outerOf(scope, members[0]),
        ...Object.fromEntries(keys.map(({ variable, term }) => [variable.name, term.of(members[0]!)])),
        ...aggregated(aggregations, members),
        ...(intoPart ? { [intoPart.variable.name]: intoPart.of(members) } : {}),
      }));
    };
    const declared = [
      ...keys.map(({ variable }) => variable),
      ...aggregations.map(({ variable }) => variable),
      ...(intoPart ? [intoPart.variable] : []),
    ];
    const groupText = keys.map(({ variable, term }) => ` ${variable.name} = ${term.text}`).join(",");
    const after: Scope = {
      ...scope,
      // what is left of rows that were not there is not for this model
      outer: keys.length === 0 ? [] : scope.outer,
      head: keys.length === 0 ? [] : scope.head,
      body: declared,
      hasLoop: true,
      // the members of INTO, whose order is not certain
      hasHidden: intoPart !== undefined && into !== "count",
      ordered: true,
    };
    const text = `COLLECT${groupText}${aggregateText(aggregations)}${intoPart?.text ?? ""}${
      method === "" ? "" : ` OPTIONS {method: "${method}"}`
    }${intoPart?.later ?? ""}`;
    return { text, run, after };
  };
}

/** The variables that are the same in all rows of a (sub)query. */
function outerOf({ outer, head }: Scope, row: Row | undefined): Row {
  return row ? Object.fromEntries([...outer, ...head].map(({ name }) => [name, row[name]!])) : {};
}

function grouped(rows: readonly Row[], terms: readonly Term[]): readonly (readonly Row[])[] {
  const groups: { key: Value[]; rows: Row[] }[] = [];
  for (const row of rows) {
    const key = terms.map(({ of }) => of(row));
    const group = groups.find((one) => compare(one.key, key) === 0);
    if (group) group.rows.push(row);
    else groups.push({ key, rows: [row] });
  }
  return groups.sort((a, b) => compare(a.key, b.key)).map(({ rows }) => rows);
}

/** The INTO part of a COLLECT; `later` makes a variable of it that does not show the order of members. */
function intoOf(scope: Scope, kind: "count" | "all" | "keep" | "projection", projection: Term): {
  readonly text: string;
  readonly later: string;
  readonly variable: Visible;
  readonly of: (rows: readonly Row[]) => Value;
} {
  const members = newVariable(scope, true);
  if (kind === "count") {
    return { text: ` WITH COUNT INTO ${members.name}`, later: "", variable: members, of: (rows) => rows.length };
  }
  const variable = newVariable(scope, true);
  const own = scope.hasLoop ? scope.body : scope.head;
  const kept = kind === "keep" ? own.slice(0, 2) : own;
  const keeping = ` INTO ${members.name} KEEP ${kept.map(({ name }) => name).join(", ")}`;
  const text = {
    all: scope.hasHidden ? keeping : ` INTO ${members.name}`,
    keep: keeping,
    projection: ` INTO ${members.name} = ${projection.text}`,
  }[kind];
  const of = (row: Row): Value =>
    kind === "projection" ? projection.of(row) : Object.fromEntries(kept.map(({ name }) => [name, row[name]!]));
  return {
    text,
    later: ` LET ${variable.name} = SORTED(${members.name}[* RETURN JSON_STRINGIFY(CURRENT)])`,
    variable,
    of: (rows) => rows.map((row): Value => JSON.stringify(of(row))).sort(compare),
  };
}

/** COLLECT with all of its parts. */
export const grouping: fc.Arbitrary<StepMaker> = fc.record<GroupSettings>({
  groups: fc.array(term, { maxLength: 2 }),
  aggregates: aggregationMakers,
  into: fc.constantFrom("none", "none", "count", "all", "keep", "projection"),
  projection: term,
  method: fc.constantFrom("", "", "hash", "sorted"),
}).map((settings): StepMaker => (scope) => {
  // a COLLECT of no loop ends no scope
  if (!scope.hasLoop) return nothing(scope);
  return collect(settings)(scope);
});

/** WINDOW by rows. */
export const window: fc.Arbitrary<StepMaker> = fc.record({
  aggregates: aggregationMakers,
  preceding: fc.constantFrom(0, 1, 2, "unbounded"),
  following: fc.constantFrom(0, 1, "unbounded"),
}).map(({ aggregates, preceding, following }): StepMaker =>
  inOrder((scope) => {
    if (aggregates.length === 0) return nothing(scope);
    const aggregations = aggregationsOf(scope, aggregates);
    const [before, behind] = [preceding, following].map((one) => typeof one === "number" ? one : Infinity);
    return {
      text: `WINDOW {preceding: ${JSON.stringify(preceding)}, following: ${JSON.stringify(following)}}${
        aggregateText(aggregations)
      }`,
      run: (rows) =>
        rows.map((row, i) => ({
          ...row,
          ...aggregated(aggregations, rows.slice(Math.max(0, i - before!), i + behind! + 1)),
        })),
      after: declare(scope, ...aggregations.map(({ variable }) => variable)),
    };
  })
);

/**
 * Random queries of FOR, LET, FILTER, SORT, LIMIT, COLLECT, WINDOW and subqueries, each with its meaning: the rows that its
 * statements make of rows, computed as simply as the manual tells it.
 *
 * @module
 */
import fc from "fast-check";
import { grouping, window } from "./random_grouping.ts";
import { ATTRIBUTES, madePlain, plainValue, type Row, term } from "./random_term.ts";
import {
  declare,
  type Documents,
  inOrder,
  newVariable,
  nothing,
  place,
  type Scope,
  sorted,
  type Step,
  type StepMaker,
  visibleIn,
} from "./scope.ts";
import { compare, distinct, holds, toArray, type Value } from "./values.ts";

/** A whole (sub)query. */
interface Pipeline {
  readonly text: string;
  /** The results for a row of the query around it. */
  readonly results: (row: Row) => Value[];
  readonly ordered: boolean;
}
type PipelineMaker = (scope: Scope) => Pipeline;

/** A loop over what `values` gives for each row. */
function loop(
  scope: Scope,
  source: string,
  values: (row: Row) => readonly Value[],
  { plain, ordered }: { plain: boolean; ordered: boolean },
): Step {
  const variable = newVariable(scope, plain);
  return {
    text: `FOR ${variable.name} IN ${source}`,
    run: (rows) => rows.flatMap((row) => values(row).map((value) => ({ ...row, [variable.name]: value }))),
    // the optimizer may swap loops that follow each other
    after: declare({ ...scope, hasLoop: true, ordered: scope.ordered && ordered && !scope.hasLoop }, variable),
  };
}

const overCollection = fc.constantFrom("docs", "more").map((name): StepMaker => (scope) =>
  loop(scope, name, () => scope.documents[name]!, { plain: true, ordered: false })
);

const overRange = fc.tuple(fc.integer({ min: -1, max: 3 }), fc.integer({ min: -1, max: 3 })).map((
  [low, high],
): StepMaker =>
(scope) => {
  const step = low <= high ? 1 : -1;
  const values = Array.from({ length: Math.abs(high - low) + 1 }, (_, i) => low + i * step);
  return loop(scope, `${low}..${high}`, () => values, { plain: true, ordered: true });
});

const overArray = term.map((make): StepMaker => (scope) => {
  const { text, of, plain } = place(make, scope);
  return loop(scope, `TO_ARRAY(${text})`, (row) => toArray(of(row)), { plain, ordered: true });
});

const overValues = fc.array(plainValue, { maxLength: 5 }).map((values): StepMaker => (scope) =>
  loop(scope, JSON.stringify(values), () => values, { plain: true, ordered: true })
);

function letVariable(scope: Scope, text: string, of: (row: Row) => Value, plain: boolean): Step {
  const variable = newVariable(scope, plain);
  return {
    text: `LET ${variable.name} = ${text}`,
    run: (rows) => rows.map((row) => ({ ...row, [variable.name]: of(row) })),
    after: declare(scope, variable),
  };
}

const letTerm = term.map((make): StepMaker => (scope) => {
  const { text, of, plain } = place(make, scope);
  return letVariable(scope, text, of, plain);
});

const filter = term.map((make): StepMaker => (scope) => {
  const { text, of } = place(make, scope);
  return { text: `FILTER ${text}`, run: (rows) => rows.filter((row) => holds(of(row))), after: scope };
});

const sort = fc.array(fc.tuple(term, fc.boolean()), { maxLength: 2 }).map((makers): StepMaker => (scope) => {
  const terms = makers.map(([make, descending]) => ({ term: place(make, scope), descending }));
  const step = sorted(scope, terms);
  // without any variable there is nothing to sort by
  return step.text === "SORT " ? nothing(scope) : step;
});

const limit = fc.tuple(fc.nat(3), fc.nat(6), fc.boolean()).map(([offset, count, short]): StepMaker =>
  inOrder((scope) => ({
    text: short ? `LIMIT ${count}` : `LIMIT ${offset}, ${count}`,
    run: (rows) => short ? rows.slice(0, count) : rows.slice(offset, offset + count),
    after: scope,
  }))
);

const { pipeline } = fc.letrec<{ pipeline: PipelineMaker; step: StepMaker }>((tie) => {
  const subquery = tie("pipeline");
  const enter = (scope: Scope): Scope => ({
    ...scope,
    outer: visibleIn(scope),
    head: [],
    body: [],
    hasLoop: false,
    hasHidden: false,
    ordered: true,
  });
  /** A subquery whose results are in an order that is certain, or sorted. */
  const certain = (make: PipelineMaker, scope: Scope): { text: string; of: (row: Row) => Value[]; plain: boolean } => {
    const { text, results, ordered } = make(enter(scope));
    if (ordered) return { text: `(${text})`, of: results, plain: false };
    return {
      text: `SORTED((${text})[* RETURN JSON_STRINGIFY(CURRENT)])`,
      of: (row) => results(row).map((value): Value => JSON.stringify(value)).sort(compare),
      plain: true,
    };
  };
  const letSubquery = fc.tuple(subquery, fc.constantFrom("", "LENGTH", "FIRST", "NOT")).map(
    ([make, use]): StepMaker => (scope) => {
      const { text, of, plain } = certain(make, scope);
      if (use === "LENGTH") return letVariable(scope, `LENGTH(${text})`, (row) => of(row).length, true);
      if (use === "FIRST") return letVariable(scope, `FIRST(${text})`, (row) => of(row)[0] ?? null, plain);
      if (use === "NOT") return letVariable(scope, `LENGTH(${text}) == 0`, (row) => of(row).length === 0, true);
      return letVariable(scope, text, of, plain);
    },
  );
  const letGuarded = fc.tuple(term, subquery, subquery).map(([condition, then, otherwise]): StepMaker => (scope) => {
    const test = place(condition, scope);
    const [a, b] = [certain(then, scope), certain(otherwise, scope)];
    const text = `(${test.text} ? ${a.text} : ${b.text})`;
    return letVariable(scope, text, (row) => holds(test.of(row)) ? a.of(row) : b.of(row), a.plain && b.plain);
  });
  const overSubquery = subquery.map((make): StepMaker => (scope) => {
    const { text, results, ordered } = make(enter(scope));
    return loop(scope, `(${text})`, results, { plain: false, ordered });
  });
  return {
    step: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      filter,
      letTerm,
      filter,
      overValues,
      overRange,
      overCollection,
      overCollection,
      overArray,
      sort,
      limit,
      grouping,
      grouping,
      window,
      letSubquery,
      letGuarded,
      overSubquery,
    ),
    pipeline: fc.record({
      first: fc.oneof(overCollection, overCollection, overValues, letTerm),
      steps: fc.array(tie("step"), { maxLength: 5 }),
      distinct: fc.boolean(),
      result: term,
    }).map(({ first, steps, distinct: once, result }): PipelineMaker => (scope) => {
      const made: Step[] = [];
      let at = scope;
      for (const make of [first, ...steps]) {
        const step = make(at);
        made.push(step);
        at = step.after;
      }
      const isDistinct = once && at.hasLoop;
      const placed = place(result, at);
      const value = isDistinct ? madePlain(placed) : placed;
      const last = `RETURN ${isDistinct ? "DISTINCT " : ""}${value.text}`;
      return {
        text: [...made.map(({ text }) => text).filter((text) => text !== ""), last].join(" "),
        results: (row) => {
          const rows = made.reduce<readonly Row[]>((rows, { run }) => run(rows), [row]);
          const values = rows.map((one) => value.of(one));
          return isDistinct ? distinct(values) : values;
        },
        ordered: at.ordered,
      };
    }),
  };
});

/** A query, and what it has to answer. */
export interface ModelledQuery {
  readonly text: string;
  readonly results: () => Value[];
  /** Whether their order is certain. */
  readonly ordered: boolean;
}

const documents = fc.array(
  fc.dictionary(fc.constantFrom(...ATTRIBUTES), plainValue, { noNullPrototype: true }),
  { maxLength: 6 },
);

/** The documents of the collections `docs` and `more`, without the attributes that a database adds. */
export const collections: fc.Arbitrary<Documents> = fc.record({ docs: documents, more: documents });

/** Queries about them, and what they have to answer when these are the documents as they are stored. */
export const query: fc.Arbitrary<(documents: Documents) => ModelledQuery> = pipeline.map((make) => (documents) => {
  const top: Scope = {
    counter: { next: 1 },
    documents,
    outer: [],
    head: [],
    body: [],
    hasLoop: false,
    hasHidden: false,
    ordered: true,
  };
  const { text, results, ordered } = make(top);
  return { text, results: () => results({}), ordered };
});

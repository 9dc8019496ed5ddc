/**
 * What is known at a place of a random query, and the statements there.
 *
 * @module
 */
import type { Row, Term, TermMaker, Visible } from "./random_term.ts";
import { compare } from "./values.ts";

/** The documents of the collections that a query reads. */
export type Documents = Readonly<Record<string, readonly Row[]>>;

/** What is known at a place of a (sub)query. */
export interface Scope {
  /** The number of variables so far in the whole query, which are called by it. */
  readonly counter: { next: number };
  readonly documents: Documents;
  /** What the queries around this one have declared. */
  readonly outer: readonly Visible[];
  /** What this (sub)query has declared before its first FOR. */
  readonly head: readonly Visible[];
  /** What it has declared since then. */
  readonly body: readonly Visible[];
  readonly hasLoop: boolean;
  /** Whether the (sub)query has declared a variable beside these, which INTO without KEEP would show. */
  readonly hasHidden: boolean;
  /** Whether the order of rows is certain. */
  readonly ordered: boolean;
}

/** A statement, and what is known after it. */
export interface Step {
  readonly text: string;
  readonly run: (rows: readonly Row[]) => readonly Row[];
  readonly after: Scope;
}
/** A statement that is not yet at its place. */
export type StepMaker = (scope: Scope) => Step;

/** A statement that does nothing. */
export function nothing(scope: Scope): Step {
  return { text: "", run: (rows) => rows, after: scope };
}

/** The variables that expressions can use. */
export function visibleIn({ outer, head, body }: Scope): readonly Visible[] {
  return [...outer, ...head, ...body];
}

/** An expression at a place. */
export function place(make: TermMaker, scope: Scope): Term {
  return make(visibleIn(scope));
}

/** A variable with a name that is nowhere else. */
export function newVariable({ counter }: Scope, plain: boolean): Visible {
  return { name: `v${counter.next++}`, plain };
}

/** What is known after a statement has declared variables. */
export function declare(scope: Scope, ...variables: readonly Visible[]): Scope {
  return scope.hasLoop
    ? { ...scope, body: [...scope.body, ...variables] }
    : { ...scope, head: [...scope.head, ...variables] };
}

/** Sorts by some terms, then by all variables that differ from row to row, so that the order is certain. */
export function sorted(scope: Scope, terms: readonly { readonly term: Term; readonly descending: boolean }[]): Step {
  const last = [...scope.head, ...scope.body].map(({ name }): Term => ({
    text: `JSON_STRINGIFY(${name})`,
    of: (row) => JSON.stringify(row[name]),
    plain: true,
  }));
  const keys = [...terms, ...last.map((term) => ({ term, descending: false }))];
  const order = (a: Row, b: Row): number => {
    for (const { term, descending } of keys) {
      const found = compare(term.of(a), term.of(b));
      if (found !== 0) return descending ? -found : found;
    }
    return 0;
  };
  return {
    text: `SORT ${keys.map(({ term, descending }) => `${term.text}${descending ? " DESC" : ""}`).join(", ")}`,
    run: (rows) => [...rows].sort(order),
    after: { ...scope, ordered: true },
  };
}

/** Makes a step for which rows have to be in order. */
export function inOrder(make: StepMaker): StepMaker {
  return (scope) => {
    if (scope.ordered) return make(scope);
    const first = sorted(scope, []);
    const second = make(first.after);
    return { ...second, text: `${first.text} ${second.text}`, run: (rows) => second.run(first.run(rows)) };
  };
}

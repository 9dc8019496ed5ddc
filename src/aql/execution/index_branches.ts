/**
 * How the branches of an index loop's condition become searches.
 *
 * @module
 */
import type { IndexBound, IndexRange, SourceIndex } from "../data_source.ts";
import { allOf, type Expr, type Variable, variablesOf } from "../plan/expression.ts";
import type { EdgeLookup } from "../plan/edge_lookups.ts";
import { asIndexed, distanceFrom, geoTerm, type Place } from "../plan/geo_match.ts";
import { entryFields, type IndexOperator, indexTerms } from "../plan/index_match.ts";
import { testsOfBranch } from "../plan/node_effects.ts";
import type { IndexNode } from "../plan/nodes.ts";
import { compareValues, distinctKey } from "../value_order.ts";
import { type AqlArray, type AqlValue, isObject, isTruthy } from "../values.ts";
import { compile, type Evaluator, type Row } from "./compile.ts";
import type { QueryContext } from "./context.ts";

/** What an index is searched for. */
export type IndexSearch =
  | { readonly kind: "keys"; readonly keys: readonly string[] }
  | { readonly kind: "edges"; readonly end: "_from" | "_to"; readonly vertices: readonly string[] }
  /** `exact`: every document that is found fulfils the branch. */
  | { readonly kind: "ranges"; readonly ranges: readonly IndexRange[]; readonly exact: boolean }
  /** Within so many metres of a place, or a little farther. */
  | { readonly kind: "around"; readonly latitude: number; readonly longitude: number; readonly meters: number }
  /** Everything, those first that are close to a place. */
  | { readonly kind: "nearest"; readonly latitude: number; readonly longitude: number }
  /** One document for each combination of values of the first fields. */
  | { readonly kind: "distinct" }
  /** What a function has found in the index. */
  | { readonly kind: "found"; readonly documents: AqlArray }
  /** In a shape, in touch with it, or nearby. */
  | { readonly kind: "meeting"; readonly shape: AqlValue }
  /** The index cannot tell: every document has to be looked at. */
  | { readonly kind: "all" };

/** One branch of a condition with the index that serves it. */
export interface IndexBranch {
  readonly index: SourceIndex;
  /** What to search for, given the variables of a row; undefined for nothing. */
  readonly search: (row: Row) => IndexSearch | undefined;
  /** Whether a row whose document is set fulfils the branch. */
  readonly holds: (row: Row) => boolean;
}

/** Whether a loop is for a document by a key that comes from other loops: those are looked up many at once. */
export function looksUpKeys({ indexes, condition, ordered, current }: IndexNode): boolean {
  const [term, ...others] = condition.flat();
  return indexes[0]!.type === "primary" && term?.kind === "binary" && term.operator === "==" && others.length === 0 &&
    !ordered && !current && variablesOf(term).size > 1;
}

interface Term {
  readonly field: string;
  readonly operator: IndexOperator;
  readonly value: Evaluator;
}

/** More values in IN lists than this make every document be looked at. */
const MAX_RANGES = 100_000;

/** The branches of an index loop. */
export function indexBranches(node: IndexNode, context: QueryContext): IndexBranch[] {
  const { nearest, outVariable } = node;
  if (nearest && node.condition.length === 0) {
    const index = node.indexes[0]!;
    const place = positionOf(distanceFrom(nearest, index, outVariable, new Set([outVariable]))!, context);
    const search = (row: Row): IndexSearch | undefined => {
      const found = place(row);
      return found ? { kind: "nearest", ...found } : { kind: "all" };
    };
    return [{ index, search, holds: () => true }];
  }
  if (node.collect?.leaps) {
    return [{ index: node.indexes[0]!, search: () => ({ kind: "distinct" }), holds: () => true }];
  }
  if (node.condition.length === 0) {
    const everything: IndexSearch = { kind: "ranges", ranges: [{ values: [] }], exact: true };
    return [{ index: node.indexes[0]!, search: () => everything, holds: () => true }];
  }
  return node.condition.map((branch, i) => {
    const index = node.indexes[i] ?? node.indexes[0]!;
    if (isLookup(branch)) {
      const lookup = compile(branch[0]!, context);
      return { index, search: (row) => ({ kind: "found", documents: lookup(row) as AqlArray }), holds: () => true };
    }
    const tests = testsOfBranch(node, i).map((test) => asIndexed(test, index, outVariable));
    const condition = compile(allOf(tests), context);
    const holds = (row: Row): boolean => isTruthy(condition(row));
    if (index.type === "geo") return { index, search: geoSearch(index, branch, outVariable, context), holds };
    return { index, search: searchOf(index, compiledTerms(branch, outVariable, context), node.collection), holds };
  });
}

/**
 * What to search the index of a look-up for, to find the edges at a vertex.
 *
 * @param edge stands for the edge in the terms of the look-up
 * @returns what gives the search for the id of a vertex, with the variables of a row put in; it may find too much
 */
export function edgeSearch(
  { index, end, terms }: Pick<EdgeLookup, "index" | "end" | "terms">,
  edge: Variable,
  context: QueryContext,
): (vertex: string, row: Row) => IndexSearch | undefined {
  let attachedTo = "";
  const attached: Term = { field: end, operator: "==", value: () => attachedTo };
  const search = orderedSearch(index, [attached, ...compiledTerms(terms, edge, context)]);
  return (vertex, row) => {
    attachedTo = vertex;
    return search(row);
  };
}

/** What the terms of a condition ask an index for. */
function compiledTerms(terms: readonly Expr[], variable: Variable, context: QueryContext): Term[] {
  const own = new Set([variable]);
  return terms.flatMap((term) => indexTerms(term, variable, own)).map(({ field, operator, value }) => (
    { field, operator, value: compile(value, context) }
  ));
}

/** Whether a branch is the call of a function that searches an index, instead of a condition. */
function isLookup([term]: readonly Expr[]): boolean {
  return term?.kind === "call" && term.spec.readsData === true;
}

/** What to look for in a geo index: by the first term that narrows the search. */
function geoSearch(
  index: SourceIndex,
  branch: readonly Expr[],
  variable: Variable,
  context: QueryContext,
): IndexBranch["search"] {
  const own = new Set([variable]);
  const term = branch.map((one) => geoTerm(one, index, variable, own)).find((one) => one && one.kind !== "far");
  if (!term || term.kind === "far") return () => ({ kind: "all" });
  if (term.kind === "meets") {
    const shape = compile(term.shape, context);
    return (row) => ({ kind: "meeting", shape: shape(row) });
  }
  const meters = compile(term.meters, context);
  const position = positionOf(term.place, context);
  return (row) => {
    const distance = meters(row);
    const place = position(row);
    if (typeof distance !== "number" || !place) return { kind: "all" };
    return { kind: "around", ...place, meters: distance * (1 + SLACK) + SLACK };
  };
}

/** Gives where a place is, with the variables of a row put in; undefined for what is no point. */
function positionOf(
  place: Place,
  context: QueryContext,
): (row: Row) => { latitude: number; longitude: number } | undefined {
  const [first, second] = ("kind" in place ? [place] : place).map((one) => compile(one, context));
  return (row) => {
    const found = second ? [second(row), first!(row)] : pointOf(first!(row));
    const [longitude, latitude] = Array.isArray(found) ? found : [];
    return typeof longitude === "number" && typeof latitude === "number" ? { latitude, longitude } : undefined;
  };
}

/** What rounding may make of a distance. */
const SLACK = 1e-6;

/** Longitude and latitude of a point. */
function pointOf(value: AqlValue): AqlValue {
  return isObject(value) && value.type === "Point" ? value.coordinates ?? null : value;
}

function searchOf(index: SourceIndex, terms: readonly Term[], collection: string): IndexBranch["search"] {
  if (index.type === "primary") {
    const equal = terms.find(({ operator }) => operator === "==" || operator === "IN");
    if (!equal) return orderedSearch(index, terms);
    const prefix = equal.field === "_id" ? `${collection}/` : "";
    return (row) => {
      const keys = valuesOf(equal, row)?.filter((one) => typeof one === "string" && one.startsWith(prefix));
      return keys && { kind: "keys", keys: keys.map((one) => (one as string).slice(prefix.length)) };
    };
  }
  if (index.type === "edge") {
    const equal = terms.find(({ field, operator }) =>
      (field === "_from" || field === "_to") && (operator === "==" || operator === "IN")
    )!;
    return (row) => {
      const vertices = valuesOf(equal, row)?.filter((one) => typeof one === "string");
      return vertices && { kind: "edges", end: equal.field as "_from" | "_to", vertices: vertices as string[] };
    };
  }
  return orderedSearch(index, terms);
}

/** The different values that an equality asks for; undefined if it asks for none. */
function valuesOf({ operator, value }: Term, row: Row): AqlValue[] | undefined {
  const wanted = value(row);
  if (operator === "==") return [wanted];
  if (!Array.isArray(wanted)) return undefined;
  return [...new Map(wanted.map((one) => [distinctKey(one), one])).values()];
}

function orderedSearch(index: SourceIndex, terms: readonly Term[]): IndexBranch["search"] {
  const equal: Term[] = [];
  let bounds: readonly Term[] = [];
  for (const field of entryFields(index)) {
    const own = terms.filter((term) => term.field === field);
    const found = own.find(({ operator }) => operator === "==") ?? own.find(({ operator }) => operator === "IN");
    if (found) {
      equal.push(found);
      continue;
    }
    bounds = own;
    break;
  }
  const used = equal.length + bounds.length;
  return (row) => {
    const choices: AqlValue[][] = [];
    for (const term of equal) {
      const values = valuesOf(term, row);
      if (!values) return undefined;
      choices.push(skipsNull(index, term) ? values.filter((one) => one !== null) : values);
    }
    // in files of older formats, which may not be changed here, entries of equal arrays and objects differ
    if (choices.some((values) => values.some((one) => isUntold(one) || (one === null && index.sparse)))) {
      return { kind: "all" };
    }
    if (choices.reduce((product, values) => product * values.length, 1) > MAX_RANGES) return { kind: "all" };
    const { lower, upper } = boundsOf(bounds, row);
    const exact = used === terms.length && isExact(lower) && isExact(upper);
    const ranges = combinations(choices).map((values): IndexRange => ({ values, lower, upper }));
    return { kind: "ranges", ranges, exact };
  };
}

/** Whether an index has no document with null in a field; what is null among the members of an array it has. */
function skipsNull({ sparse }: SourceIndex, { field }: Term): boolean {
  return sparse && !field.includes("[");
}

/** The narrowest of several bounds of a field. */
function boundsOf(terms: readonly Term[], row: Row): { lower?: IndexBound; upper?: IndexBound } {
  const found: { lower?: IndexBound; upper?: IndexBound } = {};
  for (const { operator, value } of terms) {
    const bound = { value: value(row), inclusive: operator === ">=" || operator === "<=" };
    const isLower = operator === ">" || operator === ">=";
    const known = isLower ? found.lower : found.upper;
    const difference = known ? compareValues(bound.value, known.value) * (isLower ? 1 : -1) : 1;
    if (difference > 0 || (difference === 0 && !bound.inclusive)) found[isLower ? "lower" : "upper"] = bound;
  }
  return found;
}

/** Whether the bytes of an index tell exactly what lies beyond a bound. */
function isExact(bound: IndexBound | undefined): boolean {
  return !bound || (typeof bound.value !== "string" && !isCompound(bound.value));
}

function isCompound(value: AqlValue): boolean {
  return typeof value === "object" && value !== null;
}

/** Whether entries of other values may be the same: half a surrogate pair lies in an index as U+FFFD does. */
function isUntold(value: AqlValue): boolean {
  return typeof value === "string" ? !value.isWellFormed() || value.includes("\ufffd") : isCompound(value);
}

/** All ways to take one value of each list. */
function combinations(choices: readonly (readonly AqlValue[])[]): AqlValue[][] {
  let found: AqlValue[][] = [[]];
  for (const values of choices) found = found.flatMap((start) => values.map((value) => [...start, value]));
  return found;
}

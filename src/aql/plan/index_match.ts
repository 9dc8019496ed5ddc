/**
 * Which indexes serve which conditions, and how well.
 *
 * Source: section 20.3 of `aql.md`.
 *
 * @module
 */
import type { SourceIndex } from "../data_source.ts";
import type { Paths } from "./attribute_uses.ts";
import type { Branch } from "./conditions.ts";
import {
  attributeOf,
  attributePath,
  constant,
  type Expr,
  isDeterministic,
  shapeOf,
  type Variable,
  variablesOf,
} from "./expression.ts";

/** The comparisons that indexes serve. */
export type IndexOperator = "==" | "IN" | "<" | "<=" | ">" | ">=";

/** A comparison of an indexed attribute with a value that is known when the loop starts. */
export interface IndexTerm {
  readonly field: string;
  readonly operator: IndexOperator;
  readonly value: Expr;
  /** The comparison as it stands in the condition. */
  readonly term: Expr;
}

const MIRRORED: Readonly<Record<string, IndexOperator>> = { "==": "==", "<": ">", "<=": ">=", ">": "<", ">=": "<=" };

/** The field of an index that an access stands for: `a.b`; for the right side of IN `a[*]` and `a[*].b`. */
export function fieldOf(expr: Expr, variable: Variable): string | undefined {
  const target = attributePath(expr);
  if (target?.variable !== variable || target.path.length === 0) return undefined;
  return target.path.some((name) => /[.[\]]/.test(name)) ? undefined : target.path.join(".");
}

function arrayField(expr: Expr, variable: Variable): string | undefined {
  if (expr.kind !== "expansion") {
    const field = fieldOf(expr, variable);
    return field === undefined ? undefined : `${field}[*]`;
  }
  if (expr.levels !== 1 || expr.filter || expr.offset || expr.count || expr.projection) return undefined;
  const field = fieldOf(expr.target, variable);
  const inner = attributePath(expr.each);
  if (field === undefined || inner?.variable !== expr.result) return undefined;
  return inner.path.length === 0 ? `${field}[*]` : `${field}[*].${inner.path.join(".")}`;
}

/** The ways in which a term of a condition can use an index. */
export function indexTerms(term: Expr, variable: Variable, later: ReadonlySet<Variable>): IndexTerm[] {
  if (term.kind === "quantified") {
    const field = term.quantifier.kind === "ANY" && term.operator === "=="
      ? arrayField(term.left, variable)
      : undefined;
    return field !== undefined && isKnown(term.right) ? [{ field, operator: "==", value: term.right, term }] : [];
  }
  if (term.kind !== "binary") return [];
  const { operator, left, right } = term;
  const found: IndexTerm[] = [];
  const add = (field: string | undefined, by: IndexOperator | undefined, value: Expr): void => {
    if (field !== undefined && by && isKnown(value)) found.push({ field, operator: by, value, term });
  };
  if (operator === "IN") {
    add(fieldOf(left, variable), "IN", right);
    add(arrayField(right, variable), "==", left);
  } else if (MIRRORED[operator]) {
    add(fieldOf(left, variable), operator as IndexOperator, right);
    add(fieldOf(right, variable), MIRRORED[operator], left);
  }
  return found;

  function isKnown(value: Expr): boolean {
    return isKnownBefore(value, later);
  }
}

/** Whether a value is known when a loop starts, before some variables have theirs. */
export function isKnownBefore(value: Expr, later: ReadonlySet<Variable>): boolean {
  return isDeterministic(value) && ![...variablesOf(value)].some((one) => later.has(one));
}

/**
 * Whether an index tells an attribute of the documents that it has.
 *
 * Source: the manual's section "Index-Only Optimization" of the page on query optimization; for the ends of edges its
 * release notes of 3.5.
 */
export function tellsPath({ type, fields, storedValues = [] }: SourceIndex, path: readonly string[]): boolean {
  if (type === "primary") return path.length === 1 && (path[0] === "_key" || path[0] === "_id");
  if (type === "edge") return path.length === 1 && fields.includes(path[0]!);
  if (!ORDERED_INDEXES.has(type)) return false;
  const name = path.join(".");
  return [...fields, ...storedValues].some((field) => name === field || name.startsWith(`${field}.`));
}

/** Whether an index tells all of some attributes; see {@linkcode tellsPath}. */
export function tellsPaths(index: SourceIndex, paths: Paths): boolean {
  return paths.every((path) => tellsPath(index, path));
}

/** The types of indexes that have an order. */
export const ORDERED_INDEXES: ReadonlySet<string> = new Set(["persistent", "hash", "skiplist"]);

/** What an index does for one branch. */
export interface IndexMatch {
  readonly index: SourceIndex;
  /** Equalities with the first fields, in their order, then bounds of the next one. */
  readonly terms: readonly IndexTerm[];
  /** About how many documents come out; nothing is known of what bounds leave out. */
  readonly items: number;
}

/**
 * How an index serves a branch.
 *
 * @param count how many documents the collection has
 * @returns undefined if it does not
 */
export function matchIndex(
  index: SourceIndex,
  branch: Branch,
  variable: Variable,
  later: ReadonlySet<Variable>,
  count: number,
): IndexMatch | undefined {
  const terms = branch.flatMap((term) => indexTerms(term, variable, later));
  if (index.sparse && !holdsAll(index, branch, terms, variable)) return undefined;
  switch (index.type) {
    case "primary": {
      const equal = terms.find(({ field, operator }) =>
        (field === "_key" || field === "_id") && (operator === "==" || operator === "IN")
      );
      if (equal) return { index, terms: [equal], items: listLength(equal) };
      const bounds = terms.filter(({ field }) => field === "_key");
      return bounds.length > 0 ? { index, terms: bounds, items: count } : undefined;
    }
    case "edge": {
      const equal = terms.find(({ field, operator }) =>
        (field === "_from" || field === "_to") && (operator === "==" || operator === "IN")
      );
      return equal && { index, terms: [equal], items: equals(index, 1, 1, count) * listLength(equal) };
    }
    case "persistent":
    case "hash":
    case "skiplist":
      return matchOrdered(index, terms, count);
    case "mdi":
    case "mdi-prefixed":
    case "zkd":
      return matchDimensions(index, terms, count);
    default:
      return undefined;
  }
}

/**
 * The fields of an index in the order in which its entries have them.
 *
 * @param index the prefix fields of a multi-dimensional one come first
 */
export function entryFields({ prefixFields = [], fields }: SourceIndex): readonly string[] {
  return [...prefixFields, ...fields];
}

/** Whether a sparse index has all documents that a branch lets pass: those without a value for one of its fields it has not. */
function holdsAll(
  index: SourceIndex,
  branch: Branch,
  terms: readonly IndexTerm[],
  variable: Variable,
): boolean {
  return entryFields(index).every((field) =>
    terms.some((one) => one.field === field && excludesNull(one)) ||
    branch.some((term) => nonNullField(term, variable) === field)
  );
}

/** What all documents of an index fulfil: those of a sparse one have a value for each of its fields. */
export function sparseTerms(index: SourceIndex, variable: Variable): Expr[] {
  return !index.sparse ? [] : entryFields(index).filter((field) => !field.includes("[")).map((field) => ({
    kind: "binary",
    operator: "!=",
    left: attributeOf(variable, field.split(".")),
    right: constant(null),
  }));
}

/** The field of an index that a term demands a value of, other than null. */
function nonNullField(term: Expr, variable: Variable): string | undefined {
  if (term.kind !== "binary" || term.operator !== "!=") return undefined;
  const isNull = (expr: Expr): boolean => expr.kind === "constant" && shapeOf(expr).type === "null";
  if (isNull(term.right)) return fieldOf(term.left, variable);
  return isNull(term.left) ? fieldOf(term.right, variable) : undefined;
}

function matchOrdered(index: SourceIndex, terms: readonly IndexTerm[], count: number): IndexMatch | undefined {
  const matched: IndexTerm[] = [];
  let lists = 1;
  let fixed = 0;
  for (const field of index.fields) {
    const candidates = terms.filter((term) => term.field === field);
    const equal = candidates.find(({ operator }) => operator === "==") ??
      candidates.find(({ operator }) => operator === "IN");
    if (equal) {
      matched.push(equal);
      fixed++;
      lists *= listLength(equal);
      continue;
    }
    const lower = candidates.find(({ operator }) => operator === ">" || operator === ">=");
    const upper = candidates.find(({ operator }) => operator === "<" || operator === "<=");
    for (const bound of [lower, upper]) {
      if (!bound) continue;
      matched.push(bound);
    }
    break;
  }
  // an index of members of arrays has no documents without any
  const members = index.fields.find((field) => field.includes("["));
  if (matched.length === 0 || (members && !matched.some(({ field }) => field === members))) return undefined;
  const items = equals(index, fixed, index.fields.length, count) * lists;
  return { index, terms: matched, items: Math.min(Math.max(1, items), Math.max(1, count)) };
}

/** About how many documents have the same values of an ordered index's first `fixed` fields. */
export function sameStart(index: SourceIndex, fixed: number, count: number): number {
  return equals(index, fixed, index.fields.length, count);
}

/** The part of the documents that bounds in one dimension are taken to leave. */
const IN_BOUNDS = 0.3;

/** How a multi-dimensional index serves a branch: equalities with all prefix fields, bounds of any dimension. */
function matchDimensions(index: SourceIndex, terms: readonly IndexTerm[], count: number): IndexMatch | undefined {
  const { fields, prefixFields = [] } = index;
  const prefix = prefixFields.map((field) => terms.find((one) => one.field === field && one.operator === "=="));
  if (prefix.includes(undefined)) return undefined;
  const bounds = fields.map((field) => terms.filter((one) => one.field === field && one.operator !== "IN"));
  if (bounds.every((own) => own.length === 0)) return undefined;
  const matched = [...prefix as IndexTerm[], ...bounds.flat()];
  const items = bounds.reduce((left, own) => own.length > 0 ? left * IN_BOUNDS : left, count);
  return { index, terms: matched, items: Math.max(1, items) };
}

/** About how many documents have the same values of the first `fixed` fields. */
function equals(index: SourceIndex, fixed: number, fields: number, count: number): number {
  if (fixed === 0) return count;
  if (index.unique && fixed === fields) return 1;
  const selectivity = Math.max(index.selectivityEstimate ?? 0.1, 1e-9) ** (fixed / fields);
  return Math.min(count, 1 / selectivity);
}

function listLength({ operator, value }: IndexTerm): number {
  if (operator !== "IN") return 1;
  const length = value.kind === "constant" ? shapeOf(value).length : undefined;
  return length === undefined ? 10 : Math.max(1, length);
}

function excludesNull({ operator, value }: IndexTerm): boolean {
  if (operator === ">") return true;
  if (value.kind !== "constant") return false;
  if (operator === "IN") return Array.isArray(value.value) && !value.value.includes(null);
  return (operator === "==" || operator === ">=") && shapeOf(value).type !== "null";
}

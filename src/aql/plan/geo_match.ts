/**
 * Which conditions a geo index serves.
 *
 * Source: section 12.3 of `aql.md`.
 *
 * @module
 */
import type { SourceIndex } from "../data_source.ts";
import { type CallExpr, constant, type Expr, type Variable } from "./expression.ts";
import { fieldOf, isKnownBefore } from "./index_match.ts";

/** A place: GeoJSON, `[longitude, latitude]`, or both numbers. */
export type Place = Expr | readonly [latitude: Expr, longitude: Expr];

/** What a term demands of the places of documents. */
export type GeoTerm =
  /** No farther than so many metres from a place. */
  | { readonly kind: "near"; readonly place: Place; readonly meters: Expr }
  /** At least so far from a place: an index is no help, but what it has no place for drops out. */
  | { readonly kind: "far" }
  /** Inside of a shape, or in touch with it. */
  | { readonly kind: "meets"; readonly shape: Expr };

const MIRRORED: Readonly<Record<string, string>> = { "<": ">", "<=": ">=", ">": "<", ">=": "<=" };

/**
 * How a geo index serves a term of a condition.
 *
 * @param variable stands for the document
 * @param later variables that have no value yet when the loop starts
 * @returns undefined if it does not
 */
export function geoTerm(
  term: Expr,
  index: SourceIndex,
  variable: Variable,
  later: ReadonlySet<Variable>,
): GeoTerm | undefined {
  if (index.type !== "geo") return undefined;
  const known = (expr: Expr): boolean => isKnownBefore(expr, later);
  if (term.kind === "call") {
    const { spec: { name }, args: [shape, place] } = term;
    const isMeeting = name === "GEO_CONTAINS" || name === "GEO_INTERSECTS";
    return isMeeting && shape && place && isShape(place, index, variable) && known(shape)
      ? { kind: "meets", shape }
      : undefined;
  }
  if (term.kind !== "binary" || !MIRRORED[term.operator]) return undefined;
  const { left, right, operator } = term;
  const [call, meters, compared] = left.kind === "call"
    ? [left, right, operator]
    : [right, left, MIRRORED[operator]!] as const;
  const place = known(meters) ? distanceFrom(call, index, variable, later) : undefined;
  if (!place) return undefined;
  return compared.startsWith("<") ? { kind: "near", place, meters } : { kind: "far" };
}

/** What a call measures the distance of documents from; undefined unless it does, and that is known. */
export function distanceFrom(
  call: Expr,
  index: SourceIndex,
  variable: Variable,
  later: ReadonlySet<Variable>,
): Place | undefined {
  const place = call.kind === "call" && index.type === "geo" ? placeOf(call, index, variable) : undefined;
  const parts = place && ("kind" in place ? [place] : place);
  return parts?.every((one) => isKnownBefore(one, later)) ? place : undefined;
}

/** What a call measures from; undefined if it is not the distance of what the index has. */
function placeOf(
  { spec: { name }, args }: CallExpr,
  index: SourceIndex,
  variable: Variable,
): Place | undefined {
  const [a, b, c, d] = args;
  if (name === "GEO_DISTANCE" && a && b && args.length === 2) {
    if (isShape(a, index, variable) || isPosition(a, index, variable)) return b;
    return isShape(b, index, variable) || isPosition(b, index, variable) ? a : undefined;
  }
  if (name !== "DISTANCE" || !a || !b || !c || !d) return undefined;
  if (isPair(a, b, index, variable)) return [c, d];
  return isPair(c, d, index, variable) ? [a, b] : undefined;
}

/**
 * What a term, or a distance, says of documents that a geo index has found: where the index has the latitude first, it is read
 * in that order, although functions take `[longitude, latitude]`.
 *
 * Source: the warning in section "Non-GeoJSON mode" of the manual's page on geo indexes (results with and without such an
 * index differ); in which way, a driver counts on (`find_in_box()` of python-arango).
 */
export function asIndexed(term: Expr, index: SourceIndex, variable: Variable): Expr {
  if (index.type !== "geo" || index.geoJson) return term;
  if (term.kind === "binary") {
    const { left, right } = term;
    return { ...term, left: asIndexed(left, index, variable), right: asIndexed(right, index, variable) };
  }
  if (term.kind !== "call") return term;
  return { ...term, args: term.args.map((arg) => isShape(arg, index, variable) ? latitudeLast(arg) : arg) };
}

function latitudeLast(pair: Expr): Expr {
  const member = (at: number) => ({ kind: "index", target: pair, index: constant(at) }) as const;
  return { kind: "array", items: [1, 0].map((at) => ({ value: member(at), spread: false })) };
}

/** Whether an expression is the only attribute of an index. */
function isShape(expr: Expr, { fields }: SourceIndex, variable: Variable): boolean {
  return fields.length === 1 && fieldOf(expr, variable) === fields[0];
}

/** Whether an expression puts the longitude and the latitude together that an index has in attributes of their own. */
function isPosition(expr: Expr, index: SourceIndex, variable: Variable): boolean {
  if (expr.kind !== "array" || expr.items.length !== 2 || index.fields.length !== 2) return false;
  const [longitude, latitude] = expr.items.map(({ value, spread }) => spread ? undefined : value);
  return longitude !== undefined && latitude !== undefined && isPair(latitude, longitude, index, variable);
}

/** Whether two expressions are the latitude and the longitude that an index has. */
function isPair(latitude: Expr, longitude: Expr, index: SourceIndex, variable: Variable): boolean {
  const { fields, geoJson = false } = index;
  if (fields.length === 2) return [latitude, longitude].every((one, i) => fieldOf(one, variable) === fields[i]);
  return [latitude, longitude].every((one, i) =>
    one.kind === "index" && one.index.kind === "constant" && one.index.value === (geoJson ? 1 - i : i) &&
    fieldOf(one.target, variable) === fields[0]
  );
}

/**
 * Random texts of conditions that indexes may serve, in all the forms that the language has for them.
 *
 * @module
 */
import fc from "fast-check";
import { KEYS, lat, lon, value } from "./compared_documents.ts";

const PATHS = ["a", "b", "n.x", "n.y", "n", "p", "q", "r", "l", "m", "_key", "_id", "l[0]", "m[0].x", "m[*].x"];
/** Paths to attributes. */
export const path = fc.constantFrom(...PATHS);

/** A literal. */
export const literal: fc.Arbitrary<string> = fc.oneof(
  value,
  fc.constantFrom(...KEYS, ...KEYS.slice(0, 4).map((key) => `docs/${key}`)),
).map((one) => JSON.stringify(one));

const comparing = fc.constantFrom("==", "==", "==", "!=", "<", "<=", ">", ">=");
const bounding = fc.constantFrom("<", "<=", ">", ">=");
const pattern = fc.constantFrom("a%", "%", "a_", "ab%", "ä%", "A%", "a\\%%", "%b", "", "a", "1%");
const radius = fc.constantFrom(0, 1, 50000, 1.2e6, 5e6, 1.1e7, 2.1e7);
const number = fc.constantFrom(0, 1, 2, 3, -1, 1.5);
/** A position. */
export const point: fc.Arbitrary<string> = fc.tuple(lon, lat).map(([x, y]) => `[${x}, ${y}]`);
const POLYGON = "GEO_POLYGON([[-5, -5], [20, -5], [20, 60], [-5, 60], [-5, -5]])";
const LINE = "GEO_LINESTRING([[0, 0], [10, 10.5]])";

/** Conditions on arrays; `other` is what members are compared with. */
function onArrays(d: string, other: fc.Arbitrary<string>): fc.Arbitrary<string>[] {
  const arrays = fc.constantFrom("l", "l[*]", "m[*].x");
  const others = fc.array(other, { maxLength: 3 });
  return [
    fc.tuple(other, fc.constantFrom("l", "l[*]", "m[*].x", "m[*].y", "n", "l[**]", "m[* FILTER CURRENT.y != null].x"))
      .map(([one, of]) => `${one} IN ${d}.${of}`),
    fc.tuple(other, arrays).map(([one, of]) => `${one} NOT IN ${d}.${of}`),
    fc.tuple(arrays, fc.constantFrom("ANY", "ALL", "NONE", "AT LEAST (2)"), comparing, other)
      .map(([of, quantity, operator, one]) => `${d}.${of} ${quantity} ${operator} ${one}`),
    fc.tuple(arrays, fc.constantFrom("ANY", "ALL", "NONE"), fc.constantFrom("IN", "NOT IN"), others)
      .map(([of, quantity, operator, all]) => `${d}.${of} ${quantity} ${operator} [${all}]`),
    fc.tuple(comparing, other).map(([operator, one]) => `${d}.m[? FILTER CURRENT.x ${operator} ${one}]`),
  ];
}

/** Conditions on places. */
function onPlaces(d: string): fc.Arbitrary<string>[] {
  return [
    fc.tuple(point, bounding, radius).map(([at, operator, r]) => `GEO_DISTANCE(${at}, ${d}.g) ${operator} ${r}`),
    fc.tuple(lat, lon, bounding, radius).map(([x, y, operator, r]) =>
      `DISTANCE(${d}.la, ${d}.lo, ${x}, ${y}) ${operator} ${r}`
    ),
    fc.tuple(lat, lon, bounding, radius).map(([x, y, operator, r]) =>
      `DISTANCE(${d}.pair[0], ${d}.pair[1], ${x}, ${y}) ${operator} ${r}`
    ),
    fc.constantFrom("GEO_CONTAINS", "GEO_INTERSECTS").map((name) => `${name}(${POLYGON}, ${d}.g)`),
    fc.constant(`GEO_INTERSECTS(${LINE}, ${d}.g)`),
  ];
}

/**
 * Conditions on a document.
 *
 * @param d its variable
 * @param other what it is compared with
 */
export function conditionOn(d: string, other: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const at = path.map((one) => `${d}.${one}`);
  const others = (minLength: number, maxLength: number) => fc.array(other, { minLength, maxLength });
  return fc.letrec<{ condition: string }>((tie) => {
    const joined = (operator: string): fc.Arbitrary<string> =>
      fc.tuple(tie("condition"), tie("condition")).map((both) => `(${both.join(` ${operator} `)})`);
    return {
      condition: fc.oneof(
        { depthSize: "small", withCrossShrink: true },
        fc.tuple(at, comparing, other).map((parts) => parts.join(" ")),
        fc.tuple(other, comparing, at).map((parts) => parts.join(" ")),
        fc.tuple(at, bounding, other, bounding, other)
          .map(([of, first, low, second, high]) => `(${of} ${first} ${low} AND ${of} ${second} ${high})`),
        fc.tuple(at, fc.constantFrom("IN", "NOT IN"), others(0, 4)).map(([of, operator, all]) =>
          `${of} ${operator} [${all}]`
        ),
        // lists of this length are sorted
        fc.tuple(at, others(9, 12)).map(([of, all]) => `${of} IN [${all}]`),
        fc.tuple(at, fc.constantFrom("LIKE", "NOT LIKE"), pattern)
          .map(([of, operator, like]) => `${of} ${operator} ${JSON.stringify(like)}`),
        fc.tuple(at, fc.constantFrom('"a"', '""', '["a", "A"]', '"ab"')).map((args) => `STARTS_WITH(${args})`),
        fc.tuple(at, other, other, fc.boolean(), fc.boolean()).map((args) => `IN_RANGE(${args})`),
        at,
        at.map((of) => `${of} != null`),
        at.map((of) => `IS_STRING(${of})`),
        fc.constantFrom("a", "n", "l").map((name) => `HAS(${d}, "${name}")`),
        other.map((one) => `${one} IN [${d}.a, ${d}.b]`),
        ...onArrays(d, other),
        ...onPlaces(d),
        fc.tuple(number, number, number).map(([a, b, c]) => `${d}.p >= ${a} AND ${d}.p < ${b} AND ${d}.q <= ${c}`),
        fc.tuple(literal, number, number).map(([a, b, c]) => `${d}.b == ${a} AND ${d}.q >= ${b} AND ${d}.q < ${c}`),
        joined("AND"),
        joined("AND"),
        joined("OR"),
        joined("OR"),
        tie("condition").map((one) => `NOT (${one})`),
      ),
    };
  }).condition;
}

/**
 * Random documents of many shapes, and indexes of every type for them.
 *
 * @module
 */
import fc from "fast-check";
import type { Value } from "./values.ts";

const TEXTS = [
  "",
  " ",
  "10",
  "9",
  "a",
  "A",
  "ab",
  "abc",
  "aB",
  "a b",
  "ä",
  "B",
  "é",
  "z",
  "%",
  "a%",
  "a_",
  "ж",
  "\u{1f600}",
];
/** Keys of documents, and values of `r`, which are keys of others. */
export const KEYS = ["0", "1", "10", "2", "9", "A", "a", "aa", "a-b", "a_b", "B", "b:1", "Z", "z@"] as const;

const number = fc.constantFrom(0, 1, 2, 3, -1, 1.5, -2.25, 1e300, 4294967296);
const scalar: fc.Arbitrary<Value> = fc.oneof(
  fc.constantFrom<Value>(null, true, false),
  { arbitrary: number, weight: 3 },
  { arbitrary: fc.constantFrom(...TEXTS), weight: 4 },
);
/** Values of attributes, and what conditions compare them with. */
export const value: fc.Arbitrary<Value> = fc.oneof(
  { arbitrary: scalar, weight: 8 },
  fc.constantFrom<Value>([], [1], ["a", 2], {}, { x: 1 }, { x: "ä" }),
);

/** Longitudes and latitudes, at the poles and at the other side of the world too. */
export const lon = fc.constantFrom(-180, -179.9, -10, -0.1, 0, 0.1, 10, 10.5, 90, 179.9, 180);
export const lat = fc.constantFrom(-90, -89.9, -45, -0.2, 0, 0.3, 45, 50, 89.9, 90);
const shape = fc.oneof(
  fc.tuple(lon, lat).map((coordinates) => ({ type: "Point", coordinates })),
  fc.tuple(lon, lat),
  fc.constantFrom<unknown>(
    { type: "Polygon", coordinates: [[[0, 0], [10, 0], [10, 10], [0, 10], [0, 0]]] },
    { type: "LineString", coordinates: [[0, 0], [10, 10.5], [45, 20]] },
    { type: "MultiPoint", coordinates: [[0, 0.3], [90, 45]] },
  ),
);

const members = fc.array(fc.record({ x: scalar, y: scalar }, { requiredKeys: ["x"] }), { maxLength: 3 });
const document = fc.record({
  a: value,
  b: scalar,
  n: fc.oneof(fc.record({ x: value, y: scalar }, { requiredKeys: [] }), fc.constant(null)),
  l: fc.oneof(fc.array(scalar, { maxLength: 3 }), scalar),
  m: fc.oneof(members, fc.constantFrom<unknown>(null, 1, { x: 1 })),
  // what multi-dimensional and geo indexes are about is always there: they leave out, or refuse, what is not
  p: number,
  q: number,
  r: fc.constantFrom(...KEYS),
  la: lat,
  lo: lon,
  pair: fc.tuple(lat, lon),
  g: shape,
}, { requiredKeys: ["p", "q", "r", "la", "lo", "pair", "g"], noNullPrototype: true });

/** The documents of a collection, as JSON. */
export const documents: fc.Arbitrary<readonly string[]> = fc.tuple(
  fc.array(document, { maxLength: KEYS.length, size: "max" }),
  fc.shuffledSubarray([...KEYS], { minLength: KEYS.length }),
).map(([rows, keys]) => rows.map((row, i) => JSON.stringify({ _key: keys[i], ...row })));

const fields = fc.uniqueArray(
  fc.constantFrom("a", "b", "n.x", "n.y", "n", "p", "q", "r", "l[*]", "m[*].x", "m[*].y", "l", "m"),
  { minLength: 1, maxLength: 3 },
).filter((all) => all.filter((one) => one.includes("[")).length < 2);
const persistent = fc.record({
  type: fc.constant("persistent"),
  fields,
  sparse: fc.boolean(),
  deduplicate: fc.boolean(),
  cacheEnabled: fc.boolean(),
  estimates: fc.boolean(),
  storedValues: fc.subarray(["a", "b", "n.x", "n", "l", "m", "p"]),
}).map(({ storedValues, ...rest }) => {
  // what is inside of another field need not be stored
  const isNew = (path: string): boolean =>
    !rest.fields.some((one) => one.startsWith(path) || path.startsWith(one)) &&
    !(path === "n.x" && storedValues.includes("n"));
  return { ...rest, storedValues: storedValues.filter(isNew) };
});

/** Definitions of indexes. */
export const indexes: fc.Arbitrary<readonly Record<string, unknown>[]> = fc.array(
  fc.oneof(
    { arbitrary: persistent, weight: 6 },
    fc.constantFrom<Record<string, unknown>>(
      { type: "mdi", fields: ["p", "q"], fieldValueTypes: "double" },
      { type: "mdi", fields: ["p", "q"], fieldValueTypes: "double", storedValues: ["a", "n"] },
      { type: "mdi-prefixed", prefixFields: ["b"], fields: ["q", "p"], fieldValueTypes: "double" },
      { type: "mdi-prefixed", prefixFields: ["n.x", "b"], fields: ["q"], fieldValueTypes: "double", sparse: true },
      { type: "ttl", fields: ["t"], expireAfter: 3600 },
      { type: "geo", fields: ["g"], geoJson: true },
      { type: "geo", fields: ["pair"] },
      { type: "geo", fields: ["la", "lo"] },
      { type: "fulltext", fields: ["b"], minLength: 1 },
    ),
  ),
  { maxLength: 4 },
);

/**
 * Strings in an index: AQL's order and bounds, without reading what lies beyond them.
 *
 * @module
 */
import { deepEqual, equal, ok } from "node:assert/strict";
import fc from "fast-check";
import { Engine } from "../engine/engine.ts";
import { EngineSource } from "./engine_source.ts";
import { runQuery } from "./query.ts";
import { compareStrings } from "./value_order.ts";
import { type AqlObject, type AqlValue, jsonText } from "./values.ts";

/** A collection `c` with documents, and an index on `s` and `n`. */
function filled(engine: Engine, documents: readonly AqlObject[]): EngineSource {
  const database = engine.database("_system");
  const collection = database.createCollection({ name: "c" });
  collection.ensureIndex({ type: "persistent", fields: ["s", "n"] });
  engine.write([collection], () => {
    for (const document of documents) collection.insert(jsonText(document));
  });
  return new EngineSource(database);
}

const NONE = { optimizer: { rules: ["-all"] } };

/** Beginnings that many strings share, ends that few do: with characters that have no place of their own in the order. */
const BEGINNINGS = [
  "",
  "a",
  "A",
  "ab",
  "aB",
  "Ab-",
  "ab_",
  "b",
  "z",
  "2020-01-",
  "2020-02-",
  "ä",
  "été",
  "e\u0301",
  "日本",
  "\ufeff",
];
const ENDS = [
  "",
  "1",
  "x",
  "X",
  " ",
  "~",
  "\u0000",
  "\u0001",
  "\u007f",
  "ö",
  "o\u0308",
  "😀",
  "\ud800",
  "\ufffd",
  "\uffff",
];

/** Strings of which whole branches are plain, others are not, and values of other types. */
function values(count: number, plain: boolean): AqlValue[] {
  let seed = count;
  const random = (below: number): number => {
    seed = (seed * 1103515245 + 12345) & 0x7fffffff;
    return (seed >> 8) % below;
  };
  const begin = plain ? BEGINNINGS.slice(0, 11) : BEGINNINGS;
  const end = plain ? ENDS.slice(0, 6) : ENDS;
  return Array.from({ length: count }, (_, i) => {
    if (i % 97 === 0) return [null, true, 7, [1], { a: 1 }][i % 5]!;
    return begin[random(begin.length)]! + String(random(400)) + end[random(end.length)]!;
  });
}

for (const plain of [true, false]) {
  Deno.test(`an index gives ${plain ? "plain" : "all kinds of"} strings in AQL's order, and within bounds`, () => {
    using engine = Engine.open({ directory: ":memory:" });
    const source = filled(engine, values(7000, plain).map((s, i) => ({ s, n: i % 7, k: `k${(i * 31) % 7000}` })));
    const same = (text: string): void => {
      const indexed = runQuery(source, text);
      deepEqual(indexed.nextBatch(Infinity), runQuery(source, text, {}, NONE).nextBatch(Infinity), text);
      ok(indexed.extra().stats.scannedFull === 0, text);
    };
    for (const order of ["d.s, d.n", "d.s DESC, d.n DESC"]) {
      same(`FOR d IN c SORT ${order} RETURN [d.s, d.n]`);
      same(`FOR d IN c SORT ${order} LIMIT 4321, 50 RETURN [d.s, d.n]`);
    }
    const text = fc.constantFrom(...BEGINNINGS).chain((begin) =>
      fc.constantFrom(...ENDS).map((end) => jsonText(begin + end))
    );
    const operator = (first: string): fc.Arbitrary<string> => fc.constantFrom(first, `${first}=`);
    fc.assert(
      fc.property(operator(">"), text, operator("<"), text, fc.boolean(), (over, low, under, high, both) => {
        const filter = `FILTER d.s ${over} ${low} ${both ? `AND d.s ${under} ${high}` : ""}`;
        same(`FOR d IN c ${filter} SORT d.s, d.n RETURN [d.s, d.n]`);
        same(`FOR d IN c ${filter} COLLECT WITH COUNT INTO n RETURN n`);
      }),
      { numRuns: 12 },
    );
  });
}

Deno.test("an index finds the strings that are asked for, and no others that UTF-8 cannot tell from them", () => {
  using engine = Engine.open({ directory: ":memory:" });
  const source = filled(engine, ["\ud800", "\udc00", "\ufffd", "\ufeff", ""].map((s, n) => ({ s, n })));
  for (
    const [condition, found] of [
      ['== "\\ud800"', [0]],
      ['== "\ufffd"', [2]],
      ['IN ["\ufffd", "\\udc00"]', [1, 2]],
      ['== "\ufeff"', [3]],
    ] as const
  ) {
    deepEqual(runQuery(source, `FOR d IN c FILTER d.s ${condition} SORT d.n RETURN d.n`).nextBatch(Infinity), found);
  }
});

Deno.test("the first of many strings are found without the others, and so are those between bounds", () => {
  using engine = Engine.open({ directory: ":memory:" });
  const day = (i: number): string => `2020-${String(1 + Math.floor(i / 300)).padStart(2, "0")}-${i % 300}`;
  const source = filled(engine, Array.from({ length: 3600 }, (_, i) => ({ s: day((i * 7) % 3600), n: i })));
  for (
    const text of [
      "FOR d IN c SORT d.s LIMIT 5 RETURN d.s",
      "FOR d IN c SORT d.s DESC LIMIT 5 RETURN d.s",
      "FOR d IN c FILTER d.s >= '2020-05-' AND d.s < '2020-05-5' RETURN d.n",
      "FOR d IN c FILTER d.s > '2020-11' SORT d.s LIMIT 3 RETURN d.n",
    ]
  ) {
    const found = runQuery(source, text);
    const results = found.nextBatch(Infinity);
    ok(found.extra().stats.scannedIndex <= 1000, text);
    equal(results.length, runQuery(source, text, {}, NONE).nextBatch(Infinity).length, text);
  }
});

Deno.test("what follows a printable ASCII character never changes its place in the order", () => {
  const characters = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)).sort(compareStrings);
  const marks = fc.oneof(
    fc.string({ unit: "binary", minLength: 1, maxLength: 3 }),
    fc.constantFrom("\u0301", "\u0338", "·"),
  );
  fc.assert(
    fc.property(fc.nat(94), fc.nat(94), marks, marks, (a, b, after, other) => {
      const [first, second] = [characters[Math.min(a, b)]!, characters[Math.max(a, b)]!];
      if (first.toLowerCase() === second.toLowerCase()) return;
      ok(compareStrings(first + after, second + other) < 0, jsonText([first + after, second + other]));
    }),
    { numRuns: 500 },
  );
});

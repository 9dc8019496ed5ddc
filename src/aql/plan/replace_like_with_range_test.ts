/**
 * LIKE finds the same by an index as without one.
 *
 * @module
 */
import { equal } from "node:assert/strict";
import fc from "fast-check";
import { Engine } from "../../engine/engine.ts";
import { EngineSource } from "../engine_source.ts";
import { runQuery } from "../query.ts";
import { type AqlValue, jsonText } from "../values.ts";

const VALUES: readonly AqlValue[] = [
  ...["ab", "abc", "aB", "AB", "abz", "ab\uffff", "ab\uffffx", "ab\u0301", "abß", "ab~", "ab ", "ab\\c", "ab%", "äb"],
  ...[
    "",
    "a",
    "b",
    "ac",
    "aC",
    "az",
    "azz",
    "az\uffff",
    "z",
    "zz",
    "zz\uffff",
    "Z",
    "true",
    "ta",
    "f",
    "12",
    "\u0301ab",
  ],
  ...[null, true, false, 1, 12, -1, [], ["ab"], { a: "ab" }],
];

const PATTERNS = [
  ...["ab%", "a%", "az%", "z%", "zz%", "Z%", "AB%", "a%b%", "ab~%", "ab %", "äb%", "abß%", "\uffff%", "ab_", "a_b%"],
  ...["abc", "abß", "", "true", "12", "%", "_%", "1%", "-%", "t%", "tr%", "ta%", "f%", "[%", "{%", "ab\\%", "ab\\\\%"],
];

/** A database with the same values in `indexed` and in `plain`. */
function opened(engine: Engine, values: readonly AqlValue[]): EngineSource {
  const database = engine.database("_system");
  for (const name of ["indexed", "plain"]) {
    const collection = database.createCollection({ name });
    if (name === "indexed") collection.ensureIndex({ type: "persistent", fields: ["v"] });
    values.forEach((v, i) => collection.insert(jsonText({ _key: `k${i}`, v })));
  }
  return new EngineSource(database);
}

/** Fails unless a condition on `d.v` finds the same by the index as without one. */
function assertSame(source: EngineSource, condition: string, pattern: string): void {
  const [indexed, plain] = ["indexed", "plain"].map((name) => {
    const text = `FOR d IN ${name} FILTER ${condition} SORT d._key RETURN d._key`;
    return jsonText(runQuery(source, text, { pattern }).nextBatch(Infinity));
  });
  equal(indexed, plain, `${condition} with ${pattern}`);
}

Deno.test("a LIKE that an index serves finds the same values of all types", () => {
  using engine = Engine.open({ directory: ":memory:" });
  const source = opened(engine, VALUES);
  for (const condition of ["d.v LIKE @pattern", "d.v NOT LIKE @pattern", "d.v LIKE @pattern OR d.v == 'b'"]) {
    for (const pattern of PATTERNS) assertSame(source, condition, pattern);
  }
});

Deno.test("what begins with a text is in its range, whatever follows", () => {
  const beginning = fc.string({ unit: fc.constantFrom(..."aAbzZ ~_9é"), minLength: 1, maxLength: 3 });
  const end = fc.string({ unit: "binary", maxLength: 3 });
  fc.assert(
    fc.property(beginning, fc.array(fc.tuple(beginning, end), { maxLength: 6 }), (start, others) => {
      const values = others.flatMap(([other, more]) => [start + more, other + more]);
      using engine = Engine.open({ directory: ":memory:" });
      assertSame(opened(engine, values), "d.v LIKE @pattern", `${start}%`);
    }),
    { numRuns: 40 },
  );
});

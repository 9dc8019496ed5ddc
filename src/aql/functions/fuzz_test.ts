/** @module */
import { ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { ArangoError } from "../../base/arango_error.ts";
import { type AqlValue, jsonText, toNumber } from "../values.ts";
import { AQL_FUNCTIONS, type FunctionSpec } from "./mod.ts";
import { call } from "./test_context.ts";

/** Values that mean something to one function or another. */
const TELLING: readonly AqlValue[] = [
  ...[null, true, false, 0, 1, -1, 2, 3.5, 4294967295, 1e15, 1e308, -1e308, 5e-324, 9007199254740993n],
  ...["", "a", "abc", "2020-01-01", "P1D", "day", "Europe/Berlin", "users/a", "[", "(a)", "%", "nan", "1.2.3.4"],
  ...["rank", "wgs84", "identity", "__proto__", "\u00e9\u0301", "\ud83e\udd51"],
  [1, 2],
  { type: "Point", coordinates: [1, 2] },
  { type: "LineString", coordinates: [[0, 0], [5, 5]] },
  { type: "Polygon", coordinates: [[[0, 0], [1, 0], [1, 1], [0, 0]]] },
];

const value = fc.letrec<{ value: AqlValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(...TELLING),
    fc.integer(),
    fc.string({ unit: "binary", maxLength: 4 }),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom("a", "b", "_id", "type", "coordinates"), tie("value"), { maxKeys: 3 }),
  ),
})).value;

/** Whether a value is one that AQL has: no undefined, no NaN, no infinity, no -0. */
function isSound(result: AqlValue): boolean {
  if (typeof result === "number") return Number.isFinite(result) && !Object.is(result, -0);
  if (typeof result === "object" && result !== null) return Object.values(result).every(isSound);
  return result === null || ["boolean", "string", "bigint"].includes(typeof result);
}

function check(spec: FunctionSpec, args: readonly AqlValue[]): void {
  const before = jsonText([...args]);
  try {
    ok(isSound(call(spec.name, args).value));
  } catch (error) {
    if (!(error instanceof ArangoError)) throw error;
  }
  strictEqual(jsonText([...args]), before, "the arguments stay as they were");
}

/** Functions whose result can be as long as a number says. */
const GROWING = new Set(["RANGE", "REPEAT", "REPLACE_NTH"]);

Deno.test("no arguments make a function answer what is no value, change them, or fail without ArangoDB's number", async (t) => {
  for (const spec of AQL_FUNCTIONS.values()) {
    if (spec.unsupported !== undefined) continue;
    const [minLength, max] = spec.args;
    const args = fc.array(value, { minLength, maxLength: Math.min(max, 7) })
      .filter((values) => !GROWING.has(spec.name) || values.every((one) => Math.abs(toNumber(one)) <= 1000));
    await t.step(spec.name, () => fc.assert(fc.property(args, (values) => check(spec, values)), { numRuns: 50 }));
  }
});

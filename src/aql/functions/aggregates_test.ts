/** @module */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import type { AqlValue } from "../values.ts";
import { AQL_AGGREGATES } from "./aggregates.ts";
import { call } from "./test_context.ts";

function aggregate(name: string, values: readonly AqlValue[]): AqlValue {
  const aggregator = AQL_AGGREGATES.get(name)?.();
  ok(aggregator, name);
  for (const value of values) aggregator.add(value);
  return aggregator.result();
}

Deno.test("aggregates over nothing answer what the reference says", () => {
  const empty: Readonly<Record<string, AqlValue>> = {
    AVERAGE: null,
    AVG: null,
    BIT_AND: null,
    BIT_OR: null,
    BIT_XOR: null,
    COUNT: 0,
    COUNT_DISTINCT: 0,
    COUNT_UNIQUE: 0,
    LENGTH: 0,
    MAX: null,
    MIN: null,
    PUSH: [],
    SORTED_UNIQUE: [],
    STDDEV: null,
    STDDEV_POPULATION: null,
    STDDEV_SAMPLE: null,
    SUM: null,
    UNIQUE: [],
    VARIANCE: null,
    VARIANCE_POPULATION: null,
    VARIANCE_SAMPLE: null,
  };
  deepStrictEqual(Object.fromEntries([...AQL_AGGREGATES.keys()].map((name) => [name, aggregate(name, [])])), empty);
});

Deno.test("aggregates ignore null or count it, by their kind", () => {
  strictEqual(aggregate("SUM", [null, null]), 0);
  strictEqual(aggregate("SUM", [1, null, 2]), 3);
  strictEqual(aggregate("AVERAGE", [null, 2, 4]), 3);
  strictEqual(aggregate("MIN", [null, 2, 1]), 1);
  strictEqual(aggregate("MAX", [null, 2, 1]), 2);
  strictEqual(aggregate("LENGTH", [null, 1]), 2);
  deepStrictEqual(aggregate("UNIQUE", [null, 1, null]), [null, 1]);
  strictEqual(aggregate("VARIANCE_SAMPLE", [null, 5]), null);
});

Deno.test("a value of the wrong type makes a numeric aggregate null, whatever comes after", () => {
  for (const name of ["SUM", "AVG", "VARIANCE", "STDDEV_SAMPLE", "BIT_OR"]) {
    strictEqual(aggregate(name, [1, "2", 3]), null, name);
  }
  strictEqual(aggregate("BIT_AND", [1, -1]), null);
  strictEqual(aggregate("BIT_AND", [7, 3.9]), 3);
});

Deno.test("aggregates agree with the array functions of the same names", () => {
  const numbers = fc.array(fc.oneof(fc.integer({ min: 0, max: 1000 }), fc.constant(null)), { minLength: 2 })
    .filter((values) => values.filter((value) => value !== null).length > 1);
  fc.assert(fc.property(numbers, (values) => {
    for (const name of AQL_AGGREGATES.keys()) {
      if (name === "PUSH") continue;
      deepStrictEqual(aggregate(name, values), call(name, [values]).value, name);
    }
  }));
});

Deno.test("a result stays what it was when more values follow", () => {
  const push = AQL_AGGREGATES.get("PUSH")?.();
  push?.add(1);
  const first = push?.result();
  push?.add(2);
  deepStrictEqual(first, [1]);
  deepStrictEqual(push?.result(), [1, 2]);
});

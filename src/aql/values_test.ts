/** @module */
// Deno's named `equal` and `deepEqual` of node:assert/strict are the loose ones, so the strict names are used.
import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import { encodeIndexKey } from "../engine/index_key.ts";
import { add, divide, foldIntegers, modulo, multiply, negate, subtract } from "./arithmetic.ts";
import { compareStrings, compareValues, distinctKey, equalValues } from "./value_order.ts";
import {
  type AqlObject,
  type AqlValue,
  attributeOf,
  isTruthy,
  jsonText,
  numberText,
  parseJson,
  setAttribute,
  toArray,
  toInteger,
  toNumber,
  toStringValue,
  typeName,
} from "./values.ts";

const integers = fc.bigInt({ min: -(1n << 63n), max: (1n << 64n) - 1n })
  .map((value) => value >= -9007199254740991n && value <= 9007199254740991n ? Number(value) : value);

const numbers = fc.oneof(
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
  integers,
  fc.constantFrom<AqlValue>(9007199254740992, 9007199254740993n, 9007199254740992n, 2 ** 63, 1n << 63n),
);

const names = fc.oneof(fc.constantFrom("a", "b", "A", "ä", "__proto__", "constructor", "1"), fc.string());

/** Values that are often equal or nearly so. */
const values: fc.Arbitrary<AqlValue> = fc.letrec<{ value: AqlValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom<AqlValue>(null, true, false, 0, 1, "", "a", "A", "\0", "\0[", "[]"),
    numbers,
    fc.string({ unit: "binary", maxLength: 4 }),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.array(fc.tuple(names, tie("value")), { maxLength: 3 }).map((members) => {
      const object: AqlObject = {};
      for (const [name, value] of members) setAttribute(object, name, value);
      return object;
    }),
  ),
})).value;

Deno.test("compareValues() is a total order", () => {
  fc.assert(fc.property(values, values, values, (a, b, c) => {
    strictEqual(compareValues(a, a), 0);
    strictEqual(Math.sign(compareValues(a, b)) + Math.sign(compareValues(b, a)), 0);
    const [x, y, z] = [a, b, c].sort(compareValues);
    ok(compareValues(x ?? null, y ?? null) <= 0);
    ok(compareValues(y ?? null, z ?? null) <= 0);
    ok(compareValues(x ?? null, z ?? null) <= 0);
  }));
});

Deno.test("equal values compare as 0, and only they have one distinct key", () => {
  fc.assert(fc.property(values, values, (a, b) => {
    strictEqual(equalValues(a, b), compareValues(a, b) === 0);
    strictEqual(equalValues(a, b), new Set([distinctKey(a), distinctKey(b)]).size === 1);
  }));
});

Deno.test("equal values, and only they, have one entry in an index", () => {
  const entry = (value: AqlValue): string => encodeIndexKey([value]).join();
  fc.assert(fc.property(values, values, (a, b) => strictEqual(entry(a) === entry(b), equalValues(a, b))));
  const withNulls: AqlValue = { a: [1, { b: null }, null], c: null };
  strictEqual(entry(withNulls), entry({ a: [1, {}] }));
  ok(entry({ a: {} }) !== entry({}) && entry([null, 1]) !== entry([1]));
});

Deno.test("equality ignores missing members, null attributes and the order of attributes", () => {
  const same: [AqlValue, AqlValue][] = [
    [[], [null]],
    [[1], [1, null, null]],
    [{}, { a: null }],
    [{ a: 1, b: [2] }, { b: [2, null], a: 1.0 }],
    [9007199254740992, 9007199254740992n],
  ];
  for (const [a, b] of same) {
    ok(equalValues(a, b));
    strictEqual(distinctKey(a), distinctKey(b));
  }
  const different: [AqlValue, AqlValue][] = [[1, "1"], [0, false], [null, 0], [null, []], [[[]], []], ["a", "A"]];
  for (const [a, b] of different) {
    ok(!equalValues(a, b));
    ok(distinctKey(a) !== distinctKey(b));
  }
});

Deno.test("types order as null, bools, numbers, strings, arrays, objects", () => {
  const ordered: AqlValue[] = [
    null,
    false,
    true,
    -1,
    0,
    9007199254740992,
    9007199254740993n,
    9007199254740994,
    "",
    "a",
    [],
    [0],
    [1, 0],
    {},
    { b: 1 },
    { a: 1 },
    { a: 2 },
  ];
  deepStrictEqual(ordered.toReversed().sort(compareValues), ordered);
});

Deno.test("strings order by the collation: letters before case, upper case first, and never equal unless identical", () => {
  const ordered = ["", " ", "_", "-", "1", "2", "A", "a", "ä", "B", "b", "Z", "z"];
  deepStrictEqual(ordered.toReversed().sort(compareStrings), ordered);
  ok(compareStrings("\u00e9", "e\u0301") !== 0);
  ok(compareStrings("a\u0000", "a") > 0);
  fc.assert(fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (a, b) => {
    strictEqual(compareStrings(a, b) === 0, a === b);
  }));
});

Deno.test("comparing strings agrees with the collator, whatever short cuts it takes", () => {
  const { compare } = new Intl.Collator("en-US", { caseFirst: "upper", sensitivity: "variant", usage: "sort" });
  const unit = fc.oneof(
    fc.constantFrom(
      "a",
      "A",
      "b",
      "B",
      "l",
      "L",
      "z",
      " ",
      "-",
      "_",
      "1",
      "\u00b7",
      "\u0301",
      "\u00e4",
      "\0",
      "\u0009",
    ),
    fc.string({ minLength: 1, maxLength: 1 }),
  );
  const text = fc.array(unit, { maxLength: 5 }).map((units) => units.join(""));
  fc.assert(
    fc.property(text, text, (a, b) => {
      const order = compare(a, b);
      if (order !== 0) strictEqual(Math.sign(compareStrings(a, b)), order);
    }),
    { numRuns: 5000 },
  );
});

Deno.test("numbers are written as ArangoDB writes them", () => {
  const texts: [number | bigint, string][] = [
    [0, "0"],
    [-0, "0"],
    [1.5, "1.5"],
    [-7, "-7"],
    [0.1 + 0.2, "0.30000000000000004"],
    [0.001, "0.001"],
    [0.000001, "0.000001"],
    [1.7e-7, "1.7e-7"],
    [123.456, "123.456"],
    [12345.6789012, "1.23456789012e+4"],
    [1e7, "10000000"],
    [4503599627370496, "4503599627370496"],
    [9007199254740992, "9007199254740992.0"],
    [9007199254740993n, "9007199254740993"],
    [-9223372036854775808n, "-9223372036854775808"],
    [2 ** 63, "9223372036854775808.0"],
    [2 ** 64, "18446744073709552000"],
    [1e21, "1e+21"],
    [1.5e21, "1.5e+21"],
    [-1.5e300, "-1.5e+300"],
    [5e-324, "5e-324"],
    [NaN, "null"],
    [Infinity, "null"],
    [Math.PI, "3.141592653589793"],
  ];
  for (const [value, text] of texts) strictEqual(numberText(value), text);
});

Deno.test("what jsonText() writes reads back as the same value", () => {
  fc.assert(fc.property(values, (value) => {
    const read = parseJson(jsonText(value));
    strictEqual(jsonText(read), jsonText(value));
    ok(equalValues(read, value));
  }));
});

Deno.test("parseJson() keeps integers of 64 bits and reads larger ones as doubles", () => {
  deepStrictEqual(parseJson('{"a":[9007199254740993,18446744073709551615,18446744073709551616,1234567890123456.5]}'), {
    a: [9007199254740993n, 18446744073709551615n, 18446744073709551616, 1234567890123456.5],
  });
  deepStrictEqual(parseJson("9007199254740991"), 9007199254740991);
  deepStrictEqual(parseJson(" -9007199254740993 "), -9007199254740993n);
  deepStrictEqual(parseJson('{"1234567890123456":"9007199254740993","x":0.9007199254740993}'), {
    1234567890123456: "9007199254740993",
    x: 0.9007199254740993,
  });
  throws(() => parseJson("[01]"), SyntaxError);
});

Deno.test("attributes are read by their own names only", () => {
  const object: AqlObject = {};
  setAttribute(object, "__proto__", 1);
  strictEqual(attributeOf(object, "__proto__"), 1);
  strictEqual(attributeOf(object, "constructor"), null);
  strictEqual(attributeOf([1], "length"), null);
  strictEqual(attributeOf("x", "length"), null);
  strictEqual(jsonText(object), '{"__proto__":1}');
});

Deno.test("conversion to numbers follows the table of the reference", () => {
  const rows: [AqlValue, number][] = [
    [null, 0],
    [true, 1],
    ["", 0],
    ["  ", 0],
    ["7", 7],
    [" -7.5e1 ", -75],
    ["0x1F", 31],
    ["12abc", 0],
    ["1 2", 0],
    [".5", 0.5],
    ["5.", 5],
    [[], 0],
    [["3"], 3],
    [[5, 6], 0],
    [{}, 0],
    [9007199254740993n, 9007199254740992],
  ];
  for (const [value, number] of rows) strictEqual(toNumber(value), number, jsonText(value));
  ok(Number.isNaN(toNumber("nan")));
});

Deno.test("conversion to integers truncates and takes the leading digits of texts", () => {
  const rows: [AqlValue, number][] = [[2.9, 2], [-2.9, -2], ["12abc", 12], [" -3x", -3], ["x", 0], [[[4.5]], 4], [
    {},
    0,
  ]];
  for (const [value, number] of rows) strictEqual(toInteger(value), number);
});

Deno.test("conversion to strings, arrays and bools", () => {
  strictEqual(toStringValue(null), "");
  strictEqual(toStringValue([1, "a", { b: null }]), '[1,"a",{"b":null}]');
  strictEqual(toStringValue(1e21), "1e+21");
  deepStrictEqual(toArray(null), []);
  deepStrictEqual(toArray({ a: 1, b: 2 }), [1, 2]);
  deepStrictEqual(toArray("x"), ["x"]);
  deepStrictEqual([null, false, 0, -0, ""].map(isTruthy), [false, false, false, false, false]);
  deepStrictEqual([true, -1, "0", [], {}, 9007199254740993n].map(isTruthy), [true, true, true, true, true, true]);
  deepStrictEqual([null, true, 1, 2n ** 60n, "", [], {}].map(typeName), [
    "null",
    "bool",
    "number",
    "number",
    "string",
    "array",
    "object",
  ]);
});

Deno.test("arithmetic follows the table of the reference", () => {
  strictEqual(add(1, null), 1);
  strictEqual(multiply(1, null), 0);
  strictEqual(add(true, true), 2);
  strictEqual(multiply("7", 2), 14);
  strictEqual(add([5, 6], 1), 1);
  strictEqual(add("123", 200), 323);
  strictEqual(divide(7, 2), 3.5);
  strictEqual(divide(1, 0), undefined);
  strictEqual(modulo(-5, 3), -2);
  strictEqual(modulo(5.5, 2), 1.5);
  strictEqual(modulo(0, 0), undefined);
  strictEqual(negate([3]), -3);
  strictEqual(negate(null), 0);
  strictEqual(negate("abc"), 0);
  strictEqual(multiply(1e308, 10), null);
  strictEqual(subtract(0, 0), 0);
  strictEqual(multiply(-1, 0), 0);
  strictEqual(negate(-9223372036854775808n), 9223372036854775808);
});

Deno.test("folding integer literals is exact within 64 bits and gives up beyond", () => {
  strictEqual(foldIntegers("+", 9007199254740991, 2), 9007199254740993n);
  strictEqual(foldIntegers("-", 9007199254740993n, 3), 9007199254740990);
  strictEqual(foldIntegers("*", 4294967296, 4294967296), undefined);
  strictEqual(foldIntegers("+", 1.5, 2), undefined);
});

import { deepStrictEqual, equal } from "node:assert/strict";
import fc from "fast-check";
import { decodeIndexKey, encodeIndexKey } from "./index_key.ts";

const simple = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.double({ noNaN: true }).map((value) => value === 0 ? 0 : value),
  fc.integer(),
  fc.string({ unit: "binary" }).filter((text) => text.isWellFormed() && !/[\0\ufffd]/.test(text)),
  // what begins like a file with a byte order mark
  fc.constantFrom("\ufeff", "\ufeffa"),
);

Deno.test("simple values come out of an index entry as they went in", () => {
  fc.assert(
    fc.property(fc.array(simple, { minLength: 1, maxLength: 4 }), (values) => {
      const entry = encodeIndexKey(values);
      for (let count = 1; count <= values.length; count++) {
        deepStrictEqual(decodeIndexKey(entry, count), values.slice(0, count));
      }
    }),
  );
});

Deno.test("values that an entry does not tell exactly are left to the document", () => {
  for (const value of [[], [1], {}, { a: 1 }, 9007199254740993n, "a\0b", "\ud800", "\ufffd"]) {
    equal(decodeIndexKey(encodeIndexKey([value, 1]), 1), undefined, String(value));
  }
});

Deno.test("entries stay as they are while others are made, short and long ones", () => {
  const text = fc.oneof(fc.string(), fc.integer({ min: 400, max: 9000 }).map((length) => "x".repeat(length)));
  fc.assert(
    fc.property(fc.array(fc.oneof(text, fc.integer()), { minLength: 1, maxLength: 40 }), (values) => {
      const entries = values.map((value) => encodeIndexKey([value]));
      deepStrictEqual(entries.map((entry) => decodeIndexKey(entry, 1)), values.map((value) => [value]));
    }),
  );
});

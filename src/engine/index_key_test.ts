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

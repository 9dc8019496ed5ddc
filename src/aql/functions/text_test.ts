/** @module */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { codePointCount, finderOf, occurrences } from "./text.ts";

Deno.test("code points are counted as iteration counts them", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
    strictEqual(codePointCount(text), [...text].length);
  }));
});

Deno.test("a text is found where it stands", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "grapheme-ascii" }),
      fc.string({ unit: "grapheme-ascii", minLength: 1 }),
      (text, search) => {
        strictEqual(finderOf(text + search, search)(0)?.index, (text + search).indexOf(search));
        const found = [...occurrences(text + search, search, 0, Infinity)];
        strictEqual(found.length, (text + search).split(search).length - 1);
      },
    ),
  );
});

Deno.test("canonically equivalent text is found, half a character is not", () => {
  deepStrictEqual(finderOf("xe\u0301y", "\u00e9")(0), { index: 1, length: 2 });
  deepStrictEqual(finderOf("x\u00e9y", "e\u0301")(0), { index: 1, length: 1 });
  strictEqual(finderOf("xe\u0301y", "e")(0), undefined);
  deepStrictEqual(finderOf("äöü", "ü")(0), { index: 2, length: 1 });
  deepStrictEqual([...occurrences("ä-ä", "ä", 1, 3)], [{ index: 2, length: 1 }]);
});

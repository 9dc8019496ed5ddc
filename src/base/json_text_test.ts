import { deepStrictEqual as deepEqual, strictEqual as equal, throws } from "node:assert/strict";
import fc from "fast-check";
import { checkedJson, compact, elements, members, objectText, stringValue } from "./json_text.ts";

Deno.test("members() keeps numbers, escapes and attribute order as they stand", () => {
  const text = `{ "b" : 9007199254740993 , "1":-0.0,"\\u0061":"x\\"}", "o":{"k":[1,{"z":"]"}]}, "e":1e308}`;
  deepEqual([...members(text).values()].map((m) => [m.name, m.raw]), [
    ["b", "9007199254740993"],
    ["1", "-0.0"],
    ["a", `"x\\"}"`],
    ["o", `{"k":[1,{"z":"]"}]}`],
    ["e", "1e308"],
  ]);
});

Deno.test("checkedJson() refuses what is no JSON with error 600", () => {
  for (const text of ["", "{", "{a:1}", `{"a":}`, "[1,]", "nul"]) {
    throws(() => checkedJson(text), { errorNum: 600 }, text);
  }
});

Deno.test("members(), elements() and compact() agree with JSON.parse on any value", () => {
  fc.assert(fc.property(fc.json(), fc.integer({ min: 0, max: 3 }), (text, indent) => {
    const value = JSON.parse(text);
    const spaced = JSON.stringify(value, null, indent);
    equal(compact(spaced), JSON.stringify(value));
    if (Array.isArray(value)) {
      deepEqual(elements(spaced).map((raw) => JSON.parse(raw)), value);
    } else if (value !== null && typeof value === "object") {
      const parts = members(spaced);
      deepEqual(JSON.parse(objectText(parts.values())), value);
      deepEqual(Object.fromEntries([...parts.values()].map((m) => [m.name, JSON.parse(m.raw)])), { ...value });
    }
  }));
});

Deno.test("elements() finds the ends of strings of any length, whatever quotes and backslashes are in them", () => {
  const part = fc.constantFrom('"', "\\", "x", "]", ",", "-".repeat(23), "é".repeat(40));
  fc.assert(fc.property(fc.array(fc.array(part).map((parts) => parts.join(""))), (texts) => {
    deepEqual(elements(JSON.stringify(texts)).map((raw) => JSON.parse(raw)), texts);
  }));
});

Deno.test("stringValue() unescapes string literals and nothing else", () => {
  equal(stringValue(`"a\\nb"`), "a\nb");
  equal(stringValue("1"), undefined);
  equal(stringValue(undefined), undefined);
});

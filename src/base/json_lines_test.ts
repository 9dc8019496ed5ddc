import { ok, strictEqual as equal } from "node:assert/strict";
import fc from "fast-check";
import { isJsonObject, JsonLineChecker } from "./json_lines.ts";

const encoder = new TextEncoder();

function accepts(text: string): boolean {
  const bytes = encoder.encode(`xx${text}yy`);
  return isJsonObject(bytes, 2, bytes.length - 2);
}

function isObject(text: string): boolean {
  try {
    const value = JSON.parse(text);
    return value !== null && typeof value === "object" && !Array.isArray(value);
  } catch {
    return false;
  }
}

Deno.test("isJsonObject() agrees with JSON.parse on objects and on what damage makes of them", () => {
  const object = fc.dictionary(fc.string(), fc.jsonValue()).map((value) => JSON.stringify(value));
  fc.assert(
    fc.property(object, fc.nat(), fc.nat(), fc.constantFrom(...'{}[]",:0-.e\\ntu1 '), (text, at, length, char) => {
      ok(accepts(text), text);
      const from = at % (text.length + 1);
      const cut = text.slice(0, from);
      equal(accepts(cut), isObject(cut), cut);
      const changed = text.slice(0, from) + char + text.slice(from + length % 3);
      equal(accepts(changed), isObject(changed), changed);
    }),
    { numRuns: 3000 },
  );
});

Deno.test("isJsonObject() knows the odd corners of the grammar", () => {
  const texts = [
    "{}",
    "[]",
    "1",
    "",
    " {} ",
    "{}{}",
    `{"a":01}`,
    `{"a":-}`,
    `{"a":1.}`,
    `{"a":.5}`,
    `{"a":1e5}`,
    `{"a":-0.0}`,
    `{"a":1E+}`,
    `{"a":tru}`,
    `{"a":true}`,
    `{"a":"\\x"}`,
    `{"a":"\\u12g4"}`,
    `{"a":"\\u12a4"}`,
    `{"a":"\t"}`,
    `{"a":[1,]}`,
    `{"a":[,1]}`,
    `{,}`,
    `{"a"}`,
    `{"a":1,}`,
    `{"a":1 "b":2}`,
    `{"a":[1 2]}`,
    `{"a":{"b":[{"c":[]}]}}`,
    `{"a":}`,
    `{a:1}`,
    `{"a":1}]`,
    `{"a":[}`,
    `{"a":0}`,
  ];
  for (const text of texts) equal(accepts(text), isObject(text), text);
  ok(!accepts(`{"a":${"[".repeat(2000)}${"]".repeat(2000)}}`));
});

Deno.test("a checker finds the line that is wrong, however the parts are cut", () => {
  const good = `{"a":1}\n\n{"b":"ä\\n"}\n`;
  const run = (text: string, size: number): string | undefined => {
    const bytes = encoder.encode(text);
    const checker = new JsonLineChecker();
    for (let from = 0; from < bytes.length; from += size) {
      const wrong = checker.check(bytes.subarray(from, from + size));
      if (wrong) return wrong;
    }
    return checker.end();
  };
  for (let size = 1; size < 30; size++) {
    equal(run(good, size), undefined);
    equal(run(good + `{"c":[}\n`, size), "line 4 of the answer is no JSON object");
    equal(run(good + `{"c":1}`, size), "line 4 of the answer is cut off");
  }
});

Deno.test("a checker finds the line that is not UTF-8, however the parts are cut", () => {
  // the first byte of two, and no second one
  const bytes = encoder.encode(`{"a":"ö"}\n\n{"b":"ä"}\n{"c":1}\n`).map((byte) => (byte === 0xa4 ? 0x61 : byte));
  for (let size = 1; size <= bytes.length; size++) {
    const checker = new JsonLineChecker();
    let wrong: string | undefined;
    for (let from = 0; from < bytes.length; from += size) wrong ??= checker.check(bytes.subarray(from, from + size));
    equal(wrong, "line 3 of the answer is not UTF-8");
  }
});

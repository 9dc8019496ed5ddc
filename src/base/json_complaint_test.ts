import { ok, strictEqual as equal } from "node:assert/strict";
import fc from "fast-check";
import { isTaken, jsonComplaint } from "./json_complaint.ts";

const COMPLAINTS: Readonly<Record<string, string>> = {
  "": "Expecting item",
  "{ 1 : 2 }": "Expecting '\"' or '}'",
  '{"a":1,}': "Expecting '\"' or '}'",
  "{": "Expecting item or '}'",
  "[": "Expecting item or ']'",
  "[1 2]": "Expecting ',' or ']'",
  '{"a":1 "b":2}': "Expecting ',' or '}'",
  '{"a" 1}': "Expecting ':'",
  "[1,]": "Expecting digit",
  "nope": "Expecting 'null'",
  "abc": "Expecting digit",
  "1.": "Incomplete number",
  '"abc': "Unfinished string",
  '"\\x"': "Invalid escape sequence",
  '{"a":[{"b":null}]} x': "Expecting EOF",
  '{"a":1,"b":{"a":1},"\\u0061":2}': "Duplicate attribute name",
  '[{"__proto__":1,"__proto__":2}]': "Duplicate attribute name",
  '{"a":[-1e309]}': "Number out of range",
  [`${"[".repeat(201)}${"]".repeat(201)}`]: "Too deep nesting in Array/Object",
};
const TAKEN = [
  '{"__proto__":1,"a":{"a":1}}',
  "[1e308]",
  `${"[".repeat(200)}${"]".repeat(200)}`,
  '{"a\\\\":":","b":"\\":"}',
];

Deno.test("a text that is not JSON is refused in ArangoDB's words", () => {
  for (const [text, complaint] of Object.entries(COMPLAINTS)) equal(jsonComplaint(text), complaint, text);
});

Deno.test("what is in the bounds of ArangoDB's parser is taken", () => {
  for (const text of TAKEN) {
    equal(jsonComplaint(text), undefined, text);
    ok(isTaken(text, JSON.parse(text)), text);
  }
});

Deno.test("there is a complaint about exactly those texts that are no JSON, or not taken", () => {
  const damaged = fc.tuple(fc.json(), fc.nat(), fc.constantFrom("", "x", ",", "]", "}", '"', "\\", "\n", "1", "e", "."))
    .map(([text, at, more]) => text.slice(0, at % (text.length + 1)) + more + text.slice(at % (text.length + 1) + 1));
  const pair = fc.tuple(fc.constantFrom("a", "\\u0061", "b", '\\"'), fc.json()).map(([name, value]) =>
    `"${name}":${value}`
  );
  const object = fc.array(pair, { maxLength: 3 }).map((pairs) => `{${pairs.join()}}`);
  fc.assert(fc.property(fc.oneof(damaged, fc.json(), fc.string(), object), (text) => {
    let isFine = true;
    try {
      isFine = isTaken(text, JSON.parse(text));
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      isFine = false;
    }
    equal(jsonComplaint(text) === undefined, isFine, text);
  }));
});

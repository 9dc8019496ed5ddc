import { strictEqual as equal } from "node:assert/strict";
import fc from "fast-check";
import { jsonComplaint } from "./json_complaint.ts";

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
};

Deno.test("a text that is not JSON is refused in ArangoDB's words", () => {
  for (const [text, complaint] of Object.entries(COMPLAINTS)) equal(jsonComplaint(text), complaint, text);
});

Deno.test("there is a complaint about exactly those texts that JSON.parse() refuses", () => {
  const damaged = fc.tuple(fc.json(), fc.nat(), fc.constantFrom("", "x", ",", "]", "}", '"', "\\", "\n", "1", "e", "."))
    .map(([text, at, more]) => text.slice(0, at % (text.length + 1)) + more + text.slice(at % (text.length + 1) + 1));
  fc.assert(fc.property(fc.oneof(damaged, fc.json(), fc.string()), (text) => {
    let isJson = true;
    try {
      JSON.parse(text);
    } catch {
      isJson = false;
    }
    equal(jsonComplaint(text) === undefined, isJson, text);
  }));
});

import { deepEqual, equal } from "node:assert/strict";
import { CommandReader, isComplete } from "./commands.ts";

Deno.test("text is complete when brackets, templates and comments are closed", () => {
  for (const text of ["1", "f(1)", "'('", '"\\"("', "// (", "a /* ( */", "`(${1}`", "x)", "'unfinished", "1 +", ""]) {
    equal(isComplete(text), true, text);
  }
  for (const text of ["(", "[1,\n2", "{\n}\n{", "`a\nb", "/* a\nb", "f(')'", "/[(]/"]) {
    equal(isComplete(text), false, text);
  }
});

Deno.test("lines are gathered until they are complete; prompts in front of them are cut off", () => {
  const reader = new CommandReader();
  deepEqual(
    ["127.0.0.1:8529@_system> var x = {", "........>   a: 1", "...> };", "arangosh> x"].map((line) =>
      reader.take(line, "127.0.0.1:8529@_system> ")
    ),
    [undefined, undefined, "var x = {\na: 1\n};", "x"],
  );
  equal(reader.take("f("), undefined);
  equal(reader.isOpen, true);
  equal(reader.reset(), "f(");
  equal(reader.take("1"), "1");
});

import { deepEqual, equal } from "node:assert/strict";
import { Script } from "node:vm";
import { CommandReader, cutCommands, isComplete } from "./commands.ts";

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
  const prompts = [
    "arangosh [_system]> ",
    "    arangosh> ",
    "arangod> ",
    "embedded@_system> ",
    "[::1]:8529@my-db>",
    "http+ssl://127.0.0.1:8529@_system> ",
    "unix:///tmp/arangodb.sock@_system> ",
    "> > ",
  ];
  for (const prompt of prompts) equal(reader.take(`${prompt}x`, "> > "), "x", prompt);
  for (const line of ["...list.map((x) => x)", "arangosh > 1", "a > b", "db > 1", "  d.@x>1 AND", "d[@x]>1"]) {
    equal(reader.take(line, "db"), line);
  }
  equal(reader.take("f("), undefined);
  equal(reader.isOpen, true);
  equal(reader.reset(), "f(");
  equal(reader.take("1"), "1");
});

const compile = (text: string): void => void new Script(text);

for (
  const [what, ...commands] of [
    ["catch and finally in lines of their own", "try {\n  f()\n}\ncatch (e) {\n}\nfinally {\n}", "1"],
    ["else after a comment", "if (x) {\n}\n// or\nelse if (y) z()\nelse\n  w()", "1"],
    ["a chain of calls", "db.c\n  .all()\n  // the first ones\n  ?.limit(1)\n\n  .toArray()", "1"],
    ["an operator at the end of a line", '"a" + // one\n\n"b" +\n"c"', "1"],
    ["an operator at the start of a line", "x\n  ? y\n  : z\n  + 1", "1"],
    ["declarations over several lines", "var a = 1,\n  b =\n  2\n  , c", "1"],
    ["a text that goes on after a backslash", "'a\\\nb'", "1"],
    ["loops without brackets", "for (;;)\n  if (x)\n    break", "do {\n} while (x)"],
    ["comments are commands of their own", "// one", "f(1)", "/* two\n */", "f(2)"],
    ["lists, numbers and blocks begin a command", "var x = 1", "[1, 2]", "-1", "(2)", "{ 3 }", "/x/"],
    ["what never becomes right ends at its line", "1 +", "var x = 2", "x"],
    ["what is wrong at once does not take the next line", "a b", ".5", "y"],
  ] as const
) {
  Deno.test(`lines that are known beforehand are cut into whole statements: ${what}`, () => {
    deepEqual([...cutCommands(commands.join("\n"), compile)], commands);
  });
}

Deno.test("a paste with prompts goes on behind them, and a template without them keeps lines that look like one", () => {
  const pasted = "arangosh> db.x\n........> .toArray()\narangosh> f(`\n........> a\n........> `)";
  deepEqual([...cutCommands(pasted, compile)], ["db.x\n.toArray()", "f(`\na\n`)"]);
  deepEqual([...cutCommands("f(`\nme@host> hi\n`)", compile)], ["f(`\nme@host> hi\n`)"]);
});

Deno.test("a paste whose last command is open leaves it to the next line", () => {
  const reader = new CommandReader();
  deepEqual([...reader.takeAll("1\nif (x) {\n}\nelse {\n  y(", "> ", compile)], ["1"]);
  equal(reader.isOpen, true);
  deepEqual([...reader.takeAll(")", "> ", compile)], []);
  deepEqual([...reader.takeAll("}", "> ", compile)], ["if (x) {\n}\nelse {\n  y(\n)\n}"]);
});

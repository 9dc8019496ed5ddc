import { deepEqual, equal, ok, throws } from "node:assert/strict";
import { ArangoError } from "../base/arango_error.ts";
import { parse } from "./parser.ts";
import { LocatedQueryError } from "./query_error.ts";
import { print } from "./printer.ts";

function failure(text: string, limits = {}): ArangoError {
  try {
    parse(text, limits);
  } catch (error) {
    if (error instanceof ArangoError) return error;
    throw error;
  }
  throw new Error(`parsed: ${text}`);
}

Deno.test("parse errors name the token, quote the text after it and count lines and bytes", () => {
  const rows: [string, string][] = [
    [
      "FOR i IN 1..100 FILTER i = 1 LIMIT 2 RETURN i * 3",
      "syntax error, unexpected assignment near '= 1 LIMIT 2 RETURN i * 3' at position 1:26",
    ],
    ["RETURN 1\n  RETURN 2", "syntax error, unexpected RETURN declaration near 'RETURN 2' at position 2:3"],
    ["RETURN 'ü' 'b'", "syntax error, unexpected quoted string near ''b'' at position 1:13"],
    ["FOR", "syntax error, unexpected end of query string, expecting identifier near 'FOR' at position 1:1"],
    ["FOR i IN {a: {b: 1}}", "syntax error, unexpected end of query string near '}' at position 1:20"],
    ["FOR i\n\n   IN x\n    ", "syntax error, unexpected end of query string near '    ' at position 4:1"],
    [
      "RETURN 1 + * 2 + 3 + 4 + 5 + 6 + 7 + 8 + 9 + 10",
      "syntax error, unexpected * operator near '* 2 + 3 + 4 + 5 + 6 + 7 + 8 + 9 ...' at position 1:12",
    ],
  ];
  for (const [text, message] of rows) {
    equal(failure(text).message, message);
    equal(failure(text).errorNum, 1501);
  }
});

Deno.test("for people, a parse error shows the line with a caret", () => {
  const error = failure("FOR d IN c\n  RETRUN d");
  ok(error instanceof LocatedQueryError);
  equal(error.caret, "2 | RETRUN d".replace("2 | ", "2 |   ") + "\n      ^");
  deepEqual(error.location, { line: 2, column: 3 });
});

Deno.test("operators bind as the manual says", () => {
  const rows: [string, string][] = [
    ["NOT a == b", "(NOT a) == b"],
    ["a == b IN c", "a == (b IN c)"],
    ["1..n+1", "1..(n+1)"],
    ["-x[0]", "-(x[0])"],
    ["a OR b AND c", "a OR (b AND c)"],
    ["a ? b : c ? d : e", "a ? b : (c ? d : e)"],
    ["a == b == c", "(a == b) == c"],
    ["a < b == c", "(a < b) == c"],
    ["a - b - c * d", "(a - b) - (c * d)"],
    ["!x IN y", "(!x) IN y"],
    ["x ! IN y", "x NOT IN y"],
    ["a ALL == b AND c", "(a ALL == b) AND c"],
    ["a NOT LIKE b OR c", "(a NOT LIKE b) OR c"],
  ];
  for (const [written, meant] of rows) {
    equal(print(parse(`RETURN ${written}`)), print(parse(`RETURN ${meant}`)), written);
  }
});

Deno.test("trees are frozen", () => {
  const query = parse("RETURN {a: [1]}");
  throws(() => (query.statements as unknown[]).push(1), TypeError);
  throws(() => Object.assign(query.statements[0]!, { kind: "x" }), TypeError);
});

Deno.test("limits on depth, tokens and length end in error 1524", () => {
  equal(failure(`RETURN ${"(".repeat(600)}1${")".repeat(600)}`).errorNum, 1524);
  equal(failure(`RETURN 1${" + 1".repeat(600)}`).errorNum, 1524);
  equal(failure(`RETURN a${".b".repeat(600)}`).errorNum, 1524);
  equal(failure(`RETURN ${"- ".repeat(100_000)}1`).errorNum, 1524);
  equal(failure("RETURN [1, 2, 3, 4]", { maxTokens: 8 }).errorNum, 1524);
  equal(failure("RETURN 12345", { maxLength: 10 }).errorNum, 1524);
  parse(`RETURN ${"(".repeat(480)}1${")".repeat(480)}`);
  parse(`RETURN [${"1,".repeat(10_000)}]`);
});

Deno.test("words that only mean something in places stay names elsewhere", () => {
  parse(
    "LET keep = 1, count = 2, options = 3, prune = 4, search = 5, to = 6, at = 7 RETURN {keep, count, options, to}",
  );
  equal(failure("LET filter = 1 RETURN 1").errorNum, 1501);
});

Deno.test("bind parameters are listed in order of appearance", () => {
  deepEqual(parse("FOR d IN @@c FILTER d.@a == @v LIMIT @v RETURN d").binds, ["@c", "a", "v"]);
});

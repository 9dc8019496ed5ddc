/** @module */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { AqlValue } from "../values.ts";
import { dynamicCalls, MISCELLANEOUS_FUNCTIONS } from "./miscellaneous.ts";
import { call, ends, testCalls } from "./test_context.ts";

testCalls("anything", [...MISCELLANEOUS_FUNCTIONS, ...dynamicCalls(() => undefined)], [
  ["ANALYZER", [true, "text_en"], true],
  ["ASSERT", [1, "never"], true],
  ["ASSERT", [1, 1], null, [1542]],
  ["BOOST", [5, 2], 5],
  ["CALL", ["substring", "this is a test", 0, 7], "this is"],
  ["APPLY", ["UPPER", ["x"]], "X"],
  ["APPLY", ["PI", 1], null, [1542]],
  ["APPLY", ["_aql::upper", ["x"]], "X"],
  ["FIRST_DOCUMENT", [1, [], { a: 1 }, {}], { a: 1 }],
  ["FIRST_LIST", [1, {}], null],
  ["IN_RANGE", [5, 4, 5, false, true], true],
  ["IN_RANGE", ["fox", "fo", "fp", true, false], true],
  ["IN_RANGE", [5, 4, 5, 1, true], null, [1542]],
  ["MIN_MATCH", [true, false, 1, 2], true],
  ["MIN_MATCH", [true, false, 1, 3], false],
  ["MIN_MATCH", [true, "x"], null, [1542]],
  ["NOEVAL", [1], 1],
  ["NOOPT", [1], 1],
  ["NOT_NULL", [null, 0, 1], 0],
  ["NOT_NULL", [null], null],
  ["PASSTHRU", [[1]], [1]],
  ["SLEEP", [-1], null, [1542]],
  ["V8", ["x"], "x"],
  ["WARN", [1, "never"], true],
  ["WARN", [0, "take care"], false, [1594]],
  ["ASSERT", [false, "must hold"], ends(1593, /^must hold$/)],
  ["FAIL", ["why"], ends(1569, /^FAIL\(why\) called$/)],
  ["FAIL", [], ends(1569, /^FAIL\(\) called$/)],
  ["CALL", [5], ends(1542)],
  ["CALL", ["nope"], ends(1540, /usage of unknown function 'NOPE\(\)'/)],
  ["CALL", ["PI", 1], ends(1541, /minimum: 0, maximum: 0/)],
  ["CALL", ["NEAR", "c", 1, 2], ends(1578)],
  ["APPLY", ["my::own", []], ends(1582)],
], "VERSION");

Deno.test("functions on the query's surroundings ask its context", () => {
  deepStrictEqual(call("VERSION", [], { version: () => "3.12.0" }).value, "3.12.0");
  const waits: number[] = [];
  deepStrictEqual(call("SLEEP", [0.5], { sleep: (seconds) => void waits.push(seconds) }).value, null);
  deepStrictEqual(waits, [0.5]);
  deepStrictEqual(call("CALL", ["my::own", 1], { callUserFunction: (name, args) => [name, ...args] }).value, [
    "my::own",
    1,
  ]);
});

Deno.test("warnings carry ArangoDB's texts", () => {
  deepStrictEqual(call("MERGE", [1]).messages, ["invalid argument type in call to function 'MERGE()'"]);
  deepStrictEqual(call("FIRST", [1]).messages, ["in function 'FIRST()': array expected"]);
  deepStrictEqual(call("DATE_DAY", ["x"]).messages, ["in function 'DATE_DAY()': invalid date value"]);
  deepStrictEqual(call("WARN", [false, "careful"]).messages, ["careful"]);
});

Deno.test("functions never change their arguments", () => {
  const array: AqlValue[] = [3, 1, 2];
  const object = { b: 1, a: { c: [1] } };
  const frozen = JSON.stringify([array, object]);
  for (const name of ["SORTED", "REVERSE", "UNIQUE", "MEDIAN", "SHIFT", "POP"]) call(name, [array]);
  call("PUSH", [array, 1]);
  call("REMOVE_VALUE", [array, 1]);
  call("MERGE_RECURSIVE", [object, { a: { d: 1 } }]);
  call("UNSET", [object, "a"]);
  strictEqual(JSON.stringify([array, object]), frozen);
});

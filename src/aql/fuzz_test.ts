/**
 * Random queries: they end in results or in errors with ArangoDB's numbers, and rules and indexes change nothing.
 *
 * @module
 */
import { equal } from "node:assert/strict";
import fc from "fast-check";
import { ArangoError } from "../base/arango_error.ts";
import { Engine } from "../engine/engine.ts";
import type { DataSource } from "./data_source.ts";
import { EngineSource } from "./engine_source.ts";
import { MemorySource } from "./memory_source.ts";
import { parse } from "./parser.ts";
import { type QueryOptions, runQuery } from "./query.ts";
import { BINARY_OPERATORS } from "./random_query.ts";
import { compareValues } from "./value_order.ts";
import { type AqlObject, type AqlValue, jsonText } from "./values.ts";

/** Seconds of fuzzing; an hour's run is `AQL_FUZZ_SECONDS=3600`. */
const SECONDS = Number(Deno.env.get("AQL_FUZZ_SECONDS") ?? 4);

const VARIABLES = ["x", "y", "z"];
const FUNCTIONS = [
  "LENGTH",
  "SUM",
  "FIRST",
  "TO_STRING",
  "TO_NUMBER",
  "CONCAT",
  "MERGE",
  "APPEND",
  "UNIQUE",
  "SORTED",
  "KEYS",
  "VALUES",
  "ABS",
  "UPPER",
  "SUBSTRING",
  "IS_NULL",
  "RANGE",
  "FLATTEN",
  "ZIP",
  "NOT_NULL",
  "DATE_ADD",
  "REGEX_TEST",
  "JSON_PARSE",
  "SPLIT",
];

const { expression } = fc.letrec<{ expression: string }>((tie) => {
  const inner = tie("expression");
  const leaf = fc.constantFrom(
    ...VARIABLES,
    "null",
    "true",
    "false",
    "0",
    "1",
    "-1",
    "2.5",
    "1e300",
    "9007199254740993",
    "''",
    "'a'",
    "'é'",
    "'12'",
    "[]",
    "[1, 2, null]",
    "{}",
    "{a: 1, b: [1]}",
    "1..3",
    "@p",
    "x.a",
    "y.a.b",
    "z[0]",
    "x._key",
    "x.v",
    "[3, 'a', {a: 2}]",
  );
  const binary = fc.constantFrom(...BINARY_OPERATORS);
  return {
    expression: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      leaf,
      leaf,
      fc.tuple(inner, binary, inner).map(([a, op, b]) => `(${a} ${op} ${b})`),
      fc.tuple(fc.constantFrom("- ", "+", "NOT "), inner).map(([op, a]) => `(${op}${a})`),
      fc.tuple(inner, inner, inner).map(([a, b, c]) => `(${a} ? ${b} : ${c})`),
      fc.array(inner, { maxLength: 3 }).map((items) => `[${items.join(", ")}]`),
      fc.tuple(inner, inner).map(([a, b]) => `{a: ${a}, [${b}]: 1}`),
      fc.tuple(inner, inner).map(([a, b]) => `(${a})[${b}]`),
      fc.tuple(inner, inner, inner).map(([a, b, c]) => `(${a})[* FILTER ${b} LIMIT 2 RETURN ${c}].a`),
      fc.tuple(inner, inner).map(([a, b]) => `(${a})[? FILTER CURRENT == ${b}]`),
      fc.tuple(fc.constantFrom(...FUNCTIONS), fc.array(inner, { minLength: 1, maxLength: 2 })).map(([f, args]) =>
        `${f}(${args.join(", ")})`
      ),
      fc.tuple(inner, inner).map(([a, b]) =>
        `(FOR q${"q"} IN TO_ARRAY(${a}) FILTER ${b} RETURN qq)`.replaceAll("qq", "w")
      ),
    ),
  };
});

const list = fc.oneof(fc.constantFrom("docs", "docs", "1..3", "[3, 1, 2, 1]", "[{a: 1}, {a: 'b'}, {}]"), expression);

/** Statements that keep `x`, `y` and `z` declared. */
const statement = fc.oneof(
  expression.map((e) => `FILTER ${e}`),
  fc.tuple(expression, fc.constantFrom("ASC", "DESC")).map(([e, order]) =>
    `SORT ${e} ${order}, TO_STRING(z), TO_STRING(y), TO_STRING(x)`
  ),
  fc.nat(4).map((n) => `LIMIT ${n}, 5`),
  fc.tuple(expression, expression).map(([a, b]) =>
    `COLLECT x1 = ${a}, z1 = ${b} AGGREGATE y1 = COUNT() FOR qx IN [1] LET qy = [x1, y1, z1]`
  ).map((text) => `${text} COLLECT k = qy LET l = k`),
  expression.map((e) => `FILTER x.v == ${e}`),
  fc.constantFrom(
    "FILTER x._key == 'k1'",
    "FILTER x.v == 1",
    "FILTER x.g == 'a' AND x.v == 2",
    "FILTER x.g IN ['a', 'b']",
  ),
  fc.tuple(expression, expression).map(([a, b]) => `WINDOW {preceding: 1} AGGREGATE s1 = SUM(${a}), p1 = UNIQUE(${b})`),
).filter((text) => !text.startsWith("COLLECT"));

const query = fc.record({
  lists: fc.tuple(list, list),
  value: expression,
  statements: fc.array(statement, { maxLength: 3 }),
  group: fc.option(fc.tuple(expression, expression)),
  distinct: fc.boolean(),
  result: expression,
}).map(({ lists, value, statements, group, distinct, result }) => {
  const windows = statements.filter((one) => one.startsWith("WINDOW")).length;
  const body = windows > 1 ? statements.filter((one) => !one.startsWith("WINDOW")) : statements;
  const head = `FOR x IN ${lists[0]} FOR y IN ${lists[1]} LET z = ${value.replaceAll("z", "y")} ${body.join(" ")}`;
  if (!group) return `${head} RETURN ${distinct ? "DISTINCT " : ""}${result}`;
  return `${head} COLLECT g = ${group[0]} AGGREGATE n = LENGTH(), m = MAX(${group[1]}) INTO i = x RETURN [g, n, m]`;
});

const DOCUMENTS: readonly AqlObject[] = [
  { _key: "k1", _rev: "_meekXGSv9a", v: 1, g: "a" },
  { _key: "k2", _rev: "_meekXGSv9b", v: 2, g: "a" },
  { _key: "k3", _rev: "_meekXGSv9c", v: 1, g: "b", a: { b: [1, 2] } },
  { _key: "k4", _rev: "_meekXGSv9d", v: null, g: ["a"] },
  { _key: "k5", _rev: "_meekXGSv9e", a: "text" },
];

/** What a query answers: its results, sorted as their order may differ, or its error. */
type Outcome = AqlValue[] | ArangoError;

function outcome(source: DataSource, text: string, options: QueryOptions = {}): Outcome {
  try {
    return runQuery(source, text, text.includes("@p") ? { p: [1, "a"] } : {}, { maxRuntime: 5, ...options })
      .nextBatch(Infinity).sort(compareValues);
  } catch (error) {
    if (error instanceof ArangoError && error.errorNum > 0) return error;
    throw new Error(`not an error of ArangoDB for: ${text}`, { cause: error });
  }
}

/**
 * Checks that two runs of a query have answered the same. Which of several equal values a group is called by, `[1]` or
 * `[1, null]`, is not defined.
 */
function assertSame(actual: Outcome, expected: Outcome, text: string): void {
  if (actual instanceof ArangoError || expected instanceof ArangoError) {
    const [one, other] = [actual, expected].map((each) => each instanceof ArangoError ? each.errorNum : "results");
    equal(one, other, text);
  } else if (/ COLLECT | DISTINCT /.test(text) && actual.length === expected.length) {
    const other = actual.findIndex((value, i) => compareValues(value, expected[i]!) !== 0);
    equal(other, -1, `${text}: ${jsonText(actual)} and ${jsonText(expected)}`);
  } else {
    equal(jsonText(actual), jsonText(expected), text);
  }
}

function memory(): MemorySource {
  const source = new MemorySource();
  source.create("docs", DOCUMENTS);
  return source;
}

Deno.test("random queries give results or errors of ArangoDB, the same with and without rules", () => {
  const source = memory();
  fc.assert(
    fc.property(query, (text) => {
      const all = outcome(source, text);
      const none = outcome(source, text, { optimizer: { rules: ["-all"] } });
      // which rows a LIMIT without order leaves is not defined, nor which of several errors comes first
      if (text.includes("LIMIT") || all instanceof ArangoError || none instanceof ArangoError) return;
      assertSame(all, none, text);
    }),
    { interruptAfterTimeLimit: SECONDS * 1000, numRuns: 100_000 },
  );
});

Deno.test("random queries give the same in memory, on disk and with indexes", () => {
  const inMemory = memory();
  using engine = Engine.open({ directory: ":memory:" });
  for (const name of ["plain", "indexed"]) engine.createDatabase(name);
  const sources = ["plain", "indexed"].map((name) => {
    const database = engine.database(name);
    const collection = database.createCollection({ name: "docs" });
    if (name === "indexed") {
      collection.ensureIndex({ type: "persistent", fields: ["v"] });
      collection.ensureIndex({ type: "persistent", fields: ["g", "v"] });
      collection.ensureIndex({ type: "persistent", fields: ["a"], sparse: true });
    }
    for (const document of DOCUMENTS) collection.insert(jsonText(document), { isRestore: true });
    return new EngineSource(database);
  });
  fc.assert(
    fc.property(query, (text) => {
      if (text.includes("LIMIT")) return;
      const expected = outcome(inMemory, text);
      const [plain, indexed] = sources.map((source) => outcome(source, text));
      assertSame(plain!, expected, text);
      // a document that an index leaves out cannot end the query any more
      if (!(expected instanceof ArangoError)) assertSame(indexed!, expected, text);
    }),
    { interruptAfterTimeLimit: SECONDS * 1000, numRuns: 100_000 },
  );
});

Deno.test("no short text makes the parser do anything but parse or refuse", () => {
  const alphabet = [
    "RETURN",
    "FOR",
    "x",
    "IN",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "*",
    "?",
    ":",
    ".",
    "..",
    "1",
    "'",
    "@",
    "\\",
    "NOT",
    "ALL",
    "`",
    "\n",
    "/*",
    "=",
    "WITH",
  ];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...alphabet), { maxLength: 12 }), fc.boolean(), (words, spaces) => {
      try {
        parse(words.join(spaces ? " " : ""));
      } catch (error) {
        if (!(error instanceof ArangoError)) throw error;
      }
    }),
    { interruptAfterTimeLimit: SECONDS * 500, numRuns: 100_000 },
  );
});

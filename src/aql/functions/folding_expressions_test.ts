/**
 * Random expressions of all operators and functions give the same, and warn of the same, wherever their values come from.
 *
 * @module
 */
import { strictEqual as equal } from "node:assert/strict";
import fc from "fast-check";
import { ArangoError } from "../../base/arango_error.ts";
import { MemorySource } from "../memory_source.ts";
import { runQuery } from "../query.ts";
import { type AqlObject, jsonText, parseJson } from "../values.ts";
import { AQL_FUNCTIONS } from "./mod.ts";
import { INTERNAL_FUNCTION_NAMES } from "./unsupported.ts";

/** Seconds of trying; an hour's run is `AQL_FUZZ_SECONDS=3600`. */
const SECONDS = Number(Deno.env.get("AQL_FUZZ_SECONDS") ?? 4);

/** Functions whose results can be as long as a number says, or that are different in each query. */
const LEFT_OUT = new Set(["DATE_NOW", "RANGE", "REPEAT", "REPLACE_NTH"]);
const FUNCTIONS = [...AQL_FUNCTIONS.values()].filter(({ name, deterministic, unsupported, readsData }) =>
  deterministic && unsupported === undefined && !readsData && !INTERNAL_FUNCTION_NAMES.has(name) && !LEFT_OUT.has(name)
);
const VALUES = [
  ...["null", "true", "false", "0", "1", "-1", "2", "3.5", "1e300", "5e-324", "4294967295", "100000000000"],
  ...['""', '"a"', '"A"', '"ab,c"', '"-7.5"', '"2020-02-30"', '"P1D"', '"day"', '"é"', '"%"', '"["', '"(a)"'],
  ...["[]", '[3, 1, null, "a"]', "[[1], [2, [3]]]", "{}", '{"a": {"b": [1]}, "_k": 2}', '[{"a": 1}, {"a": "b"}, {}]'],
];
const OPERATORS =
  "+,-,*,/,%,==,!=,<,<=,>,>=,IN,NOT IN,LIKE,NOT LIKE,=~,!~,ALL ==,ANY <,NONE IN,ALL NOT IN,AT LEAST (2) !=,AND,OR";

/** An expression: its text, given how its values are written. */
type Written = (value: (json: string) => string) => string;

/** Expressions of such as stand for `#` in a text. */
function of(part: fc.Arbitrary<Written>, text: string): fc.Arbitrary<Written> {
  const pieces = text.split("#");
  return fc.tuple(...pieces.slice(1).map(() => part)).map((parts) => (value) =>
    pieces.map((piece, i) => i === 0 ? piece : `(${parts[i - 1]!(value)})${piece}`).join("")
  );
}

const { expression } = fc.letrec<{ expression: Written }>((tie) => {
  const part = tie("expression");
  const value = fc.constantFrom(...VALUES).map((json): Written => (value) => value(json));
  return {
    expression: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      value,
      value,
      fc.constantFrom(...OPERATORS.split(",")).chain((operator) => of(part, `# ${operator} #`)),
      fc.constantFrom(...FUNCTIONS, ...FUNCTIONS).chain(({ name, args: [min, max] }) =>
        fc.integer({ min, max: Math.min(max, Math.max(min, 3)) }).chain((count) =>
          of(part, `${name}(${Array.from({ length: count }, () => "#")})`)
        )
      ),
      fc.constantFrom(
        ...["-#", "+#", "NOT #", "# ? # : #", "# ?: #", "[#, #]", "{a: #, [#]: 1}", "#.a.b", "#[#]", "#[*].a", "#[**]"],
        ...["(# % 50)..(# % 50)", "#[?]", "#[* FILTER # LIMIT 2 RETURN [CURRENT, #]]", "#[? ANY FILTER CURRENT == #]"],
      ).chain((text) => of(part, text)),
    ),
  };
});

/** Where it is up to the order of evaluation what is computed, or warned of, at all. */
const IS_LAZY = /\?|\[\*|AND|OR/;

/** What a query gives: its only result, the numbers of its warnings; or the number of its error. */
function outcome(query: string, binds: Record<string, unknown> = {}, source = new MemorySource()): [string, string] {
  try {
    using run = runQuery(source, query, binds, { maxWarningCount: 1000 });
    const result = jsonText(run.nextBatch(2));
    // only what is computed before the query runs tells that a number is out of range
    const numbers = new Set(run.extra().warnings.map(({ code }) => code).filter((code) => code !== 1504));
    return [result, [...numbers].sort().join()];
  } catch (error) {
    if (!(error instanceof ArangoError)) throw new Error(`not an error of ArangoDB for: ${query}`, { cause: error });
    return [`error ${error.errorNum}`, ""];
  }
}

/** Writes values as members of something, which it collects. */
function collected(prefix: string): { values: AqlObject; write: (json: string) => string } {
  const values: AqlObject = {};
  const write = (json: string): string => {
    const name = `v${Object.keys(values).length}`;
    values[name] = parseJson(json);
    return prefix + name;
  };
  return { values, write };
}

Deno.test("expressions give the same of constants, parameters, values at run time and documents", () => {
  fc.assert(
    fc.property(expression, (written) => {
      const constant = `RETURN ${written((json) => json)}`;
      const expected = outcome(constant);
      const bound = collected("@");
      const boundText = written(bound.write);
      const stored = collected("d.");
      const storedText = written(stored.write);
      const source = new MemorySource();
      source.create("docs", [{ _key: "k", ...stored.values }]);
      const others = [
        outcome(`RETURN ${boundText}`, bound.values),
        outcome(`RETURN ${written((json) => `NOOPT(${json})`)}`),
        outcome(`FOR d IN docs RETURN ${storedText}`, {}, source),
      ];
      for (const [result, warnings] of others) {
        if (IS_LAZY.test(constant) && (result.startsWith("error") || expected[0].startsWith("error"))) continue;
        equal(result, expected[0], constant);
        if (!IS_LAZY.test(constant)) equal(warnings, expected[1], constant);
      }
    }),
    { interruptAfterTimeLimit: SECONDS * 1000, numRuns: 100_000 },
  );
});

/**
 * Calling functions in tests, and tables of calls.
 *
 * @module
 */
import { deepStrictEqual, match, ok, strictEqual, throws } from "node:assert/strict";
import { builtInTokenizer } from "../../analyzers/built_in.ts";
import { ArangoError } from "../../base/arango_error.ts";
import { type AqlValue, jsonText } from "../values.ts";
import { AQL_FUNCTIONS, type FunctionContext, type FunctionSpec } from "./mod.ts";

/** What a call answered, and the numbers of the warnings that it raised. */
export interface Outcome {
  readonly value: AqlValue;
  readonly warnings: readonly number[];
  readonly messages: readonly string[];
}

/** Calls a function with a clock at 1,700,000,000,000, random numbers of 0.25 and whatever `ports` adds. */
export function call(name: string, args: readonly AqlValue[], ports: Partial<FunctionContext> = {}): Outcome {
  const spec = AQL_FUNCTIONS.get(name);
  if (spec === undefined) throw new Error(`there is no function ${name}()`);
  const warnings: number[] = [];
  const messages: string[] = [];
  const context: FunctionContext = {
    warn(errorNum, message) {
      warnings.push(errorNum);
      messages.push(message);
    },
    now: () => 1_700_000_000_000,
    random: () => 0.25,
    tokenizer: builtInTokenizer,
    ...ports,
  };
  return { value: spec.run(context, args), warnings, messages };
}

/** The error that a call ends the query with. */
class Ending {
  constructor(readonly errorNum: number, readonly text: RegExp) {}
}

/** What a row says of a call that ends the query. */
export function ends(errorNum: number, text: RegExp = /./): Ending {
  return new Ending(errorNum, text);
}

/** A row of a table of calls: name, arguments, result, numbers of the warnings. */
export type Row = readonly [
  name: string,
  args: readonly AqlValue[],
  outcome: AqlValue | Ending,
  warnings?: readonly number[],
];

function checkRow([name, args, expected, warnings = []]: Row): void {
  if (expected instanceof Ending) {
    throws(() => call(name, args), (error) => {
      ok(error instanceof ArangoError);
      strictEqual(error.errorNum, expected.errorNum);
      match(error.message, expected.text);
      return true;
    });
    return;
  }
  const outcome = call(name, args);
  deepStrictEqual(outcome.value, expected);
  deepStrictEqual(outcome.warnings, warnings);
}

/**
 * Tests a family of functions by a table of calls, which come from ArangoDB's documentation and reference sheets.
 *
 * @param subject what the functions work on, for the names of the tests
 * @param others functions of the family without a row, which have tests of their own; with blanks between
 */
export function testCalls(
  subject: string,
  family: readonly Pick<FunctionSpec, "name">[],
  rows: readonly Row[],
  others = "",
): void {
  Deno.test(`functions on ${subject} answer what the reference records`, async (t) => {
    for (const row of rows) {
      const [name, args] = row;
      await t.step(`${name}(${args.map(jsonText).join(", ")})`.slice(0, 100), () => checkRow(row));
    }
  });

  Deno.test(`every function on ${subject} has a row or a test of its own`, () => {
    const tested = new Set([...rows.map(([name]) => name), ...others.split(" ")]);
    deepStrictEqual(family.map(({ name }) => name).filter((name) => !tested.has(name)), []);
  });
}

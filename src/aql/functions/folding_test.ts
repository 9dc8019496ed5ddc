/**
 * Functions give the same, and warn of the same, whether their arguments are constants or known at run time only.
 *
 * @module
 */
import { deepStrictEqual as deepEqual, ok } from "node:assert/strict";
import { ArangoError } from "../../base/arango_error.ts";
import { MemorySource } from "../memory_source.ts";
import { runQuery } from "../query.ts";
import type { AqlValue } from "../values.ts";
import type { FunctionSpec } from "./function_spec.ts";
import { AQL_FUNCTIONS } from "./mod.ts";
import { INTERNAL_FUNCTION_NAMES } from "./unsupported.ts";

/** One of each type, and what some functions take for more than that. */
const VALUES = ["null", "true", "-1.5", '"2020-01-01"', '[1, "a", null]', "{a: 1}", "1..3"];
/** How many combinations of arguments are tried for each number of them. */
const COMBINATIONS = VALUES.length * 3;

/** Lists of arguments that differ from each other as much as they can. */
function argumentLists(count: number): string[][] {
  const all = VALUES.length ** count;
  // a step that shares no factor with the number of values goes through those of each argument
  const step = Math.ceil(all / COMBINATIONS);
  const lists: string[][] = [];
  for (let i = 0; i < all; i += step % VALUES.length === 0 ? step + 1 : step) {
    lists.push(Array.from({ length: count }, (_, at) => VALUES[Math.floor(i / VALUES.length ** at) % VALUES.length]!));
  }
  return lists;
}

/** What a query gives: its only result and its warnings, or the number of its error. */
function outcome(query: string): AqlValue {
  try {
    using run = runQuery(new MemorySource(), query);
    return [...run.nextBatch(2), ...run.extra().warnings.map(({ code, message }) => `${code} ${message}`)];
  } catch (error) {
    if (!(error instanceof ArangoError)) throw error;
    return error.errorNum;
  }
}

/** Calls with equal arguments: constant, kept from being folded, attributes of a row. */
function calls(name: string, args: readonly string[]): string[] {
  const members = args.map((text, i) => `a${i}: ${text}`);
  return [
    `RETURN ${name}(${args})`,
    `RETURN ${name}(${args.map((text) => `NOOPT(${text})`)})`,
    `FOR d IN [{${members}}] RETURN ${name}(${args.map((_, i) => `d.a${i}`)})`,
  ];
}

function isComparable({ name, args, deterministic, unsupported, readsData }: FunctionSpec): boolean {
  return args[1] > 0 && deterministic && unsupported === undefined && !readsData && !INTERNAL_FUNCTION_NAMES.has(name);
}

Deno.test("functions give the same for constants and for what is known at run time only", () => {
  const different: string[] = [];
  let compared = 0;
  for (const spec of AQL_FUNCTIONS.values()) {
    if (!isComparable(spec)) continue;
    const [min, max] = spec.args;
    for (const count of new Set([Math.max(min, 1), Math.min(min + 1, max)])) {
      for (const args of argumentLists(count)) {
        const [constant, ...others] = calls(spec.name, args);
        const expected = outcome(constant!);
        for (const query of others) {
          compared++;
          try {
            deepEqual(outcome(query), expected);
          } catch {
            different.push(query);
          }
        }
      }
    }
  }
  deepEqual(different, []);
  ok(compared > 5000, String(compared));
});

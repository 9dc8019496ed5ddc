/**
 * Every row of the reference table, where it is at hand: numbers of arguments, and what values of wrong types give.
 *
 * @module
 */
import { deepStrictEqual, ok } from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { ArangoError } from "../../base/arango_error.ts";
import { MemorySource } from "../memory_source.ts";
import { runQuery } from "../query.ts";
import { type AqlTypeName, type AqlValue, typeName } from "../values.ts";
import { AQL_FUNCTIONS } from "./mod.ts";
import { call } from "./test_context.ts";
import { INTERNAL_FUNCTION_NAMES } from "./unsupported.ts";

const TABLE = new URL("../../../../shared/reference/aql-functions.json", import.meta.url);

interface Row {
  readonly name: string;
  readonly minArgs: number;
  /** Null for any number. */
  readonly maxArgs: number | null;
  /** Such as `values: array`. */
  readonly args: readonly string[];
  readonly nullOrWrongType: string;
}

/** A value of each type, and what a parameter of the type is given where it does not matter. */
const VALUES: Readonly<Record<AqlTypeName, AqlValue>> = {
  null: null,
  bool: true,
  number: 1,
  string: "a",
  array: [1, 2],
  object: { a: 1 },
};

/** The types that a parameter may have, as the table writes it; empty for any. */
function typesOf(parameter: string): AqlTypeName[] {
  const type = /:\s*([a-z|]+)/.exec(parameter)?.[1] ?? "any";
  const names = type.split("|").filter((name) => Object.hasOwn(VALUES, name)) as AqlTypeName[];
  return type.includes("any") ? [] : names;
}

/** Arguments that fit, as many as the function needs. */
function fitting({ args, minArgs }: Row): AqlValue[] {
  return Array.from({ length: minArgs }, (_, i) => VALUES[typesOf(args[i] ?? args.at(-1) ?? "")[0] ?? "number"]);
}

function rows(): Row[] {
  const all = JSON.parse(readFileSync(TABLE, "utf8")) as Row[];
  return all.filter(({ name }) => AQL_FUNCTIONS.get(name)?.unsupported === undefined);
}

function errorOf(text: string): number {
  try {
    runQuery(new MemorySource(), text);
    return 0;
  } catch (error) {
    if (!(error instanceof ArangoError)) throw error;
    return error.errorNum;
  }
}

Deno.test({
  name: "the reference's functions refuse too few and too many arguments, and internal ones every call",
  ignore: !existsSync(TABLE),
  fn(): void {
    for (const { name, minArgs, maxArgs } of rows()) {
      const internal = INTERNAL_FUNCTION_NAMES.has(name);
      const query = (count: number): string => `RETURN ${name}(${Array.from({ length: count }, () => "1").join()})`;
      if (internal) deepStrictEqual(errorOf(query(minArgs)), 1540, name);
      else if (minArgs > 0) deepStrictEqual(errorOf(query(minArgs - 1)), 1541, name);
      if (!internal && typeof maxArgs === "number" && maxArgs < 100) {
        deepStrictEqual(errorOf(query(maxArgs + 1)), 1541, name);
      }
    }
  },
});

Deno.test({
  name: "a first argument of a wrong type gives null and the reference's warning",
  ignore: !existsSync(TABLE),
  fn(): void {
    const different: string[] = [];
    let checked = 0;
    for (const row of rows()) {
      // rows with a condition have tests of their own
      const code = /^(?:non-array )?null \+ (?:warning )?(\d{4})(?! if the derived| for an invalid regex| \(1563)/.exec(
        row.nullOrWrongType,
      )?.[1];
      const allowed = typesOf(row.args[0] ?? "");
      if (code === undefined || allowed.length === 0 || row.minArgs === 0) continue;
      for (const value of Object.values(VALUES)) {
        // what null gives is told among the results
        if (value === null || allowed.includes(typeName(value))) continue;
        const outcome = call(row.name, [value, ...fitting(row).slice(1)]);
        checked++;
        const expected = outcome.value === null && outcome.warnings.join() === code;
        if (!expected) different.push(`${row.name}(${typeName(value)}): ${outcome.warnings}, not ${code}`);
      }
    }
    deepStrictEqual(different, []);
    ok(checked > 100);
  },
});

Deno.test({
  name: "functions that take everything never warn",
  ignore: !existsSync(TABLE),
  fn(): void {
    let checked = 0;
    for (const row of rows()) {
      if (!/^(?:never warns|no warning; (?:argument cast|non-strings are))/.test(row.nullOrWrongType)) continue;
      if (row.minArgs === 0 || !AQL_FUNCTIONS.get(row.name)?.deterministic) continue;
      for (const value of Object.values(VALUES)) {
        const { warnings } = call(row.name, [value, ...fitting(row).slice(1)]);
        deepStrictEqual(warnings, [], `${row.name} ${typeName(value)}`);
        checked++;
      }
    }
    ok(checked > 100);
  },
});

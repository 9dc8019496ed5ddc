/**
 * The recorded AQL examples of the documentation, where they are at hand, against the language without an engine.
 *
 * @module
 */
import { deepEqual } from "node:assert/strict";
import { existsSync } from "node:fs";
import { MemorySource } from "./memory_source.ts";
import { runQuery } from "./query.ts";
import { type AqlArray, jsonText } from "./values.ts";

const CORPUS = new URL("../../../shared/corpus/docs-examples.jsonl", import.meta.url);

/** Examples that cannot come out as recorded, with the reason. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  aqlArrayUnionDistinct_1: "the order of the result is undefined",
  aqlDateTimeToUTC_3: "tells the version of the time zone database",
  aqlObjectDuplicateKey_1: "the last of equal attributes counts only since 4.0",
  aqlRandomToken: "random",
  aqlRegexMatches_3: "the backslashes of the query were halved before it was recorded",
  aqlRegexSplit_1: "the backslashes of the query were halved before it was recorded",
  aqlTrim_4: "the backslashes of the query were halved before it was recorded",
  aqlTokens_1: "text analyzers belong to searches",
  aqlTokens_2: "text analyzers belong to searches",
};

interface Example {
  readonly id: string;
  readonly kind: string;
  readonly deployment: string;
  readonly dataset?: string;
  readonly bindVars?: unknown;
  readonly bindVarsText?: string;
  readonly code: string;
  readonly output: string;
}

/** Rounds numbers and hides times, as the replay tool does. */
function comparable(value: unknown): unknown {
  if (typeof value === "number") return Number.isInteger(value) ? value : Number(value.toPrecision(10));
  if (typeof value === "string") return value.replace(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/, "<date>");
  if (Array.isArray(value)) return value.map(comparable);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1).map(([k, v]) => [k, comparable(v)]),
  );
}

function examples(): Example[] {
  const lines = Deno.readTextFileSync(CORPUS).split("\n").filter((line) => line !== "");
  return lines.map((line) => JSON.parse(line) as Example).filter(({ kind, dataset, deployment, id }) =>
    kind === "aql" && dataset === undefined && deployment === "single" && !Object.hasOwn(EXCEPTIONS, id)
  );
}

Deno.test({
  name: "recorded examples without stored data give what the server gave",
  ignore: !existsSync(CORPUS),
  fn(): void {
    const failures: string[] = [];
    for (const { id, code, bindVars, bindVarsText = "{}", output } of examples()) {
      const query = runQuery(new MemorySource(), code, bindVars ?? JSON.parse(bindVarsText));
      const results: AqlArray = query.nextBatch(Infinity);
      const expected = output.trim() === "Empty Output" ? [] : JSON.parse(output);
      try {
        deepEqual(comparable(JSON.parse(jsonText(results))), comparable(expected));
      } catch {
        failures.push(id);
      }
    }
    deepEqual(failures, []);
  },
});

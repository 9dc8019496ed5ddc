/**
 * Random queries give the same by indexes of every type as without indexes and rules, at once or in batches, and with the
 * plan of a run with other values.
 *
 * @module
 */
import { equal } from "node:assert/strict";
import fc from "fast-check";
import { ArangoError } from "../../base/arango_error.ts";
import { Engine } from "../../engine/engine.ts";
import { EngineSource } from "../engine_source.ts";
import type { QueryEnvironment } from "../execution/context.ts";
import { PlanCache } from "../plan_cache.ts";
import { type QueryOptions, runQuery } from "../query.ts";
import { type AqlObject, jsonText } from "../values.ts";
import { documents, indexes, value } from "./compared_documents.ts";
import { type ComparedQuery, comparedQuery } from "./compared_queries.ts";
import { runsOf } from "./runs.ts";

/** What all is compared with. */
const PLAIN: QueryOptions = { optimizer: { rules: ["-all"] } };

/** How a query runs. */
interface Run {
  readonly bindVars?: AqlObject;
  readonly options?: QueryOptions;
  readonly environment?: QueryEnvironment;
}

/** Calls `body` with random queries, a collection that has indexes, and one with the same documents that has none. */
function checkTwins<Query>(
  query: fc.Arbitrary<Query>,
  numRuns: number,
  body: (indexed: EngineSource, bare: EngineSource, queries: readonly Query[]) => void,
): void {
  using engine = Engine.open({ directory: ":memory:" });
  const databases = ["indexed", "bare"].map((name) => {
    engine.createDatabase(name);
    return engine.database(name);
  });
  const [indexed, bare] = databases.map((database) => new EngineSource(database)) as [EngineSource, EngineSource];
  const queries = fc.array(query, { minLength: 8, maxLength: 8 });
  fc.assert(
    fc.property(documents, indexes, queries, (rows, definitions, queries) => {
      const twins = databases.map((database) => database.createCollection({ name: "docs" }));
      try {
        for (const twin of twins) for (const row of rows) twin.insert(row);
        for (const definition of definitions) twins[0]!.ensureIndex(definition);
        body(indexed, bare, queries);
      } finally {
        databases.forEach((database, i) => database.dropCollection(twins[i]!));
      }
    }),
    runsOf(numRuns),
  );
}

/** What a query answers, a line for each result, or the number of its error. */
function outcome(source: EngineSource, { text, ordered }: ComparedQuery, run: Run): string {
  const { bindVars = {}, options = {}, environment = {} } = run;
  const found: string[] = [];
  try {
    using query = runQuery(source, text, bindVars, options, environment);
    for (let batch = query.nextBatch(3); batch.length > 0; batch = query.nextBatch(3)) {
      for (const row of batch) found.push(jsonText(row).replace(/"_rev":"[^"]*"/g, ""));
    }
  } catch (error) {
    if (error instanceof ArangoError) return `error ${error.errorNum}`;
    throw error;
  }
  return (ordered ? found : found.sort()).join("\n");
}

Deno.test("indexes of every type, and batches, leave random queries as they are", () => {
  checkTwins(comparedQuery, 40, (indexed, bare, queries) => {
    for (const query of queries) {
      const expected = outcome(bare, query, { options: PLAIN });
      equal(outcome(indexed, query, {}), expected, query.text);
      equal(outcome(indexed, query, { options: { stream: true } }), expected, `${query.text}, streaming`);
    }
  });
});

const LITERAL =
  /"(?:[^"\\]|\\.)*"(\s*:)?|(?<![\w.\])])-?\d+(?:\.\d+)?(?:e[+-]?\d+)?\b(?!\.)|\b(?:null|true|false)\b|\[\]/g;

/** A text with its literals replaced. */
function withLiterals(text: string, replacement: (literal: string) => string): string {
  return text.replace(LITERAL, (literal, colon?: string) => colon === undefined ? replacement(literal) : literal);
}

Deno.test("a plan that is used again with other values gives what a query with these values gives", () => {
  const changes = fc.array(fc.array(fc.tuple(fc.nat(5), value), { maxLength: 6 }), { minLength: 3, maxLength: 3 });
  checkTwins(fc.tuple(comparedQuery, changes), 25, (indexed, bare, queries) => {
    const environment = { plans: { cache: new PlanCache(), name: "test" } };
    for (const [{ text, ordered }, changes] of queries) {
      // where a distance is not a number, documents that a geo index leaves out come or not
      if (/GEO_|DISTANCE/.test(text)) continue;
      const literals: unknown[] = [];
      const bound = withLiterals(text, (literal) => `@p${literals.push(JSON.parse(literal)) - 1}`);
      for (const change of [[], ...changes]) {
        const values = literals.slice();
        for (const [at, other] of change) if (at < values.length) values[at] = other;
        let next = 0;
        const inlined = withLiterals(text, () => JSON.stringify(values[next++]));
        const bindVars = Object.fromEntries(values.map((one, i) => [`p${i}`, one])) as AqlObject;
        const expected = outcome(bare, { text: inlined, ordered }, { options: PLAIN });
        const found = outcome(indexed, { text: bound, ordered }, { bindVars, environment });
        // a parameter that does not fit is another error than a literal that does not
        equal(found.replace(/^error.*/, "error"), expected.replace(/^error.*/, "error"), `${inlined}\n${bound}`);
      }
    }
  });
});

/**
 * Whatever indexes a collection has, queries give what a simple model of the language says.
 *
 * @module
 */
import { equal } from "node:assert/strict";
import fc from "fast-check";
import { Engine } from "../../engine/engine.ts";
import { EngineSource } from "../engine_source.ts";
import { runQuery } from "../query.ts";
import { jsonText } from "../values.ts";
import { documents, indexedQuery, indexes } from "./random_indexed.ts";
import { runsOf } from "./runs.ts";

const RUNS = runsOf(40);

Deno.test("indexes of every kind leave the results and orders of random queries as they are", () => {
  using engine = Engine.open({ directory: ":memory:" });
  engine.createDatabase("test");
  const database = engine.database("test");
  const source = new EngineSource(database);
  fc.assert(
    fc.property(documents, indexes, fc.array(indexedQuery, { minLength: 5, maxLength: 5 }), (rows, own, queries) => {
      const collection = database.createCollection({ name: "docs" });
      try {
        for (const row of rows) collection.insert(JSON.stringify(row));
        for (const definition of own) collection.ensureIndex(definition);
        let now = rows;
        for (const make of queries) {
          const { text, fault, after } = make(now);
          const results = runQuery(source, text, {}, {}).nextBatch(Infinity).map((row) => JSON.parse(jsonText(row)));
          equal(fault(results), undefined, `${text}\n${JSON.stringify(results)}`);
          now = after?.(results) ?? now;
        }
      } finally {
        database.dropCollection(collection);
      }
    }),
    RUNS,
  );
});

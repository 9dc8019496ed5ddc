/**
 * Random queries give what a simple model of the language says, with and without rules, in memory, on disk and with indexes.
 *
 * @module
 */
import { deepEqual } from "node:assert/strict";
import fc from "fast-check";
import { Engine } from "../../engine/engine.ts";
import type { DataSource } from "../data_source.ts";
import { EngineSource } from "../engine_source.ts";
import { MemorySource } from "../memory_source.ts";
import { runQuery } from "../query.ts";
import { type AqlObject, jsonText } from "../values.ts";
import { collections, type ModelledQuery, query } from "./random_pipeline.ts";
import type { Row } from "./random_term.ts";
import { runsOf } from "./runs.ts";
import type { Documents } from "./scope.ts";
import type { Value } from "./values.ts";

const RUNS = runsOf(200);

/** The documents as they are stored, with all that a database adds. */
function stored(documents: Documents): Documents {
  const complete = (name: string, row: Row, i: number): Row => {
    const _key = `k${i}`;
    return { _key, _id: `${name}/${_key}`, _rev: `_meekXGSv9${"abcdef"[i]}`, ...row };
  };
  return Object.fromEntries(
    Object.entries(documents).map(([name, rows]) => [name, rows.map((row, i) => complete(name, row, i))]),
  );
}

function check(source: DataSource, { text, results, ordered }: ModelledQuery, rules: readonly string[] = []): void {
  const found = runQuery(source, text, {}, { optimizer: { rules }, maxRuntime: 60 }).nextBatch(Infinity).map(jsonText);
  const expected = results().map((value: Value) => JSON.stringify(value));
  if (!ordered) {
    found.sort();
    expected.sort();
  }
  deepEqual(found, expected, `${text}\n${found}\nis not\n${expected}`);
}

Deno.test("random queries give what the model says, with and without rules", () => {
  fc.assert(
    fc.property(collections.map(stored), query, (documents, make) => {
      const source = new MemorySource();
      for (const [name, rows] of Object.entries(documents)) {
        source.create(name, rows as AqlObject[]);
      }
      const modelled = make(documents);
      check(source, modelled);
      check(source, modelled, ["-all"]);
    }),
    RUNS,
  );
});

Deno.test("random queries of stored documents with indexes give what the model says", () => {
  using engine = Engine.open({ directory: ":memory:" });
  engine.createDatabase("test");
  const database = engine.database("test");
  const source = new EngineSource(database);
  for (const name of ["docs", "more"]) {
    const collection = database.createCollection({ name });
    collection.ensureIndex({ type: "persistent", fields: ["a"] });
    collection.ensureIndex({ type: "persistent", fields: ["b", "a"] });
    collection.ensureIndex({ type: "persistent", fields: ["c"], sparse: true });
    collection.ensureIndex({ type: "persistent", fields: ["list[*]"] });
  }
  fc.assert(
    fc.property(collections.map(stored), query, (documents, make) => {
      for (const [name, rows] of Object.entries(documents)) {
        const collection = database.collection(name);
        collection.truncate();
        for (const row of rows) {
          collection.insert(JSON.stringify(row), { isRestore: true });
        }
      }
      check(source, make(stored(documents)));
    }),
    RUNS,
  );
});

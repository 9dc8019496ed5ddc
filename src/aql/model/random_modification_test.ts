/**
 * Random queries that write answer what a simple model says, and leave the documents that it says.
 *
 * @module
 */
import { deepEqual } from "node:assert/strict";
import fc from "fast-check";
import { ArangoError } from "../../base/arango_error.ts";
import { Engine } from "../../engine/engine.ts";
import { EngineSource } from "../engine_source.ts";
import { runQuery } from "../query.ts";
import { documents, UNIQUE_ATTRIBUTE, write, type WriteOutcome } from "./random_modification.ts";
import type { Row } from "./random_term.ts";
import { runsOf } from "./runs.ts";
import { typeOf, type Value } from "./values.ts";

const RUNS = runsOf(100);

/** Results and documents whatever the order of their attributes. */
function sorted(value: Value): Value {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeOf(value) !== "object") return value;
  return Object.fromEntries(Object.entries(value as Row).sort().map(([name, one]) => [name, sorted(one)]));
}

function outcome(source: EngineSource, text: string): WriteOutcome {
  try {
    const query = runQuery(source, text, {});
    const results = (query.nextBatch(Infinity) as Value[]).map(sorted);
    const { writesExecuted, writesIgnored } = query.extra().stats;
    return { results, executed: writesExecuted, ignored: writesIgnored };
  } catch (error) {
    if (error instanceof ArangoError) return { errorNum: error.errorNum };
    throw error;
  }
}

Deno.test("random queries that write answer and leave what the model says", () => {
  using engine = Engine.open({ directory: ":memory:" });
  engine.createDatabase("test");
  const database = engine.database("test");
  const source = new EngineSource(database);
  const collection = database.createCollection({ name: "docs" });
  collection.ensureIndex({ type: "persistent", fields: [UNIQUE_ATTRIBUTE], unique: true, sparse: true });
  const all = "FOR d IN docs SORT d._key RETURN UNSET(d, '_rev')";
  fc.assert(
    fc.property(documents, fc.array(write, { minLength: 1, maxLength: 3 }), (before, writes) => {
      collection.truncate();
      const stored = new Map(before);
      for (const one of stored.values()) collection.insert(JSON.stringify(one));
      for (const { text, run } of writes) {
        const start = JSON.stringify([...stored.values()]);
        const modelled = run(stored);
        const expected = "results" in modelled ? { ...modelled, results: modelled.results.map(sorted) } : modelled;
        const found = outcome(source, text);
        deepEqual(found, expected, `${text}\n${start}\n${JSON.stringify(found)}\nis not\n${JSON.stringify(expected)}`);
        const left = (runQuery(source, all, {}).nextBatch(Infinity) as Value[]).map(sorted);
        const kept = [...stored.keys()].sort().map((key) => sorted(stored.get(key)!));
        deepEqual(left, kept, `${text}\n${start}\nleaves\n${JSON.stringify(left)}\nnot\n${JSON.stringify(kept)}`);
      }
    }),
    RUNS,
  );
});

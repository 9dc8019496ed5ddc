/**
 * Texts drawn from the whole grammar: they end in results or in errors with ArangoDB's numbers, whatever they ask for,
 * and writing queries leave the same documents in memory and on disk.
 *
 * @module
 */
import { deepEqual } from "node:assert/strict";
import fc from "fast-check";
import { ArangoError } from "../base/arango_error.ts";
import type { Collection } from "../engine/collection.ts";
import { Engine } from "../engine/engine.ts";
import type { DataSource } from "./data_source.ts";
import { EngineSource } from "./engine_source.ts";
import { MemorySource } from "./memory_source.ts";
import { explainQuery, parseQuery, runQuery } from "./query.ts";
import { bindsOf, DOCUMENTS, EDGES, GRAPH, sentence, UNCERTAIN } from "./random_query.ts";
import { compareValues } from "./value_order.ts";
import { type AqlObject, jsonText, parseJson } from "./values.ts";

/** Seconds of fuzzing; an hour's run is `AQL_FUZZ_SECONDS=3600`. */
const SECONDS = Number(Deno.env.get("AQL_FUZZ_SECONDS") ?? 4);

function memory(): MemorySource {
  const source = new MemorySource();
  source.create("docs", DOCUMENTS);
  source.create("edges", EDGES, 3);
  source.create("_graphs", [GRAPH]);
  return source;
}

/** Whether an error is one that ArangoDB could answer with; anything else is passed on. */
function refusal(error: unknown, text: string): string {
  if (error instanceof ArangoError && error.errorNum > 0 && !/internal error: /.test(error.message)) {
    return `error ${error.errorNum}`;
  }
  throw new Error(`not an error of ArangoDB for: ${text}`, { cause: error });
}

Deno.test("no text of the grammar makes the parser, the planner or the execution fail without a number", () => {
  fc.assert(
    fc.property(sentence, (text) => {
      const binds = bindsOf(text);
      for (
        const attempt of [
          () => parseQuery(text),
          () => explainQuery(memory(), text, binds),
          () => runQuery(memory(), text, binds, { maxRuntime: 5, memoryLimit: 100_000_000 }).nextBatch(Infinity),
        ]
      ) {
        try {
          attempt();
        } catch (error) {
          refusal(error, text);
        }
      }
    }),
    { interruptAfterTimeLimit: SECONDS * 1000, numRuns: 10_000_000 },
  );
});

/** What a query answers and leaves: results and documents in order, without revisions; or the number of its error. */
function effects(source: DataSource, text: string, documents: () => readonly AqlObject[]): unknown {
  let results: string;
  try {
    const found = runQuery(source, text, bindsOf(text), { maxRuntime: 5, memoryLimit: 100_000_000 }).nextBatch(
      Infinity,
    );
    results = jsonText(found.sort(compareValues));
  } catch (error) {
    results = refusal(error, text);
  }
  const left = documents().map(({ _rev, ...rest }) => rest);
  return [results.replaceAll(/"_(?:rev|key|id)":"[^"]*"/g, ""), left.map((one) => jsonText(one)).sort()];
}

Deno.test("writing queries leave the same documents in memory and on disk", () => {
  using engine = Engine.open({ directory: ":memory:" });
  engine.createDatabase("fuzz");
  const database = engine.database("fuzz");
  const docs = database.createCollection({ name: "docs" });
  const edges = database.createCollection({ name: "edges", type: 3 });
  const fill = (collection: Collection, rows: readonly AqlObject[]): void => {
    collection.truncate();
    for (const row of rows) collection.insert(jsonText(row), { isRestore: true });
  };
  const stored = (collection: Collection): AqlObject[] =>
    [...collection.pages()].flat().map(({ text }) => parseJson(text) as AqlObject);
  const disk = new EngineSource(database);
  fc.assert(
    fc.property(sentence, (text) => {
      if (!/INSERT|UPDATE|REPLACE|REMOVE|UPSERT/.test(text) || UNCERTAIN.test(text)) return;
      // generated keys differ; only one side has the graph, only the other compares versions
      if (/INSERT (?!\{_key)|GRAPH|versionAttribute/.test(text)) return;
      fill(docs, DOCUMENTS);
      fill(edges, EDGES);
      const source = memory();
      const inMemory = effects(
        source,
        text,
        () => [...runQuery(source, "FOR d IN docs RETURN d").nextBatch(Infinity)] as AqlObject[],
      );
      const onDisk = effects(disk, text, () => stored(docs).map((one) => ({ ...one, _id: `docs/${one._key}` })));
      deepEqual(onDisk, inMemory, text);
    }),
    { interruptAfterTimeLimit: SECONDS * 1000, numRuns: 10_000_000 },
  );
});

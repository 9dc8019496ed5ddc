/**
 * What queries return as it is stored is what they return when they look at it.
 *
 * @module
 */
import { deepStrictEqual } from "node:assert/strict";
import fc from "fast-check";
import { Engine, MEMORY } from "../../engine/engine.ts";
import { EngineSource } from "../engine_source.ts";
import { runQuery } from "../query.ts";
import { type AqlArray, parseJson } from "../values.ts";

/** Results as values and as texts, which have to be the same, and what the query has counted. */
function resultsOf(source: EngineSource, text: string, bindVars: Record<string, unknown>): [AqlArray, unknown] {
  const { executionTime: _, peakMemoryUsage: __, ...stats } = runQuery(source, text, bindVars, { fullCount: true })
    .extra().stats;
  const values = runQuery(source, text, bindVars).nextBatch(Infinity);
  using stream = runQuery(source, text, bindVars, { stream: true });
  const texts: unknown[] = [];
  for (let batch = stream.nextBatchText(3); batch.length > 0; batch = stream.nextBatchText(3)) {
    texts.push(...batch.map(parseJson));
  }
  deepStrictEqual(texts, values, text);
  return [values, stats];
}

const LOOPS = [
  "FOR d IN c",
  "FOR d IN c FILTER d.a == @a",
  "FOR d IN c FILTER d.a IN [@a, 1, 2]",
  "FOR d IN c FILTER d.a >= @a",
  "FOR d IN c FILTER d.a < @a",
  "FOR d IN c FILTER d._key == @key",
  "FOR x IN [1, @a] FOR d IN c FILTER d.a == x",
  "FOR k IN [@key, '1'] FOR d IN c FILTER d._key == k",
];
const RESULTS = [
  "d",
  "d.b",
  "d._id",
  "d._key",
  "d['it\\'s']",
  "{b: d.b, a: d.a}",
  "{`it's`: d.b}",
  "{`LIMIT ?1`: d['it\\'s'], 'b\\\\': d.b}",
  "{a: d.b, a: d.a}",
  "{a: d.b.a, b: d.b}",
  "{}",
];

Deno.test("documents and attributes that are returned as they are stored are what an expression makes of them", () => {
  const value = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(null, true, 0, 1, 1.5, -2, "", "a", "b'\"\\ü", [1], { a: [{}] }) },
    { weight: 1, arbitrary: fc.jsonValue({ depthSize: "small" }) },
  );
  const document = fc.record({ a: value, b: value, "it's": value }, { requiredKeys: [] });
  fc.assert(
    fc.property(fc.array(document, { maxLength: 8 }), value, fc.boolean(), (documents, a, isIndexed) => {
      using engine = Engine.open({ directory: MEMORY });
      const database = engine.database("_system");
      const collection = database.createCollection({ name: "c" });
      if (isIndexed) collection.ensureIndex({ type: "persistent", fields: ["a"] });
      documents.forEach((one, i) => collection.insert(JSON.stringify({ _key: String(i), ...one })));
      const source = new EngineSource(database);
      for (const loop of LOOPS) {
        for (const result of RESULTS) {
          for (const limit of ["", "LIMIT 2, 3"]) {
            const bindVars = { ...(loop.includes("@a") ? { a } : {}), ...(loop.includes("@key") ? { key: "2" } : {}) };
            const [texts, stats] = resultsOf(source, `${loop} ${limit} RETURN ${result}`, bindVars);
            // more is computed than what is stored
            const looked = resultsOf(source, `${loop} ${limit} RETURN [${result}]`, bindVars);
            deepStrictEqual([texts.map((one) => [one]), stats], looked, `${loop} ${limit} RETURN ${result}`);
          }
        }
      }
    }),
    { numRuns: 8 },
  );
});

Deno.test("names of collections and attributes, and how many attributes there are, do not matter", () => {
  using engine = Engine.open({ directory: MEMORY });
  const database = engine.database("_system");
  const name = 'LIMIT ? "quoted\\';
  database.createCollection({ name }).insert('{"_key":"1","a7":5,"LIMIT ?":6}');
  const source = new EngineSource(database);
  const resultOf = (text: string): unknown =>
    runQuery(source, `FOR d IN @@c RETURN ${text}`, { "@c": name }).nextBatch(2)[0];
  deepStrictEqual(resultOf("{i: d._id}"), { i: `${name}/1` });
  deepStrictEqual(resultOf("{l: NOOPT(d['LIMIT ?'])}"), { l: 6 });
  for (const count of [200, 201, 1500]) {
    // a key takes the longest SQL
    const names = Array.from({ length: count }, (_, i) => `a${i}`);
    deepStrictEqual(
      resultOf(`{${names.map((one, i) => `${one}: d.${i % 2 === 0 ? "_key" : one}`)}}`),
      Object.fromEntries(names.map((one, i) => [one, i % 2 === 0 ? "1" : one === "a7" ? 5 : null])),
    );
    deepStrictEqual(
      resultOf(`{${names.map((one) => `${one}: d._key`)}}`),
      Object.fromEntries(names.map((one) => [one, "1"])),
    );
  }
});

Deno.test("attributes of long documents, which SQLite takes out, are as those of short ones", () => {
  using engine = Engine.open({ directory: MEMORY });
  const database = engine.database("_system");
  const collection = database.createCollection({ name: "c" });
  const values = { "a": -0.5, "b'": { c: [" ", null] }, "long": "" };
  for (const length of [0, 8000, 9000, 100_000]) {
    collection.insert(JSON.stringify({ ...values, long: "é".repeat(length) }));
  }
  const source = new EngineSource(database);
  for (const result of ["d.a", "{x: d.a, `b'`: d[\"b'\"], n: d.missing, x2: d.a}", "{l: LEFT(d.long, 0), a: d.a}"]) {
    const [texts] = resultsOf(source, `FOR d IN c RETURN ${result}`, {});
    deepStrictEqual(texts, Array(4).fill(texts[0]), result);
  }
});

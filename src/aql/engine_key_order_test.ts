/**
 * Keys by the primary index: AQL's order and bounds, without reading all documents.
 *
 * @module
 */
import { deepEqual, equal, ok } from "node:assert/strict";
import fc from "fast-check";
import { Engine } from "../engine/engine.ts";
import { EngineSource } from "./engine_source.ts";
import { explainQuery, runQuery } from "./query.ts";
import { type AqlObject, jsonText } from "./values.ts";

/** Beginnings of keys, in many of which letters differ in their case only, or are other characters. */
const BEGINNINGS = ["", "a", "A", "ab", "aB-", "Ab_", "z:", "2020-01-", "2020-02-"];

/** A collection `c` with 5,000 keys. */
function filled(engine: Engine): EngineSource {
  const database = engine.database("_system");
  const collection = database.createCollection({ name: "c" });
  engine.write([collection], () => {
    for (let i = 0; i < 5000; i++) {
      const key = BEGINNINGS[i % BEGINNINGS.length]! + ((i * 7919) % 5000);
      collection.insert(jsonText({ _key: key, n: i }));
    }
  });
  return new EngineSource(database);
}

Deno.test("the primary index gives documents in the order of their keys, and within bounds", () => {
  using engine = Engine.open({ directory: ":memory:" });
  const source = filled(engine);
  const same = (text: string): void => {
    const indexed = runQuery(source, text);
    const plain = runQuery(source, text, {}, { optimizer: { rules: ["-all"] } });
    deepEqual(indexed.nextBatch(Infinity), plain.nextBatch(Infinity), text);
    equal(indexed.extra().stats.scannedFull, 0, text);
  };
  for (const order of ["d._key", "d._key DESC", "d._id", "d._id DESC, d.n", "d._key, d.n"]) {
    same(`FOR d IN c SORT ${order} RETURN d`);
    same(`FOR d IN c SORT ${order} LIMIT 3210, 50 RETURN d.n`);
  }
  for (const filter of ["d._key > null", "d._key < 5", "d._key >= 5", "d._key < []", "d._key > {}", "d._key > 'ä'"]) {
    same(`FOR d IN c FILTER ${filter} SORT d._key RETURN d._key`);
  }
  const key = fc.constantFrom(...BEGINNINGS).chain((begin) => fc.nat(5000).map((end) => jsonText(begin + end)));
  const operator = (first: string): fc.Arbitrary<string> => fc.constantFrom(first, `${first}=`);
  fc.assert(
    fc.property(operator(">"), key, operator("<"), key, fc.boolean(), (over, low, under, high, both) => {
      const filter = `FILTER d._key ${over} ${low} ${both ? `AND d._key ${under} ${high}` : ""}`;
      same(`FOR d IN c ${filter} SORT d._key DESC RETURN d.n`);
      same(`FOR d IN c ${filter} COLLECT WITH COUNT INTO n RETURN n`);
    }),
    { numRuns: 12 },
  );
});

Deno.test("pages of documents by key are found without reading all others", () => {
  using engine = Engine.open({ directory: ":memory:" });
  const source = filled(engine);
  const page = "FOR d IN c FILTER d._key > @last SORT d._key LIMIT 700 RETURN d._key";
  const keys: string[] = [];
  for (;;) {
    const query = runQuery(source, page, { last: keys.at(-1) ?? "" });
    const found = query.nextBatch(Infinity) as string[];
    // what is sorted at once is read at once: up to a thousand
    ok(query.extra().stats.scannedIndex <= 2700);
    if (found.length === 0) break;
    keys.push(...found);
  }
  equal(new Set(keys).size, 5000);
  deepEqual(keys, runQuery(source, "FOR d IN c SORT d._key RETURN d._key").nextBatch(Infinity));
  const { nodes, rules } = explainQuery(source, "FOR d IN c SORT d._key DESC LIMIT 3 RETURN d").plan!;
  const loop = (nodes as AqlObject[]).find(({ type }) => type === "IndexNode")!;
  deepEqual([(loop.indexes as AqlObject[])[0]!.type, loop.ascending], ["primary", false]);
  ok((rules as string[]).includes("use-index-for-sort"));
});

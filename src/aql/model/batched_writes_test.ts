/**
 * Queries that write many documents, which are looked up together, do what a query for each of them does.
 *
 * @module
 */
import { deepEqual } from "node:assert/strict";
import fc from "fast-check";
import { ArangoError } from "../../base/arango_error.ts";
import { Engine } from "../../engine/engine.ts";
import { EngineSource } from "../engine_source.ts";
import { runQuery } from "../query.ts";

const WRITES: Readonly<Record<string, string>> = {
  insert: "INSERT {_key: r.key, v: r.v}",
  ignore: "INSERT {_key: r.key, v: r.v}",
  overwrite: "INSERT {_key: r.key, v: r.v}",
  update: "UPDATE r.key WITH {v: r.v, n: 1}",
  replace: "REPLACE {_key: r.key, v: r.v}",
  remove: "REMOVE r.key",
  upsert: "UPSERT {_key: r.key} INSERT {_key: r.key, v: r.v, n: 1} UPDATE {v: r.v, n: OLD.n + 1}",
  "upsert by a unique value": "UPSERT {v: r.v % 20} INSERT {_key: r.key, v: r.v % 20} UPDATE {v: r.v % 7, n: 2}",
  "upsert by a number": "UPSERT {n: r.v % 4} INSERT {_key: r.key, n: r.v % 4} UPDATE {n: r.v % 3}",
};

const OPTIONS: Readonly<Record<string, string>> = {
  ignore: "overwriteMode: 'ignore'",
  overwrite: "overwriteMode: 'update'",
};

const many = fc.record({
  kind: fc.constantFrom(...Object.keys(WRITES)),
  ignoreErrors: fc.boolean(),
  // few keys, so that they repeat; those of no string and no key at all are refused
  rows: fc.array(
    fc.record({
      key: fc.oneof({ weight: 30, arbitrary: fc.integer({ min: 0, max: 19 }).map((n) => `k${n}`) }, {
        weight: 1,
        arbitrary: fc.constantFrom(null, "no key", "k1\u0000", "zz"),
      }),
      v: fc.oneof(fc.constant(null), fc.integer({ min: 0, max: 200 })),
    }),
    { minLength: 4, maxLength: 30 },
  ),
});

Deno.test("queries that write many documents do what a query for each of them does, up to the first error", () => {
  using engine = Engine.open({ directory: ":memory:" });
  const database = engine.database("_system");
  const source = new EngineSource(database);
  const collections = ["together", "alone"].map((name) => {
    const collection = database.createCollection({ name });
    collection.ensureIndex({ type: "persistent", fields: ["v"], unique: true, sparse: true, name: "by_v" });
    collection.ensureIndex({ type: "persistent", fields: ["n"], name: "by_n" });
    return collection;
  });
  const outcome = (collection: string, write: string, rows: readonly unknown[]): unknown => {
    try {
      const query = runQuery(source, `FOR r IN @rows ${write.replace("COLLECTION", collection)}`, { rows });
      const results = query.nextBatch(Infinity);
      const { writesExecuted, writesIgnored } = query.extra().stats;
      return { results, writesExecuted, writesIgnored };
    } catch (error) {
      if (error instanceof ArangoError) return error.message;
      throw error;
    }
  };
  const stored = (name: string): unknown =>
    runQuery(source, `FOR d IN ${name} SORT d._key RETURN UNSET(d, '_rev', '_id')`).nextBatch(Infinity);
  fc.assert(
    fc.property(fc.array(many, { minLength: 1, maxLength: 3 }), (works) => {
      for (const collection of collections) {
        collection.truncate();
        for (let i = 0; i < 20; i += 2) collection.insert(`{"_key":"k${i}","v":${i}}`);
      }
      for (const { kind, ignoreErrors, rows } of works) {
        const options = [`ignoreErrors: ${ignoreErrors}`, ...(OPTIONS[kind] ? [OPTIONS[kind]] : [])];
        const write = `${WRITES[kind]} IN COLLECTION OPTIONS {${options}} RETURN ${
          kind === "remove" ? "OLD.v" : "[NEW.v, NEW.n]"
        }`;
        const before = stored("together");
        const found = outcome("together", write, rows);
        const single = rows.map((row) => outcome("alone", write, [row]));
        const failure = single.find((one) => typeof one === "string");
        if (failure !== undefined) {
          deepEqual(found, failure);
          deepEqual(stored("together"), before);
          return;
        }
        const done = single as { results: unknown[]; writesExecuted: number; writesIgnored: number }[];
        deepEqual(found, {
          results: done.flatMap(({ results }) => results),
          writesExecuted: done.reduce((sum, { writesExecuted }) => sum + writesExecuted, 0),
          writesIgnored: done.reduce((sum, { writesIgnored }) => sum + writesIgnored, 0),
        });
        deepEqual(stored("together"), stored("alone"));
      }
    }),
    { numRuns: 25 },
  );
});

import { deepStrictEqual as deepEqual, ok, strictEqual as equal, throws } from "node:assert/strict";
import { Engine, MEMORY } from "../engine/engine.ts";
import { computedValueExpression } from "./computed_values.ts";
import { EngineSource } from "./engine_source.ts";
import { runQuery } from "./query.ts";

type Entry = Record<string, unknown>;

function opened(): Engine {
  const engine = Engine.open({ directory: MEMORY });
  engine.expressions = computedValueExpression;
  return engine;
}

function withValues(computedValues: readonly Entry[], body: (run: (query: string) => unknown[]) => void): void {
  using engine = opened();
  const database = engine.database("_system");
  database.createCollection({ name: "c", properties: { computedValues } });
  body((query) => runQuery(new EngineSource(database), query).nextBatch(1000));
}

Deno.test("a value is computed on the operations that it names, from the document as it will be stored", () => {
  const expression = "RETURN CONCAT(@doc._key, '/', @doc.a[* FILTER CURRENT > 1 RETURN CURRENT * 2], '/', @doc.full)";
  withValues([{ name: "full", expression, overwrite: true, computeOn: ["insert", "replace"] }], (run) => {
    const [first] = run(`INSERT { _key: "k", full: "x", a: [1, 2, 3], z: 1 } INTO c RETURN NEW`) as [Entry];
    equal(first.full, "k/[4,6]/x");
    deepEqual(Object.keys(first), ["_key", "_id", "_rev", "a", "z", "full"]);
    equal((run(`UPDATE "k" WITH { z: 2, full: "own" } IN c RETURN NEW`)[0] as Entry).full, "own");
    equal((run(`REPLACE "k" WITH { a: [] } IN c RETURN NEW.full`))[0], "k/[]/");
    equal(
      run(`INSERT { _key: "k", a: [9] } INTO c OPTIONS { overwriteMode: "replace" } RETURN NEW.full`)[0],
      "k/[18]/",
    );
  });
});

Deno.test("overwrite: false keeps what is there, keepNull: false makes null no attribute", () => {
  withValues([
    { name: "kept", expression: "RETURN 1", overwrite: false },
    { name: "gone", expression: "RETURN @doc.x", overwrite: true, keepNull: false },
    { name: "null", expression: "RETURN @doc.x", overwrite: true },
  ], (run) => {
    const all = run(
      `FOR d IN [{}, {kept: null, gone: 7}, {x: 1}] INSERT d INTO c RETURN UNSET(NEW, "_key", "_id", "_rev")`,
    );
    deepEqual(all, [{ kept: 1, null: null }, { kept: null, null: null }, { x: 1, kept: 1, gone: 1, null: 1 }]);
  });
});

Deno.test("values do not see each other, but what earlier operations computed", () => {
  withValues([
    { name: "a", expression: "RETURN 1", overwrite: true, computeOn: ["insert"] },
    { name: "b", expression: "RETURN @doc.a", overwrite: true },
  ], (run) => {
    equal(run(`INSERT { _key: "k" } INTO c RETURN NEW.b`)[0], null);
    equal(run(`UPDATE "k" WITH {} IN c RETURN NEW.b`)[0], 1);
  });
});

Deno.test("a warning gives null, or an error where the definition says so", () => {
  withValues([{ name: "a", expression: "RETURN 1 / @doc.by", overwrite: true }], (run) => {
    equal(run(`INSERT { by: 0 } INTO c RETURN NEW.a`)[0], null);
  });
  withValues([{ name: "a", expression: "RETURN 1 / @doc.by", overwrite: true, failOnWarning: true }], (run) => {
    throws(() => run(`INSERT { by: 0 } INTO c`), { errorNum: 1562 });
    equal(run(`RETURN LENGTH(c)`)[0], 0);
    equal(run(`INSERT { by: 4 } INTO c RETURN NEW.a`)[0], 0.25);
  });
});

Deno.test("a computed value is seen by indexes and by the schema, and not computed again by a restore", () => {
  using engine = opened();
  const database = engine.database("_system");
  const collection = database.createCollection({
    name: "c",
    properties: {
      computedValues: [{ name: "low", expression: "RETURN LOWER(@doc.name)", overwrite: true }],
      schema: { rule: { properties: { low: { maxLength: 3 } } } },
    },
  });
  collection.ensureIndex({ type: "persistent", fields: ["low"], unique: true });
  collection.insert(`{"name":"ABC"}`);
  throws(() => collection.insert(`{"name":"aBc"}`), { errorNum: 1210 });
  throws(() => collection.insert(`{"name":"long"}`), { errorNum: 1620 });
  ok(collection.insert(`{"name":"long","low":"?"}`, { isRestore: true }).new!.text.endsWith(`"low":"?"}`));
});

Deno.test("definitions have defaults, and what cannot be is refused with error 10", () => {
  using engine = opened();
  const database = engine.database("_system");
  const good = { name: "a", expression: "RETURN 1", overwrite: true };
  const collection = database.createCollection({ name: "c", properties: { computedValues: [good] } });
  deepEqual(collection.properties.computedValues, [
    { ...good, computeOn: ["insert", "update", "replace"], failOnWarning: false, keepNull: true },
  ]);
  const wrong: unknown[] = [
    "x",
    [7],
    [{ ...good, name: "" }],
    [{ ...good, name: "_rev" }],
    [{ name: "a", expression: "RETURN 1" }],
    [{ name: "a", overwrite: true }],
    [good, good],
    [{ ...good, computeOn: [] }],
    [{ ...good, computeOn: ["remove"] }],
    [{ ...good, keepNull: 1 }],
    ...[
      "",
      "1",
      "RETURN",
      "RETURN @other",
      "RETURN @doc.@x",
      "RETURN DOCUMENT('c/1')",
      "RETURN my::udf()",
      "RETURN c",
      "RETURN VERSION()",
      "RETURN CALL('VERSION')",
      "RETURN NOPE()",
      "RETURN (FOR x IN [1] RETURN x)",
      "FOR x IN [1] RETURN x",
      "LET x = 1 RETURN x",
      "INSERT {} INTO c",
    ].map((expression) => [{ ...good, expression }]),
  ];
  for (const computedValues of wrong) {
    const description = JSON.stringify(computedValues);
    throws(
      () => database.createCollection({ name: "d", properties: { computedValues } }),
      { errorNum: 10 },
      description,
    );
    throws(() => database.changeProperties(collection, { computedValues }), { errorNum: 10 }, description);
  }
  database.changeProperties(collection, { computedValues: null });
  ok(!collection.insert("{}").new!.text.includes(`"a"`));
});

Deno.test("SCHEMA_VALIDATE() tells whether an object fits, and why not", () => {
  using engine = opened();
  const database = engine.database("_system");
  const run = (query: string) => runQuery(new EngineSource(database), `RETURN ${query}`).nextBatch(1)[0];
  const schema = `{ rule: { properties: { a: { type: "number" } } }, level: "new", message: "no number" }`;
  deepEqual(run(`SCHEMA_VALIDATE({ _key: "x", a: 1 }, ${schema})`), { valid: true });
  deepEqual(run(`SCHEMA_VALIDATE({ a: "x" }, ${schema})`), { valid: false, errorMessage: "no number" });
  deepEqual(run(`SCHEMA_VALIDATE({ a: "x" }, {})`), { valid: true });
  throws(() => run(`SCHEMA_VALIDATE({ a: "x" }, { rule: 7 })`), { errorNum: 1621 });
});

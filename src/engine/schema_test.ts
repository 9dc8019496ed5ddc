import { deepStrictEqual as deepEqual, ok, strictEqual as equal, throws } from "node:assert/strict";
import type { Collection } from "./collection.ts";
import { Engine, MEMORY } from "./engine.ts";

const RULE = {
  properties: { nums: { type: "array", items: { type: "number", maximum: 6 } } },
  additionalProperties: { type: "string" },
  required: ["nums"],
};

function withSchema(level: string | undefined, body: (collection: Collection) => void): void {
  using engine = Engine.open({ directory: MEMORY });
  const schema = { rule: RULE, ...(level ? { level } : {}) };
  const collection = engine.database("_system").createCollection({ name: "c", type: 3 });
  collection.insert(`{"_key":"old","_from":"v/1","_to":"v/2","nums":"none"}`);
  collection.insert(`{"_key":"good","_from":"v/1","_to":"v/2","nums":[1]}`);
  engine.database("_system").changeProperties(collection, { schema });
  body(collection);
}

const WRONG = `{"_from":"v/1","_to":"v/2","nums":[7]}`;
const RIGHT = `{"_from":"v/1","_to":"v/2","nums":[6],"text":"x"}`;
const FAILED = { errorNum: 1620, code: 400, message: "schema validation failed" };

Deno.test("level strict lets no document pass that does not fit the schema, whatever was there before", () => {
  withSchema(undefined, (collection) => {
    equal(collection.properties.schema!.level, "strict");
    collection.insert(RIGHT);
    throws(() => collection.insert(WRONG), FAILED);
    throws(() => collection.replace("good", WRONG), FAILED);
    throws(() => collection.update("old", `{"text":"x"}`), FAILED);
    throws(() => collection.insert(WRONG.replace("{", `{"_key":"good",`), { overwriteMode: "replace" }), FAILED);
    collection.insert(WRONG, { skipDocumentValidation: true });
    equal(collection.count(), 4);
    equal(JSON.parse(collection.document("good")!.text).nums[0], 1);
  });
});

Deno.test("level moderate lets documents stay wrong but not become so", () => {
  withSchema("moderate", (collection) => {
    throws(() => collection.insert(WRONG), FAILED);
    throws(() => collection.update("good", `{"nums":7}`), FAILED);
    collection.update("old", `{"other":1}`);
    collection.replace("old", RIGHT);
    throws(() => collection.replace("old", WRONG), FAILED);
  });
});

Deno.test("level new looks at new documents only, level none at nothing", () => {
  withSchema("new", (collection) => {
    throws(() => collection.insert(WRONG), FAILED);
    collection.replace("good", WRONG);
  });
  withSchema("none", (collection) => {
    collection.insert(WRONG);
    collection.replace("good", WRONG);
  });
});

Deno.test("a schema has a message of its own, changes and goes", () => {
  using engine = Engine.open({ directory: MEMORY });
  const database = engine.database("_system");
  const schema = { rule: { ...RULE, $schema: "http://json-schema.org/draft-07/schema#" }, message: "numbers, please" };
  const collection = database.createCollection({ name: "c", properties: { schema } });
  deepEqual(collection.properties.schema, { ...schema, level: "strict", type: "json" });
  throws(() => collection.insert(`{"nums":7}`), { errorNum: 1620, message: "numbers, please" });
  database.changeProperties(collection, { schema: { rule: { required: ["a"] } } });
  collection.insert(`{"a":1}`);
  throws(() => collection.insert(`{"nums":[1]}`), FAILED);
  database.changeProperties(collection, { schema: {} });
  equal(collection.properties.schema, null);
  collection.insert(`{"nums":[1]}`);
});

Deno.test("what is no schema is refused with 1621, and nothing changes", () => {
  using engine = Engine.open({ directory: MEMORY });
  const database = engine.database("_system");
  const wrong: unknown[] = [
    [],
    "x",
    { rule: 7 },
    { level: "none" },
    { rule: {}, level: "often" },
    { rule: {}, message: 7 },
    { rule: {}, type: "xml" },
    { rule: { type: "nonsense" } },
    { rule: { properties: { a: { $ref: "http://example.com/schema" } } } },
  ];
  for (const schema of wrong) {
    throws(() => database.createCollection({ name: "c", properties: { schema } }), { errorNum: 1621 });
  }
  ok(!database.find("c"));
  const collection = database.createCollection({ name: "c", properties: { schema: { rule: RULE } } });
  for (const schema of wrong) throws(() => database.changeProperties(collection, { schema }), { errorNum: 1621 });
  throws(() => collection.insert("{}"), FAILED);
});

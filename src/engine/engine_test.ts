import { deepStrictEqual as deepEqual, ok, strictEqual as equal, throws } from "node:assert/strict";
import fc from "fast-check";
import { encodeRevision } from "../base/revision.ts";
import type { Collection } from "./collection.ts";
import { Engine, MEMORY } from "./engine.ts";
import { assertConsistent } from "./testing.ts";
import { TemporaryDirectory } from "../base/testing.ts";

Deno.test("a document keeps numbers, code points and attribute order exactly", () => {
  using engine = Engine.open({ directory: MEMORY });
  const collection = engine.database("_system").createCollection({ name: "c" });
  const { key, new: stored } = collection.insert(
    `{"z":9007199254740993,"1":-0.0,"e":1e308,"s":"\\ud83d\\ude00","_key":"k"}`,
  );
  equal(key, "k");
  ok(stored!.text.endsWith(`,"z":9007199254740993,"1":-0.0,"e":1e308,"s":"\\ud83d\\ude00"}`));
  equal(collection.document("k")!.text, stored!.text);
  assertConsistent(collection);
});

Deno.test("operations give ArangoDB's errors", () => {
  using engine = Engine.open({ directory: MEMORY });
  const database = engine.database("_system");
  const collection = database.createCollection({ name: "c" });
  const { rev } = collection.insert(`{"_key":"a","n":1}`);
  throws(() => collection.insert(`{"_key":"a"}`), { errorNum: 1210, message: /conflicting key: a$/ });
  throws(() => collection.insert(`[]`), { errorNum: 1227 });
  throws(() => collection.insert(`{"_key":"a/b"}`), { errorNum: 1221 });
  throws(() => collection.insert(`{"_key":7}`), { errorNum: 1221 });
  throws(() => collection.remove("b"), { errorNum: 1202, code: 404 });
  throws(() => collection.update("a", "{}", { ifMatch: "_abc" }), { errorNum: 1200, code: 412 });
  equal(collection.document("a")!.rev, rev);
  throws(() => database.createCollection({ name: "c" }), { errorNum: 1207 });
  throws(() => database.createCollection({ name: "1c" }), { errorNum: 1208 });
  throws(() => database.createCollection({ name: "_c" }), { errorNum: 1208 });
  throws(() => database.collection("nope"), { errorNum: 1203, message: "collection or view not found: nope" });
  throws(() => engine.database("nope"), { errorNum: 1228 });
  throws(() => engine.dropDatabase("_system"), { errorNum: 1230 });
  const edges = database.createCollection({ name: "e", type: 3 });
  throws(() => edges.insert(`{"_from":"c/a"}`), { errorNum: 1233 });
  const edge = edges.insert(`{"_to":"c/a","x":1,"_from":"c/a"}`).new!;
  equal(edge.from, "c/a");
  for (const end of ["null", "1", '""']) throws(() => edges.update(edge.key, `{"_to":${end}}`), { errorNum: 1233 });
});

Deno.test("update() merges, replace() replaces, and both note the revision before", () => {
  using engine = Engine.open({ directory: MEMORY });
  const collection = engine.database("_system").createCollection({ name: "c" });
  const first = collection.insert(`{"_key":"a","o":{"x":1},"n":1}`);
  const second = collection.update("a", `{"o":{"y":2},"n":null}`);
  equal(second.oldRev, first.rev);
  ok(second.new!.text.endsWith(`"o":{"x":1,"y":2},"n":null}`));
  ok(collection.update("a", `{"n":null}`, { keepNull: false }).new!.text.endsWith(`"o":{"x":1,"y":2}}`));
  ok(collection.replace("a", `{"q":1}`, { ifMatch: undefined! }).new!.text.endsWith(`,"q":1}`));
  equal(collection.count(), 1);
  assertConsistent(collection);
});

Deno.test("key generators make keys of their kind", () => {
  using engine = Engine.open({ directory: MEMORY });
  const database = engine.database("_system");
  const make = (name: string, keyOptions: Record<string, unknown>) =>
    database.createCollection({ name, properties: { keyOptions } });
  const auto = make("auto", { type: "autoincrement", increment: 5, offset: 3 });
  deepEqual([0, 0, 0].map(() => auto.insert("{}").key), ["3", "8", "13"]);
  auto.insert(`{"_key":"20"}`);
  equal(auto.insert("{}").key, "23");
  ok(/^[0-9a-f]{8}-[0-9a-f]{4}-4/.test(make("uuid", { type: "uuid" }).insert("{}").key));
  ok(/^[0-9a-f]{16}$/.test(make("padded", { type: "padded" }).insert("{}").key));
  const plain = make("plain", { allowUserKeys: false });
  throws(() => plain.insert(`{"_key":"a"}`), { errorNum: 1222 });
  ok(/^\d+$/.test(plain.insert("{}").key));
  throws(() => make("bad", { type: "other" }), { errorNum: 1232 });
});

Deno.test("unique indexes hold over every kind of value, sparse and array indexes included", () => {
  using engine = Engine.open({ directory: MEMORY });
  const collection = engine.database("_system").createCollection({ name: "c" });
  const { definition, created } = collection.ensureIndex({ type: "persistent", fields: ["a", "b.c"], unique: true });
  ok(created);
  ok(!collection.ensureIndex({ type: "persistent", fields: ["a", "b.c"], unique: true }).created);
  collection.insert(`{"_key":"1","a":1,"b":{"c":"x"}}`);
  throws(() => collection.insert(`{"_key":"2","a":1.0,"b":{"c":"x"}}`), {
    errorNum: 1210,
    message:
      `unique constraint violated - in index ${definition.name} of type persistent over 'a, b.c'; conflicting key: 1`,
  });
  collection.insert(`{"_key":"2","a":"1","b":{"c":"x"}}`);
  collection.insert(`{"_key":"3","a":9007199254740993}`);
  collection.insert(`{"_key":"4","a":9007199254740992}`);
  collection.insert(`{"_key":"5"}`);
  throws(() => collection.insert(`{"_key":"6","a":null}`), { errorNum: 1210 });
  const tags =
    collection.ensureIndex({ type: "persistent", fields: ["tags[*]"], unique: true, sparse: true }).definition;
  collection.insert(`{"_key":"7","a":7,"tags":["x","y","x"]}`);
  throws(() => collection.insert(`{"_key":"8","a":8,"tags":["y"]}`), { errorNum: 1210 });
  throws(() => collection.ensureIndex({ type: "persistent", fields: ["b.c"], unique: true }), { errorNum: 1210 });
  equal(collection.indexes().length, 2);
  ok(collection.dropIndex(tags.name));
  collection.insert(`{"_key":"8","a":8,"tags":["y"]}`);
  assertConsistent(collection);
});

Deno.test("a snapshot stays as it was while others write, truncate and drop", () => {
  using engine = Engine.open({ directory: MEMORY });
  const database = engine.database("_system");
  const collection = database.createCollection({ name: "c" });
  for (let i = 0; i < 10; i++) collection.insert(`{"_key":"${i}"}`);
  using snapshot = engine.snapshot();
  collection.remove("3");
  collection.truncate();
  database.dropCollection(collection);
  equal(snapshot.count(collection), 10);
  equal(snapshot.revisionTree(collection).count, 10);
  equal(snapshot.file(collection)!.documentsAfter(undefined, 100).length, 10);
});

Deno.test("a transaction that fails leaves nothing behind", () => {
  using engine = Engine.open({ directory: MEMORY });
  const database = engine.database("_system");
  const [a, b] = ["a", "b"].map((name) => database.createCollection({ name })) as [Collection, Collection];
  a.insert(`{"_key":"old"}`);
  const tick = engine.catalog.entries(0n, 1000).length;
  throws(() =>
    engine.write([a, b], () => {
      a.insert(`{"_key":"new"}`);
      b.insert(`{"_key":"new"}`);
      a.remove("old");
      throw new Error("no");
    }), /^Error: no$/);
  equal(a.count(), 1);
  equal(b.count(), 0);
  equal(engine.catalog.entries(0n, 1000).length, tick);
  [a, b].forEach(assertConsistent);
});

Deno.test("many exact changes may give documents the revisions of others that are replaced later", () => {
  using engine = Engine.open({ directory: MEMORY });
  const collection = engine.database("_system").createCollection({ name: "c" });
  const replaced = Array.from({ length: 2500 }, (_, i) => {
    const { key, rev } = collection.insert(`{"_key":"k${i}"}`);
    return { key, rev };
  });
  // each key gets the revision of its opposite
  const documents = replaced.map(({ key }, i) => {
    const { rev } = replaced.at(-1 - i)!;
    return {
      key,
      rev,
      text: collection.document(key)!.text.replace(/"_rev":"[^"]*"/, `"_rev":"${encodeRevision(rev)}"`),
    };
  });
  ok(collection.changeExact({ removed: [], replaced, documents }));
  deepEqual(documents.map(({ key }) => collection.document(key)!.rev), documents.map(({ rev }) => rev));
  assertConsistent(collection);
});

Deno.test("the log does not grow without end, and says from where on it is complete", () => {
  using temporary = new TemporaryDirectory();
  const directory = temporary.path;
  using engine = Engine.open({ directory, logBytes: 4e6 });
  const collection = engine.database("_system").createCollection({ name: "c" });
  const text = JSON.stringify({ text: "x".repeat(900) });
  for (let i = 0; i < 10; i++) {
    engine.write([collection], () => {
      for (let n = 0; n < 1500; n++) collection.insert(text);
    });
  }
  const { catalog } = engine;
  const kept = catalog.entries(0n, 100_000);
  ok(catalog.file.bytes() < 7e6, `the catalog has ${catalog.file.bytes()} bytes`);
  ok(kept.length > 1500 && kept.length < 8000, `the log has ${kept.length} entries`);
  ok(kept[0]!.tick > catalog.logStart());
  equal(collection.count(), 15_000);
  assertConsistent(collection);
});

/** Each operation for itself, all in one transaction, or in one that is told of keys that come. */
const manner = fc.constantFrom("alone", "together", "expected");

const operation = fc.record({
  kind: fc.constantFrom("insert", "replace", "update", "remove", "upsert", "read"),
  key: fc.integer({ min: 0, max: 8 }).map(String),
  value: fc.option(fc.oneof(fc.integer({ min: 0, max: 5 }), fc.constantFrom("a", "b")), { nil: null }),
});

Deno.test("random operations, alone or in one transaction, leave documents, count, tree and unique index in agreement with a plain map", () => {
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 60 }), manner, (operations, manner) => {
      using engine = Engine.open({ directory: MEMORY });
      const collection = engine.database("_system").createCollection({ name: "c" });
      collection.ensureIndex({ type: "persistent", fields: ["v"], unique: true, sparse: true });
      const model = new Map<string, unknown>();
      const step = ({ kind, key, value }: typeof operations[number]): void => {
        const text = JSON.stringify(kind === "insert" || kind === "upsert" ? { _key: key, v: value } : { v: value });
        if (kind === "read") {
          const found = value === null ? collection.reading()?.byKey(key) : collection.document(key);
          return equal(found && JSON.parse(found.text).v, model.get(key));
        }
        const taken = value !== null && [...model].some(([other, v]) => other !== key && v === value);
        const exists = model.has(key);
        const fails = kind === "insert"
          ? exists || taken
          : kind === "upsert"
          ? taken
          : kind === "remove"
          ? !exists
          : !exists || taken;
        const run = (): unknown => {
          if (kind === "insert") return collection.insert(text);
          if (kind === "upsert") return collection.insert(text, { overwriteMode: "replace" });
          if (kind === "remove") return collection.remove(key);
          return kind === "update" ? collection.update(key, text) : collection.replace(key, text);
        };
        if (fails) {
          throws(run, { name: "ArangoError" });
        } else {
          run();
          if (kind === "remove") model.delete(key);
          else model.set(key, value);
        }
      };
      const keys = operations.map(({ key }) => key);
      const stepInside = (one: typeof operations[number], i: number): void => {
        if (manner === "expected" && i % 7 === 0) collection.expect(keys.slice(i, i + 12));
        step(one);
      };
      if (manner === "alone") operations.forEach(step);
      else engine.write([collection], () => operations.forEach(stepInside));
      deepEqual(
        Object.fromEntries([...collection.pages()].flat().map(({ key, text }) => [key, JSON.parse(text).v])),
        Object.fromEntries(model),
      );
      assertConsistent(collection);
    }),
    { numRuns: 40 },
  );
});

Deno.test("a transaction refuses keys and unique values that it has written itself, long ago or just now", () => {
  using engine = Engine.open({ directory: MEMORY });
  const collection = engine.database("_system").createCollection({ name: "c" });
  collection.ensureIndex({ type: "persistent", fields: ["v"], unique: true });
  engine.write([collection], () => {
    for (let i = 0; i < 2500; i++) collection.insert(`{"_key":"k${i}","v":${i}}`);
    for (const i of [0, 1700, 2499]) {
      throws(() => collection.insert(`{"_key":"k${i}","v":-1}`), {
        errorNum: 1210,
        message: new RegExp(`key: k${i}$`),
      });
      throws(() => collection.insert(`{"v":${i}}`), { errorNum: 1210, message: new RegExp(`key: k${i}$`) });
      collection.remove(`k${i}`);
      collection.insert(`{"_key":"n${i}","v":${i}}`);
      throws(() => collection.update("k5", `{"v":${i}}`), { errorNum: 1210, message: new RegExp(`key: n${i}$`) });
    }
  });
  equal(collection.count(), 2500);
  assertConsistent(collection);
});

Deno.test("documents that a transaction was told of beforehand are found as it has left them", () => {
  using engine = Engine.open({ directory: MEMORY });
  const collection = engine.database("_system").createCollection({ name: "c" });
  const keys = Array.from({ length: 9 }, (_, i) => `k${i}`);
  for (const key of keys) collection.insert(`{"_key":"${key}","v":1}`);
  const valueOf = (key: string): unknown => JSON.parse(collection.document(key)?.text ?? "{}").v;
  engine.write([collection], () => {
    collection.expect([...keys, "k10", "k11"]);
    collection.remove("k1");
    collection.update("k2", `{"v":2}`);
    collection.insert(`{"_key":"k10","v":3}`);
    // this brings them into the file
    equal(collection.reading()!.count(), 9);
    deepEqual(["k0", "k1", "k2", "k10", "k11"].map(valueOf), [1, undefined, 2, 3, undefined]);
    throws(() => collection.remove("k1"), { errorNum: 1202 });
    throws(() => collection.insert(`{"_key":"k10"}`), { errorNum: 1210, message: /conflicting key: k10$/ });
    throws(() => collection.insert(`{"_key":"k0"}`), { errorNum: 1210, message: /conflicting key: k0$/ });
    collection.insert(`{"_key":"k1","v":4}`);
    collection.insert(`{"_key":"k11","v":5}`);
    deepEqual(["k1", "k11"].map(valueOf), [4, 5]);
  });
  equal(collection.count(), 11);
  assertConsistent(collection);
});

Deno.test("a transaction waits for the disk at its end if a part of it wishes that", () => {
  using engine = Engine.open({ directory: MEMORY });
  const collection = engine.database("_system").createCollection({ name: "c" });
  const { file } = engine.catalog;
  const setDurable = file.setDurable.bind(file);
  const calls: boolean[] = [];
  file.setDurable = (isDurable) => {
    calls.push(isDurable);
    setDurable(isDurable);
  };
  for (const waitForSync of [true, false]) {
    engine.write([collection], () => {
      collection.insert("{}", { waitForSync });
      collection.insert("{}");
      deepEqual(calls, waitForSync ? [] : [true, false]);
    });
  }
  deepEqual(calls, [true, false]);
});

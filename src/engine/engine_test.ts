import { deepStrictEqual as deepEqual, ok, strictEqual as equal, throws } from "node:assert/strict";
import fc from "fast-check";
import { encodeRevision } from "../base/revision.ts";
import type { Collection } from "./collection.ts";
import { Engine, MEMORY } from "./engine.ts";
import { assertConsistent, withDirectory } from "./testing.ts";

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

Deno.test("two engines on one directory see each other's changes", () => {
  withDirectory((directory) => {
    using one = Engine.open({ directory });
    using other = Engine.open({ directory });
    const mine = one.database("_system").createCollection({ name: "c" });
    mine.insert(`{"_key":"a"}`);
    const theirs = other.database("_system").collection("c");
    ok(theirs.document("a"));
    theirs.insert(`{"_key":"b","x":7}`);
    equal(mine.count(), 2);
    theirs.ensureIndex({ type: "persistent", fields: ["x"], unique: true });
    mine.insert(`{"_key":"c","x":1}`);
    equal(mine.indexes().length, 1);
    throws(() => theirs.insert(`{"x":null}`), { errorNum: 1210 });
    mine.truncate();
    equal(theirs.count(), 0);
    theirs.insert(`{"_key":"z"}`);
    one.database("_system").renameCollection(mine, "d");
    equal(theirs.name, "c");
    ok(other.database("_system").collection("d").document("z")!.text.includes(`"_id":"d/z"`));
    one.database("_system").dropCollection(mine);
    throws(() => theirs.count(), { errorNum: 1203 });
    assertConsistent(one.database("_system").createCollection({ name: "fresh" }));
  });
});

Deno.test("two engines that write in the same millisecond give different revisions", () => {
  withDirectory((directory) => {
    using one = Engine.open({ directory, now: () => 1.8e12 });
    using other = Engine.open({ directory, now: () => 1.8e12 });
    const mine = one.database("_system").createCollection({ name: "c" });
    const theirs = other.database("_system").collection("c");
    for (let i = 0; i < 20; i++) (i % 3 === 0 ? mine : theirs).insert("{}");
    equal(mine.count(), 20);
    assertConsistent(mine);
  });
});

Deno.test("revisions grow, even if another process with a faster clock has written and was read before", () => {
  withDirectory((directory) => {
    using fast = Engine.open({ directory, now: () => 1.9e12 });
    using slow = Engine.open({ directory, now: () => 1.8e12 });
    const theirs = fast.database("_system").createCollection({ name: "c" });
    const mine = slow.database("_system").collection("c");
    mine.insert(`{"_key":"b"}`);
    const { rev } = theirs.insert(`{"_key":"a"}`);
    equal(mine.count(), 2);
    ok(mine.update("a", `{"x":1}`).rev > rev);
    ok(mine.insert("{}").rev > rev);
  });
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

Deno.test("an engine that wants conflicts changes nothing that somebody else has changed while it waited", () => {
  withDirectory((directory) => {
    using engine = Engine.open({ directory, conflicts: true });
    using other = Engine.open({ directory });
    const mine = engine.database("_system").createCollection({ name: "c" });
    for (const key of ["a", "b"]) mine.insert(`{"_key":"${key}"}`);
    const theirs = other.database("_system").collection("c");
    engine.guard = () => {
      engine.guard = undefined;
      theirs.update("a", `{"n":1}`);
    };
    engine.write([mine], () => {
      mine.update("b", `{"n":2}`);
      for (const write of [() => mine.update("a", `{"n":2}`), () => mine.replace("a", "{}"), () => mine.remove("a")]) {
        throws(write, { errorNum: 1200, message: /^write-write conflict - in index primary/ });
      }
    });
    deepEqual(["a", "b"].map((key) => JSON.parse(theirs.document(key)!.text).n), [1, 2]);
    mine.update("a", `{"n":3}`);
    equal(JSON.parse(theirs.document("a")!.text).n, 3);
    assertConsistent(theirs);
  });
});

Deno.test("what others write in the moment of an intermediate commit is a conflict too", () => {
  withDirectory((directory) => {
    using engine = Engine.open({ directory, conflicts: true });
    using other = Engine.open({ directory });
    const mine = engine.database("_system").createCollection({ name: "c" });
    for (const key of ["a", "b"]) mine.insert(`{"_key":"${key}"}`);
    const theirs = other.database("_system").collection("c");
    engine.write([mine], (transaction) => {
      mine.update("b", `{"n":1}`);
      const unlocked = mine.unlocked.bind(mine);
      mine.unlocked = (state) => {
        unlocked(state);
        mine.unlocked = unlocked;
        theirs.update("a", `{"n":2}`);
      };
      transaction.commitAndGoOn();
      throws(() => mine.update("a", `{"n":3}`), { errorNum: 1200 });
      // its own writes are none
      mine.update("b", `{"n":4}`);
    });
    deepEqual(["a", "b"].map((key) => JSON.parse(theirs.document(key)!.text).n), [2, 4]);
    assertConsistent(theirs);
  });
});

Deno.test("a file whose writer died between its two commits is rolled forward", () => {
  withDirectory((directory) => {
    {
      using engine = Engine.open({ directory });
      const collection = engine.database("_system").createCollection({ name: "c" });
      collection.ensureIndex({ type: "persistent", fields: ["x"], unique: true });
      collection.insert(`{"_key":"a","x":1}`);
      collection.insert(`{"_key":"b","x":2}`);
      // what a crash leaves: the catalog has the operations, the file has not
      const file = collection.lock();
      file.file.exec("COMMIT");
      collection.unlocked();
      const state = file.state();
      const transaction = engine.newTransaction();
      const entries = [
        { type: 2302, key: "a", rev: (1n << 60n) + 2n },
        { type: 2300, key: "b", data: `{"_key":"b","_id":"c/b","_rev":"_k5NdAAA---","x":3}`, rev: 1n << 60n },
        { type: 2300, key: "c", data: `{"_key":"c","_id":"c/c","_rev":"_k5NdAAA--_","x":2}`, rev: (1n << 60n) + 1n },
      ];
      engine.catalog.write(() => {
        const tick = engine.catalog.append(
          entries.map((entry) => ({ ...entry, database: collection.databaseId, collection: collection.id })),
        );
        engine.catalog.setCollectionTick(collection.id, tick);
      });
      equal(file.state().applied, state.applied);
      transaction.rollback();
    }
    using engine = Engine.open({ directory });
    const collection = engine.database("_system").collection("c");
    equal(collection.count(), 2);
    equal(collection.document("a"), undefined);
    ok(collection.document("b")!.text.includes(`"x":3`));
    equal(collection.revision(), (1n << 60n) + 2n);
    throws(() => collection.insert(`{"x":3}`), { errorNum: 1210, message: /conflicting key: b/ });
    assertConsistent(collection);
  });
});

Deno.test("changes of definitions whose process died between its two commits are finished by the next one", () => {
  withDirectory((directory) => {
    const broken = new Error("killed");
    /** Lets the next commit of a collection's file fail, as if the process had died. */
    const dyingIn = (collection: Collection, change: () => void): void => {
      const { file } = collection.reading()!;
      const exec = file.exec.bind(file);
      file.exec = (sql) => {
        if (sql === "COMMIT") throw broken;
        exec(sql);
      };
      throws(change, broken);
      file.exec = exec;
    };
    {
      using engine = Engine.open({ directory });
      const database = engine.database("_system");
      const collection = database.createCollection({ name: "before" });
      collection.ensureIndex({ type: "persistent", fields: ["gone"] });
      for (let i = 0; i < 5; i++) collection.insert(JSON.stringify({ _key: `${i}`, x: i }));
      dyingIn(collection, () => collection.ensureIndex({ type: "persistent", fields: ["x"], unique: true }));
      collection.insert(`{"_key":"5","x":5}`);
      dyingIn(collection, () => collection.dropIndex(collection.indexes()[0]!.name));
      dyingIn(collection, () => database.renameCollection(collection, "after"));
    }
    using engine = Engine.open({ directory });
    const collection = engine.database("_system").collection("after");
    deepEqual(collection.indexes().map(({ fields }) => fields), [["x"]]);
    deepEqual(
      [...collection.pages()].flat().map(({ text }) => JSON.parse(text)._id),
      [0, 1, 2, 3, 4, 5].map((i) => `after/${i}`),
    );
    throws(() => collection.insert(`{"x":3}`), { errorNum: 1210 });
    assertConsistent(collection);
  });
});

Deno.test("the log does not grow without end, and says from where on it is complete", () => {
  withDirectory((directory) => {
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
});

Deno.test("a directory written by a newer denosh is refused with a clear message", () => {
  withDirectory((directory) => {
    {
      using engine = Engine.open({ directory });
      engine.catalog.file.exec("PRAGMA user_version = 99");
    }
    throws(() => Engine.open({ directory }), { errorNum: 4, message: /format 99 was written by a newer denosh/ });
  });
});

Deno.test("a read-only engine reads and refuses every change", () => {
  withDirectory((directory) => {
    {
      using engine = Engine.open({ directory });
      engine.database("_system").createCollection({ name: "c" }).insert(`{"_key":"a"}`);
    }
    using engine = Engine.open({ directory, readOnly: true });
    const collection = engine.database("_system").collection("c");
    equal(collection.count(), 1);
    throws(() => collection.insert("{}"), { errorNum: 1004 });
    throws(() => collection.truncate(), { errorNum: 1004 });
    throws(() => engine.createDatabase("x"), { errorNum: 1004 });
  });
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

const shared = fc.record({
  engine: fc.integer({ min: 0, max: 1 }),
  kind: fc.constantFrom("insert", "upsert", "remove", "read", "truncate", "index", "unindex", "both", "fail"),
  key: fc.integer({ min: 0, max: 4 }).map(String),
  value: fc.integer({ min: 0, max: 9 }),
});

Deno.test("two engines that take turns in random order agree with a plain map, whatever each remembers", () => {
  fc.assert(
    fc.property(fc.array(shared, { maxLength: 40 }), (operations) => {
      withDirectory((directory) => {
        using one = Engine.open({ directory });
        using other = Engine.open({ directory });
        const engines = [one, other];
        one.database("_system").createCollection({ name: "c" });
        const collections = engines.map((engine) => engine.database("_system").collection("c"));
        const model = new Map<string, number>();
        for (const { engine, kind, key, value } of operations) {
          const collection = collections[engine]!;
          const text = JSON.stringify({ _key: key, value });
          const upsert = (): unknown => collection.insert(text, { overwriteMode: "replace" });
          if (kind === "insert" && model.has(key)) throws(() => collection.insert(text), { errorNum: 1210 });
          else if (kind === "insert" || kind === "upsert") {
            upsert();
            model.set(key, value);
          } else if (kind === "remove" && model.delete(key)) collection.remove(key);
          else if (kind === "read") equal(collection.count(), model.size);
          else if (kind === "truncate") {
            collection.truncate();
            model.clear();
          } else if (kind === "index") collection.ensureIndex({ type: "persistent", fields: ["value"] });
          else if (kind === "unindex") collection.dropIndex(collection.indexes()[0]?.name ?? "none");
          else if (kind === "both") {
            engines[engine]!.write([collection], () => {
              upsert();
              collection.insert(`{"_key":"fixed","value":1}`, { overwriteMode: "update" });
            });
            model.set(key, value).set("fixed", 1);
          } else if (kind === "fail") {
            throws(() =>
              engines[engine]!.write([collection], () => {
                upsert();
                throw new Error("no");
              }), /^Error: no$/);
          }
        }
        for (const collection of collections) {
          deepEqual(
            Object.fromEntries([...collection.pages()].flat().map(({ key, text }) => [key, JSON.parse(text).value])),
            Object.fromEntries(model),
          );
          assertConsistent(collection);
        }
      });
    }),
    { numRuns: 40 },
  );
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

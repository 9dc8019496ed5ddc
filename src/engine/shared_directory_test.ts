import { deepStrictEqual as deepEqual, ok, strictEqual as equal, throws } from "node:assert/strict";
import fc from "fast-check";
import type { Collection } from "./collection.ts";
import { Engine } from "./engine.ts";
import { assertConsistent } from "./testing.ts";
import { TemporaryDirectory } from "../base/testing.ts";

Deno.test("two engines on one directory see each other's changes", () => {
  using temporary = new TemporaryDirectory();
  const directory = temporary.path;
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

Deno.test("two engines that write in the same millisecond give different revisions", () => {
  using temporary = new TemporaryDirectory();
  const directory = temporary.path;
  using one = Engine.open({ directory, now: () => 1.8e12 });
  using other = Engine.open({ directory, now: () => 1.8e12 });
  const mine = one.database("_system").createCollection({ name: "c" });
  const theirs = other.database("_system").collection("c");
  for (let i = 0; i < 20; i++) (i % 3 === 0 ? mine : theirs).insert("{}");
  equal(mine.count(), 20);
  assertConsistent(mine);
});

Deno.test("revisions grow, even if another process with a faster clock has written and was read before", () => {
  using temporary = new TemporaryDirectory();
  const directory = temporary.path;
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

Deno.test("an engine that wants conflicts changes nothing that somebody else has changed while it waited", () => {
  using temporary = new TemporaryDirectory();
  const directory = temporary.path;
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

Deno.test("keys and revisions go on behind what somebody else has written just before a truncate", () => {
  using temporary = new TemporaryDirectory();
  const directory = temporary.path;
  using engine = Engine.open({ directory });
  using other = Engine.open({ directory });
  const properties = { keyOptions: { type: "autoincrement" } };
  const mine = engine.database("_system").createCollection({ name: "c", properties });
  mine.insert("{}");
  const theirs = other.database("_system").collection("c");
  let last = 0n;
  engine.guard = () => {
    engine.guard = undefined;
    last = theirs.insert("{}").rev;
  };
  mine.truncate();
  equal(theirs.count(), 0);
  ok(theirs.revision() > last);
  equal(theirs.insert("{}").key, "3");
  assertConsistent(theirs);
});

Deno.test("what others write in the moment of an intermediate commit is a conflict too", () => {
  using temporary = new TemporaryDirectory();
  const directory = temporary.path;
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

Deno.test("a file whose writer died between its two commits is rolled forward", () => {
  using temporary = new TemporaryDirectory();
  const directory = temporary.path;
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

Deno.test("changes of definitions whose process died between its two commits are finished by the next one", () => {
  using temporary = new TemporaryDirectory();
  const directory = temporary.path;
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

Deno.test("a directory written by a newer denosh is refused with a clear message", () => {
  using temporary = new TemporaryDirectory();
  const directory = temporary.path;
  {
    using engine = Engine.open({ directory });
    engine.catalog.file.exec("PRAGMA user_version = 99");
  }
  throws(() => Engine.open({ directory }), { errorNum: 4, message: /format 99 was written by a newer denosh/ });
});

Deno.test("a read-only engine reads and refuses every change", () => {
  using temporary = new TemporaryDirectory();
  const directory = temporary.path;
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

const shared = fc.record({
  engine: fc.integer({ min: 0, max: 1 }),
  kind: fc.constantFrom("insert", "upsert", "remove", "read", "truncate", "index", "unindex", "both", "fail"),
  key: fc.integer({ min: 0, max: 4 }).map(String),
  value: fc.integer({ min: 0, max: 9 }),
});

Deno.test("two engines that take turns in random order agree with a plain map, whatever each remembers", () => {
  fc.assert(
    fc.property(fc.array(shared, { maxLength: 40 }), (operations) => {
      using temporary = new TemporaryDirectory();
      const directory = temporary.path;
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
    }),
    { numRuns: 40 },
  );
});

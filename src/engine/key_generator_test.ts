import { deepStrictEqual as deepEqual, match, ok, strictEqual as equal, throws } from "node:assert/strict";
import type { Collection } from "./collection.ts";
import { DocumentLocks } from "./document_locks.ts";
import { Engine, MEMORY } from "./engine.ts";
import { LockTable } from "./lock_table.ts";

function withCollection(keyOptions: Record<string, unknown>, body: (collection: Collection) => void): void {
  using engine = Engine.open({ directory: MEMORY });
  body(engine.database("_system").createCollection({ name: "c", properties: { keyOptions } }));
}

const generated = (collection: Collection): string => collection.insert("{}").key;

Deno.test("autoincrement starts at the offset, keeps its distance, and goes on behind keys of users", () => {
  withCollection({ type: "autoincrement" }, (collection) => {
    deepEqual([generated(collection), generated(collection)], ["1", "2"]);
  });
  withCollection({ type: "autoincrement", offset: 12, increment: 9 }, (collection) => {
    deepEqual([generated(collection), generated(collection)], ["12", "21"]);
    collection.insert(`{"_key":"100"}`);
    collection.insert(`{"_key":"7"}`);
    collection.insert(`{"_key":"0999"}`);
    collection.insert(`{"_key":"x999"}`);
    equal(generated(collection), "102");
    equal(collection.lastKey(), 102n);
  });
});

Deno.test("autoincrement does not give a number again whose document is gone", () => {
  withCollection({ type: "autoincrement" }, (collection) => {
    for (let i = 0; i < 3; i++) generated(collection);
    collection.remove("3");
    equal(generated(collection), "4");
    collection.truncate();
    equal(collection.count(), 0);
    equal(generated(collection), "5");
  });
});

Deno.test("autoincrement that has come to the end says so", () => {
  withCollection({ type: "autoincrement", increment: 10 }, (collection) => {
    collection.insert(`{"_key":"${(1n << 63n) - 5n}"}`);
    equal(generated(collection), `${(1n << 63n) + 2n}`);
    collection.insert(`{"_key":"${(1n << 64n) - 5n}"}`);
    throws(() => generated(collection), { errorNum: 1225, message: "out of keys" });
  });
});

Deno.test("traditional and padded keys follow on the largest one, up to the end", () => {
  withCollection({ type: "traditional" }, (collection) => {
    collection.insert(`{"_key":"123456789012345"}`);
    collection.insert(`{"_key":"99"}`);
    equal(generated(collection), "123456789012346");
    collection.insert(`{"_key":"${(1n << 64n) - 2n}"}`);
    throws(() => generated(collection), { errorNum: 1225 });
  });
  withCollection({ type: "padded" }, (collection) => {
    equal(collection.lastKey(), 0n);
    equal(BigInt(`0x${generated(collection)}`), collection.lastKey());
    collection.insert(`{"_key":"00ffffffffffffff"}`);
    collection.insert(`{"_key":"ffff"}`);
    equal(generated(collection), "0100000000000000");
    collection.truncate();
    equal(generated(collection), "0100000000000001");
    collection.insert(`{"_key":"ffffffffffffffff"}`);
    throws(() => generated(collection), { errorNum: 1225 });
  });
});

Deno.test("keys follow on a last value that was given", () => {
  for (const type of ["traditional", "autoincrement", "padded"]) {
    withCollection({ type, lastValue: 1e12 }, (collection) => {
      equal(collection.lastKey(), 10n ** 12n);
      equal(generated(collection), type === "padded" ? "000000e8d4a51001" : "1000000000001");
    });
  }
});

Deno.test("a traditional key is never one that a user has taken", () => {
  withCollection({ type: "traditional" }, (collection) => {
    const next = BigInt(generated(collection)) + 1n;
    collection.insert(`{"_key":"${next}"}`);
    const key = generated(collection);
    ok(BigInt(key) > next);
    equal(collection.count(), 3);
    ok(Number(generated(collection)) > 0);
  });
});

Deno.test("padded keys ascend, uuids are uuids", () => {
  withCollection({ type: "padded", allowUserKeys: false }, (collection) => {
    const keys = [generated(collection), generated(collection), generated(collection)];
    for (const key of keys) match(key, /^[0-9a-f]{16}$/);
    deepEqual(keys, keys.toSorted());
    throws(() => collection.insert(`{"_key":"own"}`), { errorNum: 1222 });
    collection.insert(`{"_key":"own"}`, { isRestore: true });
  });
  withCollection(
    { type: "uuid" },
    (collection) => match(generated(collection), /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
  );
});

Deno.test("key options that cannot be are refused with 1232", () => {
  const wrong: unknown[] = [
    7,
    [],
    { type: "nope" },
    { type: 1 },
    { allowUserKeys: "yes" },
    { type: "autoincrement", increment: 0 },
    { type: "autoincrement", increment: -1 },
    { type: "autoincrement", increment: 65536 },
    { type: "autoincrement", increment: "2" },
    { type: "autoincrement", offset: -1 },
    { type: "autoincrement", offset: 1.5 },
    { lastValue: -1 },
  ];
  for (const keyOptions of wrong) {
    throws(() => withCollection(keyOptions as Record<string, unknown>, () => {}), { errorNum: 1232 });
  }
});

Deno.test("keys that count up are different ones in threads that make them at the same moment", () => {
  using engine = Engine.open({ directory: MEMORY });
  const properties = { keyOptions: { type: "autoincrement" } };
  const collection = engine.database("_system").createCollection({ name: "c", properties });
  const table = new LockTable();
  const other = new DocumentLocks(engine, table, "other");
  other.begin();
  const locks = engine.locks = new DocumentLocks(engine, table, "main");
  locks.lastKey = (id) => {
    const last = other.lastKey(id);
    // here the other one makes its key
    if (last === 0n) ok(other.noteKey(id, 1n));
    return last;
  };
  equal(generated(collection), "2");
});

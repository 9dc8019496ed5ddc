import { strictEqual as equal, throws } from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { Engine } from "../engine/engine.ts";
import { COLLECTION_FORMAT } from "./collection_tables.ts";
import { formatOf, migrate } from "./file_format.ts";
import { SqliteFile } from "./sqlite.ts";
import { TemporaryDirectory } from "../base/testing.ts";

/** Makes a directory with one collection of three documents; returns the path of its file. */
function filled(directory: string): string {
  using engine = Engine.open({ directory });
  const keyOptions = { type: "autoincrement" };
  const collection = engine.database("_system").createCollection({ name: "c", properties: { keyOptions } });
  for (let i = 0; i < 3; i++) collection.insert(`{"i":${i}}`);
  const [name] = readdirSync(join(directory, "collections")).filter((one) => one.endsWith(".sqlite"));
  return join(directory, "collections", name!);
}

function change(path: string, sql: string): void {
  using file = new SqliteFile(path, { journal: "keep" });
  file.exec(sql);
}

/** Makes a collection file what it was in format 1, which had no count of keys and did not remember removals. */
const FORMAT_1 = `ALTER TABLE state DROP COLUMN last_key; ALTER TABLE state DROP COLUMN last_removal;
  PRAGMA user_version = 1`;

Deno.test("a collection file of an older format is migrated when it is opened, and nothing is lost", () => {
  using temporary = new TemporaryDirectory();
  const directory = temporary.path;
  const path = filled(directory);
  change(path, FORMAT_1);
  {
    using engine = Engine.open({ directory });
    const collection = engine.database("_system").collection("c");
    equal(collection.count(), 3);
    equal(collection.insert("{}").key, "4");
    collection.remove("4");
    equal(collection.insert("{}").key, "5");
  }
  using file = new SqliteFile(path, { journal: "keep" });
  equal(formatOf(file), COLLECTION_FORMAT);
});

Deno.test("a collection file of an older format can be read where nothing may be written", () => {
  using temporary = new TemporaryDirectory();
  const directory = temporary.path;
  const path = filled(directory);
  change(path, FORMAT_1);
  {
    using engine = Engine.open({ directory, readOnly: true });
    const collection = engine.database("_system").collection("c");
    equal(collection.count(), 3);
    using snapshot = engine.snapshot();
    equal(snapshot.count(collection), 3);
  }
  using file = new SqliteFile(path, { journal: "keep" });
  equal(formatOf(file), 1);
});

/** The entry of `{"x": null, "y": 1}` before format 4, which left out no nulls, with `01` for the null. */
const OLD_ENTRY = "07" + "05" + "78" + "0000" + "01" + "05" + "79" + "0000" + "04" + "bff0000000000000" + "00";

Deno.test("entries of indexes that have nulls in objects are made anew, and keep equal values out", () => {
  using temporary = new TemporaryDirectory();
  const directory = temporary.path;
  let path = "";
  {
    using engine = Engine.open({ directory });
    const collection = engine.database("_system").createCollection({ name: "c" });
    collection.ensureIndex({ type: "persistent", fields: ["v"], unique: true, id: "77" });
    collection.ensureIndex({ type: "persistent", fields: ["n"], id: "78" });
    collection.insert(`{"_key":"k","v":{"x":null,"y":1},"n":"text"}`);
    path = join(directory, "collections", readdirSync(join(directory, "collections"))[0]!);
  }
  change(path, `UPDATE index_77 SET k = x'${OLD_ENTRY}'; PRAGMA user_version = 3`);
  {
    using engine = Engine.open({ directory });
    const collection = engine.database("_system").collection("c");
    throws(() => collection.insert(`{"v":{"y":1}}`), { errorNum: 1210 });
    collection.remove("k");
    collection.insert(`{"_key":"other","v":{"y":1}}`);
  }
  using file = new SqliteFile(path, { journal: "keep" });
  equal(file.sql("SELECT count(*) FROM index_77").get()![0], 1);
  equal(file.sql("SELECT count(*) FROM index_78").get()![0], 1);
});

Deno.test("files of a newer format are refused: the catalog at once, a collection when it is used", () => {
  using temporary = new TemporaryDirectory();
  const directory = temporary.path;
  change(filled(directory), "PRAGMA user_version = 77");
  {
    using engine = Engine.open({ directory });
    const collection = engine.database("_system").collection("c");
    throws(() => collection.count(), {
      errorNum: 4,
      message: /format 77 was written by a newer denosh .*update denosh/,
    });
    engine.database("_system").createCollection({ name: "other" }).insert("{}");
  }
  change(join(directory, "denosh.sqlite"), "PRAGMA user_version = 78");
  throws(() => Engine.open({ directory }), { errorNum: 4, message: /format 78 was written by a newer denosh/ });
  throws(() => Engine.open({ directory, readOnly: true }), { errorNum: 4, message: /format 78/ });
});

Deno.test("migrate() takes the steps that are missing, all or none", () => {
  using temporary = new TemporaryDirectory();
  const directory = temporary.path;
  using file = new SqliteFile(join(directory, "x.sqlite"), { journal: "wal" });
  const steps = ["CREATE TABLE a (x)", "CREATE TABLE b (x)", "CREATE TABLE c (x)"];
  equal(migrate(file, 1, steps.slice(0, 1)), 1);
  throws(() => migrate(file, 3, [...steps.slice(0, 2), "CREATE TABLE a (x)"]));
  equal(formatOf(file), 1);
  const seen: number[] = [];
  migrate(file, 3, steps, (from) => seen.push(from));
  migrate(file, 3, steps, (from) => seen.push(from));
  equal(seen.join(), "1");
  equal(file.sql("SELECT count(*) FROM sqlite_schema").get()![0], 3);
});

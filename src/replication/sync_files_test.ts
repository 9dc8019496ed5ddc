import { deepStrictEqual as deepEqual } from "node:assert/strict";
import { readdirSync, writeFileSync } from "node:fs";
import { Engine, MEMORY } from "../engine/engine.ts";
import { newSyncFile, removeLeftovers } from "./sync_files.ts";

Deno.test("leftovers of a collection's syncs are deleted: not files in use, not the one to keep, not those of other collections", () => {
  using engine = Engine.open({ directory: MEMORY });
  const database = engine.database("_system");
  const folder = engine.files.path("");
  const collection = database.createCollection({ name: "c" });
  collection.insert("{}");
  database.createCollection({ name: "d" }).insert("{}");
  const inUse = readdirSync(folder);
  const put = (name: string): string => {
    writeFileSync(engine.files.path(name), "");
    return name;
  };
  const [keep, unfinished, foreign] = [
    newSyncFile(database, "c"),
    newSyncFile(database, "c"),
    newSyncFile(database, "d"),
  ];
  const stay = [put(keep), put(`${keep}-wal`), put(foreign), put("note.txt")];
  for (const name of [unfinished, `${unfinished}-wal`, `${collection.id}-12345678.sqlite`]) put(name);
  removeLeftovers(engine, database, "c", keep);
  deepEqual(readdirSync(folder).sort(), [...inUse, ...stay].sort());
});

Deno.test("the first file of a collection, which may come from anybody at any moment, is no leftover", () => {
  using engine = Engine.open({ directory: MEMORY });
  const database = engine.database("_system");
  const collection = database.createCollection({ name: "c" });
  const name = engine.newFileName(collection);
  writeFileSync(engine.files.path(name), "");
  removeLeftovers(engine, database, "c");
  deepEqual(readdirSync(engine.files.path("")).filter((one) => one === name), [name]);
});

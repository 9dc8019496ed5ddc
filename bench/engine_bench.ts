/**
 * What the engine costs: reading and writing documents beside the bare SQLite statement for the same text.
 *
 * The rival keeps key and text in a table, writes as durably as the engine, and keeps no revisions, tree or log.
 *
 * @module
 */
import { Engine } from "../src/engine/engine.ts";
import { SqliteFile } from "../src/storage/sqlite.ts";

const directory = Deno.makeTempDirSync({ prefix: "denosh-bench-" });
globalThis.addEventListener("unload", () => {
  engine[Symbol.dispose]();
  rival[Symbol.dispose]();
  Deno.removeSync(directory, { recursive: true });
});

/** Documents in each collection when the measurements start. */
const FILLED = 20_000;
const MANY = 1000;

/** A document of about 250 bytes. */
function text(key: string): string {
  const address = { street: `Street ${key}`, number: key.length, city: "Springfield", country: "Nowhere" };
  const tags = ["alpha", "beta", "gamma", key];
  return JSON.stringify({ _key: key, name: `Name of ${key}`, n: Number(key), tags, address, note: "x".repeat(80) });
}

const engine = Engine.open({ directory });
const database = engine.database("_system");
const collection = database.createCollection({ name: "plain" });
const indexed = database.createCollection({ name: "indexed" });
indexed.ensureIndex({ type: "persistent", fields: ["n"] });
const rival = new SqliteFile(`${directory}/rival.sqlite`, { journal: "wal", pageSize: 8192 });
rival.exec("CREATE TABLE doc (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, text TEXT NOT NULL)");
const rivalInsert = rival.sql("INSERT INTO doc (key, text) VALUES (?, ?)");
const rivalRead = rival.sql("SELECT text FROM doc WHERE key = ?");
const rivalUpdate = rival.sql("UPDATE doc SET text = ? WHERE key = ?");

let next = 0;
const newText = (): { key: string; document: string } => {
  const key = String(next++);
  return { key, document: text(key) };
};
for (const one of [collection, indexed]) {
  engine.write([one], () => {
    for (let i = 0; i < FILLED; i++) one.insert(text(String(i)));
  });
}
rival.transaction(() => {
  for (let i = 0; i < FILLED; i++) rivalInsert.run(String(i), text(String(i)));
});
next = FILLED;
let at = 0;
/** A key that is there, in no order. */
const someKey = (): string => String(at = (at + 7919) % FILLED);

Deno.bench("one read: SQLite", { group: "one read", baseline: true }, () => void rivalRead.get(someKey()));
Deno.bench("one read: engine", { group: "one read" }, () => void collection.document(someKey()));

Deno.bench("one insert: SQLite", { group: "one insert", baseline: true }, () => {
  const { key, document } = newText();
  rivalInsert.run(key, document);
});
Deno.bench("one insert: engine", { group: "one insert" }, () => void collection.insert(newText().document));
Deno.bench("one insert: engine, a secondary index", { group: "one insert" }, () => {
  indexed.insert(newText().document);
});

Deno.bench("one update: SQLite", { group: "one update", baseline: true }, () => {
  const key = someKey();
  rivalUpdate.run(text(key), key);
});
Deno.bench("one update: engine", { group: "one update" }, () => void collection.update(someKey(), `{"n":${at}}`));

Deno.bench("1000 inserts: SQLite, one transaction", { group: "1000 inserts", baseline: true }, () => {
  rival.transaction(() => {
    for (let i = 0; i < MANY; i++) {
      const { key, document } = newText();
      rivalInsert.run(key, document);
    }
  });
});
Deno.bench("1000 inserts: engine", { group: "1000 inserts" }, () => {
  engine.write([collection], () => {
    for (let i = 0; i < MANY; i++) collection.insert(newText().document);
  });
});
Deno.bench("1000 inserts: engine, a secondary index", { group: "1000 inserts" }, () => {
  engine.write([indexed], () => {
    for (let i = 0; i < MANY; i++) indexed.insert(newText().document);
  });
});

Deno.bench("1000 updates: SQLite, one transaction", { group: "1000 updates", baseline: true }, () => {
  rival.transaction(() => {
    for (let i = 0; i < MANY; i++) {
      const key = someKey();
      rivalUpdate.run(text(key), key);
    }
  });
});
Deno.bench("1000 updates: engine", { group: "1000 updates" }, () => {
  engine.write([collection], () => {
    for (let i = 0; i < MANY; i++) collection.update(someKey(), `{"n":${i}}`);
  });
});

import { deepStrictEqual as deepEqual, ok, strictEqual as equal, throws } from "node:assert/strict";
import { TemporaryDirectory } from "../src/base/testing.ts";
import type { Collection } from "../src/engine/collection.ts";
import { Engine } from "../src/engine/engine.ts";
import { assertConsistent } from "../src/engine/testing.ts";
import { collectionsOf, enginePlace, modelAfter, operate } from "./durability_operations.ts";

const WRITER = new URL("./durability_writer.ts", import.meta.url).pathname;

async function withDirectory(body: (directory: string) => Promise<void> | void): Promise<void> {
  using temporary = new TemporaryDirectory();
  try {
    await body(temporary.path);
  } finally {
    for (const writer of writers.splice(0)) await writer.end();
  }
}

/** The processes that the test at hand has started. */
const writers: Writer[] = [];

/** A process of `durability_writer.ts`. */
class Writer {
  readonly #child: Deno.ChildProcess;
  readonly #reader: ReadableStreamDefaultReader<string>;
  #rest = "";

  constructor(...args: string[]) {
    this.#child = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-check", "--quiet", WRITER, ...args],
      stdout: "piped",
    }).spawn();
    this.#reader = this.#child.stdout.pipeThrough(new TextDecoderStream()).getReader();
    writers.push(this);
  }

  /** The lines that have come since the last call; an empty array at the end. */
  async lines(): Promise<string[]> {
    for (;;) {
      const { value, done } = await this.#reader.read();
      if (done) return [];
      const lines = (this.#rest + value).split("\n");
      this.#rest = lines.pop()!;
      if (lines.length > 0) return lines;
    }
  }

  /** Waits until the process has opened the directory. */
  async ready(): Promise<string[]> {
    const [first, ...more] = await this.lines();
    equal(first, "ready");
    return more;
  }

  /** The lines to the end. */
  async rest(): Promise<string[]> {
    const all: string[] = [];
    for (let lines = await this.lines(); lines.length > 0; lines = await this.lines()) all.push(...lines);
    return all;
  }

  kill(): void {
    this.#child.kill("SIGKILL");
  }

  /** Ends the process, if a test that failed has left it running. */
  async end(): Promise<void> {
    try {
      this.kill();
    } catch (error) {
      // it has ended
      if (!(error instanceof TypeError)) throw error;
    }
    await this.status;
  }

  get status(): Promise<Deno.CommandStatus> {
    return this.#child.status;
  }
}

function contents(collection: Collection): Record<string, number> {
  return Object.fromEntries([...collection.pages()].flat().map(({ key, text }) => [key, JSON.parse(text).value]));
}

Deno.test("a writer that is killed leaves exactly what it has committed, whatever it was doing", async () => {
  await withDirectory(async (directory) => {
    let done = 0;
    // from start-up to a hundred operations later, and as many more as it does until it is gone
    for (const operations of [0, 1, 3, 17, 40, 100]) {
      const writer = new Writer("operations", directory, String(done));
      const lines = await writer.ready();
      while (lines.length < operations) lines.push(...await writer.lines());
      writer.kill();
      lines.push(...await writer.rest());
      await writer.status;
      const reported = lines.length === 0 ? done : Number(lines.at(-1)) + 1;
      using engine = Engine.open({ directory });
      const { a, b } = collectionsOf(engine);
      const found = { a: contents(a), b: contents(b) };
      // the last operation may have been committed without being reported
      const matching = [reported, reported + 1].find((count) => {
        const model = modelAfter(count);
        return JSON.stringify(found) ===
          JSON.stringify({ a: Object.fromEntries(model.a), b: Object.fromEntries(model.b) });
      });
      ok(
        matching !== undefined,
        `killed after ${reported} operations: what is there is neither their result nor the next one's`,
      );
      assertConsistent(a);
      assertConsistent(b);
      done = matching;
    }
    ok(done >= 161, `the writers did no more than ${done} operations`);
  });
});

Deno.test("several processes that write to one collection lose nothing, and readers see whole transactions", async () => {
  await withDirectory(async (directory) => {
    using engine = Engine.open({ directory });
    const collection = engine.database("_system").createCollection({ name: "c" });
    collection.insert(`{"_key":"counter","value":0}`);
    let looks = 0;
    let rounds = 0;
    // a busy machine lets a round of writers end before the reader has looked often enough
    for (; looks <= 10; rounds++) {
      const counting = ["x", "y", "z"].map((name) => new Writer("count", directory, `${name}${rounds}`, "60"));
      let running = counting.length;
      const ended = counting.map(async (writer) => {
        const lines = await writer.rest();
        running--;
        return lines.length;
      });
      while (running > 0) {
        using snapshot = engine.snapshot([collection]);
        const file = snapshot.file(collection)!;
        equal(JSON.parse(file.byKey("counter")!.text).value, file.count() - 1);
        looks++;
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
      deepEqual(await Promise.all(ended), [61, 61, 61]);
      for (const { success } of await Promise.all(counting.map((writer) => writer.status))) ok(success);
    }
    equal(collection.count(), 1 + rounds * 180);
    equal(JSON.parse(collection.document("counter")!.text).value, rounds * 180);
    assertConsistent(collection);
  });
});

Deno.test("a replaced collection has its old contents or its new ones, at every moment", async () => {
  await withDirectory(async (directory) => {
    using engine = Engine.open({ directory });
    const collection = engine.database("_system").createCollection({ name: "c" });
    for (let i = 0; i < 100; i++) collection.insert(`{"size":100}`);
    const writer = new Writer("replace", directory, "40");
    let running = true;
    const ended = writer.rest().then((lines) => {
      running = false;
      return lines.length;
    });
    const seen = new Set<number>();
    while (running) {
      using snapshot = engine.snapshot([collection]);
      const texts = snapshot.file(collection)!.textsAfter(undefined, 1000).texts;
      const sizes = new Set(texts.map((text) => JSON.parse(text).size));
      deepEqual([...sizes], [texts.length]);
      seen.add(texts.length);
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
    equal(await ended, 41);
    ok((await writer.status).success);
    deepEqual([...seen].sort(), [100, 300]);
  });
});

Deno.test("readers do not wait for a writer, and do not see what it has not committed", async () => {
  await withDirectory((directory) => {
    using one = Engine.open({ directory });
    using other = Engine.open({ directory });
    const mine = one.database("_system").createCollection({ name: "c" });
    mine.insert(`{"_key":"a"}`);
    const theirs = other.database("_system").collection("c");
    one.write([mine], () => {
      mine.insert(`{"_key":"b"}`);
      equal(theirs.count(), 1);
      using snapshot = other.snapshot([theirs]);
      equal(snapshot.count(theirs), 1);
    });
    equal(theirs.count(), 2);
  });
});

Deno.test("waitForSync brings the log to the disk before the write returns, and only then", async () => {
  await withDirectory((directory) => {
    using engine = Engine.open({ directory });
    const { catalog } = engine;
    const levels: unknown[] = [];
    const append = catalog.append.bind(catalog);
    catalog.append = (entries) => {
      // 1: NORMAL, 2: FULL, which syncs with each commit
      levels.push(catalog.file.sql("PRAGMA synchronous").get()![0]);
      return append(entries);
    };
    const database = engine.database("_system");
    const collection = database.createCollection({ name: "c" });
    levels.length = 0;
    collection.insert("{}");
    collection.insert("{}", { waitForSync: true });
    collection.insert("{}");
    database.changeProperties(collection, { waitForSync: true });
    levels.length = 3;
    collection.insert("{}");
    // a request cannot turn off what the collection asks for
    collection.insert("{}", { waitForSync: false });
    deepEqual(levels, [1, 2, 1, 2, 2]);
  });
});

/** Lets a file grow no further, or again. */
function limit(file: { readonly file: { sql(text: string): { get(): unknown } } }, pages: number): void {
  file.file.sql(`PRAGMA max_page_count = ${pages}`).get();
}

const NO_LIMIT = 4294967294;

Deno.test("a full disk is an error that says so; nothing is lost, and work goes on when there is space", async () => {
  await withDirectory((directory) => {
    using engine = Engine.open({ directory });
    const place = enginePlace(engine, false);
    for (let n = 0; n < 50; n++) operate(place, n);
    const { a, b } = collectionsOf(engine);
    const before = contents(a);
    const large = JSON.stringify({ value: "x".repeat(200_000) });
    const full = { errorNum: 1104, message: /^filesystem full: no space left to write .*; free some and try again$/ };
    for (const file of [a.reading()!, engine.catalog]) {
      limit(file, 1);
      throws(() =>
        engine.write([a, b], () => {
          b.insert(`{"value":"with it"}`);
          a.insert(large);
        }), full);
      throws(() => a.insert(large), full);
      deepEqual(contents(a), before);
      assertConsistent(a);
      assertConsistent(b);
      limit(file, NO_LIMIT);
    }
    for (let n = 50; n < 60; n++) operate(place, n);
    const model = modelAfter(60);
    deepEqual(contents(a), Object.fromEntries(model.a));
    deepEqual(contents(b), Object.fromEntries(model.b));
  });
});

Deno.test("what the log has is committed, even if its collection cannot take it yet", async () => {
  await withDirectory((directory) => {
    {
      using engine = Engine.open({ directory });
      const { a } = collectionsOf(engine);
      a.insert(`{"_key":"1","value":1}`);
      const { file } = a.reading()!;
      const exec = file.exec.bind(file);
      // the disk is full at the second commit, that of the collection
      file.exec = (sql) => {
        if (sql !== "COMMIT") return exec(sql);
        file.exec = exec;
        throw new Error("no space");
      };
      a.insert(`{"_key":"2","value":2}`);
      deepEqual(contents(a), { 1: 1, 2: 2 });
      assertConsistent(a);
    }
    using engine = Engine.open({ directory });
    deepEqual(contents(collectionsOf(engine).a), { 1: 1, 2: 2 });
  });
});

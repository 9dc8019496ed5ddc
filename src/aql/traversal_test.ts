import { deepStrictEqual as equal, ok, throws } from "node:assert/strict";
import fc from "fast-check";
import { Engine, MEMORY } from "../engine/engine.ts";
import { EngineSource } from "./engine_source.ts";
import { runQuery } from "./query.ts";

Deno.test("a traversal that returns ids alone tells vertices that are there from missing ones, each at its place", () => {
  using engine = Engine.open({ directory: MEMORY });
  const database = engine.database("_system");
  const vertices = database.createCollection({ name: "v" });
  const edges = database.createCollection({ name: "e", type: 3 });
  const stored = ["a", "b", "10", "d:'@"];
  for (const _key of stored) vertices.insert(JSON.stringify({ _key }));
  const ends = ["b", "gone", "10", "1", "b", "d:'@", "nowhere"];
  for (const end of ends) edges.insert(JSON.stringify({ _from: "v/a", _to: `v/${end}` }));
  const text = `FOR v, e IN 1..1 OUTBOUND "v/a" e OPTIONS { order: "bfs" } RETURN [v._id, e._to]`;
  using query = runQuery(new EngineSource(database), text, {});
  const found = [...query.nextBatch(Infinity)];
  equal(found, ends.map((end) => [stored.includes(end) ? `v/${end}` : null, `v/${end}`]));
  const missing = ["gone", "1", "nowhere"].map((key) => ({ code: 1202, message: `vertex 'v/${key}' not found` }));
  equal(query.extra().warnings.map(({ code, message }) => ({ code, message })), missing);
});

Deno.test("a traversal that reads no edges goes the same ways as one that does, past loops and parallel edges too", () => {
  const ends = fc.tuple(fc.nat(5), fc.nat(5));
  fc.assert(
    fc.property(
      fc.array(ends, { minLength: 1, maxLength: 12 }),
      fc.array(ends, { maxLength: 6 }),
      fc.constantFrom("OUTBOUND", "INBOUND", "ANY"),
      fc.constantFrom(
        "",
        "OPTIONS {order: 'bfs'}",
        "OPTIONS {uniqueEdges: 'none'}",
        "OPTIONS {uniqueVertices: 'path'}",
      ),
      (first, second, direction, options) => {
        using engine = Engine.open({ directory: MEMORY });
        const database = engine.database("_system");
        for (const [name, edges] of [["e", first], ["f", second]] as const) {
          const collection = database.createCollection({ name, type: 3 });
          for (const [from, to] of edges) collection.insert(`{"_from":"v/${from}","_to":"v/${to}"}`);
        }
        const source = new EngineSource(database);
        const ways = `IN 0..4 ${direction} 'v/0' e, ${direction} f ${options}`;
        using bare = runQuery(source, `FOR v ${ways} LIMIT 3000 RETURN 1`, {}, { maxWarningCount: 0 });
        using whole = runQuery(source, `FOR v, x ${ways} LIMIT 3000 RETURN x._to`, {}, { maxWarningCount: 0 });
        equal(bare.nextBatch(Infinity).length, whole.nextBatch(Infinity).length);
      },
    ),
    { numRuns: 150 },
  );
});

Deno.test("searches after a write see it: neither edges nor vertices are remembered beyond their time", () => {
  using engine = Engine.open({ directory: MEMORY });
  const database = engine.database("_system");
  const vertices = database.createCollection({ name: "v" });
  const edges = database.createCollection({ name: "e", type: 3 });
  const source = new EngineSource(database);
  const link = (from: string, to: string): void => void edges.insert(`{"_from":"v/${from}","_to":"v/${to}"}`);
  const reached = (): unknown[] => {
    const text = `FOR v IN 1..3 OUTBOUND "v/a" e OPTIONS { order: "bfs", uniqueVertices: "global" } RETURN v.n`;
    using query = runQuery(source, text, {}, { maxWarningCount: 0 });
    return [...query.nextBatch(Infinity)];
  };
  for (const _key of ["a", "b", "c"]) vertices.insert(JSON.stringify({ _key, n: _key }));
  link("a", "b");
  equal([reached(), reached()], [["b"], ["b"]]);
  link("b", "c");
  equal(reached(), ["b", "c"]);
  vertices.update("c", `{"n":"new"}`);
  equal(reached(), ["b", "new"]);
  let inside: unknown[] = [];
  try {
    engine.write([vertices, edges], () => {
      link("a", "c");
      vertices.update("b", `{"n":"passing"}`);
      inside = reached();
      throw new Error("taken back");
    });
  } catch (error) {
    equal((error as Error).message, "taken back");
  }
  equal(inside, ["passing", "new"]);
  equal(reached(), ["b", "new"]);
  vertices.remove("b");
  equal(reached(), [null, "new"]);
});

Deno.test("vertices that are too much to be remembered all come out, and not more is kept than the next search may have", () => {
  using engine = Engine.open({ directory: MEMORY });
  const database = engine.database("_system");
  const vertices = database.createCollection({ name: "v" });
  const edges = database.createCollection({ name: "e", type: 3 });
  const count = 240;
  const text = "x".repeat(100_000);
  engine.write([vertices, edges], () => {
    for (let n = 0; n < count; n++) {
      vertices.insert(JSON.stringify({ _key: `${n}`, n, text }));
      edges.insert(`{"_from":"v/0","_to":"v/${n}"}`);
      edges.insert(`{"_from":"v/0","_to":"v/gone"}`);
    }
  });
  const source = new EngineSource(database);
  const options = { order: "bfs", uniqueVertices: "none" };
  const search = `FOR v IN 1..1 OUTBOUND "v/0" e OPTIONS ${JSON.stringify(options)} RETURN v ? LENGTH(v.text) : v`;
  const expected = Array.from({ length: 2 * count }, (_, i) => i % 2 === 0 ? text.length : null);
  for (let run = 0; run < 2; run++) {
    using query = runQuery(source, search);
    equal(query.nextBatch(Infinity), expected);
    equal(query.extra().warnings.map(({ message }) => message), ["vertex 'v/gone' not found"]);
    ok(source.graphMemory.bytes < 64 * 2 ** 20, "what does not fit is not kept");
  }
});

Deno.test("what a search reads and where it has been count as memory of the query", () => {
  using engine = Engine.open({ directory: MEMORY });
  const database = engine.database("_system");
  const edges = database.createCollection({ name: "e", type: 3 });
  engine.write([edges], () => {
    for (let n = 1; n < 5000; n++) edges.insert(`{"_from":"v/${n >> 1}","_to":"v/${n}"}`);
  });
  const search = (options: string): void => {
    const text = `FOR v, e IN 0..12 OUTBOUND "v/1" e OPTIONS ${options} COLLECT WITH COUNT INTO n RETURN n`;
    using query = runQuery(new EngineSource(database), text, {}, { memoryLimit: 200_000 });
    query.nextBatch(Infinity);
  };
  for (const options of [`{ order: "bfs" }`, `{ order: "bfs", uniqueVertices: "global" }`, `{ order: "dfs" }`]) {
    throws(() => search(options), { errorNum: 32 }, options);
  }
});

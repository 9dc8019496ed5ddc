import { deepStrictEqual as equal } from "node:assert/strict";
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

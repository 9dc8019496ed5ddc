import { deepStrictEqual as equal } from "node:assert/strict";
import fc from "fast-check";
import type { Database } from "../../engine/database.ts";
import { Engine, MEMORY } from "../../engine/engine.ts";
import { EngineSource } from "../engine_source.ts";
import { runQuery } from "../query.ts";
import type { AqlObject, AqlValue } from "../values.ts";

const INDEXES: readonly Record<string, unknown>[] = [
  { type: "persistent", fields: ["_from", "kind"], name: "fromKind" },
  { type: "persistent", fields: ["_to", "kind"], name: "toKind" },
  { type: "persistent", fields: ["_from", "n", "kind"], name: "fromN", sparse: true },
  { type: "persistent", fields: ["_to", "deep.n"], name: "toDeep" },
  { type: "persistent", fields: ["_from", "list[*]"], name: "fromList" },
  { type: "mdi-prefixed", prefixFields: ["_from", "kind"], fields: ["n", "m"], fieldValueTypes: "double", name: "box" },
];

interface Edge {
  readonly from: number;
  readonly to: number;
  readonly kind: AqlValue;
  readonly n: number;
  readonly m: number;
}

const edges: fc.Arbitrary<Edge[]> = fc.array(
  fc.record({
    from: fc.nat(4),
    to: fc.nat(4),
    kind: fc.constantFrom<AqlValue>("a", "b", null, 1, true, ["a"], { a: 1 }),
    n: fc.nat(3),
    m: fc.nat(3),
  }),
  { minLength: 1, maxLength: 14 },
);
const terms = fc.constantFrom(
  `p.edges[*].kind ALL == "a"`,
  `p.edges[*].kind ALL == kind`,
  `p.edges[*].kind ALL IN ["a", null, ["a"]]`,
  `p.edges[*].kind NONE == "b"`,
  `p.edges[*].n ALL >= 1`,
  `p.edges[*].n ALL < 3`,
  `p.edges[*].m ALL >= 1`,
  `p.edges[0].kind == kind`,
  `p.edges[0].n == 1`,
  `p.edges[1].kind IN [kind, 1]`,
  `p.edges[1].deep.n > 1`,
  `p.edges[2].n <= 1`,
  `p.edges[2].kind != "a"`,
  `"a" IN p.edges[0].list`,
  `e.kind == kind`,
  `e.n == 2`,
  `e.deep.n < v.n`,
  `v.n > 1`,
);
const levels: fc.Arbitrary<AqlObject> = fc.dictionary(
  fc.constantFrom("base", "0", "1", "2"),
  fc.constantFrom<AqlValue>("fromKind", "toKind", "fromN", "edge", ["none", "box", "toDeep"]),
);
const searches = fc.record({
  filter: fc.array(terms, { maxLength: 3 }),
  depth: fc.constantFrom("1..1", "0..2", "1..3", "2..3", "3..3"),
  direction: fc.constantFrom("OUTBOUND", "INBOUND", "ANY"),
  hint: fc.option(fc.record({ outbound: levels, inbound: levels })),
  unique: fc.constantFrom(
    { uniqueVertices: "none" },
    { uniqueVertices: "path" },
    { uniqueEdges: "none" },
    { order: "bfs" },
    { order: "weighted", weightAttribute: "m" },
  ),
});

function fill(database: Database, links: readonly Edge[]): void {
  const vertices = database.createCollection({ name: "v" });
  for (let n = 0; n < 5; n++) vertices.insert(JSON.stringify({ _key: `${n}`, n }));
  for (const name of ["e", "f"]) {
    const collection = database.createCollection({ name, type: 3 });
    for (const { from, to, ...rest } of links) {
      const more = { deep: { n: rest.m }, list: [rest.kind, "a"] };
      collection.insert(JSON.stringify({ _from: `v/${from}`, _to: `v/${to}`, ...rest, ...more }));
    }
  }
}

Deno.test("traversals find the same paths by vertex-centric indexes, whatever is hinted, as by the edge index", () => {
  fc.assert(
    fc.property(edges, searches, (links, { filter, depth, direction, hint, unique }) => {
      using engine = Engine.open({ directory: MEMORY });
      const database = engine.database("_system");
      fill(database, links);
      const source = new EngineSource(database);
      const found = (options: AqlObject, rules: string[] = []): string[] => {
        const text = `FOR kind IN ["a", null, ["a"], 1] FOR v, e, p IN ${depth} ${direction} "v/0" e, ${direction} f
          OPTIONS ${JSON.stringify({ ...unique, ...options })}
          ${filter.map((one) => `FILTER ${one}`).join(" ")}
          RETURN [kind, v._key, e._key, p.edges[*]._key]`;
        using query = runQuery(source, text, {}, { optimizer: { rules } });
        return query.nextBatch(Infinity).map((row) => JSON.stringify(row)).sort();
      };
      const expected = found({}, ["-all"]);
      for (const index of INDEXES) database.collection("e")!.ensureIndex(index);
      equal(found({}), expected);
      if (hint) equal(found({ indexHint: { e: hint, f: hint } }), expected);
    }),
    { numRuns: 200 },
  );
});

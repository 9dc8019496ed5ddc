import { deepStrictEqual as equal, ok } from "node:assert/strict";
import fc from "fast-check";
import { MultiDirectedGraph, MultiUndirectedGraph } from "graphology";
import { bidirectional as fewestEdges } from "graphology-shortest-path/unweighted.js";
import { bidirectional as leastWeight } from "graphology-shortest-path/dijkstra.js";
import { Engine, MEMORY } from "../engine/engine.ts";
import { EngineSource } from "./engine_source.ts";
import { runQuery } from "./query.ts";
import type { AqlObject } from "./values.ts";

type Direction = "OUTBOUND" | "INBOUND" | "ANY";

interface Edge {
  readonly key: string;
  readonly from: number;
  readonly to: number;
  readonly weight: number;
}

/** A path: the number of each vertex, and the key of each edge between. */
interface Path {
  readonly vertices: readonly number[];
  readonly edges: readonly string[];
}

const VERTICES = 6;
/** Few different weights, so that many paths weigh the same; loops and parallel edges come by themselves. */
const graphs: fc.Arbitrary<Edge[]> = fc.array(
  fc.record({
    from: fc.nat(VERTICES - 1),
    to: fc.nat(VERTICES - 1),
    weight: fc.constantFrom(0, 1, 2, 2.5),
  }),
  { maxLength: 12 },
).map((edges) => edges.map((edge, i) => ({ ...edge, key: `e${i}` })));
const ends = fc.record({
  from: fc.nat(VERTICES - 1),
  to: fc.nat(VERTICES - 1),
  direction: fc.constantFrom<Direction>("OUTBOUND", "INBOUND", "ANY"),
});

/** Runs `body` with queries on a graph of the collections `v` and `e`. */
function withGraph(
  edges: readonly Edge[],
  body: (query: (text: string, bindVars?: AqlObject, rules?: readonly string[]) => Path[]) => void,
): void {
  using engine = Engine.open({ directory: MEMORY });
  const database = engine.database("_system");
  const vertices = database.createCollection({ name: "v" });
  const collection = database.createCollection({ name: "e", type: 3 });
  for (let i = 0; i < VERTICES; i++) vertices.insert(JSON.stringify({ _key: `${i}`, n: i }));
  for (const { key, from, to, weight } of edges) {
    collection.insert(JSON.stringify({ _key: key, _from: `v/${from}`, _to: `v/${to}`, weight }));
  }
  body((text, bindVars = {}, rules = []) => {
    using query = runQuery(new EngineSource(database), text, bindVars, { optimizer: { rules } });
    return [...query.nextBatch(Infinity)] as unknown as Path[];
  });
}

const AS_PATH = `{ vertices: p.vertices[* RETURN TO_NUMBER(CURRENT._key)], edges: p.edges[*]._key }`;

/** Where each edge leads from a vertex; in both directions a loop leads back twice. */
function* steps(edges: readonly Edge[], at: number, direction: Direction): Generator<{ edge: Edge; next: number }> {
  for (const edge of edges) {
    if (direction !== "INBOUND" && edge.from === at) yield { edge, next: edge.to };
    if (direction !== "OUTBOUND" && edge.to === at) yield { edge, next: edge.from };
  }
}

/** All paths from a vertex of up to `longest` edges, by trying everything. */
function allPaths(
  edges: readonly Edge[],
  start: number,
  direction: Direction,
  longest: number,
  goOn: (path: Path) => boolean,
): Path[] {
  const found: Path[] = [];
  function visit(path: Path): void {
    if (!goOn(path)) return;
    found.push(path);
    if (path.edges.length === longest) return;
    for (const { edge, next } of steps(edges, path.vertices.at(-1)!, direction)) {
      visit({ vertices: [...path.vertices, next], edges: [...path.edges, edge.key] });
    }
  }
  visit({ vertices: [start], edges: [] });
  return found;
}

function hasDistinct(values: readonly unknown[]): boolean {
  return new Set(values).size === values.length;
}

function simplePaths(edges: readonly Edge[], from: number, to: number, direction: Direction): Path[] {
  return allPaths(edges, from, direction, VERTICES, ({ vertices }) => hasDistinct(vertices))
    .filter(({ vertices }) => vertices.at(-1) === to);
}

function weightOf(edges: readonly Edge[], path: Path): number {
  return path.edges.reduce((sum, key) => sum + edges.find((edge) => edge.key === key)!.weight, 0);
}

function sorted(paths: readonly Path[]): string[] {
  return paths.map(({ vertices, edges }) => `${vertices.join("-")} by ${edges.join()}`).sort();
}

Deno.test("SHORTEST_PATH is as short, and as light, as graphology's", () => {
  fc.assert(
    fc.property(graphs, ends, (edges, { from, to, direction }) => {
      const graph = direction === "ANY" ? new MultiUndirectedGraph() : new MultiDirectedGraph();
      for (let i = 0; i < VERTICES; i++) graph.addNode(`${i}`);
      for (const { key, from, to, weight } of edges) graph.addEdgeWithKey(key, `${from}`, `${to}`, { weight });
      const [start, end] = direction === "INBOUND" ? [to, from] : [from, to];
      withGraph(edges, (query) => {
        const text = (options: string): string =>
          `LET steps = (FOR v, e IN ${direction} SHORTEST_PATH @from TO @to e ${options} RETURN [v, e])
         FILTER LENGTH(steps) > 0
         RETURN { vertices: steps[* RETURN TO_NUMBER(CURRENT[0]._key)], edges: steps[* FILTER CURRENT[1] != null RETURN CURRENT[1]._key] }`;
        const bindVars = { from: `v/${from}`, to: `v/${to}` };
        const valid = sorted(simplePaths(edges, from, to, direction));
        const fewest = fewestEdges(graph, `${start}`, `${end}`);
        const [short] = query(text(""), bindVars);
        equal(short?.vertices.length, fewest?.length);
        if (short) ok(valid.includes(sorted([short])[0]!));
        const [light] = query(text(`OPTIONS { weightAttribute: "weight", defaultWeight: 1 }`), bindVars);
        const least = leastWeight(graph, `${start}`, `${end}`, "weight");
        equal(light === undefined, !least);
        if (!light) return;
        ok(valid.includes(sorted([light])[0]!));
        const lightest = Math.min(...simplePaths(edges, from, to, direction).map((path) => weightOf(edges, path)));
        equal(weightOf(edges, light), lightest);
      });
    }),
    { numRuns: 60 },
  );
});

Deno.test("ALL_SHORTEST_PATHS, K_SHORTEST_PATHS and K_PATHS find what trying everything finds", () => {
  fc.assert(
    fc.property(graphs, ends, (edges, { from, to, direction }) => {
      withGraph(edges, (query) => {
        const bindVars = { from: `v/${from}`, to: `v/${to}` };
        const simple = simplePaths(edges, from, to, direction);
        const fewest = Math.min(...simple.map((path) => path.edges.length));
        equal(
          sorted(query(`FOR p IN ${direction} ALL_SHORTEST_PATHS @from TO @to e RETURN ${AS_PATH}`, bindVars)),
          sorted(simple.filter((path) => path.edges.length === fewest)),
        );
        const byLength = query(`FOR p IN ${direction} K_SHORTEST_PATHS @from TO @to e RETURN ${AS_PATH}`, bindVars);
        equal(sorted(byLength), sorted(simple));
        equal(
          byLength.map((path) => path.edges.length),
          simple.map((path) => path.edges.length).sort((a, b) => a - b),
        );
        const byWeight = query(
          `FOR p IN ${direction} K_SHORTEST_PATHS @from TO @to e OPTIONS { weightAttribute: "weight" } RETURN ${AS_PATH}`,
          bindVars,
        );
        equal(sorted(byWeight), sorted(simple));
        equal(
          byWeight.map((path) => weightOf(edges, path)),
          simple.map((path) => weightOf(edges, path)).sort((a, b) => a - b),
        );
        equal(
          sorted(query(`FOR p IN 1..3 ${direction} K_PATHS @from TO @to e RETURN ${AS_PATH}`, bindVars)),
          sorted(simple.filter((path) => path.edges.length >= 1 && path.edges.length <= 3)),
        );
      });
    }),
    { numRuns: 60 },
  );
});

Deno.test("filters on all vertices and edges of paths leave the same paths, whether they narrow the search or not", () => {
  const numbers = fc.nat(VERTICES - 1);
  fc.assert(
    fc.property(graphs, ends, numbers, fc.constantFrom(0, 1, 2), (edges, { from, to, direction }, n, weight) => {
      withGraph(edges, (query) => {
        const bindVars = { from: `v/${from}`, to: `v/${to}`, n, weight };
        const expected = simplePaths(edges, from, to, direction).filter((path) =>
          path.vertices.every((vertex) => vertex !== n) &&
          !path.edges.some((key) => edges.find((edge) => edge.key === key)!.weight === weight)
        );
        for (const search of [`0..${VERTICES} ${direction} K_PATHS`, `${direction} K_SHORTEST_PATHS`]) {
          const text = `FOR p IN ${search} @from TO @to e
            FILTER p.vertices[*].n ALL != @n FILTER p.edges[*].weight NONE == @weight RETURN ${AS_PATH}`;
          for (const rules of [[], ["-optimize-enumerate-path-filters"]]) {
            equal(sorted(query(text, bindVars, rules)), sorted(expected));
          }
        }
      });
    }),
    { numRuns: 60 },
  );
});

Deno.test("traversals find every path that their uniqueness allows, whatever the order", () => {
  const uniqueness = fc.constantFrom(
    ["none", "path"],
    ["path", "path"],
    ["none", "none"],
    ["path", "none"],
  ) as fc.Arbitrary<[vertices: "none" | "path", edges: "none" | "path"]>;
  const order = fc.constantFrom("dfs", "bfs", "weighted");
  const range = fc.constantFrom([0, 2], [1, 1], [1, 3], [2, 3]) as fc.Arbitrary<[number, number]>;
  fc.assert(
    fc.property(graphs, ends, uniqueness, order, range, (edges, { from, direction }, unique, order, [min, max]) => {
      const [vertices, once] = unique;
      withGraph(edges, (query) => {
        const found = query(
          `FOR v, e, p IN ${min}..${max} ${direction} @from e
           OPTIONS { uniqueVertices: "${vertices}", uniqueEdges: "${once}", order: "${order}", weightAttribute: "weight" }
         RETURN ${AS_PATH}`,
          { from: `v/${from}` },
        );
        const expected = allPaths(
          edges,
          from,
          direction,
          max,
          (path) => (vertices === "none" || hasDistinct(path.vertices)) && (once === "none" || hasDistinct(path.edges)),
        )
          .filter((path) => path.edges.length >= min);
        equal(sorted(found), sorted(expected));
        if (order === "bfs") {
          const lengths = found.map((path) => path.edges.length);
          equal(
            lengths,
            lengths.toSorted((a, b) => a - b),
          );
        }
        if (order === "weighted") {
          const weights = found.map((path) => weightOf(edges, path));
          equal(weights, weights.toSorted((a, b) => a - b));
        }
      });
    }),
    { numRuns: 100 },
  );
});

Deno.test("with globally unique vertices a breadth-first traversal reaches each vertex once, at its distance", () => {
  fc.assert(
    fc.property(graphs, ends, (edges, { from, direction }) => {
      withGraph(edges, (query) => {
        const found = query(
          `FOR v, e, p IN 0..${VERTICES} ${direction} @from e OPTIONS { order: "bfs", uniqueVertices: "global" }
         RETURN ${AS_PATH}`,
          { from: `v/${from}` },
        );
        const reached = found.map((path) => path.vertices.at(-1)!);
        ok(hasDistinct(reached));
        const all = allPaths(edges, from, direction, VERTICES, ({ vertices }) => hasDistinct(vertices));
        equal(reached.toSorted(), [...new Set(all.map((path) => path.vertices.at(-1)!))].toSorted());
        for (const path of found) {
          const same = all.filter(({ vertices }) => vertices.at(-1) === path.vertices.at(-1));
          equal(path.edges.length, Math.min(...same.map(({ edges }) => edges.length)));
        }
      });
    }),
    { numRuns: 60 },
  );
});

/** A condition on paths, as AQL says it and as it is. */
interface PathTest {
  readonly text: string;
  readonly holds: (path: Path, edges: readonly Edge[]) => boolean;
}

/** AQL's comparisons, in which null is less than every number. */
const COMPARISONS: Readonly<Record<string, (left: number | null, right: number) => boolean>> = {
  "==": (left, right) => left === right,
  "!=": (left, right) => left !== right,
  "<=": (left, right) => left === null || left <= right,
  ">": (left, right) => left !== null && left > right,
};
const QUANTIFIERS = {
  ALL: (values: readonly boolean[]) => values.every(Boolean),
  ANY: (values: readonly boolean[]) => values.some(Boolean),
  NONE: (values: readonly boolean[]) => !values.some(Boolean),
};

const weightsOn = (path: Path, edges: readonly Edge[]): number[] =>
  path.edges.map((key) => edges.find((edge) => edge.key === key)!.weight);

/** Conditions on one vertex or edge of a path, on each of them, or on its length. */
const pathTests: fc.Arbitrary<PathTest> = fc.record({
  part: fc.constantFrom("edges", "vertices"),
  at: fc.constantFrom(0, 1, 2, -1),
  operator: fc.constantFrom(...Object.keys(COMPARISONS)),
  quantifier: fc.constantFrom(...(Object.keys(QUANTIFIERS) as (keyof typeof QUANTIFIERS)[])),
  value: fc.constantFrom(0, 1, 2, 3),
  form: fc.constantFrom("one", "each", "last", "length"),
}).map(({ part, at, operator, quantifier, value, form }): PathTest => {
  const attribute = part === "edges" ? "weight" : "n";
  const values = (path: Path, edges: readonly Edge[]): readonly number[] =>
    part === "edges" ? weightsOn(path, edges) : path.vertices;
  const compare = COMPARISONS[operator]!;
  const valueAt = (at: number): PathTest["holds"] => (path, edges) =>
    compare(values(path, edges).at(at) ?? null, value);
  switch (form) {
    case "one":
      return { text: `p.${part}[${at}].${attribute} ${operator} ${value}`, holds: valueAt(at) };
    case "each":
      return {
        text: `p.${part}[*].${attribute} ${quantifier} ${operator} ${value}`,
        holds: (path, edges) => QUANTIFIERS[quantifier](values(path, edges).map((one) => compare(one, value))),
      };
    case "last":
      return { text: `${part === "edges" ? "e" : "v"}.${attribute} ${operator} ${value}`, holds: valueAt(-1) };
    default:
      return {
        text: `LENGTH(p.${part}) ${operator} ${value}`,
        holds: (path) => compare(path[part as "edges" | "vertices"].length, value),
      };
  }
});

Deno.test("filters on paths that are tested on the way, and PRUNE, leave what trying everything leaves", () => {
  const filters = fc.array(fc.array(pathTests, { minLength: 1, maxLength: 2 }), { maxLength: 3 });
  const prune = fc.option(pathTests, { nil: undefined });
  const order = fc.constantFrom("dfs", "bfs", "weighted");
  const range = fc.constantFrom([0, 2], [1, 1], [1, 3], [2, 3]) as fc.Arbitrary<[number, number]>;
  fc.assert(
    fc.property(
      graphs,
      ends,
      filters,
      prune,
      order,
      range,
      (edges, { from, direction }, filters, prune, order, [min, max]) => {
        const either = filters.map((tests) => `FILTER ${tests.map(({ text }) => text).join(" || ")}`).join("\n");
        const text = `FOR v, e, p IN ${min}..${max} ${direction} @from e
        ${prune ? `PRUNE ${prune.text}` : ""}
        OPTIONS { order: "${order}", weightAttribute: "weight" }
        ${either}
        RETURN ${AS_PATH}`;
        const expected = allPaths(edges, from, direction, max, ({ vertices, edges: keys }) => {
          const before = { vertices: vertices.slice(0, -1), edges: keys.slice(0, -1) };
          return hasDistinct(keys) && (keys.length === 0 || !prune?.holds(before, edges));
        }).filter((path) =>
          path.edges.length >= min && filters.every((tests) => tests.some(({ holds }) => holds(path, edges)))
        );
        withGraph(edges, (query) => {
          const found = query(text, { from: `v/${from}` });
          equal(sorted(found), sorted(expected));
          equal(found, query(text, { from: `v/${from}` }, ["-all"]), "as without the optimizer, in the same order");
        });
      },
    ),
    { numRuns: 100 },
  );
});

Deno.test("filters on the paths to globally unique vertices take nothing away from the search", () => {
  fc.assert(
    fc.property(
      graphs,
      ends,
      fc.array(pathTests, { minLength: 1, maxLength: 2 }),
      (edges, { from, direction }, tests) => {
        withGraph(edges, (query) => {
          const text = `FOR v, e, p IN 0..3 ${direction} @from e OPTIONS { order: "bfs", uniqueVertices: "global" }`;
          const all = query(`${text} RETURN ${AS_PATH}`, { from: `v/${from}` });
          const found = query(`${text} FILTER ${tests.map((one) => one.text).join(" && ")} RETURN ${AS_PATH}`, {
            from: `v/${from}`,
          });
          equal(found, all.filter((path) => tests.every(({ holds }) => holds(path, edges))));
        });
      },
    ),
    { numRuns: 60 },
  );
});

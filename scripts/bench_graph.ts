/**
 * Graph queries beside hand-written recursive SQL on the same SQLite and graphology, which has the graph in memory:
 * `deno run -A scripts/bench_graph.ts [--vertices N] [--edges N] [--starts N] [--pairs N] [--rounds N]`.
 *
 * Times are the fastest of the rounds; the ratios are those of AQL's time to its rivals'.
 *
 * @module
 */
import { DatabaseSync } from "node:sqlite";
import { MultiDirectedGraph } from "graphology";
import { bidirectional } from "graphology-shortest-path/unweighted.js";
import { EngineSource } from "../src/aql/engine_source.ts";
import { PlanCache } from "../src/aql/plan_cache.ts";
import { runQuery } from "../src/aql/query.ts";
import { Engine } from "../src/engine/engine.ts";
import { fillCollection } from "./fill_collection.ts";
import { randomNumbers } from "./random_numbers.ts";
import { scriptOptions } from "./script_options.ts";
import { say, seconds, table, thousands } from "./terminal.ts";

/** Hubs: the greater, the more edges end at few vertices. */
const SKEW = 3;

/** A graph as two columns: the ends of each edge, by number. */
interface EdgeList {
  readonly from: Uint32Array;
  readonly to: Uint32Array;
}

/** A work: what a contestant finds, to compare it with what the others find. */
type Work = () => number;

interface Task {
  readonly title: string;
  readonly aql: Work;
  readonly sql: Work;
  readonly graphology: Work;
  /** How many edges the work looks at; undefined where every contestant looks at others. */
  readonly edges?: number;
}

const idOf = (vertex: number): string => `person/p${vertex}`;

/** Edges whose ends are skewed: few vertices have many edges, most have few. */
function generate(vertices: number, edges: number): EdgeList {
  const random = randomNumbers(1);
  const skewed = (): number => Math.floor(vertices * random() ** SKEW);
  // the hubs of both directions are different vertices
  const from = Uint32Array.from({ length: edges }, () => (skewed() * 7919 + 13) % vertices);
  const to = Uint32Array.from({ length: edges }, skewed);
  return { from, to };
}

function inMemory(vertices: number, { from, to }: EdgeList): MultiDirectedGraph {
  const graph = new MultiDirectedGraph();
  for (let i = 0; i < vertices; i++) graph.addNode(idOf(i), { name: `Person ${i}`, age: i % 90 });
  from.forEach((start, i) => graph.addEdge(idOf(start), idOf(to[i]!)));
  return graph;
}

/** The vertices up to a depth from a vertex, without it, and how many edges lead from those above that depth. */
function reached(graph: MultiDirectedGraph, start: string, depth: number): { vertices: string[]; edges: number } {
  const seen = new Set([start]);
  let level = [start];
  let edges = 0;
  for (let at = 0; at < depth; at++) {
    const next: string[] = [];
    for (const vertex of level) {
      graph.forEachOutEdge(vertex, (_edge, _attributes, _source, target) => {
        edges++;
        if (seen.has(target)) return;
        seen.add(target);
        next.push(target);
      });
    }
    level = next;
  }
  seen.delete(start);
  return { vertices: [...seen], edges };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** Runs a query and tells how many results it has. */
type CountResults = (text: string, bindVars: Record<string, string>) => number;

/** Queries as requests run them: in a turn of the engine, with the plan of the last run. */
function queriesOf(engine: Engine, source: EngineSource): CountResults {
  const plans = { cache: new PlanCache(), name: source.name };
  return (text, bindVars) =>
    engine.turn(() => runQuery(source, text, bindVars, {}, { plans }).nextBatch(Infinity).length);
}

function neighbours(
  query: CountResults,
  sqlite: DatabaseSync,
  graph: MultiDirectedGraph,
  starts: readonly string[],
  depth: number,
  whole: boolean,
): Task {
  const text = `FOR v IN 1..${depth} OUTBOUND @start knows OPTIONS {order: "bfs", uniqueVertices: "global"}
    RETURN ${whole ? "v" : "v._id"}`;
  const within = `WITH RECURSIVE near (id, depth) AS (SELECT ?1, 0 UNION
    SELECT e."to", depth + 1 FROM near JOIN e.doc e ON e."from" = near.id WHERE depth < ${depth})`;
  const ids = `SELECT DISTINCT id FROM near WHERE id <> ?1`;
  const sql = sqlite.prepare(
    whole ? `${within} SELECT text FROM (${ids}) JOIN v.doc v ON v.key = substr(id, 8)` : `${within} ${ids}`,
  );
  return {
    title: `neighbours, depth ${depth}, ${whole ? "with" : "without"} vertex data`,
    edges: sum(starts.map((start) => reached(graph, start, depth).edges)),
    aql: () => sum(starts.map((start) => query(text, { start }))),
    sql: () =>
      sum(starts.map((start) => {
        const rows = sql.all(start);
        return whole ? rows.map(({ text }) => JSON.parse(text as string)).length : rows.length;
      })),
    graphology: () =>
      sum(starts.map((start) => {
        const { vertices } = reached(graph, start, depth);
        return whole ? vertices.map((one) => graph.getNodeAttributes(one)).length : vertices.length;
      })),
  };
}

/** Shortest paths; what is compared is how many vertices they have together. */
function shortestPaths(
  query: CountResults,
  sqlite: DatabaseSync,
  graph: MultiDirectedGraph,
  pairs: readonly (readonly [string, string])[],
): Task {
  const text = "FOR v IN OUTBOUND SHORTEST_PATH @from TO @to knows RETURN v._id";
  // rows of a recursive query come level by level: the first one at the target is the shortest way, and ends the search
  const sql = sqlite.prepare(`WITH RECURSIVE near (id, depth) AS (SELECT ?1, 0 UNION
    SELECT e."to", depth + 1 FROM near JOIN e.doc e ON e."from" = near.id WHERE depth < 8)
    SELECT depth FROM near WHERE id = ?2 LIMIT 1`);
  return {
    title: `shortest path, ${pairs.length} random pairs`,
    aql: () => sum(pairs.map(([from, to]) => query(text, { from, to }))),
    sql: () =>
      sum(pairs.map(([from, to]) => {
        const row = sql.get(from, to);
        return row ? (row.depth as number) + 1 : 0;
      })),
    graphology: () => sum(pairs.map(([from, to]) => bidirectional(graph, from, to)?.length ?? 0)),
  };
}

function measure(work: Work, rounds: number): { milliseconds: number; found: number } {
  let best = Infinity;
  let found = 0;
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    found = work();
    best = Math.min(best, performance.now() - start);
  }
  return { milliseconds: best, found };
}

function row({ title, aql, sql, graphology, edges }: Task, rounds: number): string[] {
  const [own, recursive, memory] = [aql, sql, graphology].map((work) => measure(work, rounds));
  const found = new Set([own!.found, recursive!.found, memory!.found]);
  if (found.size > 1) throw new Error(`the contestants disagree on '${title}': ${[...found].join(", ")} found`);
  const ratio = (rival: { milliseconds: number }): string => (own!.milliseconds / rival.milliseconds).toFixed(2);
  return [
    title,
    thousands(own!.found),
    edges === undefined ? "" : thousands(edges),
    ...[own!, recursive!, memory!].map(({ milliseconds }) => seconds(milliseconds)),
    edges === undefined ? "" : thousands(edges / (own!.milliseconds / 1000)),
    ratio(recursive!),
    ratio(memory!),
  ];
}

function main(): void {
  const options = scriptOptions(Deno.args, { vertices: 100_000, edges: 1_000_000, starts: 20, pairs: 10, rounds: 3 });
  const { vertices, rounds } = options;
  const directory = Deno.makeTempDirSync();
  try {
    using engine = Engine.open({ directory });
    const database = engine.database("_system");
    const person = database.createCollection({ name: "person" });
    const knows = database.createCollection({ name: "knows", type: 3 });
    say(`loading ${thousands(vertices)} vertices and ${thousands(options.edges)} edges`);
    const edges = generate(vertices, options.edges);
    fillCollection(engine, person, vertices, (i) => `{"_key":"p${i}","name":"Person ${i}","age":${i % 90}}`);
    fillCollection(
      engine,
      knows,
      options.edges,
      (i) => `{"_from":"${idOf(edges.from[i]!)}","_to":"${idOf(edges.to[i]!)}","since":${2000 + i % 25}}`,
    );
    const graph = inMemory(vertices, edges);
    const query = queriesOf(engine, new EngineSource(database));
    using sqlite = new DatabaseSync(":memory:");
    sqlite.prepare("ATTACH ? AS v").run(person.reading()!.file.path);
    sqlite.prepare("ATTACH ? AS e").run(knows.reading()!.file.path);
    const random = randomNumbers(2);
    const any = (): string => idOf(Math.floor(vertices * random()));
    const starts = Array.from({ length: options.starts }, any);
    const pairs = Array.from({ length: options.pairs }, () => [any(), any()] as const);
    const tasks = [1, 2, 3].flatMap((depth) =>
      [false, true].map((whole) => neighbours(query, sqlite, graph, starts, depth, whole))
    );
    tasks.push(shortestPaths(query, sqlite, graph, pairs));
    const rows = [[
      "work<",
      "found",
      "edges",
      "AQL",
      "SQL",
      "graphology",
      "AQL, edges/s",
      "AQL is, of SQL's time",
      "of graphology's",
    ]];
    for (const task of tasks) rows.push(row(task, rounds));
    say(table(rows));
  } finally {
    Deno.removeSync(directory, { recursive: true });
  }
}

main();

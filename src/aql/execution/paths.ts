/**
 * SHORTEST_PATH, K_SHORTEST_PATHS, ALL_SHORTEST_PATHS and K_PATHS.
 *
 * Source: sections 11.2 to 11.5 of `aql.md`.
 *
 * @module
 */
import type { PathNode } from "../plan/nodes.ts";
import type { AqlObject, AqlValue } from "../values.ts";
import { compile, type Evaluator, type Row } from "./compile.ts";
import type { QueryContext } from "./context.ts";
import { GraphReader, PriorityQueue, startVertex, weigher } from "./graph_reader.ts";
import { Loop, type Values } from "./loops.ts";
import type { Operator } from "./operator.ts";

/** A path: one vertex more than edges. */
interface Path {
  readonly vertices: readonly string[];
  readonly edges: readonly AqlObject[];
  readonly weight: number;
}

type Weight = (edge: AqlObject) => number;

/** What a search must not use. */
interface Barred {
  readonly vertices: ReadonlySet<string>;
  readonly edges: ReadonlySet<AqlValue>;
}

const NOTHING: Barred = { vertices: new Set(), edges: new Set() };

interface Reached {
  readonly vertex: string;
  readonly edge: AqlObject | undefined;
  readonly previous: Reached | undefined;
  readonly weight: number;
}

function pathOf(end: Reached): Path {
  const vertices: string[] = [];
  const edges: AqlObject[] = [];
  for (let at: Reached | undefined = end; at; at = at.previous) {
    vertices.push(at.vertex);
    if (at.edge) edges.push(at.edge);
  }
  return { vertices: vertices.reverse(), edges: edges.reverse(), weight: end.weight };
}

/** The lightest path between two vertices, by Dijkstra's algorithm; among equals the one with the earlier edges. */
function lightestPath(
  reader: GraphReader,
  weight: Weight,
  from: string,
  to: string,
  barred = NOTHING,
): Path | undefined {
  const queue = new PriorityQueue<Reached>();
  const settled = new Set<string>();
  queue.push({ vertex: from, edge: undefined, previous: undefined, weight: 0 }, 0);
  for (let at = queue.pop(); at; at = queue.pop()) {
    if (settled.has(at.vertex)) continue;
    settled.add(at.vertex);
    if (at.vertex === to) return pathOf(at);
    for (const { edge, vertex } of reader.neighbours(at.vertex)) {
      if (settled.has(vertex) || barred.vertices.has(vertex) || barred.edges.has(edge._id!)) continue;
      const total = at.weight + weight(edge);
      queue.push({ vertex, edge, previous: at, weight: total }, total);
    }
  }
  return undefined;
}

/** Paths without repeated vertices by ascending weight, by Yen's algorithm. */
function* lightestPaths(reader: GraphReader, weight: Weight, from: string, to: string): Generator<Path> {
  const first = lightestPath(reader, weight, from, to);
  if (!first) return;
  const given: Path[] = [];
  const seen = new Set<string>([identity(first)]);
  const candidates = new PriorityQueue<Path>();
  candidates.push(first, first.weight);
  for (let path = candidates.pop(); path; path = candidates.pop()) {
    yield path;
    given.push(path);
    for (let i = path.edges.length - 1; i >= 0; i--) {
      const root = path.edges.slice(0, i);
      const spur = path.vertices[i]!;
      const edges = new Set<AqlValue>();
      for (const other of given) {
        if (root.every((edge, at) => other.edges[at]?._id === edge._id)) {
          const next = other.edges[i];
          if (next) edges.add(next._id!);
        }
      }
      const rest = lightestPath(reader, weight, spur, to, { vertices: new Set(path.vertices.slice(0, i)), edges });
      if (!rest) continue;
      const candidate = {
        vertices: [...path.vertices.slice(0, i), ...rest.vertices],
        edges: [...root, ...rest.edges],
        weight: root.reduce((sum, edge) => sum + weight(edge), 0) + rest.weight,
      };
      const key = identity(candidate);
      if (seen.has(key)) continue;
      seen.add(key);
      candidates.push(candidate, candidate.weight);
    }
  }
}

function identity({ vertices, edges }: Path): string {
  return JSON.stringify([vertices[0], ...edges.map(({ _id }) => _id)]);
}

/** All paths with the fewest edges. */
function* shortestPaths(reader: GraphReader, from: string, to: string): Generator<Path> {
  if (from === to) return yield { vertices: [from], edges: [], weight: 0 };
  /** The ways into each vertex on shortest paths, by vertex. */
  const ways = new Map<string, { readonly edge: AqlObject; readonly from: string }[]>([[from, []]]);
  let level = [from];
  while (level.length > 0 && !ways.has(to)) {
    const next = new Map<string, { readonly edge: AqlObject; readonly from: string }[]>();
    for (const vertex of level) {
      for (const { edge, vertex: reached } of reader.neighbours(vertex)) {
        if (ways.has(reached)) continue;
        const known = next.get(reached);
        if (known) known.push({ edge, from: vertex });
        else next.set(reached, [{ edge, from: vertex }]);
      }
    }
    for (const [vertex, into] of next) ways.set(vertex, into);
    level = [...next.keys()];
  }
  if (!ways.has(to)) return;
  yield* back(to, [to], []);

  function* back(vertex: string, vertices: readonly string[], edges: readonly AqlObject[]): Generator<Path> {
    if (vertex === from) yield { vertices, edges, weight: edges.length };
    for (const way of ways.get(vertex)!) yield* back(way.from, [way.from, ...vertices], [way.edge, ...edges]);
  }
}

/** All paths without repeated vertices that have so many edges. */
function* allPaths(reader: GraphReader, from: string, to: string, min: number, max: number): Generator<Path> {
  const stack: Path[] = [{ vertices: [from], edges: [], weight: 0 }];
  for (let path = stack.pop(); path; path = stack.pop()) {
    const { vertices, edges } = path;
    const at = vertices.at(-1)!;
    if (at === to) {
      if (edges.length >= min) yield path;
      continue;
    }
    if (edges.length >= max) continue;
    for (const { edge, vertex } of reader.neighbours(at)) {
      if (vertices.includes(vertex)) continue;
      stack.push({ vertices: [...vertices, vertex], edges: [...edges, edge], weight: edges.length + 1 });
    }
  }
}

/** A row of a path search: the values of its variables. */
type PathRow = readonly AqlValue[];

class Taken implements Values<PathRow> {
  readonly #rows: Iterator<PathRow>;

  constructor(rows: Iterable<PathRow>) {
    this.#rows = rows[Symbol.iterator]();
  }

  next(max: number): PathRow[] {
    const found: PathRow[] = [];
    while (found.length < max) {
      const { done, value } = this.#rows.next();
      if (done) break;
      found.push(value);
    }
    return found;
  }
}

/** A search between two vertices for each row. */
export class PathSearch extends Loop<PathRow> {
  readonly #node: PathNode;
  readonly #reader: GraphReader;
  readonly #start: Evaluator;
  readonly #target: Evaluator;

  constructor(node: PathNode, upstream: Operator, filter: Evaluator | undefined, context: QueryContext) {
    super(upstream, filter, context);
    this.#node = node;
    this.#reader = new GraphReader(context, node.edges);
    this.#start = compile(node.start, context);
    this.#target = compile(node.target, context);
  }

  protected valuesFor(row: Row): Values<PathRow> | undefined {
    const ends: (string | undefined)[] = [];
    for (const end of [this.#start, this.#target]) {
      const vertex = startVertex(end(row), "Shortest Path", this.context);
      if (vertex === undefined) return undefined;
      ends.push(vertex);
    }
    return new Taken(this.#search(ends[0]!, ends[1]!));
  }

  *#search(from: string, to: string): Generator<PathRow> {
    const reader = this.#reader;
    const { search, depth } = this.#node;
    const weight = weigher(this.#node.settings);
    switch (search) {
      case "SHORTEST_PATH": {
        const path = lightestPath(reader, weight, from, to);
        if (!path) return;
        for (let i = 0; i < path.vertices.length; i++) {
          yield [reader.vertex(path.vertices[i]!), path.edges[i - 1] ?? null];
        }
        return;
      }
      case "K_SHORTEST_PATHS":
        for (const path of lightestPaths(reader, weight, from, to)) {
          yield [{ ...reader.path(path.vertices, path.edges), weight: path.weight }];
        }
        return;
      case "ALL_SHORTEST_PATHS":
        for (const { vertices, edges } of shortestPaths(reader, from, to)) yield [reader.path(vertices, edges)];
        return;
      case "K_PATHS":
        for (const { vertices, edges } of allPaths(reader, from, to, depth.min, depth.max)) {
          yield [reader.path(vertices, edges)];
        }
    }
  }

  protected assign(row: Row, values: PathRow): void {
    this.#node.outVariables.forEach(({ id }, i) => row[id] = values[i] ?? null);
  }
}

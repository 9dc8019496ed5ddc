/**
 * How paths between two vertices are found.
 *
 * @module
 */
import { type Edge, identityOf } from "./edge_reader.ts";
import type { Neighbourhood } from "./graph_reader.ts";
import { PriorityQueue } from "./priority_queue.ts";

/** A path: one vertex more than edges. */
export interface Path {
  readonly vertices: readonly number[];
  readonly edges: readonly Edge[];
  readonly weight: number;
}

/** What weighs edges. */
export type Weight = (edge: Edge) => number;

/** What a search must not use. */
interface Barred {
  readonly vertices: ReadonlySet<number>;
  readonly edges: ReadonlySet<string>;
}

/** Nothing is barred. */
export const NOTHING: Barred = { vertices: new Set(), edges: new Set() };

/** Vertices of a level are read in portions of this size. */
const PORTION = 512;

interface Reached {
  readonly vertex: number;
  readonly edge: Edge | undefined;
  readonly previous: Reached | undefined;
  readonly weight: number;
}

/** Joins a way from the start with one from the target, which both end at the same vertex. */
function joined(forward: Reached, backward: Reached): Path {
  const vertices: number[] = [];
  const edges: Edge[] = [];
  for (let at: Reached | undefined = forward; at; at = at.previous) {
    vertices.push(at.vertex);
    if (at.edge !== undefined) edges.push(at.edge);
  }
  vertices.reverse();
  edges.reverse();
  for (let at = backward; at.previous; at = at.previous) {
    edges.push(at.edge!);
    vertices.push(at.previous.vertex);
  }
  return { vertices, edges, weight: forward.weight + backward.weight };
}

function start(vertex: number): Reached {
  return { vertex, edge: undefined, previous: undefined, weight: 0 };
}

/** Which of several shortest paths is taken: that over the edges that were written first, or last. */
type PathOrder = "first" | "last";

/** A path with the fewest edges, by levels from both ends. */
function shortPath(
  reader: Neighbourhood,
  from: number,
  to: number,
  barred: Barred,
  order: PathOrder,
): Path | undefined {
  const sides = [from, to].map((vertex) => {
    const first = start(vertex);
    return { level: [first], known: new Map([[vertex, first]]) };
  });
  while (sides.every(({ level }) => level.length > 0)) {
    const reverse = sides[0]!.level.length > sides[1]!.level.length;
    const [side, other] = reverse ? [sides[1]!, sides[0]!] : [sides[0]!, sides[1]!];
    const next: Reached[] = [];
    for (const at of loaded(side.level, ({ vertex }) => vertex, reader, reverse)) {
      const { vertices, edges } = reader.neighbours(at.vertex, reverse);
      for (let n = 0; n < vertices.length; n++) {
        const i = order === "last" ? vertices.length - 1 - n : n;
        const vertex = vertices[i]!;
        if (side.known.has(vertex) || isBarred(barred, vertex, edges[i]!)) continue;
        const reached = { vertex, edge: edges[i]!, previous: at, weight: at.weight + 1 };
        const met = other.known.get(vertex);
        if (met) return reverse ? joined(met, reached) : joined(reached, met);
        side.known.set(vertex, reached);
        next.push(reached);
      }
    }
    side.level = next;
  }
  return undefined;
}

function isBarred(barred: Barred, vertex: number, edge: Edge): boolean {
  return barred.vertices.has(vertex) || (barred.edges.size > 0 && barred.edges.has(identityOf(edge)));
}

/** The members of a level, whose neighbours are loaded portion by portion. */
function* loaded<T>(
  level: readonly T[],
  vertexOf: (member: T) => number,
  reader: Neighbourhood,
  reverse: boolean,
): Generator<T> {
  for (let from = 0; from < level.length; from += PORTION) {
    const portion = level.slice(from, from + PORTION);
    const missing = portion.map(vertexOf).filter((vertex) => !reader.knows(vertex, reverse));
    if (missing.length > 0) reader.load(missing, reverse);
    yield* portion;
  }
}

function itself(vertex: number): number {
  return vertex;
}

/** One end of a search by weights. */
class Side {
  readonly settled = new Map<number, Reached>();
  readonly queue = new PriorityQueue<Reached>();
  readonly reverse: boolean;
  /** How vertices were reached with the least weight so far. */
  readonly #best = new Map<number, Reached>();

  constructor(vertex: number, reverse: boolean) {
    this.reverse = reverse;
    const first = start(vertex);
    this.#best.set(vertex, first);
    this.queue.push(first, 0);
  }

  /** Settles the next vertex; undefined when there is none. */
  settle(): Reached | undefined {
    for (;;) {
      const next = this.queue.pop();
      if (!next) return undefined;
      if (this.settled.has(next.vertex)) continue;
      this.settled.set(next.vertex, next);
      return next;
    }
  }

  /** Notes the neighbours of a settled vertex, and tells of each. */
  spread(at: Reached, reader: Neighbourhood, weight: Weight, barred: Barred, found: (reached: Reached) => void): void {
    if (!reader.knows(at.vertex, this.reverse)) {
      const soon = new Set([at.vertex]);
      for (const { vertex } of this.queue.members()) {
        if (soon.size >= Math.min(PORTION, this.settled.size)) break;
        if (!reader.knows(vertex, this.reverse)) soon.add(vertex);
      }
      reader.load([...soon], this.reverse);
    }
    const { vertices, edges } = reader.neighbours(at.vertex, this.reverse);
    for (let i = 0; i < vertices.length; i++) {
      const vertex = vertices[i]!;
      const edge = edges[i]!;
      const total = at.weight + weight(edge);
      if (this.settled.has(vertex) || isBarred(barred, vertex, edge)) continue;
      if (total >= (this.#best.get(vertex)?.weight ?? Infinity)) continue;
      const reached = { vertex, edge, previous: at, weight: total };
      this.#best.set(vertex, reached);
      this.queue.push(reached, total);
      found(reached);
    }
  }

  /** How this side has come to a vertex with the least weight so far. */
  way(vertex: number): Reached | undefined {
    return this.#best.get(vertex);
  }
}

/** The lightest path, by Dijkstra's algorithm from both ends. */
function lightPath(
  reader: Neighbourhood,
  weight: Weight,
  from: number,
  to: number,
  barred: Barred,
): Path | undefined {
  const sides = [new Side(from, false), new Side(to, true)] as const;
  let best: { readonly forward: Reached; readonly backward: Reached } | undefined;
  let least = Infinity;
  while (sides[0].queue.size > 0 && sides[1].queue.size > 0) {
    if (sides[0].queue.least + sides[1].queue.least >= least) break;
    const [side, other] = sides[0].queue.least <= sides[1].queue.least ? sides : [sides[1], sides[0]];
    const at = side.settle();
    if (!at) break;
    const met = other.way(at.vertex);
    if (met && at.weight + met.weight < least) join(side, at, met);
    side.spread(at, reader, weight, barred, (reached) => {
      const known = other.way(reached.vertex);
      if (known && reached.weight + known.weight < least) join(side, reached, known);
    });
  }
  return best && joined(best.forward, best.backward);

  function join(side: Side, own: Reached, other: Reached): void {
    least = own.weight + other.weight;
    best = side.reverse ? { forward: other, backward: own } : { forward: own, backward: other };
  }
}

/** The path with the least weight, or without weights the one with the fewest edges. */
export function bestPath(
  reader: Neighbourhood,
  weight: Weight | undefined,
  from: number,
  to: number,
  barred: Barred,
  order: PathOrder,
): Path | undefined {
  if (from === to) return { vertices: [from], edges: [], weight: 0 };
  return weight ? lightPath(reader, weight, from, to, barred) : shortPath(reader, from, to, barred, order);
}

/** Paths without repeated vertices by ascending weight, by Yen's algorithm. */
export function* bestPaths(
  reader: Neighbourhood,
  weight: Weight | undefined,
  from: number,
  to: number,
): Generator<Path> {
  const first = bestPath(reader, weight, from, to, NOTHING, "first");
  if (!first) return;
  const given: Path[] = [];
  const seen = new Set<string>([textOf(first)]);
  const candidates = new PriorityQueue<Path>();
  candidates.push(first, first.weight);
  for (let path = candidates.pop(); path; path = candidates.pop()) {
    yield path;
    given.push(path);
    for (let i = path.edges.length - 1; i >= 0; i--) {
      const root = path.edges.slice(0, i);
      const barred = { vertices: new Set(path.vertices.slice(0, i)), edges: edgesBehind(root, given) };
      const rest = bestPath(reader, weight, path.vertices[i]!, to, barred, "first");
      if (!rest) continue;
      const candidate = {
        vertices: [...path.vertices.slice(0, i), ...rest.vertices],
        edges: [...root, ...rest.edges],
        weight: root.reduce((sum, edge) => sum + (weight?.(edge) ?? 1), 0) + rest.weight,
      };
      const text = textOf(candidate);
      if (seen.has(text)) continue;
      seen.add(text);
      candidates.push(candidate, candidate.weight);
    }
  }
}

/** The edges that follow a root in those paths that begin with it. */
function edgesBehind(root: readonly Edge[], paths: readonly Path[]): Set<string> {
  const beginning = root.map(identityOf);
  const those = paths.filter(({ edges }) =>
    edges.length > root.length && beginning.every((one, at) => identityOf(edges[at]!) === one)
  );
  return new Set(those.map(({ edges }) => identityOf(edges[root.length]!)));
}

function textOf({ vertices, edges }: Path): string {
  return JSON.stringify([vertices[0], ...edges.map(identityOf)]);
}

/** The edges that lead to a vertex on shortest paths from one end, with the vertices before it. */
interface Way {
  readonly edge: Edge;
  readonly vertex: number;
}

/** All paths with the fewest edges, by levels from both ends. */
export function* shortestPaths(reader: Neighbourhood, from: number, to: number): Generator<Path> {
  if (from === to) return yield { vertices: [from], edges: [], weight: 0 };
  const sides = [from, to].map((vertex) => ({ level: [vertex], ways: new Map<number, Way[]>([[vertex, []]]) }));
  const [forward, backward] = sides as [typeof sides[0], typeof sides[0]];
  for (;;) {
    if (forward.level.length === 0 || backward.level.length === 0) return;
    const reverse = forward.level.length > backward.level.length;
    const [side, other] = reverse ? [backward, forward] : [forward, backward];
    const next = new Map<number, Way[]>();
    for (const at of loaded(side.level, itself, reader, reverse)) {
      const { vertices, edges } = reader.neighbours(at, reverse);
      for (let i = 0; i < vertices.length; i++) {
        const vertex = vertices[i]!;
        if (side.ways.has(vertex)) continue;
        const way = { edge: edges[i]!, vertex: at };
        const known = next.get(vertex);
        if (known) known.push(way);
        else next.set(vertex, [way]);
      }
    }
    for (const [vertex, ways] of next) side.ways.set(vertex, ways);
    side.level = [...next.keys()];
    // every shortest path passes the newest level of this side exactly once
    const met = side.level.filter((vertex) => other.ways.has(vertex));
    if (met.length === 0) continue;
    // the recorded example GRAPHASP_02 has them in this order
    for (const vertex of met.toReversed()) yield* through(vertex);
    return;
  }

  function* through(vertex: number): Generator<Path> {
    for (const before of waysTo(forward!.ways, vertex)) {
      for (const after of waysTo(backward!.ways, vertex)) {
        yield {
          vertices: [...before.toReversed().map((way) => way.vertex), vertex, ...after.map((way) => way.vertex)],
          edges: [...before.toReversed().map((way) => way.edge), ...after.map((way) => way.edge)],
          weight: before.length + after.length,
        };
      }
    }
  }
}

/** All ways from a vertex back to the end that a side started from. */
function* waysTo(ways: ReadonlyMap<number, readonly Way[]>, vertex: number): Generator<readonly Way[]> {
  const steps = ways.get(vertex)!;
  if (steps.length === 0) yield [];
  for (const step of steps) for (const rest of waysTo(ways, step.vertex)) yield [step, ...rest];
}

/** All paths without repeated vertices that have so many edges. */
export function* allPaths(reader: Neighbourhood, from: number, to: number, min: number, max: number): Generator<Path> {
  if (from === to) {
    if (min === 0) yield { vertices: [from], edges: [], weight: 0 };
    return;
  }
  const distances = distancesTo(reader, to, max - 1);
  const stack: Path[] = [{ vertices: [from], edges: [], weight: 0 }];
  for (let path = stack.pop(); path; path = stack.pop()) {
    const { vertices, edges } = path;
    const at = vertices.at(-1)!;
    if (at === to) {
      if (edges.length >= min) yield path;
      continue;
    }
    if (edges.length >= max) continue;
    const next = reader.neighbours(at);
    for (let i = 0; i < next.vertices.length; i++) {
      const vertex = next.vertices[i]!;
      const distance = distances.get(vertex);
      if (distance === undefined || edges.length + 1 + distance > max || vertices.includes(vertex)) continue;
      stack.push({ vertices: [...vertices, vertex], edges: [...edges, next.edges[i]!], weight: edges.length + 1 });
    }
  }
}

/** How many edges it takes at least from vertices to a target, as far as no more than `max`. */
function distancesTo(reader: Neighbourhood, target: number, max: number): Map<number, number> {
  const distances = new Map([[target, 0]]);
  let level = [target];
  for (let distance = 1; distance <= max && level.length > 0; distance++) {
    const next: number[] = [];
    for (const at of loaded(level, itself, reader, true)) {
      for (const vertex of reader.neighbours(at, true).vertices) {
        if (distances.has(vertex)) continue;
        distances.set(vertex, distance);
        next.push(vertex);
      }
    }
    level = next;
  }
  return distances;
}

/**
 * How a traversal walks a graph: in which order, and which vertices and edges it leaves out.
 *
 * Source: section 11.1 of `aql.md`.
 *
 * @module
 */
import type { TraversalSettings } from "../plan/graph_settings.ts";
import type { AqlValue } from "../values.ts";
import type { QueryContext } from "./context.ts";
import { type Edge, type EdgeReader, identityOf } from "./edge_reader.ts";
import { type GraphReader, weigher } from "./graph_reader.ts";
import type { Values } from "./loops.ts";
import { PriorityQueue } from "./priority_queue.ts";

/** An edge that nothing is known of but which one of its start vertex's it is: enough where none is followed both ways. */
type Place = number;

/** A vertex at the end of a path, which goes back step by step. */
export interface Step {
  /** See {@linkcode GraphReader.numberOf}. */
  readonly vertex: number;
  readonly edge: Edge | Place | null;
  readonly previous: Step | undefined;
  readonly depth: number;
  readonly weight: number;
  /** What PRUNE computed here. */
  pruned: AqlValue;
}

/** The steps that are still to be taken, in the order of the traversal. */
interface Frontier {
  readonly size: number;
  add(step: Step): void;
  take(): Step | undefined;
  /** The steps, those that come next roughly first. */
  upcoming(): Iterable<Step>;
}

class Stack implements Frontier {
  readonly #steps: Step[] = [];

  get size(): number {
    return this.#steps.length;
  }

  add(step: Step): void {
    this.#steps.push(step);
  }

  take(): Step | undefined {
    return this.#steps.pop();
  }

  *upcoming(): Generator<Step> {
    for (let i = this.#steps.length - 1; i >= 0; i--) yield this.#steps[i]!;
  }
}

class Queue implements Frontier {
  #steps: Step[] = [];
  #next = 0;

  get size(): number {
    return this.#steps.length - this.#next;
  }

  add(step: Step): void {
    this.#steps.push(step);
  }

  take(): Step | undefined {
    if (this.#next > 10_000 && this.#next * 2 > this.#steps.length) {
      this.#steps = this.#steps.slice(this.#next);
      this.#next = 0;
    }
    return this.#steps[this.#next++];
  }

  *upcoming(): Generator<Step> {
    for (let i = this.#next; i < this.#steps.length; i++) yield this.#steps[i]!;
  }
}

class Lightest implements Frontier {
  readonly #queue = new PriorityQueue<Step>();

  get size(): number {
    return this.#queue.size;
  }

  add(step: Step): void {
    this.#queue.push(step, step.weight, step.depth);
  }

  take(): Step | undefined {
    return this.#queue.pop();
  }

  upcoming(): Iterable<Step> {
    return this.#queue.members();
  }
}

function frontierFor(order: TraversalSettings["order"]): Frontier {
  if (order === "dfs") return new Stack();
  return order === "bfs" ? new Queue() : new Lightest();
}

/** Bytes that a waiting step takes. */
const STEP_SIZE = 64;
/** Bytes that the number of a vertex takes among those that were visited. */
const VISIT_SIZE = 32;
/** How many vertices are expanded by one look at the stored edges, at most. */
const MOST_AHEAD = 512;
/** How many waiting steps are looked at for that. */
const LOOKED_AT = 4 * MOST_AHEAD;

/** What a walk asks of its surroundings at each step. */
export interface StepTests {
  /** Whether the path to a step is wanted, with all that continue it. */
  readonly accepts: ((step: Step) => boolean) | undefined;
  /** Whether paths end at a step. */
  readonly prunes: ((step: Step) => boolean) | undefined;
}

/** Walks a graph from one vertex. */
export class Walk implements Values<Step> {
  readonly #reader: GraphReader;
  readonly #settings: TraversalSettings;
  readonly #tests: StepTests;
  readonly #context: QueryContext;
  readonly #frontier: Frontier;
  readonly #visited = new Set<number>();
  readonly #weight: (edge: Edge) => number;
  /** Whether paths have to be searched for edges that they have already. */
  readonly #checkEdges: boolean;
  #ahead = 1;
  #held = 0;

  constructor(
    reader: GraphReader,
    settings: TraversalSettings,
    start: number,
    tests: StepTests,
    context: QueryContext,
  ) {
    this.#reader = reader;
    this.#settings = settings;
    this.#tests = tests;
    this.#context = context;
    this.#frontier = frontierFor(settings.order);
    this.#weight = settings.order === "weighted" ? weigher(settings) : () => 1;
    // where no vertex comes twice, no edge does
    this.#checkEdges = settings.uniqueEdges === "path" && settings.uniqueVertices === "none" && settings.depth.max > 1;
    this.#visited.add(start);
    this.#frontier.add({ vertex: start, edge: null, previous: undefined, depth: 0, weight: 0, pruned: null });
  }

  next(max: number): Step[] {
    const { min, max: deepest } = this.#settings.depth;
    const { accepts, prunes } = this.#tests;
    const found: Step[] = [];
    while (found.length < max) {
      const step = this.#frontier.take();
      if (!step) break;
      if (!this.#isNew(step) || (accepts && !accepts(step))) continue;
      const ends = prunes?.(step) ?? false;
      if (step.depth >= min) found.push(step);
      if (step.depth < deepest && !ends) this.#expand(step);
    }
    this.#account();
    return found;
  }

  /** Counts the memory of what waits, and of what is not to be visited again. */
  #account(): void {
    const held = this.#frontier.size * STEP_SIZE + this.#visited.size * VISIT_SIZE;
    if (held > this.#held) this.#context.memory.grow(held - this.#held);
    else this.#context.memory.shrink(this.#held - held);
    this.#held = held;
  }

  #isNew(step: Step): boolean {
    const { uniqueVertices, vertexCollections, order } = this.#settings;
    if (step.depth === 0) return true;
    if (uniqueVertices === "global" && order === "weighted") {
      if (this.#visited.has(step.vertex)) return false;
      this.#visited.add(step.vertex);
    } else if (uniqueVertices === "path") {
      for (let at = step.previous; at; at = at.previous) if (at.vertex === step.vertex) return false;
    }
    if (!vertexCollections) return true;
    const id = this.#reader.idOf(step.vertex);
    return vertexCollections.has(id.slice(0, id.indexOf("/")));
  }

  #expand(step: Step): void {
    const { vertex, depth } = step;
    const reader = this.#reader.at(depth);
    if (!reader.knows(vertex)) this.#load(step, reader);
    const { vertices, edges } = reader.neighbours(vertex);
    const { uniqueVertices, order } = this.#settings;
    // level by level, the first way to a vertex is the one that counts
    const visited = uniqueVertices === "global" && order === "bfs" ? this.#visited : undefined;
    for (let i = 0; i < vertices.length; i++) {
      const next = vertices[i]!;
      const edge = edges.length === 0 ? i : edges[i]!;
      if (visited) {
        if (visited.has(next)) continue;
        visited.add(next);
      }
      if (this.#checkEdges && depth > 0 && isOnPath(edge, step)) continue;
      this.#frontier.add({
        vertex: next,
        edge,
        previous: step,
        depth: depth + 1,
        weight: step.weight + (typeof edge === "number" ? 1 : this.#weight(edge)),
        pruned: null,
      });
    }
    if (this.#frontier.size * STEP_SIZE > this.#held + (1 << 20)) this.#account();
  }

  /** Reads the edges of a step and of some that will be expanded soon: more each time, as a query may stop early. */
  #load({ vertex }: Step, reader: EdgeReader): void {
    const { max } = this.#settings.depth;
    const wanted = new Set([vertex]);
    let looked = 0;
    for (const step of this.#frontier.upcoming()) {
      if (wanted.size >= this.#ahead || looked++ > LOOKED_AT) break;
      if (step.depth < max && this.#reader.at(step.depth) === reader && !reader.knows(step.vertex)) {
        wanted.add(step.vertex);
      }
    }
    this.#ahead = Math.min(this.#ahead * 4, MOST_AHEAD);
    reader.load([...wanted]);
  }
}

/** Whether an edge at the end of a path is on the path already. */
function isOnPath(edge: Edge | Place, end: Step): boolean {
  if (typeof edge === "number") {
    for (let at = end; at.previous; at = at.previous) {
      if (at.edge === edge && at.previous.vertex === end.vertex) return true;
    }
    return false;
  }
  const identity = identityOf(edge);
  for (let at = end; at.previous; at = at.previous) if (identityOf(at.edge as Edge) === identity) return true;
  return false;
}

/**
 * FOR v, e, p IN … traversals.
 *
 * Source: section 11.1 of `aql.md`.
 *
 * @module
 */
import type { PathCondition, TraversalNode } from "../plan/nodes.ts";
import type { EdgeWish } from "../data_source.ts";
import type { AttributeUse } from "../plan/attribute_uses.ts";
import { type Variable, variablesOf } from "../plan/expression.ts";
import type { TraversalSettings } from "../plan/graph_settings.ts";
import { type AqlObject, type AqlValue, isTruthy } from "../values.ts";
import { compile, type Evaluator, type Row } from "./compile.ts";
import type { QueryContext } from "./context.ts";
import { type Edge, type EdgeReader, identityOf } from "./edge_reader.ts";
import { GraphReader, PriorityQueue, startVertex, type StepLookups, weigher } from "./graph_reader.ts";
import { Loop, type Values } from "./loops.ts";
import type { Operator } from "./operator.ts";

/** An edge that nothing is known of but which one of its start vertex's it is: enough where none is followed both ways. */
type Place = number;

/** A vertex at the end of a path, which goes back step by step. */
interface Step {
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
interface StepTests {
  /** Whether the path to a step is wanted, with all that continue it. */
  readonly accepts: ((step: Step) => boolean) | undefined;
  /** Whether paths end at a step. */
  readonly prunes: ((step: Step) => boolean) | undefined;
}

/** Walks a graph from one vertex. */
class Walk implements Values<Step> {
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

/** A condition on one vertex or edge of the path. */
interface Test {
  readonly condition: PathCondition;
  readonly holds: (row: Row) => boolean;
}

/** What queries see of a traversal: which variables, and which parts of them. */
export interface TraversalUses {
  readonly vertex: AttributeUse;
  readonly edge: AttributeUse;
  readonly path: AttributeUse;
}

/** Whether a use reads an attribute. */
function reads(use: AttributeUse, name: string): boolean {
  return use === "whole" || use.has(name);
}

const IDENTITY: ReadonlySet<string> = new Set(["_key", "_id"]);

/** A traversal for each row. */
export class Traversal extends Loop<Step> {
  readonly #node: TraversalNode;
  readonly #reader: GraphReader;
  readonly #start: Evaluator;
  readonly #prune: Evaluator | undefined;
  readonly #inPrune: ReadonlySet<Variable>;
  readonly #tests: readonly Test[];
  readonly #uses: TraversalUses;
  readonly #needsVertex: boolean;
  readonly #needsEdge: boolean;
  readonly #pathParts: readonly ("vertices" | "edges" | "weights")[];

  /** @param uses what is read of the variables by other nodes: what nobody reads is not loaded */
  constructor(
    node: TraversalNode,
    upstream: Operator,
    filter: Evaluator | undefined,
    context: QueryContext,
    uses: TraversalUses,
  ) {
    super(upstream, filter, context);
    this.#node = node;
    this.#uses = uses;
    this.#start = compile(node.start, context);
    this.#prune = node.prune && compile(node.prune.condition, context);
    this.#inPrune = node.prune ? variablesOf(node.prune.condition) : new Set();
    this.#tests = (node.conditions ?? []).map((condition) => {
      const test = compile(condition.condition, context);
      return { condition, holds: (row) => isTruthy(test(row)) };
    });
    this.#needsVertex = isRead(uses.vertex);
    this.#needsEdge = isRead(uses.edge);
    this.#pathParts = node.pathOutVariable && isRead(uses.path)
      ? (["vertices", "edges", "weights"] as const).filter((one) => reads(uses.path, one))
      : [];
    const lookups = this.#stepLookups();
    const needs = { edges: lookups ? "edges" as const : this.#edgeWish(), vertices: this.#vertexNeeds() };
    this.#reader = new GraphReader(context, node.edges, needs, lookups);
  }

  /** The indexes of the steps, where they are not the edge index. */
  #stepLookups(): StepLookups | undefined {
    const { lookups = [], vertexOutVariable, edgeOutVariable } = this.#node;
    if (lookups.every(({ index }) => index.type === "edge")) return undefined;
    return { lookups, edge: edgeOutVariable ?? vertexOutVariable };
  }

  #edgeWish(): EdgeWish {
    if (this.#needsWholeEdges()) return "edges";
    return this.#node.edges.some(({ direction }) => direction === "ANY") ? "identities" : "ends";
  }

  #needsWholeEdges(): boolean {
    const { edgeOutVariable: edge, pathOutVariable: path, settings } = this.#node;
    return this.#needsEdge || this.#pathParts.includes("edges") ||
      this.#tests.some((one) => one.condition.part === "edge") ||
      (edge !== undefined && this.#inPrune.has(edge)) || (path !== undefined && this.#inPrune.has(path)) ||
      (settings.order === "weighted" && settings.weightAttribute !== undefined);
  }

  #vertexNeeds(): "whole" | "key" | "none" {
    const { vertexOutVariable: vertex, pathOutVariable: path } = this.#node;
    if (
      this.#pathParts.includes("vertices") || this.#inPrune.has(vertex) || (path && this.#inPrune.has(path)) ||
      this.#tests.some((one) => one.condition.part === "vertex")
    ) return "whole";
    const { vertex: use } = this.#uses;
    if (!isRead(use)) return "none";
    return use !== "whole" && [...use].every((name) => IDENTITY.has(name)) ? "key" : "whole";
  }

  protected valuesFor(row: Row): Values<Step> | undefined {
    const { context } = this;
    const start = startVertex(this.#start(row), "traversal", context);
    if (start === undefined) return undefined;
    const reader = this.#reader;
    reader.startFor(row);
    const walk = new Walk(reader, this.#node.settings, reader.numberOf(start), this.#testsFor(row), context);
    const whole = this.#pathParts.includes("vertices");
    if (!this.#needsVertex && !whole) return walk;
    return {
      next: (max) => {
        const steps = walk.next(max);
        reader.loadVertices(verticesOf(steps, whole));
        return steps;
      },
    };
  }

  #testsFor(row: Row): StepTests {
    const condition = this.#prune;
    const scratch = row.slice();
    const { vertexOutVariable, edgeOutVariable, pathOutVariable, prune } = this.#node;
    const tests = this.#tests;
    return {
      accepts: tests.length === 0
        ? undefined
        : (step) =>
          tests.every(({ condition: { part, depth, variable }, holds }) => {
            if (part === "edge" ? step.depth === 0 : false) return true;
            if (depth !== undefined && step.depth !== (part === "edge" ? depth + 1 : depth)) return true;
            scratch[variable.id] = part === "edge" ? step.edge : this.#reader.vertex(step.vertex);
            return holds(scratch);
          }),
      prunes: condition && ((step) => {
        if (this.#inPrune.has(vertexOutVariable)) scratch[vertexOutVariable.id] = this.#reader.vertex(step.vertex);
        if (edgeOutVariable && this.#inPrune.has(edgeOutVariable)) scratch[edgeOutVariable.id] = step.edge;
        if (pathOutVariable && this.#inPrune.has(pathOutVariable)) {
          scratch[pathOutVariable.id] = this.#path(step, PATH_PARTS);
        }
        const value = condition(scratch);
        if (prune!.variable) step.pruned = value;
        return isTruthy(value);
      }),
    };
  }

  protected assign(row: Row, step: Step): void {
    const { vertexOutVariable, edgeOutVariable, pathOutVariable, prune } = this.#node;
    if (this.#needsVertex) row[vertexOutVariable.id] = this.#reader.vertex(step.vertex);
    if (this.#needsEdge) row[edgeOutVariable!.id] = step.edge;
    if (this.#pathParts.length > 0) row[pathOutVariable!.id] = this.#path(step, this.#pathParts);
    if (prune?.variable) row[prune.variable.id] = step.pruned;
  }

  /** The path to a step as queries see it. */
  #path(end: Step, parts: readonly string[]): AqlObject {
    const steps: Step[] = [];
    for (let at: Step | undefined = end; at; at = at.previous) steps.push(at);
    steps.reverse();
    const path: AqlObject = {};
    for (const part of parts) {
      if (part === "vertices") path.vertices = steps.map(({ vertex }) => this.#reader.vertex(vertex));
      else if (part === "edges") path.edges = steps.slice(1).map(({ edge }) => edge);
      else path.weights = steps.map(({ weight }) => weight);
    }
    return path;
  }
}

const PATH_PARTS = ["vertices", "edges", "weights"];

function isRead(use: AttributeUse): boolean {
  return use === "whole" || use.size > 0;
}

function* verticesOf(steps: readonly Step[], whole: boolean): Generator<number> {
  for (const step of steps) {
    yield step.vertex;
    if (whole) { for (let at = step.previous; at; at = at.previous) yield at.vertex; }
  }
}

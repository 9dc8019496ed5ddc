/**
 * FOR v, e, p IN … traversals.
 *
 * Source: section 11.1 of `aql.md`.
 *
 * @module
 */
import type { TraversalNode } from "../plan/nodes.ts";
import { variablesOf } from "../plan/expression.ts";
import type { Variable } from "../plan/expression.ts";
import type { TraversalSettings } from "../plan/graph_settings.ts";
import { type AqlArray, type AqlObject, isTruthy } from "../values.ts";
import { compile, type Evaluator, type Row } from "./compile.ts";
import type { QueryContext } from "./context.ts";
import { GraphReader, PriorityQueue, startVertex, weigher } from "./graph_reader.ts";
import { Loop, type Values } from "./loops.ts";
import type { Operator } from "./operator.ts";

/** A vertex at the end of a path, which goes back step by step. */
export interface Step {
  readonly vertex: string;
  readonly edge: AqlObject | null;
  readonly previous: Step | undefined;
  readonly depth: number;
  readonly weight: number;
  /** What PRUNE computed here. */
  pruned?: ReturnType<Evaluator>;
}

/** The steps that are still to be taken, in the order of the traversal. */
interface Frontier {
  add(steps: readonly Step[]): void;
  take(): Step | undefined;
}

class Stack implements Frontier {
  readonly #steps: Step[] = [];

  add(steps: readonly Step[]): void {
    for (const step of steps) this.#steps.push(step);
  }

  take(): Step | undefined {
    return this.#steps.pop();
  }
}

class Queue implements Frontier {
  #steps: Step[] = [];
  #next = 0;

  add(steps: readonly Step[]): void {
    for (const step of steps) this.#steps.push(step);
  }

  take(): Step | undefined {
    if (this.#next > 10_000 && this.#next * 2 > this.#steps.length) {
      this.#steps = this.#steps.slice(this.#next);
      this.#next = 0;
    }
    return this.#steps[this.#next++];
  }
}

class Lightest implements Frontier {
  readonly #queue = new PriorityQueue<Step>();

  add(steps: readonly Step[]): void {
    for (const step of steps) this.#queue.push(step, step.weight, step.depth);
  }

  take(): Step | undefined {
    return this.#queue.pop();
  }
}

function frontierFor(order: TraversalSettings["order"]): Frontier {
  if (order === "dfs") return new Stack();
  return order === "bfs" ? new Queue() : new Lightest();
}

/** Walks a graph from one vertex. */
export class Walk implements Values<Step> {
  readonly #reader: GraphReader;
  readonly #settings: TraversalSettings;
  readonly #prune: ((step: Step) => boolean) | undefined;
  readonly #frontier: Frontier;
  readonly #visited = new Set<string>();
  readonly #weight: (edge: AqlObject) => number;

  /** @param prune whether a path ends at a step */
  constructor(reader: GraphReader, settings: TraversalSettings, start: string, prune?: (step: Step) => boolean) {
    this.#reader = reader;
    this.#settings = settings;
    this.#prune = prune;
    this.#frontier = frontierFor(settings.order);
    this.#weight = settings.order === "weighted" ? weigher(settings) : () => 1;
    this.#frontier.add([{ vertex: start, edge: null, previous: undefined, depth: 0, weight: 0 }]);
  }

  next(max: number): Step[] {
    const { min, max: deepest } = this.#settings.depth;
    const found: Step[] = [];
    while (found.length < max) {
      const step = this.#frontier.take();
      if (!step) break;
      if (!this.#accepts(step)) continue;
      const ends = this.#prune?.(step) ?? false;
      if (step.depth >= min) found.push(step);
      if (step.depth < deepest && !ends) this.#expand(step);
    }
    return found;
  }

  #accepts(step: Step): boolean {
    const { uniqueVertices, uniqueEdges, vertexCollections } = this.#settings;
    if (step.depth > 0 && vertexCollections && !vertexCollections.has(step.vertex.slice(0, step.vertex.indexOf("/")))) {
      return false;
    }
    if (uniqueVertices === "global") {
      if (this.#visited.has(step.vertex)) return false;
      this.#visited.add(step.vertex);
    } else if (uniqueVertices === "path") {
      for (let at = step.previous; at; at = at.previous) if (at.vertex === step.vertex) return false;
    }
    if (uniqueEdges === "path" && step.edge) {
      for (let at = step.previous; at; at = at.previous) if (at.edge && at.edge._id === step.edge._id) return false;
    }
    return true;
  }

  #expand(step: Step): void {
    this.#frontier.add(
      this.#reader.neighbours(step.vertex).map(({ edge, vertex }) => ({
        vertex,
        edge,
        previous: step,
        depth: step.depth + 1,
        weight: step.weight + this.#weight(edge),
      })),
    );
  }
}

/** The path to a step as queries see it. */
function pathTo(step: Step, reader: GraphReader): AqlObject {
  const steps: Step[] = [];
  for (let at: Step | undefined = step; at; at = at.previous) steps.push(at);
  steps.reverse();
  const vertices: AqlArray = steps.map(({ vertex }) => reader.vertex(vertex));
  return { vertices, edges: steps.slice(1).map(({ edge }) => edge), weights: steps.map(({ weight }) => weight) };
}

/** A traversal for each row. */
export class Traversal extends Loop<Step> {
  readonly #node: TraversalNode;
  readonly #reader: GraphReader;
  readonly #start: Evaluator;
  readonly #prune: Evaluator | undefined;
  readonly #inPrune: ReadonlySet<Variable>;
  readonly #isUsed: (variable: Variable) => boolean;

  /** @param isUsed whether anything reads a variable: vertices and paths that nobody reads are not loaded */
  constructor(
    node: TraversalNode,
    upstream: Operator,
    filter: Evaluator | undefined,
    context: QueryContext,
    isUsed: (variable: Variable) => boolean,
  ) {
    super(upstream, filter, context);
    this.#node = node;
    this.#reader = new GraphReader(context, node.edges);
    this.#start = compile(node.start, context);
    this.#prune = node.prune && compile(node.prune.condition, context);
    this.#inPrune = node.prune ? variablesOf(node.prune.condition) : new Set();
    this.#isUsed = isUsed;
  }

  protected valuesFor(row: Row): Values<Step> | undefined {
    const { context } = this;
    const start = startVertex(this.#start(row), "traversal", context);
    if (start === undefined) return undefined;
    const condition = this.#prune;
    if (!condition) return new Walk(this.#reader, this.#node.settings, start);
    const scratch = row.slice();
    return new Walk(this.#reader, this.#node.settings, start, (step) => {
      this.#fill(scratch, step, (variable) => this.#inPrune.has(variable));
      step.pruned = condition(scratch);
      return isTruthy(step.pruned);
    });
  }

  protected assign(row: Row, step: Step): void {
    this.#fill(row, step, this.#isUsed);
    const variable = this.#node.prune?.variable;
    if (variable) row[variable.id] = step.pruned ?? null;
  }

  #fill(row: Row, step: Step, needs: (variable: Variable) => boolean): void {
    const { vertexOutVariable, edgeOutVariable, pathOutVariable } = this.#node;
    if (needs(vertexOutVariable)) row[vertexOutVariable.id] = this.#reader.vertex(step.vertex);
    if (edgeOutVariable) row[edgeOutVariable.id] = step.edge;
    if (pathOutVariable && needs(pathOutVariable)) row[pathOutVariable.id] = pathTo(step, this.#reader);
  }
}

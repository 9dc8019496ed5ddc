/**
 * FOR v, e, p IN … traversals: what queries see of a {@linkcode Walk}.
 *
 * Source: section 11.1 of `aql.md`.
 *
 * @module
 */
import type { PathCondition, TraversalNode } from "../plan/nodes.ts";
import type { EdgeWish } from "../data_source.ts";
import type { AttributeUse } from "../plan/attribute_uses.ts";
import { type Variable, variablesOf } from "../plan/expression.ts";
import { type AqlObject, isTruthy } from "../values.ts";
import { compile, type Evaluator, type Row } from "./compile.ts";
import type { QueryContext } from "./context.ts";
import { GraphReader, startVertex, type StepLookups } from "./graph_reader.ts";
import { Loop, type Values } from "./loops.ts";
import type { Operator } from "./operator.ts";
import { type Step, type StepTests, Walk } from "./walk.ts";

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

/**
 * SHORTEST_PATH, K_SHORTEST_PATHS, ALL_SHORTEST_PATHS and K_PATHS.
 *
 * Source: sections 11.2 to 11.5 of `aql.md`.
 *
 * @module
 */
import type { AttributeUse } from "../plan/attribute_uses.ts";
import type { PathNode } from "../plan/nodes.ts";
import { type AqlArray, type AqlObject, type AqlValue, isTruthy } from "../values.ts";
import { compile, type Evaluator, type Row } from "./compile.ts";
import type { QueryContext } from "./context.ts";
import type { Edge, Neighbours } from "./edge_reader.ts";
import { GraphReader, type Neighbourhood, startVertex, weigher } from "./graph_reader.ts";
import { Loop, type Values } from "./loops.ts";
import type { Operator } from "./operator.ts";
import { allPaths, bestPath, bestPaths, NOTHING, type Path, shortestPaths } from "./path_algorithms.ts";

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

/** What paths have to fulfil at each vertex and each edge. */
interface PathTests {
  readonly vertex: ((vertex: number) => boolean) | undefined;
  readonly edge: ((edge: Edge) => boolean) | undefined;
}

/** A graph without the vertices and edges that no path may have. */
class NarrowedGraph implements Neighbourhood {
  readonly #reader: GraphReader;
  readonly #tests: PathTests;
  /** Which vertices were tested, and how that went. */
  readonly #admitted = new Map<number, boolean>();

  constructor(reader: GraphReader, tests: PathTests) {
    this.#reader = reader;
    this.#tests = tests;
  }

  knows(vertex: number, reverse?: boolean): boolean {
    return this.#reader.knows(vertex, reverse);
  }

  load(vertices: readonly number[], reverse?: boolean): void {
    this.#reader.load(vertices, reverse);
  }

  neighbours(vertex: number, reverse?: boolean): Neighbours {
    const { vertices, edges } = this.#reader.neighbours(vertex, reverse);
    const kept: { vertices: number[]; edges: Edge[] } = { vertices: [], edges: [] };
    if (this.#tests.vertex) this.#reader.loadVertices(vertices);
    for (let i = 0; i < vertices.length; i++) {
      if (!this.admits(vertices[i]!) || this.#tests.edge?.(edges[i]!) === false) continue;
      kept.vertices.push(vertices[i]!);
      kept.edges.push(edges[i]!);
    }
    return kept;
  }

  /** Whether paths may have a vertex. */
  admits(vertex: number): boolean {
    const { vertex: test } = this.#tests;
    if (!test) return true;
    let admitted = this.#admitted.get(vertex);
    if (admitted === undefined) this.#admitted.set(vertex, admitted = test(vertex));
    return admitted;
  }
}

function isRead(use: AttributeUse | undefined, name: string): boolean {
  return use === "whole" || use?.has(name) === true;
}

/** A search between two vertices for each row. */
export class PathSearch extends Loop<PathRow> {
  readonly #node: PathNode;
  readonly #reader: GraphReader;
  readonly #start: Evaluator;
  readonly #target: Evaluator;
  /** Whether vertices and edges are read by anybody. */
  readonly #vertices: boolean;
  readonly #edges: boolean;
  readonly #conditions: readonly { readonly part: "vertex" | "edge"; readonly register: number; test: Evaluator }[];

  /** @param uses what other nodes read of each of the node's variables */
  constructor(
    node: PathNode,
    upstream: Operator,
    filter: Evaluator | undefined,
    context: QueryContext,
    uses: readonly AttributeUse[],
  ) {
    super(upstream, filter, context);
    this.#node = node;
    const [first, second] = uses;
    if (node.search === "SHORTEST_PATH") {
      this.#vertices = first === "whole" || first!.size > 0;
      this.#edges = second !== undefined && (second === "whole" || second.size > 0);
    } else {
      this.#vertices = isRead(first, "vertices");
      this.#edges = isRead(first, "edges");
    }
    this.#conditions = (node.conditions ?? []).map(({ part, variable, condition }) => (
      { part, register: variable.id, test: compile(condition, context) }
    ));
    const tested = new Set(this.#conditions.map(({ part }) => part));
    this.#reader = new GraphReader(context, node.edges, {
      edges: this.#edges || node.settings.weightAttribute !== undefined || tested.has("edge") ? "edges" : "identities",
      vertices: this.#vertices || tested.has("vertex") ? "whole" : "none",
    });
    this.#start = compile(node.start, context);
    this.#target = compile(node.target, context);
  }

  protected valuesFor(row: Row): Values<PathRow> | undefined {
    const ends: number[] = [];
    for (const end of [this.#start, this.#target]) {
      const vertex = startVertex(end(row), "Shortest Path", this.context);
      if (vertex === undefined) return undefined;
      ends.push(this.#reader.numberOf(vertex));
    }
    const [from, to] = ends as [number, number];
    if (this.#conditions.length === 0) return new Taken(this.#search(this.#reader, from, to));
    const graph = new NarrowedGraph(this.#reader, this.#testsFor(row));
    return graph.admits(from) && graph.admits(to) ? new Taken(this.#search(graph, from, to)) : undefined;
  }

  #testsFor(row: Row): PathTests {
    const scratch = row.slice();
    const testOf = (wanted: "vertex" | "edge"): ((value: AqlValue) => boolean) | undefined => {
      const own = this.#conditions.filter(({ part }) => part === wanted);
      if (own.length === 0) return undefined;
      return (value) =>
        own.every(({ register, test }) => {
          scratch[register] = value;
          return isTruthy(test(scratch));
        });
    };
    const vertex = testOf("vertex");
    return { vertex: vertex && ((one) => vertex(this.#reader.vertex(one))), edge: testOf("edge") };
  }

  *#search(graph: Neighbourhood, from: number, to: number): Generator<PathRow> {
    const reader = this.#reader;
    const { search, depth, settings } = this.#node;
    const weight = settings.weightAttribute && weigher(settings);
    switch (search) {
      case "SHORTEST_PATH": {
        // as in the recorded example GRAPHASP_01
        const path = bestPath(graph, weight, from, to, NOTHING, "last");
        if (!path) return;
        reader.loadVertices(path.vertices);
        for (let i = 0; i < path.vertices.length; i++) {
          yield [
            this.#vertices ? reader.vertex(path.vertices[i]!) : null,
            this.#edges ? path.edges[i - 1] ?? null : null,
          ];
        }
        return;
      }
      case "K_SHORTEST_PATHS":
        for (const path of bestPaths(graph, weight, from, to)) {
          const { vertices, ...rest } = this.#path(path);
          yield [{ ...rest, ...(vertices === undefined ? {} : { vertices }), weight: path.weight }];
        }
        return;
      case "ALL_SHORTEST_PATHS":
        for (const path of shortestPaths(graph, from, to)) yield [this.#path(path)];
        return;
      case "K_PATHS":
        for (const path of allPaths(graph, from, to, depth.min, depth.max)) yield [this.#path(path)];
    }
  }

  /** A path as queries see it, without weights; the order is that of sections 11.3 to 11.5 of `aql.md`. */
  #path({ vertices, edges }: Path): AqlObject {
    this.#reader.loadVertices(vertices);
    const path: AqlObject = {};
    if (this.#vertices) path.vertices = vertices.map((vertex) => this.#reader.vertex(vertex));
    if (this.#edges) path.edges = edges as AqlArray;
    return path;
  }

  protected assign(row: Row, values: PathRow): void {
    this.#node.outVariables.forEach(({ id }, i) => row[id] = values[i] ?? null);
  }
}

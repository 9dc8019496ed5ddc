/**
 * Traversals whose steps are functions of the script, as they were before AQL had its own; scripts from the time up to
 * ArangoDB 3.11 have them.
 *
 * @module
 */

import type { Loose, ModuleScope } from "./scope.ts";

/** The module `@arangodb/graph/traversal`. Source: the manual of ArangoDB 3.7, "Using Traversal Objects". */
export function graphTraversal({ exports, require }: ModuleScope): void {
  const { make, makeFor } = require("denosh/errors");
  const { db } = require("@arangodb");
  const copy = (value: Loose) => JSON.parse(JSON.stringify(value));

  /** The way from the start to a vertex. */
  interface Path {
    readonly edges: Loose[];
    readonly vertices: Loose[];
  }

  /** A vertex on its way, and where it leads. */
  interface Place {
    readonly path: Path;
    readonly isIncluded: boolean;
    readonly connections: Loose[];
  }

  /** Edges and vertices, of whichever of `collections` they are. */
  function datasource(collections: Loose[]): Loose {
    const idOf = (vertex: Loose) => vertex?._id ?? vertex;
    const ofAll = (method: string) => (vertex: Loose) =>
      collections.flatMap((collection) => collection[method](idOf(vertex)));
    const getInVertex = (edge: Loose) => db._document(edge._to);
    const getOutVertex = (edge: Loose) => db._document(edge._from);
    return {
      getVertexId: idOf,
      getEdgeId: (edge: Loose) => edge._id,
      getEdgeFrom: (edge: Loose) => edge._from,
      getEdgeTo: (edge: Loose) => edge._to,
      getPeerVertex: (edge: Loose, vertex: Loose) =>
        idOf(vertex) === edge._from ? getInVertex(edge) : getOutVertex(edge),
      getInVertex,
      getOutVertex,
      getAllEdges: ofAll("edges"),
      getInEdges: ofAll("inEdges"),
      getOutEdges: ofAll("outEdges"),
    };
  }

  /** An expander that follows the edges of one method of the data source to the vertices at their other ends. */
  function expander(edgesOf: string, endOf: (edge: Loose, id: string) => string) {
    return (config: Loose, vertex: Loose): Loose[] => {
      const edges: Loose[] = config.datasource[edgesOf](vertex);
      if (config.sort) edges.sort(config.sort);
      return edges.map((edge) => ({ edge, vertex: endOf(edge, vertex._id) }));
    };
  }

  /** Default values. Source: the manual's "Handling Uniqueness" and "Configuration Overview". */
  const DEFAULTS = {
    strategy: "depthfirst",
    order: "preorder",
    itemOrder: "forward",
    visitor: trackingVisitor,
    filter: visitAllFilter,
    expandFilter: () => true,
    buildVertices: true,
    minDepth: 0,
    maxDepth: 0,
    maxIterations: 10_000_000,
  };
  const CHOICES: Record<string, string[]> = {
    strategy: ["depthfirst", "breadthfirst"],
    order: ["preorder", "postorder", "preorder-expander"],
    itemOrder: ["forward", "backward"],
  };
  const UNIQUENESS = ["none", "path", "global"];

  /** Adds copies of the vertex and of its path to `result.visited`. */
  function trackingVisitor(_config: Loose, result: Loose, vertex: Loose, path: Path): void {
    if (!result) return;
    result.visited ??= {};
    (result.visited.vertices ??= []).push(copy(vertex));
    (result.visited.paths ??= []).push(copy(path));
  }

  function countingVisitor(_config: Loose, result: Loose): void {
    if (result) result.count = (result.count ?? 0) + 1;
  }

  function visitAllFilter(): Loose {
    return undefined;
  }

  /** What a filter said about a vertex. */
  function verdictOf(result: Loose): { isIncluded: boolean; isExpanded: boolean } {
    const words: Loose[] = (Array.isArray(result) ? result : [result ?? ""]).filter((word) => word !== "");
    if (words.some((word) => word !== "exclude" && word !== "prune")) throw make(1910);
    return { isIncluded: !words.includes("exclude"), isExpanded: !words.includes("prune") };
  }

  /** One traversal: what it has seen, and the vertices that it may still go to. */
  class Run {
    readonly #config: Loose;
    readonly #result: Loose;
    readonly #seen = { vertices: new Set<string>(), edges: new Set<string>() };
    #iterations = 0;

    constructor(config: Loose, result: Loose) {
      this.#config = config;
      this.#result = result;
    }

    /** Looks at the last vertex of `path`; undefined when it must not be there (again). */
    enter(path: Path): Place | undefined {
      const config = this.#config;
      const vertex = path.vertices.at(-1);
      if (!this.#isNew("vertices", path.vertices)) return undefined;
      if (++this.#iterations > config.maxIterations) {
        throw make(1909, "too many iterations - try increasing the value of 'maxIterations'");
      }
      const depth = path.edges.length;
      const { isIncluded, isExpanded } = verdictOf(config.filter(config, vertex, path));
      const isDeepest = config.maxDepth > 0 && depth >= config.maxDepth;
      const place = {
        path,
        isIncluded: isIncluded && depth >= config.minDepth,
        connections: isExpanded && !isDeepest ? this.#connections(vertex, path) : [],
      };
      if (config.order !== "postorder") this.visit(place);
      return place;
    }

    /** The path on to where a connection leads; undefined when its edge must not be followed (again). */
    follow({ path }: Place, { edge, vertex }: Loose): Path | undefined {
      const edges = [...path.edges, edge];
      if (!this.#isNew("edges", edges)) return undefined;
      return { edges, vertices: [...path.vertices, vertex] };
    }

    visit({ path, isIncluded, connections }: Place): void {
      if (!isIncluded) return;
      const config = this.#config;
      const more = config.order === "preorder-expander" ? [connections] : [];
      config.visitor(config, this.#result, path.vertices.at(-1), path, ...more);
    }

    #connections(vertex: Loose, path: Path): Loose[] {
      const config = this.#config;
      const expanded: Loose[] = config.expander(config, vertex, path);
      const documents = this.#documents(expanded.map((one) => one.vertex).filter((end) => typeof end === "string"));
      const found = expanded
        .map(({ edge, vertex: end }) => ({ edge, vertex: typeof end === "string" ? documents.get(end) : end }))
        .filter((one) => one.vertex !== undefined && config.expandFilter(config, one.vertex, one.edge, path));
      return config.itemOrder === "backward" ? found.reverse() : found;
    }

    /** The vertices with these ids; those that there are not, where edges dangle, are left out. */
    #documents(ids: string[]): Map<string, Loose> {
      let documents: Loose[] = [];
      if (!this.#config.buildVertices) {
        documents = ids.map((_id) => ({ _id, _key: _id.slice(_id.indexOf("/") + 1) }));
      } else if (ids.length > 0) documents = db._query("RETURN DOCUMENT(@ids)", { ids }).next();
      return new Map(documents.map((document) => [document._id, document]));
    }

    #isNew(kind: "vertices" | "edges", along: Loose[]): boolean {
      const { _id } = along.at(-1);
      const uniqueness = this.#config.uniqueness[kind];
      if (uniqueness === "path") return along.findIndex((one) => one._id === _id) === along.length - 1;
      if (uniqueness === "none") return true;
      const { size } = this.#seen[kind];
      return this.#seen[kind].add(_id).size > size;
    }
  }

  function depthFirst(run: Run, start: Path, isPostorder: boolean): void {
    const stack: { place: Place; next: number }[] = [];
    const push = (path: Path) => {
      const place = run.enter(path);
      if (place !== undefined) stack.push({ place, next: 0 });
    };
    push(start);
    while (stack.length > 0) {
      const top = stack.at(-1)!;
      const connection = top.place.connections[top.next++];
      const path = connection === undefined ? undefined : run.follow(top.place, connection);
      if (path !== undefined) push(path);
      else if (connection === undefined) {
        stack.pop();
        if (isPostorder) run.visit(top.place);
      }
    }
  }

  function breadthFirst(run: Run, start: Path, isPostorder: boolean): void {
    let places: Place[] = [];
    let level: Path[] = [start];
    while (level.length > 0) {
      const entered = level.map((path) => run.enter(path)).filter((place) => place !== undefined);
      level = entered.flatMap((place) => place.connections.map((connection) => run.follow(place, connection)))
        .filter((path) => path !== undefined);
      if (isPostorder) places = places.concat(entered);
    }
    for (const place of places.reverse()) run.visit(place);
  }

  class Traverser {
    readonly config: Loose;

    /** @throws `ArangoError` 10 for settings that are missing or that there are not. */
    constructor(config: Loose) {
      this.config = {
        ...DEFAULTS,
        ...config,
        uniqueness: { vertices: "none", edges: "path", ...config?.uniqueness },
      };
      const { uniqueness } = this.config;
      for (const [name, choices] of Object.entries(CHOICES)) {
        if (!choices.includes(this.config[name])) throw makeFor(10, `invalid value for <${name}>`);
      }
      for (const kind of ["vertices", "edges"]) {
        if (!UNIQUENESS.includes(uniqueness[kind])) throw makeFor(10, `invalid value for <uniqueness.${kind}>`);
      }
      if (typeof this.config.expander !== "function") throw makeFor(10, "invalid value for <expander>");
    }

    /**
     * Goes through the graph.
     *
     * @param result what the visitor gets to write into.
     * @param startVertex a document, not only its id.
     * @throws `ArangoError` 10 for another start; 1909 past `maxIterations`; 1910 for an unknown answer of the filter.
     */
    traverse(result: Loose, startVertex: Loose): void {
      if (typeof startVertex?._id !== "string") throw makeFor(10, "invalid startVertex specified for traversal");
      const { strategy, order } = this.config;
      const go = strategy === "breadthfirst" ? breadthFirst : depthFirst;
      go(new Run(this.config, result), { edges: [], vertices: [startVertex] }, order === "postorder");
    }
  }

  Object.assign(exports, {
    Traverser,
    collectionDatasourceFactory: (collection: Loose) =>
      datasource([typeof collection === "string" ? db._collection(collection) : collection]),
    generalGraphDatasourceFactory: (name: Loose) =>
      datasource(require("@arangodb/general-graph")._graph(name)._edgeCollections()),
    outboundExpander: expander("getOutEdges", (edge) => edge._to),
    inboundExpander: expander("getInEdges", (edge) => edge._from),
    anyExpander: expander("getAllEdges", (edge, id) => edge._from === id ? edge._to : edge._from),
    trackingVisitor,
    countingVisitor,
    doNothingVisitor: () => undefined,
    visitAllFilter,
  });
}

/**
 * Graphs: creating and editing them, and measures of them.
 *
 * @module
 */

import type { Loose, ModuleScope } from "./scope.ts";

/**
 * The module `@arangodb/general-graph`. Source: arangosh.md 5.11.
 *
 * What walks along edges is computed here, from the edges of the graph's collections, so that it works on every server.
 */
export function generalGraph({ exports, require }: ModuleScope): void {
  const { make } = require("denosh/errors");
  const { checkRequestResult } = require("@arangodb/arangosh");
  const { ArangoCollection } = require("@arangodb/arango-collection");
  const { db } = require("@arangodb");
  const { arango } = require("denosh/connection");

  function url(...parts: string[]): string {
    return ["/_api/gharial", ...parts.map(encodeURIComponent)].join("/");
  }

  function isObject(value: Loose): boolean {
    return typeof value === "object" && value !== null;
  }

  function names(value: Loose, errorNum: number): string[] {
    const list = typeof value === "string" ? [value] : value;
    const isList = Array.isArray(list) && list.length > 0 &&
      list.every((name) => typeof name === "string" && name !== "");
    if (!isList) throw make(errorNum);
    return list;
  }

  /** Whether a document looks like one of the examples. */
  function matches(document: Loose, examples: Loose): boolean {
    if (examples === undefined || examples === null) return true;
    if (typeof examples === "string") return document._id === examples;
    if (Array.isArray(examples)) return examples.length === 0 || examples.some((each) => matches(document, each));
    return Object.entries(examples).every(([path, wanted]) => {
      const value = path.split(".").reduce((at: Loose, name) => at?.[name], document);
      return JSON.stringify(value ?? null) === JSON.stringify(wanted ?? null);
    });
  }

  function includes(restriction: Loose, name: string): boolean {
    if (restriction === undefined || restriction === null) return true;
    return (Array.isArray(restriction) ? restriction : [restriction]).includes(name);
  }

  const collectionOf = (id: string) => id.slice(0, id.indexOf("/"));

  class GeneralGraph {
    [name: string]: Loose;

    constructor(definition: Loose) {
      const hidden: Loose = { __name: definition.name ?? definition._key };
      for (const name of Object.keys(hidden)) {
        Object.defineProperty(this, name, { value: hidden[name], writable: true });
      }
      update(this, definition);
    }

    _edgeCollections(): Loose[] {
      return this.__edgeDefinitions.map((definition: Loose) => db._collection(definition.collection));
    }
    _vertexCollections(excludeOrphans?: Loose): Loose[] {
      return vertexNames(this, !excludeOrphans).map((name) => db._collection(name));
    }
    _orphanCollections(): string[] {
      return [...this.__orphanCollections];
    }
    _getEdgeCollectionByName(name: Loose): Loose {
      if (this.__edgeDefinitions.some((definition: Loose) => definition.collection === name)) return this[name];
      throw make(1939, `edge collection does not exist or is not part of the graph: ${name}`);
    }
    _getVertexCollectionByName(name: Loose): Loose {
      if (vertexNames(this, true).includes(name)) return this[name];
      throw make(1926);
    }
    _getConnectingEdges(): Loose[] {
      return [];
    }

    _extendEdgeDefinitions(definition: Loose, options?: Loose): void {
      const body = options === undefined ? definition : { ...definition, options };
      change(this, arango.POST(url(this.__name, "edge"), body));
    }
    _editEdgeDefinitions(definition: Loose, options?: Loose): void {
      const body = options === undefined ? definition : { ...definition, options };
      change(this, arango.PUT(url(this.__name, "edge", String(definition.collection)), body));
    }
    _deleteEdgeDefinition(name: Loose, drop?: Loose): void {
      const query = `?dropCollections=${drop ? "true" : "false"}`;
      change(this, arango.DELETE(url(this.__name, "edge", String(name)) + query));
      db._flushCache();
    }
    _addVertexCollection(name: Loose, create: Loose = true, options?: Loose): void {
      const body: Loose = { collection: name };
      if (options !== undefined) body.options = options;
      const query = `?createCollection=${create ? "true" : "false"}`;
      change(this, arango.POST(url(this.__name, "vertex") + query, body));
    }
    _removeVertexCollection(name: Loose, drop?: Loose): void {
      const query = `?dropCollection=${drop ? "true" : "false"}`;
      change(this, arango.DELETE(url(this.__name, "vertex", String(name)) + query));
      db._flushCache();
    }

    _EDGES(id: Loose): Loose[] {
      return this._edgeCollections().flatMap((collection: Loose) => collection.edges(id));
    }
    _INEDGES(id: Loose): Loose[] {
      return this._edgeCollections().flatMap((collection: Loose) => collection.inEdges(id));
    }
    _OUTEDGES(id: Loose): Loose[] {
      return this._edgeCollections().flatMap((collection: Loose) => collection.outEdges(id));
    }
    _fromVertex(edge: Loose): Loose {
      return endOf(this, edge, "_from");
    }
    _toVertex(edge: Loose): Loose {
      return endOf(this, edge, "_to");
    }

    _edges(example?: Loose, options: Loose = {}): Loose[] {
      const found = walk(this, example, { ...options, edges: true });
      return options.includeData ? found : found.map((edge) => edge._id);
    }
    _neighbors(example?: Loose, options: Loose = {}): Loose[] {
      const found = walk(this, example, options);
      return options.includeData ? found : found.map((vertex) => vertex._id);
    }
    _vertices(example?: Loose, options: Loose = {}): Loose[] {
      if (options.direction === undefined) {
        const all = load(this).vertices.filter((vertex) =>
          matches(vertex, example) && includes(options.vertexCollectionRestriction, collectionOf(vertex._id))
        );
        return options.includeData ? all : all.map((vertex) => vertex._id);
      }
      return this._neighbors(example, options);
    }

    _commonNeighbors(one?: Loose, two?: Loose, optionsOne?: Loose, optionsTwo?: Loose): Loose[] {
      const data = load(this);
      const neighbors = (id: string, options: Loose) => new Set<string>(this._neighbors(id, options));
      const left = data.vertices.filter((vertex) => matches(vertex, one))
        .map((vertex) => [vertex._id, neighbors(vertex._id, optionsOne)] as const);
      const right = data.vertices.filter((vertex) => matches(vertex, two))
        .map((vertex) => [vertex._id, neighbors(vertex._id, optionsTwo ?? optionsOne)] as const);
      const result: Loose[] = [];
      for (const [leftId, leftSet] of left) {
        for (const [rightId, rightSet] of right) {
          if (leftId === rightId) continue;
          const common = [...leftSet].filter((id) => rightSet.has(id));
          if (common.length > 0) result.push({ left: leftId, right: rightId, neighbors: common });
        }
      }
      return result;
    }
    _countCommonNeighbors(one?: Loose, two?: Loose, optionsOne?: Loose, optionsTwo?: Loose): Loose[] {
      const counts = new Map<string, Loose[]>();
      for (const { left, right, neighbors } of this._commonNeighbors(one, two, optionsOne, optionsTwo)) {
        if (!counts.has(left)) counts.set(left, []);
        counts.get(left)!.push({ [right]: neighbors.length });
      }
      return Array.from(counts, ([id, list]) => ({ [id]: list }));
    }
    _commonProperties(one?: Loose, two?: Loose, options: Loose = {}): Loose[] {
      const ignored = [].concat(options.ignoreProperties ?? []) as string[];
      const { vertices } = load(this);
      const right = vertices.filter((vertex) => matches(vertex, two));
      const result: Loose[] = [];
      for (const vertex of vertices.filter((each) => matches(each, one))) {
        const shared: Loose[] = [];
        for (const other of right) {
          if (other._id === vertex._id) continue;
          const same: Loose = { _id: other._id };
          for (const name of Object.keys(vertex).sort()) {
            if (name.startsWith("_") || ignored.includes(name) || !Object.hasOwn(other, name)) continue;
            if (JSON.stringify(vertex[name]) === JSON.stringify(other[name])) same[name] = vertex[name];
          }
          if (Object.keys(same).length > 1) shared.push(same);
        }
        if (shared.length > 0) result.push({ [vertex._id]: shared });
      }
      return result;
    }
    _countCommonProperties(one?: Loose, two?: Loose, options?: Loose): Loose[] {
      return this._commonProperties(one, two, options).map((entry: Loose) =>
        Object.fromEntries(Object.entries(entry).map(([id, list]) => [id, (list as Loose[]).length]))
      );
    }

    _paths(options: Loose = {}): Loose[] {
      const { direction = "outbound", minLength = 0, maxLength = 10, followCycles = false } = options;
      const data = load(this);
      const result: Loose[] = [];
      const visit = (path: Loose[], edges: Loose[]) => {
        const last = path[path.length - 1];
        if (edges.length >= minLength) {
          const [source, destination] = [copyOf(path[0]), copyOf(last)];
          result.push({ source, destination, edges: edges.map(copyOf), vertice: path.map(copyOf) });
        }
        if (edges.length >= maxLength) return;
        for (const { edge, id } of steps(data, last._id, direction)) {
          const vertex = data.byId.get(id);
          if (vertex === undefined || edges.includes(edge)) continue;
          if (!followCycles && path.includes(vertex)) continue;
          visit([...path, vertex], [...edges, edge]);
        }
      };
      for (const vertex of data.vertices) visit([vertex], []);
      return result;
    }

    _shortestPath(from?: Loose, to?: Loose, options: Loose = {}): Loose[] {
      const data = load(this);
      const ends = data.vertices.filter((vertex) => matches(vertex, to));
      const result: Loose[] = [];
      for (const start of data.vertices.filter((vertex) => matches(vertex, from))) {
        const { distances, previous } = distancesFrom(data, start._id, options);
        let reached = ends.filter(({ _id }) => _id !== start._id && distances.has(_id));
        if (options.stopAtFirstMatch) {
          reached = reached.sort((left, right) => distances.get(left._id) - distances.get(right._id)).slice(0, 1);
        }
        for (const end of reached) {
          const vertices = [end._id];
          const edges: Loose[] = [];
          for (let step = previous.get(end._id); step !== undefined; step = previous.get(step.id)) {
            vertices.unshift(step.id);
            edges.unshift(step.edge);
          }
          result.push({ vertices, edges: edges.map(copyOf), distance: distances.get(end._id) });
        }
      }
      return result;
    }
    _distanceTo(from?: Loose, to?: Loose, options?: Loose): Loose[] {
      return this._shortestPath(from, to, options).map(({ vertices, distance }: Loose) => ({
        startVertex: vertices[0],
        vertex: vertices[vertices.length - 1],
        distance,
      }));
    }

    _absoluteEccentricity(example?: Loose, options?: Loose): Loose {
      return measure(this, example, options, (distances) => Math.max(0, ...distances));
    }
    _farness(example?: Loose, options?: Loose): Loose {
      return measure(this, example, options, (distances) => distances.reduce((sum, each) => sum + each, 0));
    }
    _absoluteCloseness(example?: Loose, options?: Loose): Loose {
      return this._farness(example, options);
    }
    _eccentricity(options?: Loose): Loose {
      return inverted(this._absoluteEccentricity({}, options));
    }
    _closeness(options?: Loose): Loose {
      return inverted(this._farness({}, options));
    }
    _absoluteBetweenness(example?: Loose, options: Loose = {}): Loose {
      const result: Loose = {};
      for (const vertex of load(this).vertices) {
        if (matches(vertex, example)) result[vertex._id] = 0;
      }
      for (const { vertices } of this._shortestPath({}, {}, options)) {
        for (const id of vertices.slice(1, -1)) {
          if (result[id] !== undefined) result[id]++;
        }
      }
      return result;
    }
    _betweenness(options?: Loose): Loose {
      const absolute = this._absoluteBetweenness({}, options);
      const most = Math.max(0, ...Object.values(absolute) as number[]);
      return Object.fromEntries(
        Object.entries(absolute).map(([id, value]) => [id, most === 0 ? 0 : (value as number) / most]),
      );
    }
    _radius(options?: Loose): Loose {
      const values = Object.values(this._absoluteEccentricity({}, options) as Record<string, number>)
        .filter((value) => value > 0);
      return values.length === 0 ? [] : Math.min(...values);
    }
    _diameter(options?: Loose): Loose {
      const values = Object.values(this._absoluteEccentricity({}, options) as Record<string, number>);
      return values.length === 0 ? [] : Math.max(...values);
    }
  }
  require("denosh/errors").enumerable(GeneralGraph);

  /** Names of the vertex collections in the order of the definition. */
  function vertexNames(graph: Loose, withOrphans: boolean): string[] {
    const found = new Set<string>();
    for (const { from, to } of graph.__edgeDefinitions) {
      for (const name of [...from, ...to]) found.add(name);
    }
    if (withOrphans) { for (const name of graph.__orphanCollections) found.add(name); }
    return [...found];
  }

  /** Takes over a definition: its parts, and a wrapper for each collection. */
  function update(graph: Loose, definition: Loose): void {
    for (const name of Object.keys(graph)) delete graph[name];
    const parts: Loose = {
      __edgeDefinitions: definition.edgeDefinitions ?? [],
      __orphanCollections: definition.orphanCollections ?? [],
    };
    for (const name of Object.keys(parts)) {
      Object.defineProperty(graph, name, { value: parts[name], writable: true, configurable: true });
    }
    for (const { collection, from, to } of parts.__edgeDefinitions) {
      wrap(graph, collection, true);
      for (const name of [...from, ...to]) wrap(graph, name, false);
    }
    for (const name of parts.__orphanCollections) wrap(graph, name, false);
  }

  function change(graph: Loose, reply: Loose): void {
    update(graph, checkRequestResult(reply).graph);
  }

  function wrap(graph: Loose, name: string, isEdge: boolean): void {
    if (Object.hasOwn(graph, name)) return;
    const collection = db._collection(name);
    if (collection === null) throw make(1203, `collection or view not found: ${name}`);
    const { _id: id, _status: status, _type: type } = collection;
    const wrapper = new ArangoCollection(db, { id, name, status, type });
    const kind = isEdge ? "edge" : "vertex";
    const define = (method: string, value: Loose) =>
      Object.defineProperty(wrapper, method, { value, writable: true, configurable: true });
    define("remove", function (given: Loose, options?: Loose) {
      const key = isObject(given) ? given._key ?? given._id.split("/")[1] : given.split("/").pop();
      const headers = isObject(given) && given._rev !== undefined && !options?.overwrite
        ? { "if-match": JSON.stringify(given._rev) }
        : {};
      const wait = (typeof options === "boolean" ? options : options?.waitForSync) ? "?waitForSync=true" : "";
      const reply = arango.DELETE(url(graph.__name, kind, name, key) + wait, null, headers);
      if (reply?.error === true && reply.errorNum === 412) reply.errorNum = 1200;
      checkRequestResult(reply);
      return true;
    });
    if (isEdge) {
      const insert = function (from: Loose, to?: Loose, data?: Loose) {
        let edge = data;
        let options: Loose;
        if (isObject(from) && from._id === undefined && from._from !== undefined) {
          edge = from;
          options = to;
        } else {
          if (!isObject(edge)) edge = {};
          edge._from = isObject(from) ? from._id : from;
          edge._to = isObject(to) ? to._id : to;
        }
        for (const end of [edge._from, edge._to]) {
          if (typeof end !== "string" || !end.includes("/")) throw make(1205);
        }
        const [left, right] = [collectionOf(edge._from), collectionOf(edge._to)];
        const isAllowed = graph.__edgeDefinitions.some((definition: Loose) =>
          definition.collection === name && definition.from.includes(left) && definition.to.includes(right)
        );
        if (!isAllowed) {
          const ends = `${edge._from} and ${edge._to}`;
          throw make(1906, `invalid edge between ${ends}. Doesn't conform to any edge definition`);
        }
        return ArangoCollection.prototype.insert.call(wrapper, edge, options);
      };
      define("insert", insert);
      define("save", insert);
    }
    Object.defineProperty(graph, name, { value: wrapper, enumerable: true, configurable: true, writable: true });
  }

  function endOf(graph: Loose, edge: Loose, end: string): Loose {
    const id = isObject(edge) ? edge._id : edge;
    if (typeof id !== "string" || !id.includes("/")) throw make(1205);
    const isKnown = graph.__edgeDefinitions.some((each: Loose) => each.collection === collectionOf(id));
    if (!isKnown) throw make(1939);
    const vertex = db._document(id)[end];
    if (!vertexNames(graph, true).includes(collectionOf(vertex))) throw make(1926);
    return db._document(vertex);
  }

  // walking

  interface GraphData {
    vertices: Loose[];
    byId: Map<string, Loose>;
    /** Edges by the vertex that they leave, and by the one that they reach. */
    outgoing: Map<string, Loose[]>;
    incoming: Map<string, Loose[]>;
  }

  function load(graph: Loose): GraphData {
    const data: GraphData = { vertices: [], byId: new Map(), outgoing: new Map(), incoming: new Map() };
    for (const name of vertexNames(graph, true).sort()) {
      const documents = db._collection(name).toArray();
      documents.sort((left: Loose, right: Loose) => left._key < right._key ? -1 : 1);
      for (const vertex of documents) {
        data.vertices.push(vertex);
        data.byId.set(vertex._id, vertex);
      }
    }
    const add = (map: Map<string, Loose[]>, id: string, edge: Loose) => {
      const list = map.get(id);
      if (list === undefined) map.set(id, [edge]);
      else list.push(edge);
    };
    for (const { collection } of graph.__edgeDefinitions) {
      for (const edge of db._collection(collection).toArray()) {
        add(data.outgoing, edge._from, edge);
        add(data.incoming, edge._to, edge);
      }
    }
    return data;
  }

  /** A document of its own for each place of a result: what is met twice would be printed as a reference. */
  function copyOf(document: Loose): Loose {
    return JSON.parse(JSON.stringify(document));
  }

  /** The edges at a vertex with the vertex at their other end. */
  function steps(data: GraphData, id: string, direction: string): { edge: Loose; id: string }[] {
    const out = direction === "inbound" ? [] : (data.outgoing.get(id) ?? []).map((edge) => ({ edge, id: edge._to }));
    const inward = direction === "outbound"
      ? []
      : (data.incoming.get(id) ?? []).map((edge) => ({ edge, id: edge._from }));
    return [...out, ...inward];
  }

  /** The vertices, or edges, that lie between a least and a greatest depth from the vertices of an example. */
  function walk(graph: Loose, example: Loose, options: Loose): Loose[] {
    const { direction = "any", minDepth = 1, maxDepth = minDepth } = options;
    const data = load(graph);
    const found = new Map<string, Loose>();
    const isEdgeWanted = (edge: Loose) =>
      matches(edge, options.edgeExamples) && includes(options.edgeCollectionRestriction, collectionOf(edge._id));
    const visit = (id: string, depth: number, used: Set<string>) => {
      for (const { edge, id: next } of steps(data, id, direction)) {
        if (used.has(edge._id) || !isEdgeWanted(edge)) continue;
        const vertex = data.byId.get(next);
        const isVertexWanted = vertex !== undefined && matches(vertex, options.neighborExamples) &&
          includes(options.vertexCollectionRestriction, collectionOf(next));
        if (depth + 1 >= minDepth && isVertexWanted) {
          const hit = options.edges ? edge : vertex;
          found.set(hit._id, hit);
        }
        if (depth + 1 < maxDepth) visit(next, depth + 1, new Set(used).add(edge._id));
      }
    };
    for (const start of data.vertices.filter((vertex) => matches(vertex, example))) visit(start._id, 0, new Set());
    return [...found.values()];
  }

  /** The least distance to every vertex that can be reached, and the last step to it. */
  function distancesFrom(data: GraphData, start: string, options: Loose = {}): Loose {
    const attribute = options.weight ?? options.weightAttribute;
    const isWeighted = attribute !== undefined && options.defaultWeight !== undefined;
    const direction = options.direction ?? "any";
    const distances = new Map<string, number>([[start, 0]]);
    const previous = new Map<string, { id: string; edge: Loose }>();
    const open = new Set([start]);
    while (open.size > 0) {
      let nearest: string | undefined;
      for (const id of open) {
        if (nearest === undefined || distances.get(id)! < distances.get(nearest)!) nearest = id;
      }
      open.delete(nearest!);
      for (const { edge, id } of steps(data, nearest!, direction)) {
        if (!includes(options.edgeCollectionRestriction, collectionOf(edge._id))) continue;
        const weight = !isWeighted ? 1 : typeof edge[attribute] === "number" ? edge[attribute] : options.defaultWeight;
        const distance = distances.get(nearest!)! + weight;
        if (distances.has(id) && distances.get(id)! <= distance) continue;
        distances.set(id, distance);
        previous.set(id, { id: nearest!, edge });
        open.add(id);
      }
    }
    return { distances, previous };
  }

  function measure(graph: Loose, example: Loose, options: Loose, of: (distances: number[]) => number): Loose {
    const data = load(graph);
    const result: Loose = {};
    for (const vertex of data.vertices) {
      if (!matches(vertex, example)) continue;
      const { distances } = distancesFrom(data, vertex._id, options);
      distances.delete(vertex._id);
      result[vertex._id] = of([...distances.values()]);
    }
    return result;
  }

  /** One over each value, relative to the greatest of them; 0 stays 0. */
  function inverted(values: Record<string, number>): Loose {
    const turned = Object.entries(values).map(([id, value]) => [id, value === 0 ? 0 : 1 / value] as const);
    const most = Math.max(0, ...turned.map(([, value]) => value));
    return Object.fromEntries(turned.map(([id, value]) => [id, most === 0 ? 0 : value / most]));
  }

  // the module

  Object.assign(exports, {
    GeneralGraph,
    _list: () =>
      checkRequestResult(arango.GET("/_api/gharial/")).graphs.map((graph: Loose) => graph._key ?? graph.name),
    _listObjects: () => checkRequestResult(arango.GET("/_api/gharial/")).graphs,
    _exists(name: Loose) {
      const graphs = db._collection("_graphs");
      return graphs === null ? false : graphs.exists(String(name));
    },
    _graph(name: Loose) {
      return new GeneralGraph(checkRequestResult(arango.GET(url(String(name)))).graph);
    },
    _create(name: Loose, edgeDefinitions?: Loose, orphanCollections?: Loose, options?: Loose) {
      const body: Loose = {};
      if (name) body.name = name;
      if (edgeDefinitions) body.edgeDefinitions = edgeDefinitions;
      if (orphanCollections) body.orphanCollections = orphanCollections;
      if (options) body.options = options;
      const { graph } = checkRequestResult(arango.POST("/_api/gharial/", body));
      db._flushCache();
      return new GeneralGraph(graph);
    },
    _drop(name: Loose, dropCollections?: Loose) {
      const query = dropCollections ? "?dropCollections=true" : "";
      const { result } = checkRequestResult(arango.DELETE(url(String(name)) + query));
      db._flushCache();
      return result;
    },
    _relation(...args: Loose[]) {
      if (args.length < 3) throw make(1935, "Invalid number of arguments. Expected: 3");
      const [collection, from, to] = args;
      if (typeof collection !== "string" || collection === "") throw make(1936);
      return { collection, from: names(from, 1936), to: names(to, 1936) };
    },
    _edgeDefinitions: (...relations: Loose[]) => relations,
    _extendEdgeDefinitions(list: Loose[], ...relations: Loose[]) {
      list.push(...relations);
    },
    _renameCollection(oldName: Loose, newName: Loose) {
      const graphs = db._collection("_graphs");
      const renamed = (list: Loose[]) => list.map((name) => name === oldName ? newName : name);
      for (const { _key, edgeDefinitions, orphanCollections } of graphs.toArray()) {
        const changed = {
          edgeDefinitions: edgeDefinitions.map(({ collection, from, to }: Loose) => ({
            collection: renamed([collection])[0],
            from: renamed(from),
            to: renamed(to),
          })),
          orphanCollections: renamed(orphanCollections),
        };
        if (JSON.stringify(changed) !== JSON.stringify({ edgeDefinitions, orphanCollections })) {
          graphs.update(_key, changed);
        }
      }
    },
  });
}

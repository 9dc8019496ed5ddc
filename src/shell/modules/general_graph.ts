/**
 * Graphs: creating and editing them, and measures of them.
 *
 * @module
 */

import type { Loose, ModuleScope } from "./scope.ts";

/**
 * The module `@arangodb/general-graph`. Source: arangosh.md 5.11; the manual's "Graph Management" and "Graph Functions".
 */
export function generalGraph({ exports, require }: ModuleScope): void {
  const { make } = require("denosh/errors");
  const { collectionOf } = require("denosh/names");
  const { checkRequestResult } = require("@arangodb/arangosh");
  const { isObject } = require("denosh/api-requests");
  const { ArangoCollection } = require("@arangodb/arango-collection");
  const { db } = require("@arangodb");
  const { arango } = require("denosh/connection");
  const search = require("denosh/graph-queries");

  function url(...parts: string[]): string {
    return ["/_api/gharial", ...parts.map(encodeURIComponent)].join("/");
  }

  /** The address of a graph; without a name it would be that of all graphs. */
  function graphUrl(name: Loose): string {
    if (name === "") throw make(1924, "graph '' not found");
    return url(String(name));
  }

  /** The names of collections that an argument gives, one or several. */
  function names(value: Loose, argument: number): string[] {
    const list = typeof value === "string" ? [value] : value;
    const isList = Array.isArray(list) && list.length > 0 &&
      list.every((name) => typeof name === "string" && name !== "");
    if (!isList) throw make(1936, `Invalid parameter type. arg${argument} must be non empty string or array`);
    return list;
  }

  class GeneralGraph {
    [name: string]: Loose;

    constructor(definition: Loose) {
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
      change(this, arango.POST(url(this.__name, "edge"), withOptions(definition, options)));
    }
    _editEdgeDefinitions(definition: Loose, options?: Loose): void {
      const target = url(this.__name, "edge", String(definition?.collection));
      change(this, arango.PUT(target, withOptions(definition, options)));
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

    _edges(example?: Loose, options?: Loose): Loose[] {
      return search.around(searched(this), example, options ?? {}, "edge");
    }
    _neighbors(example?: Loose, options?: Loose): Loose[] {
      return search.around(searched(this), example, options ?? {}, "vertex");
    }
    _vertices(example?: Loose, options?: Loose): Loose[] {
      if (options?.direction !== undefined) return this._neighbors(example, options);
      const restriction = [].concat(options?.vertexCollectionRestriction ?? []) as string[];
      const all = search.vertices(searched(this), example).filter(({ _id }: Loose) =>
        restriction.length === 0 || restriction.includes(collectionOf(_id))
      );
      return options?.includeData ? all : all.map(({ _id }: Loose) => _id);
    }

    _commonNeighbors(one?: Loose, two?: Loose, optionsOne?: Loose, optionsTwo?: Loose): Loose[] {
      const shown = (vertex: Loose) => optionsOne?.includeData ? copyOf(vertex) : vertex._id;
      const right = search.neighboursOfEach(searched(this), two, optionsTwo ?? {}).map(({ id, neighbours }: Loose) => ({
        id,
        neighbours: new Set(neighbours.map(({ _id }: Loose) => _id)),
      }));
      return search.neighboursOfEach(searched(this), one, optionsOne ?? {}).flatMap(({ id, neighbours }: Loose) =>
        right.filter((other: Loose) => other.id !== id).flatMap((other: Loose) => {
          const common = neighbours.filter(({ _id }: Loose) => other.neighbours.has(_id));
          return common.length === 0 ? [] : [{ left: id, right: other.id, neighbors: common.map(shown) }];
        })
      );
    }
    _countCommonNeighbors(one?: Loose, two?: Loose, optionsOne?: Loose, optionsTwo?: Loose): Loose[] {
      const counts = new Map<string, Loose[]>();
      for (const { left, right, neighbors } of this._commonNeighbors(one, two, optionsOne, optionsTwo)) {
        if (!counts.has(left)) counts.set(left, []);
        counts.get(left)!.push({ [right]: neighbors.length });
      }
      return Array.from(counts, ([id, list]) => ({ [id]: list }));
    }
    _commonProperties(one?: Loose, two?: Loose, options?: Loose): Loose[] {
      const ignored = [].concat(options?.ignoreProperties ?? []) as string[];
      const right = search.vertices(searched(this), two);
      const result: Loose[] = [];
      for (const vertex of search.vertices(searched(this), one)) {
        const shared: Loose[] = [];
        for (const other of right) {
          if (other._id === vertex._id) continue;
          const same: Loose = { _id: other._id };
          for (const name of Object.keys(vertex).sort()) {
            if (name.startsWith("_") || ignored.includes(name) || !Object.hasOwn(other, name)) continue;
            if (JSON.stringify(vertex[name]) === JSON.stringify(other[name])) same[name] = copyOf(vertex[name]);
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

    _paths(options?: Loose): Loose[] {
      return search.paths(searched(this), options ?? {});
    }
    _shortestPath(from?: Loose, to?: Loose, options?: Loose): Loose[] {
      return search.shortestPaths(searched(this), from, to, options ?? {});
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
    _absoluteBetweenness(example?: Loose, options?: Loose): Loose {
      const result: Loose = {};
      for (const { _id } of search.vertices(searched(this), example)) result[_id] = 0;
      for (const { vertices } of this._shortestPath({}, {}, options)) {
        for (const id of vertices.slice(1, -1)) {
          if (result[id] !== undefined) result[id]++;
        }
      }
      return result;
    }
    _eccentricity(options?: Loose): Loose {
      return inverted(this._absoluteEccentricity({}, options));
    }
    _closeness(options?: Loose): Loose {
      return inverted(this._farness({}, options));
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

  /** The body of a request about an edge definition: the server finds fault with one that is missing. */
  function withOptions(definition: Loose, options: Loose): Loose {
    return options === undefined ? definition ?? {} : { ...definition, options };
  }

  /** Names of the vertex collections in the order of the definition. */
  function vertexNames(graph: Loose, withOrphans: boolean): string[] {
    const found = new Set<string>();
    for (const { from, to } of graph.__edgeDefinitions) {
      for (const name of [...from, ...to]) found.add(name);
    }
    if (withOrphans) { for (const name of graph.__orphanCollections) found.add(name); }
    return [...found];
  }

  /** Takes over a definition: its parts, which are not enumerable, and a wrapper for each collection. */
  function update(graph: Loose, definition: Loose): void {
    for (const name of Object.keys(graph)) delete graph[name];
    const parts: Loose = {
      __name: definition.name ?? definition._key,
      __id: definition._id,
      __rev: definition._rev,
      __edgeDefinitions: definition.edgeDefinitions ?? [],
      __orphanCollections: definition.orphanCollections ?? [],
      __edgeCollections: {},
      __vertexCollections: {},
    };
    for (const name of Object.keys(parts)) {
      Object.defineProperty(graph, name, { value: parts[name], writable: true, configurable: true });
    }
    const edgeNames = new Set<string>(graph.__edgeDefinitions.map(({ collection }: Loose) => collection));
    for (const { collection, from, to } of graph.__edgeDefinitions) {
      for (const name of [collection, ...from, ...to]) wrap(graph, name, edgeNames.has(name));
    }
    for (const name of graph.__orphanCollections) wrap(graph, name, false);
    for (const name of edgeNames) graph.__edgeCollections[name] = graph[name];
    for (const name of vertexNames(graph, true)) graph.__vertexCollections[name] = graph[name];
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
    define("remove", function (given: Loose, choice?: Loose) {
      const options = typeof choice === "boolean" ? { overwrite: choice } : choice;
      const key = isObject(given) ? given._key ?? given._id.split("/")[1] : given.split("/").pop();
      const headers = isObject(given) && given._rev !== undefined && !options?.overwrite
        ? { "if-match": JSON.stringify(given._rev) }
        : {};
      const wait = options?.waitForSync ? "?waitForSync=true" : "";
      const reply = arango.DELETE(url(graph.__name, kind, name, key) + wait, null, headers);
      if (reply?.error === true && reply.errorNum === 412) reply.errorNum = 1200;
      checkRequestResult(reply);
      return true;
    });
    if (isEdge) {
      const insert = function (...given: Loose[]) {
        const isWhole = isObject(given[0]) && given[0]._id === undefined && given[0]._from !== undefined;
        const [edge, options] = isWhole ? given : [joined(given), given[3]];
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

  /** The edge that two vertices, or their ids, and its attributes describe. */
  function joined([from, to, data]: Loose[]): Loose {
    const [_from, _to] = [from, to].map((end) => isObject(end) ? end._id : end);
    return { ...(isObject(data) ? data : {}), _from, _to };
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

  /** What the searches need to know of a graph. */
  function searched(graph: Loose): Loose {
    return { name: graph.__name, vertexCollections: vertexNames(graph, true) };
  }

  /** A value of its own for each place of a result: what is met twice would be printed as a reference. */
  function copyOf(value: Loose): Loose {
    return JSON.parse(JSON.stringify(value));
  }

  function measure(graph: Loose, example: Loose, options: Loose, of: (distances: number[]) => number): Loose {
    const found = search.distancesFromEach(searched(graph), example, options ?? {});
    return Object.fromEntries(found.map(({ id, distances }: Loose) => [id, of(distances)]));
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
      return new GeneralGraph(checkRequestResult(arango.GET(graphUrl(name))).graph);
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
      const { result } = checkRequestResult(arango.DELETE(graphUrl(name) + query));
      db._flushCache();
      return result;
    },
    _relation(...args: Loose[]) {
      if (args.length < 3) throw make(1935, "Invalid number of arguments. Expected: 3");
      const [collection, from, to] = args;
      if (typeof collection !== "string" || collection === "") {
        throw make(1936, "Invalid parameter type. arg1 must be non empty string");
      }
      return { collection, from: names(from, 2), to: names(to, 3) };
    },
    _edgeDefinitions: (...relations: Loose[]) => relations,
    _extendEdgeDefinitions(list: Loose[], ...relations: Loose[]) {
      // the manuals up to 3.9 call it with a relation alone, which has no effect
      for (const relation of relations) list.push(relation);
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

/**
 * Named graphs: their definitions in `_graphs`, and the rules that hold between them and their collections.
 *
 * Source: recorded examples `HttpGharial*`; HTTP API description of `/_api/gharial`; errors 1901 to 1949.
 *
 * @module
 */
import { ArangoError, arangoError } from "../base/arango_error.ts";
import type { Collection } from "../engine/collection.ts";
import type { Database } from "../engine/database.ts";
import {
  connected,
  type EdgeDefinition,
  edgeDefinition,
  type GraphDocument,
  graphError,
  hasEdges,
  isNames,
  normalized,
  smartAttributes,
  type StoredGraph,
  vertexCollections,
  withDefinitions,
} from "./graph_document.ts";

/** One end of an edge. */
export interface EdgeEnd {
  /** Which one. */
  readonly name: "_from" | "_to";
  /** The id of the vertex; undefined if there is no text. */
  readonly id: string | undefined;
}

/** The graphs of a database. */
export class Graphs {
  readonly #database: Database;

  /** The graphs of `database`. */
  constructor(database: Database) {
    this.#database = database;
  }

  #collection(): Collection {
    const found = this.#database.find("_graphs");
    if (!found) throw graphError("ERROR_GRAPH_NO_GRAPH_COLLECTION");
    return found;
  }

  #exist(): boolean {
    return this.#database.find("_graphs") !== undefined;
  }

  /** All graphs, oldest first. */
  all(): StoredGraph[] {
    return [...this.#collection().pages()].flat().map(({ text }) => JSON.parse(text));
  }

  /**
   * The graph with a name.
   *
   * @throws ArangoError 1924
   */
  get(name: string): StoredGraph {
    const document = this.#collection().document(name);
    if (!document) throw graphError("ERROR_GRAPH_NOT_FOUND", `graph '${name}' not found`);
    return JSON.parse(document.text);
  }

  /**
   * Makes a graph and those of its collections that are missing.
   *
   * @param given as clients send it
   * @throws ArangoError 1922, 1923, 1943 malformed; 1925 name taken; 1920, 1921, 1938, 1944 collections used otherwise
   */
  create(given: Readonly<Record<string, unknown>>): StoredGraph {
    const { name, edgeDefinitions = [], orphanCollections = [], isSmart, isDisjoint, options } = given;
    if (typeof name !== "string" || name === "") throw graphError("ERROR_GRAPH_CREATE_MISSING_NAME");
    if (!Array.isArray(edgeDefinitions)) throw graphError("ERROR_GRAPH_CREATE_MALFORMED_EDGE_DEFINITION");
    if (!isNames(orphanCollections)) throw graphError("ERROR_GRAPH_CREATE_MALFORMED_ORPHAN_LIST");
    const definitions = edgeDefinitions.map(edgeDefinition);
    if (new Set(definitions.map(({ collection }) => collection)).size < definitions.length) {
      throw graphError("ERROR_GRAPH_COLLECTION_MULTI_USE");
    }
    if (this.#collection().document(name)) throw graphError("ERROR_GRAPH_DUPLICATE");
    const graph = normalized({
      _key: name,
      ...(isSmart === true ? smartAttributes(options, isDisjoint, definitions) : {}),
      edgeDefinitions: definitions,
      orphanCollections: orphanCollections.filter((one) => !connected(definitions).has(one)),
    });
    this.#check(graph);
    this.#ensureCollections(graph);
    const { key } = this.#collection().insert(JSON.stringify(graph));
    return this.get(key);
  }

  /** Edge collections have one meaning in all graphs, and are no vertex collections. */
  #check(graph: GraphDocument): void {
    const { edgeDefinitions, _key } = graph;
    for (const { collection, from, to } of edgeDefinitions) {
      if (this.#database.find(collection)?.isEdge === false) {
        throw graphError("ERROR_GRAPH_EDGE_DEFINITION_IS_DOCUMENT");
      }
      for (const other of this.all()) {
        if (other._key === _key) continue;
        const same = other.edgeDefinitions.find((one) => one.collection === collection);
        if (same && JSON.stringify([same.from, same.to]) !== JSON.stringify([from, to])) {
          throw graphError(
            "ERROR_GRAPH_COLLECTION_USE_IN_MULTI_GRAPHS",
            `edge collection already used in edge def: ${collection} in graph '${other._key}'`,
          );
        }
      }
    }
  }

  #ensureCollections(graph: GraphDocument): void {
    const edges = graph.edgeDefinitions.map(({ collection }) => collection);
    // edges may be the ends of other edges
    const vertices = vertexCollections(graph).filter((name) => !edges.includes(name));
    this.#database.ensureCollections([
      ...edges.map((name) => ({ name, type: 3 as const })),
      ...vertices.map((name) => ({ name, type: 2 as const })),
    ]);
  }

  /** Writes a changed graph; its collections are made if they are missing. */
  #replace(graph: GraphDocument): StoredGraph {
    this.#check(graph);
    this.#ensureCollections(graph);
    this.#write(graph);
    return this.get(graph._key);
  }

  #write(graph: GraphDocument): void {
    const { _id, _rev, ...document } = normalized(graph) as GraphDocument & Partial<StoredGraph>;
    this.#collection().replace(graph._key, JSON.stringify(document));
  }

  /**
   * Removes a graph.
   *
   * @param dropCollections whether its collections go too, unless other graphs use them
   * @throws ArangoError 1924
   */
  remove(name: string, dropCollections: boolean): void {
    const graph = this.get(name);
    this.#collection().remove(name);
    if (!dropCollections) return;
    for (const { collection } of graph.edgeDefinitions) this.#dropUnused(collection);
    for (const collection of vertexCollections(graph)) this.#dropUnused(collection);
  }

  /** The graphs that have a collection of a name. */
  #using(name: string): StoredGraph[] {
    return this.all().filter((graph) => vertexCollections(graph).includes(name) || hasEdges(graph, name));
  }

  #dropUnused(name: string): void {
    const collection = this.#database.find(name);
    if (collection && this.#using(name).length === 0) this.#database.dropCollection(collection);
  }

  /**
   * Refuses to drop a collection that graphs have.
   *
   * Source: release notes of 3.12, "Dropping graph collections disallowed".
   *
   * @throws ArangoError 1942
   */
  assertDroppable(name: string): void {
    if (this.#exist() && this.#using(name).length > 0) throw graphError("ERROR_GRAPH_MUST_NOT_DROP_COLLECTION");
  }

  /** Makes all graphs call a collection by its new name. */
  rename(oldName: string, newName: string): void {
    if (!this.#exist()) return;
    const renamed = (names: readonly string[]): string[] => names.map((name) => name === oldName ? newName : name);
    for (const graph of this.#using(oldName)) {
      const edgeDefinitions = graph.edgeDefinitions.map(({ collection, from, to }) => ({
        collection: collection === oldName ? newName : collection,
        from: renamed(from).sort(),
        to: renamed(to).sort(),
      }));
      this.#write({ ...graph, edgeDefinitions, orphanCollections: renamed(graph.orphanCollections) });
    }
  }

  /**
   * Adds a vertex collection that no edge definition names.
   *
   * @throws ArangoError 1929, 1938 in the graph already, 1218 an edge collection, 1203 missing and not to be made
   */
  addOrphan(name: string, collection: unknown, create: boolean): StoredGraph {
    const graph = this.get(name);
    if (typeof collection !== "string" || collection === "") {
      throw new ArangoError("ERROR_HTTP_BAD_PARAMETER", "bad parameter: collection must be a name");
    }
    if (graph.orphanCollections.includes(collection)) throw graphError("ERROR_GRAPH_COLLECTION_USED_IN_ORPHANS");
    if (connected(graph.edgeDefinitions).has(collection)) {
      throw graphError("ERROR_GRAPH_COLLECTION_USED_IN_EDGE_DEF");
    }
    const found = this.#database.find(collection);
    if (found?.isEdge) throw graphError("ERROR_GRAPH_WRONG_COLLECTION_TYPE_VERTEX");
    if (!found && !create) throw graphError("ERROR_GRAPH_VERTEX_COL_DOES_NOT_EXIST");
    return this.#replace({ ...graph, orphanCollections: [...graph.orphanCollections, collection] });
  }

  /**
   * Takes a vertex collection out that no edge definition names.
   *
   * @throws ArangoError 1926 not in the graph, 1928 named by an edge definition
   */
  removeOrphan(name: string, collection: string, drop: boolean): StoredGraph {
    const graph = this.get(name);
    if (!graph.orphanCollections.includes(collection)) {
      throw graphError(
        connected(graph.edgeDefinitions).has(collection)
          ? "ERROR_GRAPH_NOT_IN_ORPHAN_COLLECTION"
          : "ERROR_GRAPH_VERTEX_COL_DOES_NOT_EXIST",
      );
    }
    const orphanCollections = graph.orphanCollections.filter((one) => one !== collection);
    const changed = this.#replace({ ...graph, orphanCollections });
    if (drop) this.#dropUnused(collection);
    return changed;
  }

  /**
   * Adds an edge definition.
   *
   * @throws ArangoError 1923, 1920 in the graph already, 1921 used otherwise by another graph
   */
  addDefinition(name: string, given: unknown): StoredGraph {
    const graph = this.get(name);
    const added = edgeDefinition(given);
    if (hasEdges(graph, added.collection)) {
      throw graphError("ERROR_GRAPH_COLLECTION_MULTI_USE");
    }
    return this.#replace(withDefinitions(graph, [...graph.edgeDefinitions, added]));
  }

  /**
   * Replaces an edge definition, in all graphs that have it; vertex collections that it no longer names become orphans.
   *
   * @throws ArangoError 1923, 1930 not in the graph
   */
  changeDefinition(name: string, collection: string, given: unknown): StoredGraph {
    const changed = edgeDefinition({ ...(given as object), collection });
    const graph = this.get(name);
    const named = (given as { collection?: unknown }).collection ?? collection;
    if (named !== collection || !hasEdges(graph, collection)) {
      throw graphError("ERROR_GRAPH_EDGE_COLLECTION_NOT_USED");
    }
    const definitions = (of: GraphDocument): EdgeDefinition[] =>
      of.edgeDefinitions.map((one) => one.collection === collection ? changed : one);
    for (const one of this.all().filter((each) => hasEdges(each, collection))) {
      const next = withDefinitions(one, definitions(one));
      this.#ensureCollections(next);
      this.#write(next);
    }
    return this.get(name);
  }

  /**
   * Takes an edge definition out; its vertex collections become orphans.
   *
   * @throws ArangoError 1930
   */
  removeDefinition(name: string, collection: string, drop: boolean): StoredGraph {
    const graph = this.get(name);
    const left = graph.edgeDefinitions.filter((one) => one.collection !== collection);
    if (left.length === graph.edgeDefinitions.length) throw graphError("ERROR_GRAPH_EDGE_COLLECTION_NOT_USED");
    const changed = this.#replace(withDefinitions(graph, left));
    if (drop) this.#dropUnused(collection);
    return changed;
  }

  #existing(name: string): Collection {
    const collection = this.#database.find(name);
    if (!collection) throw arangoError("ERROR_ARANGO_DATA_SOURCE_NOT_FOUND", name);
    return collection;
  }

  /**
   * Checks the ends of an edge: in collections of the graph, and there.
   *
   * @throws ArangoError 1233 malformed, 1947 vertex collection not in the graph, 1203 not there, 1202 no such vertex
   */
  checkEnds(graph: GraphDocument, ends: readonly EdgeEnd[]): void {
    for (const { name, id } of ends) {
      const [collection, key] = id?.split("/") ?? [];
      if (!collection || !key) throw new ArangoError("ERROR_ARANGO_INVALID_EDGE_ATTRIBUTE");
      if (!vertexCollections(graph).includes(collection)) {
        throw graphError(
          "ERROR_GRAPH_REFERENCED_VERTEX_COLLECTION_NOT_PART_OF_THE_GRAPH",
          `referenced ${name} collection ${collection} is not part of the graph`,
        );
      }
      if (!this.#existing(collection).document(key)) throw new ArangoError("ERROR_ARANGO_DOCUMENT_NOT_FOUND");
    }
  }

  /**
   * The edge collections of all graphs that hold something, and whose edges may have documents of `vertices` for ends, or
   * edges that do.
   */
  edgeCollections(vertices: string): Collection[] {
    const definitions = this.all().flatMap(({ edgeDefinitions }) => edgeDefinitions);
    const ends = new Set([vertices]);
    // edges that are found are ends of further ones
    for (const end of ends) {
      for (const { collection, from, to } of definitions) if ([...from, ...to].includes(end)) ends.add(collection);
    }
    const edges = new Set(definitions.map(({ collection }) => collection).filter((name) => ends.has(name)));
    return [...edges].flatMap((name) => this.#database.find(name) ?? []).filter((one) => one.reading() !== undefined);
  }

  /** Removes the edges of a vertex, or of an edge, from collections, and the edges of those edges with them. */
  removeEdgesOf(id: string, collections: readonly Collection[]): void {
    const removed = [id];
    for (const one of removed) {
      for (const collection of collections) {
        const file = collection.reading();
        const found = (["from", "to"] as const)
          .flatMap((end) => file?.edges(end, one, 0n, Number.MAX_SAFE_INTEGER) ?? []);
        for (const key of new Set(found.map((edge) => edge.key))) {
          collection.remove(key);
          removed.push(`${collection.name}/${key}`);
        }
      }
    }
  }
}

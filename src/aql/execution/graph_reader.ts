/**
 * Edges and vertices as graph searches see them.
 *
 * @module
 */
import { ArangoError, arangoError } from "../../base/arango_error.ts";
import type { CollectionReader, EdgeList, EdgeWish } from "../data_source.ts";
import type { EdgeSources, WeightSettings } from "../plan/graph_settings.ts";
import { type AqlObject, type AqlValue, attributeOf } from "../values.ts";
import { documentId, type QueryContext } from "./context.ts";

/** An edge: its document, or where that is not needed what tells it from all others. */
export type Edge = AqlObject | string;

/** The vertices one edge away, and the edges that lead there: two columns of the same length. */
export interface Neighbours {
  readonly vertices: readonly string[];
  /** Empty where only the vertices were asked for. */
  readonly edges: readonly Edge[];
}

/** What a search needs to know of the documents that it passes. */
export interface GraphNeeds {
  /** Edges as documents, as texts that tell them apart, or not at all. */
  readonly edges: EdgeWish;
  /** Vertices as documents, as `_id` and `_key` of those that are there, or not at all. */
  readonly vertices: "whole" | "key" | "none";
}

/** How many edges and vertices are remembered. */
const REMEMBERED = 200_000;
const NOTHING: Neighbours = { vertices: [], edges: [] };

/** Reads the edges and vertices of one graph, and remembers them for as long as a query runs. */
export class GraphReader {
  readonly #context: QueryContext;
  readonly #sources: EdgeSources;
  readonly #needs: GraphNeeds;
  readonly #forward = new Map<string, Neighbours>();
  readonly #backward = new Map<string, Neighbours>();
  readonly #vertices = new Map<string, AqlObject | null>();
  #edgeCount = 0;

  /**
   * @param sources the edge collections
   * @param needs what is to be read of documents
   */
  constructor(context: QueryContext, sources: EdgeSources, needs: GraphNeeds) {
    this.#context = context;
    this.#sources = sources;
    this.#needs = needs;
  }

  /** Whether the neighbours of a vertex are at hand. */
  knows(vertex: string, reverse = false): boolean {
    return (reverse ? this.#backward : this.#forward).has(vertex);
  }

  /**
   * The vertices one edge away in the order of the edge collections, outbound edges before inbound ones, each in the
   * order in which they were written.
   *
   * @param reverse follow all edges the other way
   */
  neighbours(vertex: string, reverse = false): Neighbours {
    const known = reverse ? this.#backward : this.#forward;
    const found = known.get(vertex);
    if (found) return found;
    this.load([vertex], reverse);
    return known.get(vertex)!;
  }

  /** Reads the neighbours of several vertices at once, for {@linkcode neighbours}. */
  load(vertices: readonly string[], reverse = false): void {
    this.#context.check();
    if (this.#edgeCount > REMEMBERED) {
      this.#forward.clear();
      this.#backward.clear();
      this.#edgeCount = 0;
    }
    const lists: { readonly prefix: string; readonly found: EdgeList[] }[] = [];
    for (const { collection, direction } of this.#sources) {
      const reader = this.#reader(collection);
      const prefix = this.#sources.length === 1 ? "" : `${collection}/`;
      const way = !reverse || direction === "ANY" ? direction : direction === "OUTBOUND" ? "INBOUND" : "OUTBOUND";
      for (const end of ["_from", "_to"] as const) {
        if (way === (end === "_from" ? "INBOUND" : "OUTBOUND")) continue;
        lists.push({ prefix, found: reader.edgesOf(end, vertices, this.#needs.edges) });
      }
    }
    const known = reverse ? this.#backward : this.#forward;
    vertices.forEach((vertex, i) => {
      const parts = lists.map(({ prefix, found }) => part(found[i]!, prefix)).filter((one) => one.vertices.length > 0);
      const all = parts.length < 2 ? parts[0] ?? NOTHING : {
        vertices: parts.flatMap((one) => one.vertices),
        edges: parts.flatMap((one) => one.edges),
      };
      this.#edgeCount += all.vertices.length;
      this.#context.counters.scannedIndex += all.vertices.length;
      known.set(vertex, all);
    });
  }

  #reader(collection: string): CollectionReader {
    const reader = this.#context.session.reader(collection);
    if (!reader) throw arangoError("ERROR_ARANGO_DATA_SOURCE_NOT_FOUND", collection);
    return reader;
  }

  /** Reads the documents of several vertices at once, for {@linkcode vertex}. */
  loadVertices(ids: Iterable<string>): void {
    if (this.#needs.vertices === "none") return;
    if (this.#vertices.size > REMEMBERED) this.#vertices.clear();
    const missing = new Map<string, string[]>();
    for (const id of ids) {
      if (this.#vertices.has(id)) continue;
      const slash = id.indexOf("/");
      const collection = id.slice(0, slash);
      const keys = missing.get(collection);
      if (keys) keys.push(id.slice(slash + 1));
      else missing.set(collection, [id.slice(slash + 1)]);
      this.#vertices.set(id, null);
    }
    for (const [collection, keys] of missing) {
      const documents = this.#documents(collection, keys);
      keys.forEach((key, i) => {
        const id = `${collection}/${key}`;
        const document = documents[i] ?? null;
        if (document === null) this.#context.warn(1202, `vertex '${id}' not found`);
        else this.#vertices.set(id, document);
      });
    }
  }

  #documents(collection: string, keys: readonly string[]): (AqlObject | null)[] {
    const reader = this.#context.session.reader(collection);
    if (!reader) return [];
    if (this.#needs.vertices === "key") {
      return reader.present(keys).map((found, i) => found ? { _key: keys[i]!, _id: `${collection}/${keys[i]}` } : null);
    }
    this.#context.counters.documentLookups += keys.length;
    return reader.documents(keys);
  }

  /** The document of a vertex; null with a warning (1202) if there is none. */
  vertex(id: string): AqlObject | null {
    if (!this.#vertices.has(id)) this.loadVertices([id]);
    return this.#vertices.get(id) ?? null;
  }
}

function part({ ends, identities, edges }: EdgeList, prefix: string): Neighbours {
  if (!identities) return { vertices: ends, edges: edges ?? [] };
  return { vertices: ends, edges: prefix === "" ? identities : identities.map((one) => prefix + one) };
}

/** What tells an edge from all others of a graph. */
export function identityOf(edge: Edge): string {
  return typeof edge === "string" ? edge : edge._id as string;
}

/**
 * The id of the vertex that a search starts from.
 *
 * @param what the search, as the warning (10) calls it
 * @returns undefined with a warning if the value is no id
 */
export function startVertex(value: AqlValue, what: string, context: QueryContext): string | undefined {
  const id = documentId(value);
  if (id?.includes("/")) return id;
  context.warn(10, `Invalid input for ${what}: Only id strings or objects with _id are allowed`);
  return undefined;
}

/**
 * What weighs edges.
 *
 * @throws (the function) ArangoError 1948 for a negative weight
 */
export function weigher({ weightAttribute, defaultWeight }: WeightSettings): (edge: Edge) => number {
  if (!weightAttribute) return () => 1;
  return (edge) => {
    let value: AqlValue = edge;
    for (const name of weightAttribute) value = attributeOf(value, name);
    if (typeof value !== "number") return typeof value === "bigint" ? Number(value) : defaultWeight;
    if (value < 0) throw new ArangoError(1948, "negative edge weight found");
    return value;
  };
}

interface Waiting<T> {
  readonly item: T;
  readonly weight: number;
  /** Breaks ties. */
  readonly depth: number;
  /** Breaks ties among equals: the oldest first. */
  readonly number: number;
}

/** A queue that gives the lightest member first, among equals the least deep one, then the oldest. */
export class PriorityQueue<T> {
  readonly #heap: Waiting<T>[] = [];
  #count = 0;

  /** How many members there are. */
  get size(): number {
    return this.#heap.length;
  }

  /** The least weight; Infinity when there is no member. */
  get least(): number {
    return this.#heap[0]?.weight ?? Infinity;
  }

  /** All members, the lightest ones roughly first. */
  *members(): Generator<T> {
    for (const { item } of this.#heap) yield item;
  }

  /** Adds a member. */
  push(item: T, weight: number, depth = 0): void {
    const heap = this.#heap;
    const entry = { item, weight, depth, number: this.#count++ };
    let at = heap.length;
    heap.push(entry);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!comesBefore(entry, heap[parent]!)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = entry;
  }

  /** Takes the lightest member; undefined when there is none. */
  pop(): T | undefined {
    const heap = this.#heap;
    const top = heap[0];
    const last = heap.pop();
    if (!top || heap.length === 0) return top?.item;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && comesBefore(heap[child + 1]!, heap[child]!)) child++;
      if (!comesBefore(heap[child]!, last!)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last!;
    return top.item;
  }
}

function comesBefore(a: Waiting<unknown>, b: Waiting<unknown>): boolean {
  if (a.weight !== b.weight) return a.weight < b.weight;
  return a.depth === b.depth ? a.number < b.number : a.depth < b.depth;
}

/**
 * Edges and vertices as graph searches see them.
 *
 * @module
 */
import { ArangoError, arangoError } from "../../base/arango_error.ts";
import type { CollectionReader, EdgeList, EdgeWish } from "../data_source.ts";
import { type Area, GraphMemory, makeRoom } from "../graph_memory.ts";
import type { EdgeSources, WeightSettings } from "../plan/graph_settings.ts";
import { type AqlObject, type AqlValue, attributeOf, jsonText } from "../values.ts";
import { documentId, type QueryContext } from "./context.ts";

/** An edge: its document, or where that is not needed what tells it from all others. */
export type Edge = AqlObject | string;

/** The vertices one edge away, by number, and the edges that lead there: two columns of the same length. */
export interface Neighbours {
  readonly vertices: readonly number[];
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

const NOTHING: Neighbours = { vertices: [], edges: [] };
/** About how many bytes a list of neighbours takes, and each member of it. */
const BYTES_OF_LIST = 150;
const BYTES_OF_END = 8;
const BYTES_OF_EDGE: Readonly<Record<EdgeWish, number>> = { ends: 0, identities: 48, edges: 400 };
/** About how many bytes `{ _key, _id }` takes. */
const BYTES_OF_KEY = 150;
/** About how much larger a document is than its text. */
const BYTES_OF_LETTER = 4;

/** The edges of one collection in one direction. */
interface EdgePart {
  readonly reader: CollectionReader;
  readonly end: "_from" | "_to";
  /** What tells edges from those of other collections. */
  readonly prefix: string;
  readonly area: Area<Neighbours>;
}

/** The vertices of one collection. */
interface VertexPart {
  /** Undefined where there is no such collection. */
  readonly reader: CollectionReader | undefined;
  readonly area: Area<AqlObject>;
}

/** Tells which edges there are at vertices. */
export interface Neighbourhood {
  /** Whether the neighbours of a vertex are at hand. */
  knows(vertex: number, reverse?: boolean): boolean;
  /** Reads the neighbours of several vertices at once, for {@linkcode neighbours}. */
  load(vertices: readonly number[], reverse?: boolean): void;
  /**
   * The vertices one edge away in the order of the edge collections, outbound edges before inbound ones, each in the
   * order in which they were written.
   *
   * @param reverse follow all edges the other way
   */
  neighbours(vertex: number, reverse?: boolean): Neighbours;
}

/** Reads the edges and vertices of one graph, and remembers them. */
export class GraphReader implements Neighbourhood {
  readonly #context: QueryContext;
  readonly #sources: EdgeSources;
  readonly #needs: GraphNeeds;
  /** The vertices that were loaded last, and others that were before; null where there is no document. */
  readonly #vertices = new Map<number, AqlObject | null>();
  /** The vertices without a document that a warning has named. */
  readonly #missing = new Set<number>();
  readonly #vertexParts = new Map<string, VertexPart>();
  #memory: GraphMemory | undefined;
  /** Bytes of what this query has read and remembers. */
  readonly #held = { edges: 0, vertices: 0 };
  #forward: readonly EdgePart[] | undefined;
  #backward: readonly EdgePart[] | undefined;

  /**
   * @param sources the edge collections
   * @param needs what is to be read of documents
   */
  constructor(context: QueryContext, sources: EdgeSources, needs: GraphNeeds) {
    this.#context = context;
    this.#sources = sources;
    this.#needs = needs;
    context.atEnd(() => this.#forget());
  }

  #forget(): void {
    this.#vertices.clear();
    this.#missing.clear();
    this.#vertexParts.clear();
    this.#memory = this.#forward = this.#backward = undefined;
    this.#held.edges = this.#held.vertices = 0;
  }

  get #numbers(): GraphMemory {
    return this.#memory ??= this.#context.session.graphMemory ?? new GraphMemory();
  }

  /** The number of a vertex: the searches of a query know vertices by numbers. */
  numberOf(id: string): number {
    return this.#numbers.numberOf(id);
  }

  /** The id of a vertex. */
  idOf(vertex: number): string {
    return this.#numbers.idOf(vertex);
  }

  /** Forgets what was read if it is too much, and counts that it is gone. */
  #makeRoom(what: "edges" | "vertices", areas: Iterable<Area<unknown>>): boolean {
    if (!makeRoom(areas)) return false;
    this.#context.memory.shrink(this.#held[what]);
    this.#held[what] = 0;
    return true;
  }

  /** Counts bytes that are remembered; ArangoError 32 where that is more than the query may have. */
  #hold(what: "edges" | "vertices", bytes: number): void {
    this.#held[what] += bytes;
    this.#context.memory.grow(bytes);
  }

  #parts(reverse: boolean): readonly EdgePart[] {
    return reverse ? this.#backward ??= this.#edgeParts(true) : this.#forward ??= this.#edgeParts(false);
  }

  #edgeParts(reverse: boolean): EdgePart[] {
    const wish = this.#needs.edges;
    return this.#sources.flatMap(({ collection, direction }) => {
      const reader = this.#context.session.reader(collection);
      if (!reader) throw arangoError("ERROR_ARANGO_DATA_SOURCE_NOT_FOUND", collection);
      const prefix = this.#sources.length === 1 ? "" : `${collection}/`;
      const way = !reverse || direction === "ANY" ? direction : direction === "OUTBOUND" ? "INBOUND" : "OUTBOUND";
      const ends = way === "ANY" ? ["_from", "_to"] as const : [way === "OUTBOUND" ? "_from" : "_to"] as const;
      // documents of edges take too much room to be kept for other queries
      const version = wish === "edges" ? undefined : reader.version;
      return ends.map((end): EdgePart => {
        const area = this.#numbers.area<Neighbours>(`${wish} ${end} ${prefix} ${collection}`, version);
        return { reader, end, prefix, area };
      });
    });
  }

  knows(vertex: number, reverse = false): boolean {
    for (const { area } of this.#parts(reverse)) if (!area.members.has(vertex)) return false;
    return true;
  }

  neighbours(vertex: number, reverse = false): Neighbours {
    if (!this.knows(vertex, reverse)) this.load([vertex], reverse);
    const parts = this.#parts(reverse).map(({ area }) => area.members.get(vertex)!);
    const filled = parts.length === 1 ? parts : parts.filter(({ vertices }) => vertices.length > 0);
    const all = filled.length < 2 ? filled[0] ?? NOTHING : {
      vertices: filled.flatMap((one) => one.vertices),
      edges: filled.flatMap((one) => one.edges),
    };
    this.#context.counters.scannedIndex += all.vertices.length;
    return all;
  }

  load(vertices: readonly number[], reverse = false): void {
    this.#context.check();
    this.#makeRoom("edges", [...this.#forward ?? [], ...this.#backward ?? []].map(({ area }) => area));
    const memory = this.#numbers;
    const wish = this.#needs.edges;
    const bytes = BYTES_OF_END + BYTES_OF_EDGE[wish];
    for (const { reader, end, prefix, area } of this.#parts(reverse)) {
      const missing = vertices.filter((vertex) => !area.members.has(vertex));
      const found = reader.edgesOf(end, missing.map((vertex) => memory.idOf(vertex)), wish);
      const before = area.bytes;
      missing.forEach((vertex, i) => {
        const list = found[i]!;
        const ends = list.ends.map((id) => memory.numberOf(id));
        area.set(vertex, { vertices: ends, edges: edgesIn(list, prefix) }, BYTES_OF_LIST + bytes * ends.length);
      });
      this.#hold("edges", area.bytes - before);
    }
  }

  /** Reads the documents of several vertices at once, for {@linkcode vertex}. */
  loadVertices(vertices: Iterable<number>): void {
    if (this.#needs.vertices === "none") return;
    const areas = [...this.#vertexParts.values()].map(({ area }) => area);
    if (this.#makeRoom("vertices", areas)) this.#vertices.clear();
    const missing = new Map<string, number[]>();
    for (const vertex of vertices) {
      if (this.#vertices.has(vertex)) continue;
      const id = this.idOf(vertex);
      const collection = id.slice(0, id.indexOf("/"));
      const others = missing.get(collection);
      if (others) others.push(vertex);
      else missing.set(collection, [vertex]);
      this.#vertices.set(vertex, null);
    }
    for (const [collection, wanted] of missing) this.#loadFrom(collection, wanted);
  }

  #loadFrom(collection: string, vertices: readonly number[]): void {
    const part = this.#vertexPart(collection);
    const { members } = part.area;
    const unknown = vertices.filter((vertex) => !members.has(vertex));
    const read = this.#read(part, collection, unknown);
    for (const vertex of vertices) {
      const document = members.get(vertex) ?? read.get(vertex);
      if (document) this.#vertices.set(vertex, document);
      else if (!this.#missing.has(vertex)) {
        this.#missing.add(vertex);
        this.#context.warn(1202, `vertex '${this.idOf(vertex)}' not found`);
      }
    }
    if (this.#needs.vertices === "whole" && part.reader) this.#context.counters.documentLookups += vertices.length;
  }

  #vertexPart(collection: string): VertexPart {
    let part = this.#vertexParts.get(collection);
    if (!part) {
      const reader = this.#context.session.reader(collection);
      const area = this.#numbers.area<AqlObject>(`${this.#needs.vertices} ${collection}`, reader?.version);
      this.#vertexParts.set(collection, part = { reader, area });
    }
    return part;
  }

  /** Reads vertices of one collection; those that are not there are left out. */
  #read({ reader, area }: VertexPart, collection: string, vertices: readonly number[]): Map<number, AqlObject> {
    const found = new Map<number, AqlObject>();
    if (!reader || vertices.length === 0) return found;
    const keys = vertices.map((vertex) => this.idOf(vertex).slice(collection.length + 1));
    const documents = this.#needs.vertices === "whole" ? reader.documents(keys) : reader.present(keys)
      .map((isThere, i) => isThere ? { _key: keys[i]!, _id: `${collection}/${keys[i]}` } : null);
    // the first document stands for those that are read with it
    const bytes = this.#needs.vertices === "whole"
      ? BYTES_OF_LETTER * jsonText(documents.find((one) => one !== null) ?? {}).length
      : BYTES_OF_KEY;
    const before = area.bytes;
    documents.forEach((document, i) => {
      if (!document) return;
      found.set(vertices[i]!, document);
      area.set(vertices[i]!, document, bytes);
    });
    this.#hold("vertices", area.bytes - before);
    return found;
  }

  /** The document of a vertex; null with a warning (1202) if there is none. */
  vertex(vertex: number): AqlObject | null {
    if (!this.#vertices.has(vertex)) this.loadVertices([vertex]);
    return this.#vertices.get(vertex) ?? null;
  }
}

function edgesIn({ identities, edges }: EdgeList, prefix: string): readonly Edge[] {
  if (!identities || prefix === "") return identities ?? edges ?? [];
  return identities.map((one) => prefix + one);
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

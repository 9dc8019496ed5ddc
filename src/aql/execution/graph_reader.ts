/**
 * Edges and vertices as graph searches see them.
 *
 * @module
 */
import { ArangoError } from "../../base/arango_error.ts";
import type { CollectionReader, EdgeWish } from "../data_source.ts";
import { type Area, GraphMemory, makeRoom } from "../graph_memory.ts";
import { type EdgeLookup, endsOf } from "../plan/edge_lookups.ts";
import type { Variable } from "../plan/expression.ts";
import type { EdgeSources, WeightSettings } from "../plan/graph_settings.ts";
import { type AqlObject, type AqlValue, attributeOf, jsonText } from "../values.ts";
import type { Row } from "./compile.ts";
import { documentId, type QueryContext } from "./context.ts";
import { type Edge, EdgeReader, type EdgeWay, type Neighbours } from "./edge_reader.ts";

/** What a search needs to know of the documents that it passes. */
export interface GraphNeeds {
  /** Edges as documents, as texts that tell them apart, or not at all. */
  readonly edges: EdgeWish;
  /** Vertices as documents, as `_id` and `_key` of those that are there, or not at all. */
  readonly vertices: "whole" | "key" | "none";
}

/** About how many bytes `{ _key, _id }` takes. */
const BYTES_OF_KEY = 150;
/** About how much larger a document is than its text. */
const BYTES_OF_LETTER = 4;

/** The vertices of one collection. */
interface VertexPart {
  /** Undefined where there is no such collection. */
  readonly reader: CollectionReader | undefined;
  readonly area: Area<AqlObject>;
}

/** Indexes for the edges of the steps of a traversal. */
export interface StepLookups {
  readonly lookups: readonly EdgeLookup[];
  /** Stands for the edge in their terms. */
  readonly edge: Variable;
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
  /** Bytes of what this query has read of vertices and remembers. */
  #held = 0;
  #forward: EdgeReader | undefined;
  #backward: EdgeReader | undefined;
  /** The look-ups of steps, by level; undefined for all levels that have none of their own. */
  readonly #lookups: ReadonlyMap<number | undefined, readonly EdgeLookup[]>;
  readonly #edge: Variable | undefined;
  readonly #levels = new Map<number, EdgeReader>();

  /**
   * @param sources the edge collections
   * @param needs what is to be read of documents
   * @param steps indexes to use instead of the edge index; needs edges as documents
   */
  constructor(context: QueryContext, sources: EdgeSources, needs: GraphNeeds, steps?: StepLookups) {
    this.#context = context;
    this.#sources = sources;
    this.#needs = needs;
    this.#lookups = Map.groupBy(steps?.lookups ?? [], ({ level }) => level);
    this.#edge = steps?.edge;
    context.atEnd(() => this.#forget());
  }

  #forget(): void {
    this.#vertices.clear();
    this.#missing.clear();
    this.#vertexParts.clear();
    this.#levels.clear();
    this.#memory = this.#forward = this.#backward = undefined;
    this.#held = 0;
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

  #edges(reverse: boolean): EdgeReader {
    return reverse ? this.#backward ??= this.#edgeReader(true) : this.#forward ??= this.#edgeReader(false);
  }

  #edgeReader(reverse: boolean): EdgeReader {
    const ways = this.#sources.flatMap(({ collection, direction }) => {
      const way = !reverse || direction === "ANY" ? direction : direction === "OUTBOUND" ? "INBOUND" : "OUTBOUND";
      return endsOf(way).map((end) => ({ collection, end }));
    });
    return this.#readerFor(reverse ? ways : this.#lookups.get(undefined) ?? ways);
  }

  #readerFor(ways: readonly EdgeWay[]): EdgeReader {
    return new EdgeReader(this.#context, this.#numbers, this.#needs.edges, ways, this.#edge);
  }

  /** Tells which row a traversal is for that begins now. */
  startFor(row: Row): void {
    this.#edges(false).startFor(row);
    for (const level of this.#lookups.keys()) if (level !== undefined) this.at(level).startFor(row);
  }

  /** Reads the edges that come so many edges behind the start of a traversal. */
  at(level: number): EdgeReader {
    const lookups = this.#lookups.get(level);
    if (!lookups) return this.#edges(false);
    let reader = this.#levels.get(level);
    if (!reader) this.#levels.set(level, reader = this.#readerFor(lookups));
    return reader;
  }

  knows(vertex: number, reverse = false): boolean {
    return this.#edges(reverse).knows(vertex);
  }

  neighbours(vertex: number, reverse = false): Neighbours {
    return this.#edges(reverse).neighbours(vertex);
  }

  load(vertices: readonly number[], reverse = false): void {
    this.#edges(reverse).load(vertices);
  }

  /** Reads the documents of several vertices at once, for {@linkcode vertex}. */
  loadVertices(vertices: Iterable<number>): void {
    if (this.#needs.vertices === "none") return;
    const areas = [...this.#vertexParts.values()].map(({ area }) => area);
    if (makeRoom(areas)) {
      this.#context.memory.shrink(this.#held);
      this.#held = 0;
      this.#vertices.clear();
    }
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
    this.#held += area.bytes - before;
    this.#context.memory.grow(area.bytes - before);
    return found;
  }

  /** The document of a vertex; null with a warning (1202) if there is none. */
  vertex(vertex: number): AqlObject | null {
    if (!this.#vertices.has(vertex)) this.loadVertices([vertex]);
    return this.#vertices.get(vertex) ?? null;
  }
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
    if (value < 0) throw new ArangoError("ERROR_GRAPH_NEGATIVE_EDGE_WEIGHT", "negative edge weight found");
    return value;
  };
}

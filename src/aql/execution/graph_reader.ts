/**
 * Edges and vertices as graph searches see them.
 *
 * @module
 */
import { ArangoError, arangoError } from "../../base/arango_error.ts";
import type { EdgeSources, WeightSettings } from "../plan/graph_settings.ts";
import { type AqlArray, type AqlObject, type AqlValue, attributeOf } from "../values.ts";
import { documentId, type QueryContext } from "./context.ts";
import { BATCH } from "./operator.ts";

/** An edge, and the vertex at its other end. */
export interface Neighbour {
  readonly edge: AqlObject;
  readonly vertex: string;
}

/** How many vertices are remembered. */
const REMEMBERED = 10_000;

/** Reads the edges and vertices of one graph. */
export class GraphReader {
  readonly #context: QueryContext;
  readonly #sources: EdgeSources;
  readonly #vertices = new Map<string, AqlObject | null>();

  constructor(context: QueryContext, sources: EdgeSources) {
    this.#context = context;
    this.#sources = sources;
  }

  /** The vertices one edge away, in the order of the edges; outbound edges before inbound ones. */
  neighbours(vertex: string): Neighbour[] {
    const found: Neighbour[] = [];
    for (const { collection, direction } of this.#sources) {
      if (direction !== "INBOUND") this.#edges(collection, "_from", "_to", vertex, found);
      if (direction !== "OUTBOUND") this.#edges(collection, "_to", "_from", vertex, found);
    }
    this.#context.check();
    return found;
  }

  #edges(collection: string, end: "_from" | "_to", other: "_from" | "_to", vertex: string, to: Neighbour[]): void {
    const reader = this.#context.session.reader(collection);
    if (!reader) throw arangoError("ERROR_ARANGO_DATA_SOURCE_NOT_FOUND", collection);
    const cursor = reader.edges(end, vertex);
    for (let page = cursor.next(BATCH); page.length > 0; page = cursor.next(BATCH)) {
      this.#context.counters.scannedIndex += page.length;
      for (const edge of page) to.push({ edge, vertex: edge[other] as string });
    }
  }

  /** The document of a vertex; null with a warning (1202) if there is none. */
  vertex(id: string): AqlObject | null {
    const known = this.#vertices.get(id);
    if (known) return known;
    const slash = id.indexOf("/");
    const found = this.#context.data.document(id.slice(0, slash), id.slice(slash + 1));
    if (found === null) this.#context.warn(1202, `vertex '${id}' not found`);
    if (this.#vertices.size >= REMEMBERED) this.#vertices.clear();
    this.#vertices.set(id, found);
    return found;
  }

  /** A path as queries see it, without weights. */
  path(vertices: readonly string[], edges: readonly AqlObject[]): AqlObject {
    const documents: AqlArray = vertices.map((id) => this.vertex(id));
    return { edges: [...edges], vertices: documents };
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
export function weigher({ weightAttribute, defaultWeight }: WeightSettings): (edge: AqlObject) => number {
  if (!weightAttribute) return () => 1;
  return (edge) => {
    let value: AqlValue = edge;
    for (const name of weightAttribute) value = attributeOf(value, name);
    if (typeof value !== "number") return defaultWeight;
    if (value < 0) throw new ArangoError(1948, "negative edge weight found");
    return value;
  };
}

/** A queue that gives the smallest member first, the oldest among equals. */
export class PriorityQueue<T> {
  readonly #heap: { readonly item: T; readonly key: readonly number[] }[] = [];
  #count = 0;

  /** Adds an item with what it is sorted by. */
  push(item: T, ...key: number[]): void {
    const heap = this.#heap;
    heap.push({ item, key: [...key, this.#count++] });
    let at = heap.length - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (compareKeys(heap[parent]!.key, heap[at]!.key) <= 0) break;
      [heap[parent], heap[at]] = [heap[at]!, heap[parent]!];
      at = parent;
    }
  }

  /** Takes the smallest item; undefined when there is none. */
  pop(): T | undefined {
    const heap = this.#heap;
    const top = heap[0];
    const last = heap.pop();
    if (!top || heap.length === 0) return top?.item;
    heap[0] = last!;
    for (let at = 0;;) {
      let least = at;
      for (const child of [2 * at + 1, 2 * at + 2]) {
        if (child < heap.length && compareKeys(heap[child]!.key, heap[least]!.key) < 0) least = child;
      }
      if (least === at) return top.item;
      [heap[least], heap[at]] = [heap[at]!, heap[least]!];
      at = least;
    }
  }
}

function compareKeys(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return a[i]! - b[i]!;
  return 0;
}

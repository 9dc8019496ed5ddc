/**
 * The edges at vertices, found by indexes and remembered.
 *
 * @module
 */
import { arangoError } from "../../base/arango_error.ts";
import type { CollectionReader, EdgeList, EdgeWish } from "../data_source.ts";
import { type Area, type GraphMemory, makeRoom } from "../graph_memory.ts";
import type { EdgeLookup } from "../plan/edge_lookups.ts";
import { type Variable, variablesOf } from "../plan/expression.ts";
import type { AqlObject } from "../values.ts";
import type { Row } from "./compile.ts";
import type { QueryContext } from "./context.ts";
import { edgeSearch } from "./index_branches.ts";

/** An edge: its document, or where that is not needed what tells it from all others. */
export type Edge = AqlObject | string;

/** The vertices one edge away, by number, and the edges that lead there: two columns of the same length. */
export interface Neighbours {
  readonly vertices: readonly number[];
  /** Empty where only the vertices were asked for. */
  readonly edges: readonly Edge[];
}

const NOTHING: Neighbours = { vertices: [], edges: [] };
const NO_EDGES: EdgeList = { ends: [] };
/** About how many bytes a list of neighbours takes, and each member of it. */
const BYTES_OF_LIST = 150;
const BYTES_OF_END = 8;
const BYTES_OF_EDGE: Readonly<Record<EdgeWish, number>> = { ends: 0, identities: 48, edges: 400 };
/** How many edges are read at a time. */
const EDGES_AT_ONCE = 1000;

/** Where edges are looked up, by the edge index unless another one is named. */
export type EdgeWay = Pick<EdgeLookup, "collection" | "end"> & Partial<Pick<EdgeLookup, "index" | "terms">>;

/** Finds the edges of one collection at vertices, given the row that a search is for. */
type FindEdges = (vertices: readonly string[], row: Row) => EdgeList[];

/** The edges of one collection in one direction. */
interface EdgePart {
  readonly find: FindEdges;
  /** What tells edges from those of other collections. */
  readonly prefix: string;
  readonly area: Area<Neighbours>;
  /** Whether what is found is different for each row. */
  readonly isOfRow: boolean;
}

/** Reads the edges at vertices, those of one way after those of another, each in the order of its index. */
export class EdgeReader {
  readonly #context: QueryContext;
  readonly #memory: GraphMemory;
  readonly #wish: EdgeWish;
  readonly #parts: readonly EdgePart[];
  #row: Row = [];
  #held = 0;

  /**
   * @param wish `edges`, where indexes are named
   * @param edge stands for the edge in the terms of those indexes
   * @throws ArangoError 1203 for a collection that is gone
   */
  constructor(
    context: QueryContext,
    memory: GraphMemory,
    wish: EdgeWish,
    ways: readonly EdgeWay[],
    edge?: Variable,
  ) {
    this.#context = context;
    this.#memory = memory;
    this.#wish = wish;
    const isSingle = new Set(ways.map(({ collection }) => collection)).size === 1;
    this.#parts = ways.map((way) => this.#part(way, edge, isSingle ? "" : `${way.collection}/`));
  }

  #part({ collection, end, index, terms = [] }: EdgeWay, edge: Variable | undefined, prefix: string): EdgePart {
    const wish = this.#wish;
    const reader = this.#context.session.reader(collection);
    if (!reader) throw arangoError("ERROR_ARANGO_DATA_SOURCE_NOT_FOUND", collection);
    if (edge && index && index.type !== "edge") {
      const area = this.#memory.area<Neighbours>("", undefined);
      const isOfRow = terms.some((term) => [...variablesOf(term)].some((one) => one !== edge));
      return { find: byIndex({ end, index, terms }, edge, reader, this.#context), prefix, area, isOfRow };
    }
    // documents of edges take too much room to be kept for other queries
    const version = wish === "edges" ? undefined : reader.version;
    const area = this.#memory.area<Neighbours>(`${wish} ${end} ${prefix} ${collection}`, version);
    return { find: (vertices) => reader.edgesOf(end, vertices, wish), prefix, area, isOfRow: false };
  }

  /** Tells which row the search is for that begins now. */
  startFor(row: Row): void {
    this.#row = row;
    for (const { area, isOfRow } of this.#parts) if (isOfRow) this.#forget(area);
  }

  #forget(area: Area<Neighbours>): void {
    this.#hold(-area.bytes);
    area.clear();
  }

  /** Counts bytes that are remembered; ArangoError 32 where that is more than the query may have. */
  #hold(bytes: number): void {
    this.#held += bytes;
    if (bytes < 0) this.#context.memory.shrink(-bytes);
    else this.#context.memory.grow(bytes);
  }

  /** Whether the neighbours of a vertex are at hand. */
  knows(vertex: number): boolean {
    for (const { area } of this.#parts) if (!area.members.has(vertex)) return false;
    return true;
  }

  /** Reads the neighbours of several vertices at once, for {@linkcode neighbours}. */
  load(vertices: readonly number[]): void {
    this.#context.check();
    if (makeRoom(this.#parts.map(({ area }) => area))) this.#hold(-this.#held);
    const bytes = BYTES_OF_END + BYTES_OF_EDGE[this.#wish];
    for (const { find, prefix, area } of this.#parts) {
      const missing = vertices.filter((vertex) => !area.members.has(vertex));
      const found = find(missing.map((vertex) => this.#memory.idOf(vertex)), this.#row);
      const before = area.bytes;
      missing.forEach((vertex, i) => {
        const list = found[i]!;
        const ends = list.ends.map((id) => this.#memory.numberOf(id));
        area.set(vertex, { vertices: ends, edges: edgesIn(list, prefix) }, BYTES_OF_LIST + bytes * ends.length);
      });
      this.#hold(area.bytes - before);
    }
  }

  /** The vertices one edge away. */
  neighbours(vertex: number): Neighbours {
    if (!this.knows(vertex)) this.load([vertex]);
    const parts = this.#parts.map(({ area }) => area.members.get(vertex)!);
    const filled = parts.length === 1 ? parts : parts.filter(({ vertices }) => vertices.length > 0);
    const all = filled.length < 2 ? filled[0] ?? NOTHING : {
      vertices: filled.flatMap((one) => one.vertices),
      edges: filled.flatMap((one) => one.edges),
    };
    this.#context.counters.scannedIndex += all.vertices.length;
    return all;
  }
}

/** Finds edges by an index that has more than their ends; where that cannot tell, by the edge index. */
function byIndex(
  lookup: Pick<EdgeLookup, "end" | "index" | "terms">,
  edge: Variable,
  reader: CollectionReader,
  context: QueryContext,
): FindEdges {
  const search = edgeSearch(lookup, edge, context);
  const { end, index } = lookup;
  const other = end === "_from" ? "_to" : "_from";
  return (vertices, row) =>
    vertices.map((vertex) => {
      const found = search(vertex, row);
      if (!found) return NO_EDGES;
      if (found.kind !== "ranges") return reader.edgesOf(end, [vertex], "edges")[0]!;
      const edges: AqlObject[] = [];
      for (const range of found.ranges) {
        const cursor = reader.byIndex(index.id, range);
        for (let page = cursor.next(EDGES_AT_ONCE); page.length > 0; page = cursor.next(EDGES_AT_ONCE)) {
          for (const one of page) edges.push(one);
        }
      }
      return { ends: edges.map((one) => one[other] as string), edges };
    });
}

function edgesIn({ identities, edges }: EdgeList, prefix: string): readonly Edge[] {
  if (!identities || prefix === "") return identities ?? edges ?? [];
  return identities.map((one) => prefix + one);
}

/** What tells an edge from all others of a graph. */
export function identityOf(edge: Edge): string {
  return typeof edge === "string" ? edge : edge._id as string;
}

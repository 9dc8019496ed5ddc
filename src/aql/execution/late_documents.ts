/**
 * Documents that are read behind the loop that has found them, for the rows that are left.
 *
 * @module
 */
import { arangoError } from "../../base/arango_error.ts";
import type { CollectionReader } from "../data_source.ts";
import type { Expr, Variable } from "../plan/expression.ts";
import type { EnumerateCollectionNode, IndexNode, MaterializeNode, PlanNode } from "../plan/nodes.ts";
import { type AqlObject, type AqlValue, attributeOf } from "../values.ts";
import type { Row } from "./compile.ts";
import type { QueryContext } from "./context.ts";
import { type Operator, skipRows } from "./operator.ts";

/** Reads a collection; the query's own writes are seen if the node says so. */
export function readerOf(node: EnumerateCollectionNode | IndexNode, context: QueryContext): CollectionReader {
  if (node.current) return context.session.writer(node.collection).current;
  const reader = context.session.reader(node.collection);
  if (!reader) throw arangoError("ERROR_ARANGO_DATA_SOURCE_NOT_FOUND", node.collection);
  return reader;
}

/** Puts a document and its projections into the variables of nodes. */
export function documentSetter(
  ...nodes: readonly Pick<IndexNode, "outVariable" | "projections">[]
): (row: Row, document: AqlObject) => void {
  const own = nodes.map(({ outVariable }) => outVariable.id);
  const projections = nodes.flatMap((node) => node.projections ?? []).flatMap(({ path, variable }) =>
    variable ? [{ path, register: variable.id }] : []
  );
  const [first] = own as [number];
  if (projections.length === 0 && own.length === 1) return (row, document) => row[first] = document;
  return (row, document) => {
    for (const register of own) row[register] = document;
    for (const { path, register } of projections) {
      let value: AqlValue = document;
      for (let i = 0; i < path.length; i++) value = attributeOf(value, path[i]!);
      row[register] = value;
    }
  };
}

/** How the documents of an index loop are read. */
export interface LateReading {
  readonly loop: IndexNode;
  /** The node that stands for it. */
  readonly node: MaterializeNode;
  /** Where the node is in its plan. */
  readonly at: number;
  /** Whether they are read there, because rows are dropped before; else the loop reads them at once. */
  readonly isApart: boolean;
}

/** How documents are read that are in a plan's loop, or node that reads, with this variable for their places. */
export function lateReading(nodes: readonly PlanNode[], placeVariable: Variable): LateReading {
  const at = nodes.findIndex((node) => node.type === "MaterializeNode" && node.inVariable === placeVariable);
  const loopAt = nodes.findIndex((node) => node.type === "IndexNode" && node.placeVariable === placeVariable);
  const loop = nodes[loopAt] as IndexNode;
  const between = nodes.slice(loopAt, at);
  // without a SORT a LIMIT stops the loop itself
  const sort = between.find((node) => node.type === "SortNode");
  const isCut = sort?.limit !== undefined || (sort !== undefined && between.some(({ type }) => type === "LimitNode"));
  const isApart = isCut || between.some(({ type }) => type === "FilterNode") ||
    (loop.filter !== undefined && leavesFew(loop.filter));
  return { loop, node: nodes[at] as MaterializeNode, at, isApart };
}

/** Whether a condition is likely to drop most of what it tests: for what is left the way by the entries of an index is longer. */
function leavesFew(condition: Expr): boolean {
  if (condition.kind !== "binary") return false;
  const { operator, left, right } = condition;
  return operator === "==" || operator === "IN" || (operator === "&&" && (leavesFew(left) || leavesFew(right)));
}

/** What a {@linkcode Materialize} is to do. */
export interface LateReads {
  /** Whose documents are read. */
  readonly loop: EnumerateCollectionNode | IndexNode;
  /** Tells which documents: their keys, or their revisions. */
  readonly by: "_key" | "_rev";
  readonly attributes: readonly string[] | undefined;
  /** Gets the documents. */
  readonly into: Pick<MaterializeNode, "outVariable" | "projections">;
  /** Whether ArangoDB counts them as look-ups. */
  readonly counts: boolean;
}

/** Reads the documents of which a loop has read parts, or only an index, for the rows that are left. */
export class Materialize implements Operator {
  readonly #upstream: Operator;
  readonly #reads: LateReads;
  readonly #context: QueryContext;
  readonly #set: (row: Row, document: AqlObject) => void;

  constructor(upstream: Operator, reads: LateReads, context: QueryContext) {
    this.#upstream = upstream;
    this.#reads = reads;
    this.#context = context;
    this.#set = documentSetter(reads.into);
  }

  pull(max: number): Row[] {
    const rows = this.#upstream.pull(max);
    if (rows.length === 0) return rows;
    const { loop, by, attributes, counts } = this.#reads;
    const { id } = loop.outVariable;
    const places = rows.map((row) => attributeOf(row[id]!, by) as string);
    const reader = readerOf(loop, this.#context);
    const wish = { attributes };
    const documents = by === "_key" ? reader.documents(places, wish) : reader.revisions(places, wish);
    rows.forEach((row, i) => this.#set(row, documents[i]!));
    if (counts) this.#context.counters.documentLookups += rows.length;
    if (this.#context.retaining > 0) this.#context.memory.keep(rows);
    return rows;
  }

  skip(count: number): number {
    return skipRows(this.#upstream, count);
  }

  reset(): void {
    this.#upstream.reset();
  }
}

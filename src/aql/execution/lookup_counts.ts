/**
 * What ArangoDB counts when indexes find documents: cursors, and the documents that it fetches.
 *
 * @module
 */
import type { SourceIndex } from "../data_source.ts";
import { pathsIn } from "../plan/attribute_uses.ts";
import { tellsPaths } from "../plan/index_match.ts";
import type { IndexNode } from "../plan/nodes.ts";
import type { QueryContext } from "./context.ts";
import type { DocumentUse } from "./document_use.ts";

/** Whether nothing but the entries of an index is needed: then ArangoDB fetches no documents. */
export function tellsAll(index: SourceIndex, attributes: readonly string[] | undefined): boolean {
  return attributes !== undefined && tellsPaths(index, attributes.map((name) => [name]));
}

/** Whether ArangoDB would fetch the documents that a loop finds, at once. */
export function looksUp(node: IndexNode, { attributes, reads }: DocumentUse): boolean {
  const { indexes, placeVariable, projections, filter, outVariable } = node;
  const isLate = placeVariable !== undefined && !reads;
  if (isLate) return false;
  const tested = filter ? pathsIn(filter, outVariable) : [];
  if (!projections || !tested) return !indexes.every((index) => tellsAll(index, attributes));
  const read = [...projections.map(({ path }) => path), ...tested];
  return !indexes.every((index) => tellsPaths(index, read));
}

/** Counts cursors of indexes as ArangoDB does: what is made for a first row serves the later ones again. */
export class CursorCount {
  readonly #context: QueryContext;
  /** How many are made. */
  readonly #count: number;
  #isMade = false;

  constructor(context: QueryContext, count: number) {
    this.#context = context;
    this.#count = count;
    context.atEnd(() => this.#isMade = false);
  }

  /** Notes that indexes are looked into for some rows. */
  note(rows: number): void {
    if (rows === 0) return;
    const { counters } = this.#context;
    if (!this.#isMade) counters.cursorsCreated += this.#count;
    counters.cursorsRearmed += this.#count * (rows - (this.#isMade ? 0 : 1));
    this.#isMade = true;
  }
}

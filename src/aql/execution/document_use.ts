/**
 * What a loop over documents is made for.
 *
 * @module
 */
import type { DocumentForm } from "../../storage/document_sql.ts";
import type { MaterializeNode } from "../plan/nodes.ts";
import type { Evaluator } from "./compile.ts";
import type { TopBound } from "./top_bound.ts";

/** What a loop needs of its documents, and what it makes of them. */
export interface DocumentUse {
  /** The attributes that are read; undefined for whole documents. */
  readonly attributes: readonly string[] | undefined;
  /** The node's own condition and the filter behind it, tested before rows are made. */
  readonly filter: Evaluator | undefined;
  /** Tells which documents a SORT behind the loop would drop. */
  readonly bound?: TopBound | undefined;
  /** A node behind the loop that wants the documents themselves; the loop does its work. */
  readonly reads?: MaterializeNode | undefined;
  /** What the query returns of the documents: then rows get the texts of that. */
  readonly form?: DocumentForm | undefined;
}

/**
 * FOR over the documents that keys find, many keys at once.
 *
 * @module
 */
import type { IndexNode } from "../plan/nodes.ts";
import { type AqlObject, isTruthy } from "../values.ts";
import type { Row } from "./compile.ts";
import type { QueryContext } from "./context.ts";
import type { DocumentUse } from "./document_use.ts";
import type { IndexBranch } from "./index_branches.ts";
import { documentSetter, readerOf } from "./late_documents.ts";
import { CursorCount, looksUp } from "./lookup_counts.ts";
import type { Operator } from "./operator.ts";

/** FOR over the documents with the keys that the rows of the input give: they are looked up many at once. */
export class KeyLookup implements Operator {
  readonly #upstream: Operator;
  readonly #node: IndexNode;
  readonly #branch: IndexBranch;
  readonly #attributes: readonly string[] | undefined;
  /** See {@linkcode looksUp}. */
  readonly #looksUp: boolean;
  readonly #context: QueryContext;
  readonly #assign: (row: Row, document: AqlObject) => boolean;
  readonly #cursors: CursorCount;

  /** @param branch the only branch: an equality with a key or id */
  constructor(node: IndexNode, upstream: Operator, branch: IndexBranch, use: DocumentUse, context: QueryContext) {
    this.#upstream = upstream;
    this.#node = node;
    this.#branch = branch;
    this.#context = context;
    const { filter, reads } = use;
    this.#attributes = use.attributes;
    this.#looksUp = looksUp(node, use);
    const setter = documentSetter(node, ...(reads ? [reads] : []));
    this.#assign = (row, document) => {
      setter(row, document);
      return !filter || isTruthy(filter(row));
    };
    this.#cursors = new CursorCount(context, 1);
  }

  pull(max: number): Row[] {
    const { counters } = this.#context;
    for (;;) {
      const rows = this.#upstream.pull(max);
      if (rows.length === 0) return rows;
      const reader = readerOf(this.#node, this.#context);
      const wanted: string[] = [];
      const asking: Row[] = [];
      for (const row of rows) {
        const search = this.#branch.search(row);
        if (search?.kind !== "keys" || search.keys.length === 0) continue;
        wanted.push(search.keys[0]!);
        asking.push(row);
      }
      this.#cursors.note(wanted.length);
      const documents = wanted.length === 0 ? [] : reader.documents(wanted, { attributes: this.#attributes });
      const found: Row[] = [];
      documents.forEach((document, i) => {
        if (!document) return;
        counters.scannedIndex++;
        if (this.#looksUp) counters.documentLookups++;
        if (this.#assign(asking[i]!, document)) found.push(asking[i]!);
        else counters.filtered++;
      });
      if (this.#context.retaining > 0) this.#context.memory.keep(found);
      if (found.length > 0) return found;
      this.#context.check();
    }
  }

  reset(): void {
    this.#upstream.reset();
  }
}

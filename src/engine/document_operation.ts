/**
 * What a document operation is asked to do, and what it did.
 *
 * @module
 */
import { ArangoError } from "../base/arango_error.ts";
import { valuesOf } from "../base/attributes_text.ts";
import { stringValue } from "../base/json_text.ts";
import { encodeRevision } from "../base/revision.ts";
import type { StoredDocument } from "../storage/document_table.ts";

/** How a document operation is to be done. */
export interface WriteOptions {
  /** Return when the change is on the disk; always done where the collection asks for it. */
  readonly waitForSync?: boolean;
  /** The `_rev` that the stored document must have. */
  readonly ifMatch?: string;
  /** Update: keep attributes that are set to null (default true). */
  readonly keepNull?: boolean;
  /** Update: merge objects that both sides have (default true). */
  readonly mergeObjects?: boolean;
  /** An attribute with a number: an older or equal one than the stored document's changes nothing. */
  readonly versionAttribute?: string;
  /** Keep the `_rev` that the document brings, compute nothing and ask no schema. */
  readonly isRestore?: boolean;
  /** Write whatever the schema says. */
  readonly skipDocumentValidation?: boolean;
}

/** Options of {@linkcode Collection.insert}. */
export interface InsertOptions extends WriteOptions {
  /** What to do when the key is taken. */
  readonly overwriteMode?: "conflict" | "ignore" | "replace" | "update";
}

/** What a document operation did. */
export interface WriteResult {
  readonly key: string;
  readonly rev: bigint;
  /** The revision before, if there was a document. */
  readonly oldRev?: bigint;
  /** The document before. */
  readonly old?: StoredDocument;
  /** The document after. */
  readonly new?: StoredDocument;
}

/** The stored document is not what somebody expects who wants to write it; carries what the stored one is. */
export class ConflictError extends ArangoError {
  /** `_id`, `_key` and `_rev` of the stored document; the `_rev` is empty if there is none. */
  readonly stored: { readonly _id: string; readonly _key: string; readonly _rev: string };

  /** @param message the whole text; about the `_rev` when absent */
  constructor(
    collection: string,
    { key, rev }: { readonly key: string; readonly rev: bigint | undefined },
    message?: string,
  ) {
    // source of the statuses: HTTP API description of `/_api/document`
    super("ERROR_ARANGO_CONFLICT", message ?? "conflict, _rev values do not match", message ? { code: 409 } : {});
    this.stored = { _id: `${collection}/${key}`, _key: key, _rev: rev === undefined ? "" : encodeRevision(rev) };
  }
}

/**
 * Whether the version attribute says that a change is older than what is stored. Versions are whole numbers that are not
 * negative; others are rounded down, or tell nothing. Source: HTTP API description of `/_api/document`, `versionAttribute`.
 *
 * @param before the attributes that are stored, see `attributes_text.ts`
 * @param change those of the change
 */
export function isStale(before: string, change: string, attribute: string | undefined): boolean {
  if (attribute === undefined) return false;
  const [old, now] = [before, change].map((attributes) => {
    const raw = valuesOf(attributes, new Set([attribute])).get(attribute);
    return raw === undefined || stringValue(raw) !== undefined ? NaN : Math.floor(Number(raw));
  });
  return now! >= 0 && now! <= old!;
}

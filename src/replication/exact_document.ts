/**
 * A leader's document as the follower stores it.
 *
 * @module
 */
import { ArangoError } from "../base/arango_error.ts";
import { compact } from "../base/json_text.ts";
import { isDocumentKey } from "../base/names.ts";
import { decodeRevision, INVALID_REVISION } from "../base/revision.ts";
import { documentParts, storedDocument } from "../engine/document_text.ts";
import type { StoredDocument } from "../storage/document_table.ts";

/** How ArangoDB and denosh begin a document: then it can stay as it is. */
const CANONICAL = /^\{"_key":"([^"\\]+)","_id":"([^"\\]+)","_rev":"([^"\\]+)"/;
/** White space that may stand between tokens; in doubt the document is taken apart. */
const SPACED = /[{\[,:\]}]\s|\s["{\[\]}:,]/;

/**
 * Takes a document over, every attribute value exactly as it stands.
 *
 * @param collection the collection's name, which `_id` will have
 * @param text valid JSON
 * @throws ArangoError 1401 if it is no object or has no `_key`, `_rev` or, for an edge, ends
 */
export function exactDocument(collection: string, edge: boolean, text: string): StoredDocument {
  const canonical = edge ? undefined : CANONICAL.exec(text);
  if (canonical) {
    const [start, key, id, rev] = canonical as unknown as [string, string, string, string];
    const revision = decodeRevision(rev);
    const taken = id === `${collection}/${key}` && isDocumentKey(key) && revision !== INVALID_REVISION &&
      !/"_(?:key|id|rev)":/.test(text.slice(start.length)) && !SPACED.test(text);
    if (taken) return { key, rev: revision, text };
  }
  const invalid = (detail: string): ArangoError =>
    new ArangoError(
      "ERROR_REPLICATION_INVALID_RESPONSE",
      `invalid response from leader: collection '${collection}' has a document ${detail}`,
    );
  if (!text.startsWith("{")) throw invalid("that is no object");
  const parts = documentParts(compact(text), edge);
  if (parts.key === undefined) throw invalid("that has no _key");
  const rev = parts.rev === undefined ? INVALID_REVISION : decodeRevision(parts.rev);
  if (rev === INVALID_REVISION) throw invalid(`'${parts.key}' that has no valid _rev`);
  if (edge && (parts.from === undefined || parts.to === undefined)) {
    throw invalid(`'${parts.key}' that is an edge and has no _from or no _to`);
  }
  return storedDocument(collection, { key: parts.key, rev, from: parts.from, to: parts.to, own: parts.own });
}

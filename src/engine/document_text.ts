/**
 * From what a client sends to what is stored: the system attributes of a document.
 *
 * @module
 */
import { ArangoError } from "../base/arango_error.ts";
import { type Member, type Members, members, stringValue } from "../base/json_text.ts";
import { isDocumentId, isDocumentKey } from "../base/names.ts";
import { encodeRevision } from "../base/revision.ts";
import type { StoredDocument } from "../storage/collection_file.ts";

/** The attributes that the engine writes itself. */
export const SYSTEM_ATTRIBUTES = ["_key", "_id", "_rev", "_from", "_to"] as const;

/** A document as a client sends it, taken apart. */
export interface DocumentParts {
  readonly key: string | undefined;
  /** The client's `_id`, if it is a string. */
  readonly id: string | undefined;
  /** The client's `_rev`, if it is a string. */
  readonly rev: string | undefined;
  /** Where an edge starts; empty if that is no string. */
  readonly from: string | undefined;
  readonly to: string | undefined;
  /** The attributes that are the user's own; in document collections `_from` and `_to` too. */
  readonly own: Members;
}

/**
 * Takes a document apart.
 *
 * @param text a valid JSON value
 * @throws ArangoError 1227 if it is no object, 1221 if its `_key` is no key
 */
export function documentParts(text: string, edge: boolean): DocumentParts {
  if (text.charCodeAt(0) !== 0x7b) throw new ArangoError("ERROR_ARANGO_DOCUMENT_TYPE_INVALID");
  const own = members(text);
  const take = (name: typeof SYSTEM_ATTRIBUTES[number]): string | undefined => {
    const member = own.get(name);
    if (member) own.delete(name);
    return stringValue(member?.raw);
  };
  const rawKey = own.get("_key")?.raw;
  const key = take("_key");
  if (rawKey !== undefined && (key === undefined || !isDocumentKey(key))) {
    throw new ArangoError("ERROR_ARANGO_DOCUMENT_KEY_BAD");
  }
  const id = take("_id");
  const rev = take("_rev");
  const end = (name: "_from" | "_to"): string | undefined => {
    if (!edge || !own.has(name)) return undefined;
    return take(name) ?? "";
  };
  return { key, id, rev, from: end("_from"), to: end("_to"), own };
}

/**
 * Checks the ends of an edge.
 *
 * @throws ArangoError 1233 if one is missing or no document id
 */
export function checkEdgeEnds(from: string | undefined, to: string | undefined): void {
  for (const end of [from, to]) {
    if (end === undefined || !isDocumentId(end)) throw new ArangoError("ERROR_ARANGO_INVALID_EDGE_ATTRIBUTE");
  }
}

/** Puts a document together as it is stored: system attributes first, then the user's in their order. */
export function storedDocument(
  collection: string,
  parts: { key: string; rev: bigint; from?: string | undefined; to?: string | undefined; own: Iterable<Member> },
): StoredDocument {
  const { key, rev, from, to } = parts;
  const ends = from === undefined ? "" : `"_from":${JSON.stringify(from)},"_to":${JSON.stringify(to)},`;
  let text = `{"_key":"${key}","_id":${JSON.stringify(`${collection}/${key}`)},${ends}"_rev":"${encodeRevision(rev)}"`;
  for (const { quoted, raw } of parts.own) text += `,${quoted}:${raw}`;
  const document = { key, rev, text: text + "}" };
  return from === undefined ? document : { ...document, from, to: to! };
}

/**
 * From what a client sends to what is stored: the system attributes of a document.
 *
 * @module
 */
import { ArangoError } from "../base/arango_error.ts";
import { attributesOf, walk } from "../base/attributes_text.ts";
import { stringValue } from "../base/json_text.ts";
import { isDocumentId, isDocumentKey } from "../base/names.ts";
import { encodeRevision } from "../base/revision.ts";
import type { StoredDocument } from "../storage/document_table.ts";

/** An attribute that the engine writes itself. */
type SystemAttribute = "_key" | "_id" | "_rev" | "_from" | "_to";
const DOCUMENT_ATTRIBUTES: ReadonlySet<string> = new Set(["_key", "_id", "_rev"]);
const EDGE_ATTRIBUTES: ReadonlySet<string> = new Set([...DOCUMENT_ATTRIBUTES, "_from", "_to"]);

/** The attributes that the engine writes itself into the documents of a collection. */
export function systemAttributes(edge: boolean): ReadonlySet<string> {
  return edge ? EDGE_ATTRIBUTES : DOCUMENT_ATTRIBUTES;
}

/** What a client has given for system attributes; null for what is no string. */
export type GivenAttributes = { [name in SystemAttribute]?: string | null };

/** What stands before the revision in a stored document. */
const REVISION = '"_rev":"';

/** A document as a client sends it, taken apart. */
export interface DocumentParts {
  readonly key: string | undefined;
  /** The client's `_rev`, if it is a string. */
  readonly rev: string | undefined;
  /** Where an edge starts; empty if that is no string. */
  readonly from: string | undefined;
  readonly to: string | undefined;
  /** The attributes that are the user's own, see `attributes_text.ts`; in document collections `_from` and `_to` too. */
  readonly own: string;
}

/**
 * Takes a document apart.
 *
 * @param text a valid JSON value without white space between tokens
 * @param key the document that is meant, whatever text or null the `_key` is; without it `_key` tells
 * @throws ArangoError 1227 if it is no object, 1221 if its `_key` is no key
 */
export function documentParts(text: string, edge: boolean, key?: string): DocumentParts {
  if (text.charCodeAt(0) !== 0x7b) throw new ArangoError("ERROR_ARANGO_DOCUMENT_TYPE_INVALID");
  const attributes = attributesOf(text);
  const names = systemAttributes(edge);
  const system: GivenAttributes = {};
  let own = "";
  let done = 0;
  // most documents have theirs at the start: the rest need not be looked through
  if (mayHaveSystemAttributes(attributes, 0)) {
    walk(attributes, (name, comma, start, end) => {
      if (!names.has(name)) return true;
      const value = attributes.slice(start, end);
      const isNamed = name === "_key" && key !== undefined && (value === "null" || value.startsWith('"'));
      system[name as SystemAttribute] = isNamed ? key : stringValue(value) ?? null;
      own += attributes.slice(done, comma);
      done = end;
      return mayHaveSystemAttributes(attributes, end);
    });
  }
  return givenDocument(system, own + attributes.slice(done));
}

/**
 * A document of its parts.
 *
 * @param system those of {@linkcode systemAttributes} that the client has given
 * @param own the attributes that are the user's own
 * @throws ArangoError 1221 if the `_key` is no key
 */
export function givenDocument(
  { _key: key, _rev: rev, _from: from, _to: to }: Readonly<GivenAttributes>,
  own: string,
): DocumentParts {
  if (key === null || (key !== undefined && !isDocumentKey(key))) {
    throw new ArangoError("ERROR_ARANGO_DOCUMENT_KEY_BAD");
  }
  const end = (given: string | null | undefined): string | undefined => given === null ? "" : given;
  return { key, rev: rev ?? undefined, from: end(from), to: end(to), own };
}

/** Whether attributes from a place on may be called as those of the system are: by an underscore as it is or escaped. */
function mayHaveSystemAttributes(attributes: string, from: number): boolean {
  return attributes.includes('"_', from) || attributes.includes("\\u005", from);
}

/** The attributes of a stored document that are the user's own. */
export function ownAttributes({ text }: StoredDocument): string {
  // quotes within the values before are escaped
  return text.slice(text.indexOf('"', text.indexOf(REVISION) + REVISION.length) + 1, -1);
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
  parts: { key: string; rev: bigint; from?: string | undefined; to?: string | undefined; own: string },
): StoredDocument {
  const { key, rev, from, to } = parts;
  const ends = from === undefined ? "" : `"_from":${JSON.stringify(from)},"_to":${JSON.stringify(to)},`;
  const id = JSON.stringify(`${collection}/${key}`);
  const text = `{"_key":"${key}","_id":${id},${ends}${REVISION}${encodeRevision(rev)}"${parts.own}}`;
  const document = { key, rev, text };
  return from === undefined ? document : { ...document, from, to: to! };
}

/**
 * Which texts are names: of collections, databases and documents.
 *
 * Source: ArangoDB's naming constraints (traditional and extended), `arangosh.md` §5, HTTP API descriptions; the Go driver's
 * tests for the text about normal forms.
 *
 * @module
 */
import { ArangoError } from "./arango_error.ts";

const KEY = /^[A-Za-z0-9_\-:.@()+,=;$!*'%]{1,254}$/;

/** Whether a text can be the `_key` of a document. */
export function isDocumentKey(text: string): boolean {
  return KEY.test(text);
}

/** The texts that extended names leave out: control characters and slashes; and they must be in normal form. */
function isExtendedName(text: string, first: RegExp, reserved: RegExp): boolean {
  return new TextEncoder().encode(text).length <= 256 && text === text.normalize("NFC") && first.test(text) &&
    !reserved.test(text) && text.trim() === text && text.isWellFormed();
}

/**
 * Whether a text can be the name of a collection.
 *
 * @param system whether names that start with an underscore are fine
 */
export function isCollectionName(text: string, system: boolean): boolean {
  if (text.startsWith("_")) return system && /^_[A-Za-z0-9_-]{0,255}$/.test(text);
  // deno-lint-ignore no-control-regex -- control characters are what this forbids
  return text !== "" && isExtendedName(text, /^[^0-9.\s]/, /[\x00-\x1f\x7f/]/);
}

/** Whether a text can be the name of a database. */
export function isDatabaseName(text: string): boolean {
  if (text === "_system") return true;
  // deno-lint-ignore no-control-regex -- control characters are what this forbids
  return text !== "" && isExtendedName(text, /^[^0-9._\s]/, /[\x00-\x1f\x7f/:]/) &&
    new TextEncoder().encode(text).length <= 128;
}

/** Whether a text is of the form `collection/key`, as `_from` and `_to` must be. */
export function isDocumentId(text: string): boolean {
  const slash = text.indexOf("/");
  return slash > 0 && isDocumentKey(text.slice(slash + 1)) && isCollectionName(text.slice(0, slash), true);
}

/** The error, 1208, that tells of a name that a database, collection or index cannot have. */
export function illegalName(kind: "database" | "collection" | "index", name: string): ArangoError {
  const text = name === name.normalize("NFC")
    ? `illegal name: ${kind} name '${name}' is not allowed`
    : `${kind} name is not properly UTF-8 NFC-normalized`;
  return new ArangoError("ERROR_ARANGO_ILLEGAL_NAME", text);
}

/**
 * What names and keys look like.
 *
 * @module
 */

import type { Loose, ModuleScope } from "./scope.ts";

/** The module `denosh/names`. */
export function names({ exports, require }: ModuleScope): void {
  const { make } = require("denosh/errors");

  exports.isValidDocumentKey = function isValidDocumentKey(key: Loose): boolean {
    return typeof key === "string" && /^[A-Za-z0-9_:.@()+,=;$!*'%-]{1,254}$/.test(key);
  };

  /**
   * Whether a server may accept a name for a collection, under either of its naming rules.
   * What the rules forbid everywhere is decided here, the rest by the server.
   */
  exports.isCollectionName = function isCollectionName(name: Loose): boolean {
    // deno-lint-ignore no-control-regex -- control characters are what names must not have
    return typeof name === "string" && name !== "" && name.length <= 256 && !/[\u0000-\u001f/]/.test(name) &&
      !/^[0-9.\s]|\s$/.test(name);
  };

  exports.isAllowedDatabaseName = function isAllowedDatabaseName(name: Loose): boolean {
    // deno-lint-ignore no-control-regex -- control characters are what names must not have
    return typeof name === "string" && name !== "" && name.length <= 128 && !/[\u0000-\u001f/:]/.test(name) &&
      !/^[0-9._\s]|\s$/.test(name);
  };

  /** The collection of a document's id. */
  exports.collectionOf = function collectionOf(id: string): string {
    return id.slice(0, id.indexOf("/"));
  };

  /** Collection and key of a document's id. */
  exports.splitId = function splitId(id: Loose): [string, string] {
    const parts = typeof id === "string" ? id.split("/") : [];
    if (parts.length !== 2 || parts[0] === "" || !exports.isValidDocumentKey(parts[1])) throw make(1205);
    return [parts[0]!, parts[1]!];
  };
}

/**
 * What the requests of collections, documents and queries have in common: addresses, parameters, headers.
 *
 * @module
 */

import type { Loose, ModuleScope } from "./scope.ts";

/** The module `denosh/api-requests`. */
export function apiRequests({ exports }: ModuleScope): void {
  function isObject(value: Loose): boolean {
    return typeof value === "object" && value !== null;
  }

  /** `name=value` pairs of the options that are set. */
  function parameters(options: Loose, names: string[]): string[] {
    return names.filter((name) => options[name] !== undefined && options[name] !== null)
      .map((name) => `${name}=${encodeURIComponent(String(options[name]))}`);
  }

  function withQuery(url: string, pairs: string[]): string {
    return pairs.length === 0 ? url : `${url}?${pairs.join("&")}`;
  }

  function requestHeaders(options: Loose, revision?: string): Record<string, string> {
    const headers: Record<string, string> = {};
    if (revision !== undefined) headers["if-match"] = JSON.stringify(revision);
    if (options?.transactionId) headers["x-arango-trx-id"] = String(options.transactionId);
    if (options?.allowDirtyReads) headers["x-arango-allow-dirty-read"] = "true";
    return headers;
  }

  /**
   * What the methods that change a document take after it: an object of options, or the same by position.
   *
   * @param given the arguments after the document
   * @param names the options that the positions stand for
   */
  function changeOptions(given: Loose[], names: string[]): Loose {
    const [first, ...rest] = given;
    if (isObject(first)) {
      if (rest.some((value) => value !== undefined)) throw "too many arguments";
      return first;
    }
    const options: Loose = {};
    given.forEach((value, index) => {
      if (value !== undefined && names[index] !== undefined) options[names[index]] = value;
    });
    return options;
  }

  /** A path of the API, in the database that a collection was made for. */
  function apiUrl(collection: Loose, path: string): string {
    return `/_db/${encodeURIComponent(collection._dbName)}/_api/${path}`;
  }
  function collectionUrl(collection: Loose, suffix = ""): string {
    return apiUrl(collection, `collection/${encodeURIComponent(collection.name())}${suffix}`);
  }
  function documentUrl(collection: Loose, key?: string): string {
    const base = apiUrl(collection, `document/${encodeURIComponent(collection.name())}`);
    return key === undefined ? base : `${base}/${encodeURIComponent(key)}`;
  }
  function connectionOf(collection: Loose): Loose {
    return collection._database._connection;
  }

  Object.assign(exports, {
    isObject,
    parameters,
    withQuery,
    requestHeaders,
    changeOptions,
    apiUrl,
    collectionUrl,
    documentUrl,
    connectionOf,
  });
}

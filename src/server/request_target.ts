/**
 * What the address of a request names.
 *
 * @module
 */
import { ArangoError } from "../base/arango_error.ts";

/** The parts of an address. */
export interface Target {
  readonly databaseName: string;
  /** The path below the database, as it was sent. */
  readonly path: string;
  /** The steps of the path, decoded. */
  readonly parts: readonly string[];
  readonly query: URLSearchParams;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    throw new ArangoError("ERROR_HTTP_BAD_PARAMETER", `bad parameter: '${text}' is not percent-encoded UTF-8`, {
      cause,
    });
  }
}

/**
 * Takes an address apart.
 *
 * @throws ArangoError 400 for what is not percent-encoded UTF-8
 */
export function parseTarget(url: string): Target {
  const mark = url.indexOf("?");
  const all = mark < 0 ? url : url.slice(0, mark);
  const query = new URLSearchParams(mark < 0 ? "" : url.slice(mark + 1));
  const prefixed = /^\/+_db\/([^/]*)(.*)$/.exec(all);
  const path = prefixed ? prefixed[2]! || "/" : all;
  const databaseName = prefixed ? decoded(prefixed[1]!) : "_system";
  const parts = path.split("/").filter((part) => part !== "").map(decoded);
  return { databaseName, path, parts, query };
}

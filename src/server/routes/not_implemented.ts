/**
 * Endpoints that ArangoDB has and denosh does not have, with what they would be for.
 *
 * @module
 */
import { ArangoError } from "../../base/arango_error.ts";
import { type Access, json, type Route } from "../route.ts";

/** Paths, and what a client would find there. */
const MISSING: readonly (readonly [path: string, what: string])[] = [
  ["/_admin/backup", "hot backups"],
  ["/_admin/cluster", "clusters"],
  ["/_admin/license", "licences"],
  ["/_admin/server/encryption", "encryption at rest"],
  ["/_admin/server/jwt", "exchanging token secrets at run time"],
  ["/_api/agency", "clusters"],
  ["/_api/cluster", "clusters"],
  ["/_api/control_pregel", "Pregel jobs"],
  ["/_api/foxx", "Foxx services"],
  ["/_api/log", "replicated logs"],
  ["/_api/upload", "uploads"],
];

/** A route that says so. */
function missing(path: string, what: string, access: Access): Route {
  return {
    method: "*",
    path,
    access,
    handle(context) {
      throw new ArangoError(
        "ERROR_NOT_IMPLEMENTED",
        `not implemented: denosh has no ${what} (${context.request.method} ${context.path})`,
      );
    },
  };
}

/** The routes that say so. */
export const NOT_IMPLEMENTED: readonly Route[] = [
  // the Java driver asks this in `_system` as whoever it is, and takes a 501 for "one server"
  missing("/_api/cluster/endpoints", "clusters", "user"),
  // pyArango asks this of each database that it opens
  { method: "GET", path: "/_api/foxx", access: "read", handle: () => json(200, []) },
  ...MISSING.map(([path, what]) => missing(`${path}/*rest`, what, "read")),
];

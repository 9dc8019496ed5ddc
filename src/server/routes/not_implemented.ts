/**
 * Endpoints that ArangoDB has and denosh does not have, with what they would be for.
 *
 * @module
 */
import { ArangoError } from "../../base/arango_error.ts";
import type { Route } from "../route.ts";

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

/** The routes that say so. */
export const NOT_IMPLEMENTED: readonly Route[] = MISSING.map(([path, what]) => ({
  method: "*",
  path: `${path}/*rest`,
  access: "read",
  handle(context) {
    throw new ArangoError(
      "ERROR_NOT_IMPLEMENTED",
      `not implemented: denosh has no ${what} (${context.request.method} ${context.path})`,
    );
  },
}));

/**
 * All endpoints, a table of tables.
 *
 * @module
 */
import type { Route } from "../route.ts";
import { ADMINISTRATION } from "./administration.ts";
import { COLLECTIONS } from "./collections.ts";
import { DATABASES } from "./databases.ts";
import { DOCUMENTS } from "./documents.ts";
import { INDEXES } from "./indexes.ts";
import { JOBS } from "./jobs.ts";
import { NOT_IMPLEMENTED } from "./not_implemented.ts";
import { REPLICATION } from "./replication.ts";
import { USERS } from "./users.ts";

/** Every route of the API. */
export const ROUTES: readonly Route[] = [
  ...ADMINISTRATION,
  ...COLLECTIONS,
  ...DATABASES,
  ...DOCUMENTS,
  ...INDEXES,
  ...JOBS,
  ...USERS,
  ...REPLICATION,
  ...NOT_IMPLEMENTED,
];

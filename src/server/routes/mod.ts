/**
 * All endpoints, a table of tables.
 *
 * @module
 */
import type { Route } from "../route.ts";
import { ADMINISTRATION } from "./administration.ts";
import { APPLIER } from "./applier.ts";
import { BATCH } from "./batch.ts";
import { COLLECTIONS } from "./collections.ts";
import { CURSORS } from "./cursors.ts";
import { DATABASES } from "./databases.ts";
import { DOCUMENTS } from "./documents.ts";
import { DUMPS } from "./dumps.ts";
import { GRAPHS } from "./graphs.ts";
import { IMPORTS } from "./imports.ts";
import { INDEXES } from "./indexes.ts";
import { JOBS } from "./jobs.ts";
import { MONITORING } from "./monitoring.ts";
import { NOT_IMPLEMENTED } from "./not_implemented.ts";
import { QUERIES } from "./queries.ts";
import { QUERY_CACHE } from "./query_cache.ts";
import { QUERY_MANAGEMENT } from "./query_management.ts";
import { REPLICATION } from "./replication.ts";
import { REPLICATION_COMMANDS } from "./replication_commands.ts";
import { RESTORES } from "./restores.ts";
import { SERVER_INFORMATION } from "./server_information.ts";
import { SIMPLE_QUERIES } from "./simple_queries.ts";
import { TASKS } from "./tasks.ts";
import { TRANSACTIONS } from "./transactions.ts";
import { TTL } from "./ttl.ts";
import { USER_FUNCTIONS } from "./user_functions.ts";
import { USERS } from "./users.ts";
import { ANALYZERS } from "./analyzers.ts";
import { VIEWS } from "./views.ts";

/** Every route of the API. */
export const ROUTES: readonly Route[] = [
  ...ADMINISTRATION,
  ...APPLIER,
  ...BATCH,
  ...COLLECTIONS,
  ...CURSORS,
  ...DATABASES,
  ...DOCUMENTS,
  ...DUMPS,
  ...GRAPHS,
  ...IMPORTS,
  ...INDEXES,
  ...JOBS,
  ...MONITORING,
  ...SERVER_INFORMATION,
  ...SIMPLE_QUERIES,
  ...TASKS,
  ...TRANSACTIONS,
  ...TTL,
  ...USER_FUNCTIONS,
  ...USERS,
  ...ANALYZERS,
  ...VIEWS,
  ...QUERIES,
  ...QUERY_CACHE,
  ...QUERY_MANAGEMENT,
  ...REPLICATION,
  ...REPLICATION_COMMANDS,
  ...RESTORES,
  ...NOT_IMPLEMENTED,
];

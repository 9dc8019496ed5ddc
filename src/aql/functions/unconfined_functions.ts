/**
 * Functions that reach beyond their arguments: into the database, or into functions that are only named when they run.
 *
 * @module
 */

/**
 * Their names. Neither computed values nor PRUNE take them.
 *
 * Source: the manual's page on computed values, and section "Pruning" of its page on traversals.
 */
export const UNCONFINED_FUNCTIONS: ReadonlySet<string> = new Set([
  "APPLY",
  "CALL",
  "COLLECTIONS",
  "COLLECTION_COUNT",
  "CURRENT_DATABASE",
  "CURRENT_USER",
  "DOCUMENT",
  "FULLTEXT",
  "NEAR",
  "SCHEMA_GET",
  "SCHEMA_VALIDATE",
  "V8",
  "VERSION",
  "WITHIN",
  "WITHIN_RECTANGLE",
]);

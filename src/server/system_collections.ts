/**
 * The system collections that every database has.
 *
 * Source: the recorded example `arangosh_list_collections`.
 *
 * @module
 */

/** Their names; `_system` has `_users` besides. */
export const SYSTEM_COLLECTIONS: readonly string[] = [
  "_analyzers",
  "_appbundles",
  "_apps",
  "_aqlfunctions",
  "_frontend",
  "_graphs",
  "_jobs",
  "_queues",
];

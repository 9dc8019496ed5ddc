/**
 * The types of log entries.
 *
 * Source: `replication-protocol.md` §2.12.
 *
 * @module
 */

/** Marker types of the replication protocol, by event. */
export const MARKER = {
  createDatabase: 1100,
  dropDatabase: 1101,
  createCollection: 2000,
  dropCollection: 2001,
  renameCollection: 2002,
  changeCollection: 2003,
  truncateCollection: 2004,
  createIndex: 2100,
  dropIndex: 2101,
  beginTransaction: 2200,
  commitTransaction: 2201,
  document: 2300,
  remove: 2302,
} as const;

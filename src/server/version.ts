/**
 * Which ArangoDB the server says it is.
 *
 * @module
 */

/** The version of ArangoDB whose API this is: the last line before 3.12.10 took the follower's endpoints away. */
export const SERVER_VERSION = "3.12.5";
/** The edition. */
export const LICENSE = "community";

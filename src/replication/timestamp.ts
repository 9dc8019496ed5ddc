/**
 * Times in the protocol of replication.
 *
 * @module
 */

/** A time as ArangoDB writes it: seconds, UTC. */
export function timestamp(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.\d+/, "");
}

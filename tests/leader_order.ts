/**
 * What a test tells the leader of `leader_worker.ts`.
 *
 * @module
 */

/** What the proxy does with what the leader sends, after a number of bytes. */
export const PROXY = { pass: 0, cut: 1, stall: 2, damage: 3, misencode: 4 } as const;

/** How the leader is to be. */
export interface LeaderOrder {
  readonly documents: number;
  readonly password?: string;
  readonly certificateAndKey?: string;
  /** Words: what the proxy does, after how many bytes. */
  readonly faults: SharedArrayBuffer;
}

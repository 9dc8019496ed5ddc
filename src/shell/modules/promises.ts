/**
 * Waiting for promises in blocking code.
 *
 * @module
 */

import type { Loose, ModuleScope } from "./scope.ts";

/** The module `denosh/promises`: what test runners do with asynchronous functions. */
export function promises({ exports, host }: ModuleScope): void {
  /**
   * Waits for what an asynchronous function has given; nothing but the promises of scripts can be waited for.
   *
   * @throws what the promise was rejected with, and an error for one that stays undecided
   */
  exports.settle = function settle(outcome: Loose): void {
    if (typeof outcome?.then !== "function") return;
    let ended: { error?: Loose } | undefined;
    outcome.then(() => ended = {}, (error: Loose) => ended = { error });
    // the jobs of promises run when a script ends, the empty one too
    host.compile("", "denosh/jobs");
    if (ended === undefined) throw new Error("the promise of the function never settles: there is no event loop");
    if ("error" in ended) throw (ended as { error: Loose }).error;
  };
}

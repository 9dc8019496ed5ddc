/**
 * How long the tests of random queries run.
 *
 * @module
 */
import type fc from "fast-check";

const SECONDS = Deno.env.get("AQL_FUZZ_SECONDS");

/** `numRuns` runs of a fixed seed, or for `AQL_FUZZ_SECONDS` runs of other seeds. */
export function runsOf(numRuns: number): fc.Parameters<unknown> {
  return SECONDS === undefined
    ? { seed: 7, numRuns }
    : { interruptAfterTimeLimit: Number(SECONDS) * 1000, numRuns: 100_000_000 };
}

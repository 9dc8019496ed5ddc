/**
 * What ends the program before it has begun.
 *
 * @module
 */

/** A command line that is understood and makes no sense; exit status 1. */
export class FatalError extends Error {
  override readonly name = "FatalError";
}

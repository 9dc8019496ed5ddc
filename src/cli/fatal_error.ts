/**
 * What ends the program before it has begun.
 *
 * @module
 */

/** A command line that is understood and makes no sense, or cannot be carried out here. */
export class FatalError extends Error {
  override readonly name = "FatalError";
  /** The exit status. */
  readonly status: number;

  constructor(message: string, status = 1) {
    super(message);
    this.status = status;
  }
}

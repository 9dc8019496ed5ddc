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

/**
 * The text of a file that an option names.
 *
 * @throws FatalError if it cannot be read
 */
export function readNamedFile(option: string, path: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch (error) {
    throw new FatalError(`cannot read --${option} '${path}': ${(error as Error).message}`);
  }
}

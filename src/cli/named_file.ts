/**
 * Files that options name.
 *
 * @module
 */
import { FatalError } from "./fatal_error.ts";

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

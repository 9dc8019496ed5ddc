/**
 * Files that a command line names.
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

/** Whether a word looks like the name of a script. */
export function isScriptName(word: string): boolean {
  return /\.[cm]?[jt]s$/.test(word);
}

/**
 * Whether there is a file at a path, and not a directory.
 *
 * @throws Deno.errors.PermissionDenied and others where that cannot be told
 */
export function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return false;
    throw error;
  }
}

/**
 * Files of scripts that the user of the shell names.
 *
 * @module
 */

import { ArangoError } from "../base/arango_error.ts";
import { fileError } from "./host_files.ts";

/** Whether a script could not be read because there is none. */
export function isMissing(error: unknown): boolean {
  return error instanceof ArangoError && error.errorNum === FILE_NOT_FOUND;
}

/** Number of the error for a file that is not there. */
const FILE_NOT_FOUND = 14;

/**
 * The text of a script that the user of the shell names, whatever the script itself may touch; without its first line if
 * that names an interpreter.
 *
 * @throws ArangoError 14 or 2 when it is not there or cannot be read
 */
export function readScript(path: string): string {
  try {
    return Deno.readTextFileSync(path).replace(/^\uFEFF?(#![^\n]*)?/, "");
  } catch (cause) {
    throw fileError(cause, path);
  }
}

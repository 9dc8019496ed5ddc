/**
 * How a script leaves the shell.
 *
 * @module
 */

import { isHostError } from "./host_border.ts";

/** Thrown by `exit()` in a shell that does not end the program; scripts cannot turn it into something else. */
export class ExitRequest extends Error {
  /** Tells it from other errors. */
  override readonly name = "ExitRequest";
  /** Tells the realm's code to let it pass. */
  readonly isExitRequest = true;

  /** The exit status that was asked for. */
  readonly code: number;

  /**
   * Asks to leave.
   *
   * @param code the exit status
   */
  constructor(code: number) {
    super(`exit ${code}`);
    this.code = code;
  }
}

/** Whether a script has left the shell; what else it throws is not asked, unlike by `instanceof`. */
export function isExit(error: unknown): error is ExitRequest {
  return isHostError(error) && error instanceof ExitRequest;
}

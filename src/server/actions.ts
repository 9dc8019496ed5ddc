/**
 * Functions that clients send to be run in the server: transactions in JavaScript, and tasks.
 *
 * @module
 */
import type { Action, RunAction } from "../base/action.ts";
import { ArangoError } from "../base/arango_error.ts";
import type { Server } from "./server.ts";
import type { HandleOptions } from "./server_options.ts";
import { logOf } from "./server_log.ts";

/** A function of a client's, and on whose behalf it runs. */
export interface Call extends Omit<Action, "send" | "log"> {
  /** The header that its requests carry; undefined where the server asks nobody who they are. */
  readonly authorization: string | undefined;
}

/**
 * The way of a server to run functions.
 *
 * @throws ArangoError 9 it has none
 */
export function actionsOf({ options: { runAction } }: Server): RunAction {
  if (runAction) return runAction;
  throw new ArangoError("ERROR_NOT_IMPLEMENTED", "not implemented: this server runs no functions of clients");
}

/**
 * Runs a function of a client's. Its requests are answered by the same server; what it prints and logs goes to the server's log.
 *
 * @param within the transaction that its requests belong to
 * @returns the JSON text of its result
 * @throws ArangoError what the function throws; 9 the server runs no functions
 */
export function runCall(server: Server, call: Call, within?: HandleOptions["within"]): string {
  const { authorization, ...action } = call;
  return actionsOf(server)({
    ...action,
    send: (request) => {
      const headers = authorization === undefined ? request.headers : { ...request.headers, authorization };
      return server.handle({ ...request, headers }, { wait: "block", ...(within === undefined ? {} : { within }) });
    },
    log: (level, text) => logOf(server).note(level, text),
  });
}

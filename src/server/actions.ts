/**
 * Functions that clients send to be run in the server: transactions in JavaScript, and tasks.
 *
 * @module
 */
import type { Action, RunAction } from "../base/action.ts";
import type { ApiReply, ApiRequest } from "../base/exchange.ts";
import { ArangoError } from "../base/arango_error.ts";
import type { Server } from "./server.ts";
import type { HandleOptions } from "./server_options.ts";
import { logOf } from "./server_log.ts";
import { settled } from "./waiting.ts";

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
  const options = { wait: "block", ...(within === undefined ? {} : { within }) } as const;
  return actionsOf(server)({
    ...surroundings(server, call),
    send: (request) => server.handle(withAuthorization(request, call), options),
  });
}

/**
 * Runs a function of a client's that nobody waits for, as {@linkcode runCall}: in another thread, where the server has any, whose
 * requests are answered as those of clients are.
 *
 * @param ended is told how it ended: with what it has thrown, or with nothing
 */
export function runInBackground(server: Server, call: Call, ended: (error?: Error) => void): void {
  const { runDistantAction } = server.options;
  if (runDistantAction) {
    const send = (request: ApiRequest): Promise<ApiReply> =>
      settled(server.handle(withAuthorization(request, call), { wait: "later" }));
    void runDistantAction({ ...surroundings(server, call), send }).then(() => ended(), ended);
    return;
  }
  let thrown: Error | undefined;
  try {
    runCall(server, call);
  } catch (error) {
    thrown = error as Error;
  }
  ended(thrown);
}

function surroundings(server: Server, { authorization: _, ...call }: Call): Omit<Action, "send"> {
  return { ...call, log: (level, text, topic) => logOf(server).note(level, text, topic) };
}

function withAuthorization(request: ApiRequest, { authorization }: Call): ApiRequest {
  return authorization === undefined ? request : { ...request, headers: { ...request.headers, authorization } };
}

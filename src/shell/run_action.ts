/**
 * Runs functions that clients have sent, in a shell of their own whose `db` talks to the server that they were sent to.
 *
 * @module
 */
import type { Action } from "../base/action.ts";
import { ArangoError } from "../base/arango_error.ts";
import type { ApiReply, ApiRequest, Connection } from "../connection/connection.ts";
import { accessRules } from "./access_rules.ts";
import { provideLibrary } from "./library.ts";
import { provideLoopChecks } from "./loop_checks.ts";
import { MODULES } from "./modules/mod.ts";
import type { Thrown } from "./modules/core.ts";
import { Shell } from "./shell.ts";

provideLibrary(MODULES);

/** Seconds after which a function that does not come to an end is stopped. */
const DEADLINE = 600;
const NOTHING = { allow: [], deny: ["."] };
/** A client may use the database through a function; the machine that the server runs on is none of its business. */
const ACCESS = accessRules({
  files: NOTHING,
  endpoints: NOTHING,
  environment: NOTHING,
  options: NOTHING,
  processControl: false,
  harden: true,
});

class ActionConnection implements Connection {
  readonly endpoint = "embedded";
  readonly username: string;
  readonly #action: Action;

  constructor(action: Action) {
    this.username = action.user;
    this.#action = action;
  }

  request(request: ApiRequest): ApiReply {
    return this.#action.send(request);
  }

  [Symbol.dispose](): void {}
}

/** Runs an action; see {@linkcode RunAction}. */
export function runAction(action: Action): string {
  using shell = new Shell({
    connection: new ActionConnection(action),
    output: (text) => action.log("INFO", text.trimEnd()),
    log: (level, text, topic) => action.log(level, text, topic),
    prettyPrint: false,
    database: action.database,
    access: ACCESS,
    executionDeadline: DEADLINE,
    quiet: true,
    ...(action.isInterrupted ? { isInterrupted: action.isInterrupted } : {}),
  });
  if (action.isInterrupted) provideLoopChecks(shell);
  const source = `(${action.source})`;
  try {
    shell.checkText(source);
  } catch (error) {
    throw new ArangoError("ERROR_BAD_PARAMETER", `Uncaught ${shell.look(error).text}`, { cause: error });
  }
  try {
    const call = `JSON.stringify(${source}(${action.params ?? ""}))`;
    const value = shell.run(call, "action");
    return typeof value === "string" ? value : "null";
  } catch (error) {
    throw asArangoError(error, shell.look(error));
  }
}

/** What a function of the realm throws, as an error that a server can answer with. */
function asArangoError(error: unknown, { text, errorNum, errorMessage, message, code }: Thrown): ArangoError {
  if (typeof errorNum === "number" && errorNum > 0) {
    const said = String(errorMessage ?? message ?? "") || undefined;
    return new ArangoError(errorNum, said, { cause: error, ...(typeof code === "number" ? { code } : {}) });
  }
  return new ArangoError("ERROR_TRANSACTION_INTERNAL", text, { code: 500, cause: error });
}

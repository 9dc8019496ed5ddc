/**
 * Functions that clients send to be run in the server: transactions in JavaScript, and tasks.
 *
 * @module
 */
import type { Action, DistantAction, DistantActions, RunAction } from "../base/action.ts";
import type { ApiReply, ApiRequest } from "../base/exchange.ts";
import { ArangoError } from "../base/arango_error.ts";
import type { Held } from "../engine/document_locks.ts";
import type { RequestContext } from "./route.ts";
import type { Server } from "./server.ts";
import type { HandleOptions } from "./server_options.ts";
import { logOf } from "./server_log.ts";
import { settled, type Waiting } from "./waiting.ts";

/** A function of a client's, and on whose behalf it runs. */
export interface Call extends Omit<Action, "send" | "log" | "isInterrupted"> {
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
  const { isInterrupted } = server.options;
  return actionsOf(server)({
    ...surroundings(server, call),
    ...(isInterrupted ? { isInterrupted } : {}),
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
  const threads = server.options.actionThreads?.tasks;
  if (threads) {
    void threads.run(distant(server, call)).result.then(() => ended(), ended);
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

/** Another function has to come to its end first. */
class NoThreadError extends ArangoError implements Held {
  readonly patience = Infinity;
  readonly isHeld: () => boolean;

  constructor(threads: DistantActions) {
    super("ERROR_RESOURCE_LIMIT", "resource limit exceeded: all threads for functions are busy");
    this.isHeld = () => !threads.isFree;
  }
}

/** What a request sends a function for: a transaction, or nothing else than to run it. */
type Purpose = "transactions" | "code";

/** Requests of code that runs in one of the threads for code. */
const SENT_BY_CODE = new WeakSet<ApiRequest>();

/** The threads for the function of a request; none where the request keeps all others waiting anyway. */
function threadsFor({ server, mayWait }: RequestContext, purpose: Purpose): DistantActions | undefined {
  return mayWait ? server.options.actionThreads?.[purpose] : undefined;
}

/**
 * Checks that the function of a request can begin at once: before that, its transaction should not.
 *
 * @throws ArangoError 9 the server runs no functions; one that tells of something {@linkcode Held} while all threads are busy;
 * 32 while they are, and one of them sends the request
 */
export function assertRunsAtOnce(context: RequestContext, purpose: Purpose = "transactions"): void {
  actionsOf(context.server);
  const threads = threadsFor(context, purpose);
  if (threads?.isFree !== false) return;
  const error = new NoThreadError(threads);
  // they would wait for each other
  if (SENT_BY_CODE.has(context.request)) throw new ArangoError(error.errorNum, error.message);
  throw error;
}

/**
 * Answers a request by what its function gives: in another thread where other requests can go on meanwhile.
 *
 * @param within the function's transaction; a promise of it takes a thread, but the function runs no sooner than that has begun;
 *   without one it is code
 * @param answer is called once when the function has ended; its parameter gives the function's result, or throws what it has
 *   thrown, or what has kept the transaction from beginning
 */
export function answerByCall(
  context: RequestContext,
  call: Call,
  within: string | Promise<string> | undefined,
  answer: (result: () => string) => ApiReply | Waiting,
): ApiReply | Waiting {
  const { server } = context;
  const isCode = within === undefined;
  const threads = threadsFor(context, isCode ? "code" : "transactions");
  if (!threads) {
    if (typeof within === "object") throw new TypeError("a transaction in another thread needs threads for functions");
    return answer(() => runCall(server, call, within));
  }
  const { result, cancel } = threads.run(distant(server, call, within, isCode), within);
  let outcome: (() => ApiReply) | undefined;
  const end = async (ended: () => string): Promise<void> => {
    // whether anybody asks for the answer or not
    try {
      const reply = await settled(server.engine.turn(() => answer(ended)));
      outcome = () => reply;
    } catch (error) {
      outcome = () => {
        throw error;
      };
    }
  };
  const ready = result.then((text) => end(() => text), (error) =>
    end(() => {
      throw error;
    }));
  return { ready, cancel, poll: () => outcome?.() };
}

function distant(server: Server, call: Call, within?: string | Promise<string>, isCode = false): DistantAction {
  return {
    ...surroundings(server, call),
    send: async (request) => {
      const sent = withAuthorization(request, call);
      if (isCode) SENT_BY_CODE.add(sent);
      const options = { wait: "later", ...(within === undefined ? {} : { within: await within }) } as const;
      return await settled(server.handle(sent, options));
    },
  };
}

function surroundings(server: Server, { authorization: _, ...call }: Call): Omit<DistantAction, "send"> {
  return { ...call, log: (level, text, topic) => logOf(server).note(level, text, topic) };
}

function withAuthorization(request: ApiRequest, { authorization }: Call): ApiRequest {
  return authorization === undefined ? request : { ...request, headers: { ...request.headers, authorization } };
}

/**
 * A thread that runs actions, one at a time; see {@linkcode ActionThreads}.
 *
 * @module
 */
import type { Action } from "../base/action.ts";
import { ArangoError } from "../base/arango_error.ts";
import type { ApiReply, ApiRequest } from "../base/exchange.ts";
import { BlockingChannel, type ChannelMessage } from "../network/blocking_channel.ts";
import { runAction } from "../shell/run_action.ts";

/** What a thread is told to run. */
export type ActionOrder = Omit<Action, "send" | "log">;

/** What precedes the body of an answer. */
export type ReplyHead = Omit<ApiReply, "body">;

/** What a thread says: a request of the function's, something for the log, or how the function has ended. */
export type ActionMessage =
  | ChannelMessage<ApiRequest>
  | { readonly log: Parameters<Action["log"]> }
  | { readonly result: string }
  | { readonly failure: { readonly errorNum: number; readonly code: number; readonly message: string } };

const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<ActionOrder>) => void;
  postMessage(message: ActionMessage): void;
};

const channel = new BlockingChannel<ApiRequest, ReplyHead>({
  postMessage: (message: ActionMessage) => scope.postMessage(message),
  terminate: () => {},
});

function run(order: ActionOrder): ActionMessage {
  try {
    const result = runAction({
      ...order,
      send: (request) => {
        const { head, body } = channel.start(request).wait(Infinity);
        return { ...head, body };
      },
      log: (...entry) => scope.postMessage({ log: entry }),
    });
    return { result };
  } catch (error) {
    const { errorNum, code, message } = error instanceof ArangoError
      ? error
      : new ArangoError("ERROR_INTERNAL", `internal error: ${(error as Error).message}`);
    return { failure: { errorNum, code, message } };
  }
}

scope.onmessage = ({ data }) => scope.postMessage(run(data));

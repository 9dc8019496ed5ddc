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
export interface ActionOrder extends Omit<Action, "send" | "log" | "isInterrupted"> {
  /** A word that is not 0 once the function is to end: nothing in Deno stops a thread that is busy. */
  readonly stopped: SharedArrayBuffer;
}

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

let stopped = new Int32Array(new SharedArrayBuffer(4));
const isInterrupted = (): boolean => Atomics.load(stopped, 0) !== 0;

const channel = new BlockingChannel<ApiRequest, ReplyHead>({
  postMessage: (message: ActionMessage) => scope.postMessage(message),
  terminate: () => {},
}, { isInterrupted });

function run({ stopped: word, ...order }: ActionOrder): ActionMessage {
  stopped = new Int32Array(word);
  try {
    const result = runAction({
      ...order,
      isInterrupted,
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

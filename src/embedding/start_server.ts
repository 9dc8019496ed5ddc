/**
 * A server for programs, in a thread of its own: a shell that blocks this thread can use it.
 *
 * @module
 */
import { ArangoError } from "../base/arango_error.ts";
import type { ServerMessage, ServerOrder } from "./server_worker.ts";

/** What {@linkcode startServer} is told. */
export interface StartServerOptions {
  /** The data directory, or `":memory:"` for a throw-away one. @default {":memory:"} */
  readonly directory?: string;
  /** Where to listen; port 0 for a free one. @default {"tcp://127.0.0.1:0"} */
  readonly endpoint?: string;
  /** The password of `root`; without one nobody has to log in, and the server listens on loopback only. */
  readonly rootPassword?: string;
  /** The secret that signs JSON web tokens. @default a new one */
  readonly jwtSecret?: string;
  /** The PEM text with certificates and their key, for endpoints `ssl://…`. */
  readonly certificateAndKey?: string;
  /** Rules as of `--connect-to`, for leaders. @default {[]} */
  readonly connectTo?: readonly string[];
  /** Open the directory for reading only. @default {false} */
  readonly readOnly?: boolean;
}

/** A server that listens. */
export interface StartedServer extends AsyncDisposable {
  /** Where it listens, with the port that was picked, such as `http://127.0.0.1:40123`. */
  readonly url: string;
  /** Answers the requests that are under way, stops, and closes the directory. */
  stop(): Promise<void>;
  /** The same as {@linkcode StartedServer.stop}. */
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Starts a server that speaks ArangoDB's HTTP API.
 *
 * @example
 * ```ts
 * import { openShell, startServer } from "denosh";
 *
 * await using server = await startServer();
 * using shell = openShell({ endpoint: server.url });
 * console.log(shell.db._databases()); // ["_system"]
 * ```
 *
 * @throws ArangoError when the directory cannot be opened or the endpoint cannot be listened on
 */
export async function startServer(options: StartServerOptions = {}): Promise<StartedServer> {
  const { directory = ":memory:", endpoint = "tcp://127.0.0.1:0", ...rest } = options;
  const worker = new Worker(new URL("./server_worker.ts", import.meta.url), { type: "module" });
  const ask = (order: ServerOrder): Promise<ServerMessage> =>
    new Promise((resolve, reject) => {
      worker.onmessage = (event: MessageEvent<ServerMessage>) => resolve(event.data);
      worker.onerror = (event) => {
        event.preventDefault();
        reject(new ArangoError("ERROR_INTERNAL", `internal error: the server's thread ended: ${event.message}`));
      };
      worker.postMessage(order);
    });
  let answer: ServerMessage;
  try {
    const authentication = options.rootPassword !== undefined;
    answer = await ask({ ...rest, directory, endpoints: [endpoint], authentication });
    if (answer.kind !== "ready") throw failure(answer);
  } catch (error) {
    worker.terminate();
    throw error;
  }
  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> =>
    stopping ??= ask("stop").then((last) => {
      worker.terminate();
      if (last.kind !== "stopped") throw failure(last);
    });
  return { url: answer.endpoints[0]!, stop, [Symbol.asyncDispose]: stop };
}

function failure(message: ServerMessage): ArangoError {
  if (message.kind === "failed") return new ArangoError(message.errorNum, message.message);
  return new ArangoError("ERROR_INTERNAL", `internal error: the server's thread says '${message.kind}'`);
}

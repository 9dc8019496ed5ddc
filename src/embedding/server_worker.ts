/**
 * The thread of {@linkcode startServer}.
 *
 * @module
 */
import { ArangoError } from "../base/arango_error.ts";
import { hostServer, type ServerPlan, type ServerProcess } from "./host_server.ts";

/** What the thread says. */
export type ServerMessage =
  | { readonly kind: "ready"; readonly endpoints: readonly string[] }
  | { readonly kind: "failed"; readonly errorNum: number; readonly message: string }
  | { readonly kind: "stopped" };

/** What the thread is told: first how the server is to be, later that it is to stop. */
export type ServerOrder = ServerPlan | "stop";

const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<ServerOrder>) => void;
  postMessage(message: ServerMessage): void;
};

let server: Promise<ServerProcess> | undefined;

async function obey(order: ServerOrder): Promise<ServerMessage> {
  try {
    if (order === "stop") {
      await (await server)?.[Symbol.asyncDispose]();
      return { kind: "stopped" };
    }
    server = hostServer(order);
    return { kind: "ready", endpoints: (await server).running.endpoints };
  } catch (error) {
    const errorNum = error instanceof ArangoError ? error.errorNum : 4;
    return { kind: "failed", errorNum, message: error instanceof Error ? error.message : String(error) };
  }
}

scope.onmessage = async ({ data }) => scope.postMessage(await obey(data));

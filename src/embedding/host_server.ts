/**
 * A server on a directory, with what it needs besides the socket: the engine, and the syncs that run on it.
 *
 * @module
 */
import { ArangoError } from "../base/arango_error.ts";
import { Engine } from "../engine/engine.ts";
import { SyncJobs } from "../replication/sync_jobs.ts";
import { backgroundSyncs } from "../server/background_syncs.ts";
import { type RunningServer, serve } from "../server/listen.ts";
import { QueryThreads } from "../server/query_threads.ts";
import { Server } from "../server/server.ts";
import type { ServedKeyFile } from "../server/server_options.ts";
import { logOf, type LogOutput } from "../server/server_log.ts";
import { runAction } from "../shell/run_action.ts";
import { Checkpointer } from "../storage/checkpointer.ts";
import { ActionThreads } from "./action_threads.ts";

/** A server with everything that belongs to it. */
export interface ServerProcess extends AsyncDisposable {
  readonly running: RunningServer;
}

/** What {@linkcode hostServer} needs to know. */
export interface ServerPlan {
  readonly directory: string;
  readonly readOnly?: boolean;
  readonly endpoints: readonly string[];
  readonly authentication: boolean;
  readonly rootPassword?: string;
  readonly jwtSecret?: string;
  /** The PEM text with certificates and their key, for TLS endpoints. */
  readonly certificateAndKey?: string;
  /** Gives such a text, in the place of a constant one: another one later, when the certificates are exchanged. */
  readonly keyFile?: () => string;
  readonly connectTo?: readonly string[];
  /** How many threads answer queries; 0 (default): none of their own. */
  readonly queryThreads?: number;
  readonly trustedOrigins?: readonly string[];
  readonly allowAdminExecute?: boolean;
  readonly compressAbove?: number;
  readonly signals?: boolean;
  readonly writeLine?: (line: string) => void;
  /** Where the messages of the server's log go. */
  readonly log?: LogOutput;
}

/**
 * Milliseconds after which a thread for queries is loaded, which takes a processor for a while: a client that has waited for
 * the server is answered first.
 */
const WARM_UP = 300;

/**
 * Opens a directory and listens.
 *
 * @throws ArangoError when the directory cannot be opened or an endpoint cannot be used
 */
export async function hostServer(plan: ServerPlan): Promise<ServerProcess> {
  const { authentication, readOnly = false } = plan;
  let exchange = (_: string): void => {};
  // what cannot be read leaves nothing open
  const keyFile = keyFileOf(plan, (text) => exchange(text));
  const checkpointer = new Checkpointer((message) => logOf(server).note("WARNING", message, "engines"));
  const engine = Engine.open({ directory: plan.directory, readOnly, checkpointer });
  const { directory } = engine;
  const queryThreads = plan.queryThreads
    ? new QueryThreads(plan.queryThreads, { directory, readOnly, authentication })
    : undefined;
  const syncs = new SyncJobs(engine, { connectTo: plan.connectTo ?? [], attached: "process" });
  const actionThreads = { tasks: new ActionThreads(), code: new ActionThreads(), transactions: new ActionThreads() };
  let stop = (): void => {};
  let endpoints: readonly string[] = [];
  const server = new Server(engine, {
    ...backgroundSyncs(syncs),
    authentication,
    runAction,
    actionThreads,
    shutdown: () => stop(),
    endpoints: () => endpoints,
    trustedOrigins: plan.trustedOrigins ?? [],
    allowAdminExecute: plan.allowAdminExecute ?? false,
    ...(queryThreads === undefined ? {} : { queryThreads }),
    ...(plan.rootPassword === undefined ? {} : { rootPassword: plan.rootPassword }),
    ...(plan.jwtSecret === undefined ? {} : { jwtSecret: plan.jwtSecret }),
    ...(keyFile === undefined ? {} : { keyFile }),
    ...(plan.log === undefined ? {} : { log: plan.log }),
  });
  let warmUp: ReturnType<typeof setTimeout> | undefined;
  const close = (): void => {
    clearTimeout(warmUp);
    for (const threads of Object.values(actionThreads)) threads[Symbol.dispose]();
    queryThreads?.[Symbol.dispose]();
    syncs[Symbol.dispose]();
    server[Symbol.dispose]();
    checkpointer[Symbol.dispose]();
    engine[Symbol.dispose]();
  };
  try {
    syncs.recover();
    const running = await serve({
      server,
      endpoints: plan.endpoints,
      signals: plan.signals ?? false,
      compressAbove: plan.compressAbove ?? 0,
      ...(keyFile === undefined ? {} : { certificateAndKey: keyFile.text }),
      ...(plan.writeLine === undefined ? {} : { writeLine: plan.writeLine }),
    });
    endpoints = running.endpoints;
    stop = () => void running.stop();
    exchange = running.exchangeCertificates;
    warmUp = setTimeout(() => queryThreads?.start(), WARM_UP);
    return {
      running,
      [Symbol.asyncDispose]: async () => {
        await running.stop();
        close();
      },
    };
  } catch (error) {
    close();
    throw error;
  }
}

/**
 * The key file of a server.
 *
 * @param exchange gives later connections another one
 */
function keyFileOf(
  { certificateAndKey, keyFile }: ServerPlan,
  exchange: (text: string) => void,
): ServedKeyFile | undefined {
  const read = keyFile ?? (certificateAndKey === undefined ? undefined : () => certificateAndKey);
  if (!read) return undefined;
  let text = read();
  return {
    get text() {
      return text;
    },
    reload() {
      let next: string;
      try {
        next = read();
      } catch (cause) {
        throw new ArangoError("ERROR_SYS_ERROR", (cause as Error).message, { cause });
      }
      exchange(next);
      text = next;
    },
  };
}

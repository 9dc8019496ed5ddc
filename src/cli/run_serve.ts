/**
 * `denosh serve`: a database directory behind ArangoDB's HTTP API.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { Engine } from "../engine/engine.ts";
import { SyncJobs } from "../replication/sync_jobs.ts";
import { backgroundSyncs } from "../server/background_syncs.ts";
import { type RunningServer, serve } from "../server/listen.ts";
import { Server } from "../server/server.ts";
import type { Options } from "./options.ts";

/** A server with everything that belongs to it. */
export interface ServerProcess extends AsyncDisposable {
  readonly running: RunningServer;
}

/** What {@linkcode startServer} needs to know. */
export interface ServerPlan {
  readonly directory: string;
  readonly readOnly?: boolean;
  readonly endpoints: readonly string[];
  readonly authentication: boolean;
  readonly rootPassword?: string;
  readonly jwtSecret?: string;
  readonly certificateAndKey?: string;
  readonly connectTo?: readonly string[];
  readonly signals?: boolean;
  readonly writeLine?: (line: string) => void;
}

/**
 * Opens a directory and listens.
 *
 * @throws ArangoError when the directory cannot be opened or an endpoint cannot be used
 */
export async function startServer(plan: ServerPlan): Promise<ServerProcess> {
  const engine = Engine.open({ directory: plan.directory, readOnly: plan.readOnly ?? false });
  const syncs = new SyncJobs(engine, { connectTo: plan.connectTo ?? [], attached: "process" });
  let stop = (): void => {};
  const server = new Server(engine, {
    ...backgroundSyncs(syncs),
    authentication: plan.authentication,
    shutdown: () => stop(),
    ...(plan.rootPassword === undefined ? {} : { rootPassword: plan.rootPassword }),
    ...(plan.jwtSecret === undefined ? {} : { jwtSecret: plan.jwtSecret }),
  });
  const close = (): void => {
    syncs[Symbol.dispose]();
    server[Symbol.dispose]();
    engine[Symbol.dispose]();
  };
  try {
    syncs.recover();
    const running = await serve({
      server,
      endpoints: plan.endpoints,
      signals: plan.signals ?? false,
      ...(plan.certificateAndKey === undefined ? {} : { certificateAndKey: plan.certificateAndKey }),
      ...(plan.writeLine === undefined ? {} : { writeLine: plan.writeLine }),
    });
    stop = () => void running.stop();
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

/** Serves until a signal ends it. */
export async function runServe(
  options: Options,
  directory: string,
  environment: (name: string) => string | undefined,
  write: (text: string) => void,
): Promise<number> {
  const endpoints = options.list("server.endpoint");
  const rootPassword = options.text("server.root-password") ?? options.text("server.password") ??
    environment("DENOSH_ROOT_PASSWORD");
  const secretFile = options.text("server.jwt-secret-keyfile");
  const keyFile = options.text("ssl.keyfile");
  const server = await startServer({
    directory,
    readOnly: options.flag("database.read-only", false),
    endpoints: endpoints.length > 0 ? endpoints : ["tcp://127.0.0.1:8529"],
    authentication: options.flag("server.authentication", rootPassword !== undefined),
    signals: true,
    writeLine: write,
    connectTo: options.list("connect-to"),
    ...(rootPassword === undefined ? {} : { rootPassword }),
    ...(secretFile === undefined ? {} : { jwtSecret: readFileSync(secretFile, "utf8").trim() }),
    ...(keyFile === undefined ? {} : { certificateAndKey: readFileSync(keyFile, "utf8") }),
  });
  await server.running.finished;
  await server[Symbol.asyncDispose]();
  return 0;
}

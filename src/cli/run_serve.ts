/**
 * `denosh serve`: a database directory behind ArangoDB's HTTP API.
 *
 * @module
 */
import { hostServer, type ServerPlan, type ServerProcess } from "../embedding/host_server.ts";
import { ListenError } from "../server/listeners.ts";
import { FatalError } from "./fatal_error.ts";
import { Logging } from "./logging.ts";
import { readNamedFile } from "./named_file.ts";
import type { Options } from "./options.ts";
import { isPlain, type ShellEnvironment } from "./run_shell.ts";

/** The exit status of a server that cannot listen. Source: ArangoDB's table of exit codes, `EXIT_COULD_NOT_BIND_PORT`. */
const COULD_NOT_BIND_PORT = 21;

/**
 * Serves until a signal ends it. The server's log goes to standard error, unless the options name another place.
 *
 * @throws FatalError for several directories, files that cannot be read or written, and endpoints that are taken;
 * ArangoError for a directory that cannot be opened
 */
export async function runServe(options: Options, world: ShellEnvironment): Promise<number> {
  const { environment, write, complain } = world;
  const directory = directoryOf(options) ?? world.directory;
  using logging = new Logging(options, "S", { write, complain, hasColors: !isPlain(world), usual: "+" });
  const endpoints = options.list("server.endpoint");
  const rootPassword = options.text("server.root-password") ?? options.text("server.password") ??
    environment("DENOSH_ROOT_PASSWORD");
  const workers = options.number(
    "server.workers",
    options.number("server.query-threads", navigator.hardwareConcurrency),
  );
  const secretFile = options.text("server.jwt-secret-keyfile");
  const keyFile = options.text("ssl.keyfile");
  const server = await hosted({
    directory,
    readOnly: options.flag("database.read-only", false),
    endpoints: endpoints.length > 0 ? endpoints : ["tcp://127.0.0.1:8529"],
    authentication: options.flag("server.authentication", rootPassword !== undefined),
    signals: true,
    queryThreads: workers,
    trustedOrigins: options.list("http.trusted-origin"),
    allowAdminExecute: options.flag("javascript.allow-admin-execute", false),
    compressAbove: options.number("http.compress-response-threshold", 0),
    writeLine: write,
    connectTo: options.list("connect-to"),
    log: {
      levelOf: (topic) => logging.levelOf(topic),
      write: ({ level, message, topic }) => logging.write(level, message, topic),
    },
    ...(rootPassword === undefined ? {} : { rootPassword }),
    ...(secretFile === undefined ? {} : { jwtSecret: readNamedFile("server.jwt-secret-keyfile", secretFile).trim() }),
    ...(keyFile === undefined ? {} : { keyFile: () => readNamedFile("ssl.keyfile", keyFile) }),
  });
  await server.running.finished;
  await server[Symbol.asyncDispose]();
  return 0;
}

/** The directory that is named without an option, as ArangoDB's server takes it. */
function directoryOf({ positional }: Options): string | undefined {
  if (positional.length > 1) throw new FatalError(`expecting at most one directory, got '${positional.join(" ")}'`);
  return positional[0];
}

async function hosted(plan: ServerPlan): Promise<ServerProcess> {
  try {
    return await hostServer(plan);
  } catch (error) {
    if (!(error instanceof ListenError)) throw error;
    throw new FatalError(error.message, COULD_NOT_BIND_PORT);
  }
}

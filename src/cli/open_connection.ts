/**
 * Connects a shell to what the command line names.
 *
 * Source: `arangosh.md` §1.4, §1.5.
 *
 * @module
 */
import { ArangoError } from "../base/arango_error.ts";
import { isDatabaseName } from "../base/names.ts";
import type { Connection } from "../connection/connection.ts";
import { LazyConnection } from "../connection/lazy_connection.ts";
import type { EmbeddedConnection } from "../connection/embedded.ts";
import type { Credentials } from "../connection/login.ts";
import { NoConnection } from "../connection/no_connection.ts";
import type { LeaderCheck } from "../replication/sync_config.ts";
import { absolutePath } from "../shell/absolute_path.ts";
import type { AccessRules } from "../shell/access_rules.ts";
import { ExitRequest } from "../shell/exit_request.ts";
import type { ConnectTarget } from "../shell/host.ts";
import { FatalError } from "./fatal_error.ts";
import { embeddedModule, remoteModule } from "./lazy_modules.ts";
import { readNamedFile } from "./named_file.ts";
import type { Options } from "./options.ts";
import { reconnector } from "./reconnect.ts";

/** The world that a connection is made in. */
export interface ConnectionWorld {
  /** The directory of the embedded database. */
  readonly directory: string;
  /** Whether somebody can be asked. */
  readonly interactive: boolean;
  readonly write: (text: string) => void;
  /** What scripts may touch. @default everything */
  readonly access?: AccessRules;
  /** Asked often whether a waiting thread is to give up. */
  readonly isInterrupted?: () => boolean;
}

const JWT_SOURCES = ["server.jwt-secret-keyfile", "server.ask-jwt-secret", "server.jwt-token"] as const;

/**
 * Checks options that have to agree with each other.
 *
 * @throws FatalError
 */
function checkConnectionOptions(options: Options): void {
  const given = JWT_SOURCES.filter((name) => options.has(name) && options.text(name) !== "false");
  const both = (one: string, other: string): never => {
    throw new FatalError(`cannot specify both --${one} and --${other}`);
  };
  if (given.length > 1) both(given[0]!, given[1]!);
  for (const name of ["server.password", "server.username"]) {
    if (given.length > 0 && options.has(name)) both(name, given[0]!);
  }
  if (options.text("server.username") === "") throw new FatalError("no value specified for --server.username");
  const database = options.text("server.database");
  if (database !== undefined && !isDatabaseName(database)) {
    throw new FatalError(`invalid value for --server.database ('${database}'): no name of a database`);
  }
  for (const name of ["server.connection-timeout", "server.request-timeout"]) {
    if (options.number(name, 0) < 0) throw new FatalError(`invalid value for --${name}, must be >= 0`);
  }
  if (options.number("server.max-packet-size", 1 << 30) < 1 << 20) {
    throw new FatalError("invalid value for --server.max-packet-size, must be at least 1 MB");
  }
}

/**
 * Makes the connection of a shell. A server is connected to, and a directory opened, by the first request.
 *
 * @throws FatalError for a text that is no endpoint
 */
export function openConnection(options: Options, world: ConnectionWorld): Connection {
  checkConnectionOptions(options);
  const endpoint = options.text("server.endpoint");
  if (endpoint === "none") return new NoConnection();
  const { isInterrupted, access } = world;
  if (endpoint === undefined) {
    return new LazyConnection({ endpoint: "embedded", username: "root" }, () => {
      const { EmbeddedConnection, runAction } = embeddedModule();
      return new EmbeddedConnection({
        directory: world.directory,
        connectTo: options.list("connect-to"),
        readOnly: options.flag("database.read-only", false),
        runAction,
        ...(access ? { checkLeader: leaderCheck(access) } : {}),
        ...(isInterrupted ? { isInterrupted } : {}),
      });
    });
  }
  if (/\/\/(?:0\.0\.0\.0|\[::\])(?:[:/]|$)/.test(endpoint)) {
    throw new FatalError(`invalid value for --server.endpoint ('${endpoint}'): it means all addresses of a server`);
  }
  try {
    return remote(options, endpoint, credentials(options, world), world);
  } catch (error) {
    if (!(error instanceof ArangoError)) throw error;
    throw new FatalError(`invalid value for --server.endpoint ('${endpoint}'): ${error.message}`);
  }
}

/** Holds syncs, where they are this process's own doing, to the rules for its scripts. */
function leaderCheck(access: AccessRules): LeaderCheck {
  return ({ endpoint, caFile }) => {
    access.checkEndpoint(endpoint);
    if (caFile !== "") access.checkFile(absolutePath(caFile), "read");
  };
}

/** Makes what opens the connections that scripts ask for by `arango.reconnect`. */
export function connectFunction(
  options: Options,
  connection: Connection,
  world: ConnectionWorld,
): (target: ConnectTarget) => Connection {
  return reconnector({
    ...(connection instanceof LazyConnection ? { embedded: () => connection.target as EmbeddedConnection } : {}),
    connectTo: options.list("connect-to"),
    connectTimeout: options.number("server.connection-timeout", 5),
    timeout: options.number("server.request-timeout", 1200),
    renewalThreshold: options.number("server.jwt-renewal-threshold", 300),
    caFile: options.text("ssl.ca-file"),
    compressFrom: options.number("compress-request-threshold", 0),
    askPassword: () => options.text("server.password") ?? (world.interactive ? askSecret("password", world.write) : ""),
    isInterrupted: world.isInterrupted,
    checkLeader: world.access && leaderCheck(world.access),
  });
}

function remote(options: Options, endpoint: string, credentials: Credentials, world: ConnectionWorld): Connection {
  const caFile = options.text("ssl.ca-file");
  const { isInterrupted, access } = world;
  return new (remoteModule().SyncingConnection)({
    endpoint,
    connectTo: options.list("connect-to"),
    connectTimeout: options.number("server.connection-timeout", 5),
    timeout: options.number("server.request-timeout", 1200),
    username: options.text("server.username") ?? "root",
    credentials,
    compressFrom: options.number("compress-request-threshold", 0),
    ...(caFile === undefined ? {} : { caFile }),
    ...(isInterrupted ? { isInterrupted } : {}),
    ...(access ? { checkLeader: leaderCheck(access) } : {}),
  });
}

function credentials(options: Options, world: ConnectionWorld): Credentials {
  const ask = (what: string): string => world.interactive ? askSecret(what, world.write) : "";
  const token = options.text("server.jwt-token");
  if (token !== undefined) return { kind: "token", token: token === "-" ? ask("JWT token") : token };
  const keyFile = options.text("server.jwt-secret-keyfile");
  if (keyFile !== undefined) {
    return { kind: "secret", secret: readNamedFile("server.jwt-secret-keyfile", keyFile).trim() };
  }
  if (options.flag("server.ask-jwt-secret", false)) return { kind: "secret", secret: ask("JWT secret") };
  const isWanted = options.flag("server.authentication", true) || options.has("server.username");
  if (!isWanted) return { kind: "none" };
  return {
    kind: "password",
    username: options.text("server.username") ?? "root",
    password: options.text("server.password") ?? ask("password"),
    renewalThreshold: options.number("server.jwt-renewal-threshold", 300),
  };
}

/**
 * Asks for a secret without showing it.
 *
 * @throws ExitRequest 1 for Ctrl-C
 */
export function askSecret(what: string, write: (text: string) => void): string {
  const bytes: number[] = [];
  // before the question: who answers at once is not to be shown either
  Deno.stdin.setRaw(true);
  write(`Please specify ${what === "JWT secret" ? "the" : "a"} ${what}: `);
  try {
    const buffer = new Uint8Array(1);
    while (Deno.stdin.readSync(buffer) === 1 && buffer[0] !== 13 && buffer[0] !== 10) {
      if (buffer[0] === 3) throw new ExitRequest(1);
      if (buffer[0] === 127) bytes.pop();
      else bytes.push(buffer[0]!);
    }
  } finally {
    Deno.stdin.setRaw(false);
    write("\n");
  }
  return new TextDecoder().decode(new Uint8Array(bytes));
}

/**
 * A shell for programs.
 *
 * @module
 */
import { ArangoError } from "../base/arango_error.ts";
import { defaultDirectory } from "../cli/directories.ts";
import { reconnector } from "../cli/reconnect.ts";
import type { Connection } from "../connection/connection.ts";
import { EmbeddedConnection } from "../connection/embedded.ts";
import { SyncingConnection } from "../connection/syncing_connection.ts";
import { runAction } from "../shell/run_action.ts";
import { Shell } from "../shell/shell.ts";
import type { ScriptDatabase } from "./script_database.ts";

/** What {@linkcode openShell} is told. */
export interface OpenShellOptions {
  /**
   * The data directory of the embedded database, or `":memory:"` for a throw-away one.
   *
   * @default the user's data directory, as the executable has it
   */
  readonly directory?: string;
  /** A server to use instead of the embedded database: `tcp://127.0.0.1:8529`, `ssl://…`, `unix:///path`. */
  readonly endpoint?: string;
  /** The user's name on that server. @default {"root"} */
  readonly username?: string;
  /** The user's password on that server. @default {""} */
  readonly password?: string;
  /** A JSON web token for that server, instead of a password. */
  readonly token?: string;
  /** A PEM file of certificates that are trusted besides the platform's. */
  readonly caFile?: string;
  /** The database to start in. @default {"_system"} */
  readonly database?: string;
  /** Rules as of `--connect-to`, for servers and leaders: `HOST1:PORT1:HOST2:PORT2`. @default {[]} */
  readonly connectTo?: readonly string[];
  /** Open the directory for reading only. @default {false} */
  readonly readOnly?: boolean;
  /** What scripts know as `ARGUMENTS`. @default {[]} */
  readonly arguments?: readonly string[];
  /** Further directories in which `require` looks for modules. @default {[]} */
  readonly moduleDirectories?: readonly string[];
  /** Takes printed text, line ends included. @default standard output */
  readonly output?: (text: string) => void;
  /** Whether long operations say how they get on. @default {false} */
  readonly showProgress?: boolean;
}

/**
 * An open shell. Objects that come from it (documents, errors, arrays) belong to the scripts' realm: use `Array.isArray` and
 * {@linkcode isArangoError}, not `instanceof`.
 */
export interface OpenShell extends Disposable {
  /** What scripts know as `db`. */
  readonly db: ScriptDatabase;
  /** The global object of scripts: what they define is there. */
  readonly global: Record<string, unknown>;
  /**
   * Runs a text as a global script.
   *
   * @param text JavaScript
   * @param filename the name it has in stacks
   * @returns its completion value
   * @throws what the script throws
   */
  run(text: string, filename?: string): unknown;
  /**
   * Runs a script file.
   *
   * @throws what the script throws, and an error with `errorNum` 2 when the file cannot be read
   */
  runFile(path: string): void;
  /** Finds a module as scripts do: `@arangodb/replication`, `./own.js`. */
  require(name: string): unknown;
  /** Closes the database or the connection. */
  [Symbol.dispose](): void;
}

/**
 * Opens a shell on a directory, on memory or on a server. It blocks: while a script waits, so does the thread.
 *
 * @example
 * ```ts
 * import { openShell } from "denosh";
 *
 * using shell = openShell({ directory: ":memory:" });
 * shell.db._create("places").insert({ _key: "here", n: 1 });
 * console.log(shell.run(`db.places.count()`)); // 1
 * ```
 *
 * @throws ArangoError 10 for options that exclude each other, and for a text that is no endpoint; a directory is opened, and a server
 * connected to, by the first use
 */
export function openShell(options: OpenShellOptions = {}): OpenShell {
  const connection = connectionFor(options);
  const shell = new Shell({
    connection,
    connect: reconnector({
      embedded: connection instanceof EmbeddedConnection ? () => connection : undefined,
      connectTo: options.connectTo ?? [],
      caFile: options.caFile,
    }),
    output: options.output ?? writeOutput,
    database: options.database ?? "_system",
    quiet: !(options.showProgress ?? false),
    arguments: options.arguments ?? [],
    moduleDirectories: options.moduleDirectories ?? [],
  });
  return {
    get db() {
      return shell.global.db as ScriptDatabase;
    },
    get global() {
      return shell.global;
    },
    run: (text, filename) => shell.run(text, filename),
    runFile: (path) => shell.runFile(path),
    require: (name) => shell.require(name),
    [Symbol.dispose]: () => shell[Symbol.dispose](),
  };
}

/** Seconds before its end when a token is replaced, as the option of arangosh has it. */
const RENEWAL_THRESHOLD = 300;

function connectionFor(options: OpenShellOptions): Connection {
  const { endpoint, directory, username = "root", token, caFile, connectTo = [] } = options;
  if (endpoint === undefined) {
    return new EmbeddedConnection({
      directory: directory ?? defaultDirectory((name) => Deno.env.get(name)),
      connectTo,
      readOnly: options.readOnly ?? false,
      runAction,
    });
  }
  if (directory !== undefined) {
    throw new ArangoError(
      "ERROR_BAD_PARAMETER",
      "a shell is opened on a directory or on an endpoint: leave out one of the two",
    );
  }
  return new SyncingConnection({
    endpoint,
    connectTo,
    username,
    credentials: token === undefined
      ? { kind: "password", username, password: options.password ?? "", renewalThreshold: RENEWAL_THRESHOLD }
      : { kind: "token", token },
    ...(caFile === undefined ? {} : { caFile }),
  });
}

const encoder = new TextEncoder();

function writeOutput(text: string): void {
  const bytes = encoder.encode(text);
  for (let done = 0; done < bytes.length;) done += Deno.stdout.writeSync(bytes.subarray(done));
}

/** An error of ArangoDB, as scripts throw it. */
export interface ScriptError {
  /** ArangoDB's error number. */
  readonly errorNum: number;
  /** The HTTP status that goes with it. */
  readonly code: number;
  /** What happened. */
  readonly errorMessage: string;
}

/** Whether something that a script threw is an error of ArangoDB. */
export function isArangoError(error: unknown): error is ScriptError {
  return typeof (error as Partial<ScriptError> | null | undefined)?.errorNum === "number";
}

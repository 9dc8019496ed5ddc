/**
 * Runs a shell in the mode that the command line chooses.
 *
 * Source: `arangosh.md` §1.1, §1.7, §2.4.
 *
 * @module
 */
import { join } from "node:path";
import { existsSync, readFileSync, statSync } from "node:fs";
import { ArangoError } from "../base/arango_error.ts";
import type { Connection } from "../connection/connection.ts";
import type { Credentials } from "../connection/remote.ts";
import { EmbeddedConnection } from "../connection/embedded.ts";
import { NoConnection } from "../connection/no_connection.ts";
import { runAction } from "../shell/run_action.ts";
import { type AccessList, type AccessRules, accessRules } from "../shell/access_rules.ts";
import { ExitRequest, type LogLevel, Shell, SHELL_VERSION, type Terminal } from "../shell/shell.ts";
import { CommandReader } from "./commands.ts";
import type { Options } from "./options.ts";

/** The world around a shell. */
export interface ShellEnvironment {
  readonly environment: (name: string) => string | undefined;
  /** Takes printed text. */
  readonly write: (text: string) => void;
  readonly terminal: Terminal;
  /** Whether commands come from a terminal. */
  readonly interactive: boolean;
  /** The directory of the embedded database. */
  readonly directory: string;
}

const MODES = [
  "javascript.execute",
  "javascript.execute-string",
  "javascript.check-syntax",
  "javascript.unit-tests",
] as const;

/**
 * Runs what the command line asks for.
 *
 * @returns the exit status
 */
export async function runShell(options: Options, world: ShellEnvironment): Promise<number> {
  const { write } = world;
  const verbose = options.list("log.level").some((level) => /debug|trace/i.test(level));
  const log = (level: LogLevel, text: string): void => {
    if (level !== "DEBUG" || verbose) write(`${logRecord(level, text)}\n`);
  };
  const modes = MODES.filter((mode) => options.has(mode));
  if (modes.length > 1) {
    log("ERROR", "you cannot specify more than one type (execute, execute-string, check-syntax, unit-tests)");
  }
  const mode = modes.at(-1);
  const script = mode === undefined && isFile(options.positional[0]) ? options.positional[0] : undefined;
  const interactive = mode === undefined && script === undefined && world.interactive;
  const connection = await openConnection(options, world);
  const shell = new Shell({
    connection,
    output: write,
    log,
    database: options.text("server.database") ?? "_system",
    quiet: options.flag("quiet", false),
    arguments: script === undefined ? options.positional : options.positional.slice(1),
    moduleDirectories: options.list("javascript.module-directory"),
    terminal: world.terminal,
    prettyPrint: options.flag("console.pretty-print", true),
    colors: options.flag("console.colors", interactive && world.environment("NO_COLOR") === undefined),
    requestTimeout: options.number("server.request-timeout", 1200),
    executionDeadline: options.number("javascript.execution-deadline", 0),
    startupOptions: options.public(),
    access: rulesOf(options),
    ...(options.text("temp.path") ? { temporaryPath: options.text("temp.path")! } : {}),
  });
  try {
    if (mode !== undefined) return runMode(shell, mode, options) ? 0 : 1;
    if (script !== undefined) return shell.executeFile(script) ? 0 : 1;
    if (interactive) {
      const { runRepl } = await import("../shell/repl.ts");
      const home = world.environment("HOME") ?? world.environment("USERPROFILE");
      const keepsHistory = options.flag("console.history", true) && home !== undefined;
      return await runRepl(shell, {
        quiet: options.flag("quiet", false),
        prompt: options.text("console.prompt") ?? "%E@%d> ",
        colors: options.flag("console.colors", world.environment("NO_COLOR") === undefined),
        endpoint: connection.endpoint,
        username: connection.username,
        database: () => String(shell.run("db._name()")),
        version: SHELL_VERSION,
        write,
        reader: new CommandReader(),
        ...(keepsHistory ? { history: join(home, ".denosh.history") } : {}),
      });
    }
    return runCommands(shell, readFileSync(0, "utf8")) ? 0 : 1;
  } catch (error) {
    if (error instanceof ExitRequest) return error.code;
    throw error;
  } finally {
    shell[Symbol.dispose]();
    connection[Symbol.dispose]();
  }
}

function runMode(shell: Shell, mode: typeof MODES[number], options: Options): boolean {
  const values = options.list(mode);
  switch (mode) {
    case "javascript.execute":
      // the outcome of the last file decides
      return values.map((file) => shell.executeFile(file)).at(-1)!;
    case "javascript.execute-string":
      return values.map((text) => shell.executeString(text)).every(Boolean);
    case "javascript.check-syntax":
      return values.map((file) => shell.checkSyntax(file)).at(-1)!;
    case "javascript.unit-tests":
      return shell.runUnitTests(values, options.text("javascript.unit-test-filter") ?? "");
  }
}

/**
 * Runs commands that were piped into a shell, printing results as the interactive shell does, without prompts.
 *
 * @param shell the shell
 * @param text the commands, as many lines each as they need
 * @returns whether the last command ended without an exception
 */
export function runCommands(shell: Shell, text: string): boolean {
  const reader = new CommandReader();
  let ok = true;
  for (const line of text.split("\n")) {
    const command = reader.take(line);
    if (command !== undefined && command.trim() !== "") ok = shell.evaluate(command).ok;
  }
  const rest = reader.reset();
  if (rest.trim() !== "") ok = shell.evaluate(rest).ok;
  return ok;
}

async function openConnection(options: Options, world: ShellEnvironment): Promise<Connection> {
  const endpoint = options.text("server.endpoint");
  const connectTo = options.list("connect-to");
  if (endpoint === "none") return new NoConnection();
  if (endpoint === undefined) {
    const { directory } = world;
    const readOnly = options.flag("database.read-only", false);
    return new EmbeddedConnection({ directory, connectTo, readOnly, runAction });
  }
  const { RemoteConnection } = await import("../connection/remote.ts");
  const caFile = options.text("ssl.ca-file");
  const token = options.text("server.jwt-token");
  const username = options.text("server.username") ?? "root";
  return new RemoteConnection({
    endpoint,
    connectTo,
    connectTimeout: options.number("server.connection-timeout", 5),
    timeout: options.number("server.request-timeout", 1200),
    username,
    credentials: token !== undefined ? { kind: "token", token } : credentials(options, username, world),
    ...(caFile === undefined ? {} : { caFile }),
  });
}

function credentials(options: Options, username: string, world: ShellEnvironment): Credentials {
  const wanted = options.flag("server.authentication", true) || options.has("server.username");
  if (!wanted) return { kind: "none" };
  const password = options.text("server.password") ?? (world.interactive ? askPassword(world.write) : "");
  return {
    kind: "password",
    username,
    password,
    renewalThreshold: options.number("server.jwt-renewal-threshold", 300),
  };
}

/** Asks for a password without showing it. */
function askPassword(write: (text: string) => void): string {
  write("Please specify a password: ");
  const bytes: number[] = [];
  Deno.stdin.setRaw(true);
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

function rulesOf(options: Options): AccessRules {
  const list = (name: string): AccessList => ({
    allow: options.list(`javascript.${name}-allowlist`),
    deny: options.list(`javascript.${name}-denylist`),
  });
  return accessRules({
    files: list("files"),
    environment: list("environment-variables"),
    endpoints: list("endpoints"),
    options: list("startup-options"),
    processControl: options.flag("javascript.allow-external-process-control", false),
    portTesting: options.flag("javascript.allow-port-testing", false),
    harden: options.flag("javascript.harden", false),
  });
}

function isFile(path: string | undefined): path is string {
  return path !== undefined && existsSync(path) && statSync(path).isFile();
}

/** A log record in ArangoDB's layout. */
function logRecord(level: LogLevel, text: string): string {
  const time = new Date().toISOString().replace("Z", "000Z");
  return `${time} [${Deno.pid}-1] ${level} [8a210] {general} ${text}`;
}

/** What is said about an error that ends the program. */
export function fatalText(error: unknown): string {
  if (error instanceof ArangoError) return `denosh: ${error.message} (error ${error.errorNum})`;
  return `denosh: ${error instanceof Error ? error.stack ?? error.message : error}`;
}

/**
 * Runs a shell in the mode that the command line chooses.
 *
 * Source: `arangosh.md` §1.1, §1.7, §2.4.
 *
 * @module
 */
import { ArangoError } from "../base/arango_error.ts";
import { lateImport } from "../base/late_import.ts";
import { similarNames } from "../base/similar_names.ts";
import type { Connection } from "../connection/connection.ts";
import { type AccessList, type AccessRules, accessRules } from "../shell/access_rules.ts";
import type { Interrupts } from "../shell/interrupts.ts";
import { nodeModule } from "../shell/node_module.ts";
import { isExit } from "../shell/exit_request.ts";
import type { LogLevel, Pager, Terminal } from "../shell/host.ts";
import { Shell } from "../shell/shell.ts";
import { DEFAULT_PAGER } from "../shell/shell_options.ts";
import { anotherShell } from "./another_shell.ts";
import type { Audit } from "./audit.ts";
import { cutCommands } from "./commands.ts";
import { homeDirectory } from "./directories.ts";
import { FatalError } from "./fatal_error.ts";
import { greet, mismatchLines } from "./greeting.ts";
import { loadEmbedded, loadRemote, looksForDatabase } from "./lazy_modules.ts";
import { Logging } from "./logging.ts";
import { isFile, isScriptName } from "./named_file.ts";
import { connectFunction, type ConnectionWorld, openConnection } from "./open_connection.ts";
import type { Options } from "./options.ts";
import { Transcript } from "./transcript.ts";

/** The world around a shell. */
export interface ShellEnvironment {
  readonly environment: (name: string) => string | undefined;
  /** Takes printed text. */
  readonly write: (text: string) => void;
  /** Takes what goes to standard error. */
  readonly complain: (text: string) => void;
  /** What is known about the terminal right now. */
  readonly terminal: () => Terminal;
  /** Whether commands come from a terminal. */
  readonly interactive: boolean;
  /** The directory of the embedded database. */
  readonly directory: string;
  /** What is a command where it is the first word of the command line. @default {[]} */
  readonly commands?: readonly string[];
}

/** A shell that is being set up, and what its mode may change about it. */
export interface OpenedShell {
  readonly shell: Shell;
  readonly connection: Connection;
  readonly pager: Pager;
  /** Replaces what takes printed text, and what is told when a command of the prompt or of a pipe has ended. */
  setOutput(write: (text: string) => void, endCommand?: () => void): void;
}

const MODES = [
  "javascript.execute",
  "javascript.execute-string",
  "javascript.check-syntax",
  "javascript.unit-tests",
] as const;
type Mode = typeof MODES[number];
type Log = (level: LogLevel, text: string, topic?: string) => void;

/**
 * Runs what the command line asks for.
 *
 * @returns the exit status
 * @throws FatalError for options that make no sense together
 */
export async function runShell(options: Options, world: ShellEnvironment): Promise<number> {
  using logging = new Logging(options, "U", {
    write: world.write,
    complain: world.complain,
    hasColors: !isPlain(world),
    usual: "-",
  });
  const log: Log = (level, text, topic) => logging.log(level, text, topic);
  const modes = MODES.filter((mode) => options.has(mode));
  if (modes.length > 1) {
    log("ERROR", "you cannot specify more than one type (execute, execute-string, check-syntax, unit-tests)");
  }
  const mode = modes.at(-1);
  const script = mode === undefined ? scriptOf(options.positional[0], world.commands) : undefined;
  const isRepl = mode === undefined && script === undefined && world.interactive;
  const piped = mode === undefined && script === undefined && !isRepl ? readInput() : undefined;
  if (isRepl || piped?.trim() === "") checkWord(options.positional[0], isRepl, world.commands);
  if (options.text("server.endpoint") !== undefined) await loadRemote();
  else if (!isRepl && mode !== "javascript.check-syntax" && needsDatabase(options, mode, script, piped)) {
    await loadEmbedded();
  }
  setEngineFlags(options.list("javascript.v8-options"));
  const interrupts = isRepl ? await listen(world) : undefined;
  const positional = script === undefined ? options.positional : options.positional.slice(1);
  const interactive = isRepl
    ? await lateImport<typeof import("./run_interactive.ts")>(new URL("./run_interactive.ts", import.meta.url))
    : undefined;
  const readLine = interactive?.askTerminal;
  const opened = openShell(options, world, {
    log,
    positional,
    isRepl,
    interrupts,
    readLine,
    level: logging.levelOf().toLowerCase(),
  });
  const { shell, connection } = opened;
  try {
    if (!isRepl && mode !== "javascript.check-syntax") {
      const greeting = greet(connection, options.number("server.request-timeout", 1200));
      for (const line of mismatchLines(greeting?.version)) world.write(`${line}\n`);
    }
    const home = homeDirectory(world.environment);
    if (home !== undefined && mode !== "javascript.check-syntax") shell.runStartupFile(`${home}/.arangosh.rc`);
    if (mode !== undefined) return runMode(shell, mode, options) ? 0 : 1;
    if (script !== undefined) return shell.executeFile(script) ? 0 : 1;
    if (piped !== undefined) return await runPiped(opened, piped, options, world) ? 0 : 1;
    return await interactive!.runInteractive(options, world, opened, interrupts!);
  } catch (error) {
    if (isExit(error)) return error.code;
    throw error;
  } finally {
    shell[Symbol.dispose]();
    connection[Symbol.dispose]();
    interrupts?.[Symbol.dispose]();
  }
}

/** Sets flags of V8, such as `--expose-gc`, for the realms that are made from now on; it passes over those that it does not know. */
function setEngineFlags(flags: readonly string[]): void {
  for (const flag of flags) {
    const { setFlagsFromString } = nodeModule<typeof import("node:v8")>("node:v8");
    setFlagsFromString(flag.startsWith("-") ? flag : `--${flag}`);
  }
}

/** What {@linkcode openShell} needs beside the command line. */
interface ShellSetUp {
  readonly log: Log;
  readonly level: string;
  readonly positional: readonly string[];
  readonly isRepl: boolean;
  readonly interrupts: Interrupts | undefined;
  /** Asks the user for a line, where the terminal is not in its usual mode. */
  readonly readLine: (() => string) | undefined;
}

/** Makes the shell of a command line, with its connection. */
function openShell(options: Options, world: ShellEnvironment, setUp: ShellSetUp): OpenedShell {
  const { interrupts, isRepl } = setUp;
  const isInterrupted = interrupts ? { isInterrupted: () => interrupts.isInterrupted } : {};
  const access = rulesOf(options);
  const connectionWorld: ConnectionWorld = { ...world, ...isInterrupted, access };
  const connection = openConnection(options, connectionWorld);
  let { write } = world;
  let endCommand = (): void => write("\n");
  const { terminal } = world;
  const wantsColors = options.flag("console.colors", isRepl) && !isPlain(world);
  const pager = {
    command: options.text("console.pager-command") ?? DEFAULT_PAGER,
    isOn: isRepl && options.flag("console.pager", false),
  };
  const shell = new Shell({
    connection,
    output: (text) => write(text),
    endCommand: () => endCommand(),
    log: setUp.log,
    logLevel: setUp.level,
    database: options.text("server.database") ?? "_system",
    quiet: options.flag("quiet", false),
    arguments: setUp.positional,
    moduleDirectories: moduleRoots(options),
    hasCurrentModules: options.flag("javascript.current-module-directory", true),
    terminal,
    prettyPrint: options.flag("console.pretty-print", true),
    colors: wantsColors,
    errorColors: wantsColors,
    pager,
    requestTimeout: options.number("server.request-timeout", 1200),
    executionDeadline: options.number("javascript.execution-deadline", 0),
    startupOptions: options.public(),
    access,
    anotherShell: (args) => anotherShell(options, world.directory, args),
    connect: connectFunction(options, connection, connectionWorld),
    ...isInterrupted,
    ...(setUp.readLine ? { readLine: setUp.readLine } : {}),
    ...(options.text("temp.path") ? { temporaryPath: options.text("temp.path")! } : {}),
  });
  return {
    shell,
    connection,
    pager,
    setOutput: (output, end = () => output("\n")) => {
      write = output;
      endCommand = end;
    },
  };
}

/** Whether what is shown may have no colours. */
export function isPlain({ environment, terminal }: ShellEnvironment): boolean {
  return Boolean(environment("NO_COLOR")) || !terminal().isTty;
}

async function listen(world: ShellEnvironment): Promise<Interrupts> {
  const { Interrupts } = await import("../shell/interrupts.ts");
  return new Interrupts(world.terminal().isTty, world.write);
}

function readInput(): string {
  const chunks: Uint8Array[] = [];
  const buffer = new Uint8Array(65536);
  for (let count = Deno.stdin.readSync(buffer); count !== null; count = Deno.stdin.readSync(buffer)) {
    chunks.push(buffer.slice(0, count));
  }
  const decoder = new TextDecoder();
  return chunks.map((chunk) => decoder.decode(chunk, { stream: true })).join("") + decoder.decode();
}

/** Whether it is worth while to load the database before the script asks for it. */
function needsDatabase(
  options: Options,
  mode: Mode | undefined,
  script: string | undefined,
  piped: string | undefined,
): boolean {
  if (mode === "javascript.unit-tests") return true;
  if (mode === "javascript.execute-string") return options.list(mode).some(looksForDatabase);
  if (piped !== undefined) return looksForDatabase(piped);
  return (mode === undefined ? [script!] : options.list(mode)).some((path) =>
    isFile(path) && looksForDatabase(Deno.readTextFileSync(path))
  );
}

function runMode(shell: Shell, mode: Mode, options: Options): boolean {
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

/** Runs commands that were piped into a shell, and notes them in the audit file if there is one. */
async function runPiped(
  opened: OpenedShell,
  text: string,
  options: Options,
  world: ShellEnvironment,
): Promise<boolean> {
  const { shell, setOutput } = opened;
  using audit = await openAudit(options.text("console.audit-file"), world);
  if (audit) world.write(`${audit.message}\n`);
  const transcript = new Transcript(world.write);
  const output = (printed: string): void => {
    audit?.output(printed);
    transcript.write(printed);
  };
  const endCommand = (): void => {
    audit?.output("\n");
    transcript.endCommand();
  };
  setOutput(output, endCommand);
  const ok = runCommands(shell, text, (command) => audit?.command(`${shell.database}> `, command));
  transcript.end();
  return ok;
}

async function openAudit(path: string | undefined, { complain }: ShellEnvironment): Promise<Audit | undefined> {
  if (!path) return undefined;
  const { Audit } = await lateImport<typeof import("./audit.ts")>(new URL("./audit.ts", import.meta.url));
  return new Audit(path, complain);
}

/**
 * Runs commands that were piped into a shell, printing results as the interactive shell does, without prompts.
 *
 * @param shell the shell; its output goes through a {@linkcode Transcript}
 * @param text the commands, as many lines each as they need
 * @param onCommand told of each command before it runs
 * @returns whether the last command ended without an exception
 */
export function runCommands(shell: Shell, text: string, onCommand?: (command: string) => void): boolean {
  let ok = true;
  for (const command of cutCommands(text, (one) => shell.checkText(one))) {
    onCommand?.(command);
    ok = shell.evaluate(command).ok;
  }
  return ok;
}

/**
 * The directories that `require()` searches behind the modules that denosh has itself.
 *
 * Source: arangosh.md 3.2.
 */
function moduleRoots(options: Options): string[] {
  const startup = options.text("javascript.startup-directory");
  const parts = ["client/modules", "common/modules", "node", "node/node_modules"];
  const library = startup === undefined ? [] : parts.map((part) => `${startup}/${part}`);
  return [...library, ...options.list("javascript.module-directory")];
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
    readable: moduleRoots(options),
    processControl: options.flag("javascript.allow-external-process-control", false),
    portTesting: options.flag("javascript.allow-port-testing", false),
    harden: options.flag("javascript.harden", false),
  });
}

/**
 * The script that is named without an option; other words are for what comes from the prompt or a pipe.
 *
 * @throws FatalError for what was meant to be a script, or a command
 */
function scriptOf(word: string | undefined, commands: readonly string[] = []): string | undefined {
  if (word === undefined || isFile(word)) return word;
  if (isScriptName(word)) throw new FatalError(`cannot run ${word}: there is no such file`);
  if (commands.includes(word)) throw new FatalError(`commands come before options: denosh ${word} …`);
  return undefined;
}

/**
 * Looks at the first word where nothing was piped that it could be an argument of; at a prompt it may be.
 *
 * @throws FatalError for a word that was meant for a command or a script
 */
function checkWord(word: string | undefined, isRepl: boolean, commands: readonly string[] = []): void {
  if (word === undefined) return;
  const [near] = similarNames(word, commands);
  if (isRepl && near === undefined) return;
  const advice = near === undefined ? "" : `; did you mean '${near}'?`;
  throw new FatalError(`'${word}' is neither a command nor a script${advice}`);
}

/** What is said about an error that ends the program. */
export function fatalText(error: unknown): string {
  if (error instanceof FatalError) return `denosh: FATAL ${error.message}`;
  if (error instanceof ArangoError) return `denosh: ${error.message} (error ${error.errorNum})`;
  return `denosh: ${error instanceof Error ? error.stack ?? error.message : error}`;
}

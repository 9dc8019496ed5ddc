/**
 * The shell: one realm, one connection, and what it does with the texts and files it is given.
 *
 * @module
 */

import { ArangoError } from "../base/arango_error.ts";
import type { Connection } from "../connection/connection.ts";
import { fileError } from "./host_files.ts";
import { describeException, type ExceptionText, fileRecords, replText } from "./exception_text.ts";
import { type ConnectTarget, type Fetch, Interruption, type LogLevel, type Pager, type Terminal } from "./host.ts";
import type { AccessRules } from "./access_rules.ts";
import { isHostError } from "./host_border.ts";
import type { PendingPromise, Thrown } from "./modules/core.ts";
import type { StartOrder } from "./programs_protocol.ts";
import { Realm, type TextChange } from "./realm.ts";

export type { AccessRules, Connection, ConnectTarget, Fetch, LogLevel, Pager, PendingPromise, Terminal };

/** The version of ArangoDB that the shell behaves like. */
export const SHELL_VERSION = "3.12.5";

/** The command of the pager where nobody names another one. */
export const DEFAULT_PAGER = "less -X -R -F -L";
/** Name of a text that was typed. */
export const COMMAND_NAME = "<shell command>";
/** Name of a text from the command line. */
export const STRING_NAME = "(command-line)";

/** Thrown by `exit()` in a shell that does not end the program; scripts cannot turn it into something else. */
export class ExitRequest extends Error {
  /** Tells it from other errors. */
  override readonly name = "ExitRequest";
  /** Tells the realm's code to let it pass. */
  readonly isExitRequest = true;

  /** The exit status that was asked for. */
  readonly code: number;

  /**
   * Asks to leave.
   *
   * @param code the exit status
   */
  constructor(code: number) {
    super(`exit ${code}`);
    this.code = code;
  }
}

/** Options of {@linkcode Shell}. */
export interface ShellOptions {
  /** Where requests go; the shell closes it. */
  readonly connection: Connection;
  /** Takes printed text, line ends included. */
  readonly output: (text: string) => void;
  /** Told when {@linkcode Shell.evaluate} has ended a command. @default prints an empty line */
  readonly endCommand?: () => void;
  /**
   * Takes log records: `console.*`, uncaught exceptions of files. The topic of all but the stacks of exceptions (`v8`) is
   * `general`. @default nothing is logged
   */
  readonly log?: (level: LogLevel, text: string, topic?: string) => void;
  /** The database to start in. @default {"_system"} */
  readonly database?: string;
  /** No progress and no hints. @default {false} */
  readonly quiet?: boolean;
  /** The global `ARGUMENTS`. @default {[]} */
  readonly arguments?: readonly string[];
  /** Further roots of `require`. @default {[]} */
  readonly moduleDirectories?: readonly string[];
  /** Whether the current directory is a root of `require` as well. @default {true} */
  readonly hasCurrentModules?: boolean;
  /** The terminal that `output` ends on. @default no terminal, 80 columns */
  readonly terminal?: Terminal | (() => Terminal);
  /** Whether values are printed over several lines at first. @default {true} */
  readonly prettyPrint?: boolean;
  /** Whether values are printed in colours at first. @default {false} */
  readonly colors?: boolean;
  /** Whether exceptions of commands are shown in red. @default {false} */
  readonly errorColors?: boolean;
  /** Reads a line for a script that asks the user. @default the runtime's `prompt` */
  readonly readLine?: () => string;
  /** The level that records are logged from, as scripts see it. @default {"info"} */
  readonly logLevel?: string;
  /** What output goes through on its way to the terminal; scripts switch it. @default less, off */
  readonly pager?: Pager;
  /** Seconds that requests may take. @default {1200} */
  readonly requestTimeout?: number;
  /** Seconds after which running code is stopped, 0 for never. @default {0} */
  readonly executionDeadline?: number;
  /** What `internal.options()` tells. @default {{}} */
  readonly startupOptions?: Readonly<Record<string, unknown>>;
  /** What scripts may touch. @default everything but other processes */
  readonly access?: AccessRules;
  /** Opens connections for `arango.reconnect`. @default refused */
  readonly connect?: (target: ConnectTarget) => Connection;
  /** The order to start another shell on the same database, with further arguments. @default refused */
  readonly anotherShell?: (args: readonly string[]) => StartOrder;
  /** Ends the program. @default throws {@linkcode ExitRequest} */
  readonly exit?: (code: number) => never;
  /** Base directory of temporary files. @default the system's */
  readonly temporaryPath?: string;
  /**
   * Performs exchanges with other servers for `download` and `request`: method, URL, headers, body, seconds; returns
   * JSON text of `{code, message, headers, body}` with the body in base64. @default the runtime's `fetch`
   */
  readonly fetch?: Fetch;
  /** Asked often whether the running command is to stop; `true` ends it once. @default never */
  readonly isInterrupted?: () => boolean;
}

/** What became of a command. */
export interface Evaluation {
  /** Whether it ended without an exception. */
  readonly ok: boolean;
  /** Its completion value, `undefined` after an exception. */
  readonly value: unknown;
}

const ERROR_COLOR = "\x1b[31m";
const NO_COLOR = "\x1b[0m";

/** One shell. */
export class Shell implements Disposable {
  readonly #realm: Realm;
  readonly #output: (text: string) => void;
  readonly #endCommand: () => void;
  readonly #log: (level: LogLevel, text: string, topic?: string) => void;
  readonly #deadline: number;
  readonly #colorsErrors: boolean;
  readonly #hostOptions: { connection: Connection };

  /**
   * Makes a shell; nothing is sent and nothing of the client library evaluated before a script needs it.
   *
   * @param options what the shell talks to and prints on
   */
  constructor(options: ShellOptions) {
    const terminal = options.terminal ?? { columns: 80, rows: 24, isTty: false };
    this.#output = options.output;
    this.#endCommand = options.endCommand ?? (() => this.#output("\n"));
    this.#log = options.log ?? (() => {});
    this.#deadline = options.executionDeadline ?? 0;
    this.#colorsErrors = options.errorColors ?? false;
    const hostOptions = {
      connection: options.connection,
      output: (text: string) => this.#output(text),
      log: (level: LogLevel, text: string) => this.#log(level, text),
      exit: options.exit ?? ((code: number) => {
        throw new ExitRequest(code);
      }),
      terminal: typeof terminal === "function" ? terminal : () => terminal,
      moduleDirectories: options.moduleDirectories ?? [],
      startupOptions: options.startupOptions ?? {},
      quiet: options.quiet ?? false,
      version: SHELL_VERSION,
      prettyPrint: options.prettyPrint ?? true,
      colors: options.colors ?? false,
      pager: options.pager ?? { command: DEFAULT_PAGER, isOn: false },
      arguments: options.arguments ?? [],
      database: options.database ?? "_system",
      requestTimeout: options.requestTimeout ?? 1200,
      ...(options.hasCurrentModules === undefined ? {} : { hasCurrentModules: options.hasCurrentModules }),
      ...(options.access === undefined ? {} : { access: options.access }),
      ...(options.connect === undefined ? {} : { connect: options.connect }),
      ...(options.anotherShell === undefined ? {} : { anotherShell: options.anotherShell }),
      ...(options.temporaryPath === undefined ? {} : { temporaryPath: options.temporaryPath }),
      ...(options.logLevel === undefined ? {} : { logLevel: options.logLevel }),
      ...(options.fetch === undefined ? {} : { fetch: options.fetch }),
      ...(options.readLine === undefined ? {} : { readLine: options.readLine }),
      ...(options.isInterrupted === undefined ? {} : { isInterrupted: options.isInterrupted }),
    };
    this.#hostOptions = hostOptions;
    this.#realm = new Realm(hostOptions);
  }

  /** The global object of scripts. */
  get global(): Record<string, unknown> {
    return this.#realm.global;
  }

  /** The connection in use; `arango.reconnect` replaces it. */
  get connection(): Connection {
    return this.#hostOptions.connection;
  }

  /** The name of the current database. */
  get database(): string {
    return this.#realm.database;
  }

  /** Finds a module as scripts do. */
  require(name: string): unknown {
    return this.#realm.require(name);
  }

  /**
   * Runs a text as a global script.
   *
   * @param text JavaScript
   * @param filename the name it has in stacks
   * @returns its completion value, a value of the scripts' realm
   * @throws what the text throws
   */
  run(text: string, filename = COMMAND_NAME): unknown {
    let value: unknown;
    try {
      value = this.#runUntilDeadline(text, filename);
    } catch (error) {
      throw this.#realm.host.takeExit() ?? error;
    }
    // the text may have caught what was to end it
    const exit = this.#realm.host.takeExit();
    if (exit !== undefined) throw exit;
    return value;
  }

  #runUntilDeadline(text: string, filename: string): unknown {
    if (this.#deadline <= 0) return this.#realm.evaluate(text, filename);
    this.#realm.host.setDeadline(this.#deadline);
    try {
      // calls of the host notice the deadline themselves and tell it as error 36; the rest is for loops
      return this.#realm.evaluate(text, filename, { timeout: this.#deadline * 1000 + 50 });
    } finally {
      this.#realm.host.setDeadline(0);
    }
  }

  /**
   * Does what the prompt does with a command: runs it, keeps its value as `_last`, prints the value or the exception,
   * and an empty line.
   *
   * @param text the command; an empty one does nothing
   * @param filename the name it has in stacks
   * @returns its value, and whether there was no exception
   * @throws ExitRequest when the command leaves the shell
   */
  evaluate(text: string, filename = COMMAND_NAME): Evaluation {
    if (text.trim() === "") return { ok: true, value: undefined };
    return this.#show(() => this.run(text, filename), filename, text);
  }

  /**
   * Evaluates a text whose value is a promise of the realm.
   *
   * @returns what becomes of the promise; for {@linkcode conclude}
   */
  startPromise(text: string): PendingPromise {
    const state = this.#realm.watch(this.run(text));
    this.run("0");
    return state;
  }

  /** Does what {@linkcode evaluate} does with the outcome of a promise; one that is not settled counts as aborted. */
  conclude(state: PendingPromise): Evaluation {
    return this.#show(() => {
      if (!state.isSettled) throw new Interruption("command locally aborted");
      if (state.isRejected) throw state.error;
      return state.value;
    }, COMMAND_NAME);
  }

  /** Compiles a text without running it. @throws the realm's SyntaxError */
  checkText(text: string): void {
    this.#realm.checkSyntax(text, COMMAND_NAME);
  }

  /** Keeps a value as `_last` and prints it, or the exception instead of it. */
  #show(
    run: () => unknown,
    filename: string,
    text?: string,
  ): Evaluation {
    let result: Evaluation;
    try {
      const value = run();
      this.#realm.show(value);
      result = { ok: true, value };
    } catch (error) {
      // printing the bare name `exit` leaves as well
      const exit = this.#realm.host.takeExit();
      if (isExit(error) || exit !== undefined) throw exit ?? error;
      this.#realm.show(undefined);
      const message = this.exceptionText(error, filename, text);
      const shown = message.trimEnd();
      const end = message.slice(shown.length);
      this.#output(this.#colorsErrors ? ERROR_COLOR + shown + NO_COLOR + end : message);
      result = { ok: false, value: undefined };
    }
    this.#endCommand();
    return result;
  }

  /** The text that the prompt shows for an exception. */
  exceptionText(error: unknown, filename = COMMAND_NAME, text?: string): string {
    if (isAborted(this.look(error))) return "command locally aborted\n";
    return replText(this.#describe(error, filename, text), filename);
  }

  /** Looks at what was thrown; a script's objects are not to be looked at from outside. */
  look(thrown: unknown): Thrown {
    return this.#realm.look(thrown);
  }

  /** An exception with its place in the text as it was written. */
  #describe(error: unknown, filename: string, text?: string): ExceptionText {
    const exception = describeException(this.#realm.look(error), filename, text);
    return this.#realm.textChange?.asWritten(exception) ?? exception;
  }

  /** Changes texts before they run, from now on. */
  changeTexts(change: TextChange): void {
    this.#realm.textChange = change;
  }

  /**
   * Runs a script file.
   *
   * @param path the file
   * @throws what the script throws, and an `ArangoError` of the scripts' realm when the file cannot be read
   */
  runFile(path: string): void {
    let text: string;
    try {
      text = readScript(path);
    } catch (error) {
      throw this.#realm.toRealmError(error);
    }
    this.#runScript(text, path);
  }

  /**
   * Runs a script file. What goes wrong is logged.
   *
   * @param path the file
   * @returns whether it ran to its end
   * @throws ExitRequest when the script leaves the shell
   */
  executeFile(path: string): boolean {
    const text = this.#findScript(path);
    if (text === undefined) return false;
    try {
      this.#runScript(text, path);
      return true;
    } catch (error) {
      if (isExit(error)) throw error;
      this.#logException(error, path);
      return false;
    }
  }

  #runScript(text: string, path: string): void {
    const leave = this.#realm.enterFile(this.#realm.host.absolutePath(path));
    try {
      this.run(text, path);
    } finally {
      leave();
    }
  }

  /**
   * Runs a text from the command line. An exception is logged.
   *
   * @returns whether it ran to its end and its value is no number with an integer part other than 0
   * @throws ExitRequest when the text leaves the shell
   */
  executeString(text: string): boolean {
    try {
      const value = this.run(text, STRING_NAME);
      return !(typeof value === "number" && Math.trunc(value) !== 0 && !Number.isNaN(value));
    } catch (error) {
      if (isExit(error)) throw error;
      this.#log("ERROR", this.exceptionText(error, STRING_NAME, text).trimEnd());
      return false;
    }
  }

  /**
   * Compiles a script file without running it. What is wrong with it is logged.
   *
   * @returns whether it compiles
   */
  checkSyntax(path: string): boolean {
    const text = this.#findScript(path);
    if (text === undefined) return false;
    try {
      this.#realm.checkSyntax(text, path);
      return true;
    } catch (error) {
      this.#logException(error, path);
      return false;
    }
  }

  /**
   * Runs files of unit tests, prints their outcome and writes `testresult.json`.
   *
   * @param files jsunity files, and mocha files (`…-spec….js`)
   * @param filter a pattern for the names of tests; all of them when empty
   * @returns whether everything passed
   * @throws ExitRequest when a test leaves the shell
   */
  runUnitTests(files: readonly string[], filter = ""): boolean {
    const present = files.filter((path) => {
      if (this.#realm.host.kindOf(path) === "file") return true;
      this.#log("ERROR", `error: JavaScript file not found: '${path}'`);
      return false;
    });
    let passed: unknown;
    try {
      passed = this.run(
        `SYS_UNIT_TESTS = ${JSON.stringify(present)};
         SYS_UNIT_FILTER_TEST = ${JSON.stringify(filter)};
         SYS_UNIT_TESTS_RESULT = false;
         require("@arangodb/testrunner").runCommandLineTests();
         SYS_UNIT_TESTS_RESULT;`,
        "denosh/unit-tests",
      );
    } catch (error) {
      if (isExit(error)) throw error;
      this.#logException(error, "denosh/unit-tests");
      return false;
    }
    return passed === true && present.length === files.length;
  }

  /** Evaluates a text in a function scope of its own, as the file `~/.arangosh.rc` is; errors are debug records. */
  runStartupFile(path: string): void {
    try {
      this.#realm.evaluate(`(function () {\n${readScript(path)}\n})()`, path);
    } catch (error) {
      if (isMissing(error)) return;
      this.#log("DEBUG", `${path}: ${this.#realm.look(error).text}`);
    }
    const exit = this.#realm.host.takeExit();
    if (exit !== undefined) throw exit;
  }

  /** Proposals for the dotted name before the cursor. */
  complete(word: string): string[] {
    return this.texts(`require("denosh/completion").proposals(${JSON.stringify(word)})`);
  }

  /**
   * The texts that an expression gives a list of; none where it fails, as with a server that does not answer.
   *
   * @throws ExitRequest when the expression leaves the shell
   */
  texts(expression: string): string[] {
    try {
      const list = this.run(`JSON.stringify(${expression})`, "denosh/texts");
      // scripts may have put something else in the place of everything that it calls
      if (typeof list !== "string") return [];
      return (JSON.parse(list) as unknown[]).filter((text) => typeof text === "string");
    } catch (error) {
      if (isExit(error)) throw error;
      this.#log("DEBUG", this.#realm.look(error).text);
      return [];
    }
  }

  /** Closes the connection and removes the temporary files of scripts. */
  [Symbol.dispose](): void {
    this.#realm.host.close();
    this.#hostOptions.connection[Symbol.dispose]();
  }

  /** The text of a script; undefined, and logged, when it cannot be read. */
  #findScript(path: string): string | undefined {
    try {
      return readScript(path);
    } catch (error) {
      if (!(error instanceof ArangoError)) throw error;
      this.#log(
        "ERROR",
        isMissing(error)
          ? `error: JavaScript file not found: '${path}'`
          : `cannot load JavaScript file '${path}': ${error.message}`,
      );
      return undefined;
    }
  }

  #logException(error: unknown, path: string): void {
    if (isAborted(this.look(error))) {
      this.#log("ERROR", "command locally aborted");
      return;
    }
    const exception = this.#describe(error, path);
    for (const record of fileRecords(exception, path)) this.#log("ERROR", record);
    if (exception.stack !== undefined) this.#log("DEBUG", `stacktrace: ${exception.stack}`, "v8");
  }
}

/** Whether a script could not be read because there is none. */
function isMissing(error: unknown): boolean {
  return error instanceof ArangoError && error.errorNum === FILE_NOT_FOUND;
}

/** Number of the error for a file that is not there. */
const FILE_NOT_FOUND = 14;

/**
 * The text of a script that the user of the shell names, whatever the script itself may touch; without its first line if
 * that names an interpreter.
 *
 * @throws ArangoError 14 or 2 when it is not there or cannot be read
 */
function readScript(path: string): string {
  try {
    return Deno.readTextFileSync(path).replace(/^\uFEFF?(#![^\n]*)?/, "");
  } catch (cause) {
    throw fileError(cause, path);
  }
}

/** Whether running code was stopped from outside. */
function isAborted({ code }: Thrown): boolean {
  return code === "ERR_SCRIPT_EXECUTION_TIMEOUT" || code === "ERR_SCRIPT_EXECUTION_INTERRUPTED";
}

/** Whether a script has left the shell; what else it throws is not asked, unlike by `instanceof`. */
export function isExit(error: unknown): error is ExitRequest {
  return isHostError(error) && error instanceof ExitRequest;
}

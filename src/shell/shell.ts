/**
 * The shell: one realm, one connection, and what it does with the texts and files it is given.
 *
 * @module
 */

import { ArangoError } from "../base/arango_error.ts";
import type { Connection } from "../connection/connection.ts";
import { describeException, type ExceptionText, fileRecords, replText } from "./exception_text.ts";
import { isExit } from "./exit_request.ts";
import { Interruption, type LogLevel } from "./host.ts";
import type { PendingPromise, Thrown } from "./modules/core.ts";
import { Realm, type RealmOptions, type TextChange } from "./realm.ts";
import { isMissing, readScript } from "./script_file.ts";
import { realmOptions, type ShellOptions } from "./shell_options.ts";

/** Name of a text that was typed. */
const COMMAND_NAME = "<shell command>";
/** Name of a text from the command line. */
const STRING_NAME = "(command-line)";

/** What became of a command. */
export interface Evaluation {
  /** Whether it ended without an exception. */
  readonly ok: boolean;
  /** Its completion value, `undefined` after an exception. */
  readonly value: unknown;
}

const ERROR_COLOR = "\x1b[31m";
const NO_COLOR = "\x1b[0m";
/** Milliseconds that a call of the host has, on a busy machine too, to tell of a deadline before the realm is stopped. */
const TIME_TO_TELL = 250;

/** One shell. */
export class Shell implements Disposable {
  readonly #realm: Realm;
  readonly #output: (text: string) => void;
  readonly #endCommand: () => void;
  readonly #log: (level: LogLevel, text: string, topic?: string) => void;
  readonly #deadline: number;
  readonly #colorsErrors: boolean;
  readonly #realmOptions: RealmOptions;

  /**
   * Makes a shell; nothing is sent and nothing of the client library evaluated before a script needs it.
   *
   * @param options what the shell talks to and prints on
   */
  constructor(options: ShellOptions) {
    this.#output = options.output;
    this.#endCommand = options.endCommand ?? (() => this.#output("\n"));
    this.#log = options.log ?? (() => {});
    this.#deadline = options.executionDeadline ?? 0;
    this.#colorsErrors = options.errorColors ?? false;
    this.#realmOptions = realmOptions(options);
    this.#realm = new Realm(this.#realmOptions);
  }

  /** The global object of scripts. */
  get global(): Record<string, unknown> {
    return this.#realm.global;
  }

  /** The connection in use; `arango.reconnect` replaces it. */
  get connection(): Connection {
    return this.#realmOptions.connection;
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
      return this.#realm.evaluate(text, filename, { timeout: this.#deadline * 1000 + TIME_TO_TELL });
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
    this.#realmOptions.connection[Symbol.dispose]();
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

/** Whether running code was stopped from outside. */
function isAborted({ code }: Thrown): boolean {
  return code === "ERR_SCRIPT_EXECUTION_TIMEOUT" || code === "ERR_SCRIPT_EXECUTION_INTERRUPTED";
}

/**
 * The services that realm code gets from outside: files, hashes, printing, requests, time.
 *
 * Everything that crosses is a string, a number, a boolean, a list of strings or bytes, so that whatever a script sees
 * was made in its own realm.
 *
 * @module
 */

import type { Level } from "../base/log_level.ts";
import type { Connection } from "../connection/connection.ts";
import type { AccessRules } from "./access_rules.ts";
import type { StartOrder } from "./programs_protocol.ts";

/** Severity of a log record. */
export type LogLevel = Level;

/** The terminal that output goes to. */
export interface Terminal {
  /** Width in characters. */
  readonly columns: number;
  /** Height in lines. */
  readonly rows: number;
  /** Whether standard output is a terminal. */
  readonly isTty: boolean;
}

/** The program that the output of commands is led through, if it is switched on. */
export interface Pager {
  readonly command: string;
  isOn: boolean;
}

/** How to reach another server, for `arango.reconnect`. */
export interface ConnectTarget {
  /** As the script wrote it. */
  readonly endpoint: string;
  /** The database to use there. */
  readonly database: string;
  /** The user to log in as. */
  readonly username: string;
  /** Absent: the shell's own, or ask for it. */
  readonly password?: string;
  /** A JWT secret instead of a password. */
  readonly jwtSecret?: string;
}

/**
 * One HTTP exchange with any server that blocks until it has ended.
 *
 * Takes method, URL, headers, body and seconds; returns JSON text of `{code, message, headers, body}`, the body in base64.
 */
export type Fetch = (
  method: string,
  url: string,
  headers: Record<string, string>,
  body: string | Uint8Array,
  timeout: number,
) => string;

/** What the services are made of. */
export interface HostOptions {
  /** The connection that requests go to. */
  connection: Connection;
  /** Takes printed text, line ends included. */
  readonly output: (text: string) => void;
  /** Takes log records. */
  readonly log: (level: LogLevel, text: string, topic?: string) => void;
  /** Opens another connection; without it `arango.reconnect` is refused. */
  readonly connect?: (target: ConnectTarget) => Connection;
  /** Ends the program. */
  readonly exit: (code: number) => never;
  /**
   * Whether somebody wants the running command to stop. Asked before requests and output and, often, during waits; a
   * `true` is answered once and ends the command.
   */
  readonly isInterrupted?: () => boolean;
  /** Reads a line from the user; the runtime's `prompt` when absent. */
  readonly readLine?: () => string;
  /** What is known about the terminal right now. */
  readonly terminal: () => Terminal;
  /** Roots of `require` beyond the directories of scripts. */
  readonly moduleDirectories: readonly string[];
  /** Whether the current directory is the last of these roots. @default {true} */
  readonly hasCurrentModules?: boolean;
  /** Values of the start-up options that scripts may read. */
  readonly startupOptions: Readonly<Record<string, unknown>>;
  /** What scripts may touch. */
  readonly access?: AccessRules;
  /** No progress and no hints. */
  readonly quiet: boolean;
  /** The version that the shell says it has. */
  readonly version: string;
  /** Evaluates a text in the realm and returns its value. */
  readonly compile: (text: string, filename: string) => unknown;
  /** See {@linkcode Host.compileFunction}. */
  readonly compileFunction: (parameters: readonly string[], text: string, filename: string) => unknown;
  /** Compiles a text without running it. */
  readonly checkSyntax: (text: string, filename: string) => void;
  /** See {@linkcode Host.asWritten}. */
  readonly asWritten: (frames: string) => string;
  /** The realm's function of a library module; absent when there is no such module. */
  readonly factory: (name: string) => unknown;
  /** Whether values are printed over several lines at first. */
  readonly prettyPrint: boolean;
  /** Whether values are printed in colours at first. */
  readonly colors: boolean;
  /** The program that long output goes through; scripts switch it. */
  readonly pager: Pager;
  /** The level that records are logged from, for `internal.logLevel()`. */
  readonly logLevel?: string;
  /** Positional arguments of the command line. */
  readonly arguments: readonly string[];
  /** The database that scripts start in. */
  readonly database: string;
  /** Seconds that requests may take; what `arango.timeout()` tells. */
  readonly requestTimeout: number;
  /** Base directory of temporary files; the system's when empty. */
  readonly temporaryPath?: string;
  /** The order to start another shell on the same database, with further arguments. */
  readonly anotherShell?: (args: readonly string[]) => StartOrder;
}

/** The answer of a server as realm code sees it. */
export interface HostReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The body, decoded as UTF-8, when there is one and its type is text or JSON. */
  readonly text: string | undefined;
  /** The bytes of any other body; empty when there is none. */
  readonly body: Uint8Array;
  /** How many bytes the body has. */
  readonly size: number;
}

/** The services. Paths are absolute or relative to the current directory, times are in seconds. */
export interface Host {
  /** Prints text. */
  write(text: string): void;
  /** Writes one log record; without a topic, of the topic `general`. */
  log(level: LogLevel, text: string, topic?: string): void;
  /** Width of the terminal in characters. */
  columns(): number;
  /** Height of the terminal in lines. */
  rows(): number;
  /** Whether output ends on a terminal. */
  isTty(): boolean;
  /** Whether progress and hints are unwanted. */
  isQuiet(): boolean;
  /** The version that the shell says it has. */
  version(): string;
  /** Whether values are printed over several lines at first. */
  wantsPrettyPrint(): boolean;
  /** Whether values are printed in colours at first. */
  wantsColors(): boolean;
  /** The program that long output goes through. */
  pagerCommand(): string;
  isPagerOn(): boolean;
  /** Switches the pager. */
  usePager(on: boolean): void;
  /** Positional arguments of the command line. */
  arguments(): string[];

  /** Sends one request and waits for its answer. @throws ArangoError 2001, 2002, 2003, 408, 36 */
  request(
    method: string,
    url: string,
    headers: Record<string, string>,
    body: string | Uint8Array,
    timeout?: number,
  ): HostReply;
  endpoint(): string;
  username(): string;
  /** The database that scripts start in. */
  initialDatabase(): string;
  requestTimeout(): number;
  /** Tries another connection; {@linkcode Host.settleConnection} has to follow. */
  connect(endpoint: string, database: string, username: string, password?: string, jwtSecret?: string): void;
  /** Keeps the connection that was tried, or goes back to the one before. */
  settleConnection(isGood: boolean): void;
  /** A number for the connection in use; it stays open until the shell is closed. */
  connectionHandle(): number;
  /** Goes back to a connection by its number. */
  useConnection(handle: number): void;

  /** Throws what is to end the running command, for code that calls nothing else. */
  checkInterruption(): void;

  /** Seconds since 1970. */
  time(): number;
  /** Blocks. @throws ArangoError 36 when the execution deadline passes meanwhile */
  sleep(seconds: number): void;
  /** Sets when running code is stopped, 0 for never; tells whether an earlier deadline had passed. */
  setDeadline(seconds: number): boolean;

  /** Leaves; where that throws, a script that catches it gets nothing done any more. */
  exit(code: number): never;
  /** What {@linkcode Host.exit} has thrown since this was last asked. */
  takeExit(): unknown;
  processId(): number;
  logLevel(): string;
  currentDirectory(): string;
  /** The directory of the program that runs. */
  programDirectory(): string;
  homeDirectory(): string;
  platform(): string;
  getVariable(name: string): string | undefined;
  setVariable(name: string, value: string): void;
  deleteVariable(name: string): void;
  variableNames(): string[];
  /** The start-up options as JSON text. */
  startupOptions(): string;
  moduleDirectories(): string[];

  compile(text: string, filename: string): unknown;
  /**
   * Makes a function of the realm; places in its stacks are those of the text of its body.
   *
   * @param parameters the names of its parameters; with more than one list of names, each function but the last, which has
   *   the body, gives the next one
   */
  compileFunction(parameters: readonly string[], text: string, filename: string): unknown;
  /** @throws the realm's SyntaxError */
  checkSyntax(text: string, filename: string): void;
  /** The frames of a stack with the places that the texts had before the shell changed them. */
  asWritten(frames: string): string;
  factory(name: string): unknown;
  /** A module of Node.js. */
  nodeModule(name: string): unknown;
  /**
   * The file of a package that comes with the shell, or that such a package needs.
   *
   * @param directory of the file that asks for it
   * @returns a path; empty when there is none
   */
  packageFile(name: string, directory: string): string;

  /** `file`, `directory`, `other`, or the empty text when there is nothing. */
  kindOf(path: string): string;
  /** Whether a path is that of a symbolic link. */
  isLink(path: string): boolean;
  fileSize(path: string): number;
  modificationTime(path: string): number;
  readText(path: string): string;
  readBytes(path: string): Uint8Array;
  writeFile(path: string, content: string | Uint8Array, append: boolean): void;
  listDirectory(path: string): string[];
  makeDirectory(path: string, recursive: boolean, mode?: number): void;
  remove(path: string, recursive: boolean): void;
  rename(from: string, to: string): void;
  copyFile(from: string, to: string): void;
  linkFile(from: string, to: string): void;
  changeMode(path: string, mode: number): void;
  absolutePath(path: string): string;
  temporaryPath(): string;
  /** Removes the temporary files. */
  close(): void;
  makeTemporaryFile(directory: string, create: boolean): string;

  /** Hexadecimal digest; `algorithm` is Node's name for it. */
  hash(algorithm: string, data: string | Uint8Array): string;
  hmac(algorithm: string, key: string | Uint8Array, data: string | Uint8Array): string;
  /** Hexadecimal key of `length` bytes. */
  deriveKey(algorithm: string, password: string, salt: string, iterations: number, length: number): string;
  signRsa(pem: string, data: string): string;
  randomBytes(count: number): Uint8Array;
  inflate(data: Uint8Array): Uint8Array;
  /** Compresses without any header. */
  deflateRaw(data: Uint8Array): Uint8Array;
  /** Undoes {@linkcode Host.deflateRaw}. */
  inflateRaw(data: Uint8Array): Uint8Array;
  /** The check sum of zip archives. */
  crc32(data: Uint8Array): number;
  jsonToVelocyPack(text: string): Uint8Array;
  /** @throws ArangoError 4 for other bytes */
  velocyPackToJson(bytes: Uint8Array): string;
  encodeUtf8(text: string): Uint8Array;
  decodeUtf8(bytes: Uint8Array): string;
  /** Which version of the protocol a text is an address of: 4, 6, or 0 for none. */
  ipVersion(text: string): number;
  /**
   * Calls a function of a module of Node.js that makes texts of texts: `path/posix`, `querystring` or `url`.
   *
   * @param args the arguments, as JSON text of a list
   * @returns the result as JSON text
   * @throws ArangoError 11 for other modules
   */
  callNode(module: string, name: string, args: string): string;
  /** ICU comparison: -1, 0 or 1. */
  compareText(left: string, right: string): number;
  /** All errors by name, as JSON text: `{NAME: [number, text]}`. */
  errorTable(): string;
  /** The HTTP status that belongs to an error number. */
  errorStatus(errorNum: number): number;
  /** Reads a line from standard input; empty at its end. */
  readLine(): string;
  /** Whether nothing listens at `host:port`. */
  isPortFree(address: string): boolean;
  /**
   * Starts a program and returns its process id.
   *
   * @param environment variables besides the shell's own, as JSON text
   * @param directory to start in; the current one when empty
   */
  startProgram(file: string, args: string[], usePipes: boolean, environment: string, directory: string): number;
  /** Starts another shell on the same database and returns its process id. */
  startShell(args: string[]): number;
  /** What has become of a program after some seconds, 0 for now: JSON text of a `ProgramStatus`. */
  programStatus(pid: number, seconds: number): string;
  /** The programs whose end was not yet asked for: JSON text of a list of `ProgramStatus`. */
  startedPrograms(): string;
  /** Sends a signal to a program that was started; tells whether there is such a program. */
  signalProgram(pid: number, signal: number): boolean;
  /** Sets a program's priority, -20 to 19. */
  setProgramPriority(pid: number, priority: number): void;
  /** The next output of a program with pipes; empty at its end. */
  readPipe(pid: number): Uint8Array;
  writePipe(pid: number, bytes: Uint8Array): void;
  /** Closes a pipe: the one from the program, or the one to it. */
  closePipe(pid: number, isOutput: boolean): void;
  /** What a process uses, the shell itself without an id: JSON text of `ProcessStatistics`. */
  processStatistics(pid?: number): string;
  /** One HTTP exchange with any server. */
  fetch: Fetch;
}

/** Thrown by the host when the running command is to stop; scripts that catch it meet it again at the next call. */
export class Interruption extends Error {
  override readonly name = "Interruption";
  /** The code of Node's error for the same. */
  readonly code = "ERR_SCRIPT_EXECUTION_INTERRUPTED";
  /** Tells the realm's code to let it pass. */
  readonly isExitRequest = true;
}

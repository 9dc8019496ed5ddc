/**
 * The services that realm code gets from outside: files, hashes, printing, requests, time.
 *
 * Everything that crosses is a string, a number, a boolean, a list of strings or bytes, so that whatever a script sees
 * was made in its own realm.
 *
 * @module
 */

import { ArangoError, arangoError, httpStatus } from "../base/arango_error.ts";
import { ERRORS } from "../base/error_table.ts";
import { jsonToVelocyPack, velocyPackToJson } from "../base/velocypack.ts";
import type { Connection } from "../connection/connection.ts";
import { type AccessRules, unrestricted } from "./access_rules.ts";
import { nodeModule } from "./node_module.ts";
import { Packages } from "./packages.ts";
import { processStatistics, Programs } from "./programs.ts";
import type { StartOrder } from "./programs_protocol.ts";

/** Severity of a log record. */
export type LogLevel = "DEBUG" | "INFO" | "WARNING" | "ERROR";

/** The terminal that output goes to. */
export interface Terminal {
  /** Width in characters. */
  readonly columns: number;
  /** Height in lines. */
  readonly rows: number;
  /** Whether standard output is a terminal. */
  readonly isTty: boolean;
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

/** What {@linkcode createHost} needs. */
export interface HostOptions {
  /** The connection that requests go to. */
  connection: Connection;
  /** Takes printed text, line ends included. */
  readonly output: (text: string) => void;
  /** Takes log records. */
  readonly log: (level: LogLevel, text: string) => void;
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
  /** Compiles a text without running it. */
  readonly checkSyntax: (text: string, filename: string) => void;
  /** The realm's function of a library module; absent when there is no such module. */
  readonly factory: (name: string) => unknown;
  /** Whether values are printed over several lines at first. */
  readonly prettyPrint: boolean;
  /** Whether values are printed in colours at first. */
  readonly colors: boolean;
  /** The program that long output goes through. */
  readonly pagerCommand: string;
  /** The level that records are logged from, for `internal.logLevel()`. */
  readonly logLevel?: string;
  /** Told when scripts switch the pager. */
  readonly usePager?: (on: boolean) => void;
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
  /** Performs exchanges with other servers in its own way, for `--connect-to`. */
  readonly fetch?: Fetch;
}

/** The answer of a server as realm code sees it. */
export interface HostReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The body, decoded as UTF-8 when its type is text or JSON. */
  readonly text: string | undefined;
  /** The body's bytes. */
  readonly body: Uint8Array;
}

/** See {@linkcode createHost}. Paths are absolute or relative to the current directory, times are in seconds. */
export interface Host {
  /** Prints text. */
  write(text: string): void;
  /** Writes one log record. */
  log(level: LogLevel, text: string): void;
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
  /** @throws the realm's SyntaxError */
  checkSyntax(text: string, filename: string): void;
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

/** Milliseconds between two looks at {@linkcode HostOptions.isInterrupted} and {@linkcode Connection.runDue} during a wait. */
const LOOK_INTERVAL = 50;

/** Builds the {@linkcode Host} of one shell. */
export function createHost(options: HostOptions): Host {
  const encoder = new TextEncoder();
  const decoder = new TextDecoder();
  const access = options.access ?? unrestricted;
  const pause = new Int32Array(new SharedArrayBuffer(4));
  const packages = new Packages();
  const programs = new Programs(waitForWord);
  const absolute = (path: string) => absolutePath(path);
  let deadline = Infinity;
  /** All connections that were opened, by what they were opened with; `reconnect` uses them again. */
  const opened = new Map<string, Connection>([["", options.connection]]);
  /** The connection before the one that is being tried, and the key of that one if it is new. */
  let former: { readonly connection: Connection; readonly tried: string | undefined } | undefined;
  let temporary: string | undefined;
  let leaving: unknown;

  /** Throws what is to end the running command. */
  function checkDeadline(): void {
    if (leaving !== undefined) throw leaving;
    if (options.isInterrupted?.()) throw new Interruption("command locally aborted");
    if (Date.now() >= deadline) {
      deadline = Infinity;
      throw new ArangoError("ERROR_DISABLED", "Execution deadline reached!");
    }
  }

  /** Waits until a word of shared memory is no longer `value`; tells whether that happened within so many seconds. */
  function waitForWord(words: Int32Array, index: number, value: number, seconds: number): boolean {
    checkDeadline();
    const slice = options.isInterrupted || options.connection.runDue ? LOOK_INTERVAL : Infinity;
    const end = performance.now() + seconds * 1000;
    while (Atomics.load(words, index) === value) {
      const left = end - performance.now();
      if (left <= 0) return false;
      Atomics.wait(words, index, value, Math.min(left, slice, Math.max(0, deadline - Date.now())));
      checkDeadline();
      options.connection.runDue?.();
    }
    return true;
  }

  /** Runs a file operation; failures of the system arrive as ArangoDB's errors 2, 14 or 27. */
  function onFile<T>(path: string, mode: "read" | "write", run: (path: string) => T): T {
    const target = absolute(path);
    if (mode === "write" || !packages.holds(target)) access.checkFile(target, mode);
    try {
      return run(path);
    } catch (cause) {
      if (cause instanceof ArangoError) throw cause;
      const text = cause instanceof Error ? cause.message : String(cause);
      if (cause instanceof Deno.errors.NotFound) {
        throw new ArangoError("ERROR_FILE_NOT_FOUND", `file not found: '${path}'`, { cause });
      }
      throw new ArangoError("ERROR_SYS_ERROR", text, { cause });
    }
  }

  /** Removes the temporary directory. */
  function close(): void {
    programs[Symbol.dispose]();
    // the current connection is the shell's to close
    for (const connection of opened.values()) {
      if (connection !== options.connection) connection[Symbol.dispose]();
    }
    if (temporary === undefined) return;
    removeEventListener("unload", close);
    removeQuietly(temporary);
    temporary = undefined;
  }

  function temporaryPath(): string {
    if (temporary === undefined) {
      const base = options.temporaryPath || Deno.env.get("TMPDIR") ||
        (Deno.build.os === "windows" ? "C:/Temp" : "/tmp");
      temporary = Deno.makeTempDirSync({ dir: base, prefix: "denosh-" });
      access.allowAlways(temporary);
      addEventListener("unload", close, { once: true });
    }
    return temporary;
  }

  return {
    write(text) {
      checkDeadline();
      options.output(text);
    },
    log: (level, text) => options.log(level, text),
    columns: () => options.terminal().columns,
    rows: () => options.terminal().rows,
    isTty: () => options.terminal().isTty,
    isQuiet: () => options.quiet,
    version: () => options.version,
    wantsPrettyPrint: () => options.prettyPrint,
    wantsColors: () => options.colors,
    pagerCommand: () => options.pagerCommand,
    usePager: (on) => options.usePager?.(on),
    arguments: () => [...options.arguments],

    request(method, url, headers, body, timeout) {
      checkDeadline();
      const limit = deadline === Infinity ? timeout : Math.min(timeout ?? Infinity, (deadline - Date.now()) / 1000);
      const sent = typeof body === "string" ? encoder.encode(body) : new Uint8Array(body);
      const lowerCase = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
      const reply = options.connection.request({ method, url, headers: lowerCase, body: sent }, limit);
      // arangosh keeps the type without its parameters: all recorded answers show `application/json`
      const type = reply.headers["content-type"]?.replace(/;.*$/, "") ?? "";
      const isText = reply.body.length > 0 && (type === "" || /json|^text\/|javascript|xml/.test(type));
      return {
        status: reply.status,
        headers: type === "" ? reply.headers : { ...reply.headers, "content-type": type },
        body: reply.body,
        text: isText ? decoder.decode(reply.body) : undefined,
      };
    },
    endpoint: () => options.connection.endpoint,
    username: () => options.connection.username,
    initialDatabase: () => options.database,
    requestTimeout: () => options.requestTimeout,
    connect(endpoint, database, username, password, jwtSecret) {
      if (options.connect === undefined) {
        throw new ArangoError(
          "ERROR_NOT_IMPLEMENTED",
          "this shell was opened without a way to connect to other servers",
        );
      }
      const key = JSON.stringify([endpoint, username, password, jwtSecret]);
      const known = opened.get(key) ??
        (password === undefined && jwtSecret === undefined
          ? [...opened.values()].find((each) => each.endpoint === endpoint && each.username === username)
          : undefined);
      const connection = known ?? options.connect({
        endpoint,
        database,
        username,
        ...(password === undefined ? {} : { password }),
        ...(jwtSecret === undefined ? {} : { jwtSecret }),
      });
      if (known === undefined) opened.set(key, connection);
      former = { connection: options.connection, tried: known === undefined ? key : undefined };
      options.connection = connection;
    },
    settleConnection(isGood) {
      if (former !== undefined && !isGood) {
        options.connection = former.connection;
        if (former.tried !== undefined) {
          opened.get(former.tried)?.[Symbol.dispose]();
          opened.delete(former.tried);
        }
      }
      former = undefined;
    },
    connectionHandle: () => [...opened.values()].indexOf(options.connection),
    useConnection(handle) {
      const connection = [...opened.values()][handle];
      if (connection === undefined) {
        throw new ArangoError("ERROR_BAD_PARAMETER", `no connection has the handle ${handle}`);
      }
      options.connection = connection;
    },

    checkInterruption: checkDeadline,
    time: () => (performance.timeOrigin + performance.now()) / 1000,
    sleep: (seconds) => void waitForWord(pause, 0, 0, Math.max(0, seconds)),
    setDeadline(seconds) {
      const passed = Date.now() >= deadline;
      deadline = seconds > 0 ? Date.now() + seconds * 1000 : Infinity;
      return passed;
    },

    exit(code) {
      try {
        return options.exit(code);
      } catch (error) {
        leaving = error;
        throw error;
      }
    },
    takeExit() {
      const taken = leaving;
      leaving = undefined;
      return taken;
    },
    processId() {
      access.checkHardened("process");
      return Deno.pid;
    },
    logLevel() {
      access.checkHardened("log level");
      return options.logLevel ?? "info";
    },
    currentDirectory: () => Deno.cwd(),
    programDirectory: () => Deno.execPath().replace(/[\\/][^\\/]*$/, ""),
    homeDirectory: () => Deno.env.get("HOME") ?? Deno.env.get("USERPROFILE") ?? "",
    platform: () => Deno.build.os,
    getVariable: (name) => access.mayReadVariable(name) ? Deno.env.get(name) : undefined,
    setVariable(name, value) {
      if (access.mayReadVariable(name)) Deno.env.set(name, value);
    },
    deleteVariable(name) {
      if (access.mayReadVariable(name)) Deno.env.delete(name);
    },
    variableNames: () => Object.keys(Deno.env.toObject()).filter((name) => access.mayReadVariable(name)),
    startupOptions: () =>
      JSON.stringify(
        Object.fromEntries(Object.entries(options.startupOptions).filter(([name]) => access.mayReadOption(name))),
      ),
    moduleDirectories: () => [
      ...options.moduleDirectories,
      ...(options.hasCurrentModules === false ? [] : [Deno.cwd()]),
    ],

    compile: (text, filename) => options.compile(text, filename),
    checkSyntax: (text, filename) => options.checkSyntax(text, filename),
    factory: (name) => options.factory(name),
    nodeModule(name) {
      access.checkNodeModule(name);
      return nodeModule(name);
    },
    packageFile: (name, directory) => packages.find(name, directory),

    kindOf(path) {
      access.checkFile(absolute(path), "read");
      try {
        const found = Deno.statSync(path);
        return found.isFile ? "file" : found.isDirectory ? "directory" : "other";
      } catch (cause) {
        if (cause instanceof Deno.errors.NotFound || cause instanceof Deno.errors.NotADirectory) return "";
        throw new ArangoError("ERROR_SYS_ERROR", cause instanceof Error ? cause.message : String(cause), { cause });
      }
    },
    isLink: (path) => onFile(path, "read", (name) => Deno.lstatSync(name).isSymlink),
    fileSize: (path) => onFile(path, "read", (name) => Deno.statSync(name).size),
    modificationTime: (path) =>
      onFile(path, "read", (name) => Math.floor((Deno.statSync(name).mtime?.getTime() ?? 0) / 1000)),
    readText: (path) => onFile(path, "read", (name) => Deno.readTextFileSync(name)),
    readBytes: (path) => onFile(path, "read", (name) => Deno.readFileSync(name)),
    writeFile: (path, content, append) =>
      onFile(path, "write", (name) => {
        if (typeof content === "string") Deno.writeTextFileSync(name, content, { append });
        else Deno.writeFileSync(name, new Uint8Array(content), { append });
      }),
    listDirectory: (path) => onFile(path, "read", (name) => [...Deno.readDirSync(name)].map((entry) => entry.name)),
    makeDirectory: (path, recursive, mode) =>
      onFile(path, "write", (name) => Deno.mkdirSync(name, { recursive, ...(mode === undefined ? {} : { mode }) })),
    remove: (path, recursive) => onFile(path, "write", (name) => Deno.removeSync(name, { recursive })),
    rename: (from, to) =>
      onFile(from, "write", (name) => {
        access.checkFile(absolute(to), "write");
        try {
          Deno.renameSync(name, to);
        } catch (cause) {
          // across file systems there is no rename
          if ((cause as { code?: string }).code !== "EXDEV") throw cause;
          Deno.copyFileSync(name, to);
          Deno.removeSync(name);
        }
      }),
    copyFile: (from, to) =>
      onFile(from, "read", (name) => {
        access.checkFile(absolute(to), "write");
        Deno.copyFileSync(name, to);
      }),
    linkFile: (from, to) =>
      onFile(from, "read", (name) => {
        access.checkFile(absolute(to), "write");
        Deno.symlinkSync(name, to);
      }),
    changeMode: (path, mode) => onFile(path, "write", (name) => Deno.chmodSync(name, mode)),
    absolutePath: (path) => absolute(path),
    temporaryPath,
    close,
    makeTemporaryFile(directory, create) {
      const parent = directory === "" ? temporaryPath() : `${temporaryPath()}/${directory}`;
      return onFile(parent, "write", () => {
        Deno.mkdirSync(parent, { recursive: true });
        const made = Deno.makeTempFileSync({ dir: parent, prefix: "tmp-" });
        if (!create) Deno.removeSync(made);
        return made;
      });
    },

    hash: (algorithm, data) => crypto().createHash(algorithm).update(plain(data)).digest("hex"),
    hmac: (algorithm, key, data) => crypto().createHmac(algorithm, plain(key)).update(plain(data)).digest("hex"),
    deriveKey: (algorithm, password, salt, iterations, length) =>
      crypto().pbkdf2Sync(password, salt, iterations, length, algorithm).toString("hex"),
    signRsa: (pem, data) => crypto().createSign("RSA-SHA256").update(data).sign(pem, "base64"),
    randomBytes: (count) => {
      const bytes = new Uint8Array(count);
      // one call may fill at most 65536 bytes
      for (let start = 0; start < count; start += 65536) {
        globalThis.crypto.getRandomValues(bytes.subarray(start, start + 65536));
      }
      return bytes;
    },
    inflate: (data) => zlib().gunzipSync(new Uint8Array(data)),
    deflateRaw: (data) => zlib().deflateRawSync(new Uint8Array(data)),
    inflateRaw: (data) => zlib().inflateRawSync(new Uint8Array(data)),
    crc32: (data) => zlib().crc32(new Uint8Array(data)),
    jsonToVelocyPack,
    velocyPackToJson(bytes) {
      try {
        return velocyPackToJson(new Uint8Array(bytes));
      } catch (cause) {
        throw new ArangoError("ERROR_INTERNAL", cause instanceof Error ? cause.message : String(cause), { cause });
      }
    },
    encodeUtf8: (text) => encoder.encode(text),
    decodeUtf8: (bytes) => decoder.decode(bytes),
    ipVersion: (text) => nodeModule<typeof import("node:net")>("node:net").isIP(text),
    compareText: (left, right) => Math.sign(left.localeCompare(right)),
    errorTable: () => JSON.stringify(ERRORS),
    errorStatus: (errorNum) => httpStatus(errorNum),
    // workers, in which transactions of JavaScript may run, have nobody to ask
    readLine: () =>
      options.readLine?.() ?? (globalThis as { prompt?: (message: string) => string | null }).prompt?.("") ?? "",
    isPortFree(address) {
      access.checkPortTesting();
      const match = /^(?:\w+:\/\/)?(\[[^\]]*\]|[^:]*):(\d+)$/.exec(address);
      if (match === null) throw arangoError("ERROR_BAD_PARAMETER", `not an address: ${address}`);
      try {
        Deno.listen({ hostname: match[1]!.replace(/^\[|\]$/g, ""), port: Number(match[2]) }).close();
        return true;
      } catch (cause) {
        if (cause instanceof Deno.errors.AddrInUse) return false;
        throw new ArangoError("ERROR_SYS_ERROR", cause instanceof Error ? cause.message : String(cause), { cause });
      }
    },
    startProgram(file, args, usePipes, environment, directory) {
      access.checkProcessControl();
      return programs.start({
        file,
        args: [...args],
        usePipes,
        environment: JSON.parse(environment) as Record<string, string>,
        ...(directory === "" ? {} : { directory }),
      });
    },
    startShell(args) {
      access.checkProcessControl();
      if (options.anotherShell === undefined) {
        throw new ArangoError("ERROR_NOT_IMPLEMENTED", "this shell was opened without a way to start others");
      }
      return programs.start(options.anotherShell([...args]));
    },
    programStatus(pid, seconds) {
      access.checkProcessControl();
      return JSON.stringify(programs.status(pid, seconds));
    },
    startedPrograms() {
      access.checkProcessControl();
      return JSON.stringify(programs.list());
    },
    signalProgram(pid, signal) {
      access.checkProcessControl();
      return programs.signal(pid, signal);
    },
    setProgramPriority(pid, priority) {
      access.checkProcessControl();
      programs.setPriority(pid, priority);
    },
    readPipe(pid) {
      access.checkProcessControl();
      return programs.read(pid);
    },
    writePipe(pid, bytes) {
      access.checkProcessControl();
      programs.write(pid, new Uint8Array(bytes));
    },
    closePipe(pid, isOutput) {
      access.checkProcessControl();
      programs.close(pid, isOutput);
    },
    processStatistics(pid) {
      access.checkHardened("process");
      if (pid !== undefined) access.checkProcessControl();
      return JSON.stringify(processStatistics(pid ?? Deno.pid));
    },
    fetch(method, url, headers, body, timeout) {
      access.checkEndpoint(url);
      return (options.fetch ?? blockingFetch)(
        method,
        url,
        headers,
        typeof body === "string" ? encoder.encode(body) : body,
        timeout,
      );
    },
  };
}

function zlib(): typeof import("node:zlib") {
  return nodeModule("node:zlib");
}

function crypto(): typeof import("node:crypto") {
  return nodeModule("node:crypto");
}

/** Bytes of another realm as bytes of ours; Node's functions check their class. */
function plain(data: string | Uint8Array): string | Uint8Array {
  return typeof data === "string" ? data : new Uint8Array(data);
}

function absolutePath(path: string): string {
  const rooted = path.startsWith("/") || /^[A-Za-z]:[\\/]/.test(path) ? path : `${Deno.cwd()}/${path}`;
  const kept: string[] = [];
  for (const part of rooted.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === "..") kept.pop();
    else kept.push(part);
  }
  return (rooted.startsWith("/") ? "/" : "") + kept.join("/");
}

function removeQuietly(path: string): void {
  try {
    Deno.removeSync(path, { recursive: true });
  } catch (cause) {
    // the script may have removed it itself
    if (!(cause instanceof Deno.errors.NotFound)) throw cause;
  }
}

/** A worker that performs one exchange, and a thread that waits for it. */
const FETCH_WORKER = `
onmessage = async ({ data: { request, shared } }) => {
  const state = new Int32Array(shared, 0, 2);
  const store = (text) => {
    let bytes = new TextEncoder().encode(text);
    if (bytes.length > shared.byteLength - 8) {
      const message = "the answer is too large for this shell: " + bytes.length + " bytes";
      bytes = new TextEncoder().encode(JSON.stringify({ code: 500, message, headers: {}, body: "" }));
    }
    new Uint8Array(shared, 8).set(bytes.subarray(0, shared.byteLength - 8));
    state[1] = bytes.length;
    Atomics.store(state, 0, 1);
    Atomics.notify(state, 0);
  };
  try {
    const { method, url, headers, body, timeout, redirect } = request;
    const reply = await fetch(url, {
      method, headers, redirect, body: body.length > 0 ? body : undefined, signal: AbortSignal.timeout(timeout * 1000),
    });
    const bytes = new Uint8Array(await reply.arrayBuffer());
    let binary = "";
    for (let at = 0; at < bytes.length; at += 32768) binary += String.fromCharCode(...bytes.subarray(at, at + 32768));
    store(JSON.stringify({
      code: reply.status, message: reply.statusText, headers: Object.fromEntries(reply.headers), body: btoa(binary),
    }));
  } catch (error) {
    let message = String(error?.message ?? error);
    for (let at = error?.cause; at?.message && !message.includes(at.message); at = at.cause) message += ": " + at.message;
    store(JSON.stringify({ code: 500, message, headers: {}, body: "" }));
  }
};`;

function blockingFetch(
  method: string,
  url: string,
  headers: Record<string, string>,
  body: string | Uint8Array,
  timeout: number,
): string {
  const worker = new Worker(`data:text/javascript,${encodeURIComponent(FETCH_WORKER)}`, { type: "module" });
  try {
    const shared = new SharedArrayBuffer(8, { maxByteLength: 256 * 1024 * 1024 });
    shared.grow(256 * 1024 * 1024);
    const state = new Int32Array(shared, 0, 2);
    const request = { method, url, headers: { ...headers }, body, timeout, redirect: "manual" };
    worker.postMessage({ request, shared });
    if (Atomics.wait(state, 0, 0, timeout * 1000 + 1000) === "timed-out") {
      return JSON.stringify({ code: 500, message: "Request timeout reached", headers: {}, body: "" });
    }
    return new TextDecoder().decode(new Uint8Array(shared, 8, state[1]).slice());
  } finally {
    worker.terminate();
  }
}

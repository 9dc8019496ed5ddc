/**
 * The workshop of the client library: files, text, processes, the server's inner parts.
 *
 * @module
 */

import type { Loose, ModuleScope } from "./scope.ts";

/** The module `internal`. Source: arangosh.md 3.4. */
export function internal({ exports, require, host, global }: ModuleScope): void {
  const { enterFile } = require("denosh/core");
  const { ArangoError, errors, make } = require("denosh/errors");
  const { checkRequestResult } = require("@arangodb/arangosh");
  const printing = require("denosh/printer");

  function lazy(name: string, make: () => Loose): void {
    Object.defineProperty(exports, name, {
      configurable: true,
      enumerable: true,
      get() {
        const value = make();
        Object.defineProperty(exports, name, { value, configurable: true, enumerable: true, writable: true });
        return value;
      },
      set(value) {
        Object.defineProperty(exports, name, { value, configurable: true, enumerable: true, writable: true });
      },
    });
  }
  const server = () => require("denosh/connection").arango;
  lazy("db", () => require("@arangodb").db);
  lazy("arango", server);
  lazy("ArangoConnection", () => require("denosh/connection").ArangoConnection);
  lazy("SlowBuffer", () => require("buffer").SlowBuffer);
  lazy("env", () => require("process").env);
  lazy("exitCodes", () => require("denosh/commands").exitCodes);

  Object.assign(exports, {
    ArangoError,
    errors,
    COLORS: printing.COLORS,
    COLOR_OUTPUT: printing.usesColors(),
    version: host.version(),
    platform: host.platform(),
    startupPath: "",
    quiet: host.isQuiet(),
    threadNumber: 0,
    developmentMode: false,
    pathSeparator: "/",
  });
  for (
    const name of [
      "inspect",
      "output",
      "print",
      "print_plain",
      "printf",
      "printObject",
      "printRecursive",
      "sprintf",
      "startCaptureMode",
      "stopCaptureMode",
      "isCaptureMode",
      "stdOutput",
    ]
  ) exports[name] = printing[name];
  exports.startPrettyPrint = printing.start_pretty_print;
  exports.stopPrettyPrint = printing.stop_pretty_print;
  exports.startColorPrint = printing.start_color_print;
  exports.stopColorPrint = printing.stop_color_print;
  exports.startPager = printing.start_pager;
  exports.stopPager = printing.stop_pager;

  function usage(text: string): Loose {
    return make(10, `usage: ${text}`);
  }

  Object.assign(exports, {
    options: () => JSON.parse(host.startupOptions()),
    isArangod: () => false,
    isCluster() {
      const { role } = checkRequestResult(server().GET("/_admin/server/role"));
      return role === "COORDINATOR" || role === "PRIMARY";
    },
    isEnterprise: () => false,
    isATTy: () => host.isTty(),
    isStopping: () => false,
    clusterHealth: () => checkRequestResult(server().GET("/_admin/cluster/health")).Health,
    isAllowedDatabaseName: require("denosh/names").isAllowedDatabaseName,
    errorNumberToHttpCode: (number: Loose) => host.errorStatus(Number(number)),
    time: () => host.time(),
    sleep(seconds: Loose) {
      if (seconds === undefined) throw usage("sleep(<seconds>)");
      host.sleep(Number(seconds) || 0);
    },
    wait(seconds: Loose) {
      if (seconds === undefined) throw usage("wait(<seconds>, <gc>)");
      host.sleep(Number(seconds) || 0);
      return true;
    },
    rand() {
      return new DataView(new Uint8Array(host.randomBytes(4)).buffer).getInt32(0);
    },
    terminalSize: () => [host.rows(), host.columns()],
    exit(code?: Loose) {
      host.exit(code === undefined ? 0 : Number(code) | 0);
    },
    getPid: () => host.processId(),
    logLevel(level?: Loose) {
      const current = host.logLevel();
      return level === undefined ? current : undefined;
    },
    pathForTesting: (path: Loose, prefix = "js") => `tests/${prefix}/${path}`,
    unitTests: () => global.SYS_UNIT_TESTS ?? [],
    unitTestFilter: () => global.SYS_UNIT_FILTER_TEST ?? "",
    setUnitTestsResult(passed: Loose) {
      global.SYS_UNIT_TESTS_RESULT = Boolean(passed);
    },
    flatten(value: Loose, seen: Loose[] = []): Loose {
      if (value === null || typeof value !== "object") return value;
      if (seen.includes(value)) return undefined;
      const path = [...seen, value];
      if (Array.isArray(value)) return value.map((each) => exports.flatten(each, path));
      const result: Loose = {};
      for (const key in value) result[key] = exports.flatten(value[key], path);
      if (value instanceof Error) {
        for (const key of ["name", "message", "stack", "cause"]) {
          const member = (value as Loose)[key];
          if (member !== undefined && !(key in result)) result[key] = exports.flatten(member, path);
        }
      }
      return result;
    },
    extend(target: Loose, ...sources: Loose[]) {
      for (const source of sources) Object.defineProperties(target, Object.getOwnPropertyDescriptors(source));
      return target;
    },
    toArgv(values: Loose): string[] {
      const argv: string[] = [];
      for (const [key, value] of Object.entries(values as Record<string, Loose>)) {
        if (key === "flatcommands") argv.push(...value);
        else if (Array.isArray(value)) { for (const each of value) argv.push(`--${key}`, String(each)); }
        else argv.push(`--${key}`, String(value));
      }
      return argv;
    },
    parseArgv(argv: string[], start: number): Loose {
      const result: Loose = {};
      const plain: string[] = [];
      for (let index = start; index < argv.length; index++) {
        const [token, next] = [argv[index]!, argv[index + 1]];
        if (!token.startsWith("--")) {
          plain.push(token);
          continue;
        }
        const key = token.slice(2);
        let value: Loose = true;
        if (next !== undefined && !next.startsWith("--")) {
          value = next === "true" ? true : next === "false" ? false : next;
          index++;
        }
        if (Object.hasOwn(result, key)) result[key] = [].concat(result[key], value as never);
        else result[key] = value;
      }
      if (plain.length > 0) result.flatcommands = plain;
      return result;
    },
  });

  // code and text

  /** Runs a file in the global scope with its own `__filename` and `__dirname`. */
  function load(file: Loose): Loose {
    if (typeof file !== "string") throw usage("load(<filename>)");
    const path = host.absolutePath(file);
    const text = host.readText(path).replace(/^\uFEFF?(#![^\n]*)?/, "");
    const leave = enterFile(path);
    try {
      return host.compile(text, path);
    } finally {
      leave();
    }
  }
  Object.assign(exports, {
    load,
    executeScript(code: Loose, sandbox?: Loose, filename = "(script)") {
      if (code === undefined) throw usage("executeScript(<script>, <sandbox>, <filename>)");
      if (sandbox !== undefined && sandbox !== null) {
        const keys = Object.keys(sandbox);
        return new Function(...keys, `return eval(${JSON.stringify(String(code))})`)(
          ...keys.map((key) => sandbox[key]),
        );
      }
      return host.compile(String(code), filename);
    },
    parse(code: Loose) {
      if (code === undefined) throw usage("parse(<script>)");
      host.checkSyntax(String(code), "(parse)");
      return true;
    },
    parseFile(file: Loose) {
      if (file === undefined) throw usage("parseFile(<filename>)");
      host.checkSyntax(host.readText(String(file)).replace(/^#![^\n]*/, ""), String(file));
      return true;
    },
    base64Encode(text: Loose) {
      if (text === undefined) throw usage("base64Encode(<text>)");
      return require("buffer").Buffer.from(text instanceof Uint8Array ? text : String(text)).toString("base64");
    },
    base64Decode(text: Loose) {
      if (text === undefined) throw usage("base64Decode(<text>)");
      return require("buffer").Buffer.from(String(text), "base64").toString("utf8");
    },
    hmac(key: Loose, text: Loose, algorithm = "sha256") {
      if (key === undefined || text === undefined) throw usage("hmac(<key>, <text>, <algorithm>)");
      return host.hmac(hashName(algorithm), bytesOrText(key), bytesOrText(text));
    },
    pbkdf2(salt: Loose, password: Loose, iterations: Loose, length: Loose, algorithm: Loose) {
      if (algorithm === undefined) throw usage("pbkdf2(<salt>, <password>, <iterations>, <keyLength>, <algorithm>)");
      return derivedKey(hashName(algorithm), salt, password, iterations, length);
    },
    pbkdf2hs1(salt: Loose, password: Loose, iterations: Loose, length: Loose) {
      if (length === undefined) throw usage("pbkdf2hs1(<salt>, <password>, <iterations>, <keyLength>)");
      return derivedKey("sha1", salt, password, iterations, length);
    },
    rsaprivsign: (pem: Loose, data: Loose) => host.signRsa(String(pem), String(data)),
    genRandomNumbers: (count: Loose) => randomText(count, "0123456789"),
    genRandomAlphaNumbers: (count: Loose) =>
      randomText(count, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"),
    genRandomSalt: (count: Loose) =>
      randomText(count, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz*()[]{}:-_+=!$%&/?"),
    createNonce() {
      const bytes = new Uint8Array(host.randomBytes(12));
      new DataView(bytes.buffer).setUint32(0, Math.floor(host.time()));
      const nonce = require("buffer").Buffer.from(bytes).toString("base64");
      freshNonces.add(nonce);
      return nonce;
    },
    checkAndMarkNonce: (text: Loose) => freshNonces.delete(String(text)),
    isIP: (text: Loose) => typeof text === "string" ? host.ipVersion(text) : 0,
  });
  /** Nonces that were made here and not marked yet. */
  const freshNonces = new Set<string>();

  function bytesOrText(value: Loose): Loose {
    return value instanceof Uint8Array ? value : String(value);
  }
  function hashName(given: Loose): string {
    const name = String(given).toLowerCase();
    if (!["sha1", "sha224", "sha256", "sha384", "sha512", "md5"].includes(name)) {
      throw make(10, "invalid value for <algorithm>");
    }
    return name;
  }
  function derivedKey(hash: string, salt: Loose, password: Loose, iterations: Loose, length: Loose): string {
    if (!(Number(iterations) >= 1)) throw make(10, "invalid value for <iterations>");
    if (!(Number(length) >= 1)) throw make(10, "invalid value for <keyLength>");
    return host.deriveKey(hash, String(password), String(salt), Number(iterations), Number(length));
  }
  for (const name of ["md5", "sha1", "sha224", "sha256", "sha384", "sha512"]) {
    exports[name] = (data: Loose) => {
      if (data === undefined) throw usage(`${name}(<text>)`);
      return host.hash(name, bytesOrText(data));
    };
  }

  function randomText(count: Loose, letters: string): string {
    const length = Number(count);
    if (!(length >= 1 && length <= 65536)) throw make(10, "the length must be between 1 and 65536");
    let text = "";
    while (text.length < length) {
      for (const byte of host.randomBytes(length - text.length)) {
        // values beyond the largest multiple would prefer the first letters
        if (byte < 256 - 256 % letters.length) text += letters[byte % letters.length];
      }
    }
    return text;
  }

  // network and processes

  const METHODS = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"];
  Object.assign(exports, {
    download(url: Loose, body?: Loose, given?: Loose, outfile?: Loose): Loose {
      if (typeof url !== "string") throw usage("download(<url>, <body>, <options>, <outfile>)");
      const options = given ?? {};
      if (outfile !== undefined && host.kindOf(outfile) !== "") throw make(16);
      const method = String(options.method ?? (body === undefined || body === "" ? "GET" : "POST")).toUpperCase();
      if (!METHODS.includes(method)) throw make(10, `invalid HTTP method: ${method}`);
      const headers: Record<string, string> = {};
      for (const name of Object.keys(options.headers ?? {})) {
        headers[name.toLowerCase()] = String(options.headers[name]);
      }
      if (options.jwt) headers.authorization ??= `bearer ${options.jwt}`;
      else if (options.username !== undefined) {
        const pair = `${options.username}:${options.password ?? ""}`;
        headers.authorization ??= `Basic ${exports.base64Encode(pair)}`;
      }
      // Node resolves addresses only below schemes that it knows; the embedded database's endpoint has none
      let address = url.replace(/^(http\+)?tcp:/, "http:").replace(/^(http\+)?ssl:/, "https:").replace(
        /^embedded\//,
        "/",
      );
      let reply = exchange(method, address, headers, body ?? "", options.timeout ?? 10);
      for (let left = options.maxRedirects ?? 5; options.followRedirects !== false && left > 0; left--) {
        const target = reply.headers.location;
        if (![301, 302, 303, 307, 308].includes(reply.code) || target === undefined) break;
        address = require("url").resolve(address, target);
        reply = exchange(method, address, headers, body ?? "", options.timeout ?? 10);
      }
      const result: Loose = { code: reply.code, message: reply.message };
      // without a connection there are none
      if (Object.keys(reply.headers).length === 0) return result;
      result.headers = reply.headers;
      if (reply.code < 400 || options.returnBodyOnError) {
        if (outfile !== undefined) host.writeFile(outfile, reply.body, false);
        else result.body = options.returnBodyAsBuffer ? reply.body : reply.body.toString("utf8");
      }
      return result;
    },
    testPort: (address: Loose) => host.isPortFree(String(address)),
    SetGlobalExecutionDeadlineTo: (seconds: Loose) => host.setDeadline(Number(seconds)),
    getDeadlineReasonString: () => "Execution deadline reached!",
    addPidToMonitor() {},
    removePidFromMonitor() {},
    debugCanUseFailAt: () => false,
    pollStdin: () => 0,
  });
  /** Signals that end a program which does nothing about them. */
  const ENDING = [1, 2, 3, 6, 9, 15];
  const [STOP, CONTINUE] = host.platform() === "darwin" ? [17, 19] : [19, 18];
  /** Seconds that a program has to end after such a signal. */
  const TIME_TO_END = 10;

  /** The variables of a list of `NAME=value`, or of an object. */
  function variables(given: Loose): Loose {
    if (!Array.isArray(given)) return Object.fromEntries(Object.entries(given ?? {}).map(([k, v]) => [k, String(v)]));
    return Object.fromEntries(given.map((each: Loose) => {
      const [name, ...value] = String(each).split("=");
      return [name, value.join("=")];
    }));
  }
  function start(name: string, file: Loose, args: Loose, usePipes: Loose, env: Loose, directory: Loose): number {
    if (typeof file !== "string" || file === "") throw usage(name);
    const list = args === undefined || args === null ? [] : Array.isArray(args) ? args : [args];
    return host.startProgram(
      file,
      list.map(String),
      Boolean(usePipes),
      JSON.stringify(variables(env)),
      directory === undefined || directory === null ? "" : String(directory),
    );
  }
  /** The process id in an argument: a number, or an object that has one. */
  function pidOf(name: string, given: Loose): number {
    const pid = Number(typeof given === "object" && given !== null ? given.pid : given);
    if (!Number.isInteger(pid)) throw usage(name);
    return pid;
  }
  const statusOf = (pid: number, seconds: number) => JSON.parse(host.programStatus(pid, seconds));
  /** Seconds of a timeout in milliseconds; none when it is not positive. */
  const limit = (milliseconds: Loose) => Number(milliseconds) > 0 ? Number(milliseconds) / 1000 : Infinity;

  Object.assign(exports, {
    executeExternal(file: Loose, args?: Loose, usePipes?: Loose, env?: Loose, directory?: Loose) {
      const name = "executeExternal(<filename>[, <arguments>[, <usePipes>[, <env>[, <cwd>]]]])";
      const pid = start(name, file, args, usePipes, env, directory);
      return usePipes ? { pid, readPipe: pid, writePipe: pid } : { pid };
    },
    executeExternalAndWait(
      file: Loose,
      args?: Loose,
      usePipes?: Loose,
      timeout?: Loose,
      env?: Loose,
      directory?: Loose,
    ) {
      const name = "executeExternalAndWait(<filename>[, <arguments>[, <usePipes>[, <timeoutms>[, <env>[, <cwd>]]]]])";
      const pid = start(name, file, args, usePipes, env, directory);
      const status = statusOf(pid, limit(timeout));
      if (status.status === "TIMEOUT") {
        host.signalProgram(pid, 9);
        statusOf(pid, TIME_TO_END);
      }
      return status;
    },
    statusExternal(pid: Loose, wait?: Loose, timeout?: Loose) {
      const id = pidOf("statusExternal(<external-identifier>[, <wait>[, <timeoutms>]])", pid);
      return statusOf(id, wait ? limit(timeout) : 0);
    },
    killExternal(pid: Loose, signal: Loose = 15, isTerminal: Loose = ENDING.includes(Number(signal))) {
      const id = pidOf("killExternal(<external-identifier>[, <signal>[, <isTerminal>]])", pid);
      host.signalProgram(id, Number(signal));
      const status = statusOf(id, isTerminal ? TIME_TO_END : 0);
      return status.status === "TIMEOUT" ? statusOf(id, 0) : status;
    },
    suspendExternal: (pid: Loose) => host.signalProgram(pidOf("suspendExternal(<external-identifier>)", pid), STOP),
    continueExternal: (pid: Loose) =>
      host.signalProgram(pidOf("continueExternal(<external-identifier>)", pid), CONTINUE),
    setPriorityExternal(pid: Loose, priority: Loose) {
      const name = "setPriorityExternal(<external-identifier>, <priority>)";
      const id = pidOf(name, pid);
      if (!Number.isInteger(priority)) throw usage(name);
      host.setProgramPriority(id, priority);
      return true;
    },
    getExternalSpawned: () => JSON.parse(host.startedPrograms()),
    statisticsExternal: (pid: Loose) =>
      JSON.parse(host.processStatistics(pidOf("statisticsExternal(<external-identifier>)", pid))),
    thisProcessStatistics: () => JSON.parse(host.processStatistics()),
    // Ctrl-C ends running code without it
    SetSignalToImmediateDeadline() {},
  });

  /** One exchange: relative addresses go to the connected server. */
  function exchange(method: string, url: string, headers: Record<string, string>, body: Loose, timeout: number): Loose {
    const { Buffer } = require("buffer");
    const content = typeof body === "string" || body instanceof Uint8Array ? body : JSON.stringify(body);
    if (!/^\w+:\/\//.test(url)) {
      // unlike the shell's own requests, these do not ask for VelocyPack
      const sent = { accept: "*/*", ...headers };
      const reply = server()[`${method}_RAW`].apply(
        server(),
        method === "GET" || method === "HEAD" ? [url, sent] : [url, content, sent],
      );
      const bytes = reply.body === undefined ? Buffer.alloc(0) : Buffer.from(reply.body);
      const { "http/1.1": status = "", ...rest } = reply.headers ?? {};
      return { code: reply.code ?? 500, message: status.replace(/^\d+ /, ""), headers: rest, body: bytes };
    }
    const reply = JSON.parse(host.fetch(method, url, headers, content, timeout));
    return { ...reply, body: Buffer.from(reply.body, "base64") };
  }

  // files

  exports.processCsvFile = function processCsvFile(file: Loose, visit: Loose, options: Loose = {}): void {
    if (typeof file !== "string" || typeof visit !== "function") {
      throw usage("processCsvFile(<filename>, <callback>, <options>)");
    }
    const { separator = ",", quote = '"' } = options;
    const text = host.readText(file);
    let row: string[] = [];
    let field = "";
    let quoted = false;
    let index = 0;
    for (let at = 0; at < text.length; at++) {
      const character = text[at]!;
      if (quoted) {
        if (character === quote && text[at + 1] === quote) field += text[++at];
        else if (character === quote) quoted = false;
        else field += character;
      } else if (character === quote && field === "") quoted = true;
      else if (character === separator) {
        row.push(field);
        field = "";
      } else if (character === "\n" || character === "\r") {
        if (character === "\r" && text[at + 1] === "\n") at++;
        row.push(field);
        field = "";
        visit(row, index++);
        row = [];
      } else field += character;
    }
    if (field !== "" || row.length > 0) visit([...row, field], index);
  };
  exports.processJsonFile = function processJsonFile(file: Loose, visit: Loose): void {
    if (typeof file !== "string" || typeof visit !== "function") {
      throw usage("processJsonFile(<filename>, <callback>)");
    }
    let index = 0;
    for (const line of host.readText(file).split("\n")) {
      if (line.trim() !== "") visit(JSON.parse(line), index++);
    }
  };

  // the server

  const checked = (reply: Loose) => checkRequestResult(reply);
  exports.wal = {
    flush(waitForSync?: Loose, waitForCollector?: Loose) {
      const given = typeof waitForSync === "object" && waitForSync !== null
        ? waitForSync
        : { waitForSync, waitForCollector };
      const flag = (value: Loose) => value ? "true" : "false";
      const query = `waitForSync=${flag(given.waitForSync)}&waitForCollector=${flag(given.waitForCollector)}`;
      return checked(server().PUT(`/_admin/wal/flush?${query}`, ""));
    },
    properties: (values?: Loose) =>
      checked(
        values === undefined ? server().GET("/_admin/wal/properties") : server().PUT("/_admin/wal/properties", values),
      ),
    transactions: () => checked(server().GET("/_admin/wal/transactions")),
  };
  Object.assign(exports, {
    processStatistics: () => checked(server().GET("/_admin/statistics")).system,
    serverStatistics: () => checked(server().GET("/_admin/statistics")).server,
    ttlStatistics: () => checked(server().GET("/_api/ttl/statistics")).result,
    ttlProperties: (values?: Loose) =>
      checked(
        values === undefined ? server().GET("/_api/ttl/properties") : server().PUT("/_api/ttl/properties", values),
      )
        .result,
    reloadRouting: () => checked(server().POST("/_admin/routing/reload", "")),
    reloadAqlFunctions() {},
  });

  // recording of HTTP examples

  exports.appendCurlRequest = function (shell: Loose, json: Loose, raw: Loose) {
    return function (method: string, url: string, body?: Loose, headers: Loose = {}) {
      const sent: Loose = { ...headers };
      sent.accept ??= "application/json";
      const hasBody = body !== undefined && body !== null && body !== "";
      const text = !hasBody || typeof body === "string" ? body : printing.inspect(body);
      const call = server()[`${method}_RAW`];
      const response = ["GET", "HEAD"].includes(method)
        ? call.call(server(), url, sent)
        : call.call(server(), url, text ?? "", sent);
      let curl = "curl ";
      if (method !== "GET") curl += `-X ${method} `;
      for (const name of Object.keys(sent)) curl += `--header '${name}: ${sent[name]}' `;
      if (hasBody) curl += "--data-binary @- ";
      curl += `--dump - 'http://localhost:8529${url}'`;
      shell(curl + (hasBody ? " <<'EOF'\n" : "\n"));
      if (hasBody) {
        (typeof body === "string" ? raw : json)(`${text}\n`);
        shell("EOF\n");
      }
      return response;
    };
  };
  function appendHead(append: Loose, response: Loose): void {
    append(`HTTP/1.1 ${response.headers["http/1.1"] ?? response.code}\n`);
    for (const name of Object.keys(response.headers)) {
      if (name !== "http/1.1") append(`${name}: ${response.headers[name]}\n`);
    }
    append("\n");
  }
  function appender(body: (response: Loose, append: Loose) => void) {
    return (append: Loose, appendBody?: Loose) => (response: Loose) => {
      appendHead(append, response);
      if (response.body !== undefined) body(response, appendBody ?? append);
    };
  }
  exports.appendRawResponse = appender((response, append) => append(printing.inspect(response.body)));
  exports.appendPlainResponse = appender((response, append) => {
    for (const line of String(response.body).split("\n")) append(`${line}\n`);
  });
  exports.appendJsonResponse = appender((response, append) =>
    append(printing.inspect(response.parsedBody ?? JSON.parse(String(response.body))))
  );
  exports.appendJsonLResponse = appender((response, append) => {
    for (const line of String(response.body).split("\n")) {
      if (line !== "") append(`${printing.inspect(JSON.parse(line))}\n`);
    }
  });
}

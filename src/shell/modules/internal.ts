/**
 * The workshop of the client library. What belongs together in it has a module of its own, `denosh/internal/…`.
 *
 * @module
 */

import type { Loose, ModuleScope } from "./scope.ts";

/** The module `internal`. Source: arangosh.md 3.4. */
export function internal({ exports, require, host, global }: ModuleScope): void {
  const { lazily } = require("denosh/core");
  const { ArangoError, errors, usage } = require("denosh/errors");
  const { checkRequestResult } = require("@arangodb/arangosh");
  const printing = require("denosh/printer");

  const server = () => require("denosh/connection").arango;
  lazily(exports, "db", () => require("@arangodb").db);
  lazily(exports, "arango", server);
  lazily(exports, "ArangoConnection", () => require("denosh/connection").ArangoConnection);
  lazily(exports, "SlowBuffer", () => require("buffer").SlowBuffer);
  lazily(exports, "env", () => require("process").env);
  lazily(exports, "exitCodes", () => require("denosh/commands").exitCodes);

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

  for (const part of ["scripts", "crypto", "download", "programs", "data-files", "server", "http-examples"]) {
    Object.assign(exports, require(`denosh/internal/${part}`));
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
    testPort: (address: Loose) => host.isPortFree(String(address)),
    SetGlobalExecutionDeadlineTo: (seconds: Loose) => host.setDeadline(Number(seconds)),
    getDeadlineReasonString: () => "Execution deadline reached!",
    addPidToMonitor() {},
    removePidFromMonitor() {},
    debugCanUseFailAt: () => false,
    pollStdin: () => 0,
    isIP: (text: Loose) => typeof text === "string" ? host.ipVersion(text) : 0,
    reloadAqlFunctions() {},
  });
}

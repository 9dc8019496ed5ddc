/**
 * The `console` object: it writes log records.
 *
 * @module
 */

import type { LogLevel } from "../host.ts";
import type { Loose, ModuleScope } from "./scope.ts";

/** The module `console`. Source: arangosh.md 3.6. */
export function consoleModule({ exports, require, host }: ModuleScope): void {
  const { inspect, sprintf } = require("denosh/printer");
  const labels = new Map<string, number>();
  let indent = "";

  function textOf(value: Loose): Loose {
    if (value === null || typeof value !== "object") return value;
    if (value instanceof Error || value instanceof Date || value instanceof RegExp) return String(value);
    return inspect(value, { prettyPrint: false, customInspect: true });
  }

  function format(args: Loose[]): string {
    if (args.length === 0) return "";
    if (typeof args[0] === "string") return sprintf(args[0], ...args.slice(1).map(textOf));
    return args.map((value) => String(textOf(value))).join(" ");
  }

  function record(level: LogLevel, text: string, topic?: string): void {
    host.log(level, indent + text, topic);
  }

  const LEVELS: Record<string, LogLevel> = {
    log: "INFO",
    info: "INFO",
    warn: "WARNING",
    error: "ERROR",
    debug: "DEBUG",
    warning: "WARNING",
    fatal: "FATAL",
    trace: "TRACE",
  };
  /** A level by its name, or that of a method; INFO for any other. */
  function levelNamed(name: string): LogLevel {
    return LEVELS[name.toLowerCase()] ?? "INFO";
  }
  for (const name of ["log", "info", "warn", "error", "debug"]) {
    const level = levelNamed(name);
    exports[name] = (...args: Loose[]) => record(level, format(args));
    exports[`${name}Lines`] = (...args: Loose[]) => {
      for (const line of format(args).split("\n")) record(level, line);
    };
    exports[`${name}Stack`] = (error: Loose, message?: Loose) => exports.levelStack(name, error, message);
  }

  Object.assign(exports, {
    dir: (value: Loose) => record("INFO", String(textOf(value))),
    group(...args: Loose[]) {
      record("INFO", format(args));
      indent += "  ";
    },
    groupEnd() {
      indent = indent.slice(2);
    },
    time(label: Loose) {
      if (typeof label !== "string") throw new Error("label must be a string");
      labels.set(label, host.time());
    },
    timeEnd(label: Loose) {
      const start = labels.get(label);
      if (start === undefined) throw new Error(`No such label: ${label}`);
      labels.delete(label);
      record("INFO", `${label}: ${Math.round((host.time() - start) * 1000)}ms`);
    },
    trace(...args: Loose[]) {
      const error = new Error(format(args));
      error.name = "trace";
      for (const line of String(error.stack).split("\n")) record("INFO", line);
    },
    assert(condition: Loose, ...args: Loose[]) {
      if (condition) return;
      record("ERROR", format(args));
      const { AssertionError } = require("assert");
      throw new AssertionError({ message: format(args), actual: condition, expected: true });
    },
    /** Tells an error and what has caused it; the level is a name of a method or of a level. */
    levelStack(name: Loose, error: Loose, message?: Loose) {
      const level = levelNamed(String(name));
      if (message !== undefined) record(level, String(message));
      let prefix = "";
      for (let at = error; at !== undefined && at !== null; at = at.cause) {
        for (const line of `${prefix}${at.stack ?? at}`.split("\n")) record(level, line);
        prefix = "via ";
      }
    },
    /** A record of `TOPIC=LEVEL`; one of both may be missing. */
    topic(given: Loose, ...args: Loose[]) {
      const [, topic = "", level = ""] = /^([\w-]*)\s*=?\s*(\w*)/.exec(String(given ?? ""))!;
      record(levelNamed(level), format(args), topic === "" ? undefined : topic);
    },
    getline: () => host.readLine(),
  });
  exports.groupCollapsed = exports.group;
}

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

  function record(level: LogLevel, text: string): void {
    host.log(level, indent + text);
  }

  const LEVELS: Record<string, LogLevel> = {
    log: "INFO",
    info: "INFO",
    warn: "WARNING",
    error: "ERROR",
    debug: "DEBUG",
  };
  for (const [name, level] of Object.entries(LEVELS)) {
    exports[name] = (...args: Loose[]) => record(level, format(args));
    exports[`${name}Lines`] = (...args: Loose[]) => {
      for (const line of format(args).split("\n")) record(level, line);
    };
    exports[`${name}Stack`] = (error: Loose, message?: Loose) => exports.levelStack(level, error, message);
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
    levelStack(level: LogLevel, error: Loose, message?: Loose) {
      if (message !== undefined) record(level, String(message));
      let prefix = "";
      for (let at = error; at !== undefined && at !== null; at = at.cause) {
        for (const line of `${prefix}${at.stack ?? at}`.split("\n")) record(level, line);
        prefix = "via ";
      }
    },
    topic(topic: Loose, ...args: Loose[]) {
      const level = /=\s*(\w+)/.exec(String(topic))?.[1] ?? "info";
      const known: Record<string, LogLevel> = { debug: "DEBUG", trace: "DEBUG", warn: "WARNING", warning: "WARNING" };
      record(known[level] ?? (/^(error|fatal|err)$/.test(level) ? "ERROR" : "INFO"), format(args));
    },
    getline: () => host.readLine(),
  });
  exports.groupCollapsed = exports.group;
}

/**
 * The `process` object.
 *
 * @module
 */

import type { Loose, ModuleScope } from "./scope.ts";

/** The module `process`. Source: arangosh.md 3.3. */
export function processModule({ module, require, host }: ModuleScope): void {
  const { EventEmitter } = require("events");
  const process: Loose = new EventEmitter();
  process.env = new Proxy({}, {
    get: (_target, name) => typeof name === "string" ? host.getVariable(name) : undefined,
    set(_target, name, value) {
      host.setVariable(String(name), String(value));
      return true;
    },
    has: (_target, name) => typeof name === "string" && host.getVariable(name) !== undefined,
    deleteProperty(_target, name) {
      host.deleteVariable(String(name));
      return true;
    },
    ownKeys: () => Array.from(host.variableNames()),
    getOwnPropertyDescriptor(_target, name) {
      const value = typeof name === "string" ? host.getVariable(name) : undefined;
      return value === undefined ? undefined : { value, configurable: true, enumerable: true, writable: true };
    },
  });
  Object.assign(process, {
    argv: [],
    platform: host.platform(),
    cwd: () => host.currentDirectory(),
    nextTick(run: Loose, ...args: Loose[]) {
      run(...args);
    },
    exit(code?: Loose) {
      host.exit(code === undefined ? 0 : Number(code) | 0);
    },
    // one record for each line, and none for what follows the last line's end
    stdout: { isTTY: false, write: (text: Loose) => require("console").infoLines(String(text).replace(/\n$/, "")) },
    stderr: { isTTY: false, write: (text: Loose) => require("console").errorLines(String(text).replace(/\n$/, "")) },
  });
  module.exports = process;
}

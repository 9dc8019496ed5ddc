/**
 * The global names of scripts.
 *
 * @module
 */

import type { Host } from "../host.ts";
import type { Loose, Require } from "./scope.ts";

/** What {@linkcode realmGlobals} defines the names with. */
export interface GlobalsScope {
  /** The global object of the realm. */
  readonly global: Loose;
  /** Finds a module of the table. */
  readonly require: Require;
  /** The `require` of scripts. */
  readonly rootRequire: Require;
  /** The services outside of the realm. */
  readonly host: Host;
  /** Gives an object a property whose value is made when somebody first looks at it. */
  readonly lazily: (target: Loose, name: string, make: () => Loose) => void;
}

/**
 * Defines the globals of scripts. Its text is evaluated in the realm: see {@linkcode core}.
 *
 * @returns the names that stand for ArangoDB's other programs, which are no commands here. Source: arangosh.md 3.1
 */
export function realmGlobals({ global, require, rootRequire, host, lazily }: GlobalsScope): string[] {
  const PROGRAMS = [
    "arangodump",
    "arangorestore",
    "arangoimport",
    "arangoimp",
    "arangoexport",
    "arangobench",
    "arangod",
    "arangodb",
    "arangosh",
    "arangoinspect",
    "arangobackup",
    "arangovpack",
    "arango-init-database",
    "arango-secure-installation",
  ];
  function define(name: string, value: Loose): void {
    Object.defineProperty(global, name, { configurable: true, enumerable: true, writable: true, value });
  }

  /** Globals by the module that has them. */
  const LAZY: Record<string, string[]> = {
    "denosh/printer": [
      "print",
      "printf",
      "print_plain",
      "start_pretty_print",
      "stop_pretty_print",
      "start_color_print",
      "stop_color_print",
      "start_pager",
      "stop_pager",
    ],
    "denosh/commands": [
      "help",
      "tutorial",
      "clear",
      "exit",
      "quit",
      "ARANGODB_CLIENT_VERSION",
      "ARANGOSH_PATH",
      "NORMALIZE_STRING",
      "COMPARE_STRING",
      "SYS_SPLIT_WORDS_ICU",
      "SYS_DEBUG_CAN_USE_FAILAT",
      "SYS_EXIT_REPL",
      "V8_TO_VPACK",
      "VPACK_TO_V8",
      ...PROGRAMS,
    ],
    "denosh/connection": ["arango", "ArangoConnection"],
    "@arangodb": ["db", "aql", "ArangoStatement"],
    "buffer": ["Buffer"],
  };
  delete global.console;
  delete global.queueMicrotask;
  // the runtime's own, which reject with errors of the host
  delete global.WebAssembly.compileStreaming;
  delete global.WebAssembly.instantiateStreaming;
  for (const [module, names] of Object.entries(LAZY)) {
    for (const name of names) lazily(global, name, () => require(module)[name]);
  }
  lazily(global, "aqlQuery", () => require("@arangodb").aql);
  lazily(global, "fm", () => require("@arangodb/foxx/manager"));
  lazily(global, "console", () => require("console"));
  lazily(global, "process", () => require("process"));
  for (const name of ["global", "GLOBAL", "root"]) {
    Object.defineProperty(global, name, { configurable: true, writable: true, value: global });
  }
  for (const name of ["setTimeout", "setInterval", "clearTimeout", "clearInterval"]) {
    // there is no event loop
    define(name, { [name]() {} }[name]);
  }
  define("require", rootRequire);
  define("SYS_IS_V8_BUILD", true);
  define("_last", undefined);
  define("more", undefined);
  define("ARGUMENTS", Array.from(host.arguments()));
  return PROGRAMS;
}

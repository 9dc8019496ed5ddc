/**
 * The first thing evaluated in a realm: its error class, its view of the host, its module registry, its globals.
 *
 * @module
 */

import type { Host } from "../host.ts";
import type { Loose } from "./scope.ts";

/** What {@linkcode core} hands back to the realm's owner. */
export interface Core {
  /** The `require` of the root module. */
  readonly require: (name: string) => Loose;
  /** The name of the current database; asking does not load the library. */
  readonly database: () => string;
  /** Makes the realm's own error of one that was thrown outside. */
  readonly toRealmError: (error: unknown) => unknown;
}

/**
 * Sets up a realm. Its text is evaluated there, so it uses nothing but its parameters.
 *
 * @param outside the host's services, still throwing errors of the host
 * @param global the global object of the realm
 * @param hostFiles beginnings of file names that are the shell's own, left out of stacks
 * @param entryFile end of the name of the file that calls into the realm: the frames below it belong to our caller
 * @returns the parts that the realm's owner calls
 */
export function core(outside: Host, global: Loose, hostFiles: string[], entryFile: string): Core {
  class ArangoError extends Error {
    constructor(data?: Loose) {
      super();
      const given = data ?? {};
      const self = this as Loose;
      self.error = given.error ?? true;
      if (given.code !== undefined) self.code = given.code;
      self.errorNum = given.errorNum ?? 1;
      if (given.errorMessage !== undefined) self.errorMessage = given.errorMessage;
      if (given.error) self.original = given;
    }
    override toString(): string {
      return `${this.name} ${(this as Loose).errorNum}: ${this.message}`;
    }
    _PRINT(context: Loose): void {
      context.output += `[${this.toString()}]`;
    }
  }
  Object.defineProperties(ArangoError.prototype, {
    name: { value: "ArangoError", writable: true, configurable: true },
    isArangoError: { value: true },
    message: {
      configurable: true,
      get(this: Loose) {
        return this.errorMessage ?? "";
      },
      // scripts may assign to it, without effect
      set() {},
    },
  });

  Object.defineProperty(Error, "prepareStackTrace", {
    configurable: true,
    writable: true,
    value(error: Loose, frames: Loose[]) {
      let shown = frames;
      const names = frames.map((frame) => String(frame.getFileName() ?? frame.getScriptNameOrSourceURL?.() ?? ""));
      const entry = names.findLastIndex((name) => name.endsWith(entryFile));
      if (entry >= 0) shown = frames.slice(0, entry);
      // a text that does not compile has no frames, only the realm's attempt at it
      if (names.includes("denosh/syntax")) shown = [];
      shown = shown.filter((_, index) => !hostFiles.some((start) => names[index]!.startsWith(start)));
      let head: string;
      try {
        head = error.isArangoError === true ? `${error.name}: ${error.message}` : Error.prototype.toString.call(error);
      } catch {
        head = "Error";
      }
      return head + shown.map((frame) => `\n    at ${frame}`).join("");
    },
  });

  const ERROR_CLASSES: Record<string, ErrorConstructor> = {
    EvalError,
    RangeError,
    ReferenceError,
    SyntaxError,
    TypeError,
    URIError,
  };

  function toRealmError(error: Loose): unknown {
    if (error === null || typeof error !== "object" || error instanceof Error || error.isExitRequest === true) {
      return error;
    }
    // whoever stops a command is told so in the end
    if (error.code === "ERR_SCRIPT_EXECUTION_INTERRUPTED") return error;
    if (typeof error.errorNum === "number") {
      return new ArangoError({
        error: true,
        code: error.code,
        errorNum: error.errorNum,
        errorMessage: error.errorMessage ?? error.message,
      });
    }
    if (typeof error.message === "string") return new (ERROR_CLASSES[error.name] ?? Error)(error.message);
    return error;
  }

  const host: Loose = {};
  for (const name of Object.keys(outside)) {
    const call = (outside as Loose)[name];
    host[name] = function service(...args: Loose[]) {
      try {
        return call(...args);
      } catch (error) {
        const converted = toRealmError(error);
        // the stack begins with who asked for the service
        if (converted !== error && converted instanceof Error) Error.captureStackTrace(converted, service);
        throw converted;
      }
    };
  }

  const builtins = new Map<string, Loose>();
  builtins.set("denosh/core", { exports: { ArangoError, host } });

  /** The module object of a name in the module table; undefined when the name is not there. */
  function builtin(name: string): Loose {
    const known = builtins.get(name);
    if (known !== undefined) return known;
    const factory = host.factory(name);
    if (factory === undefined) return undefined;
    if (typeof factory === "string") return builtin(factory);
    const module: Loose = { id: name, exports: {}, loaded: false };
    builtins.set(name, module);
    try {
      factory({ module, exports: module.exports, require: requireBuiltin, host, global });
    } catch (error) {
      builtins.delete(name);
      throw error;
    }
    module.loaded = true;
    return module;
  }

  function requireBuiltin(name: string): Loose {
    const found = builtin(name);
    if (found === undefined) throw new Error(`no module '${name}' in the client library`);
    return found.exports;
  }

  /** The root module of the realm: its directory is the current one. */
  let root: Loose;
  function rootModule(): Loose {
    if (root === undefined) root = requireBuiltin("module").createRoot(builtin);
    return root;
  }
  function rootRequire(name: string): Loose {
    if (typeof name === "string") {
      const found = builtin(name.replace(/^org\/arangodb/, "@arangodb"));
      if (found !== undefined) return found.exports;
    }
    return rootModule().require(name);
  }
  for (const name of ["cache", "resolve", "extensions", "aliases"]) {
    Object.defineProperty(rootRequire, name, {
      configurable: true,
      enumerable: true,
      get: () => rootModule().require[name],
    });
  }
  Object.defineProperty(rootRequire, "name", { value: "require" });

  /** A global whose module is evaluated when a script first looks at it. */
  function lazy(name: string, make: () => Loose): void {
    Object.defineProperty(global, name, {
      configurable: true,
      enumerable: true,
      get() {
        const value = make();
        define(name, value);
        return value;
      },
      set(value) {
        define(name, value);
      },
    });
  }
  function define(name: string, value: Loose): void {
    Object.defineProperty(global, name, { configurable: true, enumerable: true, writable: true, value });
  }

  /** Globals by the module that has them; `name: member` where the two differ. */
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
    ],
    "denosh/connection": ["arango", "ArangoConnection"],
    "@arangodb": ["db", "aql", "ArangoStatement"],
    "buffer": ["Buffer"],
  };
  delete global.console;
  delete global.queueMicrotask;
  for (const [module, names] of Object.entries(LAZY)) {
    for (const name of names) lazy(name, () => requireBuiltin(module)[name]);
  }
  lazy("aqlQuery", () => requireBuiltin("@arangodb").aql);
  lazy("fm", () => requireBuiltin("@arangodb/foxx/manager"));
  lazy("console", () => requireBuiltin("console"));
  lazy("process", () => requireBuiltin("process"));
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

  function database(): string {
    return builtins.get("denosh/connection")?.exports.arango.getDatabaseName() ?? host.initialDatabase();
  }

  return { require: rootRequire, database, toRealmError };
}

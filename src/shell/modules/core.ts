/**
 * The first thing evaluated in a realm: its error class, its view of the host, its module registry.
 *
 * @module
 */

import type { Failure, HostBorder } from "../host_border.ts";
import type { realmGlobals } from "./realm_globals.ts";
import type { Loose } from "./scope.ts";
import type { stackTraces } from "./stack_traces.ts";

/** What was thrown, as texts; its attributes as far as they are no objects. */
export interface Thrown {
  readonly text: string;
  /** The stack with the place above it; undefined for values that are no errors. */
  readonly stack: string | undefined;
  readonly errorNum: unknown;
  readonly errorMessage: unknown;
  readonly message: unknown;
  readonly code: unknown;
}

/** A promise of the realm, and what has become of it. */
export interface PendingPromise {
  readonly isSettled: boolean;
  readonly isRejected: boolean;
  readonly value: unknown;
  readonly error: unknown;
}

/** What {@linkcode core} hands back to the realm's owner. */
export interface Core {
  /** The `require` of the root module. */
  readonly require: (name: string) => Loose;
  /** The name of the current database; asking does not load the library. */
  readonly database: () => string;
  /** Makes an error of the realm of one that was thrown outside, given as JSON text of a {@linkcode Failure}. */
  readonly toRealmError: (failureText: string) => unknown;
  /** Names the file, and the line below its head, in the stack of a SyntaxError of `eval`. */
  readonly atPlace: (error: Error, filename: string, headLines: number) => Error;
  /** Keeps a value as `_last`, and prints it unless it is undefined. */
  readonly show: (value: unknown) => void;
  /** Looks at what was thrown; in the realm, for what the host calls of a script gets lists of the host. */
  readonly look: (thrown: unknown) => Thrown;
  /** Sets `__filename` and `__dirname` for the script of a file; the function that it returns sets them back. */
  readonly enterFile: (path: string) => () => void;
  /** Keeps an eye on a promise. */
  readonly watch: (promise: unknown) => PendingPromise;
}

/** What {@linkcode core} leaves to functions with texts of their own. */
export interface CoreParts {
  /** Sets up how stacks are written. */
  readonly stackTraces: typeof stackTraces;
  /** Defines the global names. */
  readonly realmGlobals: typeof realmGlobals;
}

/**
 * Sets up a realm. Its text is evaluated there, so it uses nothing but its parameters.
 *
 * What handles objects of the host uses no function that a script could replace: those are taken beforehand.
 *
 * @param outside the host's services
 * @param global the global object of the realm
 * @param parts functions of the realm that do a part of the work
 * @param hostFiles beginnings of file names that are the shell's own, left out of stacks
 * @param entryFile end of the name of the file that calls into the realm: the frames below it belong to our caller
 * @returns the parts that the realm's owner calls
 */
export function core(
  outside: HostBorder,
  global: Loose,
  parts: CoreParts,
  hostFiles: string[],
  entryFile: string,
): Core {
  // a module is strict anyway, but not its text: a setter or callback of a script would find the host's objects in
  // `setter.caller.arguments`
  "use strict";
  const { parse } = JSON;
  const { getOwnPropertyDescriptor, getPrototypeOf, keys, setPrototypeOf } = Object;
  const { apply } = Reflect;
  const { isArray } = Array;
  const { isView } = ArrayBuffer;
  const { captureStackTrace } = Error;
  const Bytes = Uint8Array;
  const Text = String;
  const { toString } = Object.prototype;
  const typedArrayName = getOwnPropertyDescriptor(getPrototypeOf(Bytes.prototype), Symbol.toStringTag)!.get!;

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

  /** An error that was found here and not in a reply: it has no `original`. */
  function ownError(data: { code: string | number | undefined; errorNum: number; errorMessage: string }): Loose {
    const error: Loose = new ArangoError({ error: true, ...data });
    delete error.original;
    return error;
  }

  const host: Loose = {};
  parts.stackTraces(global, hostFiles, entryFile, (frames) => host.asWritten(frames));

  const ERROR_CLASSES: Record<string, ErrorConstructor> = {
    EvalError,
    RangeError,
    ReferenceError,
    SyntaxError,
    TypeError,
    URIError,
  };

  function toRealmError(failureText: string): Error {
    const { name, message, code, errorNum, errorMessage, isExitRequest } = parse(failureText) as Failure;
    if (errorNum !== undefined) {
      return ownError({ code, errorNum, errorMessage: errorMessage ?? message });
    }
    const error: Loose = new (ERROR_CLASSES[name] ?? Error)(message);
    if (isExitRequest) Object.assign(error, { name, code, isExitRequest });
    return error;
  }

  function atPlace(error: Error, filename: string, headLines: number): Error {
    const place = /^undefined:(\d+)(?=\n)/.exec(error.stack!);
    if (place !== null) {
      error.stack = `${filename}:${Number(place[1]) - headLines}${error.stack!.slice(place[0].length)}`;
    }
    return error;
  }

  const hostRoot = getPrototypeOf(outside);
  /** Whether something was made by the host: what runs out of stack there arrives as it is. */
  function isForeign(value: Loose): boolean {
    if (typeof value !== "object" || value === null) return false;
    let last = value;
    for (let next = getPrototypeOf(last); next !== null; next = getPrototypeOf(next)) last = next;
    return last === hostRoot;
  }

  /** A value of the host as one of the realm. */
  function copied(value: Loose): Loose {
    if (typeof value !== "object" || value === null) return value;
    if (isView(value)) return new Bytes(value as Uint8Array);
    const isList = isArray(value);
    const copy: Loose = isList ? [] : {};
    const names = keys(value);
    for (let index = 0; index < names.length; index++) copy[names[index]!] = copied(value[names[index]!]);
    return copy;
  }
  /**
   * A value of a script for the host. It has no prototype, and reading it calls nothing: where the host calls a proxy, this
   * gets the arguments as a list of the host.
   */
  function bare(value: Loose): Loose {
    if (typeof value !== "object" || value === null || apply(typedArrayName, value, []) === "Uint8Array") return value;
    const copy: Loose = setPrototypeOf(isArray(value) ? [] : {}, null);
    const names = keys(value);
    for (let index = 0; index < names.length; index++) copy[names[index]!] = bare(value[names[index]!]);
    return copy;
  }
  /** Services that give values of the realm, or, where nothing is restricted, modules of the host. */
  const UNCOPIED = ["compile", "compileFunction", "factory", "nodeModule"];

  for (const name of keys(outside.services)) {
    const call = outside.services[name]!;
    const copy = UNCOPIED.includes(name) ? (value: Loose) => value : copied;
    host[name] = function service(...args: Loose[]) {
      try {
        for (let index = 0; index < args.length; index++) args[index] = bare(args[index]);
        return copy(apply(call, undefined, args));
      } catch (error) {
        if (error === outside.failed) {
          const made = toRealmError(outside.lastFailure());
          // the stack begins with who asked for the service
          captureStackTrace(made, service);
          throw made;
        }
        throw isForeign(error) ? new ERROR_CLASSES.RangeError!("Maximum call stack size exceeded") : error;
      }
    };
  }

  const builtins = new Map<string, Loose>();

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

  /** Gives an object a property whose value is made when somebody first looks at it. */
  function lazily(target: Loose, name: string, make: () => Loose): void {
    const define = (value: Loose) => {
      Object.defineProperty(target, name, { configurable: true, enumerable: true, writable: true, value });
    };
    Object.defineProperty(target, name, {
      configurable: true,
      enumerable: true,
      get() {
        const value = make();
        define(value);
        return value;
      },
      set: define,
    });
  }
  const programs = parts.realmGlobals({ global, require: requireBuiltin, rootRequire, host, lazily });
  builtins.set("denosh/core", { exports: { ArangoError, host, enterFile, lazily, ownError, programs } });

  function database(): string {
    return Text(builtins.get("denosh/connection")?.exports.arango.getDatabaseName() ?? host.initialDatabase());
  }

  function show(value: Loose): void {
    global._last = value;
    if (value !== undefined) global.print(value);
  }
  function look(thrown: Loose): Thrown {
    let text: string;
    try {
      text = Text(thrown);
    } catch {
      // an object without prototype, or a toString that throws
      text = apply(toString, thrown, []);
    }
    const stack = member(thrown, "stack");
    return {
      text,
      stack: typeof stack === "string" && typeof thrown === "object" ? stack : undefined,
      errorNum: member(thrown, "errorNum"),
      errorMessage: member(thrown, "errorMessage"),
      message: member(thrown, "message"),
      code: member(thrown, "code"),
    };
  }
  function member(thrown: Loose, name: string): unknown {
    try {
      const value = thrown[name];
      return typeof value === "object" || typeof value === "function" ? undefined : value;
    } catch {
      // null, undefined, or a getter that throws
      return undefined;
    }
  }

  function enterFile(path: string): () => void {
    const before = [global.__filename, global.__dirname];
    const isInFile = "__filename" in global;
    global.__filename = path;
    global.__dirname = path.slice(0, Math.max(1, path.lastIndexOf("/")));
    return () => {
      [global.__filename, global.__dirname] = before;
      if (isInFile) return;
      delete global.__filename;
      delete global.__dirname;
    };
  }

  function watch(promise: Loose): PendingPromise {
    // without a prototype: the host reads it
    const state: Loose = { __proto__: null, isSettled: false, isRejected: false, value: undefined, error: undefined };
    promise.then(
      (value: Loose) => {
        state.value = value;
        state.isSettled = true;
      },
      (error: Loose) => {
        state.error = error;
        state.isRejected = true;
        state.isSettled = true;
      },
    );
    return state;
  }

  return { require: rootRequire, database, toRealmError, atPlace, show, look, enterFile, watch };
}

/**
 * Stacks of the realm's errors, made of objects of the realm.
 *
 * @module
 */

import type { Loose } from "./scope.ts";

/**
 * Sets up how stacks are written, and what scripts see of them in their own `Error.prepareStackTrace`.
 *
 * Its text is evaluated in the realm, before any script: see {@linkcode core}.
 *
 * @param global the global object of the realm
 * @param hostFiles beginnings of file names that are the shell's own, left out of stacks
 * @param entryFile end of the name of the file that calls into the realm: the frames below it belong to our caller
 * @param asWritten gives the frames of a stack the places that the texts had before the shell changed them
 */
export function stackTraces(
  global: Loose,
  hostFiles: string[],
  entryFile: string,
  asWritten: (frames: string) => string,
): void {
  // as in core: what handles objects of the host is strict
  "use strict";
  const { defineProperty } = Object;

  /** What a call site tells, but for its function and its `this`: those may be the host's. */
  const SITE_METHODS = [
    "getColumnNumber",
    "getEnclosingColumnNumber",
    "getEnclosingLineNumber",
    "getEvalOrigin",
    "getFileName",
    "getFunctionName",
    "getLineNumber",
    "getMethodName",
    "getPosition",
    "getPromiseIndex",
    "getScriptHash",
    "getScriptNameOrSourceURL",
    "getTypeName",
    "isAsync",
    "isConstructor",
    "isEval",
    "isNative",
    "isPromiseAll",
    "isToplevel",
    "toString",
  ];
  /** Makes a {@linkcode CallSite} tell something, if that is no object. */
  let tell: (site: Loose, method: string) => Loose;
  /** A call site that scripts may see: the runtime's own are objects of the host. */
  class CallSite {
    readonly #site: Loose;

    constructor(site: Loose) {
      this.#site = site;
    }
    getThis() {}
    getFunction() {}
    static {
      tell = (site, method) => {
        const value = site.#site[method]?.();
        return typeof value === "object" || typeof value === "function" ? null : value;
      };
    }
  }
  for (let index = 0; index < SITE_METHODS.length; index++) {
    const name = SITE_METHODS[index]!;
    defineProperty(CallSite.prototype, name, {
      configurable: true,
      writable: true,
      value(this: CallSite) {
        return tell(this, name);
      },
    });
  }

  /** The call sites that scripts see. */
  function shownSites(frames: Loose[]): Loose[] {
    const sites: Loose[] = [];
    for (let index = 0; index < frames.length; index++) sites[index] = new CallSite(frames[index]);
    const names = sites.map((site) => String(site.getFileName() ?? site.getScriptNameOrSourceURL() ?? ""));
    // a text that does not compile has no frames, only the realm's attempt at it
    if (names.includes("denosh/syntax")) return [];
    const entry = names.findLastIndex((name) => name.endsWith(entryFile));
    return sites.filter((_, index) =>
      (entry < 0 || index < entry) && !hostFiles.some((start) => names[index]!.startsWith(start))
    );
  }
  /** What a script has put in place of `Error.prepareStackTrace`; it is not asked while it runs. */
  let ownStack: ((error: Loose, sites: Loose[]) => Loose) | undefined;
  function stackOf(error: Loose, frames: Loose[]): Loose {
    const sites = shownSites(frames);
    const own = ownStack;
    if (own !== undefined) {
      ownStack = undefined;
      try {
        return own.call(Error, error, sites);
      } finally {
        ownStack ??= own;
      }
    }
    let head: string;
    try {
      head = error.isArangoError === true ? `${error.name}: ${error.message}` : Error.prototype.toString.call(error);
    } catch {
      head = "Error";
    }
    return head + asWritten(sites.map((site) => `\n    at ${site}`).join(""));
  }
  defineProperty(Error, "prepareStackTrace", {
    get: () => stackOf,
    set(value) {
      ownStack = typeof value === "function" && value !== stackOf ? value : undefined;
    },
  });
  // where the runtime looks for it
  defineProperty(global, "Error", { configurable: false, writable: false });
}

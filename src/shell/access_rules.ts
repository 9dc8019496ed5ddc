/**
 * What scripts may touch: files, environment variables, start-up options, endpoints, processes.
 *
 * Source: arangosh.md 1.10.
 *
 * @module
 */

import { ArangoError } from "../base/arango_error.ts";

/** One allowlist and one denylist of regular expressions, searched for anywhere in a value. */
export interface AccessList {
  /** What may pass; everything when empty. */
  readonly allow: readonly string[];
  /** What may not pass. */
  readonly deny: readonly string[];
}

/** The lists of {@linkcode accessRules}; what is absent is not restricted. */
export interface AccessLists {
  /** Absolute paths of files. */
  readonly files?: AccessList;
  /** Targets of `download` and `request`. */
  readonly endpoints?: AccessList;
  /** Names of environment variables. */
  readonly environment?: AccessList;
  /** Names of start-up options. */
  readonly options?: AccessList;
  /** Directories that stay readable whatever the lists say. */
  readonly readable?: readonly string[];
  /** Whether scripts may run and stop other programs. */
  readonly processControl: boolean;
  /** Whether scripts may ask which ports are in use. @default {false} */
  readonly portTesting?: boolean;
  /** Whether scripts may not ask for the process's id, statistics and log level. @default {false} */
  readonly harden?: boolean;
}

/** Answers for everything that a script wants to touch. */
export interface AccessRules {
  /**
   * Checks that a file may be read or changed.
   *
   * @param path absolute
   * @throws ArangoError 11
   */
  checkFile(path: string, mode: "read" | "write"): void;
  /** Keeps a directory readable and writable. */
  allowAlways(directory: string): void;
  /** Whether an environment variable is visible and may be changed. */
  mayReadVariable(name: string): boolean;
  /** Whether a start-up option is visible. */
  mayReadOption(name: string): boolean;
  /**
   * Checks that scripts may send requests to a URL.
   *
   * @throws ArangoError 11
   */
  checkEndpoint(url: string): void;
  /**
   * Checks that scripts may run other programs.
   *
   * @throws ArangoError 11
   */
  checkProcessControl(): void;
  /**
   * Checks that scripts may ask which ports are in use.
   *
   * @throws ArangoError 11
   */
  checkPortTesting(): void;
  /**
   * Checks that scripts may look at the process, or at its log level.
   *
   * @throws ArangoError 11
   */
  checkHardened(what: "process" | "log level"): void;
  /**
   * Checks that scripts may load a module of Node.js, which knows none of these rules.
   *
   * @param name such as `node:fs`
   * @throws ArangoError 11
   */
  checkNodeModule(name: string): void;
}

const STARTS_PROGRAMS: ReadonlySet<string> = new Set(["node:child_process", "node:cluster"]);

/** Rules that allow everything but running other programs. */
export const unrestricted: AccessRules = accessRules({ processControl: false });

/** Builds the rules of a shell's start-up options. */
export function accessRules(lists: AccessLists): AccessRules {
  const files = filter(lists.files);
  const endpoints = filter(lists.endpoints);
  const environment = filter(lists.environment);
  const options = filter(lists.options);
  const always: string[] = [];
  return {
    checkFile(path, mode) {
      if (files === undefined || files(path) || always.some((directory) => path.startsWith(directory))) return;
      if (mode === "read" && lists.readable?.some((directory) => path.startsWith(directory))) return;
      const wanted = mode === "read" ? "read" : "modify";
      throw new ArangoError("ERROR_FORBIDDEN", `not allowed to ${wanted} files in this path: ${path}`);
    },
    allowAlways: (directory) => void always.push(directory),
    mayReadVariable: (name) => environment === undefined || environment(name),
    mayReadOption: (name) => !/password|secret|jwt-token/.test(name) && (options === undefined || options(name)),
    checkEndpoint(url) {
      const endpoint = /^\w+:\/\/[^/]*/.exec(url)?.[0] ?? url;
      if (endpoints === undefined || endpoints(endpoint) || endpoints(url)) return;
      throw new ArangoError("ERROR_FORBIDDEN", `not allowed to connect to this URL: ${url}`);
    },
    checkProcessControl() {
      if (lists.processControl) return;
      throw new ArangoError("ERROR_FORBIDDEN", "not allowed to execute or modify state of external processes");
    },
    checkPortTesting() {
      if (lists.portTesting !== true) throw new ArangoError("ERROR_FORBIDDEN", "not allowed to test ports");
    },
    checkHardened(what) {
      if (lists.harden !== true) return;
      const text = what === "process" ? "provide this information" : "change logLevel";
      throw new ArangoError("ERROR_FORBIDDEN", `not allowed to ${text}`);
    },
    checkNodeModule(name) {
      const restricted = [files, endpoints, environment, options].some((list) => list !== undefined) || lists.harden;
      if (!restricted && (lists.processControl || !STARTS_PROGRAMS.has(name))) return;
      throw new ArangoError(
        "ERROR_FORBIDDEN",
        `not allowed to load module '${name}': it would pass by the restrictions that the shell was started with`,
      );
    },
  };
}

/** A predicate for an allowlist and a denylist; undefined when both are empty. */
function filter(list: AccessList | undefined): ((value: string) => boolean) | undefined {
  if (list === undefined || (list.allow.length === 0 && list.deny.length === 0)) return undefined;
  const allow = list.allow.length > 0 ? new RegExp(list.allow.join("|")) : undefined;
  const deny = list.deny.length > 0 ? new RegExp(list.deny.join("|")) : undefined;
  return (value) => {
    const allowed = allow?.exec(value)?.[0].length ?? -1;
    const denied = deny?.exec(value)?.[0].length ?? -1;
    if (allow === undefined) return denied < 0;
    return allowed > denied;
  };
}

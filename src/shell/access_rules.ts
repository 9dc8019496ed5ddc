/**
 * What scripts may touch: files, environment variables, start-up options, endpoints, processes.
 *
 * Source: arangosh.md 1.10; ArangoDB's manual, _Server security options_.
 *
 * @module
 */

import { ArangoError } from "../base/arango_error.ts";
import { absolutePath } from "./absolute_path.ts";

/** One allowlist and one denylist of regular expressions, searched for anywhere in a value. */
export interface AccessList {
  /** What may pass; everything when empty. */
  readonly allow: readonly string[];
  /** What may not pass. */
  readonly deny: readonly string[];
}

/** The lists of {@linkcode accessRules}; what is absent is not restricted. */
export interface AccessLists {
  /** Absolute paths of files, in upper or lower case. */
  readonly files?: AccessList;
  /** Targets of `download`, `request`, `arango.reconnect` and of syncs, in upper or lower case. */
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
   * @param path from the root on; links in it are followed
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
  const files = filter(lists.files, "i");
  const endpoints = filter(lists.endpoints, "i");
  const environment = filter(lists.environment);
  const options = filter(lists.options);
  const always: string[] = [];
  return {
    checkFile(path, mode) {
      if (files === undefined) return;
      const place = realPath(path);
      const isIn = (directory: string): boolean => place === directory || place.startsWith(`${directory}/`);
      if (always.some(isIn) || (mode === "read" && lists.readable?.some((directory) => isIn(realPath(directory))))) {
        return;
      }
      // a link may have another name than what it leads to: neither may be denied
      const named = absolutePath(path);
      if (files.allows([place]) && !files.denies([named])) return;
      const wanted = mode === "read" ? "read" : "modify";
      throw new ArangoError("ERROR_FORBIDDEN", `not allowed to ${wanted} files in this path: ${named}`);
    },
    allowAlways: (directory) => void always.push(realPath(directory)),
    mayReadVariable: (name) => environment === undefined || environment.allows([name]),
    mayReadOption: (name) =>
      !/password|secret|jwt-token/.test(name) && (options === undefined || options.allows([name])),
    checkEndpoint(url) {
      const endpoint = /^[\w+]+:\/\/[^/]*/.exec(url)?.[0] ?? url;
      if (endpoints === undefined || endpoints.allows([endpoint, url])) return;
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

/** An allowlist and a denylist as one. */
interface Filter {
  /** Whether something may pass that has these names. */
  allows(names: readonly string[]): boolean;
  /** Whether the denylist decides about these names. */
  denies(names: readonly string[]): boolean;
}

/** The filter of two lists, of which the longer match decides; undefined when both are empty. */
function filter(list: AccessList | undefined, flags = ""): Filter | undefined {
  if (list === undefined || (list.allow.length === 0 && list.deny.length === 0)) return undefined;
  const allow = list.allow.length > 0 ? new RegExp(list.allow.join("|"), flags) : undefined;
  const deny = list.deny.length > 0 ? new RegExp(list.deny.join("|"), flags) : undefined;
  const longest = (pattern: RegExp | undefined, names: readonly string[]): number =>
    Math.max(...names.map((name) => pattern?.exec(name)?.[0].length ?? -1));
  const denies = (names: readonly string[]): boolean => {
    const denied = longest(deny, names);
    return denied >= 0 && denied >= longest(allow, names);
  };
  return { denies, allows: (names) => !denies(names) && (allow === undefined || longest(allow, names) >= 0) };
}

/** More links than this lead in a circle. */
const MOST_LINKS = 40;

/** Where a path leads when all links in it are followed, also where nothing is yet. */
function realPath(path: string, links = 0): string {
  try {
    return Deno.realPathSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory)) throw error;
  }
  const [, directory = "", name = ""] = /^(.*)\/([^/]*)$/.exec(path) ?? [];
  if (directory === "") return path;
  const target = linkTarget(path);
  if (target === undefined || links >= MOST_LINKS) return absolutePath(`${realPath(directory, links)}/${name}`);
  return realPath(target.startsWith("/") ? target : `${directory}/${target}`, links + 1);
}

/** What a link without a target leads to; undefined for what is no link. */
function linkTarget(path: string): string | undefined {
  try {
    return Deno.readLinkSync(path);
  } catch (error) {
    if (error instanceof Error) return undefined;
    throw error;
  }
}

/**
 * Proposals for a half-typed word.
 *
 * Source: arangosh.md 2.7.
 *
 * @module
 */

import type { Loose, ModuleScope } from "./scope.ts";

/** The module `denosh/completion`. */
export function completion({ exports, global }: ModuleScope): void {
  /**
   * Proposes how a dotted name may go on.
   *
   * @param word what was typed so far, such as `db._col`
   * @returns full dotted names, functions with `()`, sorted without regard to case
   */
  exports.proposals = function proposals(word: string): string[] {
    const parts = word.split(".");
    const start = parts.pop();
    // what the cache does not have cannot be proposed
    if (parts[0] === "db") attempt(() => Object.keys(global.db).length > 0 || global.db._collections());
    let target: Loose = global;
    for (const part of parts) target = hasMembers(target) ? attempt(() => target[part]) : undefined;
    if (!hasMembers(target)) return [];
    const prefix = parts.map((part) => `${part}.`).join("");
    return namesOf(target)
      .filter((name) => name.startsWith(start!))
      .map((name) => prefix + name + (isFunction(target, name) ? "()" : ""))
      .sort((left, right) => {
        const [one, two] = [left.toLowerCase(), right.toLowerCase()];
        return one < two ? -1 : one > two ? 1 : 0;
      });
  };

  function hasMembers(value: Loose): boolean {
    return value !== null && (typeof value === "object" || typeof value === "function");
  }

  /** What a function gives; undefined for a getter that fails, and a server that does not answer. */
  function attempt(look: () => Loose): Loose {
    try {
      return look();
    } catch (error) {
      if ((error as Loose)?.isExitRequest === true) throw error;
      return undefined;
    }
  }

  function namesOf(target: Loose): string[] {
    const own = Object.getOwnPropertyDescriptor(target, "_COMPLETIONS")?.value;
    if (typeof own === "function") return Array.from(own.call(target), String);
    const names: string[] = [];
    for (const name in target) names.push(name);
    return [...new Set(names)];
  }

  function isFunction(target: Loose, name: string): boolean {
    // a getter is not asked: it may evaluate a module or send a request
    for (let at = target; at !== null; at = Object.getPrototypeOf(at)) {
      const property = Object.getOwnPropertyDescriptor(at, name);
      if (property !== undefined) return typeof property.value === "function";
    }
    return false;
  }
}

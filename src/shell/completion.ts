/**
 * Proposals for a half-typed word.
 *
 * Source: arangosh.md 2.7.
 *
 * @module
 */

/**
 * Proposes how a dotted name may go on.
 *
 * @param global where the first part is looked up
 * @param word what was typed so far, such as `db._col`
 * @returns full dotted names, functions with `()`, sorted without regard to case
 */
export function proposals(global: object, word: string): string[] {
  const parts = word.split(".");
  const start = parts.pop() ?? "";
  let target: unknown = global;
  for (const part of parts) {
    if (target === null || (typeof target !== "object" && typeof target !== "function")) return [];
    try {
      target = (target as Record<string, unknown>)[part];
    } catch {
      // a getter that fails has nothing to propose
      return [];
    }
  }
  if (target === null || (typeof target !== "object" && typeof target !== "function")) return [];
  const prefix = parts.length === 0 ? "" : `${parts.join(".")}.`;
  return namesOf(target)
    .filter((name) => name.startsWith(start))
    .map((name) => prefix + name + (isFunction(target as Record<string, unknown>, name) ? "()" : ""))
    .sort((left, right) => {
      const [one, two] = [left.toLowerCase(), right.toLowerCase()];
      return one < two ? -1 : one > two ? 1 : 0;
    });
}

function namesOf(target: object): string[] {
  const own = Object.getOwnPropertyDescriptor(target, "_COMPLETIONS")?.value;
  if (typeof own === "function") return Array.from(own.call(target) as Iterable<unknown>, String);
  const names: string[] = [];
  for (const name in target) names.push(name);
  return [...new Set(names)];
}

function isFunction(target: Record<string, unknown>, name: string): boolean {
  // a getter is not asked: it may evaluate a module or send a request
  for (let at: object | null = target; at !== null; at = Object.getPrototypeOf(at)) {
    const property = Object.getOwnPropertyDescriptor(at, name);
    if (property !== undefined) return typeof property.value === "function";
  }
  return false;
}

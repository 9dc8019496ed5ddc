/**
 * Node's modules, loaded when they are needed.
 *
 * @module
 */

/**
 * A module of Node.js: `node:process`, which knows them all, takes longer to load than the
 * rest of the shell, so the global that loads itself when it is touched stands in for its import.
 */
export function nodeModule<T = unknown>(name: string): T {
  const { process } = globalThis as unknown as { process: { getBuiltinModule(name: string): T } };
  return process.getBuiltinModule(name);
}

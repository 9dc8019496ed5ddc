/**
 * Imports that do not slow down the start.
 *
 * Before a program begins, Deno reads all modules that its text names, also those of `import("…")`. What is loaded by its
 * address is read when it is needed; `--include` of the task `compile` puts it into the binary.
 *
 * @module
 */

/**
 * Imports a module that most runs have no use for.
 *
 * @typeParam T what the module is: `typeof import("…")`
 * @param address `new URL("…", import.meta.url)`
 */
export async function lateImport<T>(address: URL): Promise<T> {
  return await import(address.href);
}

/**
 * Does the same for a script that waits for the module: while it waits, a dynamic import never comes to an end.
 *
 * @typeParam T what the module is
 * @param address as for {@linkcode lateImport}
 */
export function lateRequire<T>(address: URL): T {
  const { createRequire } = globalThis.process.getBuiltinModule("node:module");
  return createRequire(address)(`./${address.pathname.slice(address.pathname.lastIndexOf("/") + 1)}`);
}

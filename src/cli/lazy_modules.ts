/**
 * Loads the large parts of the program when somebody needs them: `print(1)` has no use for a database.
 *
 * @module
 */
import type * as Remote from "../connection/remote.ts";
import { loadLibrary } from "../shell/library.ts";
import { nodeModule } from "../shell/node_module.ts";
import type * as Embedded from "./embedded_parts.ts";

let embedded: typeof Embedded | undefined;
let remote: typeof Remote | undefined;

/** Loads the embedded database ahead of its use: quicker than {@linkcode embeddedModule}, if the caller can wait. */
export async function loadEmbedded(): Promise<void> {
  embedded ??= await import("./embedded_parts.ts");
}

/** Loads what talks to servers ahead of its use. */
export async function loadRemote(): Promise<void> {
  remote ??= await import("../connection/remote.ts");
  await loadLibrary();
}

/** The embedded database. */
export function embeddedModule(): typeof Embedded {
  return embedded ??= requireModule("./embedded_parts.ts") as typeof Embedded;
}

/** What talks to servers. */
export function remoteModule(): typeof Remote {
  return remote ??= requireModule("../connection/remote.ts") as typeof Remote;
}

/** Loads a module for a script that waits for it: while it waits, a dynamic import never comes to an end. */
function requireModule(name: string): unknown {
  const { createRequire } = nodeModule<{ createRequire: (from: string) => (name: string) => unknown }>("node:module");
  return createRequire(import.meta.url)(name);
}

/** Whether a script looks as if it would use a database; one that does so unexpectedly starts a little slower. */
export function looksForDatabase(script: string): boolean {
  return Deno.build.standalone || /\b(?:db|arango|require|internal|help|tutorial)\b/.test(script);
}

/**
 * Loads the large parts of the program when somebody needs them: `print(1)` has no use for a database.
 *
 * @module
 */
import { lateImport, lateRequire } from "../base/late_import.ts";
import type * as Remote from "../connection/syncing_connection.ts";
import { loadLibrary } from "../shell/library.ts";
import type * as Embedded from "./embedded_parts.ts";

const EMBEDDED = new URL("./embedded_parts.ts", import.meta.url);
const REMOTE = new URL("../connection/syncing_connection.ts", import.meta.url);

let embedded: typeof Embedded | undefined;
let remote: typeof Remote | undefined;

/** Loads the embedded database ahead of its use: quicker than {@linkcode embeddedModule}, if the caller can wait. */
export async function loadEmbedded(): Promise<void> {
  embedded ??= await lateImport<typeof Embedded>(EMBEDDED);
}

/** Loads what talks to servers ahead of its use. */
export async function loadRemote(): Promise<void> {
  remote ??= await lateImport<typeof Remote>(REMOTE);
  await loadLibrary();
}

/** The embedded database. */
export function embeddedModule(): typeof Embedded {
  return embedded ??= lateRequire<typeof Embedded>(EMBEDDED);
}

/** What talks to servers. */
export function remoteModule(): typeof Remote {
  return remote ??= lateRequire<typeof Remote>(REMOTE);
}

/** Whether a script looks as if it would use a database; one that does so unexpectedly starts a little slower. */
export function looksForDatabase(script: string): boolean {
  return Deno.build.standalone || /\b(?:db|arango|require|internal|help|tutorial)\b/.test(script);
}

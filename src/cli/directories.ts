/**
 * Where the platform keeps a user's data.
 *
 * @module
 */
import { join } from "node:path";

/** The default directory of the embedded database. */
export function defaultDirectory(environment: (name: string) => string | undefined): string {
  const home = environment("HOME") ?? environment("USERPROFILE") ?? ".";
  if (Deno.build.os === "windows") return join(environment("LOCALAPPDATA") ?? join(home, "AppData", "Local"), "denosh");
  if (Deno.build.os === "darwin") return join(home, "Library", "Application Support", "denosh");
  return join(environment("XDG_DATA_HOME") || join(home, ".local", "share"), "denosh");
}

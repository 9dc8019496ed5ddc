/**
 * Where the platform keeps a user's data.
 *
 * @module
 */

/** The default directory of the embedded database. */
export function defaultDirectory(environment: (name: string) => string | undefined): string {
  const home = homeDirectory(environment) ?? ".";
  const join = (...parts: string[]): string => parts.join(Deno.build.os === "windows" ? "\\" : "/");
  if (Deno.build.os === "windows") return join(environment("LOCALAPPDATA") ?? join(home, "AppData", "Local"), "denosh");
  if (Deno.build.os === "darwin") return join(home, "Library", "Application Support", "denosh");
  return join(environment("XDG_DATA_HOME") || join(home, ".local", "share"), "denosh");
}

/** Where a configuration file is looked for when the command line names none: the user's, and that of the machine. */
export function configurationFiles(environment: (name: string) => string | undefined): string[] {
  const home = homeDirectory(environment);
  return [...home === undefined ? [] : [`${home}/.denosh.conf`], "/etc/denosh/denosh.conf"];
}

/** The user's home directory, if there is one. */
export function homeDirectory(environment: (name: string) => string | undefined): string | undefined {
  return environment("HOME") ?? environment("USERPROFILE");
}

/**
 * Paths as scripts write them.
 *
 * @module
 */

/** A path from the root on, with the `..` that stand in it: behind links they lead elsewhere than it seems. */
export function rootedPath(path: string): string {
  return path.startsWith("/") || /^[A-Za-z]:[\\/]/.test(path) ? path : `${Deno.cwd()}/${path}`;
}

/** A path from the root on, without `.` and `..`. */
export function absolutePath(path: string): string {
  const rooted = rootedPath(path);
  const kept: string[] = [];
  for (const part of rooted.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === "..") kept.pop();
    else kept.push(part);
  }
  return (rooted.startsWith("/") ? "/" : "") + kept.join("/");
}

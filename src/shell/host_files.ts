/**
 * Services of the host for files and directories.
 *
 * @module
 */

import { ArangoError } from "../base/arango_error.ts";
import { absolutePath, rootedPath } from "./absolute_path.ts";
import type { AccessRules } from "./access_rules.ts";
import type { Host } from "./host.ts";
import type { Packages } from "./packages.ts";

/** What went wrong with a file as one of ArangoDB's errors. */
export function fileError(cause: unknown, path: string): ArangoError {
  if (cause instanceof ArangoError) return cause;
  if (cause instanceof Deno.errors.NotFound) {
    return new ArangoError("ERROR_FILE_NOT_FOUND", `file not found: '${path}'`, { cause });
  }
  // the system's text, without what Deno adds: `File exists (os error 17): mkdir '/x'`
  const text = cause instanceof Error ? cause.message.replace(/ \(os error \d+\).*$/s, "") : String(cause);
  return new ArangoError("ERROR_SYS_ERROR", text, { cause });
}

/**
 * Makes the services for files; `close` removes the temporary ones.
 *
 * @param access which paths scripts may touch
 * @param packages files that may be read in any case
 * @param base directory of temporary files; the system's when empty
 */
export function fileServices(access: AccessRules, packages: Packages, base: string) {
  let temporary: string | undefined;

  function check(path: string, mode: "read" | "write"): void {
    if (mode === "write" || !packages.holds(absolutePath(path))) access.checkFile(rootedPath(path), mode);
  }

  /** Runs a file operation; failures of the system arrive as ArangoDB's errors 2, 14 or 27. */
  function onFile<T>(path: string, mode: "read" | "write", run: (path: string) => T): T {
    check(path, mode);
    try {
      return run(path);
    } catch (cause) {
      throw fileError(cause, path);
    }
  }

  /** Removes the temporary directory. */
  function close(): void {
    if (temporary === undefined) return;
    removeEventListener("unload", close);
    removeQuietly(temporary);
    temporary = undefined;
  }

  function temporaryPath(): string {
    if (temporary === undefined) {
      const parent = base || Deno.env.get("TMPDIR") ||
        (Deno.build.os === "windows" ? "C:/Temp" : "/tmp");
      try {
        if (base !== "") Deno.mkdirSync(base, { recursive: true });
        temporary = Deno.makeTempDirSync({ dir: parent, prefix: "denosh-" });
      } catch (cause) {
        throw fileError(cause, parent);
      }
      access.allowAlways(temporary);
      addEventListener("unload", close, { once: true });
    }
    return temporary;
  }

  return {
    kindOf(path) {
      check(path, "read");
      try {
        const found = Deno.statSync(path);
        return found.isFile ? "file" : found.isDirectory ? "directory" : "other";
      } catch (cause) {
        if (cause instanceof Deno.errors.NotFound || cause instanceof Deno.errors.NotADirectory) return "";
        throw fileError(cause, path);
      }
    },
    isLink: (path) => onFile(path, "read", (name) => Deno.lstatSync(name).isSymlink),
    fileSize: (path) => onFile(path, "read", (name) => Deno.statSync(name).size),
    modificationTime: (path) =>
      onFile(path, "read", (name) => Math.floor((Deno.statSync(name).mtime?.getTime() ?? 0) / 1000)),
    readText: (path) => onFile(path, "read", (name) => Deno.readTextFileSync(name)),
    readBytes: (path) => onFile(path, "read", (name) => Deno.readFileSync(name)),
    writeFile: (path, content, append) =>
      onFile(path, "write", (name) => {
        if (typeof content === "string") Deno.writeTextFileSync(name, content, { append });
        else Deno.writeFileSync(name, content, { append });
      }),
    listDirectory: (path) => onFile(path, "read", (name) => [...Deno.readDirSync(name)].map((entry) => entry.name)),
    makeDirectory: (path, recursive, mode) =>
      onFile(path, "write", (name) => Deno.mkdirSync(name, { recursive, ...(mode === undefined ? {} : { mode }) })),
    remove: (path, recursive) => onFile(path, "write", (name) => Deno.removeSync(name, { recursive })),
    rename: (from, to) =>
      onFile(from, "write", (name) => {
        check(to, "write");
        try {
          Deno.renameSync(name, to);
        } catch (cause) {
          // across file systems there is no rename
          if ((cause as { code?: string }).code !== "EXDEV") throw cause;
          Deno.copyFileSync(name, to);
          Deno.removeSync(name);
        }
      }),
    copyFile: (from, to) =>
      onFile(from, "read", (name) => {
        check(to, "write");
        Deno.copyFileSync(name, to);
      }),
    linkFile: (from, to) =>
      onFile(to, "write", (name) => {
        // a relative target is looked for from the link's place on; whoever uses the link is asked again
        check(from.startsWith("/") ? from : `${rootedPath(to)}/../${from}`, "read");
        Deno.symlinkSync(from, name);
      }),
    changeMode: (path, mode) => onFile(path, "write", (name) => Deno.chmodSync(name, mode)),
    absolutePath,
    temporaryPath,
    close,
    makeTemporaryFile(directory, create) {
      const parent = directory.startsWith("/") ? directory : absolutePath(`${temporaryPath()}/${directory}`);
      return onFile(parent, "write", () => {
        Deno.mkdirSync(parent, { recursive: true });
        const made = Deno.makeTempFileSync({ dir: parent, prefix: "tmp-" });
        if (!create) Deno.removeSync(made);
        return made;
      });
    },
  } satisfies Partial<Host>;
}

function removeQuietly(path: string): void {
  try {
    Deno.removeSync(path, { recursive: true });
  } catch (cause) {
    // the script may have removed it itself
    if (!(cause instanceof Deno.errors.NotFound)) throw cause;
  }
}

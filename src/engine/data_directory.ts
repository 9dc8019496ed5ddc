/**
 * The directory that data lies in, and the files of collections that nothing refers to any more.
 *
 * @module
 */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ArangoError } from "../base/arango_error.ts";

/** What SQLite puts beside a file. */
const SUFFIXES = ["", "-wal", "-shm", "-journal"];
/** Files without owner that are younger may be on their way to one, in another process; in milliseconds. */
const YOUNG = 3_600_000;

function failure(path: string, cause: unknown): ArangoError {
  const text = cause instanceof Error ? cause.message : String(cause);
  return new ArangoError("ERROR_SYS_ERROR", `cannot use ${path}: ${text}`, { cause });
}

/**
 * Makes a directory if it is missing.
 *
 * @throws ArangoError 2
 */
export function makeDirectory(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (cause) {
    const text = cause instanceof Error ? cause.message : String(cause);
    throw new ArangoError("ERROR_SYS_ERROR", `cannot make the database directory ${path}: ${text}`, { cause });
  }
}

/**
 * Makes a directory that is to vanish: in memory where the platform has such a file system, else among the temporary files.
 *
 * @throws ArangoError 2
 */
export function throwAwayDirectory(): string {
  for (const parent of Deno.build.os === "linux" ? ["/dev/shm", tmpdir()] : [tmpdir()]) {
    try {
      return mkdtempSync(join(parent, "denosh-"));
    } catch (cause) {
      if (parent === tmpdir()) throw failure(parent, cause);
    }
  }
  throw new ArangoError("ERROR_SYS_ERROR", "cannot make a temporary directory");
}

/**
 * Deletes a file and what SQLite has put beside it.
 *
 * @throws ArangoError 2
 */
export function deleteFile(path: string): void {
  for (const suffix of SUFFIXES) {
    try {
      rmSync(path + suffix, { force: true });
    } catch (cause) {
      // Windows keeps files that another process has open; they go with the next sweep
      if (Deno.build.os !== "windows") throw failure(path, cause);
    }
  }
}

/** The names of the collection files in a folder that do not belong to `used` and have not been touched for an hour. */
export function abandonedFiles(folder: string, used: ReadonlySet<string | null>): Set<string> {
  const now = Date.now();
  const abandoned = new Set<string>();
  for (const name of readdirSync(folder)) {
    const base = name.replace(/-(?:wal|shm|journal)$/, "");
    if (!base.endsWith(".sqlite") || used.has(base)) continue;
    const age = now - (statSync(join(folder, name), { throwIfNoEntry: false })?.mtimeMs ?? now);
    if (age > YOUNG) abandoned.add(base);
  }
  return abandoned;
}

/**
 * Locks that die with their process: one for each collection that is being synced, one for each job that runs.
 *
 * @module
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { md5Hex } from "../base/digest.ts";

/** A lock that this process holds. */
export interface HeldLock extends Disposable {
  /** Where the lock file lies. */
  readonly path: string;
}

/**
 * Takes a lock, if nobody holds it.
 *
 * @param directory the data directory
 * @param name what is locked
 * @returns undefined if another process, or another lock of this one, holds it
 */
export function tryLock(directory: string, name: string): HeldLock | undefined {
  const folder = join(directory, "locks");
  mkdirSync(folder, { recursive: true });
  // names may be long and hold any character
  const path = join(folder, `${md5Hex(name)}.lock`);
  // never deleted: a lock on a file that another process has just unlinked would protect nothing
  const file = Deno.openSync(path, { create: true, write: true });
  if (!file.tryLockSync(true)) {
    file.close();
    return undefined;
  }
  return { path, [Symbol.dispose]: () => file.close() };
}

/** Whether anybody holds a lock. */
export function isLocked(directory: string, name: string): boolean {
  const lock = tryLock(directory, name);
  lock?.[Symbol.dispose]();
  return lock === undefined;
}

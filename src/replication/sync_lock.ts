/**
 * Locks that die with their process: one for each collection that is being synced, one for each job that runs.
 *
 * @module
 */
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { md5Hex } from "../base/digest.ts";
import { pause } from "./leader_requests.ts";

/** A lock that this process holds. */
export interface HeldLock extends Disposable {
  /** Lets go of a lock that nobody will ask for again, and deletes its file. */
  remove(): void;
}

/**
 * Takes a lock, if nobody holds it.
 *
 * @param directory the data directory
 * @param name what is locked
 * @returns undefined if another process, or another lock of this one, holds it
 */
export function tryLock(directory: string, name: string): HeldLock | undefined {
  const path = lockPath(directory, name);
  mkdirSync(dirname(path), { recursive: true });
  // not deleted afterwards: a lock on a file that another process has just unlinked would protect nothing
  const file = Deno.openSync(path, { create: true, write: true });
  if (!file.tryLockSync(true)) {
    file.close();
    return undefined;
  }
  let held = true;
  const release = (): void => {
    if (held) file.close();
    held = false;
  };
  return {
    remove() {
      release();
      rmSync(path, { force: true });
    },
    [Symbol.dispose]: release,
  };
}

/** Whether anybody holds a lock. Whoever tries to take it at this very moment fails, and should try again. */
export function isLocked(directory: string, name: string): boolean {
  if (!existsSync(lockPath(directory, name))) return false;
  const lock = tryLock(directory, name);
  lock?.[Symbol.dispose]();
  return lock === undefined;
}

/** Takes the lock of a job for its process, also when somebody looks at this very moment whether the job lives. */
export function takeJobLock(directory: string, id: string): HeldLock | undefined {
  for (let attempt = 0; attempt < 20; attempt++) {
    const lock = tryLock(directory, jobLockName(id));
    if (lock) return lock;
    pause(10);
  }
  return undefined;
}

/** The name of the lock that a job's process holds. */
export function jobLockName(id: string): string {
  return `job ${id}`;
}

/** Where the lock file lies: names may be long and hold any character. */
function lockPath(directory: string, name: string): string {
  return join(directory, "locks", `${md5Hex(name)}.lock`);
}

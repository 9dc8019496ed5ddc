/**
 * Locks that die with their process: one for each collection that is being synced, one for each job that runs.
 *
 * @module
 */
import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { md5Hex } from "../base/digest.ts";
import { pause } from "./leader_requests.ts";

/** How often, and after how many milliseconds, a lock is asked for again: somebody may just look whether it is held. */
const ATTEMPTS = 20;
const BETWEEN_ATTEMPTS = 10;

/** The names of lock files. */
const LOCK_FILE = /^[0-9a-f]{32}\.lock$/;

/**
 * Takes a lock, if nobody holds it.
 *
 * @param directory the data directory
 * @param name what is locked
 * @returns lets go of it; undefined if another process, or another lock of this one, holds it
 */
export function takeLock(directory: string, name: string): Disposable | undefined {
  mkdirSync(locksOf(directory), { recursive: true });
  const path = lockPath(directory, name);
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const lock = lockFile(path);
    if (lock) return lock;
    pause(BETWEEN_ATTEMPTS);
  }
  return undefined;
}

/** Whether anybody holds a lock. The file of one whose process has died goes with that. */
export function isLocked(directory: string, name: string): boolean {
  const path = lockPath(directory, name);
  return existsSync(path) && !isFree(path);
}

/** Deletes the files of locks whose processes have died; others may have led the folder to where more lies than locks. */
export function sweepLocks(directory: string): void {
  const folder = locksOf(directory);
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) if (LOCK_FILE.test(name)) isFree(join(folder, name));
}

/** The name of the lock that a job's process holds. */
export function jobLockName(id: string): string {
  return `job ${id}`;
}

function locksOf(directory: string): string {
  return join(directory, "locks");
}

/** Where the lock file lies: names may be long and hold any character. */
function lockPath(directory: string, name: string): string {
  return join(locksOf(directory), `${md5Hex(name)}.lock`);
}

function isFree(path: string): boolean {
  using lock = lockFile(path);
  return lock !== undefined;
}

/** Locks a file that exists as long as the lock. */
function lockFile(path: string): Disposable | undefined {
  for (;;) {
    const file = Deno.openSync(path, { create: true, write: true });
    if (!file.tryLockSync(true)) {
      file.close();
      return undefined;
    }
    if (isAt(file, path)) return heldLock(file, path);
    // whoever held it has deleted it meanwhile: a lock on it would protect nothing
    file.close();
  }
}

function isAt(file: Deno.FsFile, path: string): boolean {
  try {
    return Deno.statSync(path).ino === file.statSync().ino;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

function heldLock(file: Deno.FsFile, path: string): Disposable {
  let held = true;
  return {
    [Symbol.dispose]() {
      if (!held) return;
      held = false;
      try {
        rmSync(path, { force: true });
      } catch (error) {
        // Windows keeps files that another process looks at; they go with the next sweep
        if (Deno.build.os !== "windows") throw error;
      } finally {
        file.close();
      }
    },
  };
}

import { deepStrictEqual as deepEqual, strictEqual as equal } from "node:assert/strict";
import { TemporaryDirectory } from "../base/testing.ts";
import { isLocked, sweepLocks, takeLock } from "./sync_lock.ts";

const files = (directory: string): number => [...Deno.readDirSync(`${directory}/locks`)].length;

Deno.test("a lock is held once, and leaves nothing", () => {
  using temporary = new TemporaryDirectory();
  const directory = temporary.path;
  const lock = takeLock(directory, "one");
  equal(takeLock(directory, "one"), undefined);
  equal(isLocked(directory, "one"), true);
  equal(isLocked(directory, "another"), false);
  sweepLocks(directory);
  equal(files(directory), 1);
  lock![Symbol.dispose]();
  equal(files(directory), 0);
  using again = takeLock(directory, "one");
  // what was let go of is not let go of once more
  lock![Symbol.dispose]();
  equal(isLocked(directory, "one"), again !== undefined);
});

/** Takes a lock and dies without letting go of it. */
const KILLED = `
  import { takeLock } from "${new URL("sync_lock.ts", import.meta.url).href}";
  for (const name of ["asked for", "forgotten"]) takeLock(Deno.args[0], name);
  Deno.kill(Deno.pid, "SIGKILL");`;

Deno.test("files of locks whose process was killed go when somebody asks, or sweeps; no others do", () => {
  using temporary = new TemporaryDirectory();
  const directory = temporary.path;
  const program = `${directory}/killed.ts`;
  Deno.writeTextFileSync(program, KILLED);
  new Deno.Command(Deno.execPath(), { args: ["run", "-A", "--no-check", program, directory] }).outputSync();
  equal(files(directory), 2);
  equal(isLocked(directory, "asked for"), false);
  equal(files(directory), 1);
  Deno.writeTextFileSync(`${directory}/locks/notes.lock`, "no lock");
  sweepLocks(directory);
  deepEqual([...Deno.readDirSync(`${directory}/locks`)].map(({ name }) => name), ["notes.lock"]);
});

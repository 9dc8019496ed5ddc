/**
 * Starts processes that carry jobs out.
 *
 * @module
 */
import { closeSync, ftruncateSync, openSync, readFileSync, unlinkSync, writeFileSync } from "node:fs";
import { ArangoError } from "../base/arango_error.ts";

/** What a process runs. */
export interface JobEntry {
  /** The first word of the command line in a compiled program. */
  readonly command: string;
  /** The module elsewhere. */
  readonly module: URL;
}

/** A process that has been started. */
export interface JobProcess {
  /** Is told when it has ended. */
  readonly ended: Promise<void>;
  /** Asks it to end, if it has not. */
  stop(): void;
}

/**
 * Starts a process, which goes on when this one ends.
 *
 * @param order goes by standard input: it holds secrets, which command lines and environments show to others
 * @throws ArangoError 4 if that is not possible
 */
export function startJobProcess(order: object, { command, module }: JobEntry): JobProcess {
  const { spawn } = globalThis.process.getBuiltinModule("node:child_process");
  const args = Deno.build.standalone ? [command] : ["run", "--allow-all", "--quiet", "--no-prompt", module.href];
  const input = orderFile(order);
  try {
    const child = spawn(Deno.execPath(), args, {
      stdio: [input, "ignore", "ignore"],
      // a signal to the shell's process group, such as Ctrl-C, is not meant for its background jobs
      detached: true,
      windowsHide: true,
    });
    if (child.pid === undefined) {
      // the program is gone, as after an update; the event that says so comes too late for whoever waits here
      child.once("error", () => {});
      throw new ArangoError("ERROR_INTERNAL", `internal error: cannot start ${Deno.execPath()} for a job`);
    }
    child.unref();
    const { promise, resolve } = Promise.withResolvers<void>();
    child.once("exit", () => resolve());
    return { ended: promise, stop: () => void child.kill("SIGTERM") };
  } finally {
    closeSync(input);
  }
}

/** The descriptor of a file with the order of a job. */
function orderFile(order: object): number {
  try {
    return namelessFile(JSON.stringify(order));
  } catch (cause) {
    const { message } = cause as Error;
    throw new ArangoError("ERROR_INTERNAL", `internal error: cannot write the order of a job: ${message}`, { cause });
  }
}

/** A file that only those find who inherit it. A pipe would do as well if it could be filled by a thread that does not wait. */
function namelessFile(text: string): number {
  const path = Deno.makeTempFileSync({ prefix: "denosh-" });
  const file = openSync(path, "r+");
  // another descriptor, because whoever inherits one reads on from where it stands
  const output = openSync(path, "r+");
  unlinkSync(path);
  try {
    writeFileSync(output, text);
    return file;
  } catch (error) {
    closeSync(file);
    throw error;
  } finally {
    closeSync(output);
  }
}

/**
 * Takes the order of the process that this is.
 *
 * @throws ArangoError 10 if there is none
 */
export function takeOrder<Order>(): Order {
  const text = Deno.stdin.isTerminal() ? "" : readFileSync(0, "utf8");
  if (text === "") {
    throw new ArangoError(
      "ERROR_BAD_PARAMETER",
      "bad parameter: no order on standard input; jobs are started by denosh itself",
    );
  }
  // who looks at this process's open files later finds nothing
  ftruncateSync(0);
  return JSON.parse(text) as Order;
}

/**
 * Starts processes that carry jobs out.
 *
 * @module
 */
import { ArangoError } from "../base/arango_error.ts";

/** The environment variable that carries a job's order to its process. */
const ORDER_VARIABLE = "DENOSH_JOB_ORDER";

/** What a process runs. */
export interface JobEntry {
  /** The first word of the command line in a compiled program. */
  readonly command: string;
  /** The module elsewhere. */
  readonly module: URL;
}

/**
 * Starts a process, which goes on when this one ends.
 *
 * @param order goes by the environment: it holds secrets, which neither a command line nor a disk may see
 */
export function startJobProcess(order: object, { command, module }: JobEntry): Deno.ChildProcess {
  const child = new Deno.Command(Deno.execPath(), {
    args: Deno.build.standalone ? [command] : ["run", "--allow-all", "--quiet", "--no-prompt", module.href],
    env: { [ORDER_VARIABLE]: JSON.stringify(order) },
    stdin: "null",
    stdout: "null",
    stderr: "null",
    // a signal to the shell's process group, such as Ctrl-C, is not meant for its background jobs
    detached: true,
  }).spawn();
  child.unref();
  return child;
}

/**
 * Takes the order of the process that this is.
 *
 * @throws ArangoError 10 if there is none
 */
export function takeOrder<Order>(): Order {
  const text = Deno.env.get(ORDER_VARIABLE);
  if (text === undefined) {
    throw new ArangoError(
      "ERROR_BAD_PARAMETER",
      `bad parameter: ${ORDER_VARIABLE} is not set; jobs are started by denosh itself`,
    );
  }
  Deno.env.delete(ORDER_VARIABLE);
  return JSON.parse(text) as Order;
}

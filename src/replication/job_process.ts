/**
 * The entry of a job's process: the order comes by the environment.
 *
 * @module
 */
import { ArangoError } from "../base/arango_error.ts";
import { type JobOrder, runJob } from "./job_runner.ts";
import { openLeaderLink } from "./network_link.ts";
import { ORDER_VARIABLE } from "./sync_jobs.ts";

/**
 * Runs the job that the environment orders.
 *
 * @throws ArangoError 10 if it orders none
 */
export function runOrderedJob(): void {
  const text = Deno.env.get(ORDER_VARIABLE);
  if (text === undefined) {
    throw new ArangoError(
      "ERROR_BAD_PARAMETER",
      `bad parameter: ${ORDER_VARIABLE} is not set; jobs are started by denosh itself`,
    );
  }
  Deno.env.delete(ORDER_VARIABLE);
  runJob(JSON.parse(text) as JobOrder, openLeaderLink);
}

if (import.meta.main) {
  runOrderedJob();
  // the link's worker would keep the process alive
  Deno.exit(0);
}

/**
 * The entry of a job's process: the order comes by standard input.
 *
 * @module
 */
import { takeOrder } from "./job_launch.ts";
import { type JobOrder, runJob } from "./job_runner.ts";
import { openLeaderLink } from "./network_link.ts";

/**
 * Runs the job that standard input orders.
 *
 * @throws ArangoError 10 if it orders none
 */
export function runOrderedJob(): void {
  runJob(takeOrder<JobOrder>(), openLeaderLink);
}

if (import.meta.main) {
  runOrderedJob();
  // the link's worker would keep the process alive
  Deno.exit(0);
}

/**
 * The thread in which a shell's own syncs run; it stays for the next one.
 *
 * @module
 */
import { type JobOrder, runJob } from "./job_runner.ts";
import { openLeaderLink } from "./network_link.ts";

const scope = globalThis as unknown as { onmessage: (event: MessageEvent<JobOrder>) => void };
scope.onmessage = (event) => runJob(event.data, openLeaderLink);

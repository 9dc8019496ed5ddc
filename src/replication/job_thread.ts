/**
 * The thread in which a shell's own syncs run; it stays for the next one.
 *
 * @module
 */
import { type JobOrder, runJob } from "./job_runner.ts";
import { offerLinkWorker, openLeaderLink } from "./network_link.ts";

const scope = globalThis as unknown as { onmessage: (event: MessageEvent<JobOrder>) => void };
scope.onmessage = ({ data, ports: [port] }) => {
  if (port) offerLinkWorker(port);
  else runJob(data, openLeaderLink);
};

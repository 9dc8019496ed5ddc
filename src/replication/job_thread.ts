/**
 * The thread in which a shell's own syncs run; it stays for the next one.
 *
 * @module
 */
import { type JobOrder, runJob } from "./job_runner.ts";
import { offerLinkWorker, openLeaderLink } from "./network_link.ts";

/** What the thread is told at first: memory whose word becomes 1 when its job is to stop. */
export interface ThreadSetUp {
  readonly stop: SharedArrayBuffer;
}

const scope = globalThis as unknown as { onmessage: (event: MessageEvent<JobOrder | ThreadSetUp>) => void };
scope.onmessage = ({ data, ports: [port] }) => {
  if (!("stop" in data)) return runJob(data, openLeaderLink);
  const stop = new Int32Array(data.stop);
  // the requests that clean up after a stopped job are not stopped again
  offerLinkWorker(port!, () => Atomics.exchange(stop, 0, 0) === 1);
};

/**
 * The thread in which a shell's own syncs run; it stays for the next one.
 *
 * @module
 */
import { type JobOrder, runJob } from "./job_runner.ts";
import { offerLinkWorker, openLeaderLink } from "./network_link.ts";
import { StopWord } from "./stop_word.ts";

/** What the thread is told at first. */
export interface ThreadSetUp {
  /** The memory of a {@linkcode StopWord}. */
  readonly stop: SharedArrayBuffer;
}

const scope = globalThis as unknown as { onmessage: (event: MessageEvent<JobOrder | ThreadSetUp>) => void };
scope.onmessage = ({ data, ports: [port] }) => {
  if (!("stop" in data)) return runJob(data, openLeaderLink);
  const stop = new StopWord(data.stop);
  offerLinkWorker(port!, () => stop.take());
};

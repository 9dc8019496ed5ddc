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
  /** A word that counts the orders that the thread is done with. */
  readonly done: SharedArrayBuffer;
}

const scope = globalThis as unknown as { onmessage: (event: MessageEvent<JobOrder | ThreadSetUp>) => void };
let done = new Int32Array(new SharedArrayBuffer(4));
scope.onmessage = ({ data, ports: [port] }) => {
  if (!("stop" in data)) return carryOut(data);
  done = new Int32Array(data.done);
  const stop = new StopWord(data.stop);
  offerLinkWorker(port!, () => stop.take());
};

function carryOut(order: JobOrder): void {
  try {
    runJob(order, openLeaderLink);
  } catch (error) {
    // what cannot be written down, as on a full disk, is seen as a job that is interrupted: nobody else tells why
    const line = `denosh: sync ${order.id} cannot be carried out: ${(error as Error).message}\n`;
    Deno.stderr.writeSync(new TextEncoder().encode(line));
  } finally {
    Atomics.add(done, 0, 1);
  }
}

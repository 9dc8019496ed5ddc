/**
 * A leader on a real socket whose thread goes on while a test blocks.
 *
 * @module
 */
import { type LeaderOrder, PROXY } from "./leader_order.ts";

/** A leader in a thread of its own. */
export class ThreadedLeader implements Disposable {
  readonly #worker = new Worker(new URL("./leader_worker.ts", import.meta.url), { type: "module" });
  readonly #faults = new Int32Array(new SharedArrayBuffer(8));
  port = 0;

  static async start(order: Omit<LeaderOrder, "faults">): Promise<ThreadedLeader> {
    const leader = new ThreadedLeader();
    const ready = new Promise<number>((resolve) => {
      leader.#worker.onmessage = (event: MessageEvent<{ port: number }>) => resolve(event.data.port);
    });
    leader.#worker.postMessage({ ...order, faults: leader.#faults.buffer });
    leader.port = await ready;
    return leader;
  }

  misbehave(fault: keyof typeof PROXY, afterBytes = 0): void {
    Atomics.store(this.#faults, 1, afterBytes);
    Atomics.store(this.#faults, 0, PROXY[fault]);
  }

  [Symbol.dispose](): void {
    this.#worker.terminate();
  }
}

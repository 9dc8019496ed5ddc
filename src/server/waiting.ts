/**
 * Answers that come later.
 *
 * @module
 */
import type { ApiReply } from "../base/exchange.ts";

/** The longest pause between two looks at an answer that is not there yet, in milliseconds. */
const LONGEST_PAUSE = 20;

/** An answer that comes later. */
export interface Waiting {
  /** The answer once it is there. */
  poll(): ApiReply | undefined;
  /** Resolves when it makes sense to ask; without it one has to ask again and again. */
  readonly ready?: Promise<void>;
  /** Makes it come sooner, and be an error. */
  cancel?(): void;
}

/** Whether an answer comes later. */
export function isWaiting(answer: ApiReply | Waiting): answer is Waiting {
  return "poll" in answer;
}

/**
 * Waits for an answer, with sleeps in between that grow from 1 ms.
 *
 * @param longestSleep is asked before each sleep how many milliseconds it may take, and may throw
 */
export function block(waiting: Waiting, longestSleep: () => number = () => Infinity): ApiReply {
  const clock = new Int32Array(new SharedArrayBuffer(4));
  for (let sleep = 1;; sleep = Math.min(LONGEST_PAUSE, sleep * 2)) {
    const reply = waiting.poll();
    if (reply) return reply;
    Atomics.wait(clock, 0, 0, Math.min(sleep, longestSleep()));
  }
}

/** Waits for an answer, if it comes later, while other work of this thread goes on. */
export async function settled(answer: ApiReply | Waiting): Promise<ApiReply> {
  if (!isWaiting(answer)) return answer;
  await answer.ready;
  for (let pause = 1;; pause = Math.min(LONGEST_PAUSE, pause * 2)) {
    const reply = answer.poll();
    if (reply) return reply;
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

/** An answer that is kept back for a while. */
export function after(milliseconds: number, reply: ApiReply): Waiting {
  const end = Date.now() + milliseconds;
  return { poll: () => (Date.now() < end ? undefined : reply) };
}

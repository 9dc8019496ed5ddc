/**
 * Answers that come later.
 *
 * @module
 */
import { ArangoError } from "../base/arango_error.ts";
import type { ApiReply } from "../base/exchange.ts";
import { type Held, isHeldError } from "../engine/document_locks.ts";

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

/**
 * Goes on when an answer is there.
 *
 * @param next gives what comes then from it; called once
 */
export function followedBy(
  first: ApiReply | Waiting,
  next: (reply: ApiReply) => ApiReply | Waiting,
): ApiReply | Waiting {
  if (!isWaiting(first)) return next(first);
  let second: (() => ApiReply | Waiting) | undefined;
  const step = (): ApiReply | Waiting | undefined => {
    if (second) return second();
    const reply = first.poll();
    if (!reply) return undefined;
    try {
      const result = next(reply);
      second = () => result;
    } catch (error) {
      second = () => {
        throw error;
      };
    }
    return second();
  };
  return {
    poll: () => {
      const reached = step();
      return reached && isWaiting(reached) ? reached.poll() : reached;
    },
    cancel: () => {
      const reached = second ? second() : first;
      if (isWaiting(reached)) reached.cancel?.();
    },
    ...(first.ready ? { ready: first.ready.then(step).then(readyOf, () => {}) } : {}),
  };
}

/**
 * Asks for answers one after the other, each when the one before is there. However many there are, they need no more stack.
 *
 * @param begin asks for the next one; undefined when there are no more
 * @param note takes each
 * @param end gives what comes of all
 */
export function oneByOne(
  begin: () => ApiReply | Waiting | undefined,
  note: (reply: ApiReply) => void,
  end: () => ApiReply,
): ApiReply | Waiting {
  let current: Waiting | undefined;
  let whole: ApiReply | undefined;
  const goOn = (): ApiReply | undefined => {
    while (!whole) {
      const answer = current ?? begin();
      const reply = answer && isWaiting(answer) ? answer.poll() : answer;
      if (reply) {
        current = undefined;
        note(reply);
      } else if (answer) {
        current = answer as Waiting;
        return undefined;
      } else {
        whole = end();
      }
    }
    return whole;
  };
  const soon = async (): Promise<void> => {
    while (current?.ready) {
      await current.ready;
      goOn();
    }
  };
  // whoever asks is told what went wrong
  return goOn() ?? { poll: goOn, cancel: () => current?.cancel?.(), ready: soon().catch(() => {}) };
}

/** When it makes sense to ask for an answer again; what went wrong is told to whoever asks. */
function readyOf(answer: ApiReply | Waiting | undefined): Promise<void> | undefined {
  return answer && isWaiting(answer) ? answer.ready : undefined;
}

/**
 * Does work now, or when nobody has any more what it needs.
 *
 * @param run does it; its parameter tells whether it is tried again if it fails with an error that tells of something {@linkcode Held}
 * @param letGo is called before each look at whether that is free
 */
export function patiently(
  run: (isTriedAgain: boolean) => ApiReply | Waiting,
  letGo: () => void,
): ApiReply | Waiting {
  try {
    return run(true);
  } catch (error) {
    if (!isHeldError(error)) throw error;
    return afterwards(error, run, letGo);
  }
}

function afterwards(first: Held, run: (isTriedAgain: boolean) => ApiReply | Waiting, letGo: () => void): Waiting {
  // what is waited for without end does not use up the patience with what comes next
  let deadline = Infinity;
  const hold = (error: Held): Held => {
    deadline = Math.min(deadline, Date.now() + error.patience);
    return error;
  };
  const isTriedAgain = ({ patience }: Held): boolean => patience === Infinity || Date.now() < deadline;
  let held = hold(first);
  let begun: Waiting | undefined;
  let isCancelled = false;
  return {
    cancel: () => {
      isCancelled = true;
      begun?.cancel?.();
    },
    poll: () => {
      if (begun) return begun.poll();
      if (isCancelled) throw new ArangoError("ERROR_REQUEST_CANCELED");
      letGo();
      if (held.isHeld() && isTriedAgain(held)) return undefined;
      try {
        const answer = run(isTriedAgain(held));
        if (!isWaiting(answer)) return answer;
        begun = answer;
      } catch (error) {
        if (!isHeldError(error) || !isTriedAgain(hold(error))) throw error;
        held = error;
      }
      return undefined;
    },
  };
}

/**
 * Blocking exchanges with a worker: a request goes there as a message, the answer comes back through shared memory, which a
 * thread without an event loop can wait for.
 *
 * Transferring buffers with `receiveMessageOnPort` was measured at 1.9 s for 10 MB; shared memory needs 5 ms.
 *
 * @module
 */

/** Bytes of an answer that are kept while nobody waits for it; longer ones come in pieces. */
const WINDOW = 6 * 1024 * 1024;
/** Bytes for what precedes the body. */
const HEAD = 64 * 1024;

/** Words of a slot's control block. */
const STATE = 0;
const HEAD_LENGTH = 1;
const BODY_LENGTH = 2;
/** Not 0 once nobody waits for the answer any more. */
const ABANDONED = 3;
const CONTROL_WORDS = 4;

const PENDING = 1;
/** A piece of the body is in the window; the worker waits until it is taken. */
const PIECE = 2;
const DONE = 3;
const FAILED = 4;

/** Milliseconds between two looks at whether the waiting thread is to stop. */
const INTERRUPTION_INTERVAL = 50;

/** A slot for one exchange at a time. */
export interface Slot {
  readonly control: SharedArrayBuffer;
  readonly head: SharedArrayBuffer;
  readonly body: SharedArrayBuffer;
}

/** An answer. */
export interface ChannelReply<Head> {
  readonly head: Head;
  readonly body: Uint8Array;
  /** Gives a lent body back; see {@linkcode BlockingChannel.start}. */
  readonly release?: () => void;
}

/** What the worker says when it has no answer. */
export class ChannelFailure extends Error {
  override readonly name = "ChannelFailure";
  /** What kind of failure, in the worker's terms. */
  readonly kind: string;

  constructor(kind: string, message: string) {
    super(message);
    this.kind = kind;
  }
}

/** Thrown by waits that somebody ended; scripts cannot catch it. */
export class Interrupted extends Error {
  override readonly name = "Interruption";
  /** The code of Node's error for the same. */
  readonly code = "ERR_SCRIPT_EXECUTION_INTERRUPTED";
  /** Tells the realm's code to let it pass. */
  readonly isExitRequest = true;
}

/** An exchange that is under way. */
export interface PendingExchange<Head> {
  /**
   * Blocks until the answer is there; called again, it gives the same answer.
   *
   * @param timeout milliseconds
   * @throws ChannelFailure what the worker says, or kind `timeout` or `closed`
   * @throws Interrupted if `isInterrupted` says so meanwhile
   */
  wait(timeout: number): ChannelReply<Head>;
  /** Tells the worker that nobody will wait for the answer. */
  abandon(): void;
}

/** Options of {@linkcode BlockingChannel}. */
export interface ChannelOptions {
  /** Asked many times per second whether a waiting thread is to stop. @default never */
  readonly isInterrupted?: () => boolean;
}

/** What travels to the worker. */
export interface ChannelMessage<Request> {
  readonly slot?: Slot;
  readonly request: Request;
}

/** The way to a worker: itself, or a port to it. */
export type ChannelWorker = Pick<Worker, "postMessage" | "terminate">;

/** The caller's side. */
export class BlockingChannel<Request, Head> implements Disposable {
  readonly #worker: ChannelWorker;
  readonly #options: ChannelOptions;
  readonly #free: Slot[] = [];
  readonly #busy = new Set<Slot>();
  #closed = false;

  /** @param worker its script calls {@linkcode serveChannel} */
  constructor(worker: ChannelWorker, options: ChannelOptions = {}) {
    this.#worker = worker;
    this.#options = options;
  }

  /**
   * Sends a request without waiting for the answer; several may be under way.
   *
   * @param lend whether a body may be lent instead of copied: then it is shared memory, which `TextDecoder` does not take, and
   *   `release` tells when it is no longer needed
   * @param given memory of the request that becomes the worker's own
   */
  start(request: Request, lend = false, given: ArrayBuffer[] = []): PendingExchange<Head> {
    const slot = this.#free.pop() ?? newSlot();
    const control = new Int32Array(slot.control);
    Atomics.store(control, STATE, PENDING);
    if (this.#closed) finish(slot, FAILED, CLOSED, 0);
    else this.#worker.postMessage({ slot, request } satisfies ChannelMessage<Request>, given);
    this.#busy.add(slot);
    let outcome: (() => ChannelReply<Head>) | undefined;
    return {
      wait: (timeout) => {
        outcome ??= this.#receive(slot, timeout, lend);
        return outcome();
      },
      abandon: () => {
        if (!outcome) abandon(slot);
        this.#busy.delete(slot);
      },
    };
  }

  #receive(slot: Slot, timeout: number, lend: boolean): () => ChannelReply<Head> {
    try {
      const reply = receive<Head>(slot, timeout, lend, this.#options.isInterrupted);
      if (reply.body.buffer !== slot.body) {
        this.#free.push(slot);
        return () => reply;
      }
      let isLent = true;
      const lent: ChannelReply<Head> = {
        ...reply,
        release: () => {
          if (isLent) this.#free.push(slot);
          isLent = false;
        },
      };
      return () => lent;
    } catch (error) {
      // the worker has done with a slot that has its answer; any other one is left to it
      const control = new Int32Array(slot.control);
      if (Atomics.load(control, STATE) === FAILED && Atomics.load(control, ABANDONED) === 0) {
        this.#free.push(slot);
      } else {
        abandon(slot);
      }
      return () => {
        throw error;
      };
    } finally {
      this.#busy.delete(slot);
    }
  }

  /** Tells the worker something that has no answer. */
  post(request: Request): void {
    this.#worker.postMessage({ request } satisfies ChannelMessage<Request>);
  }

  /** Ends the worker; exchanges that are under way fail. */
  [Symbol.dispose](): void {
    this.#closed = true;
    this.#worker.terminate();
    for (const slot of this.#busy) finish(slot, FAILED, CLOSED, 0);
    this.#busy.clear();
  }
}

const CLOSED = { kind: "closed", message: "the connection was closed" };

function abandon(slot: Slot): void {
  const control = new Int32Array(slot.control);
  Atomics.store(control, ABANDONED, 1);
  Atomics.notify(control, STATE);
}

function newSlot(): Slot {
  return {
    control: new SharedArrayBuffer(4 * CONTROL_WORDS),
    head: new SharedArrayBuffer(HEAD),
    body: new SharedArrayBuffer(WINDOW),
  };
}

function receive<Head>(
  slot: Slot,
  timeout: number,
  lend: boolean,
  isInterrupted?: () => boolean,
): ChannelReply<Head> {
  const control = new Int32Array(slot.control);
  const window = new Uint8Array(slot.body);
  const deadline = performance.now() + timeout;
  const pieces: Uint8Array[] = [];
  for (;;) {
    while (Atomics.load(control, STATE) === PENDING) {
      const left = deadline - performance.now();
      if (left <= 0) throw new ChannelFailure("timeout", "Request timeout reached");
      if (isInterrupted?.()) throw new Interrupted("command locally aborted");
      Atomics.wait(control, STATE, PENDING, isInterrupted ? Math.min(left, INTERRUPTION_INTERVAL) : left);
    }
    const state = Atomics.load(control, STATE);
    const length = Atomics.load(control, BODY_LENGTH);
    const isWhole = lend && state === DONE && pieces.length === 0;
    pieces.push(isWhole ? window.subarray(0, length) : window.slice(0, length));
    if (state === PIECE) {
      Atomics.store(control, STATE, PENDING);
      Atomics.notify(control, STATE);
      continue;
    }
    const head = new TextDecoder().decode(new Uint8Array(slot.head).slice(0, Atomics.load(control, HEAD_LENGTH)));
    if (state === FAILED) {
      const { kind, message } = JSON.parse(head) as { kind: string; message: string };
      throw new ChannelFailure(kind, message);
    }
    return { head: JSON.parse(head) as Head, body: joined(pieces) };
  }
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  if (pieces.length === 1) return pieces[0]!;
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** What a worker answers with. */
export interface WorkerReply<Head> {
  readonly head: Head;
  /** The body, which may come in parts. */
  readonly body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

/** Answers the messages of a channel. */
export interface ChannelAnswers<Request> {
  /** Answers one; never rejects. */
  answer(message: ChannelMessage<Request>): Promise<void>;
  /** Lets everything that waits for an answer fail. */
  fail(error: unknown): void;
}

/**
 * Answers requests of a channel.
 *
 * @param handle gives the answer; undefined for requests that have none
 * @param failure sorts what `handle`, or the body, throws
 */
export function channelAnswers<Request, Head>(
  handle: (request: Request) => Promise<WorkerReply<Head> | undefined>,
  failure: (error: unknown) => { kind: string; message: string },
): ChannelAnswers<Request> {
  const open = new Set<Slot>();
  return {
    answer: async ({ slot, request }) => {
      if (slot) open.add(slot);
      try {
        const reply = await handle(request);
        if (slot && reply) await send(slot, reply);
      } catch (error) {
        if (slot) finish(slot, FAILED, failure(error), 0);
      } finally {
        if (slot) open.delete(slot);
      }
    },
    fail: (error) => {
      for (const slot of open) {
        // its handler may go on and write into it
        abandon(slot);
        finish(slot, FAILED, failure(error), 0);
      }
    },
  };
}

/**
 * The worker's side: answers requests until the worker ends. A message that carries a port has it answer what comes there as well.
 * Its parameters are those of {@linkcode channelAnswers}.
 */
export function serveChannel<Request, Head>(
  handle: (request: Request) => Promise<WorkerReply<Head> | undefined>,
  failure: (error: unknown) => { kind: string; message: string },
): void {
  const { answer, fail } = channelAnswers(handle, failure);
  // an error that nobody caught would end the worker, and leave callers waiting for ever
  const failAll = (event: Event, error: unknown): void => {
    event.preventDefault();
    fail(error);
  };
  addEventListener("error", (event) => failAll(event, event.error));
  addEventListener("unhandledrejection", (event) => failAll(event, event.reason));
  const scope = globalThis as unknown as { onmessage: (event: MessageEvent<ChannelMessage<Request>>) => void };
  scope.onmessage = ({ data, ports: [port] }) => {
    if (port) port.onmessage = (event: MessageEvent<ChannelMessage<Request>>) => void answer(event.data);
    else void answer(data);
  };
}

async function send<Head>(slot: Slot, { head, body }: WorkerReply<Head>): Promise<void> {
  const window = new Uint8Array(slot.body);
  let filled = 0;
  for await (const part of body) {
    for (let from = 0; from < part.length;) {
      const piece = part.subarray(from, from + WINDOW - filled);
      window.set(piece, filled);
      filled += piece.length;
      from += piece.length;
      if (filled === WINDOW && from < part.length) {
        await handOver(slot, filled);
        filled = 0;
      }
    }
    if (filled === WINDOW) {
      await handOver(slot, filled);
      filled = 0;
    }
  }
  finish(slot, DONE, head, filled);
}

/** Says that nobody waits for the rest; ends the loop over the body. */
class Abandoned extends Error {}

async function handOver(slot: Slot, length: number): Promise<void> {
  const control = new Int32Array(slot.control);
  Atomics.store(control, BODY_LENGTH, length);
  Atomics.store(control, STATE, PIECE);
  Atomics.notify(control, STATE);
  while (Atomics.load(control, STATE) === PIECE) {
    if (Atomics.load(control, ABANDONED) !== 0) throw new Abandoned();
    const waiting = Atomics.waitAsync(control, STATE, PIECE);
    if (waiting.async) await waiting.value;
  }
}

function finish(slot: Slot, state: number, head: unknown, length: number): void {
  const control = new Int32Array(slot.control);
  const text = new TextEncoder().encode(JSON.stringify(head));
  if (text.length > HEAD) {
    const message = `the head of the answer has ${text.length} bytes, more than the ${HEAD} that there is room for`;
    return finish(slot, FAILED, {
      kind: "invalid",
      message: state === FAILED ? "the failure's text is too long" : message,
    }, 0);
  }
  new Uint8Array(slot.head).set(text);
  Atomics.store(control, HEAD_LENGTH, text.length);
  Atomics.store(control, BODY_LENGTH, length);
  Atomics.store(control, STATE, state);
  Atomics.notify(control, STATE);
}

/**
 * Starts programs for a thread that blocks: what becomes of them is known only where there is an event loop.
 *
 * @module
 */

import { ENDED, FAILED, type Order, type ProgramMemory, READY, STARTED, WORDS } from "./programs_protocol.ts";

interface Running {
  readonly process: Deno.ChildProcess;
  readonly output?: ReadableStreamDefaultReader<Uint8Array>;
  readonly input?: WritableStreamDefaultWriter<Uint8Array>;
  /** What was read from the program and not yet asked for. */
  pending: Uint8Array;
}

const running = new Map<number, Running>();

/** Sets a word of the shared memory and wakes who waits for it. */
function announce(words: Int32Array, index: number, value: number): void {
  Atomics.store(words, index, value);
  Atomics.notify(words, index);
}

/** Puts bytes into the shared memory, as many as there is room for; returns the rest. */
function put(memory: ProgramMemory, bytes: Uint8Array): Uint8Array {
  const room = new Uint8Array(memory.bytes);
  const length = Math.min(bytes.length, room.length);
  room.set(bytes.subarray(0, length));
  Atomics.store(new Int32Array(memory.words), WORDS.length, length);
  return bytes.subarray(length);
}

function start(memory: ProgramMemory, order: Order & { readonly kind: "start" }): void {
  const words = new Int32Array(memory.words);
  const { file, args, usePipes, environment, directory } = order;
  let process: Deno.ChildProcess;
  try {
    process = new Deno.Command(file, {
      args: [...args],
      env: { ...environment },
      stdin: usePipes ? "piped" : "null",
      stdout: usePipes ? "piped" : "inherit",
      stderr: "inherit",
      ...(directory === undefined ? {} : { cwd: directory }),
    }).spawn();
  } catch (error) {
    put(memory, new TextEncoder().encode(error instanceof Error ? error.message : String(error)));
    announce(words, WORDS.state, FAILED);
    return;
  }
  const pipes = usePipes ? { output: process.stdout.getReader(), input: process.stdin.getWriter() } : {};
  running.set(process.pid, { process, pending: new Uint8Array(0), ...pipes });
  Atomics.store(words, WORDS.pid, process.pid);
  announce(words, WORDS.state, STARTED);
  process.status.then(({ code, signal }) => {
    Atomics.store(words, WORDS.code, code);
    if (signal !== null) put(memory, new TextEncoder().encode(signal));
    Atomics.store(words, WORDS.isSignal, signal === null ? 0 : 1);
    announce(words, WORDS.state, ENDED);
  });
}

/** Reads what a program has written; nothing at the end of it. */
async function read(memory: ProgramMemory, program: Running): Promise<void> {
  if (program.pending.length === 0) program.pending = (await program.output?.read())?.value ?? new Uint8Array(0);
  program.pending = put(memory, program.pending);
}

async function carryOut(order: Order): Promise<void> {
  if (order.kind === "start") return start(order.memory, order);
  const words = new Int32Array(order.memory.words);
  const program = running.get(order.pid);
  try {
    if (program === undefined) throw new Error(`no program with pipes has the process id ${order.pid}`);
    if (order.kind === "read") await read(order.memory, program);
    else if (order.kind === "write") await program.input?.write(order.bytes);
    else await (order.isOutput ? program.output?.cancel() : program.input?.close());
    announce(words, WORDS.state, READY);
  } catch (error) {
    put(order.memory, new TextEncoder().encode(error instanceof Error ? error.message : String(error)));
    announce(words, WORDS.state, FAILED);
  }
}

const scope = globalThis as unknown as { onmessage: unknown; WorkerGlobalScope?: unknown };
// a test that imports this module has no messages
if (scope.WorkerGlobalScope !== undefined) {
  scope.onmessage = ({ data }: MessageEvent<Order>): void => void carryOut(data);
}

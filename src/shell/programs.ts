/**
 * Other programs that scripts start, watch and stop. Source: arangosh.md 3.4.
 *
 * @module
 */

import { ArangoError } from "../base/arango_error.ts";
import { nodeModule } from "./node_module.ts";
import {
  ENDED,
  FAILED,
  type Order,
  PENDING,
  type ProgramMemory,
  STARTED,
  type StartOrder,
  WORD_COUNT,
  WORDS,
} from "./programs_protocol.ts";

/** Bytes that one answer of the worker may have; longer outputs come in pieces. */
const ROOM = 65_536;

/** What is known about a program. */
export interface ProgramStatus {
  readonly pid: number;
  /** One of `RUNNING`, `STOPPED`, `TERMINATED`, `ABORTED`, `TIMEOUT`, `NOT-FOUND`. */
  readonly status: string;
  /** The exit status, once it has ended by itself. */
  readonly exit?: number;
  /** The number of the signal that has ended it. */
  readonly signal?: number;
  readonly errorMessage?: string;
}

/** Resources that a process uses; sizes are in bytes, times in seconds. */
export interface ProcessStatistics {
  readonly minorPageFaults: number;
  readonly majorPageFaults: number;
  readonly userTime: number;
  readonly systemTime: number;
  readonly numberOfThreads: number;
  readonly residentSize: number;
  readonly residentSizePercent: number;
  readonly virtualSize: number;
}

/**
 * Waits until a word of shared memory is no longer `value`, or `seconds` have passed.
 *
 * @returns whether the word has changed
 */
export type WaitForWord = (words: Int32Array, index: number, value: number, seconds: number) => boolean;

/** The programs of one shell. */
export class Programs implements Disposable {
  readonly #wait: WaitForWord;
  /** Those whose end nobody has been told yet. */
  readonly #started = new Map<number, ProgramMemory>();
  #worker: Worker | undefined;

  /** @param wait blocks the thread, but not against its interruption */
  constructor(wait: WaitForWord) {
    this.#wait = wait;
  }

  /** Starts a program. @returns its process id @throws ArangoError 2 */
  start(order: StartOrder): number {
    const memory = this.#send({ kind: "start", ...order });
    const words = new Int32Array(memory.words);
    if (words[WORDS.state] === FAILED) {
      throw new ArangoError("ERROR_SYS_ERROR", `cannot start '${order.file}': ${textOf(memory)}`);
    }
    const pid = words[WORDS.pid]!;
    this.#started.set(pid, memory);
    return pid;
  }

  /**
   * Tells what has become of a program. One that has ended is forgotten by that.
   *
   * @param seconds how long to wait for its end; one that runs longer than that has the status `TIMEOUT`
   */
  status(pid: number, seconds = 0): ProgramStatus {
    const memory = this.#started.get(pid);
    if (memory === undefined) {
      return { pid, status: "NOT-FOUND", errorMessage: `this shell has started no program with the process id ${pid}` };
    }
    const words = new Int32Array(memory.words);
    if (seconds > 0 && !this.#wait(words, WORDS.state, STARTED, seconds)) return { pid, status: "TIMEOUT" };
    if (Atomics.load(words, WORDS.state) !== ENDED) return { pid, status: isStopped(pid) ? "STOPPED" : "RUNNING" };
    this.#started.delete(pid);
    if (words[WORDS.isSignal] === 1) return { pid, status: "ABORTED", signal: signalNumber(textOf(memory)) };
    return { pid, status: "TERMINATED", exit: words[WORDS.code]! };
  }

  /** The programs whose end was not yet asked for. */
  list(): ProgramStatus[] {
    return [...this.#started.keys()].map((pid) => this.status(pid));
  }

  /** Sends a signal to a program of this shell. @returns whether there is such a program */
  signal(pid: number, signal: number): boolean {
    if (!this.#started.has(pid)) return false;
    try {
      nodeModule<typeof import("node:process")>("node:process").kill(pid, signal);
      return true;
    } catch (error) {
      // it may have ended meanwhile
      if ((error as { code?: unknown }).code === "ESRCH") return false;
      throw new ArangoError("ERROR_BAD_PARAMETER", error instanceof Error ? error.message : String(error));
    }
  }

  /** Sets the priority of a program: from -20 to 19, the highest first. */
  setPriority(pid: number, priority: number): void {
    try {
      nodeModule<typeof import("node:os")>("node:os").setPriority(pid, priority);
    } catch (cause) {
      throw new ArangoError("ERROR_SYS_ERROR", cause instanceof Error ? cause.message : String(cause), { cause });
    }
  }

  /** Waits for output of a program with pipes. @returns the next piece of it; empty at its end */
  read(pid: number): Uint8Array {
    const memory = this.#send({ kind: "read", pid });
    return bytesOf(checked(memory));
  }

  /** Writes to the standard input of a program with pipes. */
  write(pid: number, bytes: Uint8Array): void {
    checked(this.#send({ kind: "write", pid, bytes }));
  }

  /** Closes the pipe that comes from a program, or the one that leads to it. */
  close(pid: number, isOutput: boolean): void {
    checked(this.#send({ kind: "close", pid, isOutput }));
  }

  /** Ends the watching, not the programs. */
  [Symbol.dispose](): void {
    this.#worker?.terminate();
    this.#worker = undefined;
  }

  /** Sends an order and waits until the worker says what has become of it. */
  #send(order: { [K in Order["kind"]]: Omit<Extract<Order, { kind: K }>, "memory"> }[Order["kind"]]): ProgramMemory {
    this.#worker ??= new Worker(new URL("./programs_worker.ts", import.meta.url).href, { type: "module" });
    const memory = {
      words: new SharedArrayBuffer(WORD_COUNT * Int32Array.BYTES_PER_ELEMENT),
      bytes: new SharedArrayBuffer(ROOM),
    };
    this.#worker.postMessage({ ...order, memory });
    this.#wait(new Int32Array(memory.words), WORDS.state, PENDING, Infinity);
    return memory;
  }
}

function checked(memory: ProgramMemory): ProgramMemory {
  if (new Int32Array(memory.words)[WORDS.state] !== FAILED) return memory;
  throw new ArangoError("ERROR_SYS_ERROR", textOf(memory));
}

function bytesOf({ words, bytes }: ProgramMemory): Uint8Array {
  return new Uint8Array(bytes).slice(0, new Int32Array(words)[WORDS.length]);
}

function textOf(memory: ProgramMemory): string {
  return new TextDecoder().decode(bytesOf(memory));
}

function signalNumber(name: string): number {
  const { signals } = nodeModule<typeof import("node:os")>("node:os").constants;
  return (signals as Record<string, number>)[name] ?? 0;
}

/** The fields of `/proc/PID/stat` behind the name, the first is the state; undefined where there is no such file. */
function processFields(pid: number): string[] | undefined {
  try {
    // the name stands in round brackets and may have some of its own
    return Deno.readTextFileSync(`/proc/${pid}/stat`).replace(/^.*\) /s, "").trim().split(" ");
  } catch {
    return undefined;
  }
}

function isStopped(pid: number): boolean {
  return /^[Tt]/.test(processFields(pid)?.[0] ?? "");
}

/** Clock ticks per second and bytes per page of memory, as Linux reports them to programs. */
const TICKS = 100;
const PAGE = 4096;

/** What `proc(5)` says a process uses. @throws ArangoError 2 where that cannot be known */
export function processStatistics(pid: number): ProcessStatistics {
  const fields = processFields(pid);
  if (fields === undefined) throw new ArangoError("ERROR_SYS_ERROR", `nothing is known about the process ${pid}`);
  // proc(5) counts from 1, and two fields stand before the first of ours
  const field = (number: number): number => Number(fields[number - 3]);
  const residentSize = field(24) * PAGE;
  return {
    minorPageFaults: field(10),
    majorPageFaults: field(12),
    userTime: field(14) / TICKS,
    systemTime: field(15) / TICKS,
    numberOfThreads: field(20),
    residentSize,
    residentSizePercent: residentSize / Deno.systemMemoryInfo().total,
    virtualSize: field(23),
  };
}

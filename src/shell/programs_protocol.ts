/**
 * What the blocked thread and the worker that starts programs tell each other.
 *
 * @module
 */

/** Shared memory of one order: its words, and room for a text. */
export interface ProgramMemory {
  readonly words: SharedArrayBuffer;
  readonly bytes: SharedArrayBuffer;
}

/** Places of the words. */
export const WORDS = { state: 0, pid: 1, code: 2, isSignal: 3, length: 4 } as const;
/** How many words there are. */
export const WORD_COUNT = 5;

/** The word `state`: nothing has happened yet. */
export const PENDING = 0;
/** The program runs. */
export const STARTED = 1;
/** The program has ended: its code, or the signal's name as the text. */
export const ENDED = 2;
/** What was ordered has been done. */
export const READY = 3;
/** It could not be done: the text says why. */
export const FAILED = 4;

/** What to start. */
export interface StartOrder {
  readonly file: string;
  readonly args: readonly string[];
  /** Whether its standard input and output are pipes. */
  readonly usePipes: boolean;
  /** Variables besides those that the shell itself has. */
  readonly environment: Readonly<Record<string, string>>;
  /** The directory to start in; the current one when absent. */
  readonly directory?: string;
}

/** A message to the worker. */
export type Order =
  & { readonly memory: ProgramMemory }
  & (
    | ({ readonly kind: "start" } & StartOrder)
    | { readonly kind: "read"; readonly pid: number }
    | { readonly kind: "write"; readonly pid: number; readonly bytes: Uint8Array }
    | { readonly kind: "close"; readonly pid: number; readonly isOutput: boolean }
  );

/**
 * What the shell says about an exception that nothing caught.
 *
 * Source: arangosh.md 1.7 and 6.2.
 *
 * @module
 */

import type { Thrown } from "./modules/core.ts";

/** An exception with the place in the source where it was thrown, as far as that is known. */
export interface ExceptionText {
  /** The exception as text. */
  readonly message: string;
  /** Name of the script; undefined when unknown. */
  readonly filename: string | undefined;
  /** Line, counting from 1; 0 when unknown. */
  readonly line: number;
  /** Column, counting from 1; 0 when unknown. */
  readonly column: number;
  /** The source line; undefined when unknown. */
  readonly source: string | undefined;
  /** Length of the range that the marker shows. */
  readonly length: number;
  /** The stack without the place above it; undefined for values that are no errors. */
  readonly stack: string | undefined;
}

/** `file:line`, the source line and its marker, as V8 puts them above the stack of an uncaught error. */
const ARROW = /^([^\n]*):(\d+)\n([^\n]*)\n([ \t]*)(\^+)[ \t]*\n\n?/;

/**
 * Takes an exception apart. Removes the place above its stack, so that a script that looks at the stack later finds
 * the stack alone.
 *
 * @param thrown what was thrown
 * @param filename the script that ran, for errors that do not name theirs
 * @param text the script's text
 */
export function describeException(thrown: Thrown, filename: string, text?: string): ExceptionText {
  const { text: message, stack: full } = thrown;
  const nothing = { message, filename: undefined, line: 0, column: 0, source: undefined, length: 1, stack: undefined };
  if (full === undefined) return nothing;
  let stack = full;
  let arrow: RegExpExecArray | undefined;
  // each script that the exception has passed has put its own above the others
  for (let next = ARROW.exec(stack); next !== null; next = ARROW.exec(stack)) {
    arrow = next;
    stack = stack.slice(next[0].length);
  }
  if (arrow === undefined) return { ...nothing, ...placeOf(full), stack: full };
  // what the shell itself throws for a script happened where the script called it
  if (arrow[1]!.startsWith("denosh/")) return { ...nothing, ...atPlace(placeOf(stack), filename, text), stack };
  return {
    message,
    // what a script's own eval refuses has no name
    filename: arrow[1] === "undefined" || arrow[1] === "evalmachine.<anonymous>" ? filename : arrow[1],
    line: Number(arrow[2]),
    column: arrow[4]!.length + 1,
    source: arrow[3],
    length: arrow[5]!.length,
    // an object that is no error has got a stack for its place alone
    stack: stack === "undefined" ? undefined : stack,
  };
}

/** A place with its source line, if it lies in the text that ran. */
function atPlace(place: ReturnType<typeof placeOf>, filename: string, text: string | undefined) {
  return { ...place, source: place.filename === filename ? text?.split("\n")[place.line - 1] : undefined };
}

/** The innermost frame of a stack that is not one of the shell's services. */
function placeOf(stack: string): { filename: string | undefined; line: number; column: number } {
  for (const [, filename, line, column] of stack.matchAll(/\n {4}at (?:.*\()?(.*?):(\d+):(\d+)\)?(?=\n|$)/g)) {
    if (!filename!.startsWith("denosh/")) return { filename, line: Number(line), column: Number(column) };
  }
  return { filename: undefined, line: 0, column: 0 };
}

/**
 * The text that the REPL prints and that is logged for `--javascript.execute-string`.
 *
 * @param exception from {@linkcode describeException}
 * @param command name of the text that was entered: errors of it are not "in file"
 * @returns lines, each ended; the last one is empty
 */
export function replText(exception: ExceptionText, command: string): string {
  const { message, filename, line, column, stack } = exception;
  const inFile = filename !== undefined && filename !== command;
  const head = inFile
    ? `JavaScript exception in file '${filename}' at ${line},${column}: ${message}`
    : `JavaScript exception: ${message}`;
  const lines = [head, ...markerLines(exception)];
  if (stack !== undefined) lines.push(`stacktrace: ${stack}`);
  return lines.join("\n") + "\n\n";
}

/** The log records for an exception in a script file, without the stack. */
export function fileRecords(exception: ExceptionText, filename: string): string[] {
  const { line, column, message } = exception;
  const name = exception.filename ?? filename;
  return [`JavaScript exception in file '${name}' at ${line},${column}: ${message}`, ...markerLines(exception)];
}

function markerLines({ source, column, length }: ExceptionText): string[] {
  if (source === undefined) return [];
  return [`!${source}`, `!${" ".repeat(Math.max(0, column - 1))}${"^".repeat(Math.max(1, length))}`];
}

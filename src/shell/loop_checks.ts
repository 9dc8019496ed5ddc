/**
 * Ctrl-C for loops that call nothing: what is typed at the prompt gets calls in the heads of its loops.
 *
 * Nothing in Deno can stop a thread from another one (see `interrupts.ts`), so the text has to ask.
 *
 * @module
 */
import type { ExceptionText } from "./exception_text.ts";
import type { Shell } from "./shell.ts";
import { codeParts, type Part } from "./typed_text.ts";

/** The global function of the realm that loops call. */
const NAME = "SYS_CHECK_INTERRUPTION";
const CALL = `${NAME}()`;
/** All forms in which the call is inserted. */
const INSERTED = new RegExp(`${NAME}\\(\\)[,;]? ?`, "g");

/** Gives a shell what the texts of {@linkcode withLoopChecks} call. */
export function provideLoopChecks(shell: Shell): void {
  const { start } = shell.require("denosh/loop-checks") as { start(name: string, inserted: string): void };
  start(NAME, INSERTED.source);
}

/** A text to insert, and the offset where. */
type Insertion = readonly [offset: number, text: string];

/** What is inserted for the loop whose head is opened by a part. */
function insertionFor(parts: readonly Part[], word: string, open: number): Insertion | undefined {
  const { at, depth } = parts[open]!;
  if (word === "while") return [at + 1, `${CALL}, `];
  let semicolons = 0;
  for (let index = open + 1; index < parts.length; index++) {
    const part = parts[index]!;
    const next = parts[index + 1];
    if (part.text === ";" && part.depth === depth + 1 && ++semicolons === 2) {
      return [part.at + 1, next?.text === ")" ? CALL : `${CALL}, `];
    }
    if (part.text === ")" && part.depth === depth) {
      return next?.text === "{" ? [next.at + 1, `${CALL}; `] : undefined;
    }
  }
  return undefined;
}

/** Whether a part is the start of a template that has another one in it, whose text would be taken for code. */
function isCutTemplate({ text }: Part): boolean {
  return text.startsWith("`") && text.split("{").length !== text.split("}").length;
}

/**
 * Inserts a call of a function that throws after Ctrl-C into each loop.
 *
 * @param text JavaScript; the result may not compile if it is unusual
 */
export function withLoopChecks(text: string): string {
  if (!/\b(?:while|for)\b/.test(text)) return text;
  const parts = codeParts(text);
  if (parts.some(isCutTemplate)) return text;
  const insertions = parts.flatMap(({ text: word }, at) => {
    if ((word !== "while" && word !== "for") || parts[at - 1]?.text === ".") return [];
    const open = parts[at + 1]?.text === "await" ? at + 2 : at + 1;
    const insertion = parts[open]?.text === "(" ? insertionFor(parts, word, open) : undefined;
    return insertion === undefined ? [] : [insertion];
  }).toSorted(([left], [right]) => left - right);
  let done = 0;
  const pieces = insertions.flatMap(([offset, call]) => {
    const piece = text.slice(done, offset);
    done = offset;
    return [piece, call];
  });
  return pieces.join("") + text.slice(done);
}

/**
 * The place of an exception in the text as it was typed.
 *
 * @param exception the place in the text that ran
 * @param filename the name that the text has in stacks
 * @param text the text with the inserted calls
 */
export function asTyped(exception: ExceptionText, filename: string, text: string): ExceptionText {
  const lines = text.split("\n");
  function typedColumn(line: string, column: number): number {
    const before = line.slice(0, column - 1);
    return column - (before.length - before.replace(INSERTED, "").length);
  }
  const { column, source, stack } = exception;
  const frame = new RegExp(`(${RegExp.escape(filename)}:(\\d+):)(\\d+)`, "g");
  return {
    ...exception,
    column: source === undefined ? column : typedColumn(source, column),
    source: source?.replace(INSERTED, ""),
    stack: stack?.replace(frame, (_all, start, row, place) => {
      return start + typedColumn(lines[Number(row) - 1] ?? "", Number(place));
    }),
  };
}

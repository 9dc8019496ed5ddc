/**
 * Ends loops that call nothing: what runs at the prompt, files and modules included, and functions of clients get calls in
 * their loops.
 *
 * Nothing in Deno can stop a thread from another one (see `interrupts.ts`), so the text has to ask.
 *
 * @module
 */
import type { ExceptionText } from "./exception_text.ts";
import type { TextChange } from "./realm.ts";
import type { Shell } from "./shell.ts";
import { codeParts, type Part } from "./typed_text.ts";

/** The global function of the realm that loops call. */
const NAME = "SYS_CHECK_INTERRUPTION";
const CALL = `${NAME}()`;
/** All forms in which the call is inserted. */
const INSERTED = new RegExp(`if\\(${NAME}\\(\\)\\);else |${NAME}\\(\\)[,;]? ?`, "g");
/** Names of texts that stay as they are: the shell's own, and those of packages, which are long and known to end. */
const UNCHANGED = /^denosh\/|[/\\]npm[/\\]|[/\\]node_modules[/\\]/;

/** From now on, what a shell runs asks in its loops whether it is to stop. */
export function provideLoopChecks(shell: Shell): void {
  const { start } = shell.require("denosh/loop-checks") as { start(name: string, inserted: string): void };
  start(NAME, INSERTED.source);
  shell.changeTexts(new LoopChecks());
}

/** Puts the calls into texts, and finds places of the texts as they were before. */
export class LoopChecks implements TextChange {
  /** The lines of the texts that have calls, by the names that the texts have in stacks. */
  readonly #lines = new Map<string, string[]>();

  changed(text: string, filename: string): string {
    this.#lines.delete(filename);
    if (UNCHANGED.test(filename)) return text;
    const checked = withLoopChecks(text);
    if (checked !== text) this.#lines.set(filename, checked.split("\n"));
    return checked;
  }

  stackAsWritten(frames: string): string {
    return frames.replace(
      FRAME,
      (_all, start: string, name: string, row: string, place: string) => {
        const line = this.#lines.get(name)?.[Number(row) - 1];
        return `${start}${name}:${row}:${columnAsWritten(line, Number(place))}`;
      },
    );
  }

  asWritten(exception: ExceptionText): ExceptionText {
    const { column, source } = exception;
    return { ...exception, column: columnAsWritten(source, column), source: source?.replace(INSERTED, "") };
  }
}

/** The column that a place of a line had before there were calls in it. */
function columnAsWritten(line: string | undefined, column: number): number {
  const before = line?.slice(0, column - 1) ?? "";
  return column - (before.length - before.replace(INSERTED, "").length);
}

/** A place in a stack: what is before it, file, line and column. */
const FRAME = /(\bat (?:[^\n]*\()?)([^\n(]*?):(\d+):(\d+)/g;

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
      if (next === undefined) return undefined;
      return next.text === "{" ? [next.at + 1, `${CALL}; `] : [next.at, `if(${CALL});else `];
    }
  }
  return undefined;
}

/**
 * Inserts a call into each loop, of a function that throws once the text is to stop.
 *
 * @param text JavaScript; the result may not compile if it is unusual
 */
export function withLoopChecks(text: string): string {
  if (!/\b(?:while|for)\b/.test(text)) return text;
  const parts = codeParts(text);
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

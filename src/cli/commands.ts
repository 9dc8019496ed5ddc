/**
 * Cuts typed or piped text into commands.
 *
 * Source: `arangosh.md` §2.3: a small scanner counts brackets, back-quoted strings and comments. Where the lines that follow
 * are known, in pipes and pastes, commands are as long as JavaScript would have them: {@linkcode cutCommands}.
 *
 * @module
 */

/** What a text has opened and not closed. It reads a text in parts, so that a long paste is looked at once. */
class Openings {
  #round = 0;
  #square = 0;
  #curly = 0;
  /** What the text so far has left open: a comment, or a template. */
  #inside: "comment" | "template" | undefined;

  /** Reads the next line. */
  add(line: string): void {
    for (let i = 0; i < line.length; i++) {
      const char = line[i]!;
      if (this.#inside === "comment") {
        const end = line.indexOf("*/", i);
        if (end < 0) return;
        this.#inside = undefined;
        i = end + 1;
      } else if (this.#inside === "template") {
        if (char === "\\") i++;
        else if (char === "`") this.#inside = undefined;
      } else if (char === '"' || char === "'") {
        // an unfinished string does not ask for more lines
        for (i++; i < line.length && line[i] !== char; i++) if (line[i] === "\\") i++;
      } else if (char === "`") this.#inside = "template";
      else if (line.startsWith("//", i)) return;
      else if (line.startsWith("/*", i)) {
        this.#inside = "comment";
        i++;
      } else if (char === "(") this.#round++;
      else if (char === ")") this.#round--;
      else if (char === "[") this.#square++;
      else if (char === "]") this.#square--;
      else if (char === "{") this.#curly++;
      else if (char === "}") this.#curly--;
    }
  }

  get isInTemplate(): boolean {
    return this.#inside === "template";
  }

  get isEmpty(): boolean {
    return this.#inside === undefined && this.#round <= 0 && this.#square <= 0 && this.#curly <= 0;
  }
}

/** Whether text is complete: nothing that it opens is left open. */
export function isComplete(text: string): boolean {
  const openings = new Openings();
  for (const line of text.split("\n")) openings.add(line);
  return openings.isEmpty;
}

/** Gathers lines to commands. */
export class CommandReader {
  #lines: string[] = [];
  #openings = new Openings();
  /** Whether the command was pasted with the prompts in front of its lines. */
  #hasPrompts = false;

  /** Whether a command has begun and is not complete. */
  get isOpen(): boolean {
    return this.#lines.length > 0;
  }

  /**
   * Takes a line.
   *
   * @param prompt the plain prompt: pasted in front of a line, it is cut off
   * @returns the command that the line completes, if it does
   */
  take(line: string, prompt?: string): string | undefined {
    const bare = withoutPrompt(line, prompt);
    if (!this.isOpen) this.#hasPrompts = bare !== line;
    // the text of a template may look like a prompt
    this.#keep(this.#openings.isInTemplate && !this.#hasPrompts ? line : bare);
    return this.#openings.isEmpty ? this.reset() : undefined;
  }

  /**
   * Takes what was typed or pasted: a line or more. Commands are as long as {@linkcode cutCommands} makes them.
   *
   * @param text the lines
   * @param prompt as for {@linkcode take}
   * @param compile throws a SyntaxError for a text that is wrong
   * @returns the commands that the lines complete
   */
  *takeAll(text: string, prompt: string, compile: (text: string) => void): Generator<string> {
    if (!text.includes("\n")) {
      const command = this.take(text, prompt);
      if (command !== undefined) yield command;
      return;
    }
    const all = this.isOpen ? `${this.reset()}\n${text}` : text;
    for (const command of cutCommands(all, compile, prompt)) {
      if (isComplete(command)) yield command;
      else command.split("\n").forEach((line) => this.#keep(line));
    }
  }

  #keep(line: string): void {
    this.#lines.push(line);
    this.#openings.add(line);
  }

  /** Throws away what was gathered; returns it. */
  reset(): string {
    const text = this.#lines.join("\n");
    this.#lines = [];
    this.#openings = new Openings();
    return text;
  }
}

/** Messages of V8 about texts that more lines may make right. */
const CUT_OFF = /Unexpected end of input|Missing catch or finally after try/;

/** How a compiler sees a text: right, cut off too early, or wrong whatever comes after it. */
function judge(text: string, compile: (text: string) => void): "complete" | "cut off" | "wrong" {
  try {
    compile(text);
    return "complete";
  } catch (error) {
    return CUT_OFF.test(String(error)) || text.endsWith("\\") ? "cut off" : "wrong";
  }
}

/** Starts of lines that go on with the statement before them, as no statement begins like this. */
const CONTINUATION = /^\s*(?:\?\.|\.(?![\d.])|[*%,=<>?:&|^)\]]|!==?|[-+]\s|(?:else|catch|finally|instanceof|in)\b)/;
/** Lines without code. */
const NO_CODE = /^\s*(?:\/\/.*|\/\*.*\*\/\s*)?$/;

/** A part of some lines: its text, and the number of the line after it. */
interface Cut {
  readonly text: string;
  readonly end: number;
}

/**
 * Cuts lines into commands, looking ahead: a statement goes on in the next line when it is not complete without it
 * (`1 +`, `try {…}`), or when that line begins with what continues a statement (`.toArray()`, `else`).
 *
 * @param text the lines
 * @param compile throws a SyntaxError, of whatever realm, for a text that is wrong
 * @param prompt the plain prompt: pasted in front of a line, it is cut off
 * @returns the commands, none of them blank
 */
export function* cutCommands(
  text: string,
  compile: (text: string) => void,
  prompt?: string,
): Generator<string> {
  const lines = text.split("\n");
  for (let at = 0; at < lines.length;) {
    const command = cutCommand(lines, at, compile, prompt);
    at = command.end;
    if (command.text.trim() !== "") yield command.text;
  }
}

/** The command that begins at a line. */
function cutCommand(
  lines: readonly string[],
  start: number,
  compile: (text: string) => void,
  prompt: string | undefined,
): Cut {
  let command = scan(lines, start, prompt);
  if (NO_CODE.test(command.text)) return command;
  for (let longer = command;;) {
    const judgement = judge(longer.text, compile);
    if (judgement === "complete") command = longer;
    let next = longer.end;
    while (next < lines.length && NO_CODE.test(lines[next]!)) next++;
    // the scanner alone would have waited for the end of what is open
    if (judgement === "cut off" && next === lines.length && !isComplete(longer.text)) return longer;
    if (judgement === "wrong" || next === lines.length) return command;
    if (judgement === "complete" && !CONTINUATION.test(withoutPrompt(lines[next]!, prompt))) return command;
    while (longer.end <= next) {
      const { text, end } = scan(lines, longer.end, prompt);
      longer = { text: `${longer.text}\n${text}`, end };
    }
  }
}

/** The lines from a place on that the scanner takes for one command. */
function scan(lines: readonly string[], start: number, prompt: string | undefined): Cut {
  const reader = new CommandReader();
  for (let at = start; at < lines.length; at++) {
    const text = reader.take(lines[at]!, prompt);
    if (text !== undefined) return { text, end: at + 1 };
  }
  return { text: reader.reset(), end: lines.length };
}

/**
 * Prompts of manuals and of other shells, those of the server's console and of lines that go on; hardly any line of
 * JavaScript begins like that.
 */
const PASTED_PROMPT =
  /^[ \t]*(?:arango(?:sh|db?)?(?: \[[^\]]*\])?|\.{3,}|(?:[a-z+]+:\/{2,3})?(?![/-])[\w.:[\]/-]*[\w\]]@[^\s>]+)>/;

function withoutPrompt(line: string, prompt = ""): string {
  const own = prompt.trimEnd();
  const start = own.includes(">") && line.startsWith(own) ? own : PASTED_PROMPT.exec(line)?.[0];
  return start === undefined ? line : line.slice(start.length).replace(/^[ \t]+/, "");
}

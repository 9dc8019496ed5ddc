/**
 * Reads lines from a terminal: editing, history, search, completion, colours, pastes of any size.
 *
 * @module
 */
import { characterWidth, textWidth } from "./text_width.ts";

/** What may stand in place of a part of a line. */
export interface Proposals {
  /** Where the part begins. */
  readonly start: number;
  /** Full texts for the part, sorted. */
  readonly texts: readonly string[];
}

/** What {@linkcode LineEditor} works with. */
export interface LineEditorOptions {
  readonly write: (text: string) => void;
  /** The next characters that were typed or pasted; undefined at the end of input. */
  readonly read: () => Promise<string | undefined>;
  /** Size of the terminal in characters. */
  readonly size: () => { readonly columns: number; readonly rows: number };
  /** Commands of before, oldest first. */
  readonly history: () => readonly string[];
  /** Puts colours into a line; absent for none. */
  readonly highlight?: (text: string) => string;
  /** Says how a line may go on; absent for no completion. */
  readonly complete?: (line: string, cursor: number) => Proposals | Promise<Proposals>;
  /** Stops the program for Ctrl-Z until somebody lets it go on; absent where programs are not stopped. */
  readonly suspend?: () => Promise<void>;
}

/** How reading a line ended. */
export type LineEvent =
  | { readonly kind: "line"; readonly text: string }
  /** Ctrl-C; whether there was something in the line. */
  | { readonly kind: "interrupt"; readonly isEmpty: boolean }
  /** Ctrl-D in an empty line, or the end of input. */
  | { readonly kind: "end" };

/** An escape sequence, or the beginning of one. */
// deno-lint-ignore no-control-regex -- escape sequences begin with a control character
const SEQUENCE = /^\x1b(?:\[[0-9;?]*[ -/]*[@-~]|O[A-Z]|[^[O])/;
// deno-lint-ignore no-control-regex -- everything up to the next key that does something
const PLAIN = /^[^\x00-\x1f\x7f]+/;
/** How a terminal marks what was pasted. */
const PASTE_BEGIN = "\x1b[200~";
const PASTE_END = "\x1b[201~";

/** Characters that are kept back at most before they are shown. */
const WRITE_SIZE = 16384;

/** What a key does, by what a terminal sends for it. */
const ACTIONS: Readonly<Record<string, string>> = {
  "\x01": "home",
  "\x1b[H": "home",
  "\x1bOH": "home",
  "\x1b[1~": "home",
  "\x05": "end",
  "\x1b[F": "end",
  "\x1bOF": "end",
  "\x1b[4~": "end",
  "\x02": "left",
  "\x1b[D": "left",
  "\x1bOD": "left",
  "\x06": "right",
  "\x1b[C": "right",
  "\x1bOC": "right",
  "\x10": "older",
  "\x1b[A": "older",
  "\x1bOA": "older",
  "\x0e": "newer",
  "\x1b[B": "newer",
  "\x1bOB": "newer",
  "\x1bb": "wordLeft",
  "\x1b[1;5D": "wordLeft",
  "\x1bf": "wordRight",
  "\x1b[1;5C": "wordRight",
  "\x08": "backspace",
  "\x7f": "backspace",
  "\x1b[3~": "remove",
  "\x0b": "removeToEnd",
  "\x15": "removeToStart",
  "\x17": "removeWord",
  "\x1b\x7f": "removeWord",
  "\x1bd": "removeWordRight",
  "\x19": "yank",
  "\x0c": "clear",
};

/** A line editor on one terminal; what was typed too early or pasted stays for the next line. */
export class LineEditor {
  readonly #options: LineEditorOptions;
  #pending = "";
  /** What is to be shown: a long paste is not written line by line. */
  #unwritten = "";
  #isEnded = false;
  #isPasting = false;
  #prompt = "";
  #text = "";
  #cursor = 0;
  /** The entry of the history that is shown; its length for the line that is being written. */
  #entry = 0;
  #draft = "";
  #killed = "";
  /** Width of the prompt and text before the cursor as they stand there; undefined before the first drawing. */
  #drawn: { readonly promptWidth: number; readonly before: string } | undefined;
  /** Whether the last key was Return: a line feed behind it belongs to the same end of a line. */
  #isAfterReturn = false;
  /** What Ctrl-R looks for; undefined when it does not. */
  #wanted: string | undefined;
  #found = 0;

  constructor(options: LineEditorOptions) {
    this.#options = options;
  }

  /** Shows what was kept back; to be called before anything else is written. */
  flush(): void {
    const text = this.#unwritten;
    this.#unwritten = "";
    if (text !== "") this.#options.write(text);
  }

  #write(text: string): void {
    this.#unwritten += text;
    if (this.#unwritten.length > WRITE_SIZE) this.flush();
  }

  /**
   * Reads one line.
   *
   * @param prompt may have colours
   */
  async readLine(prompt: string): Promise<LineEvent> {
    this.#prompt = prompt;
    this.#text = "";
    this.#cursor = 0;
    this.#entry = this.#options.history().length;
    this.#draft = "";
    this.#drawn = undefined;
    this.#wanted = undefined;
    for (;;) {
      const event = await this.#work();
      if (event) {
        if (event.kind !== "end") this.#finish(event.kind === "interrupt" ? "^C" : "");
        return event;
      }
      this.#draw();
      this.flush();
      const more = this.#isEnded ? undefined : await this.#options.read();
      if (more === undefined) {
        this.#isEnded = true;
        return { kind: "end" };
      }
      this.#pending += more;
    }
  }

  /** Deals with everything that has been typed so far. */
  async #work(): Promise<LineEvent | undefined> {
    while (this.#pending !== "") {
      if (this.#isAfterReturn && this.#pending.startsWith("\n")) this.#take(1);
      this.#isAfterReturn = false;
      const plain = PLAIN.exec(this.#pending)?.[0];
      if (plain !== undefined) {
        this.#take(plain.length);
        if (this.#wanted === undefined) this.#insert(plain);
        else this.#search(this.#wanted + plain, this.#options.history().length - 1);
        continue;
      }
      const key = this.#nextKey();
      if (key === undefined) return undefined;
      const event = await this.#press(key);
      if (event) return event;
    }
    return undefined;
  }

  /** Takes a key out of what was typed; undefined while it is incomplete. */
  #nextKey(): string | undefined {
    const first = this.#pending[0]!;
    if (first !== "\x1b") return this.#take(1);
    const sequence = SEQUENCE.exec(this.#pending)?.[0];
    if (sequence !== undefined) return this.#take(sequence.length);
    // the escape key alone comes alone; a sequence may come in two parts
    return this.#pending === "\x1b" && this.#wanted !== undefined ? this.#take(1) : undefined;
  }

  #take(length: number): string {
    const taken = this.#pending.slice(0, length);
    this.#pending = this.#pending.slice(length);
    return taken;
  }

  async #press(key: string): Promise<LineEvent | undefined> {
    if (key === PASTE_BEGIN || key === PASTE_END) {
      this.#isPasting = key === PASTE_BEGIN;
      return undefined;
    }
    if (key === "\r" || key === "\n") {
      this.#isAfterReturn = key === "\r";
      return { kind: "line", text: this.#text };
    }
    if (key === "\x03") return { kind: "interrupt", isEmpty: this.#text === "" };
    if (key === "\x12") {
      const from = this.#wanted === undefined ? this.#options.history().length : this.#found;
      this.#search(this.#wanted ?? "", from - 1);
      return undefined;
    }
    if (this.#wanted !== undefined) {
      if (key === "\x7f" || key === "\x08") {
        this.#search(this.#wanted.slice(0, -1), this.#options.history().length - 1);
        return undefined;
      }
      this.#wanted = undefined;
      if (key === "\x07") this.#show(this.#draft);
      // the escape key keeps what was found; any other key goes on from there
      if (key === "\x07" || key === "\x1b") return undefined;
    }
    if (key === "\x04") {
      if (this.#text === "") return { kind: "end" };
      this.#edit("remove");
      return undefined;
    }
    if (key === "\t") {
      // a tab between other characters was not typed
      if (this.#isPasting || this.#pending !== "" || this.#text.slice(0, this.#cursor).trim() === "") {
        this.#insert("\t");
      } else await this.#complete();
      return undefined;
    }
    if (key === "\x1a" && this.#options.suspend) {
      this.#finish("^Z");
      this.flush();
      await this.#options.suspend();
      this.#drawn = undefined;
      return undefined;
    }
    const action = ACTIONS[key];
    if (action !== undefined) this.#edit(action);
    return undefined;
  }

  #insert(text: string): void {
    this.#text = this.#text.slice(0, this.#cursor) + text + this.#text.slice(this.#cursor);
    this.#cursor += text.length;
  }

  #show(text: string): void {
    this.#text = text;
    this.#cursor = text.length;
  }

  #cut(from: number, to: number): void {
    this.#text = this.#text.slice(0, from) + this.#text.slice(to);
    this.#cursor = from;
  }

  #edit(action: string): void {
    const before = this.#text.slice(0, this.#cursor);
    const after = this.#text.slice(this.#cursor);
    const wordLeft = this.#cursor - (/[\w$]*[^\w$]*$/.exec(before)?.[0].length ?? 0);
    const wordRight = this.#cursor + (/^[^\w$]*[\w$]*/.exec(after)?.[0].length ?? 0);
    const left = this.#cursor - ([...before.slice(-2)].at(-1)?.length ?? 0);
    const right = this.#cursor + ([...after.slice(0, 2)][0]?.length ?? 0);
    const kill = (from: number, to: number): void => {
      this.#killed = this.#text.slice(from, to);
      this.#cut(from, to);
    };
    switch (action) {
      case "home":
        this.#cursor = 0;
        break;
      case "end":
        this.#cursor = this.#text.length;
        break;
      case "left":
        this.#cursor = left;
        break;
      case "right":
        this.#cursor = right;
        break;
      case "wordLeft":
        this.#cursor = wordLeft;
        break;
      case "wordRight":
        this.#cursor = wordRight;
        break;
      case "backspace":
        this.#cut(left, this.#cursor);
        break;
      case "remove":
        this.#cut(this.#cursor, right);
        break;
      case "removeToEnd":
        kill(this.#cursor, this.#text.length);
        break;
      case "removeToStart":
        kill(0, this.#cursor);
        break;
      case "removeWord":
        kill(wordLeft, this.#cursor);
        break;
      case "removeWordRight":
        kill(this.#cursor, wordRight);
        break;
      case "yank":
        this.#insert(this.#killed);
        break;
      case "older":
        this.#walk(-1);
        break;
      case "newer":
        this.#walk(1);
        break;
      case "clear":
        this.#write("\x1b[H\x1b[2J");
        this.#drawn = undefined;
        break;
    }
  }

  #walk(by: number): void {
    const history = this.#options.history();
    const entry = this.#entry + by;
    if (entry < 0 || entry > history.length) return;
    if (this.#entry === history.length) this.#draft = this.#text;
    this.#entry = entry;
    this.#show(history[entry] ?? this.#draft);
  }

  /** Shows the newest command at or before a place of the history that has a text in it. */
  #search(wanted: string, from: number): void {
    if (this.#wanted === undefined) this.#draft = this.#text;
    this.#wanted = wanted;
    const history = this.#options.history();
    for (let at = Math.min(from, history.length - 1); at >= 0; at--) {
      if (!history[at]!.includes(wanted)) continue;
      this.#found = at;
      this.#show(history[at]!);
      return;
    }
  }

  async #complete(): Promise<void> {
    const { start, texts } = await this.#options.complete?.(this.#text, this.#cursor) ?? { start: 0, texts: [] };
    const [first] = texts;
    if (first === undefined) return;
    let common = first;
    for (const text of texts) while (!text.startsWith(common)) common = common.slice(0, -1);
    const typed = this.#text.slice(start, this.#cursor);
    if (texts.length === 1 || common.length > typed.length) {
      // the cursor stands between the brackets of a call
      const text = texts.length === 1 ? first.replace(/\(\)$/, "(") : common.replace(/\($/, "");
      this.#cut(start, this.#cursor);
      this.#insert(text);
      if (texts.length === 1) return;
    }
    this.#finish();
    this.#write(inColumns(texts, this.#options.size().columns));
    this.#drawn = undefined;
  }

  /** Leaves the line as it is and goes to the next one. */
  #finish(mark = ""): void {
    this.#wanted = undefined;
    this.#cursor = this.#text.length;
    this.#draw();
    this.#write(`${mark}\r\n`);
  }

  #draw(): void {
    const { columns, rows } = this.#options.size();
    const prompt = this.#wanted === undefined ? this.#prompt : `(search) '${this.#wanted}': `;
    // of a text that is longer than the screen only what is around the cursor is drawn
    const room = Math.max(columns, columns * (rows - 2) - textWidth(prompt));
    const isLong = this.#text.length > room;
    const from = isLong ? Math.max(0, Math.min(this.#cursor - (room >> 1), this.#text.length - room)) : 0;
    const shown = visible(isLong ? this.#text.slice(from, from + room) : this.#text);
    const before = visible(isLong ? this.#text.slice(from, this.#cursor) : this.#text.slice(0, this.#cursor));
    const drawn = this.#options.highlight && !isLong ? this.#options.highlight(shown) : shown;
    const promptWidth = textWidth(prompt);
    const end = placeAfter(promptWidth, shown, columns);
    const cursor = placeAfter(promptWidth, before, columns);
    // a terminal whose width has changed meanwhile has broken the lines anew
    const row = this.#drawn ? placeAfter(this.#drawn.promptWidth, this.#drawn.before, columns).row : 0;
    const up = row > 0 ? `\x1b[${row}A` : "";
    // a terminal waits with going to the next row until there is something to put there
    const edge = end.column === 0 && shown !== "" && !shown.endsWith("\n") ? " \r" : "";
    const back = end.row > cursor.row ? `\x1b[${end.row - cursor.row}A` : "";
    const across = cursor.column > 0 ? `\x1b[${cursor.column}C` : "";
    this.#write(`\r${up}\x1b[J${prompt}${drawn.replaceAll("\n", "\r\n")}${edge}${back}\r${across}`);
    this.#drawn = { promptWidth, before };
  }
}

/** Text as it is shown: tabs as blanks, no other control characters. */
function visible(text: string): string {
  // deno-lint-ignore no-control-regex -- they would move the cursor
  return text.replaceAll("\t", "  ").replace(/[\x00-\x09\x0b-\x1f\x7f]/g, "?");
}

/** Where a text ends that begins in the first row. */
function placeAfter(start: number, text: string, columns: number): { row: number; column: number } {
  if (!text.includes("\n") && textWidth(text) === text.length) {
    const end = start + text.length;
    return { row: Math.floor(end / columns), column: end % columns };
  }
  let row = Math.floor(start / columns);
  let column = start % columns;
  for (const char of text) {
    const width = char === "\n" ? 0 : characterWidth(char);
    if (char === "\n" || column + width > columns) {
      row++;
      column = 0;
    }
    column += width;
    if (column === columns) {
      row++;
      column = 0;
    }
  }
  return { row, column };
}

/** Lists texts beside and below each other. */
function inColumns(texts: readonly string[], columns: number): string {
  const width = Math.max(...texts.map(textWidth)) + 2;
  const count = Math.max(1, Math.floor(columns / width));
  const height = Math.ceil(texts.length / count);
  const lines = Array.from({ length: height }, (_, row) => {
    const cells = texts.filter((_text, at) => at % height === row);
    return cells.map((text) => text + " ".repeat(width - textWidth(text))).join("").trimEnd();
  });
  return lines.map((line) => `${line}\r\n`).join("");
}

/**
 * Reads lines from a terminal: editing, history, search, completion, colours, pastes of any size.
 *
 * @module
 */
import { EditedLine, type LineAction } from "./edited_line.ts";
import { inColumns, placeAfter, visible } from "./terminal_text.ts";
import { textWidth } from "./text_width.ts";

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

/** What a key does, in the line or around it. */
type Action = LineAction | "older" | "newer" | "clear";

/** What keys do, by what a terminal sends for them. */
const ACTIONS: Readonly<Record<string, Action>> = {
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
  readonly #line = new EditedLine();
  /** The entry of the history that is shown; its length for the line that is being written. */
  #entry = 0;
  #draft = "";
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
    this.#line.show("");
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
        if (this.#wanted === undefined) this.#line.insert(plain);
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
      return { kind: "line", text: this.#line.text };
    }
    if (key === "\x03") return { kind: "interrupt", isEmpty: this.#line.text === "" };
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
      if (key === "\x07") this.#line.show(this.#draft);
      // the escape key keeps what was found; any other key goes on from there
      if (key === "\x07" || key === "\x1b") return undefined;
    }
    if (key === "\x04") {
      if (this.#line.text === "") return { kind: "end" };
      this.#line.edit("remove");
      return undefined;
    }
    if (key === "\t") {
      // a tab between other characters was not typed
      if (this.#isPasting || this.#pending !== "" || this.#line.before.trim() === "") {
        this.#line.insert("\t");
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
    if (action !== undefined) this.#act(action);
    return undefined;
  }

  #act(action: Action): void {
    switch (action) {
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
      default:
        this.#line.edit(action);
    }
  }

  #walk(by: number): void {
    const history = this.#options.history();
    const entry = this.#entry + by;
    if (entry < 0 || entry > history.length) return;
    if (this.#entry === history.length) this.#draft = this.#line.text;
    this.#entry = entry;
    this.#line.show(history[entry] ?? this.#draft);
  }

  /** Shows the newest command at or before a place of the history that has a text in it. */
  #search(wanted: string, from: number): void {
    if (this.#wanted === undefined) this.#draft = this.#line.text;
    this.#wanted = wanted;
    const history = this.#options.history();
    for (let at = Math.min(from, history.length - 1); at >= 0; at--) {
      if (!history[at]!.includes(wanted)) continue;
      this.#found = at;
      this.#line.show(history[at]!);
      return;
    }
  }

  async #complete(): Promise<void> {
    const { start, texts } = await this.#options.complete?.(this.#line.text, this.#line.cursor) ??
      { start: 0, texts: [] };
    const [first] = texts;
    if (first === undefined) return;
    let common = first;
    for (const text of texts) while (!text.startsWith(common)) common = common.slice(0, -1);
    const typed = this.#line.text.slice(start, this.#line.cursor);
    if (texts.length === 1 || common.length > typed.length) {
      // the cursor stands between the brackets of a call
      const text = texts.length === 1 ? first.replace(/\(\)$/, "(") : common.replace(/\($/, "");
      this.#line.cut(start, this.#line.cursor);
      this.#line.insert(text);
      if (texts.length === 1) return;
    }
    this.#finish();
    this.#write(inColumns(texts, this.#options.size().columns));
    this.#drawn = undefined;
  }

  /** Leaves the line as it is and goes to the next one. */
  #finish(mark = ""): void {
    this.#wanted = undefined;
    this.#line.moveToEnd();
    this.#draw();
    this.#write(`${mark}\r\n`);
  }

  #draw(): void {
    const { columns, rows } = this.#options.size();
    const prompt = this.#wanted === undefined ? this.#prompt : `(search) '${this.#wanted}': `;
    // of a text that is longer than the screen only what is around the cursor is drawn
    const room = Math.max(columns, columns * (rows - 2) - textWidth(prompt));
    const isLong = this.#line.text.length > room;
    const from = isLong ? Math.max(0, Math.min(this.#line.cursor - (room >> 1), this.#line.text.length - room)) : 0;
    const shown = visible(isLong ? this.#line.text.slice(from, from + room) : this.#line.text);
    const before = visible(isLong ? this.#line.text.slice(from, this.#line.cursor) : this.#line.before);
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

/**
 * A line that is being written: its text, the cursor, and what was cut out last.
 *
 * @module
 */

/** What keys do in a line. */
export type LineAction =
  | "home"
  | "end"
  | "left"
  | "right"
  | "wordLeft"
  | "wordRight"
  | "backspace"
  | "remove"
  | "removeToEnd"
  | "removeToStart"
  | "removeWord"
  | "removeWordRight"
  | "yank";

/** A line as it is edited. */
export class EditedLine {
  #text = "";
  #cursor = 0;
  #killed = "";

  /** The text. */
  get text(): string {
    return this.#text;
  }

  /** Where the cursor stands, in UTF-16 code units. */
  get cursor(): number {
    return this.#cursor;
  }

  /** What stands before the cursor. */
  get before(): string {
    return this.#text.slice(0, this.#cursor);
  }

  /** Puts text in at the cursor. */
  insert(text: string): void {
    this.#text = this.#text.slice(0, this.#cursor) + text + this.#text.slice(this.#cursor);
    this.#cursor += text.length;
  }

  /** Takes another text, with the cursor at its end. */
  show(text: string): void {
    this.#text = text;
    this.#cursor = text.length;
  }

  /** Takes a part out. */
  cut(from: number, to: number): void {
    this.#text = this.#text.slice(0, from) + this.#text.slice(to);
    this.#cursor = from;
  }

  /** Puts the cursor behind the text. */
  moveToEnd(): void {
    this.#cursor = this.#text.length;
  }

  /** Does what a key stands for. */
  edit(action: LineAction): void {
    const { before } = this;
    const after = this.#text.slice(this.#cursor);
    const wordLeft = this.#cursor - (/[\w$]*[^\w$]*$/.exec(before)?.[0].length ?? 0);
    const wordRight = this.#cursor + (/^[^\w$]*[\w$]*/.exec(after)?.[0].length ?? 0);
    const left = this.#cursor - ([...before.slice(-2)].at(-1)?.length ?? 0);
    const right = this.#cursor + ([...after.slice(0, 2)][0]?.length ?? 0);
    const kill = (from: number, to: number): void => {
      this.#killed = this.#text.slice(from, to);
      this.cut(from, to);
    };
    switch (action) {
      case "home":
        this.#cursor = 0;
        break;
      case "end":
        this.moveToEnd();
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
        this.cut(left, this.#cursor);
        break;
      case "remove":
        this.cut(this.#cursor, right);
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
        this.insert(this.#killed);
        break;
    }
  }
}

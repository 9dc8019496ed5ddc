/**
 * The empty lines between the results of commands that were piped into a shell.
 *
 * Source: `arangosh.md` §8: every command, also a silent one, ends with an empty line, and three line ends in a row become
 * one. So results that follow each other have an empty line between them, those with a silent command between them none.
 *
 * @module
 */

/** Passes printed text on, with the empty lines that commands end with put in front of what is printed next. */
export class Transcript {
  readonly #write: (text: string) => void;
  /** How many line ends the printed text ends with. */
  #printed = 0;
  /** How many commands have ended since. */
  #owed = 0;
  #isEmpty = true;

  /**
   * Begins a transcript.
   *
   * @param write takes the text
   */
  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  /** Takes what a command prints. All of it is passed on at once. */
  write(text: string): void {
    if (text === "") return;
    this.end();
    const ends = /\n*$/.exec(text)![0].length;
    this.#printed = ends === text.length ? this.#printed + ends : ends;
    this.#isEmpty = false;
    this.#write(text);
  }

  /** A command has ended. */
  endCommand(): void {
    this.#owed++;
  }

  /** Writes the empty lines that are still owed. */
  end(): void {
    const all = this.#printed + this.#owed;
    const missing = Math.floor(all / 3) + all % 3 - this.#printed;
    this.#owed = 0;
    if (this.#isEmpty || missing <= 0) return;
    this.#printed += missing;
    this.#write("\n".repeat(missing));
  }
}

/**
 * The file that `--console.audit-file` names: what was typed, and what was printed.
 *
 * Source: `arangosh.md` §1.8.
 *
 * @module
 */
import { isMemorable } from "../shell/history.ts";
import { withoutEscapes } from "../shell/text_width.ts";

/** Notes commands and their output. */
export class Audit implements Disposable {
  /** What is said about the file at first. */
  readonly message: string;
  readonly #path: string;
  readonly #complain: (text: string) => void;
  #file: Deno.FsFile | undefined;

  /** @param complain is told once when the file takes nothing more, as on a full disk */
  constructor(path: string, complain: (text: string) => void) {
    this.#path = path;
    this.#complain = complain;
    try {
      this.#file = Deno.openSync(path, { write: true, create: true, truncate: true, mode: 0o600 });
      this.message = `Logging input and output to '${path}'.`;
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      this.message = `Cannot open file '${path}' for logging.`;
    }
  }

  /** Notes a command; of one that may hold a secret only that there was one. */
  command(prompt: string, text: string): void {
    this.output(`${prompt}${isMemorable(text) ? text : "(not shown: it may hold a secret)"}\n`);
  }

  /** Notes what was printed. */
  output(text: string): void {
    const bytes = new TextEncoder().encode(withoutEscapes(text));
    try {
      for (let done = 0; this.#file && done < bytes.length;) done += this.#file.writeSync(bytes.subarray(done));
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      this[Symbol.dispose]();
      this.#complain(`cannot log to '${this.#path}' any more: ${error.message}\n`);
    }
  }

  [Symbol.dispose](): void {
    this.#file?.close();
    this.#file = undefined;
  }
}

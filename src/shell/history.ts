/**
 * The commands of former sessions.
 *
 * @module
 */

/** How many commands are kept. */
const LENGTH = 1000;
/** Takes the place of line ends: a command of several lines is one entry. */
const LINE_END = "\u2028";

/** Commands that leave the shell, and those that may hold a secret. */
const FORGOTTEN: readonly RegExp[] = [
  /^\s*(?:exit|quit)?(?:\(\))?;?\s*$/,
  /passw(?:or)?d|passwd|jwt|secret|token|credential|authorization|bearer/i,
  // these take passwords without a name
  /\busers\b[\s\S]*\.(?:save|update|replace|isValid)\s*\(/,
  /\.reconnect\s*\(/,
  /\w+:\/\/[^/\s"'@]*:[^/\s"'@]*@/,
];

/** Whether a command may be written down. */
export function isMemorable(command: string): boolean {
  return !FORGOTTEN.some((pattern) => pattern.test(command));
}

/** The history of a shell; newest last. */
export class History {
  #path: string | undefined;
  #entries: string[] = [];
  /** What is wrong with the file, until it has been told. */
  #problem: string | undefined;

  /** @param path the file; undefined for a history that ends with the shell */
  constructor(path: string | undefined) {
    this.#path = path;
    this.#onFile((file) => this.#entries = readEntries(file));
  }

  /** All commands, oldest first. */
  get entries(): readonly string[] {
    return this.#entries;
  }

  /**
   * Adds a command; one with secrets is known neither to the file nor to the session.
   *
   * @returns what is wrong with the file, told once: from then on the history ends with the shell
   */
  add(command: string): string | undefined {
    if (isMemorable(command) && command !== this.#entries.at(-1)) {
      this.#entries.push(command);
      const line = `${command.replaceAll("\n", LINE_END)}\n`;
      this.#onFile((file) => Deno.writeTextFileSync(file, line, { append: true, mode: 0o600 }));
    }
    const problem = this.#problem;
    this.#problem = undefined;
    return problem;
  }

  /** Does something with the file, if there is one; without it the shell goes on, as in a home that nobody may write to. */
  #onFile(run: (file: string) => void): void {
    if (this.#path === undefined) return;
    try {
      run(this.#path);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      this.#problem = `cannot keep the history of commands in '${this.#path}': ${error.message}`;
      this.#path = undefined;
    }
  }
}

function readEntries(path: string): string[] {
  let text: string;
  try {
    text = Deno.readTextFileSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
  const lines = text.split("\n").filter((line) => line !== "");
  const kept = lines.slice(-LENGTH);
  if (lines.length > 2 * LENGTH) Deno.writeTextFileSync(path, `${kept.join("\n")}\n`, { mode: 0o600 });
  return kept.map((line) => line.replaceAll(LINE_END, "\n"));
}

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
  readonly #path: string | undefined;
  readonly #entries: string[];

  /** @param path the file; undefined for a history that ends with the shell */
  constructor(path: string | undefined) {
    this.#path = path;
    this.#entries = path === undefined ? [] : readEntries(path);
  }

  /** All commands, oldest first. */
  get entries(): readonly string[] {
    return this.#entries;
  }

  /** Adds a command; one with secrets is known neither to the file nor to the session. */
  add(command: string): void {
    if (!isMemorable(command) || command === this.#entries.at(-1)) return;
    this.#entries.push(command);
    if (this.#path === undefined) return;
    Deno.writeTextFileSync(this.#path, `${command.replaceAll("\n", LINE_END)}\n`, { append: true, mode: 0o600 });
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

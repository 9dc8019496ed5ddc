/**
 * Cuts typed or piped text into commands.
 *
 * Source: `arangosh.md` §2.3: a small scanner counts brackets, back-quoted strings and comments.
 *
 * @module
 */

/** Whether text is complete: nothing that it opens is left open. */
export function isComplete(text: string): boolean {
  let round = 0;
  let square = 0;
  let curly = 0;
  for (let i = 0; i < text.length; i++) {
    const char = text[i]!;
    if (char === '"' || char === "'") {
      // an unfinished string does not ask for more lines
      for (i++; i < text.length && text[i] !== char && text[i] !== "\n"; i++) if (text[i] === "\\") i++;
    } else if (char === "`") {
      for (i++; i < text.length && text[i] !== "`"; i++) if (text[i] === "\\") i++;
      if (i >= text.length) return false;
    } else if (text.startsWith("//", i)) {
      const end = text.indexOf("\n", i);
      i = end < 0 ? text.length : end;
    } else if (text.startsWith("/*", i)) {
      const end = text.indexOf("*/", i + 2);
      if (end < 0) return false;
      i = end + 1;
    } else if (char === "(") round++;
    else if (char === ")") round--;
    else if (char === "[") square++;
    else if (char === "]") square--;
    else if (char === "{") curly++;
    else if (char === "}") curly--;
  }
  return round <= 0 && square <= 0 && curly <= 0;
}

/** Gathers lines to commands. */
export class CommandReader {
  #lines: string[] = [];

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
  take(line: string, prompt = "arangosh>"): string | undefined {
    this.#lines.push(withoutPrompt(line, prompt));
    const text = this.#lines.join("\n");
    if (!isComplete(text)) return undefined;
    this.#lines = [];
    return text;
  }

  /** Throws away what was gathered; returns it. */
  reset(): string {
    const text = this.#lines.join("\n");
    this.#lines = [];
    return text;
  }
}

function withoutPrompt(line: string, prompt: string): string {
  const starts = [prompt.trimEnd(), "arangosh>", "..."].some((one) => one !== "" && line.startsWith(one));
  return starts && line.includes(">") ? line.slice(line.indexOf(">") + 1).replace(/^[ \t]+/, "") : line;
}

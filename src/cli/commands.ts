/**
 * Cuts typed or piped text into commands.
 *
 * Source: `arangosh.md` §2.3: a small scanner counts brackets, back-quoted strings and comments.
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
    const text = withoutPrompt(line, prompt);
    this.#lines.push(text);
    this.#openings.add(text);
    return this.#openings.isEmpty ? this.reset() : undefined;
  }

  /** Throws away what was gathered; returns it. */
  reset(): string {
    const text = this.#lines.join("\n");
    this.#lines = [];
    this.#openings = new Openings();
    return text;
  }
}

function withoutPrompt(line: string, prompt: string): string {
  const starts = [prompt.trimEnd(), "arangosh>", "..."].some((one) => one !== "" && line.startsWith(one));
  return starts && line.includes(">") ? line.slice(line.indexOf(">") + 1).replace(/^[ \t]+/, "") : line;
}

/**
 * What is wrong with a text that is not JSON, in the words of ArangoDB's parser.
 *
 * Source: recorded example `RestDocumentHandlerPostBadJson1` and its siblings.
 *
 * @module
 */

// deno-lint-ignore no-control-regex -- JSON forbids them in strings
const PLAIN = /[^"\\\u0000-\u001f]*/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const SPACE = /[ \t\r\n]*/y;

/** The text is not JSON, for a reason that clients are told. */
class Complaint extends Error {}

/** Reads JSON without making anything of it. Nesting costs no stack. */
class Scanner {
  readonly #text: string;
  #at = 0;
  /** What has been opened: `}` and `]` that are still to come. */
  readonly #open: string[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  /** @throws Complaint at the first character that cannot be there */
  scan(): void {
    do {
      this.#value();
    } while (this.#more());
    if (this.#at < this.#text.length) throw new Complaint("Expecting EOF");
  }

  /** Goes past what matches a sticky pattern, if it does. */
  #skip(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    const found = pattern.test(this.#text);
    if (found) this.#at = pattern.lastIndex;
    return found;
  }

  /** The next character that is no space; it stays there. */
  #peek(): string | undefined {
    this.#skip(SPACE);
    return this.#text[this.#at];
  }

  #expect(character: string, complaint: string): void {
    if (this.#peek() !== character) throw new Complaint(`Expecting ${complaint}`);
    this.#at++;
  }

  /** A value, or the beginning of one: arrays and objects up to where their first value begins. */
  #value(): void {
    for (;;) {
      const first = this.#peek();
      if (first === undefined) throw new Complaint("Expecting item");
      if (first !== "[" && first !== "{") return this.#scalar(first);
      this.#at++;
      this.#open.push(first === "[" ? "]" : "}");
      const next = this.#peek();
      if (next === undefined) throw new Complaint(first === "[" ? "Expecting item or ']'" : "Expecting item or '}'");
      if (next === this.#open.at(-1)) {
        this.#at++;
        this.#open.pop();
        return;
      }
      if (first === "{") this.#name();
    }
  }

  #name(): void {
    if (this.#peek() !== '"') throw new Complaint("Expecting '\"' or '}'");
    this.#string();
    this.#expect(":", "':'");
  }

  #scalar(first: string): void {
    if (first === '"') return this.#string();
    for (const word of ["true", "false", "null"]) {
      if (first !== word[0]) continue;
      if (!this.#text.startsWith(word, this.#at)) throw new Complaint(`Expecting '${word}'`);
      this.#at += word.length;
      return;
    }
    if (!this.#skip(NUMBER)) throw new Complaint("Expecting digit");
    if (/[.eE]/.test(this.#text[this.#at] ?? "")) throw new Complaint("Incomplete number");
  }

  #string(): void {
    this.#at++;
    do this.#skip(PLAIN); while (this.#skip(ESCAPE));
    const end = this.#text[this.#at];
    if (end === undefined) throw new Complaint("Unfinished string");
    if (end === "\\") throw new Complaint("Invalid escape sequence");
    if (end !== '"') throw new Complaint("Unescaped control character in string");
    this.#at++;
  }

  /** Closes what ends here; whether another value follows. */
  #more(): boolean {
    for (let end = this.#open.at(-1); end !== undefined; end = this.#open.at(-1)) {
      const next = this.#peek();
      if (next !== "," && next !== end) throw new Complaint(`Expecting ',' or '${end}'`);
      this.#at++;
      if (next === ",") {
        if (end === "}") this.#name();
        return true;
      }
      this.#open.pop();
    }
    this.#skip(SPACE);
    return false;
  }
}

/**
 * What is wrong with a text that is not JSON.
 *
 * @returns the complaint; undefined if the text is JSON
 */
export function jsonComplaint(text: string): string | undefined {
  try {
    new Scanner(text).scan();
    return undefined;
  } catch (error) {
    if (error instanceof Complaint) return error.message;
    throw error;
  }
}

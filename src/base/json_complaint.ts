/**
 * What is wrong with a text that is not JSON, or that ArangoDB does not take, in the words of its parser.
 *
 * Source: recorded example `RestDocumentHandlerPostBadJson1` and its siblings; for nesting the manual's "Known limitations for
 * AQL queries"; that names are unique, "What's New in ArangoDB 3.2".
 *
 * @module
 */

// deno-lint-ignore no-control-regex -- JSON forbids them in strings
const PLAIN = /[^"\\\u0000-\u001f]*/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const SPACE = /[ \t\r\n]*/y;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
/** How deep arrays and objects may lie in one another. */
const MAX_NESTING = 200;

/** The text is not taken, for a reason that clients are told. */
class Complaint extends Error {}

/** Reads JSON without making anything of it. Nesting costs no stack. */
class Scanner {
  readonly #text: string;
  #at = 0;
  /** What has been opened: `}` and `]` that are still to come. */
  readonly #open: string[] = [];
  /** The names in the objects that have been opened; none for arrays. */
  readonly #names: Set<string>[] = [];

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
      this.#names.push(new Set());
      if (this.#open.length > MAX_NESTING) throw new Complaint("Too deep nesting in Array/Object");
      const next = this.#peek();
      if (next === undefined) throw new Complaint(first === "[" ? "Expecting item or ']'" : "Expecting item or '}'");
      if (next === this.#open.at(-1)) {
        this.#at++;
        this.#close();
        return;
      }
      if (first === "{") this.#name();
    }
  }

  #close(): void {
    this.#open.pop();
    this.#names.pop();
  }

  #name(): void {
    if (this.#peek() !== '"') throw new Complaint("Expecting '\"' or '}'");
    const start = this.#at;
    this.#string();
    const name = JSON.parse(this.#text.slice(start, this.#at)) as string;
    this.#expect(":", "':'");
    const names = this.#names.at(-1)!;
    if (names.has(name)) throw new Complaint("Duplicate attribute name");
    names.add(name);
  }

  #scalar(first: string): void {
    if (first === '"') return this.#string();
    for (const word of ["true", "false", "null"]) {
      if (first !== word[0]) continue;
      if (!this.#text.startsWith(word, this.#at)) throw new Complaint(`Expecting '${word}'`);
      this.#at += word.length;
      return;
    }
    const start = this.#at;
    if (!this.#skip(NUMBER)) throw new Complaint("Expecting digit");
    if (/[.eE]/.test(this.#text[this.#at] ?? "")) throw new Complaint("Incomplete number");
    if (!Number.isFinite(Number(this.#text.slice(start, this.#at)))) throw new Complaint("Number out of range");
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
      this.#close();
    }
    this.#skip(SPACE);
    return false;
  }
}

/**
 * What is wrong with a text that is not JSON, or not taken.
 *
 * @returns the complaint; undefined if the text is taken
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

/**
 * Whether a text that is JSON is taken: names are unique in each object, numbers have a value, and nothing lies too deep. It
 * costs a fraction of reading the text.
 *
 * @param value what JSON.parse() makes of the text
 */
export function isTaken(text: string, value: unknown): boolean {
  const { names, depth } = shapeOf(text);
  if (depth > MAX_NESTING) return false;
  let found = 0;
  const left: unknown[] = [value];
  while (left.length > 0) {
    const one = left.pop();
    if (typeof one === "number") {
      if (!Number.isFinite(one)) return false;
    } else if (Array.isArray(one)) {
      for (const element of one) if (typeof element === "object" || typeof element === "number") left.push(element);
    } else if (one !== null && typeof one === "object") {
      const values = Object.values(one);
      found += values.length;
      for (const each of values) if (typeof each === "object" || typeof each === "number") left.push(each);
    }
  }
  return found === names;
}

/** How many names of attributes a valid JSON text has, and how deep it goes. */
function shapeOf(text: string): { names: number; depth: number } {
  let names = 0;
  let depth = 0;
  let deepest = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) i = endOfString(text, i);
    else if (code === COLON) names++;
    else if (code === 0x7b || code === 0x5b) deepest = Math.max(deepest, ++depth);
    else if (code === 0x7d || code === 0x5d) depth--;
  }
  return { names, depth: deepest };
}

/** The position of the quote that ends the text literal which starts at `at`; -1 where there is none. */
export function endOfString(text: string, at: number): number {
  for (let i = text.indexOf('"', at + 1);; i = text.indexOf('"', i + 1)) {
    let escapes = 0;
    while (text.charCodeAt(i - 1 - escapes) === BACKSLASH) escapes++;
    if (escapes % 2 === 0) return i;
  }
}

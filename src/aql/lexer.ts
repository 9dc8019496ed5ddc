/**
 * Cuts a query into tokens.
 *
 * Source: section 1 of `aql.md`.
 *
 * @module
 */
import { ArangoError } from "../base/arango_error.ts";
import { parseError } from "./query_error.ts";
import { type Keyword, KEYWORDS, type PUNCTUATION, type Token, tokenName } from "./token.ts";

/** What comes next, by its first characters; white space and comments are skipped before. */
const SPACE = /(?:[ \t\r\n]+|\/\/[^\n]*|\/\*[^]*?\*\/)+/y;
const WORD = /(?:\$|_+)?[A-Za-z][A-Za-z0-9_]*/y;
const RADIX = /0[bB][01]+|0[xX][0-9a-fA-F]+/y;
const DOUBLE = /(?:0|[1-9][0-9]*)?\.[0-9]+(?:[eE][+-]?[0-9]+)?|(?:0|[1-9][0-9]*)[eE][+-]?[0-9]+/y;
const INTEGER = /0|[1-9][0-9]*/y;
const PARAMETER = /@@?_*[A-Za-z0-9][A-Za-z0-9_]*/y;
const OPERATOR = /==|=~|=|!=|!~|!|<=|<|>=|>|&&|\|\||\.\.\.|\.\.|\.|::|:|[-+*/%?(){}[\],]/y;
const NOT_IN = /[ \t\r\n]+(?:IN)(?![A-Za-z0-9_])/iy;
const BANG_IN = /![ \t\r\n]*IN(?![A-Za-z0-9_])/iy;
const AT_LEAST = /[ \t\r\n]+LEAST(?![A-Za-z0-9_])/iy;

const ESCAPES: Readonly<Record<string, string>> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };

function unescape(raw: string): string {
  if (!raw.includes("\\")) return raw;
  return raw.replace(
    /\\(?:u([0-9a-fA-F]{4})|([^]))/g,
    (_all, unit?: string, other?: string) =>
      unit === undefined ? ESCAPES[other!] ?? other! : String.fromCharCode(parseInt(unit, 16)),
  );
}

/** Gives the tokens of a text one after another. */
export class Lexer {
  readonly #text: string;
  readonly #maxTokens: number;
  #at = 0;
  #count = 0;
  #last: Token | undefined;

  /**
   * @param text the query
   * @param maxTokens after how many tokens the text is refused: a bound on the work for hostile texts
   */
  constructor(text: string, maxTokens: number) {
    this.#text = text;
    this.#maxTokens = maxTokens;
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    return pattern.test(this.#text) ? this.#text.slice(this.#at, pattern.lastIndex) : undefined;
  }

  /**
   * The next token; `end` again and again after the last one.
   *
   * @throws LocatedQueryError 1501 where no token can start, ArangoError 1524 for too many tokens
   */
  next(): Token {
    const token = this.#read();
    this.#at = token.end;
    if (token.kind !== "end") this.#last = token;
    if (++this.#count > this.#maxTokens) {
      throw new ArangoError(
        "ERROR_QUERY_TOO_MUCH_NESTING",
        `too much nesting or too many objects: the query has over ${this.#maxTokens} tokens`,
      );
    }
    return token;
  }

  #read(): Token {
    const text = this.#text;
    SPACE.lastIndex = this.#at;
    if (SPACE.test(text)) this.#at = SPACE.lastIndex;
    const start = this.#at;
    if (start >= text.length) return { kind: "end", start: this.#lastPiece(), end: text.length, text: "" };
    const first = text[start]!;
    if (/[A-Za-z_$]/.test(first)) return this.#word(start);
    if (/[0-9.]/.test(first)) {
      const number = this.#number(start);
      if (number) return number;
    }
    if (first === '"' || first === "'") return this.#quoted(start, first, "string");
    if (first === "`" || first === "´") return this.#quoted(start, first, "identifier");
    if (first === "@") {
      const found = this.#match(PARAMETER);
      if (found) {
        const double = found[1] === "@";
        const kind = double ? "collectionBind" : "bind";
        return { kind, start, end: start + found.length, text: found.slice(double ? 2 : 1) };
      }
    }
    if (text.startsWith("/*", start)) {
      throw parseError("unexpected unterminated multi-line comment", text, start);
    }
    // `a ! IN b` is one operator, while `!IN` cannot start an operand
    if (first === "!" && this.#afterOperand()) {
      const found = this.#match(BANG_IN);
      if (found) return { kind: "NOT IN", start, end: start + found.length, text: found };
    }
    const found = this.#match(OPERATOR);
    if (found) return { kind: found as keyof typeof PUNCTUATION, start, end: start + found.length, text: found };
    // bytes beyond ASCII end the query for ArangoDB's parser, as reports of non-breaking spaces in queries show
    const unexpected = first > "\x7f" ? tokenName("end") : `character '${first}'`;
    throw parseError(`syntax error, unexpected ${unexpected}`, text, start);
  }

  /**
   * Where messages say that the query ends: at the start of its last token, or of the blanks behind it.
   *
   * Source: `… unexpected end of query string near '}' at position 1:237` of a query with 237 characters, `… near 'js' at
   * position 6:22`, and `… near '                ' at position 6:1`, as servers were reported to say.
   */
  #lastPiece(): number {
    const text = this.#text;
    const tail = text.slice(this.#last?.end ?? 0);
    const blanks = /[ \t\r]+$/.exec(tail);
    if (blanks) return text.length - blanks[0].length;
    if (tail !== "" || !this.#last) return text.length;
    // of quoted texts, the closing quote is a piece of its own
    return this.#last.kind === "string" || this.#last.quoted ? text.length - 1 : this.#last.start;
  }

  #afterOperand(): boolean {
    switch (this.#last?.kind) {
      case "identifier":
      case "string":
      case "integer":
      case "double":
      case "bind":
      case "collectionBind":
      case ")":
      case "]":
      case "}":
      case "NULL":
      case "TRUE":
      case "FALSE":
      case "ALL":
      case "ANY":
      case "NONE":
        return true;
      default:
        return false;
    }
  }

  #word(start: number): Token {
    const found = this.#match(WORD);
    if (!found) {
      throw parseError(`syntax error, unexpected character '${this.#text[start]}'`, this.#text, start);
    }
    const end = start + found.length;
    const upper = found.toUpperCase();
    if (upper === "NOT" || upper === "AT") {
      const pattern = upper === "NOT" ? NOT_IN : AT_LEAST;
      pattern.lastIndex = end;
      if (pattern.test(this.#text)) {
        const kind = upper === "NOT" ? "NOT IN" : "AT LEAST";
        return { kind, start, end: pattern.lastIndex, text: this.#text.slice(start, pattern.lastIndex) };
      }
    }
    if (Object.hasOwn(KEYWORDS, upper)) return { kind: upper as Keyword, start, end, text: found };
    return { kind: "identifier", start, end, text: found };
  }

  #number(start: number): Token | undefined {
    const radix = this.#match(RADIX);
    if (radix) {
      const binary = radix[1] === "b" || radix[1] === "B";
      if (radix.length - 2 > (binary ? 32 : 8)) {
        const name = binary ? "binary" : "hex";
        throw parseError(`${name} number literal value exceeds the supported range`, this.#text, start);
      }
      return { kind: "integer", start, end: start + radix.length, text: String(Number(radix)) };
    }
    const double = this.#match(DOUBLE);
    if (double) return { kind: "double", start, end: start + double.length, text: double };
    const integer = this.#match(INTEGER);
    return integer ? { kind: "integer", start, end: start + integer.length, text: integer } : undefined;
  }

  #quoted(start: number, quote: string, kind: "string" | "identifier"): Token {
    const text = this.#text;
    for (let at = start + 1; at < text.length; at++) {
      const character = text[at]!;
      if (character === "\\") at++;
      else if (character === quote) {
        const content = unescape(text.slice(start + 1, at));
        const token = { kind, start, end: at + 1, text: content } as const;
        return kind === "string" ? token : { ...token, quoted: true };
      }
    }
    const what = kind === "string" ? "string literal" : "identifier";
    throw parseError(`unexpected unterminated ${what}`, text, start);
  }
}

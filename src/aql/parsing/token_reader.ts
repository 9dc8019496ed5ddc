/**
 * The tokens of a query, read from left to right, and the names among them.
 *
 * @module
 */
import { ArangoError } from "../../base/arango_error.ts";
import type { BindExpression, DataSourceName, VariablePattern } from "../ast.ts";
import { Lexer } from "../lexer.ts";
import { parseError } from "../query_error.ts";
import { type Token, type TokenKind, tokenName } from "../token.ts";

/** Bounds on what is accepted, against texts that were made to exhaust the machine. */
export interface ParseLimits {
  /** @default {67108864} the length of the text in UTF-16 units */
  readonly maxLength?: number;
  /** @default {5000000} */
  readonly maxTokens?: number;
  /** @default {500} levels of nested expressions and subqueries: ArangoDB's bound */
  readonly maxDepth?: number;
}

const VARIABLE_NAME = /^(?:\$|_*)[A-Za-z]/;
const TOO_DEEP = "too much nesting or too many objects";

/** A new node that nothing can change. */
export function node<T extends object>(fields: T): Readonly<T> {
  return Object.freeze(fields);
}

/** Reads the tokens of a query and refuses those that are out of place. */
export class TokenReader {
  /** The query. */
  readonly text: string;
  /** The names of the bind parameters so far. */
  readonly binds: string[] = [];
  /** How many levels of nesting are open. */
  depth = 0;
  /** The number of the current token. */
  protected position = 0;
  readonly #lexer: Lexer;
  readonly #maxDepth: number;
  /** Tokens that have been read, the current one at `position`. */
  readonly #tokens: Token[] = [];

  /** Throws ArangoError 1502 for no text, and 1524 for one over the limits. */
  constructor(text: string, limits: ParseLimits) {
    const { maxLength = 67108864, maxTokens = 5000000, maxDepth = 500 } = limits;
    if (text === "") throw new ArangoError("ERROR_QUERY_EMPTY");
    if (text.length > maxLength) {
      throw new ArangoError(
        "ERROR_QUERY_TOO_MUCH_NESTING",
        `${TOO_DEEP}: the query has ${text.length} characters, over the ${maxLength} allowed`,
      );
    }
    this.text = text;
    this.#lexer = new Lexer(text, maxTokens);
    this.#maxDepth = maxDepth;
  }

  /** The current token, or one after it. */
  peek(ahead = 0): Token {
    while (this.#tokens.length <= this.position + ahead) this.#tokens.push(this.#lexer.next());
    return this.#tokens[this.position + ahead]!;
  }

  /** Whether the current token is of a kind. */
  is(kind: TokenKind): boolean {
    return this.peek().kind === kind;
  }

  /** The current token; the next one becomes the current. */
  take(): Token {
    const token = this.peek();
    this.position++;
    return token;
  }

  /** Takes the current token if it is of a kind. */
  accept(kind: TokenKind): Token | undefined {
    return this.is(kind) ? this.take() : undefined;
  }

  /** Takes the current token, which has to be of a kind. */
  expect(kind: TokenKind): Token {
    return this.is(kind) ? this.take() : this.unexpected(tokenName(kind));
  }

  /** Refuses the current token; throws ArangoError 1501. */
  unexpected(expecting?: string): never {
    const token = this.peek();
    const hint = expecting === undefined ? "" : `, expecting ${expecting}`;
    throw parseError(`syntax error, unexpected ${tokenName(token.kind)}${hint}`, this.text, token.start);
  }

  /** Throws ArangoError 1501 with a place. */
  fail(message: string, at: number): never {
    throw parseError(message, this.text, at);
  }

  /** Whether the current token is one of these contextual words. */
  isWord(...words: string[]): boolean {
    const token = this.peek();
    return token.kind === "identifier" && !token.quoted && words.includes(token.text.toUpperCase());
  }

  /** Takes the current token if it is a contextual word. */
  acceptWord(word: string): Token | undefined {
    return this.isWord(word) ? this.take() : undefined;
  }

  /** Refuses an identifier that is none of the words that may stand here. */
  onlyWords(...words: string[]): void {
    const token = this.peek();
    if (token.kind !== "identifier" || this.isWord(...words)) return;
    const list = words.map((word) => `'${word}'`).join(" or ");
    this.fail(`unexpected qualifier '${token.text}', expecting ${list}`, token.start);
  }

  /** Opens a level of nesting; throws ArangoError 1524 if there are too many. */
  deeper(): void {
    if (++this.depth > this.#maxDepth) throw new ArangoError("ERROR_QUERY_TOO_MUCH_NESTING");
  }

  /** Takes `@name`. */
  bind(): BindExpression {
    const token = this.expect("bind");
    if (!this.binds.includes(token.text)) this.binds.push(token.text);
    return node({ kind: "bind", at: token.start, name: token.text });
  }

  /** Takes `@@name`. */
  collectionBind(): Extract<DataSourceName, { kind: "collectionBind" }> {
    const token = this.expect("collectionBind");
    if (!this.binds.includes(`@${token.text}`)) this.binds.push(`@${token.text}`);
    return node({ kind: "collectionBind", at: token.start, name: token.text });
  }

  /** Takes the name of a variable that is declared here. */
  variable(): VariablePattern {
    const token = this.expect("identifier");
    if (token.quoted && !VARIABLE_NAME.test(token.text)) {
      throw new ArangoError("ERROR_QUERY_PARSE", `variable name '${token.text}' has an invalid format`);
    }
    return node({ kind: "variable", at: token.start, name: token.text });
  }
}

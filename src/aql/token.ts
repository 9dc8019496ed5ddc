/**
 * The kinds of tokens and their names in error messages.
 *
 * Source: sections 1 and 17.2 of `aql.md`.
 *
 * @module
 */

/** Reserved words, in upper case, and how messages call them. */
export const KEYWORDS = {
  AGGREGATE: "AGGREGATE keyword",
  ALL: "all modifier",
  ALL_SHORTEST_PATHS: "ALL_SHORTEST_PATHS keyword",
  AND: "and operator",
  ANY: "any modifier",
  ASC: "ASC keyword",
  COLLECT: "COLLECT declaration",
  DESC: "DESC keyword",
  DISTINCT: "DISTINCT modifier",
  FALSE: "false",
  FILTER: "FILTER declaration",
  FOR: "FOR declaration",
  GRAPH: "GRAPH keyword",
  IN: "IN keyword",
  INBOUND: "inbound modifier",
  INSERT: "INSERT command",
  INTO: "INTO keyword",
  K_PATHS: "K_PATHS keyword",
  K_SHORTEST_PATHS: "K_SHORTEST_PATHS keyword",
  LET: "LET declaration",
  LIKE: "like operator",
  LIMIT: "LIMIT declaration",
  NONE: "none modifier",
  NOT: "not operator",
  NULL: "null",
  OR: "or operator",
  OUTBOUND: "outbound modifier",
  REMOVE: "REMOVE command",
  REPLACE: "REPLACE command",
  RETURN: "RETURN declaration",
  SHORTEST_PATH: "SHORTEST_PATH keyword",
  SORT: "SORT declaration",
  TRUE: "true",
  UPDATE: "UPDATE command",
  UPSERT: "UPSERT command",
  WINDOW: "WINDOW declaration",
  WITH: "WITH keyword",
} as const;

/** Operators and punctuation, and how messages call them. */
export const PUNCTUATION = {
  "==": "== operator",
  "!=": "!= operator",
  "<": "< operator",
  "<=": "<= operator",
  ">": "> operator",
  ">=": ">= operator",
  "=~": "~= operator",
  "!~": "~! operator",
  "=": "assignment",
  "+": "+ operator",
  "-": "- operator",
  "*": "* operator",
  "/": "/ operator",
  "%": "% operator",
  "!": "not operator",
  "&&": "and operator",
  "||": "or operator",
  "?": "?",
  ":": ":",
  "::": "::",
  ".": ".",
  "..": "..",
  "...": "...",
  "(": "(",
  ")": ")",
  "{": "{",
  "}": "}",
  "[": "[",
  "]": "]",
  ",": ",",
} as const;

/** The remaining kinds, and how messages call them. */
const OTHERS = {
  "NOT IN": "not in operator",
  "AT LEAST": "at least modifier",
  identifier: "identifier",
  string: "quoted string",
  integer: "integer number",
  double: "number",
  bind: "bind parameter",
  collectionBind: "bind data source parameter",
  end: "end of query string",
} as const;

/** A reserved word. */
export type Keyword = keyof typeof KEYWORDS;

/** The kind of a token. */
export type TokenKind = Keyword | keyof typeof PUNCTUATION | keyof typeof OTHERS;

const NAMES: Readonly<Record<TokenKind, string>> = { ...KEYWORDS, ...PUNCTUATION, ...OTHERS };

/** A token of the text. */
export interface Token {
  readonly kind: TokenKind;
  /** The position of the first character, in UTF-16 units. */
  readonly start: number;
  /** The position after the last character. */
  readonly end: number;
  /** Identifiers, strings, parameters: the name or text, unescaped. Numbers: the digits. Keywords: as written. */
  readonly text: string;
  /** Identifiers: whether it was written in ticks. */
  readonly quoted?: boolean;
}

/** How error messages call a kind of token. */
export function tokenName(kind: TokenKind): string {
  return NAMES[kind];
}

/**
 * The binary operators of AQL and how tightly they bind.
 *
 * @module
 */
import type { BinaryOperator } from "../ast.ts";
import type { TokenKind } from "../token.ts";

/** A binary operator: `..` makes ranges. */
export interface Infix {
  /** How tightly it binds: the larger, the tighter. */
  readonly level: number;
  readonly operator: BinaryOperator | "..";
}

export const EQUALITY = 2;
export const RELATIONAL = 4;

/** The binary operators by their tokens. */
export const INFIXES: ReadonlyMap<TokenKind, Infix> = new Map<TokenKind, Infix>([
  ["OR", { level: 0, operator: "||" }],
  ["||", { level: 0, operator: "||" }],
  ["AND", { level: 1, operator: "&&" }],
  ["&&", { level: 1, operator: "&&" }],
  ["==", { level: EQUALITY, operator: "==" }],
  ["!=", { level: EQUALITY, operator: "!=" }],
  ["=~", { level: EQUALITY, operator: "=~" }],
  ["!~", { level: EQUALITY, operator: "!~" }],
  ["LIKE", { level: EQUALITY, operator: "LIKE" }],
  ["IN", { level: 3, operator: "IN" }],
  ["NOT IN", { level: 3, operator: "NOT IN" }],
  ["<", { level: RELATIONAL, operator: "<" }],
  ["<=", { level: RELATIONAL, operator: "<=" }],
  [">", { level: RELATIONAL, operator: ">" }],
  [">=", { level: RELATIONAL, operator: ">=" }],
  ["..", { level: 5, operator: ".." }],
  ["+", { level: 6, operator: "+" }],
  ["-", { level: 6, operator: "-" }],
  ["*", { level: 7, operator: "*" }],
  ["/", { level: 7, operator: "/" }],
  ["%", { level: 7, operator: "%" }],
]);
/** What may follow NOT between two operands. */
export const NEGATED: ReadonlyMap<TokenKind, BinaryOperator> = new Map<TokenKind, BinaryOperator>([
  ["LIKE", "NOT LIKE"],
  ["=~", "!~"],
  ["!~", "=~"],
]);

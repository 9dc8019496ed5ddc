/**
 * What ArangoDB calls the nodes of its syntax trees, and the numbers that it has for them.
 *
 * Source: section 19.4 of `aql.md`.
 *
 * @module
 */

/** The numbers of node types. */
export const TYPE_IDS: Readonly<Record<string, number>> = {
  "unary plus": 15,
  "unary minus": 16,
  "unary not": 17,
  "logical and": 18,
  "logical or": 19,
  plus: 20,
  minus: 21,
  times: 22,
  division: 23,
  modulus: 24,
  "compare ==": 25,
  "compare !=": 26,
  "compare <": 27,
  "compare <=": 28,
  "compare >": 29,
  "compare >=": 30,
  "compare in": 31,
  "compare not in": 32,
  ternary: 33,
  "attribute access": 35,
  "indexed access": 37,
  expansion: 38,
  iterator: 39,
  value: 40,
  array: 41,
  object: 42,
  "object element": 43,
  collection: 44,
  reference: 45,
  parameter: 46,
  "function call": 47,
  "user function call": 48,
  range: 49,
  "no-op": 50,
  "bound attribute access": 36,
  "calculated object element": 53,
  "array limit": 57,
  "n-ary and": 62,
  "n-ary or": 63,
  "array compare ==": 65,
  "array compare !=": 66,
  "array compare <": 67,
  "array compare <=": 68,
  "array compare >": 69,
  "array compare >=": 70,
  "array compare in": 71,
  "array compare not in": 72,
  quantifier: 73,
  "datasource parameter": 78,
  "array filter": 81,
};

/** The types of the nodes of binary operators; comparisons have `compare` and the operator. */
export const OPERATORS: Readonly<Record<string, string>> = {
  "&&": "logical and",
  "||": "logical or",
  "+": "plus",
  "-": "minus",
  "*": "times",
  "/": "division",
  "%": "modulus",
  IN: "compare in",
  "NOT IN": "compare not in",
};

/** The types of the nodes of unary operators. */
export const UNARY: Readonly<Record<string, string>> = { "+": "unary plus", "-": "unary minus", "!": "unary not" };

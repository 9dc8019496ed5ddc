/**
 * The text of a query, and places in it.
 *
 * @module
 */

/** A place in a query as people count: both numbers start at 1. */
export interface Location {
  readonly line: number;
  /** Bytes (UTF-8) from the start of the line, plus one. */
  readonly column: number;
}

/** How much of the text a message quotes. */
const EXCERPT = 32;

/**
 * The line and column of a position.
 *
 * @param text the query
 * @param offset the position in UTF-16 units
 */
export function locationOf(text: string, offset: number): Location {
  let line = 1;
  let start = 0;
  for (let at = text.indexOf("\n"); at >= 0 && at < offset; at = text.indexOf("\n", at + 1)) {
    line++;
    start = at + 1;
  }
  return { line, column: new TextEncoder().encode(text.slice(start, offset)).length + 1 };
}

/** The text from a position on as messages quote it: 32 characters at most, then `...`. */
export function excerptAt(text: string, offset: number): string {
  const rest = text.slice(offset, offset + EXCERPT);
  return offset + EXCERPT < text.length ? `${rest}...` : rest;
}

/**
 * The line of a position with a caret below it, for people.
 *
 * @param text the query
 * @param offset the position in UTF-16 units
 */
export function pointAt(text: string, offset: number): string {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  const end = text.indexOf("\n", offset);
  const line = text.slice(start, end < 0 ? text.length : end).replace(/\r$/, "");
  const { line: number } = locationOf(text, offset);
  const margin = `${number} | `;
  const indent = text.slice(start, offset).replace(/[^\t]/g, " ");
  return `${margin}${line}\n${" ".repeat(margin.length)}${indent}^`;
}

/**
 * Texts on a terminal: what they look like there, and where they end.
 *
 * @module
 */
import { characterWidth, textWidth } from "./text_width.ts";

/** Text as it is shown: tabs as blanks, no other control characters. */
export function visible(text: string): string {
  // deno-lint-ignore no-control-regex -- they would move the cursor
  return text.replaceAll("\t", "  ").replace(/[\x00-\x09\x0b-\x1f\x7f]/g, "?");
}

/**
 * Where a text ends that begins in the first row.
 *
 * @param start its first column
 * @param columns how many a row has
 */
export function placeAfter(start: number, text: string, columns: number): { row: number; column: number } {
  if (!text.includes("\n") && textWidth(text) === text.length) {
    const end = start + text.length;
    return { row: Math.floor(end / columns), column: end % columns };
  }
  let row = Math.floor(start / columns);
  let column = start % columns;
  for (const char of text) {
    const width = char === "\n" ? 0 : characterWidth(char);
    if (char === "\n" || column + width > columns) {
      row++;
      column = 0;
    }
    column += width;
    if (column === columns) {
      row++;
      column = 0;
    }
  }
  return { row, column };
}

/**
 * Lists texts beside and below each other.
 *
 * @param columns how many a row has
 */
export function inColumns(texts: readonly string[], columns: number): string {
  const width = Math.max(...texts.map(textWidth)) + 2;
  const count = Math.max(1, Math.floor(columns / width));
  const height = Math.ceil(texts.length / count);
  const lines = Array.from({ length: height }, (_, row) => {
    const cells = texts.filter((_text, at) => at % height === row);
    return cells.map((text) => text + " ".repeat(width - textWidth(text))).join("").trimEnd();
  });
  return lines.map((line) => `${line}\r\n`).join("");
}

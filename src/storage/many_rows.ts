/**
 * Statements that write many rows at once: to go from JavaScript into SQLite costs more than to write a row.
 *
 * @module
 */

/** Rows of one INSERT: fifty are nearly as good as more (`storage-measurements.md`). */
const ROWS_PER_INSERT = 50;
/** Rows of one INSERT where there are as many. Measured: a row takes a fifth less than with fifty. */
const MOST_ROWS_PER_INSERT = 200;

/** How many of the rows that are left go into the next statement: a few sizes, so that few statements are prepared. */
export function rowsAtOnce(left: number): number {
  return left >= MOST_ROWS_PER_INSERT ? MOST_ROWS_PER_INSERT : Math.min(left, ROWS_PER_INSERT);
}

/** The text of some equal rows in such a statement. */
export function repeated(row: string, count: number): string {
  return Array(count).fill(row).join(",");
}

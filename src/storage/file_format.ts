/**
 * The formats of files: a number in each file, and steps from one to the next.
 *
 * @module
 */
import { ArangoError } from "../base/arango_error.ts";
import type { SqliteFile } from "./sqlite.ts";

/** The format of a file; 0 for an empty one. */
export function formatOf(file: SqliteFile): number {
  return Number(file.sql("PRAGMA user_version").get()![0]);
}

/** The error for a file of a format that this version does not know yet. */
export function newerFormat(path: string, format: number, known: number): ArangoError {
  return new ArangoError(
    "ERROR_INTERNAL",
    `cannot open ${path}: its format ${format} was written by a newer denosh (this one knows ${known}); update denosh`,
  );
}

/**
 * Brings a file to a format, in one transaction: who dies in between leaves it as it was.
 *
 * @param to the format
 * @param steps the last one leads to `to`, each other one to the format before its successor's
 * @param after runs behind the steps, with the format that the file had
 * @returns `to`
 */
export function migrate(
  file: SqliteFile,
  to: number,
  steps: readonly string[],
  after?: (from: number) => void,
): number {
  file.transaction(() => {
    // another process may have done it while this one waited for the lock
    const from = formatOf(file);
    if (from >= to) return;
    for (const step of steps.slice(steps.length - (to - from))) file.exec(step);
    after?.(from);
    file.exec(`PRAGMA user_version = ${to}`);
  });
  return to;
}

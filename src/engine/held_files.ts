/**
 * Files that several requests read in one state: to lock a file for each of them takes longer than to find a document in it.
 *
 * @module
 */
import type { SqliteFile } from "../storage/sqlite.ts";

/** The files that are held now. */
export class HeldFiles {
  readonly #files = new Set<SqliteFile>();
  #isOn = false;

  /** Does the work of requests: what they {@linkcode hold} stays held until it is done. */
  during<T>(body: () => T): T {
    if (this.#isOn) return body();
    this.#isOn = true;
    try {
      return body();
    } finally {
      this.#isOn = false;
      this.release();
    }
  }

  /** Fixes the state of a file from the next read on, if that is asked for now. */
  hold(file: SqliteFile): void {
    if (!this.#isOn || file.inTransaction) return;
    file.exec("BEGIN");
    this.#files.add(file);
  }

  /**
   * Takes over a file that is held: its state stays until {@linkcode giveBack}.
   *
   * @returns false if it is not held
   */
  take(file: SqliteFile): boolean {
    return this.#files.delete(file);
  }

  /** Ends the state of a file, or leaves it to those who come next. */
  giveBack(file: SqliteFile): void {
    if (!file.inTransaction) return;
    if (this.#isOn) this.#files.add(file);
    else file.exec("COMMIT");
  }

  /** Forgets a file that is closed. */
  forget(file: SqliteFile): void {
    this.#files.delete(file);
  }

  /** Ends the states of all files, or of one: the next read sees what was committed meanwhile. */
  release(only?: SqliteFile): void {
    for (const file of only ? [only] : [...this.#files]) if (this.#files.delete(file)) file.exec("COMMIT");
  }
}

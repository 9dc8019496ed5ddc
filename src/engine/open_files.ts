/**
 * The collection files that are open, no more than a process should have.
 *
 * @module
 */
import { join } from "node:path";
import type { OpenOptions } from "../storage/collection_file.ts";
import { TransactionFile } from "../storage/transaction_file.ts";
import type { FileHandle } from "./file_handle.ts";

/** How many files stay open; each takes up to three file descriptors. */
const MOST = 128;

/** Opens collection files and closes those that have not been used for longest. */
export class OpenFiles {
  readonly #folder: string;
  readonly #options: OpenOptions;
  readonly #recent = new Set<FileHandle>();

  /** @param folder where collection files lie */
  constructor(folder: string, options: OpenOptions) {
    this.#folder = folder;
    this.#options = options;
  }

  /** Where a file lies. */
  path(name: string): string {
    return join(this.#folder, name);
  }

  /** Opens the file of a collection. */
  open(collection: FileHandle, name: string): TransactionFile {
    const file = TransactionFile.open(this.path(name), collection.isEdge, this.#options);
    this.#recent.add(collection);
    for (const other of this.#recent) {
      if (this.#recent.size <= MOST) break;
      if (other !== collection && !other.isLocked) other.close();
    }
    return file;
  }

  /** Notes that a collection's file is in use. */
  touch(collection: FileHandle): void {
    this.#recent.delete(collection);
    this.#recent.add(collection);
  }

  /** Notes that a collection's file was closed. */
  forget(collection: FileHandle): void {
    this.#recent.delete(collection);
  }
}

/**
 * The pages of a file on their way to the disk, in ascending order.
 *
 * @module
 */
import { closeSync, openSync, readSync, writeSync } from "node:fs";
import { COLLECTION_PAGE_SIZE as PAGE } from "./collection_tables.ts";
import { storageError } from "./sqlite.ts";
import { LOCK_PAGE } from "./sqlite_page.ts";

/** Bytes that are written at once. */
const BUFFER = 1024 * 1024;

/** Appends pages to a file. */
export class PageOutput {
  readonly #path: string;
  readonly #descriptor: number;
  #next: number;
  readonly #buffer = new Uint8Array(BUFFER);
  /** The page at the start of the buffer. */
  #bufferPage: number;
  #buffered = 0;
  #closed = false;

  /** @param next the number of the first page to be written */
  constructor(path: string, next: number) {
    this.#path = path;
    this.#descriptor = openSync(path, "r+");
    this.#next = this.#bufferPage = next;
  }

  /** The number that the next page will have. */
  get next(): number {
    return this.#next === LOCK_PAGE ? this.#next + 1 : this.#next;
  }

  /** The number behind the last page. */
  get end(): number {
    return this.#next;
  }

  /** Goes on behind the last page that counts; what was written behind it is written anew. */
  continueAt(next: number): void {
    this.#next = this.#bufferPage = next;
  }

  /** Takes the number of a page. */
  allocate(): number {
    const number = this.next;
    this.#next = number + 1;
    return number;
  }

  /** Writes a page, or keeps it until many can be written at once; pages come in ascending order. */
  emit(number: number, content: Uint8Array): void {
    const at = (number - this.#bufferPage) * PAGE;
    if (at + PAGE > BUFFER) {
      this.flush();
      this.#bufferPage = number;
      this.#buffer.set(content, 0);
      this.#buffered = PAGE;
    } else {
      if (at > this.#buffered) this.#buffer.fill(0, this.#buffered, at);
      this.#buffer.set(content, at);
      this.#buffered = at + PAGE;
    }
  }

  /** Writes what was kept. */
  flush(): void {
    this.write(this.#buffer.subarray(0, this.#buffered), (this.#bufferPage - 1) * PAGE);
    this.#buffered = 0;
  }

  /** Writes everything, so that the next page begins a new buffer. */
  checkpoint(): void {
    this.flush();
    this.#bufferPage = this.#next;
  }

  /** Reads a page that has been written. */
  read(number: number, into: Uint8Array): void {
    readSync(this.#descriptor, into, 0, PAGE, (number - 1) * PAGE);
  }

  /**
   * Writes bytes anywhere.
   *
   * @throws ArangoError as {@linkcode storageError} tells
   */
  write(bytes: Uint8Array, position: number): void {
    try {
      for (let done = 0; done < bytes.length;) {
        done += writeSync(this.#descriptor, bytes, done, bytes.length - done, position + done);
      }
    } catch (cause) {
      const full = (cause as { code?: string }).code === "ENOSPC" || /No space left/.test(String(cause));
      throw storageError(full ? Object.assign(new Error("no space left"), { errcode: 13 }) : cause, this.#path);
    }
  }

  /** Closes the file as it is. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    closeSync(this.#descriptor);
  }
}

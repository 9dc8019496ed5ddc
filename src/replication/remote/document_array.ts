/**
 * Documents of a dump as the body of a request that stores them: bytes are copied, not parsed and written again.
 *
 * @module
 */
import { ArangoError } from "../../base/arango_error.ts";
import { elements } from "../../base/json_text.ts";
import type { DocumentBytes } from "../../storage/bulk_file.ts";
import type { StoredDocument } from "../../storage/document_table.ts";
import { exactDocument } from "../exact_document.ts";

/** Bytes of documents, about, and how many of them one request has. */
export const MOST_BYTES = 8 * 1024 * 1024;
export const MOST_DOCUMENTS = 5_000;

/** Bytes that an array has room for at first. */
const FIRST_BYTES = 64 * 1024;
const decoder = new TextDecoder("utf-8", { fatal: true });
const OPEN = 0x5b;
const COMMA = 0x2c;
const CLOSE = 0x5d;
/** What stands before a document's key. */
const BEFORE_KEY = `{"_key":"`.length;

/** A JSON array of documents without `_id`, which has the name of the leader's collection in it. */
export class DocumentArray {
  readonly #collection: string;
  readonly #isEdge: boolean;
  /** Bytes of `_id` that are not the key. */
  readonly #idLength: number;
  #bytes = new Uint8Array(FIRST_BYTES);
  #length = 0;
  #count = 0;

  /** @param collection the name that documents have in their `_id` */
  constructor(collection: string, isEdge: boolean) {
    this.#collection = collection;
    this.#isEdge = isEdge;
    this.#idLength = new TextEncoder().encode(`,"_id":${JSON.stringify(`${collection}/`)}`).length;
  }

  /** How many documents there are. */
  get count(): number {
    return this.#count;
  }

  /** Whether a request should carry no more. */
  get isFull(): boolean {
    return this.#count >= MOST_DOCUMENTS || this.#length >= MOST_BYTES;
  }

  /** Adds a document in the form in which it would be stored. */
  add({ bytes, keyStart, keyEnd, textStart, textEnd }: DocumentBytes): void {
    const key = keyEnd - keyStart;
    const idStart = textStart + BEFORE_KEY + key + 1;
    const idEnd = idStart + this.#idLength + key;
    // two brackets, or one and a comma
    this.#reserve(textEnd - textStart + 2);
    this.#bytes[this.#length++] = this.#count === 0 ? OPEN : COMMA;
    this.#copy(bytes, textStart, idStart);
    this.#copy(bytes, idEnd, textEnd);
    this.#count++;
  }

  #copy(bytes: Uint8Array, start: number, end: number): void {
    this.#bytes.set(bytes.subarray(start, end), this.#length);
    this.#length += end - start;
  }

  #reserve(length: number): void {
    const needed = this.#length + length;
    if (needed <= this.#bytes.length) return;
    this.#bytes = new Uint8Array(this.#bytes.buffer.transfer(Math.max(needed, 2 * this.#bytes.length)));
  }

  /** The text of the array, as long as no document is added. */
  body(): Uint8Array<ArrayBuffer> {
    this.#bytes[this.#length] = CLOSE;
    return this.#bytes.subarray(0, this.#length + 1);
  }

  /**
   * The documents, each by itself.
   *
   * @throws ArangoError 1401 if they are not UTF-8
   */
  documents(): StoredDocument[] {
    return elements(this.#text()).map((document) => exactDocument(this.#collection, this.#isEdge, document));
  }

  #text(): string {
    try {
      return decoder.decode(this.body());
    } catch (cause) {
      throw new ArangoError(
        "ERROR_REPLICATION_INVALID_RESPONSE",
        `invalid response from leader: collection '${this.#collection}' has a document that is not UTF-8`,
        { cause },
      );
    }
  }

  /** Removes all documents, and keeps the room that they had. */
  clear(): void {
    this.#length = 0;
    this.#count = 0;
  }
}

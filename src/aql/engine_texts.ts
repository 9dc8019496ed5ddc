/**
 * The documents of a collection's file as texts, for queries that return them as they are stored, or attributes of them.
 *
 * @module
 */
import type { CollectionFile } from "../storage/collection_file.ts";
import type { SqlPart } from "../storage/document_sql.ts";
import type { IndexBytes, IndexPosition } from "../storage/index_entries.ts";
import type { DocumentCursor, IndexRange, TextReader } from "./data_source.ts";
import { rangeCursor } from "./engine_pieces.ts";
import { type IndexPage, NOTHING, RangeCursor } from "./engine_cursors.ts";

/** Gives what SQLite makes of documents. */
export class FileTexts implements TextReader {
  readonly #file: CollectionFile | undefined;
  readonly #output: SqlPart;

  /**
   * @param file undefined while the collection is empty
   * @param output what is made of a document
   */
  constructor(file: CollectionFile | undefined, output: SqlPart) {
    this.#file = file;
    this.#output = output;
  }

  scan(): DocumentCursor<string> {
    return this.#file ? new TextScan(this.#file, this.#output) : NOTHING;
  }

  document(key: string): string | undefined {
    return this.#file?.textOfKey(key, this.#output);
  }

  byIndex(index: string, range: IndexRange): DocumentCursor<string> {
    const file = this.#file;
    if (!file) return NOTHING;
    const id = BigInt(index);
    return rangeCursor(file, id, range, {
      range: (bytes) => new TextRange(file, id, bytes, this.#output),
      entries: (positions) => file.textsOfRevisions(positions.map(({ rev }) => rev), this.#output),
    });
  }
}

/** All documents of a file. */
class TextScan implements DocumentCursor<string> {
  readonly #file: CollectionFile;
  readonly #output: SqlPart;
  #after: bigint | undefined;
  #done = false;

  constructor(file: CollectionFile, output: SqlPart) {
    this.#file = file;
    this.#output = output;
  }

  next(max: number): string[] {
    if (this.#done) return [];
    const { texts, last } = this.#file.textsAfter(this.#after, max, this.#output);
    this.#after = last;
    this.#done = texts.length < max;
    return texts;
  }

  skip(count: number): number {
    if (this.#done) return 0;
    const { passed, last } = this.#file.pass(this.#after, count);
    this.#after = last;
    this.#done = last === undefined;
    return passed;
  }
}

/** The documents of a range of an index. */
class TextRange extends RangeCursor<string> {
  readonly #output: SqlPart;

  constructor(file: CollectionFile, id: bigint, range: IndexBytes, output: SqlPart) {
    super(file, id, range);
    this.#output = output;
  }

  protected page(after: IndexPosition | undefined, max: number): IndexPage<string> {
    const documents = this.file.indexTexts(this.id, this.range, after, max, this.#output);
    return { documents, end: this.endOf(after, documents.length, max) };
  }
}

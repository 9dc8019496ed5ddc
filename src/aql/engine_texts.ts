/**
 * The documents of a collection's file as texts, for queries that return them as they are stored, or attributes of them.
 *
 * @module
 */
import type { CollectionFile } from "../storage/collection_file.ts";
import type { FormText } from "../storage/document_sql.ts";
import type { IndexBytes, IndexPosition } from "../storage/index_entries.ts";
import type { DocumentCursor, IndexRange, TextReader } from "./data_source.ts";
import { rangeCursor } from "./engine_pieces.ts";
import { type IndexPage, NOTHING, RangeCursor } from "./engine_cursors.ts";

/** What is made of the texts that SQLite gives. No JSON text of one line has a line break. */
function finished(given: string[], { finish }: FormText): string[] {
  if (!finish || given.length === 0) return given;
  // pieces of a text keep it in memory as a whole: they are copied, all at once
  return given.map(finish).join("\n").split("\n");
}

/** Gives texts of what is made of documents. */
export class FileTexts implements TextReader {
  readonly #file: CollectionFile | undefined;
  readonly #form: FormText;

  /**
   * @param file undefined while the collection is empty
   * @param form what is made of a document
   */
  constructor(file: CollectionFile | undefined, form: FormText) {
    this.#file = file;
    this.#form = form;
  }

  scan(): DocumentCursor<string> {
    return this.#file ? new TextScan(this.#file, this.#form) : NOTHING;
  }

  document(key: string): string | undefined {
    const given = this.#file?.textOfKey(key, this.#form.given);
    return given === undefined ? undefined : finished([given], this.#form)[0];
  }

  byIndex(index: string, range: IndexRange): DocumentCursor<string> {
    const file = this.#file;
    if (!file) return NOTHING;
    const id = BigInt(index);
    return rangeCursor(file, id, range, {
      range: (bytes) => new TextRange(file, id, bytes, this.#form),
      entries: (positions) =>
        finished(file.textsOfRevisions(positions.map(({ rev }) => rev), this.#form.given), this.#form),
    });
  }
}

/** All documents of a file. */
class TextScan implements DocumentCursor<string> {
  readonly #file: CollectionFile;
  readonly #form: FormText;
  #after: bigint | undefined;
  #done = false;

  constructor(file: CollectionFile, form: FormText) {
    this.#file = file;
    this.#form = form;
  }

  next(max: number): string[] {
    if (this.#done) return [];
    const { texts, last } = this.#file.textsAfter(this.#after, max, this.#form.given);
    this.#after = last;
    this.#done = texts.length < max;
    return finished(texts, this.#form);
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
  readonly #form: FormText;

  constructor(file: CollectionFile, id: bigint, range: IndexBytes, form: FormText) {
    super(file, id, range);
    this.#form = form;
  }

  protected page(after: IndexPosition | undefined, max: number): IndexPage<string> {
    const given = this.file.indexTexts(this.id, this.range, after, max, this.#form.given);
    return { documents: finished(given, this.#form), end: this.endOf(after, given.length, max) };
  }
}

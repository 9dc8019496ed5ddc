/**
 * The ways through the documents of a collection's file: all of them, the edges of a vertex, ranges of an index.
 *
 * @module
 */
import type { WriteResult } from "../engine/collection.ts";
import { encodeRevision } from "../base/revision.ts";
import { afterPrefix, decodeIndexKey, encodeIndexKey } from "../engine/index_key.ts";
import type { CollectionFile } from "../storage/collection_file.ts";
import { conditionSql, partialDocumentSql, type SqlPart } from "../storage/document_sql.ts";
import type { IndexBytes, IndexPosition } from "../storage/index_entries.ts";
import type { DocumentCursor, ReadWish } from "./data_source.ts";
import type { EntryReader } from "./engine_pieces.ts";
import { type AqlObject, type AqlValue, parseJson } from "./values.ts";

/** A document of a collection file. */
export type Stored = NonNullable<WriteResult["new"]>;

const decoder = new TextDecoder();

/** A stored document as a value. */
export function parsed({ text }: Stored): AqlObject {
  return parseJson(text) as AqlObject;
}

/** How many documents are looked through at once where a condition leaves few of them. */
const MOST_SCANNED = 16_384;

/** How many documents are read at once for somebody who asks for few at a time. */
const MOST_READ = 1000;

/** Up to this length documents are parsed as fast as SQLite takes two attributes out of them. */
const SHORT_DOCUMENT = 200;

/** The SQL for some attributes of documents; undefined where whole documents are to be read. */
export function partOf(
  file: CollectionFile,
  attributes: readonly string[] | undefined,
  collection: string,
): SqlPart | undefined {
  if (!attributes) return undefined;
  const isShort = attributes.length > 1 && file.documentLength() <= SHORT_DOCUMENT;
  return isShort ? undefined : partialDocumentSql(attributes, collection);
}

/** The documents whose texts, with commas between, are in `text`. */
export function parsedPage(text: Uint8Array | string): AqlObject[] {
  return parseJson(`[${typeof text === "string" ? text : decoder.decode(text)}]`) as AqlObject[];
}

/** All documents of a file, or what is wished for, a page in one piece of text at a time. */
export class ScanCursor implements DocumentCursor {
  skipped = 0;
  beyond = 0;
  readonly #file: CollectionFile | undefined;
  readonly #output: SqlPart | undefined;
  readonly #condition: SqlPart | undefined;
  readonly #bound: ReadWish["bound"];
  readonly #check: (() => void) | undefined;
  #after: bigint | undefined;
  #window = 0;
  #done = false;
  #ready: AqlObject[] = [];

  constructor(file: CollectionFile | undefined, collection: string, { attributes, condition, bound, check }: ReadWish) {
    this.#file = file;
    this.#output = file && partOf(file, attributes, collection);
    this.#condition = condition && conditionSql(condition);
    this.#bound = bound;
    this.#check = check;
  }

  next(max: number): AqlObject[] {
    while (this.#ready.length === 0) {
      if (this.#done || !this.#file) return [];
      const bound = this.#bound?.();
      const condition = this.#condition ?? (bound && conditionSql(bound));
      // a condition may leave little, and who wants few at a time may want many of them: look through more and more at once
      this.#window = Math.min(condition ? MOST_SCANNED : MOST_READ, Math.max(max, this.#window * 2));
      const { text, last, count } = this.#file.scanAfter(this.#after, this.#window, this.#output, condition);
      this.#after = last;
      this.#done = count < this.#window;
      this.#ready = text.length === 0 ? [] : parsedPage(text);
      if (this.#condition) this.skipped += count - this.#ready.length;
      else this.beyond += count - this.#ready.length;
      if (this.#ready.length === 0) this.#check?.();
    }
    if (this.#ready.length > max) return this.#ready.splice(0, max);
    const page = this.#ready;
    this.#ready = [];
    return page;
  }

  /** Undefined where documents have to be looked at to know whether they count. */
  get skip(): DocumentCursor["skip"] {
    return this.#condition || this.#bound ? undefined : (count) => this.#pass(count);
  }

  #pass(count: number): number {
    const ready = Math.min(count, this.#ready.length);
    this.#ready.splice(0, ready);
    if (ready === count || this.#done || !this.#file) return ready;
    const { passed, last } = this.#file.pass(this.#after, count - ready);
    this.#after = last;
    this.#done = last === undefined;
    return ready + passed;
  }
}

/** Goes through the edges at a vertex. */
abstract class VertexCursor<T extends { readonly rev: bigint }> implements DocumentCursor {
  protected readonly file: CollectionFile;
  protected readonly end: "from" | "to";
  protected readonly vertex: string;
  #after = 0n;
  #done = false;

  constructor(file: CollectionFile, end: "from" | "to", vertex: string) {
    this.file = file;
    this.end = end;
    this.vertex = vertex;
  }

  /** At most `max` edges behind a revision. */
  protected abstract page(after: bigint, max: number): readonly T[];

  protected abstract edge(found: T): AqlObject;

  next(max: number): AqlObject[] {
    if (this.#done) return [];
    const page = this.page(this.#after, max);
    this.#done = page.length < max;
    this.#after = page.at(-1)?.rev ?? this.#after;
    return page.map((one) => this.edge(one));
  }
}

/** The edges at a vertex. */
export class EdgeCursor extends VertexCursor<Stored> {
  protected page(after: bigint, max: number): Stored[] {
    return this.file.edges(this.end, this.vertex, after, max);
  }

  protected edge(found: Stored): AqlObject {
    return parsed(found);
  }
}

/** The edges at a vertex without anything but their ends. */
export class EndsCursor extends VertexCursor<{ readonly rev: bigint; readonly other: string }> {
  protected page(after: bigint, max: number): { rev: bigint; other: string }[] {
    return this.file.edgeEnds(this.end, this.vertex, after, max);
  }

  protected edge({ other }: { other: string }): AqlObject {
    return this.end === "from" ? { _from: this.vertex, _to: other } : { _from: other, _to: this.vertex };
  }
}

/** A page of a range of an index. */
export interface IndexPage<T> {
  readonly documents: T[];
  /** Finds where the page has ended; undefined if that was the end of the range. */
  readonly end: (() => IndexPosition | undefined) | undefined;
}

/** Goes through a range of an index. */
export abstract class RangeCursor<T> implements DocumentCursor<T> {
  protected readonly file: CollectionFile;
  protected readonly id: bigint;
  protected readonly range: IndexBytes;
  /** Where to go on, if that is asked for. */
  #end: IndexPage<T>["end"] = () => undefined;

  constructor(file: CollectionFile, id: bigint, range: IndexBytes) {
    this.file = file;
    this.id = id;
    this.range = range;
  }

  /** At most `max` documents behind a place. */
  protected abstract page(after: IndexPosition | undefined, max: number): IndexPage<T>;

  next(max: number): T[] {
    if (!this.#end) return [];
    const { documents, end } = this.page(this.#end(), max);
    this.#end = end;
    return documents;
  }

  skip(count: number): number {
    if (!this.#end) return 0;
    const { passed, last } = this.file.passEntries(this.id, this.range, this.#end(), count);
    this.#end = last && (() => last);
    return passed;
  }

  /** Finds where a page of the file has ended that was to have `max` documents, and has `count`. */
  protected endOf(after: IndexPosition | undefined, count: number, max: number): IndexPage<T>["end"] {
    return count < max ? undefined : () => this.file.passEntries(this.id, this.range, after, count).last;
  }
}

/** The documents of a range of an index. */
abstract class ParsingCursor extends RangeCursor<AqlObject> {
  /** A page of documents that the file puts together. */
  protected documentsAfter(after: IndexPosition | undefined, max: number, output?: SqlPart): IndexPage<AqlObject> {
    const { text, count } = this.file.indexPage(this.id, this.range, after, max, output);
    return { documents: count === 0 ? [] : parsedPage(text), end: this.endOf(after, count, max) };
  }
}

/** The documents of a range of an index, or parts of them. */
class IndexCursor extends ParsingCursor {
  readonly #output: SqlPart | undefined;

  constructor(file: CollectionFile, id: bigint, range: IndexBytes, output: SqlPart | undefined) {
    super(file, id, range);
    this.#output = output;
  }

  protected page(after: IndexPosition | undefined, max: number): IndexPage<AqlObject> {
    return this.documentsAfter(after, max, this.#output);
  }
}

/** Reads the documents of an index, or parts of them. */
export function documentReader(
  file: CollectionFile,
  id: bigint,
  output: SqlPart | undefined,
): EntryReader<AqlObject> {
  return {
    range: (bytes) => new IndexCursor(file, id, bytes, output),
    entries: (positions) => parsedPage(file.textOfRevisions(positions.map(({ rev }) => rev), output)),
  };
}

/** What is taken out of the entries of an index. */
export interface EntryParts {
  readonly fields: readonly string[];
  /** Whether `_rev` is needed too. */
  readonly withRevision: boolean;
  /** Takes the same out of a document; undefined to take it whole. */
  readonly output: SqlPart | undefined;
}

/** What the entries of a range of an index tell of their documents. */
class EntryCursor extends ParsingCursor {
  readonly #parts: EntryParts;

  constructor(file: CollectionFile, id: bigint, range: IndexBytes, parts: EntryParts) {
    super(file, id, range);
    this.#parts = parts;
  }

  protected page(after: IndexPosition | undefined, max: number): IndexPage<AqlObject> {
    const entries = this.file.indexEntries(this.id, this.range, after, max);
    const documents = toldBy(entries, this.#parts);
    // what an entry does not tell is in the document
    if (!documents) return this.documentsAfter(after, max, this.#parts.output);
    return { documents, end: entries.length < max ? undefined : () => entries.at(-1) };
  }
}

/** What entries tell of their documents; undefined if one of them does not tell all of it. */
function toldBy(entries: readonly IndexPosition[], { fields, withRevision }: EntryParts): AqlObject[] | undefined {
  const documents: AqlObject[] = [];
  for (const { key, rev } of entries) {
    const values = decodeIndexKey(key, fields.length);
    if (!values) return undefined;
    const document: AqlObject = {};
    for (let i = 0; i < values.length; i++) document[fields[i]!] = values[i]!;
    if (withRevision) document._rev = encodeRevision(BigInt.asUintN(64, rev));
    documents.push(document);
  }
  return documents;
}

/** Reads what the entries of an index tell of their documents. */
export function partReader(file: CollectionFile, id: bigint, parts: EntryParts): EntryReader<AqlObject> {
  return {
    range: (bytes) => new EntryCursor(file, id, bytes, parts),
    entries: (positions) => toldBy(positions, parts) ?? documentReader(file, id, parts.output).entries(positions),
  };
}

/** Leaps from each combination of values of the first fields of an index to the next. */
export class LeapCursor implements DocumentCursor {
  readonly #file: CollectionFile;
  readonly #id: bigint;
  readonly #fields: readonly string[];
  #from = new Uint8Array();
  #done = false;

  constructor(file: CollectionFile, id: bigint, fields: readonly string[]) {
    this.#file = file;
    this.#id = id;
    this.#fields = fields;
  }

  next(max: number): AqlObject[] {
    const documents: AqlObject[] = [];
    while (!this.#done && documents.length < max) {
      const entry = this.#file.firstEntry(this.#id, this.#from);
      if (!entry) {
        this.#done = true;
        break;
      }
      const known = decodeIndexKey(entry.key, this.#fields.length);
      const values = known ?? this.#valuesOf(entry.rev);
      this.#from = afterPrefix(known ? encodeIndexKey(known) : entry.key) as Uint8Array<ArrayBuffer>;
      documents.push(Object.fromEntries(this.#fields.map((field, i) => [field, values[i]!])));
    }
    return documents;
  }

  /** What an entry does not tell is in the document. */
  #valuesOf(rev: bigint): AqlValue[] {
    const document = parsed(this.#file.byRevision(rev)!);
    return this.#fields.map((field) => document[field] ?? null);
  }
}

/** No documents. */
export const NOTHING: DocumentCursor<never> = { next: () => [] };

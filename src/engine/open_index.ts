/**
 * A secondary index at work: which entries a document has in it, and how they get into a collection file and out again.
 *
 * @module
 */
import { ArangoError } from "../base/arango_error.ts";
import type { CollectionFile, StoredDocument } from "../storage/collection_file.ts";
import { timeEntry, timeOf } from "./expiry.ts";
import { wordsOf } from "./fulltext_words.ts";
import { type Box, geoBox } from "./geo_box.ts";
import { fillIndex, partialDocuments } from "./index_build.ts";
import type { IndexDefinition } from "./index_definition.ts";
import { type EntryRules, fieldValue, indexEntries, parseIndexField } from "./index_key.ts";
import { INDEX_TYPES, indexKind } from "./index_types.ts";

/** A document, parsed for its index entries. */
export type ParsedDocument = Record<string, unknown>;

const encoder = new TextEncoder();

/** The entry of a word in a fulltext index; the entries of words that begin with it lie right behind. */
export function wordEntry(word: string): Uint8Array {
  return encoder.encode(word);
}

function entryRules({ fields, prefixFields = [], sparse, deduplicate = true }: IndexDefinition): EntryRules {
  return { fields: [...prefixFields, ...fields].map((field) => parseIndexField(field)!), sparse, deduplicate };
}

/** The error for a value that another document has. */
export function valueTaken(index: string, type: string, fields: string, key: string): ArangoError {
  return new ArangoError(
    "ERROR_ARANGO_UNIQUE_CONSTRAINT_VIOLATED",
    `unique constraint violated - in index ${index} of type ${type} over '${fields}'; conflicting key: ${key}`,
  );
}

/** A secondary index of a collection. */
export class OpenIndex {
  /** What the index is. */
  readonly definition: IndexDefinition;
  readonly #id: bigint;
  readonly #rules: EntryRules;
  readonly #entries: ((document: ParsedDocument) => Uint8Array[]) | undefined;

  /** Opens an index; its table is in each file that is given to the methods. */
  constructor(definition: IndexDefinition) {
    this.definition = definition;
    this.#id = BigInt(definition.id);
    this.#rules = entryRules(definition);
    this.#entries = INDEX_TYPES[definition.type].storage === "boxes" ? undefined : this.#entryMaker();
  }

  #entryMaker(): (document: ParsedDocument) => Uint8Array[] {
    const { minLength = 1 } = this.definition;
    const rules = this.#rules;
    const only = rules.fields[0]!;
    switch (indexKind(this.definition.type)) {
      case "ttl":
        return (document) => {
          const time = timeOf(fieldValue(document, only));
          return time === undefined ? [] : [timeEntry(time)];
        };
      case "fulltext":
        return (document) => [...wordsOf(fieldValue(document, only), minLength)].map(wordEntry);
      case "mdi":
      case "mdi-prefixed":
        return (document) => this.#point(document);
      default:
        return (document) => indexEntries(document, rules);
    }
  }

  /** The entry of a document in a multi-dimensional index: its dimensions are numbers. */
  #point(document: ParsedDocument): Uint8Array[] {
    const entries = indexEntries(document, this.#rules);
    if (entries.length === 0) return entries;
    for (const field of this.#rules.fields.slice(this.definition.prefixFields?.length ?? 0)) {
      const value = fieldValue(document, field);
      if (typeof value !== "number" && typeof value !== "bigint") {
        throw new ArangoError(
          "ERROR_QUERY_INVALID_ARITHMETIC_VALUE",
          `invalid arithmetic value: index ${this.definition.name} needs a number in '${field.path.join(".")}'`,
        );
      }
    }
    return entries;
  }

  #box(document: ParsedDocument): Box | undefined {
    return geoBox(this.#rules.fields.map((field) => fieldValue(document, field)), this.definition.geoJson === true);
  }

  /** Makes the empty table of the index. */
  create(file: CollectionFile): void {
    file.createIndex(this.#id, this.#entries === undefined ? "boxes" : this.definition.unique ? "unique" : "ordered");
  }

  /** Whether a file has the table of the index. */
  isIn(file: CollectionFile): boolean {
    return file.hasIndex(this.#id);
  }

  /**
   * The document that keeps another one out of a unique index.
   *
   * @param old the document that the other one replaces
   * @returns its key
   * @throws ArangoError 1561 if the index cannot take the document whatever else is there
   */
  conflict(
    file: CollectionFile,
    document: StoredDocument,
    parsed: ParsedDocument,
    old: StoredDocument | undefined,
  ): string | undefined {
    const { unique, fieldValueTypes } = this.definition;
    if (!unique && fieldValueTypes === undefined) return undefined;
    const entries = this.#entries!(parsed);
    if (!unique) return undefined;
    const own = new Set<string>();
    for (const entry of entries) {
      const text = entry.join();
      if (own.has(text)) return document.key;
      own.add(text);
      const holder = file.indexHolder(this.#id, entry);
      if (holder !== undefined && holder !== old?.rev) return file.byRevision(holder)!.key;
    }
    return undefined;
  }

  /** The error for a document that {@linkcode conflict} keeps out. */
  taken(key: string): ArangoError {
    const { name, type, fields } = this.definition;
    return valueTaken(name, type, fields.join(", "), key);
  }

  /** Adds the entries of a document. */
  add(file: CollectionFile, parsed: ParsedDocument, rev: bigint): void {
    if (!this.#entries) {
      const box = this.#box(parsed);
      if (box) file.addBox(this.#id, box, rev);
      return;
    }
    const entries = this.#entries(parsed);
    const several = entries.length > 1 && !this.#rules.deduplicate;
    for (const entry of entries) {
      // without deduplication a non-unique index holds a document once for each value, which is one row
      if (several && !this.definition.unique) file.removeEntry(this.#id, entry, rev);
      file.addEntry(this.#id, entry, rev);
    }
  }

  /** Removes the entries of a document. */
  remove(file: CollectionFile, parsed: ParsedDocument, rev: bigint): void {
    if (!this.#entries) return file.removeBox(this.#id, rev);
    for (const entry of this.#entries(parsed)) file.removeEntry(this.#id, entry, rev);
  }

  /**
   * Makes the table of the index and fills it from the documents.
   *
   * @throws ArangoError 1210 when values of a unique index repeat
   */
  build(file: CollectionFile): void {
    this.create(file);
    const id = this.#id;
    const paths = this.#rules.fields.map(({ path }) => path);
    if (!this.#entries) {
      for (const page of partialDocuments(file, paths)) {
        for (const { rev, document } of page) this.add(file, document, rev);
      }
      return;
    }
    const taken = fillIndex(file, { id, unique: this.definition.unique, paths, entries: this.#entries });
    if (taken !== undefined) throw this.taken(file.byRevision(taken)!.key);
  }
}

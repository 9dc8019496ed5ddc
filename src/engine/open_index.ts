/**
 * A secondary index at work: which entries a document has in it, and how they get into a collection file and out again.
 *
 * @module
 */
import { ArangoError } from "../base/arango_error.ts";
import type { CollectionFile, IndexRow } from "../storage/collection_file.ts";
import type { IndexTableKind } from "../storage/collection_tables.ts";
import { timeEntry, timeOf } from "./expiry.ts";
import { wordsOf } from "./fulltext_words.ts";
import { type Box, geoBox } from "./geo_box.ts";
import { byEntry, fillIndex, partialDocuments } from "./index_build.ts";
import type { IndexDefinition } from "./index_definition.ts";
import { type EntryRules, fieldValue, indexEntries, parseIndexField } from "./index_key.ts";
import { INDEX_TYPES, indexKind } from "./index_types.ts";

/** A document, or what indexes need of it, parsed. */
export type ParsedDocument = Record<string, unknown>;

/** What a document has in an index: entries of bytes, or in an index of boxes perhaps a box. */
export interface IndexEntries {
  readonly keys: readonly Uint8Array[];
  readonly box?: Box | undefined;
}

/** The entries of a stored document. */
interface DocumentEntries {
  readonly rev: bigint;
  readonly entries: IndexEntries;
}

const NO_KEYS: readonly Uint8Array[] = [];

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
    file.createIndex(this.#id, this.kind);
  }

  /** How the table of the index lies in a file. */
  get kind(): IndexTableKind {
    return this.#entries === undefined ? "boxes" : this.definition.unique ? "unique" : "ordered";
  }

  /** Whether a file has the table of the index. */
  isIn(file: CollectionFile): boolean {
    return file.hasIndex(this.#id);
  }

  /** The id, as the catalog has it. */
  get id(): bigint {
    return this.#id;
  }

  /** Whether no two documents may have the same entry. */
  get isUnique(): boolean {
    return this.definition.unique;
  }

  /** The attributes of documents that the index looks at. */
  get attributes(): string[] {
    return this.#rules.fields.map(({ path }) => path[0]!);
  }

  /**
   * What a document has in the index.
   *
   * @throws ArangoError 1561 if the index cannot take the document
   */
  entriesOf(document: ParsedDocument): IndexEntries {
    return this.#entries ? { keys: this.#entries(document) } : { keys: NO_KEYS, box: this.#box(document) };
  }

  /** The error for a document that another one, with the key `key`, keeps out. */
  taken(key: string): ArangoError {
    const { name, type, fields } = this.definition;
    return valueTaken(name, type, fields.join(", "), key);
  }

  /** Adds the entries of documents, which a unique index is known to have room for. */
  add(file: CollectionFile, documents: readonly DocumentEntries[]): void {
    if (!this.#entries) {
      for (const { rev, entries: { box } } of documents) if (box) file.addBox(this.#id, box, rev);
      return;
    }
    const rows = rowsOf(documents);
    // without deduplication a non-unique index holds a document once for each value, which is one row
    const added = file.addEntries(this.#id, rows);
    if (this.isUnique && added < rows.length) {
      throw new ArangoError(
        "ERROR_INTERNAL",
        `internal error: an entry of the unique index ${this.#id} was there already`,
      );
    }
  }

  /** Removes the entries of documents. */
  remove(file: CollectionFile, documents: readonly DocumentEntries[]): void {
    if (!this.#entries) { for (const { rev } of documents) file.removeBox(this.#id, rev); }
    else file.removeEntries(this.#id, rowsOf(documents));
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
        this.add(file, page.map(({ rev, document }) => ({ rev, entries: this.entriesOf(document) })));
      }
      return;
    }
    const taken = fillIndex(file, { id, unique: this.definition.unique, paths, entries: this.#entries });
    if (taken !== undefined) throw this.taken(file.byRevision(taken)!.key);
  }
}

/** The entries of documents in the order of the index, which is the quickest for it. */
function rowsOf(documents: readonly DocumentEntries[]): IndexRow[] {
  const rows = documents.flatMap(({ rev, entries }) => entries.keys.map((entry) => ({ entry, rev })));
  return rows.length > 1 ? rows.sort(byEntry) : rows;
}

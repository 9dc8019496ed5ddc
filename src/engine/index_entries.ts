/**
 * The entries of a secondary index in a collection file.
 *
 * @module
 */
import { ArangoError } from "../base/arango_error.ts";
import type { CollectionFile } from "../storage/collection_file.ts";
import { entryRules, type IndexDefinition } from "./index_definition.ts";
import { type EntryRules, indexEntries, parseForIndex } from "./index_key.ts";

/** How many documents are read at once. */
const PAGE = 1000;

/** The error for a value that another document has. */
export function valueTaken(index: string, type: string, fields: string, key: string): ArangoError {
  return new ArangoError(
    "ERROR_ARANGO_UNIQUE_CONSTRAINT_VIOLATED",
    `unique constraint violated - in index ${index} of type ${type} over '${fields}'; conflicting key: ${key}`,
  );
}

/** Adds the entries of a document. */
export function addEntries(
  file: CollectionFile,
  definition: IndexDefinition,
  rules: EntryRules,
  parsed: Record<string, unknown>,
  rev: bigint,
): void {
  const id = BigInt(definition.id);
  const entries = indexEntries(parsed, rules);
  const several = entries.length > 1 && !rules.deduplicate;
  for (const entry of entries) {
    // without deduplication a non-unique index holds a document once for each value, which is one row
    if (several && !definition.unique) file.removeEntry(id, entry, rev);
    file.addEntry(id, entry, rev);
  }
}

/**
 * Makes the table of an index and fills it from the documents.
 *
 * @throws ArangoError 1210 when values of a unique index repeat
 */
export function buildIndex(file: CollectionFile, definition: IndexDefinition): void {
  const id = BigInt(definition.id);
  const rules = entryRules(definition);
  file.createIndex(id, definition.unique);
  let after: bigint | undefined;
  for (;;) {
    const page = file.documentsAfter(after, PAGE);
    for (const document of page) {
      const parsed = parseForIndex(document.text);
      const taken = definition.unique &&
        indexEntries(parsed, rules).some((entry) => file.indexHolder(id, entry) !== undefined);
      if (taken) throw valueTaken(definition.name, definition.type, definition.fields.join(", "), document.key);
      addEntries(file, definition, rules, parsed, document.rev);
    }
    if (page.length < PAGE) return;
    after = page.at(-1)!.rev;
  }
}

/**
 * Index definitions: what clients ask for, what is stored and what is shown.
 *
 * Source: HTTP API description of `/_api/index`; `arangosh.md` §5.6.
 *
 * @module
 */
import { ArangoError } from "../base/arango_error.ts";
import { type EntryRules, parseIndexField } from "./index_key.ts";

/** A secondary index of a collection, as it is stored and sent to followers. */
export interface IndexDefinition {
  /** Decimal digits, unique in the collection. */
  readonly id: string;
  /** `persistent`, or one of its old names `hash` and `skiplist`. */
  readonly type: "persistent" | "hash" | "skiplist";
  readonly name: string;
  readonly fields: readonly string[];
  readonly unique: boolean;
  readonly sparse: boolean;
  readonly deduplicate: boolean;
  readonly estimates: boolean;
  readonly cacheEnabled: boolean;
  readonly storedValues?: readonly string[];
}

const PERSISTENT_TYPES: readonly string[] = ["persistent", "hash", "skiplist"];
/** Types that ArangoDB has and this engine does not have yet. */
const KNOWN_TYPES: readonly string[] = ["ttl", "geo", "fulltext", "zkd", "mdi", "mdi-prefixed", "inverted", "vector"];
const NAME = /^[^0-9\s][^\s]{0,255}$/;

/** Gives out ids and names for new indexes. */
export interface IndexNames {
  nextId(): bigint;
  nextRevision(): bigint;
}

/**
 * Checks a client's index description and fills in the defaults.
 *
 * @throws ArangoError 10 for bad attributes, 9 for index types that are not supported
 */
export function indexDefinition(given: unknown, names: IndexNames): IndexDefinition {
  if (given === null || typeof given !== "object" || Array.isArray(given)) {
    throw bad("index description must be an object");
  }
  const description = given as Record<string, unknown>;
  const { type, fields, name, storedValues } = description;
  if (typeof type !== "string") throw bad("invalid index type");
  if (KNOWN_TYPES.includes(type)) {
    throw new ArangoError("ERROR_NOT_IMPLEMENTED", `not implemented: denosh has no indexes of type '${type}' yet`);
  }
  if (!PERSISTENT_TYPES.includes(type)) throw bad(`invalid index type '${type}'`);
  if (!Array.isArray(fields) || fields.length === 0 || !fields.every((one) => typeof one === "string")) {
    throw bad("fields must be a non-empty array of attribute names");
  }
  const parsed = fields.map(parseIndexField);
  if (parsed.includes(undefined) || new Set(fields).size < fields.length) throw bad(`invalid index fields '${fields}'`);
  if (parsed.filter((field) => field!.expanded).length > 1) throw bad("only one field of an index can use [*]");
  if (fields.some((field) => field === "_id" || field.startsWith("_id."))) throw bad("_id attribute cannot be indexed");
  if (name !== undefined && (typeof name !== "string" || !NAME.test(name))) throw bad(`illegal index name '${name}'`);
  if (storedValues !== undefined && !isStringArray(storedValues)) throw bad("storedValues must be an array of strings");
  const id = typeof description.id === "string" ? description.id.replace(/^.*\//, "") : "";
  return {
    id: /^[1-9]\d{0,18}$/.test(id) ? id : names.nextId().toString(),
    type: type as IndexDefinition["type"],
    name: name ?? `idx_${names.nextRevision()}`,
    fields,
    unique: description.unique === true,
    sparse: description.sparse === true,
    deduplicate: description.deduplicate !== false,
    estimates: description.estimates !== false,
    cacheEnabled: description.cacheEnabled === true,
    ...(storedValues === undefined ? {} : { storedValues }),
  };
}

function isStringArray(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === "string");
}

function bad(detail: string): ArangoError {
  return new ArangoError("ERROR_BAD_PARAMETER", `bad parameter: ${detail}`);
}

/** Whether two definitions describe the same index: `hash`, `skiplist` and `persistent` are one type. */
export function sameIndex(one: IndexDefinition, other: IndexDefinition): boolean {
  const essence = (index: IndexDefinition): string =>
    JSON.stringify([index.fields, index.unique, index.sparse, index.deduplicate, index.storedValues ?? []]);
  return essence(one) === essence(other);
}

/** How the index takes entries out of documents. */
export function entryRules(definition: IndexDefinition): EntryRules {
  return {
    fields: definition.fields.map((field) => parseIndexField(field)!),
    sparse: definition.sparse,
    deduplicate: definition.deduplicate,
  };
}

/**
 * Index definitions: what clients ask for, and what is stored and shown.
 *
 * Source: HTTP API description of `/_api/index`; `arangosh.md` §5.6.
 *
 * @module
 */
import { ArangoError } from "../base/arango_error.ts";
import { illegalName, isCollectionName } from "../base/names.ts";
import { parseIndexField } from "./index_key.ts";
import {
  badIndex,
  INDEX_TYPES,
  type IndexDescription,
  indexKind,
  type IndexType,
  type IndexTypeName,
} from "./index_types.ts";

/** A secondary index of a collection, as it is stored, shown and sent to followers. */
export interface IndexDefinition {
  /** Decimal digits, unique in the collection. */
  readonly id: string;
  readonly type: IndexTypeName;
  readonly name: string;
  readonly fields: readonly string[];
  readonly unique: boolean;
  readonly sparse: boolean;
  /** Persistent: take each different member of an array once. */
  readonly deduplicate?: boolean;
  /** Whether the index tells how selective it is. */
  readonly estimates?: boolean;
  readonly cacheEnabled?: boolean;
  readonly storedValues?: readonly string[];
  /** Ttl: seconds from a document's time to its end. */
  readonly expireAfter?: number;
  /** Geo: the field holds GeoJSON or `[longitude, latitude]`, not `[latitude, longitude]`. */
  readonly geoJson?: boolean;
  readonly legacyPolygons?: boolean;
  /** Fulltext: the characters of the shortest word. */
  readonly minLength?: number;
  readonly fieldValueTypes?: "double";
  /** Mdi-prefixed: the fields in front of the dimensions. */
  readonly prefixFields?: readonly string[];
}

/** Types that ArangoDB has and this engine has not. */
const UNSUPPORTED_TYPES: readonly string[] = ["inverted", "vector", "iresearch", "arangosearch"];
/** Types that every collection has as it needs them. */
const BUILT_IN_TYPES: readonly string[] = ["primary", "edge"];

/** Gives out ids and names for new indexes. */
export interface IndexNames {
  nextId(): bigint;
  nextRevision(): bigint;
}

/** Whether the engine has indexes of a type. */
export function isIndexType(type: unknown): type is IndexTypeName {
  return typeof type === "string" && Object.hasOwn(INDEX_TYPES, type);
}

/**
 * Checks a client's index description and fills in the defaults.
 *
 * @throws ArangoError 10 for bad attributes, 1208 for a bad name, 1220 for a field that is no attribute path, 11 for types
 *   that cannot be made, 9 for types that are not supported
 */
export function indexDefinition(given: unknown, names: IndexNames): IndexDefinition {
  if (given === null || typeof given !== "object" || Array.isArray(given)) {
    throw badIndex("index description must be an object");
  }
  const description = given as IndexDescription;
  const { type, name } = description;
  if (typeof type !== "string") throw badIndex("invalid index type");
  if (BUILT_IN_TYPES.includes(type)) throw new ArangoError("ERROR_FORBIDDEN");
  if (UNSUPPORTED_TYPES.includes(type)) {
    throw new ArangoError("ERROR_NOT_IMPLEMENTED", `not implemented: denosh has no indexes of type '${type}'`);
  }
  if (!isIndexType(type)) throw badIndex(`invalid index type '${type}'`);
  const rules: IndexType = INDEX_TYPES[type];
  const fields = checkedFields(description.fields, type, rules);
  const named = typeof name === "string" && name !== "";
  if (named && !isCollectionName(name, true)) throw illegalName("index", name);
  const id = typeof description.id === "string" ? description.id.replace(/^.*\//, "") : "";
  return {
    id: /^[1-9]\d{0,18}$/.test(id) ? id : names.nextId().toString(),
    type,
    name: named ? name : `idx_${names.nextRevision()}`,
    fields,
    unique: rules.canBeUnique && description.unique === true,
    sparse: rules.sparse === "given" ? description.sparse === true : rules.sparse,
    ...rules.attributes(description),
  };
}

function checkedFields(given: unknown, type: string, rules: IndexType): readonly string[] {
  if (!Array.isArray(given) || given.length === 0) {
    throw badIndex("fields must be a non-empty array of attribute names");
  }
  if (!given.every((one) => typeof one === "string")) throw badIndex("index field names must be strings");
  const fields: readonly string[] = given;
  const [least, most] = rules.fields;
  if (fields.length < least || fields.length > most) {
    throw badIndex(`an index of type '${type}' has ${least === most ? least : `${least} to ${most}`} fields`);
  }
  if (fields.includes("")) throw badIndex("index field names must not be empty");
  if (new Set(fields).size < fields.length) throw badIndex("duplicate attribute name in index fields list");
  // as a sub-attribute neither: release notes of 3.12, "Stored values can contain the _id attribute"
  if (fields.some((field) => field.split(".").includes("_id"))) {
    throw badIndex("_id attribute cannot be indexed");
  }
  const parsed = fields.map((field) => {
    const path = parseIndexField(field);
    if (path) return path;
    throw new ArangoError(
      "ERROR_ARANGO_ATTRIBUTE_PARSER_FAILED",
      `parsing attribute name definition failed: '${field}' is no attribute path`,
    );
  });
  const expanding = parsed.filter((path) => path.expanded).length;
  if (expanding > 0 && !rules.expands) throw badIndex(`an index of type '${type}' cannot use [*]`);
  if (expanding > 1) throw badIndex("only one field of an index can use [*]");
  return fields;
}

/** Whether two definitions describe the same index, whatever their names. */
export function sameIndex(one: IndexDefinition, other: IndexDefinition): boolean {
  const kind = indexKind(one.type);
  if (kind !== indexKind(other.type)) return false;
  const rules: IndexType = INDEX_TYPES[kind];
  const essence = (index: IndexDefinition): string =>
    JSON.stringify([
      // the order of dimensions does not matter
      kind.startsWith("mdi") ? [...index.fields].sort() : index.fields,
      index.unique,
      index.sparse,
      rules.essence.map((name) => (index as unknown as IndexDescription)[name]),
    ]);
  return essence(one) === essence(other);
}

/**
 * Functions on stored documents, collections and what identifies them.
 *
 * @module
 */
import { ArangoError, arangoError } from "../../base/arango_error.ts";
import { decodeRevision, INVALID_REVISION } from "../../base/revision.ts";
import { schemaDefinition, schemaRule } from "../../engine/schema.ts";
import { compareCodePoints } from "../value_order.ts";
import { type AqlArray, type AqlObject, type AqlValue, attributeOf, isObject } from "../values.ts";
import {
  argument,
  argumentTypeError,
  type FunctionContext,
  type FunctionSpec,
  pure,
  required,
  warnArgumentType,
} from "./function_spec.ts";

/** Collection and key of an id text; undefined unless it has exactly one slash with something on both sides. */
function splitId(id: AqlValue): [collection: string, key: string] | undefined {
  if (typeof id !== "string") return undefined;
  const slash = id.indexOf("/");
  if (slash <= 0 || slash === id.length - 1 || id.includes("/", slash + 1)) return undefined;
  return [id.slice(0, slash), id.slice(slash + 1)];
}

/** Collection and key of an id, or of the document that carries it in `_id`. */
function identifierOf(value: AqlValue): [collection: string, key: string] | undefined {
  return splitId(isObject(value) ? attributeOf(value, "_id") : value);
}

/** A function of an id or a document, see {@linkcode identifierOf}. */
function ofIdentifier(name: string, compute: (collection: string, key: string) => AqlValue): FunctionSpec {
  return pure(name, [1, 1], (context, args) => {
    const parts = identifierOf(argument(args, 0));
    return parts === undefined ? warnArgumentType(context, name) : compute(...parts);
  });
}

/** The collection's name of an id, a document or a name. */
function collectionNameOf(value: AqlValue): string | undefined {
  const id = isObject(value) ? attributeOf(value, "_id") : value;
  if (typeof id !== "string" || id === "") return undefined;
  const [name = ""] = id.split("/", 1);
  return isObject(value) && name === id ? undefined : name;
}

function sameCollection(context: FunctionContext, args: readonly AqlValue[]): AqlValue {
  const a = collectionNameOf(argument(args, 0));
  const b = collectionNameOf(argument(args, 1));
  return a === undefined || b === undefined ? warnArgumentType(context, "IS_SAME_COLLECTION") : a === b;
}

function decodeRev(context: FunctionContext, args: readonly AqlValue[]): AqlValue {
  const text = argument(args, 0);
  const revision = typeof text === "string" && text !== "" ? decodeRevision(text) : INVALID_REVISION;
  if (revision === INVALID_REVISION) return warnArgumentType(context, "DECODE_REV");
  // The upper 44 bits are milliseconds, the lower 20 a counter.
  return { date: new Date(Number(revision >> 20n)).toISOString(), count: Number(revision & 0xfffffn) };
}

function document(context: FunctionContext, args: readonly AqlValue[]): AqlValue {
  const data = required(context.data, "DOCUMENT");
  const [first = null, second = null] = args;
  if (args.length > 1 && typeof first !== "string") return warnArgumentType(context, "DOCUMENT");
  const within = args.length > 1 ? first : undefined;
  const wanted = args.length > 1 ? second : first;
  function find(id: AqlValue): AqlObject | null {
    if (typeof id !== "string") return null;
    if (typeof within === "string" && !id.includes("/")) return data.document(within, id);
    const parts = splitId(id);
    if (parts === undefined || (within !== undefined && within !== parts[0])) return null;
    return data.document(...parts);
  }
  if (!Array.isArray(wanted)) return find(wanted);
  const found: AqlArray = [];
  for (const id of wanted) {
    const one = find(id);
    if (one !== null) found.push(one);
  }
  return found;
}

/** What is there about a collection, or error 1203. */
function known<T>(value: T | undefined, collection: string): T {
  if (value === undefined) throw arangoError("ERROR_ARANGO_DATA_SOURCE_NOT_FOUND", collection);
  return value;
}

function collections(context: FunctionContext): AqlValue {
  const data = required(context.data, "COLLECTIONS");
  const names = data.collectionNames().toSorted(compareCodePoints);
  return names.map((name) => ({ _id: data.collectionId(name) ?? name, name }));
}

function collectionCount(context: FunctionContext, args: readonly AqlValue[]): AqlValue {
  const name = argument(args, 0);
  if (typeof name !== "string") throw argumentTypeError("COLLECTION_COUNT");
  return known(required(context.data, "COLLECTION_COUNT").collectionCount(name), name);
}

function schemaGet(context: FunctionContext, args: readonly AqlValue[]): AqlValue {
  const name = argument(args, 0);
  if (typeof name !== "string" || name === "") {
    throw new ArangoError("ERROR_BAD_PARAMETER", "function 'SCHEMA_GET()' needs the name of a collection");
  }
  return known(required(context.data, "SCHEMA_GET").collectionSchema(name), name);
}

function schemaValidate(context: FunctionContext, args: readonly AqlValue[]): AqlValue {
  const [value = null, schema = null] = args;
  if (!isObject(value)) return warnArgumentType(context, "SCHEMA_VALIDATE");
  if (schema !== null && !isObject(schema)) {
    throw new ArangoError(
      "ERROR_BAD_PARAMETER",
      "function 'SCHEMA_VALIDATE()': the schema has to be an object or null",
    );
  }
  const definition = schema && schemaDefinition(schema);
  if (!definition || definition.level === "none") return { valid: true };
  const { _key, _id, _rev, _from, _to, ...own } = value;
  if (schemaRule(definition.rule)(own)) return { valid: true };
  return { valid: false, errorMessage: definition.message || "schema validation failed" };
}

function shardId(context: FunctionContext, args: readonly AqlValue[]): AqlValue {
  const [collection = null, keys = null] = args;
  if (typeof collection !== "string" || !isObject(keys)) {
    throw new ArangoError(
      "ERROR_BAD_PARAMETER",
      "function 'SHARD_ID()' takes the name of a collection and an object of shard keys",
    );
  }
  // A single server keeps a collection in one piece, under its own name.
  known(required(context.data, "SHARD_ID").collectionCount(collection), collection);
  return collection;
}

/** A function that reads stored data. */
function reading(name: string, args: FunctionSpec["args"], run: FunctionSpec["run"]): FunctionSpec {
  return { name, args, deterministic: false, readsData: true, run };
}

/** Functions on the database. */
export const DATABASE_FUNCTIONS: readonly FunctionSpec[] = [
  {
    name: "CHECK_DOCUMENT",
    args: [1, 1],
    deterministic: false,
    // Values have no attribute twice, so that every object is sound.
    run: (_context, args) => isObject(argument(args, 0)),
  },
  { name: "COLLECTIONS", args: [0, 0], deterministic: false, run: collections },
  reading("COLLECTION_COUNT", [1, 1], collectionCount),
  pure("CURRENT_DATABASE", [0, 0], (context) => required(context.database, "CURRENT_DATABASE").call(context)),
  pure("CURRENT_USER", [0, 0], (context) => required(context.user, "CURRENT_USER").call(context)),
  pure("DECODE_REV", [1, 1], decodeRev),
  reading("DOCUMENT", [1, 2], document),
  pure("IS_SAME_COLLECTION", [2, 2], sameCollection),
  ofIdentifier("PARSE_COLLECTION", (collection) => collection),
  ofIdentifier("PARSE_IDENTIFIER", (collection, key) => ({ collection, key })),
  ofIdentifier("PARSE_KEY", (_collection, key) => key),
  { name: "SCHEMA_GET", args: [1, 1], deterministic: false, run: schemaGet },
  { name: "SCHEMA_VALIDATE", args: [2, 2], deterministic: false, run: schemaValidate },
  { name: "SHARD_ID", args: [2, 2], deterministic: false, run: shardId },
];

/**
 * `/_api/simple`: queries without AQL.
 *
 * Source: `arangosh.md` §5.4, §5.8.
 *
 * @module
 */
import { compareValues } from "../../aql/value_order.ts";
import { type AqlObject, type AqlValue, attributeOf, isObject, parseJson } from "../../aql/values.ts";
import { ArangoError } from "../../base/arango_error.ts";
import type { ApiReply } from "../../base/exchange.ts";
import type { Collection, WriteOptions, WriteResult } from "../../engine/collection.ts";
import { cursorLimits, cursorsOf, type CursorSource } from "../cursors.ts";
import { jsonText, ok, type RequestContext, type Route } from "../route.ts";
import { queryRows } from "./queries.ts";

type Stored = NonNullable<WriteResult["old"]>;
type Body = Record<string, unknown>;

function collectionOf(context: RequestContext, body: Body, change = false): Collection {
  const name = body.collection;
  if (typeof name !== "string" || name === "") {
    throw new ArangoError("ERROR_HTTP_BAD_PARAMETER", "expecting string for <collection>");
  }
  return change ? context.writable(name) : context.readable(name);
}

function wholeNumber(body: Body, name: string, otherwise: number): number {
  const value = body[name];
  if (value === undefined || value === null) return otherwise;
  if (typeof value !== "number" || !Number.isInteger(value)) {
    throw new ArangoError("ERROR_BAD_PARAMETER", `bad parameter: ${name} must be a whole number`);
  }
  return value;
}

/** Leaves out and stops as `skip` and `limit` say. */
function* page<T>(rows: Iterable<T>, body: Body): Generator<T> {
  const skip = wholeNumber(body, "skip", 0);
  const limit = wholeNumber(body, "limit", Infinity);
  let at = 0;
  if (limit <= 0) return;
  for (const row of rows) {
    if (at++ < skip) continue;
    yield row;
    if (at >= skip + limit) return;
  }
}

function* documents(collection: Collection): Generator<Stored> {
  for (const page of collection.pages()) yield* page;
}

function* texts(rows: Iterable<Stored>): Generator<string> {
  for (const { text } of rows) yield text;
}

function cursor(context: RequestContext, body: Body, source: CursorSource): ApiReply {
  const { user, databaseName } = context;
  return cursorsOf(context.server).first(source, { ...cursorLimits(body), user, database: databaseName });
}

/** Answers with all of a result that is known at once. */
function listCursor(context: RequestContext, body: Body, rows: readonly string[]): ApiReply {
  return cursor(context, body, { rows: rows[Symbol.iterator](), count: rows.length });
}

/** A test of documents: which attributes must have which values. */
type Example = readonly (readonly [path: readonly string[], value: AqlValue])[];

function exampleOf(body: Body): Example {
  const { example } = body;
  if (example === null || typeof example !== "object" || Array.isArray(example)) {
    throw new ArangoError("ERROR_HTTP_BAD_PARAMETER", "expecting object for <example>");
  }
  return Object.entries(example).map(([path, value]) => [path.split("."), parseJson(JSON.stringify(value))]);
}

function valueAt(document: AqlValue, path: readonly string[]): AqlValue {
  let value = document;
  for (const name of path) value = isObject(value) ? attributeOf(value, name) : null;
  return value;
}

/** The documents that an example fits; those of a key or id are looked up. */
function* matching(collection: Collection, example: Example): Generator<Stored> {
  const named = example.find(([path]) => path.length === 1 && (path[0] === "_key" || path[0] === "_id"));
  let rows: Iterable<Stored> = documents(collection);
  if (named) {
    const [[attribute], value] = named;
    const prefix = attribute === "_id" ? `${collection.name}/` : "";
    const one = typeof value === "string" && value.startsWith(prefix)
      ? collection.document(value.slice(prefix.length))
      : undefined;
    rows = one ? [one] : [];
  }
  for (const row of rows) {
    const document = parseJson(row.text);
    if (example.every(([path, value]) => compareValues(valueAt(document, path), value) === 0)) yield row;
  }
}

function all(context: RequestContext): ApiReply {
  const body = context.object();
  const collection = collectionOf(context, body);
  const rows = texts(page(documents(collection), body));
  // counting needs no reading: what skip and limit leave of the documents
  const left = Math.max(0, collection.count() - Math.max(0, wholeNumber(body, "skip", 0)));
  return cursor(context, body, {
    rows,
    ...(body.stream === true ? {} : { count: Math.max(0, Math.min(left, wholeNumber(body, "limit", Infinity))) }),
  });
}

function allKeys(context: RequestContext): ApiReply {
  const body = context.object();
  const collection = collectionOf(context, body);
  const { type = "path" } = body;
  const prefix = type === "key"
    ? ""
    : type === "id"
    ? `${collection.name}/`
    : context.location(`/_api/document/${collection.name}/`);
  const rows = [...documents(collection)].map(({ key }) => JSON.stringify(prefix + key));
  return listCursor(context, body, rows);
}

function any(context: RequestContext): ApiReply {
  const collection = collectionOf(context, context.object());
  const chosen = Math.floor(Math.random() * collection.count());
  const [row] = page(documents(collection), { skip: chosen, limit: 1 });
  return jsonText(200, `{"error":false,"code":200,"document":${row?.text ?? "null"}}`);
}

function byExample(context: RequestContext): ApiReply {
  const body = context.object();
  const found = matching(collectionOf(context, body), exampleOf(body));
  return listCursor(context, body, [...texts(page(found, body))]);
}

function firstExample(context: RequestContext): ApiReply {
  const body = context.object();
  const [row] = matching(collectionOf(context, body), exampleOf(body));
  if (!row) throw new ArangoError("ERROR_HTTP_NOT_FOUND", "no match");
  return jsonText(200, `{"document":${row.text},"error":false,"code":200}`);
}

function range(context: RequestContext): ApiReply {
  const body = context.object();
  const collection = collectionOf(context, body);
  const { attribute, left = null, right = null, closed = false } = body;
  const path = typeof attribute === "string" ? attribute.split(".") : attribute;
  if (!Array.isArray(path) || path.length === 0 || path.some((name) => typeof name !== "string")) {
    throw new ArangoError("ERROR_HTTP_BAD_PARAMETER", "expecting string for <attribute>");
  }
  const [low, high] = [left, right].map((value) => parseJson(JSON.stringify(value)));
  const found = [...documents(collection)]
    .map((row) => ({ row, value: valueAt(parseJson(row.text), path) }))
    .filter(({ value }) => {
      const end = compareValues(value, high!);
      return compareValues(value, low!) >= 0 && (closed === true ? end <= 0 : end < 0);
    })
    .sort((a, b) => compareValues(a.value, b.value))
    .map(({ row }) => row);
  return listCursor(context, body, [...texts(page(found, body))]);
}

function keysOf(body: Body): string[] {
  const { keys } = body;
  if (!Array.isArray(keys)) throw new ArangoError("ERROR_HTTP_BAD_PARAMETER", "expecting array for <keys>");
  const name = `${body.collection}/`;
  const given = keys.map((key) => typeof key === "object" ? key?._key ?? key?._id : key).map(String);
  return given.map((key) => key.startsWith(name) ? key.slice(name.length) : key);
}

function lookupByKeys(context: RequestContext): ApiReply {
  const body = context.object();
  const collection = collectionOf(context, body);
  const found = keysOf(body).flatMap((key) => collection.document(key) ?? []);
  return jsonText(200, `{"documents":[${[...texts(found)]}],"error":false,"code":200}`);
}

/** Options inside `options`, or beside it as older clients send them. */
function optionsOf(body: Body): Body {
  const { options } = body;
  return { ...body, ...(options !== null && typeof options === "object" ? options : {}) };
}

function writeOptions(options: Body): WriteOptions {
  const flag = (name: string): Record<string, boolean> =>
    typeof options[name] === "boolean" ? { [name]: options[name] } : {};
  return { ...flag("waitForSync"), ...flag("keepNull"), ...flag("mergeObjects") };
}

function removeByKeys(context: RequestContext): ApiReply {
  const body = context.object();
  const collection = collectionOf(context, body, true);
  const options = optionsOf(body);
  const keys = keysOf(body);
  const old: string[] = [];
  let ignored = 0;
  context.engine.write([collection], () => {
    for (const key of keys) {
      if (collection.document(key)) old.push(collection.remove(key, writeOptions(options)).old!.text);
      else ignored++;
    }
  });
  const shown = options.returnOld === true ? `,"old":[${old}]` : "";
  return jsonText(200, `{"removed":${old.length},"ignored":${ignored}${shown},"error":false,"code":200}`);
}

/** Does something to each document that an example fits, at most `limit` of them. */
function changeByExample(
  context: RequestContext,
  name: "deleted" | "replaced" | "updated",
  change: (collection: Collection, key: string, value: string, options: WriteOptions) => void,
): ApiReply {
  const body = context.object();
  const collection = collectionOf(context, body, true);
  const options = optionsOf(body);
  const example = exampleOf(body);
  let value = "";
  if (name !== "deleted") {
    const { newValue } = body;
    if (newValue === null || typeof newValue !== "object" || Array.isArray(newValue)) {
      throw new ArangoError("ERROR_HTTP_BAD_PARAMETER", "expecting object for <newValue>");
    }
    value = JSON.stringify(newValue);
  }
  const given = wholeNumber(options, "limit", 0);
  const rows = [...page(matching(collection, example), given > 0 ? { limit: given } : {})];
  context.engine.write([collection], () => {
    for (const { key } of rows) change(collection, key, value, writeOptions(options));
  });
  return ok({ [name]: rows.length });
}

/** Attributes of a body that a function of AQL takes, by name; absent ones are null. */
function valuesOf(body: Body, names: readonly string[]): AqlObject {
  return Object.fromEntries(names.map((name) => [name, parseJson(JSON.stringify(body[name] ?? null))]));
}

/** Answers with what a function of AQL finds by an index. */
function lookedUp(context: RequestContext, call: string, names: readonly string[]): ApiReply {
  const body = context.object();
  const { name } = collectionOf(context, body);
  const bindVars = { ...valuesOf(body, names), "@collection": name };
  try {
    return listCursor(context, body, [...page(queryRows(context, `FOR d IN ${call} RETURN d`, bindVars), body)]);
  } catch (error) {
    // elsewhere it is something that is not there. Source: tests of arangodb-php
    if (!(error instanceof ArangoError) || (error.errorNum !== 1570 && error.errorNum !== 1571)) throw error;
    const { message } = error.cause instanceof ArangoError ? error.cause : error;
    throw new ArangoError(error.errorNum, message, { code: 400, cause: error });
  }
}

function near(context: RequestContext): ApiReply {
  const body = context.object();
  const wanted = wholeNumber(body, "skip", 0) + wholeNumber(body, "limit", 100);
  return lookedUp(context, `NEAR(@@collection, @latitude, @longitude, ${wanted}, @distance)`, [
    "latitude",
    "longitude",
    "distance",
  ]);
}

/** What each endpoint below `/_api/simple` does. */
const QUERIES: Readonly<Record<string, (context: RequestContext) => ApiReply>> = {
  "all": all,
  "all-keys": allKeys,
  "any": any,
  "by-example": byExample,
  "first-example": firstExample,
  "range": range,
  "lookup-by-keys": lookupByKeys,
  "remove-by-keys": removeByKeys,
  "remove-by-example": (context) =>
    changeByExample(context, "deleted", (collection, key, _, options) => collection.remove(key, options)),
  "replace-by-example": (context) =>
    changeByExample(
      context,
      "replaced",
      (collection, key, value, options) => collection.replace(key, value, options),
    ),
  "update-by-example": (context) =>
    changeByExample(context, "updated", (collection, key, value, options) => collection.update(key, value, options)),
  "near": near,
  "within": (context) =>
    lookedUp(context, "WITHIN(@@collection, @latitude, @longitude, @radius, @distance)", [
      "latitude",
      "longitude",
      "radius",
      "distance",
    ]),
  "within-rectangle": (context) =>
    lookedUp(context, "WITHIN_RECTANGLE(@@collection, @latitude1, @longitude1, @latitude2, @longitude2)", [
      "latitude1",
      "longitude1",
      "latitude2",
      "longitude2",
    ]),
  "fulltext": (context) => lookedUp(context, "FULLTEXT(@@collection, @attribute, @query)", ["attribute", "query"]),
};

/** The routes. */
export const SIMPLE_QUERIES: readonly Route[] = Object.entries(QUERIES).map(([name, handle]) => ({
  method: "PUT",
  path: `/_api/simple/${name}`,
  access: "read",
  transactional: true,
  handle,
}));

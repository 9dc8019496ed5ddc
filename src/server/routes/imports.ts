/**
 * `/_api/import`: many documents at once, as lines, as a list, or as rows with a head.
 *
 * Source: recorded examples `RestImport*`; HTTP API description.
 *
 * @module
 */
import { ArangoError } from "../../base/arango_error.ts";
import type { ApiReply } from "../../base/exchange.ts";
import { checkedJson, elements, isObjectText, members, objectText, stringValue } from "../../base/json_text.ts";
import type { Collection, InsertOptions } from "../../engine/collection.ts";
import { json, type RequestContext, type Route } from "../route.ts";

/** What to do with a document whose key is taken. */
const DUPLICATES: Readonly<Record<string, InsertOptions["overwriteMode"]>> = {
  error: "conflict",
  update: "update",
  replace: "replace",
  ignore: "ignore",
};

interface Counts {
  created: number;
  errors: number;
  empty: number;
  updated: number;
  ignored: number;
}

/** Something of the body: a document's text, or why there is none; undefined is an empty line. */
type Item = { readonly text: string } | { readonly failure: string } | undefined;

/** How much of what is wrong is shown. */
const MOST_SHOWN = 255;

function shortened(text: string): string {
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}...` : text;
}

function notAnObject(text: string): { readonly failure: string } {
  return {
    failure: `invalid JSON type (expecting object, probably parse error), offending context: ${shortened(text)}`,
  };
}

/** The text without the white space between its tokens; undefined if it is not JSON. */
function parsed(text: string): string | undefined {
  try {
    return checkedJson(text);
  } catch (error) {
    if (!(error instanceof ArangoError)) throw error;
    return undefined;
  }
}

/** What `item` makes of each line. The end of the last line starts no further one. */
function* eachLine(text: string, item: (line: string) => Item): Generator<Item> {
  const lines = text.split("\n");
  if (lines.at(-1)!.trim() === "") lines.pop();
  for (const line of lines) yield line.trim() === "" ? undefined : item(line.trim());
}

function lineItems(text: string): Generator<Item> {
  return eachLine(text, (line) => {
    const text = parsed(line);
    return text === undefined ? notAnObject(line) : { text };
  });
}

function* listItems(text: string): Generator<Item> {
  const list = parsed(text);
  if (list === undefined || list.charCodeAt(0) !== 0x5b) {
    throw new ArangoError("ERROR_HTTP_BAD_PARAMETER", "expecting a JSON array in the request");
  }
  for (const element of elements(list)) yield { text: element };
}

/** Rows of values below a row of attribute names. */
function rowItems(text: string, ignoreMissing: boolean): Generator<Item> {
  const end = text.indexOf("\n");
  if (end < 0) throw new ArangoError("ERROR_HTTP_BAD_PARAMETER", "no JSON array found in second line");
  const head = parsed(text.slice(0, end));
  const names = head?.startsWith("[") ? elements(head) : [];
  if (names.length === 0 || names.some((name) => !stringValue(name))) {
    throw new ArangoError("ERROR_HTTP_BAD_PARAMETER", "no JSON string array found in first line");
  }
  return eachLine(text.slice(end + 1), (line) => {
    const row = parsed(line);
    if (!row?.startsWith("[")) return notAnObject(line);
    const values = elements(row);
    if (values.length !== names.length && !ignoreMissing) {
      return { failure: `wrong number of JSON values (got ${values.length}, expected ${names.length})` };
    }
    // attributes that are null are left out; of two with a name the later one counts
    const own = new Map(names.flatMap((name, i) => (values[i] ?? "null") === "null" ? [] : [[name, values[i]]]));
    return { text: `{${[...own].map(([name, value]) => `${name}:${value}`)}}` };
  });
}

/** Types of bodies that hold documents. A body of any other type has rows: ArangoJS 9 writes `type=undefined` for those. */
const JSON_TYPES: ReadonlyMap<string | null, (text: string) => Iterable<Item>> = new Map([
  ["documents", lineItems],
  ["list", listItems],
  ["array", listItems],
  ["auto", (text) => text.trimStart().startsWith("[") ? listItems(text) : lineItems(text)],
]);

function itemsOf(context: RequestContext): Iterable<Item> {
  const text = context.text();
  const read = JSON_TYPES.get(context.query.get("type"));
  return read ? read(text) : rowItems(text, context.flag("ignoreMissing", false));
}

/** The number before that of the first thing in the body: `arangoimport` tells how many rows it has skipped. */
function linesBefore(context: RequestContext): number {
  return JSON_TYPES.has(context.query.get("type")) ? 0 : Math.trunc(context.number("line") ?? 0);
}

/** Puts a collection's name in front of `_from` and `_to` that have none, or in place of the one that they have. */
function withPrefixes(text: string, prefixes: Readonly<Record<string, string>>, overwrite: boolean): string {
  if (Object.keys(prefixes).length === 0) return text;
  const parts = members(text);
  for (const [name, prefix] of Object.entries(prefixes)) {
    const member = parts.get(name);
    const value = stringValue(member?.raw) ?? (member && /^\d+$/.test(member.raw) ? member.raw : undefined);
    if (member && value !== undefined && (overwrite || !value.includes("/"))) {
      const key = value.slice(value.indexOf("/") + 1);
      parts.set(name, { ...member, raw: JSON.stringify(`${prefix}/${key}`) });
    }
  }
  return objectText(parts.values());
}

function prefixesOf(context: RequestContext): Record<string, string> {
  const prefixes: Record<string, string> = {};
  for (const [parameter, name] of [["fromPrefix", "_from"], ["toPrefix", "_to"]] as const) {
    const prefix = context.query.get(parameter)?.replace(/\/$/, "");
    if (prefix) prefixes[name] = prefix;
  }
  return prefixes;
}

/** Whether an edge has both ends. */
function isConnected(text: string): boolean {
  const parts = members(text);
  return ["_from", "_to"].every((name) => stringValue(parts.get(name)?.raw));
}

function importDocuments(context: RequestContext): ApiReply {
  const name = context.query.get("collection");
  if (!name) {
    throw new ArangoError(
      "ERROR_ARANGO_COLLECTION_PARAMETER_MISSING",
      "'collection' is missing, expecting /_api/import?collection=<identifier>",
    );
  }
  const collection = context.writable(name);
  const mode = DUPLICATES[context.query.get("onDuplicate") ?? "error"];
  if (mode === undefined) throw new ArangoError("ERROR_BAD_PARAMETER", "invalid value for onDuplicate");
  const complete = context.flag("complete", false);
  const options: InsertOptions = {
    overwriteMode: mode,
    keepNull: context.flag("keepNull", true),
    mergeObjects: context.flag("mergeObjects", true),
    waitForSync: context.flag("waitForSync", false),
  };
  const counts: Counts = { created: 0, errors: 0, empty: 0, updated: 0, ignored: 0 };
  const details: string[] = [];
  const fail = (position: number, detail: string, error: ArangoError): void => {
    if (complete) throw error;
    counts.errors++;
    details.push(`at position ${position}: ${detail}`);
  };
  const documents = readDocuments(context, collection, counts, fail);
  context.engine.write([collection], () => {
    if (context.flag("overwrite", false)) collection.truncate(options);
    documents.forEach((text, position) => {
      try {
        const result = collection.insert(text, options);
        if (result.oldRev !== undefined) counts.updated++;
        else if (result.new === undefined) counts.ignored++;
        else counts.created++;
      } catch (error) {
        if (!context.isDocumentError(error)) throw error;
        // the number's own text: where a unique index stands in the way does not matter here
        const plain = new ArangoError(error.errorNum);
        const detail = `creating document failed with error '${plain.message}', offending document: ${shortened(text)}`;
        fail(position, detail, plain);
      }
    });
  });
  const shown = context.flag("details", false) ? { details } : {};
  return json(201, { error: false, ...counts, ...shown });
}

/**
 * The documents of the body that can be tried. What is wrong with the others is told with positions that are counted from 1;
 * those of documents that the collection refuses afterwards are counted from 0, among the documents that were tried.
 * Source: recorded examples `RestImportJsonEdgeInvalid`, `RestImportJsonUniqueContinue`.
 */
function readDocuments(
  context: RequestContext,
  collection: Collection,
  counts: Counts,
  fail: (position: number, detail: string, error: ArangoError) => void,
): string[] {
  const prefixes = prefixesOf(context);
  const overwritePrefixes = context.flag("overwriteCollectionPrefix", false);
  const documents: string[] = [];
  let position = linesBefore(context);
  for (const item of itemsOf(context)) {
    position++;
    if (item === undefined) {
      counts.empty++;
      continue;
    }
    const given = "text" in item && !isObjectText(item.text) ? notAnObject(item.text) : item;
    if ("failure" in given) {
      fail(position, given.failure, new ArangoError("ERROR_INTERNAL"));
      continue;
    }
    const text = withPrefixes(given.text, prefixes, overwritePrefixes);
    if (collection.isEdge && !isConnected(text)) {
      const detail = `missing '_from' or '_to' attribute, offending document: ${shortened(text)}`;
      fail(position, detail, new ArangoError("ERROR_ARANGO_INVALID_EDGE_ATTRIBUTE"));
      continue;
    }
    documents.push(text);
  }
  return documents;
}

function tooMuch(context: RequestContext): ApiReply {
  return context.refusePath("/_api/import?collection=<identifier>", "superfluous");
}

/** The routes. */
export const IMPORTS: readonly Route[] = [
  { method: "POST", path: "/_api/import", access: "read", transactional: true, handle: importDocuments },
  { method: "POST", path: "/_api/import/*rest", access: "read", handle: tooMuch },
];

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

/** A document of the body: its text, or why there is none; undefined is an empty line. */
type Item = { readonly text: string } | { readonly failure: string; readonly error: ArangoError } | undefined;

function shortened(text: string): string {
  return text.length > 128 ? `${text.slice(0, 128)}...` : text;
}

function parsed(text: string): Item {
  try {
    return { text: checkedJson(text) };
  } catch (error) {
    if (!(error instanceof ArangoError)) throw error;
    return { failure: `failed to parse json object: '${shortened(text)}'`, error };
  }
}

function* lineItems(text: string): Generator<Item> {
  const lines = text.split("\n");
  // the end of the last line starts no further one
  if (lines.at(-1)!.trim() === "") lines.pop();
  for (const line of lines) yield line.trim() === "" ? undefined : parsed(line);
}

function* listItems(text: string): Generator<Item> {
  const list = checkedJson(text);
  if (list.charCodeAt(0) !== 0x5b) {
    throw new ArangoError("ERROR_HTTP_BAD_PARAMETER", "expecting a JSON array in the request");
  }
  for (const element of elements(list)) yield { text: element };
}

/** Rows of values below a row of attribute names. */
function* rowItems(text: string): Generator<Item> {
  const lines = text.split("\n");
  const head = lines.shift()!.trim();
  if (!head.startsWith("[")) throw new ArangoError("ERROR_HTTP_BAD_PARAMETER", "no JSON array found in second line");
  const names = elements(checkedJson(head));
  if (names.length === 0 || names.some((name) => stringValue(name) === undefined)) {
    throw new ArangoError("ERROR_HTTP_BAD_PARAMETER", "no JSON string array found in second line");
  }
  if (lines.length > 0 && lines.at(-1)!.trim() === "") lines.pop();
  for (const line of lines) {
    if (line.trim() === "") {
      yield undefined;
      continue;
    }
    const item = parsed(line);
    if (item && "text" in item && item.text.startsWith("[")) {
      const values = elements(item.text);
      if (values.length !== names.length) {
        const failure = `wrong number of JSON values (got ${values.length}, expected ${names.length})`;
        yield { failure, error: new ArangoError("ERROR_HTTP_BAD_PARAMETER", failure) };
        continue;
      }
      // attributes that are null are left out
      const own = values.map((value, i) => `${names[i]}:${value}`).filter((_, i) => values[i] !== "null");
      yield { text: `{${own.join(",")}}` };
    } else if (item && "text" in item) {
      const failure = "no JSON array found in line";
      yield { failure, error: new ArangoError("ERROR_HTTP_BAD_PARAMETER", failure) };
    } else {
      yield item;
    }
  }
}

function itemsOf(type: string | null, text: string): Iterable<Item> {
  switch (type) {
    case "documents":
      return lineItems(text);
    case "list":
    case "array":
      return listItems(text);
    case "auto":
      return text.trimStart().startsWith("[") ? listItems(text) : lineItems(text);
    case null:
    case "":
      return rowItems(text);
    default:
      throw new ArangoError("ERROR_BAD_PARAMETER", "invalid value for type");
  }
}

/** Puts a collection's name in front of `_from` and `_to` that have none. */
function withPrefixes(text: string, prefixes: Readonly<Record<string, string>>): string {
  if (Object.keys(prefixes).length === 0) return text;
  const parts = members(text);
  for (const [name, prefix] of Object.entries(prefixes)) {
    const member = parts.get(name);
    const value = stringValue(member?.raw) ?? (member && /^\d+$/.test(member.raw) ? member.raw : undefined);
    if (member && value !== undefined && !value.includes("/")) {
      parts.set(name, { ...member, raw: JSON.stringify(`${prefix}/${value}`) });
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

/** Why a document cannot even be tried. */
function refusal(collection: Collection, text: string): string | undefined {
  if (!isObjectText(text)) {
    return `invalid JSON type (expecting object, probably parse error), offending context: ${shortened(text)}`;
  }
  if (!collection.isEdge) return undefined;
  const parts = members(text);
  const complete = ["_from", "_to"].every((name) => stringValue(parts.get(name)?.raw) !== undefined);
  return complete ? undefined : `missing '_from' or '_to' attribute, offending document: ${text}`;
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
  const waitForSync = context.optionalFlag("waitForSync");
  const options: InsertOptions = {
    overwriteMode: mode,
    keepNull: context.flag("keepNull", true),
    mergeObjects: context.flag("mergeObjects", true),
    ...(waitForSync === undefined ? {} : { waitForSync }),
  };
  const prefixes = prefixesOf(context);
  const counts: Counts = { created: 0, errors: 0, empty: 0, updated: 0, ignored: 0 };
  const details: string[] = [];
  const fail = (position: number, detail: string, error: ArangoError): void => {
    if (complete) throw error;
    counts.errors++;
    details.push(`at position ${position}: ${detail}`);
  };
  const isList = ["list", "array"].includes(context.query.get("type") ?? "") ||
    (context.query.get("type") === "auto" && context.text().trimStart().startsWith("["));
  // positions of rows and list elements are counted from 1, those of lines from 0
  let position = isList || !context.query.get("type") ? 1 : 0;
  const items = itemsOf(context.query.get("type"), context.text());
  context.engine.write([collection], () => {
    if (context.flag("overwrite", false)) collection.truncate(options);
    for (const item of items) {
      const at = position++;
      if (item === undefined) {
        counts.empty++;
      } else if ("failure" in item) {
        fail(at, item.failure, item.error);
      } else {
        insert(at, item.text);
      }
    }
  }, { durable: waitForSync ?? collection.properties.waitForSync });

  function insert(at: number, given: string): void {
    const text = isObjectText(given) ? withPrefixes(given, prefixes) : given;
    const refused = refusal(collection, text);
    if (refused !== undefined) {
      const error = collection.isEdge && isObjectText(text)
        ? new ArangoError("ERROR_ARANGO_INVALID_EDGE_ATTRIBUTE")
        : new ArangoError("ERROR_ARANGO_DOCUMENT_TYPE_INVALID");
      fail(at, refused, error);
      return;
    }
    try {
      const result = collection.insert(text, options);
      if (result.oldRev !== undefined) counts.updated++;
      else if (result.new === undefined) counts.ignored++;
      else counts.created++;
    } catch (error) {
      if (!(error instanceof ArangoError) || error.errorNum < 1200 || error.errorNum >= 1700) throw error;
      // the number's own text: where a unique index stands in the way does not matter here
      const plain = new ArangoError(error.errorNum);
      fail(at, `creating document failed with error '${plain.message}', offending document: ${text}`, plain);
    }
  }

  const shown = context.flag("details", false) ? { details } : {};
  return json(201, { error: false, ...counts, ...shown });
}

/** The routes. */
export const IMPORTS: readonly Route[] = [
  { method: "POST", path: "/_api/import", access: "read", transactional: true, handle: importDocuments },
];

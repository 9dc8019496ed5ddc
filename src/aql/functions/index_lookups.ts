/**
 * Functions that look documents up in geo and fulltext indexes.
 *
 * Source: sections 12.3 and 12.4 of `aql.md`; ArangoDB's documentation of fulltext indexes.
 *
 * @module
 */
import { ArangoError } from "../../base/arango_error.ts";
import { normalWord } from "../../engine/fulltext_words.ts";
import { type AqlArray, type AqlObject, type AqlValue, attributeOf, isNumber, isObject } from "../values.ts";
import {
  argumentTypeError,
  type FunctionContext,
  type FunctionSpec,
  type GeoLookup,
  required,
} from "./function_spec.ts";
import { EARTH_RADIUS, haversine } from "./geo.ts";

/** Half way around the globe, in metres: nothing is further away. */
const FURTHEST = Math.PI * EARTH_RADIUS;
/** The first radius that is searched for near documents, in metres. */
const FIRST_RADIUS = 1000;
/** How many documents `NEAR()` gives when nobody says otherwise. */
const NEAR_LIMIT = 100;

interface Found {
  readonly document: AqlObject;
  /** Metres. */
  readonly distance: number;
}

function numbers(name: string, values: readonly (AqlValue | undefined)[]): number[] {
  return values.map((value) => {
    if (value === undefined || !isNumber(value)) throw argumentTypeError(name);
    return Number(value);
  });
}

function lookup(context: FunctionContext, name: string, collection: AqlValue | undefined): GeoLookup {
  if (typeof collection !== "string") throw argumentTypeError(name);
  const found = required(context.data, name).geoIndex(collection);
  if (!found) {
    throw new ArangoError(
      "ERROR_QUERY_GEO_INDEX_MISSING",
      `no suitable geo index found for geo restriction on '${collection}'`,
    );
  }
  return found;
}

function valueAt(document: AqlObject, path: string): AqlValue {
  return path.split(".").reduce<AqlValue>((value, name) => attributeOf(value, name), document);
}

/** Latitude and longitude of a document; undefined if it has no point. */
function placeOf(document: AqlObject, { fields, geoJson }: GeoLookup): [lat: number, lon: number] | undefined {
  const values = fields.map((field) => valueAt(document, field));
  const [first] = values;
  const pair = values.length === 2 ? values : isObject(first!) ? attributeOf(first, "coordinates") : first;
  if (!Array.isArray(pair) || !isNumber(pair[0] ?? null) || !isNumber(pair[1] ?? null)) return undefined;
  const [one, other] = [Number(pair[0]), Number(pair[1])];
  return geoJson && values.length === 1 ? [other, one] : [one, other];
}

function within(index: GeoLookup, lat: number, lon: number, radius: number): Found[] {
  const found: Found[] = [];
  for (const document of index.around(lat, lon, Math.min(radius, FURTHEST))) {
    const place = placeOf(document, index);
    const distance = place && haversine(lat, lon, ...place);
    if (distance !== undefined && distance <= radius) found.push({ document, distance });
  }
  return found.sort((a, b) => a.distance - b.distance);
}

function withDistance(name: string, found: readonly Found[], attribute: AqlValue | undefined): AqlArray {
  if (attribute === undefined || attribute === null) return found.map(({ document }) => document);
  if (typeof attribute !== "string") throw argumentTypeError(name);
  return found.map(({ document, distance }) => ({ ...document, [attribute]: distance }));
}

/** Searches rings that grow until enough is found. */
function near(context: FunctionContext, args: readonly AqlValue[]): AqlValue {
  const index = lookup(context, "NEAR", args[0]);
  const [lat = 0, lon = 0, limit = 0] = numbers("NEAR", [args[1], args[2], args[3] ?? NEAR_LIMIT]);
  for (let radius = FIRST_RADIUS;; radius *= 4) {
    const found = within(index, lat, lon, radius);
    if (found.length >= limit || radius >= FURTHEST) {
      return withDistance("NEAR", found.slice(0, Math.max(0, limit)), args[4]);
    }
  }
}

function inRadius(context: FunctionContext, args: readonly AqlValue[]): AqlValue {
  const index = lookup(context, "WITHIN", args[0]);
  const [lat = 0, lon = 0, radius = 0] = numbers("WITHIN", args.slice(1, 4));
  return withDistance("WITHIN", within(index, lat, lon, radius), args[4]);
}

function inRectangle(context: FunctionContext, args: readonly AqlValue[]): AqlValue {
  const index = lookup(context, "WITHIN_RECTANGLE", args[0]);
  const [lat1 = 0, lon1 = 0, lat2 = 0, lon2 = 0] = numbers("WITHIN_RECTANGLE", args.slice(1));
  const [south, north] = [Math.min(lat1, lat2), Math.max(lat1, lat2)];
  const [west, east] = [Math.min(lon1, lon2), Math.max(lon1, lon2)];
  const middle = [(south + north) / 2, (west + east) / 2] as const;
  const corners = [[south, west], [south, east], [north, west], [north, east]] as const;
  const reach = Math.max(...corners.map(([lat, lon]) => haversine(...middle, lat, lon)));
  // the middle of an edge may lie further out than its corners
  const candidates = index.around(...middle, Math.min(FURTHEST, reach * 1.5 + 1));
  return candidates.filter((document) => {
    const place = placeOf(document, index);
    return place && place[0] >= south && place[0] <= north && place[1] >= west && place[1] <= east;
  });
}

/** A word of a fulltext query. */
interface Term {
  readonly operator: "and" | "or" | "not";
  readonly word: string;
  readonly isPrefix: boolean;
}

/** @throws ArangoError 10 for an operator without a word: python-arango's tests */
function termsOf(query: string): Term[] {
  return query.split(",").flatMap((part) => {
    const [, sign = "", kind = "", text = ""] = /^\s*([+|-]?)\s*(?:(complete|prefix):)?\s*(.*?)\s*$/s.exec(part) ?? [];
    const word = normalWord(text);
    if (word === "" && sign !== "") {
      throw new ArangoError("ERROR_BAD_PARAMETER", `bad parameter: a fulltext query has a '${sign}' without a word`);
    }
    if (word === "") return [];
    return [{ operator: sign === "|" ? "or" : sign === "-" ? "not" : "and", word, isPrefix: kind === "prefix" }];
  });
}

function fulltext(context: FunctionContext, args: readonly AqlValue[]): AqlValue {
  const [collection, attribute, query, limit = Infinity] = args;
  if (![collection, attribute, query].every((one) => typeof one === "string") || !isNumber(limit)) {
    throw argumentTypeError("FULLTEXT");
  }
  const index = required(context.data, "FULLTEXT").fulltextIndex(collection as string, attribute as string);
  if (!index) {
    throw new ArangoError(
      "ERROR_QUERY_FULLTEXT_INDEX_MISSING",
      `no suitable fulltext index found for fulltext query on '${collection}'`,
    );
  }
  let found: ReadonlyMap<string, AqlObject> | undefined;
  for (const { operator, word, isPrefix } of termsOf(query as string)) {
    const matching = new Map(index.withWord(word, isPrefix).map((document) => [String(document._key), document]));
    if (found === undefined) found = operator === "not" ? new Map() : matching;
    else if (operator === "or") found = new Map([...found, ...matching]);
    else found = new Map([...found].filter(([key]) => matching.has(key) === (operator === "and")));
  }
  const documents = [...found?.values() ?? []];
  // python-arango's tests: 0 is a limit as well, though the manual has it stand for none
  return Number(limit) >= 0 ? documents.slice(0, Number(limit)) : documents;
}

function reading(name: string, args: FunctionSpec["args"], run: FunctionSpec["run"]): FunctionSpec {
  return { name, args, deterministic: false, noDynamicCall: true, readsData: true, run };
}

/** The functions. */
export const INDEX_LOOKUPS: readonly FunctionSpec[] = [
  reading("FULLTEXT", [3, 4], fulltext),
  reading("NEAR", [3, 5], near),
  reading("WITHIN", [4, 5], inRadius),
  reading("WITHIN_RECTANGLE", [5, 5], inRectangle),
];

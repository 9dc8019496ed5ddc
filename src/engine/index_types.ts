/**
 * The types of secondary indexes: what each asks of its description and what it adds to it.
 *
 * Source: ArangoDB's documentation of the index types (3.11, 3.12); recorded examples `RestIndexCreateNew*`,
 * `geoIndexCreateForArrayAttribute1`; `arangosh.md` §5.6.
 *
 * @module
 */
import { ArangoError } from "../base/arango_error.ts";

/** A client's description of an index. */
export type IndexDescription = Readonly<Record<string, unknown>>;

/** How an index lies in a collection file. */
export type IndexStorage = "ordered" | "boxes";

/** What an index type is. */
export interface IndexType {
  /** `ordered`: entries in the order of their bytes; `boxes`: a box in space for each document. */
  readonly storage: IndexStorage;
  /** The least and the most fields that the index can have. */
  readonly fields: readonly [least: number, most: number];
  /** Whether fields can use `[*]`. */
  readonly expands: boolean;
  /** Whether the index can be unique. */
  readonly canBeUnique: boolean;
  /** Whether it leaves out documents without value: always, never, or as the description says. */
  readonly sparse: boolean | "given";
  /** The attributes that tell two indexes of the same fields apart. */
  readonly essence: readonly string[];
  /**
   * The attributes that the type adds.
   *
   * @throws ArangoError 10
   */
  readonly attributes: (given: IndexDescription) => Readonly<Record<string, unknown>>;
}

/** The error for a description that cannot be. */
export function badIndex(detail: string): ArangoError {
  return new ArangoError("ERROR_BAD_PARAMETER", `bad parameter: ${detail}`);
}

const MOST_STORED_VALUES = 32;

/** The attributes of an index that holds further values; empty if it does not. */
function storedValues({ storedValues: given }: IndexDescription, taken: unknown): { storedValues?: string[] } {
  if (given === undefined || given === null) return {};
  if (!isPaths(given)) throw badIndex("storedValues must be an array of attribute names");
  if (given.length > MOST_STORED_VALUES) {
    throw badIndex(`storedValues can have ${MOST_STORED_VALUES} attributes at most`);
  }
  if (new Set(given).size < given.length) throw badIndex("storedValues has an attribute twice");
  if (given.some((path) => /[[\]]/.test(path))) throw badIndex("storedValues cannot use [*]");
  const overlap = isPaths(taken) ? given.find((path) => taken.includes(path)) : undefined;
  if (overlap !== undefined) throw badIndex(`storedValues and the fields of an index cannot both have '${overlap}'`);
  return given.length === 0 ? {} : { storedValues: given };
}

/** Whether a value is a list of attribute paths. */
function isPaths(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === "string" && one !== "");
}

const PERSISTENT: IndexType = {
  storage: "ordered",
  fields: [1, Infinity],
  expands: true,
  canBeUnique: true,
  sparse: "given",
  essence: [],
  attributes: (given) => ({
    deduplicate: given.deduplicate !== false,
    estimates: given.estimates !== false,
    cacheEnabled: given.cacheEnabled === true,
    ...storedValues(given, given.fields),
  }),
};

const TTL: IndexType = {
  storage: "ordered",
  fields: [1, 1],
  expands: false,
  canBeUnique: false,
  sparse: true,
  essence: ["expireAfter"],
  attributes: ({ expireAfter }) => {
    if (typeof expireAfter !== "number") throw badIndex("expireAfter attribute must be a number");
    if (expireAfter < 0) throw badIndex("expireAfter attribute must be greater equal to zero");
    return { estimates: false, expireAfter };
  },
};

const GEO: IndexType = {
  storage: "boxes",
  fields: [1, 2],
  expands: false,
  canBeUnique: false,
  sparse: true,
  essence: ["geoJson", "legacyPolygons"],
  attributes: ({ geoJson, legacyPolygons, fields }) => {
    const single = Array.isArray(fields) && fields.length === 1;
    if (geoJson === true && !single) throw badIndex("a geo index with geoJson has one field");
    return {
      geoJson: geoJson === true,
      legacyPolygons: legacyPolygons === true,
      bestIndexedLevel: 17,
      worstIndexedLevel: 4,
      maxNumCoverCells: 8,
    };
  },
};

const FULLTEXT: IndexType = {
  storage: "ordered",
  fields: [1, 1],
  expands: false,
  canBeUnique: false,
  sparse: true,
  essence: ["minLength"],
  attributes: ({ minLength = 2 }) => {
    if (typeof minLength !== "number") throw badIndex("minLength must be a number");
    return { minLength: Math.max(1, Math.trunc(minLength)) };
  },
};

function fieldValueTypes({ fieldValueTypes: given }: IndexDescription): { fieldValueTypes: "double" } {
  if (given !== "double") throw badIndex("fieldValueTypes must be 'double'");
  return { fieldValueTypes: "double" };
}

const MDI: IndexType = {
  storage: "ordered",
  fields: [1, Infinity],
  expands: false,
  canBeUnique: true,
  sparse: "given",
  essence: [],
  attributes: (given) => {
    if (given.prefixFields !== undefined) throw badIndex("prefixFields needs an index of type 'mdi-prefixed'");
    const estimates = given.unique === true && given.estimates !== false;
    return { ...fieldValueTypes(given), estimates, ...storedValues(given, undefined) };
  },
};

const MDI_PREFIXED: IndexType = {
  ...MDI,
  essence: ["prefixFields"],
  attributes: (given) => {
    const { prefixFields, fields } = given;
    if (!isPaths(prefixFields) || prefixFields.length === 0) {
      throw badIndex("an index of type 'mdi-prefixed' needs prefixFields, an array of attribute names");
    }
    if (new Set(prefixFields).size < prefixFields.length) throw badIndex("prefixFields has an attribute twice");
    if (prefixFields.some((path) => /[[\]]/.test(path))) throw badIndex("prefixFields cannot use [*]");
    const overlap = isPaths(fields) ? prefixFields.find((path) => fields.includes(path)) : undefined;
    if (overlap !== undefined) throw badIndex(`fields and prefixFields cannot both have '${overlap}'`);
    return {
      ...fieldValueTypes(given),
      prefixFields,
      estimates: given.estimates !== false,
      ...storedValues(given, prefixFields),
    };
  },
};

const ZKD: IndexType = { ...MDI, sparse: false, attributes: fieldValueTypes };

/** All types that the engine has, by name. */
export const INDEX_TYPES = {
  persistent: PERSISTENT,
  hash: PERSISTENT,
  skiplist: PERSISTENT,
  ttl: TTL,
  geo: GEO,
  geo1: { ...GEO, fields: [1, 1] },
  geo2: { ...GEO, fields: [2, 2] },
  fulltext: FULLTEXT,
  mdi: MDI,
  "mdi-prefixed": MDI_PREFIXED,
  zkd: ZKD,
} as const satisfies Readonly<Record<string, IndexType>>;

/** The name of an index type. */
export type IndexTypeName = keyof typeof INDEX_TYPES;

/**
 * What kind an index type belongs to: old names for geo and multi-dimensional indexes are one kind with the new ones. `hash`,
 * `skiplist` and `persistent` are not: a collection can have one of each on the same attributes, as arangojs's tests of
 * version 7 have it.
 */
export function indexKind(type: IndexTypeName): IndexTypeName {
  if (type === "geo1" || type === "geo2") return "geo";
  return type === "zkd" ? "mdi" : type;
}

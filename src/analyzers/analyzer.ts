/**
 * Analyzers: how texts become tokens.
 *
 * Source: the manual's page "Transforming data with Analyzers"; recorded examples `analyzer*`, `RestAnalyzer*`.
 *
 * @module
 */
import { ArangoError } from "../base/arango_error.ts";
import { type AnalyzerProperties, isObject, languageOf, Settings } from "./settings.ts";
import { stemmer } from "./stemmer.ts";
import {
  delimitedFields,
  type EdgeNgramOptions,
  edgeNgrams,
  type NgramOptions,
  ngrams,
  segments,
  splitAtAny,
  wildcardNgrams,
  withoutAccents,
  words,
} from "./words.ts";

export type { AnalyzerProperties };

/** What comes out of an analyzer. */
export type Token = string | number | boolean;

/** Takes a text apart. */
export type Tokenizer = (text: string) => readonly Token[];

/** What some types of analyzers need of their surroundings. */
export interface AnalyzerSurroundings {
  /**
   * Makes a function that runs a query for a text, its parameter `param`.
   *
   * @throws ArangoError 10 for queries that analyzers must not run
   */
  prepareQuery(query: string, memoryLimit: number): (param: string) => readonly unknown[];
}

/** One type of analyzers. */
interface AnalyzerType {
  /**
   * The settings in full and in ArangoDB's order.
   *
   * @throws ArangoError 10 for settings that are missing or wrong
   */
  readonly complete: (given: Settings, surroundings: AnalyzerSurroundings) => AnalyzerProperties;
  /** Makes the analyzer of complete settings. */
  readonly make: (properties: never, surroundings: AnalyzerSurroundings) => Tokenizer;
}

/** An analyzer within another one. */
interface Part {
  readonly type: string;
  readonly properties: AnalyzerProperties;
}

/** The analyzer that a setting describes, as the client gives it. */
function partOf(value: unknown, settings: Settings, name: string): Part {
  if (!isObject(value) || typeof value.type !== "string" || !Object.hasOwn(TYPES, value.type)) {
    throw settings.wrong(name, "made of analyzers: { type, properties }");
  }
  if (value.type.startsWith("geo")) throw settings.wrong(name, "made of analyzers of other types than geo");
  const properties = value.properties ?? {};
  if (!isObject(properties)) throw settings.wrong(name, "made of analyzers whose properties are objects");
  return { type: value.type, properties };
}

/** The analyzer within this one that is the value of a setting. */
function onePart(settings: Settings, name: string): Part {
  return partOf(
    settings.value<unknown>(name, undefined, "an analyzer: { type, properties }", isObject),
    settings,
    name,
  );
}

/** The analyzers within this one that are the members of a setting. */
function manyParts(settings: Settings, name: string): Part[] {
  const isList = (value: unknown): boolean => Array.isArray(value) && value.length > 0;
  const given = settings.value<unknown[]>(name, undefined, "an array of analyzers", isList);
  return given.map((one) => partOf(one, settings, name));
}

/** The locale in JavaScript's terms; undefined, which is any, for one that is not known. */
function knownLocale(locale: string): string | undefined {
  try {
    return Intl.getCanonicalLocales(languageOf(locale))[0];
  } catch {
    return undefined;
  }
}

const CASES = ["lower", "upper", "none"] as const;
type Case = typeof CASES[number];

function toCase(text: string, wanted: Case, locale: string | undefined): string {
  if (wanted === "none") return text;
  return wanted === "lower" ? text.toLocaleLowerCase(locale) : text.toLocaleUpperCase(locale);
}

/** A type whose definitions are kept, but which only views and inverted indexes could use. */
function forSearch(complete: AnalyzerType["complete"], why: string): AnalyzerType {
  return {
    complete,
    make: () => () => {
      throw new ArangoError("ERROR_NOT_IMPLEMENTED", `not implemented: ${why}`);
    },
  };
}

function geoOptions(settings: Settings): AnalyzerProperties {
  const options = settings.object("options", {});
  return {
    maxCells: options.count("maxCells", 1, Infinity, 20),
    minLevel: options.count("minLevel", 0, 30, 4),
    maxLevel: options.count("maxLevel", 0, 30, 23),
  };
}

const GEO = "the tokens of geo analyzers are cells of ArangoDB's search engine";
const SHAPES = ["shape", "centroid", "point"] as const;

interface TextProperties {
  readonly locale: string;
  readonly case: Case;
  readonly stopwords: readonly string[];
  readonly accent: boolean;
  readonly stemming: boolean;
  readonly edgeNgram?: EdgeNgramOptions;
}

function completeText(settings: Settings): AnalyzerProperties {
  if (settings.has("stopwordsPath")) {
    throw new ArangoError("ERROR_NOT_IMPLEMENTED", "not implemented: 'stopwordsPath', give 'stopwords' instead");
  }
  const stemming = settings.flag("stemming", true);
  const edge = settings.has("edgeNgram") ? settings.object("edgeNgram") : undefined;
  return {
    locale: settings.locale(stemming),
    case: settings.oneOf("case", CASES, "lower"),
    stopwords: settings.texts("stopwords", []),
    accent: settings.flag("accent", false),
    stemming,
    ...(edge && {
      edgeNgram: {
        ...(edge.has("min") && { min: edge.count("min", 1, Infinity) }),
        ...(edge.has("max") && { max: edge.count("max", 1, Infinity) }),
        ...(edge.has("preserveOriginal") && { preserveOriginal: edge.flag("preserveOriginal") }),
      },
    }),
  };
}

function textTokenizer(properties: TextProperties): Tokenizer {
  const { accent, edgeNgram } = properties;
  const locale = knownLocale(properties.locale);
  const stopwords = new Set(properties.stopwords);
  const stem = properties.stemming ? stemmer(languageOf(properties.locale)) : undefined;
  return (text) =>
    words(text, locale)
      .map((word) => toCase(accent ? word : withoutAccents(word), properties.case, locale))
      .filter((word) => !stopwords.has(word))
      .map((word) => stem ? stem(word) : word)
      .flatMap((word) => edgeNgram ? edgeNgrams(word, edgeNgram) : [word]);
}

interface QueryProperties {
  readonly queryString: string;
  readonly keepNull: boolean;
  readonly memoryLimit: number;
  readonly returnType: "string" | "number" | "bool";
}

function completeQuery(settings: Settings, surroundings: AnalyzerSurroundings): AnalyzerProperties {
  const properties = {
    queryString: settings.text("queryString"),
    collapsePositions: settings.flag("collapsePositions", false),
    keepNull: settings.flag("keepNull", true),
    batchSize: settings.count("batchSize", 1, 1000, 1),
    memoryLimit: settings.count("memoryLimit", 1, 33554432, 1048576),
    returnType: settings.oneOf("returnType", ["string", "number", "bool"], "string"),
  };
  surroundings.prepareQuery(properties.queryString, properties.memoryLimit);
  return properties;
}

/** Conversions as the AQL functions `TO_STRING()`, `TO_NUMBER()` and `TO_BOOL()` make them. */
const RETURNS: Readonly<Record<QueryProperties["returnType"], string>> = {
  string: "TO_STRING",
  number: "TO_NUMBER",
  bool: "TO_BOOL",
};

function queryTokenizer(properties: QueryProperties, surroundings: AnalyzerSurroundings): Tokenizer {
  const { queryString, keepNull, memoryLimit, returnType } = properties;
  const query = `FOR token IN (${queryString}\n) ${keepNull ? "" : "FILTER token != null "}RETURN ${
    RETURNS[returnType]
  }(token)`;
  const run = surroundings.prepareQuery(query, memoryLimit);
  return (text) => run(text) as readonly Token[];
}

const NOT_HEX = /[^0-9a-f]/i;

function fromHex(text: string, settings: Settings): string {
  if (text.length % 2 !== 0 || NOT_HEX.test(text)) throw settings.wrong("stopwords", "made of hexadecimal texts");
  return Buffer.from(text, "hex").toString("utf8");
}

const WHITE_SPACE = /^[\t \x85\xa0\u1680\u2000-\u200a\u2028\u202f\u205f\u3000]+$/;
const BREAKS: Readonly<Record<string, (segment: string) => boolean>> = {
  all: () => true,
  alpha: (segment) => /[\p{L}\p{N}]/u.test(segment),
  graphic: (segment) => !WHITE_SPACE.test(segment),
};

/** The types of analyzers. */
const TYPES: Readonly<Record<string, AnalyzerType>> = {
  identity: { complete: () => ({}), make: () => (text) => [text] },
  delimiter: {
    complete: (settings) => ({ delimiter: settings.text("delimiter") }),
    make: ({ delimiter }: { delimiter: string }) => (text) => delimitedFields(text, delimiter),
  },
  multi_delimiter: {
    complete: (settings) => {
      const delimiters = settings.texts("delimiters");
      const overlaps = delimiters.some((one, i) => delimiters.some((other, j) => i !== j && other.startsWith(one)));
      if (overlaps) throw settings.wrong("delimiters", "strings of which none begins with another");
      return { delimiters };
    },
    make: ({ delimiters }: { delimiters: readonly string[] }) => (text) => splitAtAny(text, delimiters),
  },
  stem: {
    complete: (settings) => ({ locale: settings.locale(true) }),
    make: ({ locale }: { locale: string }) => {
      const stem = stemmer(languageOf(locale));
      return (text) => [stem ? stem(text) : text];
    },
  },
  norm: {
    complete: (settings) => ({
      locale: settings.locale(false),
      case: settings.oneOf("case", CASES, "none"),
      accent: settings.flag("accent", true),
    }),
    make: (properties: { locale: string; case: Case; accent: boolean }) => {
      const locale = knownLocale(properties.locale);
      return (text) => [toCase(properties.accent ? text : withoutAccents(text), properties.case, locale)];
    },
  },
  ngram: {
    complete: (settings) => {
      const min = settings.count("min", 1, Infinity);
      return {
        min,
        max: settings.count("max", min, Infinity),
        preserveOriginal: settings.flag("preserveOriginal"),
        streamType: settings.oneOf("streamType", ["binary", "utf8"], "binary"),
        startMarker: settings.text("startMarker", ""),
        endMarker: settings.text("endMarker", ""),
      };
    },
    make: (properties: NgramOptions) => (text) => {
      try {
        return ngrams(text, properties);
      } catch (cause) {
        if (!(cause instanceof TypeError)) throw cause;
        throw new ArangoError(
          "ERROR_BAD_PARAMETER",
          "Invalid UTF-8 sequence: use the streamType 'utf8' for texts beyond ASCII",
          { cause },
        );
      }
    },
  },
  text: { complete: completeText, make: textTokenizer },
  segmentation: {
    complete: (settings) => ({
      case: settings.oneOf("case", CASES, "lower"),
      break: settings.oneOf("break", ["all", "alpha", "graphic"], "alpha"),
    }),
    make: (properties: { case: Case; break: string }) => (text) =>
      segments(text).filter(BREAKS[properties.break]!).map((one) => toCase(one, properties.case, undefined)),
  },
  wildcard: {
    complete: (settings, surroundings) => {
      const ngramSize = settings.count("ngramSize", 2, Infinity);
      if (!settings.has("analyzer")) return { ngramSize };
      const { type, properties } = onePart(settings, "analyzer");
      return { ngramSize, analyzer: { type, properties: completeProperties(type, properties, surroundings) } };
    },
    make: ({ ngramSize, analyzer }: { ngramSize: number; analyzer?: Part }, surroundings) => {
      const inner: Tokenizer = analyzer
        ? makeTokenizer(analyzer.type, analyzer.properties, surroundings)
        : (text) => [text];
      return (text) => inner(text).flatMap((token) => wildcardNgrams(String(token), ngramSize));
    },
  },
  aql: { complete: completeQuery, make: queryTokenizer },
  pipeline: {
    complete: (settings, surroundings) => ({
      pipeline: manyParts(settings, "pipeline").map(({ type, properties }) => ({
        type,
        properties: completeProperties(type, properties, surroundings),
      })),
    }),
    make: ({ pipeline }: { pipeline: readonly Part[] }, surroundings) => {
      const steps = pipeline.map(({ type, properties }) => makeTokenizer(type, properties, surroundings));
      return (text) => steps.reduce<readonly Token[]>((all, step) => all.flatMap((one) => step(String(one))), [text]);
    },
  },
  stopwords: {
    complete: (settings) => {
      const properties = { stopwords: settings.texts("stopwords"), hex: settings.flag("hex", false) };
      if (properties.hex) properties.stopwords.forEach((one) => fromHex(one, settings));
      return properties;
    },
    make: ({ stopwords, hex }: { stopwords: readonly string[]; hex: boolean }) => {
      const left = new Set(hex ? stopwords.map((one) => Buffer.from(one, "hex").toString("utf8")) : stopwords);
      return (text) => left.has(text) ? [] : [text];
    },
  },
  collation: forSearch(
    (settings) => ({ locale: settings.locale(false) }),
    "the tokens of collation analyzers are sort keys of ICU, which JavaScript does not give",
  ),
  minhash: forSearch((settings, surroundings) => {
    const { type, properties } = onePart(settings, "analyzer");
    return {
      analyzer: { type, properties: completeProperties(type, properties, surroundings) },
      numHashes: settings.count("numHashes", 1, Infinity),
    };
  }, "the tokens of minhash analyzers are hashes of ArangoDB's search engine"),
  geojson: forSearch((settings) => ({
    options: geoOptions(settings),
    type: settings.oneOf("type", SHAPES, "shape"),
    legacy: settings.flag("legacy", false),
  }), GEO),
  geo_s2: forSearch((settings) => ({
    options: geoOptions(settings),
    type: settings.oneOf("type", SHAPES, "shape"),
    format: settings.oneOf("format", ["latLngDouble", "latLngInt", "s2Point"], "latLngDouble"),
  }), GEO),
  geopoint: forSearch((settings) => ({
    options: geoOptions(settings),
    latitude: settings.texts("latitude", []),
    longitude: settings.texts("longitude", []),
  }), GEO),
};

/** Types that need a word embedding model. */
const MODELS: ReadonlySet<string> = new Set(["classification", "nearest_neighbors"]);

/**
 * The settings of an analyzer in full, in ArangoDB's order.
 *
 * @throws ArangoError 9 for a type that is not here, 10 for settings that are missing or wrong
 */
export function completeProperties(
  type: string,
  properties: AnalyzerProperties,
  surroundings: AnalyzerSurroundings,
): AnalyzerProperties {
  const found = Object.hasOwn(TYPES, type) ? TYPES[type] : undefined;
  if (!found) {
    const detail = MODELS.has(type) ? `denosh runs no word embedding models, which '${type}' needs` : `'${type}'`;
    throw new ArangoError("ERROR_NOT_IMPLEMENTED", `Not implemented analyzer type: ${detail}`);
  }
  return found.complete(new Settings(type, properties), surroundings);
}

/**
 * Makes an analyzer of settings that {@linkcode completeProperties} has given.
 *
 * @returns a function which throws ArangoError 9 where denosh cannot tell the tokens, 10 for texts that the analyzer cannot take
 */
export function makeTokenizer(
  type: string,
  properties: AnalyzerProperties,
  surroundings: AnalyzerSurroundings,
): Tokenizer {
  return TYPES[type]!.make(properties as never, surroundings);
}

/**
 * The analyzers that every database has, and what all analyzers have beside their settings.
 *
 * Source: the manual's table of built-in analyzers; order and settings as recorded in `RestAnalyzersGet`.
 *
 * @module
 */
import { ArangoError } from "../base/arango_error.ts";
import { type AnalyzerProperties, makeTokenizer, type Tokenizer } from "./analyzer.ts";

/** An analyzer as ArangoDB shows it. */
export interface AnalyzerDefinition {
  /** Built-in ones have a plain name, others that of their database before it: `_system::mine`. */
  readonly name: string;
  readonly type: string;
  readonly properties: AnalyzerProperties;
  readonly features: readonly string[];
}

const LANGUAGES = ["es", "nl", "identity", "de", "no", "pt", "ru", "en", "it", "fi", "sv", "zh", "fr"] as const;

/** The built-in analyzers by name. */
export const BUILT_IN_ANALYZERS: ReadonlyMap<string, AnalyzerDefinition> = new Map(
  LANGUAGES.map((locale): [string, AnalyzerDefinition] => {
    if (locale === "identity") {
      return [locale, { name: locale, type: locale, properties: {}, features: ["frequency", "norm"] }];
    }
    const name = `text_${locale}`;
    const properties = { locale, case: "lower", stopwords: [], accent: false, stemming: locale !== "zh" };
    return [name, { name, type: "text", properties, features: ["frequency", "position", "norm"] }];
  }),
);

const tokenizers = new Map<string, Tokenizer>();

/** A built-in analyzer at work; undefined if there is none of this name. */
export function builtInTokenizer(name: string): Tokenizer | undefined {
  let tokenizer = tokenizers.get(name);
  const definition = tokenizer ? undefined : BUILT_IN_ANALYZERS.get(name);
  if (definition) {
    tokenizer = makeTokenizer(definition.type, definition.properties, { prepareQuery: () => () => [] });
    tokenizers.set(name, tokenizer);
  }
  return tokenizer;
}

/** Features in ArangoDB's order, with those that they need. */
const FEATURES = new Map<unknown, readonly string[]>([
  ["frequency", []],
  ["position", ["frequency"]],
  ["offset", ["frequency", "position"]],
  ["norm", []],
]);

/**
 * The features of an analyzer in ArangoDB's order.
 *
 * @throws ArangoError 10 for what is no feature, or lacks another that it needs
 */
export function completeFeatures(given: unknown): string[] {
  if (!Array.isArray(given)) {
    throw new ArangoError("ERROR_BAD_PARAMETER", "bad parameter: 'features' must be an array of strings");
  }
  for (const feature of given) {
    const needed = FEATURES.get(feature);
    if (!needed) {
      throw new ArangoError("ERROR_BAD_PARAMETER", `bad parameter: unknown feature '${feature}' of an analyzer`);
    }
    const missing = needed.find((one) => !given.includes(one));
    if (missing !== undefined) {
      throw new ArangoError(
        "ERROR_BAD_PARAMETER",
        `bad parameter: the feature '${feature}' needs the feature '${missing}'`,
      );
    }
  }
  return ([...FEATURES.keys()] as string[]).filter((feature) => given.includes(feature));
}

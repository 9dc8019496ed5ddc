/**
 * The settings of analyzers as clients give them: what they have to be, and what counts where there are none.
 *
 * @module
 */
import { ArangoError } from "../base/arango_error.ts";
import { lacksStemmer } from "./stemmer.ts";

/** The settings of an analyzer, as they are stored and shown. */
export type AnalyzerProperties = Readonly<Record<string, unknown>>;

/** The settings of one analyzer; every reader throws ArangoError 10 for a value that is missing or of another kind. */
export class Settings {
  readonly #given: AnalyzerProperties;
  readonly #type: string;

  /** The settings that a client gives for an analyzer of type `type`. */
  constructor(type: string, given: AnalyzerProperties) {
    this.#type = type;
    this.#given = given;
  }

  /** The error of a setting. */
  wrong(name: string, wish: string): ArangoError {
    return new ArangoError(
      "ERROR_BAD_PARAMETER",
      `bad parameter: '${name}' of an analyzer of type '${this.#type}' must be ${wish}`,
    );
  }

  /**
   * Any setting.
   *
   * @param fallback what counts where the client gives nothing
   * @param wish what it must be, for the error
   * @param is whether it is that
   */
  value<T>(name: string, fallback: T | undefined, wish: string, is: (value: unknown) => boolean): T {
    const value = this.#given[name] ?? fallback;
    if (value === undefined || !is(value)) throw this.wrong(name, wish);
    return value as T;
  }

  /** Whether a setting is given. */
  has(name: string): boolean {
    return this.#given[name] !== undefined;
  }

  /** A string. */
  text(name: string, fallback?: string): string {
    return this.value(name, fallback, "a string", (value) => typeof value === "string");
  }

  /** A boolean. */
  flag(name: string, fallback?: boolean): boolean {
    return this.value(name, fallback, "a boolean", (value) => typeof value === "boolean");
  }

  /** A whole number between `least` and `most`. */
  count(name: string, least: number, most: number, fallback?: number): number {
    const wish = most === Infinity ? `an integer of at least ${least}` : `an integer between ${least} and ${most}`;
    return this.value(
      name,
      fallback,
      wish,
      (value) => Number.isInteger(value) && Number(value) >= least && Number(value) <= most,
    );
  }

  /** An array of strings. */
  texts(name: string, fallback?: readonly string[]): readonly string[] {
    return this.value(
      name,
      fallback,
      "an array of strings",
      (value) => Array.isArray(value) && value.every((one) => typeof one === "string"),
    );
  }

  /** One of some words. */
  oneOf<T extends string>(name: string, values: readonly T[], fallback: T): T {
    return this.value(name, fallback, `one of ${values.join(", ")}`, (value) => values.includes(value as T));
  }

  /** Settings within this one. */
  object(name: string, fallback?: AnalyzerProperties): Settings {
    return new Settings(this.#type, this.value(name, fallback, "an object", isObject));
  }

  /**
   * The locale, without its encoding.
   *
   * @param isStemmed whether words are going to be stemmed
   * @throws ArangoError 9 if the language is stemmed by ArangoDB, and cannot be here
   */
  locale(isStemmed: boolean): string {
    const locale = this.text("locale").replace(/\..*$/, "");
    if (isStemmed && lacksStemmer(languageOf(locale))) {
      throw new ArangoError(
        "ERROR_NOT_IMPLEMENTED",
        `not implemented: denosh has no stemmer for the locale '${locale}'`,
      );
    }
    return locale;
  }
}

/** Whether a value is an object of JSON. */
export function isObject(value: unknown): value is AnalyzerProperties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The language of a locale such as `de_DE`, as its code. */
export function languageOf(locale: string): string {
  return locale.split(/[-_@]/, 1)[0]!.toLowerCase();
}

/**
 * The Snowball stemmers, loaded when a text is first stemmed.
 *
 * Texts are analyzed synchronously, which leaves `require()`; it comes from the global `process`, because importing
 * `node:module` would start Node's compatibility layer with every program.
 *
 * @module
 */

/** Gives the stem of a word. */
export type Stem = (word: string) => string;

interface Snowball {
  newStemmer(algorithm: string): { stem(word: string): string };
}

/** Snowball's algorithms by the language codes of ArangoDB's manual; further languages there have none here. */
const ALGORITHMS: Readonly<Record<string, string>> = {
  ar: "arabic",
  ca: "catalan",
  da: "danish",
  de: "german",
  en: "english",
  es: "spanish",
  eu: "basque",
  fi: "finnish",
  fr: "french",
  ga: "irish",
  hu: "hungarian",
  hy: "armenian",
  it: "italian",
  nl: "dutch",
  no: "norwegian",
  pt: "portuguese",
  ro: "romanian",
  ru: "russian",
  sv: "swedish",
  ta: "tamil",
  tr: "turkish",
};

/** Languages that ArangoDB stems and the library does not. */
const MISSING: ReadonlySet<string> = new Set(["el", "hi", "id", "lt", "ne", "sr", "yi"]);

let snowball: Snowball | undefined;

/** Whether ArangoDB has a stemmer for a language, and denosh has not. */
export function lacksStemmer(language: string): boolean {
  return MISSING.has(language);
}

/** The stemmer of a language, by its code; undefined if there is none, and words stay as they are. */
export function stemmer(language: string): Stem | undefined {
  const algorithm = ALGORITHMS[language];
  if (algorithm === undefined) return undefined;
  snowball ??= globalThis.process.getBuiltinModule("node:module").createRequire(import.meta.url)(
    "snowball-stemmers",
  ) as Snowball;
  const found = snowball.newStemmer(algorithm);
  return (word) => found.stem(word);
}

/** Never called: lets `deno compile` and `deno cache` see which package {@linkcode stemmer} loads. */
export async function nameLibrary(): Promise<void> {
  await import("snowball-stemmers");
}

/**
 * The words of a text, as fulltext indexes hold them.
 *
 * Source: ArangoDB's documentation of fulltext indexes.
 *
 * @module
 */

/** The longest word that is told apart from others with the same beginning, in characters. */
const LONGEST_WORD = 40;

/** Cuts texts at the borders of words; made when first needed. */
let segmenter: Intl.Segmenter | undefined;

/** A word as it is compared: lower case, in normal form, cut. */
export function normalWord(word: string): string {
  return [...word.normalize("NFC").toLowerCase()].slice(0, LONGEST_WORD).join("");
}

/**
 * The different words of a value: of a text, of the texts in an array, or of those that are values of an object.
 *
 * @param minLength the characters of the shortest word
 */
export function wordsOf(value: unknown, minLength: number): Set<string> {
  const texts = typeof value === "string"
    ? [value]
    : value !== null && typeof value === "object"
    ? Object.values(value)
    : [];
  const words = new Set<string>();
  for (const text of texts) {
    if (typeof text !== "string") continue;
    segmenter ??= new Intl.Segmenter("en", { granularity: "word" });
    for (const { segment, isWordLike } of segmenter.segment(text)) {
      if (!isWordLike) continue;
      const word = normalWord(segment);
      if ([...word].length >= minLength) words.add(word);
    }
  }
  return words;
}

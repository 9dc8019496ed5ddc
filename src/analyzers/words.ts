/**
 * Texts taken apart: words, n-grams, delimited fields.
 *
 * Source: the manual's page "Transforming data with Analyzers" and the recorded examples `analyzer*`.
 *
 * @module
 */

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });

/** Scripts that are written without spaces, where annex 29 without dictionaries sees a word in each character. */
const UNSPACED = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u;
const ENDS_WITH_LETTER = /\p{L}\p{M}*$/u;
const STARTS_WITH_LETTER = /^\p{L}/u;

interface Segment {
  text: string;
  isWord: boolean;
}

/** A segment that ends or starts with a letter of a script with spaces. */
function hasLetter(segment: Segment | undefined, where: RegExp): boolean {
  return segment !== undefined && segment.isWord && where.test(segment.text) && !UNSPACED.test(segment.text);
}

/**
 * The segments of a text by Unicode's annex 29 and the dictionaries of ICU. V8 has taken `.` and `:` out of the characters that
 * join letters (rules WB6 and WB7), ArangoDB has not: `example.org` is one word.
 */
function wordSegments(text: string, locale: string | undefined): Segment[] {
  const found = Array.from(
    new Intl.Segmenter(locale, { granularity: "word" }).segment(text),
    ({ segment, isWordLike }): Segment => ({ text: segment, isWord: isWordLike === true }),
  );
  const joined: Segment[] = [];
  for (let i = 0; i < found.length; i++) {
    const last = joined.at(-1);
    const next = found[i + 1];
    const joint = found[i]!.text;
    if ((joint === "." || joint === ":") && hasLetter(last, ENDS_WITH_LETTER) && hasLetter(next, STARTS_WITH_LETTER)) {
      last!.text += joint + next!.text;
      i++;
    } else joined.push(found[i]!);
  }
  return joined;
}

/** The words of a text, and nothing of what lies between. */
export function words(text: string, locale: string | undefined): string[] {
  return wordSegments(text, locale).filter(({ isWord }) => isWord).map((one) => one.text);
}

/** The segments of a text as annex 29 alone tells them, what lies between the words included. */
export function segments(text: string): string[] {
  const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });
  return wordSegments(text, undefined).flatMap((one) =>
    UNSPACED.test(one.text) ? Array.from(graphemes.segment(one.text), ({ segment }) => segment) : [one.text]
  );
}

/** Letters without their marks: `ä` becomes `a`. */
export function withoutAccents(text: string): string {
  return text.normalize("NFD").replace(/\p{Mn}+/gu, "").normalize("NFC");
}

/** What the units of n-grams are. */
export type NgramUnits = "binary" | "utf8";

/** How n-grams are cut. */
export interface NgramOptions {
  readonly min: number;
  readonly max: number;
  readonly preserveOriginal: boolean;
  readonly startMarker: string;
  readonly endMarker: string;
  readonly streamType: NgramUnits;
}

/** The units of a text, and how some of them are put together again. */
function unitsOf(text: string, type: NgramUnits): { readonly count: number; slice(from: number, to: number): string } {
  if (type === "utf8") {
    const characters = [...text];
    return { count: characters.length, slice: (from, to) => characters.slice(from, to).join("") };
  }
  const bytes = encoder.encode(text);
  return { count: bytes.length, slice: (from, to) => decoder.decode(bytes.subarray(from, to)) };
}

/**
 * The n-grams of a text, by where they start and how long they are. Those at the start and at the end have markers; the
 * whole text has either marker in turn.
 *
 * @throws TypeError where bytes cut a character in two
 */
export function ngrams(text: string, options: NgramOptions): string[] {
  const { min, max, preserveOriginal, startMarker, endMarker } = options;
  const { count, slice } = unitsOf(text, options.streamType);
  const whole = (): string[] => {
    if (startMarker === "" && endMarker === "") return [text];
    return [...(startMarker === "" ? [] : [startMarker + text]), ...(endMarker === "" ? [] : [text + endMarker])];
  };
  const found: string[] = [];
  for (let from = 0; from < count; from++) {
    for (let length = min; length <= max && from + length <= count; length++) {
      if (length === count) {
        if (!preserveOriginal) found.push(...whole());
      } else if (from === 0) found.push(startMarker + slice(0, length));
      else found.push(slice(from, from + length) + (from + length === count ? endMarker : ""));
    }
    if (from === 0 && preserveOriginal) found.push(...whole());
  }
  return found;
}

/** What edge n-grams are made of. */
export interface EdgeNgramOptions {
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  readonly preserveOriginal?: boolean | undefined;
}

/** The n-grams at the start of a word. */
export function edgeNgrams(
  word: string,
  { min = 1, max = Infinity, preserveOriginal = false }: EdgeNgramOptions,
): string[] {
  const characters = [...word];
  const found: string[] = [];
  const longest = Math.min(max, characters.length);
  for (let length = Math.max(min, 1); length <= longest; length++) found.push(characters.slice(0, length).join(""));
  const isThere = longest === characters.length && longest >= min;
  if (preserveOriginal && !isThere) found.push(word);
  return found;
}

/** What stands for the borders of a text among the n-grams of wildcard searches. */
const BORDER = "\uFFFD";

/** The n-grams that wildcard searches look for: with both borders, and shorter ones towards the end. */
export function wildcardNgrams(text: string, size: number): string[] {
  const characters = [BORDER, ...text, BORDER];
  return characters.slice(0, -1).map((_, from) => characters.slice(from, from + size).join(""));
}

/**
 * The fields between delimiters, where `"…"` holds a delimiter and `""` a quotation mark.
 *
 * Source: RFC 4180, but for line ends, which have no meaning here.
 */
export function delimitedFields(text: string, delimiter: string): string[] {
  if (delimiter === "") return [...text];
  const fields: string[] = [];
  for (let at = 0;;) {
    const quoted = text[at] === '"' ? /^"((?:[^"]|"")*)"/.exec(text.slice(at)) : null;
    const behind = at + (quoted?.[0].length ?? 0);
    if (quoted && (behind === text.length || text.startsWith(delimiter, behind))) {
      fields.push(quoted[1]!.replaceAll('""', '"'));
      if (behind === text.length) return fields;
      at = behind + delimiter.length;
      continue;
    }
    const end = text.indexOf(delimiter, at);
    if (end === -1) return [...fields, text.slice(at)];
    fields.push(text.slice(at, end));
    at = end + delimiter.length;
  }
}

/** The parts between any of some delimiters, none of them empty. */
export function splitAtAny(text: string, delimiters: readonly string[]): string[] {
  const alternatives = delimiters.filter((one) => one !== "").map((one) => one.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  const parts = alternatives.length === 0 ? [text] : text.split(new RegExp(alternatives.join("|")));
  return parts.filter((part) => part !== "");
}

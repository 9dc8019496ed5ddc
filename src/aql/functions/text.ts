/**
 * Strings as AQL sees them: code points, and text that is the same in another Unicode form.
 *
 * @module
 */

const encoder = new TextEncoder();

/** The UTF-8 bytes of a text. */
export function utf8(text: string): Uint8Array<ArrayBuffer> {
  return encoder.encode(text);
}

/** Whether a text has ASCII characters only. */
export function isAscii(text: string): boolean {
  // deno-lint-ignore no-control-regex -- the range is the definition of ASCII
  return /^[\x00-\x7f]*$/.test(text);
}

/** The number of code points. */
export function codePointCount(text: string): number {
  let count = text.length;
  for (let i = 0; i < text.length - 1; i++) {
    if ((text.charCodeAt(i) & 0xfc00) === 0xd800 && (text.charCodeAt(i + 1) & 0xfc00) === 0xdc00) {
      count--;
      i++;
    }
  }
  return count;
}

/** A piece of a text, in UTF-16 units. */
export interface Occurrence {
  readonly index: number;
  readonly length: number;
}

/** Where a text occurs first from `from` on. */
export type Finder = (from: number) => Occurrence | undefined;

/**
 * Finds where `search` occurs in `text`; canonically equivalent text counts, as in ArangoDB's searches.
 *
 * @param search not empty
 */
export function finderOf(text: string, search: string): Finder {
  if (!isAscii(text) || !isAscii(search)) {
    const wanted = search.normalize("NFD");
    return (from) => findEquivalent(text, wanted, from);
  }
  return (from) => {
    const index = text.indexOf(search, from);
    return index < 0 ? undefined : { index, length: search.length };
  };
}

/** @param wanted what to find, in NFD */
function findEquivalent(text: string, wanted: string, from: number): Occurrence | undefined {
  const first = wanted.codePointAt(0);
  for (let index = from; index < text.length; index++) {
    if (text.charAt(index).normalize("NFD").codePointAt(0) !== first && text.codePointAt(index) !== first) continue;
    const length = equivalentPrefix(text, index, wanted);
    if (length > 0) return { index, length };
  }
  return undefined;
}

/**
 * The occurrences from the start of the text on that lie between `from` and `end`. Each search goes on behind the
 * occurrence before it, as in ArangoDB: `aa` occurs once in `aaa`.
 */
export function* occurrences(text: string, search: string, from: number, end: number): Generator<Occurrence> {
  const find = finderOf(text, search);
  for (let at = find(0); at !== undefined; at = find(at.index + at.length)) {
    if (at.index + at.length > end) return;
    if (at.index >= from) yield at;
  }
}

/** How many units of `text` at `index` are equivalent to `wanted` (in NFD) and end at a character's end; 0 for none. */
function equivalentPrefix(text: string, index: number, wanted: string): number {
  for (let end = index + 1; end <= text.length; end++) {
    const piece = text.slice(index, end).normalize("NFD");
    if (piece === wanted) return /^\p{M}/u.test(text.slice(end, end + 2)) ? 0 : end - index;
    if (piece.length >= wanted.length && !wanted.startsWith(piece.slice(0, 1))) return 0;
    if (piece.length > wanted.length) return 0;
  }
  return 0;
}

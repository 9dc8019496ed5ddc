/**
 * Ranges of an index that have to do with strings, piece by piece: see `engine_text_order.ts`.
 *
 * @module
 */
import { afterPrefix, decodeIndexKey, encodeIndexKey } from "../engine/index_key.ts";
import type { CollectionFile } from "../storage/collection_file.ts";
import type { IndexBytes, IndexPosition } from "../storage/index_entries.ts";
import type { DocumentCursor, IndexBound, IndexRange } from "./data_source.ts";
import { isBehind, type Piece, TEXT, TextWalk } from "./engine_text_order.ts";
import { compareStrings } from "./value_order.ts";
import { type AqlValue, attributeOf, parseJson } from "./values.ts";

/** Reads an index. */
export interface EntryReader<T> {
  /** All entries of a range, as they come. */
  range(bytes: IndexBytes): DocumentCursor<T>;
  /** Some entries, in the order in which they are given. */
  entries(positions: readonly IndexPosition[]): T[];
}

/** So many sorted entries are read at once. */
const PAGE = 1000;

/** What lies in a range of an index. */
export function rangeCursor<T>(
  file: CollectionFile,
  id: bigint,
  range: IndexRange,
  reader: EntryReader<T>,
): DocumentCursor<T> {
  const { lower, upper, textOrder, descending = false } = range;
  const isPlain = textOrder === undefined && typeof lower?.value !== "string" && typeof upper?.value !== "string";
  return isPlain ? reader.range({ ...entriesOf(range), descending }) : new PieceCursor(file, id, range, reader);
}

class PieceCursor<T> implements DocumentCursor<T> {
  readonly #file: CollectionFile;
  readonly #id: bigint;
  readonly #range: IndexRange;
  readonly #reader: EntryReader<T>;
  readonly #pieces: Iterator<Piece>;
  /** How many bytes of an entry come before its next field. */
  readonly #prefix: number;
  /** What is left of the piece: entries that are sorted, or a range that is read. */
  #sorted: IndexPosition[] = [];
  #cursor: DocumentCursor<T> | undefined;

  constructor(file: CollectionFile, id: bigint, range: IndexRange, reader: EntryReader<T>) {
    this.#file = file;
    this.#id = id;
    this.#range = range;
    this.#reader = reader;
    this.#pieces = piecesOf(file, id, range);
    this.#prefix = encodeIndexKey(range.values).length;
  }

  next(max: number): T[] {
    do {
      if (this.#sorted.length > 0) return this.#reader.entries(this.#sorted.splice(0, Math.min(max, PAGE)));
      const page = this.#cursor?.next(max);
      if (page && page.length > 0) return page;
      this.#cursor = undefined;
    } while (this.#begin());
    return [];
  }

  skip(count: number): number {
    let passed = 0;
    do {
      passed += this.#sorted.splice(0, count - passed).length;
      if (this.#cursor) passed += this.#cursor.skip!(count - passed);
    } while (passed < count && this.#begin());
    return passed;
  }

  /** Begins with the next piece, if there is one. */
  #begin(): boolean {
    const { done, value: piece } = this.#pieces.next();
    if (done) return false;
    const [range] = piece.ranges;
    if (piece.isMixed) this.#sorted = this.#sort(piece.ranges);
    else this.#cursor = this.#reader.range(range!);
    return true;
  }

  #sort(ranges: readonly IndexBytes[]): IndexPosition[] {
    const entries = ranges.flatMap((range) => this.#file.indexEntries(this.#id, range, undefined, -1));
    const found = entries.map((entry) => ({ entry, text: this.#textOf(entry) }));
    const sign = this.#range.descending ? -1 : 1;
    // equal strings stay in the order of the index
    return found.sort((a, b) => compareStrings(a.text, b.text) * sign).map(({ entry }) => entry);
  }

  #textOf({ key, rev }: IndexPosition): string {
    const known = decodeIndexKey(key.subarray(this.#prefix), 1);
    if (known) return known[0] as string;
    // what an entry does not tell is in the document
    let value: AqlValue = parseJson(this.#file.byRevision(BigInt.asUintN(64, rev))!.text);
    for (const name of this.#range.textOrder!.split(".")) value = attributeOf(value, name);
    return value as string;
  }
}

/** What comes before the strings of a range, the strings, and what comes behind them. */
function* piecesOf(file: CollectionFile, id: bigint, range: IndexRange): Generator<Piece, undefined> {
  const { values, lower, upper, textOrder, descending = false } = range;
  const prefix = encodeIndexKey(values);
  const texts = Uint8Array.of(...prefix, TEXT);
  const behind = Uint8Array.of(...prefix, TEXT + 1);
  const { from, to } = entriesOf(range);
  const plain = (start: Uint8Array, end: Uint8Array): Piece[] =>
    isBehind(start, end) ? [] : [{ ranges: [{ from: start, to: end, descending }], isMixed: false }];
  const before = plain(from, isBehind(to, texts) ? texts : to);
  const after = plain(isBehind(from, behind) ? from : behind, to);
  yield* descending ? after : before;
  if (!isBehind(from, behind) && !isBehind(texts, to)) {
    const walk = new TextWalk(file, id, texts, { lower, upper, descending, inOrder: textOrder !== undefined });
    for (let piece = walk.next(); piece; piece = walk.next()) {
      if (piece.isMixed) yield piece;
      else for (const one of piece.ranges) yield { ranges: [one], isMixed: false };
    }
  }
  yield* descending ? before : after;
}

/** Where the entries of a range lie; between bounds that are strings, arrays or objects all of their type. */
export function entriesOf({ values, lower, upper }: IndexRange): { from: Uint8Array; to: Uint8Array } {
  const prefix = encodeIndexKey(values);
  const all = { from: prefix, to: afterPrefix(prefix) };
  return {
    from: lower ? borderOf(prefix, lower, !lower.inclusive, false) : all.from,
    to: upper ? borderOf(prefix, upper, upper.inclusive, true) : all.to,
  };
}

/** The border at a bound: before or behind its value; of strings, arrays and objects before or behind all of their type. */
function borderOf(prefix: Uint8Array, { value }: IndexBound, behind: boolean, isUpper: boolean): Uint8Array {
  const entry = encodeIndexKey([value]);
  const simple = value === null || typeof value === "boolean" || typeof value === "number" || typeof value === "bigint";
  const shown = simple ? entry : entry.subarray(0, 1);
  const border = new Uint8Array(prefix.length + shown.length);
  border.set(prefix);
  border.set(shown, prefix.length);
  return (simple ? behind : isUpper) ? afterPrefix(border) : border;
}

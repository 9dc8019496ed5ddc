/**
 * The strings of an index in AQL's order.
 *
 * Index entries have strings in the order of their bytes, AQL in that of a language: there `a` comes before `B`, and `-` before
 * `0`. Both agree on what follows a common beginning, so the entries are walked like a tree whose branches are the characters
 * of the strings, in AQL's order of these: as soon as few strings are left in a branch they are sorted. What lies beyond a
 * bound is not walked at all. Where a branch has characters outside of ASCII, which may come anywhere in it, it is sorted as
 * a whole.
 *
 * @module
 */
import { afterPrefix } from "../engine/index_key.ts";
import type { CollectionFile } from "../storage/collection_file.ts";
import type { IndexBytes } from "../storage/index_entries.ts";
import type { IndexBound } from "./data_source.ts";
import { asciiWeight } from "./value_order.ts";

/** Up to so many entries are sorted at once. */
const FEW = 1000;

/** The byte of an entry that begins a string, and those that end one. */
export const TEXT = 5;
const END = 0;

/** Ranges of an index whose entries, together, come next. */
export interface Piece {
  readonly ranges: readonly IndexBytes[];
  /** Whether they have to be sorted by their strings. */
  readonly isMixed: boolean;
}

/** Which strings are wanted, and how. */
export interface TextWish {
  readonly lower?: IndexBound | undefined;
  readonly upper?: IndexBound | undefined;
  readonly descending: boolean;
  /** Whether they are wanted in AQL's order; else only the bounds matter. */
  readonly inOrder: boolean;
}

/** Strings with the same beginning but for the case of its letters; `isWhole`: those that have nothing more. */
interface Branch {
  readonly stems: readonly Uint8Array[];
  readonly isWhole: boolean;
}

/** Walks the strings that entries with a common beginning have next. */
export class TextWalk {
  readonly #file: Pick<CollectionFile, "firstEntry" | "passEntries">;
  readonly #id: bigint;
  readonly #wish: TextWish;
  /** How many bytes of a stem come before its characters. */
  readonly #start: number;
  readonly #lower: string | undefined;
  readonly #upper: string | undefined;
  /** Branches that are still to be walked, the next one last. */
  readonly #left: Branch[];

  /** @param prefix the beginning of the entries, up to {@linkcode TEXT} */
  constructor(
    file: Pick<CollectionFile, "firstEntry" | "passEntries">,
    id: bigint,
    prefix: Uint8Array,
    wish: TextWish,
  ) {
    this.#file = file;
    this.#id = id;
    this.#wish = wish;
    this.#start = prefix.length;
    this.#lower = textOf(wish.lower);
    this.#upper = textOf(wish.upper);
    this.#left = [{ stems: [prefix], isWhole: false }];
  }

  /** The next ranges; undefined at the end. */
  next(): Piece | undefined {
    for (let branch = this.#left.pop(); branch; branch = this.#left.pop()) {
      const lower = this.#side(branch, this.#lower);
      const upper = this.#side(branch, this.#upper);
      if (lower === "below" || upper === "above") continue;
      const isInside = (this.#lower === undefined || lower === "above") &&
        (this.#upper === undefined || upper === "below");
      const children = branch.isWhole || (isInside && !this.#wish.inOrder) || this.#isSmall(branch)
        ? undefined
        : this.#childrenOf(branch);
      if (!children) return { ranges: this.#rangesOf(branch), isMixed: this.#wish.inOrder };
      // the next one is taken from the end
      this.#left.push(...(this.#wish.descending ? children : children.reverse()));
    }
    return undefined;
  }

  /** Where all strings of a branch lie beside a bound; undefined if that is different, or not known. */
  #side({ stems: [stem] }: Branch, bound: string | undefined): "below" | "above" | undefined {
    if (bound === undefined) return undefined;
    const length = stem!.length - this.#start;
    for (let i = 0; i < length; i++) {
      if (i === bound.length) return "above";
      const weight = asciiWeight(bound.charCodeAt(i));
      if (weight === 0) return undefined;
      const difference = asciiWeight(stem![this.#start + i]!) - weight;
      if (difference !== 0) return difference < 0 ? "below" : "above";
    }
    return undefined;
  }

  #isSmall({ stems }: Branch): boolean {
    let left = FEW;
    for (const stem of stems) {
      const { passed, last } = this.#file.passEntries(this.#id, this.#rangeOf(stem, false), undefined, left);
      if (last) return false;
      left -= passed;
    }
    return true;
  }

  /** The branches of a branch in ascending order; undefined if there are characters whose place is not known. */
  #childrenOf({ stems }: Branch): Branch[] | undefined {
    const byWeight = new Map<number, Uint8Array[]>();
    for (const stem of stems) {
      const characters = this.#charactersBehind(stem);
      if (!characters) return undefined;
      for (const one of characters) {
        const weight = asciiWeight(one);
        const others = byWeight.get(weight);
        if (others) others.push(joined(stem, one));
        else byWeight.set(weight, [joined(stem, one)]);
      }
    }
    const weights = [...byWeight.keys()].sort((a, b) => a - b);
    return [
      { stems, isWhole: true },
      ...weights.map((weight) => ({ stems: byWeight.get(weight)!, isWhole: false })),
    ];
  }

  /** The characters that follow the beginning of a string, ascending; undefined if others than printable ASCII do. */
  #charactersBehind(stem: Uint8Array): number[] | undefined {
    const found: number[] = [];
    const end = afterPrefix(stem);
    let from = stem;
    for (;;) {
      const entry = this.#file.firstEntry(this.#id, from);
      if (!entry || isBehind(entry.key, end)) return found;
      const byte = entry.key[stem.length]!;
      if (byte === END) {
        if (entry.key[stem.length + 1] !== END) return undefined;
        from = joined(stem, END, END + 1);
        continue;
      }
      if (asciiWeight(byte) === 0) return undefined;
      found.push(byte);
      from = joined(stem, byte + 1);
    }
  }

  #rangesOf({ stems, isWhole }: Branch): IndexBytes[] {
    return stems.map((stem) => this.#rangeOf(stem, isWhole));
  }

  #rangeOf(stem: Uint8Array, isWhole: boolean): IndexBytes {
    const { descending } = this.#wish;
    if (!isWhole) return { from: stem, to: afterPrefix(stem), descending };
    return { from: joined(stem, END, END), to: joined(stem, END, END + 1), descending };
  }
}

function textOf(bound: IndexBound | undefined): string | undefined {
  return typeof bound?.value === "string" ? bound.value : undefined;
}

function joined(bytes: Uint8Array, ...more: number[]): Uint8Array {
  const all = new Uint8Array(bytes.length + more.length);
  all.set(bytes);
  all.set(more, bytes.length);
  return all;
}

/** Whether bytes come at or behind others. */
export function isBehind(bytes: Uint8Array, border: Uint8Array): boolean {
  const length = Math.min(bytes.length, border.length);
  for (let i = 0; i < length; i++) {
    if (bytes[i] !== border[i]) return bytes[i]! > border[i]!;
  }
  return bytes.length >= border.length;
}

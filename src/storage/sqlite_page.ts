/**
 * Pages of SQLite's file format: the b-trees of tables, and the numbers in them.
 *
 * Source: "Database File Format", sqlite.org/fileformat2.html: §1.3 header, §1.6 b-tree pages, §2.1 records.
 *
 * @module
 */
import { COLLECTION_PAGE_SIZE as PAGE } from "./collection_tables.ts";

/** The page at 1 GiB is SQLite's for locks and never holds data. */
export const LOCK_PAGE: number = 0x4000_0000 / PAGE + 1;
/** The kind of a leaf page of a table. */
export const LEAF = 0x0d;
const INTERIOR = 0x05;
/** The largest payload that a leaf keeps to itself. */
export const MAX_LOCAL: number = PAGE - 35;
/** The smallest part of a larger payload that a leaf keeps. */
export const MIN_LOCAL: number = Math.floor((PAGE - 12) * 32 / 255) - 23;
/** Bytes of a row id of 2^56 or more. */
export const ROW_ID_LENGTH = 9;
/** An interior page's cell: child page and row id; and the pointer to it. */
const INTERIOR_CELL = 2 + 4 + ROW_ID_LENGTH;
/** How many children an interior page can have. */
export const FAN_OUT: number = Math.floor((PAGE - 12) / INTERIOR_CELL);

/** A page of a b-tree, and the last row id in it. */
export interface Child {
  readonly page: number;
  /** The row id's halves. */
  readonly high: number;
  readonly low: number;
}

/** The page above some others. */
export function interiorPage(children: readonly Child[]): Uint8Array {
  const page = new Uint8Array(PAGE);
  const view = new DataView(page.buffer);
  let content = PAGE;
  for (let i = 0; i < children.length - 1; i++) {
    const { page: child, high, low } = children[i]!;
    content -= 4 + ROW_ID_LENGTH;
    view.setUint32(content, child);
    writeRowId(page, content + 4, high, low);
    view.setUint16(12 + 2 * i, content);
  }
  view.setUint8(0, INTERIOR);
  view.setUint16(3, children.length - 1);
  view.setUint16(5, content);
  view.setUint32(8, children.at(-1)!.page);
  return page;
}

/** Copies a few bytes, which a loop does sooner than `set()`; gives where the copy ends. */
export function copyShort(from: Uint8Array, start: number, end: number, to: Uint8Array, at: number): number {
  for (let i = start; i < end; i++) to[at++] = from[i]!;
  return at;
}

/** How many bytes a number below 2^35 takes as a varint. */
export function varintLength(value: number): number {
  return value < 0x80 ? 1 : value < 0x4000 ? 2 : value < 0x20_0000 ? 3 : value < 0x1000_0000 ? 4 : 5;
}

/** Writes a number as a varint; gives where it ends. */
export function writeVarint(to: Uint8Array, at: number, value: number): number {
  const length = varintLength(value);
  for (let i = length - 1; i >= 0; i--) {
    to[at + i] = (value % 128) | (i === length - 1 ? 0 : 0x80);
    value = Math.floor(value / 128);
  }
  return at + length;
}

/** Writes a row id of 2^56 or more, which takes nine bytes: seven bits each of the upper 56, then the lowest eight. */
export function writeRowId(to: Uint8Array, at: number, high: number, low: number): number {
  to[at + 8] = low & 0xff;
  let rest = (low >>> 8) | (high << 24);
  for (let i = 7; i >= 4; i--) {
    to[at + i] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  rest |= high >>> 8 << 4;
  for (let i = 3; i >= 0; i--) {
    to[at + i] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  return at + ROW_ID_LENGTH;
}

/** Reads a varint, and where it ends. */
export function readVarint(from: Uint8Array, at: number): { value: bigint; next: number } {
  let value = 0n;
  for (let i = 0; i < 9; i++) {
    const byte = from[at + i]!;
    if (i === 8) return { value: (value << 8n) | BigInt(byte), next: at + 9 };
    value = (value << 7n) | BigInt(byte & 0x7f);
    if (byte < 0x80) return { value, next: at + i + 1 };
  }
  return { value, next: at + 9 };
}

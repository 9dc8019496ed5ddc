/**
 * A collection file written page by page, without SQLite's insert path, from documents that come in ascending order of
 * revision, as dumps do.
 *
 * SQLite makes the file with its tables, this module appends the leaf pages of the document table and links them, and SQLite
 * builds the indexes. Three times faster than inserting (`storage-measurements.md`), and what a process that died has written
 * can be taken up again, since complete leaf pages stand on their own.
 *
 * @module
 */
import { closeSync, existsSync, fsyncSync, openSync, statSync } from "node:fs";
import { hashRevision } from "../base/hash.ts";
import { leafOf, leafWidth, RevisionTree } from "../base/revision_tree.ts";
import { CollectionFile } from "./collection_file.ts";
import { COLLECTION_PAGE_SIZE as PAGE, collectionIndexes, collectionTables } from "./collection_tables.ts";
import { PageOutput } from "./page_output.ts";
import { SqliteFile } from "./sqlite.ts";
import {
  type Child,
  copyShort,
  FAN_OUT,
  interiorPage,
  LEAF,
  LOCK_PAGE,
  MAX_LOCAL,
  MIN_LOCAL,
  readVarint,
  ROW_ID_LENGTH,
  varintLength,
  writeRowId,
  writeVarint,
} from "./sqlite_page.ts";

/** Mebibytes of cache while SQLite builds indexes: each of its threads sorts as much at once, and more makes it no faster. */
const INDEX_CACHE = 4;
/** The upper half of 2^56. */
const LEAST_HIGH = 0x0100_0000;
/** Where the parts of a document lie in a byte array. */
export interface DocumentBytes {
  bytes: Uint8Array;
  /** The revision's halves. */
  revHigh: number;
  revLow: number;
  keyStart: number;
  keyEnd: number;
  textStart: number;
  textEnd: number;
  /** Edges only. */
  fromStart: number;
  fromEnd: number;
  toStart: number;
  toEnd: number;
}

/** A collection file under construction. */
export class BulkFile {
  /** Where the file lies. */
  readonly path: string;
  readonly #edge: boolean;
  readonly #output: PageOutput;
  readonly #root: number;
  /** Leaf pages that are full: their numbers and the last row id of each. */
  readonly #leaves: Child[] = [];
  #page: Uint8Array = new Uint8Array(PAGE);
  #cells = 0;
  #contentStart = PAGE;
  #lastHigh = -1;
  #lastLow = 0;
  #count = 0;
  #bytes = 0;
  readonly #tree = new RevisionTree();
  readonly #hash = { high: 0, low: 0 };
  /** What the tree's current leaf gains; its end is exclusive. */
  readonly #leafSum = { index: 0, endHigh: 0, endLow: 0, count: 0, hashHigh: 0, hashLow: 0 };

  private constructor(path: string, edge: boolean, root: number, nextPage: number) {
    this.path = path;
    this.#edge = edge;
    this.#root = root;
    this.#output = new PageOutput(path, nextPage);
  }

  /** Starts a new file. */
  static create(path: string, edge: boolean): BulkFile {
    const file = new SqliteFile(path, { journal: "truncate", pageSize: PAGE });
    let root: number;
    let pages: number;
    try {
      file.exec(`BEGIN; ${collectionTables(edge)} COMMIT`);
      root = file.sql("SELECT rootpage FROM sqlite_schema WHERE name = 'doc'").get()![0] as number;
      pages = file.sql("PRAGMA page_count").get()![0] as number;
    } finally {
      file[Symbol.dispose]();
    }
    return new BulkFile(path, edge, root, pages + 1);
  }

  /**
   * Takes up a file that a process has left unfinished: the complete leaf pages count, the rest is written again.
   */
  static resume(path: string, edge: boolean): BulkFile {
    const size = statSync(path).size;
    const file = new SqliteFile(path, { journal: "truncate" });
    const root = file.sql("SELECT rootpage FROM sqlite_schema WHERE name = 'doc'").get()![0] as number;
    // not the size in the file's header: a process that died while it built the index has set that already
    const last = file.sql("SELECT max(rootpage) FROM sqlite_schema").get()![0] as number;
    file[Symbol.dispose]();
    const bulk = new BulkFile(path, edge, root, last + 1);
    bulk.#recover(Math.floor(size / PAGE));
    // its process may have linked the pages already
    bulk.#finishPage();
    bulk.#output.write(bulk.#page, (root - 1) * PAGE);
    bulk.#page.fill(0);
    return bulk;
  }

  /** Whether a file is one that {@linkcode BulkFile.resume} can take up: its tables are there, its key index is not. */
  static isUnfinished(path: string): boolean {
    if (!existsSync(path)) return false;
    const file = new SqliteFile(path, { journal: "keep" });
    try {
      const names = file.sql("SELECT name FROM sqlite_schema").all().map(([name]) => name);
      return names.includes("state") && !names.includes("doc_key");
    } finally {
      file[Symbol.dispose]();
    }
  }

  /** Reads back the leaf pages of an unfinished file. */
  #recover(pages: number): void {
    const page = new Uint8Array(PAGE);
    const view = new DataView(page.buffer);
    let complete = this.#output.end - 1;
    for (let number = this.#output.end; number <= pages; number++) {
      if (number === LOCK_PAGE) continue;
      this.#output.read(number, page);
      if (page[0] !== LEAF) continue;
      const cells = view.getUint16(3);
      for (let cell = 0; cell < cells; cell++) {
        const at = view.getUint16(8 + 2 * cell);
        const payload = readVarint(page, at);
        const rowId = readVarint(page, payload.next);
        this.#lastHigh = Number(rowId.value >> 32n);
        this.#lastLow = Number(rowId.value & 0xffffffffn);
        this.#countRevision(this.#lastHigh, this.#lastLow);
        this.#bytes += Number(payload.value);
      }
      this.#leaves.push({ page: number, high: this.#lastHigh, low: this.#lastLow });
      complete = number;
    }
    // overflow pages after the last complete leaf belong to a document whose leaf was never written
    this.#output.continueAt(complete + 1);
  }

  /** How many documents have been taken. */
  get count(): number {
    return this.#count;
  }

  /** How many bytes they have. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The revision tree of what has been taken. */
  tree(): RevisionTree {
    const sum = this.#leafSum;
    if (sum.count > 0) {
      const hash = (BigInt(sum.hashHigh >>> 0) << 32n) | BigInt(sum.hashLow >>> 0);
      this.#tree.add(sum.index, sum.count, hash);
      sum.count = sum.hashHigh = sum.hashLow = 0;
    }
    return this.#tree;
  }

  /** The last revision that has been taken; undefined for none. */
  lastRevision(): bigint | undefined {
    return this.#lastHigh < 0 ? undefined : (BigInt(this.#lastHigh) << 32n) | BigInt(this.#lastLow);
  }

  /**
   * Adds a document.
   *
   * @returns false, and nothing happened, if its revision does not come after the one before, or is no
   *   revision of a clock: below 2^56 or from 2^63 on
   */
  append(document: DocumentBytes): boolean {
    const { revHigh, revLow } = document;
    if (revHigh < this.#lastHigh || (revHigh === this.#lastHigh && revLow <= this.#lastLow)) return false;
    if (revHigh < LEAST_HIGH || revHigh >= 0x8000_0000) return false;
    const keyLength = document.keyEnd - document.keyStart;
    const textLength = document.textEnd - document.textStart;
    const fromLength = document.fromEnd - document.fromStart;
    const toLength = document.toEnd - document.toStart;
    const keyType = 13 + 2 * keyLength;
    const textType = 13 + 2 * textLength;
    let header = 2 + varintLength(keyType) + varintLength(textType);
    let body = keyLength + textLength;
    if (this.#edge) {
      header += varintLength(13 + 2 * fromLength) + varintLength(13 + 2 * toLength);
      body += fromLength + toLength;
    }
    const payload = header + body;
    if (payload > MAX_LOCAL) {
      this.#appendLarge(document, header, payload);
    } else {
      const size = varintLength(payload) + ROW_ID_LENGTH + payload;
      if (8 + 2 * (this.#cells + 1) + size > this.#contentStart) this.#flushPage();
      const page = this.#page;
      this.#contentStart -= size;
      let at = this.#contentStart;
      this.#pointTo(at);
      at = writeVarint(page, at, payload);
      at = writeRowId(page, at, revHigh, revLow);
      this.#writeRecord(page, at, header, document);
    }
    this.#lastHigh = revHigh;
    this.#lastLow = revLow;
    this.#bytes += textLength;
    this.#countRevision(revHigh, revLow);
    return true;
  }

  #writeRecord(target: Uint8Array, at: number, header: number, document: DocumentBytes): number {
    const { bytes, keyStart, keyEnd, textStart, textEnd, fromStart, fromEnd, toStart, toEnd } = document;
    target[at++] = header;
    // the revision is the row id, so its column is NULL
    target[at++] = 0;
    at = writeVarint(target, at, 13 + 2 * (keyEnd - keyStart));
    if (this.#edge) {
      at = writeVarint(target, at, 13 + 2 * (fromEnd - fromStart));
      at = writeVarint(target, at, 13 + 2 * (toEnd - toStart));
    }
    at = writeVarint(target, at, 13 + 2 * (textEnd - textStart));
    at = copyShort(bytes, keyStart, keyEnd, target, at);
    if (this.#edge) {
      at = copyShort(bytes, fromStart, fromEnd, target, at);
      at = copyShort(bytes, toStart, toEnd, target, at);
    }
    target.set(bytes.subarray(textStart, textEnd), at);
    return at + textEnd - textStart;
  }

  /** A document that spills over to pages of its own. */
  #appendLarge(document: DocumentBytes, header: number, payload: number): void {
    const record = new Uint8Array(payload);
    this.#writeRecord(record, 0, header, document);
    const spread = MIN_LOCAL + (payload - MIN_LOCAL) % (PAGE - 4);
    const local = spread <= MAX_LOCAL ? spread : MIN_LOCAL;
    const size = varintLength(payload) + ROW_ID_LENGTH + local + 4;
    if (8 + 2 * (this.#cells + 1) + size > this.#contentStart) this.#flushPage();
    const overflow = new Uint8Array(PAGE);
    const view = new DataView(overflow.buffer);
    let first = 0;
    for (let from = local; from < payload; from += PAGE - 4) {
      const number = this.#output.allocate();
      if (first === 0) first = number;
      const last = from + PAGE - 4 >= payload;
      overflow.fill(0);
      overflow.set(record.subarray(from, Math.min(payload, from + PAGE - 4)), 4);
      view.setUint32(0, last ? 0 : this.#output.next);
      this.#output.emit(number, overflow);
    }
    this.#contentStart -= size;
    let at = this.#contentStart;
    this.#pointTo(at);
    at = writeVarint(this.#page, at, payload);
    at = writeRowId(this.#page, at, document.revHigh, document.revLow);
    this.#page.set(record.subarray(0, local), at);
    new DataView(this.#page.buffer).setUint32(at + local, first);
  }

  #pointTo(at: number): void {
    const pointer = 8 + 2 * this.#cells++;
    this.#page[pointer] = at >>> 8;
    this.#page[pointer + 1] = at & 0xff;
  }

  #countRevision(high: number, low: number): void {
    this.#count++;
    hashRevision(high, low, this.#hash);
    const sum = this.#leafSum;
    if (high > sum.endHigh || (high === sum.endHigh && low >= sum.endLow)) this.#nextLeaf(high, low);
    sum.count++;
    sum.hashHigh ^= this.#hash.high;
    sum.hashLow ^= this.#hash.low;
  }

  /** Brings the sum of the current leaf into the tree and starts with the leaf of the next revision. */
  #nextLeaf(high: number, low: number): void {
    const tree = this.tree();
    const revision = (BigInt(high) << 32n) | BigInt(low);
    tree.growTo(revision);
    const sum = this.#leafSum;
    sum.index = leafOf(tree.range, revision);
    const end = tree.range.min + BigInt(sum.index + 1) * leafWidth(tree.range);
    sum.endHigh = Number(end >> 32n);
    sum.endLow = Number(end & 0xffffffffn);
  }

  #flushPage(): void {
    const number = this.#output.allocate();
    this.#finishPage();
    this.#output.emit(number, this.#page);
    this.#leaves.push({ page: number, high: this.#lastHigh, low: this.#lastLow });
    this.#page.fill(0);
    this.#cells = 0;
    this.#contentStart = PAGE;
  }

  #finishPage(): void {
    const view = new DataView(this.#page.buffer);
    view.setUint8(0, LEAF);
    view.setUint16(3, this.#cells);
    view.setUint16(5, this.#contentStart);
  }

  /** Writes out everything that is complete, so that {@linkcode BulkFile.resume} finds it. */
  checkpoint(): void {
    if (this.#cells > 0) this.#flushPage();
    this.#output.checkpoint();
  }

  /**
   * Links the pages, lets SQLite build the indexes and writes the revision tree.
   *
   * @param applied the tick that the file stands for
   * @returns the complete file, open for this process alone and without regard for crashes; or the key that two documents share
   */
  finish(applied: bigint): CollectionFile | { readonly duplicate: string } {
    const count = this.#count;
    const tree = this.tree();
    this.checkpoint();
    this.#link();
    this.close();
    const file = CollectionFile.open(this.path, this.#edge, { readOnly: false, cacheMiB: INDEX_CACHE, private: true });
    let complete = false;
    try {
      const duplicate = this.#buildIndexes(file);
      if (duplicate !== undefined) return { duplicate };
      file.file.transaction(() => {
        file.setLeaves(tree.leaves);
        file.setState({ applied, count, range: tree.range, lastRemoval: 0n });
      });
      complete = true;
      return file;
    } finally {
      if (!complete) file[Symbol.dispose]();
    }
  }

  #buildIndexes(file: CollectionFile): string | undefined {
    try {
      file.file.exec(`PRAGMA threads = 2; ${collectionIndexes(this.#edge)}`);
      return undefined;
    } catch (error) {
      const row = file.file.sql("SELECT key FROM doc GROUP BY key HAVING count(*) > 1 LIMIT 1").get();
      if (!row) throw error;
      return row[0] as string;
    }
  }

  /** Writes interior pages over the leaves, the topmost into the table's root page, and the file's size. */
  #link(): void {
    let level = this.#leaves;
    if (level.length === 1) {
      // a single leaf is the root itself; its former page stays unused, which a vacuum would find
      this.#copyToRoot(level[0]!.page);
    } else if (level.length > 1) {
      while (level.length > FAN_OUT) {
        const upper: typeof level = [];
        // pages of equal size, so that none is left with a single child
        const groups = Math.ceil(level.length / FAN_OUT);
        const size = Math.ceil(level.length / groups);
        for (let from = 0; from < level.length; from += size) {
          const children = level.slice(from, from + size);
          const page = this.#output.allocate();
          this.#output.emit(page, interiorPage(children));
          upper.push({ ...children.at(-1)!, page });
        }
        level = upper;
      }
      this.#output.flush();
      this.#output.write(interiorPage(level), (this.#root - 1) * PAGE);
    }
    const size = new Uint8Array(4);
    new DataView(size.buffer).setUint32(0, this.#output.end - 1);
    this.#output.write(size, 28);
  }

  #copyToRoot(page: number): void {
    const content = new Uint8Array(PAGE);
    this.#output.read(page, content);
    this.#output.write(content, (this.#root - 1) * PAGE);
    // nothing may stand behind the last page: the leaf was the last one, unless its document overflows
    if (page === this.#output.end - 1) this.#output.continueAt(page);
  }

  /** Closes the file as it is. */
  close(): void {
    this.#output.close();
  }
}

/** Waits until a file is on the disk. */
export function syncFile(path: string): void {
  const descriptor = openSync(path, "r+");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

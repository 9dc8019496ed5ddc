/**
 * Cursors over the results of queries.
 *
 * @module
 */

import type { Loose, ModuleScope } from "./scope.ts";

/** The module `@arangodb/arango-query-cursor`. Source: arangosh.md 2.9, 5.7. */
export function arangoQueryCursor({ exports, require, global }: ModuleScope): void {
  const { enumerable } = require("denosh/errors");
  const { checkRequestResult, helpBlock } = require("@arangodb/arangosh");
  const printing = require("denosh/printer");

  /** Rows per print. */
  const PAGE = 10;
  /** Attempts for a batch of a query with `allowRetry`. */
  const ATTEMPTS = 3;
  /** Errors that another attempt cannot mend. */
  const FINAL_ERRORS = [1500, 1600, 1601];

  class ArangoQueryCursor {
    [name: string]: Loose;

    constructor(database: Loose, data: Loose, stream?: Loose, retriable?: Loose) {
      const values: Loose = {
        _database: database,
        _dbName: database._name(),
        data,
        _pos: 0,
        _printPos: null,
        _total: data.count,
        _extra: data.extra ?? {},
        _cached: data.cached === true,
        _stream: stream === true,
        _retriable: retriable === true,
      };
      for (const name of Object.keys(values)) {
        Object.defineProperty(this, name, { value: values[name], writable: true, configurable: true });
      }
    }

    hasNext(): boolean {
      return this._pos < this.data.result.length || this.data.hasMore === true;
    }
    next(): Loose {
      if (this._pos >= this.data.result.length && this.data.hasMore === true) fetchBatch(this);
      if (this._pos >= this.data.result.length) throw "No more results";
      const row = this.data.result[this._pos++];
      if (this._pos >= this.data.result.length && this.data.hasMore === true) fetchBatch(this);
      return row;
    }
    toArray(): Loose[] {
      let rows: Loose[] = [];
      for (;;) {
        const left = this._pos === 0 ? this.data.result : this.data.result.slice(this._pos);
        rows = rows.length === 0 ? left.slice() : rows.concat(left);
        this._pos = this.data.result.length;
        if (this.data.hasMore !== true) return rows;
        fetchBatch(this);
      }
    }
    *[Symbol.iterator](): Loose {
      while (this.hasNext()) yield this.next();
    }
    count(): Loose {
      return this._total;
    }
    getExtra(): Loose {
      return this._extra;
    }
    cached(): boolean {
      return this._cached;
    }
    stream(): boolean {
      return this._stream;
    }
    retriable(): boolean {
      return this._retriable;
    }
    dispose(): void {
      if (this.data.id === undefined || this.data.hasMore !== true) return;
      const url = `/_db/${encodeURIComponent(this._dbName)}/_api/cursor/${encodeURIComponent(this.data.id)}`;
      checkRequestResult(this._database._connection.DELETE(url, ""));
      this.data = { ...this.data, result: [], hasMore: false };
      delete this.data.id;
      this._pos = 0;
    }

    toString(): string {
      const rows: Loose[] = [];
      // printing has a position of its own, so that a result that was looked at can still be read
      let position = Math.max(this._printPos ?? 0, this._pos);
      while (rows.length < PAGE) {
        if (position < this.data.result.length) rows.push(this.data.result[position++]);
        else if (this.data.hasMore === true) {
          fetchBatch(this);
          position = 0;
        } else break;
      }
      const hasMore = position < this.data.result.length || this.data.hasMore === true;
      this._printPos = hasMore ? position : null;
      const head = `${headline(this, hasMore)}\n\n`;
      const captured = printing.isCaptureMode();
      if (!captured) printing.output(head);
      if (rows.length > 0) printing.print(rows);
      if (hasMore) {
        printing.output("\ntype 'more' to show more documents\n");
        global.more = this;
      }
      if (captured) printing.output(head);
      printing.output("\n");
      return "";
    }
    _help(): void {
      printing.print(HELP);
    }
  }
  enumerable(ArangoQueryCursor);

  /** Reads the next batch into the cursor. */
  function fetchBatch(cursor: Loose): void {
    const { id, nextBatchId } = cursor.data;
    const base = `/_db/${encodeURIComponent(cursor._dbName)}/_api/cursor/${encodeURIComponent(id)}`;
    const url = nextBatchId === undefined ? base : `${base}/${encodeURIComponent(nextBatchId)}`;
    const attempts = cursor._retriable ? ATTEMPTS : 1;
    for (let attempt = 1;; attempt++) {
      try {
        cursor.data = checkRequestResult(cursor._database._connection.POST(url, ""));
        break;
      } catch (error) {
        if (attempt >= attempts || FINAL_ERRORS.includes((error as Loose).errorNum)) throw error;
      }
    }
    if (cursor.data.extra !== undefined) cursor._extra = cursor.data.extra;
    cursor._pos = 0;
  }

  function headline(cursor: Loose, hasMore: boolean): string {
    const { data } = cursor;
    let text = "[object ArangoQueryCursor";
    if (data.id !== undefined) text += ` ${data.id}`;
    if (data.planCacheKey !== undefined) text += `, plan cache key: "${data.planCacheKey}"`;
    text += cursor._stream ? ", stream: true" : `, count: ${data.result.length}`;
    text += `, results cached: ${cursor._cached ? "true" : "false"}, hasMore: ${hasMore ? "true" : "false"}`;
    let former: Loose;
    const warnings = [];
    for (const { code, message } of cursor._extra.warnings ?? []) {
      if (code !== former) warnings.push(`"${code} ${message}"`);
      former = code;
    }
    if (warnings.length > 0) text += `, warning(s): ${warnings.join(", ")}`;
    return `${text}]`;
  }

  const HELP = helpBlock("ArangoQueryCursor help", [
    ["hasNext()", "whether there are more results"],
    ["next()", "the next result"],
    ["toArray()", "all remaining results"],
    ["count()", "the number of results, if it was asked for"],
    ["getExtra()", "warnings, statistics and profile"],
    ["dispose()", "frees what the server holds"],
  ]);

  exports.ArangoQueryCursor = ArangoQueryCursor;
}

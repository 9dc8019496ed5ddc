/**
 * Files whose rows become documents of a collection.
 *
 * @module
 */

import type { Loose, ModuleScope } from "./scope.ts";

/** The module `denosh/import-files`: `arango.importCsv` and `arango.importJson`. Source: arangosh.md 4. */
export function importFiles({ exports, require, host }: ModuleScope): void {
  const { usage } = require("denosh/errors");
  const { checkRequestResult } = require("@arangodb/arangosh");
  const { processCsvFile, processJsonFile } = require("denosh/internal/data-files");

  /** Rows that are sent with one request. */
  const ROWS = 1000;

  function check(call: string, file: Loose, collection: Loose): void {
    if (typeof file !== "string" || collection === undefined) throw usage(call);
  }

  function insertRows(connection: Loose, collection: Loose, rows: Loose[]): Loose {
    const counts = { lines: rows.length, created: 0, errors: 0, updated: 0, ignored: 0 };
    const url = `/_api/document/${encodeURIComponent(String(collection))}?silent=false`;
    for (let start = 0; start < rows.length; start += ROWS) {
      const results = checkRequestResult(connection.POST(url, rows.slice(start, start + ROWS)));
      for (const result of results) {
        if (result.error === true) counts.errors++;
        else counts.created++;
      }
    }
    return counts;
  }

  /** Imports a file whose first line has the names of the attributes. */
  exports.importCsv = function importCsv(connection: Loose, file: Loose, collection: Loose, options: Loose): Loose {
    check("importCsv(<filename>, <collection>[, <options>])", file, collection);
    let head: string[] | undefined;
    const rows: Loose[] = [];
    processCsvFile(file, (row: Loose) => {
      if (head === undefined) head = row;
      else rows.push(Object.fromEntries(head.map((name, index) => [name, row[index]])));
    }, options);
    return insertRows(connection, collection, rows);
  };

  /** Imports a file of one document in each line, or of one array. */
  exports.importJson = function importJson(connection: Loose, file: Loose, collection: Loose): Loose {
    check("importJson(<filename>, <collection>)", file, collection);
    const text = host.readText(file);
    if (text.trimStart().startsWith("[")) return insertRows(connection, collection, JSON.parse(text));
    const rows: Loose[] = [];
    processJsonFile(file, (row: Loose) => rows.push(row));
    return insertRows(connection, collection, rows);
  };
}

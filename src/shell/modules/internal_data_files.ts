/**
 * Files of rows: CSV, and JSON a line.
 *
 * @module
 */

import type { Loose, ModuleScope } from "./scope.ts";

/** The module `denosh/internal/data-files`, a part of `internal`. Source: arangosh.md 3.4. */
export function internalDataFiles({ exports, host, require }: ModuleScope): void {
  const { usage } = require("denosh/errors");

  exports.processCsvFile = function processCsvFile(file: Loose, visit: Loose, options: Loose = {}): void {
    if (typeof file !== "string" || typeof visit !== "function") {
      throw usage("processCsvFile(<filename>, <callback>, <options>)");
    }
    const { separator = ",", quote = '"' } = options;
    const text = host.readText(file);
    let row: string[] = [];
    let field = "";
    let quoted = false;
    let index = 0;
    for (let at = 0; at < text.length; at++) {
      const character = text[at]!;
      if (quoted) {
        if (character === quote && text[at + 1] === quote) field += text[++at];
        else if (character === quote) quoted = false;
        else field += character;
      } else if (character === quote && field === "") quoted = true;
      else if (character === separator) {
        row.push(field);
        field = "";
      } else if (character === "\n" || character === "\r") {
        if (character === "\r" && text[at + 1] === "\n") at++;
        row.push(field);
        field = "";
        visit(row, index++);
        row = [];
      } else field += character;
    }
    if (field !== "" || row.length > 0) visit([...row, field], index);
  };
  exports.processJsonFile = function processJsonFile(file: Loose, visit: Loose): void {
    if (typeof file !== "string" || typeof visit !== "function") {
      throw usage("processJsonFile(<filename>, <callback>)");
    }
    let index = 0;
    for (const line of host.readText(file).split("\n")) {
      if (line.trim() !== "") visit(JSON.parse(line), index++);
    }
  };
}

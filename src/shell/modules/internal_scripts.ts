/**
 * Running and checking the texts of scripts.
 *
 * @module
 */

import type { Loose, ModuleScope } from "./scope.ts";

/** The module `denosh/internal/scripts`, a part of `internal`. Source: arangosh.md 3.4. */
export function internalScripts({ exports, require, host }: ModuleScope): void {
  const { enterFile } = require("denosh/core");
  const { make, usage } = require("denosh/errors");

  const FORBIDDEN = 11;

  /** The text of a script, without its first line if that names an interpreter. */
  function readScript(path: string): string {
    try {
      return host.readText(path).replace(/^\uFEFF?(#![^\n]*)?/, "");
    } catch (error) {
      const { errorNum, errorMessage } = error as Loose;
      throw errorNum === FORBIDDEN ? error : make(errorNum, `cannot read file: ${errorMessage}`);
    }
  }

  /** Runs a file in the global scope with its own `__filename` and `__dirname`. */
  function load(file: Loose): Loose {
    if (typeof file !== "string") throw usage("load(<filename>)");
    const path = host.absolutePath(file);
    const text = readScript(path);
    const leave = enterFile(path);
    try {
      return host.compile(text, path);
    } finally {
      leave();
    }
  }
  Object.assign(exports, {
    load,
    executeScript(code: Loose, sandbox?: Loose, filename = "(script)") {
      if (code === undefined) throw usage("executeScript(<script>, <sandbox>, <filename>)");
      if (sandbox !== undefined && sandbox !== null) {
        const keys = Object.keys(sandbox);
        return new Function(...keys, `return eval(${JSON.stringify(String(code))})`)(
          ...keys.map((key) => sandbox[key]),
        );
      }
      return host.compile(String(code), filename);
    },
    parse(code: Loose) {
      if (code === undefined) throw usage("parse(<script>)");
      host.checkSyntax(String(code), "(parse)");
      return true;
    },
    parseFile(file: Loose) {
      if (file === undefined) throw usage("parseFile(<filename>)");
      host.checkSyntax(host.readText(String(file)).replace(/^#![^\n]*/, ""), String(file));
      return true;
    },
  });
}

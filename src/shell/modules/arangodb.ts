/**
 * The module that scripts require most.
 *
 * @module
 */

import type { Loose, ModuleScope } from "./scope.ts";

/** The module `@arangodb`. Source: arangosh.md 3.7. */
export function arangodb({ exports, require, host }: ModuleScope): void {
  const { lazily } = require("denosh/core");
  const { ArangoError, errors, make } = require("denosh/errors");
  const { isValidDocumentKey } = require("denosh/names");
  const printing = require("denosh/printer");

  for (const [name, { code }] of Object.entries(errors as Record<string, { code: number }>)) exports[name] = code;

  const CLASSES: Record<string, string> = {
    ArangoCollection: "@arangodb/arango-collection",
    ArangoConnection: "denosh/connection",
    ArangoDatabase: "@arangodb/arango-database",
    ArangoQueryCursor: "@arangodb/arango-query-cursor",
    ArangoStatement: "@arangodb/arango-statement",
    ArangoView: "@arangodb/arango-view",
  };
  for (const [name, module] of Object.entries(CLASSES)) lazily(exports, name, () => require(module)[name]);
  lazily(exports, "arango", () => require("denosh/connection").arango);
  lazily(
    exports,
    "db",
    () => new (require("@arangodb/arango-database").ArangoDatabase)(require("denosh/connection").arango),
  );

  /** Text that the template tag inserts as it is. */
  class Literal {
    #text: string;
    constructor(text: Loose) {
      this.#text = String(text);
    }
    toAQL(): string {
      return this.#text;
    }
  }

  function aql(strings: Loose, ...args: Loose[]): Loose {
    const names: string[] = [];
    const values: Loose[] = [];
    const bindVars: Loose = {};
    let query = strings[0];
    const fragments = [...strings];
    const inserted = [...args];
    for (let index = 0; index < inserted.length; index++) {
      const value = inserted[index];
      const next = fragments[index + 1];
      if (value === undefined) {
        query += next;
        continue;
      }
      if (value !== null && typeof value === "object") {
        if (typeof value._source === "function" && typeof value.query === "string") {
          // the parts of the inner query take its place
          const inner = value._source();
          if (inner.args.length > 0) {
            inserted.splice(index, 1, ...inner.args);
            const parts = [...inner.fragments];
            const before = parts.shift();
            const after = parts.pop();
            query += before;
            fragments.splice(index + 1, 1, ...parts, after + next);
            index--;
          } else query += inner.fragments[0] + next;
          continue;
        }
        if (typeof value.toAQL === "function") {
          query += value.toAQL() + next;
          continue;
        }
      }
      const isSource = value?.isArangoCollection || value?.isArangoView;
      let position = values.indexOf(value);
      if (position < 0) {
        position = values.push(value) - 1;
        const name = `value${position}`;
        names.push(isSource ? `@${name}` : name);
        bindVars[names[position]!] = isSource ? value.name() : value;
      }
      query += `@${names[position]}${next}`;
    }
    return {
      query,
      bindVars,
      _source() {
        return { fragments: [...strings], args };
      },
    };
  }
  aql.literal = function (value: Loose): Loose {
    return typeof value?.toAQL === "function" ? value : new Literal(value);
  };
  aql.join = function (values: Loose[], separator = " "): Loose {
    if (values.length === 0) return aql([""]);
    const fragments = ["", ...Array(values.length - 1).fill(separator), ""];
    return aql(fragments, ...values);
  };

  exports.query = function query(strings: Loose, ...args: Loose[]): Loose {
    if (!Array.isArray(strings)) {
      const options = strings ?? {};
      return (parts: Loose, ...values: Loose[]) => exports.db._query(aql(parts, ...values), options);
    }
    return exports.db._query(aql(strings, ...args));
  };

  exports.printTable = function printTable(list: Loose[], columns?: Loose, options: Loose = {}): void {
    if (list.length === 0) {
      printing.print(options.emptyString ?? "no document(s)");
      return;
    }
    const names: string[] = Array.isArray(columns)
      ? columns
      : columns && typeof columns === "object"
      ? Object.keys(columns)
      : Object.keys(list[0]);
    const fixed: Record<string, number> = columns && !Array.isArray(columns) ? columns : {};
    const textOf = (value: Loose) => {
      if (value === undefined) return "";
      return options.prettyStrings && typeof value === "string" ? value : JSON.stringify(value) ?? "";
    };
    const titles = names.map((name) => options.rename?.[name] ?? name);
    const rows = list.map((row) => names.map((name) => textOf(row[name])));
    const widths = names.map((name, index) => {
      const widest = Math.max(titles[index]!.length, ...rows.map((row) => row[index]!.length));
      return fixed[name] ?? Math.min(100, widest);
    });
    const cell = (text: string, index: number) => text.slice(0, widths[index]).padEnd(widths[index]!);
    const line = (cells: string[]) => {
      const padded = cells.map(cell);
      return options.framed ? `| ${padded.join(" | ")} |` : padded.join("   ");
    };
    const divider = options.framed
      ? `+-${widths.map((width) => "-".repeat(width)).join("-+-")}-+`
      : widths.map((width) => "-".repeat(width)).join("   ");
    const total = options.totalString ?? "%s document(s)";
    const lines = [line(titles), divider, ...rows.map(line), divider];
    if (options.framed) lines.unshift(divider);
    if (!options.hideTotal) lines.push(printing.sprintf(total, String(list.length)));
    for (const text of lines) printing.print(text);
  };

  exports.stringPadding = function stringPadding(text: Loose, length: number, pad = " ", right = "r"): string {
    return right === "l" || right === "L" ? String(text).padStart(length, pad) : String(text).padEnd(length, pad);
  };

  exports.normalizeURL = function normalizeURL(path: string): string {
    if (path === "") return "./";
    if (path === "/") return path;
    const lead = path[0] === "/" ? "/" : "./";
    const kept: string[] = [];
    for (const part of path.split("/")) {
      if (part === "" || part === ".") continue;
      if (part === ".." && kept.length > 0 && kept[kept.length - 1] !== "..") kept.pop();
      else if (part !== ".." || lead !== "/") kept.push(part);
    }
    return lead + kept.join("/");
  };

  exports.checkParameter = function checkParameter(usage: string, descriptions: Loose[], values: Loose[]): void {
    descriptions.forEach(([name, type], index) => {
      const value = values[index];
      const isRight = type === "collection" || type === "identifier" || type === "collection-identifier"
        ? typeof value === "string" || typeof value === "number" || value?.isArangoCollection
        : String(typeof value) === type;
      if (!isRight) {
        throw make(10, `${usage}: missing or invalid '${name}'${value === undefined ? "" : `: ${String(value)}`}`);
      }
    });
  };
  exports.throwFileNotFound = function throwFileNotFound(message: string): never {
    throw make(14, `file not found: ${message}`);
  };
  exports.throwBadParameter = function throwBadParameter(message: string): never {
    throw make(10, `bad parameter: ${message}`);
  };

  exports.plainServerVersion = function plainServerVersion(): string {
    const version = exports.db._version();
    const devel = /^(\d+\.\d+)\.devel/.exec(version);
    return devel ? `${devel[1]}.0` : version.replace(/^(\d+\.\d+\.\d+).*$/, "$1");
  };

  Object.assign(exports, {
    ArangoError,
    errors,
    aql,
    isServer: false,
    isClient: true,
    isValidDocumentKey,
    time: () => host.time(),
    inspect: printing.inspect,
    output: printing.output,
    print: printing.print,
    printf: printing.printf,
    sprintf: printing.sprintf,
    printObject: printing.printObject,
    checkAvailableVersions() {},
    enterpriseLicenseVisibility() {},
    defineModule(path: string, file: string) {
      const content = host.readText(file);
      const modules = exports.db._collection("_modules") ?? exports.db._create("_modules", { isSystem: true });
      const known = modules.firstExample({ path });
      if (known === null) modules.insert({ path, content });
      else modules.update(known, { content });
    },
  });
}

/**
 * Modules of small helpers: types, class extension, a heap, text.
 *
 * @module
 */

import type { Loose, ModuleScope } from "./scope.ts";

/** The module `@arangodb/is`. Source: arangosh.md 3.8. */
export function is({ exports }: ModuleScope): void {
  const tag = (value: Loose) => Object.prototype.toString.call(value).slice(8, -1).toLowerCase();
  for (const type of ["object", "array", "boolean", "date", "function", "number", "string", "regexp"]) {
    exports[type] = (value: Loose) => tag(value) === type;
    exports[`no${type[0]!.toUpperCase()}${type.slice(1)}`] = (value: Loose) => tag(value) !== type;
  }
  exports.existy = (value: Loose) => value !== null && value !== undefined;
  exports.notExisty = (value: Loose) => !exports.existy(value);
  exports.truthy = (value: Loose) => value !== false && exports.existy(value);
  exports.falsy = (value: Loose) => !exports.truthy(value);
}

/** The module `@arangodb/extend`. Source: arangosh.md 3.8. */
export function extend({ exports }: ModuleScope): void {
  exports.extend = function extend(this: Loose, members: Loose, statics?: Loose): Loose {
    // deno-lint-ignore no-this-alias -- the class that is extended is what the function is called on
    const parent = this;
    const child: Loose = Object.hasOwn(members ?? {}, "constructor")
      ? members.constructor
      : function (this: Loose, ...args: Loose[]) {
        return parent.apply(this, args);
      };
    Object.assign(child, parent, statics);
    child.prototype = Object.assign(Object.create(parent.prototype), members, { constructor: child });
    child.__super__ = parent.prototype;
    return child;
  };
}

/** The module `@arangodb/heap`. Source: arangosh.md 3.8. */
export function heap({ exports }: ModuleScope): void {
  class BinaryHeap {
    values: Loose[] = [];
    #score: (value: Loose) => number;
    constructor(score: (value: Loose) => number) {
      this.#score = score;
    }
    push(value: Loose): void {
      this.values.push(value);
      this.#rise(this.values.length - 1);
    }
    pop(): Loose {
      const [first] = this.values;
      const last = this.values.pop();
      if (this.values.length > 0) {
        this.values[0] = last;
        this.#sink(0);
      }
      return first;
    }
    remove(value: Loose): void {
      const at = this.values.indexOf(value);
      if (at < 0) throw new Error("Node not found.");
      const last = this.values.pop();
      if (at === this.values.length) return;
      this.values[at] = last;
      this.#rise(at);
      this.#sink(at);
    }
    size(): number {
      return this.values.length;
    }
    rescoreElement(value: Loose): void {
      this.#rise(this.values.indexOf(value));
    }
    #rise(start: number): void {
      for (let at = start; at > 0;) {
        const up = (at - 1) >> 1;
        if (this.#score(this.values[at]) >= this.#score(this.values[up])) return;
        [this.values[at], this.values[up]] = [this.values[up], this.values[at]];
        at = up;
      }
    }
    #sink(start: number): void {
      for (let at = start;;) {
        let least = at;
        for (const child of [2 * at + 1, 2 * at + 2]) {
          if (child < this.values.length && this.#score(this.values[child]) < this.#score(this.values[least])) {
            least = child;
          }
        }
        if (least === at) return;
        [this.values[at], this.values[least]] = [this.values[least], this.values[at]];
        at = least;
      }
    }
  }
  exports.BinaryHeap = BinaryHeap;
}

/** The module `@arangodb/util`. Source: arangosh.md 3.8. */
export function arangodbUtil({ exports }: ModuleScope): void {
  const indentation = (line: string) => /^[ \t]*/.exec(line)![0].length;
  function lines(strings: Loose, values: Loose[]): string[] {
    const text = typeof strings === "string"
      ? strings
      : strings.reduce((all: string, part: string, index: number) => all + String(values[index - 1]) + part);
    return text.split("\n");
  }
  function dedent(strings: Loose, ...values: Loose[]): string {
    const all = lines(strings, values);
    const filled = all.filter((line) => line.trim() !== "");
    const least = Math.min(...filled.map(indentation));
    return all.map((line) => line.slice(Math.min(least, indentation(line)))).join("\n").trim();
  }
  const escapeXml = (text: string) =>
    text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
  /** XML of `[tag, attributes?, ...children]`. */
  function jsonml2xml(element: Loose): string {
    if (!Array.isArray(element)) return escapeXml(String(element));
    const [tag, ...rest] = element;
    const hasAttributes = rest[0] !== null && typeof rest[0] === "object" && !Array.isArray(rest[0]);
    const attributes: [string, Loose][] = hasAttributes ? Object.entries(rest.shift()) : [];
    const head = `${tag}${attributes.map(([name, value]) => ` ${name}="${escapeXml(String(value))}"`).join("")}`;
    return rest.length === 0 ? `<${head}/>` : `<${head}>${rest.map(jsonml2xml).join("")}</${tag}>`;
  }
  Object.assign(exports, {
    jsonml2xml,
    union: (...sources: Loose[]) => Object.assign({}, ...sources),
    shallowCopy: (...sources: Loose[]) => Object.assign({}, ...sources),
    drain: (generator: Loose) => Array.from(generator),
    inline: (strings: Loose, ...values: Loose[]) =>
      lines(strings, values).map((line) => line.trim()).filter(Boolean).join(" "),
    dedent,
    redent: (width: number) => (strings: Loose, ...values: Loose[]) =>
      dedent(strings, ...values).split("\n").map((line: string) => " ".repeat(width) + line).join("\n"),
    indentation: (text: string) => Math.min(...text.split("\n").filter((line) => line.trim() !== "").map(indentation)),
    propertyKeys(value: Loose) {
      return Object.keys(value).filter((key) => !["_id", "_key", "_rev", "_from", "_to"].includes(key));
    },
    isZipBuffer: (bytes: Loose) =>
      bytes?.length > 4 && bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && bytes[3] === 4,
    codeFrame(source: string, line: number, column: number) {
      const all = source.split("\n");
      const start = Math.max(0, line - 3);
      return all.slice(start, line + 2).flatMap((text, index) => {
        const number = start + index + 1;
        const head = `${number === line ? ">" : " "} ${String(number).padStart(String(line + 2).length)} | `;
        return number === line ? [head + text, `${" ".repeat(head.length + column - 1)}^`] : [head + text];
      }).join("\n");
    },
  });
}

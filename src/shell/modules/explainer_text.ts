/**
 * Coloured words and tables of texts about execution plans.
 *
 * @module
 */

import type { Loose, ModuleScope } from "./scope.ts";

/** A column of a table; the numbers of a `right` one end below each other. */
export interface Column {
  readonly title: string;
  readonly cells: readonly string[];
  readonly right?: boolean;
}

/** The module `denosh/explainer/text`. Colours: arangosh.md 5.12. */
export function explainerText({ exports, require }: ModuleScope): void {
  const { COLORS } = require("denosh/printer");

  /** Colour of each kind of text; all empty while colours are off. */
  let palette: Record<string, string> = {};
  function usePalette(on: boolean): void {
    const named: Record<string, string> = {
      keyword: COLORS.COLOR_CYAN,
      annotation: COLORS.COLOR_BLUE,
      value: COLORS.COLOR_GREEN,
      variable: COLORS.COLOR_YELLOW,
      internal: COLORS.COLOR_MAGENTA,
      collection: COLORS.COLOR_RED,
      heading: COLORS.COLOR_MAGENTA,
      section: COLORS.COLOR_BOLD_BLUE,
    };
    palette = on ? named : {};
  }
  function paint(kind: string, text: Loose): string {
    const color = palette[kind];
    return color ? color + text + COLORS.COLOR_RESET : String(text);
  }
  const keyword = (text: Loose) => paint("keyword", text);
  const annotation = (text: Loose) => paint("annotation", text);
  const value = (text: Loose) => paint("value", text);
  const collectionName = (text: Loose) => paint("collection", text);
  const section = (text: Loose) => paint("section", text);
  function variable(node: Loose): string {
    const name = String(node?.name ?? "");
    return /^[0-9_]/.test(name) ? paint("internal", `#${name}`) : paint("variable", name);
  }
  const attribute = (name: Loose) => `\`${name}\``;
  // deno-lint-ignore no-control-regex -- escape sequences are what must not count
  const widthOf = (text: string) => text.replace(/\u001b\[[\d;]*m/g, "").length;
  const padEnd = (text: string, width: number) => text + " ".repeat(Math.max(0, width - widthOf(text)));
  const padStart = (text: string, width: number) => " ".repeat(Math.max(0, width - widthOf(text))) + text;

  /**
   * Lines of a table with one leading blank.
   *
   * @param padLast whether the cells of the last column are padded
   * @param gap what stands between columns
   */
  function table(columns: Column[], padLast = true, gap = "   "): string[] {
    const widths = columns.map(({ title, cells }) => Math.max(title.length, ...cells.map(widthOf)));
    const line = (pick: (column: Column) => string, isHead: boolean) =>
      " " + columns.map((column, at) => {
        const text = pick(column);
        if (!padLast && at === columns.length - 1) return text;
        return column.right && !isHead ? padStart(text, widths[at]!) : padEnd(text, widths[at]!);
      }).join(gap);
    const rows = columns[0]?.cells.length ?? 0;
    const lines = [line(({ title }) => paint("heading", title), true)];
    for (let row = 0; row < rows; row++) lines.push(line(({ cells }) => cells[row]!, false));
    return lines;
  }

  Object.assign(exports, {
    annotation,
    attribute,
    collectionName,
    keyword,
    padEnd,
    padStart,
    paint,
    section,
    table,
    usePalette,
    value,
    variable,
  });
}

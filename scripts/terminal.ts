/**
 * What the scripts of this folder say, and how numbers look in it.
 *
 * @module
 */

const encoder = new TextEncoder();

function writeAll(stream: typeof Deno.stdout, text: string): void {
  const bytes = encoder.encode(text);
  for (let at = 0; at < bytes.length;) at += stream.writeSync(bytes.subarray(at));
}

/** Writes to standard output; a line end is not added. */
export function write(text: string): void {
  writeAll(Deno.stdout, text);
}

/** Writes a line to standard output. */
export function say(line = ""): void {
  write(`${line}\n`);
}

/** Whole numbers with commas between thousands. */
export function thousands(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}

/** Milliseconds as seconds, with as many digits as mean something. */
export function seconds(milliseconds: number): string {
  const value = milliseconds / 1000;
  return `${value.toFixed(value < 1 ? 3 : value < 10 ? 2 : 1)} s`;
}

/** Bytes as megabytes. */
export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(bytes < 1e7 ? 2 : 1)} MB`;
}

/**
 * Lays rows out in columns.
 *
 * @param rows the first one is the heading; columns whose name ends with `<` stand left, all others right
 * @returns Markdown
 */
export function table(rows: readonly (readonly string[])[]): string {
  const [heading = [], ...body] = rows;
  const left = heading.map((name) => name.endsWith("<"));
  const cells = [heading.map((name) => name.replace(/<$/, "")), ...body];
  const widths = heading.map((_, column) => Math.max(3, ...cells.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    `| ${
      widths.map((width, i) => left[i] ? (row[i] ?? "").padEnd(width) : (row[i] ?? "").padStart(width)).join(" | ")
    } |`;
  const rule = `| ${widths.map((width, i) => left[i] ? "-".repeat(width) : `${"-".repeat(width - 1)}:`).join(" | ")} |`;
  return [line(cells[0]!), rule, ...cells.slice(1).map(line)].join("\n");
}

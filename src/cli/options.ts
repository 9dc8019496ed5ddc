/**
 * Reads a command line and configuration files as arangosh does.
 *
 * Source: `arangosh.md` §1.2, §1.3.
 *
 * @module
 */
import { similarNames } from "../base/similar_names.ts";
import { configuredSettings } from "./configuration_file.ts";
import { isScriptName } from "./named_file.ts";
import { OptionError } from "./option_error.ts";
import { type OptionRow, OPTIONS, SHORT_OPTIONS } from "./option_table.ts";
import { FLAG_WORDS, initialValue, isTrue, numberOf, typedValue, valueProblem } from "./option_values.ts";

/** What a command line says. */
export class Options {
  readonly #values = new Map<string, string[]>();
  /** Arguments that are no options, in order. */
  readonly positional: string[] = [];
  /** Which help is asked for: `used`, `all` or a section; undefined for none. */
  help: string | undefined;

  /** Whether an option was given. */
  has(name: string): boolean {
    return this.#values.has(name);
  }

  /** Adds a value, as it was written. */
  add(name: string, value: string): void {
    this.#values.set(name, [...this.#values.get(name) ?? [], value]);
  }

  /** All values of an option. */
  list(name: string): string[] {
    return this.#values.get(name) ?? [];
  }

  /** The last value of an option. */
  text(name: string): string | undefined {
    return this.list(name).at(-1);
  }

  /** A switch. */
  flag(name: string, otherwise: boolean): boolean {
    const value = this.text(name);
    return value === undefined ? otherwise : isTrue(value);
  }

  /** A number. */
  number(name: string, otherwise: number): number {
    const value = this.text(name);
    return value === undefined ? otherwise : numberOf(value);
  }

  /** Options and values for scripts, without secrets: those given, and the defaults of arangosh's. */
  public(): Record<string, unknown> {
    const shown: Record<string, unknown> = {};
    for (const row of OPTIONS.values()) {
      const { name } = row;
      if (SECRET.test(name) || row.command) continue;
      const given = this.#values.get(name);
      if (given !== undefined) shown[name] = typedValue(row, given);
      else if (row.own !== true) shown[name] = initialValue(row);
    }
    return shown;
  }
}

const SECRET = /password|secret|token/;

/** Values of `@NAME@` that nobody has to define. */
const BUILT_IN: Readonly<Record<string, () => string>> = {
  PID: () => String(Deno.pid),
  TEMP_BASE_DIR: () => Deno.env.get("TMPDIR") ?? "/tmp",
};

/**
 * Reads a command line, and the configuration file that it names.
 *
 * @param environment gives environment variables for `@NAME@`
 * @param defaultFiles configuration files to look for when none is named; the first one counts
 * @throws OptionError
 */
export function parseOptions(
  args: readonly string[],
  environment: (name: string) => string | undefined,
  defaultFiles: readonly string[] = [],
): Options {
  const given = parseArguments(args);
  const defines = new Map(
    given.list("define").map((text) => {
      const at = text.indexOf("=");
      return [at < 0 ? text : text.slice(0, at), at < 0 ? "" : text.slice(at + 1)] as const;
    }),
  );
  const substitute = (value: string): string =>
    value.replace(
      /@([A-Za-z0-9_]*)@/g,
      (_all, name: string) => name === "" ? "@" : environment(name) ?? defines.get(name) ?? (BUILT_IN[name]?.() ?? ""),
    );
  const options = new Options();
  options.positional.push(...given.positional);
  options.help = given.help;
  const file = given.text("configuration") ?? given.text("config");
  for (const [name, value] of configuredSettings(file === undefined ? undefined : substitute(file), defaultFiles)) {
    const row = rowOf(name);
    if (row.type === "string..." ? !(row.name === "server.endpoint" && given.has(row.name)) : !given.has(row.name)) {
      options.add(row.name, substitute(value));
    }
  }
  for (const name of OPTIONS.keys()) for (const value of given.list(name)) options.add(name, substitute(value));
  for (const [name, row] of OPTIONS) for (const value of options.list(name)) check(row, value);
  return options;
}

function parseArguments(args: readonly string[]): Options {
  const options = new Options();
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    if (arg === "--") {
      options.positional.push(...args.slice(i + 1));
      break;
    }
    const match = /^(?:--([^=]+)|-([A-Za-z]))(?:=([\s\S]*))?$/.exec(arg);
    if (!match) {
      options.positional.push(arg);
      continue;
    }
    const name = match[1] ?? SHORT_OPTIONS[match[2]!] ?? match[2]!;
    const help = helpOf(name);
    if (help !== undefined) {
      options.help = help;
      continue;
    }
    const row = rowOf(name, isScriptName(options.positional[0] ?? ""));
    let value = match[3];
    if (value === undefined && row.type === "boolean") value = FLAG_WORDS.has(args[i + 1] ?? "") ? args[++i]! : "true";
    else if (value === undefined) {
      if (i + 1 >= args.length) throw new OptionError(4, `no value specified for option '--${row.name}'`);
      value = args[++i]!;
    }
    options.add(row.name, value);
  }
  return options;
}

/** What `--help`, `--help-all` and `--help-SECTION` ask for. */
function helpOf(name: string): string | undefined {
  const section = /^help(?:-(.+))?$/.exec(name);
  if (!section) return undefined;
  const [, what = "used"] = section;
  if (what === "used") return what;
  if (["all", "hidden", "uncommon"].includes(what)) return "all";
  const isSection = what === "general" || [...OPTIONS.keys()].some((one) => one.startsWith(`${what}.`));
  return isSection ? what : undefined;
}

/**
 * The row of an option, also under its former name.
 *
 * @param isBehindScript whether it comes after the name of a script, whose argument it may have been meant to be
 */
function rowOf(name: string, isBehindScript = false): OptionRow {
  const row = OPTIONS.get(name) ??
    OPTIONS.get(name.replace(/whitelist$/, "allowlist").replace(/blacklist$/, "denylist"));
  if (row) return row;
  const similar = nearOptions(name).slice(0, 8);
  const hint = similar.length === 0
    ? ""
    : `\n\nDid you mean ${similar.length === 1 ? "this" : "one of these"}?\n${
      similar.map((one) => `  --${one.padEnd(40)} ${OPTIONS.get(one)!.meaning ?? "accepted, without effect"}`).join(
        "\n",
      )
    }`;
  const advice = isBehindScript ? "; arguments of the script that begin with a dash come after --" : "";
  throw new OptionError(3, `unknown option '--${name}'${hint}\n\nUse --help or --help-all to see the options${advice}`);
}

/** Options that somebody may have meant: misspelt ones first, then those of which the name is the beginning of a part. */
function nearOptions(name: string): string[] {
  const inParts = (text: string): string => `.${text.replaceAll("-", ".")}`;
  const parts = name.length < 3 ? [] : [...OPTIONS.keys()].filter((one) => inParts(one).includes(inParts(name)));
  return [...new Set([...similarNames(name, OPTIONS.keys()), ...parts])];
}

/** @throws OptionError for a value that the option cannot have */
function check(row: OptionRow, value: string): void {
  const problem = valueProblem(row, value);
  if (problem !== undefined) throw new OptionError(4, `error setting value for option '--${row.name}': ${problem}`);
}

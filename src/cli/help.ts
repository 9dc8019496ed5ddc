/**
 * The texts of `--help` and `--version`.
 *
 * @module
 */
import { SHELL_VERSION } from "../shell/shell_options.ts";
import { type OptionRow, OPTIONS } from "./option_table.ts";
import { initialValue } from "./option_values.ts";

/** denosh's own version. */
export const DENOSH_VERSION = "0.1.0";

/** One way to call the program. */
export interface CommandRow {
  /** The word after `denosh`; empty for the shell itself. */
  readonly name: string;
  /** What follows it. */
  readonly usage: string;
  readonly meaning: string;
}

/** All ways to call the program. */
export const COMMANDS: readonly CommandRow[] = [
  {
    name: "",
    usage: "[OPTIONS] [SCRIPT [ARGUMENT…]]",
    meaning: "run a script, or commands from standard input or a terminal",
  },
  {
    name: "serve",
    usage: "[OPTIONS] [DIRECTORY]",
    meaning: "put ArangoDB's HTTP API in front of a database directory",
  },
  { name: "sync", usage: "[OPTIONS] ENDPOINT COLLECTION…", meaning: "copy collections from the leader at ENDPOINT" },
  { name: "jobs", usage: "[OPTIONS]", meaning: "list the syncs of a database" },
  { name: "completion", usage: "bash|zsh|fish", meaning: "print the completion script of a shell" },
  { name: "man", usage: "", meaning: "print the manual page" },
];

/** The section of an option: what precedes the dot of its name. */
export function sectionOf(name: string): string {
  return name.includes(".") ? name.slice(0, name.indexOf(".")) : "general";
}

/** The sections that options have, sorted. */
export function sections(): string[] {
  return [...new Set([...OPTIONS.keys()].map(sectionOf))].sort();
}

/** What an option does, with what is to know about it. */
export function meaningOf({ meaning, own, initial, values }: OptionRow): string {
  const notes = [
    ...own ? ["denosh's own"] : [],
    ...values === undefined ? [] : [`possible values: ${values.join(", ")}`],
    ...initial === undefined ? [] : [`default: ${JSON.stringify(initial)}`],
  ];
  return `${meaning ?? "accepted, without effect"}${notes.length > 0 ? ` (${notes.join("; ")})` : ""}`;
}

/** An option with what stands for its value. */
export function signatureOf({ name, type }: OptionRow): string {
  return `--${name} <${type}>`;
}

/**
 * The help text.
 *
 * @param what `all` options, those that have an effect (`used`), or those of one section
 */
export function helpText(what: string): string {
  const rows = [...OPTIONS.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
    .filter(({ name, meaning }) =>
      what === "all" || (what === "used" ? meaning !== undefined : sectionOf(name) === what)
    );
  const names = sections().filter((section) => rows.some(({ name }) => sectionOf(name) === section));
  const options = names.map((section) => {
    const lines = rows.filter(({ name }) => sectionOf(name) === section)
      .map((row) => `  ${signatureOf(row).padEnd(46)} ${meaningOf(row)}`);
    return `Section '${section}':\n${lines.join("\n")}\n`;
  });
  const usage = COMMANDS.map(({ name, usage: rest, meaning }, index) =>
    `${index === 0 ? "Usage: " : "       "}${["denosh", name, rest].filter(Boolean).join(" ").padEnd(46)} ${meaning}`
  );
  const hint = what === "all"
    ? ""
    : `\nAll options, those of arangosh that are accepted without effect included: --help-all\nOne section: ${
      sections().map((section) => `--help-${section}`).join(" ")
    }\n`;
  return `${usage.join("\n")}\n\n${options.join("\n")}${hint}`;
}

/** What the program is made of, for `--version` and `--version-json`. */
export function versionDetails(): Record<string, string> {
  return {
    architecture: Deno.build.arch,
    "deno-version": Deno.version.deno,
    "denosh-version": DENOSH_VERSION,
    license: "Apache-2.0",
    platform: Deno.build.os,
    "server-version": SHELL_VERSION,
    "v8-version": Deno.version.v8,
    version: SHELL_VERSION,
  };
}

/** The text of `--version`. */
export function versionText(): string {
  const details = Object.entries(versionDetails()).filter(([key]) => key !== "version")
    .map(([key, value]) => `${key}: ${value}`).join("\n");
  return `${SHELL_VERSION}\n\ndenosh ${DENOSH_VERSION}, speaking ArangoDB ${SHELL_VERSION}\n\n${details}\n`;
}

/** The JSON of `--dump-options`: all options by name. */
export function optionDefinitions(): Record<string, unknown> {
  return Object.fromEntries(
    [...OPTIONS.values()].sort((a, b) => (a.name < b.name ? -1 : 1)).map((row) => [row.name, {
      section: row.name.includes(".") ? sectionOf(row.name) : "",
      description: row.meaning ?? "accepted, without effect",
      category: row.command ? "command" : "option",
      hidden: row.meaning === undefined,
      type: row.type,
      ...(row.command ? {} : { default: initialValue(row) }),
      ...(row.values === undefined ? {} : { values: `Possible values: ${row.values.join(", ")}` }),
      experimental: false,
      obsolete: false,
      enterpriseOnly: false,
      requiresValue: row.type !== "boolean",
    }]),
  );
}
